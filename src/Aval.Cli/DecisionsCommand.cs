using System.CommandLine;
using Aval.Corpus;
using Aval.Storage;

namespace Aval.Cli;

internal static class DecisionsCommand
{
    public static Command Create(Terminal terminal)
    {
        var release = new Argument<string>("RELEASE") { Description = "NAME/ID, NAME (its latest), or a path" };
        var output = new Option<string>("--out") { Description = "Where to write: .csv, .parquet or .jsonl", Required = true, HelpName = "FILE" };
        var limits = new LimitOptions();
        var command = new Command("decisions", "Write every item's decision, made again from the release's inputs and held against its accounting.\nColumns: service, item_id, account, decision, reason, rule, rules (all that exclude, joined by ;), row_key, bucket.\nThis names accounts: it is for the controller, never for a trainer.\n\nExample: aval decisions opt-out --out decisions.parquet") { release, output };
        limits.AddTo(command);
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var file = Path.GetFullPath(parsed.GetValue(output)!);
            var format = FormatOf(file);
            using var replay = Replay.Of(workspace, ReleaseName.Find(workspace, parsed.GetValue(release)), limits.Of(parsed));
            replay.NameMasks();
            // Written beside its place and renamed: a kill leaves the old file or the new one, whole.
            var unfinished = file + ".new";
            replay.Engine.Execute($"COPY ({replay.DecisionsSql} ORDER BY service, item_id) TO {Engine.Literal(unfinished)} ({format})");
            Durable.FlushFile(unfinished);
            File.Move(unfinished, file, overwrite: true);
            terminal.Out.WriteLine($"{file}: {replay.Engine.Scalar<long>("SELECT count(*) FROM decided")} decisions of {replay.Manifest.Corpus}/{replay.Manifest.Release}; they add up to its accounting.");
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static string FormatOf(string file) => Path.GetExtension(file) switch
    {
        ".csv" => "FORMAT csv, HEADER true",
        ".parquet" => "FORMAT parquet, COMPRESSION zstd",
        ".jsonl" => "FORMAT json, ARRAY false",
        var other => throw AvalException.Usage($"--out ends in .csv, .parquet or .jsonl, but \"{other}\" was found. Nothing was written."),
    };
}
