using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Aval.EndToEnd.Cluster;

/// <summary>A build whose command does not wait: the corpus is its jobs' until they are gone, and no other's.</summary>
public sealed class DetachedBuildTests(DetachedBuildTests.Filled filled)
    : IClassFixture<DetachedBuildTests.Filled>, IDisposable
{
    private static readonly string[] Build =
        ["build", "--policy", "opt-out", "--as-of", Platform.AsOf, "--threads", "1", "--memory", "500MB"];

    private readonly string _folder = Directory.CreateTempSubdirectory("aval-detached-").FullName;
    private readonly SlurmCluster _cluster = SlurmCluster.Start(nodes: 2);

    private string Workspace => Path.Combine(_folder, "work");

    private string Working => Path.Combine(Workspace, "tmp", "build-opt-out");

    private string LeaseFile => Path.Combine(Workspace, "corpus", "opt-out", ".lease");

    public void Dispose()
    {
        _cluster.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>One story, since each of its turns needs a cluster and a platform: what was submitted is shown, keeps
    /// others out, and is committed without whoever submitted it; a task is killed on the way, and an erasure comes.
    /// </summary>
    [Fact]
    public void A_detached_build_is_shown_keeps_others_out_loses_a_task_and_commits_what_a_local_build_commits()
    {
        Fill();
        var held = _cluster.Submit("until [ -e go ]; do sleep 0.1; done", tasks: 2);
        _cluster.Await(held, "both nodes are taken", task => task.State == "RUNNING");

        var submitted = JsonNode.Parse(Run([.. Detached, "--json"]).Done().Output)!;
        Assert.Equal((4, 0), ((int)submitted["parts"]!, (int)submitted["parts_finished"]!));
        var jobs = submitted["jobs"]!.AsArray().Select(job => (string)job!["id"]!).ToArray();
        Assert.Equal(2, jobs.Length);
        Assert.True(File.Exists(Path.Combine(Working, "loaded.json")));

        var waiting = Status();
        Assert.Equal(("running", "admit", 4, 0), (
            (string)waiting["state"]!, (string)waiting["stage"]!, (int)waiting["parts"]!,
            (int)waiting["parts_finished"]!));
        Assert.All(
            waiting["jobs"]!.AsArray(), job => Assert.True((int)job!["states"]!["PENDING"]! > 0, job.ToJsonString()));
        Assert.Contains($"scancel {jobs[0]} {jobs[1]}", Run("build", "status").Done().Output, StringComparison.Ordinal);

        // Also a build of another kind of the same corpus, and while nothing of the first one runs.
        foreach (var other in (string[][])[Build, Detached])
        {
            var refused = Run(other);
            Assert.Equal(5, refused.Exit);
            Assert.Contains(
                $"is being built by jobs {jobs[0]} (admit), {jobs[1]} (commit)", refused.Error,
                StringComparison.Ordinal);
        }

        File.Create(Path.Combine(_cluster.Shared, "go")).Dispose();
        var admit = long.Parse(jobs[0], CultureInfo.InvariantCulture);
        _cluster.Until("a task works", () => _cluster.Tasks().Any(task => task.Job == admit
            && task.State == "RUNNING" && _cluster.ProcessesOf(task).Count > 0));
        _cluster.Kill(_cluster.Tasks().First(task => task.Job == admit && task.State == "RUNNING"));
        AwaitEnd();

        Assert.Contains("No build runs", Run("build", "status").Done().Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Working));
        Assert.Equal(filled.Expected, Taken());
    }

    [Fact]
    public void An_erasure_that_comes_after_a_build_was_submitted_is_honoured_by_it()
    {
        Fill();
        var held = _cluster.Submit("until [ -e go ]; do sleep 0.1; done", tasks: 2);
        _cluster.Await(held, "both nodes are taken", task => task.State == "RUNNING");
        Run(Detached).Done();
        var erasure = Path.Combine(_folder, "erasure.csv");
        File.WriteAllLines(erasure, [
            "kind,account,made_at,received_at",
            "erasure,facebook:100001,2025-06-02T00:00:00Z,2025-06-02T00:00:00Z",
        ]);
        Run("choose", "--from", erasure).Done();
        File.Create(Path.Combine(_cluster.Shared, "go")).Dispose();
        AwaitEnd();
        var committed = Taken();
        Run(Build).Done();

        Assert.Equal(Taken(), committed);
        Assert.NotEqual(filled.Expected, committed);
    }

    [Fact]
    public void A_build_whose_jobs_were_cancelled_is_taken_over_and_what_they_finished_is_not_made_again()
    {
        Fill();
        var held = _cluster.Submit("until [ -e go ]; do sleep 0.1; done", tasks: 2);
        _cluster.Await(held, "both nodes are taken", task => task.State == "RUNNING");
        var submitted = JsonNode.Parse(Run([.. Detached, "--json"]).Done().Output)!;
        // What a task does: half of the buckets.
        Run("stage", "run", "admit", "--build", Working, "--task", "0", "--of", "2", "--threads", "1").Done();
        Assert.Equal(2, (int)Status()["parts_finished"]!);
        foreach (var job in submitted["jobs"]!.AsArray().Reverse())
            _cluster.Cancel(long.Parse((string)job!["id"]!, CultureInfo.InvariantCulture));
        _cluster.Until("nothing is queued", () => (string)Status()["state"]! == "stopped");

        var stopped = Status();
        Assert.Equal(2, (int)stopped["parts_finished"]!);
        Assert.Contains("aval build --policy opt-out", (string)stopped["what_to_do"]!, StringComparison.Ordinal);
        var kept = Shards();
        // Not of those that are to be made: as a job that is started late would commit.
        var late = Run("stage", "run", "commit", "--build", Working, "--job", "999999");
        Assert.Equal(5, late.Exit);
        Run(Build).Done();
        Assert.Equal(kept, Shards().IntersectBy(kept.Select(shard => shard.Name), shard => shard.Name));
        Assert.Equal(filled.Expected, Taken());
        File.Create(Path.Combine(_cluster.Shared, "go")).Dispose();
    }

    [Fact]
    public void A_build_that_waits_and_is_killed_leaves_tasks_that_the_next_one_cancels_first()
    {
        Fill();
        var held = _cluster.Submit("until [ -e go ]; do sleep 0.1; done", tasks: 2);
        _cluster.Await(held, "both nodes are taken", task => task.State == "RUNNING");
        using (var build = AvalProcess.Start(Workspace, _cluster.Environment, [.. Build, "--executor", "slurm"]))
        {
            var error = build.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            _cluster.Until("the lease names the job", () => File.Exists(LeaseFile)
                && File.ReadAllText(LeaseFile).Contains("\"admit\"", StringComparison.Ordinal));
            Assert.Equal("running", (string)Status()["state"]!);
            build.Kill();
            build.WaitForExit();
        }

        var stopped = Status();
        Assert.Equal("stopped", (string)stopped["state"]!);
        var job = long.Parse((string)stopped["jobs"]![0]!["id"]!, CultureInfo.InvariantCulture);
        Run(Build).Done();
        Assert.All(
            _cluster.Tasks().Where(task => task.Job == job), task => Assert.Equal("CANCELLED", task.State));
        Assert.Equal(filled.Expected, Taken());
        File.Create(Path.Combine(_cluster.Shared, "go")).Dispose();
    }

    [Fact]
    public void A_build_that_fails_where_it_commits_says_so_and_stays_to_be_gone_on_with()
    {
        Fill();
        // As where keys/ lies on the machine that submits alone.
        var away = Path.Combine(_folder, "ledger.key");
        var key = Path.Combine(Workspace, "keys", "ledger.key");
        Run(Detached).Done();
        File.Move(key, away);
        _cluster.Until("it has failed", () => (string)Status()["state"]! == "failed");
        File.Move(away, key);

        Assert.Contains("ledger.key", (string)Status()["failure"]!, StringComparison.Ordinal);
        Assert.Equal(4, (int)Status()["parts_finished"]!);
        Run(Build).Done();
        Assert.Equal(filled.Expected, Taken());
    }

    private static string[] Detached => [.. Build, "--executor", "slurm", "--tasks", "2", "--detach"];

    private Answer Run(params string[] arguments) => AvalProcess.Run(Workspace, _cluster.Environment, arguments);

    private JsonNode Status() => JsonNode.Parse(Run("build", "status", "--json").Done().Output)![0]!;

    private void AwaitEnd() => _cluster.Until("the release is committed", () => !File.Exists(LeaseFile));

    private void Fill() => filled.CopyTo(Workspace);

    private (string Name, DateTime Written)[] Shards() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Workspace, "corpus", "opt-out"), "b*.parquet",
            SearchOption.AllDirectories).Where(path => Path.GetFileName(Path.GetDirectoryName(path)) == "shards")
            .Select(path => (Path.GetFileName(path), File.GetLastWriteTimeUtc(path))).Order(),
    ];

    private SortedDictionary<string, string> Taken() => Filled.Taken(Workspace);

    /// <summary>A workspace with a platform in it, and what a local build makes of it.</summary>
    public sealed class Filled : IDisposable
    {
        private const int Items = 20_000;
        private readonly string _folder = Directory.CreateTempSubdirectory("aval-filled-").FullName;

        public Filled()
        {
            Platform.Write(Path.Combine(_folder, "files"), Items);
            Platform.Import(Workspace, Path.Combine(_folder, "files"));
            AvalProcess.Run(Workspace, Build).Done();
            Expected = Taken(Workspace);
        }

        public SortedDictionary<string, string> Expected { get; }

        private string Workspace => Path.Combine(_folder, "work");

        public void CopyTo(string workspace)
        {
            using var copy = Process.Start("cp", ["-a", Workspace, workspace]);
            copy.WaitForExit();
            Assert.Equal(0, copy.ExitCode);
        }

        public void Dispose() => Directory.Delete(_folder, recursive: true);

        /// <summary>What was made, and then removed, so that the next build makes all of it again.</summary>
        public static SortedDictionary<string, string> Taken(string workspace)
        {
            var bytes = Platform.Bytes(workspace);
            Directory.Delete(Path.Combine(workspace, "corpus", "opt-out"), recursive: true);
            Directory.Delete(Path.Combine(workspace, "lineage", "opt-out"), recursive: true);
            return bytes;
        }
    }
}
