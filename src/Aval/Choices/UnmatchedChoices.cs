using Aval.Content;
using Aval.People;
using Aval.Storage;

namespace Aval.Choices;

/// <summary>A choice that has no effect yet, or none by a part of its scope.</summary>
/// <param name="Index">Its place in the ledger.</param>
/// <param name="Kind">What was said.</param>
/// <param name="Account">On which account; null when the choice was forgotten.</param>
/// <param name="MadeAt">When.</param>
/// <param name="Parts">The parts of its scope that have none, as a scope is written; null when the content does not
/// know the account, and of a forgotten choice.</param>
/// <param name="Nearest">Accounts that the content knows and that are spelled alike, nearest first.</param>
internal sealed record UnmatchedChoice(
    EntryIndex Index, ChoiceKind Kind, string? Account, DateTimeOffset MadeAt, string? Parts,
    IReadOnlyList<string> Nearest);

/// <summary>An account that the content does not know.</summary>
/// <param name="Account">The account.</param>
/// <param name="Nearest">Accounts that it knows and that are spelled alike, nearest first.</param>
internal sealed record UnknownAccount(string Account, IReadOnlyList<string> Nearest);

/// <summary>
/// Choices about what the content does not know. They are kept, for what they name may come with the next import; but
/// nobody is told that a choice is honoured when a slip of the keyboard keeps it from everything. Looked for at every
/// build. An account is known when it published, has a row, is somebody's link value or is mentioned in what others
/// published. Each part of a scope is judged for itself: a service has to be one on which the person has an account
/// that the choice reaches, an item one that such an account published; a removal may name anybody's.
/// </summary>
internal static class UnmatchedChoices
{
    // Beyond this many, only spellings that can be joined are looked for: a distance must be computed for each pair.
    private const int MeasuredAccounts = 20;

    /// <summary>
    /// Makes the table <c>unmatched</c> and counts it. Needs what <see cref="Stances.Load"/> makes, and the content's
    /// views.
    /// </summary>
    internal static long Find(Engine engine)
    {
        engine.Execute(UnknownAccounts);
        // Only for those that have no row are items looked through: of a few, where they and who names them lie.
        if (engine.Scalar<bool>("SELECT count(*) > 0 FROM unknown_accounts"))
            engine.Execute(UnseenAccounts(
                ItemFinding.By(engine, "FROM unknown_accounts"), ItemFinding.Naming(engine, "FROM unknown_accounts")));
        LeaveOutNamed(engine);
        FindParts(engine);
        LeaveOutErased(engine);
        engine.Execute(Unmatched);
        // Most workspaces have forgotten nothing.
        if (engine.Scalar<bool>("SELECT count(*) > 0 FROM forgotten"))
        {
            engine.Execute(UnknownTokens);
            engine.Execute(UnmatchedForgotten);
        }

        return engine.Scalar<long>("SELECT count(*) FROM unmatched");
    }

    // A tag by name may spell somebody outside otherwise than the choice does, and protects the same person. The index
    // of who is named has the spellings, so all items are looked through.
    private static void LeaveOutNamed(Engine engine)
    {
        if (!engine.Scalar<bool>("SELECT EXISTS (FROM unknown_accounts WHERE starts_with(account, 'outside:'))"))
            return;
        SuppressionTokens.Provide(engine);
        engine.Execute("""
            CREATE OR REPLACE TEMP TABLE unknown_accounts AS
            FROM unknown_accounts
            WHERE NOT starts_with(account, 'outside:') OR name_token(account) NOT IN (
                SELECT name_token(named) FROM (
                    SELECT DISTINCT unnest(persons).account AS named FROM item_versions WHERE len(persons) > 0
                ) WHERE starts_with(named, 'outside:'))
            """);
    }

    // Whose items an erasure took is known by that, and so is an item that it took: no slip of the keyboard.
    private static void LeaveOutErased(Engine engine)
    {
        if (!engine.Scalar<bool>("SELECT EXISTS (FROM erased_tokens)"))
            return;
        ErasedTokens.Provide(engine);
        engine.Execute(Erased);
    }

    private const string Erased = """
        CREATE OR REPLACE TEMP TABLE unknown_accounts AS
        FROM unknown_accounts
        WHERE erased_author(account) NOT IN (SELECT token FROM erased_tokens WHERE kind IN ('author', 'account'));

        DELETE FROM unmatched_parts WHERE scope = 'item'
            AND erased_item(scope_service, scope_item) IN (SELECT token FROM erased_tokens WHERE kind = 'item');

        DELETE FROM unmatched_parts WHERE scope = 'service' AND idx IN (
            SELECT idx FROM (SELECT idx, account FROM unmatched_parts WHERE scope = 'service')
            WHERE erased_author(account) IN (SELECT token FROM erased_tokens WHERE kind IN ('account', 'link')))
        """;

    // What has an effect by the account itself is told without its links, and those are few who name anything else.
    private static void FindParts(Engine engine)
    {
        engine.Execute(Doubtful);
        if (engine.Scalar<bool>("SELECT EXISTS (FROM unmatched_parts WHERE protective)"))
        {
            Links.Gather(engine, "SELECT account FROM unmatched_parts WHERE protective", "unmatched_links");
            Links.Connect(engine, "unmatched_links", "unmatched_persons");
            engine.Execute(OfLinked);
        }
    }

    // A forgotten choice has a statement for each account that is found by its token. An item that somebody names and
    // did not publish is nothing that the choice covers; who is only an earlier author of it permits nothing there.
    private const string Doubtful = """
        CREATE OR REPLACE TEMP TABLE unmatched_authors AS
        SELECT service, item_id, author, true AS permits FROM named_items
        UNION SELECT service, item_id, author, false FROM co_authors;

        CREATE OR REPLACE TEMP TABLE unmatched_parts AS
        WITH doubtful AS (
            SELECT idx, kind, account, protective, scope, scope_service, scope_item FROM statements
            WHERE scope = 'item' OR (scope = 'service' AND scope_service <> split_part(account, ':', 1))
        ), matched AS (
            SELECT idx, scope_service, scope_item FROM doubtful
            JOIN unmatched_authors AS item ON service = scope_service AND item_id = scope_item
            WHERE kind = 'removal' OR (author = account AND (protective OR permits))
            UNION ALL
            SELECT idx, scope_service, NULL FROM statements SEMI JOIN doubtful USING (idx)
            WHERE scope = 'service' AND scope_service = split_part(account, ':', 1)
        )
        FROM doubtful
        ANTI JOIN matched ON matched.idx = doubtful.idx AND matched.scope_service = doubtful.scope_service
            AND matched.scope_item IS NOT DISTINCT FROM doubtful.scope_item
        """;

    private const string OfLinked = """
        CREATE OR REPLACE TEMP TABLE unmatched_parts AS
        WITH reached AS (
            SELECT DISTINCT idx, scope, scope_service, scope_item, member.node AS holder
            FROM unmatched_parts
            JOIN unmatched_persons AS own ON own.node = account
            JOIN unmatched_persons AS member ON member.label = own.label AND position(':' IN member.node) > 1
            WHERE protective
        )
        FROM unmatched_parts
        ANTI JOIN (
            SELECT idx, scope_service, scope_item FROM reached
            LEFT JOIN unmatched_authors AS item
                ON service = scope_service AND item_id = scope_item AND author = holder
            WHERE author IS NOT NULL OR (scope = 'service' AND scope_service = split_part(holder, ':', 1))
        ) AS linked ON linked.idx = unmatched_parts.idx AND linked.scope_service = unmatched_parts.scope_service
            AND linked.scope_item IS NOT DISTINCT FROM unmatched_parts.scope_item
        """;

    /// <summary>What <see cref="Find"/> found, by index, read as it is asked for.</summary>
    internal static IEnumerable<UnmatchedChoice> List(Engine engine)
    {
        engine.Execute(Asked);
        var few = engine.Scalar<long>("SELECT count(*) FROM asked_nearest") <= MeasuredAccounts;
        engine.Execute(Nearest(few));
        return engine.Stream(
            """
            SELECT idx, kind, account, made_at, parts, coalesce(array_to_string(nearest, chr(10)), '')
            FROM unmatched LEFT JOIN nearest_accounts USING (account) ORDER BY idx
            """,
            row => new UnmatchedChoice(
                new EntryIndex(row.GetInt64(0)),
                ChoiceKinds.TryParse(row.GetString(1), out ChoiceKind kind)
                    ? kind
                    : throw new InvalidOperationException($"\"{row.GetString(1)}\" is no kind of choice."),
                row.IsDBNull(2) ? null : row.GetString(2),
                new DateTimeOffset(DateTime.SpecifyKind(row.GetDateTime(3), DateTimeKind.Utc)),
                row.IsDBNull(4) ? null : row.GetString(4),
                row.GetString(5).Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    /// <summary>Looks for what was just recorded in the content as it is now.</summary>
    /// <param name="workspace">Whose content.</param>
    /// <param name="recorded">What was recorded, in any order.</param>
    /// <param name="now">The clock's instant.</param>
    /// <param name="tell">Is told of each that is unmatched, by index.</param>
    /// <returns>How many are.</returns>
    public static long Among(
        Workspace workspace, IEnumerable<Recorded> recorded, DateTimeOffset now, Action<UnmatchedChoice> tell)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(tell);
        using var engine = Engine.Open(workspace.Temporary, EngineLimits.Default, workspace.ReadKey());
        ContentViews.Create(engine, workspace, now);
        // Statements may be dated ahead of the clock; these were just recorded, so all of them are asked about.
        Stances.LoadAlso(engine, recorded, [], now + (2 * ChoiceRules.ClockTolerance), []);
        Stances.NameItems(engine);
        var count = Find(engine);
        foreach (var choice in count > 0 ? List(engine) : [])
            tell(choice);
        return count;
    }

    /// <summary>
    /// Of accounts that something else than a choice names those that the content does not know, found and spelled as
    /// of a choice on each.
    /// </summary>
    /// <param name="workspace">Whose content.</param>
    /// <param name="named">The accounts.</param>
    /// <param name="now">The clock's instant.</param>
    public static IReadOnlyList<UnknownAccount> Unknown(
        Workspace workspace, IEnumerable<Account> named, DateTimeOffset now)
    {
        var unknown = new List<UnknownAccount>();
        Among(
            workspace,
            named.Distinct().Select((account, at) => new Recorded(
                new EntryIndex(at), new Choice(
                    ChoiceKind.Objection, account, Purpose.TrainGenerativeAi, Scope.Everything, now, now))),
            now, one => unknown.Add(new UnknownAccount(one.Account!, one.Nearest)));
        return unknown;
    }

    private const string UnknownAccounts = """
        CREATE OR REPLACE TEMP TABLE said_on AS SELECT DISTINCT account FROM statements
        WHERE kind <> 'removal' AND NOT forgotten;

        CREATE OR REPLACE TEMP TABLE unknown_accounts AS
        FROM said_on ANTI JOIN (SELECT account FROM account_versions SEMI JOIN said_on USING (account)) USING (account)
        """;

    // Semi-joins first: the few that are looked for are held, and not everybody there is.
    private static string UnseenAccounts(string by, string naming) => $"""
        CREATE OR REPLACE TEMP TABLE unknown_accounts AS
        FROM unknown_accounts ANTI JOIN (
            SELECT person AS account FROM account_versions
            SEMI JOIN unknown_accounts AS unknown ON person = unknown.account
            UNION ALL
            SELECT author FROM {by} AS own SEMI JOIN unknown_accounts AS unknown ON author = unknown.account
            UNION ALL
            FROM (SELECT unnest(persons).account AS account FROM {naming} AS naming WHERE len(persons) > 0)
            SEMI JOIN unknown_accounts USING (account)
        ) USING (account)
        """;

    // A part as ScopePart writes it.
    private const string Unmatched = """
        CREATE OR REPLACE TEMP TABLE unmatched AS
        SELECT DISTINCT idx, kind, account, made_at, NULL::VARCHAR AS parts
        FROM statements SEMI JOIN unknown_accounts USING (account)
        WHERE kind <> 'removal' AND NOT forgotten;

        INSERT INTO unmatched
        SELECT idx, kind, max(account) FILTER (WHERE NOT forgotten), made_at,
            string_agg(DISTINCT part, ';' ORDER BY part) FILTER (WHERE NOT forgotten)
        FROM (
            SELECT statements.idx, statements.kind, statements.account, made_at, forgotten,
                concat_ws(':', part.scope, part.scope_service,
                    replace(replace(part.scope_item, '%', '%25'), ';', '%3B')) AS part
            FROM unmatched_parts AS part JOIN statements USING (idx, scope, scope_service)
            WHERE part.scope_item IS NOT DISTINCT FROM statements.scope_item
        )
        ANTI JOIN unmatched USING (idx)
        GROUP BY idx, kind, made_at
        """;

    private const string UnknownTokens = """
        CREATE OR REPLACE TEMP TABLE unknown_tokens AS
        SELECT DISTINCT account_token AS token FROM forgotten
        ANTI JOIN (FROM forgotten_accounts WHERE is_known) AS known ON known.token = account_token
        ANTI JOIN (FROM erased_tokens WHERE kind IN ('author', 'account')) AS erased ON erased.token = account_token
        WHERE kind <> 'removal'
        """;

    // Those whose account or items the content does not know at all are in no statement.
    private const string UnmatchedForgotten = """
        INSERT INTO unmatched
        SELECT DISTINCT idx, kind, NULL, made_at, NULL
        FROM forgotten SEMI JOIN (
            SELECT idx FROM forgotten SEMI JOIN unknown_tokens ON token = account_token WHERE kind <> 'removal'
            UNION ALL
            SELECT idx FROM forgotten
            ANTI JOIN (FROM erased_tokens WHERE kind = 'item') AS erased ON erased.token = item_token
            ANTI JOIN forgotten_items AS item ON item.service = scope_service AND item.token = item_token
            WHERE scope = 'item'
        ) USING (idx)
        ANTI JOIN unmatched USING (idx)
        """;

    private const string Spelled = """
        split_part(account, ':', 1) AS service, lower(substr(account, position(':' IN account) + 1)) AS folded,
        ltrim(regexp_replace(folded, '[^0-9]', '', 'g'), '0') AS digits
        """;

    private const string Asked = $"""
        CREATE OR REPLACE TEMP TABLE asked_nearest AS
        SELECT account, {Spelled}
        FROM (SELECT DISTINCT account FROM unmatched SEMI JOIN unknown_accounts USING (account) WHERE kind <> 'removal')
        """;

    // The same but for case, or on another service; the same number with other letters or noughts around it; and, when
    // only a few are asked about, one or two letters away. Of these the closest, three at most.
    private static string Nearest(bool measured) => $"""
        CREATE OR REPLACE TEMP TABLE nearest_accounts AS
        WITH known AS MATERIALIZED (
            SELECT account, {Spelled} FROM (SELECT account FROM account_versions UNION SELECT author FROM item_versions)
        ), near AS (
            SELECT asked.account, known.account AS other, CASE WHEN known.service = asked.service THEN 0
                ELSE 1 END AS far
            FROM known JOIN asked_nearest AS asked USING (folded)
            UNION ALL
            SELECT asked.account, known.account, 2
            FROM known JOIN asked_nearest AS asked USING (service, digits) WHERE length(digits) >= 4
            {(measured ? Distances : "")}
        ), nearest AS (
            SELECT account, other, min(far) AS far FROM near WHERE other <> account GROUP BY ALL
        ), closest AS (
            FROM nearest QUALIFY far = min(far) OVER (PARTITION BY account)
        )
        SELECT account, list(other ORDER BY other)[1:3] AS nearest FROM closest GROUP BY account
        """;

    private const string Distances = """
        UNION ALL
        SELECT asked.account, known.account, 2 + damerau_levenshtein(known.folded, asked.folded)
        FROM known JOIN asked_nearest AS asked ON known.service = asked.service
            AND abs(length(known.folded) - length(asked.folded)) <= 2
            AND damerau_levenshtein(known.folded, asked.folded) <= CASE WHEN length(asked.folded) < 6 THEN 1 ELSE 2 END
        """;
}
