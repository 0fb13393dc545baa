using System.Globalization;
using Aval.Content;
using Aval.Policies;
using Aval.Storage;

namespace Aval.Decisions;

/// <summary>
/// What was said and found out until a release's <c>protect_until</c>, kept in an engine while the content as of the
/// release is loaded over it. A release is decided twice: by all facts as of the release, and once more with those
/// that protect (<see cref="Fact.IsProtective"/>) as of <c>protect_until</c>; out is what either keeps out. The second
/// decision is laid over the first before anything is decided of an item, so that a part of a build which nothing later
/// touches reads what it read before, and is not made again.
/// </summary>
internal sealed class Protection
{
    private const string Authors = "protecting_authors";
    private const string Named = "protecting_named";
    private const string Erased = "protecting_erased";
    private const string Items = "protecting_items";

    private readonly IReadOnlyList<Ground> _grounds;
    private readonly IReadOnlyList<Ground> _ofItems;
    private readonly IReadOnlyList<Fact> _carried;

    private Protection(
        IReadOnlyList<Ground> grounds, IReadOnlyList<Ground> ofItems, IReadOnlyList<Fact> carried,
        ErasureCheck erasure) =>
        (_grounds, _ofItems, _carried, Erasure) = (grounds, ofItems, carried, erasure);

    /// <summary>What of the erasures until then is to be asked of an item.</summary>
    public ErasureCheck Erasure { get; }

    /// <summary>
    /// The grounds that look at what a later version of an item says, and at nothing else: they are decided where that
    /// version is known.
    /// </summary>
    /// <exception cref="InvalidOperationException">One looks at both; nobody could decide it.</exception>
    internal static IReadOnlyList<Ground> OfItems(IReadOnlyList<Ground> grounds)
    {
        bool IsLater(Fact fact) => fact == Fact.Audience || fact == Fact.Deleted || fact == Fact.Unreadable;
        var some = grounds.Where(ground => ground.When.Facts.Any(IsLater)).ToArray();
        return some.FirstOrDefault(ground => !ground.When.Facts.All(IsLater)) is { } mixed
            ? throw new InvalidOperationException($"The rule {mixed.RuleId} looks at an item's later version and at "
                + $"facts as of the release in one condition: {mixed.When}")
            : some;
    }

    /// <summary>
    /// Keeps it. Needs the views of the content and the tables of <see cref="Choices.Stances"/> as of
    /// <c>protect_until</c>, with <c>as_of()</c> the release's instant.
    /// </summary>
    /// <param name="engine">Where they are.</param>
    /// <param name="policy">The regime.</param>
    /// <param name="buckets">How many buckets accounts are spread over.</param>
    public static Protection Keep(Engine engine, Policy policy, int buckets)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ContentFunctions.Provide(engine);
        var (grounds, carried) = ItemDecisions.Asked(policy);
        var ofItems = OfItems(grounds);
        // Who is drawn follows from the links as of the release, and protects nobody.
        Draws.MakeNone(engine);
        // Which orders count is the same in both decisions.
        OrderedAuthors.MakeNone(engine);
        engine.Execute(ItemDecisions.Authors(Authors, grounds, carried, buckets));
        engine.Execute(ItemDecisions.NamedItems(Named, grounds, carried));
        engine.Execute($"CREATE OR REPLACE TEMP TABLE {Erased} AS FROM erased_items");
        // What has one version says later what it says now.
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE {Items} AS
            SELECT service, item_id, {Mask(ofItems)} AS mask
            FROM {ItemFinding.Now(engine, "FROM contested_items")} AS now
            SEMI JOIN contested_items USING (service, item_id)
            WHERE {Mask(ofItems)} <> 0
            """);
        return new Protection(grounds, ofItems, carried, ItemDecisions.Erasures(engine, grounds));
    }

    /// <summary>
    /// Lays it over the tables of the decisions as of the release, and makes <c>late_items</c>: what later versions of
    /// items add to the masks of these.
    /// </summary>
    /// <param name="engine">Where they are; with the content's views as of the release.</param>
    /// <param name="authors">The table of authors' facts.</param>
    /// <param name="named">The table of facts of items that choices name.</param>
    /// <param name="nobody">The mask of an author of whom nothing is known.</param>
    internal void LayOver(Engine engine, string authors, string named, long nobody)
    {
        // Who wrote what is named later alone, as of the release; first, since few items are looked for among all.
        var since = $"SELECT service, item_id FROM {Named} ANTI JOIN {named} USING (service, item_id)";
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE protecting_written AS
            SELECT service, item_id, author FROM {named}
            UNION ALL
            SELECT service, item_id, author FROM {ItemFinding.Now(engine, since)} AS now
            SEMI JOIN ({since}) AS since USING (service, item_id)
            """);
        engine.Execute(OverNamed(authors, named, nobody));
        engine.Execute(OverAuthors(authors, nobody));
        engine.Execute($"""
            INSERT INTO erased_items
            SELECT service, item_id FROM {Erased} AS erased
            SEMI JOIN {ItemFinding.Now(engine, $"FROM {Erased}")} AS now USING (service, item_id)
            ANTI JOIN erased_items USING (service, item_id)
            """);
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE late_items AS
            SELECT service, item_id, author, later & ~sooner AS late_mask
            FROM (SELECT now.service, now.item_id, author, later.mask AS later, {Mask(_ofItems)} AS sooner
                  FROM {Items} AS later
                  JOIN {ItemFinding.Now(engine, $"SELECT service, item_id FROM {Items}")} AS now
                    USING (service, item_id))
            WHERE (later & ~sooner) <> 0
            """);
    }

    private static string Mask(IReadOnlyList<Ground> grounds) => ItemDecisions.Mask(grounds, Reach.Item);

    // Where a rule looks at no protective fact, what it says later is of another release.
    private string Protective => Number(_grounds
        .Where(ground => ground.When.Facts.Any(fact => fact.IsProtective))
        .Aggregate(0L, (mask, ground) => mask | (1L << ground.Bit)));

    private string OverAuthors(string authors, long nobody) => $"""
        CREATE OR REPLACE TEMP TABLE {authors} AS
        SELECT account, coalesce(now.bucket, later.bucket) AS bucket,
            coalesce(now.author_mask, {Number(nobody)})
                | (coalesce(later.author_mask, {Number(nobody)}) & {Protective}) AS author_mask
            {string.Concat(_carried.Select(fact => $", {Stricter(fact, $"now.{fact}", $"later.{fact}")} AS {fact}"))}
        FROM {authors} AS now FULL JOIN {Authors} AS later USING (account)
        """;

    // An item that is named then or now has facts in the place of its author's; where only one of the two names it, the
    // other's are its author's.
    private string OverNamed(string authors, string named, long nobody)
    {
        string Of(string of, string by, string column) =>
            $"CASE WHEN {of}.item_id IS NOT NULL THEN {of}.{column} ELSE {by}.{column} END";
        string Either(Fact fact) => Stricter(fact, Of("now", "author", fact.Name), Of("later", "protected", fact.Name));
        return $"""
            CREATE OR REPLACE TEMP TABLE {named} AS
            SELECT item.service, item.item_id, item.author,
                coalesce({Of("now", "author", "author_mask")}, {Number(nobody)})
                    | (coalesce({Of("later", "protected", "author_mask")}, {Number(nobody)}) & {Protective})
                    AS author_mask
                {string.Concat(_carried.Select(fact => $", {Either(fact)} AS {fact}"))}
            FROM protecting_written AS item
            LEFT JOIN {named} AS now ON now.service = item.service AND now.item_id = item.item_id
            LEFT JOIN {Named} AS later ON later.service = item.service AND later.item_id = item.item_id
            LEFT JOIN {authors} AS author ON author.account = item.author
            LEFT JOIN {Authors} AS protected ON protected.account = item.author
            """;
    }

    private static string Stricter(Fact fact, string now, string later) => (fact.IsProtective, fact.Stricter) switch
    {
        (false, _) => now,
        (true, { } stricter) => stricter(now, later),
        (true, null) => throw new InvalidOperationException($"Items are asked about {fact}, and of two of its values "
            + "nobody knows which is the stricter."),
    };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
