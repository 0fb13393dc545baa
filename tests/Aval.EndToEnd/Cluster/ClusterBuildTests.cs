using System.Globalization;

namespace Aval.EndToEnd.Cluster;

/// <summary>A build whose buckets other machines make is the same build, whatever becomes of those machines.</summary>
public sealed class ClusterBuildTests : IDisposable
{
    private static readonly int Items = Environment.GetEnvironmentVariable("AVAL_LONG") is null ? 40_000 : 1_000_000;
    private static readonly string[] Build =
        ["build", "--policy", "opt-out", "--as-of", Platform.AsOf, "--threads", "1", "--memory", "500MB"];

    private readonly string _folder = Directory.CreateTempSubdirectory("aval-cluster-").FullName;

    private string Workspace => Path.Combine(_folder, "work");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_release_is_the_same_from_one_task_three_and_sixteen_and_from_a_local_build()
    {
        using var cluster = SlurmCluster.Start(nodes: 2);
        Fill();
        AvalProcess.Run(Workspace, Build).Done();
        var expected = Taken();
        foreach (var tasks in (int[])[1, 3, 16])
        {
            var answer = AvalProcess.Run(Workspace, cluster.Environment, OnSlurm(tasks)).Done();
            Assert.Contains(
                string.Create(CultureInfo.InvariantCulture, $"4 buckets in {tasks} tasks"), answer.Error,
                StringComparison.Ordinal);
            Assert.Equal(expected, Taken());
        }
    }

    [Fact]
    public async Task Tasks_that_are_killed_while_they_work_cost_time_and_no_byte()
    {
        using var cluster = SlurmCluster.Start(nodes: 2);
        Fill();
        AvalProcess.Run(Workspace, Build).Done();
        var expected = Taken();
        using var build = AvalProcess.Start(Workspace, cluster.Environment, OnSlurm(4));
        var error = build.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = build.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var killed = 0;
        cluster.Until("two tasks were killed, or the build is over", () =>
        {
            if (cluster.Tasks()
                .FirstOrDefault(task => task.State == "RUNNING" && cluster.ProcessesOf(task).Count > 0) is { } running)
            {
                cluster.Kill(running);
                killed++;
            }

            return killed == 2 || build.HasExited;
        });
        await build.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(build.ExitCode == 0, $"exit {build.ExitCode}\n{await error}\n{await output}");
        Assert.True(killed > 0, "No task was seen at work: nothing was tried.");
        Assert.Contains("buckets in 4 tasks", await error, StringComparison.Ordinal);
        Assert.Equal(expected, Taken());
    }

    [Fact]
    public async Task A_controller_that_starts_again_in_the_middle_is_waited_for()
    {
        using var cluster = SlurmCluster.Start(nodes: 2);
        Fill();
        AvalProcess.Run(Workspace, Build).Done();
        var expected = Taken();
        using var build = AvalProcess.Start(Workspace, cluster.Environment, OnSlurm(4));
        var error = build.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = build.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        cluster.Until("the job is known", () => cluster.Tasks().Count > 0 || build.HasExited);
        cluster.StopController();
        cluster.StartController();
        await build.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(build.ExitCode == 0, $"exit {build.ExitCode}\n{await error}\n{await output}");
        Assert.Equal(expected, Taken());
    }

    [Fact]
    public void A_program_that_no_node_can_run_ends_the_build_and_leaves_what_the_tasks_said()
    {
        using var cluster = SlurmCluster.Start(nodes: 2);
        Fill();
        var answer = AvalProcess.Run(Workspace, cluster.Environment, [.. OnSlurm(1), "--program", "/bin/false"]);

        var working = Path.Combine(Workspace, "tmp", "build-opt-out");
        Assert.Equal(5, answer.Exit);
        Assert.Contains("4 buckets are missing", answer.Error, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(working, "slurm"), "admit-*.log"));
        AvalProcess.Run(Workspace, Build).Done();
        Assert.False(Directory.Exists(working));
    }

    [Fact]
    public void The_script_can_be_read_before_anything_is_done()
    {
        AvalProcess.Run(Workspace, "init", "--buckets", "4").Done();
        var script = AvalProcess.Run(Workspace, [.. OnSlurm(3), "--partition", "batch", "--dry-run"]).Done().Output;

        Assert.All(
            [
                "#SBATCH --array=0-2", "#SBATCH --partition=batch", "#SBATCH --mem=800M", "stage run admit --build",
                "--of 3",
            ],
            line => Assert.Contains(line, script, StringComparison.Ordinal));
        var detached = AvalProcess.Run(
            Workspace, [.. OnSlurm(3), "--detach", "--commit-partition", "keys", "--dry-run"]).Done().Output;
        Assert.All(
            ["--partition=keys", "stage run commit --build", "--job \"$SLURM_JOB_ID\""],
            line => Assert.Contains(line, detached, StringComparison.Ordinal));
        Assert.False(Directory.Exists(Path.Combine(Workspace, "corpus", "opt-out")));
        Assert.Equal("[]\n", AvalProcess.Run(Workspace, "build", "status", "--json").Done().Output);
        Assert.Equal(2, AvalProcess.Run(Workspace, [.. Build, "--tasks", "3"]).Exit);
        Assert.Equal(2, AvalProcess.Run(Workspace, [.. Build, "--detach"]).Exit);
        Assert.Equal(2, AvalProcess.Run(Workspace, [.. OnSlurm(3), "--commit-partition", "keys"]).Exit);
        Assert.Equal(3, AvalProcess.Run(
            Workspace, "stage", "run", "admit", "--build", Path.Combine(Workspace, "tmp", "build-opt-out"), "--task",
            "0", "--of", "1").Exit);
    }

    private static string[] OnSlurm(int tasks) =>
        [.. Build, "--executor", "slurm", "--tasks", tasks.ToString(CultureInfo.InvariantCulture)];

    private void Fill()
    {
        var files = Path.Combine(_folder, "files");
        Platform.Write(files, Items);
        Platform.Import(Workspace, files);
    }

    // What was made, and then removed, so that the next build makes all of it again.
    private SortedDictionary<string, string> Taken()
    {
        var bytes = Platform.Bytes(Workspace);
        Directory.Delete(Path.Combine(Workspace, "corpus", "opt-out"), recursive: true);
        Directory.Delete(Path.Combine(Workspace, "lineage", "opt-out"), recursive: true);
        return bytes;
    }
}
