using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Aval.Storage;

namespace Aval.Models;

/// <summary>
/// One file of several parts: their bytes one after the other, then, as JSON, where each lies, then the length of
/// that in eight bytes, the lowest first. Flushed when it is closed.
/// </summary>
internal sealed class SectionWriter : IDisposable
{
    private readonly string _path;
    private readonly FileStream _file;
    private readonly SortedDictionary<string, (long From, long Bytes)> _sections = new(StringComparer.Ordinal);

    /// <summary>Begins a new file, which its owner alone can read.</summary>
    public SectionWriter(string path)
    {
        _path = path;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Durable.Private;
        _file = new FileStream(path, options);
    }

    /// <summary>Adds a part.</summary>
    public void Add(string name, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var from = _file.Position;
        write(_file);
        _sections.Add(name, (from, _file.Position - from));
    }

    /// <summary>Adds what lies elsewhere.</summary>
    public void Add(string name, Func<Stream> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        using var stream = read();
        Add(name, stream.CopyTo);
    }

    public void Dispose()
    {
        var index = JsonText.WriteCompact(json =>
        {
            json.WriteStartObject();
            foreach (var (name, (from, bytes)) in _sections)
            {
                json.WriteStartArray(name);
                json.WriteNumberValue(from);
                json.WriteNumberValue(bytes);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        });
        _file.Write(index);
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, index.Length);
        _file.Write(length);
        Durable.FlushToDisk(_file, _path);
        _file.Dispose();
    }
}

/// <summary>Reads what <see cref="SectionWriter"/> wrote: by any number of threads, each part by itself.</summary>
internal sealed class SectionFile
{
    private readonly string _path;
    private readonly Dictionary<string, (long From, long Bytes)> _sections = new(StringComparer.Ordinal);

    /// <summary>Opens a file.</summary>
    /// <exception cref="AvalException">Bad input: it is no such file.</exception>
    public SectionFile(string path)
    {
        _path = path;
        try
        {
            using var file = File.OpenRead(path);
            var length = new byte[sizeof(long)];
            file.Seek(-sizeof(long), SeekOrigin.End);
            file.ReadExactly(length);
            var index = new byte[BinaryPrimitives.ReadInt64LittleEndian(length)];
            file.Seek(-sizeof(long) - index.Length, SeekOrigin.End);
            file.ReadExactly(index);
            using var json = JsonDocument.Parse(index);
            foreach (var section in json.RootElement.EnumerateObject())
                _sections.Add(section.Name, (section.Value[0].GetInt64(), section.Value[1].GetInt64()));
        }
        catch (Exception broken) when (broken is IOException or JsonException or InvalidOperationException
            or OverflowException or IndexOutOfRangeException or ArgumentException)
        {
            throw AvalException.BadInput(string.Create(CultureInfo.InvariantCulture,
                $"{path}: this is no whole file of a reference model ({broken.Message}). Nothing was done. Train the ")
                + "model again, or restore it from your backup.", broken);
        }
    }

    /// <summary>The parts by name.</summary>
    public IEnumerable<string> Names => _sections.Keys.Order(StringComparer.Ordinal);

    /// <summary>Whether a part is there.</summary>
    public bool Has(string name) => _sections.ContainsKey(name);

    /// <summary>Reads a part from its beginning.</summary>
    public Stream Open(string name)
    {
        var (from, bytes) = _sections[name];
        var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        file.Seek(from, SeekOrigin.Begin);
        return new Section(file, bytes);
    }

    // As much of a file as is one part's.
    private sealed class Section(FileStream file, long bytes) : ReadOnlyStream
    {
        private long _left = bytes;

        public override int Read(Span<byte> buffer)
        {
            var read = file.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
            _left -= read;
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            file.Dispose();
            base.Dispose(disposing);
        }
    }
}
