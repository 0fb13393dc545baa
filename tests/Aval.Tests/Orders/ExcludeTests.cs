using Aval.Answers;
using Aval.Building;
using Aval.Corpus;
using Aval.Orders;
using Aval.Policies;
using Aval.Recall;
using Aval.Runs;
using Aval.Storage;
using Aval.Tests.Authors;
using Aval.Tests.ContentStore;
using Aval.Tests.Erasing;

namespace Aval.Tests.Orders;

/// <summary>What an order excludes is in no release that is made while it is in force, and no release that holds it is
/// used meanwhile.</summary>
public sealed class ExcludeTests : IDisposable
{
    private static readonly EngineLimits Small = new(1, 500_000_000);
    private static readonly Policy Everything = PolicyReader.Parse(BuiltRelease.AdmitsAll, "test.yaml");

    private readonly BuiltRelease _built = new(authors: 4);
    private readonly StandingClock _clock = new(ContentWorld.Today);

    private Workspace Workspace => _built.Workspace;

    public void Dispose() => _built.Dispose();

    [Fact]
    public void A_release_from_before_is_refused_until_it_is_recalled_and_then_the_order_is_the_reason()
    {
        var first = Build();
        Assert.Equal((8, 0), (first.Manifest.Admitted, first.Manifest.Orders.Count));
        var order = Serve(Of(authors: ["facebook:1"]));

        var refused = Assert.Throws<AvalException>(() => Used(first.Manifest));
        Assert.Equal(ExitCode.Refused, refused.Exit);
        Assert.Contains("file 1", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"ledger entry {order.Index}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("aval recall --corpus test", refused.Message, StringComparison.Ordinal);
        using (var late = LateChoices.Find(Workspace, first.Manifest, _clock.Now, Small))
            Assert.Equal([new LateCount(Reason.Ordered, 2, 1)], late.Counts);

        var recalled = Recall();
        Assert.Equal(new RowChanges(2, 0, 0), recalled.Record!.Rows);
        var manifest = Manifest.Read(recalled.Directory!);
        Assert.Equal([6, order.Index.Value], [manifest.Admitted, .. manifest.Orders]);
        Assert.Equal(manifest.Release, Used(manifest).Manifest.Release);
        Assert.Null(Recall().Record);
        using var replay = Replay.Of(Workspace, recalled.Directory!, Small);
        var about = Explanations.Of(replay, Account.Parse("facebook:1"))!;
        var why = Assert.Single(about.Excluded);
        Assert.Equal((Reason.Ordered, "ordered", 2), (why.Why.Reason, why.Rule, why.Items));
        Assert.Equal(order.Citation, why.Law);
        Assert.Equal(2, Explanations.Of(replay, Account.Parse("facebook:2"))!.Admitted);
    }

    [Fact]
    public void An_order_that_keeps_nothing_out_of_a_release_is_stated_all_the_same_once_it_is_recalled()
    {
        var first = Build();
        var order = Serve(Of(authors: ["facebook:77"]));
        Assert.Throws<AvalException>(() => Used(first.Manifest));
        var recalled = Recall();
        Assert.Equal(new RowChanges(0, 0, 0), recalled.Record!.Rows);
        var manifest = Manifest.Read(recalled.Directory!);
        Assert.Equal([8, order.Index.Value], [manifest.Admitted, .. manifest.Orders]);
        Used(manifest);
    }

    [Fact]
    public void A_replay_tells_what_was_in_force_then_and_a_recall_lets_nothing_in_that_was_lifted_since()
    {
        var order = Serve(Of(authors: ["facebook:1"]));
        var ordered = Build(_clock.Now);
        Assert.Equal(6, ordered.Manifest.Admitted);
        _clock.Now += TimeSpan.FromHours(1);
        OrderBook.Lift(Workspace, order.Index, "it is over", _clock);
        using (var replay = Replay.Of(Workspace, ordered.Directory, Small))
            Assert.Equal(0, Explanations.Of(replay, Account.Parse("facebook:1"))!.Admitted);
        Assert.True(Build(ordered.Manifest.AsOf).Existed);
        Assert.Null(Recall().Record);
        Used(ordered.Manifest);
        Assert.Equal(8, Build(_clock.Now).Manifest.Admitted);
    }

    [Fact]
    public void A_service_that_the_policy_does_not_admit_has_nothing_to_be_taken_out()
    {
        var facebook = PolicyReader.Parse(
            BuiltRelease.AdmitsAll + "  - {id: services, admit: [facebook]}\n", "test.yaml");
        var release = Build(policy: facebook).Manifest;
        Serve(Of(services: ["instagram"]));
        Used(release);
        Serve(Of(services: ["instagram", "facebook"]), "2");
        Assert.Throws<AvalException>(() => Used(release));
    }

    [Fact]
    public void A_list_names_accounts_by_keyed_hash_and_a_line_that_holds_none_is_refused()
    {
        var list = Path.Combine(Workspace.Root, "authors.txt");
        File.WriteAllLines(list, ["# of the annex", "facebook:2", "", "facebook:1", "facebook:2"]);
        var hashes = AuthorList.HashesOf(Workspace, AuthorList.Read(Workspace, list));
        Assert.Equal(2, hashes.Count);
        Assert.DoesNotContain("facebook", string.Concat(hashes), StringComparison.Ordinal);
        File.WriteAllLines(list, ["facebook:2", "facebook:1 "]);
        var refused = Assert.Throws<AvalException>(() => AuthorList.Read(Workspace, list));
        Assert.Contains("authors.txt, line 2", refused.Message, StringComparison.Ordinal);
        File.WriteAllLines(list, ["# nobody"]);
        Assert.Throws<AvalException>(() => AuthorList.Read(Workspace, list));
    }

    // As what any of them said keeps it out.
    [Fact]
    public void An_item_of_which_versions_name_several_authors_is_out_where_a_list_names_any_of_them()
    {
        using var world = new ErasingWorld();
        world.Import(
            ErasingWorld.Post("1", "ann"), ErasingWorld.Post("2", "bea"),
            ErasingWorld.Post("3", "cid", "2024-06-02"));
        world.Import(ErasingWorld.Post("1", "cid", "2024-06-02"));
        var key = AuthorList.Key(world.Workspace.ReadKey());
        OrderBook.Serve(
            world.Workspace,
            OrderWorld.Of("1", new OrderEffect.Exclude(
                [], [], [], null, null, [AuthorList.HashOf(key, "facebook:ann")])),
            world.Content.Clock);
        var release = world.Build(asOf: ContentWorld.Today.ToText());
        Assert.Equal([ErasingWorld.TextOf("2"), ErasingWorld.TextOf("3")], world.Rows(release.Directory));
    }

    [Fact]
    public void Many_orders_are_one_ground_and_each_still_counts()
    {
        for (var author = 0; author < 4; author++)
            Serve(Of(authors: [$"facebook:{author}"]), $"{author}");
        for (var other = 0; other < 60; other++)
            Serve(Of(authors: [$"facebook:{100 + other}"]), $"{100 + other}");
        Assert.Equal(0, Build(_clock.Now).Manifest.Admitted);
    }

    private OrderEffect.Exclude Of(string[]? services = null, string[]? authors = null) => new(
        services ?? [], [], [], null, null,
        [.. (authors ?? []).Select(account => AuthorList.HashOf(AuthorList.Key(Workspace.ReadKey()), account))]);

    private ServedOrder Serve(OrderEffect effect, string file = "1") =>
        OrderBook.Serve(Workspace, OrderWorld.Of(file, effect), _clock);

    private BuildOutcome Build(DateTimeOffset? asOf = null, Policy? policy = null) => _built.Build(
        asOf: (asOf ?? _clock.Now.AddHours(-1)).ToText(), policy: policy ?? Everything);

    private RecallOutcome Recall() => Recalling.Run(
        Workspace, new RecallRequest(BuiltRelease.Corpus, _clock.Now, IsTrial: false, Small, _clock), _ => { });

    private VerifiedRelease Used(Manifest release) => VerifiedRelease.Require(
        Workspace, $"{release.Corpus}/{release.Release}", "Nothing was exported.", _clock.Now);
}
