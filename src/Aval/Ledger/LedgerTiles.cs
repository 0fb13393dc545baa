using System.Globalization;

namespace Aval.Ledger;

/// <summary>
/// Whether the tiles are what the store gives, up to the root that was signed; nothing is believed because it was
/// written.
/// </summary>
internal static class LedgerTiles
{
    /// <summary>
    /// Holds every entry and every tile below a published checkpoint against the store, and the root against what was
    /// signed.
    /// </summary>
    /// <exception cref="AvalException">Bad input: the first thing that is wrong.</exception>
    public static void Require(
        Workspace workspace, IEntryStore store, PublishedCheckpoint published, Action<double>? watch)
    {
        var tiles = new TileReader(workspace.Ledger, published.Size);
        RequireStored(workspace, store, tiles, watch);
        if (tiles.Root() != published.Checkpoint.Root)
            throw Wrong(workspace, "the root of the tiles is not the one that was signed");
    }

    private static void RequireStored(Workspace workspace, IEntryStore store, TileReader tiles, Action<double>? watch)
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
        var bytes = File.Exists(path)
            ? File.ReadAllBytes(path)
            : File.Exists(full) ? File.ReadAllBytes(full) : throw Wrong(workspace, $"the tile {path} is missing");
        for (var at = 0; at < hashes.Count; at++)
        {
            if (bytes.Length < (at + 1) * Hash.Size || Hash.From(bytes.AsSpan(at * Hash.Size, Hash.Size)) != hashes[at])
                throw Wrong(workspace, string.Create(
                    CultureInfo.InvariantCulture,
                    $"hash {at} of the tile {path} is not the one that its entries give"));
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
        AvalException.BadInput($"{workspace.Ledger}: {what}. Nothing was changed. Keep the files as evidence; "
            + "see \"When the ledger does not check\" in docs/operations.md.");
}
