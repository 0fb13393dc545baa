using Aval.Policies;

namespace Aval.Tests.Oracles;

/// <summary>Whether a decider (the engine) decides as the oracle does, and if not, the least that shows it.</summary>
public static class Agreement
{
    /// <summary>
    /// Fails, with a minimal scenario in its message, when <paramref name="decider"/> answers anything else than the
    /// oracle for any item.
    /// </summary>
    /// <param name="decider">The engine, behind the oracle's signature.</param>
    /// <param name="batches">How many scenarios.</param>
    /// <param name="worlds">How many small worlds each scenario holds; about four items are decided in each.</param>
    /// <param name="seed">The same seed gives the same scenarios.</param>
    /// <returns>How many items were decided.</returns>
    public static long Check(
        Func<World, Policy, DateTimeOffset, long, IReadOnlyList<ExpectedDecision>> decider, int batches, int worlds,
        ulong seed)
    {
        var crowds = Scenarios.Crowd(worlds);
        var decided = 0L;
        for (var number = 0u; number < batches; number++)
        {
            var scenario = crowds.Numbered(number, seed);
            decided += scenario.DecidedBy(Oracle.Decide).Count;
            if (Differs(decider, scenario))
                Assert.Fail($"Batch {number} of seed {seed}, reduced:\n{Explain(decider, Reduced(decider, scenario))}");
        }

        return decided;
    }

    /// <summary>Whether the two answer differently for any item; the order of the answers is of no account.</summary>
    public static bool Differs(
        Func<World, Policy, DateTimeOffset, long, IReadOnlyList<ExpectedDecision>> decider, Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return !InOrder(scenario.DecidedBy(decider)).SequenceEqual(InOrder(scenario.DecidedBy(Oracle.Decide)));
    }

    /// <summary>A scenario from which nothing can be taken away without the two agreeing again.</summary>
    public static Scenario Reduced(
        Func<World, Policy, DateTimeOffset, long, IReadOnlyList<ExpectedDecision>> decider, Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        var at = scenario;
        // Without a tail that nobody honours, the ledger's size can follow its choices as they are taken away.
        var honoured = (int)Math.Min(at.LedgerSize, at.World.Choices.Count);
        Try(at with
        {
            World = at.World with { Choices = [.. at.World.Choices.Take(honoured)] },
            LedgerSize = honoured,
        });
        for (var before = -1; before != Size(at);)
        {
            before = Size(at);
            TakeAway(one => one.World.Items, (one, left) => one with { World = one.World with { Items = left } });
            TakeAway(one => one.World.Choices, (one, left) => one with
            {
                World = one.World with { Choices = left },
                LedgerSize = one.LedgerSize == one.World.Choices.Count ? left.Count : one.LedgerSize,
            });
            TakeAway(one => one.World.Accounts, (one, left) => one with { World = one.World with { Accounts = left } });
            TakeAway(one => one.World.Notices, (one, left) => one with { World = one.World with { Notices = left } });
            TakeAway(one => one.Policy.Rules, (one, left) => one with { Policy = one.Policy with { Rules = left } });
        }

        return at;

        void TakeAway<T>(Func<Scenario, IReadOnlyList<T>> list, Func<Scenario, IReadOnlyList<T>, Scenario> with)
        {
            // Halves first, then quarters…: most of a scenario has nothing to do with the difference.
            for (var chunk = list(at).Count; chunk > 0; chunk /= 2)
            {
                for (var from = 0; from < list(at).Count;)
                {
                    if (!Try(with(at, [.. list(at).Take(from), .. list(at).Skip(from + chunk)])))
                        from += chunk;
                }
            }
        }

        bool Try(Scenario less)
        {
            if (!Differs(decider, less))
                return false;
            at = less;
            return true;
        }
    }

    private static string Explain(
        Func<World, Policy, DateTimeOffset, long, IReadOnlyList<ExpectedDecision>> decider, Scenario scenario) =>
        $"{scenario}\nthe oracle expects\n  {string.Join("\n  ", InOrder(scenario.DecidedBy(Oracle.Decide)))}\n"
        + $"but decided was\n  {string.Join("\n  ", InOrder(scenario.DecidedBy(decider)))}";

    private static int Size(Scenario scenario) =>
        scenario.World.Items.Count + scenario.World.Choices.Count + scenario.World.Accounts.Count
        + scenario.World.Notices.Count + scenario.Policy.Rules.Count;

    private static IEnumerable<ExpectedDecision> InOrder(IEnumerable<ExpectedDecision> decisions) =>
        decisions.OrderBy(decision => decision.Item.Service, StringComparer.Ordinal)
            .ThenBy(decision => decision.Item.Id, StringComparer.Ordinal);
}
