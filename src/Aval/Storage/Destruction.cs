namespace Aval.Storage;

/// <summary>
/// Destroys files: each is first renamed into one folder, where nobody looks for it any more, then overwritten, flushed
/// and unlinked. A kill leaves some in the folder, and <see cref="Finish"/> goes on with them. What a file system, a
/// drive or a backup keeps of overwritten blocks is out of reach.
/// </summary>
/// <param name="folder">The folder; on the same file system as the files.</param>
internal sealed class Destruction(string folder)
{
    private const string Condemned = "condemned";
    private const int Block = 1 << 20;

    private string Folder => Path.Combine(folder, Condemned);

    /// <summary>Destroys files; what is gone already is passed over.</summary>
    public void Destroy(IEnumerable<string> files)
    {
        FileModes.MakePrivateFolder(Folder);
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in files.Where(File.Exists))
        {
            if (FileIdentity.Of(file)?.Device != FileIdentity.Of(Folder)?.Device)
            {
                // A rename would be a copy, and leave the blocks as they are.
                Overwrite(file);
                continue;
            }

            File.Move(file, Path.Combine(Folder, Guid.NewGuid().ToString("N")));
            folders.Add(Path.GetDirectoryName(file)!);
        }

        foreach (var above in folders)
            Durable.FlushDirectory(above);
        Finish();
    }

    /// <summary>Destroys what somebody puts at a path that it is told.</summary>
    public void Receive(Action<string> put)
    {
        FileModes.MakePrivateFolder(Folder);
        put(Path.Combine(Folder, Guid.NewGuid().ToString("N")));
        Finish();
    }

    /// <summary>Destroys a folder with all that is in it.</summary>
    public void DestroyFolder(string path)
    {
        if (!Directory.Exists(path))
            return;
        Destroy(Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).ToArray());
        Directory.Delete(path, recursive: true);
    }

    /// <summary>Destroys what was condemned, by whoever was killed then too.</summary>
    public void Finish()
    {
        if (!Directory.Exists(Folder))
            return;
        foreach (var file in Directory.EnumerateFiles(Folder).ToArray())
            Overwrite(file);
        Durable.FlushDirectory(Folder);
    }

    // A file of several names is somebody else's as well: a shard that another release has too. The last of its names
    // takes its bytes with it.
    private static void Overwrite(string file)
    {
        if (FileIdentity.NamesOf(file) is null or 1)
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            var nothing = new byte[Block];
            for (var left = stream.Length; left > 0; left -= Block)
                stream.Write(nothing, 0, (int)Math.Min(left, Block));
            Durable.FlushToDisk(stream, file);
        }

        File.Delete(file);
    }
}
