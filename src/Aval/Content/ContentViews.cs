using System.Security.Cryptography;
using System.Text;
using Aval.Storage;

namespace Aval.Content;

/// <summary>What content there is, as of an instant.</summary>
/// <param name="Sha">64 hexadecimal digits: the same for the same observations, whatever imports brought them. Keyed by the workspace.</param>
/// <param name="Imports">The imports that were looked at, in order.</param>
/// <param name="RejectedLines">Lines that they could not take.</param>
public sealed record ContentSnapshot(string Sha, IReadOnlyList<string> Imports, long RejectedLines);

/// <summary>
/// Content as relations of an engine, as of an instant T:
/// <c>items_now</c>, one row a (service, item_id); <c>item_versions</c>, all versions, and <c>contested_items</c>, which
/// of them may have several; <c>account_versions</c>, all versions; <c>accounts_now</c>, one row an account;
/// <c>notices_now</c>. Instants are TIMESTAMP in UTC.
/// <para>
/// The version observed last is the item. Nearly all items have one version, so keys with several are known from their
/// imports and resolved apart; all other rows pass straight from the files.
/// </para>
/// </summary>
public static class ContentViews
{
    /// <summary>Makes the views.</summary>
    /// <param name="engine">An engine with the workspace's key.</param>
    /// <param name="workspace">Whose content.</param>
    /// <param name="asOf">T.</param>
    /// <param name="imports">The imports to look at; null = all there are.</param>
    /// <exception cref="AvalException">Bad input: a file left in place has changed or is gone, or an import is missing.</exception>
    public static ContentSnapshot Create(Engine engine, Workspace workspace, DateTimeOffset asOf, IReadOnlyList<string>? imports = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(workspace);
        var records = Chosen(workspace, imports);
        var checks = ContentChecks.Open(workspace);
        var sums = new StringBuilder();
        foreach (var kind in Enum.GetValues<ContentKind>())
        {
            var own = records.Where(record => record.Kind == kind).ToArray();
            Versions(engine, checks, kind, own, asOf);
            sums.Append($"{kind.ToText()}:{Sum(engine, checks, own, asOf)}\n");
        }

        checks.Keep();
        engine.Execute("CREATE OR REPLACE TEMP VIEW items_now AS FROM current_items");
        engine.Execute("CREATE OR REPLACE TEMP VIEW item_versions AS FROM all_items");
        engine.Execute("CREATE OR REPLACE TEMP VIEW accounts_now AS FROM current_accounts");
        engine.Execute("CREATE OR REPLACE TEMP VIEW account_versions AS FROM all_accounts");
        engine.Execute("CREATE OR REPLACE TEMP VIEW notices_now AS FROM all_notices");
        return new ContentSnapshot(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(sums.ToString()))), [.. records.Select(record => record.ImportId)], records.Sum(record => record.Counts.Rejected));
    }

    /// <summary>All files that imports left in place.</summary>
    public static IReadOnlyList<string> InPlaceFiles(Workspace workspace) =>
        [.. ImportLog.Read(workspace).Where(record => record.InPlace).SelectMany(record => record.Files).Select(file => file.Path).Distinct()];

    private static IReadOnlyList<ImportRecord> Chosen(Workspace workspace, IReadOnlyList<string>? imports)
    {
        var records = ImportLog.Read(workspace);
        if (imports is null)
            return records;
        var byId = records.ToDictionary(record => record.ImportId, StringComparer.Ordinal);
        return [.. imports.Select(id => byId.TryGetValue(id, out var record)
            ? record
            : throw AvalException.BadInput($"{workspace.Content}: the import {id}, which the release was made from, is not in imports.jsonl. Nothing was done. Restore the content from your backup."))];
    }

    // all_KIND: every stored version at or before T. current_KIND: the one that counts.
    private static void Versions(Engine engine, ContentChecks checks, ContentKind kind,
        IReadOnlyList<ImportRecord> records, DateTimeOffset asOf)
    {
        var name = kind.ToText();
        var columns = CanonicalColumns.FromFile(kind);
        var parts = new List<string>();
        var copies = records.Where(record => record.Stored > 0).Select(checks.Rows).ToArray();
        if (copies.Length > 0)
            parts.Add($"SELECT {columns} FROM {ParquetFiles.Rows(copies)}");
        parts.AddRange(records.Where(record => record.InPlace)
            .Select((record, at) => InPlace(engine, checks, kind, record, at)));
        var rows = parts.Count == 0 ? CanonicalColumns.Nothing(kind) : string.Join("\nUNION ALL\n", parts);
        // When nothing was observed later, no row is asked when it was.
        var later = records.Any(record => record.LastObserved is { } last && Instant.Parse(last, "last_observed") > asOf);
        var upTo = later && kind is not ContentKind.Notices ? $"WHERE observed_at <= {Engine.Literal(asOf)}" : "";
        engine.Execute($"CREATE OR REPLACE TEMP VIEW all_{name} AS SELECT * FROM ({rows}) {upTo}");

        var contested = records.Where(record => record.Contested).Select(checks.Contested).ToArray();
        if (contested.Length == 0)
        {
            engine.Execute($"""
                CREATE OR REPLACE TEMP VIEW current_{name} AS FROM all_{name};
                CREATE OR REPLACE TEMP TABLE contested_{name} AS FROM ({CanonicalColumns.Nothing(kind)})
                """);
            return;
        }

        var index = records.Select(checks.Index).ToArray();
        engine.Execute(Resolved(kind, contested, index, asOf));
    }

    // At the same instant, what protects wins: a deletion, then an audience that is not public; then what is written, in
    // whatever order that has, as long as the order of imports has no say. Observations that say the same are stored
    // once or twice, depending on which arrived first; the first of them is shown either way.
    private static string Resolved(ContentKind kind, IReadOnlyList<string> contested, IReadOnlyList<string> index, DateTimeOffset asOf)
    {
        var name = kind.ToText();
        var key = CanonicalColumns.Key(kind);
        var protects = kind is ContentKind.Items ? "deleted DESC, audience = 'public'," : "";
        var (columns, split) = kind is ContentKind.Items
            ? ("service, item_id", "split_part(key, ':', 1) AS service, substr(key, position(':' IN key) + 1) AS item_id")
            : ("account", "key AS account");
        // By columns, not by key: ten million rows need not be spelled out to be found uncontested.
        return $"""
            CREATE OR REPLACE TEMP TABLE contested_{name} AS SELECT DISTINCT {split}, key FROM {ParquetFiles.Rows(contested)};

            CREATE OR REPLACE TEMP TABLE resolved_{name} AS
            WITH versions AS (
                SELECT *, max({CanonicalColumns.Observed(kind)}) OVER (PARTITION BY key, fp) AS last_said FROM (
                    SELECT *, {key} AS key, {CanonicalColumns.Said(kind)} AS said, fingerprint({CanonicalColumns.Said(kind)}) AS fp
                    FROM all_{name} SEMI JOIN contested_{name} USING ({columns}))
            ), again AS (
                SELECT key, fp, max(make_timestamp(epoch_us(observed_at))) AS last_seen
                FROM {ParquetFiles.Rows(index)} SEMI JOIN contested_{name} USING (key)
                WHERE NOT stored AND make_timestamp(epoch_us(observed_at)) <= {Engine.Literal(asOf)}
                GROUP BY key, fp
            )
            SELECT versions.* EXCLUDE (key, said, fp, last_said)
            FROM versions LEFT JOIN again ON again.key = versions.key AND again.fp = versions.fp
            QUALIFY row_number() OVER (PARTITION BY versions.key ORDER BY greatest(last_said, last_seen) DESC, {protects} said, versions.{CanonicalColumns.Observed(kind)}) = 1;

            CREATE OR REPLACE TEMP VIEW current_{name} AS
            FROM all_{name} ANTI JOIN contested_{name} USING ({columns})
            UNION ALL FROM resolved_{name}
            """;
    }

    private static string InPlace(Engine engine, ContentChecks checks, ContentKind kind, ImportRecord record, int at)
    {
        var files = checks.InPlace(record);
        var source = TableSource.OfParquet(engine, files);
        var mapping = record.Mapping is { } expressions ? Mapping.Of(expressions) : Mapping.Canonical(kind, source.Columns);
        var imported = Instant.Parse(record.ImportedAt, "imported_at");
        var stated = new Stated(record.ObservedAt is { } text ? Instant.Parse(text, "observed_at") : imported, record.Audience, imported.AddDays(1));
        var readings = mapping.Readings(engine, kind, source.Columns, stated, files[0]);
        var service = kind is ContentKind.Accounts ? "split_part(account, ':', 1)" : null;
        var values = readings.Select(reading => $"{(reading.Column.Name == "service" && service is not null ? "''" : reading.Value)} AS {reading.Column.Name}");
        var rows = $"SELECT aval_file, aval_line, {string.Join(", ", values)} FROM ({TableSource.ParquetRows(files)})";
        var columns = string.Join(", ", CanonicalColumns.Of(kind).Select(column => column.Name == "service" && service is not null ? $"{service} AS service" : column.Name));
        var taken = record.Skipped ? $"ANTI JOIN {ParquetFiles.Rows(checks.Skipped(record))} AS skipped "
            + $"USING (aval_file, aval_line)" : "";
        return $"SELECT {columns} FROM ({rows}) AS place{at} {taken}";
    }

    private static ObservationSum Sum(Engine engine, ContentChecks checks, IReadOnlyList<ImportRecord> records,
        DateTimeOffset asOf)
    {
        var total = ObservationSum.Zero;
        foreach (var record in records)
        {
            var whole = record.LastObserved is not { } last || Instant.Parse(last, "last_observed") <= asOf;
            total += whole
                ? ObservationSum.Parse(record.ObservationSum)
                : ObservationSum.Of(engine, $"(SELECT key, fp, make_timestamp(epoch_us(observed_at)) AS observed_at "
                    + $"FROM {ParquetFiles.Rows(checks.Index(record))}) WHERE observed_at "
                    + $"<= {Engine.Literal(asOf)}");
        }

        return total;
    }
}
