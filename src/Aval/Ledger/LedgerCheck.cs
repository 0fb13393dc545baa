using System.Globalization;
using Aval.Choices;
using Aval.Choices.Stores;
using Aval.Recording;

namespace Aval.Ledger;

/// <summary>What was checked.</summary>
/// <param name="Published">The checkpoint.</param>
/// <param name="Stored">Entries in the store; those beyond the checkpoint have not been acknowledged.</param>
/// <param name="Opened">Choices whose commitment was computed again from record and opening.</param>
public sealed record LedgerChecked(PublishedCheckpoint Published, TreeSize Stored, long Opened);

/// <summary>
/// Verifies a whole ledger against the store that it derives from: every entry, every tile that the checkpoint needs,
/// the root, the signature, and every choice's commitment. Slow and complete; what was written is not believed because
/// it was written.
/// </summary>
public static class LedgerCheck
{
    /// <summary>Checks everything.</summary>
    /// <exception cref="AvalException">Bad input or refused: the first thing that is wrong.</exception>
    public static LedgerChecked Require(Workspace workspace, VerifierKey key, Action<double>? watch = null)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        // The checkpoint first: the store only grows, so what it covers is in the store that is read after it.
        var published = PublishedCheckpoint.Read(workspace, key)
            ?? throw AvalException.BadInput($"{PublishedCheckpoint.PathIn(workspace)}: there is no checkpoint yet. Nothing was checked. The first choice makes one; aval ledger publish makes an empty one.");
        using var choices = CommittedChoices.Open(workspace);
        var (store, size) = (choices.Store, published.Size);
        var tiles = new TileReader(workspace.Ledger, size);
        RequireTiles(workspace, store, tiles, watch);
        if (tiles.Root() != published.Checkpoint.Root)
            throw Wrong(workspace, "the root of the tiles is not the one that was signed");
        return new LedgerChecked(published, store.Size, choices.Read(size).LongCount());
    }

    /// <summary>Writes every tile again from the store, when the check found one missing or damaged; the checkpoint stays as it is.</summary>
    /// <exception cref="AvalException">Busy: another process writes the ledger. Refused: what the store gives is not what was published (a fork).</exception>
    public static PublishedCheckpoint Rewrite(Workspace workspace, SigningKey key, Action<double>? watch = null)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        using var store = ChoiceStores.Open(workspace);
        return new Integrator(workspace, key).PublishAfresh(store, watch);
    }

    private static void RequireTiles(Workspace workspace, IChoiceStore store, TileReader tiles, Action<double>? watch)
    {
        var size = tiles.Size.Value;
        var levels = new List<List<Hash>> { new() };
        var index = 0L;
        foreach (var entry in store.Entries(new EntryIndex(0), tiles.Size))
        {
            var bytes = entry.ToBytes();
            if (!tiles.Entry(new EntryIndex(index)).AsSpan().SequenceEqual(bytes))
                throw Wrong(workspace, $"entry {index} of the tiles is not the store's");
            levels[0].Add(MerkleTree.Leaf(bytes));
            index++;
            for (var level = 0; levels[level].Count == TilePath.Width; level++)
            {
                RequireTile(workspace, level, (TilePath.HashesAt(level, index) >> TilePath.Height) - 1, levels[level]);
                if (levels.Count == level + 1)
                    levels.Add([]);
                levels[level + 1].Add(Fold(levels[level]));
                levels[level].Clear();
            }

            if (index % (1 << 16) == 0)
                watch?.Invoke((double)index / size);
        }

        if (index != size)
            throw Wrong(workspace, $"the store has {index} entries below {size}: its indices have a gap");
        for (var level = 0; level < levels.Count; level++)
        {
            if (levels[level].Count > 0)
                RequireTile(workspace, level, TilePath.HashesAt(level, size) >> TilePath.Height, levels[level]);
        }
    }

    private static void RequireTile(Workspace workspace, int level, long number, List<Hash> hashes)
    {
        var path = Path.Combine(workspace.Ledger, TilePath.Of(level, number, hashes.Count));
        var full = Path.Combine(workspace.Ledger, TilePath.Of(level, number, TilePath.Width));
        var bytes = File.Exists(path) ? File.ReadAllBytes(path) : File.Exists(full) ? File.ReadAllBytes(full) : throw Wrong(workspace, $"the tile {path} is missing");
        for (var at = 0; at < hashes.Count; at++)
        {
            if (bytes.Length < (at + 1) * Hash.Size || Hash.From(bytes.AsSpan(at * Hash.Size, Hash.Size)) != hashes[at])
                throw Wrong(workspace, string.Create(CultureInfo.InvariantCulture, $"hash {at} of the tile {path} is not the one that its entries give"));
        }
    }

    private static Hash Fold(List<Hash> hashes)
    {
        var level = hashes.ToArray();
        for (var count = level.Length; count > 1; count /= 2)
        {
            for (var at = 0; at < count / 2; at++)
                level[at] = MerkleTree.Node(level[2 * at], level[(2 * at) + 1]);
        }

        return level[0];
    }

    private static AvalException Wrong(Workspace workspace, string what) =>
        AvalException.BadInput($"{workspace.Ledger}: {what}. Nothing was changed. Keep the files as evidence; see \"When the ledger does not check\" in docs/operations.md.");
}
