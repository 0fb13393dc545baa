using Aval.Storage;

namespace Aval.Text.Copies;

/// <summary>The items of a block among all.</summary>
/// <param name="File">Where their sketches lie.</param>
/// <param name="Block">Which of it.</param>
/// <param name="Part">Of which part of the content they are.</param>
/// <param name="Place">The place of the first in its file.</param>
/// <param name="First">Its number among all items, and those of the others follow.</param>
internal readonly record struct SketchPiece(SketchFile File, SketchBlock Block, int Part, long Place, uint First);

/// <summary>What a sketch says of an item before anything is compared.</summary>
internal readonly record struct SketchHead(ulong Low, ulong High, long Characters, bool IsShadow);

/// <summary>
/// Items with their sketches: rows of the engine that say whose an item is, and files of numbers, looked through here.
/// What is compared may be more than memory holds: of the files nothing is held but a column of a block at a time.
/// </summary>
internal sealed class SketchedItems : IDisposable
{
    private readonly List<SketchFile> _files = [];

    /// <summary>Opens the files.</summary>
    /// <param name="rows">A relation: <see cref="Sketches.Rows"/>.</param>
    /// <param name="files">A file a part.</param>
    public SketchedItems(string rows, IEnumerable<(int Part, string Path)> files)
    {
        Rows = rows;
        var pieces = new List<SketchPiece>();
        foreach (var (part, path) in files)
        {
            var file = new SketchFile(path);
            _files.Add(file);
            var place = 0L;
            foreach (var block in file.Blocks)
            {
                pieces.Add(new SketchPiece(file, block, part, place, checked((uint)Count)));
                (place, Count, Prints) = (place + block.Items, Count + block.Items, Prints + block.Prints);
            }
        }

        Pieces = pieces;
    }

    /// <summary>Sketches items into a table of the engine and a file beside its spilled rows.</summary>
    /// <param name="engine">Where.</param>
    /// <param name="shaded">Decided items: <see cref="Sketches.Shaded"/>.</param>
    /// <param name="bands">How.</param>
    /// <param name="table">The table, for as long as its items are looked at.</param>
    public static SketchedItems Make(Engine engine, string shaded, Bands bands, string table)
    {
        var path = Path.Combine(engine.Room(), $"{table}.sketches");
        using var writer = new SketchWriter(path, bands);
        CopyFunctions.Keep(
            engine, writer, table, number => $"FROM ({Sketches.Of(shaded, number)}) WHERE sketch IS NOT NULL");
        _ = writer.Complete();
        return new SketchedItems($"({Sketches.Rows(table, part: 0)})", [(0, path)]);
    }

    /// <summary>A relation: part, place, characters, whose it is.</summary>
    public string Rows { get; }

    /// <summary>How many items.</summary>
    public long Count { get; }

    /// <summary>How many prints they have together.</summary>
    public long Prints { get; }

    /// <summary>All blocks, in order.</summary>
    public IReadOnlyList<SketchPiece> Pieces { get; }

    /// <summary>What is said of some items, in whatever order.</summary>
    public SketchHead[] Heads(ReadOnlySpan<uint> items)
    {
        var (order, places) = (items.ToArray(), new int[items.Length]);
        for (var at = 0; at < places.Length; at++)
            places[at] = at;
        Array.Sort(order, places);
        var heads = new SketchHead[items.Length];
        int[] asked = [SketchFile.Low, SketchFile.High, SketchFile.Characters, SketchFile.Casts];
        var columns = new ulong[SketchFile.Casts + 1][];
        foreach (var column in asked)
            columns[column] = new ulong[SketchWriter.BlockItems];
        var next = 0;
        foreach (var piece in Pieces)
        {
            var end = piece.First + (uint)piece.Block.Items;
            if (next == order.Length)
                break;
            if (order[next] >= end)
                continue;
            foreach (var column in asked)
                piece.File.Read(piece.Block, column, columns[column]);
            for (; next < order.Length && order[next] < end; next++)
            {
                var at = order[next] - piece.First;
                heads[places[next]] = new SketchHead(
                    columns[SketchFile.Low][at], columns[SketchFile.High][at],
                    (long)columns[SketchFile.Characters][at], columns[SketchFile.Casts][at] > 0);
            }
        }

        return heads;
    }

    /// <inheritdoc/>
    public void Dispose() => _files.ForEach(file => file.Dispose());
}

/// <summary>A mark on each of many items. Any number of threads may set some.</summary>
internal sealed class ItemMarks(long items)
{
    private readonly ulong[] _words = new ulong[(items + 63) / 64];

    /// <summary>Whether an item has one.</summary>
    public bool this[uint item] => (_words[item >> 6] & (1UL << (int)(item & 63))) != 0;

    /// <summary>Sets one.</summary>
    public void Set(uint item) => Interlocked.Or(ref _words[item >> 6], 1UL << (int)(item & 63));
}
