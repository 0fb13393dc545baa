using System.Globalization;
using Aval.Content;
using Aval.Corpus;
using Aval.Policies;
using Aval.Storage;
using Aval.Text;
using Aval.Text.Copies;

namespace Aval.Recall.Erasing;

/// <summary>
/// Which items of others say what is erased: they are sought before that goes, in all content, under the widest rule
/// <c>copies</c> of any retained release, and stay out of every later build whose policy has such a rule and asks for
/// no more than is alike. A copy that arrives afterwards is not recognised: there is nothing left to hold it against.
/// </summary>
internal static class ErasedCopies
{
    /// <summary>
    /// Makes <c>erasing_copies</c> (service, item_id, shared, first, source, is_near): so many of the runs of an
    /// erased text are in the item; source is the same for all copies of one text, and is_near tells a copy from a
    /// quote.
    /// </summary>
    /// <param name="engine">With content's views, <c>erasing_items</c> and <c>erasing_versions</c>.</param>
    /// <param name="workspace">Whose releases.</param>
    /// <returns>How many items are copies.</returns>
    public static long Find(Engine engine, Workspace workspace)
    {
        var rules = Retained(workspace).SelectMany(policy => policy.Rules.OfType<Rule.Copies>()).ToArray();
        if (rules.Length == 0 || !engine.Scalar<bool>("SELECT EXISTS (FROM erasing_items)"))
        {
            engine.Execute("CREATE OR REPLACE TEMP TABLE erasing_copies AS SELECT ''::VARCHAR AS service, "
                + "''::VARCHAR AS item_id, 0::UBIGINT AS shared, 0::UBIGINT AS first, ''::VARCHAR AS source, "
                + "false AS is_near WHERE false");
            return 0;
        }

        RowKeys.Provide(engine);
        ErasedTokens.Provide(engine);
        engine.Execute(Sought);
        var matching = new MatchRules(Widest(rules), null);
        using (var sketched = SketchedItems.Make(engine, Shaded, matching.Bands, "erasing_sketches"))
            Matching.Run(
                engine, matching, sketched, "(FROM erasing_said)", "erasing_matched",
                tell: _ => engine.Execute(Measured(matching.Copies!)));
        engine.Execute("""
            DROP TABLE erasing_sketches;
            DROP TABLE erasing_matched;
            DROP TABLE erasing_sought;
            DROP VIEW erasing_said
            """);
        return engine.Scalar<long>("SELECT count(*) FROM erasing_copies");
    }

    // Each version's text, since any of them may have been copied, and what counts now may have none: it is sought
    // under a name of its own, as an item has one text. What is of several authors is nobody's to post again.
    private const string Sought = """
        CREATE OR REPLACE TEMP TABLE erasing_sought AS
        SELECT service, concat(item_id, chr(31), place) AS item_id, author, text, casts
        FROM (
            SELECT service, item_id, text, min(author) AS author,
                CASE WHEN any_value(is_shared) THEN 2 ELSE 1 END AS casts,
                row_number() OVER (PARTITION BY service, item_id ORDER BY text) AS place
            FROM (
                SELECT service, item_id, author, text,
                    min(author) OVER (PARTITION BY service, item_id)
                        <> max(author) OVER (PARTITION BY service, item_id) AS is_shared
                FROM erasing_versions SEMI JOIN erasing_items USING (service, item_id))
            WHERE text <> '' GROUP BY service, item_id, text);

        CREATE OR REPLACE TEMP VIEW erasing_said AS
        SELECT service, item_id, text FROM items_now ANTI JOIN erasing_items USING (service, item_id)
        UNION ALL SELECT service, item_id, text FROM erasing_sought
        """;

    // What a build admits is not known here: of all that is left every copy is told, and which of them are too many to
    // be anybody's is for each build to say.
    private const string Shaded = """
        SELECT service, item_id, author, text, kind, created_at, in_reply_to, persons, 0::BIGINT AS mask,
            0::TINYINT AS casts, true AS counts
        FROM items_now ANTI JOIN erasing_items USING (service, item_id)
        UNION ALL BY NAME
        SELECT service, item_id, author, text, 1::BIGINT AS mask, casts::TINYINT AS casts, false AS counts
        FROM erasing_sought
        """;

    // The most that it shares with any text of which it is a copy. The same letters are all of it, or a text without
    // any would have no runs to share.
    private static string Measured(Rule.Copies rule) => $"""
        CREATE OR REPLACE TEMP TABLE erasing_copies AS
        WITH alike AS (
            SELECT low, high, by_low, by_high, shared, first, {Candidates.IsNear(rule.Similarity)} AS is_near
            FROM {Candidates.Compared} WHERE {Candidates.IsContained(rule.Similarity)}
            UNION ALL
            SELECT low, high, low, high, 1, 1, true FROM match_shadows
        ), source AS (
            SELECT low, high, min(erased_item(service, item_id)) AS source
            FROM match_items WHERE casts > 0 GROUP BY low, high
        )
        SELECT service, item_id, shared::UBIGINT AS shared, first::UBIGINT AS first, source, is_near
        FROM alike JOIN source USING (low, high) JOIN match_shadows AS shadow USING (low, high)
        JOIN match_items AS item ON item.low = by_low AND item.high = by_high
        WHERE item.casts = 0 AND item.characters >= {rule.MinCharacters.ToString(CultureInfo.InvariantCulture)}
            AND (shadow.on_everybody OR shadow.one <> item.person OR shadow.other <> item.person)
        QUALIFY row_number() OVER (
            PARTITION BY service, item_id ORDER BY shared::DOUBLE / first DESC, is_near DESC, source) = 1
        """;

    private static IEnumerable<Policy> Retained(Workspace workspace) => Directory.Exists(workspace.Corpus)
        ? Directory.GetDirectories(workspace.Corpus).SelectMany(ReleaseName.Retained)
            .Select(release => (Path: release, Manifest.Read(release).PolicyText))
            .DistinctBy(one => one.PolicyText).OrderBy(one => one.PolicyText, StringComparer.Ordinal)
            .Select(one => PolicyReader.Parse(one.PolicyText, one.Path))
            .Where(policy => policy.Rules.Any(rule => rule is Rule.Copies))
        : [];

    // What any of them would take for a copy, however many people wrote it.
    private static Rule.Copies Widest(Rule.Copies[] rules) => rules[0] with
    {
        Similarity = rules.Select(rule => rule.Similarity)
            .Aggregate((one, other) => one.IsAtLeast(other) ? other : one),
        MinCharacters = rules.Min(rule => rule.MinCharacters),
        CommonAfter = int.MaxValue,
    };
}
