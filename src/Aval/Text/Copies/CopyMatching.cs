using System.Globalization;
using Aval.Policies;
using Aval.Storage;

namespace Aval.Text.Copies;

/// <summary>
/// Finds the admitted items that say what an excluded item says: exactly, nearly, or as a quote in a longer text.
/// </summary>
internal static class CopyMatching
{
    // A band or a print that more shadows than that share is a formula. What is written exactly so is found by its
    // hash, and each text has other bands and rarer prints.
    private const int MostShadows = 256;

    // So many of a shadow's prints are followed however many admitted texts have them, the rarest first: an edit spoils
    // those that it touches.
    private const int PrintsOfShadow = 8;

    // A print that makes no more pairs than that is followed whatever else its shadow has: another one's tail, or words
    // that a third one took, must not stand in the way of a quote. More are a formula's.
    private const int FewPairs = 256;

    /// <summary>Makes the pairs of <see cref="Candidates"/>: a shadow, and what may say the same.</summary>
    /// <param name="engine">With <c>match_items</c>, <see cref="SharedBands"/> and <see cref="SharedPrints"/>.</param>
    /// <param name="rule">The policy's.</param>
    public static void Pair(Engine engine, Rule.Copies rule)
    {
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE match_shadows AS
            SELECT low, high, min(person) AS one, max(person) AS other, bool_or(casts = 2) AS on_everybody
            FROM match_items WHERE casts > 0 AND characters >= {Number(rule.MinCharacters)} GROUP BY low, high
            """);
        Candidates.Begin(engine);
        engine.Execute(OfBands(rule));
        engine.Execute(OfPrints);
    }

    /// <summary>
    /// Makes <c>match_verdicts(service, item_id, is_copy)</c>, one row an admitted item that says what an excluded one
    /// says; false = it is let in, since many unrelated people say it.
    /// </summary>
    /// <param name="engine">With the pairs, and their texts.</param>
    /// <param name="rule">The policy's.</param>
    public static void Run(Engine engine, Rule.Copies rule)
    {
        Candidates.Compare(engine);
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE match_alike AS
            SELECT low, high, low AS by_low, high AS by_high, true AS is_near FROM match_shadows
            UNION ALL
            SELECT low, high, by_low, by_high, {Candidates.IsNear(rule.Similarity)} AS is_near
            FROM {Candidates.Compared} WHERE {Candidates.IsContained(rule.Similarity)}
            """);
        engine.Execute(Common(rule));
        engine.Execute(Verdicts(rule));
    }

    private static string OfBands(Rule.Copies rule) => $"""
        INSERT INTO {Candidates.Table}
        WITH cast_by AS (
            SELECT band, low, high FROM {SharedBands.Table} WHERE shadow >= {Number(rule.MinCharacters)}
            QUALIFY row_number() OVER (PARTITION BY band ORDER BY low, high) <= {Number(MostShadows)}
        )
        SELECT DISTINCT cast_by.low, cast_by.high, other.low, other.high
        FROM {SharedBands.Table} AS other JOIN cast_by USING (band)
        WHERE other.admitted >= {Number(rule.MinCharacters)}
            AND (other.low <> cast_by.low OR other.high <> cast_by.high)
        """;

    private static string OfPrints { get; } = $"""
        INSERT INTO {Candidates.Table}
        WITH own AS MATERIALIZED (
            SELECT DISTINCT low, high, print FROM {SharedPrints.OfShadows}
        ), met AS MATERIALIZED (
            SELECT DISTINCT low, high, print FROM {SharedPrints.OfAdmitted}
        ), counted AS (
            SELECT own.*, shadows, texts
            FROM own
            JOIN (SELECT print, count(*) AS shadows FROM own GROUP BY print) USING (print)
            JOIN (SELECT print, count(*) AS texts FROM met GROUP BY print) USING (print)
        ), followed AS (
            SELECT low, high, print FROM counted
            QUALIFY shadows * texts <= {Number(FewPairs)}
                OR row_number() OVER (PARTITION BY low, high ORDER BY shadows, print) <= {Number(PrintsOfShadow)}
        ), shadow AS (
            SELECT low, high, print FROM followed
            QUALIFY row_number() OVER (PARTITION BY print ORDER BY low, high) <= {Number(MostShadows)}
        )
        SELECT DISTINCT shadow.low, shadow.high, other.low, other.high
        FROM met AS other JOIN shadow USING (print)
        WHERE other.low <> shadow.low OR other.high <> shadow.high
        """;

    // Counted is what a choice does not make count: else somebody's objection would let in what another one said. Who
    // writes a reply, or names the one whose words they are, passes them on; so does who quotes. The one whose
    // words they are is no unrelated person: hence the one fewer.
    private static string Common(Rule.Copies rule) => $"""
        CREATE OR REPLACE TEMP TABLE match_common AS
        WITH near AS (
            SELECT alike.low, alike.high, item.row_key, item.person, item.named, item.is_reply,
                count(*) OVER (PARTITION BY alike.low, alike.high) AS items
            FROM match_alike AS alike
            JOIN match_items AS item ON item.low = alike.by_low AND item.high = alike.by_high
            WHERE alike.is_near AND item.counts
        ), many AS (
            SELECT * FROM near WHERE items > {Number(rule.CommonAfter)}
        ), owner AS (
            SELECT DISTINCT low, high, item.person
            FROM (SELECT DISTINCT low, high FROM many) JOIN match_items AS item USING (low, high)
            WHERE item.casts > 0
        ), named AS (
            SELECT low, high, row_key, coalesce(people.person, account) AS person
            FROM (SELECT low, high, row_key, unnest(named) AS account FROM many)
            LEFT JOIN match_people AS people USING (account)
        ), passed_on AS (
            SELECT DISTINCT low, high, row_key FROM named JOIN owner USING (low, high, person)
        ), unrelated AS (
            SELECT DISTINCT low, high, person, owner.person IS NOT NULL AS is_owner
            FROM (SELECT * FROM many ANTI JOIN passed_on USING (low, high, row_key))
            LEFT JOIN owner USING (low, high, person)
            WHERE NOT is_reply
        )
        SELECT low, high FROM unrelated GROUP BY low, high
        HAVING count(*) - bool_or(is_owner)::INTEGER > {Number(rule.CommonAfter)}
        """;

    private static string Verdicts(Rule.Copies rule) => $"""
        CREATE OR REPLACE TEMP TABLE match_verdicts AS
        SELECT service, item_id, bool_or(common.low IS NULL) AS is_copy
        FROM match_alike AS alike
        JOIN match_shadows AS shadow USING (low, high)
        JOIN match_items AS item ON item.low = alike.by_low AND item.high = alike.by_high
        LEFT JOIN match_common AS common ON common.low = alike.low AND common.high = alike.high
        WHERE item.casts = 0 AND item.characters >= {Number(rule.MinCharacters)}
            AND (shadow.on_everybody OR shadow.one <> item.person OR shadow.other <> item.person)
        GROUP BY service, item_id
        """;

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
