using System.Security.Cryptography;
using Aval.Storage;

namespace Aval.Ledger;

/// <summary>
/// Texts that name nobody and that entries of kinds 0x03 and 0x06 commit to by their hash (an order, what a recall
/// did): kept beside the
/// ledger before they are entered. Such an entry without a text, a change of keys or an act of the store is then one
/// whose record somebody took away, also where a release that had it is long gone.
/// </summary>
internal static class LedgerRecords
{
    private const string FolderName = "records";

    /// <summary>Keeps a text; it is on disk when this returns.</summary>
    public static void Keep(Workspace workspace, byte[] text)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        FileModes.MakeReadableFolder(FolderIn(workspace));
        var path = Path.Combine(FolderIn(workspace), Convert.ToHexStringLower(SHA256.HashData(text)));
        Durable.Replace(path, text);
        FileModes.MakeReadable(path);
    }

    /// <summary>The text of a hash; null = it is not there, or is another one by now.</summary>
    public static byte[]? Read(Workspace workspace, Hash digest)
    {
        var path = PathOf(workspace, digest);
        if (!File.Exists(path))
            return null;
        var text = File.ReadAllBytes(path);
        return Hash.Of(text) == digest ? text : null;
    }

    /// <summary>The texts that are kept, but such as are other ones by now.</summary>
    /// <param name="root">The workspace's folder.</param>
    public static IEnumerable<(string Path, byte[] Text)> In(string root)
    {
        var folder = Path.Combine(root, Workspace.LedgerFolder, FolderName);
        return (Directory.Exists(folder) ? Directory.EnumerateFiles(folder) : []).Order(StringComparer.Ordinal)
            .Select(path => (Path: path, Text: File.ReadAllBytes(path)))
            .Where(kept => Convert.ToHexStringLower(SHA256.HashData(kept.Text)) == Path.GetFileName(kept.Path));
    }

    /// <summary>Where the text of a hash lies.</summary>
    public static string PathOf(Workspace workspace, Hash digest)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        return Path.Combine(FolderIn(workspace), digest.ToHex());
    }

    /// <summary>The digests of all texts that are kept, and of all changes of keys.</summary>
    public static IReadOnlySet<Hash> Digests(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var folder = FolderIn(workspace);
        return (Directory.Exists(folder) ? Directory.EnumerateFiles(folder) : [])
            .Concat(KeyRotation.Notes(workspace)).Select(path => Hash.Of(File.ReadAllBytes(path))).ToHashSet();
    }

    private static string FolderIn(Workspace workspace) => Path.Combine(workspace.Ledger, FolderName);
}
