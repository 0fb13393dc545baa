using Aval.Leases;

namespace Aval.Building;

/// <summary>How a build stands.</summary>
internal enum BuildState
{
    /// <summary>Its process runs, or its jobs wait or run.</summary>
    Running,

    /// <summary>It ended, and said why.</summary>
    Failed,

    /// <summary>It was killed, or its jobs were cancelled: nobody works on it any more.</summary>
    Stopped,

    /// <summary>Whether anybody works on it cannot be told from here.</summary>
    Unknown,
}

/// <summary>A build that runs, or that ended without a release.</summary>
/// <param name="Lease">Who builds what.</param>
/// <param name="State">Whether they still do.</param>
/// <param name="Stage">Where it is; null = before the first.</param>
/// <param name="Finished">How many parts are finished, of those that are planned.</param>
/// <param name="Parts">How many are planned; null = none are yet.</param>
/// <param name="Jobs">How its jobs stand, or have ended, as far as the scheduler knows.</param>
/// <param name="WhatToDo">In a sentence.</param>
internal sealed record BuildStatus(
    Lease Lease, BuildState State, string? Stage, int Finished, int? Parts, IReadOnlyList<JobState> Jobs,
    string WhatToDo)
{
    /// <summary>The builds of a workspace, by corpus.</summary>
    public static IReadOnlyList<BuildStatus> All(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        return [.. Lease.All(workspace.Corpus).Select(one => Of(workspace, one.Releases, one.Lease))];
    }

    private static BuildStatus Of(Workspace workspace, string releases, Lease lease)
    {
        var working = BuildFolder.WorkingOf(workspace, CorpusName.Parse(lease.Corpus));
        var seal = FinishedParts.Seal(workspace.ReadKey());
        // Between two looks a build may end, and take its files with it.
        var plan = BuildPlan.Find(working, seal);
        var finished = plan?.Parts.Count(part => FinishedParts.IsStated(working, part, seal)) ?? 0;
        var state = lease.Failure is not null
            ? BuildState.Failed
            : lease.Standing(releases) switch
            {
                Standing.Held => BuildState.Running,
                Standing.Gone => BuildState.Stopped,
                Standing.Unknown => BuildState.Unknown,
            };
        return new BuildStatus(
            lease, state, BuildFolder.StageOf(working), finished, plan?.Parts.Count,
            Slurm.Known(lease.Cluster ?? "", lease.Jobs), Advice(releases, lease, state));
    }

    private static string Advice(string releases, Lease lease, BuildState state) => state switch
    {
        BuildState.Running when lease.IsDetached =>
            $"Wait: the last job commits. To give it up: scancel {string.Join(' ', lease.Jobs.Select(job => job.Id))}; "
            + "what is finished stays.",
        BuildState.Running => "Wait for it.",
        BuildState.Failed or BuildState.Stopped =>
            $"Run it again: what is finished stays, and only what is missing is made. {lease.Command}",
        BuildState.Unknown => "See whether it is still there, where it was started or with squeue. If it is not, "
            + $"remove {Path.Combine(releases, Lease.FileName)} and run it again: what is finished stays. "
            + lease.Command,
    };
}
