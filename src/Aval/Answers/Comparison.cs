using Aval.Building;
using Aval.Choices;
using Aval.Content;
using Aval.Corpus;
using Aval.Decisions;
using Aval.Orders;
using Aval.Policies;
using Aval.Storage;
using Aval.Text;

namespace Aval.Answers;

/// <summary>What one policy admits of a slice.</summary>
/// <param name="People">Persons (link groups) with at least one admitted item.</param>
/// <param name="Items">Admitted items.</param>
/// <param name="Characters">Their text as it was published, in Unicode code points.</param>
internal sealed record Admitted(long People, long Items, long Characters);

/// <summary>Items that two policies decide in one and the same way: from what to what.</summary>
/// <param name="First">Why they are out under the first policy; null = admitted.</param>
/// <param name="Second">The same under the second.</param>
/// <param name="People">Persons with such an item.</param>
/// <param name="Items">How many.</param>
/// <param name="Characters">Their text.</param>
internal sealed record Move(Why? First, Why? Second, long People, long Items, long Characters);

/// <summary>Two regimes on the same content and choices.</summary>
/// <param name="First">The one.</param>
/// <param name="Second">The other.</param>
/// <param name="AsOf">The instant.</param>
/// <param name="Read">All items, all persons.</param>
/// <param name="Total">What each admits.</param>
/// <param name="Services">By service.</param>
/// <param name="Languages">By language hint.</param>
/// <param name="Moves">How decisions move, most items first.</param>
internal sealed record Comparison(
    Policy First, Policy Second, DateTimeOffset AsOf, Admitted Read, (Admitted First, Admitted Second) Total,
    IReadOnlyList<(string Slice, Admitted Read, Admitted First, Admitted Second)> Services,
    IReadOnlyList<(string Slice, Admitted Read, Admitted First, Admitted Second)> Languages,
    IReadOnlyList<Move> Moves)
{
    /// <summary>The clock, when <see cref="AsOf"/> lies ahead of it; else null.</summary>
    public DateTimeOffset? AheadOf { get; init; }

    /// <summary>What a comparison of the future is, in a sentence; null when it is none.</summary>
    public string? Outlook => AheadOf is { } now ? Pipeline.Outlook(AsOf, now) : null;

    /// <summary>
    /// Decides everything twice and compares. Replay-only policies may be compared: that is what they are for.
    /// </summary>
    public static Comparison Of(
        Workspace workspace, Policy first, Policy second, DateTimeOffset asOf, TreeSize? atCheckpoint,
        EngineLimits limits)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        Pipeline.RefuseBefore(first, asOf);
        Pipeline.RefuseBefore(second, asOf);
        using var engine = Engine.Open(workspace.Temporary, limits, workspace.ReadKey());
        Inputs.Load(engine, workspace, asOf, atCheckpoint);
        var one = Decide(engine, workspace, OrderedPolicy.Of(workspace, first, asOf, asOf).Policy, "first");
        var other = Decide(engine, workspace, OrderedPolicy.Of(workspace, second, asOf, asOf).Policy, "second");
        engine.Execute(Both);
        PlacedFiles.RequireUnchanged(engine, workspace);
        return new Comparison(
            first, second, asOf,
            engine.Query("SELECT count(DISTINCT person), coalesce(sum(items), 0)::BIGINT, coalesce(sum(characters), "
                + "0)::BIGINT FROM both_decided", Counts(0))[0],
            engine.Query($"SELECT {Sums} FROM both_decided", row => (Counts(0)(row), Counts(3)(row)))[0],
            Slices(engine, "service"), Slices(engine, "language"), Moves_(engine, one, other));
    }

    private const string Sums = """
        count(DISTINCT person) FILTER (WHERE mask1 = 0), coalesce(sum(items) FILTER (WHERE mask1 = 0), 0)::BIGINT,
            coalesce(sum(characters) FILTER (WHERE mask1 = 0), 0)::BIGINT,
        count(DISTINCT person) FILTER (WHERE mask2 = 0), coalesce(sum(items) FILTER (WHERE mask2 = 0), 0)::BIGINT,
        coalesce(sum(characters) FILTER (WHERE mask2 = 0), 0)::BIGINT
        """;

    // One row a person, service, language and pair of decisions, so that every further question is asked of a small
    // table.
    private const string Both = """
        CREATE TEMP TABLE both_decided AS
        SELECT coalesce(nullif(person, ''), author) AS person, service, language, mask1, mask2, count(*) AS items,
            sum(characters)::BIGINT AS characters
        FROM first JOIN second USING (service, item_id)
        LEFT JOIN (SELECT account AS author, person FROM accounts_now) USING (author)
        GROUP BY ALL
        """;

    private static ItemDecisions Decide(Engine engine, Workspace workspace, Policy policy, string table)
    {
        Stances.Resolve(engine, policy.Purpose);
        RowKeys.Provide(engine);
        var decisions = Matching.Prepare(engine, policy, workspace.Settings.Buckets, $"_{table}");
        engine.Execute(table == "first"
            ? $"""
              CREATE TEMP TABLE first AS
              SELECT service, item_id, author, language,
                  characters, mask AS mask1 FROM ({decisions.Relation})
              """
            : $"CREATE TEMP TABLE second AS SELECT service, item_id, mask AS mask2 FROM ({decisions.Relation})");
        return decisions;
    }

    private static List<(string, Admitted, Admitted, Admitted)> Slices(Engine engine, string column) => engine.Query(
        $"""
        SELECT {column}, count(DISTINCT person), sum(items)::BIGINT, sum(characters)::BIGINT, {Sums} FROM both_decided
        GROUP BY {column} ORDER BY {column}
        """,
        row => (row.GetString(0), Counts(1)(row), Counts(4)(row), Counts(7)(row)));

    private static List<Move> Moves_(Engine engine, ItemDecisions one, ItemDecisions other)
    {
        // Many masks share a reason, so people are counted per pair of reasons, after each mask has been given its own.
        engine.Execute("CREATE TEMP TABLE reasons (mask1 BIGINT, mask2 BIGINT, pair INTEGER)");
        var pairs = new Dictionary<(Why?, Why?), int>();
        foreach (var (mask1, mask2) in engine.Query(
            "SELECT DISTINCT mask1, mask2 FROM both_decided ORDER BY ALL", row => (row.GetInt64(0), row.GetInt64(1))))
        {
            var key = (one.First(mask1)?.Why, other.First(mask2)?.Why);
            if (!pairs.TryGetValue(key, out var pair))
                pairs.Add(key, pair = pairs.Count);
            engine.Execute(
                "INSERT INTO reasons VALUES ($mask1, $mask2, $pair)", ("mask1", mask1), ("mask2", mask2),
                ("pair", pair));
        }

        var names = pairs.ToDictionary(entry => entry.Value, entry => entry.Key);
        return engine.Query(
            "SELECT pair, count(DISTINCT person), sum(items)::BIGINT, sum(characters)::BIGINT "
                + "FROM both_decided JOIN reasons USING (mask1, mask2) GROUP BY pair ORDER BY 3 DESC, pair",
            row => new Move(
                names[row.GetInt32(0)].Item1, names[row.GetInt32(0)].Item2, row.GetInt64(1), row.GetInt64(2),
                row.GetInt64(3)));
    }

    private static Func<DuckDB.NET.Data.DuckDBDataReader, Admitted> Counts(int at) =>
        row => new Admitted(row.GetInt64(at), row.GetInt64(at + 1), row.GetInt64(at + 2));
}
