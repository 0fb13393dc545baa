using System.Buffers;

namespace Aval.Content.Exports;

/// <summary>
/// The bytes of a stream that are held to be read in one piece. Whoever needs more than are held looks at all of them
/// again, so each fetch fills what is free and, where nothing is, doubles it: an object of n bytes is looked at about
/// log n times, in however small pieces its stream gives it, and not once for each piece.
/// </summary>
internal sealed class HeldBytes(Stream stream) : IDisposable
{
    /// <summary>How many are held at first, and at most ahead of what was asked for.</summary>
    public const int Chunk = 1 << 16;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(Chunk);
    private int _start;
    private int _end;

    /// <summary>Those that are held and were not passed.</summary>
    public ReadOnlySpan<byte> Held => _buffer.AsSpan(_start, _end - _start);

    /// <summary>The stream has no more.</summary>
    public bool IsLast { get; private set; }

    /// <summary>Lets go of the first ones.</summary>
    public void Pass(int count) => _start += count;

    /// <summary>Holds more of them; <see langword="false"/> when as many as may be are held already.</summary>
    /// <param name="limit">How many may be.</param>
    public bool TryFetch(int limit)
    {
        if (_start > 0)
        {
            Held.CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            if (_end >= limit)
                return false;
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * _buffer.Length, Math.Max(limit, Chunk)));
            Held.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        var free = _buffer.AsSpan(_end);
        var read = stream.ReadAtLeast(free, free.Length, throwOnEndOfStream: false);
        _end += read;
        IsLast = read < free.Length;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);
}
