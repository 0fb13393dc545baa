using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Globalization;
using Aval.Storage;

namespace Aval.Cli;

/// <summary>The <c>aval</c> command: one file a command, collected here.</summary>
public static class Program
{
    /// <summary>Runs one command and answers with its documented exit code.</summary>
    public static int Main(string[] arguments)
    {
        FileModes.MakePrivateByDefault();
        // No locale may show in anything written.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.OutputEncoding = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return Run(new Terminal(Console.Out, Console.Error, TimeProvider.System), arguments);
    }

    /// <summary>Runs one command on a terminal: what the process does, and what the demo types.</summary>
    internal static int Run(Terminal terminal, string[] arguments)
    {
        terminal = new Terminal(HarmlessWriter.Over(terminal.Out), HarmlessWriter.Over(terminal.Error), terminal.Clock);
        if (PrivateKeys.Refusal(arguments) is { } secret)
        {
            terminal.Error.WriteLine(secret);
            return (int)ExitCode.Usage;
        }

        // A word that begins with @ is what it says, not the name of a file to read words from: handles and channels
        // begin so.
        var parsed = Commands(terminal).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                terminal.Error.WriteLine(error.Message);
            terminal.Error.WriteLine("Nothing was done. "
                + $"See: aval {Words(parsed.CommandResult)}--help");
            return (int)ExitCode.Usage;
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                Output = terminal.Out,
                Error = terminal.Error,
            });
        }
        catch (AvalException refused)
        {
            terminal.Error.WriteLine(refused.Message);
            return (int)refused.Exit;
        }
        catch (Exception failure) when (FileFailure.Is(failure))
        {
            var refused = FileFailure.ToException(failure);
            terminal.Error.WriteLine(refused.Message);
            return (int)refused.Exit;
        }
        catch (Exception bug)
        {
            terminal.Error.WriteLine("This is a bug in Aval; what was running may not have been done. "
                + $"Please report it with what follows.\n{bug}");
            return (int)ExitCode.Bug;
        }
    }

    internal static Command Commands(Terminal terminal)
    {
        // Not a RootCommand: that one is named after the binary, and people type "aval".
        var root = new Command("aval", "Platform content + each person's choice + a legal policy → a training corpus "
            + "that holds only what is allowed, and proves it.")
        {
            new HelpOption(), new VersionOption(), CommonOptions.Workspace,
        };
        root.Subcommands.Add(DemoCommand.Create(terminal));
        root.Subcommands.Add(InitCommand.Create(terminal));
        root.Subcommands.Add(ImportCommand.Create(terminal));
        root.Subcommands.Add(LedgerCommand.Create(terminal));
        root.Subcommands.Add(ReceiptCommand.Create(terminal));
        root.Subcommands.Add(KeysCommand.Create(terminal));
        root.Subcommands.Add(PolicyCommand.Create(terminal));
        root.Subcommands.Add(ChooseCommand.Create(terminal));
        root.Subcommands.Add(ChoicesCommand.Create(terminal));
        root.Subcommands.Add(RequestsCommand.Create(terminal));
        root.Subcommands.Add(CaseCommand.Create(terminal));
        root.Subcommands.Add(PersonCommand.Create(terminal));
        root.Subcommands.Add(ForgetCommand.Create(terminal));
        root.Subcommands.Add(EraseCommand.Create(terminal));
        root.Subcommands.Add(ServeCommand.Create(terminal));
        root.Subcommands.Add(NoticeCommand.Create(terminal));
        root.Subcommands.Add(StanceCommand.Create(terminal));
        root.Subcommands.Add(BuildCommand.Create(terminal));
        root.Subcommands.Add(ExportCommand.Create(terminal));
        root.Subcommands.Add(RunCommand.Create(terminal));
        root.Subcommands.Add(RunsCommand.Create(terminal));
        root.Subcommands.Add(ModelCommand.Create(terminal));
        root.Subcommands.Add(ImpactCommand.Create(terminal));
        root.Subcommands.Add(RecallCommand.Create(terminal));
        root.Subcommands.Add(OrderCommand.Create(terminal));
        root.Subcommands.Add(ReleaseCommand.Create(terminal));
        root.Subcommands.Add(DecisionsCommand.Create(terminal));
        root.Subcommands.Add(ExplainCommand.Create(terminal));
        root.Subcommands.Add(CompareCommand.Create(terminal));
        root.Subcommands.Add(StudyCommand.Create(terminal));
        root.Subcommands.Add(PapersCommand.Create(terminal));
        root.Subcommands.Add(QueryCommand.Create(terminal));
        root.Subcommands.Add(CheckCommand.Create(terminal));
        root.Subcommands.Add(CompactCommand.Create(terminal));
        root.Subcommands.Add(StageCommand.Create(terminal));
        root.Subcommands.Add(TextCommand.Create(terminal));
        root.Subcommands.Add(VerifyCommand.Create(terminal));
        root.Subcommands.Add(ProveCommand.Create(terminal));
        root.Subcommands.Add(AuditCommand.Create(terminal));
        return root;
    }

    // "model register ", as it is typed; of the program itself nothing.
    private static string Words(CommandResult command) =>
        command.Parent is CommandResult above ? $"{Words(above)}{command.Command.Name} " : "";
}
