using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Aval.Decisions;
using Aval.Storage;

namespace Aval.Corpus;

/// <summary>How shards are written. Fixed: a change of any of these changes every release's bytes.</summary>
public static class ShardFormat
{
    /// <summary>Rows a row group: small enough that one language of a shard can be read alone.</summary>
    public const int RowGroupSize = 65_536;

    /// <summary>The codec.</summary>
    public const string Compression = "zstd";
}

/// <summary>
/// The middle of a build: <see cref="Gather"/> decides every item and brings each bucket's rows together on disk,
/// <see cref="Write"/> turns each bucket into its shard and its lineage. Between the two lies nothing but files, so
/// content far larger than memory passes through, and buckets could be written on several machines.
/// </summary>
public sealed record Shards(string Stage, int Buckets)
{
    /// <summary>Decides and gathers.</summary>
    /// <param name="engine">With the content's views and the tables of <paramref name="decisions"/>.</param>
    /// <param name="decisions">The decisions to carry out.</param>
    /// <param name="stage">A directory that does not exist yet.</param>
    /// <param name="buckets">How many.</param>
    /// <param name="watch">Told how much of it is done, 0–1.</param>
    public static Shards Gather(Engine engine, ItemDecisions decisions, string stage, int buckets, Action<double> watch)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(decisions);
        RowKeys.Provide(engine);
        Directory.CreateDirectory(stage);
        // One open file a bucket, plus one for what is excluded; the engine's default of 100 would close and reopen them all the time.
        engine.Execute($"SET partitioned_write_max_open_files = {Number(buckets + 1)}");
        engine.ExecuteWatched(GatherSql(decisions, stage, buckets), watch);
        return new Shards(stage, buckets);
    }

    /// <summary>Counts the decisions, once an item.</summary>
    public IReadOnlyList<Cell> Count(Engine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var files = Files("bucket=*");
        return files.Length == 0 ? [] : engine.Query(
            $"SELECT mask, service, kind, language, count(*) FROM {ParquetFiles.Rows(files)} GROUP BY ALL ORDER BY ALL",
            row => new Cell(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4)));
    }

    /// <summary>Writes every bucket's shard and lineage, several buckets at a time.</summary>
    /// <param name="engine">Any engine; its limits are shared.</param>
    /// <param name="workers">How many buckets at a time.</param>
    /// <param name="shards">An existing directory.</param>
    /// <param name="lineage">Another one.</param>
    /// <param name="watch">Told how much of it is done, 0–1.</param>
    /// <returns>The shards and the lineage files, in the order of the buckets, paths relative to their directories' parents.</returns>
    public (IReadOnlyList<ManifestFile> Shards, IReadOnlyList<ManifestFile> Lineage) Write(Engine engine, int workers, string shards, string lineage, Action<double> watch)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(watch);
        // Several connections of one thread each beat one connection of several threads: a bucket's sort and its
        // compression then run side by side with another bucket's (docs/performance.md).
        engine.Execute("SET threads = 1");
        // Flushing waits for the disk while others wait for a processor, so it has a thread of its own.
        var flushes = new BlockingCollection<string>();
        var flusher = Task.Run(() =>
        {
            foreach (var path in flushes.GetConsumingEnumerable())
                Durable.FlushFile(path);
        });
        var written = new (ManifestFile Shard, ManifestFile Lineage)[Buckets];
        var next = new ConcurrentQueue<int>(Enumerable.Range(0, Buckets));
        var failures = new ConcurrentQueue<Exception>();
        var done = 0;
        void Work()
        {
            try
            {
                using var own = engine.Fork();
                while (failures.IsEmpty && next.TryDequeue(out var bucket))
                {
                    written[bucket] = WriteBucket(own, bucket, shards, lineage);
                    flushes.Add(Path.Combine(shards, Name(bucket)));
                    flushes.Add(Path.Combine(lineage, Name(bucket)));
                    watch((double)Interlocked.Increment(ref done) / Buckets);
                }
            }
            catch (Exception failure) when (failure is DuckDB.NET.Data.DuckDBException or IOException or UnauthorizedAccessException or AvalException)
            {
                failures.Enqueue(failure); // Rethrown below, on the thread that asked.
            }
        }

        var threads = Enumerable.Range(0, Math.Min(workers, Buckets)).Select(_ => new Thread(Work) { IsBackground = true }).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        flushes.CompleteAdding();
        flusher.GetAwaiter().GetResult();
        flushes.Dispose();
        if (failures.TryDequeue(out var first))
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        return ([.. written.Select(pair => pair.Shard)], [.. written.Select(pair => pair.Lineage)]);
    }

    // What is excluded leaves nothing here but its count: one partition more, of columns that are almost all null.
    private static string GatherSql(ItemDecisions decisions, string stage, int buckets) => $"""
        COPY (
            SELECT
                CASE WHEN mask = 0 THEN coalesce(bucket, bucket_of(author, {Number(buckets)})) ELSE -1 END AS bucket,
                mask, service, kind, coalesce(nullif(language_hint, ''), 'und') AS language,
                CASE WHEN mask = 0 THEN row_key(service, item_id) END AS row_key,
                CASE WHEN mask = 0 THEN text END AS text,
                CASE WHEN mask = 0 THEN year(created_at)::INTEGER END AS year,
                CASE WHEN mask = 0 THEN media END AS media,
                CASE WHEN mask = 0 THEN item_id END AS item_id,
                CASE WHEN mask = 0 THEN author END AS account
            FROM ({decisions.Relation})
        ) TO {Engine.Literal(stage)} (FORMAT parquet, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1000, PARTITION_BY (bucket))
        """;

    private (ManifestFile Shard, ManifestFile Lineage) WriteBucket(Engine engine, int bucket, string shards, string lineage)
    {
        var name = Name(bucket);
        var rows = Rows(bucket);
        return (
            WriteFile(engine, Path.Combine(shards, name), $"SELECT row_key, text, language, kind, service, year, media FROM {rows} ORDER BY language, row_key", level: 3),
            // Keys and ids hardly compress; a lower level loses nothing but time.
            WriteFile(engine, Path.Combine(lineage, name), $"SELECT row_key, service, item_id, account FROM {rows} ORDER BY row_key", level: 1));
    }

    private static ManifestFile WriteFile(Engine engine, string path, string rows, int level)
    {
        // Texts and keys do not repeat: a dictionary of them is given up early, those of the other columns are small.
        engine.Execute($"COPY ({rows}) TO {Engine.Literal(path)} (FORMAT parquet, COMPRESSION {ShardFormat.Compression}, COMPRESSION_LEVEL {Number(level)}, DICTIONARY_SIZE_LIMIT 1000, ROW_GROUP_SIZE {Number(ShardFormat.RowGroupSize)})");
        var count = engine.Scalar<long>(ParquetFiles.CountOf(path));
        return Describe(path, count);
    }

    /// <summary>A file's line in a manifest: named by its directory and itself.</summary>
    public static ManifestFile Describe(string path, long? rows)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 20);
        var hash = Convert.ToHexStringLower(SHA256.HashData(stream));
        return new ManifestFile($"{Path.GetFileName(Path.GetDirectoryName(path))}/{Path.GetFileName(path)}", hash, stream.Length, rows);
    }

    private string Rows(int bucket)
    {
        var files = Files($"bucket={bucket.ToString(CultureInfo.InvariantCulture)}");
        return files.Length > 0
            ? ParquetFiles.Rows(files)
            : """
              (SELECT NULL::UUID AS row_key, NULL::VARCHAR AS text, NULL::VARCHAR AS language, NULL::VARCHAR AS kind, NULL::VARCHAR AS service,
                  NULL::INTEGER AS year, NULL::STRUCT(uri VARCHAR, sha256 VARCHAR, kind VARCHAR)[] AS media, NULL::VARCHAR AS item_id, NULL::VARCHAR AS account
               WHERE false)
              """;
    }

    private string[] Files(string partition) => Directory.EnumerateDirectories(Stage, partition)
        .SelectMany(directory => Directory.EnumerateFiles(directory, "*.parquet")).Order(StringComparer.Ordinal).ToArray();

    private static string Name(int bucket) => $"b{bucket:D3}.parquet";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
