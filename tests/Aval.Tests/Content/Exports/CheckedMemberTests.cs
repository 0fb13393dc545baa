using Aval.Content.Exports;

namespace Aval.Tests.Exports;

public class CheckedMemberTests
{
    private const uint CrcOf123456789 = 0xCBF43926; // The check value of every table of CRCs.

    [Fact]
    public void Bytes_that_are_what_the_archive_states_are_read() => Assert.Equal("123456789", Read(9, CrcOf123456789));

    [Theory]
    [InlineData(8, CrcOf123456789, "expands to more than the 8 bytes")]
    [InlineData(10, CrcOf123456789, "ends after 9 of 10 bytes")]
    [InlineData(9, CrcOf123456789 ^ 1, "checksum")]
    public void More_bytes_fewer_or_others_are_refused(long length, uint crc, string reason) =>
        Assert.Contains(
            reason, Assert.Throws<AvalException>(() => Read(length, crc)).Message, StringComparison.Ordinal);

    private static string Read(long length, uint crc)
    {
        using var reader = new StreamReader(
            new CheckedMember(new MemoryStream("123456789"u8.ToArray()), length, crc, "x.zip!/y"));
        return reader.ReadToEnd();
    }
}
