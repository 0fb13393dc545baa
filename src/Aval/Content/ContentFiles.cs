using System.Globalization;

namespace Aval.Content;

/// <summary>
/// Where an import's files lie below content/. <c>index</c> holds one row a logical observation (key, fingerprint,
/// observed_at), whether its row is stored or only says again what is there, and of a snapshot at least one row for
/// each key that it lists; everything that compares imports reads that and not the content. An import that repeats
/// another has no index of its own.
/// </summary>
internal sealed record ContentFiles(string Root, string ImportId, ContentKind Kind)
{
    /// <summary>The folders below content/ that imports write to.</summary>
    public static IReadOnlyList<string> Folders { get; } =
    [
        "items", "accounts", "notices", "index", ItemIndex.PlacesFolder, ItemIndex.NamingFolder, "contested", "skipped",
        "links", "rejects", ErasedFolder,
    ];

    /// <summary>The folder below content/ with what stands for erased items.</summary>
    public const string ErasedFolder = "erased";

    // Between the name of who wrote a file first and of the erasure that wrote it again.
    private const char Again = '~';

    public string Rows => Of(Kind.ToText());

    /// <summary>
    /// The rows of one bucket, where an import brings so many that each bucket has a file of its own.
    /// </summary>
    public string RowsOf(int bucket) => Path.Combine(
        Root, Kind.ToText(), string.Create(CultureInfo.InvariantCulture, $"bucket={bucket:D3}"), ImportId + ".parquet");

    public string Index => Path.Combine(Root, "index", Kind.ToText(), ImportId + ".parquet");

    public string Places => Of(ItemIndex.PlacesFolder);

    public string Naming => Of(ItemIndex.NamingFolder);

    public string Contested => Of("contested");

    public string Skipped => Of("skipped");

    public string Links => Of("links");

    /// <summary>What stands for what an erasure took.</summary>
    public string Erased => Of(ErasedFolder);

    public string Rejects => Path.Combine(Root, "rejects", ImportId + ".jsonl");

    /// <summary>Every file there is of it.</summary>
    public IEnumerable<string> All =>
        [Rows, Index, Places, Naming, Contested, Skipped, Links, Rejects, Erased, .. RowsByBucket, .. WrittenAgain];

    /// <summary>Where an erasure, whose files these are, writes a file of another writer again.</summary>
    /// <param name="path">That file, below content/.</param>
    public string InPlaceOf(string path)
    {
        var first = Path.GetFileNameWithoutExtension(path).Split(Again)[0];
        return Path.Combine(Root, Path.GetDirectoryName(path)!, $"{first}{Again}{ImportId}{Path.GetExtension(path)}");
    }

    /// <summary>Whether a file was written, or written again, by who has this id.</summary>
    public static bool IsOf(string path, string id) => Path.GetFileNameWithoutExtension(path) is var name
        && (name == id || name.EndsWith(Again + id, StringComparison.Ordinal));

    private IEnumerable<string> WrittenAgain => Folders.Select(folder => Path.Combine(Root, folder))
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, $"*{Again}{ImportId}.*", SearchOption.AllDirectories));

    private IEnumerable<string> RowsByBucket => Directory.Exists(Path.GetDirectoryName(Rows))
        ? Directory.EnumerateDirectories(Path.GetDirectoryName(Rows)!, "bucket=*")
            .Select(folder => Path.Combine(folder, ImportId + ".parquet")).Where(File.Exists)
        : [];

    public static ContentFiles Of(Workspace workspace, ImportRecord record) =>
        new(workspace.Content, record.ImportId, record.Kind);

    /// <summary>A file's path as records write it: below content/, with forward slashes.</summary>
    public static string Relative(Workspace workspace, string path) =>
        Path.GetRelativePath(workspace.Content, path).Replace('\\', '/');

    private string Of(string folder) => Path.Combine(Root, folder, ImportId + ".parquet");
}
