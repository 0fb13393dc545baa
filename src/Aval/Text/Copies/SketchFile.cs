using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Aval.Text.Copies;

/// <summary>Items of a file whose columns lie together.</summary>
/// <param name="Offset">Where its columns begin.</param>
/// <param name="Items">How many items.</param>
/// <param name="Prints">How many prints these have together.</param>
internal readonly record struct SketchBlock(long Offset, int Items, int Prints);

/// <summary>What <see cref="SketchWriter"/> wrote.</summary>
internal sealed class SketchFile : IDisposable
{
    /// <summary>What such a file begins with; another version has another.</summary>
    public const ulong Mark = 0x31_30_53_4C_41_56_41; // AVALS01, from its end

    /// <summary>Columns, as a sketch's header has them; then what is known of the item.</summary>
    public const int Low = 0, High = 1, Characters = 2, Letters = 3, Casts = 4, Ends = 5, FirstBand = 6;

    private readonly SafeFileHandle _handle;
    private readonly int _columns;

    /// <summary>Opens one.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public SketchFile(string path)
    {
        _handle = File.OpenHandle(path);
        Span<ulong> two = stackalloc ulong[2];
        ReadAt(0, two);
        if (two[0] != Mark)
            throw new InvalidDataException($"{path}: these are no sketches of this version.");
        _columns = FirstBand + (int)two[1];
        var blocks = new List<SketchBlock>();
        var (at, length) = (16L, RandomAccess.GetLength(_handle));
        while (at < length)
        {
            ReadAt(at, two);
            var block = new SketchBlock(at + 16, (int)two[0], (int)two[1]);
            blocks.Add(block);
            at = block.Offset + (8L * _columns * block.Items) + (8L * block.Prints);
        }

        Blocks = blocks;
    }

    /// <summary>Its blocks, in order.</summary>
    public IReadOnlyList<SketchBlock> Blocks { get; }

    /// <summary>Reads a column of a block.</summary>
    public Span<ulong> Read(SketchBlock block, int column, Span<ulong> into)
    {
        var numbers = into[..block.Items];
        ReadAt(block.Offset + (8L * column * block.Items), numbers);
        return numbers;
    }

    /// <summary>Reads the prints of a block: of each item those before its number in <see cref="Ends"/> and behind that
    /// of the item before it.</summary>
    public Span<ulong> ReadPrints(SketchBlock block, Span<ulong> into)
    {
        var numbers = into[..block.Prints];
        ReadAt(block.Offset + (8L * _columns * block.Items), numbers);
        return numbers;
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private void ReadAt(long offset, Span<ulong> numbers)
    {
        var bytes = MemoryMarshal.AsBytes(numbers);
        while (!bytes.IsEmpty)
        {
            var read = RandomAccess.Read(_handle, bytes, offset);
            if (read == 0)
                throw new EndOfStreamException("A file of sketches ends before its last block does.");
            bytes = bytes[read..];
            offset += read;
        }
    }
}
