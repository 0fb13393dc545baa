using Aval.Choices;
using Aval.Policies;
using CsCheck;
using static Aval.Tests.EngineWorld;

namespace Aval.Tests.Choices;

/// <summary>Which mandates count, what they cover, and that no stance knows them.</summary>
public sealed class MandateTests
{
    private const string To = "rights.example";
    private static readonly DateTimeOffset At = Day("2025-12-01");

    [Fact]
    public void A_mandate_counts_until_it_ends_or_is_revoked_and_again_when_it_is_given_again()
    {
        Assert.Equal([0], InForce(Given("facebook:1", "2025-05-01")));
        Assert.Equal([0], InForce(Given("facebook:1", "2025-05-01") with { Until = At.AddDays(1) }));
        Assert.Empty(InForce(Given("facebook:1", "2025-05-01") with { Until = At }));
        Assert.Empty(InForce(Given("facebook:1", "2025-12-02")));
        Assert.Empty(InForce(Given("facebook:1", "2025-05-01") with { ReceivedAt = At.AddDays(1) }));
        Assert.Empty(InForce(Given("facebook:1", "2025-05-01"), Revoked("facebook:1", "2025-06-01")));
        Assert.Empty(InForce(Given("facebook:1", "2025-05-01"), Revoked("facebook:1", "2025-05-01")));
        Assert.Equal([0], InForce(Given("facebook:1", "2025-05-01"), Revoked("facebook:1", "2025-04-01")));
        Assert.Equal([0], InForce(Given("facebook:1", "2025-05-01"), Revoked("facebook:1", "2025-12-02")));
        Assert.Equal([2], InForce(
            Given("facebook:1", "2025-05-01"), Revoked("facebook:1", "2025-06-01"), Given("facebook:1", "2025-07-01")));
    }

    [Fact]
    public void A_revocation_ends_the_mandates_of_its_person_to_whom_and_for_what_it_says()
    {
        var other = Given("facebook:1", "2025-05-01") with { Association = "other.example" };
        Assert.Equal(
            [1], InForce(Given("facebook:1", "2025-05-01"), other, Revoked("facebook:1", "2025-06-01", To)));
        Assert.Empty(InForce(Given("facebook:1", "2025-05-01"), other, Revoked("facebook:1", "2025-06-01")));
        Assert.Equal([0], InForce(
            Given("facebook:1", "2025-05-01"),
            Revoked("facebook:1", "2025-06-01") with { Purpose = Purpose.CombineServices }));
        // The account with one letter is the same person as the one with its double.
        Assert.Empty(InForce(Given("facebook:1", "2025-05-01"), Revoked("facebook:11", "2025-06-01")));
        Assert.Equal([0], InForce(Given("facebook:1", "2025-05-01"), Revoked("facebook:2", "2025-06-01")));
    }

    [Fact]
    public void A_revocation_that_was_forgotten_goes_on_ending_what_was_given_before()
    {
        var token = new Suppression(
            new EntryIndex(9), ChoiceKind.MandateRevoked, "token of facebook:11", Purpose.TrainGenerativeAi,
            "everything", Day("2025-06-01"), Day("2025-06-01"));
        IReadOnlyList<GivenMandate> Counting(Choice mandate) => Mandates.InForce(
            [new Recorded(new EntryIndex(0), mandate)], [token], new Doubles(), At);
        Assert.Empty(Counting(Given("facebook:1", "2025-05-01")));
        Assert.Single(Counting(Given("facebook:2", "2025-05-01")));
        Assert.Single(Counting(Given("facebook:1", "2025-07-01")));
    }

    [Theory]
    [InlineData("objection", "everything", true)]
    [InlineData("objection", "about-me", true)]
    [InlineData("refusal", "item:facebook:7", true)]
    [InlineData("removal", "item:facebook:7", true)]
    [InlineData("consent", "everything", false)]
    [InlineData("objection-lifted", "everything", false)]
    [InlineData("restriction-lifted", "everything", false)]
    [InlineData("erasure", "everything", false)]
    [InlineData("mandate", "everything", false)]
    [InlineData("mandate-revoked", "everything", false)]
    public void A_mandate_for_everything_covers_what_protects_and_can_be_taken_back(
        string kind, string scope, bool covers)
    {
        var mandate = Given("facebook:1", "2025-05-01");
        Assert.Equal(covers, Mandates.Covers(mandate, Said(kind, "facebook:1", scope)));
        Assert.False(Mandates.Covers(mandate, Said(kind, "facebook:2", scope)));
        Assert.False(Mandates.Covers(
            mandate, Said(kind, "facebook:1", scope) with { Purpose = Purpose.CombineServices }));
    }

    [Theory]
    [InlineData("service:facebook", "service:facebook", true)]
    [InlineData("service:facebook", "item:facebook:7", true)]
    [InlineData("service:facebook", "item:facebook:7;item:instagram:7", false)]
    [InlineData("service:facebook", "everything", false)]
    [InlineData("service:facebook;about-me", "about-me;item:facebook:7", true)]
    [InlineData("item:facebook:7", "item:facebook:8", false)]
    [InlineData("about-me", "everything", false)]
    public void A_mandate_covers_no_more_than_its_scope(string mandated, string said, bool covers) => Assert.Equal(
        covers,
        Mandates.Covers(
            Given("facebook:1", "2025-05-01") with { Scope = Parsed(mandated) },
            Said("objection", "facebook:1", said)));

    // The oracle's random worlds hold mandates too (Oracle/Worlds.cs); here what they must leave alone stands beside
    // it.
    [Fact]
    public void Mandates_change_no_stance_no_decision_and_no_number() => ValidChoices.Any.Array[1, 12].Sample(
        choices =>
        {
            var (without, with) = (Known(), Known());
            using (without)
            using (with)
            {
                foreach (var (at, choice) in choices.Index())
                {
                    var recorded = new Recorded(
                        new EntryIndex(at), choice with { Account = Account.Parse("facebook:1") });
                    with.Choose(recorded);
                    if (choice.Kind is not (ChoiceKind.Mandate or ChoiceKind.MandateRevoked))
                        without.Choose(recorded);
                }

                Assert.Equal(Seen(without), Seen(with));
            }
        },
        iter: 30, threads: 1);

    private static EngineWorld Known()
    {
        var world = new EngineWorld(ValidChoices.Now.AddDays(2));
        world.Item("a", "facebook:1");
        world.Item("7", "facebook:1");
        return world;
    }

    private static string Seen(EngineWorld world)
    {
        var decided = world.Decide(
            new Rule.Erasure(null), new Rule.Restriction(null), new Rule.Objection(null, null), new Rule.Consent(null));
        var counted = world.Engine.Scalar<long>("SELECT count(*) FROM statements");
        return string.Join('\n', decided.Select(one => $"{one.ItemId} {one.Mask}")) + $"\n{counted} "
            + $"{Stances.Of(world.Engine, "facebook:1")} {Stances.Covering(world.Engine, "facebook:1").Count}";
    }

    private static int[] InForce(params Choice[] choices) =>
    [
        .. Mandates.InForce(
            choices.Select((choice, at) => new Recorded(new EntryIndex(at), choice)), [], new Doubles(), At)
            .Select(one => (int)one.Recorded.Index.Value),
    ];

    private static Choice Given(string account, string madeAt) => new(
        ChoiceKind.Mandate, Account.Parse(account), Purpose.TrainGenerativeAi, Scope.Everything, Day(madeAt),
        Day(madeAt), Association: To);

    private static Choice Revoked(string account, string madeAt, string? association = null) =>
        Given(account, madeAt) with { Kind = ChoiceKind.MandateRevoked, Association = association };

    private static Choice Said(string kind, string account, string scope) => Given(account, "2025-06-01") with
    {
        Kind = ChoiceKinds.TryParse(kind, out ChoiceKind parsed) ? parsed : throw new ArgumentException(kind),
        Scope = Parsed(scope),
        Association = null,
    };

    private static Scope Parsed(string text) =>
        Scope.TryParse(text, out var scope) ? scope : throw new ArgumentException(text);

    // facebook:N and facebook:NN are one person.
    private sealed class Doubles : IPersons
    {
        public string Of(Account account) => account.Id[..1];

        public IEnumerable<string> Tokens(Account account) =>
            [$"token of facebook:{Of(account)}", $"token of facebook:{Of(account)}{Of(account)}"];
    }
}
