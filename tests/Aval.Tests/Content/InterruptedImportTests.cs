using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.ContentStore;

/// <summary>An import is its line in imports.jsonl; before that it is nothing.</summary>
public sealed class InterruptedImportTests
{
    [Fact]
    public void Files_whose_line_was_never_written_are_invisible_and_the_next_import_removes_them()
    {
        using var world = new ContentWorld();
        world.Import(world.Lines(Item("1")));
        var before = world.Imports();
        world.Import(world.Lines(Item("2"), Item("1", ("text", "\"other\"")), "broken"));
        var orphans = Directory.GetFiles(world.Workspace.Content, "000002-items*", SearchOption.AllDirectories);
        Assert.True(orphans.Length >= 4);
        world.Write("imports", before);
        File.Copy(world.File("imports"), world.ImportsFile, overwrite: true);

        Assert.Equal(["1 | words"], world.Texts());
        world.Import(world.Lines(Item("3")));

        Assert.Equal(["1 | words", "3 | words"], world.Texts());
        Assert.Equal(2, Directory.GetFiles(world.Workspace.Content, "000002-items*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void A_torn_last_line_is_no_import_and_the_next_import_takes_its_place()
    {
        using var world = new ContentWorld();
        world.Import(world.Lines(Item("1")));
        var second = world.Lines(Item("2"));
        world.Import(second);
        using (var imports = new FileStream(world.ImportsFile, FileMode.Open))
            imports.SetLength(imports.Length - 20);

        Assert.Equal(["1 | words"], world.Texts());
        Assert.False(world.Import(second).Known);
        Assert.Equal(["1 | words", "2 | words"], world.Texts());
        Assert.Equal(2, File.ReadAllLines(world.ImportsFile).Length);
    }

    [Fact]
    public void A_damaged_line_in_the_middle_is_refused()
    {
        using var world = new ContentWorld();
        world.Import(world.Lines(Item("1")));
        world.Write("imports", "{\"import_id\": 7\n" + world.Imports());
        File.Copy(world.File("imports"), world.ImportsFile, overwrite: true);

        Assert.Contains("imports.jsonl, line 1", Assert.Throws<AvalException>(() => world.ItemsNow()).Message, StringComparison.Ordinal);
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
