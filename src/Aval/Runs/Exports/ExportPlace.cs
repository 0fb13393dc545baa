using System.Security.Cryptography;
using System.Text;
using Aval.Storage;

namespace Aval.Runs;

/// <summary>
/// Where an export goes: a folder of its own, complete or absent. It is written beside its place under another name and
/// renamed; what a killed export left under that name goes when the next one to the same place begins, or with the next
/// erasure: the workspace knows where something is written before the first byte of it is.
/// </summary>
internal sealed class ExportPlace : IDisposable
{
    // Beside its lock, for as long as something of it may be there: the folder's path.
    private const string Told = ".place";

    private readonly FileLock _lock;
    private readonly string _told;
    private bool _complete;

    private ExportPlace(string folder, string told, FileLock held) => (Folder, _told, _lock) = (folder, told, held);

    /// <summary>Where it will be.</summary>
    public string Folder { get; }

    /// <summary>Where it is written.</summary>
    public string Unfinished => UnfinishedOf(Folder);

    /// <summary>Begins an export.</summary>
    /// <exception cref="AvalException">Usage: something is there, or it is one of the workspace's own folders. Busy:
    /// another export goes there.</exception>
    public static ExportPlace Begin(Workspace workspace, string folder)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var full = Path.TrimEndingDirectorySeparator(Real(folder));
        if (Path.Exists(full))
            throw AvalException.Usage($"{full}: something is here already, and an export is never written over it. "
                + "Nothing was exported. Name another folder with --to, or move this one away.");
        var root = Real(workspace.Root);
        if (full == root || workspace.Folders.Select(Real).Any(
            place => full == place || full.StartsWith(place + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
            throw AvalException.Usage($"{full}: this is one of the workspace's own folders, where nobody else writes. "
                + "Nothing was exported. Name another folder with --to.");
        var above = Path.GetDirectoryName(full)!;
        if (!Directory.Exists(above))
            throw AvalException.Usage($"{above}: no such folder, so nothing can be put into it. Nothing was exported. "
                + "Make it first.");
        FileModes.MakePrivateFolder(workspace.Temporary);
        var told = ToldOf(workspace, full);
        var held = FileLock.Acquire(LockOf(told), $"an export to {full}", TimeSpan.Zero);
        return Ownership.Hand(held, () =>
        {
            var place = new ExportPlace(full, told, held);
            place.Clear();
            Durable.Replace(told, Encoding.UTF8.GetBytes(full), Durable.Private);
            FileModes.MakePrivateFolder(place.Unfinished);
            return place;
        });
    }

    /// <summary>Makes it the export: from here on it is there.</summary>
    public void Complete()
    {
        foreach (var folder in Directory.EnumerateDirectories(Unfinished).Append(Unfinished))
            Durable.FlushDirectory(folder);
        Durable.MoveDirectory(Unfinished, Folder);
        _complete = true;
        File.Delete(_told);
    }

    /// <summary>Destroys what killed exports and forget sets left unfinished; what is under way asks once more before
    /// it is there.</summary>
    public static void DestroyLeft(Workspace workspace, Destruction destruction)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(destruction);
        if (!Directory.Exists(workspace.Temporary))
            return;
        foreach (var told in Directory.GetFiles(workspace.Temporary, $"export-*{Told}"))
        {
            using var held = FileLock.TryAcquire(LockOf(told));
            // Meanwhile it may have become an export; and what lies on a disk that is not here is left for when it is.
            if (held is null || !File.Exists(told) || File.ReadAllText(told) is not { Length: > 0 } folder
                || !Directory.Exists(Path.GetDirectoryName(folder)))
                continue;
            destruction.DestroyFolder(UnfinishedOf(folder));
            File.Delete(told);
        }
    }

    /// <summary>
    /// Waits while an export to a folder is under way, so that whoever looks there next finds what is registered of it:
    /// from its entry in the register on it takes no longer than a file and a rename.
    /// </summary>
    /// <param name="workspace">Whose export.</param>
    /// <param name="folder">As the register names it.</param>
    /// <param name="patience">How long at most; another export to that folder may have begun since.</param>
    public static void WaitFor(Workspace workspace, string folder, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        if (!Directory.Exists(workspace.Temporary))
            return;
        using var held = FileLock.TryAcquire(LockOf(ToldOf(workspace, folder)), patience);
    }

    private static string ToldOf(Workspace workspace, string folder)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16];
        return Path.Combine(workspace.Temporary, $"export-{name}{Told}");
    }

    private static string UnfinishedOf(string folder) => folder + ".unfinished";

    private static string LockOf(string told) => Path.ChangeExtension(told, ".lock");

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_complete)
            Clear();
        _lock.Dispose();
    }

    private void Clear()
    {
        if (Directory.Exists(Unfinished))
            Directory.Delete(Unfinished, recursive: true);
        File.Delete(_told);
    }

    // A link above a folder could lead into the workspace.
    private static string Real(string path)
    {
        var full = Path.GetFullPath(path);
        var above = Path.GetDirectoryName(full);
        if (above is null)
            return full;
        var real = Path.Combine(Real(above), Path.GetFileName(full));
        return new DirectoryInfo(real) is { Exists: true } found
            && found.ResolveLinkTarget(returnFinalTarget: true) is { } target
            ? Path.TrimEndingDirectorySeparator(target.FullName)
            : real;
    }
}
