using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Aval.Corpus;
using Aval.Models;
using Aval.Orders;
using Aval.Recall;
using Aval.Recording;
using Aval.Requests;
using Aval.Storage;

namespace Aval.Cli;

internal static class RecallCommand
{
    public static Command Create(Terminal terminal)
    {
        var corpus = new Option<string?>("--corpus")
        {
            Description = "Only this corpus (default: all that have a release)",
            HelpName = "NAME",
        };
        var until = new Option<string?>("--until")
        {
            Description = "Honour what was said and found out until then (default: now)",
            HelpName = "T",
        };
        var trial = new Option<bool>("--dry-run") { Description = "Only say what would be done" };
        var json = CommonOptions.Json();
        var limits = new LimitOptions();
        var command = new Command("recall", """
            Honour what was said and found out since a corpus's newest release was made: a release of the same instant
            takes its place, in which only the touched buckets are written, and earlier ones are withdrawn. Nothing
            enters by what was said since. Reference models that were trained on a withdrawn release unlearn to the one
            in its place.

            Example: aval recall
            Example: aval recall --corpus opt-out --dry-run
            """) { corpus, until, trial, json };
        limits.AddTo(command);
        command.SetAction(parsed =>
        {
            var workspace = parsed.OpenWorkspace();
            try
            {
                var at = parsed.GetValue(until) is { } text
                    ? Instant.Parse(text, "--until")
                    : OrderGate.NotBefore(
                        workspace, CommittedChoices.NotBefore(workspace, terminal.Clock.UtcNow()));
                var corpora = Corpora(workspace, parsed.GetValue(corpus));
                Recalling.RequireLater(workspace, corpora, at);
                return Tell(
                    terminal, parsed.GetValue(json),
                    [.. corpora.Select(name => Recall(terminal, workspace, new RecallRequest(
                        name, at, parsed.GetValue(trial), limits.Of(parsed), terminal.Clock)))]);
            }
            finally
            {
                EraseCommand.WarnAnyhow(terminal, workspace);
            }
        });
        return command;
    }

    // What came of one corpus: what was recalled, and what failed, then or with its models after it.
    private sealed record Recalled(CorpusName Corpus, bool IsTrial)
    {
        public RecallOutcome? Outcome { get; set; }

        public IReadOnlyList<Relearned> Models { get; set; } = [];

        public AvalException? Failure { get; set; }

        public string Told => Outcome is null
            ? $"The corpus {Corpus} was not recalled: {Failure!.Message}"
            : $"The corpus {Corpus} is recalled, and its models did not all follow: {Failure!.Message} Run aval "
                + $"recall --corpus {Corpus} again.";
    }

    // A timer recalls all, and nobody's objection waits for a corpus that is not theirs to be mended.
    private static Recalled Recall(Terminal terminal, Workspace workspace, RecallRequest request)
    {
        var recalled = new Recalled(request.Corpus, request.IsTrial);
        using var progress = new ProgressLine(terminal);
        try
        {
            recalled.Outcome = Recalling.Run(workspace, request, stage => progress.Report(stage.Stage, stage.Done));
            if (!request.IsTrial)
                recalled.Models = Relearning.Run(
                    workspace, request.Corpus.Text, request.Clock, request.Limits, progress.Report);
        }
        catch (AvalException refused)
        {
            recalled.Failure = refused;
        }
        catch (Exception failure) when (FileFailure.Is(failure))
        {
            recalled.Failure = FileFailure.ToException(failure);
        }

        return recalled;
    }

    private static int Tell(Terminal terminal, bool isJson, IReadOnlyList<Recalled> all)
    {
        if (all is [{ Outcome: null, Failure: { } only }])
            throw only;
        Recalled[] failed = [.. all.Where(one => one.Failure is not null)];
        if (isJson)
        {
            terminal.WriteJson(document => Write(document, all, failed));
        }
        else
        {
            foreach (var one in all.Where(one => one.Outcome is not null))
            {
                Print(terminal, one.Outcome!, one.IsTrial);
                RelearnedModels.Print(terminal.Out, one.Models);
            }
        }

        foreach (var one in failed)
            terminal.Error.WriteLine(one.Told);
        // Refused for a reason that is told: the gate's. One that was busy is to be tried again.
        return (int)(failed.Length > 0 ? failed[0].Failure!.Exit
            : all.SelectMany(one => one.Models).Any(model => model.IsBusy) ? ExitCode.Busy : ExitCode.Done);
    }

    private static CorpusName[] Corpora(Workspace workspace, string? named)
    {
        if (named is not null)
            return [CorpusName.Parse(named)];
        CorpusName[] all = Directory.Exists(workspace.Corpus)
            ? [.. Directory.EnumerateDirectories(workspace.Corpus)
                .Where(folder => ReleaseName.Retained(folder).Any()).Select(folder => Path.GetFileName(folder)!)
                .Order(StringComparer.Ordinal).Select(CorpusName.Parse)]
            : [];
        return all.Length > 0 ? all : throw AvalException.Usage(
            $"{workspace.Corpus}: no release yet, so there is nothing to recall. Nothing was done. Make one with: "
            + "aval build --policy opt-out");
    }

    private static void Print(Terminal terminal, RecallOutcome outcome, bool isTrial)
    {
        var output = terminal.Out;
        var name = $"{outcome.Base.Corpus}/{outcome.Base.Release}";
        if (outcome.Record is not { } record)
        {
            output.WriteLine($"{name}: nothing that was said or found out by then touches it. It stays as it is.");
            if (outcome.Superseded.Count > 0)
                output.WriteLine($"  {(isTrial ? "would withdraw" : "withdrawn")}: "
                    + $"{string.Join(", ", outcome.Superseded)}, in whose place it stands");
            return;
        }

        output.WriteLine($"{name} {(isTrial ? "would be" : "is")} recalled, until {record.ProtectUntil.ToText()}:");
        output.WriteLine($"  rows:     {Number(record.Rows.Left)} leave, {Number(record.Rows.Masked)} are masked anew, "
            + $"{Number(record.Rows.Entered)} enter");
        foreach (var (reason, (before, now)) in record.Excluded)
            output.WriteLine($"            {reason}: {Number(before)} before, {Number(now)} now");
        output.WriteLine($"  buckets:  {Number(record.Rewritten.Count)} of {Number(record.Buckets)} are written "
            + $"({Number(record.BytesRewritten)} bytes); {Number(record.BytesShared)} bytes are shared");
        output.WriteLine($"  withdrawn: {string.Join(", ", record.Withdrawn)}");
        if (record.Deadline is { } deadline)
            output.WriteLine($"  deadline: the end of {RequestJson.Day(deadline)}, a month after the earliest of "
                + "these choices was received (GDPR Art. 12(3))");
        output.WriteLine(outcome.Directory is { } made ? made : "Nothing was written.");
        BuildCommand.PrintStages(terminal, outcome.Stages);
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<Recalled> all, IReadOnlyList<Recalled> failed)
    {
        json.WriteStartArray();
        foreach (var one in all.Where(one => one.Outcome is not null))
            Write(json, one.Outcome!, one);
        foreach (var one in failed)
        {
            json.WriteStartObject();
            json.WriteString("corpus", one.Corpus.Text);
            json.WriteNumber("exit", (int)one.Failure!.Exit);
            json.WriteString("error", one.Told);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, RecallOutcome outcome, Recalled recalled)
    {
        json.WriteStartObject();
        json.WriteString("base", $"{outcome.Base.Corpus}/{outcome.Base.Release}");
        json.WriteBoolean("dry_run", recalled.IsTrial);
        if (outcome.Directory is { } made)
            json.WriteString("path", made);
        json.WriteStartArray("superseded");
        foreach (var release in outcome.Superseded)
            json.WriteStringValue(release);
        json.WriteEndArray();
        if (outcome.Record is { } record)
        {
            json.WritePropertyName("recall");
            record.WriteTo(json);
        }

        RelearnedModels.Write(json, recalled.Models);
        json.WriteEndObject();
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
