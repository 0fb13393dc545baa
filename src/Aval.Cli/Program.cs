using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Globalization;
using Aval.Storage;

namespace Aval.Cli;

/// <summary>The <c>aval</c> command: one file a command, collected here.</summary>
public static class Program
{
    /// <summary>The commands, in the order of the help: under its name what makes it.</summary>
    internal static readonly (string Name, Func<Terminal, Command> Create)[] All =
    [
        ("demo", DemoCommand.Create),
        ("init", InitCommand.Create),
        ("import", ImportCommand.Create),
        ("ledger", LedgerCommand.Create),
        ("receipt", ReceiptCommand.Create),
        ("keys", KeysCommand.Create),
        ("policy", PolicyCommand.Create),
        ("choose", ChooseCommand.Create),
        ("choices", ChoicesCommand.Create),
        ("requests", RequestsCommand.Create),
        ("case", CaseCommand.Create),
        ("person", PersonCommand.Create),
        ("forget", ForgetCommand.Create),
        ("erase", EraseCommand.Create),
        ("serve", ServeCommand.Create),
        ("notice", NoticeCommand.Create),
        ("stance", StanceCommand.Create),
        ("build", BuildCommand.Create),
        ("export", ExportCommand.Create),
        ("run", RunCommand.Create),
        ("runs", RunsCommand.Create),
        ("model", ModelCommand.Create),
        ("impact", ImpactCommand.Create),
        ("recall", RecallCommand.Create),
        ("order", OrderCommand.Create),
        ("release", ReleaseCommand.Create),
        ("decisions", DecisionsCommand.Create),
        ("explain", ExplainCommand.Create),
        ("compare", CompareCommand.Create),
        ("study", StudyCommand.Create),
        ("papers", PapersCommand.Create),
        ("query", QueryCommand.Create),
        ("check", CheckCommand.Create),
        ("compact", CompactCommand.Create),
        ("stage", StageCommand.Create),
        ("text", TextCommand.Create),
        ("verify", VerifyCommand.Create),
        ("prove", ProveCommand.Create),
        ("audit", AuditCommand.Create),
    ];

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
        var parsed = Commands(terminal, arguments.FirstOrDefault())
            .Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
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

    /// <summary>The program with all that can be asked of it.</summary>
    /// <param name="terminal">Where the commands answer.</param>
    /// <param name="asked">The first word: where it names a command, no other one is made, whose options and texts
    /// would take longer than many a command itself.</param>
    internal static Command Commands(Terminal terminal, string? asked = null)
    {
        // Not a RootCommand: that one is named after the binary, and people type "aval".
        var root = new Command("aval", "Platform content + each person's choice + a legal policy → a training corpus "
            + "that holds only what is allowed, and proves it.")
        {
            new HelpOption(), new VersionOption(), CommonOptions.Workspace,
        };
        var one = All.Where(command => command.Name == asked).ToArray();
        foreach (var (_, create) in one.Length > 0 ? one : All)
            root.Subcommands.Add(create(terminal));
        return root;
    }

    // "model register ", as it is typed; of the program itself nothing.
    private static string Words(CommandResult command) =>
        command.Parent is CommandResult above ? $"{Words(above)}{command.Command.Name} " : "";
}
