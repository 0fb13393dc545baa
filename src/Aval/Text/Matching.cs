using System.Globalization;
using Aval.Content;
using Aval.Decisions;
using Aval.People;
using Aval.Policies;
using Aval.Storage;
using Aval.Text.Copies;
using Aval.Text.Duplicates;

namespace Aval.Text;

/// <summary>
/// <em>match</em>: what items say, held against what other items say, whoever wrote them. First every item is decided
/// by all that is said of itself; then what says the same as an excluded item of somebody else is out as its copy; and
/// of what is left, what says the same as another is out as its duplicate. So each of these is out by nothing else.
/// </summary>
internal static class Matching
{
    /// <summary>
    /// Compares, and answers in a table <c>service, item_id, verdict, kept</c>: a row an item that is out, where the
    /// verdict is <c>copy</c> or <c>duplicate</c>, and of a duplicate the row key of the item that is kept.
    /// </summary>
    /// <param name="engine">With <c>account_versions</c> and <c>co_authors</c>.</param>
    /// <param name="rules">What the policy asks.</param>
    /// <param name="sketched">The items that are compared.</param>
    /// <param name="items">All items, as <c>items_now</c> has them: the texts of candidates are read again.</param>
    /// <param name="table">The table's name.</param>
    /// <param name="known">What pairs of texts were found to share before (<see cref="Candidates.Tell"/>); null = all
    /// are compared. Where it is given, <paramref name="items"/> are those of the engine's content.</param>
    /// <param name="tell">Told what they share now: SQL of it, as long as it is there; null = nobody asks.</param>
    /// <returns>How many items were let in though they say what an excluded one says; null = no rule asks.</returns>
    public static long? Run(
        Engine engine, MatchRules rules, SketchedItems sketched, string items, string table, string? known = null,
        Action<string>? tell = null)
    {
        CopyFunctions.Provide(engine);
        Candidates.Know(engine, known, isTold: tell is not null);
        SharedTexts.Find(engine, sketched, rules.Bands, rules.Copies?.MinCharacters);
        Links.Least(engine, "match_people");
        // Whose words an item is of which versions name several authors is not known: nobody's posts are spared as his
        // own.
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE match_authors AS
            SELECT service, item_id FROM co_authors
            LEFT JOIN match_people AS one ON one.account = author
            LEFT JOIN match_people AS other ON other.account = current_author
            WHERE coalesce(one.person, author) <> coalesce(other.person, current_author);
            CREATE OR REPLACE TEMP TABLE match_items AS
            SELECT shared.* REPLACE (CASE WHEN casts = 1 AND (service, item_id) IN (
                    SELECT (service, item_id) FROM match_authors) THEN 2 ELSE casts END AS casts),
                coalesce(people.person, shared.account) AS person
            FROM ({SharedTexts.Items(sketched)}) AS shared LEFT JOIN match_people AS people USING (account);
            CREATE OR REPLACE TEMP TABLE match_verdicts (service VARCHAR, item_id VARCHAR, is_copy BOOLEAN);
            CREATE OR REPLACE TEMP TABLE match_duplicates (service VARCHAR, item_id VARCHAR, kept UUID)
            """);
        Candidates.Begin(engine);
        if (rules.Copies is not null)
            CopyMatching.Pair(engine, rules.Copies);
        Candidates.Read(engine, Sketches.Said(engine, items), Wanted(rules));
        if (rules.Copies is { } copies)
        {
            CopyMatching.Run(engine, copies);
            Remember(engine, copies, sketched);
        }

        if (rules.Duplicates is { } duplicates)
        {
            engine.Execute("""
                CREATE OR REPLACE TEMP TABLE match_left AS
                FROM match_items ANTI JOIN (FROM match_verdicts WHERE is_copy) AS copy USING (service, item_id)
                WHERE casts = 0
                """);
            DuplicateMatching.Run(engine, duplicates);
        }

        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE {table} AS
            SELECT service, item_id, 'copy' AS verdict, NULL::UUID AS kept FROM match_verdicts WHERE is_copy
            UNION ALL
            SELECT service, item_id, 'duplicate', kept FROM match_duplicates
            """);
        var letIn = engine.Scalar<long>("SELECT count(*) FROM match_verdicts WHERE NOT is_copy");
        tell?.Invoke(Candidates.Tell);
        Forget(engine);
        return rules.Copies is null ? null : letIn;
    }

    /// <summary>
    /// Makes the tables that a policy's decisions need, as <see cref="Treatments.Prepare"/> does; where the policy
    /// compares what items say, all of them are compared, also when few are asked for. Needs <c>row_key</c>.
    /// </summary>
    /// <inheritdoc cref="Treatments.Prepare"/>
    public static ItemDecisions Prepare(
        Engine engine, Policy policy, int buckets, string name = "", string items = "items_now",
        Protection? protection = null)
    {
        if (MatchRules.Of(policy) is not { } rules)
            return Treatments.Prepare(engine, policy, buckets, name, items, protection);
        var decisions = Treatments.Prepare(engine, policy, buckets, name, protection: protection);
        var decided = decisions.Over(decisions.From("items_now"), Sketches.Also);
        var shaded = Sketches.Shaded(decided, decisions.Grounds, rules);
        if (rules.Copies is not null && Sketches.AnyGone(engine))
            shaded = $"FROM ({shaded}) UNION ALL BY NAME ({Sketches.ShadedOfGone(decisions, rules)})";
        using var sketched = SketchedItems.Make(engine, shaded, rules.Bands, "match_sketches");
        var letIn = Run(engine, rules, sketched, "items_now", Table + name);
        engine.Execute("DROP TABLE match_sketches");
        decisions = decisions with { MatchedTable = Table + name, LetIn = letIn };
        return decisions with { Relation = Treatments.Over(policy, decisions, decisions.From(items)) };
    }

    /// <summary>The table of <see cref="Prepare"/>.</summary>
    public const string Table = "matched";

    /// <summary>
    /// SQL of items that were decided before they were compared, with what was found of them in their masks. Only what
    /// was admitted is compared, so what masks have emptied since is excluded for what was found of it.
    /// </summary>
    /// <param name="decided">Rows with <c>service, item_id, mask</c> and whatever else.</param>
    /// <param name="grounds">What the bits mean.</param>
    /// <param name="matched">What was found.</param>
    public static string Over(string decided, IReadOnlyList<Ground> grounds, string matched) => $"""
        SELECT decided.* REPLACE (CASE matched.verdict
            WHEN 'copy' THEN (decided.mask & ~{Bit(grounds, Reason.Empty)}) | {Bit(grounds, Reason.CopyOfExcluded)}
            WHEN 'duplicate' THEN (decided.mask & ~{Bit(grounds, Reason.Empty)}) | {Bit(grounds, Reason.Duplicate)}
            ELSE decided.mask END AS mask)
        FROM ({decided}) AS decided LEFT JOIN {matched} AS matched USING (service, item_id)
        """;

    /// <summary>SQL of the bit of a reason in a mask.</summary>
    /// <param name="grounds">What the bits mean.</param>
    /// <param name="reason">The reason; 0 where there is no such ground.</param>
    public static string Bit(IReadOnlyList<Ground> grounds, Reason reason) => grounds
        .Where(ground => ground.Reason == reason).Sum(ground => 1L << ground.Bit)
        .ToString(CultureInfo.InvariantCulture) + "::BIGINT";

    private static string Wanted(MatchRules rules)
    {
        var ofCopies =
            $"SELECT low, high FROM {Candidates.Table} UNION ALL SELECT by_low, by_high FROM {Candidates.Table}";
        return rules.Duplicates is { } duplicates && DuplicateMatching.Texts(duplicates) is { } ofDuplicates
            ? $"{ofCopies} UNION ALL {ofDuplicates}"
            : ofCopies;
    }

    // What says what was erased is known by that alone: what it was held against is gone. What more than so many people
    // wrote is nobody's, as it would be if that were there.
    private static void Remember(Engine engine, Rule.Copies rule, SketchedItems sketched)
    {
        if (engine.Left<RememberedCopies>() is not { } remembered)
            return;
        ContentFunctions.Provide(engine);
        ErasedTokens.Provide(engine);
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE match_kept AS
            SELECT service, item_id, casts, counts AND NOT is_reply AS counts, source,
                coalesce(people.person, kept.account) AS person
            FROM ({remembered.Among(string.Create(CultureInfo.InvariantCulture,
                $"(FROM {sketched.Rows} WHERE characters >= {rule.MinCharacters})"))}) AS kept
            LEFT JOIN match_people AS people USING (account)
            WHERE {Candidates.IsContained(rule.Similarity)};

            CREATE OR REPLACE TEMP TABLE match_remembered AS
            SELECT service, item_id, bool_or(common.source IS NULL) AS is_copy
            FROM match_kept LEFT JOIN (
                SELECT source FROM match_kept WHERE counts AND source IS NOT NULL GROUP BY source
                HAVING count(DISTINCT person) > {rule.CommonAfter.ToString(CultureInfo.InvariantCulture)}
            ) AS common ON common.source = match_kept.source
            WHERE casts = 0 GROUP BY service, item_id;

            CREATE OR REPLACE TEMP TABLE match_verdicts AS
            SELECT service, item_id, bool_or(is_copy) AS is_copy
            FROM (FROM match_verdicts UNION ALL FROM match_remembered) GROUP BY service, item_id;

            DROP TABLE match_kept
            """);
    }

    // They may be as large as the content.
    private static void Forget(Engine engine)
    {
        string[] tables =
        [
            "people", "authors", "items", "verdicts", "duplicates", "shadows", "alike", "common", "candidates",
            "compared", "left",
            "bands", "remembered", "edges", "numbers", "sets", "roots", "rows", "own", "met", "texts", "known", "told",
        ];
        foreach (var table in tables)
            engine.Execute($"DROP TABLE IF EXISTS match_{table}");
    }
}
