using System.Globalization;
using Aval.Policies;
using Aval.Text.Copies;

namespace Aval.Text;

/// <summary>The rules of a policy that compare what items say.</summary>
/// <param name="Copies">Null = it has none.</param>
/// <param name="Duplicates">Null = it has none, or keeps all.</param>
internal sealed record MatchRules(Rule.Copies? Copies, Rule.Duplicates? Duplicates)
{
    /// <summary>Those of a policy; null = it compares nothing, and nothing is spent on it.</summary>
    public static MatchRules? Of(Policy policy)
    {
        var rules = new MatchRules(
            policy.Rules.OfType<Rule.Copies>().SingleOrDefault(),
            policy.Rules.OfType<Rule.Duplicates>().SingleOrDefault(rule => rule.Keep != KeptDuplicates.All));
        return rules is { Copies: null, Duplicates: null } ? null : rules;
    }

    /// <summary>The bands that find both.</summary>
    public Bands Bands => Bands.For(Least);

    /// <summary>All that a sketch depends on beside its item.</summary>
    public string Identity => string.Create(
        CultureInfo.InvariantCulture, $"sketch/4 {Copies is not null} {Bands.Count} {Bands.Rows}");

    private Ratio Least => (Copies?.Similarity, Duplicates?.Similarity) switch
    {
        ({ } one, { } other) => one.IsAtLeast(other) ? other : one,
        ({ } one, null) => one,
        (null, { } other) => other,
        (null, null) => throw new InvalidOperationException("A policy that compares nothing has no similarity."),
    };
}
