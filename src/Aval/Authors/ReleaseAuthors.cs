using Aval.Corpus;
using Aval.Ledger;
using Aval.Storage;
using DuckDB.NET.Data;

namespace Aval.Authors;

/// <summary>The authors of a release, as they lie.</summary>
/// <param name="Release">The release's folder.</param>
/// <param name="Tree">The tree, as its manifest states it.</param>
/// <param name="Audit">The sidecar's files, in the order of the buckets, below the release.</param>
internal sealed record WrittenAuthors(string Release, AuthorTree Tree, IReadOnlyList<ManifestFile> Audit)
{
    /// <summary>Where the tree lies.</summary>
    public string Directory => Path.Combine(Release, ReleaseAuthors.Directory);

    /// <summary>A bucket's file of the sidecar.</summary>
    public string PathOf(int bucket) => Path.Combine(Release, Audit[bucket].Path);
}

/// <summary>
/// Who is in a release: the tree of its authors, a static tile log under <c>RELEASE/authors/</c>, and the audit sidecar
/// <c>authors/audit/bNNN.parquet</c>, which says of each row whose it is in the terms of the tree
/// (docs/formats/authors.md). Both are functions of the release's inputs; the checkpoint, which bears the release's
/// name, is signed later.
/// </summary>
/// <param name="Size">Leaves of the tree.</param>
/// <param name="Root">Its root.</param>
/// <param name="Key">Who made the outputs in it.</param>
/// <param name="Audit">The sidecar's files, in the order of the buckets.</param>
internal sealed record ReleaseAuthors(TreeSize Size, Hash Root, VrfPublicKey Key, IReadOnlyList<ManifestFile> Audit)
{
    /// <summary>The directory in a release.</summary>
    public const string Directory = "authors";

    /// <summary>The sidecar's directory below it.</summary>
    public const string AuditDirectory = "audit";

    /// <summary>The signed checkpoint below it.</summary>
    public const string CheckpointName = "checkpoint";

    /// <summary>The name under which the checkpoint of a release's authors is signed.</summary>
    public static string Origin(string ledger, string corpus, string release) =>
        $"{ledger}/releases/{corpus}/{release}/authors";

    /// <summary>
    /// k = max(0, ⌈log2(authors / 4)⌉): two to four authors a leaf, so that a proof stays small and says little about
    /// others.
    /// </summary>
    public static int Bits(long authors)
    {
        var bits = 0;
        while (4L << bits < authors)
            bits++;
        return bits;
    }

    /// <summary>Writes both, durably.</summary>
    /// <param name="engine">Any engine of this workspace; its number of threads is changed.</param>
    /// <param name="outputs">The corpus's outputs.</param>
    /// <param name="traced">The lineage's files, in the order of the buckets, with their rows.</param>
    /// <param name="directory">The release's <c>authors/</c>.</param>
    /// <param name="working">A folder for working files.</param>
    /// <param name="threads">How many threads may work.</param>
    /// <param name="watch">Told how many buckets are done, and of how many, where outputs had to be made.</param>
    /// <param name="brought">By bucket, what <see cref="AuthorOutputs.Bring"/> answered to this process for that very
    /// file of the lineage; null = it is to be asked, as for every bucket when all is null.</param>
    public static ReleaseAuthors Write(
        Engine engine, AuthorOutputs outputs, IReadOnlyList<ManifestFile> traced, string directory, string working,
        int threads, Action<long, long> watch, IReadOnlyList<string?>? brought = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(traced);
        ArgumentNullException.ThrowIfNull(watch);
        var (buckets, audit) = (traced.Count, Path.Combine(directory, AuditDirectory));
        System.IO.Directory.CreateDirectory(audit);
        var (files, caches, done) = (new ManifestFile[buckets], new string[buckets], 0L);
        engine.Execute("SET threads = 1");
        SideBySide.Each(engine, buckets, threads, (own, bucket) =>
        {
            var made = false;
            caches[bucket] = brought?[bucket] ?? outputs.Bring(
                own, bucket, [traced[bucket].Path], Math.Max(1, threads / buckets), (_, _) => made = true);
            files[bucket] = WriteAudit(own, audit, traced[bucket], caches[bucket]);
            if (Interlocked.Increment(ref done) is var count && made)
                watch(count, buckets);
        });
        outputs.Tidy();
        var (size, root, tiles) = WriteTree(engine, caches, directory, working, threads);
        var sidecar = files.Select(file => Path.Combine(audit, Path.GetFileName(file.Path)));
        LogDisk.Real.Flush([.. sidecar, .. tiles], directory);
        return new ReleaseAuthors(size, root, outputs.Key.Public, files);
    }

    /// <summary>
    /// Writes both, durably, where all buckets but some have the rows that they have in another release: its files are
    /// linked, and of its tree only the leaves are made again whose authors are others.
    /// </summary>
    /// <param name="engine">Any engine of this workspace; its number of threads is changed.</param>
    /// <param name="outputs">The corpus's outputs.</param>
    /// <param name="before">The other release's.</param>
    /// <param name="tree">Its tree, once all of it was held against its root; null = it is not what it was.</param>
    /// <param name="traced">The lineage's files, in the order of the buckets, with their rows.</param>
    /// <param name="touched">The buckets that may have other rows, and what <see cref="AuthorOutputs.Bring"/> answered
    /// for each; null = it is to be asked.</param>
    /// <param name="directory">The release's <c>authors/</c>.</param>
    /// <param name="threads">How many threads may work.</param>
    /// <returns>null = the tree has another number of leaves now, or another key's outputs, or is not what it was:
    /// nothing was written, and all of it is to be.</returns>
    public static ReleaseAuthors? Patch(
        Engine engine, AuthorOutputs outputs, WrittenAuthors before, Func<CheckedTree?> tree,
        IReadOnlyList<ManifestFile> traced, IReadOnlyList<(int Bucket, string? Outputs)> touched, string directory,
        int threads)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(tree);
        ArgumentNullException.ThrowIfNull(traced);
        ArgumentNullException.ThrowIfNull(touched);
        if (!before.Tree.Key.Bytes.SequenceEqual(outputs.Key.Public.Bytes)
            || before.Tree.Scope != outputs.Scope)
            return null;
        var (files, audit) = (before.Audit.ToArray(), Path.Combine(directory, AuditDirectory));
        var (left, entered) = (new HashSet<Hash>(), new HashSet<Hash>());
        System.IO.Directory.CreateDirectory(audit);
        engine.Execute(string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"SET threads = {threads}"));
        foreach (var (bucket, brought) in touched)
        {
            var cache = brought ?? outputs.Bring(engine, bucket, [traced[bucket].Path], threads, (_, _) => { });
            files[bucket] = WriteAudit(engine, audit, traced[bucket], cache);
            var (old, now) = (before.PathOf(bucket), Path.Combine(audit, Path.GetFileName(files[bucket].Path)));
            left.UnionWith(Lacking(engine, old, now));
            entered.UnionWith(Lacking(engine, now, old));
        }

        if (tree() is not { } whole
            || AuthorTiles.Patch(whole, left, entered, directory, threads) is not var (root, tiles))
            return null;
        var own = touched.Select(one => one.Bucket).ToHashSet();
        foreach (var bucket in Enumerable.Range(0, files.Length).Where(bucket => !own.Contains(bucket)))
            Durable.LinkOrCopy(
                before.PathOf(bucket), Path.Combine(audit, Path.GetFileName(files[bucket].Path)));
        outputs.Tidy();
        var sidecar = own.Select(bucket => Path.Combine(audit, Path.GetFileName(files[bucket].Path)));
        LogDisk.Real.Flush([.. sidecar, .. tiles], directory);
        return new ReleaseAuthors(before.Tree.Size, root, outputs.Key.Public, files);
    }

    // The authors of one sidecar that another one has not.
    private static List<Hash> Lacking(Engine engine, string of, string than) => engine.Query(
        $"SELECT author FROM {ParquetFiles.Rows(of)} EXCEPT SELECT author FROM {ParquetFiles.Rows(than)}", OutputOf);

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
        Durable.Replace(
            Path.Combine(directory, CheckpointName), signer.Sign(new Checkpoint(tree.Origin, Size, Root).Text));
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

    private static (TreeSize Size, Hash Root, IReadOnlyList<string> Files) WriteTree(
        Engine engine, string[] caches, string directory, string working, int threads)
    {
        var authors = engine.Scalar<long>($"SELECT count(*) FROM {ParquetFiles.Rows(caches)}");
        using var slices = OutputSlices.Gather(engine, caches, authors, Path.Combine(working, "outputs"), threads);
        return AuthorTiles.Write(slices, authors, directory, threads);
    }

    private static ManifestFile WriteAudit(Engine engine, string audit, ManifestFile traced, string outputs)
    {
        var path = Path.Combine(audit, Path.GetFileName(traced.Path));
        engine.Execute($"""
            COPY (SELECT row_key, output AS author FROM {ParquetFiles.Rows(traced.Path)} AS traced
                JOIN {ParquetFiles.Rows(outputs)} AS outputs USING (account) ORDER BY row_key)
            TO {Engine.Literal(path)}
            (FORMAT parquet, COMPRESSION {ShardFormat.Compression}, COMPRESSION_LEVEL 1,
                ROW_GROUP_SIZE {ShardFormat.RowGroupSize})
            """);
        var file = Shards.Describe(path, engine.Scalar<long>(ParquetFiles.CountOf(path)));
        if (file.Rows != traced.Rows)
            throw new InvalidOperationException($"{traced.Path} has {traced.Rows} rows, and {file.Rows} of them have "
                + "an author. Nothing was published.");
        return file with { Path = $"{Directory}/{AuditDirectory}/{Path.GetFileName(path)}" };
    }
}
