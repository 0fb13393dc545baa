using Aval.Storage;

namespace Aval.Ledger;

/// <summary>
/// The file operations of a log, named by what they guarantee. They lie in one place because a fault in each of them is
/// injected by tests: whichever fails, nothing is acknowledged and the next writer repairs.
/// </summary>
internal static class LogFiles
{
    private const int ManyFiles = 24;

    /// <summary>Writes a file that no published checkpoint needs yet; not durable until <see cref="Flush"/>.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        stream.Write(content);
    }

    /// <summary>Puts the checkpoint in place of the older one: a reader sees one of the two, whole, and a power cut cannot undo it.</summary>
    public static void Publish(string path, ReadOnlySpan<byte> note) => Durable.Replace(path, note);

    /// <summary>Makes files durable, and the names of all directories between them and <paramref name="root"/>.</summary>
    public static void Flush(IReadOnlyCollection<string> paths, string root)
    {
        // One flush of the whole file system costs as much as a few files, and a bulk import writes a hundred thousand.
        if (paths.Count > ManyFiles && Durable.TryFlushFileSystem(root))
            return;
        foreach (var path in paths)
            Durable.FlushFile(path);
        var directories = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            for (var directory = Path.GetDirectoryName(path)!; directory.Length >= root.Length && directories.Add(directory); directory = Path.GetDirectoryName(directory)!)
            {
            }
        }

        foreach (var directory in directories)
            Durable.FlushDirectory(directory);
    }
}
