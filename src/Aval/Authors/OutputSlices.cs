using System.Runtime.InteropServices;
using Aval.Storage;

namespace Aval.Authors;

/// <summary>
/// The outputs of a release, brought together by their first bits, in files: they are kept in the order in which
/// accounts are called, and the tree wants the order of the outputs. They look random, so that slices are equally
/// large, and each fits memory, however many authors a release has. Sorting in the engine took three times as long.
/// </summary>
internal sealed class OutputSlices : IDisposable
{
    /// <summary>The most outputs of a slice, more or less: 32 MB.</summary>
    public const int Most = 1 << 20;

    private const int BufferBytes = 1 << 20;
    private const int LeastBuffer = 1 << 12;

    private readonly string _directory;
    private readonly FileStream[] _slices;

    private OutputSlices(string directory, int bits)
    {
        Bits = bits;
        _directory = directory;
        FileModes.MakePrivateFolder(directory);
        _slices = [.. Enumerable.Range(0, 1 << bits).Select(slice => Path.Combine(directory, $"{slice}")).Select(path =>
            new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0))];
    }

    /// <summary>There are 2^Bits of them.</summary>
    public int Bits { get; }

    /// <summary>How many.</summary>
    public int Count => _slices.Length;

    /// <summary>The outputs whose first bits are this number, in no order.</summary>
    public Hash[] Read(int slice)
    {
        var outputs = new Hash[_slices[slice].Length / Hash.Size];
        _slices[slice].Seek(0, SeekOrigin.Begin);
        _slices[slice].ReadExactly(MemoryMarshal.AsBytes(outputs.AsSpan()));
        return outputs;
    }

    /// <summary>Reads the column <c>output</c> of several files.</summary>
    /// <param name="engine">Each thread forks it.</param>
    /// <param name="files">Parquet files.</param>
    /// <param name="outputs">How many they hold together.</param>
    /// <param name="directory">A folder that does not exist yet; it goes with the slices.</param>
    /// <param name="threads">How many files are read at a time.</param>
    /// <param name="most">The most outputs of a slice, more or less; at least 1,024.</param>
    public static OutputSlices Gather(
        Engine engine, IReadOnlyList<string> files, long outputs, string directory, int threads, int most = Most)
    {
        var bits = 0;
        while ((long)most << bits < outputs)
            bits++;
        var slices = new OutputSlices(directory, bits);
        SideBySide.Each(engine, files.Count, threads, (own, file) => slices.Take(own, files[file]));
        return slices;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(_slices, slice => slice.Dispose());
        Directory.Delete(_directory, recursive: true);
    }

    private void Take(Engine engine, string file)
    {
        var room = Math.Max(LeastBuffer, BufferBytes >> Bits);
        var (buffers, filled) = (new byte[Count][], new int[Count]);
        foreach (var output in engine.Stream($"SELECT output FROM {ParquetFiles.Rows(file)}", ReleaseAuthors.OutputOf))
        {
            var slice = (int)AuthorTree.PlaceOf(output, Bits).Value;
            output.CopyTo((buffers[slice] ??= new byte[room]).AsSpan(filled[slice]));
            if ((filled[slice] += Hash.Size) == room)
                Flush(slice);
        }

        for (var slice = 0; slice < Count; slice++)
            Flush(slice);

        void Flush(int slice)
        {
            if (filled[slice] == 0)
                return;
            lock (_slices[slice])
                _slices[slice].Write(buffers[slice], 0, filled[slice]);
            filled[slice] = 0;
        }
    }
}
