using System.IO.Compression;
using Aval.Content.Exports;

namespace Aval.Tests.Exports;

/// <summary>
/// Archives and files that nobody's platform made, or that did not arrive whole: nothing of them is imported.
/// </summary>
public class HostileExportTests
{
    [Theory]
    [InlineData("../evil.json", "it leads out of the archive")]
    [InlineData("posts/../../evil.json", "it leads out of the archive")]
    [InlineData("posts\\..\\..\\evil.json", "it leads out of the archive")]
    [InlineData("/etc/passwd", "it begins at the root of the disk")]
    [InlineData("\\\\server\\share", "it begins at the root of the disk")]
    [InlineData("C:/evil.json", "it names a drive")]
    [InlineData("posts/a\0.json", "it holds a control character")]
    public void A_name_that_leads_elsewhere_is_refused(string name, string reason)
    {
        using var export = Fictional.FacebookPosts(Fictional.Post("x")).WithText(name, "[]");

        var refused = Refused(() => Read(export.Zip()));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\0', refused.Message);
    }

    [Theory]
    [InlineData(0xA1FF)] // a symbolic link
    [InlineData(0x2180)] // a character device
    public void What_is_neither_file_nor_folder_is_refused(int mode)
    {
        using var export = Fictional.FacebookPosts(Fictional.Post("x"));
        var zip = export.Zip();
        using (var archive = ZipFile.Open(zip, ZipArchiveMode.Update))
        {
            var entry = archive.CreateEntry("posts/link.json");
            entry.ExternalAttributes = mode << 16;
        }

        Assert.Contains("symbolic link or a device", Refused(() => Read(zip)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_given_twice_is_refused()
    {
        using var export = Fictional.FacebookPosts(Fictional.Post("x"));
        var zip = export.Zip();
        using (var archive = ZipFile.Open(zip, ZipArchiveMode.Update))
            archive.CreateEntry(Fictional.Posts.Replace('/', '\\'));

        Assert.Contains("twice", Refused(() => Read(zip)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bomb_is_refused_by_what_it_states_before_a_byte_is_expanded()
    {
        using var folder = new TemporaryFolder();
        var zip = folder.File("bomb.zip");
        using (var archive = ZipFile.Open(zip, ZipArchiveMode.Create))
        {
            using var bomb = archive.CreateEntry("posts/your_posts_2.json").Open();
            var zeros = new byte[1 << 20];
            for (var mebibyte = 0; mebibyte < 100; mebibyte++)
                bomb.Write(zeros);
        }

        Assert.Contains(
            "the limit is 200 times its compressed size plus 67108864 bytes", Refused(() => Read(zip)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Each_limit_is_named_when_it_is_passed()
    {
        using var export = Fictional.FacebookPosts(Fictional.Post("x"), Fictional.Post(new string('y', 5000)));
        var (zip, folder) = (export.Zip(), export.Folder());
        var limits = ExportLimits.Default;

        Says(zip, limits with { Members = 1 }, "the limit is 1 members");
        Says(folder, limits with { Members = 1 }, "the limit is 1 files");
        Says(zip, limits with { MemberBytes = 1000 }, "the limit is 1000 bytes for one file");
        Says(folder, limits with { MemberBytes = 1000 }, "the limit is 1000 bytes for one file");
        Says(zip, limits with { TotalBytes = 1000 }, "the limit is 1000 bytes for one archive");
        Says(zip, limits with { DirectoryBytes = 10 }, "the limit is 10 bytes");
        Says(zip, limits with { TextBytes = 4999 }, "a text has 5000 bytes; the limit is 4999 bytes");
        Says(zip, limits with { ObjectValues = 4 }, "the limit is 4 values");
        Says(zip, limits with { Depth = 3 }, "the limit is a depth of 3");
    }

    [Fact]
    public void An_object_beyond_the_limit_is_refused_without_being_held()
    {
        using var export = Fictional.Facebook().WithText(Fictional.Posts, "[{\"timestamp\": "
            + "1, \"data\": [" + string.Join(", ", Enumerable.Repeat("{\"update_timestamp\": 1}", 20_000)) + "]}]");

        Says(export.Folder(), ExportLimits.Default with { ObjectBytes = 1 << 17 }, "the limit is 131072 bytes");
    }

    [Fact]
    public void JSON_that_nests_without_end_is_refused()
    {
        using var export = Fictional.Facebook().WithText(Fictional.Posts, new string('[', 100_000));

        Says(export.Zip(), ExportLimits.Default, "the limit is a depth of 64");
    }

    [Fact]
    public void An_archive_that_is_cut_anywhere_imports_nothing()
    {
        using var export = Fictional.FacebookPosts(Fictional.Post("x"));
        var zip = File.ReadAllBytes(export.Zip());
        for (var length = 0; length < zip.Length; length += 7)
        {
            var cut = Path.Combine(export.Root, "cut.zip");
            ExportFolder.Write(cut, zip[..length]);

            Assert.Contains("Nothing was imported", Refused(() => Read(cut)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_byte_that_changed_on_the_way_is_noticed_wherever_it_counts()
    {
        using var export = Fictional.FacebookPosts(Fictional.Post("what was written"));
        // Stored, not compressed: a changed letter is then still a letter, and only the checksum can tell.
        var zip = File.ReadAllBytes(export.Zip(level: CompressionLevel.NoCompression));
        var whole = Found.InFacebook(export.Zip()).Only;
        for (var at = 0; at < zip.Length; at++)
        {
            var changed = Path.Combine(export.Root, "changed.zip");
            var bytes = (byte[])zip.Clone();
            bytes[at] ^= 0x10;
            ExportFolder.Write(changed, bytes);
            try
            {
                // A change in a name, a time of day or a field that nobody reads can go unseen; one in what was written
                // cannot.
                Assert.All(Read(changed), item => Assert.Equal(whole.Text, item.Text));
            }
            catch (AvalException refused)
            {
                Assert.Contains("Nothing was imported", refused.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("[{\"timestamp\": 1, \"data\": [{\"post\": \"good\"}]}, {\"timest", "line 1, byte 48")]
    [InlineData("[\n{\"timestamp\": 1}\n,]", "line 3, byte 20")]
    [InlineData("[] []", "byte 3")]
    [InlineData("   ", "byte 3")]
    [InlineData("<html>", "line 1, byte 0")]
    [InlineData("{\"a\": [1, 2}", "line 1")]
    public void A_file_that_is_not_JSON_imports_nothing_and_says_where(string content, string where)
    {
        using var export = Fictional.Facebook()
            .With("posts/your_posts_1.json", new[] { Fictional.Post("good") })
            .WithText("posts/your_posts_2.json", content);

        var refused = Refused(() => Read(export.Zip()));

        Assert.Contains("export.zip!/posts/your_posts_2.json", refused.Message, StringComparison.Ordinal);
        Assert.True(refused.Message.Contains(where, StringComparison.Ordinal), refused.Message);
    }

    [Fact]
    public void A_link_in_a_folder_is_refused()
    {
        using var export = Fictional.FacebookPosts(Fictional.Post("x"));
        var folder = export.Folder();
        File.CreateSymbolicLink(Path.Combine(folder, "posts.json"), "/etc/hostname");

        Assert.Contains("symbolic link", Refused(() => Read(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_platforms_export_a_HTML_export_and_something_else_are_told_apart()
    {
        using var instagram = Fictional.Instagram().With(Fictional.InstagramPosts, Array.Empty<object>());
        using var html = new ExportFolder().WithText("your_facebook_activity/posts/your_posts_1.html", "<html></html>");
        using var other = new ExportFolder().WithText("notes.txt", "hello");

        Assert.Contains(
            "Use: aval import instagram", Refused(() => Read(instagram.Zip())).Message, StringComparison.Ordinal);
        Assert.Contains("choose the format JSON", Refused(() => Read(html.Zip())).Message, StringComparison.Ordinal);
        Assert.Contains("no file of one was found", Refused(() => Read(other.Zip())).Message, StringComparison.Ordinal);
        Assert.Contains(
            "there is no such file", Refused(() => Read(other.Root + "/nowhere.zip")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Exports_of_two_people_are_not_mixed()
    {
        using var one = Fictional.FacebookPosts(Fictional.Post("x"));
        using var other = new ExportFolder()
            .With(
                "profile_information/profile_information.json",
                new { profile = new { name = new { full_name = "Séamus" }, username = "seamus" } })
            .With("posts/your_posts_1.json", new[] { Fictional.Post("y") });
        string[] both = [one.Zip(), other.Zip()];

        var refused = Refused(() => FacebookExport.Read(both, ExportOptions.None));

        Assert.Contains("is of facebook:100044123", refused.Message, StringComparison.Ordinal);
        Assert.Contains("is of facebook:seamus", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, FacebookExport.Read(both, new(Account.Parse("facebook:1"))).Items.Count());
        Assert.Single(FacebookExport.Read([both[0], both[0]], ExportOptions.None).Items);
    }

    [Fact]
    public void A_pipe_is_refused_and_a_folder_named_like_a_file_is_no_file()
    {
        using var export = Fictional.FacebookPosts(Fictional.Post("x"));
        var folder = export.Folder();
        var pipe = Path.Combine(export.Root, "pipe.zip");
        System.Diagnostics.Process.Start("mkfifo", pipe).WaitForExit();
        using var writer = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite);

        Assert.Contains("pipe", Refused(() => Read(pipe)).Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(folder, Fictional.Posts));
        Directory.CreateDirectory(Path.Combine(folder, Fictional.Posts));
        Assert.Empty(Read(folder));
    }

    [Fact]
    public void An_export_that_does_not_say_whose_it_is_needs_an_account_as_soon_as_there_is_an_item()
    {
        using var export = new ExportFolder().With(Fictional.Posts, new[] { Fictional.Post("x") });
        using var empty = new ExportFolder().With(Fictional.Posts, Array.Empty<object>());
        var zip = export.Zip();

        Assert.Contains("--account facebook:ID", Refused(() => Read(zip)).Message, StringComparison.Ordinal);
        Assert.Equal("facebook:7", Found.Of(FacebookExport.Read([zip], new(Account.Parse("facebook:7")))).Only.Author);
        Assert.Empty(Read(empty.Zip()));
        Assert.Equal(
            ExitCode.Usage,
            Assert.Throws<AvalException>(() => FacebookExport.Read([zip], new(Account.Parse("instagram:7")))).Exit);
    }

    private static List<Content.ItemRow> Read(string path) =>
        [.. FacebookExport.Read([path], ExportOptions.None).Items];

    private static void Says(string path, ExportLimits limits, string expected) =>
        Assert.Contains(expected, Refused(() => FacebookExport.Read([path], new ExportOptions { Limits = limits }).Items
            .Count()).Message, StringComparison.Ordinal);

    private static AvalException Refused(Func<object> read)
    {
        var refused = Assert.Throws<AvalException>(read);
        Assert.Equal(ExitCode.BadInput, refused.Exit);
        return refused;
    }
}
