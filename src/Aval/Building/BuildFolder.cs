using System.Globalization;
using Aval.Authors;
using Aval.Corpus;
using Aval.Leases;
using Aval.Storage;

namespace Aval.Building;

/// <summary>
/// Where a build works, and the lease that makes it the only one of its corpus. The release grows in a hidden folder
/// beside the others, its lineage beside theirs, and nothing of it is a release until it is renamed. A build that was
/// killed leaves the parts that it had finished, and the next one goes on from them; a build that failed in this
/// process leaves nothing.
/// </summary>
internal sealed class BuildFolder : IDisposable
{
    /// <summary>How the name of a file ends that is being written.</summary>
    public const string Unfinished = ".unfinished";

    /// <summary>Where jobs leave what they say, below the working folder.</summary>
    public const string LogsName = "slurm";

    private const int NotEmpty = 39; // ENOTEMPTY, which .NET hands on as it is.

    // Ten seconds in all.
    private const int Attempts = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private const string Hidden = ".building";
    private const string WorkingName = "build-";
    private const string StageName = "stage";
    private bool _isLeft;

    private BuildFolder(Workspace workspace, HeldLease held)
    {
        var corpus = CorpusName.Parse(held.Lease.Corpus);
        Held = held;
        Working = WorkingOf(workspace, corpus);
        Release = Path.Combine(ReleasesOf(workspace, corpus), Hidden);
        Lineage = Path.Combine(LineagesOf(workspace, corpus), Hidden);
    }

    /// <summary>The lease of its corpus.</summary>
    public HeldLease Held { get; }

    /// <summary>Files that are not part of the release.</summary>
    public string Working { get; }

    /// <summary>What will be the release.</summary>
    public string Release { get; }

    /// <summary>What will be its lineage.</summary>
    public string Lineage { get; }

    /// <summary>Where the shards are written.</summary>
    public string Shards => Path.Combine(Release, "shards");

    /// <summary>Where the tree of its authors and the audit sidecar are written.</summary>
    public string Authors => Path.Combine(Release, ReleaseAuthors.Directory);

    /// <summary>Where a corpus's build works.</summary>
    public static string WorkingOf(Workspace workspace, CorpusName corpus) =>
        Path.Combine(workspace.Temporary, $"{WorkingName}{corpus}");

    /// <summary>Whose working folder a folder is.</summary>
    /// <exception cref="AvalException">Usage: nobody's. Bad input: aval.yaml above it cannot be read.</exception>
    public static (Workspace Workspace, CorpusName Corpus) OwnerOf(string working)
    {
        var (name, above) = (Path.GetFileName(working), Path.GetDirectoryName(Path.GetDirectoryName(working)));
        return above is not null && name.StartsWith(WorkingName, StringComparison.Ordinal)
            ? (Workspace.Open(above, above), CorpusName.Parse(name[WorkingName.Length..]))
            : throw AvalException.Usage($"{working}: expected the working folder of a build, "
                + "WORKSPACE/tmp/build-CORPUS. Nothing was done.");
    }

    /// <summary>Takes the corpus's lease, and clears away what no build can go on from.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="lease">What the lease is to say, of which corpus above all.</param>
    /// <exception cref="AvalException">Busy: this corpus is being built.</exception>
    public static BuildFolder Begin(Workspace workspace, Lease lease)
    {
        var corpus = CorpusName.Parse(lease.Corpus);
        var (releases, lineages) = (ReleasesOf(workspace, corpus), LineagesOf(workspace, corpus));
        FileModes.MakeReadableFolder(releases);
        FileModes.MakePrivateFolder(lineages);
        return Prepared(workspace, HeldLease.Take(releases, lease), folder =>
        {
            // Renaming two directories is not one step: a kill between them leaves a lineage whose release never came.
            foreach (var orphan in Directory.EnumerateDirectories(lineages)
                .Where(path => path != folder.Lineage && ReleaseName.IsId(Path.GetFileName(path))
                    && !Directory.Exists(Path.Combine(releases, Path.GetFileName(path)))))
                Directory.Delete(orphan, recursive: true);
            // So does one while the list of parts is replaced, of which a build that makes nothing writes no other.
            foreach (var unfinished in Directory.EnumerateFiles(lineages, "*" + Durable.Unfinished))
                File.Delete(unfinished);
            folder.Prepare(FinishedParts.FolderName, SketchStage.FolderName, AdmitStage.DecidedFolder);
        });
    }

    /// <summary>Goes on with a build whose lease a job holds, which is this process. It leaves everything as it is,
    /// also when it fails, until it is told that it is over.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="corpus">The corpus.</param>
    /// <param name="job">The job's number.</param>
    /// <exception cref="AvalException">Busy: the build is not this job's any more.</exception>
    public static BuildFolder Continue(Workspace workspace, CorpusName corpus, string job) =>
        Prepared(workspace, HeldLease.Continue(ReleasesOf(workspace, corpus), corpus.Text, job), folder =>
        {
            folder._isLeft = true;
            if (Directory.Exists(folder.Authors))
                Directory.Delete(folder.Authors, recursive: true);
            folder.MakeFolders();
        });

    /// <summary>Removes what no part of this build names: what tasks that were killed had not finished, and shards of a
    /// build that had more buckets.</summary>
    internal void RemoveUnnamed(IEnumerable<FinishedPart> parts)
    {
        var named = parts.Select(part => NameOf(part.Bucket)).ToHashSet(StringComparer.Ordinal);
        foreach (var file in new[] { Shards, Lineage }.SelectMany(Directory.EnumerateFiles)
            .Where(file => !named.Contains(Path.GetFileName(file))))
            File.Delete(file);
    }

    /// <summary>Leaves everything as it is when the build fails: what others made, and what they said of it.</summary>
    /// <param name="why">Why it failed.</param>
    public void Leave(string why)
    {
        _isLeft = true;
        Held.Say(lease => lease with { Failure = why });
    }

    /// <summary>Gives the build to jobs: when this process ends, it is theirs.</summary>
    public void HandOver(IReadOnlyList<Job> jobs)
    {
        Held.Say(lease => lease with { Process = null, Jobs = jobs });
        _isLeft = true;
    }

    /// <summary>The build is over: nothing is left of it.</summary>
    public void LeaveNothing() => _isLeft = false;

    /// <summary>Clears for another round what is written anew in it; finished parts stay.</summary>
    public void Again() =>
        Prepare(FinishedParts.FolderName, SketchStage.FolderName, AdmitStage.DecidedFolder, LogsName);

    /// <summary>Says where the build is, for whoever asks: nothing goes by it.</summary>
    public void Say(string stage)
    {
        using var text = new StreamWriter(Path.Combine(Working, StageName));
        text.Write(stage);
    }

    /// <summary>Where a build is, as far as it says; null = it does not.</summary>
    public static string? StageOf(string working)
    {
        try
        {
            return File.ReadAllText(Path.Combine(working, StageName)) is { Length: > 0 } stage ? stage : null;
        }
        catch (IOException)
        {
            return null; // Not begun, over, or being written just now.
        }
    }

    /// <summary>Removes everything: the build is over, or failed.</summary>
    public void Clear()
    {
        foreach (var directory in new[] { Working, Release, Lineage })
            Remove(directory);
    }

    // A task that was killed on another machine, or whose end its scheduler told before it was over, may write into it
    // for a moment still: then it is not empty when it is to go.
    private static void Remove(string directory)
    {
        for (var attempt = 1; Directory.Exists(directory); attempt++)
        {
            try
            {
                Directory.Delete(directory, recursive: true);
            }
            catch (IOException busy) when (busy.HResult == NotEmpty && attempt < Attempts)
            {
                Thread.Sleep(Pause);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            if (!_isLeft)
            {
                Clear();
                Held.End();
            }
        }
        finally
        {
            Held.Dispose();
        }
    }

    /// <summary>The file name of a bucket's shard, and of its lineage.</summary>
    public static string NameOf(int bucket) => string.Create(CultureInfo.InvariantCulture, $"b{bucket:D3}.parquet");

    private static string ReleasesOf(Workspace workspace, CorpusName corpus) =>
        Path.Combine(workspace.Corpus, corpus.Text);

    private static string LineagesOf(Workspace workspace, CorpusName corpus) =>
        Path.Combine(workspace.Lineage, corpus.Text);

    private static BuildFolder Prepared(Workspace workspace, HeldLease held, Action<BuildFolder> prepare)
    {
        try
        {
            var folder = new BuildFolder(workspace, held);
            prepare(folder);
            return folder;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    // What is written anew by every build goes; finished parts are looked at when it is known what they are made from.
    private void Prepare(params IReadOnlyList<string> kept)
    {
        if (Directory.Exists(Authors))
            Directory.Delete(Authors, recursive: true);
        if (Directory.Exists(Working))
        {
            foreach (var folder in Directory.EnumerateDirectories(Working)
                .Where(path => !kept.Contains(Path.GetFileName(path))))
                Directory.Delete(folder, recursive: true);
            foreach (var file in Directory.EnumerateFiles(Working))
                File.Delete(file);
        }

        MakeFolders();
    }

    // Until it is a release, nobody else has anything to look for in it.
    private void MakeFolders()
    {
        foreach (var directory in new[] { Working, Shards, Authors, Lineage })
            FileModes.MakePrivateFolder(directory);
    }
}
