using System.Buffers.Binary;
using System.Numerics;

namespace Aval.Ledger;

/// <summary>
/// A log's tiles, read as of one of its sizes: entries, roots, and the proofs that anybody can compute from tiles
/// alone. What it answers is what the files say; whoever relies on it compares <see cref="Root()"/> with a signed
/// checkpoint. Not for several threads at once.
/// </summary>
/// <param name="directory">The log's directory, in which <c>tile/</c> lies.</param>
/// <param name="size">As of which size; not more than has been written.</param>
internal sealed class TileReader(string directory, TreeSize size)
{
    // Whoever reads many entries reads them in order: the tile that was read last on each level is the one asked for
    // next.
    private readonly Dictionary<int, Held> _last = [];

    /// <summary>As of which size.</summary>
    public TreeSize Size => size;

    /// <summary>The root over all entries.</summary>
    /// <exception cref="AvalException">Bad input: a tile is missing or damaged.</exception>
    public Hash Root() => size.Value == 0 ? MerkleTree.Empty : Root(0, size.Value);

    /// <summary>The root over the entries of an older size. It is computed from the tiles of this size: partial ones of
    /// the older size may be gone.</summary>
    /// <param name="older">Not more than this size.</param>
    /// <exception cref="AvalException">Bad input: a tile is missing or damaged.</exception>
    public Hash Root(TreeSize older)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(older.Value, size.Value, nameof(older));
        return older.Value == 0 ? MerkleTree.Empty : Root(0, older.Value);
    }

    /// <summary>An entry's bytes.</summary>
    /// <exception cref="AvalException">Bad input: its bundle is missing or damaged.</exception>
    public byte[] Entry(EntryIndex index)
    {
        RequireWithin(index.Value);
        var bundle = Tile(TilePath.Entries, index.Value >> TilePath.Height);
        var at = 0;
        for (var skip = index.Value & (TilePath.Width - 1); skip > 0; skip--)
            at += 2 + Length(bundle, at, index.Value);
        var length = Length(bundle, at, index.Value);
        return bundle[(at + 2)..(at + 2 + length)];
    }

    /// <summary>All entries in order: each bundle is read once.</summary>
    /// <exception cref="AvalException">Bad input: a bundle is missing or damaged.</exception>
    internal IEnumerable<ReadOnlyMemory<byte>> Entries()
    {
        var at = 0;
        for (var index = 0L; index < size.Value; index++)
        {
            var bundle = Tile(TilePath.Entries, index >> TilePath.Height);
            if ((index & (TilePath.Width - 1)) == 0)
                at = 0;
            var length = Length(bundle, at, index);
            yield return bundle.AsMemory(at + 2, length);
            at += 2 + length;
        }
    }

    /// <summary>The inclusion proof of an entry, the leaf's sibling first (RFC 9162 §2.1.3.1).</summary>
    /// <exception cref="AvalException">Bad input: a tile is missing or damaged.</exception>
    public IReadOnlyList<Hash> Inclusion(EntryIndex index)
    {
        RequireWithin(index.Value);
        var proof = new List<Hash>();
        for (var (first, end) = (0L, size.Value); end - first > 1;)
        {
            var middle = first + Split(end - first);
            if (index.Value < middle)
            {
                proof.Add(Root(middle, end));
                end = middle;
            }
            else
            {
                proof.Add(Root(first, middle));
                first = middle;
            }
        }

        proof.Reverse();
        return proof;
    }

    /// <summary>The proof that this log continues an older size of it (RFC 9162 §2.1.4.1).</summary>
    /// <exception cref="AvalException">Bad input: a tile is missing or damaged.</exception>
    public IReadOnlyList<Hash> Consistency(TreeSize older) => Consistency(older, size);

    /// <summary>The same between two sizes of it, neither of which need be the one that it has now.</summary>
    /// <exception cref="AvalException">Bad input: a tile is missing or damaged.</exception>
    public IReadOnlyList<Hash> Consistency(TreeSize older, TreeSize newer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(older.Value, nameof(older));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(older.Value, newer.Value, nameof(older));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(newer.Value, size.Value, nameof(newer));
        if (older.Value == 0 || older == newer)
            return [];
        var proof = new List<Hash>();
        var (first, end) = (0L, newer.Value);
        // Down to the subtree that ends where the older tree ended; the verifier has its root when it is that whole
        // tree.
        while (end != older.Value)
        {
            var middle = first + Split(end - first);
            if (older.Value <= middle)
            {
                proof.Add(Root(middle, end));
                end = middle;
            }
            else
            {
                proof.Add(Root(first, middle));
                first = middle;
            }
        }

        if (first > 0)
            proof.Add(Root(first, end));
        proof.Reverse();
        return proof;
    }

    /// <summary>
    /// The hashes of a level that lie in its last tile, when that tile is not full; a log goes on from there.
    /// </summary>
    internal byte[] Edge(int level)
    {
        var count = TilePath.HashesAt(level, size.Value);
        return (count & (TilePath.Width - 1)) == 0 ? [] : Tile(level, count >> TilePath.Height);
    }

    // The largest power of two smaller than count (RFC 6962 §2.1).
    private static long Split(long count) => 1L << BitOperations.Log2((ulong)count - 1);

    private Hash Root(long first, long end)
    {
        var count = end - first;
        if (BitOperations.IsPow2(count))
            return Complete(BitOperations.Log2((ulong)count), first);
        var middle = first + Split(count);
        return MerkleTree.Node(Root(first, middle), Root(middle, end));
    }

    // The root of 2^depth leaves from first on, which is a multiple of 2^depth: 2^(depth mod 8) hashes of one tile.
    private Hash Complete(int depth, long first)
    {
        var level = depth >> 3;
        var number = first >> (TilePath.Height * level);
        var place = (int)(number & (TilePath.Width - 1)) >> (depth & 7);
        return Hold(level, number >> TilePath.Height).Root(depth & 7, place);
    }

    private byte[] Tile(int level, long number) => Hold(level, number).Bytes;

    private Held Hold(int level, long number)
    {
        if (_last.TryGetValue(level, out var last) && last.Number == number)
            return last;
        return _last[level] = new Held(number, Read(level, number, TilePath.WidthAt(level, number, size.Value)));
    }

    private byte[] Read(int level, long number, int width)
    {
        var path = Path.Combine(directory, TilePath.Of(level, number, width));
        try
        {
            byte[] bytes;
            try
            {
                bytes = File.ReadAllBytes(path);
            }
            catch (Exception gone) when (width < TilePath.Width
                && gone is FileNotFoundException or DirectoryNotFoundException)
            {
                // Partial tiles may go once the full one is there, also while somebody is about to open one.
                path = Path.Combine(directory, TilePath.Of(level, number, TilePath.Width));
                bytes = File.ReadAllBytes(path);
            }

            return level == TilePath.Entries || bytes.Length >= width * Hash.Size
                ? bytes
                : throw AvalException.BadInput(
                    $"{path}: a tile of {width} hashes has {width * Hash.Size} bytes, this one has {bytes.Length}: "
                    + "it is damaged. Nothing was done. Run: aval ledger publish --afresh");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw AvalException.BadInput(
                $"{path}: this tile of the ledger is missing. Nothing was done. Run: aval ledger publish --afresh",
                missing);
        }
    }

    private int Length(byte[] bundle, int at, long index)
    {
        var length =
            at + 2 <= bundle.Length ? BinaryPrimitives.ReadUInt16BigEndian(bundle.AsSpan(at)) : int.MaxValue - at - 2;
        return at + 2 + length <= bundle.Length
            ? length
            : throw AvalException.BadInput($"{directory}: the entry bundle of entry {index} is cut short: "
                + "it is damaged. Nothing was done. Run: aval ledger publish --afresh");
    }

    private void RequireWithin(long index)
    {
        if (index < 0 || index >= size.Value)
            throw AvalException.Usage($"Entry {index} is not in the ledger: it has {size} entries. Nothing was done.");
    }

    /// <summary>
    /// A tile with the roots over its parts, as far as they were asked for: the proofs of a tile's entries share nearly
    /// all of them, and without them each proof would hash the tile anew.
    /// </summary>
    private sealed class Held(long number, byte[] bytes)
    {
        // As a heap: the root over all 256 hashes at 1, its halves at 2 and 3, and so on.
        private Hash?[]? _roots;

        public long Number => number;

        public byte[] Bytes => bytes;

        public Hash Root(int depth, int place)
        {
            if (depth == 0)
                return Hash.From(bytes.AsSpan(place * Hash.Size, Hash.Size));
            ref var known = ref (_roots ??= new Hash?[TilePath.Width])[(TilePath.Width >> depth) + place];
            return known ??= MerkleTree.Node(Root(depth - 1, 2 * place), Root(depth - 1, (2 * place) + 1));
        }
    }
}
