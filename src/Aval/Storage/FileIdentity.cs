using System.Runtime.InteropServices;

namespace Aval.Storage;

/// <summary>
/// Which file it is, and since when it is as it is: any write, and any change of its times by hand, gives another
/// <see cref="Changed"/> (ctime), which no ordinary command can set back.
/// </summary>
/// <param name="Device">The file system's number.</param>
/// <param name="Inode">The file's number in it.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Modified">mtime, nanoseconds since 1970.</param>
/// <param name="Changed">ctime, nanoseconds since 1970.</param>
internal readonly partial record struct FileIdentity(ulong Device, ulong Inode, long Size, long Modified, long Changed)
{
    private const int CurrentDirectory = -100;
    private const uint BasicStatistics = 0x7ff;

    /// <summary>The identity of a file; null when there is no such file, or the system cannot tell to the
    /// nanosecond.</summary>
    public static FileIdentity? Of(string path)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            return Statx(CurrentDirectory, path, 0, BasicStatistics, out var found) == 0
                ? new FileIdentity(
                    ((ulong)found.DeviceMajor << 32) | found.DeviceMinor, found.Inode, (long)found.Size,
                    (found.Modified.Seconds * 1_000_000_000) + found.Modified.Nanoseconds,
                        (found.Changed.Seconds * 1_000_000_000) + found.Changed.Nanoseconds)
                : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null; // A C library older than 2018.
        }
    }

    /// <summary>How many names a file has; null when there is no such file, or the system cannot tell.</summary>
    public static uint? NamesOf(string path)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            return Statx(CurrentDirectory, path, 0, BasicStatistics, out var found) == 0 ? found.Names : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null; // A C library older than 2018.
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, out Statistics found);

    // struct statx, whose layout is the same on every architecture (statx(2)).
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Statistics
    {
        [FieldOffset(16)]
        public uint Names;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(96)]
        public Time Changed;

        [FieldOffset(112)]
        public Time Modified;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }

    [StructLayout(LayoutKind.Sequential, Size = 16)]
    private struct Time
    {
        public long Seconds;
        public uint Nanoseconds;
    }
}
