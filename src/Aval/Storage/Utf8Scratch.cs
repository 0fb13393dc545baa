using System.Buffers;

namespace Aval.Storage;

/// <summary>Memory in which two texts are joined, one pair after the other.</summary>
internal sealed class Utf8Scratch : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(1024);

    /// <summary>Both with a zero byte between them.</summary>
    public ReadOnlySpan<byte> Join(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var length = first.Length + 1 + second.Length;
        if (_bytes.Length < length)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = ArrayPool<byte>.Shared.Rent(length);
        }

        first.CopyTo(_bytes);
        _bytes[first.Length] = 0;
        second.CopyTo(_bytes.AsSpan(first.Length + 1));
        return _bytes.AsSpan(0, length);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);
}
