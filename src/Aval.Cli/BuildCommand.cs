using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Aval.Building;
using Aval.Leases;
using Aval.Orders;
using Aval.Policies;
using Aval.Recording;

namespace Aval.Cli;

internal static class BuildCommand
{
    public static Command Create(Terminal terminal)
    {
        var policy = new Option<string>("--policy")
        {
            Description = "The regime: a file, or a shipped one by name (opt-out, opt-in, …)",
            Required = true,
            HelpName = "P",
        };
        var asOf =
            new Option<string?>("--as-of") { Description = "The instant to build for (default: now)", HelpName = "T" };
        var atCheckpoint = Entries(
            "--at-checkpoint", "N", "Honour the choices with an index below N (default: all there are)");
        var erasedTo = Entries(
            "--erased-to", "E", "Honour the erasures with an index below E too (default: all there are)");
        var protectUntil = new Option<string?>("--protect-until")
        {
            Description = "Honour what protects until P, though the rest is as of T (default: T)",
            HelpName = "P",
        };
        var corpus = new Option<string?>("--corpus")
        {
            Description = "The corpus this is a release of (default: the policy's name)",
            HelpName = "NAME",
        };
        var json = CommonOptions.Json();
        var limits = new LimitOptions();
        var cluster = new ExecutorOptions();
        var command = new Command("build", "Decide every item and write a release: shards, manifest, dataset card, "
            + "accounting, lineage.\n\nExample: aval build --policy opt-out --as-of 2026-01-15T00:00:00Z\n"
            + "Example: aval build --policy opt-out --executor slurm --tasks 16 --program /shared/aval/aval --detach")
        {
            policy, asOf, atCheckpoint, erasedTo, protectUntil, corpus, json,
        };
        limits.AddTo(command);
        cluster.AddTo(command);
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            var regime = PolicyReader.Read(PolicyReader.Find(parsed.GetValue(policy)!));
            var request = new BuildRequest(
                regime,
                CorpusName.Parse(parsed.GetValue(corpus) ?? regime.Name),
                parsed.GetValue(asOf) is { } text ? Instant.Parse(text, "--as-of") : terminal.Clock.UtcNow(),
                Size("--at-checkpoint", parsed.GetValue(atCheckpoint)),
                limits.Of(parsed))
            {
                ErasedTo = Size("--erased-to", parsed.GetValue(erasedTo)),
                ProtectUntil = parsed.GetValue(protectUntil) is { } until
                    ? Instant.Parse(until, "--protect-until")
                    : null,
                Clock = terminal.Clock,
                Executor = cluster.Of(parsed, limits.Of(parsed), terminal),
            };
            request = Timed(
                parsed, workspace, request, parsed.GetValue(asOf) is not null,
                parsed.GetValue(protectUntil) is not null);
            if (cluster.IsDryRun(parsed))
                terminal.Out.Write(cluster.Script(
                    parsed, limits.Of(parsed), terminal, Pipeline.WorkingFolder(workspace, request.Corpus)));
            else if (cluster.Submitter(parsed, limits.Of(parsed), terminal) is { } submit)
                Submit(terminal, workspace, request, submit, parsed.GetValue(json));
            else
                Build(terminal, workspace, request, parsed.GetValue(json));
            EraseCommand.Warn(terminal, workspace);
            return (int)ExitCode.Done;
        });
        command.Subcommands.Add(BuildStatusCommand.Create(terminal));
        return command;
    }

    private static Option<long?> Entries(string name, string help, string description) =>
        new(name) { Description = description, HelpName = help };

    private static void Build(Terminal terminal, Workspace workspace, BuildRequest request, bool json)
    {
        using var progress = new ProgressLine(terminal);
        var outcome = Pipeline.Build(workspace, request, stage => progress.Report(stage.Stage, stage.Done));
        progress.Dispose();
        Print(terminal, outcome, progress.Elapsed, json);
        OrderCommand.Warn(terminal, workspace);
    }

    private static void Submit(
        Terminal terminal, Workspace workspace, BuildRequest request, Func<PartsToMake, IReadOnlyList<Job>> submit,
        bool json)
    {
        using var progress = new ProgressLine(terminal);
        var submission = Pipeline.Submit(
            workspace, request, submit, stage => progress.Report(stage.Stage, stage.Done));
        progress.Dispose();
        BuildStatusCommand.Print(terminal, submission, json);
    }

    // What was acknowledged under a clock that was ahead, or has been set back since, is not unsaid by this one. The
    // command that runs it again is what was typed, and the instants where they were now: the same build.
    private static BuildRequest Timed(
        ParseResult parsed, Workspace workspace, BuildRequest request, bool isAsOfStated, bool isUntilStated)
    {
        var until = isAsOfStated || isUntilStated
            ? request.AsOf
            : OrderGate.NotBefore(workspace, CommittedChoices.NotBefore(workspace, request.AsOf));
        var isLater = until > request.AsOf;
        return request with
        {
            ProtectUntil = isLater ? until : request.ProtectUntil,
            Command = string.Join(' ', [
                "aval", .. parsed.Tokens.Select(token => ForShell(token.Value)),
                .. isAsOfStated ? (string[])[] : ["--as-of", request.AsOf.ToText()],
                .. isLater ? ["--protect-until", until.ToText()] : (string[])[],
            ]),
        };
    }

    private static string ForShell(string word) =>
        word.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./:=,@%+".Contains(letter)) && word.Length > 0
            ? word
            : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    /// <summary>What a build made.</summary>
    internal static void Print(Terminal terminal, BuildOutcome outcome, TimeSpan took, bool json)
    {
        if (json)
            terminal.WriteJson(document => Write(document, outcome, took));
        else
            Print(terminal, outcome, took);
    }

    private static TreeSize? Size(string option, long? entries) => entries switch
    {
        null => null,
        < 0 => throw AvalException.Usage(
            $"{option} is a number of ledger entries, but {entries} was found. Nothing was done."),
        { } size => new TreeSize(size),
    };

    private static void Print(Terminal terminal, BuildOutcome outcome, TimeSpan took)
    {
        AccountingTable.Print(terminal.Out, outcome.Accounting);
        terminal.Out.WriteLine(outcome.Existed
            ? $"{outcome.Directory}: this release was there already, byte for byte; nothing was written."
            : outcome.Directory);
        var rate = took.TotalSeconds > 0 ? outcome.Accounting.Total.Read / took.TotalSeconds : 0;
        terminal.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{outcome.Accounting.Total.Read} items in {ProgressLine.Seconds(took)}, {rate:F0} items/s."));
        PrintStages(terminal, outcome.Stages);
    }

    /// <summary>Each stage's share of the time that all took here; nothing where none ran.</summary>
    internal static void PrintStages(Terminal terminal, IReadOnlyList<StageTime> stages)
    {
        var all = stages.Sum(stage => stage.Took.TotalSeconds);
        if (all > 0)
            terminal.Error.WriteLine($"Of that time: {string.Join(", ", stages.Select(stage => string.Create(
                CultureInfo.InvariantCulture, $"{stage.Stage} {stage.Took.TotalSeconds / all:P0}")))}.");
    }

    // Seconds, and items a second of a stage: how fast it was here says nothing of the release.
    private static void Write(Utf8JsonWriter json, IReadOnlyList<StageTime> stages, long items)
    {
        json.WriteStartArray("stages");
        foreach (var stage in stages)
        {
            var seconds = stage.Took.TotalSeconds;
            json.WriteStartObject();
            json.WriteString("stage", stage.Stage);
            json.WriteNumber("seconds", Math.Round(seconds, 3));
            json.WriteNumber(
                "share", Math.Round(seconds / Math.Max(1e-9, stages.Sum(one => one.Took.TotalSeconds)), 3));
            json.WriteNumber("items_per_second", Math.Round(items / Math.Max(1e-9, seconds)));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, BuildOutcome outcome, TimeSpan took)
    {
        json.WriteStartObject();
        json.WriteString("corpus", outcome.Manifest.Corpus);
        json.WriteString("release", outcome.Manifest.Release);
        json.WriteString("path", outcome.Directory);
        json.WriteBoolean("existed", outcome.Existed);
        json.WriteString("as_of", outcome.Manifest.AsOf.ToText());
        json.WriteString("protect_until", outcome.Manifest.ProtectUntil.ToText());
        json.WriteString("policy", outcome.Manifest.PolicyName);
        json.WriteBoolean("replay_only", outcome.Manifest.ReplayOnly);
        json.WriteNumber("ledger_size", outcome.Manifest.LedgerSize.Value);
        json.WriteNumber("erased_to", outcome.Manifest.ErasedTo.Value);
        json.WriteNumber("choices_honoured", outcome.Manifest.Choices);
        json.WriteString("content_snapshot", outcome.Manifest.Content);
        json.WriteNumber("seconds", Math.Round(took.TotalSeconds, 3));
        Write(json, outcome.Stages, outcome.Accounting.Total.Read);
        json.WritePropertyName("accounting");
        outcome.Accounting.WriteTo(json);
        json.WriteEndObject();
    }
}
