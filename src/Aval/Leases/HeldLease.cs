using System.Diagnostics;
using Aval.Storage;

namespace Aval.Leases;

/// <summary>
/// The lease of a corpus in the hands of this process, which has the corpus's lock for as long. Letting go of the lock
/// and of the lease are two things: jobs keep a lease while nobody has the lock.
/// </summary>
internal sealed class HeldLease : IDisposable
{
    private static readonly TimeSpan Writing = TimeSpan.FromMinutes(1);
    private readonly string _releases;
    private readonly FileLock _lock;

    private HeldLease(string releases, FileLock held, Lease lease)
    {
        (_releases, _lock, Lease) = (releases, held, lease);
        lease.Write(releases);
    }

    /// <summary>What it says now.</summary>
    public Lease Lease { get; private set; }

    /// <summary>
    /// Takes the lease, also from somebody who is gone; whatever jobs they left are cancelled first, and waited for,
    /// since they would write over what this build makes.
    /// </summary>
    /// <param name="releases">The corpus's folder of releases.</param>
    /// <param name="lease">What it is to say.</param>
    /// <exception cref="AvalException">Busy: somebody builds this corpus, or nobody can tell from here.</exception>
    public static HeldLease Take(string releases, Lease lease) => Locked(releases, lease.Corpus, held =>
    {
        var before = Lease.Read(releases);
        RequireGone(releases, before);
        if (before is { Cluster: { } cluster, Names.Count: > 0 }
            && !Slurm.Cancel(cluster, before.Names, TimeSpan.FromMinutes(1)))
            throw AvalException.Busy($"The corpus \"{lease.Corpus}\" was built by {before.Holder()}, which cannot be "
                + "cancelled from here now, and would write over what this build makes. Nothing was done. "
                + Remove(releases, "no such job is left"));
        return new HeldLease(releases, held, lease);
    })!;

    /// <summary>Takes the lock of a lease that a job holds: this process is that job.</summary>
    /// <param name="releases">The corpus's folder of releases.</param>
    /// <param name="corpus">The corpus.</param>
    /// <param name="job">The job's number.</param>
    /// <exception cref="AvalException">Busy: another build has taken it over, or it is over.</exception>
    public static HeldLease Continue(string releases, string corpus, string job)
    {
        using var wait = new ManualResetEventSlim();
        var waited = Stopwatch.StartNew();
        while (true)
        {
            // Who submitted has the lock until the job is written down; where locks do not reach that far, it may yet
            // be.
            var held = Locked(releases, corpus, held => Lease.Read(releases) is { IsDetached: true } lease
                && lease.Jobs.Any(one => one.Id == job) ? new HeldLease(releases, held, lease) : null);
            if (held is not null)
                return held;
            if (Lease.Read(releases) is not { Process: not null, Failure: null } || waited.Elapsed > Writing)
                throw AvalException.Busy($"{Path.Combine(releases, Lease.FileName)}: the corpus \"{corpus}\" is not "
                    + $"held for job {job}: its build was started again, is over, or was killed before it had written "
                    + "the job down. Nothing was done.");
            wait.Wait(TimeSpan.FromMilliseconds(500));
        }
    }

    /// <summary>Says something else of the same build.</summary>
    public void Say(Func<Lease, Lease> change)
    {
        Lease = change(Lease);
        Lease.Write(_releases);
    }

    /// <summary>Gives it up: the build is over.</summary>
    public void End() => File.Delete(Path.Combine(_releases, Lease.FileName));

    /// <summary>Lets go of the lock.</summary>
    public void Dispose() => _lock.Dispose();

    private static HeldLease? Locked(string releases, string corpus, Func<FileLock, HeldLease?> take)
    {
        var held = Acquire(releases, corpus);
        HeldLease? taken = null;
        try
        {
            return taken = take(held);
        }
        finally
        {
            if (taken is null)
                held.Dispose();
        }
    }

    private static FileLock Acquire(string releases, string corpus)
    {
        var path = Path.Combine(releases, Lease.LockName);
        try
        {
            return FileLock.Acquire(path, $"the corpus \"{corpus}\"", TimeSpan.FromSeconds(10));
        }
        catch (AvalException busy) when (busy.Exit == ExitCode.Busy && Lease.Read(releases) is { } lease)
        {
            throw Busy(lease, "Wait for it to finish and run the command again.");
        }
    }

    private static void RequireGone(string releases, Lease? lease)
    {
        switch (lease?.Standing(() => true))
        {
            case null or Standing.Gone:
                return;
            case Standing.Held when lease.IsDetached:
                throw Busy(lease, $"See aval build status. To give that build up: scancel "
                    + $"{string.Join(' ', lease.Jobs.Select(job => job.Id))}; what it finished stays.");
            case Standing.Held:
                throw Busy(lease, "Wait for it to finish and run the command again.");
            case Standing.Unknown:
                throw Busy(
                    lease, "Whether it is still there cannot be told from here"
                    + (lease.IsDetached ? ": squeue does not answer, or for another cluster. " : ". ")
                    + Remove(releases, "it is not"));
        }
    }

    private static AvalException Busy(Lease lease, string what) => AvalException.Busy(
        $"The corpus \"{lease.Corpus}\" is being built by {lease.Holder()}, since {lease.Since}. "
        + $"Nothing was done. {what}");

    private static string Remove(string releases, string when) =>
        $"When you know that {when}, remove {Path.Combine(releases, Lease.FileName)} and run the command again.";
}
