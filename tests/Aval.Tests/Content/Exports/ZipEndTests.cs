using System.Buffers.Binary;
using System.IO.Compression;
using Aval.Content.Exports;

namespace Aval.Tests.Exports;

/// <summary>The end of a zip is believed only where the list of its members bears it out.</summary>
public sealed class ZipEndTests : IDisposable
{
    private const int EndSize = 22;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(10, 1)] // how many members
    [InlineData(12, 46)] // how many bytes their list has
    [InlineData(16, 0)] // where it begins
    [InlineData(16, uint.MaxValue - 1)]
    public void A_list_that_is_not_where_the_end_says_is_refused(int at, uint stated)
    {
        var zip = Zip(5);
        var field = zip.AsSpan(zip.Length - EndSize + at);
        if (at == 10)
            BinaryPrimitives.WriteUInt16LittleEndian(field, (ushort)stated);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(field, stated);

        var refused = Refused(zip, ExportLimits.Default with { Members = 4 });

        Assert.Contains(
            at == 10
                ? "the archive states 1 members and has more; the limit is 4 members"
                : "expected the archive's list of members to end where its end begins",
            refused.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was imported.", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(70_000)]
    public void What_stands_before_an_archive_counts_as_its_own_end_counts_it(int before)
    {
        Check(Zip(5, before), ExportLimits.Default);

        // A program to unpack it was put before it, and its end not told so: no reader finds the list.
        var untold = (byte[])[.. new byte[100], .. Zip(5, before)];
        Assert.Contains(
            "list of members to end where its end begins", Refused(untold, ExportLimits.Default).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4)] // the numbers of the disks
    [InlineData(8)] // how many members
    [InlineData(12)] // how many bytes their list has
    [InlineData(16)] // where it begins
    [InlineData(-1)] // written although nothing needs it
    public void The_long_end_is_read_whatever_says_that_there_is_one(int marked)
    {
        Check(Long(Zip(5), marked, members: 5), ExportLimits.Default);

        if (marked >= 0)
            Assert.Contains(
                "the archive has 9999999 members",
                Refused(Long(Zip(5), marked, members: 9_999_999), ExportLimits.Default).Message,
                StringComparison.Ordinal);
        Assert.Contains(
            "to end where its end begins",
            Refused(Long(Zip(5), marked, members: 5, between: 1), ExportLimits.Default).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Any_number_of_members_within_the_limit_is_taken_with_a_comment_too()
    {
        foreach (var members in new[] { 0, 1, 4 })
            Check(Zip(members, comment: "of a fictional person"), ExportLimits.Default with { Members = 4 });
    }

    // The same archive with a long end record and its locator before the end.
    private static byte[] Long(byte[] zip, int marked, long members, int between = 0)
    {
        var end = zip.AsSpan(zip.Length - EndSize).ToArray();
        var record = new byte[56 + 20];
        "PK\u0006\u0006"u8.CopyTo(record);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(4), 44);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(24), members);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(32), members);
        BinaryPrimitives.WriteInt64LittleEndian(
            record.AsSpan(40), BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(12)));
        BinaryPrimitives.WriteInt64LittleEndian(
            record.AsSpan(48), BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(16)));
        "PK\u0006\u0007"u8.CopyTo(record.AsSpan(56));
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(64), zip.Length - EndSize + between);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(72), 1);
        if (marked >= 0)
            end.AsSpan(marked, 4).Fill(0xFF);
        return [.. zip.AsSpan(0, zip.Length - EndSize), .. new byte[between], .. record, .. end];
    }

    private static byte[] Zip(int members, int before = 0, string comment = "")
    {
        using var stream = new MemoryStream();
        stream.Write(new byte[before]);
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            archive.Comment = comment;
            for (var member = 0; member < members; member++)
            {
                using var content = archive.CreateEntry($"posts/{member}.json").Open();
                content.Write("[]"u8);
            }
        }

        return stream.ToArray();
    }

    private AvalException Refused(byte[] zip, ExportLimits limits)
    {
        var refused = Assert.Throws<AvalException>(() => Check(zip, limits));
        Assert.Equal(ExitCode.BadInput, refused.Exit);
        return refused;
    }

    private void Check(byte[] zip, ExportLimits limits)
    {
        var path = _folder.File("some.zip");
        ExportFolder.Write(path, zip);
        using var file = File.OpenRead(path);
        ZipEnd.Check(file, limits);
        Assert.Equal(0, file.Position);
        // What is let through is what .NET reads, and it finds no more members.
        using var archive = new ZipArchive(file, ZipArchiveMode.Read);
        Assert.InRange(archive.Entries.Count, 0, limits.Members);
    }
}
