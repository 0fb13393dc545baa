using System.Globalization;
using Aval.Authors;
using Aval.Corpus;
using Aval.Storage;

namespace Aval.Building;

/// <summary>
/// Where a build works, and the lock that makes it the only one of its corpus. The release grows in a hidden folder
/// beside the others, its lineage beside theirs, and nothing of it is a release until it is renamed. A build that was
/// killed leaves the parts that it had finished, and the next one goes on from them; a build that failed leaves
/// nothing.
/// </summary>
internal sealed class BuildFolder : IDisposable
{
    /// <summary>How the name of a file ends that is being written.</summary>
    public const string Unfinished = ".unfinished";

    private const string Hidden = ".building";
    private readonly FileLock _lock;
    private bool _isLeft;

    private BuildFolder(FileLock held, string working, string release, string lineage) =>
        (_lock, Working, Release, Lineage) = (held, working, release, lineage);

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
        Path.Combine(workspace.Temporary, $"build-{corpus}");

    /// <summary>Takes the corpus's lock, and clears away what no build can go on from.</summary>
    /// <exception cref="AvalException">Busy: this corpus is being built.</exception>
    public static BuildFolder Begin(Workspace workspace, CorpusName corpus)
    {
        var releases = Path.Combine(workspace.Corpus, corpus.Text);
        var lineages = Path.Combine(workspace.Lineage, corpus.Text);
        FileModes.MakeReadableFolder(releases);
        FileModes.MakePrivateFolder(lineages);
        var held = FileLock.Acquire(
            Path.Combine(releases, ".lock"), $"the corpus \"{corpus}\"", TimeSpan.FromSeconds(10));
        try
        {
            var folder = new BuildFolder(
                held, WorkingOf(workspace, corpus), Path.Combine(releases, Hidden), Path.Combine(lineages, Hidden));
            // Renaming two directories is not one step: a kill between them leaves a lineage whose release never came.
            foreach (var orphan in Directory.EnumerateDirectories(lineages)
                .Where(path => path != folder.Lineage && ReleaseName.IsId(Path.GetFileName(path))
                    && !Directory.Exists(Path.Combine(releases, Path.GetFileName(path)))))
                Directory.Delete(orphan, recursive: true);
            folder.Prepare();
            return folder;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Removes what no part of this build names: what tasks that were killed had not finished, and shards of a
    /// build that had more buckets.</summary>
    internal void RemoveUnnamed(IEnumerable<FinishedPart> parts)
    {
        var named = parts.Select(part => NameOf(part.Bucket)).ToHashSet(StringComparer.Ordinal);
        foreach (var file in new[] { Shards, Lineage }.SelectMany(Directory.EnumerateFiles)
            .Where(file => !named.Contains(Path.GetFileName(file))))
            File.Delete(file);
    }

    /// <summary>Leaves everything as it is when the build ends: what others made, and what they said of it.</summary>
    public void Leave() => _isLeft = true;

    /// <summary>Clears for another round what is written anew in it; finished parts stay.</summary>
    public void Again() => Prepare();

    /// <summary>Removes everything: the build is over, or failed.</summary>
    public void Clear()
    {
        foreach (var directory in new[] { Working, Release, Lineage }.Where(Directory.Exists))
            Directory.Delete(directory, recursive: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            if (!_isLeft)
                Clear();
        }
        finally
        {
            _lock.Dispose();
        }
    }

    /// <summary>The file name of a bucket's shard, and of its lineage.</summary>
    public static string NameOf(int bucket) => string.Create(CultureInfo.InvariantCulture, $"b{bucket:D3}.parquet");

    // What is written anew by every build goes; finished parts are looked at when it is known what they are made from.
    private void Prepare()
    {
        if (Directory.Exists(Authors))
            Directory.Delete(Authors, recursive: true);
        if (Directory.Exists(Working))
        {
            foreach (var folder in Directory.EnumerateDirectories(Working)
                .Where(path => Path.GetFileName(path) != FinishedParts.FolderName))
                Directory.Delete(folder, recursive: true);
            foreach (var file in Directory.EnumerateFiles(Working))
                File.Delete(file);
        }

        // Until it is a release, nobody else has anything to look for in it.
        foreach (var directory in new[] { Working, Shards, Authors, Lineage })
            FileModes.MakePrivateFolder(directory);
    }
}
