using System.Globalization;
using Aval.Policies;
using Aval.Storage;

namespace Aval.Text.Copies;

/// <summary>
/// Pairs of texts that sketches call alike, and what their runs say of them. A text is known by the two halves of its
/// hash, so that what a thousand people wrote alike is looked at once.
/// </summary>
internal static class Candidates
{
    /// <summary>Pairs: <c>low, high, by_low, by_high</c>.</summary>
    public const string Table = "match_candidates";

    /// <summary>The same, with what they share: <c>shared, first, second</c>.</summary>
    public const string Compared = "match_compared";

    /// <summary>Begins with no pairs.</summary>
    public static void Begin(Engine engine) => engine.Execute($"""
        CREATE OR REPLACE TEMP TABLE {Table} (low UBIGINT, high UBIGINT, by_low UBIGINT, by_high UBIGINT)
        """);

    /// <summary>
    /// Reads again the text of one item for each text of a pair, and counts the runs of both: into
    /// <see cref="Compared"/>.
    /// </summary>
    /// <param name="engine">With <see cref="Table"/> and <c>match_items</c>.</param>
    /// <param name="items">All items, as <c>items_now</c> has them.</param>
    public static void Compare(Engine engine, string items)
    {
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE match_pairs AS SELECT DISTINCT * FROM {Table};
            CREATE OR REPLACE TEMP TABLE match_texts AS
            WITH wanted AS (
                SELECT low, high FROM match_pairs UNION SELECT by_low, by_high FROM match_pairs
            ), chosen AS (
                SELECT low, high, min_by(item, row_key) AS item
                FROM (SELECT low, high, row_key, struct_pack(service := service, id := item_id) AS item
                      FROM match_items SEMI JOIN wanted USING (low, high))
                GROUP BY low, high
            )
            SELECT low, high, item.text AS text
            FROM (SELECT low, high, item.service AS service, item.id AS item_id FROM chosen)
            JOIN {items} AS item USING (service, item_id)
            """);
        // What two texts share is asked once and kept: a function in a condition would be called again.
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE {Compared} AS
            SELECT low, high, by_low, by_high,
                overlap[1] AS shared, overlap[2] AS first, overlap[3] AS second
            FROM (
                SELECT pair.*, text_overlap(own.text, other.text) AS overlap
                FROM match_pairs AS pair
                JOIN match_texts AS own ON own.low = pair.low AND own.high = pair.high
                JOIN match_texts AS other ON other.low = pair.by_low AND other.high = pair.by_high
            );
            DROP TABLE match_texts; DROP TABLE match_pairs
            """);
    }

    /// <summary>
    /// SQL over <see cref="Compared"/>: Jaccard's index reaches a similarity. Whole numbers throughout.
    /// </summary>
    public static string IsNear(Ratio similarity) => string.Create(
        CultureInfo.InvariantCulture,
        $"(shared * {similarity.Whole} >= (first + second - shared) * {similarity.Part})");

    /// <summary>SQL over the same: so much of the first is in the second.</summary>
    public static string IsContained(Ratio similarity) => string.Create(
        CultureInfo.InvariantCulture, $"(shared * {similarity.Whole} >= first * {similarity.Part})");
}
