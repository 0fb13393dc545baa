using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Aval.Ledger;
using Aval.Storage;

namespace Aval.Authors;

/// <summary>
/// Writes the tiles of a release's tree of authors: those of any log with these leaves, as <see cref="TileWriter"/>
/// would write them one after the other. This tree has exactly 2^k leaves and is written once, so that whatever stands
/// over 256 leaves is made apart: several threads make it, and which of them made what never shows.
/// </summary>
internal sealed class AuthorTiles
{
    private readonly string _directory;
    private readonly int _bits;
    private readonly int _width;
    private readonly Hash[] _roots;
    private readonly string[] _written;

    private AuthorTiles(string directory, int bits)
    {
        _directory = directory;
        _bits = bits;
        _width = 1 << Math.Min(bits, TilePath.Height);
        _roots = new Hash[(1L << bits) / _width];
        _written = new string[2 * _roots.Length];
    }

    /// <summary>Writes them; they are not flushed yet.</summary>
    /// <param name="slices">All outputs of the release.</param>
    /// <param name="authors">How many that should be.</param>
    /// <param name="directory">The release's <c>authors/</c>.</param>
    /// <param name="threads">How many threads may work.</param>
    /// <returns>The tree's size and root, and the files.</returns>
    public static (TreeSize Size, Hash Root, IReadOnlyList<string> Files) Write(
        OutputSlices slices, long authors, string directory, int threads)
    {
        var tiles = new AuthorTiles(directory, ReleaseAuthors.Bits(authors));
        var written = 0L;
        for (var slice = 0; slice < slices.Count; slice++)
        {
            var outputs = slices.Read(slice);
            tiles.WriteSlice(outputs, slice, slices.Count, threads);
            written += outputs.Length;
        }

        if (written != authors)
            throw new InvalidOperationException($"The tree has {written} authors, and the release has {authors}. "
                + "Nothing was published.");
        var (root, above) = tiles.WriteAbove();
        return (new TreeSize(1L << tiles._bits), root, [.. tiles._written, .. above]);
    }

    /// <summary>Writes those of a tree in which some authors are no more and others are new, where it keeps its number
    /// of leaves: what is the same is linked. They are not flushed yet.</summary>
    /// <param name="before">The other tree.</param>
    /// <param name="left">Outputs that are no more.</param>
    /// <param name="entered">Outputs that are new.</param>
    /// <param name="directory">The release's <c>authors/</c>.</param>
    /// <param name="threads">How many threads may work.</param>
    /// <returns>The root, and the files that are not linked; null = nothing was written: the tree would have another
    /// number of leaves, or what is to be changed is not what was checked.</returns>
    public static (Hash Root, IReadOnlyList<string> Files)? Patch(
        CheckedTree before, IReadOnlySet<Hash> left, IReadOnlySet<Hash> entered, string directory, int threads)
    {
        ArgumentNullException.ThrowIfNull(before);
        if (ReleaseAuthors.Bits(before.Authors - left.Count + entered.Count) != before.Bits)
            return null;
        var tiles = new AuthorTiles(directory, before.Bits);
        before.Roots.CopyTo(tiles._roots, 0);
        var groupBits = before.Bits - Math.Min(before.Bits, TilePath.Height);
        var changed = left.Concat(entered).ToLookup(output => (int)AuthorTree.PlaceOf(output, groupBits).Value);
        var staying = new Dictionary<int, Hash[]>();
        foreach (var group in changed.Select(outputs => outputs.Key))
        {
            if (before.Read(group) is not { } outputs)
                return null;
            staying[group] = [.. outputs.Where(output => !left.Contains(output))];
        }

        SideBySide.Each(tiles._roots.Length, threads, group =>
        {
            if (staying.TryGetValue(group, out var kept))
                tiles.WriteGroup(group, [.. kept, .. changed[group].Where(entered.Contains)]);
            else
                tiles.LinkGroup(before.Directory, group);
        });
        var (root, above) = tiles.WriteAbove();
        return (root, [.. tiles._written.Where(path => path is not null), .. above]);
    }

    private void LinkGroup(string before, int group)
    {
        foreach (var level in new[] { TilePath.Entries, 0 })
        {
            var path = Path.Combine(_directory, TilePath.Of(level, group, _width));
            FileModes.MakeReadableFolder(Path.GetDirectoryName(path)!);
            Durable.LinkOrCopy(Path.Combine(before, TilePath.Of(level, group, _width)), path);
        }
    }

    // A slice has whole groups of 256 leaves: there are slices only where there are a million outputs for each.
    private void WriteSlice(Hash[] outputs, int slice, int slices, int threads)
    {
        var (groups, groupBits) = (_roots.Length / slices, _bits - Math.Min(_bits, TilePath.Height));
        int GroupOf(Hash output) => (int)(AuthorTree.PlaceOf(output, groupBits).Value - ((long)slice * groups));
        // Counted, then put where their group begins.
        var ends = new int[groups + 1];
        foreach (var output in outputs)
            ends[GroupOf(output) + 1]++;
        for (var group = 0; group < groups; group++)
            ends[group + 1] += ends[group];
        var sorted = new Hash[outputs.Length];
        var next = ends[..groups];
        foreach (var output in outputs)
            sorted[next[GroupOf(output)]++] = output;
        SideBySide.Each(groups, threads, group =>
            WriteGroup((slice * groups) + group, sorted.AsSpan(ends[group]..ends[group + 1])));
    }

    private void WriteGroup(int group, Span<Hash> outputs)
    {
        outputs.Sort(static (left, right) => ((ReadOnlySpan<byte>)left).SequenceCompareTo(right));
        var bundle = new byte[(sizeof(ushort) * _width) + (Hash.Size * outputs.Length)];
        var hashes = new Hash[_width];
        var (from, at) = (0, 0);
        for (var leaf = 0; leaf < _width; leaf++)
        {
            var (end, place) = (from, ((long)group * _width) + leaf);
            for (; end < outputs.Length && AuthorTree.PlaceOf(outputs[end], _bits).Value == place; end++)
            {
                if (end > from && outputs[end] == outputs[end - 1])
                    throw new InvalidOperationException($"Two authors have the output {outputs[end].ToHex()}. "
                        + "Nothing was published.");
            }

            var entry = MemoryMarshal.AsBytes(outputs[from..end]);
            BinaryPrimitives.WriteUInt16BigEndian(bundle.AsSpan(at), checked((ushort)entry.Length));
            entry.CopyTo(bundle.AsSpan(at + sizeof(ushort)));
            hashes[leaf] = MerkleTree.Leaf(entry);
            (from, at) = (end, at + sizeof(ushort) + entry.Length);
        }

        _written[2 * group] = WriteTile(TilePath.Entries, group, _width, bundle);
        _written[(2 * group) + 1] = WriteTile(0, group, _width, MemoryMarshal.AsBytes(hashes.AsSpan()));
        _roots[group] = MerkleTree.Fold(MemoryMarshal.AsBytes(hashes.AsSpan()));
    }

    // Only full tiles have a hash in the level above.
    private (Hash Root, List<string> Files) WriteAbove()
    {
        var files = new List<string>();
        var (roots, last) = (_roots, _width);
        for (var level = 1; last == TilePath.Width; level++)
        {
            last = Math.Min(roots.Length, TilePath.Width);
            var above = new Hash[roots.Length / last];
            for (var number = 0; number < above.Length; number++)
            {
                var tile = MemoryMarshal.AsBytes(roots.AsSpan(number * last, last));
                files.Add(WriteTile(level, number, last, tile));
                above[number] = MerkleTree.Fold(tile);
            }

            roots = above;
        }

        return (roots[0], files);
    }

    private string WriteTile(int level, long number, int width, ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(_directory, TilePath.Of(level, number, width));
        LogDisk.Real.Write(path, content);
        return path;
    }
}
