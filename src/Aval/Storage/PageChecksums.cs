namespace Aval.Storage;

/// <summary>
/// The checksums that a writer of Parquet may put into its pages (CRC-32 of a page as it lies,
/// https://parquet.apache.org/docs/file-format/data-pages/checksumming/). The engine passes over them, so that a
/// flipped bit becomes somebody else's id.
/// </summary>
internal static class PageChecksums
{
    /// <summary>
    /// The first page whose bytes are not those of its checksum; null = none, or there are no checksums.
    /// </summary>
    /// <param name="engine">Any.</param>
    /// <param name="path">A Parquet file that the engine reads.</param>
    public static long? FirstWrong(Engine engine, string path)
    {
        var chunks = engine.Query(ParquetFiles.Chunks(path), row => (At: row.GetInt64(0), Bytes: row.GetInt64(1)));
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        var any = false;
        foreach (var (start, bytes) in chunks)
        {
            for (var (at, end) = (start, Math.Min(start + bytes, file.Length)); at < end;)
            {
                // What is not understood is the engine's to refuse.
                if (PageHeader.Read(file, at) is not { } header)
                    break;
                // Writers put them into all pages or into none: without one in the first, the file is not read again.
                if (header.Checksum is null && !any)
                    return null;
                any = true;
                if (header.Checksum is { } stated && Crc(file, at + header.Length, header.Size) != stated)
                    return at;
                at += header.Length + header.Size;
            }
        }

        return null;
    }

    private static uint? Crc(FileStream file, long at, int size)
    {
        var crc = uint.MaxValue;
        var buffer = new byte[1 << 16];
        file.Position = at;
        while (size > 0)
        {
            var count = file.Read(buffer, 0, Math.Min(size, buffer.Length));
            if (count == 0)
                return null;
            foreach (var b in buffer.AsSpan(0, count))
                crc = Table[(byte)(crc ^ b)] ^ (crc >> 8);
            size -= count;
        }

        return ~crc;
    }

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(value =>
    {
        var crc = (uint)value;
        for (var bit = 0; bit < 8; bit++)
            crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        return crc;
    })];

    /// <summary>
    /// What a page's header says (Thrift compact protocol): field 3 the page's size as it lies, field 4 its checksum.
    /// </summary>
    private readonly record struct PageHeader(int Length, int Size, uint? Checksum)
    {
        private const int I32 = 5;

        // A few numbers, and at most the smallest and largest value of the column, which writers cut short.
        private const int Most = 1 << 14;

        public static PageHeader? Read(FileStream file, long at)
        {
            file.Position = at;
            var bytes = new byte[(int)Math.Min(Most, file.Length - at)];
            file.ReadExactly(bytes);
            var place = 0;
            var (size, checksum) = ((long?)null, (uint?)null);
            for (var field = 0; place < bytes.Length;)
            {
                var head = bytes[place++];
                if ((head & 15) == 0)
                    return size is >= 0 and <= int.MaxValue ? new PageHeader(place, (int)size, checksum) : null;
                // The fields come in order, and what stands behind these two does not matter but for where it ends.
                field = head >> 4 == 0 ? -1 : field + (head >> 4);
                if ((head & 15) == I32 && ThriftSkip.Unsigned(bytes, ref place) is { } zigzag
                    && Signed(zigzag) is var value)
                    (size, checksum) = (field == 3 ? value : size, field == 4 ? (uint)(int)value : checksum);
                else if (!ThriftSkip.Over(bytes, ref place, head & 15))
                    return null;
            }

            return null;
        }

        private static long Signed(ulong zigzag) => (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
    }

    /// <summary>Passes over a value of Thrift's compact protocol.</summary>
    private static class ThriftSkip
    {
        private const int MaxDepth = 8;

        public static bool Over(ReadOnlySpan<byte> bytes, ref int place, int type, int depth = 0)
        {
            if (depth > MaxDepth || place > bytes.Length)
                return false;
            switch (type)
            {
                case 1 or 2:
                    return true;
                case 3:
                    place++;
                    return true;
                case 4 or 5 or 6:
                    return Unsigned(bytes, ref place) is not null;
                case 7:
                    place += 8;
                    return true;
                case 8:
                    if (Unsigned(bytes, ref place) is not { } length || length > (ulong)(bytes.Length - place))
                        return false;
                    place += (int)length;
                    return true;
                case 12:
                    while (place < bytes.Length)
                    {
                        var head = bytes[place++];
                        if ((head & 15) == 0)
                            return true;
                        if ((head >> 4 == 0 && Unsigned(bytes, ref place) is null)
                            || !Over(bytes, ref place, head & 15, depth + 1))
                            return false;
                    }

                    return false;
                default:
                    return false; // A header has no lists and no maps.
            }
        }

        public static ulong? Unsigned(ReadOnlySpan<byte> bytes, ref int place)
        {
            ulong value = 0;
            for (var shift = 0; shift < 64 && place < bytes.Length; shift += 7)
            {
                var next = bytes[place++];
                value |= (ulong)(next & 127) << shift;
                if (next < 128)
                    return value;
            }

            return null;
        }
    }
}
