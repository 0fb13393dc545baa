namespace Aval.Decisions;

/// <summary>How often something of one kind was replaced in the texts of rows that were admitted.</summary>
/// <param name="Kind">What: <c>person</c>, or a kind of identifier.</param>
/// <param name="Language">The language of the texts.</param>
/// <param name="Count">How often.</param>
internal sealed record Masked(string Kind, string Language, long Count)
{
    /// <summary>Adds up counts: one a kind and language, in ordinal order.</summary>
    public static IReadOnlyList<Masked> Add(IEnumerable<Masked> counts) =>
    [
        .. counts.GroupBy(one => (one.Kind, one.Language))
            .Select(group => new Masked(group.Key.Kind, group.Key.Language, group.Sum(one => one.Count)))
            .OrderBy(one => one.Kind, StringComparer.Ordinal).ThenBy(one => one.Language, StringComparer.Ordinal),
    ];
}
