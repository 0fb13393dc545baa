using System.CommandLine;
using Aval.Recall.Erasing;

namespace Aval.Cli;

internal static partial class VerifyCommand
{
    private static Command Erasure(Terminal terminal)
    {
        var account = new Argument<string>("ACCOUNT") { Description = "The account, service:id" };
        var texts = new Option<string?>("--texts")
        {
            Description = $"A file with a text on each line, of {Needles.ShortestText} bytes or more, to be looked for "
                + "too",
            HelpName = "FILE",
        };
        var handles = new Option<string[]>("--handle")
        {
            Description = "A handle that the account had, to be looked for too, service:handle; again for another",
            HelpName = "instagram:kim_invented",
        };
        var json = CommonOptions.Json();
        var limits = new LimitOptions();
        var command = new Command("erasure", """
            Search every file of a workspace for an account, for handles and for texts: Parquet decoded, gzip and
            Zstandard expanded, everything else as it lies, free pages of the store included. This one needs the
            workspace.
            Exit codes: 0 nothing was found, 1 something was.

            Example: aval verify erasure facebook:100044 --handle facebook:kim.invented --texts what-she-wrote.txt
            """) { account, texts, handles, json };
        limits.AddTo(command);
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var named = Account.Parse(parsed.GetValue(account)!, workspace.Settings.Services);
            var lines = parsed.GetValue(texts) is { } file ? File.ReadAllLines(file) : [];
            var searched = lines.Where(Needles.IsLong).ToHashSet(StringComparer.Ordinal);
            var called = (parsed.GetValue(handles) ?? []).Select(Needles.HandleOf)
                .ToHashSet(StringComparer.Ordinal);
            return Answer(terminal, parsed.GetValue(json), () => Searched(
                ErasureScan.Of(
                    workspace,
                    new Needles(new HashSet<string> { named.ToString() }, new HashSet<string>(), searched)
                    {
                        Handles = called,
                    },
                    limits.Of(parsed)),
                called.Count, searched.Count, lines.Count(line => line.Length > 0 && !Needles.IsLong(line))));
        });
        return command;
    }

    private static Found Searched(ScanOutcome scan, int handles, int texts, int tooShort)
    {
        var what = $"the account, {handles} handles and {texts} texts"
            + (tooShort > 0 ? $" ({tooShort} are too short to be looked for)" : "");
        var text = scan.Hits.Count == 0
            ? $"Nothing was found: {scan.Files} files were searched for {what}. It does not show what backups, exports "
                + "and models hold."
            : Sentences([
                $"Found, in {scan.Files} files that were searched for {what}:",
                .. scan.Hits.Select(hit => $"{hit.Path}: {hit.What}, {hit.Count} times"),
            ]);
        return new Found(scan.Hits.Count == 0 ? ExitCode.Done : ExitCode.No, text, writer =>
        {
            writer.WriteBoolean("verified", scan.Hits.Count == 0);
            EraseCommand.Scan(writer, scan);
        });
    }
}
