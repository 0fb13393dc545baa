using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Aval.Authors;

/// <summary>
/// A release's tree of authors as its tiles lie: every leaf was held against its hash, and the hashes against the root.
/// </summary>
internal sealed class CheckedTree
{
    private readonly int _width;

    private CheckedTree(string directory, int bits)
    {
        (Directory, Bits, _width) = (directory, bits, 1 << Math.Min(bits, TilePath.Height));
        Roots = new Hash[(1L << bits) / _width];
    }

    /// <summary>Where it lies: a release's <c>authors/</c>.</summary>
    public string Directory { get; }

    /// <summary>It has 2^this leaves.</summary>
    public int Bits { get; }

    /// <summary>How many authors it has.</summary>
    public long Authors { get; private set; }

    /// <summary>The roots of its groups of up to 256 leaves, in order.</summary>
    public Hash[] Roots { get; }

    /// <summary>Reads all of it.</summary>
    /// <param name="directory">A release's <c>authors/</c>.</param>
    /// <param name="tree">The tree, as the manifest states it.</param>
    /// <param name="threads">How many threads may work.</param>
    /// <returns>null = it is not whole.</returns>
    public static CheckedTree? Of(string directory, AuthorTree tree, int threads)
    {
        ArgumentNullException.ThrowIfNull(tree);
        var read = new CheckedTree(directory, tree.Bits);
        var (authors, isWhole) = (0L, true);
        SideBySide.Each(read.Roots.Length, threads, group =>
        {
            if (!Volatile.Read(ref isWhole))
                return;
            if (read.Group(group) is var (root, outputs))
            {
                read.Roots[group] = root;
                Interlocked.Add(ref authors, outputs.Count);
            }
            else
            {
                Volatile.Write(ref isWhole, false);
            }
        });
        read.Authors = authors;
        return isWhole && MerkleTree.Fold(MemoryMarshal.AsBytes(read.Roots.AsSpan())) == tree.Root ? read : null;
    }

    /// <summary>The outputs of a group, in order; null = its files are not what they were when they were checked.
    /// </summary>
    public IReadOnlyList<Hash>? Read(int group) =>
        Group(group) is var (root, outputs) && root == Roots[group] ? outputs : null;

    // null = its files are not those of one tree.
    private (Hash Root, List<Hash> Outputs)? Group(int group)
    {
        if (ReadTile(TilePath.Entries, group) is not { } bundle || ReadTile(0, group) is not { } tile
            || tile.Length != Hash.Size * _width)
            return null;
        var outputs = new List<Hash>();
        var at = 0;
        for (var leaf = 0; leaf < _width; leaf++)
        {
            if (at + sizeof(ushort) > bundle.Length)
                return null;
            var length = BinaryPrimitives.ReadUInt16BigEndian(bundle.AsSpan(at));
            at += sizeof(ushort);
            if (length % Hash.Size != 0 || at + length > bundle.Length)
                return null;
            var entry = bundle.AsSpan(at, length);
            if (MerkleTree.Leaf(entry) != Hash.From(tile.AsSpan(Hash.Size * leaf, Hash.Size)))
                return null;
            for (var output = 0; output < length; output += Hash.Size)
                outputs.Add(Hash.From(entry.Slice(output, Hash.Size)));
            at += length;
        }

        return (MerkleTree.Fold(tile), outputs);
    }

    private byte[]? ReadTile(int level, int number)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(Directory, TilePath.Of(level, number, _width)));
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
