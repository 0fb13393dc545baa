using Aval.Storage;

namespace Aval.Ledger;

/// <summary>
/// The file operations of a log, named by what they guarantee. They lie in one place because tests let each of them
/// fail, before, after and in the middle: whichever does, nothing is acknowledged, and the next writer repairs.
/// </summary>
internal class LogDisk
{
    // One flush of the whole file system costs as much as a few files, and a bulk import writes a hundred thousand.
    private const int ManyFiles = 24;

    // When a tile was written is when somebody said something. Tiles are published, and their times with them.
    private static readonly DateTime Always = DateTime.UnixEpoch;

    /// <summary>The disk itself.</summary>
    public static LogDisk Real { get; } = new();

    /// <summary>Writes a file that no published checkpoint needs yet; not durable until <see cref="Flush"/>.</summary>
    public virtual void Write(string path, ReadOnlySpan<byte> content)
    {
        var directory = Path.GetDirectoryName(path)!;
        FileModes.MakeReadableFolder(directory);
        using (var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0))
            stream.Write(content);
        FileModes.MakeReadable(path);
        File.SetLastWriteTimeUtc(path, Always);
        Directory.SetLastWriteTimeUtc(directory, Always);
    }

    /// <summary>
    /// Makes files durable, and the names of all directories between them and <paramref name="root"/>.
    /// </summary>
    public virtual void Flush(IReadOnlyCollection<string> paths, string root)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(root);
        if (paths.Count > ManyFiles && Durable.TryFlushFileSystem(root))
            return;
        var directories = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            Durable.FlushFile(path);
            for (var directory = Path.GetDirectoryName(path)!; directory.Length >= root.Length
                && directories.Add(directory); directory = Path.GetDirectoryName(directory)!)
            {
            }
        }

        foreach (var directory in directories)
            Durable.FlushDirectory(directory);
    }

    /// <summary>
    /// Puts the checkpoint in place of the older one: a reader sees one of the two, whole, and a power cut cannot undo
    /// it.
    /// </summary>
    public virtual void Publish(string path, ReadOnlySpan<byte> note)
    {
        Durable.Replace(path, note);
        FileModes.MakeReadable(path);
    }

    /// <summary>
    /// Removes a directory of partial tiles that nobody needs any more; not durable, since it may as well come back.
    /// </summary>
    public virtual void Remove(string directory)
    {
        Directory.Delete(directory, recursive: true);
        Directory.SetLastWriteTimeUtc(Path.GetDirectoryName(directory)!, Always);
    }
}
