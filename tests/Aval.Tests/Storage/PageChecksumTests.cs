using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Aval.Recording;
using Aval.Storage;
using Aval.Tests.ContentStore;
using Aval.Tests.Exports;

namespace Aval.Tests.Storage;

/// <summary>Checksums in the pages of Parquet, which the engine passes over.</summary>
public sealed class PageChecksumTests : IDisposable
{
    private const string Mapping = "{item_id: id, service: \"'facebook'\", kind: \"'post'\", author: \"'facebook:7'\"}";
    private readonly ContentWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_page_with_its_checksum_is_read()
    {
        _world.Import(_world.Write("a.parquet", Parquet("100044", checksum: true)), mapping: Mapping);

        Assert.Equal(["100044"], _world.Query("SELECT item_id FROM items_now"));
    }

    [Fact]
    public void A_page_whose_checksum_does_not_match_is_refused_and_names_nobody_else()
    {
        var bytes = Parquet("100044", checksum: true);
        bytes[bytes.AsSpan().IndexOf("100044"u8)] ^= 4; // Somebody else: 500044.
        var path = _world.Write("a.parquet", bytes);

        var refused = _world.Refused(() => _world.Import(path, mapping: Mapping));
        var choices = Assert.Throws<AvalException>(() => ChoiceFile.Record(_world.Workspace, path, ContentWorld.Today));

        foreach (var failure in (AvalException[])[refused, choices])
        {
            Assert.Equal(ExitCode.BadInput, failure.Exit);
            Assert.Contains(
                "a.parquet: the page at byte 4 is not what was written", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_page_without_a_checksum_is_taken_as_it_is()
    {
        _world.Import(_world.Write("a.parquet", Parquet("100044", checksum: false)), mapping: Mapping);

        Assert.Equal(["100044"], _world.Query("SELECT item_id FROM items_now"));
    }

    [Fact]
    public void Every_flipped_bit_in_the_page_is_seen()
    {
        var good = Parquet("100044", checksum: true);
        var from = good.AsSpan().IndexOf("100044"u8) - 4;
        using var engine = Engine.Open(_world.File("tmp"), new EngineLimits(1, 500_000_000));
        for (var bit = 0; bit < 80; bit++)
        {
            var bytes = (byte[])good.Clone();
            bytes[from + (bit / 8)] ^= (byte)(1 << (bit % 8));
            Assert.Equal(4, PageChecksums.FirstWrong(engine, _world.Write("a.parquet", bytes)));
        }
    }

    // Fixtures of several writers; eight of them wrote checksums, one with a dictionary.
    [Fact]
    public void The_checksums_of_other_writers_match()
    {
        var folder = SharedData.Path("social/parquet_fixtures");
        using var engine = Engine.Open(_world.File("tmp"), new EngineLimits(1, 500_000_000));
        foreach (var name in (string[])[
            "681_nested", "decimal_precision", "delta.checkpoint", "delta_length_byte_array", "list_empty_and_null",
            "no-logical-type", "string_dictionary_by_spark",
        ])
            Assert.Null(PageChecksums.FirstWrong(engine, Path.Combine(folder, name + ".parquet")));
    }

    /// <summary>
    /// A file of one column <c>id</c> and one row, written by hand: no writer at hand makes checksums.
    /// </summary>
    private static byte[] Parquet(string id, bool checksum)
    {
        byte[] data = [.. Little(id.Length), .. Encoding.UTF8.GetBytes(id)];
        byte[] header =
        [
            0x15, 0x00, 0x15, .. Zigzag(data.Length), 0x15, .. Zigzag(data.Length),
            .. checksum ? (byte[])[0x15, .. Zigzag(Crc(data)), 0x1c] : [0x2c],
            0x15, 0x02, 0x15, 0x00, 0x15, 0x06, 0x15, 0x06, 0x00, 0x00,
        ];
        var chunk = header.Length + data.Length;
        byte[] footer =
        [
            0x15, 0x02,
            0x19, 0x2c, 0x48, 0x06, .. "schema"u8, 0x15, 0x02, 0x00, 0x15, 0x0c, 0x25, 0x00, 0x18, 0x02, .. "id"u8,
            0x25, 0x00, 0x00,
            0x16, 0x02,
            0x19, 0x1c,
            0x19, 0x1c, 0x26, 0x08,
            0x1c, 0x15, 0x0c, 0x19, 0x15, 0x00, 0x19, 0x18, 0x02, .. "id"u8, 0x15, 0x00, 0x16, 0x02, 0x16,
            .. Zigzag(chunk), 0x16, .. Zigzag(chunk), 0x26, 0x08, 0x00, 0x00,
            0x16, .. Zigzag(chunk), 0x16, 0x02, 0x00,
            0x00,
        ];
        return [.. "PAR1"u8, .. header, .. data, .. footer, .. Little(footer.Length), .. "PAR1"u8];
    }

    // What gzip ends with, and no code of ours.
    private static int Crc(byte[] data)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(data);
        return BinaryPrimitives.ReadInt32LittleEndian(compressed.ToArray().AsSpan()[^8..]);
    }

    private static byte[] Little(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Zigzag(int value)
    {
        var bytes = new List<byte>();
        var rest = (uint)((value << 1) ^ (value >> 31));
        for (; rest > 127; rest >>= 7)
            bytes.Add((byte)(rest | 128));
        return [.. bytes, (byte)rest];
    }
}
