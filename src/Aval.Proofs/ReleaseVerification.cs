using System.Security.Cryptography;
using System.Text.Json;

namespace Aval.Proofs;

/// <summary>What was verified of a release that lies in a directory.</summary>
/// <param name="Manifest">What it says it is.</param>
/// <param name="Index">Its entry in the ledger.</param>
/// <param name="Checkpoint">The ledger's checkpoint that says so.</param>
/// <param name="Files">How many files were hashed.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Audit">How many files of the audit sidecar were among them; 0 when the release came without it.</param>
/// <param name="Listed">How many authors the tree lists, every tile of which was made again from its leaves; null when
/// the release came without tiles.</param>
public sealed record ReleaseVerification(
    ManifestFacts Manifest, EntryIndex Index, Checkpoint Checkpoint, int Files, long Bytes, int Audit, long? Listed)
{
    private const string ManifestName = "manifest.json";
    private const string AccountingName = "accounting.json";
    private const string Tree = "authors";
    private const int MaxSmallFile = 256 << 20;
    private const string RecallName = "recall.json";
    private const string RecallProof = "recall.tlog-proof";
    private static readonly string[] Unlisted = [ManifestName, "manifest.sig", "manifest.tlog-proof"];

    /// <summary>
    /// Verifies a release with nothing but its directory and the ledger's key: signature, entry, every file, rows,
    /// sums.
    /// </summary>
    /// <param name="directory">In which manifest.json lies.</param>
    /// <param name="key">The ledger's key.</param>
    /// <exception cref="ProofException">The first thing that is wrong, the file named.</exception>
    public static ReleaseVerification Verify(string directory, VerifierKey key)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(key);
        var manifest = In(ManifestName, () => ManifestFacts.Parse(Small(directory, ManifestName)));
        if (manifest.Ledger != key.Name)
            throw ProofException.Wrong($"{ManifestName}: the release is committed to the ledger "
                + $"{ManifestFacts.Printable(manifest.Ledger)}, and the key is that of {key.Name}.");
        if (manifest.Contradiction is { } contradiction)
            throw ProofException.Wrong($"{ManifestName}: {contradiction}");
        In(Unlisted[1], () => manifest.RequireSignature(Small(directory, Unlisted[1]), key));
        var (index, checkpoint) = In(
            Unlisted[2], () => Entry(manifest, InclusionProof.Parse(Small(directory, Unlisted[2])), key));
        In("authors/checkpoint", () => RequireTree(
            manifest.Authors, Checkpoint.Verify(Small(directory, "authors/checkpoint"), key, manifest.Authors.Origin)));
        // A trainer's copy comes without the sidecar, whole or not at all.
        var audit = manifest.Audit.Any(file => Path.Exists(Full(directory, file.Path))) ? manifest.Audit : [];
        ListedFile[] files = [.. manifest.Shards, .. manifest.Others, .. audit];
        // As proofs about authors are made from tiles, a copy may come without them, whole or not at all.
        var tiled = Directory.Exists(Full(directory, $"{Tree}/tile"));
        long? listed = tiled ? RequireTiles(directory, manifest.Authors) : null;
        string[] recalled = Path.Exists(Full(directory, RecallName)) ? [RecallName, RecallProof] : [];
        if (recalled.Length > 0)
            In(RecallProof, () => RequireRecall(directory, manifest, key));
        RequireNothingElse(
            directory,
            files.Select(file => file.Path).Concat(tiled ? Tiles(manifest.Authors.Size) : []).Concat(recalled));
        foreach (var file in files)
            In(file.Path, () => RequireFile(directory, file));
        In(AccountingName, () => RequireSums(manifest, Small(directory, AccountingName)));
        var bytes = files.Sum(file => file.Bytes);
        return new ReleaseVerification(manifest, index, checkpoint, files.Length, bytes, audit.Count, listed);
    }

    private static (EntryIndex Index, Checkpoint Checkpoint) Entry(
        ManifestFacts manifest, InclusionProof proof, VerifierKey key)
    {
        var checkpoint = manifest.RequireEntry(proof, key);
        // The release's own entry comes after the choices that it honours.
        return manifest.ErasedTo.Value <= proof.Index.Value ? (proof.Index, checkpoint)
            : throw ProofException.Wrong($"The release is entry {proof.Index} of the ledger, and states that it "
                + $"honours the {manifest.ErasedTo} entries before it: there are not so many.");
    }

    // Which releases are withdrawn is the operator's word about this one, or nobody's.
    private static void RequireRecall(string directory, ManifestFacts manifest, VerifierKey key)
    {
        var json = Small(directory, RecallName);
        var entry = new LedgerEntry(EntryKind.OfficerAction, Hash.Of(json));
        var proof = InclusionProof.Parse(Small(directory, RecallProof));
        // As beside the manifest: nothing vouches for an extra line, and no byte of a release is free.
        if (proof.Extra is not null)
            throw ProofException.Malformed("Not the proof of a recall's entry: it has an extra line.");
        proof.Verify(entry.ToBytes(), key, manifest.Ledger);
        using var document = StrictJson.Parse(json, RecallName);
        if (document.RootElement.TextOf("release") != manifest.Name)
            throw ProofException.Wrong($"{RecallName} is about another release than {manifest.Name}.");
    }

    private static void RequireTree(AuthorTree stated, Checkpoint signed)
    {
        if (signed.Size != stated.Size || signed.Root != stated.Root)
            throw ProofException.Wrong($"It is of {signed.Size} leaves with the root {signed.Root}, and the manifest "
                + $"states {stated.Size} leaves with the root {stated.Root}.");
        _ = stated.PlaceOf(default); // Refuses a size that is no power of two.
    }

    // No byte below authors/tile/ is free: bundles give leaves, leaves give tiles, and tiles give the root that is
    // signed.
    private static long RequireTiles(string directory, AuthorTree tree)
    {
        byte[] Read(string tile) => In($"{Tree}/{tile}", () => Small(directory, $"{Tree}/{tile}"));
        var (tiles, authors) = (new TileCheck(Tree, tree.Size, Read), 0L);
        for (var index = 0L; index < tree.Size.Value; index++)
        {
            var leaf = tiles.Next();
            var at = new EntryIndex(index);
            In($"{Tree}/tile/entries", () => AuthorTree.RequireLeaf(leaf, at, tree.Bits));
            authors += leaf.Length / Hash.Size;
        }

        return tiles.Complete() is var root && root == tree.Root ? authors
            : throw ProofException.Wrong($"{Tree}/tile: the leaves have the root {root}, and the manifest states "
                + $"{tree.Root}.");
    }

    private static IEnumerable<string> Tiles(TreeSize size)
    {
        for (var level = TilePath.Entries; level <= 0 || TilePath.HashesAt(level, size.Value) > 0; level++)
        {
            for (var (number, width) = (0L, 0); (width = TilePath.WidthAt(level, number, size.Value)) > 0; number++)
                yield return $"{Tree}/{TilePath.Of(level, number, width)}";
        }
    }

    // Directories are walked by hand: a link could lead out of the release, or round in circles.
    private static void RequireNothingElse(string directory, IEnumerable<string> files)
    {
        var listed = files.Concat(Unlisted).Append($"{Tree}/checkpoint").ToHashSet(StringComparer.Ordinal);
        var open = new Stack<string>([directory]);
        while (open.TryPop(out var next))
        {
            foreach (var entry in new DirectoryInfo(next)
                .EnumerateFileSystemInfos()
                .OrderBy(entry => entry.Name, StringComparer.Ordinal))
            {
                var path = Path.GetRelativePath(directory, entry.FullName).Replace('\\', '/');
                if (entry.LinkTarget is not null)
                    throw ProofException.Wrong(
                        $"{ManifestFacts.Printable(path)}: this is a link, and a release holds files.");
                if (entry is DirectoryInfo)
                    open.Push(entry.FullName);
                else if (!listed.Contains(path))
                    throw ProofException.Wrong($"{ManifestFacts.Printable(path)}: neither does the manifest list this "
                        + $"file, nor is it a tile of the tree of authors.");
            }
        }
    }

    private static void RequireFile(string directory, ListedFile file)
    {
        using var stream = Open(directory, file.Path);
        if (stream.Length != file.Bytes)
            throw ProofException.Wrong($"The file has {stream.Length} bytes, and the manifest states {file.Bytes}.");
        var hash = Hash.From(SHA256.HashData(stream));
        if (hash != file.Sha256)
            throw ProofException.Wrong(
                $"The file was changed: its SHA-256 is {hash.ToHex()}, and the manifest states {file.Sha256.ToHex()}.");
        if (file.Rows is { } rows && ParquetRows.Count(stream) is var count && count != rows)
            throw ProofException.Wrong($"The file has {count} rows, and the manifest states {rows}.");
    }

    private static void RequireSums(ManifestFacts manifest, byte[] json)
    {
        using var document = StrictJson.Parse(json, "The accounting");
        var total = Tally.Of("all items", document.RootElement);
        var rows = manifest.Shards.Sum(shard => (decimal)shard.Rows!.Value);
        if (total.Read != manifest.Read || total.Admitted != manifest.Admitted || rows != manifest.Admitted)
            throw ProofException.Wrong($"It says {total.Read} items read and {total.Admitted} admitted, the manifest "
                + $"{manifest.Read} and {manifest.Admitted}, and the shards have {rows} rows.");
        if (document.RootElement.ListOf("rules").Sum(rule => (decimal)rule.CountOf("excluded")) is var byRule
            && byRule != total.Read - total.Admitted)
            throw ProofException.Wrong($"Its rules excluded {byRule} items, but {total.Read - total.Admitted} were.");
        foreach (var name in new[] { "by_service", "by_kind", "by_language" })
        {
            var sum = document.RootElement.MembersOf(name)
                .Select(slice => Tally.Of($"{name} {ManifestFacts.Printable(StrictJson.Name(slice))}", slice.Value))
                .Aggregate(new Tally(0, 0, []), (left, right) => left.Plus(right));
            if (sum.Read != total.Read || sum.Admitted != total.Admitted
                || !Ordered(sum.Excluded).SequenceEqual(Ordered(total.Excluded)))
                throw ProofException.Wrong($"The sums {name} ({sum.Read} read, {sum.Admitted} admitted) are not those "
                    + $"of all items ({total.Read} read, {total.Admitted} admitted), reason by reason.");
        }
    }

    // By bytes: other orders take some names for equal.
    private static IEnumerable<KeyValuePair<string, decimal>> Ordered(Dictionary<string, decimal> excluded) =>
        excluded.OrderBy(pair => pair.Key, StringComparer.Ordinal);

    private sealed record Tally(decimal Read, decimal Admitted, Dictionary<string, decimal> Excluded)
    {
        public static Tally Of(string what, JsonElement json)
        {
            var tally = new Tally(json.CountOf("read"), json.CountOf("admitted"), json.MembersOf("excluded")
                .ToDictionary(
                    StrictJson.Name, reason => (decimal)StrictJson.Count(reason.Value, StrictJson.Name(reason))));
            return tally.Read == tally.Admitted + tally.Excluded.Values.Sum() ? tally
                : throw ProofException.Wrong($"Its sums do not close for {what}: {tally.Read} read, "
                    + $"but {tally.Admitted} admitted and {tally.Excluded.Values.Sum()} excluded.");
        }

        public Tally Plus(Tally other)
        {
            foreach (var (reason, items) in other.Excluded)
                Excluded[reason] = Excluded.GetValueOrDefault(reason) + items;
            return new Tally(Read + other.Read, Admitted + other.Admitted, Excluded);
        }
    }

    private static string Full(string directory, string path) => Path.Combine(directory, path);

    private static FileStream Open(string directory, string path)
    {
        try
        {
            // Also what is no file: opening a pipe would wait for ever, and a pipe has no length.
            if (new FileInfo(Full(directory, path)).Length == 0)
                throw ProofException.Wrong("The file is empty, and no file of a release is.");
            return new FileStream(
                Full(directory, path), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 20);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw ProofException.Wrong($"The file is not there, or cannot be read ({missing.GetType().Name}).");
        }
    }

    private static byte[] Small(string directory, string path)
    {
        using var stream = Open(directory, path);
        if (stream.Length > MaxSmallFile)
            throw ProofException.Malformed($"The file has {stream.Length} bytes; none of its kind is so large.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static void In(string file, Action check) => In(file, () =>
    {
        check();
        return 0;
    });

    private static T In<T>(string file, Func<T> check)
    {
        try
        {
            return check();
        }
        catch (ProofException found)
        {
            throw ProofException.In(file, found);
        }
    }
}
