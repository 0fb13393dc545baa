using System.Collections.Concurrent;
using System.Globalization;
using DuckDB.NET.Data;

namespace Aval.Benchmarks;

/// <summary>What a data engineer would write by hand, each in a process of its own.</summary>
internal static class Baselines
{
    /// <summary>(a) The anti-join: public, admitted services and kinds, nobody who objected. Nothing about links, age, notices, order, keys, lineage or counts.</summary>
    public static void AntiJoin(Generated data, string output, int threads, string memory)
    {
        using var connection = Open(threads, memory, output);
        Execute(connection, $"""
            COPY (
                SELECT text, language_hint AS language, kind, service, year(created_at)::INTEGER AS year
                FROM '{data.Items}' AS item
                WHERE audience = 'public' AND service IN ('facebook', 'instagram') AND kind IN ('post', 'comment', 'caption')
                    AND NOT EXISTS (FROM '{data.Choices}' AS choice WHERE choice.account = item.author)
            ) TO '{output}/a.parquet' (FORMAT parquet, COMPRESSION zstd)
            """);
    }

    /// <summary>
    /// (b) The same release by hand: the same decisions and counts by reason, 16 shards sorted by language and row key, lineage. The
    /// fastest of the shapes that were tried: rows staged as uncompressed Parquet by bucket, then two connections of one thread each.
    /// </summary>
    public static void SameRelease(Generated data, string output, int threads, string memory)
    {
        using var connection = Open(threads, memory, output);
        Execute(connection, Facts(data));
        Directory.CreateDirectory($"{output}/stage");
        Execute(connection, $"""
            COPY (
                SELECT CASE WHEN reason IS NULL THEN bucket ELSE -1 END AS bucket, reason, service, kind, language,
                    CASE WHEN reason IS NULL THEN md5(service || ':' || item_id)::UUID END AS row_key,
                    CASE WHEN reason IS NULL THEN text END AS text, CASE WHEN reason IS NULL THEN year END AS year,
                    CASE WHEN reason IS NULL THEN item_id END AS item_id, CASE WHEN reason IS NULL THEN author END AS account
                FROM (
                    SELECT item_id, item.service, kind, language_hint AS language, text, year(created_at)::INTEGER AS year, author, hash(author) % 16 AS bucket,
                        CASE WHEN objected THEN 'objected'
                             WHEN item.service NOT IN ('facebook', 'instagram') THEN 'service-not-admitted'
                             WHEN kind NOT IN ('post', 'comment', 'caption') THEN 'kind-not-admitted'
                             WHEN audience = 'unknown' THEN 'audience-unknown' WHEN audience <> 'public' THEN 'not-public'
                             WHEN adult_from IS NULL THEN 'age-unknown' WHEN created_at < adult_from OR TIMESTAMPTZ '2026-01-15 00:00:00+00' < adult_from THEN 'minor'
                             WHEN delivered_at IS NULL THEN 'not-informed' WHEN delivered_at + INTERVAL 30 DAY > TIMESTAMPTZ '2026-01-15 00:00:00+00' THEN 'waiting-period' END AS reason
                    FROM '{data.Items}' AS item LEFT JOIN facts ON facts.account = item.author
                )
            ) TO '{output}/stage' (FORMAT parquet, COMPRESSION uncompressed, PARTITION_BY (bucket))
            """);
        Execute(connection, $"COPY (SELECT reason, service, kind, language, count(*) FROM read_parquet('{output}/stage/*/*.parquet', hive_partitioning = false) GROUP BY ALL) TO '{output}/counts.csv'");
        Execute(connection, "SET threads = 1");
        var buckets = new ConcurrentQueue<int>(Enumerable.Range(0, 16));
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
        {
            using var own = connection.Duplicate();
            if (own.State != System.Data.ConnectionState.Open)
                own.Open();
            while (buckets.TryDequeue(out var bucket))
            {
                var rows = $"read_parquet('{output}/stage/bucket={bucket}/*.parquet', hive_partitioning = false)";
                Execute(own, $"COPY (SELECT row_key, text, language, kind, service, year FROM {rows} ORDER BY language, row_key) TO '{output}/b{bucket}.parquet' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 65536)");
                Execute(own, $"COPY (SELECT row_key, service, item_id, account FROM {rows} ORDER BY row_key) TO '{output}/l{bucket}.parquet' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 65536)");
            }
        });
    }

    /// <summary>(c) The admitted rows, read from (a)'s output and written again: what reading and compressing alone cost.</summary>
    public static void Copy(string admitted, string output, int threads, string memory)
    {
        using var connection = Open(threads, memory, output);
        Execute(connection, $"COPY (FROM '{admitted}') TO '{output}/c.parquet' (FORMAT parquet, COMPRESSION zstd)");
    }

    // Objections reach linked accounts; age and notice are the account's.
    private static string Facts(Generated data) => $"""
        CREATE TABLE objectors AS
        SELECT account FROM '{data.Choices}'
        UNION
        SELECT other.account FROM '{data.Choices}' AS choice
        JOIN '{data.Accounts}' AS own ON own.account = choice.account AND own.person IS NOT NULL
        JOIN '{data.Accounts}' AS other ON other.person = own.person;
        CREATE TABLE facts AS
        SELECT account, make_date(birth_year + 18, 12, 31)::TIMESTAMP AT TIME ZONE 'UTC' AS adult_from, delivered_at, objectors.account IS NOT NULL AS objected
        FROM (SELECT account, birth_year FROM '{data.Accounts}') LEFT JOIN (SELECT account, min(delivered_at) AS delivered_at FROM '{data.Notices}' GROUP BY account) USING (account)
        LEFT JOIN objectors USING (account)
        """;

    private static DuckDBConnection Open(int threads, string memory, string output)
    {
        Directory.CreateDirectory(output);
        var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        Execute(connection, string.Create(CultureInfo.InvariantCulture, $"SET TimeZone = 'UTC'; SET threads = {threads}; SET memory_limit = '{memory}'; SET temp_directory = '{output}/spill'; SET preserve_insertion_order = false"));
        return connection;
    }

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
