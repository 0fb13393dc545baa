using System.Buffers.Binary;

namespace Aval.Content.Exports;

/// <summary>
/// The end of a zip file, which says how many members its list has and where the list begins (PKWARE APPNOTE 4.3.16,
/// and 4.3.14 for zip64). Read before the list itself, because the list is held in memory.
/// </summary>
internal static class ZipEnd
{
    private const int EndSize = 22;
    private const int LongestComment = ushort.MaxValue;
    private const int LocatorSize = 20;

    /// <summary>Refuses a file that is no whole zip, or whose list is beyond the limits.</summary>
    public static void Check(FileStream file, ExportLimits limits)
    {
        var size = (int)Math.Min(file.Length, EndSize + LongestComment + LocatorSize);
        var tail = new byte[size];
        file.Seek(-size, SeekOrigin.End);
        file.ReadExactly(tail);
        file.Seek(0, SeekOrigin.Begin);
        var end = tail.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        if (end < 0 || size - end < EndSize)
        {
            throw AvalException.BadInput($"{file.Name}: this is not a whole zip archive: its end is missing. "
                + "Nothing was imported. Download the archive again.");
        }

        long count = BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(end + 10));
        long directory = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end + 12));
        if ((count == ushort.MaxValue || directory == uint.MaxValue) && end >= LocatorSize
            && tail.AsSpan(end - LocatorSize).StartsWith("PK\u0006\u0007"u8))
            (count, directory) = Long(file, BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(end - LocatorSize + 8)));
        if (count > limits.Members)
            throw ExportLimits.Passed(file.Name, $"the archive has {count} members", $"{limits.Members} members");
        if (directory > limits.DirectoryBytes)
            throw ExportLimits.Passed(
                file.Name, $"the archive's list of members has {directory} bytes", $"{limits.DirectoryBytes} bytes");
    }

    private static (long Count, long Directory) Long(FileStream file, long at)
    {
        var record = new byte[56];
        if (at < 0 || at > file.Length - record.Length)
            throw AvalException.BadInput($"{file.Name}: this is not a whole zip archive: its end points outside the "
                + "file. Nothing was imported. Download the archive again.");
        file.Seek(at, SeekOrigin.Begin);
        file.ReadExactly(record);
        file.Seek(0, SeekOrigin.Begin);
        return (BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(32)),
            BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(40)));
    }
}
