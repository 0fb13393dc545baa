using System.CommandLine;
using System.Globalization;
using Aval.Corpus;
using Aval.Models;
using Aval.Orders;
using Aval.Recall;
using Aval.Recording;
using Aval.Requests;

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
            var at = parsed.GetValue(until) is { } text
                ? Instant.Parse(text, "--until")
                : OrderGate.NotBefore(
                    workspace, CommittedChoices.NotBefore(workspace, terminal.Clock.UtcNow()));
            var outcomes = new List<Recalled>();
            foreach (var name in Corpora(workspace, parsed.GetValue(corpus)))
            {
                using var progress = new ProgressLine(terminal);
                var outcome = Recalling.Run(
                    workspace,
                    new RecallRequest(name, at, parsed.GetValue(trial), limits.Of(parsed), terminal.Clock),
                    stage => progress.Report(stage.Stage, stage.Done));
                outcomes.Add(new Recalled(outcome, parsed.GetValue(trial), parsed.GetValue(trial) ? []
                    : Relearning.Run(workspace, name.Text, terminal.Clock, limits.Of(parsed), progress.Report)));
            }

            if (parsed.GetValue(json))
                terminal.WriteJson(document => Write(document, outcomes));
            else
                outcomes.ForEach(outcome => Print(terminal, outcome));
            EraseCommand.Warn(terminal, workspace);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private sealed record Recalled(RecallOutcome Outcome, bool IsTrial, IReadOnlyList<Relearned> Models);

    private static void Print(Terminal terminal, Recalled recalled)
    {
        Print(terminal, recalled.Outcome, recalled.IsTrial);
        RelearnedModels.Print(terminal.Out, recalled.Models);
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

    private static void Write(
        System.Text.Json.Utf8JsonWriter json, List<Recalled> outcomes)
    {
        json.WriteStartArray();
        foreach (var (outcome, isTrial, models) in outcomes)
        {
            json.WriteStartObject();
            json.WriteString("base", $"{outcome.Base.Corpus}/{outcome.Base.Release}");
            json.WriteBoolean("dry_run", isTrial);
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

            RelearnedModels.Write(json, models);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
