using System.Buffers.Binary;

namespace Aval.Proofs;

/// <summary>
/// How many rows a Parquet file says it has: in all, and in its row groups. Reads the footer alone (Thrift compact
/// protocol). A hostile footer costs time and memory in proportion to its own size, which is limited, and no more.
/// </summary>
internal ref struct ParquetRows
{
    /// <summary>The longest footer that is read; 24 million rows in row groups of 65,536 need about 1 MB.</summary>
    public const int MaxFooter = 64 << 20;

    private const int MaxDepth = 32;
    private const int Tail = 8;
    private readonly ReadOnlySpan<byte> _footer;
    private int _at;

    private ParquetRows(ReadOnlySpan<byte> footer) => _footer = footer;

    /// <summary>Reads the count of an open file.</summary>
    /// <exception cref="ProofException">It is no Parquet file, or its row groups do not add up to its rows.</exception>
    public static long Count(Stream file)
    {
        Span<byte> tail = stackalloc byte[Tail];
        file.Position = 0;
        if (file.Length < 4 + Tail || file.ReadAtLeast(tail[..4], 4) != 4 || !tail[..4].SequenceEqual("PAR1"u8))
            throw Broken("it does not begin with PAR1");
        file.Position = file.Length - Tail;
        file.ReadExactly(tail);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        if (!tail[4..].SequenceEqual("PAR1"u8) || length > MaxFooter || length > file.Length - Tail - 4)
            throw Broken("it does not end with a footer");
        var footer = new byte[length];
        file.Position = file.Length - Tail - length;
        file.ReadExactly(footer);
        return new ParquetRows(footer).Count();
    }

    // FileMetaData: field 3 is num_rows, field 4 the row groups, of which field 3 is num_rows again.
    private long Count()
    {
        const int rows = 3, groups = 4;
        long? stated = null;
        decimal? sum = null;
        for (var (field, type) = Field(0); type != 0; (field, type) = Field(field))
        {
            if (field == rows && type == I64 && stated is null)
                stated = Number();
            else if (field == groups && type == List && sum is null)
                sum = Groups();
            else if (field is rows or groups)
                throw Broken("its footer says something twice");
            else
                Skip(type, 0);
        }

        return stated is >= 0 && sum == stated
            ? stated.Value
            : throw Broken($"its footer says {stated} rows, and its row groups have {sum}");
    }

    private decimal Groups()
    {
        const int rows = 3;
        var (type, count) = ListHead();
        var sum = 0m;
        for (; count > 0; count--)
        {
            if (type != Struct)
                throw Broken("its footer's row groups are none");
            long? group = null;
            for (var (field, kind) = Field(0); kind != 0; (field, kind) = Field(field))
            {
                if (field != rows)
                    Skip(kind, 1);
                else if (kind == I64 && group is null)
                    group = Number();
                else
                    throw Broken("its footer says something twice");
            }

            sum += group is >= 0 ? group.Value : throw Broken("a row group has no rows");
        }

        return sum;
    }

    private const int I64 = 6, List = 9, Set = 10, Map = 11, Struct = 12;

    // A field's number (a difference to the one before, or written out) and type; type 0 ends a struct.
    private (int Field, int Type) Field(int before)
    {
        var head = Byte();
        return (head & 15) == 0 ? (0, 0) : (head >> 4 == 0 ? (int)(short)Number() : before + (head >> 4), head & 15);
    }

    private (int Type, ulong Count) ListHead()
    {
        var head = Byte();
        return (head & 15, head >> 4 == 15 ? Varint() : (ulong)(head >> 4));
    }

    // Each element takes a byte at least, so that a count larger than the rest fails by running out.
    private void Skip(int type, int depth, bool inList = false)
    {
        if (depth > MaxDepth)
            throw Broken("its footer is nested too deep");
        switch (type)
        {
            case 1 or 2:
                if (inList)
                    Byte(); // In a struct, a boolean is in its field's head.
                break;
            case 3:
                Byte();
                break;
            case 4 or 5 or I64:
                Varint();
                break;
            case 7:
                Advance(8);
                break;
            case 8:
                Advance(Varint());
                break;
            case List or Set:
                for (var (element, count) = ListHead(); count > 0; count--)
                    Skip(element, depth + 1, inList: true);
                break;
            case Map:
                SkipMap(depth);
                break;
            case Struct:
                for (var (field, kind) = Field(0); kind != 0; (field, kind) = Field(field))
                    Skip(kind, depth + 1);
                break;
            default:
                throw Broken("its footer has a field of no known type");
        }
    }

    private void SkipMap(int depth)
    {
        var count = Varint();
        var types = count > 0 ? Byte() : 0;
        for (; count > 0; count--)
        {
            Skip(types >> 4, depth + 1, inList: true);
            Skip(types & 15, depth + 1, inList: true);
        }
    }

    private long Number()
    {
        var zigzag = Varint();
        return (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 127) << shift;
            if (next < 128)
                return value;
        }

        throw Broken("its footer has a number that does not end");
    }

    private int Byte() => _at < _footer.Length ? _footer[_at++] : throw Broken("its footer is cut short");

    private void Advance(ulong bytes) =>
        _at = bytes <= (ulong)(_footer.Length - _at) ? _at + (int)bytes : throw Broken("its footer is cut short");

    private static ProofException Broken(string why) => ProofException.Malformed($"Not a whole Parquet file: {why}.");
}
