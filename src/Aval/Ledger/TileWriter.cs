using System.Buffers.Binary;

namespace Aval.Ledger;

/// <summary>
/// Appends entries to a log's tiles. Tiles are a pure function of the entries: writing some again, after a kill, writes
/// the same bytes. A tile is not renamed into place, since no checkpoint that a reader has seen needs it yet;
/// <see cref="Complete"/> makes everything durable, and only then may a checkpoint that needs it be signed.
/// Not for several threads at once.
/// </summary>
internal sealed class TileWriter
{
    private readonly string _directory;
    private readonly LogDisk _disk;
    private readonly List<Edge> _levels = [];
    private readonly Edge _entries = new();
    private readonly List<string> _written = [];
    private readonly List<(string Directory, string Full)> _superseded = [];

    private TileWriter(string directory, LogDisk disk) => (_directory, _disk) = (directory, disk);

    /// <summary>How many entries the log has, those of <see cref="Append"/> included.</summary>
    public TreeSize Size { get; private set; }

    /// <summary>Goes on where a log stands; a log of size 0 needs no file.</summary>
    /// <exception cref="AvalException">Bad input: a tile at the log's edge is missing or damaged.</exception>
    public static TileWriter Continue(string directory, TreeSize size) => Continue(directory, size, LogDisk.Real);

    /// <inheritdoc cref="Continue(string, TreeSize)"/>
    /// <param name="directory">The log's directory.</param>
    /// <param name="size">Where it stands.</param>
    /// <param name="disk">What it writes with.</param>
    public static TileWriter Continue(string directory, TreeSize size, LogDisk disk)
    {
        var reader = new TileReader(directory, size);
        var writer = new TileWriter(directory, disk) { Size = size };
        writer._entries.Load(reader.Edge(TilePath.Entries), TilePath.HashesAt(TilePath.Entries, size.Value));
        for (var level = 0; TilePath.HashesAt(level, size.Value) > 0; level++)
        {
            var count = TilePath.HashesAt(level, size.Value);
            writer.Level(level)
                .Load(reader.Edge(level).AsSpan(0, (int)(count & (TilePath.Width - 1)) * Hash.Size), count);
        }

        writer._entries.Trim(TilePath.WidthAt(TilePath.Entries, size.Value >> TilePath.Height, size.Value));
        return writer;
    }

    /// <summary>Appends one entry of at most 65,535 bytes.</summary>
    public void Append(ReadOnlySpan<byte> entry)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entry.Length, ushort.MaxValue);
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)entry.Length);
        _entries.Bytes.AddRange(length);
        _entries.Bytes.AddRange(entry);
        if (++_entries.Count % TilePath.Width == 0)
            WriteFull(TilePath.Entries, _entries);
        Push(0, MerkleTree.Leaf(entry));
        Size = new TreeSize(Size.Value + 1);
    }

    /// <summary>
    /// Writes the partial tiles of the size that was reached, flushes every new file and directory, and removes partial
    /// tiles whose full one is now there. After it, the tiles of <see cref="Size"/> survive a power cut.
    /// </summary>
    public void Complete()
    {
        WritePartial(TilePath.Entries, _entries);
        for (var level = 0; level < _levels.Count; level++)
            WritePartial(level, _levels[level]);
        _disk.Flush(_written, _directory);
        _written.Clear();
        foreach (var (partials, _) in _superseded.Where(pair => Directory.Exists(pair.Directory)))
            _disk.Remove(partials);
        _superseded.Clear();
    }

    /// <summary>The root over all entries.</summary>
    public Hash Root()
    {
        if (Size.Value == 0)
            return MerkleTree.Empty;
        // From the right: what does not fill a tile on each level, joined to the subtree on its right.
        Hash? root = null;
        foreach (var level in _levels)
        {
            var hashes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(level.Bytes);
            for (var rest = hashes.Length / Hash.Size; rest > 0; rest &= rest - 1)
            {
                var low = rest & -rest;
                var subtree = MerkleTree.Fold(hashes.Slice((rest - low) * Hash.Size, low * Hash.Size));
                root = root is { } right ? MerkleTree.Node(subtree, right) : subtree;
            }
        }

        return root!.Value;
    }

    private void Push(int at, Hash hash)
    {
        var level = Level(at);
        level.Bytes.AddRange((ReadOnlySpan<byte>)hash);
        if (++level.Count % TilePath.Width != 0)
            return;
        var root = MerkleTree.Fold(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(level.Bytes));
        WriteFull(at, level);
        Push(at + 1, root);
    }

    private Edge Level(int level)
    {
        while (_levels.Count <= level)
            _levels.Add(new Edge());
        return _levels[level];
    }

    private void WriteFull(int level, Edge edge)
    {
        var number = (edge.Count >> TilePath.Height) - 1;
        var path = Write(level, number, TilePath.Width, edge);
        _superseded.Add((path + ".p", path));
        edge.Bytes.Clear();
        edge.Partial = 0;
    }

    private void WritePartial(int level, Edge edge)
    {
        var width = (int)(edge.Count & (TilePath.Width - 1));
        // Most checkpoints leave the upper levels as they are.
        if (width == 0 || width == edge.Partial)
            return;
        Write(level, edge.Count >> TilePath.Height, width, edge);
        edge.Partial = width;
    }

    private string Write(int level, long number, int width, Edge edge)
    {
        var path = Path.Combine(_directory, TilePath.Of(level, number, width));
        _disk.Write(path, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(edge.Bytes));
        _written.Add(path);
        return path;
    }

    /// <summary>The right edge of a level: what does not fill a tile yet.</summary>
    private sealed class Edge
    {
        public List<byte> Bytes { get; } = new(TilePath.Width * Hash.Size);

        /// <summary>Of the whole level.</summary>
        public long Count { get; set; }

        /// <summary>The width of the partial tile that lies on disk.</summary>
        public int Partial { get; set; }

        public void Load(ReadOnlySpan<byte> bytes, long count)
        {
            Bytes.AddRange(bytes);
            Count = count;
            Partial = (int)(count & (TilePath.Width - 1));
        }

        /// <summary>
        /// Keeps the first <paramref name="entries"/> of a bundle: the full one may lie where a partial one was asked
        /// for.
        /// </summary>
        public void Trim(int entries)
        {
            var at = 0;
            var bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(Bytes);
            for (; entries > 0; entries--)
                at += 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
            Bytes.RemoveRange(at, Bytes.Count - at);
        }
    }
}
