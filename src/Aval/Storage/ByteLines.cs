namespace Aval.Storage;

/// <summary>The lines of a stream, one after the other, of which no more than a limit is ever held.</summary>
internal sealed class ByteLines(Stream stream, int maxBytes)
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _length;
    private int _next;
    private int _end;
    private bool _drained;

    /// <summary>The line's number, 1-based.</summary>
    public long Number { get; private set; }

    /// <summary>
    /// The line without its end (<c>\n</c> or <c>\r\n</c>); valid until the next one. Empty when it is too long.
    /// </summary>
    public ReadOnlySpan<byte> Current => IsTooLong ? default : _buffer.AsSpan(_start, _length);

    /// <summary>The line is longer than the limit: it was not held, and was read over.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Nothing but spaces and tabs.</summary>
    public bool IsBlank => !IsTooLong && !Current.ContainsAnyExcept((byte)' ', (byte)'\t');

    /// <summary>Goes to the next line; <see langword="false"/> at the end. An empty last line is none.</summary>
    public bool Next()
    {
        _start = _next;
        IsTooLong = false;
        var searched = _start;
        while (true)
        {
            var newline = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (newline >= 0)
                return Found(searched + newline, searched + newline + 1);
            searched = _end;
            if (searched - _start > maxBytes)
            {
                IsTooLong = true;
                searched = _start = _end = 0;
            }

            if (_drained)
                return (_end > _start || IsTooLong) && Found(_end, _end);
            searched -= MakeRoom();
            var count = stream.Read(_buffer.AsSpan(_end));
            _end += count;
            _drained = count == 0;
        }
    }

    private bool Found(int end, int next)
    {
        _next = next;
        Number++;
        if (Number == 1 && _buffer.AsSpan(_start, end - _start).StartsWith(ByteOrderMark))
            _start += ByteOrderMark.Length;
        _length = end - _start;
        if (_length > 0 && _buffer[end - 1] == '\r')
            _length--;
        IsTooLong |= _length > maxBytes;
        return true;
    }

    // Moves the line to the front, and doubles the buffer when it fills it; answers by how much the line moved.
    private int MakeRoom()
    {
        var moved = _start;
        if (moved > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= moved;
            _start = 0;
        }

        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        return moved;
    }
}
