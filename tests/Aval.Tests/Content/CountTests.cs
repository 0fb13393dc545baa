using Aval.Content;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.ContentStore;

/// <summary>Every row that was read is told of, once.</summary>
public sealed class CountTests
{
    [Fact]
    public void Every_row_read_is_new_newer_older_unchanged_repeated_or_rejected()
    {
        using var world = new ContentWorld();
        world.Import(world.Lines(
            Said("same", "a", "2025-02-01T00:00:00Z"), Said("changed", "a", "2025-02-01T00:00:00Z"),
            Said("late", "a", "2025-02-01T00:00:00Z")));
        var counts = world.Import(world.Lines(
            Said("same", "a", "2025-03-01T00:00:00Z"), Said("changed", "b", "2025-03-01T00:00:00Z"),
            Said("late", "b", "2025-01-01T00:00:00Z"),
            Said("fresh", "a", "2025-03-01T00:00:00Z"), Said("fresh", "a", "2025-03-01T00:00:00Z"),
            Said("fresh", "b", "2025-03-02T00:00:00Z"),
            Item("bad", ("kind", "\"poem\"")), "not json")).Record.Counts;

        Assert.Equal(
            new ImportCounts(
                Read: 8, New: 1, Newer: 2, Older: 1, Unchanged: 1, Duplicates: 1, Deleted: 0, Rejected: 2, Held: 1),
            counts);
        Assert.Equal(
            counts.Read,
            counts.New + counts.Newer + counts.Older + counts.Unchanged + counts.Duplicates + counts.Rejected);
    }

    [Fact]
    public void The_same_file_again_changes_nothing_when_it_says_when_it_was_observed()
    {
        using var world = new ContentWorld();
        var path = world.Lines(Said("1", "a", "2025-01-01T00:00:00Z"), Said("2", "a", "2025-01-02T00:00:00Z"));
        world.Import(path);
        var (imports, sha) = (world.Imports(), world.Sha());
        world.Clock.Now = Today.AddDays(3);
        var again = world.Import(path);

        Assert.True(again.Known);
        Assert.Equal("000001-items", again.Record.ImportId);
        Assert.Equal(imports, world.Imports());
        Assert.Equal(sha, world.Sha());
    }

    [Fact]
    public void The_same_rows_in_another_file_are_unchanged()
    {
        using var world = new ContentWorld();
        world.Import(world.Lines(Said("1", "a", "2025-01-01T00:00:00Z"), Said("2", "b", "2025-01-01T00:00:00Z")));
        var sha = world.Sha();
        var again = world.Import(world.ParquetItems(
            "other.parquet", "('2', 'b', '2025-01-01T00:00:00.000Z'), ('1', 'a', '2025-01-01T01:00:00+01:00')")).Record;

        Assert.Equal(2, again.Counts.Unchanged);
        Assert.Equal(0, again.Stored);
        Assert.Equal(sha, world.Sha());
    }

    [Fact]
    public void An_observation_that_is_stated_is_another_import_of_the_same_file()
    {
        using var world = new ContentWorld();
        var path = world.Lines(Item("1"));
        world.Import(path, observedAt: "2025-01-01T00:00:00Z");
        var later = world.Import(path, observedAt: "2025-02-01T00:00:00Z");

        Assert.False(later.Known);
        Assert.Equal(1, later.Record.Counts.Unchanged);
    }

    [Fact]
    public void What_is_stated_of_the_audience_holds_for_what_does_not_say_and_is_recorded()
    {
        using var world = new ContentWorld();
        var outcome = world.Import([world.Lines(
            Item("silent", ("audience", null)), Item("unknown", ("audience", "\"unknown\"")),
            Item("friends", ("audience", "\"friends\"")))], audience: "public");

        Assert.Equal("public", outcome.Record.Audience);
        Assert.Equal(
            ["friends | friends", "silent | public", "unknown | public"],
            world.Query("SELECT item_id, audience FROM items_now"));
    }

    [Fact]
    public void What_does_not_say_to_whom_it_was_published_is_unknown()
    {
        using var world = new ContentWorld();
        world.Import(world.Lines(Item("1", ("audience", null))));

        Assert.Equal(["unknown"], world.Query("SELECT audience FROM items_now"));
    }
}
