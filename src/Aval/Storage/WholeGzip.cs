using System.IO.Compression;

namespace Aval.Storage;

/// <summary>
/// Expands gzip, and refuses a file that ends inside a member. <see cref="GZipStream"/> takes such a file for a shorter
/// one (.NET 10) and says nothing, so a member of our own is put behind the file: it comes out at the end if, and only
/// if, everything before it was whole.
/// </summary>
internal sealed class WholeGzip(Stream file) : ReadOnlyStream
{
    private const int SealSize = 48;

    // One byte over and over: it is stored as a back reference, so that its packed form, read as text by a torn file's
    // last block, does not hold it.
    private static readonly byte[] Seal = [.. Enumerable.Repeat((byte)0x1E, SealSize)];
    private static readonly byte[] PackedSeal = Pack(Seal);

    private readonly GZipStream _gzip = new(new Followed(file, PackedSeal), CompressionMode.Decompress);
    private readonly byte[] _held = new byte[(1 << 16) + SealSize];
    private int _start;
    private int _end;
    private bool _ended;

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        // The last bytes are held back until more follow: they may be the seal.
        while (!_ended && _end - _start <= SealSize)
            Fill();
        if (_ended)
            return Take(buffer, _end - _start);
        return Take(buffer, _end - _start - SealSize);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _gzip.Dispose();
        base.Dispose(disposing);
    }

    private void Fill()
    {
        _held.AsSpan(_start, _end - _start).CopyTo(_held);
        _end -= _start;
        _start = 0;
        var count = _gzip.Read(_held.AsSpan(_end));
        _end += count;
        if (count > 0)
            return;
        if (_end < SealSize || !_held.AsSpan(_end - SealSize, SealSize).SequenceEqual(Seal))
            throw new InvalidDataException("The file ends inside a gzip member, or something else follows one.");
        _end -= SealSize;
        _ended = true;
    }

    private int Take(Span<byte> buffer, int available)
    {
        var count = Math.Min(buffer.Length, available);
        _held.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize))
            gzip.Write(content);
        return packed.ToArray();
    }

    /// <summary>One stream, and some bytes behind it.</summary>
    private sealed class Followed(Stream first, byte[] then) : ReadOnlyStream
    {
        private int _given = -1;

        public override int Read(Span<byte> buffer)
        {
            if (_given < 0)
            {
                var count = first.Read(buffer);
                if (count > 0 || buffer.IsEmpty)
                    return count;
                _given = 0;
            }

            var rest = then.AsSpan(_given);
            var taken = Math.Min(buffer.Length, rest.Length);
            rest[..taken].CopyTo(buffer);
            _given += taken;
            return taken;
        }
    }
}
