using Aval.Leases;
using Aval.Storage;

namespace Aval.Content;

/// <summary>
/// Says that content is being read: files that a fold replaced are dropped when nobody holds a pin. The system lets go
/// of a pin whose process died. A build pins what its plan names for as long as its corpus's lease is held, also while
/// none of its jobs runs, or all run on other machines.
/// </summary>
internal sealed class ContentPin : IDisposable
{
    private const string FolderName = "pins";

    private readonly FileLock? _held;
    private readonly string _path;

    private ContentPin(string path, FileLock? held) => (_path, _held) = (path, held);

    /// <summary>Pins what is there. In a workspace that cannot be written nothing can be dropped either.</summary>
    public static ContentPin Of(Workspace workspace)
    {
        var folder = FolderOf(workspace);
        if (!FileModes.IsWritable(workspace.Content))
            return new ContentPin(folder, null);
        FileModes.MakePrivateFolder(folder);
        while (true)
        {
            var path = Path.Combine(folder, Guid.NewGuid().ToString("N"));
            var held = FileLock.TryAcquire(path);
            // Between the making of the file and its lock a compaction may have found it free, and removed it: then
            // nobody would see this pin.
            if (held is not null && File.Exists(path))
                return new ContentPin(path, held);
            held?.Dispose();
        }
    }

    /// <summary>Whether somebody reads content now, as far as can be told. Pins of processes that died are
    /// removed.</summary>
    public static bool IsHeld(Workspace workspace)
    {
        var folder = FolderOf(workspace);
        var held = false;
        foreach (var path in Directory.Exists(folder) ? Directory.EnumerateFiles(folder) : [])
        {
            using var free = FileLock.TryAcquire(path);
            if (free is null)
                held = true;
            else
                File.Delete(path);
        }

        return held
            || Lease.All(workspace.Corpus).Any(one => one.Lease.Standing(one.Releases) != Standing.Gone);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_held is null)
            return;
        File.Delete(_path);
        _held.Dispose();
    }

    private static string FolderOf(Workspace workspace) => Path.Combine(workspace.Content, FolderName);
}
