namespace Aval.Policies;

/// <summary>What a fact is told of: how often what reads it must be decided.</summary>
internal enum Reach
{
    /// <summary>The author, or an item that a choice names: decided once an account.</summary>
    Author,

    /// <summary>The item: decided once an item.</summary>
    Item,
}

/// <summary>
/// Something that a rule may look at: a column of what <c>Decisions</c> asks of the content and of the choices. Null is
/// "unknown". The rules name facts by these values alone, so a fact is spelled once and a rule that looks at none that
/// exists does not compile.
/// </summary>
internal sealed record Fact
{
    private Fact(string name, string type, Reach reach) => (Name, Type, Reach) = (name, type, reach);

    /// <summary>The column's name.</summary>
    public string Name { get; }

    /// <summary>Its type in the engine. Instants are UTC.</summary>
    public string Type { get; }

    /// <summary>What it is told of.</summary>
    public Reach Reach { get; }

    /// <summary>
    /// Whether what is known of it later protects: it counts as of the release and again as of its
    /// <c>protect_until</c>, and what either of the two excludes is out. Every other fact is content, and counts as of
    /// the release alone. So the rules that protect are those that look at such a fact (docs/design.md, "Recall").
    /// </summary>
    public bool IsProtective { get; private init; }

    /// <summary>
    /// Of the SQL of two values of it, the SQL of one by which every rule excludes whatever it excludes by either, and
    /// which is the first value where the second adds nothing; null = no item is asked about it.
    /// </summary>
    public Func<string, string, string>? Stricter { get; private init; }

    private static string Greater(string one, string other) => $"greatest({one}, {other})";

    private static string Lesser(string one, string other) => $"least({one}, {other})";

    // A permission holds when it holds in both.
    private static string Both(string one, string other) =>
        $"CASE WHEN coalesce({one}, false) AND NOT coalesce({other}, false) THEN false ELSE {one} END";

    /// <summary>The author's year of birth.</summary>
    public static Fact BirthYear { get; } = new("birth_year", "INTEGER", Reach.Author)
    {
        IsProtective = true,
        Stricter = Greater,
    };

    /// <summary>Where the author lives: ISO 3166.</summary>
    public static Fact Country { get; } = new("country", "VARCHAR", Reach.Author);

    /// <summary>The last that was observed of the author could not be read.</summary>
    public static Fact AuthorUnreadable { get; } = new("author_unreadable", "BOOLEAN", Reach.Author)
    {
        IsProtective = true,
    };

    /// <summary>When an information notice was first delivered to the author.</summary>
    public static Fact DeliveredAt { get; } = new("delivered_at", "TIMESTAMP", Reach.Author)
    {
        IsProtective = true,
    };

    /// <summary>Since when an objection stands.</summary>
    public static Fact ObjectedSince { get; } = new("objected_since", "TIMESTAMP", Reach.Author)
    {
        IsProtective = true,
        Stricter = Lesser,
    };

    /// <summary>Since when a restriction stands.</summary>
    public static Fact RestrictedAt { get; } = new("restricted_at", "TIMESTAMP", Reach.Author)
    {
        IsProtective = true,
    };

    /// <summary>What was there at or before it is erased.</summary>
    public static Fact ErasedTo { get; } = new("erased_to", "TIMESTAMP", Reach.Author)
    {
        IsProtective = true,
        Stricter = Greater,
    };

    /// <summary>The latest word on consent: consent, withdrawal or refusal.</summary>
    public static Fact ConsentKind { get; } = new("consent_kind", "VARCHAR", Reach.Author) { IsProtective = true };

    /// <summary>When that consent ends; null = it does not.</summary>
    public static Fact ConsentUntil { get; } = new("consent_until", "TIMESTAMP", Reach.Author)
    {
        IsProtective = true,
    };

    /// <summary>A consent to combining services stands.</summary>
    public static Fact MayCombine { get; } = new("may_combine", "BOOLEAN", Reach.Author)
    {
        IsProtective = true,
        Stricter = Both,
    };

    /// <summary>An explicit consent to the use of special categories stands.</summary>
    public static Fact MayReveal { get; } = new("may_reveal", "BOOLEAN", Reach.Author)
    {
        IsProtective = true,
        Stricter = Both,
    };

    /// <summary>Somebody asked for this item's removal.</summary>
    public static Fact Removed { get; } = new("removed", "BOOLEAN", Reach.Author) { IsProtective = true };

    /// <summary>
    /// What the author's person drew, below 2 to the power of <see cref="Rule.Share.Bits"/>; null where no rule draws.
    /// </summary>
    public static Fact Draw { get; } = new("draw", "BIGINT", Reach.Author);

    /// <summary>The lists of orders that name the author, by their numbers (<see cref="OrderedItems.List"/>); null =
    /// none does.</summary>
    public static Fact OrderedIn { get; } = new("ordered_in", "INTEGER[]", Reach.Author);

    /// <summary>The item's service.</summary>
    public static Fact Service { get; } = new("service", "VARCHAR", Reach.Item);

    /// <summary>The item's kind.</summary>
    public static Fact Kind { get; } = new("kind", "VARCHAR", Reach.Item);

    /// <summary>To whom the item was published.</summary>
    public static Fact Audience { get; } = new("audience", "VARCHAR", Reach.Item) { IsProtective = true };

    /// <summary>When the item was written; null also where it says a time after the build.</summary>
    public static Fact CreatedAt { get; } = new("created_at", "TIMESTAMP", Reach.Item);

    /// <summary>Since when the item is public.</summary>
    public static Fact PublicSince { get; } = new("public_since", "TIMESTAMP", Reach.Item);

    /// <summary>What is written in the item.</summary>
    public static Fact Text { get; } = new("text", "VARCHAR", Reach.Item);

    /// <summary>The item's pictures, films and sounds, by reference.</summary>
    public static Fact Media { get; } =
        new("media", "STRUCT(uri VARCHAR, sha256 VARCHAR, kind VARCHAR)[]", Reach.Item);

    /// <summary>The item is gone where it was published.</summary>
    public static Fact Deleted { get; } = new("deleted", "BOOLEAN", Reach.Item) { IsProtective = true };

    /// <summary>The last that was observed of the item could not be read.</summary>
    public static Fact Unreadable { get; } = new("unreadable", "BOOLEAN", Reach.Item) { IsProtective = true };

    /// <summary>When the item was observed.</summary>
    public static Fact ObservedAt { get; } = new("observed_at", "TIMESTAMP", Reach.Item);

    /// <summary>An erasure took an earlier version of the item.</summary>
    public static Fact ErasedBefore { get; } = new("erased_before", "BOOLEAN", Reach.Item) { IsProtective = true };

    /// <summary>The item's language; <c>und</c> where nobody can tell.</summary>
    public static Fact Language { get; } = new("language", "VARCHAR", Reach.Item);

    /// <summary>The item names somebody else who is protected in what others write.</summary>
    public static Fact NamesProtected { get; } = new("names_protected", "BOOLEAN", Reach.Item)
    {
        IsProtective = true,
    };

    /// <summary>The item names somebody else who is known to be a minor.</summary>
    public static Fact NamesMinor { get; } = new("names_minor", "BOOLEAN", Reach.Item) { IsProtective = true };

    /// <summary>
    /// It says what an excluded item of somebody else says. Known only when all items have been decided; until then
    /// it is not so.
    /// </summary>
    public static Fact IsCopy { get; } = new("is_copy", "BOOLEAN", Reach.Item);

    /// <summary>It says what another item says that is kept; known only as late.</summary>
    public static Fact IsDuplicate { get; } = new("is_duplicate", "BOOLEAN", Reach.Item);

    /// <summary>What accounts say.</summary>
    public static IReadOnlyList<Fact> OfAccounts { get; } = [BirthYear, Country, AuthorUnreadable];

    /// <summary>What information notices say.</summary>
    public static IReadOnlyList<Fact> OfNotices { get; } = [DeliveredAt];

    /// <summary>What the choices add up to (<see cref="Choices.Stances"/>).</summary>
    public static IReadOnlyList<Fact> OfChoices { get; } =
        [ObjectedSince, RestrictedAt, ErasedTo, ConsentKind, ConsentUntil, MayCombine, MayReveal, Removed];

    /// <summary>What a draw says of persons.</summary>
    public static IReadOnlyList<Fact> OfDraws { get; } = [Draw];

    /// <summary>What orders say of authors.</summary>
    public static IReadOnlyList<Fact> OfOrders { get; } = [OrderedIn];

    /// <summary>All that is told of an author.</summary>
    public static IReadOnlyList<Fact> OfAuthors { get; } =
        [.. OfAccounts, .. OfNotices, .. OfChoices, .. OfDraws, .. OfOrders];

    /// <summary>All that is told of an item.</summary>
    public static IReadOnlyList<Fact> OfItems { get; } =
    [
        Service, Kind, Audience, CreatedAt, PublicSince, Text, Media, Deleted, Unreadable, ObservedAt, ErasedBefore,
        Language, NamesProtected, NamesMinor,
        IsCopy, IsDuplicate,
    ];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
