using System.CommandLine;
using System.Globalization;
using Aval.Recording;
using Aval.Storage;

namespace Aval.Cli;

internal static class ReceiptCommand
{
    public static Command Create(Terminal terminal)
    {
        var entries = new Argument<string[]>("ENTRY")
        {
            Description = "The choice's index, several of them, or a range FIRST-LAST",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var account = new Option<string?>("--account")
        {
            Description = "All choices made on this account instead",
            HelpName = "ACCOUNT",
        };
        var handle = CommonOptions.Handle();
        var output = new Option<string>("--out")
        {
            Description = "Into which directory; one file a choice, INDEX.receipt",
            DefaultValueFactory = _ => ".",
            HelpName = "DIR",
        };
        var json = CommonOptions.Json();
        var command = new Command("receipt", "Write receipts of recorded choices: files that prove, to anybody and "
            + "without this workspace, that a choice is in the ledger.\n\nExamples: aval receipt 4711\n"
            + "          aval receipt 0-999 --out receipts\n          aval receipt --account "
            + "facebook:100044") { entries, account, handle, output, json };
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var named = parsed.GetValue(entries) ?? [];
            var person = parsed.GetValue(account) is not null || parsed.GetValue(handle) is not null;
            if (named.Length == 0 != person)
                throw AvalException.Usage("Say which choices: by index (aval receipt 4711), by range (0-999), "
                    + "or by --account or --handle; one of these. Nothing was written.");
            var directory = parsed.GetValue(output)!;
            using var receipts = Receipts.Open(workspace);
            var wanted = person
                ? receipts.OfAccount(CommonOptions.Named(
                    workspace, parsed.GetValue(account), parsed.GetValue(handle), terminal.Clock.UtcNow()))
                : named.SelectMany(Range);
            var written = Write(terminal, receipts, directory, wanted);
            if (parsed.GetValue(json))
            {
                terminal.WriteJson(document =>
                {
                    document.WriteStartObject();
                    document.WriteString("directory", directory);
                    document.WriteNumber("written", written);
                    document.WriteNumber("size", receipts.Published.Size.Value);
                    document.WriteEndObject();
                });
            }
            else
            {
                terminal.Out.WriteLine($"{written} receipt{(written == 1 ? "" : "s")} in {directory}, under the "
                    + $"checkpoint of {receipts.Published.Size} entries.");
                terminal.Out.WriteLine("They name the person and hold what opens the entry: give each to whom it "
                    + "belongs. Check one with: aval verify receipt FILE --key \"$(aval ledger key)\"");
            }

            return (int)ExitCode.Done;
        });
        return command;
    }

    private static long Write(Terminal terminal, Receipts receipts, string directory, IEnumerable<EntryIndex> wanted)
    {
        FileModes.MakePrivateFolder(directory);
        var written = 0L;
        foreach (var index in wanted)
        {
            receipts.Write(Path.Combine(directory, $"{index}.receipt"), receipts.Of(index));
            if (++written % 10_000 == 0)
                terminal.Error.WriteLine($"{written} receipts …");
        }

        return written;
    }

    private static IEnumerable<EntryIndex> Range(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var (from, to) = dash < 0 ? (text, text) : (text[..dash], text[(dash + 1)..]);
        if (!long.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            || !long.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out var last) || last < first)
            throw AvalException.Usage("An entry is a whole number, and a range is FIRST-LAST (for example 0-999), "
                + $"but \"{text}\" was found. Nothing was written.");
        for (var index = first; index <= last; index++)
            yield return new EntryIndex(index);
    }
}
