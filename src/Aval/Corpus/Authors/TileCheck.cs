using System.Buffers.Binary;
using Aval.Ledger;

namespace Aval.Corpus.Authors;

/// <summary>Reads every leaf of a tile log in order, and holds every tile of hashes against the leaves: proofs are made from tiles, so a wrong one is a proof that fails.</summary>
/// <param name="directory">The log's directory.</param>
/// <param name="size">Its entries.</param>
internal sealed class TileCheck(string directory, TreeSize size)
{
    private readonly List<(List<byte> Hashes, long Count)> _levels = [];
    private byte[] _bundle = [];
    private int _at;
    private long _next;

    /// <summary>The next leaf.</summary>
    /// <exception cref="ProofException">Its bundle is missing or not a bundle, or a tile that it completes is wrong.</exception>
    public byte[] Next()
    {
        if ((_next & (TilePath.Width - 1)) == 0)
            Open();
        var length = _at + 2 <= _bundle.Length ? BinaryPrimitives.ReadUInt16BigEndian(_bundle.AsSpan(_at)) : int.MaxValue;
        if (length > _bundle.Length - _at - 2)
            throw ProofException.Wrong($"{Bundle(_next >> TilePath.Height)}: it is cut short.");
        var leaf = _bundle.AsSpan(_at + 2, length).ToArray();
        _at += 2 + length;
        _next++;
        Push(0, MerkleTree.Leaf(leaf));
        return leaf;
    }

    /// <summary>Checks the tiles at the edge, and answers the root over all leaves.</summary>
    /// <exception cref="ProofException">A tile is missing or wrong.</exception>
    public Hash Complete()
    {
        RequireEnd();
        Hash? root = null;
        for (var level = 0; level < _levels.Count; level++)
        {
            var (hashes, count) = _levels[level];
            if (hashes.Count > 0)
                RequireTile(level, count >> TilePath.Height, hashes);
            var bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(hashes);
            for (var rest = bytes.Length / Hash.Size; rest > 0; rest &= rest - 1)
            {
                var subtree = TileReader.Fold(bytes.Slice((rest - (rest & -rest)) * Hash.Size, (rest & -rest) * Hash.Size));
                root = root is { } right ? MerkleTree.Node(subtree, right) : subtree;
            }
        }

        return root ?? MerkleTree.Empty;
    }

    private void Open()
    {
        RequireEnd();
        var path = Bundle(_next >> TilePath.Height);
        _bundle = File.Exists(path) ? File.ReadAllBytes(path) : throw ProofException.Wrong($"{path}: this bundle of the tree of authors is missing.");
        _at = 0;
    }

    private void RequireEnd()
    {
        if (_at != _bundle.Length)
            throw ProofException.Wrong($"{Bundle((_next - 1) >> TilePath.Height)}: it holds more than its leaves.");
    }

    private void Push(int level, Hash hash)
    {
        if (_levels.Count == level)
            _levels.Add(([], 0));
        var (hashes, count) = _levels[level];
        hashes.AddRange((ReadOnlySpan<byte>)hash);
        _levels[level] = (hashes, ++count);
        if (count % TilePath.Width != 0)
            return;
        RequireTile(level, (count >> TilePath.Height) - 1, hashes);
        var root = TileReader.Fold(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(hashes));
        hashes.Clear();
        Push(level + 1, root);
    }

    private void RequireTile(int level, long number, List<byte> hashes)
    {
        var path = Path.Combine(directory, TilePath.Of(level, number, TilePath.WidthAt(level, number, size.Value)));
        if (!File.Exists(path))
            throw ProofException.Wrong($"{path}: this tile of the tree of authors is missing.");
        if (!File.ReadAllBytes(path).AsSpan().SequenceEqual(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(hashes)))
            throw ProofException.Wrong($"{path}: its hashes are not those of the leaves.");
    }

    private string Bundle(long number) => Path.Combine(directory, TilePath.Of(TilePath.Entries, number, TilePath.WidthAt(TilePath.Entries, number, size.Value)));
}
