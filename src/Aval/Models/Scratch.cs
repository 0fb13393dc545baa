namespace Aval.Models;

/// <summary>Where rows go that are read again: memory as long as they are few, and files where there is a
/// folder.</summary>
internal sealed class Scratch
{
    private readonly string? _folder;
    private readonly long _few;
    private long _made;

    private Scratch(string? folder, long few) => (_folder, _few) = (folder, few);

    /// <summary>Nothing is written to disk.</summary>
    public static Scratch InMemory { get; } = new(folder: null, few: long.MaxValue);

    /// <summary>Files in a folder, which whoever made it removes.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="few">Bytes of rows that stay in memory.</param>
    public static Scratch In(string folder, long few = 0)
    {
        Directory.CreateDirectory(folder);
        return new Scratch(folder, few);
    }

    /// <summary>Writes something, and gives it back from the beginning as often as it is asked for.</summary>
    public Func<Stream> Write(Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        using var rows = new Rows(this);
        write(rows);
        return rows.Read();
    }

    private string NewPath() => Path.Combine(_folder!, $"rows-{Interlocked.Increment(ref _made)}");

    // In memory until they are too many, and from then on in a file.
    private sealed class Rows(Scratch scratch) : Stream
    {
        private readonly MemoryStream _memory = new();
        private FileStream? _file;
        private string? _path;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public Func<Stream> Read()
        {
            if (_path is { } path)
            {
                _file!.Dispose();
                return () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            }

            var bytes = _memory.ToArray();
            return () => new MemoryStream(bytes, writable: false);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (_file is null && _memory.Length + buffer.Length <= scratch._few)
            {
                _memory.Write(buffer);
                return;
            }

            if (_file is null)
            {
                _path = scratch.NewPath();
                _file = new FileStream(_path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
                _memory.WriteTo(_file);
                _memory.SetLength(0);
            }

            _file.Write(buffer);
        }

        public override void Flush() => _file?.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            _file?.Dispose();
            _memory.Dispose();
            base.Dispose(disposing);
        }
    }
}
