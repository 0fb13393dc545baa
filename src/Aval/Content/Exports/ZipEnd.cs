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
    private const int LongEndSize = 56;
    private const int MemberSize = 46;

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

        var start = file.Length - size + end;
        var (list, ends) = (
            new MemberList(
                BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(end + 10)),
                BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end + 16)),
                BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end + 12))),
            start);
        if (end >= LocatorSize && tail.AsSpan(end - LocatorSize).StartsWith("PK\u0006\u0007"u8))
        {
            var at = BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(end - LocatorSize + 8));
            var record = LongEnd(file, at, start - LocatorSize);
            ends = at;
            // Whoever reads the list takes the long one as soon as one of these says so.
            if (list.Count == ushort.MaxValue || list.Offset == uint.MaxValue || list.Bytes == uint.MaxValue
                || BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(end + 4)) == ushort.MaxValue)
                list = new MemberList(Long(record, 32), Long(record, 48), Long(record, 40));
        }

        Check(file, list, ends, limits);
    }

    // The list is read until something follows that is no member, whatever number is stated: what bounds it is that it
    // lies where it ends. What stands before the archive (a program that unpacks it) is counted in the offset.
    private static void Check(FileStream file, MemberList list, long ends, ExportLimits limits)
    {
        if (list.Offset < 0 || list.Bytes < 0 || list.Offset > ends || list.Bytes != ends - list.Offset)
            throw AvalException.BadInput($"{file.Name}: expected the archive's list of members to end where its end "
                + $"begins, at byte {ends}, but it is stated to have {list.Bytes} bytes from byte {list.Offset} on. "
                + "Nothing was imported. Download the archive again.");
        if (list.Count > limits.Members)
            throw ExportLimits.Passed(file.Name, $"the archive has {list.Count} members", $"{limits.Members} members");
        if (list.Bytes > limits.DirectoryBytes)
            throw ExportLimits.Passed(
                file.Name, $"the archive's list of members has {list.Bytes} bytes", $"{limits.DirectoryBytes} bytes");
        if (HasMore(file, list, limits.Members))
            throw ExportLimits.Passed(
                file.Name, $"the archive states {list.Count} members and has more", $"{limits.Members} members");
    }

    // Whatever is stated: members without a name take as little room in the list as they take much in memory.
    private static bool HasMore(FileStream file, MemberList list, int most)
    {
        // That many do not fit: an honest list is not read twice.
        if (list.Bytes / MemberSize <= most)
            return false;
        file.Seek(list.Offset, SeekOrigin.Begin);
        using var bytes = new HeldBytes(file);
        var count = 0;
        for (var next = 0; count <= most; count++)
        {
            // A name, what is added to it and a comment have at most 65,535 bytes each.
            while (bytes.Held.Length < next + MemberSize && !bytes.IsLast)
                bytes.TryFetch(1 << 20);
            if (bytes.Held.Length < next + MemberSize || !bytes.Held[next..].StartsWith("PK\u0001\u0002"u8))
                break;
            bytes.Pass(next);
            next = MemberSize + Short(bytes, 28) + Short(bytes, 30) + Short(bytes, 32);
        }

        file.Seek(0, SeekOrigin.Begin);
        return count > most;

        static int Short(HeldBytes bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.Held[at..]);
    }

    private static byte[] LongEnd(FileStream file, long at, long before)
    {
        var record = new byte[LongEndSize];
        if (at < 0 || at > before - record.Length)
            throw AvalException.BadInput($"{file.Name}: this is not a whole zip archive: its end points outside the "
                + "file. Nothing was imported. Download the archive again.");
        file.Seek(at, SeekOrigin.Begin);
        file.ReadExactly(record);
        file.Seek(0, SeekOrigin.Begin);
        return record.AsSpan().StartsWith("PK\u0006\u0006"u8)
            ? record
            : throw AvalException.BadInput($"{file.Name}: this is not a whole zip archive: its end is not where it "
                + "points. Nothing was imported. Download the archive again.");
    }

    private static long Long(byte[] record, int at) => BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(at));

    // Of how many members, at which byte it begins, of how many bytes.
    private readonly record struct MemberList(long Count, long Offset, long Bytes);
}
