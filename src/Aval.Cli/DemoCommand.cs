using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Aval.Corpus;
using Aval.Founding;
using Aval.Policies;
using Aval.Portal.Demo;
using Aval.Portal.Doors;
using Aval.Storage;
using DuckDB.NET.Data;

namespace Aval.Cli;

/// <summary>The main job on the bundled sample, with nothing but what a user could type.</summary>
internal static class DemoCommand
{
    private const string Marker = ".aval-demo";
    private const string AsOf = "2026-01-15T00:00:00Z";

    private static readonly (string File, string Kind)[] Files =
        [("accounts.csv", "accounts"), ("notices.csv", "notices"), ("items.jsonl.zst", "items")];

    private static readonly (string Subject, string Who)[] People =
    [
        ("facebook:1000001", "Glimezi Beispiel objected on Instagram; the accounts are linked:"),
        ("facebook:1000002", "Trobilu Exemple consented, also to combining services:"),
        ("facebook:1000003", "Wixtuva Voorbeeld came of age; childhood posts do not grow up:"),
    ];

    /// <summary>Where the bundled sample lies.</summary>
    public static string Sample { get; } = Path.Combine(AppContext.BaseDirectory, "samples", "platform");

    public static Command Create(Terminal terminal)
    {
        var directory = new Option<string>("--directory")
        {
            Description = "Where to make the demo's workspace; one that an earlier demo made is made anew",
            DefaultValueFactory = _ => "demo",
            HelpName = "DIR",
        };
        var serve = new Option<bool>("--serve")
        {
            Description = $"Then serve the portal on it, at {ServeCommand.DefaultAddress}, with an invented platform "
                + "to log in with",
        };
        var ask = new Option<string>("--policy")
        {
            Description = "With --serve: the regime that people are asked under",
            DefaultValueFactory = _ => "opt-out",
            HelpName = "P",
        };
        var command = new Command("demo", "Run the main job on the bundled sample: import, choose, build under two "
            + "policies, compare, explain, prove, recall.\n\nExample: aval demo") { directory, serve, ask };
        command.SetAction(parsed =>
        {
            var watch = Stopwatch.StartNew();
            var workspace = Fresh(Path.GetFullPath(parsed.GetValue(directory)!));
            terminal.Out.WriteLine($"The clock of this demo begins at {AsOf}, where its sample ends.");
            var made = Show(terminal with { Clock = new DemoClock(terminal.Clock) }, workspace);
            var (read, written) = (made.Sum(release => release.ItemsRead), made.Sum(release => release.Admitted));
            terminal.Out.WriteLine();
            terminal.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{read} decisions, {written} rows written, in {ProgressLine.Seconds(watch.Elapsed)} in all."));
            terminal.Out.WriteLine($"The workspace is {workspace.Root}. Try: ./aval explain item:facebook:100000101 "
                + $"--release opt-out --workspace {parsed.GetValue(directory)}");
            if (parsed.GetValue(serve))
                Serve(terminal, workspace, parsed.GetValue(ask)!);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static Manifest[] Show(Terminal terminal, Workspace workspace)
    {
        Import(terminal, workspace);
        Step(terminal, workspace, "build", "--policy", "opt-out", "--as-of", AsOf);
        Step(terminal, workspace, "build", "--policy", "opt-in", "--as-of", AsOf);
        Step(
            terminal, workspace, "compare", "opt-out", "opt-in", "--as-of", AsOf,
            "--html", Path.Combine(workspace.Root, "comparison.html"),
            "--svg", Path.Combine(workspace.Root, "comparison.svg"));
        Explain(terminal, workspace);
        string[] releases = [ReleaseName.Find(workspace, "opt-out"), ReleaseName.Find(workspace, "opt-in")];
        FirstRows(terminal, releases[0]);
        DemoProofs.Show(terminal, workspace, releases[0]);
        DemoRecall.Show(terminal, workspace, releases[0]);
        Unmatched(terminal, workspace);
        return [.. releases.Select(Manifest.Read)];
    }

    private static void Serve(Terminal terminal, Workspace workspace, string policy)
    {
        var platform = new DemoPlatform(ServeCommand.DefaultAddress);
        ServeCommand.Serve(
            terminal, workspace, platform.Settings(PolicyReader.Read(PolicyReader.Find(policy))),
            ServeCommand.DefaultAddress, platform, [new ShownOfficer("Demo", OfficerRole.Officer)]);
    }

    // Deletes nothing but what a demo made: its marker is written before anything else.
    private static Workspace Fresh(string root)
    {
        if (Directory.Exists(root))
        {
            if (!File.Exists(Path.Combine(root, Marker)) && Directory.EnumerateFileSystemEntries(root).Any())
                throw AvalException.Usage($"{root}: there is something here, and no demo made it. Nothing was done. "
                    + "Name another place with --directory.");
            Directory.Delete(root, recursive: true);
        }

        Directory.CreateDirectory(root);
        Durable.Replace(Path.Combine(root, Marker), "made by aval demo, which makes it anew\n");
        return NewWorkspace.Create(root, Settings.Default with { Controller = "Example Platforms Ltd (fictional)" });
    }

    private static void Import(Terminal terminal, Workspace workspace)
    {
        foreach (var (file, kind) in Files)
            Step(terminal, workspace, "import", "table", Path.Combine(Sample, file), "--as", kind);
        Step(terminal, workspace, "choose", "--from", Path.Combine(Sample, "choices.csv"));
    }

    private static void Explain(Terminal terminal, Workspace workspace)
    {
        foreach (var (subject, who) in People)
        {
            terminal.Out.WriteLine();
            terminal.Out.WriteLine(who);
            foreach (var release in new[] { "opt-out", "opt-in" })
                Step(terminal, workspace, "explain", subject, "--release", release);
        }
    }

    // What a command says while it works is no part of what the demo shows, unless it did not end well.
    private static void Step(Terminal terminal, Workspace workspace, params string[] arguments)
    {
        using var meanwhile = new StringWriter();
        var exit = DemoProofs.Run(terminal with { Error = meanwhile }, workspace, arguments);
        if (exit != (int)ExitCode.Done)
            throw new AvalException((ExitCode)exit, $"{meanwhile}The demo ended there.");
    }

    // The quietest way to lose what somebody said: a slip of the keyboard, and every sum closes.
    private static void Unmatched(Terminal terminal, Workspace workspace)
    {
        var one = terminal with { Error = terminal.Out };
        terminal.Out.WriteLine();
        terminal.Out.WriteLine("An objection with one digit too many is kept, since its account may come with the next "
            + "import, and never in silence:");
        _ = DemoProofs.Run(one, workspace, "choose", "objection", "--account", "facebook:10000001");
        _ = DemoProofs.Run(one, workspace, "choices", "unmatched");
    }

    // What a trainer sees, read by an engine that knows nothing of Aval.
    private static void FirstRows(Terminal terminal, string release)
    {
        var shard = Path.Combine(release, "shards", "b000.parquet");
        terminal.Out.WriteLine();
        terminal.Out.WriteLine("$ SELECT * FROM 'b000.parquet' LIMIT 5   -- any Parquet reader");
        using var plain = new DuckDBConnection("DataSource=:memory:");
        plain.Open();
        using var command = plain.CreateCommand();
        command.CommandText = "SELECT row_key::VARCHAR, language, kind, service, year::VARCHAR, left(text, 50) "
            + $"FROM {ParquetFiles.NumberedRows(shard)} ORDER BY file_row_number LIMIT 5";
        using var rows = command.ExecuteReader();
        var body = new List<string[]>();
        while (rows.Read())
            body.Add([.. Enumerable.Range(0, 6)
                .Select(column => rows.IsDBNull(column) ? "" : rows.GetString(column).ReplaceLineEndings(" "))]);
        TextTable.Print(terminal.Out, ["row_key", "language", "kind", "service", "year", "text"], body, textColumns: 6);
    }

    // Consents run out: on a later day the sample's would have run out between a release and the run that trains on it,
    // and the gate would rightly refuse.
    private sealed class DemoClock(TimeProvider real) : TimeProvider
    {
        private readonly DateTimeOffset _asOf = Instant.Parse(AsOf, "the demo's instant");
        private readonly DateTimeOffset _begun = real.GetUtcNow();

        public override DateTimeOffset GetUtcNow() => _asOf + (real.GetUtcNow() - _begun);
    }
}
