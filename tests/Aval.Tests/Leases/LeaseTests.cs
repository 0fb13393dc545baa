using Aval.Building;
using Aval.Content;
using Aval.Leases;
using Aval.Storage;
using Aval.Tests.ContentStore;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.Leases;

/// <summary>A corpus is built by one process, or by the jobs of one build, wherever they are.</summary>
public sealed class LeaseTests : IDisposable
{
    private static readonly EngineLimits Small = new(2, 1_000_000_000);
    private readonly ContentWorld _world = new(buckets: 4);

    public LeaseTests() => _world.Import(_world.Lines(Item("1"), Item("2")));

    private static ProcessIdentity Own => ProcessIdentity.Own;

    private string Releases => Path.Combine(_world.Workspace.Corpus, "test");

    private string LeaseFile => Path.Combine(Releases, Lease.FileName);

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("1970-01-01T00:00:00.000000Z")]
    [InlineData("2999-01-01T00:00:00.000000Z")]
    public void A_process_that_runs_keeps_its_lease_whatever_clocks_say(string since)
    {
        Leave(Own, since: since);
        var refused = Assert.Throws<AvalException>(() => Build());

        Assert.Equal(ExitCode.Busy, refused.Exit);
        Assert.Contains($"being built by {Own}, since {since}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(BuildState.Running, Assert.Single(BuildStatus.All(_world.Workspace)).State);
    }

    [Fact]
    public void A_process_that_has_ended_has_let_go_also_where_another_one_has_its_number_now()
    {
        ProcessIdentity[] ended = [Own with { Started = Own.Started - 1 }, Own with { Id = int.MaxValue }];
        foreach (var dead in ended)
        {
            Leave(dead);
            Assert.Equal(BuildState.Stopped, Assert.Single(BuildStatus.All(_world.Workspace)).State);
            Build();
            Assert.Empty(BuildStatus.All(_world.Workspace));
        }
    }

    [Fact]
    public void A_machine_that_was_started_again_has_let_go_of_all()
    {
        Leave(Own with { Boot = "another run of its kernel" });
        Build();

        Assert.False(File.Exists(LeaseFile));
    }

    [Theory]
    [InlineData("a", "one", "a", "one", false)]
    [InlineData("a", "one", "a", "another", false)]
    [InlineData("a", "one", "b", "another", null)]
    [InlineData("", "one", "", "another", null)]
    [InlineData("", "", "", "another", null)]
    [InlineData("", "one", "", "", null)]
    [InlineData("", "", "", "", false)]
    public void Machines_of_one_name_are_one_only_where_something_says_so(
        string machine, string boot, string ownMachine, string ownBoot, bool? runs)
    {
        var process = new ProcessIdentity("node", machine, boot, Id: int.MaxValue, Started: 1);
        var own = new ProcessIdentity("node", ownMachine, ownBoot, Id: 1, Started: 1);

        Assert.Equal(runs, process.Runs(() => true, own));
    }

    [Fact]
    public void A_process_on_another_machine_is_never_taken_for_dead_and_the_refusal_says_what_frees_the_corpus()
    {
        Leave(new ProcessIdentity("elsewhere", "its own id", "its own boot", Own.Id, Own.Started));
        var refused = Assert.Throws<AvalException>(() => Build());

        Assert.Equal(ExitCode.Busy, refused.Exit);
        Assert.Contains($"process {Own.Id} on elsewhere", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"remove {LeaseFile}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(BuildState.Unknown, Assert.Single(BuildStatus.All(_world.Workspace)).State);
        File.Delete(LeaseFile);
        Build();
    }

    [Fact]
    public void In_another_container_of_this_machine_the_lock_tells()
    {
        Leave(Own with { Host = "a container", Id = 1 });
        using (FileLock.Acquire(Path.Combine(Releases, Lease.LockName), "a test", TimeSpan.Zero))
            Assert.Equal(BuildState.Running, Assert.Single(BuildStatus.All(_world.Workspace)).State);
        Assert.Equal(BuildState.Stopped, Assert.Single(BuildStatus.All(_world.Workspace)).State);
        Build();
    }

    [Fact]
    public void Jobs_of_a_cluster_that_does_not_answer_are_not_taken_for_gone()
    {
        Leave(null, jobs: [new Job("admit", "17"), new Job("commit", "18")]);
        var refused = Assert.Throws<AvalException>(() => Build());

        Assert.Equal(ExitCode.Busy, refused.Exit);
        Assert.Contains(
            "jobs 17 (admit), 18 (commit) of the cluster of-a-test", refused.Message, StringComparison.Ordinal);
        Assert.Contains("squeue does not answer", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_lease_may_still_read_is_not_dropped_by_a_compaction()
    {
        _world.Import(_world.Lines(Item("3")));
        Leave(null, jobs: [new Job("commit", "18")]);
        Assert.Equal(2, Assert.Single(Compact()).Waiting);
        File.Delete(LeaseFile);

        Assert.Equal(0, Assert.Single(Compact()).Waiting);
    }

    [Fact]
    public void A_build_that_failed_and_said_so_is_gone_on_with_at_once()
    {
        Leave(Own, failure: "The disk was full.");
        var status = Assert.Single(BuildStatus.All(_world.Workspace));

        Assert.Equal((BuildState.Failed, "The disk was full."), (status.State, status.Lease.Failure));
        Assert.Contains("aval build --policy test", status.WhatToDo, StringComparison.Ordinal);
        Build();
    }

    [Fact]
    public void A_file_that_is_no_lease_is_named_and_nothing_is_built()
    {
        Directory.CreateDirectory(Releases);
        Put(LeaseFile, "{\"corpus\":"u8.ToArray());
        var refused = Assert.Throws<AvalException>(() => Build());

        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.StartsWith(LeaseFile, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_job_that_the_lease_does_not_name_does_not_commit()
    {
        Leave(null, jobs: [new Job("commit", "18")]);
        var refused = Assert.Throws<AvalException>(() => Pipeline.Finish(
            Pipeline.WorkingFolder(_world.Workspace, CorpusName.Parse("test")), "17", Small, _world.Clock, _ => { }));

        Assert.Equal(ExitCode.Busy, refused.Exit);
        Assert.Contains("is not held for job 17", refused.Message, StringComparison.Ordinal);
    }

    private void Leave(
        ProcessIdentity? process, IReadOnlyList<Job>? jobs = null, string since = "2026-01-15T12:00:00.000000Z",
        string? failure = null)
    {
        Directory.CreateDirectory(Releases);
        new Lease("test", "test", "2025-12-01T00:00:00.000000Z", since, "aval build --policy test", process)
        {
            Cluster = jobs is null ? null : "of-a-test",
            Names = jobs is null ? [] : ["aval-admit-test", "aval-commit-test"],
            Jobs = jobs ?? [],
            Failure = failure,
        }.Write(Releases);
    }

    private IReadOnlyList<CompactionOutcome> Compact() =>
        Compaction.Fold(_world.Workspace, null, Small, _world.Clock, (_, _) => { });

    private BuildOutcome Build() => Pipeline.Build(
        _world.Workspace,
        new BuildRequest(
            EngineWorld.Policy(), CorpusName.Parse("test"), Time("2025-12-01T00:00:00Z"), null, Small)
        {
            Clock = new StandingClock(Today),
        }, _ => { });
}
