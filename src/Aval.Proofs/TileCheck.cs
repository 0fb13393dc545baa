using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Aval.Proofs;

/// <summary>
/// Reads every leaf of a tile log in order, and holds every tile of hashes against the leaves: proofs are made from
/// tiles, so a wrong one is a proof that fails.
/// </summary>
/// <param name="directory">The log's directory, for messages.</param>
/// <param name="size">Its entries.</param>
/// <param name="read">The bytes of a file, its path relative to the log's directory.</param>
internal sealed class TileCheck(string directory, TreeSize size, Func<string, byte[]> read)
{
    private readonly List<(List<byte> Hashes, long Count)> _levels = [];
    private byte[] _bundle = [];
    private int _at;
    private long _next;

    /// <summary>The next leaf.</summary>
    /// <exception cref="ProofException">Its bundle is missing or not a bundle, or a tile that it completes is
    /// wrong.</exception>
    public byte[] Next()
    {
        if ((_next & (TilePath.Width - 1)) == 0)
            Open();
        var length =
            _at + 2 <= _bundle.Length ? BinaryPrimitives.ReadUInt16BigEndian(_bundle.AsSpan(_at)) : int.MaxValue;
        if (length > _bundle.Length - _at - 2)
            throw ProofException.Wrong($"{Named(Bundle(_next >> TilePath.Height))}: it is cut short.");
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
            var bytes = CollectionsMarshal.AsSpan(hashes);
            for (var rest = bytes.Length / Hash.Size; rest > 0; rest &= rest - 1)
            {
                var subtree = MerkleTree.Fold(
                    bytes.Slice((rest - (rest & -rest)) * Hash.Size, (rest & -rest) * Hash.Size));
                root = root is { } right ? MerkleTree.Node(subtree, right) : subtree;
            }
        }

        return root ?? MerkleTree.Empty;
    }

    private void Open()
    {
        RequireEnd();
        _bundle = read(Bundle(_next >> TilePath.Height));
        _at = 0;
    }

    private void RequireEnd()
    {
        if (_at != _bundle.Length)
            throw ProofException.Wrong($"{Named(Bundle((_next - 1) >> TilePath.Height))}: it holds more than its "
                + $"leaves.");
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
        var root = MerkleTree.Fold(CollectionsMarshal.AsSpan(hashes));
        hashes.Clear();
        Push(level + 1, root);
    }

    private void RequireTile(int level, long number, List<byte> hashes)
    {
        var path = TilePath.Of(level, number, TilePath.WidthAt(level, number, size.Value));
        if (!read(path).AsSpan().SequenceEqual(CollectionsMarshal.AsSpan(hashes)))
            throw ProofException.Wrong($"{Named(path)}: its hashes are not those of the leaves.");
    }

    private string Bundle(long number) =>
        TilePath.Of(TilePath.Entries, number, TilePath.WidthAt(TilePath.Entries, number, size.Value));

    private string Named(string path) => Path.Combine(directory, path);
}
