namespace Aval.Tests.Oracles;

public class AgreementTests
{
    private const ulong Seed = 20250527;
    private const int Batches = 4_000;

    // Few: the oracle asks of each item all that a scenario holds, which is slow on purpose.
    private const int WorldsInABatch = 4;

    // Each with what the oracle says of it: made once, for all mistakes that are looked for in them.
    private static readonly Lazy<(Scenario Scenario, IReadOnlyList<ExpectedDecision> Expected)>[] Crowds =
        [.. Enumerable.Range(0, Batches).Select(number => new Lazy<(Scenario, IReadOnlyList<ExpectedDecision>)>(() =>
        {
            var crowd = Scenarios.Crowd(WorldsInABatch).Numbered((uint)number, Seed);
            return (crowd, crowd.DecidedBy(Oracle.Decide));
        }))];

    public static TheoryData<string> Mistakes => [.. Misreadings.All.Keys];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void An_engine_that_makes_this_mistake_is_caught(string mistake)
    {
        var bend = Misreadings.All[mistake];
        var number = Array.FindIndex(
            Crowds, crowd => !bend(crowd.Value.Scenario).DecidedBy(Oracle.Decide).SequenceEqual(crowd.Value.Expected));
        Assert.True(number >= 0, "No generated scenario shows the mistake: an engine that makes it would pass.");
        TestContext.Current.TestOutputHelper!.WriteLine($"caught by batch {number}");
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_case_of_the_law_speaks_against_this_mistake(string mistake) =>
        Assert.Contains(OracleTests.Cases.Values, at => Differs(Misreadings.All[mistake], at.Scenario));

    [Fact]
    public void Every_reason_that_the_rules_can_give_is_generated()
    {
        Reason[] byOtherRules =
        [
            Reason.Ordered, Reason.PreferenceDisallows, Reason.MentionsMinor,
            Reason.MentionsObjector,
            Reason.CopyOfExcluded, Reason.Duplicate, Reason.LanguageNotAdmitted, Reason.UnreadableUpdate,
        ];
        var decisions = Enumerable.Range(0, 500)
            .SelectMany(number => Scenarios.Small.Numbered((uint)number, Seed).DecidedBy(Oracle.Decide)).ToList();
        Assert.Equal(
            Enum.GetValues<Reason>().Except(byOtherRules),
            decisions.Select(decision => decision.Reason).OfType<Reason>().Distinct().Order());
        Assert.InRange(decisions.Count(decision => decision.Admitted), decisions.Count / 12, decisions.Count / 2);
    }

    [Fact]
    public void Worlds_side_by_side_are_decided_as_each_alone()
    {
        for (var number = 0u; number < 40; number++)
        {
            var crowd = Scenarios.Crowd(6).Numbered(number, Seed);
            Assert.Equal(
                crowd.DecidedBy(Oracle.Decide).Select(decision => decision.ToString()).Order(StringComparer.Ordinal),
                Scenarios.Apart(crowd).SelectMany(world => world.DecidedBy(Oracle.Decide))
                    .Select(decision => decision.ToString()).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void A_disagreement_is_reduced_to_what_shows_it()
    {
        // Forgets every objection that is made on a linked account.
        static IReadOnlyList<ExpectedDecision> Wrong(
            World world, Aval.Policies.Policy policy, DateTimeOffset asOf, long size) =>
            Misreadings.All["Links are forgotten"](new Scenario(world, policy, asOf, size)).DecidedBy(Oracle.Decide);
        var crowd = Enumerable.Range(0, 100)
            .Select(number => Scenarios.Crowd(10).Numbered((uint)number, Seed))
            // A share looks at links too, and needs no choice to show it.
            .First(crowd => !crowd.Policy.Rules.Any(rule => rule is Aval.Policies.Rule.Share)
                && Agreement.Differs(Wrong, crowd));
        var reduced = Agreement.Reduced(Wrong, crowd);
        Assert.True(Agreement.Differs(Wrong, reduced));
        Assert.Single(reduced.World.Items);
        Assert.Single(reduced.World.Choices);
        Assert.Single(reduced.Policy.Rules);
        Assert.InRange(reduced.World.Accounts.Count, 1, 2);
        Assert.Empty(reduced.World.Notices);
        var report = Assert.Throws<Xunit.Sdk.FailException>(() => Agreement.Check(Wrong, 100, 10, Seed));
        Assert.Contains("the oracle expects", report.Message, StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper!.WriteLine(report.Message);
    }

    [Fact]
    public void The_oracle_agrees_with_itself_whatever_the_order_of_all_that_is_known() => Agreement.Check(
        (world, policy, asOf, size) => Oracle.Decide(
            new World
            {
                Items = [.. world.Items.Reverse()],
                Accounts = [.. world.Accounts.Reverse()],
                Notices = [.. world.Notices.Reverse()],
                Choices = [.. world.Choices.Take((int)size).Reverse()],
            },
            policy, asOf, size),
        batches: 100, worlds: 5, Seed);

    private static bool Differs(Func<Scenario, Scenario> bend, Scenario scenario) =>
        !bend(scenario).DecidedBy(Oracle.Decide).SequenceEqual(scenario.DecidedBy(Oracle.Decide));
}
