using System.Globalization;
using Aval.Choices;
using Aval.Content;
using Aval.Policies;
using Aval.Storage;

namespace Aval.Decisions;

/// <summary>Where what is decided, and what is known, lies: each a relation in SQL.</summary>
/// <param name="Items">Items as <c>items_now</c> has them.</param>
/// <param name="Authors">Facts of authors, by account.</param>
/// <param name="Named">Facts of items that choices name; null = they name none of these.</param>
/// <param name="Erased">Items that erasures took; null = they took none.</param>
/// <param name="Mentions">Items that name protected persons; null = they name none, or nobody asks.</param>
/// <param name="Late">What later versions of items add to their masks; null = nothing.</param>
internal sealed record DecidedFrom(
    string Items, string Authors, string? Named, string? Erased, string? Mentions, string? Late)
{
    /// <summary>
    /// Items that are copies or duplicates of others (<c>service, item_id, verdict</c>); null = nobody compared them,
    /// or none is.
    /// </summary>
    public string? Matched { get; init; }
}

/// <summary>What of the erasures is to be asked of 10⁷ items.</summary>
internal enum ErasureCheck
{
    /// <summary>Nobody erased anything, or the policy does not ask.</summary>
    None,

    /// <summary>When each item was observed.</summary>
    Dated,

    /// <summary>That, and whether it is one of those whose earlier versions were erased.</summary>
    Identified,
}

/// <summary>
/// Decides every item at once: admitted, or excluded with one reason. First what can be said of each author (once an
/// account), then what each item adds; an item's decision is one number, the mask of the <see cref="Ground"/>s that
/// hold against it.
/// </summary>
/// <param name="Grounds">The policy's grounds, in order.</param>
/// <param name="Relation">SQL that answers one row an item: <c>service, item_id, kind, author, country, created_at,
/// text, language, media, needles, bucket</c> (null: compute it) and <c>mask</c>.</param>
internal sealed record ItemDecisions(IReadOnlyList<Ground> Grounds, string Relation)
{
    /// <summary>Whether an item's language is found out, or taken from the platform's hint.</summary>
    internal bool FindsLanguage { get; private init; }

    /// <summary>What is asked of authors beside what the grounds of items look at.</summary>
    private IReadOnlyList<Fact> AlsoAsked { get; init; } = [];

    /// <summary>The orders that keep items out, by their entries.</summary>
    private IReadOnlyList<long> Ordering { get; init; } = [];

    /// <summary>The mask of an author of whom nothing is known.</summary>
    internal long Nobody { get; private init; }

    /// <summary>What of the erasures is to be asked of an item.</summary>
    internal ErasureCheck Erasure { get; private init; }

    /// <summary>The table of authors' facts.</summary>
    internal string AuthorsTable { get; private init; } = "authors";

    /// <summary>The table of facts of items that choices name; null = they name none.</summary>
    internal string? NamedTable { get; private init; }

    /// <summary>The table of items that erasures took; null = they took none.</summary>
    internal string? ErasedTable => Erasure is ErasureCheck.Identified ? "erased_items" : null;

    /// <summary>The table of items that name protected persons; null = none do, or nobody asks.</summary>
    internal string? MentionsTable { get; private init; }

    /// <summary>The table of what later versions of items add to their masks; null = nothing.</summary>
    internal string? LateTable { get; private init; }

    /// <summary>Facts of authors, of whom there are none.</summary>
    internal string NoAuthors => $"""
        (SELECT NULL::VARCHAR AS account, NULL::INTEGER AS bucket,
            NULL::BIGINT AS author_mask{Columns(Carried(Grounds, AlsoAsked))}
         FROM ({NobodysFacts()}) WHERE false)
        """;

    /// <summary>
    /// All that decides what a mask is: the same for the same policy. What of the erasures is asked follows from the
    /// facts, and changes no answer.
    /// </summary>
    internal string Identity => string.Join('\n', [
        .. Grounds.Select(
            ground => $"{ground.Bit} {ground.RuleId} {ground.Reason.ToText()} {ground.Reach} {ground.When}"),
        Number(Nobody), FindsLanguage ? "language" : "hint",
        string.Join(' ', AlsoAsked), string.Join(' ', Ordering),
    ]);

    /// <summary>
    /// The decisions that <see cref="Prepare"/> made in another process, over files that hold its tables.
    /// </summary>
    internal static ItemDecisions Again(Policy policy, long nobody, ErasureCheck erasure) =>
        Of(policy) with { Nobody = nobody, Erasure = erasure };

    private static ItemDecisions Of(Policy policy) => new(Policies.Grounds.Of(policy), "")
    {
        FindsLanguage = policy.Rules.OfType<Rule.Language>().Any(),
        // A number without a country's code is read as one of the author's country.
        AlsoAsked = policy.Rules.OfType<Rule.Identifiers>().Any() ? [Fact.Country] : [],
        Ordering = [.. policy.Ordered.Select(order => order.Entry)],
    };

    /// <summary>A policy's grounds, and the facts of authors that are carried to its items.</summary>
    internal static (IReadOnlyList<Ground> Grounds, IReadOnlyList<Fact> Carried) Asked(Policy policy)
    {
        var decisions = Of(policy);
        return (decisions.Grounds, Carried(decisions.Grounds, decisions.AlsoAsked));
    }

    /// <summary>SQL of the decisions on some items, as <see cref="Relation"/> is of all.</summary>
    /// <param name="from">Where they lie.</param>
    /// <param name="also">Columns of the items that are answered too.</param>
    internal string Over(DecidedFrom from, params IReadOnlyList<string> also) =>
        Decided(from, Carried(Grounds, AlsoAsked), also);

    /// <summary>The table of items that are copies or duplicates; null = nobody compared them.</summary>
    internal string? MatchedTable { get; init; }

    /// <summary>
    /// How many items were let in though they say what an excluded item says, since many people say it; null = no rule
    /// asks.
    /// </summary>
    internal long? LetIn { get; init; }

    /// <summary>
    /// Makes the tables that a policy's decisions need. Needs the views of the content and the tables of
    /// <see cref="Stances"/> for the policy's purpose.
    /// </summary>
    /// <param name="engine">Where they are made; <c>as_of()</c> is set there.</param>
    /// <param name="policy">The regime.</param>
    /// <param name="buckets">How many buckets accounts are spread over.</param>
    /// <param name="name">Tells apart the tables of two policies in one engine.</param>
    /// <param name="mentions">The table of items that name protected persons; null = none do, or nobody asks.</param>
    /// <param name="protection">What was found out later; null = nothing counts that did not as of then.</param>
    public static ItemDecisions Prepare(
        Engine engine, Policy policy, int buckets, string name = "", string? mentions = null,
        Protection? protection = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ContentFunctions.Provide(engine);
        var decisions = Of(policy);
        var grounds = decisions.Grounds;
        var carried = Carried(grounds, decisions.AlsoAsked);
        var authors = $"authors{name}";
        var named = $"named{name}";
        Draws.Make(engine, policy);
        OrderedAuthors.Make(engine, policy.Ordered);
        engine.Execute(Authors(authors, grounds, carried, buckets));
        engine.Execute(NamedItems(named, grounds, carried));
        var nobody = engine.Scalar<long>($"SELECT {Mask(grounds, Reach.Author)} FROM ({NobodysFacts()})");
        protection?.LayOver(engine, authors, named, nobody);
        var anyNamed = engine.Scalar<long>($"SELECT count(*) FROM {named}") > 0;
        decisions = decisions with
        {
            Nobody = nobody,
            Erasure = Stricter(engine, Erasures(engine, grounds), protection?.Erasure ?? ErasureCheck.None),
            AuthorsTable = authors,
            NamedTable = anyNamed ? named : null,
            MentionsTable = mentions,
            LateTable = protection is not null && engine.Scalar<bool>("SELECT EXISTS (FROM late_items)")
                ? "late_items"
                : null,
        };
        return decisions with { Relation = decisions.Over(decisions.From("items_now")) };
    }

    /// <summary>Some items, with all that is known in this engine.</summary>
    /// <param name="items">Items as <c>items_now</c> has them.</param>
    internal DecidedFrom From(string items) =>
        new(items, AuthorsTable, NamedTable, ErasedTable, MentionsTable, LateTable) { Matched = MatchedTable };

    /// <summary>The ground that gives a mask its reason; null = admitted.</summary>
    public Ground? First(long mask) =>
        mask == 0 ? null : Grounds[System.Numerics.BitOperations.TrailingZeroCount(mask)];

    /// <summary>The ids of all rules that hold against a mask, in policy order.</summary>
    public IEnumerable<string> RulesOf(long mask) =>
        Grounds.Where(ground => (mask & (1L << ground.Bit)) != 0).Select(ground => ground.RuleId).Distinct();

    /// <summary>
    /// The author's facts that grounds of items look at: the join with 10⁷ items carries no others.
    /// </summary>
    internal static IReadOnlyList<Fact> Carried(IReadOnlyList<Ground> grounds, IReadOnlyList<Fact> also) =>
        [.. Fact.OfAuthors.Where(fact => also.Contains(fact)
            || grounds.Any(ground => ground.Reach == Reach.Item && ground.Reads(fact)))];

    /// <summary>
    /// One row an account: <c>account, bucket, author_mask</c> and the facts that are carried. A fact that is null
    /// stays null here: each ground says itself what unknown means, and <see cref="Mask"/> sees to it that a predicate
    /// that forgot to say excludes.
    /// </summary>
    internal static string Authors(
        string table, IReadOnlyList<Ground> grounds, IReadOnlyList<Fact> carried, int buckets) => $"""
        CREATE OR REPLACE TEMP TABLE {table} AS
        SELECT account, bucket_of(account, {Number(buckets)}) AS bucket,
            {Mask(grounds, Reach.Author)} AS author_mask{Columns(carried)}
        FROM ({AuthorFacts()})
        """;

    /// <summary>
    /// One row an item that a choice names, or that several authors share: <c>service, item_id, author, author_mask</c>
    /// and the facts that are carried, which stand in the place of its author's.
    /// </summary>
    internal static string NamedItems(string table, IReadOnlyList<Ground> grounds, IReadOnlyList<Fact> carried) => $"""
        CREATE OR REPLACE TEMP TABLE {table} AS
        SELECT service, item_id, author, {Mask(grounds, Reach.Author)} AS author_mask{Columns(carried)}
        FROM ({NamedFacts()})
        """;

    /// <summary>One row an account of which anything is known: <c>account</c> and all facts of authors.</summary>
    internal static string AuthorFacts() => $"""
        SELECT account{Columns(Fact.OfAuthors)}
        FROM ({AccountFacts()})
        FULL JOIN ({NoticeFacts()}) USING (account)
        FULL JOIN (SELECT subject AS account{Columns(Fact.OfChoices)} FROM account_stances) USING (account)
        FULL JOIN {Draws.Table} USING (account)
        FULL JOIN {OrderedAuthors.Table} USING (account)
        """;

    /// <summary>One row a named item: <c>service, item_id, author</c> and all facts of authors.</summary>
    internal static string NamedFacts() => $"""
        SELECT service, item_id, account AS author{Columns(Fact.OfAuthors)}
        FROM (SELECT service, item_id, author AS account{Columns(Fact.OfChoices)} FROM named_items
              LEFT JOIN item_stances ON subject = 'item:' || service || ':' || item_id)
        LEFT JOIN ({AccountFacts()}) USING (account)
        LEFT JOIN ({NoticeFacts()}) USING (account)
        LEFT JOIN {Draws.Table} USING (account)
        LEFT JOIN ({OrderedAuthors.OfNamedItems}) AS ordered USING (service, item_id)
        """;

    private static string AccountFacts() => $"""
        SELECT account{Columns(Fact.OfAccounts)}
        FROM (SELECT *, unreadable AS {Fact.AuthorUnreadable} FROM accounts_now)
        """;

    // What came back was not delivered, as soon as that is known; what is sent again and delivered later, was.
    private static string NoticeFacts() => $"""
        SELECT account{Columns(Fact.OfNotices)}
        FROM (SELECT account, min(delivered_at) AS {Fact.DeliveredAt} FROM notices_now
              LEFT JOIN (SELECT account, version, max(bounced_at) AS came_back FROM notices_now
                         WHERE bounced_at <= known_at() GROUP BY ALL) AS back USING (account, version)
              WHERE delivered_at <= as_of() AND (came_back IS NULL OR came_back < delivered_at) GROUP BY account)
        """;

    // Of an author whom nobody knows, everything is unknown.
    private static string NobodysFacts() =>
        $"SELECT {string.Join(", ", Fact.OfAuthors.Select(fact => $"NULL::{fact.Type} AS {fact}"))}";

    private static ErasureCheck Stricter(Engine engine, ErasureCheck now, ErasureCheck later) =>
        (now, later) is (ErasureCheck.None, ErasureCheck.None)
            ? ErasureCheck.None
            : engine.Scalar<bool>("SELECT EXISTS (FROM erased_items)") ? ErasureCheck.Identified : ErasureCheck.Dated;

    /// <summary>What of the erasures that are loaded is to be asked of an item.</summary>
    internal static ErasureCheck Erasures(Engine engine, IReadOnlyList<Ground> grounds)
    {
        var asked = grounds.Any(ground => ground.Reads(Fact.ErasedBefore));
        if (!asked || !engine.Scalar<bool>("SELECT EXISTS (FROM holding WHERE kind = 'erasure')"))
            return ErasureCheck.None;
        var identified = engine.Scalar<bool>("SELECT EXISTS (FROM erased_items)");
        return identified ? ErasureCheck.Identified : ErasureCheck.Dated;
    }

    private string Decided(DecidedFrom from, IReadOnlyList<Fact> carried, IReadOnlyList<string> also)
    {
        var named = from.Named;
        var authorFact = (Fact fact) => named is null
            ? $"author.{fact} AS {fact}"
            : $"CASE WHEN named.item_id IS NOT NULL THEN named.{fact} ELSE author.{fact} END AS {fact}";
        var authorMask = named is null ? "author.author_mask" : "named.author_mask, author.author_mask";
        var beside = also.Except(Fact.OfItems.Select(fact => fact.Name)).Select(column => $"item.{column}, ");
        string[] facts =
        [
            .. Fact.OfItems.Select(fact => $"{Compared(fact, from) ?? Value(fact, from)} AS {fact}"),
            .. carried.Select(authorFact),
        ];
        return $"""
            SELECT service, item_id, kind, author, {(carried.Contains(Fact.Country) ? "" : "NULL::VARCHAR AS ")}country,
                created_at, text, language, media, needles, bucket,
                {string.Concat(also.Select(column => $"{column}, "))}
                author_mask | late_mask | ({Mask(Grounds, Reach.Item)}) AS mask
            FROM (
                SELECT item.item_id, item.author, author.bucket, {string.Concat(beside)}{string.Join(", ", facts)},
                    {(from.Mentions is null ? "NULL::VARCHAR AS needles" : "mentions.needles")},
                    coalesce({authorMask}, {Number(Nobody)}) AS author_mask,
                    {(from.Late is null ? "0::BIGINT" : "coalesce(late.late_mask, 0::BIGINT)")} AS late_mask
                FROM {from.Items} AS item
                LEFT JOIN {from.Authors} AS author ON author.account = item.author
                {(named is null ? "" : $"LEFT JOIN {named} AS named {OfItem("named")}")}
                {(from.Erased is { } erased ? $"LEFT JOIN {erased} AS erased {OfItem("erased")}" : "")}
                {(from.Mentions is { } mentions ? $"LEFT JOIN {mentions} AS mentions {OfItem("mentions")}" : "")}
                {(from.Matched is { } matched ? $"LEFT JOIN {matched} AS matched {OfItem("matched")}" : "")}
                {(from.Late is { } late ? $"LEFT JOIN {late} AS late {OfItem("late")}" : "")}
            )
            """;
    }

    private static string OfItem(string other) =>
        $"ON {other}.service = item.service AND {other}.item_id = item.item_id";

    // What other items say is known when all of them have been decided by themselves, and compared.
    private static string? Compared(Fact fact, DecidedFrom from)
    {
        var verdict = fact == Fact.IsCopy ? "copy" : fact == Fact.IsDuplicate ? "duplicate" : null;
        if (verdict is null)
            return null;
        return from.Matched is null ? "false" : $"coalesce(matched.verdict = '{verdict}', false)";
    }

    // Where an item's fact comes from, when not from the column of its name.
    private string Value(Fact fact, DecidedFrom from)
    {
        // Written after the build: impossible, so when it was written is unknown.
        if (fact == Fact.CreatedAt)
            return "CASE WHEN item.created_at <= as_of() THEN item.created_at END";
        // Asked of no item as long as nobody erased anything.
        if (fact == Fact.ObservedAt && Erasure is ErasureCheck.None)
            return $"NULL::{fact.Type}";
        if (fact == Fact.ErasedBefore)
            return from.Erased is not null ? "erased.item_id IS NOT NULL" : "false";
        if (fact == Fact.Language)
            return FindsLanguage
                ? "language_of(item.text, item.language_hint)"
                : "coalesce(nullif(item.language_hint, ''), 'und')";
        if (fact == Fact.NamesProtected || fact == Fact.NamesMinor)
            return from.Mentions is null ? "false" : $"coalesce(mentions.{fact}, false)";
        return $"item.{fact}";
    }

    /// <summary>The grounds of one reach as one number, over a relation that has their facts.</summary>
    internal static string Mask(IReadOnlyList<Ground> grounds, Reach reach)
    {
        var bits = grounds.Where(ground => ground.Reach == reach)
            .Select(ground => $"(CASE WHEN coalesce(({ground.When}), true) "
                + $"THEN {Number(1L << ground.Bit)}::BIGINT ELSE 0::BIGINT END)");
        return string.Join(" | ", bits.DefaultIfEmpty("0::BIGINT"));
    }

    private static string Columns(IReadOnlyList<Fact> facts) => string.Concat(facts.Select(fact => $", {fact}"));

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
