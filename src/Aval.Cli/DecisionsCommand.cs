using System.CommandLine;
using Aval.Answers;
using Aval.Building;
using Aval.Corpus;
using Aval.Policies;
using Aval.Storage;

namespace Aval.Cli;

internal static class DecisionsCommand
{
    private const string Description = """
        Write every item's decision, made again from the release's inputs and held against its accounting; or made under
        a policy, without a release.
        Columns: service, item_id, account, decision, reason, rule, rules (all that exclude, joined by ;), row_key,
        bucket.
        This names accounts: it is for the controller, never for a trainer.

        Examples: aval decisions opt-out --out decisions.parquet
                  aval decisions --policy announced-2025 --as-of 2026-01-15T00:00:00Z --out announced.csv
        """;

    public static Command Create(Terminal terminal)
    {
        var release = new Argument<string?>("RELEASE")
        {
            Description = "NAME/ID, NAME (its latest), or a path",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var policy = new Option<string?>("--policy")
        {
            Description = "Decide under this policy instead, and make no release: a file, or a shipped one by name; "
                + "replay-only ones too",
            HelpName = "P",
        };
        var asOf = new Option<string?>("--as-of")
        {
            Description = "With --policy: the instant (default: now)",
            HelpName = "T",
        };
        var atCheckpoint = new Option<long?>("--at-checkpoint")
        {
            Description = "With --policy: honour the choices with an index below N (default: all there are)",
            HelpName = "N",
        };
        var output = new Option<string>("--out")
        {
            Description = "Where to write: .csv, .parquet or .jsonl",
            Required = true,
            HelpName = "FILE",
        };
        var limits = new LimitOptions();
        var command = new Command("decisions", Description) { release, policy, asOf, atCheckpoint, output };
        limits.AddTo(command);
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var file = Path.GetFullPath(parsed.GetValue(output)!);
            var format = FormatOf(file);
            if (parsed.GetValue(policy) is not { } named)
            {
                if (parsed.GetValue(asOf) is not null || parsed.GetValue(atCheckpoint) is not null)
                    throw AvalException.Usage("--as-of and --at-checkpoint go with --policy: a release has its own. "
                        + "Nothing was written.");
                var found = ReleaseName.Find(workspace, parsed.GetValue(release));
                using var replay = Replay.Of(workspace, found, limits.Of(parsed));
                replay.NameMasks();
                Write(replay.Engine, replay.DecisionsSql, file, format);
                Tell(terminal, replay.Engine, file, AddUp(replay));
                return (int)ExitCode.Done;
            }

            if (parsed.GetValue(release) is not null)
                throw AvalException.Usage("Name a release or a --policy, one of the two. Nothing was written.");
            if (parsed.GetValue(atCheckpoint) is < 0 and var negative)
                throw AvalException.Usage($"--at-checkpoint is a number of ledger entries, but {negative} was found. "
                    + $"Nothing was written.");
            var regime = PolicyReader.Read(PolicyReader.Find(named));
            var at = parsed.GetValue(asOf) is { } text ? Instant.Parse(text, "--as-of") : terminal.Clock.UtcNow();
            TreeSize? size = parsed.GetValue(atCheckpoint) is { } entries ? new TreeSize(entries) : null;
            using var engine = DecidedItems.Under(workspace, regime, at, size, limits.Of(parsed));
            Write(engine, DecidedItems.Sql(workspace.Settings.Buckets), file, format);
            Tell(terminal, engine, file, $"all content under {regime.Name} as of {at.ToText()}; no release was made.");
            if (Pipeline.Outlook(at, terminal.Clock.UtcNow()) is { } outlook)
                terminal.Out.WriteLine(outlook);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static string AddUp(Replay replay) =>
        $"{replay.Manifest.Corpus}/{replay.Manifest.Release}; they add up to its accounting"
        + (replay.Erased.Erased is > 0 and var erased
            ? $", together with {erased} items that were erased since and are not among them."
            : ".");

    private static void Write(Engine engine, string decisions, string file, string format)
    {
        // Written beside its place and renamed: a kill leaves the old file or the new one, whole.
        var unfinished = file + ".new";
        // A table for people goes through a spreadsheet.
        if (file.EndsWith(".csv", StringComparison.Ordinal))
            decisions = $"SELECT * REPLACE ({Shown.InCsv("item_id")}, {Shown.InCsv("account")}) FROM ({decisions})";
        engine.Execute($"COPY (SELECT * FROM ({decisions}) ORDER BY service, item_id) TO {Engine.Literal(unfinished)} "
            + $"({format})");
        FileModes.MakePrivate(unfinished);
        Durable.ReplaceWith(file, unfinished);
    }

    private static void Tell(Terminal terminal, Engine engine, string file, string of) =>
        terminal.Out.WriteLine($"{file}: {engine.Scalar<long>("SELECT count(*) FROM decided")} decisions of {of}");

    private static string FormatOf(string file) => Path.GetExtension(file) switch
    {
        ".csv" => "FORMAT csv, HEADER true",
        ".parquet" => "FORMAT parquet, COMPRESSION zstd",
        ".jsonl" => "FORMAT json, ARRAY false",
        var other => throw AvalException.Usage(
            $"--out ends in .csv, .parquet or .jsonl, but \"{other}\" was found. Nothing was written."),
    };
}
