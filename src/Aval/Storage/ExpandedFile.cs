using ZstdSharp;

namespace Aval.Storage;

/// <summary>
/// A file that somebody gave us, read once from its first byte to its last: plain, gzip (<c>.gz</c>) or Zstandard
/// (<c>.zst</c>) by its ending; text in UTF-16 with a byte order mark comes as UTF-8. It is hashed as it lies while it
/// is read. A compressed file that ends too early, is damaged, or expands beyond the limit is refused: a torn list of
/// objections must not pass for a short one.
/// </summary>
internal sealed class ExpandedFile : ReadOnlyStream
{
    /// <summary>A compressed file may expand to this many times its size …</summary>
    public const int MaxExpansion = 200;

    /// <summary>
    /// … plus this many bytes: text that repeats itself compresses well, a bomb a thousand times better.
    /// </summary>
    public const long ExpansionAllowance = 64L << 20;

    private readonly string _path;
    private readonly HashedFile _file;
    private readonly Stream _expanded;
    private readonly long _limit;
    private Stream? _text;
    private long _read;

    private ExpandedFile(string path, HashedFile file)
    {
        _path = path;
        _file = file;
        _limit = long.MaxValue;
        switch (FileEnding.Of(path).Compression)
        {
            case ".gz":
                _expanded = new WholeGzip(file);
                _limit = (file.Length * MaxExpansion) + ExpansionAllowance;
                break;
            case ".zst":
                _expanded = new DecompressionStream(file, checkEndOfStream: true, leaveOpen: true);
                _limit = (file.Length * MaxExpansion) + ExpansionAllowance;
                break;
            default:
                _expanded = file;
                break;
        }

        if (_limit != long.MaxValue && file.Length == 0)
            throw Damaged(inner: null);
    }

    /// <summary>Opens a file.</summary>
    /// <exception cref="AvalException">Bad input: it is not there, cannot be read, or is a pipe.</exception>
    public static ExpandedFile Open(string path)
    {
        HashedFile file;
        try
        {
            file = new HashedFile(path);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, failed);
        }

        return Ownership.Hand(file, () => new ExpandedFile(path, file));
    }

    /// <summary>How much of the file as it lies has been read, 0–1.</summary>
    public double Done => _file.Length == 0 ? 1 : (double)_file.Position / _file.Length;

    /// <summary>SHA-256 of the file as it lies; reads what is left of it.</summary>
    public string ReadHash() => _file.ReadHash();

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int count;
        try
        {
            _text ??= AsUtf8();
            count = _text.Read(buffer);
        }
        catch (Exception torn) when (torn is InvalidDataException or ZstdException or EndOfStreamException)
        {
            throw Damaged(torn);
        }
        catch (IOException failed)
        {
            throw Unreadable(_path, failed);
        }
        // What replaced it would name somebody else.
        catch (System.Text.DecoderFallbackException broken)
        {
            throw AvalException.BadInput($"{_path}: its byte order mark says UTF-16, but it holds what is none. "
                + "Nothing was done. Save it as UTF-8 and run the command again.", broken);
        }

        _read += count;
        return _read <= _limit
            ? count
            : throw AvalException.BadInput(
                $"{_path}: it expands to more than {MaxExpansion} times its size plus {ExpansionAllowance >> 20} MiB, "
                + "which no honest text does. Nothing was done. If it is honest, expand it first.");
    }

    // A spreadsheet's "Unicode text" is UTF-16, and says so by its first two bytes; without them nobody can tell.
    private Stream AsUtf8()
    {
        var head = new byte[4];
        var length = _expanded.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return head.AsSpan(0, length) switch
        {
            [0xFF, 0xFE, 0x00, 0x00] or [0x00, 0x00, 0xFE, 0xFF] => throw AvalException.BadInput(
                $"{_path}: expected UTF-8, but it is UTF-32. Nothing was done. "
                + "Save it as UTF-8 and run the command again."),
            [0xFF, 0xFE, ..] => FromUtf16(bigEndian: false),
            [0xFE, 0xFF, ..] => FromUtf16(bigEndian: true),
            _ => new Continued(head.AsMemory(0, length), _expanded),
        };

        Stream FromUtf16(bool bigEndian) => System.Text.Encoding.CreateTranscodingStream(
            new Continued(head.AsMemory(2, length - 2), _expanded),
            new System.Text.UnicodeEncoding(bigEndian, byteOrderMark: false, throwOnInvalidBytes: true),
            new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
    }

    /// <inheritdoc/>
    public override long Position { get => _read; set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _text?.Dispose();
            _expanded.Dispose();
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>A stream whose first bytes were looked at.</summary>
    private sealed class Continued(ReadOnlyMemory<byte> head, Stream rest) : ReadOnlyStream
    {
        private ReadOnlyMemory<byte> _head = head;

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            if (_head.IsEmpty)
                return rest.Read(buffer);
            var count = Math.Min(_head.Length, buffer.Length);
            _head.Span[..count].CopyTo(buffer);
            _head = _head[count..];
            return count;
        }
    }

    private static AvalException Unreadable(string path, Exception failed) => AvalException.BadInput(failed switch
    {
        FileNotFoundException or DirectoryNotFoundException =>
            $"{path}: there is no such file. Nothing was done. Correct its name and run the command again.",
        _ when Directory.Exists(path) => $"{path}: this is a folder, and one file was expected. Nothing was done. "
            + "Name the file in it and run the command again.",
        _ => $"{path}: the file cannot be read: {failed.Message} Nothing was done. "
            + "Make it readable and run the command again.",
    }, failed);

    private AvalException Damaged(Exception? inner) =>
        AvalException.BadInput($"{_path}: expected a whole "
            + $"{(FileEnding.Of(_path).Compression == ".gz" ? "gzip" : "Zstandard")} file, but it is torn, damaged or "
            + "something else. Nothing was done. Fetch it again and run the command again.", inner);
}
