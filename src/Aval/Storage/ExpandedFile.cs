using ZstdSharp;

namespace Aval.Storage;

/// <summary>
/// A file that somebody gave us, read once from its first byte to its last: plain, gzip (<c>.gz</c>) or Zstandard
/// (<c>.zst</c>) by its ending. It is hashed as it lies while it is read. A compressed file that ends too early, is
/// damaged, or expands beyond the limit is refused: a torn list of objections must not pass for a short one.
/// </summary>
internal sealed class ExpandedFile : ReadOnlyStream
{
    /// <summary>A compressed file may expand to this many times its size …</summary>
    public const int MaxExpansion = 200;

    /// <summary>… plus this many bytes: text that repeats itself compresses well, a bomb a thousand times better.</summary>
    public const long ExpansionAllowance = 64L << 20;

    private readonly string _path;
    private readonly HashedFile _file;
    private readonly Stream _expanded;
    private readonly long _limit;
    private long _read;

    private ExpandedFile(string path, HashedFile file)
    {
        _path = path;
        _file = file;
        _limit = long.MaxValue;
        switch (Path.GetExtension(path))
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

        try
        {
            return new ExpandedFile(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
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
            count = _expanded.Read(buffer);
        }
        catch (Exception torn) when (torn is InvalidDataException or ZstdException or EndOfStreamException)
        {
            throw Damaged(torn);
        }
        catch (IOException failed)
        {
            throw Unreadable(_path, failed);
        }

        _read += count;
        return _read <= _limit
            ? count
            : throw AvalException.BadInput($"{_path}: it expands to more than {MaxExpansion} times its size plus {ExpansionAllowance >> 20} MiB, which no honest text does. Nothing was done. If it is honest, expand it first.");
    }

    /// <inheritdoc/>
    public override long Position { get => _read; set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _expanded.Dispose();
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    private static AvalException Unreadable(string path, Exception failed) => AvalException.BadInput(failed switch
    {
        FileNotFoundException or DirectoryNotFoundException => $"{path}: there is no such file. Nothing was done. Correct its name and run the command again.",
        _ => $"{path}: the file cannot be read: {failed.Message} Nothing was done. Make it readable and run the command again.",
    }, failed);

    private AvalException Damaged(Exception? inner) =>
        AvalException.BadInput($"{_path}: expected a whole {(Path.GetExtension(_path) == ".gz" ? "gzip" : "Zstandard")} file, but it is torn, damaged or something else. Nothing was done. Fetch it again and run the command again.", inner);
}
