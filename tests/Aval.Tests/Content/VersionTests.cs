using Aval.Content;
using Aval.Storage;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.ContentStore;

/// <summary>Of several versions, the one observed last is the item.</summary>
public sealed class VersionTests
{
    [Fact]
    public void The_version_observed_last_is_the_item_and_an_earlier_as_of_sees_the_earlier_one()
    {
        using var world = new ContentWorld();
        world.Import(world.Lines(
            Said("1", "first", "2025-01-01T00:00:00Z"), Said("1", "second", "2025-02-01T00:00:00Z"),
            Said("2", "other", "2025-03-01T00:00:00Z")));

        Assert.Equal(["1 | second", "2 | other"], world.Texts());
        Assert.Equal(["1 | second"], world.Texts(asOf: "2025-02-01T00:00:00Z"));
        Assert.Equal(["1 | first"], world.Texts(asOf: "2025-01-31T23:59:59.999999Z"));
        Assert.Empty(world.Texts(asOf: "2024-12-31T00:00:00Z"));
    }

    [Theory]
    [InlineData("text = 'second'")]
    [InlineData("true")]
    public void A_version_that_says_something_else_than_its_index_neither_vanishes_nor_lets_an_older_one_count(
        string tampered)
    {
        using var world = new ContentWorld(buckets: 1);
        world.Import(world.Lines([.. ((string[])["1", "2"]).SelectMany(id => (string[])
        [
            Said(id, "first", "2025-01-01T00:00:00Z"), Said(id, "second", "2025-02-01T00:00:00Z"),
        ])]));
        using var engine = Engine.Open(
            world.Workspace.Temporary, new EngineLimits(1, 500_000_000), world.Workspace.ReadKey());
        ContentViews.Create(engine, world.Workspace, Today);
        engine.Execute($"""
            CREATE TEMP TABLE kept AS FROM laid_items;
            CREATE OR REPLACE TEMP VIEW laid_items AS SELECT * REPLACE (
                CASE WHEN item_id = '2' AND {tampered} THEN 'other' ELSE text END AS text) FROM kept
            """);
        var observations = new Observations(
            ImportLog.Read(world.Workspace), ContentKind.Items, ContentChecks.Open(world.Workspace));
        var refused = Assert.Throws<AvalException>(
            () => Resolution.Create(engine, ContentKind.Items, observations, Today));

        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains("stored versions of facebook:2 ", refused.Message, StringComparison.Ordinal);
        engine.Execute("CREATE OR REPLACE TEMP VIEW laid_items AS FROM kept");
        Resolution.Create(engine, ContentKind.Items, observations, Today);
        Assert.Equal(2, engine.Scalar<long>("SELECT count(*) FROM current_items WHERE text = 'second'"));
    }

    [Fact]
    public void An_observation_that_arrives_late_does_not_undo_a_later_one_that_said_nothing_new()
    {
        using var world = new ContentWorld();
        world.Import(world.Lines(Said("1", "X", "2025-01-01T00:00:00Z")));
        world.Import(world.Lines(Said("1", "X", "2025-03-01T00:00:00Z")));
        var late = world.Import(world.Lines(Said("1", "Y", "2025-02-01T00:00:00Z")));

        Assert.Equal(1, late.Record.Counts.Older);
        Assert.Equal(["1 | X"], world.Texts());
        Assert.Equal(["1 | Y"], world.Texts(asOf: "2025-02-15T00:00:00Z"));
        Assert.Equal(["1 | X"], world.Texts(asOf: "2025-01-15T00:00:00Z"));
    }

    [Theory]
    [InlineData("0,1,2")]
    [InlineData("0,2,1")]
    [InlineData("1,0,2")]
    [InlineData("1,2,0")]
    [InlineData("2,0,1")]
    [InlineData("2,1,0")]
    public void The_order_of_imports_has_no_say(string order)
    {
        string[] lines = [Said("1", "X", "2025-01-01T00:00:00Z"), Said("1", "Y", "2025-02-01T00:00:00Z"), Said(
            "1", "X", "2025-03-01T00:00:00Z")];
        using var world = new ContentWorld();
        using var once = world.Twin();
        foreach (var at in order.Split(','))
            world.Import(world.Lines(lines[int.Parse(at, System.Globalization.CultureInfo.InvariantCulture)]));
        once.Import(once.Lines(lines));

        foreach (var asOf in (string[])["2025-01-15T00:00:00Z", "2025-02-15T00:00:00Z", "2025-03-15T00:00:00Z"])
        {
            Assert.Equal(once.ItemsNow(asOf), world.ItemsNow(asOf));
            Assert.Equal(once.Sha(asOf), world.Sha(asOf));
        }

        Assert.Equal(["1 | X"], world.Texts());
        Assert.Equal(["1 | Y"], world.Texts(asOf: "2025-02-15T00:00:00Z"));
    }

    [Fact]
    public void The_same_words_seen_first_late_and_then_early_are_one_and_the_same_item()
    {
        using var world = new ContentWorld();
        using var inOrder = world.Twin();
        string[] lines = [Said("1", "X", "2025-01-01T00:00:00Z"), Said("1", "X", "2025-03-01T00:00:00Z")];
        world.Import(world.Lines(lines[1]));
        world.Import(world.Lines(lines[0]));
        inOrder.Import(inOrder.Lines(lines[0]));
        inOrder.Import(inOrder.Lines(lines[1]));

        Assert.Equal(inOrder.ItemsNow(), world.ItemsNow());
        Assert.Equal(inOrder.Sha(), world.Sha());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void At_the_same_instant_a_deletion_wins_then_who_may_not_see_it_then_the_content(bool reversed)
    {
        const string At = "\"2025-01-01T00:00:00Z\"";
        string[] lines =
        [
            Item("deleted", ("text", "\"a\""), ("observed_at", At)),
            Item("deleted", ("text", "\"z\""), ("audience", "\"friends\""), ("observed_at", At)),
            Item("deleted", ("text", "\"z\""), ("deleted", "true"), ("observed_at", At)),
            Item("hidden", ("text", "\"a\""), ("observed_at", At)),
            Item("hidden", ("text", "\"z\""), ("audience", "\"friends\""), ("observed_at", At)),
            Item("plain", ("text", "\"a\""), ("observed_at", At)),
            Item("plain", ("text", "\"b\""), ("observed_at", At)),
        ];
        using var world = new ContentWorld();
        foreach (var line in reversed ? lines.Reverse() : lines)
            world.Import(world.Lines(line));

        Assert.Equal(
            ["deleted | true | public | z", "hidden | false | friends | z", "plain | false | public | a"],
            world.Query("SELECT item_id, deleted::VARCHAR, audience, text FROM items_now"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void At_the_same_instant_the_account_without_an_age_wins_then_the_younger(bool reversed)
    {
        using var world = new ContentWorld();
        string[] years = ["facebook:ann,2012", "facebook:ann,1980", "facebook:bea,1980", "facebook:bea,"];
        foreach (var (line, at) in (reversed ? years.Reverse() : years).Select((line, at) => (line, at)))
            world.Import(
                world.Write($"{at}.csv", $"account,birth_year,observed_at\n{line},2025-01-01T00:00:00Z\n"),
                ContentKind.Accounts);

        Assert.Equal(
            ["facebook:ann | 2012", "facebook:bea | null"],
            world.Query("SELECT account, birth_year::VARCHAR FROM accounts_now"));
    }

    [Fact]
    public void An_item_of_another_service_with_the_same_id_is_another_item()
    {
        using var world = new ContentWorld();
        world.Import(world.Lines(Item("1"), Item("1", ("service", "\"instagram\""), ("author", "\"instagram:ann\""))));

        Assert.Equal(["facebook", "instagram"], world.Query("SELECT service FROM items_now"));
    }

    [Fact]
    public void An_account_that_was_unlinked_keeps_all_its_versions()
    {
        using var world = new ContentWorld();
        world.Import(
            world.Write("a.csv", "account,person,observed_at\nfacebook:ann,family,2025-01-01T00:00:00Z\n"),
            ContentKind.Accounts);
        world.Import(
            world.Write("b.csv", "account,person,observed_at\nfacebook:ann,,2025-02-01T00:00:00Z\n"),
            ContentKind.Accounts);

        Assert.Equal(["facebook:ann | null"], world.Query("SELECT account, person FROM accounts_now"));
        Assert.Equal(
            ["facebook:ann | family", "facebook:ann | null"],
            world.Query("SELECT account, person FROM account_versions"));
        Assert.Equal(
            ["facebook:ann | family"],
            world.Query("SELECT account, person FROM accounts_now", asOf: "2025-01-15T00:00:00Z"));
    }

    [Fact]
    public void A_notice_counts_once_however_often_it_is_imported()
    {
        using var world = new ContentWorld();
        world.Import(world.Write("a.csv", "account,version,delivered_at\nfacebook:ann,v1,2025-01-01T00:00:00Z\n"
            + "facebook:ann,v1,2025-01-01T00:00:00Z\n"), ContentKind.Notices);
        world.Import(world.Write(
            "b.csv",
            "version,account,delivered_at,sent_at\nv1,facebook:ann,2025-01-01T00:00:00Z,\n"
                + "v2,facebook:ann,2025-02-01T00:00:00Z,2025-01-31T00:00:00Z\n"), ContentKind.Notices);

        Assert.Equal(
            ["facebook:ann | v1", "facebook:ann | v2"], world.Query("SELECT account, version FROM notices_now"));
    }

    [Fact]
    public void A_workspace_without_content_has_all_views_and_no_row()
    {
        using var world = new ContentWorld();

        Assert.Equal(["0 | 0 | 0 | 0"], world.Query("SELECT (SELECT count(*) FROM items_now), (SELECT count(*) "
            + "FROM accounts_now), (SELECT count(*) FROM account_versions), (SELECT count(*) FROM notices_now)"));
    }
}
