using System.IO.Compression;
using Aval.Content.Tables;

namespace Aval.Content.Exports;

/// <summary>One file of an export.</summary>
/// <param name="Name">Where it lies, for people: the archive and the name within it, or the path on disk.</param>
/// <param name="Path">Where it lies in the export, from the first folder that the platform itself made.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Open">Reads it.</param>
internal sealed record ExportFile(string Name, string Path, long Length, Func<Stream> Open)
{
    /// <summary>The last part of its path.</summary>
    public string FileName => Path[(Path.LastIndexOf('/') + 1)..];

    public bool IsJson => Path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    public bool IsHtml => Path.EndsWith(".html", StringComparison.OrdinalIgnoreCase)
        || Path.EndsWith(".htm", StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// The files of one export, given as one or several zip archives or unpacked folders. Members are read as streams and
/// never written to disk, so that a hostile name can at most be refused. Everything a listing can tell (names, sizes,
/// ratios) is checked before a byte is expanded.
/// </summary>
internal sealed class ExportFiles : IDisposable
{
    private readonly List<IDisposable> _open = [];
    private readonly List<ExportFile> _files = [];
    private readonly Lazy<Dictionary<string, ExportFile>> _byPath;

    private ExportFiles() => _byPath = new(() =>
    {
        // The same path in two parts of an export is the same file; for pictures the first will do.
        var byPath = new Dictionary<string, ExportFile>(StringComparer.Ordinal);
        foreach (var file in _files)
            byPath.TryAdd(file.Path, file);
        return byPath;
    });

    /// <summary>All files, in the order of their paths and, within one path, of the archives as given.</summary>
    public IReadOnlyList<ExportFile> All => _files;

    /// <summary>Opens the archives and folders of one export.</summary>
    /// <param name="paths">Zip files and folders.</param>
    /// <param name="roots">The top folders that the platform makes: what lies above them is not the platform's.</param>
    /// <param name="limits">The limits.</param>
    /// <exception cref="AvalException">Bad input: not there, not a zip, hostile, or beyond a limit.</exception>
    public static ExportFiles Open(IReadOnlyList<string> paths, IReadOnlySet<string> roots, ExportLimits limits)
    {
        var files = new ExportFiles();
        try
        {
            foreach (var path in paths)
            {
                if (Directory.Exists(path))
                    files.AddFolder(path, roots, limits);
                else if (File.Exists(path))
                    files.AddZip(path, roots, limits);
                else
                    throw AvalException.BadInput($"{path}: there is no such file or folder. Nothing was imported.");
            }
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            files.Dispose();
            throw Unreadable(string.Join(", ", paths), failed);
        }
        catch
        {
            files.Dispose();
            throw;
        }

        // A stable sort by path makes the reading order a property of the export and not of how its parts were named.
        var ordered = files._files.OrderBy(file => file.Path, PathOrder.Instance).ToList();
        files._files.Clear();
        files._files.AddRange(ordered);
        return files;
    }

    /// <summary>The file at a path that the export itself mentions, if it is in these parts and is not empty.</summary>
    public ExportFile? Find(string path) =>
        _byPath.Value.TryGetValue(path, out var file) && file.Length > 0 ? file : null;

    /// <summary>What was given, with its hashes: each zip, or each of the <paramref name="read"/> files of a
    /// folder.</summary>
    public static IncomingFiles Given(IReadOnlyList<string> paths, IEnumerable<ExportFile> read) => IncomingFiles.Of(
    [
        .. paths.Where(File.Exists),
        .. read.Select(file => file.Name).Where(name => paths.Any(
            path => Directory.Exists(path) && name.StartsWith(
                Path.TrimEndingDirectorySeparator(path) + Path.DirectorySeparatorChar, StringComparison.Ordinal))),
    ]);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var open in _open)
            open.Dispose();
        _open.Clear();
    }

    private void AddZip(string path, IReadOnlySet<string> roots, ExportLimits limits)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        _open.Add(file);
        if (!file.CanSeek)
            throw AvalException.BadInput($"{path}: this is a pipe or a device, but an archive is read from its end. "
                + "Nothing was imported. Save it to a file first.");
        ZipEnd.Check(file, limits);
        try
        {
            var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            _open.Add(zip);
            AddMembers(path, zip, roots, limits);
        }
        catch (InvalidDataException broken)
        {
            throw AvalException.BadInput($"{path}: this is not a whole zip archive: {broken.Message.TrimEnd('.')}. "
                + "Nothing was imported. Download the archive again.", broken);
        }
    }

    private void AddMembers(string path, ZipArchive zip, IReadOnlySet<string> roots, ExportLimits limits)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var total = 0L;
        foreach (var entry in zip.Entries)
        {
            var name = $"{path}!/{entry.FullName}";
            var member = MemberName.Check(entry, path);
            if (!names.Add(member))
                throw AvalException.BadInput($"{path}: the archive holds \"{member}\" twice, so it is not clear which "
                    + "one is meant. Nothing was imported. Download the archive again.");
            if (entry.Length > limits.MemberBytes)
                throw ExportLimits.Passed(
                    name, $"it expands to {entry.Length} bytes", $"{limits.MemberBytes} bytes for one file");
            if (entry.Length > (limits.Ratio * entry.CompressedLength) + limits.RatioFree)
                throw ExportLimits.Passed(
                    name, $"it expands from {entry.CompressedLength} to {entry.Length} bytes",
                    $"{limits.Ratio} times its compressed size plus {limits.RatioFree} bytes");
            total += entry.Length;
            if (total > limits.TotalBytes)
                throw ExportLimits.Passed(
                    path, $"the archive expands to more than {total} bytes",
                    $"{limits.TotalBytes} bytes for one archive");
            if (!member.EndsWith('/') && !MemberName.IsLitter(member))
                _files.Add(new ExportFile(name, BelowRoot(member, roots), entry.Length, () => Expand(entry, name)));
        }
    }

    private static CheckedMember Expand(ZipArchiveEntry entry, string name)
    {
        try
        {
            return new CheckedMember(entry.Open(), entry.Length, entry.Crc32, name);
        }
        catch (InvalidDataException broken)
        {
            throw AvalException.BadInput($"{name}: this member of the archive cannot be read: "
                + $"{broken.Message.TrimEnd('.')}. Nothing was imported. Download the archive again.", broken);
        }
    }

    private void AddFolder(string path, IReadOnlySet<string> roots, ExportLimits limits)
    {
        var before = _files.Count;
        var folders = new Stack<DirectoryInfo>([new DirectoryInfo(path)]);
        while (folders.TryPop(out var folder))
        {
            foreach (var entry in folder.EnumerateFileSystemInfos())
            {
                // Not followed: a link can lead out of the export, to files that nobody meant to import.
                if (entry.LinkTarget is not null)
                    throw AvalException.BadInput($"{entry.FullName}: this is a symbolic link, and an export has none. "
                        + "Nothing was imported. Remove it and import the folder again.");
                if (entry is DirectoryInfo inner)
                    folders.Push(inner);
                else if (entry is FileInfo file)
                    AddFile(path, file, roots, limits);
                if (_files.Count - before > limits.Members)
                    throw ExportLimits.Passed(
                        path, $"the folder has more than {limits.Members} files", $"{limits.Members} files");
            }
        }
    }

    private void AddFile(string root, FileInfo file, IReadOnlySet<string> roots, ExportLimits limits)
    {
        var relative = Path.GetRelativePath(root, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
        if (MemberName.IsLitter(relative))
            return;
        if (file.Length > limits.MemberBytes)
            throw ExportLimits.Passed(
                file.FullName, $"it has {file.Length} bytes", $"{limits.MemberBytes} bytes for one file");
        var name = Path.Combine(root, relative);
        _files.Add(new ExportFile(name, BelowRoot(relative, roots), file.Length, () => OpenOnDisk(name)));
    }

    private static FileStream OpenOnDisk(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, failed);
        }
    }

    private static AvalException Unreadable(string path, Exception failed) =>
        AvalException.BadInput($"{path}: cannot be read: {failed.Message.TrimEnd('.')}. Nothing was imported. "
            + "Make it readable and run the import again.", failed);

    // Exports come as they are, below one folder (instagram/, facebook-name/), or as several parts unpacked side by
    // side.
    private static string BelowRoot(string path, IReadOnlySet<string> roots)
    {
        for (var at = 0; at >= 0 && path.IndexOf('/', at) is >= 0 and var slash; at = slash + 1)
        {
            if (roots.Contains(path[at..slash]))
                return path[at..];
        }

        return path;
    }
}

/// <summary>Names in an archive: none may point outside it, and none may be anything but a file or a folder.</summary>
internal static class MemberName
{
    private const int FileTypeMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int Folder = 0x4000;
    private const int LongestName = 4096;

    /// <summary>The name with forward slashes.</summary>
    /// <exception cref="AvalException">Bad input: hostile.</exception>
    public static string Check(ZipArchiveEntry entry, string archive)
    {
        var name = entry.FullName.Replace('\\', '/');
        var why = name switch
        {
            "" => "it is empty",
            { Length: > LongestName } => $"it is longer than {LongestName} characters",
            ['/', ..] => "it begins at the root of the disk",
            [_, ':', ..] => "it names a drive",
            _ when name.Split('/').Contains("..") => "it leads out of the archive",
            _ when name.Any(char.IsControl) => "it holds a control character",
            _ when entry.IsEncrypted => "the member is encrypted",
            _ when ((entry.ExternalAttributes >> 16) & FileTypeMask) is not (0 or RegularFile or Folder) =>
                "it is a symbolic link or a device",
            _ => "",
        };
        return why.Length == 0
            ? name
            : throw AvalException.BadInput($"{archive}: the member "
                + $"\"{new string([.. name.Take(200).Select(c => char.IsControl(c) ? '?' : c)])}\" is refused: {why}. "
                + "Nothing was imported. No platform makes such an archive: ask where it comes from.");
    }

    /// <summary>What operating systems strew into folders and archives.</summary>
    public static bool IsLitter(string path) =>
        path.StartsWith("__MACOSX/", StringComparison.Ordinal) || path.Split('/').Any(part => part.StartsWith('.'))
        || path.EndsWith("Thumbs.db", StringComparison.OrdinalIgnoreCase);
}

/// <summary>Paths in the order people number files: posts_2 before posts_10.</summary>
internal sealed class PathOrder : IComparer<string>
{
    public static PathOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (left, right) = (x ?? "", y ?? "");
        for (int i = 0, j = 0; i < left.Length && j < right.Length;)
        {
            if (char.IsAsciiDigit(left[i]) && char.IsAsciiDigit(right[j]))
            {
                var first = Number(left, ref i);
                var second = Number(right, ref j);
                if (first.Length != second.Length)
                    return first.Length.CompareTo(second.Length);
                if (!first.SequenceEqual(second))
                    return first.SequenceCompareTo(second);
            }
            else if (left[i] != right[j])
            {
                return left[i].CompareTo(right[j]);
            }
            else
            {
                (i, j) = (i + 1, j + 1);
            }
        }

        return string.CompareOrdinal(left, right);
    }

    // The digits at a place, without leading zeros; moves past them.
    private static ReadOnlySpan<char> Number(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        return text.AsSpan(start, at - start).TrimStart('0');
    }
}
