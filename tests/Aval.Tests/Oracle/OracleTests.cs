namespace Aval.Tests.Oracles;

public class OracleTests
{
    /// <summary>Every point, by its sentence: for the oracle and for whatever else decides.</summary>
    internal static readonly IReadOnlyDictionary<string, LawCase> Cases =
        new[] { ChoiceCases.All, RuleCases.All }.SelectMany(cases => cases).ToDictionary(at => at.Point);

    public static TheoryData<string> Points => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Points))]
    public void The_oracle_holds_to_the_law(string point) => Holds(Oracle.Decide, Cases[point]);

    /// <summary>A decider answers what the case expects, in whatever order.</summary>
    internal static void Holds(
        Func<World, Aval.Policies.Policy, DateTimeOffset, long, IReadOnlyList<ExpectedDecision>> decider, LawCase at) =>
        Assert.Equal(Sorted(at.Expected), Sorted(at.Scenario.DecidedBy(decider)));

    private static IEnumerable<string> Sorted(IEnumerable<ExpectedDecision> decisions) =>
        decisions.Select(decision => decision.ToString()).Order(StringComparer.Ordinal);
}
