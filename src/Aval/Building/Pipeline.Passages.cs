using Aval.Authors;
using Aval.Leases;
using Aval.Orders;
using Aval.Recording;
using Aval.Storage;

namespace Aval.Building;

/// <summary>
/// How a build goes through its stages: in one process, or in one that loads and another that commits.
/// </summary>
internal static partial class Pipeline
{
    /// <summary>
    /// Loads and plans a build, and gives what is left of it to jobs of a scheduler: parts, and one job after them that
    /// calls <see cref="Finish"/>. The corpus is theirs until they are gone.
    /// </summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="request">What to build.</param>
    /// <param name="submit">Gives the parts to a scheduler; answers its jobs.</param>
    /// <param name="watch">Told where it is.</param>
    /// <exception cref="AvalException">As for <see cref="Build"/>.</exception>
    public static Submission Submit(
        Workspace workspace, BuildRequest request, Func<PartsToMake, IReadOnlyList<Job>> submit,
        Action<BuildProgress> watch)
    {
        var vrf = Require(workspace, request);
        using var folder = BuildFolder.Begin(workspace, request.Lease());
        using var run = new BuildRun(workspace, request, folder, vrf, watch);
        Run(run, folder, request.Clock, Stages.TakeWhile(stage => stage.Name != PartsStage));
        folder.Say(PartsStage);
        return run.Submit(submit);
    }

    /// <summary>
    /// What the last job of a build that was submitted does: makes what parts are missing, and commits. Where an
    /// erasure came since the build loaded, or aval.yaml says something else, it loads again first.
    /// </summary>
    /// <param name="working">The build's working folder.</param>
    /// <param name="job">The job's number.</param>
    /// <param name="limits">How much of this machine it may use.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="watch">Told where it is.</param>
    /// <exception cref="AvalException">As for <see cref="Build"/>; what is finished stays.</exception>
    public static BuildOutcome Finish(
        string working, string job, EngineLimits limits, TimeProvider clock, Action<BuildProgress> watch)
    {
        var (workspace, corpus) = BuildFolder.OwnerOf(working);
        using var folder = BuildFolder.Continue(workspace, corpus, job);
        try
        {
            var seal = FinishedParts.Seal(workspace.ReadKey());
            var plan = BuildPlan.Read(working, seal);
            plan.RequireOwnVersion(working);
            var loaded = LoadedBuild.Read(working, seal);
            var request = loaded.Request(plan, corpus, limits) with { Clock = clock };
            var vrf = Require(workspace, request);
            var isSame = loaded.Settings == LoadedBuild.SettingsOf(workspace);
            var (outcome, isOver) =
                isSame ? GoOn(workspace, request, folder, vrf, watch, (loaded, plan)) : (null, false);
            if (!isOver)
            {
                folder.Again();
                outcome = Passages(workspace, request, folder, vrf, watch);
            }

            folder.LeaveNothing();
            return outcome!;
        }
        catch (AvalException failure)
        {
            folder.Leave(failure.Message);
            throw;
        }
    }

    private const string PartsStage = "admit";

    // Read first: who has no key is told before an hour of work, not after it.
    private static VrfKey Require(Workspace workspace, BuildRequest request)
    {
        RefuseReplayOnly(request.Policy);
        RefuseBefore(request.Policy, request.AsOf);
        RefuseAhead("--as-of", request.AsOf, request.Clock.UtcNow());
        // What was acknowledged under a clock that was ahead counts already; ages are reckoned as of the release.
        var acknowledged = OrderGate.NotBefore(
            workspace, CommittedChoices.NotBefore(workspace, request.Clock.UtcNow()));
        if (request.At.ProtectUntil > acknowledged)
            RefuseAhead("--protect-until", request.At.ProtectUntil, request.Clock.UtcNow());
        RefuseLess(request.At);
        RefuseOtherBuckets(workspace);
        RefuseOrdered(workspace, request);
        RefuseUnassessed(workspace, request);
        return VrfKey.Read(workspace.VrfKeyFile);
    }

    private static BuildOutcome? Passages(
        Workspace workspace, BuildRequest request, BuildFolder folder, VrfKey vrf, Action<BuildProgress> watch)
    {
        while (true)
        {
            if (GoOn(workspace, request, folder, vrf, watch) is (var outcome, IsOver: true))
                return outcome;
            // An erasure came meanwhile. Only the buckets that it touches read anything new.
            folder.Again();
            request = request with { Base = null };
        }
    }

    private static (BuildOutcome? Outcome, bool IsOver) GoOn(
        Workspace workspace, BuildRequest request, BuildFolder folder, VrfKey vrf, Action<BuildProgress> watch,
        (LoadedBuild Loaded, BuildPlan Plan)? from = null)
    {
        using var run = new BuildRun(workspace, request, folder, vrf, watch);
        if (from is var (loaded, plan))
            run.Continue(loaded, plan);
        var took = Run(
            run, folder, request.Clock,
            from is null ? Stages : Stages.SkipWhile(stage => stage.Name != PartsStage));
        return (run.Outcome is { } outcome ? outcome with { Stages = took } : null, run.IsOver);
    }

    private static List<StageTime> Run(
        BuildRun run, BuildFolder folder, TimeProvider clock, IEnumerable<Stage> stages)
    {
        var took = new List<StageTime>();
        foreach (var stage in stages)
        {
            folder.Say(stage.Name);
            var began = clock.GetTimestamp();
            stage.Run(run);
            took.Add(new StageTime(stage.Name, clock.GetElapsedTime(began)));
        }

        return took;
    }
}
