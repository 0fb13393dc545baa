using System.Globalization;
using Aval.Choices;
using Aval.Content;
using Aval.Policies;
using Aval.Storage;

namespace Aval.Decisions;

/// <summary>
/// Decides every item at once: admitted, or excluded with one reason. First what can be said of each author (once an
/// account), then what each item adds; an item's decision is one number, the mask of the <see cref="Ground"/>s that
/// hold against it.
/// </summary>
/// <param name="Grounds">The policy's grounds, in order.</param>
/// <param name="Relation">SQL that answers one row an item: its columns, <c>bucket</c> (null: compute it) and <c>mask</c>.</param>
public sealed record ItemDecisions(IReadOnlyList<Ground> Grounds, string Relation)
{
    private static readonly string[] Facts =
        ["birth_year", "country", "author_unreadable", "delivered_at", "objected_since", "restricted_at", "erased_to", "consent_kind", "consent_until", "may_combine", "removed"];

    /// <summary>Makes the tables that a policy's decisions need. Needs the views of the content and the tables of <see cref="Stances"/> for the policy's purpose.</summary>
    /// <param name="engine">Where they are made; <c>as_of()</c> is set there.</param>
    /// <param name="policy">The regime.</param>
    /// <param name="buckets">How many buckets accounts are spread over.</param>
    /// <param name="name">Tells apart the tables of two policies in one engine.</param>
    public static ItemDecisions Prepare(Engine engine, Policy policy, int buckets, string name = "")
    {
        ArgumentNullException.ThrowIfNull(engine);
        ContentFunctions.Provide(engine);
        var grounds = Policies.Grounds.Of(policy);
        var authorMask = Mask(grounds, GroundReach.Author);
        // The join with 10⁷ items carries only what their own grounds look at.
        var carried = Facts.Where(fact => grounds.Any(ground => ground.Reach == GroundReach.Item && ground.Predicate.Contains(fact, StringComparison.Ordinal))).ToArray();
        var authors = $"authors{name}";
        var named = $"named{name}";
        engine.Execute(Authors(authors, authorMask, carried, buckets));
        engine.Execute(NamedItems(named, authorMask, carried));
        var nobody = engine.Scalar<long>($"SELECT {authorMask} FROM ({Nobody})");
        var anyNamed = engine.Scalar<long>($"SELECT count(*) FROM {named}") > 0;
        return new ItemDecisions(grounds, Decided(grounds, authors, anyNamed ? named : null, Erasures(engine, grounds), carried, nobody));
    }

    /// <summary>The ground that gives a mask its reason; null = admitted.</summary>
    public Ground? First(long mask) => mask == 0 ? null : Grounds[System.Numerics.BitOperations.TrailingZeroCount(mask)];

    /// <summary>The ids of all rules that hold against a mask, in policy order.</summary>
    public IEnumerable<string> RulesOf(long mask) => Grounds.Where(ground => (mask & (1L << ground.Bit)) != 0).Select(ground => ground.RuleId).Distinct();

    // A fact that is null stays null here: each ground says itself what unknown means, and Mask() sees to it that a
    // predicate that forgot to say excludes.
    private static string Authors(string table, string mask, string[] carried, int buckets) => $"""
        CREATE OR REPLACE TEMP TABLE {table} AS
        WITH deliveries AS (
            SELECT account, min(delivered_at) AS delivered_at FROM notices_now WHERE delivered_at <= as_of() GROUP BY account
        ), stances AS (
            SELECT subject AS account, {Stances.Columns} FROM account_stances
        ), facts AS (
            SELECT account, birth_year, country, unreadable AS author_unreadable, delivered_at, {Stances.Columns}
            FROM accounts_now FULL JOIN deliveries USING (account) FULL JOIN stances USING (account)
        )
        SELECT account, bucket_of(account, {Number(buckets)}) AS bucket, {mask} AS author_mask{Columns(carried)} FROM facts
        """;

    private static string NamedItems(string table, string mask, string[] carried) => $"""
        CREATE OR REPLACE TEMP TABLE {table} AS
        WITH deliveries AS (
            SELECT account, min(delivered_at) AS delivered_at FROM notices_now WHERE delivered_at <= as_of() GROUP BY account
        ), facts AS (
            SELECT service, item_id, birth_year, country, author_unreadable, delivered_at, {Stances.Columns}
            FROM (SELECT service, item_id, author AS account, {Stances.Columns} FROM named_items
                  LEFT JOIN item_stances ON subject = 'item:' || service || ':' || item_id)
            LEFT JOIN (SELECT account, birth_year, country, unreadable AS author_unreadable FROM accounts_now) USING (account)
            LEFT JOIN deliveries USING (account)
        )
        SELECT service, item_id, {mask} AS author_mask{Columns(carried)} FROM facts
        """;

    private const string Nobody = """
        SELECT NULL::INTEGER AS birth_year, NULL::VARCHAR AS country, NULL::BOOLEAN AS author_unreadable, NULL::TIMESTAMP AS delivered_at,
            NULL::TIMESTAMP AS objected_since, NULL::TIMESTAMP AS restricted_at, NULL::TIMESTAMP AS erased_to,
            NULL::VARCHAR AS consent_kind, NULL::TIMESTAMP AS consent_until, NULL::BOOLEAN AS may_combine, NULL::BOOLEAN AS removed
        """;

    /// <summary>What of the erasures is to be asked of 10⁷ items.</summary>
    private enum Erasure
    {
        /// <summary>Nobody erased anything, or the policy does not ask.</summary>
        None,

        /// <summary>When each item was observed.</summary>
        Dated,

        /// <summary>That, and whether it is one of those whose earlier versions were erased.</summary>
        Identified,
    }

    private static Erasure Erasures(Engine engine, IReadOnlyList<Ground> grounds)
    {
        var asked = grounds.Any(ground => ground.Reason == Reason.Erased);
        if (!asked || !engine.Scalar<bool>("SELECT EXISTS (FROM holding WHERE kind = 'erasure')"))
            return Erasure.None;
        return engine.Scalar<bool>("SELECT EXISTS (FROM erased_items)") ? Erasure.Identified : Erasure.Dated;
    }

    private const string Identity =
        "LEFT JOIN erased_items AS erased ON erased.service = item.service AND erased.item_id = item.item_id";

    private static string Decided(
        IReadOnlyList<Ground> grounds, string authors, string? named, Erasure erasure, string[] carried, long nobody)
    {
        var fact = (string column) => named is null
            ? $"author.{column} AS {column}"
            : $"CASE WHEN named.item_id IS NOT NULL THEN named.{column} ELSE author.{column} END AS {column}";
        var authorMask = named is null ? "author.author_mask" : "named.author_mask, author.author_mask";
        var observed = erasure is Erasure.None ? "NULL::TIMESTAMP" : "item.observed_at";
        var erased = erasure is Erasure.Identified ? "erased.item_id IS NOT NULL" : "false";
        return $"""
            SELECT service, item_id, kind, author, created_at, text, language_hint, media, bucket, author_mask | ({Mask(grounds, GroundReach.Item)}) AS mask
            FROM (
                SELECT item.service, item.item_id, item.kind, item.author, item.audience,
                    -- Written after the build: impossible, so when it was written is unknown.
                    CASE WHEN item.created_at <= as_of() THEN item.created_at END AS created_at,
                    item.public_since, item.text, item.language_hint, item.media, item.deleted, item.unreadable, author.bucket,
                    {observed} AS observed_at, {erased} AS erased_before,
                    coalesce({authorMask}, {Number(nobody)}) AS author_mask{string.Concat(carried.Select(column => ", " + fact(column)))}
                FROM items_now AS item
                LEFT JOIN {authors} AS author ON author.account = item.author
                {(named is null ? "" : $"LEFT JOIN {named} AS named ON named.service = item.service AND named.item_id = item.item_id")}
                {(erasure is Erasure.Identified ? Identity : "")}
            )
            """;
    }

    private static string Mask(IReadOnlyList<Ground> grounds, GroundReach reach)
    {
        var bits = grounds.Where(ground => ground.Reach == reach)
            .Select(ground => $"(CASE WHEN coalesce(({ground.Predicate}), true) THEN {Number(1L << ground.Bit)}::BIGINT ELSE 0::BIGINT END)");
        return string.Join(" | ", bits.DefaultIfEmpty("0::BIGINT"));
    }

    private static string Columns(string[] names) => string.Concat(names.Select(name => ", " + name));

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
