using System.Diagnostics;
using System.Globalization;
using Aval.Building;
using Aval.Storage;

namespace Aval.Cluster;

/// <summary>How a build's parts are given to Slurm.</summary>
/// <param name="Tasks">Into how many tasks of an array they are dealt out.</param>
/// <param name="Partition">The cluster's partition; null = its default.</param>
/// <param name="Program">The command that runs Aval on every node, on a path that all of them see.</param>
/// <param name="Limits">How much of its node one task may use.</param>
internal sealed record SlurmOptions(int Tasks, string? Partition, IReadOnlyList<string> Program, EngineLimits Limits);

/// <summary>
/// Makes a build's parts as a job array of a Slurm cluster with shared storage. What counts is what lies on disk: a
/// task that was killed, a node that is gone or a controller that starts again leaves parts missing, and only those are
/// submitted again. The script is plain, and lies in the build's working folder (docs/cluster.md).
/// </summary>
internal sealed class SlurmExecutor(SlurmOptions options, TimeProvider clock, Action<string> tell) : IPartExecutor
{
    private const int Rounds = 5;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    // A controller that does not answer is being started again; nobody waits for one that never comes back.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>The script of an array.</summary>
    /// <param name="working">The build's working folder.</param>
    public string Script(string working)
    {
        var folder = Path.Combine(working, "slurm");
        var partition = options.Partition is { } name ? $"#SBATCH --partition={name}\n" : "";
        return string.Create(CultureInfo.InvariantCulture, $"""
            #!/bin/sh
            #SBATCH --job-name={NameOf(working)}
            #SBATCH --array=0-{options.Tasks - 1}
            #SBATCH --cpus-per-task={options.Limits.Threads}
            #SBATCH --mem={(options.Limits.Memory + 300_000_000) / 1_000_000}M
            #SBATCH --output={folder}/admit-%A-%a.log
            #SBATCH --open-mode=append
            #SBATCH --requeue
            {partition}# Each task makes the buckets whose number, modulo {options.Tasks}, is its own, and that are not there yet.
            exec {string.Join(' ', options.Program.Select(Quoted))} stage run admit --build {Quoted(working)} \
                --task "$SLURM_ARRAY_TASK_ID" --of {options.Tasks} \
                --threads {options.Limits.Threads} --memory {options.Limits.Memory / 1_000_000}MB

            """);
    }

    private static string NameOf(string working) => $"aval-admit-{Path.GetFileName(working)}";

    IReadOnlyList<FinishedPart> IPartExecutor.Make(PartsToMake work, Action<int> watch)
    {
        var folder = Path.Combine(work.Working, "slurm");
        FileModes.MakePrivateFolder(folder);
        var script = Path.Combine(folder, "admit.sbatch");
        Durable.Replace(script, System.Text.Encoding.UTF8.GetBytes(Script(work.Working)), Durable.Private);
        // Of a build that was killed, tasks may still run, and would put their parts over these.
        TryAsk("scancel", "--name", NameOf(work.Working));
        var made = new Dictionary<int, FinishedPart>();
        for (var round = 1; Missing(work, made).Any(); round++)
        {
            if (round > Rounds)
                throw new AvalException(
                    ExitCode.Busy,
                    $"{folder}: {Missing(work, made).Count()} buckets are missing after {Rounds} job arrays. "
                        + "No release was made; what is finished stays, and the same build goes on from it. "
                        + "See what the tasks said in that folder.");
            var job = Ask("sbatch", "--parsable", script).Trim().Split(';')[0];
            tell($"job {job}: {Missing(work, made).Count()} buckets in {options.Tasks} tasks");
            try
            {
                Await(job, work, made, watch);
            }
            catch
            {
                TryAsk("scancel", job);
                throw;
            }
        }

        return [.. made.Values];
    }

    // Looks at the disk until all is there, or the queue knows the job no more.
    private void Await(string job, PartsToMake work, Dictionary<int, FinishedPart> made, Action<int> watch)
    {
        using var wait = new ManualResetEventSlim();
        var answered = clock.GetUtcNow();
        while (true)
        {
            // Asked first: a task that ends between the two looks has left its parts by the second.
            var queued = TryAsk("squeue", "--noheader", "--jobs", job, "--format", "%i %T");
            foreach (var part in Missing(work, made).ToArray())
            {
                if (FinishedParts.Find(work.Working, work.Plan, part, work.Seal) is { } found)
                    made[part.Bucket] = found;
            }

            watch(made.Count);
            if (!Missing(work, made).Any())
                return;
            if (queued is not null)
                answered = clock.GetUtcNow();
            if (queued is { Length: 0 })
                return;
            if (clock.GetUtcNow() - answered > Patience)
                throw new AvalException(
                    ExitCode.Busy,
                    $"squeue has not answered for {Patience.TotalMinutes:F0} minutes. "
                        + "No release was made; what is finished stays. "
                        + "Run the same build again when the controller is back.");
            wait.Wait(BetweenLooks);
        }
    }

    private static IEnumerable<PlannedPart> Missing(PartsToMake work, Dictionary<int, FinishedPart> made) =>
        work.Missing.Where(part => !made.ContainsKey(part.Bucket));

    private static string Ask(string program, params string[] arguments)
    {
        var (exit, output, error) = Run(program, arguments);
        return exit == 0
            ? output
            : throw AvalException.BadInput($"{program} {string.Join(' ', arguments)} failed: {error.Trim()}. "
                + "No release was made. See whether the cluster takes jobs (sinfo), or build without --executor.");
    }

    // A job that the queue has forgotten is an error to squeue, and means that it is over.
    private static string? TryAsk(string program, params string[] arguments)
    {
        var (exit, output, error) = Run(program, arguments);
        if (exit == 0)
            return output.Trim();
        return error.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase) ? "" : null;
    }

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
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw AvalException.BadInput($"{program}: {missing.Message}. No release was made. "
                + "Slurm's commands must be on the PATH of the machine that builds.", missing);
        }
    }

    private static string Quoted(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
