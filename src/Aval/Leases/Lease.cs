using System.Text.Json;
using System.Text.Json.Serialization;
using Aval.Storage;

namespace Aval.Leases;

/// <summary>Whether who holds a lease is still there.</summary>
internal enum Standing
{
    /// <summary>Its process runs, or one of its jobs waits or runs.</summary>
    Held,

    /// <summary>Its process is dead; or its jobs are all gone; or it failed, and said so.</summary>
    Gone,

    /// <summary>Nobody can tell from here: another machine, or a scheduler that does not answer.</summary>
    Unknown,
}

/// <summary>
/// Who builds a corpus: what a lock cannot say to another machine, nor for jobs that have not begun. It is
/// <c>corpus/NAME/.lease</c>, replaced under the corpus's lock alone, and stays where a build was killed or failed. It
/// has no end: a clock that is set frees nothing.
/// </summary>
/// <param name="Corpus">Of which corpus.</param>
/// <param name="Policy">Under which policy.</param>
/// <param name="AsOf">As of when.</param>
/// <param name="Since">When the build began, for people.</param>
/// <param name="Command">What runs it again.</param>
/// <param name="Process">Who holds it; null = its jobs do, whether or not one of them runs now.</param>
internal sealed record Lease(
    string Corpus, string Policy, string AsOf, string Since, string Command, ProcessIdentity? Process)
{
    /// <summary>Its name in a corpus's folder of releases.</summary>
    public const string FileName = ".lease";

    /// <summary>And that of the lock beside it.</summary>
    public const string LockName = ".lock";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The cluster that its jobs are given to; null = none is.</summary>
    public string? Cluster { get; init; }

    /// <summary>What these jobs are called there, and no others: said before the first is given, so that a kill leaves
    /// none that nobody knows of. None = none of them is left.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The jobs, in the order in which they were given.</summary>
    public IReadOnlyList<Job> Jobs { get; init; } = [];

    /// <summary>Why the build failed; null = it did not, as far as it could say.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether jobs hold it, and no process.</summary>
    [JsonIgnore]
    public bool IsDetached => Process is null;

    /// <summary>The lease of a corpus; null = nobody builds it.</summary>
    /// <param name="releases">The corpus's folder of releases.</param>
    /// <exception cref="AvalException">Bad input: the file says nothing.</exception>
    public static Lease? Read(string releases)
    {
        var path = Path.Combine(releases, FileName);
        try
        {
            return JsonSerializer.Deserialize<Lease>(File.ReadAllBytes(path), Options);
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException torn)
        {
            throw AvalException.BadInput($"{path}: expected who builds this corpus, as Aval wrote it, and found "
                + "something else. Nothing was done. If no build of this corpus runs, on any machine, remove the file "
                + "and run the command again.", torn);
        }
    }

    /// <summary>All leases of a workspace.</summary>
    /// <param name="corpora">Its folder of corpora.</param>
    public static IReadOnlyList<(string Releases, Lease Lease)> All(string corpora) =>
    [
        .. (Directory.Exists(corpora) ? Directory.EnumerateDirectories(corpora) : [])
            .Order(StringComparer.Ordinal)
            .Select(releases => (releases, Read(releases)!)).Where(one => one.Item2 is not null),
    ];

    /// <summary>Whether who holds it is still there. Who asks holds the corpus's lock, or may take it for a
    /// moment.</summary>
    /// <param name="isLockFree">Whether nobody has the corpus's lock.</param>
    public Standing Standing(Func<bool> isLockFree)
    {
        if (Failure is not null)
            return Leases.Standing.Gone;
        if (Process is { } process)
        {
            return process.Runs(isLockFree) switch
            {
                true => Leases.Standing.Held,
                false => Leases.Standing.Gone,
                null => Leases.Standing.Unknown,
            };
        }

        return Slurm.Queued(Cluster ?? "", Names) switch
        {
            null => Leases.Standing.Unknown,
            { Count: 0 } => Leases.Standing.Gone,
            _ => Leases.Standing.Held,
        };
    }

    /// <summary>The same for whoever does not hold the corpus's lock.</summary>
    /// <param name="releases">The corpus's folder of releases.</param>
    public Standing Standing(string releases) => Standing(() =>
    {
        using var free = FileLock.TryAcquire(Path.Combine(releases, LockName));
        return free is not null;
    });

    /// <summary>Who holds it, in words.</summary>
    public string Holder() => Process is { } process
        ? process.ToString() + (Jobs.Count > 0 ? $", with {JobsInWords()}" : "")
        : JobsInWords();

    /// <summary>Its jobs, in words.</summary>
    public string JobsInWords() =>
        $"{(Jobs.Count == 1 ? "job" : "jobs")} {string.Join(", ", Jobs.Select(job => $"{job.Id} ({job.Stage})"))}"
            + $" of the cluster {Cluster}";

    /// <summary>Puts it in the place of the one before.</summary>
    public void Write(string releases) => Durable.Replace(
        Path.Combine(releases, FileName), JsonSerializer.SerializeToUtf8Bytes(this, Options), Durable.Private);
}
