using System.Globalization;
using Aval.Policies;
using Aval.Storage;
using Aval.Text.Copies;
using DuckDB.NET.Data.Mapping;

namespace Aval.Text.Duplicates;

/// <summary>
/// Finds the items that say what another says, among those that every other rule left. A cluster is all that hangs
/// together by pairs of texts that share a band and reach the similarity; so it is the same in whatever order they are
/// looked at, and none of it is an accident of which came first.
/// </summary>
internal static class DuplicateMatching
{
    // Of a band that many texts share, each is compared with so many that follow it by their hashes: what is alike
    // enough to crowd a band hangs together by its neighbours, and a crowd of a million has no 10¹² pairs.
    private const int Neighbours = 64;

    /// <summary>
    /// Makes <c>match_duplicates(service, item_id, kept)</c>: one row an item that is out, and the row key of the one
    /// that is kept in its place.
    /// </summary>
    /// <param name="engine">With <see cref="SharedBands"/> and <c>match_left</c>: the items of <c>match_items</c> that
    /// other rules left.</param>
    /// <param name="rule">The policy's.</param>
    public static void Run(Engine engine, Rule.Duplicates rule)
    {
        Candidates.Begin(engine);
        if (AsksForTexts(rule))
            engine.Execute(OfBands());

        Candidates.Compare(engine);
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE match_edges AS
            SELECT {Text("low", "high")} AS text, {Text("by_low", "by_high")} AS other
            FROM {Candidates.Compared} WHERE {Candidates.IsNear(rule.Similarity)};
            CREATE OR REPLACE TEMP TABLE match_numbers AS
            SELECT text, (row_number() OVER (ORDER BY text) - 1)::INTEGER AS number
            FROM (SELECT text FROM match_edges UNION SELECT other FROM match_edges)
            """);
        Join(engine);
        engine.Execute(Found(rule));
    }

    /// <summary>SQL of the texts that may be compared: <c>low, high</c>; null = none is.</summary>
    public static string? Texts(Rule.Duplicates rule) => !AsksForTexts(rule) ? null : $"""
        SELECT low, high
        FROM (SELECT low, high, count(*) OVER (PARTITION BY band) AS texts FROM {SharedBands.Table} WHERE admitted > 0)
        WHERE texts > 1
        """;

    // With nothing but the same letters asked for, their hashes say it all.
    private static bool AsksForTexts(Rule.Duplicates rule) => rule.Similarity.Part < rule.Similarity.Whole;

    private static string OfBands() => $"""
        INSERT INTO {Candidates.Table}
        WITH ranked AS (
            SELECT band, low, high,
                row_number() OVER (PARTITION BY band ORDER BY low, high) AS place,
                count(*) OVER (PARTITION BY band) AS texts
            FROM {SharedBands.Table} SEMI JOIN match_left USING (low, high)
            WHERE admitted > 0
            QUALIFY texts > 1
        ), follows AS (
            SELECT band, low, high, unnest(range(place + 1, least(place + {Number(Neighbours)}, texts) + 1)) AS place
            FROM ranked
        )
        SELECT DISTINCT follows.low, follows.high, other.low, other.high
        FROM follows JOIN ranked AS other USING (band, place)
        """;

    // Each text has the least of its cluster as its root. Of a text one whole number is held, and no word.
    private static void Join(Engine engine)
    {
        var count = engine.Scalar<int>("SELECT count(*)::INTEGER FROM match_numbers");
        var sets = new DisjointSets(count);
        var edges = engine.Stream(
            """
            SELECT own.number, other.number
            FROM match_edges AS edge
            JOIN match_numbers AS own USING (text)
            JOIN match_numbers AS other ON other.text = edge.other
            """,
            row => (One: row.GetInt32(0), Other: row.GetInt32(1)));
        foreach (var (one, other) in edges)
            sets.Join(one, other);
        engine.Execute("CREATE OR REPLACE TEMP TABLE match_sets (number INTEGER, least INTEGER)");
        using (var transaction = engine.Connection.BeginTransaction())
        {
            using (var appender = engine.Connection.CreateAppender<Member, MemberMap>("match_sets"))
                appender.AppendRecords(Enumerable.Range(0, count).Select(one => new Member(one, sets.LeastOf(one))));
            transaction.Commit();
        }

        engine.Execute("""
            CREATE OR REPLACE TEMP TABLE match_roots AS
            SELECT own.text, least.text AS root
            FROM match_sets AS member
            JOIN match_numbers AS own USING (number)
            JOIN match_numbers AS least ON least.number = member.least
            """);
    }

    private static string Found(Rule.Duplicates rule)
    {
        var slice = rule.Keep switch
        {
            KeptDuplicates.First => "cluster",
            KeptDuplicates.OnePerAuthor => "cluster, account",
            KeptDuplicates.All => throw new InvalidOperationException("Where all are kept, nothing is compared."),
        };
        return $"""
            CREATE OR REPLACE TEMP TABLE match_duplicates AS
            WITH clustered AS (
                SELECT item.*, coalesce(root.root, {Text("item.low", "item.high")}) AS cluster
                FROM match_left AS item
                LEFT JOIN match_roots AS root ON root.text = {Text("item.low", "item.high")}
            )
            SELECT service, item_id, kept
            FROM (
                SELECT service, item_id, row_key,
                    first_value(row_key) OVER (
                        PARTITION BY {slice} ORDER BY created_at NULLS LAST, row_key
                        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS kept
                FROM clustered
            )
            WHERE row_key <> kept
            """;
    }

    // Both halves of a text's hash as one number.
    private static string Text(string low, string high) =>
        $"({low}::UHUGEINT * 18446744073709551616::UHUGEINT + {high}::UHUGEINT)";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private sealed record Member(int Number, int Least);

    private sealed class MemberMap : DuckDBAppenderMap<Member>
    {
        public MemberMap()
        {
            Map(row => row.Number);
            Map(row => row.Least);
        }
    }
}
