using System.Text.RegularExpressions;
using Aval.Storage;

namespace Aval.Content;

/// <summary>
/// The unfinished work of an import: <c>content/under-way/ID</c>. Files are written there and moved to their places
/// before
/// the import's line is written; the folder goes last. So whoever finds the folder, and no line of that import, knows
/// that
/// the files which bear its id are of an import that never was. No other file is ever removed: what nobody knows may be
/// what somebody is looking for.
/// </summary>
internal sealed partial class UnderWay
{
    private readonly ContentFiles _files;
    private readonly List<string> _written = [];
    private bool _placed;

    private UnderWay(ContentFiles files) => _files = files;

    /// <summary>The name of the folder below content/.</summary>
    public const string FolderName = "under-way";

    private string Root => FolderOf(_files.Root, _files.ImportId);

    /// <summary>Begins an import's work.</summary>
    /// <exception cref="AvalException">Bad input: a file is in its way that no import wrote.</exception>
    public static UnderWay Begin(ContentFiles files)
    {
        if (files.All.FirstOrDefault(File.Exists) is { } stranger)
            throw AvalException.BadInput($"{stranger}: this file is in the way of the import {files.ImportId}, and "
                + "no line of imports.jsonl names it: an older copy of imports.jsonl may have been restored. "
                + "Nothing was imported. Restore content/ as a whole, or move the file away.");
        var work = new UnderWay(files);
        FileModes.MakePrivateFolder(work.Root);
        Durable.FlushDirectory(Path.GetDirectoryName(work.Root)!);
        Durable.FlushDirectory(files.Root);
        return work;
    }

    /// <summary>Removes what imports left that were killed. Needs the content's lock.</summary>
    /// <param name="root">content/.</param>
    /// <param name="known">The ids of all imports that are.</param>
    public static void RemoveUnfinished(string root, IReadOnlySet<string> known)
    {
        var folder = Path.Combine(root, FolderName);
        if (!Directory.Exists(folder))
            return;
        foreach (var work in Directory.EnumerateDirectories(folder))
        {
            var id = Path.GetFileName(work);
            if (Kind(id) is not { } kind)
                continue;
            if (!known.Contains(id))
            {
                foreach (var file in new ContentFiles(root, id, kind).All.Where(File.Exists))
                    File.Delete(file);
            }

            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>The kind of content that an import's id tells; null = it is none.</summary>
    public static ContentKind? Kind(string id) =>
        Id().Match(id) is { Success: true } match && ContentKinds.TryParse(match.Groups[1].Value, out var kind) ? kind
            : null;

    /// <summary>Where to write a file now that will have its place later.</summary>
    public string Write(string place)
    {
        _written.Add(place);
        return Now(place);
    }

    /// <summary>Where a file lies until it is placed.</summary>
    public string Now(string place) => Path.Combine(Root, Path.GetRelativePath(_files.Root, place).Replace('/', '_'));

    /// <summary>A folder for work that is no file yet; it goes with the rest.</summary>
    public string Folder(string name) => Path.Combine(Root, name);

    /// <summary>Moves every file to its place, durably. Before the import's line is written.</summary>
    public void Place()
    {
        _placed = true;
        foreach (var place in _written)
        {
            MakeDirectory(Path.GetDirectoryName(place)!);
            // A move that may not overwrite copies where the file system has no second names, and what was flushed
            // would be another file.
            if (File.Exists(place))
                throw new IOException($"{place}: this file came into the way of {_files.ImportId}.");
            File.Move(Now(place), place, overwrite: true);
        }

        foreach (var directory in _written.Select(place => Path.GetDirectoryName(place)!).Distinct())
            Durable.FlushDirectory(directory);
    }

    /// <summary>Ends the work: after the import's line was written.</summary>
    public void Complete() => Directory.Delete(Root, recursive: true);

    /// <summary>Removes the work of an import that failed. What was placed already is for the next import to look at:
    /// the line may have been written.</summary>
    public void Abandon()
    {
        if (!_placed && Directory.Exists(Root))
            Directory.Delete(Root, recursive: true);
    }

    private static string FolderOf(string root, string id) => Path.Combine(root, FolderName, id);

    // A directory whose name a power cut takes back takes the import's files with it.
    private static void MakeDirectory(string path)
    {
        if (Directory.Exists(path))
            return;
        MakeDirectory(Path.GetDirectoryName(path)!);
        FileModes.MakePrivateFolder(path);
        Durable.FlushDirectory(Path.GetDirectoryName(path)!);
    }

    [GeneratedRegex("^[0-9]{6,}-([a-z]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Id();
}
