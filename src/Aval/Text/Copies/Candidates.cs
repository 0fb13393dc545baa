using System.Globalization;
using Aval.Content;
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

    private const string Known = "match_known", Told = "match_told";

    /// <summary>
    /// Says what two texts were found to share before: what two texts share follows from what they say, so that such a
    /// pair is not compared again, nor its texts read.
    /// </summary>
    /// <param name="engine">Which leaves that for <see cref="Compare"/>.</param>
    /// <param name="known">A relation as <see cref="Tell"/> answers it; null = of no pair is anything known.</param>
    /// <param name="isTold">Somebody asks for what is found out now.</param>
    public static void Know(Engine engine, string? known, bool isTold)
    {
        const string columns =
            "low UBIGINT, high UBIGINT, by_low UBIGINT, by_high UBIGINT, shared BIGINT, first BIGINT, second BIGINT";
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE {Told} ({columns});
            CREATE OR REPLACE TEMP TABLE {Known} ({columns});
            {(known is null ? "" : $"INSERT INTO {Known} FROM {known}")}
            """);
        engine.Leave(new KnownPairs(known is not null, isTold));
    }

    /// <summary>SQL of what the pairs shared that were compared since, in an order that follows from them
    /// alone.</summary>
    public const string Tell = $"SELECT DISTINCT * FROM {Told} ORDER BY ALL";

    /// <summary>Begins with no pairs.</summary>
    public static void Begin(Engine engine) => engine.Execute($"""
        CREATE OR REPLACE TEMP TABLE {Table} (low UBIGINT, high UBIGINT, by_low UBIGINT, by_high UBIGINT)
        """);

    /// <summary>
    /// Reads again the text of one item for each text that is wanted, once for all that are compared: what all items
    /// say is looked through for it. Nothing where pairs are known: then only the texts of others are read, when it is
    /// known which these are.
    /// </summary>
    /// <param name="engine">With <c>match_items</c>.</param>
    /// <param name="items">All items, as <c>items_now</c> has them.</param>
    /// <param name="wanted">SQL of <c>low, high</c>, any of them several times.</param>
    public static void Read(Engine engine, string items, string wanted)
    {
        if (engine.Left<KnownPairs>()?.Any is true)
            return;
        Choose(engine, wanted);
        Texts(engine, items);
    }

    /// <summary>Counts the runs of both texts of each pair: into <see cref="Compared"/>.</summary>
    /// <param name="engine">With <see cref="Table"/> and what <see cref="Read"/> read.</param>
    public static void Compare(Engine engine)
    {
        var isKnown = engine.Left<KnownPairs>()?.Any is true;
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE match_pairs AS SELECT DISTINCT * FROM {Table};
            CREATE OR REPLACE TEMP TABLE match_asked AS
            FROM match_pairs {(isKnown ? $"ANTI JOIN {Known} USING (low, high, by_low, by_high)" : "")}
            """);
        if (isKnown)
        {
            Choose(engine, "SELECT low, high FROM match_asked UNION ALL SELECT by_low, by_high FROM match_asked");
            Texts(engine, Sketches.Said(
                engine, ItemFinding.Now(engine, "SELECT DISTINCT service, item_id FROM match_chosen")));
        }

        // What two texts share is asked once and kept: a function in a condition would be called again. In order of the
        // first, of which there are a tenth as many as pairs: its runs are then found once.
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE {Compared} AS
            SELECT low, high, by_low, by_high, {Overlap.Columns("overlap")}
            FROM (
                SELECT pair.*, text_overlap(own.text, other.text) AS overlap
                FROM (FROM match_asked ORDER BY low, high) AS pair
                JOIN match_texts AS own ON own.low = pair.low AND own.high = pair.high
                JOIN match_texts AS other ON other.low = pair.by_low AND other.high = pair.by_high
            )
            {(isKnown ? $"UNION ALL FROM {Known} SEMI JOIN match_pairs USING (low, high, by_low, by_high)" : "")};
            DROP TABLE match_pairs;
            DROP TABLE match_asked
            """);
        if (engine.Left<KnownPairs>()?.IsTold is true)
            engine.Execute($"INSERT INTO {Told} FROM {Compared}");
    }

    // One item of each text, the same whoever asks.
    private static void Choose(Engine engine, string wanted) => engine.Execute($"""
        CREATE OR REPLACE TEMP TABLE match_chosen AS
        SELECT low, high, item.service AS service, item.id AS item_id
        FROM (
            SELECT low, high, min_by(item, row_key) AS item
            FROM (SELECT low, high, row_key, struct_pack(service := service, id := item_id) AS item
                  FROM match_items SEMI JOIN ({wanted}) AS wanted USING (low, high))
            GROUP BY low, high)
        """);

    private static void Texts(Engine engine, string items) => engine.Execute($"""
        CREATE OR REPLACE TEMP TABLE match_texts AS
        SELECT low, high, item.text AS text FROM match_chosen JOIN {items} AS item USING (service, item_id);
        DROP TABLE match_chosen
        """);

    /// <summary>Whether it is known of any pairs what they share, and whether somebody asks for more.</summary>
    private sealed record KnownPairs(bool Any, bool IsTold);

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
