using Aval.Content;
using Aval.Storage;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.ContentStore;

/// <summary>Content is what was imported, or it is refused by name.</summary>
public sealed class TamperedContentTests
{
    private static readonly byte[] Key = new byte[32];

    [Theory]
    [InlineData("gone", "the file is gone")]
    [InlineData("empty", "0 are there: the file was cut short")]
    [InlineData("short", "1 are there: the file was cut short")]
    [InlineData("first line gone", "line 1: this line does not continue")]
    [InlineData("swapped", "line 1: this line does not continue")]
    [InlineData("altered", "line 2: this line does not continue")]
    [InlineData("doubled", "line 3: this line does not continue")]
    [InlineData("another's", "line 1: this line does not continue")]
    [InlineData("junk", "line 1: not an import's record")]
    [InlineData("head gone", "imports.head: the head of the log of imports is missing")]
    [InlineData("head altered", "imports.head: this is not the head")]
    [InlineData("head another's", "imports.head: this is not the head")]
    public void A_log_of_imports_that_is_not_as_it_was_is_refused_and_nothing_is_deleted(string fault, string expected)
    {
        using var world = new ContentWorld();
        using var other = new ContentWorld();
        foreach (var one in new[] { world, other })
        {
            one.Import(one.Lines(Item("1")));
            one.Import(one.Lines(Item("2")));
        }

        var files = Directory.GetFiles(world.Workspace.Content, "*.parquet", SearchOption.AllDirectories);
        Break(world, other, fault);
        Assert.Contains(expected, Assert.Throws<AvalException>(() => world.ItemsNow()).Message,
            StringComparison.Ordinal);
        var refused = Assert.Throws<AvalException>(() => world.Import(world.Lines(Item("3"))));
        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.Equal(files, Directory.GetFiles(world.Workspace.Content, "*.parquet", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_line_can_be_forgotten_and_the_chain_holds()
    {
        using var world = new ContentWorld();
        world.Import(world.Lines(Item("1")));
        world.Import(world.Lines(Item("2")));
        var lines = File.ReadAllLines(world.ImportsFile);
        using (var first = System.Text.Json.JsonDocument.Parse(lines[0]))
        {
            var root = first.RootElement;
            var commitment = System.Security.Cryptography.HMACSHA256.HashData(
                Convert.FromHexString(root.GetProperty("opening").GetString()!),
                    System.Text.Encoding.UTF8.GetBytes(root.GetProperty("record").GetRawText()));
            lines[0] =
                $$"""{"chain":"{{root.GetProperty("chain").GetString()}}","commitment":"{{Convert.ToHexStringLower(commitment)}}"}""";
        }

        ContentWorld.Put(world.ImportsFile, System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));

        Assert.Equal(["000002-items"], ImportLog.Read(world.Workspace).Select(record => record.ImportId));
        Assert.Equal("000003-items", world.Import(world.Lines(Item("3"))).Record.ImportId);
        Assert.Equal(["2 | words", "3 | words"], world.Texts());
    }

    [Theory]
    [InlineData("items", "rows")]
    [InlineData("contested", "rows")]
    [InlineData("places", "rows")]
    [InlineData("naming", "rows")]
    [InlineData("index", "import")]
    public void A_content_file_of_another_workspace_is_refused_by_name(string folder, string reader)
    {
        using var world = new ContentWorld();
        using var other = new ContentWorld();
        foreach (var (one, text) in new[] { (world, "\"a\""), (other, "\"b\"") })
        {
            one.Import(one.Lines(Item("1", ("text", text))));
            one.Import(one.Lines(Item("1", ("text", "\"c\"")), Item("2", ("text", text))));
        }

        var path = Directory.GetFiles(Path.Combine(world.Workspace.Content, folder), "000002-items.parquet",
            SearchOption.AllDirectories).Single();
        File.Copy(path.Replace(world.Workspace.Content, other.Workspace.Content, StringComparison.Ordinal), path,
            overwrite: true);
        // The two may by chance be the same bytes: a contested key is the same in both.
        using (var file = new FileStream(path, FileMode.Append))
            file.WriteByte(0);

        var refused = Assert.Throws<AvalException>(() =>
            reader == "rows" ? world.ItemsNow().Count : world.Import(world.Lines(Item("3"))).Record.Stored);
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        File.Delete(path);
        Assert.Contains("is gone", Assert.Throws<AvalException>(() => reader == "rows" ? world.ItemsNow().Count
            : world.Import(world.Lines(Item("3"))).Record.Stored).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_did_not_change_is_hashed_once_and_one_that_did_is_hashed_again_whatever_its_mtime_says()
    {
        using var folder = new TemporaryFolder();
        var (file, cache) = (folder.File("a"), folder.File("cache"));
        var clock = new StandingClock(TimeProvider.System.GetUtcNow().AddHours(1));
        Write(file, 1);
        var first = CheckedHashes.Open(cache, Key, clock);
        var hash = first.Of(file);
        first.Keep();
        var second = CheckedHashes.Open(cache, Key, clock);
        Assert.Equal(hash, second.Of(file));
        Assert.Equal((1, 0), (first.Hashed, second.Hashed));

        var (modified, before) = (File.GetLastWriteTimeUtc(file), FileIdentity.Of(file));
        do
        {
            Write(file, 2);
            File.SetLastWriteTimeUtc(file, modified); // touch -r
        }
        while (FileIdentity.Of(file) == before);
        var third = CheckedHashes.Open(cache, Key, clock);
        Assert.NotEqual(hash, third.Of(file));
        Assert.Equal(1, third.Hashed);
    }

    [Fact]
    public void A_file_younger_than_two_seconds_is_not_remembered()
    {
        using var folder = new TemporaryFolder();
        var (file, cache) = (folder.File("a"), folder.File("cache"));
        Write(file, 1);
        var changed = DateTimeOffset.UnixEpoch.AddTicks(FileIdentity.Of(file)!.Value.Changed / 100);
        int Hashed(double seconds)
        {
            var clock = new StandingClock(changed.AddSeconds(seconds));
            var first = CheckedHashes.Open(cache, Key, clock);
            first.Of(file);
            first.Keep();
            var second = CheckedHashes.Open(cache, Key, clock);
            second.Of(file);
            return second.Hashed;
        }

        Assert.Equal(1, Hashed(1.9));
        Assert.Equal(0, Hashed(2.1));
    }

    [Fact]
    public void What_was_remembered_is_believed_under_the_key_alone()
    {
        using var folder = new TemporaryFolder();
        var (file, cache) = (folder.File("a"), folder.File("cache"));
        var clock = new StandingClock(TimeProvider.System.GetUtcNow().AddHours(1));
        Write(file, 1);
        var first = CheckedHashes.Open(cache, Key, clock);
        var hash = first.Of(file)!;
        first.Keep();
        var text = File.ReadAllText(cache);
        Put(cache, text.Replace(hash, new string('0', 64), StringComparison.Ordinal));
        Assert.Equal(hash, CheckedHashes.Open(cache, Key, clock).Of(file));
        Put(cache, text);
        var stranger = CheckedHashes.Open(cache, [1, .. Key[1..]], clock);
        Assert.Equal(hash, stranger.Of(file));
        Assert.Equal(1, stranger.Hashed);
    }

    private static void Break(ContentWorld world, ContentWorld other, string fault)
    {
        var lines = File.ReadAllLines(world.ImportsFile);
        void Lines(params string[] written) =>
            Put(world.ImportsFile, string.Concat(written.Select(line => line + "\n")));
        switch (fault)
        {
            case "gone": File.Delete(world.ImportsFile); break;
            case "empty": Lines(); break;
            case "short": Lines(lines[0]); break;
            case "first line gone": Lines(lines[1]); break;
            case "swapped": Lines(lines[1], lines[0]); break;
            case "altered":
                Lines(lines[0],
                lines[1].Replace("\"stored\":1", "\"stored\":0", StringComparison.Ordinal)); break;
            case "doubled": Lines(lines[0], lines[1], lines[1]); break;
            case "another's": File.Copy(other.ImportsFile, world.ImportsFile, overwrite: true); break;
            case "junk": Lines("{\"import_id\": 7", lines[0], lines[1]); break;
            case "head gone": File.Delete(world.HeadFile); break;
            case "head altered":
                Put(world.HeadFile,
                File.ReadAllText(world.HeadFile).Replace("\n2\n", "\n0\n", StringComparison.Ordinal)); break;
            case "head another's": File.Copy(other.HeadFile, world.HeadFile, overwrite: true); break;
            default: throw new InvalidOperationException(fault);
        }
    }

    private static void Put(string path, string text)
    {
        using var stream = new StreamWriter(File.Create(path));
        stream.Write(text);
    }

    private static void Write(string path, byte value)
    {
        using var stream = File.Create(path);
        stream.WriteByte(value);
    }
}
