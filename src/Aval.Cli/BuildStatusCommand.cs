using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Aval.Building;
using Aval.Leases;

namespace Aval.Cli;

/// <summary><c>aval build status</c>: the builds that run, or that ended without a release.</summary>
internal static class BuildStatusCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = CommonOptions.Json();
        var command = new Command("status", """
            The builds of this workspace that run, here or on a cluster, or that were killed or failed: how far they
            are, who works on them, and what to do.

            Example: aval build status
            """) { json };
        command.SetAction(parsed =>
        {
            var all = BuildStatus.All(parsed.OpenWorkspace());
            if (parsed.GetValue(json))
                terminal.WriteJson(document => Write(document, all));
            else
                Print(terminal, all);
            return (int)ExitCode.Done;
        });
        return command;
    }

    /// <summary>What was given to jobs.</summary>
    public static void Print(Terminal terminal, Submission submission, bool json)
    {
        if (json)
        {
            terminal.WriteJson(document =>
            {
                document.WriteStartObject();
                WriteLease(document, submission.Lease);
                document.WriteNumber("parts", submission.Parts);
                document.WriteNumber("parts_finished", submission.Finished);
                WriteJobs(document, submission.Lease, []);
                document.WriteEndObject();
            });
            return;
        }

        terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{submission.Lease.Corpus} as of {submission.Lease.AsOf}: "
                + $"{submission.Parts - submission.Finished} of {submission.Parts} buckets are to be made."));
        terminal.Out.WriteLine($"Submitted: {submission.Lease.JobsInWords()}.");
        terminal.Out.WriteLine("The last of them commits. See how far they are: aval build status");
    }

    private static void Print(Terminal terminal, IReadOnlyList<BuildStatus> all)
    {
        if (all.Count == 0)
            terminal.Out.WriteLine("No build runs, and none was left unfinished.");
        foreach (var one in all)
        {
            var lease = one.Lease;
            terminal.Out.WriteLine($"{lease.Corpus}, policy {lease.Policy}, as of {lease.AsOf}: {Word(one.State)}");
            var parts = one.Parts is { } planned
                ? string.Create(CultureInfo.InvariantCulture, $", {one.Finished} of {planned} buckets finished")
                : "";
            terminal.Out.WriteLine($"  stage {one.Stage ?? "load"}{parts}");
            var took = terminal.Clock.UtcNow() - Instant.Parse(lease.Since, "since");
            terminal.Out.WriteLine($"  begun {lease.Since}, {ProgressLine.Seconds(took)} ago, by {lease.Holder()}");
            foreach (var job in lease.Jobs)
                terminal.Out.WriteLine($"  job {job.Id} ({job.Stage}): {InWords(States(job, one.Jobs))}");
            if (lease.Failure is { } failure)
                terminal.Out.WriteLine($"  {failure}");
            terminal.Out.WriteLine($"  {one.WhatToDo}");
        }
    }

    private static string Word(BuildState state) => state switch
    {
        BuildState.Running => "running",
        BuildState.Failed => "failed",
        BuildState.Stopped => "stopped",
        BuildState.Unknown => "unknown",
    };

    // Tasks of an array are 17_3 or 17_[3-8%2].
    private static IEnumerable<string> States(Job job, IReadOnlyList<JobState> all) =>
        all.Where(state => state.Id.Split('_')[0] == job.Id).Select(state => state.State);

    private static string InWords(IEnumerable<string> states) => string.Join(", ", states.CountBy(state => state)
        .OrderBy(state => state.Key, StringComparer.Ordinal)
        .Select(state => $"{state.Value.ToString(CultureInfo.InvariantCulture)} {state.Key}")
        .DefaultIfEmpty("the cluster says nothing of it any more"));

    private static void Write(Utf8JsonWriter json, IReadOnlyList<BuildStatus> all)
    {
        json.WriteStartArray();
        foreach (var one in all)
        {
            json.WriteStartObject();
            WriteLease(json, one.Lease);
            json.WriteString("state", Word(one.State));
            json.WriteString("stage", one.Stage ?? "load");
            json.WriteNumber("parts_finished", one.Finished);
            if (one.Parts is { } parts)
                json.WriteNumber("parts", parts);
            if (one.Lease.Failure is { } failure)
                json.WriteString("failure", failure);
            WriteJobs(json, one.Lease, one.Jobs);
            json.WriteString("what_to_do", one.WhatToDo);
            json.WriteString("command", one.Lease.Command);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLease(Utf8JsonWriter json, Lease lease)
    {
        json.WriteString("corpus", lease.Corpus);
        json.WriteString("policy", lease.Policy);
        json.WriteString("as_of", lease.AsOf);
        json.WriteString("since", lease.Since);
        json.WriteBoolean("detached", lease.IsDetached);
        json.WriteString("held_by", lease.Holder());
    }

    private static void WriteJobs(Utf8JsonWriter json, Lease lease, IReadOnlyList<JobState> states)
    {
        if (lease.Cluster is { } cluster)
            json.WriteString("cluster", cluster);
        json.WriteStartArray("jobs");
        foreach (var job in lease.Jobs)
        {
            json.WriteStartObject();
            json.WriteString("id", job.Id);
            json.WriteString("stage", job.Stage);
            json.WriteStartObject("states");
            foreach (var (state, count) in States(job, states).CountBy(state => state)
                .OrderBy(state => state.Key, StringComparer.Ordinal))
                json.WriteNumber(state, count);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
