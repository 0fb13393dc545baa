using System.Text.Json.Serialization;
using Aval.Choices;

namespace Aval.Policies;

/// <summary>Items that an order keeps out: those to which all that is named here applies; what is not known of an item
/// applies to it.</summary>
/// <param name="Services">Of these services; none = of any.</param>
/// <param name="Kinds">Of these kinds; none = of any.</param>
/// <param name="Countries">By authors who live there: ISO 3166; none = anywhere.</param>
/// <param name="From">Written then or later; null = whenever.</param>
/// <param name="Until">Written before; null = whenever.</param>
/// <param name="List">The number of its list of authors among all such lists of the orders that count
/// (<see cref="Fact.OrderedIn"/>); null = by whomever.</param>
internal sealed record OrderedItems(
    IReadOnlyList<string> Services, IReadOnlyList<string> Kinds, IReadOnlyList<string> Countries,
    DateTimeOffset? From, DateTimeOffset? Until, int? List)
{
    /// <summary>The authors of that list, by keyed hash. Facts of accounts cross to other processes, and these do not.
    /// </summary>
    [JsonIgnore]
    public IReadOnlyList<string> Authors { get; init; } = [];

    /// <summary>When it applies.</summary>
    /// <param name="orUnknown">Also when that is not known.</param>
    internal FactSql When(bool orUnknown)
    {
        FactSql unknown = $"false";
        if (orUnknown)
            unknown = $"true";
        FactSql when = $"true";
        if (Services.Count > 0)
            when = $"{when} AND {Fact.Service} IN {Services}";
        if (Kinds.Count > 0)
            when = $"{when} AND {Fact.Kind} IN {Kinds}";
        if (Countries.Count > 0)
            when = $"{when} AND coalesce({Fact.Country} IN {Countries}, {unknown})";
        if (From is { } from)
            when = $"{when} AND coalesce({Fact.CreatedAt} >= {from}, {unknown})";
        if (Until is { } until)
            when = $"{when} AND coalesce({Fact.CreatedAt} < {until}, {unknown})";
        if (List is { } list)
            when = $"{when} AND coalesce(list_contains({Fact.OrderedIn}, {list}), false)";
        return when;
    }
}

/// <summary>An order of a court, an authority or the controller itself that keeps items out, whatever a policy says.
/// </summary>
/// <param name="Entry">Its entry of the ledger.</param>
/// <param name="Citation">What it is called: who, file number, dates, entry.</param>
/// <param name="Items">Which; an item to which one of these applies is out.</param>
internal sealed record OrderedOut(long Entry, string Citation, IReadOnlyList<OrderedItems> Items)
{
    /// <summary>What accounting and explanations call it.</summary>
    public const string RuleId = "ordered";

    // A mask has 62 bits, and every ground of an order takes one.
    private const int MostApart = 8;

    /// <summary>The exclusions of orders, in the order in which they were served: one each, or one for all where they
    /// are many.</summary>
    internal static IReadOnlyList<Exclusion> Exclusions(IReadOnlyList<OrderedOut> orders) => orders.Count <= MostApart
        ? [.. orders.Select(order => new Exclusion(Under(order.Citation), Any(order.Items, orUnknown: true)))]
        :
        [
            new Exclusion(
                Under("one of the orders that are entries " + string.Join(", ", orders.Select(order => order.Entry))
                    + " of the ledger"),
                Any([.. orders.SelectMany(order => order.Items)], orUnknown: true)),
        ];

    private static Why Under(string order) =>
        new(Reason.Ordered, "an order keeps it out", Cites.Nothing) { Law = order };

    /// <summary>SQL of when one of them is known to apply to an item, over its facts.</summary>
    internal string WhenKnown => Any(Items, orUnknown: false).ToString();

    /// <summary>SQL of when one of them may apply to an item, and none is known to.</summary>
    internal string WhenUndecided => $"({Any(Items, orUnknown: true)}) AND NOT ({Any(Items, orUnknown: false)})";

    private static FactSql Any(IReadOnlyList<OrderedItems> items, bool orUnknown) =>
        items.Select(one => one.When(orUnknown)).Aggregate((any, one) => $"{any} OR {one}");
}
