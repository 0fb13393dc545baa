using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aval.Building;
using Aval.Leases;
using Aval.Storage;

namespace Aval.Cluster;

/// <summary>How a build's parts are given to Slurm.</summary>
/// <param name="Tasks">Into how many tasks of an array they are dealt out.</param>
/// <param name="Partition">The cluster's partition; null = its default.</param>
/// <param name="Program">The command that runs Aval on every node, on a path that all of them see.</param>
/// <param name="Limits">How much of its node one task may use.</param>
internal sealed record SlurmOptions(int Tasks, string? Partition, IReadOnlyList<string> Program, EngineLimits Limits)
{
    /// <summary>The partition of the job that commits, on whose nodes keys/ can be read; null = that of the
    /// tasks.</summary>
    public string? CommitPartition { get; init; }
}

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
        var folder = Path.Combine(working, BuildFolder.LogsName);
        var partition = PartitionLine(options.Partition);
        return string.Create(CultureInfo.InvariantCulture, $"""
            #!/bin/sh
            #SBATCH --job-name={NameOf("admit", working)}
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

    /// <summary>The script of the job that commits, which is submitted with a dependency on the array.</summary>
    /// <param name="working">The build's working folder.</param>
    public string CommitScript(string working)
    {
        var folder = Path.Combine(working, BuildFolder.LogsName);
        var partition = PartitionLine(options.CommitPartition ?? options.Partition);
        return string.Create(CultureInfo.InvariantCulture, $"""
            #!/bin/sh
            #SBATCH --job-name={NameOf("commit", working)}
            #SBATCH --cpus-per-task={options.Limits.Threads}
            #SBATCH --mem={(options.Limits.Memory + 300_000_000) / 1_000_000}M
            #SBATCH --output={folder}/commit-%j.log
            #SBATCH --open-mode=append
            #SBATCH --requeue
            {partition}# Submitted with --dependency=afterany and the array's job. Makes what the array left missing and
            # commits: of all jobs this one alone reads keys/.
            exec {string.Join(' ', options.Program.Select(Quoted))} stage run commit --build {Quoted(working)} \
                --job "$SLURM_JOB_ID" --threads {options.Limits.Threads} --memory {options.Limits.Memory / 1_000_000}MB

            """);
    }

    /// <summary>Gives parts to an array and what comes after them to a job that waits for it, and does not wait
    /// itself.</summary>
    /// <returns>The jobs; the last of them commits.</returns>
    /// <exception cref="AvalException">Bad input: the cluster takes none; then none is left there.</exception>
    public IReadOnlyList<Job> Submit(PartsToMake work)
    {
        var folder = Prepare(work);
        var commit = Write(folder, "commit", CommitScript(work.Working));
        var jobs = new List<Job>();
        try
        {
            if (work.Missing.Count > 0)
                jobs.Add(new Job("admit", Sbatch(Write(folder, "admit", Script(work.Working)))));
            var after = jobs.Select(job => $"--dependency=afterany:{job.Id}");
            jobs.Add(new Job("commit", Sbatch([.. after, commit])));
            return jobs;
        }
        catch
        {
            jobs.ForEach(job => Slurm.TryAsk("scancel", job.Id));
            throw;
        }
    }

    // For people the corpus, and so that no other workspace's is meant, its place.
    private static string NameOf(string stage, string working) => $"aval-{stage}-"
        + Path.GetFileName(working).Replace("build-", "", StringComparison.Ordinal)
        + $"-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(working)).AsSpan(0, 4))}";

    private static string PartitionLine(string? partition) =>
        partition is { } name ? $"#SBATCH --partition={name}\n" : "";

    private static string Write(string folder, string stage, string text)
    {
        var script = Path.Combine(folder, $"{stage}.sbatch");
        Durable.Replace(script, Encoding.UTF8.GetBytes(text), Durable.Private);
        return script;
    }

    private static string Sbatch(params string[] arguments) =>
        Slurm.Ask("sbatch", ["--parsable", .. arguments]).Trim().Split(';')[0];

    // Says in the lease what the jobs will be called, before there is one.
    private static string Prepare(PartsToMake work)
    {
        var folder = Path.Combine(work.Working, BuildFolder.LogsName);
        FileModes.MakePrivateFolder(folder);
        string[] names = [NameOf("admit", work.Working), NameOf("commit", work.Working)];
        var cluster = Slurm.Cluster()
            ?? throw AvalException.BadInput("No Slurm cluster answers here (scontrol show config). "
                + "No release was made. See whether its controller runs (scontrol ping), or build without --executor.");
        // Of a build whose lease somebody removed, tasks may still run, and would put their parts over these.
        if (!Slurm.Cancel(cluster, names, TimeSpan.FromMinutes(1)))
            throw AvalException.Busy($"The cluster {cluster} still has jobs called {string.Join(" or ", names)}, of an "
                + "earlier build, and they do not end. No release was made. See: squeue --name "
                + $"{string.Join(',', names)}");
        work.Held.Say(lease => lease with { Cluster = cluster, Names = names });
        return folder;
    }

    IReadOnlyList<FinishedPart> IPartExecutor.Make(PartsToMake work, Action<int> watch)
    {
        if (work.Missing.Count == 0)
            return [];
        var folder = Prepare(work);
        var script = Write(folder, "admit", Script(work.Working));
        var made = new Dictionary<int, FinishedPart>();
        for (var round = 1; Missing(work, made).Any(); round++)
        {
            if (round > Rounds)
            {
                // The queue knows none of them any more, so nobody has to ask it again.
                work.Held.Say(lease => lease with { Names = [] });
                throw AvalException.Busy(
                    $"{folder}: {Missing(work, made).Count()} buckets are missing after {Rounds} job arrays. "
                    + "No release was made; what is finished stays, and the same build goes on from it. "
                    + "See what the tasks said in that folder.");
            }

            var job = Sbatch(script);
            work.Held.Say(lease => lease with { Jobs = [.. lease.Jobs, new Job("admit", job)] });
            tell($"job {job}: {Missing(work, made).Count()} buckets in {options.Tasks} tasks");
            try
            {
                Await(job, work, made, watch);
            }
            catch
            {
                Slurm.TryAsk("scancel", job);
                throw;
            }
        }

        return [.. made.Values];
    }

    // Looks at the disk until all is there, or the queue knows the job no more.
    private void Await(string job, PartsToMake work, Dictionary<int, FinishedPart> made, Action<int> watch)
    {
        using var wait = new ManualResetEventSlim();
        var answered = clock.GetTimestamp(); // No clock that can be set.
        while (true)
        {
            // Asked first: a task that ends between the two looks has left its parts by the second.
            var queued = Slurm.TryAsk("squeue", "--noheader", "--jobs", job, "--format", "%i %T");
            foreach (var part in Missing(work, made).ToArray())
            {
                if (FinishedParts.Find(work.Working, work.Plan, part, work.Seal) is { } found)
                    made[part.Bucket] = found;
            }

            watch(made.Count);
            if (!Missing(work, made).Any())
                return;
            if (queued is not null)
                answered = clock.GetTimestamp();
            if (queued is { Length: 0 })
                return;
            if (clock.GetElapsedTime(answered) > Patience)
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

    private static string Quoted(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
