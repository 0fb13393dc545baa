using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Aval.Storage;

namespace Aval.Tests.Storage;

/// <summary>Files that somebody gave us: whole or refused.</summary>
public sealed class ExpandedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Incompressible bytes too: gzip then stores them as they are, which is where a torn end is easiest to miss.
    private static readonly Dictionary<string, byte[]> Contents = new()
    {
        ["nothing"] = [],
        ["a letter"] = "a"u8.ToArray(),
        ["text"] = Text(100_000),
        ["noise"] = Noise(200_000),
        ["text and noise"] = [.. Text(70_000), .. Noise(70_000)],
        ["zeros"] = new byte[300_000],
        ["what the seal is made of"] = [.. Enumerable.Repeat((byte)0x1E, 48)],
    };

    public static TheoryData<string> Names => [.. Contents.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_was_packed_comes_out(string what)
    {
        var content = Contents[what];
        Assert.Equal(content, Read("plain.csv", content));
        Assert.Equal(content, Read("packed.csv.gz", Gzip(content)));
        Assert.Equal(content, Read("packed.csv.zst", Zstandard(content)));
        Assert.Equal([.. content, .. content], Read("two.csv.gz", [.. Gzip(content), .. Gzip(content)]));
        Assert.Equal([.. content, .. content], Read("two.csv.zst", [.. Zstandard(content), .. Zstandard(content)]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_torn_file_is_never_taken_for_a_shorter_one(string what)
    {
        var content = Contents[what];
        foreach (var (name, packed) in new[] { ("torn.csv.gz", Gzip(content)), ("torn.csv.zst", Zstandard(content)) })
        {
            var lengths = Enumerable.Range(0, Math.Min(100, packed.Length))
                .Concat(Enumerable.Range(Math.Max(0, packed.Length - 100), Math.Min(100, packed.Length)))
                .Concat(Enumerable.Range(1, 20).Select(part => packed.Length * part / 21));
            foreach (var length in lengths.Distinct())
                Assert.Contains(
                    "torn, damaged or something else",
                    Assert.Throws<AvalException>(() => Read(name, packed[..length])).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_follows_a_packed_file_is_refused()
    {
        Assert.Throws<AvalException>(() => Read("more.csv.gz", [.. Gzip(Text(1000)), 0, 0, 0]));
        Assert.Throws<AvalException>(() => Read("more.csv.zst", [.. Zstandard(Text(1000)), 0, 0, 0]));
    }

    [Fact]
    public void What_is_not_packed_is_refused()
    {
        Assert.Throws<AvalException>(() => Read("text.csv.gz", "kind,account\n"u8.ToArray()));
        Assert.Throws<AvalException>(() => Read("text.csv.zst", "kind,account\n"u8.ToArray()));
    }

    [Theory]
    [InlineData("bomb.csv.gz")]
    [InlineData("bomb.csv.zst")]
    public void A_bomb_is_refused_with_the_limit_named(string name)
    {
        Write(name, file =>
        {
            using Stream pack = name.EndsWith(".gz", StringComparison.Ordinal)
                ? new GZipStream(file, CompressionLevel.SmallestSize)
                : new ZstdSharp.CompressionStream(file, 19);
            var block = new byte[1 << 20];
            for (var written = 0; written < 200; written++)
                pack.Write(block);
        });
        using var bomb = ExpandedFile.Open(_folder.File(name));
        Assert.Contains(
            "more than 200 times its size plus 64 MiB",
            Assert.Throws<AvalException>(() => bomb.CopyTo(Stream.Null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_hash_is_that_of_the_file_as_it_lies()
    {
        var packed = Gzip(Text(100_000));
        Write("packed.csv.gz", file => file.Write(packed));
        using var file = ExpandedFile.Open(_folder.File("packed.csv.gz"));
        Assert.Equal('l', file.ReadByte());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(packed)), file.ReadHash());
        Assert.Equal(1, file.Done);
    }

    [Fact]
    public void What_is_not_there_or_is_a_folder_is_refused_in_our_words()
    {
        Assert.Contains("there is no such file", Assert.Throws<AvalException>(() =>
            ExpandedFile.Open(_folder.File("nothing.csv"))).Message, StringComparison.Ordinal);
        Assert.Contains(
            "this is a folder", Assert.Throws<AvalException>(() => ExpandedFile.Open(_folder.Path)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a\n")]
    [InlineData("a\n\nb\r\n\r\nc")]
    [InlineData("\ufeffa\nb")]
    [InlineData("\n")]
    public void Lines_are_those_that_a_text_reader_finds(string text)
    {
        using var reader = new StringReader(text.TrimStart('\ufeff'));
        var expected = new List<string>();
        while (reader.ReadLine() is { } line)
            expected.Add(line);
        Assert.Equal(expected, Lines(text, 100, 1));
        Assert.Equal(expected, Lines(text, 100, 4096));
    }

    [Fact]
    public void A_line_beyond_the_limit_is_read_over_and_the_next_one_is_whole()
    {
        var text = $"a\n{new string('x', 10)}\n{new string('y', 11)}\n{new string('z', 1_000_000)}\nb\n"
            + $"{new string('w', 500_000)}";
        foreach (var atOnce in new[] { 1, 7, 65536, 10_000_000 })
            Assert.Equal(["a", "xxxxxxxxxx", "(too long)", "(too long)", "b", "(too long)"], Lines(text, 10, atOnce));
    }

    private static List<string> Lines(string text, int limit, int atOnce)
    {
        using var stream = new Trickle(Encoding.UTF8.GetBytes(text), atOnce);
        var lines = new ByteLines(stream, limit);
        var found = new List<string>();
        while (lines.Next())
        {
            Assert.Equal(found.Count + 1, lines.Number);
            found.Add(lines.IsTooLong ? "(too long)" : Encoding.UTF8.GetString(lines.Current));
        }

        return found;
    }

    private byte[] Read(string name, byte[] content)
    {
        Write(name, file => file.Write(content));
        using var file = ExpandedFile.Open(_folder.File(name));
        using var read = new MemoryStream();
        file.CopyTo(read, 1000);
        return read.ToArray();
    }

    private void Write(string name, Action<Stream> content)
    {
        using var file = File.Create(_folder.File(name));
        content(file);
    }

    private static byte[] Text(int bytes) =>
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, bytes).Select(at => $"line {at}\n")))[..bytes];

    private static byte[] Noise(int bytes)
    {
        var noise = new byte[bytes];
        new Random(7).NextBytes(noise);
        return noise;
    }

    private static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress))
            gzip.Write(content);
        // .NET writes nothing at all for nothing; gzip itself writes an empty member.
        return content.Length > 0
            ? packed.ToArray()
            : Convert.FromHexString("1f8b08000000000000030300" + "0000000000000000");
    }

    private static byte[] Zstandard(byte[] content)
    {
        using var packer = new ZstdSharp.Compressor();
        return packer.Wrap(content).ToArray();
    }

    /// <summary>A stream that gives so many bytes at a time.</summary>
    private sealed class Trickle(byte[] bytes, int atOnce) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, atOnce)]);

        public override int Read(byte[] buffer, int offset, int count) =>
            base.Read(buffer, offset, Math.Min(count, atOnce));
    }
}
