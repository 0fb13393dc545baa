namespace Aval.Storage;

/// <summary>
/// One holder at a time, across processes. The operating system drops it when the process dies, so a kill leaves no
/// stale lock behind; the file itself stays and means nothing.
/// </summary>
public sealed class FileLock : IDisposable
{
    private readonly FileStream _stream;

    private FileLock(FileStream stream) => _stream = stream;

    /// <summary>Takes the lock, waiting up to <paramref name="patience"/> for another process to let go.</summary>
    /// <exception cref="AvalException">Busy: somebody else still holds it.</exception>
    public static FileLock Acquire(string path, string what, TimeSpan patience) => TryAcquire(path, patience)
        ?? throw AvalException.Busy($"Another process is working on {what} ({path} is locked). "
            + "Nothing was done. Wait for it to finish and run the command again.");

    /// <summary>Takes the lock, waiting up to <paramref name="patience"/>; null when somebody still has it.</summary>
    public static FileLock? TryAcquire(string path, TimeSpan patience)
    {
        var deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        using var wait = new ManualResetEventSlim();
        while (true)
        {
            if (TryAcquire(path) is { } held)
                return held;
            if (Environment.TickCount64 >= deadline)
                return null;
            wait.Wait(TimeSpan.FromMilliseconds(50));
        }
    }

    /// <summary>Takes the lock when nobody has it; null when somebody does.</summary>
    public static FileLock? TryAcquire(string path)
    {
        try
        {
            return new FileLock(Open(path));
        }
        catch (IOException busy) when (IsHeld(busy))
        {
            return null;
        }
    }

    private static FileStream Open(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Durable.Private;
        return new FileStream(path, options);
    }

    // Anything else (a full or read-only disk) does not go away by waiting. EWOULDBLOCK is 11 on Linux and 35 on
    // macOS; Windows says ERROR_SHARING_VIOLATION.
    private static bool IsHeld(IOException refused) => refused.HResult is 11 or 35 or unchecked((int)0x80070020);

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
