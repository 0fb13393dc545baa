using Aval.Content;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.ContentStore;

/// <summary>
/// What was observed last is what holds, whatever was seen before it and in whatever order it was imported.
/// </summary>
public sealed class HistoryTests : IDisposable
{
    private const string January = "2025-01-01T00:00:00Z";
    private const string February = "2025-02-01T00:00:00Z";
    private const string March = "2025-03-01T00:00:00Z";
    private readonly ContentWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void What_is_imported_again_without_a_date_is_observed_now()
    {
        var friends = _world.Lines(Item("1", ("audience", "\"friends\"")));
        var open = _world.Lines(Item("1"));
        foreach (var path in (string[])[friends, open, friends])
            AtNextDay(() => _world.Import(path));

        Assert.Equal(["1 | friends"], _world.Query("SELECT item_id, audience FROM items_now"));
        Assert.Equal(
            ["1 | public"], _world.Query("SELECT item_id, audience FROM items_now", asOf: "2026-01-17T12:00:00Z"));
    }

    [Fact]
    public void Left_in_place_it_is_observed_again_too()
    {
        string Table(string name, string audience) => _world.Parquet(
            name,
            "SELECT '1' AS item_id, 'facebook' AS service, 'post' AS kind, 'facebook:ann' AS author, "
                + $"'{audience}' AS audience, 'a' AS text");
        var (friends, open) = (Table("f.parquet", "friends"), Table("p.parquet", "public"));
        foreach (var path in (string[])[friends, open, friends])
            AtNextDay(() => _world.Import(path, inPlace: true));

        Assert.Equal(["1 | friends"], _world.Query("SELECT item_id, audience FROM items_now"));
    }

    [Fact]
    public void A_birth_year_that_is_said_again_without_a_date_is_the_last_one_said()
    {
        var child = _world.Write("child.csv", "account,birth_year\nfacebook:kim,2012\n");
        var adult = _world.Write("adult.csv", "account,birth_year\nfacebook:kim,1980\n");
        foreach (var path in (string[])[child, adult, child])
            AtNextDay(() => _world.Import(path, ContentKind.Accounts));

        Assert.Equal(["facebook:kim | 2012"], _world.Query("SELECT account, birth_year FROM accounts_now"));
    }

    [Fact]
    public void A_snapshot_that_is_imported_again_is_a_snapshot_of_now()
    {
        var one = _world.Lines(Item("y"));
        var both = _world.Lines(Item("x"), Item("y"));
        foreach (var path in (string[])[one, both, one])
            AtNextDay(() => _world.Import([path], source: "a", snapshot: true));

        Assert.Equal(["x | deleted", "y | words"], _world.Texts());
        Assert.Equal(["x | words", "y | words"], _world.Texts(asOf: "2026-01-17T12:00:00Z"));
    }

    [Fact]
    public void A_whole_repeat_is_one_line_in_the_log_and_no_file()
    {
        var path = _world.Lines([.. Enumerable.Range(0, 50).Select(at => Item($"{at}"))]);
        AtNextDay(() => _world.Import(path));
        var (lines, files, sha) = (_world.Imports().Split('\n').Length, Files(), _world.Sha());
        var again = AtNextDay(() => _world.Import(path));

        Assert.False(again.Known);
        Assert.Equal("000001-items", again.Record.Repeats);
        Assert.Equal(lines + 1, _world.Imports().Split('\n').Length);
        Assert.Equal(files, Files());
        Assert.NotEqual(sha, _world.Sha());
        Assert.Equal(sha, _world.Sha(asOf: "2026-01-16T13:00:00Z"));
    }

    [Fact]
    public void A_repeat_is_the_same_content_as_another_file_that_says_the_same_then()
    {
        using var other = _world.Twin();
        var friends = Item("1", ("audience", "\"friends\""));
        var path = _world.Lines(friends, Said("2", "dated", January));
        AtNextDay(() => _world.Import(path));
        AtNextDay(() => _world.Import(path));
        foreach (var day in (int[])[1, 2])
        {
            other.Clock.Now = Today.AddDays(day);
            other.Import(other.Lines(day == 1 ? [Said("2", "dated", January), friends] : [friends]));
        }

        Assert.Equal(_world.ItemsNow(), other.ItemsNow());
        Assert.Equal(_world.Sha(), other.Sha());
    }

    [Fact]
    public void A_clock_that_was_put_back_makes_the_earlier_observation()
    {
        var (friends, open) = (_world.Lines(Item("1", ("audience", "\"friends\""))), _world.Lines(Item("1")));
        foreach (var (path, day) in ((string, int)[])[(open, 3), (friends, 2), (open, 1)])
        {
            _world.Clock.Now = Today.AddDays(day);
            _world.Import(path);
        }

        Assert.Equal(
            ["public", "friends", "public"],
            ((string[])["2026-01-16T12:00:00Z", "2026-01-17T12:00:00Z", "2026-01-18T12:00:00Z"])
                .Select(at => _world.Query("SELECT audience FROM items_now", at)[0]));
    }

    [Theory]
    [InlineData("January, March")]
    [InlineData("March, January")]
    [InlineData("January, February, March")]
    [InlineData("March, January, February")]
    [InlineData("February, March, January")]
    public void What_the_newest_snapshot_lacks_is_deleted_in_whatever_order_snapshots_come(string order)
    {
        foreach (var month in order.Split(", "))
        {
            var (at, lines) = month switch
            {
                "January" => (January, (string[])[Item("x"), Item("y"), Item("z")]),
                "February" => (February, [Item("x")]),
                _ => (March, [Item("y")]),
            };
            _world.Import([_world.Lines(lines)], source: "a", snapshot: true, observedAt: at);
        }

        Assert.Equal(["x | deleted", "y | words", "z | deleted"], _world.Texts());
        Assert.Equal(
            order.Contains("February", StringComparison.Ordinal)
                ? ["x | words", "y | deleted", "z | deleted"]
                : ["x | words", "y | words", "z | words"],
            _world.Texts(asOf: "2025-02-15T00:00:00Z"));
    }

    [Fact]
    public void A_late_snapshot_does_not_kill_what_only_it_lacks()
    {
        foreach (var (at, lines) in ((string, string[])[])[(January,
            [Item("x"), Item("y")]), (March, [Item("x"), Item("y")]), (February, [Item("y")])])
            _world.Import([_world.Lines(lines)], source: "a", snapshot: true, observedAt: at);

        Assert.Equal(["x | words", "y | words"], _world.Texts());
        Assert.Equal(["x | deleted", "y | words"], _world.Texts(asOf: "2025-02-15T00:00:00Z"));
    }

    [Fact]
    public void Being_listed_in_a_snapshot_is_an_observation_at_its_instant_whatever_the_row_says()
    {
        _world.Import([_world.Lines(Item("x"), Item("y"))], source: "a", snapshot: true, observedAt: January);
        _world.Import([_world.Lines(Item("y"))], source: "a", snapshot: true, observedAt: February);
        _world.Import(
            [_world.Lines(Said("x", "words", January), Said("y", "words", January))], source: "a", snapshot: true,
            observedAt: March);

        Assert.Equal(["x | words", "y | words"], _world.Texts());
    }

    [Fact]
    public void What_a_snapshot_lists_is_what_holds_though_its_row_is_older_than_another_observation()
    {
        _world.Import(_world.Lines(Said("x", "between", February)));
        _world.Import([_world.Lines(Said("x", "listed", January))], source: "a", snapshot: true, observedAt: March);

        Assert.Equal(["x | listed"], _world.Texts());
        Assert.Equal(["x | between"], _world.Texts(asOf: "2025-02-15T00:00:00Z"));
    }

    [Fact]
    public void What_was_deleted_keeps_its_author_and_what_it_last_said()
    {
        _world.Import([_world.Lines(Item("x", ("text", "\"old\"")))], source: "a", observedAt: January);
        _world.Import([_world.Lines(Item("x", ("author", "\"facebook:bob\"")))], source: "a", observedAt: February);
        _world.Import([_world.Lines(Item("y"))], source: "a", snapshot: true, observedAt: March);

        Assert.Equal(
            ["x | facebook:bob | words | true", "y | facebook:ann | words | false"],
            _world.Query("SELECT item_id, author, text, deleted::VARCHAR FROM items_now"));
    }

    [Fact]
    public void What_another_source_said_before_in_the_same_words_is_this_sources_too()
    {
        _world.Import([_world.Lines(Said("x", "words", January))], source: "b");
        _world.Import([_world.Lines(Said("x", "words", January), Item("y"))], source: "a");
        _world.Clock.Now = Today.AddDays(1);
        _world.Import([_world.Lines(Item("y"))], source: "a", snapshot: true);

        Assert.Equal(["x | deleted", "y | words"], _world.Texts());
    }

    [Fact]
    public void A_snapshot_is_other_content_than_the_same_rows()
    {
        using var other = _world.Twin();
        foreach (var (world, snapshot) in ((ContentWorld, bool)[])[(_world, true), (other, false)])
        {
            world.Import([world.Lines(Item("x"), Item("y"))], source: "a", observedAt: January);
            world.Import([world.Lines(Item("y"))], source: "a", snapshot: snapshot, observedAt: February);
        }

        Assert.NotEqual(_world.Sha(), other.Sha());
        Assert.Equal(_world.Sha(asOf: January), other.Sha(asOf: January));
    }

    private T AtNextDay<T>(Func<T> import)
    {
        _world.Clock.Now = _world.Clock.Now.AddDays(1);
        return import();
    }

    private string[] Files() => [.. Directory.EnumerateFiles(_world.Workspace.Content, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)];
}
