using Aval.Content;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.ContentStore;

/// <summary>
/// A row that cannot be taken may have protected: what it names by a readable id is out until it reads well again.
/// </summary>
public sealed class UnreadableUpdateTests : IDisposable
{
    private const string January = "2025-01-01T00:00:00Z";
    private const string February = "2025-02-01T00:00:00Z";
    private const string March = "2025-03-01T00:00:00Z";
    private readonly ContentWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("\"audience\": \"Friends\"")]
    [InlineData("\"deleted\": \"t\"")]
    [InlineData("\"author\": \"nobody\"")]
    [InlineData("\"author\": \"instagram:ann\"")]
    [InlineData("\"persons\": \"none\"")]
    [InlineData("\"created_at\": \"yesterday\"")]
    [InlineData("\"audience\": {\"to\": \"friends\"}")]
    [InlineData("\"text\": \"a\", \"text\": \"b\"")]
    public void An_item_whose_update_could_not_be_read_is_held_until_a_later_one_reads_well(string fault)
    {
        _world.Import(_world.Lines(Said("1", "old", January), Said("2", "other", January)));
        var row = "{\"item_id\": \"1\", \"service\": \"facebook\", \"kind\": \"post\", "
            + (fault.Contains("author", StringComparison.Ordinal) ? "" : "\"author\": \"facebook:ann\", ")
            + $"\"observed_at\": \"{February}\", {fault}}}";
        var outcome = _world.Import(_world.Lines(row, Said("3", "fine", February)));
        Assert.Equal((1, 1), (outcome.Record.Counts.Rejected, outcome.Record.Counts.Held));
        Assert.Equal(["1 | old | true", "2 | other | false", "3 | fine | false"], Items());
        Assert.Equal(["1 | old | false", "2 | other | false"], Items(asOf: "2025-01-15T00:00:00Z"));

        _world.Import(_world.Lines(Said("1", "old", March)));
        Assert.Equal(["1 | old | false", "2 | other | false", "3 | fine | false"], Items());
        Assert.Equal(["1 | old | true", "2 | other | false", "3 | fine | false"], Items(asOf: "2025-02-15T00:00:00Z"));
    }

    // Notices are a set: nothing could be held by a row that is not taken, and its account would go on as informed.
    [Theory]
    [InlineData("facebook:ann,v1,,2025-02-01 10:00:00", "column \"bounced_at\" should hold")]
    [InlineData("facebook:ann,v1,yesterday,2025-02-01T10:00:00Z", "column \"delivered_at\" should hold")]
    [InlineData("ann,v1,,2025-02-01T10:00:00Z", "column \"account\" should hold")]
    public void A_row_that_says_that_a_notice_came_back_and_cannot_be_taken_refuses_the_notices(string row, string says)
    {
        var path = _world.Write(
            "notices.csv", $"account,version,delivered_at,bounced_at\nfacebook:bea,v1,{January},\n{row}\n");

        var refused = _world.Refused(() => _world.Import(path, ContentKind.Notices));

        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains("notices.csv, line 3: " + says, refused.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was imported.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_notice_that_came_back_twice_in_one_line_refuses_the_notices_and_a_lost_delivery_does_not()
    {
        var twice = _world.Lines($$"""
            {"account": "facebook:ann", "version": "v1", "bounced_at": "{{January}}", "bounced_at": "{{March}}"}
            """);
        var lost = _world.Lines("""
            {"account": "facebook:ann", "version": "v1", "delivered_at": "yesterday", "bounced_at": " "}
            """);

        Assert.Contains(
            "line 1: column \"bounced_at\" should hold one value",
            _world.Refused(() => _world.Import(twice, ContentKind.Notices)).Message, StringComparison.Ordinal);
        Assert.Equal(1, _world.Import(lost, ContentKind.Notices).Record.Counts.Rejected);
    }

    [Fact]
    public void It_is_held_when_the_row_that_reads_well_arrives_late()
    {
        _world.Import(_world.Lines(Said("1", "good", March)));
        _world.Import(_world.Lines(Item("1", ("audience", "\"Friends\""), ("observed_at", $"\"{February}\""))));
        Assert.Equal(["1 | good | false"], Items());
        _world.Import(_world.Lines(Said("1", "before", January)));

        Assert.Equal(["1 | good | false"], Items());
        Assert.Equal(["1 | before | true"], Items(asOf: "2025-02-15T00:00:00Z"));
    }

    [Fact]
    public void A_row_that_does_not_say_when_holds_from_the_import_on_and_a_repeat_holds_again()
    {
        var bad = _world.Lines(Item("1", ("audience", "\"Friends\"")));
        var good = _world.Lines(Item("1"));
        foreach (var (path, day) in ((string, int)[])[(good, 1), (bad, 2), (good, 3), (bad, 4)])
        {
            _world.Clock.Now = Today.AddDays(day);
            _world.Import(path);
        }

        Assert.Equal(
            ["1 | words | false", "1 | words | true", "1 | words | false", "1 | words | true"],
            ((string[])["2026-01-16T12:00:00Z", "2026-01-17T12:00:00Z", "2026-01-18T12:00:00Z", "2026-01-19T12:00:00Z"])
                .Select(at => Items(at)[0]));
    }

    [Fact]
    public void A_date_that_cannot_be_read_holds_from_the_import_on()
    {
        _world.Import(_world.Lines(Said("1", "old", January)));
        _world.Import(_world.Lines(Said("1", "new", "2099-01-01T00:00:00Z")));

        Assert.Equal(["1 | old | true"], Items());
        Assert.Equal(["1 | old | false"], Items(asOf: "2026-01-15T11:59:59Z"));
    }

    [Fact]
    public void At_the_same_instant_what_could_not_be_read_holds()
    {
        _world.Import(_world.Lines(
            Said("1", "good", January), Item("1", ("audience", "\"Friends\""), ("observed_at", $"\"{January}\""))));

        Assert.Equal(["1 | good | true"], Items());
    }

    [Fact]
    public void A_line_without_a_readable_id_holds_nothing_and_is_counted()
    {
        _world.Import(_world.Lines(Item("1")));
        var outcome = _world.Import(_world.Lines(
            "not json", Item("1", ("item_id", "\"\"")), Item("1", ("service", "\"Face Book\"")), Item("2")));

        Assert.Equal((3, 0), (outcome.Record.Counts.Rejected, outcome.Record.Counts.Held));
        Assert.Equal(["1 | words | false", "2 | words | false"], Items());
    }

    [Fact]
    public void An_account_whose_update_could_not_be_read_is_held_with_its_last_facts_and_all_links()
    {
        _world.Import(
            _world.Write(
                "a.csv", $"account,person,country,birth_year,observed_at\nfacebook:ann,old,FR,1980,{January}\n"),
            ContentKind.Accounts);
        _world.Import(_world.Write("b.csv", $"account,person,country,observed_at\nfacebook:ann,new,fr,{February}\n"
            + $"facebook:bob,new,FR,{February}\n"), ContentKind.Accounts);

        Assert.Equal(
            ["facebook:ann | old | FR | 1980 | true", "facebook:bob | new | FR | null | false"],
            _world.Query("SELECT account, person, country, birth_year, unreadable::VARCHAR FROM accounts_now"));
        Assert.Equal(
            ["facebook:ann | new", "facebook:ann | old", "facebook:bob | new"],
            _world.Query("SELECT account, person FROM account_versions"));
        Assert.Equal(
            ["facebook:ann | old"],
            _world.Query("SELECT account, person FROM account_versions", asOf: "2025-01-15T00:00:00Z"));

        _world.Import(
            _world.Write("c.csv", $"account,person,country,observed_at\nfacebook:ann,old,FR,{March}\n"),
            ContentKind.Accounts);
        Assert.Equal(
            ["facebook:ann | false", "facebook:bob | false"],
            _world.Query("SELECT account, unreadable::VARCHAR FROM accounts_now"));
    }

    [Fact]
    public void An_account_of_which_no_row_could_be_read_is_held()
    {
        _world.Import(
            _world.Write("a.csv", "account,country\nfacebook:ann,fr\nfacebook:bob,FR\n"), ContentKind.Accounts);

        Assert.Equal(
            ["facebook:ann | facebook | true", "facebook:bob | facebook | false"],
            _world.Query("SELECT account, service, unreadable::VARCHAR FROM accounts_now"));
    }

    [Fact]
    public void Rows_left_in_place_hold_like_copied_ones()
    {
        _world.Import(_world.ParquetItems("a.parquet", $"('1', 'a', '{January}')"), inPlace: true);
        _world.Import(_world.Parquet("b.parquet", "SELECT '1' AS item_id, 'facebook' AS service, 'post' AS kind, "
            + $"'facebook:ann' AS author, 'Friends' AS audience, '{February}' AS observed_at"), inPlace: true);

        Assert.Equal(["1 | a | true"], Items());
    }

    [Fact]
    public void An_import_in_which_every_line_was_rejected_says_so_and_holds_what_its_lines_name()
    {
        _world.Import(_world.Lines(Said("1", "old", January)));
        var outcome = _world.Import(_world.Lines(Item("1", ("audience", "\"Friends\"")), "not json"));
        var fine = _world.Import(_world.Lines(Item("1", ("audience", "\"Friends\"")), Item("2")));

        Assert.True(outcome.AllRejected);
        Assert.False(fine.AllRejected);
        Assert.Equal(["1 | old | true", "2 | words | false"], Items());
    }

    [Fact]
    public void What_is_held_is_other_content()
    {
        using var other = _world.Twin();
        foreach (var world in (ContentWorld[])[_world, other])
            world.Import(world.Lines(Said("1", "old", January)));
        _world.Import(_world.Lines(Item("1", ("audience", "\"Friends\""))));

        Assert.NotEqual(other.Sha(), _world.Sha());
    }

    private IReadOnlyList<string> Items(string asOf = "2026-12-31T00:00:00Z") =>
        _world.Query("SELECT item_id, text, unreadable::VARCHAR FROM items_now", asOf);

    /// <summary>By what it says of her, others' texts are searched.</summary>
    [Fact]
    public void A_rejected_row_tells_by_what_an_account_is_known_but_for_what_is_wrong_in_it()
    {
        const string columns = "account,handle,display_name,birth_year,country,observed_at";
        _world.Import(
            _world.Write("a.csv", $"{columns}\nfacebook:ann,ann.old,,,FR,{January}\n"), ContentKind.Accounts);
        _world.Import(
            _world.Write(
                "b.csv", $"{columns}\nfacebook:ann,ann.new,Ann Fictive,2012,Germany,{February}\n"
                    + $"facebook:bea,bea.new,,12,Spain,{February}\n"),
            ContentKind.Accounts);

        Assert.Equal(
            ["facebook:ann | ann.new | Ann Fictive | 2012", "facebook:ann | ann.old | null | null",
                "facebook:bea | bea.new | null | null"],
            _world.Query("SELECT account, handle, display_name, birth_year FROM account_versions ORDER BY ALL"));
        Assert.Equal(
            ["facebook:ann | ann.old | null | null"],
            _world.Query(
                "SELECT account, handle, display_name, birth_year FROM account_versions",
                asOf: "2025-01-15T00:00:00Z"));
    }
}
