using Aval.Building;
using Aval.Choices;
using Aval.Content;
using Aval.People;
using Aval.Policies;
using Aval.Storage;
using Aval.Tests.ContentStore;
using static Aval.Tests.EngineWorld;

namespace Aval.Tests.People;

/// <summary>A link value that makes strangers one person stops a build until somebody says what it is.</summary>
public sealed class LinkCrowdTests : IDisposable
{
    private static readonly LinkSettings Four = LinkSettings.Default with { AtMost = 4 };
    private readonly EngineWorld _world = new(Day("2025-12-01"));

    public void Dispose() => _world.Dispose();

    [Fact]
    public void As_many_accounts_as_are_allowed_are_one_person()
    {
        Share("7", 1, 2, 3, 4);
        Share("7", 1, 2, 3); // Versions of the same accounts add nobody.
        Assert.Empty(LinkCrowds.Find(_world.Engine, Four));
        Share("7", 5);
        Assert.Equal([new LinkCrowd("7", 5, 5)], LinkCrowds.Find(_world.Engine, Four));
    }

    [Fact]
    public void A_chain_of_small_groups_is_a_crowd_and_its_commonest_value_is_named()
    {
        Share("a", 1, 2);
        Share("b", 2, 3, 4);
        Share("c", 4, 5);
        Share("other", 8, 9);
        Assert.Equal([new LinkCrowd("b", 3, 5)], LinkCrowds.Find(_world.Engine, Four));
    }

    [Fact]
    public void Who_is_named_as_a_person_holds_two_groups_together()
    {
        Share("facebook:1", 2, 3);
        Share("p", 1, 4, 5);
        Assert.Equal([new LinkCrowd("p", 3, 5)], LinkCrowds.Find(_world.Engine, Four));
    }

    [Fact]
    public void A_confirmed_person_may_have_as_many_accounts_as_were_confirmed()
    {
        Share("agency", 1, 2, 3, 4, 5);
        var confirmed = Four with { Confirmed = new Dictionary<string, long> { ["agency"] = 5 } };
        Assert.Empty(LinkCrowds.Find(_world.Engine, confirmed));
        Share("agency", 6);
        Assert.Equal(6, Assert.Single(LinkCrowds.Find(_world.Engine, confirmed)).Accounts);
    }

    [Fact]
    public void A_build_over_a_junk_value_is_refused_until_it_is_declared_no_person_and_then_links_nobody()
    {
        using var world = new ContentWorld();
        world.Import(world.Lines(
            [.. Enumerable.Range(0, 6).Select(at => ContentWorld.Item($"{at}", ("author", $"\"facebook:{at}\"")))]));
        world.Import(
            world.Lines([.. Enumerable.Range(0, 6)
                .Select(at => $$"""{"account": "facebook:{{at}}", "person": "0", "birth_year": 1980}""")]),
            ContentKind.Accounts);
        Aval.Recording.Recorder.RecordOnce(
            world.Workspace, ContentWorld.Today,
            new Choice(
                ChoiceKind.Objection, Account.Parse("facebook:1"), Purpose.TrainGenerativeAi, Scope.Everything,
                ContentWorld.Today, ContentWorld.Today));

        var refused = Assert.Throws<AvalException>(() => Build(Opened(world, "links: {at-most: 5}")));
        Assert.Equal(ExitCode.Refused, refused.Exit);
        Assert.StartsWith(
            "6 accounts are linked into one person, 6 of them by the link value \"0\"", refused.Message,
            StringComparison.Ordinal);
        Assert.Contains("links: {at-most: 5, no-person: [\"0\"]}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("links: {at-most: 5, confirmed: {\"0\": 6}}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(
            "0", Assert.Single(LinkCrowds.Find(Opened(world, "links: {at-most: 5}"), ContentWorld.Today)).Value);

        Assert.Equal(6, Build(
            Opened(world, "links: {at-most: 5, confirmed: {\"0\": 6}}")).Accounting.Total.Excluded[Reason.Objected]);
        Assert.Equal(
            1,
            Build(Opened(world, "links: {at-most: 5, no-person: [\"0\"]}")).Accounting.Total.Excluded[Reason.Objected]);
    }

    [Theory]
    [InlineData("links: 200", "links states at-most, no-person or confirmed")]
    [InlineData("links: {at-most: 0}", "a number of accounts is a whole number above 0")]
    [InlineData("links: {no-person: 0}", "no-person is a list of link values")]
    [InlineData("links: {no-person: [\"\"]}", "a link value is a text that is not empty")]
    [InlineData("links: {largest: 3}", "the key \"largest\" is unknown; links has at-most, no-person and confirmed")]
    public void What_links_states_wrongly_is_refused_with_its_place(string line, string says)
    {
        using var world = new ContentWorld();
        var refused = Assert.Throws<AvalException>(() => Opened(world, line));
        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Contains(", line ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_links_states_is_read_as_it_was_written()
    {
        var links = new LinkSettings(300, ["0", "un\"known"], new Dictionary<string, long> { ["7"] = 450 });
        using var world = new ContentWorld();
        var read = Opened(world, links.ToYaml()).Settings.Links;
        Assert.Equal((links.AtMost, links.ToYaml()), (read.AtMost, read.ToYaml()));
    }

    private static Workspace Opened(ContentWorld world, string line)
    {
        Durable.Replace(
            Path.Combine(world.Workspace.Root, "aval.yaml"), world.Workspace.Settings.ToYaml() + line + "\n");
        return Workspace.Open(world.Workspace.Root, world.Workspace.Root);
    }

    private static BuildOutcome Build(Workspace workspace)
    {
        var policy = PolicyReader.Read(PolicyReader.Find("opt-out"));
        return Pipeline.Build(
            workspace, new BuildRequest(
                policy with { Rules = [.. policy.Rules.Where(rule => rule is Rule.Objection)] }, CorpusName.Parse("c"),
                ContentWorld.Today.AddHours(workspace.Settings.Links.NoPerson.Count + 1), null,
                new EngineLimits(1, 1_000_000_000)), _ => { });
    }

    private void Share(string person, params int[] accounts)
    {
        foreach (var account in accounts)
            _world.Account($"facebook:{account}", person);
    }
}
