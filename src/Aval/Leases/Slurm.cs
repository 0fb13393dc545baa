using System.ComponentModel;
using System.Diagnostics;

namespace Aval.Leases;

/// <summary>A job of a scheduler.</summary>
/// <param name="Stage">What it makes.</param>
/// <param name="Id">Its number, as sbatch answered it.</param>
internal sealed record Job(string Stage, string Id);

/// <summary>A job, or tasks of its array, as the scheduler knows them.</summary>
/// <param name="Id">Its number; of tasks of an array with their places.</param>
/// <param name="State">PENDING, RUNNING, COMPLETED, FAILED …</param>
internal sealed record JobState(string Id, string State);

/// <summary>
/// Slurm's commands. What does not answer is no answer: neither that a job runs nor that it is gone.
/// </summary>
internal static class Slurm
{
    /// <summary>Runs a command that must succeed.</summary>
    /// <exception cref="AvalException">Bad input: it did not.</exception>
    public static string Ask(string program, params string[] arguments)
    {
        var (exit, output, error) = Run(program, arguments);
        return exit == 0
            ? output
            : throw AvalException.BadInput($"{program} {string.Join(' ', arguments)} failed: {error.Trim()}. "
                + "No release was made. Slurm's commands must be on the PATH of the machine that builds. "
                + "See whether the cluster takes jobs (sinfo), or build without --executor.");
    }

    /// <summary>Runs a command; null = it failed. A job that the queue has forgotten is an error to squeue, and means
    /// that it is over.</summary>
    public static string? TryAsk(string program, params string[] arguments)
    {
        var (exit, output, error) = Run(program, arguments);
        if (exit == 0)
            return output.Trim();
        return error.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase) ? "" : null;
    }

    /// <summary>The cluster that answers here, as its configuration names it; null = none does.</summary>
    public static string? Cluster() =>
        TryAsk("scontrol", "show", "config")?.Split('\n')
            .FirstOrDefault(line => line.StartsWith("ClusterName", StringComparison.Ordinal))?.Split('=', 2)[^1].Trim();

    /// <summary>The jobs of these names that wait or run; null = the cluster does not answer, or it is another
    /// one.</summary>
    public static IReadOnlyList<JobState>? Queued(string cluster, IReadOnlyList<string> names) =>
        Cluster() == cluster && TryAsk(
            "squeue", "--noheader", "--name", string.Join(',', names), "--format", "%i|%T") is { } rows
            ? Parse(rows)
            : null;

    /// <summary>Cancels all jobs of these names, and waits until none is left.</summary>
    /// <returns>Whether none is left.</returns>
    public static bool Cancel(string cluster, IReadOnlyList<string> names, TimeSpan patience)
    {
        if (Cluster() != cluster)
            return false;
        using var wait = new ManualResetEventSlim();
        // Not the clock: it can be set.
        var waited = Stopwatch.StartNew();
        foreach (var name in names)
            TryAsk("scancel", "--name", name);
        while (Queued(cluster, names) is not { Count: 0 })
        {
            if (waited.Elapsed > patience)
                return false;
            wait.Wait(TimeSpan.FromMilliseconds(200));
        }

        return true;
    }

    /// <summary>How jobs stand or have ended, as far as anybody still knows: the accounting, else the queue.</summary>
    public static IReadOnlyList<JobState> Known(string cluster, IReadOnlyList<Job> jobs)
    {
        if (jobs.Count == 0 || Cluster() != cluster)
            return [];
        var ids = string.Join(',', jobs.Select(job => job.Id));
        var accounted = TryAsk(
            "sacct", "--noheader", "--parsable2", "--allocations", "--format", "JobID,State", "--jobs", ids);
        return Parse(string.IsNullOrEmpty(accounted)
            ? TryAsk("squeue", "--noheader", "--states", "all", "--jobs", ids, "--format", "%i|%T") ?? ""
            : accounted);
    }

    private static List<JobState> Parse(string rows) =>
    [
        .. rows.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Trim().Split('|', 2))
            .Where(row => row.Length == 2).Select(row => new JobState(row[0], row[1])),
    ];

    private static (int Exit, string Output, string Error) Run(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.GetAwaiter().GetResult());
        }
        catch (Win32Exception missing)
        {
            return (-1, "", missing.Message);
        }
    }
}
