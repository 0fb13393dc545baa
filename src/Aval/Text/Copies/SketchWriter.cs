using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Aval.Storage;

namespace Aval.Text.Copies;

/// <summary>
/// Writes sketches of many items into one file, column by column, so that who asks what they have in common reads one
/// column of all and nothing else (docs/formats/stages.md#sketches). Numbers alone lie in it. Disposed before
/// <see cref="Complete"/> it leaves nothing.
/// </summary>
internal sealed class SketchWriter : IDisposable
{
    /// <summary>Items in a block: its columns stay in a processor's cache while they are told apart.</summary>
    public const int BlockItems = 16_384;

    private readonly string _path;
    private readonly string _unfinished;
    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<ulong> _numbers = [];
    private readonly List<int> _starts = [];
    private readonly List<byte> _casts = [];
    private readonly ulong[] _column = new ulong[BlockItems];
    private bool _isComplete;
    private IOException? _failure;

    /// <summary>Begins a file, in the place of what lies there when it is complete.</summary>
    /// <param name="path">Where it will lie.</param>
    /// <param name="bands">How its sketches are made.</param>
    public SketchWriter(string path, Bands bands)
    {
        (_path, Bands) = (path, bands);
        _unfinished = $"{path}.{Guid.NewGuid():N}.unfinished";
        // Unbuffered: whole columns are written at once, and nothing is left for Dispose to fail at.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Durable.Private;
        _file = new FileStream(_unfinished, options);
        Write([SketchFile.Mark, (ulong)bands.Count]);
    }

    /// <summary>How its sketches are made.</summary>
    public Bands Bands { get; }

    /// <summary>How many it has.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a sketch. It throws nothing, for it is called from within the engine: what the disk did not take
    /// is said when the file is to be complete.</summary>
    /// <param name="sketch">As <see cref="Sketch.Add"/> makes it.</param>
    /// <param name="casts">On whose items its shadow falls.</param>
    /// <returns>Its place in the file, from 0.</returns>
    public long Add(ReadOnlySpan<ulong> sketch, int casts)
    {
        if (_starts.Count == BlockItems)
            Flush();
        _starts.Add(_numbers.Count);
        _numbers.AddRange(sketch);
        _casts.Add((byte)casts);
        return Count++;
    }

    /// <summary>Puts the file in its place, flushed.</summary>
    /// <returns>Its SHA-256, 64 hexadecimal digits.</returns>
    /// <exception cref="IOException">The disk did not take all of it.</exception>
    public string Complete()
    {
        Flush();
        if (_failure is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
        Durable.FlushToDisk(_file, _unfinished);
        _file.Dispose();
        File.Move(_unfinished, _path, overwrite: true);
        _isComplete = true;
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _hash.Dispose();
        if (!_isComplete)
            File.Delete(_unfinished);
    }

    private void Flush()
    {
        if (_starts.Count == 0)
            return;
        var numbers = CollectionsMarshal.AsSpan(_numbers);
        var column = _column.AsSpan(0, _starts.Count);
        Write([(ulong)_starts.Count, (ulong)Enumerable.Range(0, _starts.Count).Sum(PrintsOf)]);
        for (var at = 0; at < Sketch.Header; at++)
            WriteColumn(numbers, column, at);
        for (var item = 0; item < column.Length; item++)
            column[item] = _casts[item];
        Write(column);
        var end = 0;
        for (var item = 0; item < column.Length; item++)
            column[item] = (ulong)(end += PrintsOf(item));
        Write(column);
        for (var at = 0; at < Bands.Count; at++)
            WriteColumn(numbers, column, Sketch.Header + at);
        var prints = new ulong[end];
        for (var (item, at) = (0, 0); item < column.Length; at += PrintsOf(item++))
            numbers.Slice(EndOf(item) - PrintsOf(item), PrintsOf(item)).CopyTo(prints.AsSpan(at));
        Write(prints);
        _numbers.Clear();
        _starts.Clear();
        _casts.Clear();
    }

    // A text that is mostly symbols has a header and nothing else.
    private void WriteColumn(ReadOnlySpan<ulong> numbers, Span<ulong> column, int at)
    {
        for (var item = 0; item < column.Length; item++)
            column[item] = _starts[item] + at < EndOf(item) ? numbers[_starts[item] + at] : 0;
        Write(column);
    }

    private int EndOf(int item) => item + 1 < _starts.Count ? _starts[item + 1] : _numbers.Count;

    private int PrintsOf(int item) => Math.Max(0, EndOf(item) - _starts[item] - Sketch.Header - Bands.Count);

    private void Write(ReadOnlySpan<ulong> numbers)
    {
        if (_failure is not null)
            return;
        var bytes = MemoryMarshal.AsBytes(numbers);
        try
        {
            _file.Write(bytes);
        }
        catch (IOException failure)
        {
            _failure = failure;
        }
        catch (ArgumentOutOfRangeException tooLarge)
        {
            // What .NET makes of EFBIG, as of a quota of the file's size.
            _failure = new IOException($"File too large: '{_unfinished}'", tooLarge);
        }

        _hash.AppendData(bytes);
    }
}
