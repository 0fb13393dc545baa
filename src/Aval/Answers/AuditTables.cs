using System.Globalization;
using Aval.Content;
using Aval.Corpus;
using Aval.Storage;
using DuckDB.NET.Data;

namespace Aval.Answers;

/// <summary>One drawn item.</summary>
/// <param name="Number">Its place in the order of drawing, from 1.</param>
/// <param name="Place">Its place in its population, from 0.</param>
/// <param name="Item">The item.</param>
/// <param name="Author">Who published it.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Mask">What holds against it.</param>
/// <param name="Masked">What was replaced in its text; empty = nothing.</param>
/// <param name="Shard">In which file its row lies; null = it was excluded.</param>
/// <param name="Row">Which row of it, from 0.</param>
/// <param name="Released">The row, as JSON.</param>
/// <param name="Observed">What was observed of it, as a JSON list.</param>
/// <param name="About">What was known of its author, as a JSON object; null = nothing.</param>
/// <param name="Notices">The notices that its author was sent, as a JSON list.</param>
/// <param name="IsWithheld">It is restricted, or to be erased, by now: its words are not to be read.</param>
/// <param name="IsSpokenFor">Something was said about it or its author.</param>
internal sealed record DrawnItem(
    long Number, long Place, Item Item, Account Author, string Kind, long Mask, string Masked, string? Shard,
    long? Row, string? Released, string Observed, string? About, string Notices, bool IsWithheld, bool IsSpokenFor);

/// <summary>
/// What was drawn, as tables of a replay's engine: <c>audit_items</c>, and what the content says of these and their
/// authors. No more of a release is in memory than was drawn.
/// </summary>
internal static class AuditTables
{
    /// <summary>The columns of a shard, as an object.</summary>
    private const string Row = """
        to_json({'row_key': row_key::VARCHAR, 'text': "text", 'language': "language", 'kind': kind, 'service': service,
            'year': "year", 'media': media})
        """;

    /// <summary>Some rows of a shard, by place: <c>row</c> and <c>released</c>, as JSON, with <c>row_key</c>.</summary>
    /// <param name="shard">The file.</param>
    /// <param name="rows">Which, from 0.</param>
    public static string ReleasedRows(string shard, IEnumerable<long> rows) => $"""
        SELECT file_row_number AS "row", row_key, {Row}::VARCHAR AS released
        FROM {ParquetFiles.NumberedRows(shard)} WHERE file_row_number IN ({string.Join(", ", rows.Select(Number))})
        """;

    /// <summary>The same, read by whoever has the shard alone: its maker may have put anything into it.</summary>
    /// <exception cref="ProofException">Malformed: it holds no rows of a release.</exception>
    public static IReadOnlyDictionary<long, string> ReadReleased(Engine engine, string shard, IEnumerable<long> rows)
    {
        try
        {
            return engine.Query(
                $"SELECT \"row\", released FROM ({ReleasedRows(shard, rows)})",
                row => (Row: row.GetInt64(0), Released: row.GetString(1)))
                .ToDictionary(row => row.Row, row => row.Released);
        }
        catch (DuckDBException broken) when (!FileFailure.IsOfTheMachine(broken))
        {
            throw ProofException.Malformed(
                $"{shard}: it holds no rows of a release: {broken.Message.Split('\n')[0]}", broken);
        }
    }

    /// <summary>How many of a replay's items are out.</summary>
    public static long Excluded(Replay replay) =>
        replay.Engine.Scalar<long>("SELECT count(*) FROM decided WHERE mask <> 0");

    /// <summary>Makes the table of what was drawn.</summary>
    /// <exception cref="AvalException">No: a shard is not the manifest's, or its rows are not the
    /// lineage's.</exception>
    public static void Make(
        Replay replay, Workspace workspace, string release, IReadOnlyList<long> admitted, IReadOnlyList<long> excluded)
    {
        var engine = replay.Engine;
        engine.Execute("""
            CREATE OR REPLACE TEMP TABLE audit_items (stratum VARCHAR, number BIGINT, place BIGINT, shard VARCHAR,
                "row" BIGINT, released VARCHAR, service VARCHAR, item_id VARCHAR);
            CREATE OR REPLACE TEMP TABLE audit_places (number BIGINT, place BIGINT)
            """);
        foreach (var (shard, rows) in AuditSample.Lying(replay.Manifest, admitted).GroupBy(one => one.Shard)
            .Select(of => (of.Key, of.ToArray())))
            TakeRows(engine, workspace, release, replay.Manifest, shard, rows);
        if (engine.Scalar<long>("SELECT count(*) FROM audit_items") != admitted.Count)
            throw new AvalException(ExitCode.No, $"{release}: some rows of its shards are not in its lineage, or stand "
                + "there twice: whose they are cannot be told. No sample was written. Restore the lineage from your "
                + "backup; aval check names what is not as it was.");
        foreach (var some in excluded.Select((place, at) => (Number: at + 1L, Place: place)).Chunk(1 << 12))
            engine.Execute($"INSERT INTO audit_places VALUES "
                + string.Join(", ", some.Select(one => $"({Number(one.Number)}, {Number(one.Place)})")));
        // Text is ordered by its bytes: anybody who has the decisions (aval decisions) finds the same places.
        engine.Execute("""
            INSERT INTO audit_items BY NAME
            SELECT 'excluded' AS stratum, number, place, service, item_id FROM (
                SELECT service, item_id, row_number() OVER (ORDER BY service, item_id) - 1 AS place
                FROM decided WHERE mask <> 0)
            JOIN audit_places USING (place)
            """);
    }

    /// <summary>Makes the tables of what the content says, as of the release.</summary>
    public static void Observe(Engine engine)
    {
        const string drawn = "SELECT DISTINCT service, item_id FROM audit_items";
        engine.Execute($$"""
            CREATE OR REPLACE TEMP TABLE audit_decided AS
            SELECT number, stratum, service, item_id, kind, account, mask, masked
            FROM decided JOIN audit_items USING (service, item_id);

            CREATE OR REPLACE TEMP TABLE audit_observed AS
            SELECT service, item_id,
                to_json(list({{Observation(isWithheld: false)}} ORDER BY observed_at, "text"))::VARCHAR AS observed,
                to_json(list({{Observation(isWithheld: true)}} ORDER BY observed_at))::VARCHAR AS withheld
            FROM {{ItemFinding.Versions(engine, drawn)}} AS version
            SEMI JOIN ({{drawn}}) AS drawn USING (service, item_id)
            GROUP BY ALL;

            CREATE OR REPLACE TEMP TABLE audit_accounts AS
            SELECT account, to_json({'country': country, 'birth_year': birth_year,
                'observed_at': {{Instant("observed_at")}}, 'unreadable': unreadable})::VARCHAR AS about
            FROM accounts_now SEMI JOIN audit_decided USING (account);

            CREATE OR REPLACE TEMP TABLE audit_notices AS
            SELECT account, to_json(list({'version': version, 'delivered_at': {{Instant("delivered_at")}},
                'bounced_at': {{Instant("bounced_at")}}} ORDER BY delivered_at, version))::VARCHAR AS notices
            FROM notices_now SEMI JOIN audit_decided USING (account) GROUP BY account
            """);
    }

    /// <summary>Reads what was drawn of a population, in the order of drawing; needs what <see cref="Quarantine"/>
    /// makes, and the choices.</summary>
    /// <param name="engine">Which has the tables.</param>
    /// <param name="stratum">Of which population.</param>
    /// <param name="from">The first number.</param>
    /// <param name="count">How many.</param>
    public static IReadOnlyList<DrawnItem> Read(Engine engine, string stratum, int from, int count) => engine.Query(
        $"""
        SELECT number, place, service, item_id, account, kind, mask, CASE WHEN mask = 0 THEN masked END, shard, "row",
            CASE WHEN is_out AND released IS NOT NULL THEN json_object('row_key', released->>'row_key')::VARCHAR
                ELSE released END,
            coalesce(CASE WHEN is_out THEN withheld ELSE observed END, '[]'), about, coalesce(notices, '[]'),
            coalesce(is_out, false), coalesce(is_named, false) OR coalesce(is_held, false)
        FROM (FROM audit_items WHERE stratum = $stratum AND number BETWEEN $from AND $to)
        JOIN audit_decided USING (stratum, number, service, item_id)
        LEFT JOIN audit_observed USING (service, item_id)
        LEFT JOIN audit_accounts USING (account)
        LEFT JOIN audit_notices USING (account)
        LEFT JOIN (SELECT DISTINCT holder AS account, true AS is_held FROM holding) USING (account)
        LEFT JOIN (SELECT DISTINCT service, item_id, true AS is_named FROM named_items) USING (service, item_id)
        LEFT JOIN (SELECT DISTINCT service, item_id, true AS is_out FROM quarantined_items)
            USING (service, item_id)
        ORDER BY number
        """,
        row => new DrawnItem(
            row.GetInt64(0), row.GetInt64(1), new Item(row.GetString(2), row.GetString(3)),
            Account.Parse(row.GetString(4)), row.GetString(5), row.GetInt64(6), Text(row, 7) ?? "", Text(row, 8),
            row.IsDBNull(9) ? null : row.GetInt64(9), Text(row, 10), row.GetString(11), Text(row, 12),
            row.GetString(13), row.GetBoolean(14), row.GetBoolean(15)),
        ("stratum", stratum), ("from", from), ("to", from + count - 1));

    private static void TakeRows(
        Engine engine, Workspace workspace, string release, Manifest manifest, string shard,
        (int Number, long Place, string Shard, long Row)[] rows)
    {
        var path = Path.Combine(release, shard);
        var lineage = Path.Combine(workspace.Lineage, manifest.Corpus, manifest.Release, Path.GetFileName(shard));
        foreach (var (file, stated) in new[]
        {
            (path, manifest.Files.Single(one => one.Path == shard)),
            (lineage, manifest.Lineage.Single(one => Path.GetFileName(one.Path) == Path.GetFileName(shard))),
        })
        {
            if (!HashedFile.Is(file, stated.Sha256))
                throw new AvalException(ExitCode.No, $"{file}: this is not the file that the manifest names, or it is "
                    + "gone. No sample was written. Restore the release, or build it again.");
        }

        foreach (var some in rows.Chunk(1 << 12))
        {
            var places = string.Join(
                ", ", some.Select(one => $"({Number(one.Number)}, {Number(one.Place)}, {Number(one.Row)})"));
            engine.Execute($"""
                INSERT INTO audit_items BY NAME
                SELECT 'admitted' AS stratum, number, place, {Engine.Literal(shard)} AS shard, "row", released, service,
                    item_id
                FROM (VALUES {places}) AS drawn(number, place, "row")
                JOIN ({ReleasedRows(path, some.Select(one => one.Row))}) AS lying USING ("row")
                JOIN (SELECT row_key, service, item_id FROM {ParquetFiles.Rows(lineage)}) AS lineage USING (row_key)
                """);
        }
    }

    // What a version says and when it was observed; its words may have to be left out.
    private static string Observation(bool isWithheld)
    {
        string Words(string column) => isWithheld ? "NULL::VARCHAR" : column;
        return $$"""
            {'kind': kind, 'author': author, 'audience': audience, 'created_at': {{Instant("created_at")}},
            'public_since': {{Instant("public_since")}}, 'text': {{Words("\"text\"")}},
            'language_hint': language_hint, 'persons': {{Words("persons")}}, 'in_reply_to': in_reply_to,
            'media': {{Words("media")}}, 'deleted': deleted, 'preferences': preferences,
            'observed_at': {{Instant("observed_at")}}}
            """;
    }

    private static string Instant(string column) => $"strftime({column}, '%Y-%m-%dT%H:%M:%S.%fZ')";

    private static string? Text(DuckDB.NET.Data.DuckDBDataReader row, int at) =>
        row.IsDBNull(at) ? null : row.GetString(at);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
