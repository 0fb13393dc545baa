namespace Aval.Tests.Oracles;

/// <summary>What must be decided about one item.</summary>
/// <param name="Item">The item.</param>
/// <param name="Author">Who published it.</param>
/// <param name="Admitted">In or out.</param>
/// <param name="Reason">Why it is out; null when it is in.</param>
/// <param name="Rule">The id of the first rule that excludes it; null when it is in.</param>
/// <param name="Rules">The ids of every rule that would exclude it, were it the only one: deleted-at-source, then in
/// the policy's order, then empty.</param>
public sealed record ExpectedDecision(
    Item Item, Account Author, bool Admitted, Reason? Reason, string? Rule, IReadOnlyList<string> Rules)
{
    public static ExpectedDecision In(Item item, Account author) => new(item, author, true, null, null, []);

    public static ExpectedDecision Out(Item item, Account author, Reason reason, params IReadOnlyList<string> rules) =>
        new(item, author, false, reason, rules[0], rules);

    // A record compares lists by reference, and two lists of the same rules would differ.
    public bool Equals(ExpectedDecision? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Admitted
        ? $"{Item} by {Author}: admitted"
            + (Rules.Count == 0 && Reason is null && Rule is null ? "" : " (and yet excluded: " + Excluded() + ")")
        : $"{Item} by {Author}: {Excluded()}";

    private string Excluded() =>
        $"{Reason?.ToText() ?? "no reason"} by {Rule ?? "no rule"} [{string.Join(", ", Rules)}]";
}
