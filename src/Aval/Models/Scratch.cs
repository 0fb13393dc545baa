namespace Aval.Models;

/// <summary>Where rows go that are read again: files, or memory where there is no folder.</summary>
internal sealed class Scratch
{
    private readonly string? _folder;
    private long _made;

    private Scratch(string? folder) => _folder = folder;

    /// <summary>Nothing is written to disk.</summary>
    public static Scratch InMemory { get; } = new(folder: null);

    /// <summary>Files in a folder, which whoever made it removes.</summary>
    public static Scratch In(string folder)
    {
        Directory.CreateDirectory(folder);
        return new Scratch(folder);
    }

    /// <summary>Writes something, and gives it back from the beginning as often as it is asked for.</summary>
    public Func<Stream> Write(Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        if (_folder is null)
        {
            using var memory = new MemoryStream();
            write(memory);
            var bytes = memory.ToArray();
            return () => new MemoryStream(bytes, writable: false);
        }

        var path = Path.Combine(_folder, $"rows-{Interlocked.Increment(ref _made)}");
        using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            write(file);
        return () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
    }
}
