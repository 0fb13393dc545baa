using System.Runtime.InteropServices;
using System.Text;

namespace Aval.Storage;

/// <summary>
/// File operations, named by what they guarantee. After each returns, a power cut cannot undo it: the file is flushed,
/// renamed into place, and the directory that names it is flushed too.
/// </summary>
internal static partial class Durable
{
    /// <summary>What a file's name ends in until it is whole, where <see cref="Replace(string, string)"/> writes it; a
    /// kill leaves it, and the next such writer overwrites it.</summary>
    public const string Unfinished = ".new";

    /// <summary>
    /// Puts <paramref name="content"/> at <paramref name="path"/>: a reader sees the old file or the new one, whole.
    /// </summary>
    public static void Replace(string path, ReadOnlySpan<byte> content, UnixFileMode mode = Readable) =>
        Replace(path, content, path + Unfinished, mode);

    /// <summary>The same where several processes may put the same there at once: each under a name of its own until it
    /// is whole. A kill leaves that name.</summary>
    public static void ReplaceBeside(string path, ReadOnlySpan<byte> content, UnixFileMode mode = Readable) =>
        Replace(path, content, $"{path}.{Guid.NewGuid():N}", mode);

    private static void Replace(string path, ReadOnlySpan<byte> content, string temporary, UnixFileMode mode)
    {
        using (var stream = Open(temporary, FileMode.Create, mode))
        {
            stream.Write(content);
            FlushToDisk(stream, temporary);
        }

        Rename(temporary, path);
    }

    /// <inheritdoc cref="Replace(string, ReadOnlySpan{byte}, UnixFileMode)"/>
    public static void Replace(string path, string content) => Replace(path, Encoding.UTF8.GetBytes(content));

    /// <summary>
    /// Puts a file that another writer (the engine) finished beside it at <paramref name="path"/>: a reader sees the
    /// old file or the new one, whole.
    /// </summary>
    public static void ReplaceWith(string path, string finished)
    {
        FlushFile(finished);
        Rename(finished, path);
    }

    /// <summary>Creates <paramref name="path"/> with <paramref name="content"/>; fails when it exists.</summary>
    /// <exception cref="IOException">The file exists.</exception>
    public static void CreateNew(string path, ReadOnlySpan<byte> content, UnixFileMode mode = Readable)
    {
        using (var stream = Open(path, FileMode.CreateNew, mode))
        {
            stream.Write(content);
            FlushToDisk(stream, path);
        }

        FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Appends one line (without its newline) to a file that its owner alone can read; a kill in between
    /// leaves a torn tail that <see cref="ReadLines"/> leaves out.</summary>
    public static void AppendLine(string path, string line)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Private;
        using (var stream = new FileStream(path, options))
        {
            stream.SetLength(WholeLines(stream));
            stream.Seek(0, SeekOrigin.End);
            stream.Write(Encoding.UTF8.GetBytes(line + "\n"));
            FlushToDisk(stream, path);
        }

        FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>The lines that were written whole; none when there is no such file.</summary>
    public static IReadOnlyList<string> ReadLines(string path)
    {
        if (!File.Exists(path))
            return [];
        var text = File.ReadAllText(path);
        var end = text.LastIndexOf('\n');
        return end < 0 ? [] : text[..end].Split('\n');
    }

    /// <summary>Flushes a file that another writer (the engine) made.</summary>
    public static void FlushFile(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        FlushToDisk(stream, path);
    }

    /// <summary>
    /// Flushes what was written. Not with the stream's own Flush(true): .NET 10 throws away what fsync answers, so that
    /// a failing disk would pass for a flushed one, and a choice be acknowledged that is nowhere.
    /// </summary>
    /// <exception cref="IOException">The disk failed: nothing is known about what was written.</exception>
    public static void FlushToDisk(FileStream stream, string path)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Flush();
        if (OperatingSystem.IsWindows())
        {
#pragma warning disable RS0030 // FlushFileBuffers: there it throws when it fails.
            stream.Flush(flushToDisk: true);
#pragma warning restore RS0030
            return;
        }

        var held = false;
        try
        {
            stream.SafeFileHandle.DangerousAddRef(ref held);
            if (Flush((int)stream.SafeFileHandle.DangerousGetHandle()) != 0)
                throw new IOException(
                    $"{path}: the disk did not take what was written (errno {Marshal.GetLastPInvokeError()}).");
        }
        finally
        {
            if (held)
                stream.SafeFileHandle.DangerousRelease();
        }
    }

    /// <summary>Moves a finished directory into place, where nothing may be yet.</summary>
    public static void MoveDirectory(string from, string to)
    {
        Directory.Move(from, to);
        FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(to))!);
    }

    /// <summary>
    /// Makes the names in a directory durable. .NET cannot open a directory, so this asks the system.
    /// </summary>
    public static void FlushDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            return; // NTFS journals its directories; there is nothing to ask for.
        var descriptor = OpenDirectory(path, ReadOnlyFlag);
        if (descriptor < 0)
            throw new IOException(
                $"{path}: the directory cannot be opened to flush it (errno {Marshal.GetLastPInvokeError()}).");
        try
        {
            // EINVAL: the file system has no such thing to flush (some network and overlay mounts).
            if (Flush(descriptor) != 0 && Marshal.GetLastPInvokeError() is var error and not InvalidArgument)
                throw new IOException($"{path}: the directory cannot be flushed (errno {error}).");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>
    /// Makes everything durable that was written to the file system of a directory, names included;
    /// <see langword="false"/> when the system cannot, and nothing was promised.
    /// </summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public static bool TryFlushFileSystem(string directory)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        var descriptor = OpenDirectory(directory, ReadOnlyFlag);
        if (descriptor < 0)
            throw new IOException($"{directory}: the directory cannot be opened to flush its file system (errno "
                + $"{Marshal.GetLastPInvokeError()}).");
        try
        {
            if (FlushFileSystem(descriptor) == 0)
                return true;
            return Marshal.GetLastPInvokeError() is NotImplemented ? false : throw new IOException(
                $"{directory}: its file system cannot be flushed (errno {Marshal.GetLastPInvokeError()}).");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>
    /// Makes a file another name of one that is there and never changes, or a copy where the file system has no second
    /// names. A file in its way is replaced.
    /// </summary>
    public static void LinkOrCopy(string from, string to)
    {
        File.Delete(to);
        if (!OperatingSystem.IsWindows() && Link(from, to) == 0)
            return;
        File.Copy(from, to);
        FlushFile(to);
    }

    /// <summary>Owner only: keys.</summary>
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Owner writes, others read.</summary>
    public const UnixFileMode Readable = Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const int ReadOnlyFlag = 0;
    private const int InvalidArgument = 22;
    private const int NotImplemented = 38;

    private static void Rename(string from, string path)
    {
        File.Move(from, path, overwrite: true);
        FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    private static FileStream Open(string path, FileMode mode, UnixFileMode permissions)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = permissions;
        return new FileStream(path, options);
    }

    private static long WholeLines(FileStream stream)
    {
        for (var length = stream.Length; length > 0; length--)
        {
            stream.Seek(length - 1, SeekOrigin.Begin);
            if (stream.ReadByte() == '\n')
                return length;
        }

        return 0;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenDirectory(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int FlushFileSystem(int descriptor);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
