using Aval.Choices;

namespace Aval.Policies;

/// <summary>A rule that holds under every policy, and that none may switch off.</summary>
/// <param name="Id">What accounting and explanations call it.</param>
/// <param name="Exclusions">When it excludes, and why.</param>
internal sealed record StandingRule(string Id, IReadOnlyList<Exclusion> Exclusions)
{
    private static readonly Why Unread = new(
        Reason.UnreadableUpdate, "the last that was observed of it or of its author could not be read", Cites.Nothing);

    private static readonly Why Nothing = new(Reason.Empty, "there is nothing in it", Cites.Nothing);

    /// <summary>What is gone where it was published is gone here.</summary>
    public static StandingRule DeletedAtSource { get; } = new(
        "deleted-at-source",
        [new(new(Reason.DeletedAtSource, "it was deleted where it was published", Cites.Nothing), $"{Fact.Deleted}")]);

    /// <summary>Of what was last observed and could not be read, nobody knows that it may be used.</summary>
    public static StandingRule UnreadableUpdate { get; } = new(
        "unreadable-update",
        [new(Unread, $"coalesce({Fact.AuthorUnreadable}, false)"), new(Unread, $"{Fact.Unreadable}")]);

    /// <summary>What holds nothing teaches nothing.</summary>
    public static StandingRule Empty { get; } = new(
        "empty",
        [
            // Unicode White_Space. The first character is looked at before the regular expression runs: it runs on one
            // text in a million.
            new(Nothing, $$"""
                ({{Fact.Text}} IS NULL OR {{Fact.Text}} = ''
                 OR ((unicode({{Fact.Text}}) <= 32 OR unicode({{Fact.Text}}) IN (133, 160)
                      OR unicode({{Fact.Text}}) BETWEEN 5760 AND 12288)
                     AND regexp_full_match({{Fact.Text}}, '[\t-\r\x{85}\p{Z}]*')))
                AND coalesce(len({{Fact.Media}}), 0) = 0
                """),
        ]);

    /// <summary>Before the first rule of every policy.</summary>
    public static IReadOnlyList<StandingRule> First { get; } = [DeletedAtSource, UnreadableUpdate];

    /// <summary>The same, with the orders in force where there are any: no policy can let in what is ordered out.
    /// </summary>
    public static IReadOnlyList<StandingRule> Before(Policy policy) => policy.Ordered.Count == 0
        ? First
        : [.. First, new StandingRule(OrderedOut.RuleId, OrderedOut.Exclusions(policy.Ordered))];

    /// <summary>After its last.</summary>
    public static IReadOnlyList<StandingRule> Last { get; } = [Empty];
}
