using System.IO.Compression;
using System.Text;
using Aval.Content;
using Aval.Founding;
using Aval.Storage;

namespace Aval.Tests.ContentStore;

/// <summary>A clock that stands until it is moved.</summary>
internal sealed class StandingClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>A workspace in a folder of its own, and files to import into it.</summary>
internal sealed class ContentWorld : IDisposable
{
    public static readonly DateTimeOffset Today = Time("2026-01-15T12:00:00Z");
    private static readonly EngineLimits Small = new(2, 1_000_000_000);
    private readonly TemporaryFolder _folder = new();
    private int _files;

    public ContentWorld(string? keys = null, int buckets = Settings.DefaultBuckets)
    {
        var own = Directory.CreateDirectory(Path.Combine(_folder.File("workspace"), "keys")).FullName;
        foreach (var key in keys is null ? [] : Directory.GetFiles(keys))
            System.IO.File.Copy(key, Path.Combine(own, Path.GetFileName(key)));
        Workspace = NewWorkspace.Create(_folder.File("workspace"), Settings.Default with { Buckets = buckets });
    }

    public Workspace Workspace { get; }

    public StandingClock Clock { get; } = new(Today);

    public string ImportsFile => Path.Combine(Workspace.Content, "imports.jsonl");

    public string HeadFile => Path.Combine(Workspace.Content, "imports.head");

    public static DateTimeOffset Time(string text) => Instant.Parse(text, "a test's instant");

    public string File(string name) => _folder.File(name);

    /// <summary>
    /// An item as a line; members given replace the usual ones (a JSON value each, null = leave it out).
    /// </summary>
    public static string Item(string id, params (string Name, string? Json)[] members)
    {
        var all = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["item_id"] = $"\"{id}\"",
            ["service"] = "\"facebook\"",
            ["kind"] = "\"post\"",
            ["author"] = "\"facebook:ann\"",
            ["audience"] = "\"public\"",
            ["text"] = "\"words\"",
        };
        foreach (var (name, json) in members)
            all[name] = json;
        return "{" + string.Join(", ", all.Where(member => member.Value is not null)
            .Select(member => $"\"{member.Key}\": {member.Value}")) + "}";
    }

    /// <summary>An item that says something, observed at an instant.</summary>
    public static string Said(string id, string text, string observedAt) =>
        Item(id, ("text", $"\"{text}\""), ("observed_at", $"\"{observedAt}\""));

    public string Lines(params string[] lines) => Write($"lines-{++_files}.jsonl", string.Join('\n', lines) + "\n");

    public string Write(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    public string Write(string name, byte[] content)
    {
        using var stream = System.IO.File.Create(File(name));
        stream.Write(content);
        return File(name);
    }

    /// <summary>Writes a file of the workspace, as somebody who is not Aval would.</summary>
    public static void Put(string path, byte[] content)
    {
        using var stream = System.IO.File.Create(path);
        stream.Write(content);
    }

    public string Gzip(string name, byte[] content)
    {
        using (var gzip = new GZipStream(System.IO.File.Create(File(name)), CompressionLevel.SmallestSize))
            gzip.Write(content);
        return File(name);
    }

    public string Zstandard(string name, byte[] content)
    {
        using var compressor = new ZstdSharp.Compressor();
        return Write(name, compressor.Wrap(content).ToArray());
    }

    /// <summary>Rows of an SQL query as a Parquet file.</summary>
    public string Parquet(string name, string query)
    {
        using var engine = Engine.Open(File("parquet-tmp"), Small);
        engine.Execute($"COPY ({query}) TO {Engine.Literal(File(name))} (FORMAT parquet)");
        return File(name);
    }

    /// <summary>Items as Parquet: <c>VALUES</c> of item_id, text, observed_at (text).</summary>
    public string ParquetItems(string name, string values) => Parquet(
        name,
        "SELECT id AS item_id, 'facebook' AS service, 'post' AS kind, 'facebook:ann' AS author, 'public' AS audience, "
            + $"said AS text, seen AS observed_at FROM (VALUES {values}) AS v(id, said, seen)");

    public string Mapping(string yaml) => Write($"mapping-{++_files}.yaml", yaml);

    public ImportOutcome Import(
        IReadOnlyList<string> paths, ContentKind kind = ContentKind.Items, string? source = null, bool snapshot = false,
        bool inPlace = false, string? observedAt = null, string? audience = null, string? mapping = null) =>
        Importing.Tables(
            Workspace, paths, new ImportOptions(
                kind, source, snapshot, inPlace, observedAt is null ? null : Time(observedAt), audience,
                mapping is null ? null : Mapping(mapping), Small), Clock, (_, _) => { });

    public ImportOutcome Import(
        string path, ContentKind kind = ContentKind.Items, string? mapping = null, bool inPlace = false,
        string? observedAt = null) =>
        Import([path], kind, inPlace: inPlace, observedAt: observedAt, mapping: mapping);

    /// <summary>Imports that are refused, and leave nothing behind.</summary>
    public AvalException Refused(Func<ImportOutcome> import)
    {
        var before = Imports();
        var files = Directory.EnumerateFiles(Workspace.Content, "*.parquet", SearchOption.AllDirectories).Order()
            .ToList();
        var refused = Assert.Throws<AvalException>(() => import());
        Assert.Equal(before, Imports());
        Assert.Equal(files, Directory.EnumerateFiles(Workspace.Content, "*.parquet", SearchOption.AllDirectories)
            .Order());
        return refused;
    }

    public string Imports() => System.IO.File.Exists(ImportsFile) ? System.IO.File.ReadAllText(ImportsFile) : "";

    /// <summary>Rows of a query over the views, as text.</summary>
    public IReadOnlyList<string> Query(string sql, string asOf = "2026-12-31T00:00:00Z")
    {
        using var engine = Engine.Open(Workspace.Temporary, Small, Workspace.ReadKey());
        ContentViews.Create(engine, Workspace, Time(asOf));
        return engine.Query(
            $"SELECT * FROM ({sql}) ORDER BY ALL",
            row => string.Join(" | ", Enumerable.Range(0, row.FieldCount)
                .Select(column => row.IsDBNull(column)
                    ? "null"
                    : Convert.ToString(row.GetValue(column), System.Globalization.CultureInfo.InvariantCulture))));
    }

    /// <summary>What every item says now, as one text an item.</summary>
    public IReadOnlyList<string> ItemsNow(string asOf = "2026-12-31T00:00:00Z") =>
        Query("SELECT to_json(items_now)::VARCHAR FROM items_now", asOf);

    public IReadOnlyList<string> Texts(string asOf = "2026-12-31T00:00:00Z") =>
        Query("SELECT item_id, CASE WHEN deleted THEN 'deleted' ELSE text END FROM items_now", asOf);

    public string Sha(string asOf = "2026-12-31T00:00:00Z")
    {
        using var engine = Engine.Open(Workspace.Temporary, Small, Workspace.ReadKey());
        return ContentViews.Create(engine, Workspace, Time(asOf)).Sha;
    }

    /// <summary>The same keys, so that two workspaces' hashes can be compared.</summary>
    public ContentWorld Twin(int? buckets = null) => new(Workspace.Keys, buckets ?? Workspace.Settings.Buckets);

    public void Dispose() => _folder.Dispose();
}
