using Aval.Policies;

namespace Aval.Tests.Oracles;

/// <summary>
/// The expected decisions, computed item by item in the plainest way from docs/design.md, "Choices and stance" and
/// "Policy", by somebody who has not read the engine's own code: two readings of the same text that must agree.
/// Slow on purpose; never use it for anything but tests.
/// </summary>
public static class Oracle
{
    /// <summary>
    /// One decision for each item that has been observed by <paramref name="asOf"/>, by service and id.
    /// </summary>
    /// <param name="world">What was observed, delivered and said.</param>
    /// <param name="policy">The regime.</param>
    /// <param name="asOf">The instant T.</param>
    /// <param name="ledgerSize">Choices with an index below it are honoured.</param>
    public static IReadOnlyList<ExpectedDecision> Decide(
        World world, Policy policy, DateTimeOffset asOf, long ledgerSize)
    {
        var said = world.Choices
            .Where((choice, index) => index < ledgerSize && choice.ReceivedAt <= asOf && choice.MadeAt <= asOf)
            .ToList();
        return [.. ItemsAt(world, asOf).Select(item => Decide(Facts.About(item, world, said, policy, asOf)))];
    }

    /// <summary>Of each item the version that counts, by service and id.</summary>
    internal static IEnumerable<ItemVersion> ItemsAt(World world, DateTimeOffset asOf) => world.Items
        .Where(version => version.ObservedAt <= asOf)
        .GroupBy(version => version.Item)
        .Select(Latest)
        .OrderBy(item => item.Item.Service, StringComparer.Ordinal)
        .ThenBy(item => item.Item.Id, StringComparer.Ordinal);

    private static ExpectedDecision Decide(Facts facts)
    {
        var item = facts.Item;
        var exclusions = new List<(string Rule, Reason Reason)>();
        if (item.Deleted)
            exclusions.Add(("deleted-at-source", Reason.DeletedAtSource));
        foreach (var rule in facts.Policy.Rules.Where(rule => rule is not Rule.Share))
        {
            if (Exclusion.By(rule, facts) is { } reason)
                exclusions.Add((rule.Id, reason));
        }

        if (!item.HasMedia && (item.Text is null || item.Text.All(IsWhiteSpace)))
            exclusions.Add(("empty", Reason.Empty));
        // Asked last: what is not drawn is what everything else lets in.
        if (facts.Policy.Rules.OfType<Rule.Share>().Any(share => !Draw.Takes(share, facts.Person)))
            exclusions.Add(("share", Reason.NotDrawn));

        return exclusions.Count == 0
            ? ExpectedDecision.In(item.Item, item.Author)
            : ExpectedDecision.Out(
                item.Item, item.Author, exclusions[0].Reason, [.. exclusions.Select(exclusion => exclusion.Rule)]);
    }

    /// <summary>Observed last; of several observed at that instant a deletion, then one that was not public.</summary>
    /// <exception cref="InvalidOperationException">The rest of the order is that of the canonical content, which the
    /// oracle does not know: no test may depend on it.</exception>
    private static ItemVersion Latest(IEnumerable<ItemVersion> versions)
    {
        var ranked = versions
            .OrderByDescending(version => version.ObservedAt)
            .ThenByDescending(version => version.Deleted)
            .ThenBy(version => version.Audience == "public")
            .ToList();
        var first = ranked[0];
        var rivals = ranked.Where(version => version.ObservedAt == first.ObservedAt && version.Deleted == first.Deleted
            && (version.Audience == "public") == (first.Audience == "public"));
        return rivals.Distinct().Count() == 1
            ? first
            : throw new InvalidOperationException($"{first.Item} has several versions of {first.ObservedAt.ToText()} "
                + "between which only the canonical content decides.");
    }

    /// <summary>
    /// Unicode's White_Space property, written out: U+200B, U+FEFF and the separators U+001C–U+001F are not in it.
    /// </summary>
    private static bool IsWhiteSpace(char c) => c is
        (>= '\u0009' and <= '\u000D') or '\u0020' or '\u0085' or '\u00A0' or '\u1680' or (>= '\u2000' and <= '\u200A')
        or '\u2028' or '\u2029' or '\u202F' or '\u205F' or '\u3000';
}
