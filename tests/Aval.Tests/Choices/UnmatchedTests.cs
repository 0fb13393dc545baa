using Aval.Answers;
using Aval.Building;
using Aval.Choices;
using Aval.Policies;
using Aval.Tests.ContentStore;
using static Aval.Tests.EngineWorld;

namespace Aval.Tests.Choices;

/// <summary>A choice that names what the content does not know is kept, and never without a word.</summary>
public sealed class UnmatchedTests : IDisposable
{
    private static readonly DateTimeOffset Before = Day("2025-05-20");
    private readonly EngineWorld _world = new(Day("2025-12-01"));

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Who_published_has_a_row_is_named_as_a_person_or_mentioned_is_known()
    {
        _world.Item("1", "facebook:author", mentioned: "facebook:mentioned");
        _world.Account("facebook:row", person: "facebook:person");
        foreach (var known in new[] { "facebook:author", "facebook:mentioned", "facebook:row", "facebook:person" })
            _world.Choose(ChoiceKind.Objection, known, Before);
        Assert.Empty(Unmatched());
        _world.Choose(ChoiceKind.Objection, "facebook:nobody", Before);
        _world.Choose(ChoiceKind.Objection, "outside:nobody", Before, "about-me");
        _world.Choose(ChoiceKind.Consent, "facebook:nobody", Before);
        Assert.Equal(
            [(4, "facebook:nobody"), (5, "outside:nobody"), (6, "facebook:nobody")],
            Unmatched().Select(choice => (choice.Index.Value, choice.Account)));
    }

    [Fact]
    public void Somebody_outside_who_is_mentioned_is_known()
    {
        _world.Item("1", "facebook:author", mentioned: "outside:o");
        _world.Choose(ChoiceKind.Objection, "outside:o", Before, "about-me");
        Assert.Empty(Unmatched());
    }

    [Fact]
    public void Somebody_outside_who_is_mentioned_in_another_spelling_is_known()
    {
        _world.Item("1", "facebook:author", mentioned: "outside:Kim_Fictive");
        _world.Choose(ChoiceKind.Objection, "outside:kim_fictive", Before, "about-me");
        _world.Choose(ChoiceKind.Objection, "outside:kim_fictiv", Before, "about-me");
        _world.Choose(ChoiceKind.Objection, "facebook:kim_fictive", Before);
        Assert.Equal(["outside:kim_fictiv", "facebook:kim_fictive"], Unmatched().Select(choice => choice.Account));
    }

    [Fact]
    public void Each_part_of_a_scope_is_judged_for_itself()
    {
        _world.Item("1", "facebook:author");
        _world.Item("9", "facebook:other");
        _world.Account("facebook:author", "p-1");
        _world.Account("instagram:author", "p-1");
        _world.Item("5", "instagram:author", service: "instagram");
        void Says(ChoiceKind kind, string scope, string account = "facebook:author") =>
            _world.Choose(kind, account, Before, scope);
        Says(ChoiceKind.Removal, "item:facebook:1;item:facebook:9", "outside:passer-by");
        Says(ChoiceKind.Objection, "item:facebook:1;about-me");
        Says(ChoiceKind.Objection, "item:instagram:5;service:facebook;service:instagram");
        Says(ChoiceKind.Consent, "service:facebook;item:facebook:1");
        Assert.Empty(Unmatched());
        Says(ChoiceKind.Removal, "item:facebook:1;item:facebook:2;item:instagram:1");
        Says(ChoiceKind.Objection, "everything;item:facebook:2%3B%25;service:facebok");
        // Somebody else's item is covered by nothing that is said of one's own.
        Says(ChoiceKind.Restriction, "item:facebook:9;service:facebook");
        // A consent reaches no other account of the person.
        Says(ChoiceKind.Consent, "item:instagram:5;service:facebook;service:instagram");
        Says(ChoiceKind.Objection, "service:instagram", "facebook:other");
        Assert.Equal(
            [
                "item:facebook:2;item:instagram:1", "item:facebook:2%3B%25;service:facebok", "item:facebook:9",
                "item:instagram:5;service:instagram", "service:instagram",
            ],
            Unmatched().Select(choice => choice.Parts));
    }

    [Fact]
    public void Who_was_an_earlier_author_of_an_item_protects_it_and_permits_nothing()
    {
        _world.Item("1", "facebook:author");
        _world.Engine.Execute(
            "INSERT INTO older_versions SELECT * REPLACE ('facebook:earlier' AS author) FROM items_now");
        foreach (var account in new[] { "facebook:author", "facebook:earlier" })
        {
            _world.Choose(ChoiceKind.Objection, account, Before, "item:facebook:1");
            _world.Choose(ChoiceKind.Consent, account, Before, "item:facebook:1");
        }

        Assert.Equal(3, Assert.Single(Unmatched()).Index.Value);
    }

    [Fact]
    public void A_forgotten_choice_counts_as_when_it_was_there()
    {
        var tokens = new SuppressionTokens(Key);
        _world.Item("1", "facebook:author", mentioned: "facebook:mentioned");
        _world.Choose(ChoiceKind.Objection, "facebook:author", Before);
        _world.Choose(ChoiceKind.Objection, "facebook:mentioned", Before);
        _world.Choose(ChoiceKind.Objection, "facebook:nobody", Before);
        _world.Choose(ChoiceKind.Objection, "outside:nobody", Before, "about-me");
        _world.Choose(ChoiceKind.Removal, "outside:nobody", Before, "item:facebook:1");
        _world.Choose(ChoiceKind.Removal, "outside:nobody", Before, "item:facebook:2");
        _world.Choose(ChoiceKind.Objection, "facebook:author", Before, "item:facebook:1;service:facebook");
        _world.Choose(ChoiceKind.Objection, "facebook:author", Before, "item:facebook:1;item:facebook:2");
        _world.Choose(ChoiceKind.Objection, "facebook:author", Before, "item:facebook:1;service:instagram");
        _world.Choose(ChoiceKind.Objection, "facebook:mentioned", Before, "item:facebook:1");
        var there = Unmatched();
        Assert.Equal([2, 3, 5, 7, 8, 9], there.Select(choice => choice.Index.Value));
        foreach (var choice in _world.TakeChoices())
            _world.Suppressions.Add(tokens.Of(choice));
        var forgotten = Unmatched();
        Assert.Equal(there.Select(choice => choice.Index), forgotten.Select(choice => choice.Index));
        Assert.All(forgotten, choice => Assert.Null(choice.Account));
    }

    [Theory]
    [InlineData("facebook:100045", "facebook:100044")] // one digit
    [InlineData("facebook:u100044", "facebook:100044")] // a letter before it
    [InlineData("facebook:00100044", "facebook:100044")] // noughts before it
    [InlineData("instagram:Kim.Fictive", "instagram:kim.fictive")] // its case
    [InlineData("instagram:kim_fictive", "instagram:kim.fictive")]
    [InlineData("facebook:kim.fictive", "instagram:kim.fictive")] // the service
    [InlineData("facebook:7", null)]
    public void The_nearest_accounts_are_offered(string said, string? offered)
    {
        _world.Account("facebook:100044");
        _world.Account("instagram:kim.fictive");
        _world.Account("facebook:9");
        _world.Account("facebook:somebody.else.entirely");
        _world.Choose(ChoiceKind.Objection, said, Before);
        var nearest = Assert.Single(Unmatched()).Nearest;
        Assert.Equal(offered is null ? ["facebook:9"] : [offered], nearest);
    }

    [Fact]
    public void A_build_counts_them_in_the_accounting_and_the_card_and_looks_again_each_time()
    {
        using var world = new ContentWorld();
        world.Import(world.Lines(ContentWorld.Item("1", ("observed_at", "\"2025-06-01T00:00:00Z\""))));
        Aval.Recording.Recorder.RecordOnce(world.Workspace, ContentWorld.Today, Objection("facebook:ann"));
        Aval.Recording.Recorder.RecordOnce(world.Workspace, ContentWorld.Today, Objection("facebook:ben"));
        var first = Build(world, "2026-01-15T12:00:00Z");
        Assert.Equal(1, first.Accounting.UnmatchedChoices);
        Assert.Contains(
            "\"unmatched_choices\": 1", File.ReadAllText(Path.Combine(first.Directory, "accounting.json")),
            StringComparison.Ordinal);
        Assert.Contains(
            "| of these, about accounts or items that the content does not know | 1 |",
            File.ReadAllText(Path.Combine(first.Directory, "README.md")), StringComparison.Ordinal);
        using (Replay.Of(world.Workspace, first.Directory, Aval.Storage.EngineLimits.Default))
        {
        }

        world.Import(world.Lines(
            ContentWorld.Item("2", ("author", "\"facebook:ben\""), ("observed_at", "\"2025-06-02T00:00:00Z\""))));
        Assert.Equal(0, Build(world, "2026-01-15T13:00:00Z").Accounting.UnmatchedChoices);
    }

    private static Choice Objection(string account) =>
        new(ChoiceKind.Objection, Account.Parse(account), Purpose.TrainGenerativeAi, Scope.Everything, Before, Before);

    private static BuildOutcome Build(ContentWorld world, string asOf) => Pipeline.Build(
        world.Workspace,
        new BuildRequest(
            PolicyReader.Read(PolicyReader.Find("opt-out")), CorpusName.Parse("c"), ContentWorld.Time(asOf), null,
            new Aval.Storage.EngineLimits(1, 1_000_000_000)),
        _ => { });

    private List<UnmatchedChoice> Unmatched()
    {
        _world.Prepare(Policy(new Rule.Objection(null, null)));
        return UnmatchedChoices.Find(_world.Engine) == 0 ? [] : [.. UnmatchedChoices.List(_world.Engine)];
    }
}
