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
    /// Reads again the text of one item for each text that is wanted, once for all that are compared: what all items
    /// say is looked through for it.
    /// </summary>
    /// <param name="engine">With <c>match_items</c>.</param>
    /// <param name="items">All items, as <c>items_now</c> has them.</param>
    /// <param name="wanted">SQL of <c>low, high</c>, any of them several times.</param>
    public static void Read(Engine engine, string items, string wanted) => engine.Execute($"""
        CREATE OR REPLACE TEMP TABLE match_texts AS
        WITH chosen AS (
            SELECT low, high, min_by(item, row_key) AS item
            FROM (SELECT low, high, row_key, struct_pack(service := service, id := item_id) AS item
                  FROM match_items SEMI JOIN ({wanted}) AS wanted USING (low, high))
            GROUP BY low, high
        )
        SELECT low, high, item.text AS text
        FROM (SELECT low, high, item.service AS service, item.id AS item_id FROM chosen)
        JOIN {items} AS item USING (service, item_id)
        """);

    /// <summary>Counts the runs of both texts of each pair: into <see cref="Compared"/>.</summary>
    /// <param name="engine">With <see cref="Table"/> and what <see cref="Read"/> read.</param>
    public static void Compare(Engine engine)
    {
        // What two texts share is asked once and kept: a function in a condition would be called again.
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE match_pairs AS SELECT DISTINCT * FROM {Table};
            CREATE OR REPLACE TEMP TABLE {Compared} AS
            SELECT low, high, by_low, by_high,
                overlap[1] AS shared, overlap[2] AS first, overlap[3] AS second
            FROM (
                SELECT pair.*, text_overlap(own.text, other.text) AS overlap
                FROM match_pairs AS pair
                JOIN match_texts AS own ON own.low = pair.low AND own.high = pair.high
                JOIN match_texts AS other ON other.low = pair.by_low AND other.high = pair.by_high
            );
            DROP TABLE match_pairs
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
