using Aval.Storage;

namespace Aval.Content;

/// <summary>
/// An import, step by step, as tables of the engine: <c>source → incoming → accepted → judged → taken</c>.
/// </summary>
internal static class ImportSql
{
    /// <summary>Every row of the source as canonical columns, with what is wrong with it (null = nothing).</summary>
    public static string Incoming(ContentKind kind, IReadOnlyList<ColumnReading> readings)
    {
        var faults = readings.Where(reading => reading.Wrong is not "false").Select(reading =>
            $"WHEN {reading.Wrong} THEN {{'column': {Engine.Literal(reading.Column.Name)}, 'reason': {Engine.Literal(reading.Expected)}, 'found': ({reading.Raw})::VARCHAR}}");
        var values = string.Join(", ", readings.Select(reading => $"{reading.Value} AS {reading.Column.Name}"));
        // "It is by somebody on another service" cannot be said of one column.
        var across = kind switch
        {
            ContentKind.Items => "CASE WHEN split_part(author, ':', 1) <> service THEN {'column': 'author', 'reason': 'an account of the item''s own service, ' || service, 'found': author} END",
            ContentKind.Accounts => "CASE WHEN nullif(service, '') <> split_part(account, ':', 1) THEN {'column': 'service', 'reason': 'the service that the account names', 'found': service} END",
            ContentKind.Notices => "NULL",
        };
        var service = kind is ContentKind.Accounts ? "REPLACE (split_part(account, ':', 1) AS service)" : "";
        return $"""
            CREATE OR REPLACE TABLE incoming AS
            SELECT * EXCLUDE (fault) {service}, coalesce(fault, {across}) AS reject
            FROM (SELECT aval_file, aval_line, {values}, CASE {string.Join(' ', faults)} ELSE NULL END AS fault FROM source)
            """;
    }

    /// <summary>The rows that can be taken: what each is about, what it says, and when.</summary>
    public static string Accepted(ContentKind kind) => $"""
        CREATE OR REPLACE TABLE accepted AS
        SELECT *, hash(key) AS bin FROM (
            SELECT rowid AS rid, {CanonicalColumns.Key(kind)} AS key, fingerprint({CanonicalColumns.Said(kind)}) AS fp,
                {CanonicalColumns.Observed(kind)} AS observed_at, {(kind is ContentKind.Items ? "deleted" : "false")} AS deleted
            FROM incoming WHERE reject IS NULL)
        """;

    /// <summary>In an empty workspace nothing is known.</summary>
    public const string KnowsNothing = """
        CREATE OR REPLACE TABLE known AS
        SELECT NULL::VARCHAR AS key, NULL::UUID AS fp, NULL::TIMESTAMP AS observed_at, NULL::BOOLEAN AS stored WHERE false
        """;

    /// <summary>Earlier observations of what comes in.</summary>
    public static string Knows(IReadOnlyList<string> index) => $"""
        CREATE OR REPLACE TABLE known AS
        SELECT key, fp, make_timestamp(epoch_us(observed_at)) AS observed_at, stored
        FROM {ParquetFiles.Rows(index)} SEMI JOIN accepted USING (key)
        """;

    /// <summary>
    /// Judges the rows whose key is known, or stands here more than once. Most rows are neither, and cost no window:
    /// keys that share a hash are looked at, the others are alone.
    /// <para>
    /// Of the observations of one key that say the same, the earliest is stored and the later ones only noted: they say
    /// that it was still so, which an observation that arrives late must not undo.
    /// </para>
    /// </summary>
    public const string Judged = """
        CREATE OR REPLACE TABLE busy AS
        SELECT accepted.* FROM accepted
        WHERE bin IN (SELECT bin FROM accepted GROUP BY bin HAVING count(*) > 1) OR key IN (SELECT key FROM known);

        CREATE OR REPLACE TABLE judged AS
        WITH rows AS (
            SELECT key, fp, observed_at, min(rid) AS rid, bool_or(deleted) AS deleted, count(*) AS copies, false AS earlier FROM busy GROUP BY key, fp, observed_at
            UNION ALL
            SELECT key, fp, observed_at, NULL, NULL, 0, true FROM known
        ), compared AS (
            SELECT *,
                bool_or(earlier) OVER (PARTITION BY key, fp, observed_at) AS exact,
                min(observed_at) OVER (PARTITION BY key, fp) AS first_said,
                bool_or(earlier) OVER (PARTITION BY key) AS was_there,
                max(observed_at) FILTER (WHERE earlier) OVER (PARTITION BY key) AS last_there,
                row_number() OVER (PARTITION BY key ORDER BY earlier DESC, observed_at, rid) AS place
            FROM rows
        )
        SELECT rid, key, fp, observed_at, deleted, copies, exact, NOT exact AND observed_at = first_said AS stored,
            CASE WHEN exact OR observed_at > first_said THEN 'unchanged'
                 WHEN was_there AND observed_at < last_there THEN 'older'
                 WHEN NOT was_there AND place = 1 THEN 'new'
                 ELSE 'newer' END AS what
        FROM compared WHERE NOT earlier;

        CREATE OR REPLACE TABLE taken AS
        SELECT rid, key, fp, observed_at, deleted, true AS stored FROM accepted ANTI JOIN busy USING (rid)
        UNION ALL
        SELECT rid, key, fp, observed_at, deleted, stored FROM judged WHERE NOT exact
        """;

    /// <summary>read, new, newer, older, unchanged, duplicates.</summary>
    public const string Counts = """
        SELECT (SELECT count(*) FROM accepted),
            (SELECT count(*) FROM accepted ANTI JOIN busy USING (rid)) + (SELECT count(*) FROM judged WHERE what = 'new'),
            (SELECT count(*) FROM judged WHERE what = 'newer'),
            (SELECT count(*) FROM judged WHERE what = 'older'),
            (SELECT count(*) FROM judged WHERE what = 'unchanged'),
            (SELECT coalesce(sum(copies - 1), 0)::BIGINT FROM judged)
        """;

    /// <summary>The rows to store, all of them when nothing was known or rejected.</summary>
    public const string StoredRows = "incoming WHERE rowid IN (SELECT rid FROM taken WHERE stored)";

    /// <summary>Keys that have several stored versions by now.</summary>
    public const string Contested = """
        CREATE OR REPLACE TEMP TABLE contested AS
        SELECT key FROM (
            SELECT key FROM judged WHERE stored
            UNION ALL SELECT key FROM known WHERE stored AND key IN (SELECT key FROM judged WHERE stored)
            UNION ALL SELECT key FROM gone
            UNION ALL SELECT key FROM gone
        ) GROUP BY key HAVING count(*) > 1
        """;

    /// <summary>What earlier imports of the source had at or before the snapshot, what the snapshot lacks, and what is not deleted already.</summary>
    /// <param name="same">The index files of the source's earlier imports.</param>
    /// <param name="all">The index files of all earlier imports of items.</param>
    /// <param name="at">The snapshot's instant.</param>
    public static string Gone(IReadOnlyList<string> same, IReadOnlyList<string> all, DateTimeOffset at) => $"""
        CREATE OR REPLACE TEMP TABLE missing AS
        SELECT DISTINCT key FROM {ParquetFiles.Rows(same)} AS had
        ANTI JOIN accepted USING (key)
        WHERE make_timestamp(epoch_us(observed_at)) <= {Engine.Literal(at)};

        CREATE OR REPLACE TEMP TABLE living AS
        SELECT key FROM {ParquetFiles.Rows(all)} SEMI JOIN missing USING (key)
        WHERE make_timestamp(epoch_us(observed_at)) <= {Engine.Literal(at)}
        GROUP BY key HAVING NOT arg_max(deleted, (epoch_us(observed_at), deleted));

        CREATE OR REPLACE TEMP TABLE tombstones AS
        SELECT item_id, service, kind, author, 'unknown' AS audience, NULL::TIMESTAMP AS created_at, NULL::TIMESTAMP AS public_since, NULL::VARCHAR AS text,
            NULL::VARCHAR AS language_hint, NULL::STRUCT(account VARCHAR, role VARCHAR)[] AS persons, NULL::VARCHAR AS in_reply_to,
            NULL::STRUCT(uri VARCHAR, sha256 VARCHAR, kind VARCHAR)[] AS media, true AS deleted, NULL::VARCHAR AS preferences, {Engine.Literal(at)} AS observed_at
        FROM items_now SEMI JOIN living ON living.key = service || ':' || item_id;

        CREATE OR REPLACE TEMP TABLE gone AS
        SELECT {CanonicalColumns.Key(ContentKind.Items)} AS key, fingerprint({CanonicalColumns.Said(ContentKind.Items)}) AS fp, observed_at FROM tombstones
        """;
}
