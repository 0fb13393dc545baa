namespace Aval.EndToEnd.Cluster;

/// <summary>
/// What the tests with a cluster rest on: that ours runs tasks, loses them and forgets them as a real one does.
/// </summary>
public sealed class SlurmTests
{
    [Fact]
    public void An_array_runs_on_both_nodes_and_a_killed_task_is_seen_as_failed()
    {
        using var cluster = SlurmCluster.Start(nodes: 2);
        // A pair that waits for each other can only end where both run at once.
        var job = cluster.Submit("""
            touch started.$SLURM_ARRAY_TASK_ID
            case $SLURM_ARRAY_TASK_ID in
              0) until [ -e started.1 ]; do sleep 0.1; done ;;
              1) until [ -e started.0 ]; do sleep 0.1; done ;;
              3) exec sleep 1000 ;;
            esac
            """, tasks: 4);
        var running = cluster.Await(
            job, "all but the endless task are over", task => task.IsOver || task is { Index: 3, State: "RUNNING" });

        cluster.Kill(running[3]);

        var over = cluster.Await(job, "all tasks are over", task => task.IsOver);
        Assert.Equal(
            ["0 COMPLETED", "1 COMPLETED", "2 COMPLETED", "3 FAILED"],
            over.Select(task => $"{task.Index} {task.State}"));
        Assert.Equal(["n1", "n2"], over.Take(2).Select(task => task.Node).Order());
    }

    [Fact]
    public void Tasks_run_on_while_the_controller_is_away_and_are_known_when_it_is_back()
    {
        using var cluster = SlurmCluster.Start(nodes: 2);
        var job = cluster.Submit("until [ -e go ]; do sleep 0.1; done; touch done.$SLURM_ARRAY_TASK_ID", tasks: 2);
        cluster.Await(job, "both tasks run", task => task.State == "RUNNING");

        cluster.StopController();
        File.Create(Path.Combine(cluster.Shared, "go")).Dispose();
        cluster.Until("both tasks are done", () => Directory.GetFiles(cluster.Shared, "done.*").Length == 2);
        cluster.StartController();

        var over = cluster.Await(job, "both tasks are over", task => task.IsOver);
        Assert.Equal(["COMPLETED", "COMPLETED"], over.Select(task => task.State));
    }

    [Fact]
    public void A_cancelled_job_ends_with_all_its_processes()
    {
        using var cluster = SlurmCluster.Start(nodes: 2);
        var job = cluster.Submit("sleep 1000", tasks: 3);
        var running = cluster.Await(job, "both nodes have a task", task => task.State == "RUNNING" || task.Index == 2)
            .Take(2).ToArray();
        cluster.Until("both have processes", () => running.All(task => cluster.ProcessesOf(task).Count > 0));

        cluster.Cancel(job);

        var over = cluster.Await(job, "all tasks are over", task => task.IsOver);
        Assert.All(over, task => Assert.Equal("CANCELLED", task.State));
        cluster.Until("no process is left", () => running.All(task => cluster.ProcessesOf(task).Count == 0));
    }
}
