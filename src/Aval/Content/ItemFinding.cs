using System.Globalization;
using Aval.Storage;

namespace Aval.Content;

/// <summary>
/// The way to a few items: which files and buckets they may lie in is asked of the indexes
/// (<see cref="ItemIndex"/>), and no other content is read. Each answer is SQL of rows among which are all that are
/// asked for; whoever asks picks them out, as from all content. All of it is read when that is what would be read
/// anyway: more is asked for than there are buckets, or rows of some file are in no index. Items left in place lie by
/// nothing, so they are read whole.
/// </summary>
internal sealed class ItemFinding
{
    private readonly IReadOnlyList<(RowsFile Rows, string Path)> _files;
    private readonly IReadOnlyList<(string Places, string Naming)>? _indexes;
    private readonly Func<IReadOnlyList<string>, string, string> _laid;
    private readonly bool _anyPlaced;
    private readonly int _buckets;

    private ItemFinding(
        IReadOnlyList<(RowsFile Rows, string Path)> files, IReadOnlyList<(string Places, string Naming)>? indexes,
        Func<IReadOnlyList<string>, string, string> laid, bool anyPlaced, int buckets) =>
        (_files, _indexes, _laid, _anyPlaced, _buckets) = (files, indexes, laid, anyPlaced, buckets);

    /// <summary>Leaves it in an engine, for whoever asks there.</summary>
    /// <param name="engine">Which has the content's views, or will.</param>
    /// <param name="checks">Each file is held against its hash.</param>
    /// <param name="log">What was written.</param>
    /// <param name="layout">The files with items.</param>
    /// <param name="laid">SQL of the versions in some files, as <c>laid_items</c> has them all, that meet a
    /// condition on <c>bucket</c>.</param>
    /// <param name="anyPlaced">Some were left in place: <c>brought_items</c>.</param>
    public static void Provide(
        Engine engine, ContentChecks checks, ReadLog log, ContentLayout layout,
        Func<IReadOnlyList<string>, string, string> laid, bool anyPlaced)
    {
        var indexes = ItemIndex.All(log).ToDictionary(index => index.Writer, StringComparer.Ordinal);
        var writers = layout.Files.Select(rows => rows.Writer).Distinct().ToArray();
        engine.Leave(new ItemFinding(
            [.. layout.Files.Select(rows => (rows, Path.Combine(checks.Workspace.Content, rows.File.Path)))],
            writers.All(indexes.ContainsKey) ? [.. writers.Select(writer => checks.Index(indexes[writer]))] : null,
            laid, anyPlaced, checks.Workspace.Settings.Buckets));
    }

    /// <summary>Rows as in <c>item_versions</c>, among them every version of the items that a query names.</summary>
    /// <param name="engine">Where the content's views are.</param>
    /// <param name="items">SQL with the columns <c>service, item_id</c>, each item once.</param>
    public static string Versions(Engine engine, string items) =>
        engine.Left<ItemFinding>() is { } finding ? finding.Versions(finding.Lying(engine, items)) : "item_versions";

    /// <summary>The same of those that lie by bucket, as in <c>laid_items</c>.</summary>
    public static string Laid(Engine engine, string items) =>
        engine.Left<ItemFinding>() is { } finding ? finding.Laid(finding.Lying(engine, items)) : "laid_items";

    /// <summary>Rows as in <c>items_now</c>, among them each of the items that a query names.</summary>
    /// <inheritdoc cref="Versions(Engine, string)"/>
    public static string Now(Engine engine, string items) =>
        engine.Left<ItemFinding>() is null ? "items_now" : Resolved(Versions(engine, items));

    /// <summary>The same of those that lie in the buckets that <see cref="ContentViews.KeepNear"/> left, with all that
    /// are contested.</summary>
    public static string Near() => Resolved("near_items");

    /// <summary>The same for one item.</summary>
    public static string Now(Engine engine, Item item) => Now(
        engine, $"SELECT {Engine.Literal(item.Service)} AS service, {Engine.Literal(item.Id)} AS item_id");

    /// <summary>Rows as in <c>items_now</c>, among them all of which an account is the author.</summary>
    public static string Now(Engine engine, Account account) => engine.Left<ItemFinding>() is null
        ? "items_now"
        : Resolved(By(engine, $"SELECT {Engine.Literal(account.ToString())} AS account"));

    // What is contested was resolved from all its versions, wherever they lie.
    private static string Resolved(string versions) => $"""
        (SELECT *, false AS unreadable FROM {versions} AS version ANTI JOIN contested_items USING (service, item_id)
         UNION ALL BY NAME FROM resolved_items)
        """;

    /// <summary>Rows as in <c>item_versions</c>, among them all that name one of the accounts that a query
    /// names.</summary>
    /// <param name="engine">Where the content's views are.</param>
    /// <param name="accounts">SQL with the column <c>account</c>, each account once.</param>
    public static string Naming(Engine engine, string accounts) => engine.Left<ItemFinding>() is { } finding
        ? finding.Versions(finding.NamedIn(engine, accounts))
        : "item_versions";

    /// <summary>The same of all that one of the accounts published.</summary>
    /// <inheritdoc cref="Naming(Engine, string)"/>
    public static string By(Engine engine, string accounts) => engine.Left<ItemFinding>() is { } finding
        ? finding.Versions(finding.Few(
            engine, $"SELECT bucket_of(account, {Number(finding._buckets)}) FROM ({accounts})", row => row.GetInt32(0)))
        : "item_versions";

    // null = in any.
    private List<int>? Lying(Engine engine, string items)
    {
        if (_indexes is null)
            return null;
        var hashes = Few(
            engine, $"SELECT item_hash(service || ':' || item_id) FROM ({items})", row => row.GetInt64(0));
        return hashes is null ? null : Buckets(engine, _indexes.Select(index => index.Places), In("item", hashes));
    }

    private List<int>? NamedIn(Engine engine, string accounts)
    {
        if (_indexes is null)
            return null;
        var asked = Few(
            engine, $"SELECT account_hash(account), bucket_of(account, {Number(_buckets)}) FROM ({accounts})",
            row => (Hash: row.GetInt64(0), Bucket: row.GetInt32(1)));
        return asked is null ? null : Buckets(
            engine, _indexes.Select(index => index.Naming),
            $"{In("account_bucket", asked.Select(one => (long)one.Bucket))} AND "
                + In("account", asked.Select(one => one.Hash)));
    }

    // Hashes fall evenly: more items than buckets lie in most buckets, and what is spared is not worth the asking.
    private List<T>? Few<T>(Engine engine, string sql, Func<DuckDB.NET.Data.DuckDBDataReader, T> row)
    {
        var found = engine.Query($"{sql} LIMIT {Number(_buckets + 1)}", row);
        return found.Count > _buckets ? null : found;
    }

    private static List<int> Buckets(Engine engine, IEnumerable<string> index, string where) =>
        index.ToArray() is { Length: > 0 } files
            ? engine.Query(
                $"SELECT DISTINCT bucket FROM {ParquetFiles.Rows(files)} WHERE {where} ORDER BY bucket",
                row => row.GetInt32(0))
            : [];

    private string Versions(List<int>? buckets) => !_anyPlaced
        ? Laid(buckets)
        : $"(FROM {Laid(buckets)} UNION ALL FROM brought_items)";

    private string Laid(List<int>? buckets)
    {
        if (buckets is null)
            return "laid_items";
        var within = buckets.ToHashSet();
        var files = _files.Where(file => file.Rows.File.Buckets!.Any(within.Contains)).Select(file => file.Path)
            .ToArray();
        return files.Length == 0
            ? $"({CanonicalColumns.Nothing(ContentKind.Items)})"
            : $"({_laid(files, In("bucket", within.Order().Select(bucket => (long)bucket)))})";
    }

    private static string In(string column, IEnumerable<long> values) =>
        values.Select(value => value.ToString(CultureInfo.InvariantCulture)).Distinct().ToArray() is { Length: > 0 } any
            ? $"{column} IN ({string.Join(", ", any)})"
            : "false";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
