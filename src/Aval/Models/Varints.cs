using System.Buffers.Binary;
using System.Numerics;

namespace Aval.Models;

/// <summary>Writes numbers in groups of seven bits, the lowest first (LEB128).</summary>
internal sealed class VarintWriter(Stream stream) : IDisposable
{
    private const int Longest = 19;
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _used;

    public void Write<T>(T value)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        if (_used > _buffer.Length - Longest)
            Flush();
        while (value >= T.CreateTruncating(128))
        {
            _buffer[_used++] = (byte)(byte.CreateTruncating(value) | 0x80);
            value >>= 7;
        }

        _buffer[_used++] = byte.CreateTruncating(value);
    }

    /// <summary>IEEE 754, four bytes, the lowest first.</summary>
    public void Write(float value)
    {
        if (_used > _buffer.Length - Longest)
            Flush();
        BinaryPrimitives.WriteSingleLittleEndian(_buffer.AsSpan(_used), value);
        _used += sizeof(float);
    }

    /// <summary>Bytes as they are.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        Flush();
        stream.Write(bytes);
    }

    /// <summary>Hands on what was written.</summary>
    public void Flush()
    {
        stream.Write(_buffer, 0, _used);
        _used = 0;
    }

    public void Dispose() => Flush();
}

/// <summary>Reads what <see cref="VarintWriter"/> wrote.</summary>
internal sealed class VarintReader(Stream stream) : IDisposable
{
    private const int Longest = 19;
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _at;
    private int _end;

    /// <summary>Nothing more is there.</summary>
    public bool AtEnd => _at == _end && !Fill();

    public T Read<T>()
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        if (_end - _at < Longest)
            Fill();
        var first = Next();
        if (first < 128)
            return T.CreateTruncating(first);
        var value = T.CreateTruncating(first & 0x7F);
        for (var shift = 7; ; shift += 7)
        {
            var next = Next();
            value |= T.CreateTruncating(next & 0x7F) << shift;
            if (next < 128)
                return value;
        }
    }

    public float ReadSingle()
    {
        if (_end - _at < Longest)
            Fill();
        if (_end - _at < sizeof(float))
            throw new InvalidDataException("it ends in the middle of a number");
        var value = BinaryPrimitives.ReadSingleLittleEndian(_buffer.AsSpan(_at));
        _at += sizeof(float);
        return value;
    }

    public byte[] ReadBytes(int count)
    {
        var bytes = new byte[count];
        for (var at = 0; at < count; at++)
        {
            if (AtEnd)
                throw new InvalidDataException("it ends in the middle of a word");
            bytes[at] = _buffer[_at++];
        }

        return bytes;
    }

    public void Dispose() => stream.Dispose();

    private byte Next() => _at < _end
        ? _buffer[_at++]
        : throw new InvalidDataException("it ends in the middle of a number");

    private bool Fill()
    {
        _buffer.AsSpan(_at, _end - _at).CopyTo(_buffer);
        (_at, _end) = (0, _end - _at);
        int read;
        while (_end < _buffer.Length && (read = stream.Read(_buffer, _end, _buffer.Length - _end)) > 0)
            _end += read;
        return _end > 0;
    }
}
