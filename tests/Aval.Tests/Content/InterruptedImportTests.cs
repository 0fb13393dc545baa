using Aval.Content;
using Aval.Storage;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.ContentStore;

/// <summary>An import is its line in imports.jsonl; before that it is nothing.</summary>
public sealed class InterruptedImportTests
{
    /// <summary>What a kill leaves, step by step: some files under way, some in their places, the line torn, or written
    /// without its head.</summary>
    public static TheoryData<string, int, bool, bool, bool> Kills => new()
    {
        { "the folder was made", 0, false, false, false },
        { "the files were written", 99, false, false, false },
        { "one file was placed", -1, false, false, false },
        { "all files were placed", 0, true, false, false },
        { "the line was torn", 0, true, true, false },
        { "the line was written, not the head", 0, true, false, true },
    };

    [Theory]
    [MemberData(nameof(Kills))]
    public void An_import_that_was_killed_is_whole_or_absent_and_the_next_one_goes_on(string at, int underWay,
        bool placed, bool torn, bool written)
    {
        using var world = new ContentWorld();
        world.Import(world.Lines(Item("1")));
        var (log, head) = (File.ReadAllBytes(world.ImportsFile), File.ReadAllBytes(world.HeadFile));
        var second = world.Lines(Item("2"), Item("1", ("text", "\"other\"")), "broken");
        world.Import(second);
        var finished = File.ReadAllBytes(world.ImportsFile);
        var files = Directory.GetFiles(world.Workspace.Content, "000002-items*", SearchOption.AllDirectories);
        Assert.True(files.Length >= 4, at);

        var work = Directory.CreateDirectory(Path.Combine(world.Workspace.Content, "under-way",
            "000002-items")).FullName;
        foreach (var (file, number) in files.Select((file, number) => (file, number)))
        {
            if (!placed && !(underWay < 0 && number == 0))
                File.Move(file, Path.Combine(work, $"{number}"));
        }

        if (!written)
            Put(world.ImportsFile, torn ? finished[..^20] : log);
        Put(world.HeadFile, head);
        string[] both = ["1 | other", "2 | words"];

        Assert.Equal(written ? both : ["1 | words"], world.Texts());
        Assert.Equal(written, world.Import(second).Known);
        Assert.Equal(both, world.Texts());
        world.Import(world.Lines(Item("3")));
        Assert.Equal([.. both, "3 | words"], world.Texts());
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(world.Workspace.Content, "under-way")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Where_locks_do_nothing_an_import_does_not_write_into_a_log_that_grew_since_it_was_read(bool isWhole)
    {
        using var world = new ContentWorld();
        world.Import(world.Lines(Item("1")));
        var before = (Log: File.ReadAllBytes(world.ImportsFile), Head: File.ReadAllBytes(world.HeadFile));
        world.Import(world.Lines("""{"account": "facebook:ann"}"""), ContentKind.Accounts);
        var after = (Log: File.ReadAllBytes(world.ImportsFile), Head: File.ReadAllBytes(world.HeadFile));
        void Put(byte[] log, byte[] head)
        {
            ContentWorld.Put(world.ImportsFile, log);
            ContentWorld.Put(world.HeadFile, head);
        }

        Put(before.Log, before.Head);
        var refused = Assert.Throws<AvalException>(() => Importing.Tables(
            world.Workspace, [world.Lines(Item("2"))],
            new ImportOptions(
                ContentKind.Items, null, Snapshot: false, InPlace: false, null, null, null,
                new EngineLimits(1, 500_000_000)),
            world.Clock,
            (step, _) =>
            {
                // Somebody else's import, whose head may not be written yet.
                if (step == "read")
                    Put(after.Log, isWhole ? after.Head : before.Head);
            }));

        Assert.Equal(ExitCode.Busy, refused.Exit);
        Assert.Contains("had read 1 lines, and found 2", refused.Message, StringComparison.Ordinal);
        Assert.Equal(after.Log, File.ReadAllBytes(world.ImportsFile));
        Assert.Equal(["1 | words"], world.Texts());
        world.Import(world.Lines(Item("2")));
        Assert.Equal(["1 | words", "2 | words"], world.Texts());
    }

    [Fact]
    public void A_file_that_no_import_knows_is_never_deleted_and_one_in_the_way_is_named()
    {
        using var world = new ContentWorld();
        world.Import(world.Lines(Item("1")));
        var beside = Path.Combine(world.Workspace.Content, "items", "999999-items.parquet");
        var inTheWay = Path.Combine(world.Workspace.Content, "items", "000002-items.parquet");
        Put(beside, [1]);
        Put(inTheWay, [2]);

        Assert.Contains(inTheWay, world.Refused(() => world.Import(world.Lines(Item("2")))).Message,
            StringComparison.Ordinal);
        File.Delete(inTheWay);
        world.Import(world.Lines(Item("2")));
        Assert.Equal([1], File.ReadAllBytes(beside));
    }

    [Fact]
    public void A_second_importer_waits_and_then_says_that_it_is_busy()
    {
        using var world = new ContentWorld();
        var path = world.Lines(Item("1"));
        using (world.Workspace.LockContent(TimeSpan.Zero))
            Assert.Equal(ExitCode.Busy, Assert.Throws<AvalException>(() => world.Import(path)).Exit);

        Assert.Equal(1, world.Import(path).Record.Counts.New);
    }
}
