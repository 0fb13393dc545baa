using Aval.Storage;

namespace Aval.Content;

/// <summary>
/// Where the items lie that one import or fold laid out, in two narrow files beside their rows.
/// <c>places</c>: <c>item, bucket</c>, one row a version, sorted. <c>naming</c>: <c>account_bucket, account, item,
/// bucket</c>, one row an account that a version names and the bucket in which that lies, sorted; by the named
/// account's bucket first, so that who treats a bucket's accounts reads one range. Items and accounts stand there as
/// keyed hashes of 64 bits. Both are made from the rows as they were written, are complete or absent, are replaced with
/// them, and say where to look and never what is there: of two items with one hash, a bucket more is read.
/// </summary>
/// <param name="Writer">The import or fold.</param>
/// <param name="Places">Where its items lie.</param>
/// <param name="Naming">Which of them name an account.</param>
internal sealed record ItemIndex(string Writer, StoredFile Places, StoredFile Naming)
{
    /// <summary>Below content/.</summary>
    public const string PlacesFolder = "places", NamingFolder = "naming";

    /// <summary>How the files are written: hashes hardly compress, and a look-up reads the row groups whose range has
    /// one that is asked for.</summary>
    public const string Format = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 65536";

    /// <summary>What makes an index anew.</summary>
    public const string Again = "aval compact (it makes this file anew)";

    /// <summary>Those that a log tells of, and that no fold replaced.</summary>
    public static IReadOnlyList<ItemIndex> All(ReadLog log)
    {
        var items = ContentKind.Items.ToText();
        var replaced = log.Folds.SelectMany(fold => fold.Replaced).ToHashSet(StringComparer.Ordinal);
        return [.. log.Records.Where(record => record.As == items)
            .Select(record => Of(record.ImportId, record.Wrote, replaced))
            .Concat(log.Folds.Where(fold => fold.As == items).Select(fold => Of(fold.FoldId, fold.Wrote, replaced)))
            .OfType<ItemIndex>()];
    }

    /// <summary>Whether a file is a part of an index, by its path below content/.</summary>
    public static bool IsPart(string path) =>
        path.StartsWith(PlacesFolder + "/", StringComparison.Ordinal)
        || path.StartsWith(NamingFolder + "/", StringComparison.Ordinal);

    /// <summary>The rows of <c>places</c> for files with items.</summary>
    public static string PlacesOf(IEnumerable<string> rows) => $"""
        SELECT item_hash(service || ':' || item_id) AS item, bucket FROM {ParquetFiles.Rows(rows)} ORDER BY ALL
        """;

    /// <summary>The rows of <c>naming</c> for files with items.</summary>
    public static string NamingOf(IEnumerable<string> rows, int buckets) => $"""
        SELECT DISTINCT bucket_of(account, {buckets}) AS account_bucket, account_hash(account) AS account,
            item_hash(service || ':' || item_id) AS item, bucket
        FROM (
            SELECT unnest(persons).account AS account, service, item_id, bucket FROM {ParquetFiles.Rows(rows)}
            WHERE len(persons) > 0
        )
        WHERE account IS NOT NULL ORDER BY ALL
        """;

    private static ItemIndex? Of(string writer, IReadOnlyList<StoredFile> wrote, HashSet<string> replaced)
    {
        var there = wrote.Where(file => !replaced.Contains(file.Path)).ToArray();
        return there.SingleOrDefault(file => file.Path.StartsWith(PlacesFolder + "/", StringComparison.Ordinal))
                is { } places
            && there.SingleOrDefault(file => file.Path.StartsWith(NamingFolder + "/", StringComparison.Ordinal))
                is { } naming
            ? new ItemIndex(writer, places, naming)
            : null;
    }
}
