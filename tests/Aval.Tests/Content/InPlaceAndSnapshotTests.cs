using System.Globalization;
using Aval.Content;
using Aval.Content.Tables;
using Aval.Storage;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.ContentStore;

/// <summary>However content is brought, it is the same content; what is gone is gone.</summary>
public sealed class InPlaceAndSnapshotTests
{
    [Fact]
    public void Split_shuffled_copied_and_left_in_place_it_is_the_same_content()
    {
        string[] rows = [.. Enumerable.Range(0, 60)
            .Select(at => string.Create(
                CultureInfo.InvariantCulture,
                $"('{at % 23}', 'says {at % 7}', '2025-01-{(at * 13 % 28) + 1:D2}T00:00:00Z')"))];
        using var whole = new ContentWorld();
        whole.Import(whole.ParquetItems("all.parquet", string.Join(", ", rows)));
        var (items, sha) = (whole.ItemsNow(), whole.Sha());
        var (earlier, earlierSha) = (whole.ItemsNow("2025-01-10T00:00:00Z"), whole.Sha("2025-01-10T00:00:00Z"));
        foreach (var (inPlace, seed) in ((bool, int)[])[(false, 1), (true, 2), (true, 3)])
        {
            using var split = whole.Twin();
            var shuffled = rows.ToArray();
            new Random(seed).Shuffle(shuffled);
            foreach (var (part, at) in shuffled.Chunk(17).Select((part, at) => (part, at)))
                split.Import(split.ParquetItems($"part-{at}.parquet", string.Join(", ", part)), inPlace: inPlace);

            Assert.Equal(items, split.ItemsNow());
            Assert.Equal(sha, split.Sha());
            Assert.Equal(earlier, split.ItemsNow("2025-01-10T00:00:00Z"));
            Assert.Equal(earlierSha, split.Sha("2025-01-10T00:00:00Z"));
        }
    }

    [Theory]
    [InlineData("('1', 'b', '2025-01-01T00:00:00Z')")]
    [InlineData("('2', 'a', '2025-01-01T00:00:00Z')")]
    [InlineData("('1', 'a', '2025-01-01T00:00:00.000001Z')")]
    [InlineData("('1', 'a', '2025-01-01T00:00:00Z'), ('2', 'a', '2025-01-01T00:00:00Z')")]
    public void Other_content_has_another_hash(string values)
    {
        using var one = new ContentWorld();
        using var other = one.Twin();
        one.Import(one.ParquetItems("a.parquet", "('1', 'a', '2025-01-01T00:00:00Z')"));
        other.Import(other.ParquetItems("a.parquet", values));

        Assert.NotEqual(one.Sha(), other.Sha());
    }

    [Theory]
    [InlineData("instagram:kim", "instagram:lea", true)]
    [InlineData("instagram:Kim", "instagram:lea", false)]
    [InlineData("instagram:kim", "instagram:Lea", false)]
    public void Ids_left_in_place_are_in_form_also_where_the_import_found_all_of_them_so(
        string author, string mentioned, bool inForm)
    {
        using var world = new ContentWorld();
        var outcome = world.Import(world.Parquet("a.parquet", $"""
            SELECT '1' AS item_id, 'instagram' AS service, 'post' AS kind, '{author}' AS author, 'public' AS audience,
                [row('{mentioned}', 'mentioned')::STRUCT(account VARCHAR, role VARCHAR)] AS persons
            """), inPlace: true);

        Assert.Equal(inForm, outcome.Record.InForm);
        Assert.Equal(["instagram:kim"], world.Query("SELECT author FROM items_now"));
        Assert.Equal(["instagram:lea"], world.Query("SELECT persons[1].account FROM items_now"));
    }

    [Fact]
    public void A_file_left_in_place_that_changed_is_refused_with_both_hashes()
    {
        using var world = new ContentWorld();
        var path = world.ParquetItems("a.parquet", "('1', 'a', NULL::VARCHAR)");
        var recorded = world.Import(path, inPlace: true).Record.Files[0].Sha256;
        world.ParquetItems("a.parquet", "('1', 'b', NULL::VARCHAR)");
        var found = TableSource.Describe(path).Sha256;
        var refused = Assert.Throws<AvalException>(() => world.ItemsNow());

        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.All([path, recorded, found], part => Assert.Contains(part, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_left_in_place_that_was_cut_or_is_gone_is_refused()
    {
        using var world = new ContentWorld();
        var path = world.ParquetItems("a.parquet", "('1', 'a', NULL::VARCHAR)");
        var recorded = world.Import(path, inPlace: true).Record.Files[0].Sha256;
        using (var file = new FileStream(path, FileMode.Open))
            file.SetLength(file.Length - 1);
        Assert.Contains(
            recorded, Assert.Throws<AvalException>(() => world.ItemsNow()).Message, StringComparison.Ordinal);
        File.Delete(path);

        Assert.Contains(
            "is gone", Assert.Throws<AvalException>(() => world.ItemsNow()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_nobody_imported_are_not_laid_out()
    {
        using var world = new ContentWorld();
        var path = world.ParquetItems("a.parquet", "('1', 'a', NULL::VARCHAR)");
        world.Import(path, inPlace: true);
        var (before, log) = (File.ReadAllBytes(path), world.Imports());
        var refused = Assert.Throws<AvalException>(() => Compaction.LayOut(
            world.Workspace, ContentKind.Items, new EngineLimits(2, 1_000_000_000), world.Clock,
            _ => world.ParquetItems("a.parquet", "('1', 'b', NULL::VARCHAR)")));

        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains("changed while this command read it", refused.Message, StringComparison.Ordinal);
        Assert.Equal(log, world.Imports());
        Put(path, before);
        Assert.Equal(1, Compaction.LayOut(
            world.Workspace, ContentKind.Items, new EngineLimits(2, 1_000_000_000), world.Clock, _ => { }));
        Assert.Equal(["1 | a"], world.Texts());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Parquet_that_changes_between_its_hash_and_its_reading_is_not_imported(bool inPlace)
    {
        using var world = new ContentWorld();
        var path = world.ParquetItems("a.parquet", "('1', 'a', NULL::VARCHAR)");
        var refused = world.Refused(() => Importing.Tables(
            world.Workspace, [path],
            new ImportOptions(
                ContentKind.Items, null, Snapshot: false, inPlace, null, null, null,
                new EngineLimits(2, 1_000_000_000)),
            world.Clock,
            (step, done) =>
            {
                if (step == "read" && done == 0)
                    world.ParquetItems("a.parquet", "('1', 'b', NULL::VARCHAR)");
            }));

        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains("the file changed while it was read", refused.Message, StringComparison.Ordinal);
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rejected_and_repeated_rows_of_a_file_left_in_place_stay_out()
    {
        using var world = new ContentWorld();
        var outcome = world.Import(world.ParquetItems(
            "a.parquet",
            "('1', 'a', '2025-01-01T00:00:00Z'), ('1', 'a', '2025-01-01T00:00:00Z'), ('', 'bad', "
                + "'2025-01-01T00:00:00Z'), ('3', 'bad', 'yesterday'), ('4', 'b', NULL)"), inPlace: true);

        Assert.Equal([3L, 4L], outcome.Rejects.Select(reject => reject.Line));
        Assert.Equal(0, outcome.Record.Stored);
        Assert.Equal(["1 | a", "4 | b"], world.Texts());
    }

    [Fact]
    public void Text_cannot_be_left_in_place()
    {
        using var world = new ContentWorld();

        Assert.Equal(ExitCode.Usage, world.Refused(() => world.Import(world.Lines(Item("1")), inPlace: true)).Exit);
    }

    [Fact]
    public void What_a_snapshot_lacks_is_deleted_at_source_and_comes_back_when_it_is_observed_again()
    {
        using var world = new ContentWorld();
        world.Import([world.Lines(Item("stays"), Item("goes"))], source: "a", observedAt: "2025-01-01T00:00:00Z");
        world.Import([world.Lines(Item("elsewhere"))], source: "b", observedAt: "2025-01-01T00:00:00Z");
        var snapshot = world.Import(
            [world.Lines(Item("stays"))], source: "a", snapshot: true, observedAt: "2025-02-01T00:00:00Z");
        Assert.Equal(1, snapshot.Record.Counts.Deleted);
        Assert.Equal(["elsewhere | words", "goes | deleted", "stays | words"], world.Texts());
        var again = world.Import(
            [world.Lines(Item("stays"), Item("elsewhere"))], source: "a", snapshot: true,
            observedAt: "2025-02-02T00:00:00Z");
        Assert.Equal(0, again.Record.Counts.Deleted);
        world.Import([world.Lines(Item("goes"))], source: "a", observedAt: "2025-03-01T00:00:00Z");

        Assert.Equal(["elsewhere | words", "goes | words", "stays | words"], world.Texts());
        Assert.Equal(
            ["elsewhere | words", "goes | deleted", "stays | words"], world.Texts(asOf: "2025-02-15T00:00:00Z"));
        Assert.Equal(["elsewhere | words", "goes | words", "stays | words"], world.Texts(asOf: "2025-01-15T00:00:00Z"));
    }

    [Fact]
    public void A_snapshot_that_arrives_late_deletes_nothing_that_was_observed_after_it()
    {
        using var world = new ContentWorld();
        world.Import([world.Lines(Item("1"))], source: "a", observedAt: "2025-03-01T00:00:00Z");
        world.Import([world.Lines(Item("2"))], source: "a", snapshot: true, observedAt: "2025-02-01T00:00:00Z");

        Assert.Equal(["1 | words", "2 | words"], world.Texts());
    }

    [Fact]
    public void A_row_of_a_snapshot_that_is_rejected_lists_its_item_and_holds_it_out()
    {
        using var world = new ContentWorld();
        world.Import([world.Lines(Item("1"), Item("2"))], source: "a", observedAt: "2025-01-01T00:00:00Z");
        world.Import(
            [world.Lines(Item("1"), Item("2", ("kind", "\"poem\"")))], source: "a", snapshot: true,
            observedAt: "2025-02-01T00:00:00Z");

        Assert.Equal(
            ["1 | false | false", "2 | false | true"],
            world.Query("SELECT item_id, deleted::VARCHAR, unreadable::VARCHAR FROM items_now"));
    }

    [Fact]
    public void What_a_snapshot_of_files_left_in_place_lacks_is_deleted_too()
    {
        using var world = new ContentWorld();
        world.Import(
            [world.ParquetItems("a.parquet", "('1', 'a', '2025-01-01T00:00:00Z'), ('2', 'b', '2025-01-01T00:00:00Z')")],
            source: "a", inPlace: true);
        world.Import(
            [world.ParquetItems("b.parquet", "('1', 'a', '2025-02-01T00:00:00Z')")], source: "a", inPlace: true,
            snapshot: true);

        Assert.Equal(["1 | a", "2 | deleted"], world.Texts());
    }

    [Theory]
    [InlineData("infinity")]
    [InlineData("-infinity")]
    [InlineData("290000-01-01 00:00:00+00")]
    [InlineData("4000-01-01 (BC) 00:00:00+00")]
    public void An_instant_that_no_calendar_of_ours_holds_is_rejected_in_Parquet_too(string instant)
    {
        using var world = new ContentWorld();
        var path = world.Parquet(
            "a.parquet",
            "SELECT '1' AS item_id, 'facebook' AS service, 'post' AS kind, 'facebook:ann' AS author, "
                + $"'{instant}'::TIMESTAMPTZ AS created_at UNION ALL SELECT '2', 'facebook', 'post', "
                + "'facebook:ann', NULL");

        Assert.Equal("created_at", Assert.Single(world.Import(path).Rejects).Column);
        Assert.Equal(["2"], world.Query("SELECT item_id FROM items_now"));
    }
}
