using System.Globalization;
using System.Numerics;
using Aval.Corpus;
using Aval.Storage;
using DuckDB.NET.Data;
using DuckDB.NET.Data.Mapping;

namespace Aval.Authors;

/// <summary>
/// Each author's VRF output, made once and kept from release to release, since each takes a multiplication on a
/// curve: <c>lineage/NAME/authors/BUCKETS/bNNN.parquet</c> (<c>account</c>, <c>output</c>, ordered by account),
/// restricted like all lineage, and beside each file its seal. It is a cache: it can be deleted at any time, and what
/// is missing from it, or not to be trusted in it, is made again. A bucket is the part: complete or absent, so that a
/// kill costs no more than the buckets under way.
/// A corpus's cache names the authors of the release that was built last and nobody else: who left, or was erased, is
/// gone from it too. What another corpus of the workspace has is taken from there. Whoever brings a bucket holds the
/// corpus's lease, or is a task of who does; several threads and several machines may bring several buckets, each
/// thread with an engine of its own, and who brings the same one writes the same.
/// </summary>
/// <param name="lineages">The workspace's lineage, with a directory for each corpus.</param>
/// <param name="corpus">Whose release is made.</param>
/// <param name="buckets">Into how many buckets its accounts fall.</param>
/// <param name="key">Whose outputs. The ledger's key is not needed.</param>
/// <param name="scope">The ledger's origin.</param>
internal sealed class AuthorOutputs(string lineages, CorpusName corpus, int buckets, VrfKey key, string scope)
{
    /// <summary>The cache's directory in a corpus's lineage.</summary>
    public const string Directory = "authors";

    /// <summary>How many accounts are held in memory at a time: some five seconds of work.</summary>
    internal const int ChunkSize = 65_536;

    private long _made;

    /// <summary>Whose outputs.</summary>
    public VrfKey Key => key;

    /// <summary>The ledger's origin.</summary>
    public string Scope => scope;

    /// <summary>How many outputs were made, and not found.</summary>
    public long Made => Interlocked.Read(ref _made);

    private string Cache => Path.Combine(lineages, corpus.Text, Directory);

    private string Folder => Path.Combine(Cache, buckets.ToString(CultureInfo.InvariantCulture));

    /// <summary>
    /// Makes what is missing of one bucket, lets go of all others in it, and answers the file that then holds the
    /// output of each of its accounts, once. A bucket that is there already is not written again.
    /// </summary>
    /// <param name="engine">Any engine; no other thread uses it meanwhile.</param>
    /// <param name="bucket">Which bucket.</param>
    /// <param name="rows">Parquet files with a column <c>account</c>: all accounts of the bucket and no others, each as
    /// often as it likes.</param>
    /// <param name="threads">How many outputs are made at a time.</param>
    /// <param name="watch">Told, now and then, how many are made, and of how many; never when none are.</param>
    public string Bring(Engine engine, int bucket, IReadOnlyList<string> rows, int threads, Action<long, long> watch)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(watch);
        FileModes.MakePrivateFolder(Folder);
        var wanted = $"(SELECT DISTINCT account FROM {ParquetFiles.Rows(rows)})";
        var file = Path.Combine(Folder, Name(bucket));
        if (IsSealed(file) && engine.Scalar<long>($"""
            SELECT count(*) FROM {wanted} AS wanted FULL JOIN {ParquetFiles.Rows(file)} AS known USING (account)
            WHERE wanted.account IS NULL OR known.account IS NULL
            """) == 0)
            return file;
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE authors_wanted AS SELECT account FROM {wanted};
            CREATE OR REPLACE TEMP TABLE authors_known (account VARCHAR, output BLOB);
            """);
        var missing = Missing(engine);
        foreach (var known in Known(bucket).TakeWhile(_ => missing > 0))
        {
            Take(engine, known);
            missing = Missing(engine);
        }

        for (var done = 0L; done < missing;)
            done += Make(engine, threads, made => watch(done + made, missing));
        Write(engine, file);
        engine.Execute("DROP TABLE authors_wanted; DROP TABLE authors_known");
        return file;
    }

    /// <summary>Lets go of whatever the cache holds that is no bucket of the corpus as it is now: torn files, other
    /// numbers of buckets.</summary>
    public void Tidy()
    {
        if (!System.IO.Directory.Exists(Cache))
            return;
        foreach (var other in System.IO.Directory.GetDirectories(Cache).Where(path => path != Folder))
            System.IO.Directory.Delete(other, recursive: true);
        var ours = Enumerable.Range(0, buckets).Select(Name)
            .SelectMany(name => (string[])[name, Path.GetFileName(SealOf(name))]).ToHashSet(StringComparer.Ordinal);
        foreach (var torn in System.IO.Directory.GetFiles(Folder).Where(path => !ours.Contains(Path.GetFileName(path))))
            File.Delete(torn);
    }

    /// <summary>The outputs of some accounts, in their order, on several threads.</summary>
    internal static Hash[] Compute(VrfKey key, string scope, string[] accounts, int threads, Action<long> watch)
    {
        var outputs = new Hash[accounts.Length];
        var made = 0;
        SideBySide.Each(accounts.Length, threads, at =>
        {
            outputs[at] = key.Output(AuthorTree.Alpha(scope, accounts[at]));
            if (Interlocked.Increment(ref made) is var count && count % 256 == 0)
                watch(count);
        });
        return outputs;
    }

    private static long Missing(Engine engine) =>
        engine.Scalar<long>("SELECT count(*) FROM authors_wanted ANTI JOIN authors_known USING (account)");

    // This corpus's own first. An account of this bucket lies in bucket n of another number of buckets only when both
    // leave the same rest by what divides both numbers: a workspace that was split finds its outputs again.
    private IEnumerable<string> Known(int bucket)
    {
        foreach (var cache in System.IO.Directory.GetDirectories(lineages).Order(StringComparer.Ordinal)
            .OrderBy(path => Path.GetFileName(path) != corpus.Text).Select(path => Path.Combine(path, Directory)))
        {
            if (!System.IO.Directory.Exists(cache))
                continue;
            foreach (var folder in System.IO.Directory.GetDirectories(cache).Order(StringComparer.Ordinal))
            {
                var name = Path.GetFileName(folder);
                if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
                    continue;
                var step = (int)BigInteger.GreatestCommonDivisor(buckets, number);
                for (var other = bucket % step; other < number; other += step)
                {
                    if (Path.Combine(folder, Name(other)) is var file && IsSealed(file))
                        yield return file;
                }
            }
        }
    }

    private static void Take(Engine engine, string file)
    {
        try
        {
            engine.Execute($"""
                INSERT INTO authors_known SELECT account, output FROM {ParquetFiles.Rows(file)} AS cached
                SEMI JOIN authors_wanted USING (account) ANTI JOIN authors_known USING (account)
                """);
        }
        catch (DuckDBException gone) when (!File.Exists(file) && !FileFailure.IsFull(gone))
        {
            // Another corpus's build has let go of it since: what it held is made here.
        }
    }

    private int Make(Engine engine, int threads, Action<long> watch)
    {
        var accounts = engine.Query($"""
            SELECT account FROM authors_wanted ANTI JOIN authors_known USING (account)
            LIMIT {ChunkSize.ToString(CultureInfo.InvariantCulture)}
            """, row => row.GetString(0)).ToArray();
        var outputs = Compute(key, scope, accounts, threads, watch);
        // The appender keeps what it has when an exception passes; in a transaction it keeps nothing.
        using var transaction = engine.Connection.BeginTransaction();
        using (var appender = engine.Connection.CreateAppender<Row, RowMap>("authors_known"))
            appender.AppendRecords(accounts.Zip(outputs, Row.Of));
        transaction.Commit();
        Interlocked.Add(ref _made, accounts.Length);
        watch(accounts.Length);
        return accounts.Length;
    }

    // Not flushed to the disk: what a power cut tears has no seal any more, and is made again.
    private void Write(Engine engine, string file)
    {
        // Under names of its own until both are whole: a task that was started again may be making the same bucket.
        var (unfinished, seal) = ($"{file}.{Guid.NewGuid():N}", SealOf(file));
        engine.Execute($"""
            COPY (SELECT account, output FROM authors_known ORDER BY account) TO {Engine.Literal(unfinished)}
            (FORMAT parquet, COMPRESSION {ShardFormat.Compression}, COMPRESSION_LEVEL 1,
                ROW_GROUP_SIZE {ShardFormat.RowGroupSize})
            """);
        FileModes.MakePrivate(unfinished);
        using (var line = new StreamWriter(unfinished + ".seal"))
            line.Write($"{key.Seal(scope, unfinished)}\n");
        FileModes.MakePrivate(unfinished + ".seal");
        // A kill between the two leaves a file that its seal is not of: it is made again.
        File.Move(unfinished, file, overwrite: true);
        File.Move(unfinished + ".seal", seal, overwrite: true);
    }

    // Whole, of this key and of this scope, and not only said to be: what is wrong here would go into every tree from
    // now on, and into no proof.
    private bool IsSealed(string file)
    {
        try
        {
            return File.ReadAllText(SealOf(file)) == $"{key.Seal(scope, file)}\n";
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private static string SealOf(string file) => Path.ChangeExtension(file, ".seal");

    private static string Name(int bucket) => $"b{bucket:D3}.parquet";

    private sealed record Row(string Account, byte[] Output)
    {
        public static Row Of(string account, Hash output)
        {
            var bytes = new byte[Hash.Size];
            output.CopyTo(bytes);
            return new Row(account, bytes);
        }
    }

    private sealed class RowMap : DuckDBAppenderMap<Row>
    {
        public RowMap()
        {
            Map(row => row.Account);
            Map(row => row.Output);
        }
    }
}
