using System.Globalization;
using Aval.Storage;

namespace Aval.Content;

/// <summary>A file with rows of content, and the line of the log that tells of it.</summary>
/// <param name="Writer">The import or fold that wrote it.</param>
/// <param name="File">The file.</param>
internal sealed record RowsFile(string Writer, StoredFile File);

/// <summary>
/// Where the rows of one kind of content lie: the files that imports and folds wrote, and that no later fold has
/// replaced. A row lies in its account's bucket: in a file of that bucket alone (<c>items/bucket=NNN/ID.parquet</c>),
/// or, of an import that brings few, in one file sorted by bucket (<c>items/ID.parquet</c>). Beside the canonical
/// columns each file has <c>bucket</c> and <c>import_id</c>.
/// </summary>
/// <param name="Files">In the order of the log.</param>
internal sealed record ContentLayout(IReadOnlyList<RowsFile> Files)
{
    /// <summary>An import that brings this many rows for each bucket writes a file a bucket; a file of fewer rows costs
    /// more to open than to read.</summary>
    public const int RowsOfOwnFile = 16_384;

    /// <summary>
    /// Rows a row group of a file that several buckets share: a bucket is found by its groups' statistics.
    /// </summary>
    public const int SharedRowGroup = 8_192;

    /// <summary>As many files that buckets share are let lie before an import folds them.</summary>
    public const int SharedFiles = 32;

    /// <summary>Which column tells whose rows they are.</summary>
    public static string Owner(ContentKind kind) => kind is ContentKind.Items ? "author" : "account";

    /// <summary>The layout of one kind, as a log tells it.</summary>
    public static ContentLayout Of(ReadLog log, ContentKind kind)
    {
        var name = kind.ToText();
        var replaced = log.Folds.SelectMany(fold => fold.Replaced).ToHashSet(StringComparer.Ordinal);
        var written = log.Records.Where(record => record.As == name)
            .Select(record => (Id: record.ImportId, record.Wrote))
            .Concat(log.Folds.Where(fold => fold.As == name).Select(fold => (Id: fold.FoldId, fold.Wrote)));
        return new ContentLayout([.. written
            .SelectMany(
                one => one.Wrote.Where(file => file.Buckets is not null).Select(file => new RowsFile(one.Id, file)))
            .Where(rows => !replaced.Contains(rows.File.Path))
            .OrderBy(rows => rows.Writer, StringComparer.Ordinal)
            .ThenBy(rows => rows.File.Path, StringComparer.Ordinal)]);
    }

    /// <summary>The files that hold rows of one bucket.</summary>
    public IEnumerable<RowsFile> Of(int bucket) => Files.Where(rows => rows.File.Buckets!.Contains(bucket));

    /// <summary>The files that several buckets share.</summary>
    public IEnumerable<RowsFile> Shared => Files.Where(rows => !IsOfOneBucket(rows.File.Path));

    /// <summary>Whether each bucket lies in one file that is its own, or all of them in one that they share.</summary>
    public bool IsFolded(int buckets) => Files.All(rows => rows.File.OutOf == buckets)
        && (Files.Count == 1
            || Files.Select(rows => (rows.Writer, IsOfOneBucket(rows.File.Path))).Distinct().ToArray() is [(_, true)]);

    /// <summary>Requires that rows lie in the buckets that aval.yaml states.</summary>
    /// <exception cref="AvalException">Bad input: they lie in another number of them.</exception>
    public void RequireBuckets(Workspace workspace)
    {
        if (Files.FirstOrDefault(rows => rows.File.OutOf != workspace.Settings.Buckets) is not { } other)
            return;
        throw AvalException.BadInput($"{Path.Combine(workspace.Root, Workspace.FileName)}: buckets is "
            + $"{workspace.Settings.Buckets}, and {other.File.Path} was laid out in {other.File.OutOf}. "
            + "Nothing was done. "
            + (other.File.OutOf == 2 * workspace.Settings.Buckets
                ? "A split is under way, or was interrupted; unless it is running, "
                    + $"run: aval compact --buckets {other.File.OutOf}"
                : $"Write buckets: {other.File.OutOf} again; to have twice as many, run: "
                    + $"aval compact --buckets {2 * other.File.OutOf}"));
    }

    /// <summary>Requires that the log of imports is whole, and that all rows lie in the buckets that aval.yaml states:
    /// what each reader of content asks first.</summary>
    /// <exception cref="AvalException">Bad input: it is not.</exception>
    public static void RequireReadable(Workspace workspace)
    {
        var log = ImportLog.ReadAll(workspace);
        foreach (var kind in Enum.GetValues<ContentKind>())
            Of(log, kind).RequireBuckets(workspace);
    }

    /// <summary>Whether a file lies in a bucket's own folder.</summary>
    public static bool IsOfOneBucket(string path) => path.Contains("/bucket=", StringComparison.Ordinal);

    /// <summary>The bucket in whose own folder a file lies.</summary>
    public static int BucketOf(string path) => int.Parse(
        path[(path.IndexOf("/bucket=", StringComparison.Ordinal) + 8)..].Split('/')[0], NumberStyles.None,
        CultureInfo.InvariantCulture);

    /// <summary>Writes rows into a folder as <c>bucket=N/*.parquet</c>, one file a bucket.</summary>
    /// <param name="engine">Where the rows are.</param>
    /// <param name="rows">SQL of the columns of a file, <c>bucket</c> and <c>import_id</c> among them.</param>
    /// <param name="folder">Does not exist yet.</param>
    /// <param name="buckets">How many there are.</param>
    /// <returns>The files by bucket, ascending.</returns>
    public static IReadOnlyList<(int Bucket, string Path)> Spread(
        Engine engine, string rows, string folder, int buckets)
    {
        engine.Execute(string.Create(
            CultureInfo.InvariantCulture, $"SET partitioned_write_max_open_files = {buckets + 1}"));
        engine.Execute($"""
            COPY ({rows}) TO {Engine.Literal(folder)}
            (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, PARTITION_BY (bucket), WRITE_PARTITION_COLUMNS true)
            """);
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.parquet", SearchOption.AllDirectories)
                .Select(path => (BucketOf("/" + Path.GetRelativePath(folder, path)), path))
                .OrderBy(file => file.Item1).ThenBy(file => file.path, StringComparer.Ordinal)]
            : [];
    }
}
