namespace Aval.Benchmarks;

/// <summary>One release built with several buckets at a time, side by side.</summary>
/// <param name="Machine">Where.</param>
/// <param name="Sizes">What was built.</param>
/// <param name="Local">Counted runs in one process, by <c>--threads</c>.</param>
/// <param name="Cluster">Counted runs on the cluster, by <c>--tasks</c> of one thread each.</param>
internal sealed record ScaleTable(
    Machine Machine, Sizes Sizes, IReadOnlyDictionary<int, List<Run>> Local,
    IReadOnlyDictionary<int, List<ClusterRun>> Cluster)
{
    /// <summary>A table in Markdown.</summary>
    public void Print(TextWriter output)
    {
        output.WriteLine(Machine);
        output.WriteLine();
        output.WriteLine($"{Sizes.Items} items, {Sizes.Authors} accounts, {Aval.Benchmarks.Sizes.Buckets} buckets, "
            + $"laid out; outputs of authors there; {Sizes.Memory} a process; median of {Sizes.Runs}. "
            + $"The controller, all tasks and the command that waits share {Machine.Cores} cores: more tasks than that "
            + "wait for each other.");
        output.WriteLine();
        output.WriteLine(
            "| buckets at a time | seconds | times as fast | processor seconds | load | longest task | after |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        var alone = Medians.Of(Local[1].Select(run => run.Elapsed.TotalSeconds));
        foreach (var (threads, runs) in Local)
        {
            var seconds = Medians.Of(runs.Select(run => run.Elapsed.TotalSeconds));
            output.WriteLine($"| `--threads {threads}` | {seconds:F1} | {alone / seconds:F2} | "
                + $"{Medians.Of(runs.Select(run => run.Processor.TotalSeconds)):F1} | | | |");
        }

        foreach (var (tasks, runs) in Cluster)
        {
            double Median(Func<ClusterRun, TimeSpan> of) => Medians.Of(runs.Select(run => of(run).TotalSeconds));
            var seconds = Median(run => run.Command.Elapsed);
            output.WriteLine(
                $"| `--executor slurm --tasks {tasks} --threads 1` | {seconds:F1} | {alone / seconds:F2} | "
                + $"{Median(run => run.Processor):F1} | {Median(run => run.Load):F1} | "
                + $"{Median(run => run.Tasks.Longest):F1} | {Median(run => run.After):F1} |");
        }
    }
}
