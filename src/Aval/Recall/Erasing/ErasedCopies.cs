using System.Globalization;
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
    /// <summary>Makes <c>erasing_copies</c> (service, item_id, shared, first): so many of the runs of what is erased
    /// are in the item.</summary>
    /// <param name="engine">With content's views and <c>erasing_items</c>.</param>
    /// <param name="workspace">Whose releases.</param>
    /// <returns>How many items are copies.</returns>
    public static long Find(Engine engine, Workspace workspace)
    {
        var policies = Retained(workspace).ToArray();
        if (policies.Length == 0 || !engine.Scalar<bool>("SELECT EXISTS (FROM erasing_items)"))
        {
            engine.Execute("CREATE OR REPLACE TEMP TABLE erasing_copies AS SELECT ''::VARCHAR AS service, "
                + "''::VARCHAR AS item_id, 0::UBIGINT AS shared, 0::UBIGINT AS first WHERE false");
            return 0;
        }

        var grounds = Grounds.Of(policies[0]);
        var erased = grounds.Where(ground => ground.Reason is Reason.Erased).Sum(ground => 1L << ground.Bit)
            .ToString(CultureInfo.InvariantCulture);
        var rules = new MatchRules(Widest(policies.SelectMany(policy => policy.Rules.OfType<Rule.Copies>())), null);
        RowKeys.Provide(engine);
        var decided = $"""
            SELECT now.*, CASE WHEN erasing.item_id IS NULL THEN 0 ELSE {erased} END AS mask
            FROM items_now AS now LEFT JOIN erasing_items AS erasing USING (service, item_id)
            """;
        using var sketched = SketchedItems.Make(
            engine, Sketches.Shaded(decided, grounds, rules), rules.Bands, "erasing_sketches");
        Matching.Run(engine, rules, sketched, "items_now", "erasing_matched");
        engine.Execute(Measured);
        return engine.Scalar<long>("SELECT count(*) FROM erasing_copies");
    }

    // The most that it shares with any of what is erased.
    private const string Measured = """
        CREATE OR REPLACE TEMP TABLE erasing_copies AS
        WITH erased AS (
            SELECT DISTINCT text AS own FROM items_now SEMI JOIN erasing_items USING (service, item_id) WHERE text <> ''
        ), compared AS (
            SELECT service, item_id, text_overlap(own, text) AS overlap
            FROM items_now SEMI JOIN (FROM erasing_matched WHERE verdict = 'copy') AS copy USING (service, item_id)
            CROSS JOIN erased
        )
        SELECT service, item_id, overlap[1]::UBIGINT AS shared, overlap[2]::UBIGINT AS first FROM compared
        WHERE overlap[1] > 0
        QUALIFY row_number() OVER (PARTITION BY service, item_id ORDER BY overlap[1]::DOUBLE / overlap[2] DESC) = 1;

        DROP TABLE erasing_sketches;
        DROP TABLE erasing_matched
        """;

    private static IEnumerable<Policy> Retained(Workspace workspace) => Directory.Exists(workspace.Corpus)
        ? Directory.GetDirectories(workspace.Corpus).SelectMany(ReleaseName.Retained)
            .Select(release => (Path: release, Manifest.Read(release).PolicyText))
            .DistinctBy(one => one.PolicyText).OrderBy(one => one.PolicyText, StringComparer.Ordinal)
            .Select(one => PolicyReader.Parse(one.PolicyText, one.Path))
            .Where(policy => policy.Rules.Any(rule => rule is Rule.Copies))
        : [];

    // What any of them would take for a copy.
    private static Rule.Copies Widest(IEnumerable<Rule.Copies> rules) => rules.Aggregate((one, other) => one with
    {
        Similarity = one.Similarity.IsAtLeast(other.Similarity) ? other.Similarity : one.Similarity,
        MinCharacters = Math.Min(one.MinCharacters, other.MinCharacters),
        CommonAfter = Math.Max(one.CommonAfter, other.CommonAfter),
    });
}
