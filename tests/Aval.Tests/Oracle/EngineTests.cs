namespace Aval.Tests.Oracles;

public class EngineTests
{
    public static TheoryData<string> Points => OracleTests.Points;

    [Theory]
    [MemberData(nameof(Points))]
    public void The_engine_holds_to_the_law(string point) =>
        OracleTests.Holds(EngineDecider.Decide, OracleTests.Cases[point]);

    [Fact]
    public void The_engine_decides_as_the_oracle_does()
    {
        // Each batch has a policy and an instant of its own; a longer run takes other seeds.
        var isLong = Environment.GetEnvironmentVariable("AVAL_LONG") == "1";
        ulong[] seeds = isLong ? [20250527, 1, 2, 3, 4, 5, 6, 7] : [20250527];
        var batches = isLong ? 120 : 48;
        var decided = seeds.Sum(seed => Agreement.Check(EngineDecider.Decide, batches, worlds: 20, seed));
        Assert.InRange(decided, (isLong ? 5_000 : 1_920) * seeds.Length, long.MaxValue);
        TestContext.Current.TestOutputHelper!.WriteLine($"{decided} items decided alike");
    }

    [Fact]
    public void Thousands_of_items_at_once_are_decided_as_each_alone()
    {
        // The engine works in vectors of 2,048 rows: what goes wrong at their edges shows only above.
        for (var number = 0u; number < 3; number++)
        {
            var crowd = Scenarios.Crowd(1_500).Numbered(number, seed: 20250527);
            var expected = Scenarios.Apart(crowd).SelectMany(world => world.DecidedBy(Oracle.Decide))
                .Select(decision => decision.ToString()).Order(StringComparer.Ordinal).ToList();
            Assert.InRange(expected.Count, 2_500, int.MaxValue);
            Assert.Equal(expected, crowd.DecidedBy(EngineDecider.Decide)
                .Select(decision => decision.ToString())
                .Order(StringComparer.Ordinal));
        }
    }
}
