using System.Runtime.ExceptionServices;
using Aval.Corpus;
using Aval.Ledger;
using Aval.Storage;
using DuckDB.NET.Data;

namespace Aval.Authors;

/// <summary>
/// Who is in a release: the tree of its authors, a static tile log under <c>RELEASE/authors/</c>, and the audit sidecar
/// <c>authors/audit/bNNN.parquet</c>, which says of each row whose it is in the terms of the tree (docs/formats/authors.md).
/// Both are functions of the release's inputs; the checkpoint, which bears the release's name, is signed later.
/// </summary>
/// <param name="Size">Leaves of the tree.</param>
/// <param name="Root">Its root.</param>
/// <param name="Key">Who made the outputs in it.</param>
/// <param name="Audit">The sidecar's files, in the order of the buckets.</param>
public sealed record ReleaseAuthors(TreeSize Size, Hash Root, VrfPublicKey Key, IReadOnlyList<ManifestFile> Audit)
{
    /// <summary>The directory in a release.</summary>
    public const string Directory = "authors";

    /// <summary>The sidecar's directory below it.</summary>
    public const string AuditDirectory = "audit";

    /// <summary>The signed checkpoint below it.</summary>
    public const string CheckpointName = "checkpoint";

    /// <summary>The name under which the checkpoint of a release's authors is signed.</summary>
    public static string Origin(string ledger, string corpus, string release) => $"{ledger}/releases/{corpus}/{release}/authors";

    /// <summary>k = max(0, ⌈log2(authors / 4)⌉): two to four authors a leaf, so that a proof stays small and says little about others.</summary>
    public static int Bits(long authors)
    {
        var bits = 0;
        while (4L << bits < authors)
            bits++;
        return bits;
    }

    /// <summary>Writes both, durably.</summary>
    /// <param name="engine">Any engine of this workspace; its number of threads is changed.</param>
    /// <param name="target">Where the tree and the sidecar are written.</param>
    /// <param name="traces">Where the lineage lies.</param>
    /// <param name="outputs">The corpus's outputs.</param>
    /// <param name="key">Whose outputs.</param>
    /// <param name="lineage">The lineage's files, in the order of the buckets.</param>
    /// <param name="threads">How many threads may work.</param>
    /// <param name="watch">Told how many buckets are done, and of how many, where outputs had to be made.</param>
    public static ReleaseAuthors Write(
        Engine engine, string target, string traces, AuthorOutputs outputs, VrfKey key, IReadOnlyList<ManifestFile> lineage, int threads, Action<long, long> watch)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(lineage);
        ArgumentNullException.ThrowIfNull(watch);
        var (buckets, audit) = (lineage.Count, Path.Combine(target, AuditDirectory));
        System.IO.Directory.CreateDirectory(audit);
        var (files, caches, done) = (new ManifestFile[buckets], new string[buckets], 0L);
        engine.Execute("SET threads = 1");
        EachBucket(engine, buckets, threads, (own, bucket) =>
        {
            var traced = Path.Combine(traces, Path.GetFileName(lineage[bucket].Path));
            var made = false;
            caches[bucket] = outputs.Bring(
                own, bucket, [traced], Math.Max(1, threads / buckets), (_, _) => made = true);
            files[bucket] = WriteAudit(own, Path.Combine(audit, Path.GetFileName(traced)), traced, caches[bucket]);
            if (files[bucket].Rows != lineage[bucket].Rows)
                throw new InvalidOperationException($"Bucket {bucket} has {lineage[bucket].Rows} rows, and "
                    + $"{files[bucket].Rows} of them have an author. Nothing was published.");
            if (Interlocked.Increment(ref done) is var count && made)
                watch(count, buckets);
        });
        outputs.Tidy();
        Durable.FlushDirectory(audit);
        Durable.FlushDirectory(target);
        engine.Execute($"SET threads = {threads}");
        var (size, root) = WriteTree(engine, target, ParquetFiles.Rows(caches));
        return new ReleaseAuthors(size, root, key.Public, files);
    }

    /// <summary>The tree as a manifest states it, and its signed checkpoint in place.</summary>
    /// <param name="directory">Of the tree.</param>
    /// <param name="signer">The ledger's key.</param>
    /// <param name="ledger">The ledger's origin.</param>
    /// <param name="corpus">The corpus.</param>
    /// <param name="release">The release's id.</param>
    public AuthorTree Sign(string directory, SigningKey signer, string ledger, CorpusName corpus, string release)
    {
        ArgumentNullException.ThrowIfNull(signer);
        ArgumentNullException.ThrowIfNull(corpus);
        var tree = new AuthorTree(Origin(ledger, corpus.Text, release), Size, Root, Key, Scope: ledger);
        Durable.Replace(Path.Combine(directory, CheckpointName), signer.Sign(new Checkpoint(tree.Origin, Size, Root).Text));
        return tree;
    }

    /// <summary>The first column of a row, a BLOB of 32 bytes.</summary>
    internal static Hash OutputOf(DuckDBDataReader row)
    {
        using var bytes = row.GetStream(0); // The reader gives a BLOB as nothing else.
        var output = default(Hash);
        bytes.ReadExactly(output);
        return output;
    }

    private static (TreeSize Size, Hash Root) WriteTree(Engine engine, string directory, string outputs)
    {
        var authors = engine.Scalar<long>($"SELECT count(*) FROM {outputs}");
        var bits = Bits(authors);
        var writer = TileWriter.Continue(directory, new TreeSize(0));
        var leaf = new List<byte>();
        var written = 0L;
        void Close(long upTo)
        {
            for (; writer.Size.Value < upTo; leaf.Clear())
                writer.Append(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(leaf));
        }

        foreach (var output in engine.Stream($"SELECT output FROM {outputs} ORDER BY output", OutputOf))
        {
            Close(AuthorTree.PlaceOf(output, bits).Value);
            leaf.AddRange((ReadOnlySpan<byte>)output);
            written++;
        }

        Close(1L << bits);
        if (written != authors)
            throw new InvalidOperationException($"The tree has {written} authors, and the release has {authors}. Nothing was published.");
        writer.Complete();
        return (writer.Size, writer.Root());
    }

    private static void EachBucket(Engine engine, int buckets, int threads, Action<Engine, int> each)
    {
        try
        {
            var atATime = new ParallelOptions { MaxDegreeOfParallelism = threads };
            Parallel.For(0, buckets, atATime, engine.Fork, (bucket, _, own) =>
            {
                each(own, bucket);
                return own;
            }, own => own.Dispose());
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
    }

    private static ManifestFile WriteAudit(Engine engine, string path, string traced, string outputs)
    {
        engine.Execute($"""
            COPY (SELECT row_key, output AS author FROM {ParquetFiles.Rows(traced)} AS traced
                JOIN {ParquetFiles.Rows(outputs)} AS outputs USING (account) ORDER BY row_key)
            TO {Engine.Literal(path)}
            (FORMAT parquet, COMPRESSION {ShardFormat.Compression}, COMPRESSION_LEVEL 1,
                ROW_GROUP_SIZE {ShardFormat.RowGroupSize})
            """);
        Durable.FlushFile(path);
        var file = Shards.Describe(path, engine.Scalar<long>(ParquetFiles.CountOf(path)));
        return file with { Path = $"{Directory}/{AuditDirectory}/{Path.GetFileName(path)}" };
    }
}
