using System.Collections.Concurrent;
using System.Globalization;
using DuckDB.NET.Data;

namespace Aval.Benchmarks;

/// <summary>
/// What a data engineer would write by hand, as well as we can write it. All of it avoids what is slow in the engine
/// (a zoned timestamp cast, or compared with a date, asks a calendar once a row; NOT EXISTS keeps all items in memory);
/// none of it flushes to the disk.
/// </summary>
/// <param name="Data">The platform.</param>
/// <param name="Items">A pattern: the files that are read, its items or (for (c)) admitted rows.</param>
/// <param name="Output">An empty directory.</param>
/// <param name="Threads">Worker threads.</param>
/// <param name="Memory">The engine's limit, as DuckDB writes it.</param>
internal sealed record Baselines(Generated Data, string Items, string Output, int Threads, string Memory)
{
    private const string AsOf = $"TIMESTAMPTZ '{Generated.AsOf}'";
    private const string Zstandard = "FORMAT parquet, COMPRESSION zstd";
    private const string Year = "year(make_timestamp(epoch_us(created_at)))::INTEGER AS year";

    /// <summary>What (a) and (a+) write.</summary>
    public string OneFile => Path.Combine(Output, "corpus.parquet");

    /// <summary>What (b) writes: its shards, and beside them lineage and counts.</summary>
    public string Shards => Path.Combine(Output, "shards");

    /// <summary>Rows by reason, of (b); an empty reason is an admission.</summary>
    public string Counts => Path.Combine(Output, "counts.csv");

    /// <summary>
    /// (a) The anti-join: public, admitted services and kinds, not deleted, and nobody who objected. It knows nothing
    /// of linked accounts, liftings, age, notices or combination, and tells neither what it left out nor why.
    /// </summary>
    public void AntiJoin()
    {
        using var connection = Open();
        Execute(connection, $"""
            COPY (
                SELECT text, language_hint AS language, kind, service, {Year}, media
                FROM {Rows} AS item
                ANTI JOIN (SELECT account FROM '{Data.Choices}' WHERE kind = 'objection') AS objected
                    ON objected.account = item.author
                WHERE NOT deleted AND audience = 'public' AND service IN ('facebook', 'instagram')
                    AND kind IN ('post', 'comment', 'caption')
            ) TO '{OneFile}' ({Zstandard})
            """);
    }

    /// <summary>
    /// (a+) The anti-join with what the law asks: objections that were not lifted reach linked accounts, adults only,
    /// who were told in time, Instagram only with consent to combination. All but what (b) admits: single removals and
    /// what was written before an erasure are missing here.
    /// </summary>
    public void LawfulAntiJoin()
    {
        using var connection = Open();
        Execute(connection, Facts);
        Execute(connection, $"""
            CREATE TABLE admitted AS
            SELECT account, adult_from_us, combines FROM facts
            WHERE person_reason IS NULL AND adult_from_us <= epoch_us({AsOf}) AND notice_reason IS NULL;
            COPY (
                SELECT text, language_hint AS language, kind, service, {Year}, media
                FROM {Rows} AS item JOIN admitted ON admitted.account = item.author
                WHERE NOT deleted AND audience = 'public' AND service IN ('facebook', 'instagram')
                    AND kind IN ('post', 'comment', 'caption')
                    AND epoch_us(created_at) >= adult_from_us AND (service = 'facebook' OR combines)
                        AND (text <> '' OR len(media) > 0)
            ) TO '{OneFile}' ({Zstandard})
            """);
    }

    /// <summary>
    /// (b) The same release: the same decisions, counted by reason; 16 shards by the account's hash, sorted by language
    /// and row key; lineage. Of the shapes that were tried (docs/performance.md) the fastest: rows staged as
    /// uncompressed Parquet by bucket, then several connections of one thread each over the buckets.
    /// </summary>
    public void SameRelease()
    {
        using var connection = Open();
        Execute(connection, Facts);
        Execute(connection, Removed);
        Execute(connection, Stage);
        Execute(
            connection,
            "COPY (SELECT reason, service, kind, language, count(*) AS items "
                + $"FROM read_parquet('{Output}/stage/*/*.parquet', hive_partitioning = false) "
                + $"GROUP BY ALL) TO '{Counts}'");
        // A bucket in which nothing was admitted has no directory.
        EachBucket(connection, [.. AllBuckets.Where(bucket => Directory.Exists(StageOf(bucket)))], (own, bucket) =>
            WriteShard(own, $"read_parquet('{StageOf(bucket)}/*.parquet', hive_partitioning = false)", bucket));
    }

    /// <summary>
    /// (b) where items lie by the hash of their account: nothing is staged; each connection decides a bucket, counts
    /// it, and writes its shard and lineage, since what one account wrote lies together.
    /// </summary>
    public void SameReleaseByBucket()
    {
        using var connection = Open();
        Execute(connection, Facts);
        Execute(connection, Removed);
        Execute(connection, """
            CREATE TABLE counts (reason VARCHAR, service VARCHAR, kind VARCHAR, language VARCHAR, items BIGINT)
            """);
        var folders = Path.GetDirectoryName(Path.GetDirectoryName(Items))!;
        EachBucket(connection, [.. AllBuckets.Where(bucket => Directory.Exists(Of(bucket)))], (own, bucket) =>
        {
            var items = $"read_parquet('{Of(bucket)}/*.parquet', hive_partitioning = false)";
            var facts = $"(FROM facts WHERE bucket = {Number(bucket)})";
            Execute(own, $"CREATE OR REPLACE TEMP TABLE decided AS SELECT {Shaped} FROM ({Decided(items, facts)})");
            Execute(own, """
                INSERT INTO counts SELECT reason, service, kind, language, count(*) FROM decided GROUP BY ALL
                """);
            WriteShard(own, "(FROM decided WHERE reason IS NULL)", bucket);
        });
        Execute(connection, $"""
            COPY (SELECT reason, service, kind, language, sum(items)::BIGINT AS items FROM counts GROUP BY ALL)
            TO '{Counts}'
            """);

        string Of(int bucket) => Path.Combine(folders, $"bucket={Number(bucket)}");
    }

    private static IEnumerable<int> AllBuckets => Enumerable.Range(0, Sizes.Buckets);

    // Several connections of one thread each.
    private void EachBucket(DuckDBConnection connection, int[] wanted, Action<DuckDBConnection, int> make)
    {
        Directory.CreateDirectory(Shards);
        Directory.CreateDirectory($"{Output}/lineage");
        Execute(connection, "SET threads = 1");
        var buckets = new ConcurrentQueue<int>(wanted);
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, _ =>
        {
            using var own = connection.Duplicate();
            if (own.State != System.Data.ConnectionState.Open)
                own.Open();
            while (buckets.TryDequeue(out var bucket))
                make(own, bucket);
        });
    }

    private void WriteShard(DuckDBConnection own, string rows, int bucket)
    {
        const string options = $"{Zstandard}, DICTIONARY_SIZE_LIMIT 1000, ROW_GROUP_SIZE 65536";
        Execute(own, $"""
            COPY (SELECT row_key, text, language, kind, service, year, media FROM {rows} ORDER BY language, row_key)
            TO '{Shards}/b{Number(bucket)}.parquet' ({options})
            """);
        Execute(own, $"""
            COPY (SELECT row_key, service, item_id, account FROM {rows} ORDER BY row_key)
            TO '{Output}/lineage/b{Number(bucket)}.parquet' ({options}, COMPRESSION_LEVEL 1)
            """);
    }

    /// <summary>
    /// (c) Admitted rows, read from shards and written again: what reading and compressing alone cost.
    /// </summary>
    public void Copy()
    {
        using var connection = Open();
        Execute(connection, $"COPY (FROM {Rows}) TO '{OneFile}' ({Zstandard})");
    }

    /// <summary>Plain: the rows into one folder a bucket, as Hive names folders. It sorts nothing, checks nothing and
    /// remembers nothing.</summary>
    public void PartitionedCopy()
    {
        using var connection = Open();
        Execute(connection, Partitioning(Items, "author", Output));
    }

    /// <summary>The same without limits, for files that a baseline reads.</summary>
    /// <param name="files">A pattern.</param>
    /// <param name="by">The column by whose hash rows are spread.</param>
    /// <param name="folder">Where to.</param>
    public static void Partition(string files, string by, string folder)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        Execute(connection, Partitioning(files, by, folder));
    }

    private static string Partitioning(string files, string by, string folder) => $"""
        COPY (SELECT *, (hash({by}) % {Number(Sizes.Buckets)})::INTEGER AS bucket FROM '{files}')
        TO '{folder}' ({Zstandard}, PARTITION_BY (bucket), OVERWRITE_OR_IGNORE)
        """;

    private string Rows => $"read_parquet('{Items}', hive_partitioning = false)";

    // One row an account: what does not depend on the item is decided here, once. Objections, restrictions and erasures
    // reach linked accounts; a lifting ends only what was said on, or reached, its own account.
    private string Facts => $"""
        CREATE TABLE reached AS
        WITH protective AS (SELECT account, kind, max(made_at) AS made_at FROM '{Data.Choices}'
            WHERE kind IN ('objection', 'restriction', 'erasure') GROUP BY ALL)
        SELECT account, kind, made_at FROM protective
        UNION ALL
        SELECT other.account, kind, made_at FROM protective
        JOIN '{Data.Accounts}' AS own ON own.account = protective.account AND own.person IS NOT NULL
        JOIN '{Data.Accounts}' AS other ON other.person = own.person AND other.account <> own.account;

        CREATE TABLE facts AS
        WITH protections AS (
            SELECT account, max(made_at) FILTER (WHERE kind = 'objection') AS objected_at,
                max(made_at) FILTER (WHERE kind = 'restriction') AS restricted_at,
                max(made_at) FILTER (WHERE kind = 'erasure') AS erased_to
            FROM reached GROUP BY account
        ), liftings AS (
            SELECT account, max(made_at) AS lifted_at FROM '{Data.Choices}' WHERE kind = 'objection-lifted'
            GROUP BY account
        ), combining AS (
            SELECT DISTINCT account, true AS combines FROM '{Data.Choices}'
            WHERE kind = 'consent' AND purpose = 'combine-services'
        ), deliveries AS (
            SELECT account, min(delivered_at) AS delivered_at FROM '{Data.Notices}' WHERE delivered_at <= {AsOf}
            GROUP BY account
        )
        SELECT account, (hash(account) % {Number(Sizes.Buckets)})::INTEGER AS bucket,
            CASE WHEN restricted_at IS NOT NULL THEN 'restricted' WHEN objected_at >= coalesce(lifted_at, objected_at)
                THEN 'objected' END AS person_reason,
            CASE WHEN delivered_at IS NULL THEN 'not-informed' WHEN delivered_at + INTERVAL 30 DAY
                > {AsOf} THEN 'waiting-period' END AS notice_reason,
            epoch_us(erased_to) AS erased_to_us,
            epoch_us(make_date(birth_year + 18, 12, 31)::TIMESTAMP) AS adult_from_us,
            coalesce(combines, false) AS combines
        FROM '{Data.Accounts}' LEFT JOIN protections USING (account) LEFT JOIN liftings USING (account)
        LEFT JOIN combining USING (account) LEFT JOIN deliveries USING (account)
        """;

    private string Removed => $"""
        CREATE TABLE removed AS
        SELECT DISTINCT split_part(scope, ':', 2) AS service, split_part(scope, ':', 3) AS item_id FROM '{Data.Choices}'
        WHERE kind = 'removal'
        """;

    // What is excluded leaves only what is counted: one partition more, of columns that are almost all null.
    private string Stage => $"""
        COPY (
            SELECT CASE WHEN reason IS NULL THEN bucket ELSE -1 END AS bucket, {Shaped}
            FROM ({Decided(Rows, "facts")})
        ) TO '{Output}/stage'
        (FORMAT parquet, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1000, PARTITION_BY (bucket))
        """;

    private const string Shaped = """
        reason, service, kind, language,
        CASE WHEN reason IS NULL THEN md5(service || ':' || item_id)::UUID END AS row_key,
        CASE WHEN reason IS NULL THEN text END AS text, CASE WHEN reason IS NULL THEN year END AS year,
        CASE WHEN reason IS NULL THEN media END AS media, CASE WHEN reason IS NULL THEN item_id END AS item_id,
        CASE WHEN reason IS NULL THEN author END AS account
        """;

    private static string Decided(string items, string facts) => $"""
        SELECT item.item_id, item.service, kind, language_hint AS language, text, {Year}, media, author, bucket,
            CASE WHEN deleted THEN 'deleted-at-source'
                WHEN epoch_us(created_at) <= erased_to_us THEN 'erased'
                WHEN person_reason IS NOT NULL THEN person_reason
                WHEN removed.item_id IS NOT NULL THEN 'removal-requested'
                WHEN item.service NOT IN ('facebook', 'instagram') THEN 'service-not-admitted'
                WHEN kind NOT IN ('post', 'comment', 'caption') THEN 'kind-not-admitted'
                WHEN audience = 'unknown' THEN 'audience-unknown'
                WHEN audience <> 'public' THEN 'not-public'
                WHEN adult_from_us > epoch_us({AsOf}) OR epoch_us(created_at) < adult_from_us THEN 'minor'
                WHEN adult_from_us IS NULL THEN 'age-unknown'
                WHEN notice_reason IS NOT NULL THEN notice_reason
                WHEN item.service <> 'facebook' AND NOT combines THEN 'services-combined'
                WHEN text = '' AND len(media) = 0 THEN 'empty' END AS reason
        FROM {items} AS item
        LEFT JOIN {facts} AS facts ON facts.account = item.author
        LEFT JOIN removed ON removed.service = item.service AND removed.item_id = item.item_id
        """;

    private string StageOf(int bucket) => $"{Output}/stage/bucket={Number(bucket)}";

    private DuckDBConnection Open()
    {
        Directory.CreateDirectory(Output);
        var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        Execute(
            connection,
            $"SET TimeZone = 'UTC'; SET threads = {Number(Threads)}; SET memory_limit = '{Memory}'; SET temp_directory "
                + $"= '{Output}/spill'; SET preserve_insertion_order = false");
        return connection;
    }

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
