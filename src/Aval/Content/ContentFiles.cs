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
        "links", "rejects",
    ];

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

    public string Rejects => Path.Combine(Root, "rejects", ImportId + ".jsonl");

    /// <summary>Every file there is of it.</summary>
    public IEnumerable<string> All =>
        [Rows, Index, Places, Naming, Contested, Skipped, Links, Rejects, .. RowsByBucket];

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
