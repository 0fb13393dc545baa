using Aval.Corpus;
using Aval.Storage;

namespace Aval.Authors;

/// <summary>What an audit of a release's authors looked at.</summary>
/// <param name="Manifest">The release's manifest.</param>
/// <param name="Rows">Rows, in the shards and in the sidecar.</param>
/// <param name="Authors">Distinct authors, in the sidecar and in the tree.</param>
/// <param name="Traced">Whether the lineage was at hand, so that each row's account was held against its author
/// too.</param>
internal sealed record AuditOutcome(Manifest Manifest, long Rows, long Authors, bool Traced);

/// <summary>
/// Whether the tree of a release's authors tells of the release's rows: shards, sidecar and tree say the same, the tree
/// is what the manifest states and the checkpoint signs. A proof about an author is about the tree; this ties the tree
/// to the text. It needs no secret, only the release with its sidecar and the ledger's public key; with the workspace's
/// lineage and VRF key it also ties each author to the account.
/// </summary>
internal static class ReleaseAudit
{
    /// <summary>Audits a release.</summary>
    /// <param name="engine">An empty engine.</param>
    /// <param name="release">The release's directory.</param>
    /// <param name="key">The ledger's key.</param>
    /// <param name="workspace">Whose lineage and VRF key to use too; null = none at hand.</param>
    /// <param name="threads">How many outputs are made at a time.</param>
    /// <param name="watch">Told what is done, and how much of it, 0–1.</param>
    /// <exception cref="ProofException">The first thing that is wrong, and its file.</exception>
    /// <exception cref="AvalException">Bad input: the manifest cannot be read.</exception>
    public static AuditOutcome Of(
        Engine engine, string release, VerifierKey key, Workspace? workspace, int threads, Action<BuildProgress> watch)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(watch);
        var manifest = Manifest.Read(release);
        if (manifest.Authors.Scope != manifest.LedgerOrigin)
            throw ProofException.Wrong($"{Path.Combine(release, Manifest.FileName)}: its tree of authors is one of "
                + $"\"{manifest.Authors.Scope}\", and its ledger is {manifest.LedgerOrigin}.");
        RequireCheckpoint(release, manifest.Authors, key);
        var shards = manifest.Files.Where(file => file.Path.StartsWith("shards/", StringComparison.Ordinal)).ToArray();
        RequirePairs(release, shards, manifest.Audit);
        foreach (var file in manifest.Files.Concat(manifest.Audit))
            RequireFile(Path.Combine(release, file.Path), file);
        long rows = 0;
        foreach (var (shard, sidecar, at) in shards.Zip(manifest.Audit, Enumerable.Range(0, shards.Length)))
        {
            rows += RequireSameRows(engine, Path.Combine(release, shard.Path), Path.Combine(release, sidecar.Path));
            watch(new BuildProgress("rows", (at + 1.0) / shards.Length));
        }

        var sidecars = manifest.Audit.Select(file => Path.Combine(release, file.Path)).ToArray();
        watch(new BuildProgress("tree", 0));
        var authors = RequireTree(engine, release, manifest.Authors, sidecars);
        var traced = workspace is not null && Trace(engine, workspace, manifest, sidecars, threads, watch);
        return new AuditOutcome(manifest, rows, authors, traced);
    }

    private static void RequireCheckpoint(string release, AuthorTree authors, VerifierKey key)
    {
        var path = Path.Combine(release, ReleaseAuthors.Directory, ReleaseAuthors.CheckpointName);
        if (!File.Exists(path))
            throw ProofException.Wrong($"{path}: the signed checkpoint of the release's authors is missing.");
        Naming(path, () =>
        {
            var signed = Checkpoint.Verify(File.ReadAllBytes(path), key, authors.Origin);
            if (signed.Size != authors.Size || signed.Root != authors.Root)
                throw ProofException.Wrong($"It signs {signed.Size} leaves and the root {signed.Root}, but the "
                    + $"manifest states {authors.Size} and {authors.Root}.");
            _ = authors.Bits; // A power of two, or it is no such tree.
        });
    }

    private static void RequirePairs(string release, ManifestFile[] shards, IReadOnlyList<ManifestFile> audit)
    {
        if (!shards.Select(file => Path.GetFileName(file.Path))
            .SequenceEqual(audit.Select(file => Path.GetFileName(file.Path)))
            || shards.Length == 0
            || audit.Any(file => file.Path
                != $"{ReleaseAuthors.Directory}/{ReleaseAuthors.AuditDirectory}/{Path.GetFileName(file.Path)}"))
            throw ProofException.Wrong($"{Path.Combine(release, Manifest.FileName)}: it does not list one file "
                + "authors/audit/bNNN.parquet for each shard, in their order.");
    }

    private static void RequireFile(string path, ManifestFile stated)
    {
        // A manifest comes from outside, and may name any file on this machine.
        if (stated.Path.Split('/').Any(part => part is "" or "." or "..") || Path.IsPathRooted(stated.Path))
            throw ProofException.Wrong($"{Manifest.FileName}: \"{stated.Path}\" is no file of a release.");
        if (!File.Exists(path))
            throw ProofException.Wrong($"{path}: the manifest lists this file, and it is missing.");
        var found = Shards.Describe(path, stated.Rows);
        if (found.Sha256 != stated.Sha256 || found.Bytes != stated.Bytes)
            throw ProofException.Wrong($"{path}: its SHA-256 is {found.Sha256} ({found.Bytes} bytes), but the manifest "
                + $"states {stated.Sha256} ({stated.Bytes} bytes): the file or the manifest was changed.");
    }

    private static long RequireSameRows(Engine engine, string shard, string sidecar)
    {
        try
        {
            var odd = engine.Scalar<long>($"SELECT count(*) FROM {ParquetFiles.Rows(sidecar)} WHERE author IS NULL "
                + $"OR typeof(author) <> 'BLOB' OR octet_length(author) <> {Hash.Size}");
            if (odd > 0)
                throw ProofException.Wrong($"{sidecar}: {odd} rows have no author of {Hash.Size} bytes.");
            // Counted per key: a row that is there twice must be there twice.
            var differing = engine.Query($"""
                SELECT row_key::VARCHAR, coalesce(s.times, 0), coalesce(a.times, 0)
                FROM (SELECT row_key, count(*) AS times FROM {ParquetFiles.Rows(shard)} GROUP BY row_key) AS s
                FULL JOIN (SELECT row_key, count(*) AS times FROM {ParquetFiles.Rows(sidecar)} GROUP BY row_key) AS a
                    USING (row_key)
                WHERE s.times IS DISTINCT FROM a.times ORDER BY ALL LIMIT 1
                """, row => $"the row {row.GetString(0)} is {row.GetInt64(1)} times in the shard and {row.GetInt64(2)} "
                    + "times here");
            if (differing is [var first])
                throw ProofException.Wrong($"{sidecar}: {first}.");
            return engine.Scalar<long>($"SELECT count(*) FROM {ParquetFiles.Rows(shard)}");
        }
        catch (DuckDB.NET.Data.DuckDBException broken) when (!FileFailure.IsFull(broken))
        {
            throw ProofException.Malformed($"{sidecar}: it, or its shard, is not Parquet with the columns row_key "
                + $"(UUID) and author (BLOB): {broken.Message.Split('\n')[0]}", broken);
        }
    }

    // Walked side by side, both ascending: neither the authors nor the leaves are ever in memory at once.
    private static long RequireTree(Engine engine, string release, AuthorTree authors, string[] sidecars)
    {
        var directory = Path.Combine(release, ReleaseAuthors.Directory);
        byte[] Read(string tile) => Path.Combine(directory, tile) is var path && File.Exists(path)
            ? File.ReadAllBytes(path)
            : throw ProofException.Wrong($"{path}: this tile of the tree of authors is missing.");
        var tiles = new TileCheck(directory, authors.Size, Read);
        var count = 0L;
        using var expected = engine.Stream($"SELECT DISTINCT author FROM {ParquetFiles.Rows(sidecars)} "
            + "ORDER BY author", ReleaseAuthors.OutputOf).GetEnumerator();
        for (var index = 0L; index < authors.Size.Value; index++)
        {
            var leaf = tiles.Next();
            Naming(directory, () => AuthorTree.RequireLeaf(leaf, new EntryIndex(index), authors.Bits));
            for (var at = 0; at < leaf.Length; at += Hash.Size, count++)
            {
                var listed = Hash.From(leaf.AsSpan(at, Hash.Size));
                if (!expected.MoveNext())
                    throw ProofException.Wrong(
                        $"{directory}: leaf {index} lists the author {listed.ToHex()}, who has no row in the sidecar.");
                if (expected.Current != listed)
                    throw ProofException.Wrong($"{directory}: leaf {index} lists the author {listed.ToHex()} where the "
                        + $"sidecar's next one is {expected.Current.ToHex()}: one of the two is not in the other.");
            }
        }

        if (expected.MoveNext())
            throw ProofException.Wrong($"{directory}: the sidecar's author {expected.Current.ToHex()} is in no leaf: "
                + "the tree hides an author who is in the release.");
        if (tiles.Complete() is var root && root != authors.Root)
            throw ProofException.Wrong(
                $"{directory}: its leaves have the root {root}, but the manifest states {authors.Root}.");
        return count;
    }

    // By lineage, row → account; by the key, account → author. Only inside: both are secrets.
    private static bool Trace(
        Engine engine, Workspace workspace, Manifest manifest, string[] sidecars, int threads,
        Action<BuildProgress> watch)
    {
        var lineage = Path.Combine(workspace.Lineage, manifest.Corpus, manifest.Release);
        if (!Directory.Exists(lineage) || !File.Exists(workspace.VrfKeyFile))
            return false;
        var key = VrfKey.Read(workspace.VrfKeyFile);
        if (!key.Public.Bytes.SequenceEqual(manifest.Authors.Key.Bytes))
            return false;
        foreach (var file in manifest.Lineage)
            RequireFile(Path.Combine(lineage, file.Path), file);
        var traced = ParquetFiles.Rows(manifest.Lineage.Select(file => Path.Combine(lineage, file.Path)));
        var pairs = $"SELECT DISTINCT account, lower(hex(author)) FROM {traced} AS traced FULL JOIN "
            + $"{ParquetFiles.Rows(sidecars)} AS sidecar USING (row_key)";
        var (done, total) = (0L, engine.Scalar<long>($"SELECT count(*) FROM ({pairs})"));
        foreach (var chunk in engine.Stream(pairs, row => (Account: row.IsDBNull(0) ? null : row.GetString(0),
            Author: row.IsDBNull(1) ? null : row.GetString(1))).Chunk(AuthorOutputs.ChunkSize))
        {
            if (chunk.Any(pair => pair.Account is null || pair.Author is null))
                throw ProofException.Wrong($"{lineage}: its rows are not the sidecar's rows.");
            var before = done;
            var made = AuthorOutputs.Compute(
                key, manifest.Authors.Scope, [.. chunk.Select(pair => pair.Account!)], threads,
                count => watch(new BuildProgress("accounts", (double)(before + count) / total)));
            for (var at = 0; at < chunk.Length; at++)
            {
                if (made[at].ToHex() != chunk[at].Author)
                    throw ProofException.Wrong($"{lineage}: rows of {chunk[at].Account} have the author "
                        + $"{chunk[at].Author} in the sidecar, but the account's output is {made[at].ToHex()}.");
            }

            done += chunk.Length;
        }

        return true;
    }

    private static void Naming(string path, Action check)
    {
        try
        {
            check();
        }
        catch (ProofException wrong)
        {
            throw wrong.Failure switch
            {
                ProofFailure.Wrong => ProofException.Wrong($"{path}: {wrong.Message}"),
                ProofFailure.Malformed => ProofException.Malformed($"{path}: {wrong.Message}", wrong),
                ProofFailure.Fork => ProofException.Fork($"{path}: {wrong.Message}"),
            };
        }
    }
}
