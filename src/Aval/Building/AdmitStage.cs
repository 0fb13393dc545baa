using System.Collections.Concurrent;
using System.Globalization;
using Aval.Authors;
using Aval.Content;
using Aval.Corpus;
using Aval.Decisions;
using Aval.Policies;
using Aval.Storage;
using Aval.Text;

namespace Aval.Building;

/// <summary>
/// <em>decide → write → count</em> of one bucket, which is one part: every item of the bucket is decided, what is
/// admitted becomes its shard and its lineage, and the decisions are counted. Nothing crosses between the three but
/// within the part, as long as no rule compares texts across buckets; a part reads its slice of the content and of the
/// facts, and files alone, so it runs in any process that has them and the row keys' key.
/// </summary>
internal static class AdmitStage
{
    /// <summary>The columns that a decided row has on its way into a shard.</summary>
    public const string Columns = "mask, service, kind, language, row_key, text, year, media, item_id, account, masked";

    /// <summary>What crosses from <see cref="Planning"/>, by bucket.</summary>
    public const string AccountsFolder =
        "accounts", NamedFolder = "named", ContestedFolder = "contested", ResolvedFolder = "resolved",
        MentionsFolder = "mentions", LateFolder = "late", GatheredFolder = "gathered", MatchedFolder = "matched",
        DecidedFolder = "decided";

    /// <summary>Items that an erasure took; few, so each part reads all of them.</summary>
    public const string ErasedFile = "erased.parquet";

    /// <summary>Makes all parts that are not there yet, several at a time.</summary>
    /// <param name="engine">Any engine of this workspace; its limits are shared.</param>
    /// <param name="working">The build's working folder, with the plan's files.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="decisions">The decisions that are carried out.</param>
    /// <param name="parts">Which of its parts.</param>
    /// <param name="seal">The key of this workspace's seal.</param>
    /// <param name="outputs">The outputs of authors: those of a part's authors are made with it, while others wait for
    /// the disk.</param>
    /// <param name="workers">How many at a time.</param>
    /// <param name="watch">Told how many are done.</param>
    /// <returns>What was made, in the order in which it was finished.</returns>
    public static IReadOnlyList<FinishedPart> Run(
        Engine engine, string working, BuildPlan plan, ItemDecisions decisions, IReadOnlyList<PlannedPart> parts,
        byte[] seal, AuthorOutputs outputs, int workers, Action<int> watch)
    {
        var next = new ConcurrentQueue<PartBatch>(PartBatch.Of(parts, workers));
        if (next.IsEmpty)
            return [];
        // Several connections of one thread each beat one connection of several threads: a bucket's sort and its
        // compression then run side by side with another bucket's (docs/performance.md).
        engine.Execute("SET threads = 1");
        Treatments.Provide(engine, plan.Policy);
        var each = Math.Max(1, workers / parts.Count);
        // Flushing waits for the disk while others wait for a processor, so it has a thread of its own. A part is
        // finished when its files are on disk.
        var flushes = new BlockingCollection<FinishedPart>();
        var failures = new ConcurrentQueue<Exception>();
        var finished = new List<FinishedPart>();
        void Guarded(Action work)
        {
            try
            {
                work();
            }
            catch (Exception failure) when (failure is DuckDB.NET.Data.DuckDBException or IOException
                or UnauthorizedAccessException or AvalException)
            {
                failures.Enqueue(failure); // Rethrown below, on the thread that asked.
            }
        }

        void Flush()
        {
            foreach (var part in flushes.GetConsumingEnumerable())
            {
                Durable.FlushFile(Path.Combine(plan.Release, part.Shard.Path));
                Durable.FlushFile(Path.Combine(plan.Lineage, Path.GetFileName(part.Lineage.Path)));
                FinishedParts.Keep(working, part, seal);
                finished.Add(part);
                watch(finished.Count);
            }
        }

        void Work()
        {
            using var own = engine.Fork();
            while (failures.IsEmpty && next.TryDequeue(out var batch))
            {
                foreach (var made in Make(own, working, plan, decisions, batch))
                {
                    var lineage = Path.Combine(plan.Lineage, BuildFolder.NameOf(made.Bucket));
                    // Before the part is finished: a kill in between would leave them to whoever commits.
                    var file = outputs.Bring(own, made.Bucket, [lineage], each, (_, _) => { });
                    flushes.Add(made with { Outputs = file });
                }
            }
        }

        var flusher = new Thread(() => Guarded(Flush)) { IsBackground = true };
        flusher.Start();
        var threads = Enumerable.Range(0, Math.Min(workers, next.Count))
            .Select(_ => new Thread(() => Guarded(Work)) { IsBackground = true }).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        flushes.CompleteAdding();
        flusher.Join();
        flushes.Dispose();
        if (failures.TryDequeue(out var first))
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        return finished;
    }

    private static IEnumerable<FinishedPart> Make(
        Engine engine, string working, BuildPlan plan, ItemDecisions decisions, PartBatch batch)
    {
        var rows = Rows(engine, working, plan, decisions, batch);
        var (counts, masked) = (Shards.CountByPart(engine, rows), Shards.CountMaskedByPart(engine, rows));
        foreach (var part in batch.Parts)
        {
            var name = BuildFolder.NameOf(part.Bucket);
            var admitted = $"FROM {rows} WHERE mask = 0 AND {PartBatch.Column} = {Number(part.Bucket)}";
            var shard = Write(
                engine, Path.Combine(plan.Release, "shards", name),
                $"SELECT row_key, text, language, kind, service, year, media {admitted} ORDER BY language, row_key",
                level: 3);
            // Keys and ids hardly compress; a lower level loses nothing but time.
            var lineage = Write(
                engine, Path.Combine(plan.Lineage, name),
                $"SELECT row_key, service, item_id, account {admitted} ORDER BY row_key", level: 1);
            yield return new FinishedPart(
                part.Bucket, part.Input, shard, lineage, counts.GetValueOrDefault(part.Bucket, DecisionCounts.None),
                masked.GetValueOrDefault(part.Bucket, []));
        }

        engine.Execute("DROP TABLE IF EXISTS part");
    }

    // What was gathered is decided already and lies as it is needed, a bucket by itself. What lies by bucket is decided
    // here, once, and held while it is written: a bucket is small.
    private static string Rows(
        Engine engine, string working, BuildPlan plan, ItemDecisions decisions, PartBatch batch)
    {
        var gathered = FilesOf(working, GatheredFolder, batch);
        var brought = gathered.Length == 0 ? null : $"FROM {ParquetFiles.Rows(gathered)}";
        if (brought is not null && Matched(working, batch) is { } matched)
            brought = Matching.Over(brought, decisions.Grounds, matched);
        if (brought is not null)
            brought = $"SELECT {batch.Buckets} AS {PartBatch.Column}, {Columns} FROM ({brought})";
        if (Treated(working, plan, decisions, batch) is not { } own)
            return brought is null ? $"({Nothing})" : $"({brought})";
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE part AS
            SELECT {PartBatch.Column}, {Shaped()} FROM ({own})
            {(brought is null ? "" : $"UNION ALL {brought}")}
            """);
        return "part";
    }

    // What was compared with other items has been decided for that, and is not decided again: to look through all texts
    // is the larger part of it. Only what is admitted is read again.
    private static string? Treated(string working, BuildPlan plan, ItemDecisions decisions, PartBatch batch)
    {
        if (FilesOf(working, DecidedFolder, batch) is { Length: > 0 } files)
        {
            var decided = $"FROM {ParquetFiles.Rows(files)}";
            if (Matched(working, batch) is { } matched)
                decided = Matching.Over(decided, decisions.Grounds, matched);
            return Treatments.Over(plan.Policy, decisions.Grounds, $"""
                WITH decided AS MATERIALIZED ({decided})
                SELECT decided.*, item.text, item.media
                FROM (FROM decided WHERE mask = 0) AS decided
                JOIN ({OwnRows(working, plan, batch)}) AS item USING (service, item_id)
                UNION ALL
                SELECT *, NULL, NULL FROM decided WHERE mask <> 0
                """);
        }

        return From(working, plan, decisions, batch) is { } from
            ? Treatments.Over(plan.Policy, decisions.Grounds, decisions.Over(from, PartBatch.Column))
            : null;
    }

    private static string? Matched(string working, PartBatch batch) => RowsOf(working, MatchedFolder, batch);

    /// <summary>The items of some parts that lie by bucket, with <see cref="PartBatch.Column"/>, and what is known of
    /// them; null = there are none.</summary>
    /// <param name="working">The build's working folder.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="decisions">The decisions that are carried out.</param>
    /// <param name="batch">The parts.</param>
    public static DecidedFrom? From(string working, BuildPlan plan, ItemDecisions decisions, PartBatch batch)
    {
        var own = OwnRows(working, plan, batch);
        return own.Length == 0 ? null : new DecidedFrom(
            $"({own})", RowsOf(working, AccountsFolder, batch) ?? decisions.NoAuthors,
            plan.HasNamed ? RowsOf(working, NamedFolder, batch) : null,
            plan.Erased is { } erased ? ParquetFiles.Rows(Require(working, erased)) : null,
            RowsOf(working, MentionsFolder, batch), RowsOf(working, LateFolder, batch))
        {
            Matched = Matched(working, batch),
        };
    }

    // Of what is excluded nothing is carried on but what is counted.
    private static string Shaped(string isKept = "mask = 0") => $"""
        mask, service, kind, language,
        CASE WHEN mask = 0 THEN row_key(service, item_id) END AS row_key,
        CASE WHEN mask = 0 THEN text END AS text,
        CASE WHEN mask = 0 THEN year(created_at)::INTEGER END AS year,
        CASE WHEN mask = 0 THEN media END AS media,
        CASE WHEN {isKept} THEN item_id END AS item_id,
        CASE WHEN mask = 0 THEN author END AS account,
        CASE WHEN mask = 0 THEN masked END AS masked
        """;

    private const string Nothing = """
        SELECT NULL::INTEGER AS part, 0::BIGINT AS mask, NULL::UUID AS row_key, NULL::VARCHAR AS text,
            NULL::VARCHAR AS language, NULL::VARCHAR AS kind,
            NULL::VARCHAR AS service, NULL::INTEGER AS year,
            NULL::STRUCT(uri VARCHAR, sha256 VARCHAR, kind VARCHAR)[] AS media,
            NULL::VARCHAR AS item_id, NULL::VARCHAR AS account, NULL::VARCHAR AS masked
        WHERE false
        """;

    /// <summary>SQL that gathers rows which lie by nothing: decided, one partition a bucket, and one for all that is
    /// excluded. What masks left empty lies by bucket too: it is a copy or a duplicate rather, if <em>match</em> says
    /// so.</summary>
    /// <param name="relation">Decided and treated rows with <c>bucket</c> (null: compute it).</param>
    /// <param name="grounds">What the bits of their masks mean.</param>
    /// <param name="buckets">How many.</param>
    public static string Gathered(string relation, IReadOnlyList<Ground> grounds, int buckets)
    {
        var isKept = $"mask IN (0, {Matching.Bit(grounds, Reason.Empty)})";
        return $"""
            SELECT CASE WHEN {isKept} THEN coalesce(bucket, bucket_of(author, {Number(buckets)})) ELSE -1 END AS bucket,
                {Shaped(isKept)}
            FROM ({relation})
            """;
    }

    private static string OwnRows(string working, BuildPlan plan, PartBatch batch)
    {
        var columns = $"{CanonicalColumns.FromFile(ContentKind.Items)}, bucket AS {PartBatch.Column}";
        var parts = new List<string>();
        if (batch.Content is { Count: > 0 } content)
        {
            var contested = RowsOf(working, ContestedFolder, batch) is { } rows
                ? $"ANTI JOIN {rows} AS contested USING (service, item_id)"
                : "";
            var upTo =
                plan.IsLater ? $"AND make_timestamp(epoch_us(observed_at)) <= {Engine.Literal(plan.Instant)}" : "";
            parts.Add($"""
                SELECT {columns}, false AS unreadable
                FROM (FROM {ParquetFiles.Rows(content)} WHERE bucket IN ({batch.Buckets}) {upTo}) AS own
                    {contested}
                """);
        }

        if (RowsOf(working, ResolvedFolder, batch) is { } resolved)
            parts.Add($"SELECT {columns}, unreadable FROM {resolved}");
        return string.Join("\nUNION ALL\n", parts);
    }

    /// <summary>The files that parts read beside the content, with their hashes.</summary>
    public static (IReadOnlyList<FactsFile>[] ByBucket, FactsFile? Erased) Describe(string working, int buckets)
    {
        var byBucket = new IReadOnlyList<FactsFile>[buckets];
        string[] folders =
        [
            AccountsFolder, NamedFolder, ContestedFolder, ResolvedFolder, MentionsFolder, LateFolder, GatheredFolder,
        ];
        Parallel.For(0, buckets, bucket => byBucket[bucket] =
            [.. folders.SelectMany(folder => FilesOf(working, folder, bucket))
                .Select(file => Described(working, file))]);
        var erased = Path.Combine(working, ErasedFile);
        return (byBucket, File.Exists(erased) ? Described(working, erased) : null);
    }

    /// <summary>The files of a bucket in a folder that was laid out after the plan, with their hashes.</summary>
    public static IEnumerable<FactsFile> Describe(string working, string folder, int bucket) =>
        FilesOf(working, folder, bucket).Select(file => Described(working, file));

    private static FactsFile Described(string working, string file)
    {
        using var hashed = new HashedFile(file);
        return new FactsFile(Path.GetRelativePath(working, file).Replace('\\', '/'), hashed.ReadHash());
    }

    // What crosses between stages lies where others could reach it: it is what was planned, or the part is not made.
    private static string Require(string working, FactsFile file)
    {
        var path = Path.Combine(working, file.Path);
        return HashedFile.Is(path, file.Sha256)
            ? path
            : throw AvalException.BadInput($"{path}: this file of the build has changed since it was planned, "
                + "or is gone. No release was made. Run the command again: it loads afresh.");
    }

    private static string? RowsOf(string working, string folder, PartBatch batch) =>
        FilesOf(working, folder, batch) is { Length: > 0 } files ? ParquetFiles.Rows(files) : null;

    private static string[] FilesOf(string working, string folder, PartBatch batch) =>
        [.. batch.Parts.SelectMany(part => part.FactsIn(folder)).Select(file => Require(working, file))];

    /// <summary>The files of a bucket in a folder that is spread by bucket.</summary>
    public static string[] FilesOf(string working, string folder, int bucket)
    {
        var path = Path.Combine(working, folder, $"bucket={Number(bucket)}");
        return Directory.Exists(path)
            ? [.. Directory.EnumerateFiles(path, "*.parquet").Order(StringComparer.Ordinal)]
            : [];
    }

    private static ManifestFile Write(Engine engine, string path, string rows, int level)
    {
        // Under a name of its own until it is whole: another task may be making the same part, and the file that is
        // there may be a link to one of the last release, which must not be written into.
        var unfinished = $"{path}.{Guid.NewGuid():N}{BuildFolder.Unfinished}";
        // Texts and keys do not repeat: a dictionary of them is given up early, those of the other columns are small.
        engine.Execute($"""
            COPY ({rows}) TO {Engine.Literal(unfinished)}
            (FORMAT parquet, COMPRESSION {ShardFormat.Compression}, COMPRESSION_LEVEL {Number(level)},
                DICTIONARY_SIZE_LIMIT 1000,
             ROW_GROUP_SIZE {Number(ShardFormat.RowGroupSize)})
            """);
        File.Move(unfinished, path, overwrite: true);
        return Shards.Describe(path, engine.Scalar<long>(ParquetFiles.CountOf(path)));
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
