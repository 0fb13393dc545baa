using Aval.Storage;

namespace Aval.Content;

/// <summary>
/// What holds of several observations, as of T: <c>current_KIND</c>. Keys that have several versions, were named by a
/// rejected row, or are lacking in a snapshot are few, and known from their imports as contested; all others are what
/// their only row says. Everything here is a function of the observations' instants, sources and content; in which
/// order or in which batches they were imported is looked at nowhere.
/// </summary>
internal static class Resolution
{
    /// <summary>Makes the view. Needs <c>all_KIND</c>.</summary>
    public static void Create(Engine engine, ContentKind kind, Observations observations, DateTimeOffset asOf)
    {
        var name = kind.ToText();
        if (kind is ContentKind.Items)
            engine.Execute(NothingGone);
        if (observations.Contested() is not { } contested)
        {
            if (kind is ContentKind.Items)
                engine.Execute($"""
                    CREATE OR REPLACE TEMP TABLE last_words (service VARCHAR, item_id VARCHAR, text VARCHAR,
                        audience VARCHAR, created_at TIMESTAMP, kind VARCHAR);
                    CREATE OR REPLACE TEMP TABLE resolved_items AS
                    SELECT *, false AS unreadable FROM ({CanonicalColumns.Nothing(kind)});
                    CREATE OR REPLACE TEMP VIEW placed_items AS SELECT *, false AS unreadable FROM brought_items;
                    CREATE OR REPLACE TEMP VIEW laid_resolved AS FROM resolved_items
                    """);
            engine.Execute($"""
                CREATE OR REPLACE TEMP VIEW current_{name} AS SELECT *, false AS unreadable FROM all_{name};
                CREATE OR REPLACE TEMP TABLE contested_{name} AS
                SELECT {Split(kind)}, key FROM (SELECT NULL::VARCHAR AS key) WHERE false
                """);
            return;
        }

        engine.Execute(Seen(kind, observations, contested, asOf));
        if (kind is ContentKind.Items)
            Deletions(engine, observations, asOf);
        engine.Execute(Resolved(
            kind, kind is ContentKind.Items ? ItemFinding.Versions(engine, "FROM contested_items") : $"all_{name}"));
        RequireFound(engine, kind);
        engine.Execute(Current(kind));
        if (kind is ContentKind.Items)
            engine.Execute(Placed);
    }

    // What an item said before a row said that it is gone, and nothing else: its words are still somebody's.
    private const string LastWords = """
        CREATE OR REPLACE TEMP TABLE last_words AS
        SELECT service, item_id, last_words.text AS text, last_words.audience AS audience,
            last_words.created_at AS created_at, last_words.kind AS kind
        FROM resolved_items WHERE deleted AND last_words IS NOT NULL;

        ALTER TABLE resolved_items DROP COLUMN last_words;
        """;

    // What is resolved of several versions, some of which were left in place, is resolved with those.
    private const string Placed = """
        CREATE OR REPLACE TEMP TABLE placed_contested AS
        SELECT DISTINCT service, item_id FROM brought_items SEMI JOIN contested_items USING (service, item_id);

        CREATE OR REPLACE TEMP VIEW laid_resolved AS FROM resolved_items
        ANTI JOIN placed_contested USING (service, item_id);

        CREATE OR REPLACE TEMP VIEW placed_items AS
        SELECT *, false AS unreadable FROM brought_items ANTI JOIN contested_items USING (service, item_id)
        UNION ALL BY NAME FROM resolved_items SEMI JOIN placed_contested USING (service, item_id)
        """;

    /// <summary>
    /// What snapshots deleted, as a part of the content's hash: the same observations without the snapshots are other
    /// content.
    /// </summary>
    public static ObservationSum GoneSum(Engine engine) =>
        ObservationSum.Of(
            engine,
            "(SELECT key, fingerprint('gone') AS fp, max(snapshot_at) AS observed_at FROM gone_items GROUP BY key)");

    /// <summary>
    /// SQL of what snapshots had deleted of some items, at each instant at which that changes, as a part of the
    /// content's hash: <c>since, low, high</c>. Kept when these items are erased, so that a release of such an instant
    /// is still told from what it was made of. null = there were no snapshots.
    /// </summary>
    /// <param name="observations">Of items, with <c>listed_items</c> in the engine.</param>
    /// <param name="keys">A table with the column <c>key</c>.</param>
    internal static string? GoneSums(Observations observations, string keys)
    {
        string[] snapshots = [.. observations.Records.Where(record => Observations.SnapshotAt(record) is not null)
            .Select(record => $"({Engine.Literal(record.Source)}, {Engine.Literal(observations.IndexOf(record))}, "
                + $"{Engine.Literal(Observations.SnapshotAt(record)!.Value)})")];
        if (snapshots.Length == 0 || observations.Contested() is null)
            return null;
        var repeats = observations.Records.Where(record => record.Repeats is not null)
            .Select(record => $"({Engine.Literal(observations.IndexOf(record))}, "
                + $"{Engine.Literal(Observations.At(record))})").DefaultIfEmpty("('', NULL::TIMESTAMP)");
        const string hashed = "fingerprint('gone')::VARCHAR || epoch_us(snapshot_at) || ' ' || key";
        return $"""
            WITH snapshots AS (
                SELECT * FROM (VALUES {string.Join(", ", snapshots)}) AS told(source, path, snapshot_at)
            ), listed AS (
                FROM listed_items SEMI JOIN {keys} AS asked USING (key)
            ), seen AS (
                SELECT key, source, observed_at FROM listed
                UNION ALL
                SELECT key, source, repeated.again FROM listed
                JOIN (VALUES {string.Join(", ", repeats)}) AS repeated(path, again) USING (path) WHERE undated
            ), instants AS (
                SELECT snapshot_at AS since FROM snapshots UNION SELECT observed_at FROM seen
            ), newest AS (
                SELECT since, source, path, snapshot_at FROM instants JOIN snapshots ON snapshot_at <= since
                QUALIFY snapshot_at = max(snapshot_at) OVER (PARTITION BY since, source)
            ), last AS (
                SELECT since, key, max(observed_at) AS last_seen FROM instants JOIN seen ON observed_at <= since
                GROUP BY ALL
            ), had AS (
                SELECT DISTINCT since, key, source FROM instants JOIN seen ON observed_at <= since
            ), gone AS (
                SELECT since, key, max(snapshot_at) AS snapshot_at
                FROM had JOIN newest USING (since, source) JOIN last USING (since, key)
                WHERE last_seen <= snapshot_at AND (key, path) NOT IN (SELECT (key, path) FROM listed)
                GROUP BY since, key
            )
            SELECT since,
                (coalesce(sum(observation_low({hashed})) FILTER (WHERE key IS NOT NULL), 0::HUGEINT)
                    % 18446744073709551616::HUGEINT)::UBIGINT AS low,
                (coalesce(sum(observation_high({hashed})) FILTER (WHERE key IS NOT NULL), 0::HUGEINT)
                    % 18446744073709551616::HUGEINT)::UBIGINT AS high
            FROM instants LEFT JOIN gone USING (since) WHERE since IS NOT NULL GROUP BY since
            """;
    }

    private const string NothingGone = "CREATE OR REPLACE TEMP TABLE gone_items AS SELECT NULL::VARCHAR AS key, "
        + "NULL::TIMESTAMP AS snapshot_at WHERE false";

    private static string Split(ContentKind kind) => kind is ContentKind.Items
        ? "split_part(key, ':', 1) AS service, substr(key, position(':' IN key) + 1) AS item_id"
        : "key AS account";

    // contested_KIND: the keys, and their columns, so that ten million rows need not be spelled out as keys to be found
    // uncontested. listed_KIND: which index has which of them. seen_KIND: every observation of them up to T.
    private static string Seen(ContentKind kind, Observations observations, string contested, DateTimeOffset asOf)
    {
        var name = kind.ToText();
        var imports = observations.Records.GroupBy(observations.IndexOf).Select(same => (
            Path: same.Key,
            same.First().Source,
            Again: same.Where(record => record.Repeats is not null).Select(Observations.At).Where(at => at <= asOf)
                .Select(at => (DateTimeOffset?)at).Max())).ToArray();
        var rows = string.Join(", ", imports.Select(import => $"({Engine.Literal(import.Path)}, "
            + $"{Engine.Literal(import.Source)}, {(import.Again is { } again ? Engine.Literal(again) : "NULL")})"));
        return $"""
            CREATE OR REPLACE TEMP TABLE contested_{name} AS SELECT DISTINCT {Split(kind)}, key FROM ({contested});

            CREATE OR REPLACE TEMP TABLE imports_{name} (path VARCHAR, source VARCHAR, again TIMESTAMP);
            INSERT INTO imports_{name} VALUES {rows};

            CREATE OR REPLACE TEMP TABLE listed_{name} AS
            SELECT key, fp, held, undated, observed_at, path, source, again FROM (
                SELECT key, fp, held, undated, make_timestamp(epoch_us(observed_at)) AS observed_at, aval_name AS path
                FROM {ParquetFiles.NamedRows(imports.Select(import => import.Path))}
                SEMI JOIN contested_{name} USING (key)
            ) JOIN imports_{name} USING (path);

            CREATE OR REPLACE TEMP TABLE seen_{name} AS
            SELECT key, fp, held, source, observed_at FROM listed_{name} WHERE observed_at <= {Engine.Literal(asOf)}
            UNION ALL
            SELECT key, fp, held, source, again FROM listed_{name} WHERE undated AND again IS NOT NULL
            """;
    }

    // Deleted at source: the newest snapshot of a source that had the item lacks it, and nothing observed it later. Of
    // several snapshots of one instant, one that lacks it is enough.
    private static void Deletions(Engine engine, Observations observations, DateTimeOffset asOf)
    {
        var newest = observations.Records.Where(record => Observations.SnapshotAt(record) <= asOf)
            .GroupBy(record => record.Source, StringComparer.Ordinal)
            .SelectMany(source => source.Where(
                record => Observations.SnapshotAt(record) == source.Max(Observations.SnapshotAt)))
            .Select(record => $"({Engine.Literal(record.Source)}, {Engine.Literal(observations.IndexOf(record))}, "
                + $"{Engine.Literal(Observations.SnapshotAt(record)!.Value)})")
            .ToArray();
        if (newest.Length == 0)
            return;
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE gone_items AS
            WITH newest AS (
                SELECT * FROM (VALUES {string.Join(", ", newest)}) AS snapshots(source, path, snapshot_at)
            ), last AS (
                SELECT key, max(observed_at) AS last_seen FROM seen_items GROUP BY key
            ), had AS (
                SELECT DISTINCT key, source FROM seen_items
            )
            SELECT key, snapshot_at
            FROM had JOIN newest USING (source) JOIN last USING (key)
            WHERE last_seen <= snapshot_at AND (key, path) NOT IN (SELECT (key, path) FROM listed_items)
            """);
    }

    // At the same instant, what protects wins: a row that could not be read, a deletion, then an audience that is not
    // public; of an account no year of birth, then the latest; then what is written, in whatever order that has, as
    // long as the order of imports has no say.
    // Observations that say the same are stored once or twice, depending on which arrived first; the first of them is
    // shown either way.
    private static string Resolved(ContentKind kind, string versions)
    {
        var name = kind.ToText();
        var key = CanonicalColumns.Key(kind);
        var observed = CanonicalColumns.Observed(kind);
        var columns = kind is ContentKind.Items ? "service, item_id" : "account";
        var protects = kind switch
        {
            ContentKind.Items => "deleted DESC, audience = 'public',",
            ContentKind.Accounts => "birth_year DESC NULLS FIRST,",
            ContentKind.Notices => "",
        };
        var gone =
            kind is ContentKind.Items ? "REPLACE (deleted OR key IN (SELECT key FROM gone_items) AS deleted)" : "";
        var order = $"PARTITION BY key ORDER BY last_said DESC NULLS LAST, {protects} said, "
            + $"versions.{observed}";
        var last = kind is ContentKind.Items
            ? $"""
              , CASE WHEN coalesce(text, '') = '' THEN first_value(
                      CASE WHEN last_said IS NOT NULL AND text <> '' THEN struct_pack(
                          text := text, audience := audience, created_at := created_at, kind := kind) END
                      IGNORE NULLS) OVER ({order}
                  ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) END AS last_words
              """
            : "";
        // Of an account of which no row could ever be read, nothing is known but that.
        var never = kind is ContentKind.Accounts
            ? """
              UNION ALL BY NAME
              SELECT key AS account, split_part(key, ':', 1) AS service, max(observed_at) AS observed_at,
                  true AS unreadable
              FROM seen_accounts GROUP BY key HAVING bool_and(held)
              """
            : "";
        return $"""
            CREATE OR REPLACE TEMP TABLE resolved_{name} AS
            WITH versions AS (
                SELECT *, {key} AS key, {CanonicalColumns.Said(kind)} AS said,
                    fingerprint({CanonicalColumns.Said(kind)}) AS fp
                FROM {versions} AS version SEMI JOIN contested_{name} USING ({columns})
            ), latest AS (
                SELECT key, fp, max(observed_at) AS last_said FROM seen_{name} WHERE NOT held GROUP BY key, fp
            ), ranked AS MATERIALIZED (
                SELECT *, last_said = max(last_said) OVER (PARTITION BY key) AS is_last FROM latest
            ), told AS (
                SELECT key, count(*) AS aval_told FROM ranked WHERE is_last GROUP BY key
            ), readable AS (
                SELECT key, coalesce(max(observed_at) FILTER (WHERE held) >= max(observed_at) FILTER (WHERE NOT held),
                    false) AS unreadable
                FROM seen_{name} GROUP BY key
            ), counting AS (
                SELECT versions.*, unreadable, last_said IS NOT NULL AS aval_is_said, aval_told,
                    count(DISTINCT fp) FILTER (WHERE is_last) OVER (PARTITION BY key) AS aval_found{last}
                FROM versions LEFT JOIN ranked USING (key, fp) LEFT JOIN told USING (key) JOIN readable USING (key)
                QUALIFY row_number() OVER ({order}) = 1
            )
            SELECT * EXCLUDE (said, fp) {gone} FROM counting {never}
            """;
    }

    // What was said last is what its index says, found among the rows by what they say. Where no row says it, an older
    // version would count in its place, or the item be none, and every sum would close.
    private static void RequireFound(Engine engine, ContentKind kind)
    {
        var lacking = engine.Query(
            $"SELECT key FROM resolved_{kind.ToText()} WHERE aval_found < aval_told ORDER BY key LIMIT 1",
            row => row.GetString(0));
        if (lacking is [var key, ..])
            throw AvalException.BadInput($"content/{kind.ToText()}: expected among the stored versions of "
                + $"{Shown.Of(key)} the one that was observed last, which the index of its import lists, and none of "
                + "them says that. Nothing was done. Run aval check. If it finds nothing wrong, another version of "
                + "Aval reads these files otherwise: use the one that imported them, or import them again "
                + "(aval import start-over).");
    }

    // What was said by nobody yet, as of T, is none.
    private static string Current(ContentKind kind)
    {
        var name = kind.ToText();
        return $"""
            DELETE FROM resolved_{name} WHERE NOT aval_is_said;
            ALTER TABLE resolved_{name} DROP COLUMN aval_is_said;
            ALTER TABLE resolved_{name} DROP COLUMN aval_found;
            ALTER TABLE resolved_{name} DROP COLUMN aval_told;
            ALTER TABLE resolved_{name} DROP COLUMN key;

            {(kind is ContentKind.Items ? LastWords : "")}

            CREATE OR REPLACE TEMP VIEW current_{name} AS
            SELECT *, false AS unreadable FROM all_{name}
            ANTI JOIN contested_{name} USING ({(kind is ContentKind.Items ? "service, item_id" : "account")})
            UNION ALL BY NAME FROM resolved_{name}
            """;
    }
}
