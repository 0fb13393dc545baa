using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Aval.Answers;
using Aval.Building;
using Aval.Content;
using Aval.Corpus;
using Aval.Founding;
using Aval.Policies;
using Aval.Recording;
using Aval.Storage;
using DuckDB.NET.Data;

namespace Aval.Cli;

/// <summary>The main job on the bundled sample, with nothing but what a user could type.</summary>
internal static class DemoCommand
{
    private const string Marker = ".aval-demo";
    private static readonly DateTimeOffset AsOf = new(2026, 1, 15, 0, 0, 0, TimeSpan.Zero);

    private static readonly (string Subject, string Who)[] People =
    [
        ("facebook:1000001", "Glimezi Beispiel objected on Instagram; the accounts are linked."),
        ("facebook:1000002", "Trobilu Exemple consented, also to combining services."),
        ("facebook:1000003", "Wixtuva Voorbeeld came of age; childhood posts do not grow up."),
    ];

    public static Command Create(Terminal terminal)
    {
        var directory = new Option<string>("--directory") { Description = "Where to make the demo's workspace; one that an earlier demo made is made anew", DefaultValueFactory = _ => "demo", HelpName = "DIR" };
        var command = new Command("demo", "Run the main job on the bundled sample: import, choose, build under two policies, compare, explain.\n\nExample: aval demo") { directory };
        command.SetAction(parsed =>
        {
            var watch = Stopwatch.StartNew();
            var workspace = Fresh(Path.GetFullPath(parsed.GetValue(directory)!));
            Import(terminal, workspace);
            var optOut = Build(terminal, workspace, "opt-out");
            var optIn = Build(terminal, workspace, "opt-in");
            Compare(terminal, workspace);
            Explain(terminal, workspace);
            FirstRows(terminal, optOut);
            DemoProofs.Show(terminal, workspace, optOut);
            Unmatched(terminal, workspace);
            terminal.Out.WriteLine();
            terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{optOut.Accounting.Total.Read + optIn.Accounting.Total.Read} decisions, {optOut.Manifest.Admitted + optIn.Manifest.Admitted} rows written, in {ProgressLine.Seconds(watch.Elapsed)} in all."));
            terminal.Out.WriteLine($"The workspace is {workspace.Root}. Try: ./aval explain item:facebook:100000101 --release opt-out --workspace {parsed.GetValue(directory)}");
            return (int)ExitCode.Done;
        });
        return command;
    }

    // Deletes nothing but what a demo made: its marker is written before anything else.
    private static Workspace Fresh(string root)
    {
        if (Directory.Exists(root))
        {
            if (!File.Exists(Path.Combine(root, Marker)) && Directory.EnumerateFileSystemEntries(root).Any())
                throw AvalException.Usage($"{root}: there is something here, and no demo made it. Nothing was done. Name another place with --directory.");
            Directory.Delete(root, recursive: true);
        }

        Directory.CreateDirectory(root);
        Durable.Replace(Path.Combine(root, Marker), "made by aval demo, which makes it anew\n");
        return NewWorkspace.Create(root, Settings.Default with { Controller = "Example Platforms Ltd (fictional)" });
    }

    private static void Import(Terminal terminal, Workspace workspace)
    {
        var sample = Path.Combine(AppContext.BaseDirectory, "samples", "platform");
        foreach (var (file, kind) in new[] { ("accounts.csv", ContentKind.Accounts), ("notices.csv", ContentKind.Notices), ("items.jsonl.zst", ContentKind.Items) })
        {
            Title(terminal, $"aval import table {file} --as {kind.ToText()}");
            var options = new ImportOptions(kind, null, Snapshot: false, InPlace: false, null, null, null, EngineLimits.Default);
            var counts = Importing.Tables(workspace, [Path.Combine(sample, file)], options, terminal.Clock, (_, _) => { }).Record.Counts;
            terminal.Out.WriteLine($"{counts.Read} rows: {counts.New} new, {counts.Newer} newer, {counts.Unchanged} unchanged, {counts.Rejected} rejected");
        }

        Title(terminal, "aval choose --from choices.csv");
        var outcome = ChoiceFile.Record(workspace, Path.Combine(sample, "choices.csv"), terminal.Clock.UtcNow());
        terminal.Out.WriteLine(string.Join(", ", outcome.ByKind.Select(kind => $"{kind.Value} {kind.Key.ToText()}")));
    }

    private static BuildOutcome Build(Terminal terminal, Workspace workspace, string policy)
    {
        Title(terminal, $"aval build --policy {policy} --as-of {AsOf:yyyy-MM-dd'T'HH:mm:ss'Z'}");
        var request = new BuildRequest(PolicyReader.Read(PolicyReader.Find(policy)), CorpusName.Parse(policy), AsOf, null, EngineLimits.Default);
        var watch = Stopwatch.StartNew();
        var outcome = Pipeline.Build(workspace, request, _ => { });
        var total = outcome.Accounting.Total;
        terminal.Out.WriteLine($"{total.Read} items read = {total.Admitted} admitted + {total.Read - total.Admitted} excluded, each with one reason:");
        AccountingTable.Reasons(terminal.Out, outcome.Accounting);
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{outcome.Manifest.Buckets} shards, manifest, card, accounting and lineage in {ProgressLine.Seconds(watch.Elapsed)}, {total.Read / watch.Elapsed.TotalSeconds:F0} items/s: corpus/{policy}/{outcome.Manifest.Release}"));
        return outcome;
    }

    private static void Compare(Terminal terminal, Workspace workspace)
    {
        Title(terminal, "aval compare opt-out opt-in --html comparison.html");
        var comparison = Comparison.Of(
            workspace, PolicyReader.Read(PolicyReader.Find("opt-out")), PolicyReader.Read(PolicyReader.Find("opt-in")), AsOf, null, EngineLimits.Default);
        Durable.Replace(Path.Combine(workspace.Root, "comparison.html"), ComparisonPage.Of(comparison));
        CompareCommand.PrintTotals(terminal.Out, comparison);
        terminal.Out.WriteLine();
        CompareCommand.PrintMoves(terminal.Out, comparison, most: 8);
        terminal.Out.WriteLine("Articles behind it:");
        foreach (var (rule, policy) in new[] { ("objection", comparison.First), ("informed", comparison.First), ("consent", comparison.Second), ("withdrawal", comparison.Second) })
            terminal.Out.WriteLine($"  {policy.Name,-8} {rule,-11} {policy.Rules.First(known => known.Id == rule).Law}");
    }

    private static void Explain(Terminal terminal, Workspace workspace)
    {
        foreach (var (subject, who) in People)
        {
            foreach (var release in new[] { "opt-out", "opt-in" })
            {
                Title(terminal, $"aval explain {subject} --release {release}");
                if (release == "opt-out")
                    terminal.Out.WriteLine(who);
                using var replay = Replay.Of(workspace, ReleaseName.Find(workspace, release), EngineLimits.Default);
                var explanation = Explanations.Of(replay, Account.Parse(subject)) ?? throw new InvalidOperationException($"The sample has no {subject}.");
                terminal.Out.Write(ExplainCommand.Sentences(replay, explanation, withStatements: release == "opt-out"));
            }
        }
    }

    // The quietest way to lose what somebody said: a slip of the keyboard, and every sum closes.
    private static void Unmatched(Terminal terminal, Workspace workspace)
    {
        var one = terminal with { Error = terminal.Out };
        terminal.Out.WriteLine();
        terminal.Out.WriteLine("An objection with one digit too many is kept, since its account may come with the next import, and never in silence:");
        DemoProofs.Run(one, workspace, "choose", "objection", "--account", "facebook:10000001");
        DemoProofs.Run(one, workspace, "choices", "unmatched");
    }

    // What a trainer sees, read by an engine that knows nothing of Aval.
    private static void FirstRows(Terminal terminal, BuildOutcome outcome)
    {
        var shard = Path.Combine(outcome.Directory, "shards", "b000.parquet");
        Title(terminal, "SELECT * FROM 'b000.parquet' LIMIT 5   -- any Parquet reader");
        using var plain = new DuckDBConnection("DataSource=:memory:");
        plain.Open();
        using var command = plain.CreateCommand();
        command.CommandText = $"SELECT row_key::VARCHAR, language, kind, service, year::VARCHAR, left(text, 50) FROM {ParquetFiles.NumberedRows(shard)} ORDER BY file_row_number LIMIT 5";
        using var rows = command.ExecuteReader();
        var body = new List<string[]>();
        while (rows.Read())
            body.Add([.. Enumerable.Range(0, 6).Select(column => rows.IsDBNull(column) ? "" : rows.GetString(column).ReplaceLineEndings(" "))]);
        TextTable.Print(terminal.Out, ["row_key", "language", "kind", "service", "year", "text"], body, textColumns: 6);
    }

    private static void Title(Terminal terminal, string command)
    {
        terminal.Out.WriteLine();
        terminal.Out.WriteLine($"$ {command}");
    }
}
