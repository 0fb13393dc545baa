using Aval.Content;
using Aval.People;
using Aval.Storage;
using DuckDB.NET.Data.Mapping;

namespace Aval.Choices;

/// <summary>
/// What the choices add up to, for every account at once (docs/design.md, "Choices and stance").
/// <para>
/// <c>statements</c>: one row a choice and part of its scope, of those with <c>received_at ≤ T</c> and <c>made_at ≤
/// T</c>. <c>holding</c>: each statement with every account it holds for (protective ones reach linked accounts).
/// <c>account_stances</c>: by account, from the statements that cover all its items. <c>item_stances</c>: by item, for
/// the few items that a statement names; it replaces the account's stance for them.
/// </para>
/// The order in which choices arrived is used nowhere but to cite one of several identical statements.
/// </summary>
internal static class Stances
{
    /// <summary>
    /// Fills <c>statements</c> with the choices received and made at or before T that bear on a stance: a mandate is
    /// none of them, and counts in no number of a release.
    /// </summary>
    /// <param name="engine">Where the tables are made.</param>
    /// <param name="choices">In any order.</param>
    /// <param name="suppressions">Of choices that were forgotten: they hold for the accounts and items of the content
    /// whose tokens they bear, and count.</param>
    /// <param name="asOf">T.</param>
    /// <param name="about">Accounts that are asked about, though the content may not know them.</param>
    /// <returns>How many choices count.</returns>
    public static long Load(
        Engine engine, IEnumerable<Recorded> choices, IEnumerable<Suppression> suppressions, DateTimeOffset asOf,
        params IReadOnlyList<Account> about)
    {
        ArgumentNullException.ThrowIfNull(choices);
        ArgumentNullException.ThrowIfNull(suppressions);
        return LoadAlso(
            engine, choices.Where(one => one.Choice.Kind.BearsOnStance()),
            suppressions.Where(one => one.Kind.BearsOnStance()), asOf, about);
    }

    /// <summary>The same with mandates: for who asks nothing but whether what was named is known.</summary>
    internal static long LoadAlso(
        Engine engine, IEnumerable<Recorded> choices, IEnumerable<Suppression> suppressions, DateTimeOffset asOf,
        IReadOnlyList<Account> about)
    {
        ArgumentNullException.ThrowIfNull(engine);
        engine.Execute(CreateStatements);
        long counted = 0;
        using (var transaction = engine.Connection.BeginTransaction())
        {
            using (var appender = engine.Connection.CreateAppender<Statement, StatementMap>("statements"))
                appender.AppendRecords(Statements(choices, asOf, () => counted++));
            transaction.Commit();
        }

        LoadForgotten(engine, suppressions, asOf, about, () => counted++);
        return counted;
    }

    /// <summary>
    /// Leaves of the statements of <see cref="Load"/> those that counted at an earlier instant: what was read once, and
    /// there may be very many, is not read again.
    /// </summary>
    /// <param name="engine">Where they are, with the content's views as of then.</param>
    /// <param name="suppressions">As for <see cref="Load"/>.</param>
    /// <param name="asOf">T.</param>
    public static void LoadSooner(Engine engine, IEnumerable<Suppression> suppressions, DateTimeOffset asOf)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var at = Engine.Literal(asOf);
        engine.Execute($"DELETE FROM statements WHERE forgotten OR made_at > {at} OR received_at > {at}");
        LoadForgotten(engine, suppressions.Where(one => one.Kind.BearsOnStance()), asOf, [], () => { });
    }

    // A forgotten choice becomes a statement like any other as soon as the account it was made on is found by its
    // token. Who is asked is everybody that the content knows: what holds for nobody there decides nothing.
    private static void LoadForgotten(
        Engine engine, IEnumerable<Suppression> suppressions, DateTimeOffset asOf, IReadOnlyList<Account> about,
        Action count)
    {
        engine.Execute(CreateForgotten);
        using (var transaction = engine.Connection.BeginTransaction())
        {
            using (var appender = engine.Connection.CreateAppender<Forgotten, ForgottenMap>("forgotten"))
                appender.AppendRecords(Parts(suppressions, asOf, count));
            transaction.Commit();
        }

        // Most workspaces have forgotten and erased nothing, and then nobody's token is made.
        var anyErased = engine.Scalar<bool>("SELECT EXISTS (FROM erased_tokens WHERE kind = 'account')");
        var anyForgotten = engine.Scalar<bool>("SELECT EXISTS (FROM forgotten)");
        if (!anyErased && !anyForgotten)
            return;
        SuppressionTokens.Provide(engine);
        if (!anyForgotten && !engine.Scalar<bool>(AnyOfErased))
            return;
        Mentions.Provide(engine);
        engine.Execute("CREATE OR REPLACE TEMP TABLE asked_about (account VARCHAR)");
        foreach (var account in about)
            engine.Execute("INSERT INTO asked_about VALUES ($account)", ("account", account.ToString()));
        engine.Execute(ForgottenAccounts);
        var anyItem = engine.Scalar<bool>("SELECT count(*) > 0 FROM forgotten WHERE scope = 'item'");
        engine.Execute(anyItem
            ? ForgottenItems
            : "CREATE OR REPLACE TEMP TABLE forgotten_items AS SELECT ''::VARCHAR AS service, ''::VARCHAR AS item_id, "
                + "''::VARCHAR AS token WHERE false");
        engine.Execute(InsertForgotten);
        if (!anyErased)
            return;
        engine.Execute("CREATE OR REPLACE TEMP TABLE erased_groups AS SELECT DISTINCT token AS account, person "
            + "FROM erased_tokens WHERE kind IN ('account', 'link')");
        Links.Connect(engine, "erased_groups", "erased_persons");
        engine.Execute(InsertLinkedByTokens);
    }

    /// <summary>
    /// Makes <c>holding</c>, <c>account_stances</c>, <c>item_stances</c> and <c>erased_items</c> for one purpose. Needs
    /// <c>statements</c>, <c>account_versions</c>, <c>items_now</c>, <c>item_versions</c>, <c>contested_items</c>.
    /// </summary>
    public static void Resolve(Engine engine, Purpose purpose) =>
        ResolveWith(engine, purpose, () => NameItems(engine));

    /// <summary>
    /// The same where only items in some buckets are decided (<see cref="ContentViews.KeepNear"/>): of the items that
    /// statements name, those that lie elsewhere are not looked for.
    /// </summary>
    public static void ResolveNear(Engine engine, Purpose purpose) =>
        ResolveWith(engine, purpose, () => NameItems(engine, _ => ItemFinding.Near()));

    /// <summary>
    /// The same once more, when <see cref="LoadSooner"/> left some of the statements and the content is the same: the
    /// items that these name are among those that were found before.
    /// </summary>
    public static void ResolveSooner(Engine engine, Purpose purpose) =>
        ResolveWith(engine, purpose, () => NameFewerItems(engine));

    private static void ResolveWith(Engine engine, Purpose purpose, Action nameItems)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(purpose);
        engine.Execute("SET VARIABLE purpose = $purpose", ("purpose", purpose.Name));
        engine.Execute("SET VARIABLE combine_services = $purpose", ("purpose", Purpose.CombineServices.Name));
        engine.Execute("SET VARIABLE special_categories = $purpose", ("purpose", Purpose.SpecialCategories.Name));
        Hold(engine);
        engine.Execute(CoveringOfAccounts);
        engine.Execute(AddUp("account_covering", "account_stances"));
        nameItems();
        engine.Execute(CoveringOfItems);
        engine.Execute(AddUp("own_covering", "item_stances"));
        CoAuthors.Protect(engine, AddUp("co_covering", "co_stances"));
        ErasedItems.Find(engine);
    }

    /// <summary>
    /// Makes <c>about_me_stances</c>, by account, from the statements that cover what others write about it, and
    /// <c>about_me_consenting</c>, the accounts whose consent covers it. Needs <see cref="Resolve"/>.
    /// </summary>
    public static void ResolveAboutMe(Engine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        engine.Execute("""
            CREATE OR REPLACE TEMP VIEW about_me_covering AS
            SELECT holder AS subject, * FROM holding WHERE scope IN ('everything', 'about-me')
            """);
        engine.Execute(AddUp("about_me_covering", "about_me_stances"));
        engine.Execute("""
            CREATE OR REPLACE TEMP TABLE about_me_consenting AS
            SELECT subject AS account FROM about_me_stances
            WHERE consent_kind = 'consent' AND coalesce(consent_until > known_at(), true)
                AND objected_since IS NULL AND restricted_at IS NULL
            """);
    }

    /// <summary>
    /// Makes <c>named_items</c>: the items of the content that a statement names, or of which versions name several
    /// authors.
    /// </summary>
    internal static void NameItems(Engine engine) => NameItems(engine, named => ItemFinding.Now(engine, named));

    private static void NameItems(Engine engine, Func<string, string> among)
    {
        CoAuthors.Find(engine);
        // Most workspaces have no statement about one item, and then 10⁷ items need not be looked through for it.
        var anyNamed = engine.Scalar<bool>("SELECT count(*) > 0 FROM statements WHERE scope = 'item'");
        engine.Execute(anyNamed
            ? NamedItems(among(NamedByStatements))
            : "CREATE OR REPLACE TEMP TABLE named_items AS SELECT ''::VARCHAR AS service, ''::VARCHAR AS item_id, "
                + "''::VARCHAR AS author WHERE false");
        engine.Execute("""
            INSERT INTO named_items SELECT DISTINCT service, item_id, current_author FROM co_authors
            ANTI JOIN named_items USING (service, item_id)
            """);
    }

    private static void NameFewerItems(Engine engine)
    {
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE named_items AS
            FROM named_items WHERE (service, item_id) IN (SELECT (service, item_id) FROM ({NamedByStatements}))
                OR (service, item_id) IN (SELECT (service, item_id) FROM co_authors)
            """);
    }

    private const string CreateStatements = """
        CREATE OR REPLACE TEMP TABLE statements (
            idx BIGINT, kind VARCHAR, account VARCHAR, purpose VARCHAR,
            scope VARCHAR,            -- everything | service | item | about-me
            scope_service VARCHAR, scope_item VARCHAR,
            made_at TIMESTAMP, until TIMESTAMP, protective BOOLEAN,
            forgotten BOOLEAN,        -- known by a suppression alone
            received_at TIMESTAMP)
        """;

    private const string CreateForgotten = """
        CREATE OR REPLACE TEMP TABLE forgotten (
            idx BIGINT, kind VARCHAR, account_token VARCHAR, purpose VARCHAR,
            scope VARCHAR, scope_service VARCHAR, item_token VARCHAR,
            made_at TIMESTAMP, until TIMESTAMP, protective BOOLEAN, received_at TIMESTAMP)
        """;

    // Whoever is only named by others, in a tag or in a text, is protected there after the choice was forgotten too.
    // What a text points at, by id or by a handle that may be one, is nobody whom the content knows: it is told apart,
    // for the count of choices without effect. As the text writes it, since a token is of one spelling.
    private static readonly string ForgottenAccounts = $"""
        CREATE OR REPLACE TEMP TABLE forgotten_accounts AS
        WITH known AS (
            SELECT author AS account, true AS is_known FROM item_versions
            UNION SELECT account, true FROM account_versions
            UNION SELECT person, true FROM account_versions WHERE person <> ''
            UNION SELECT account, true FROM asked_about
            UNION SELECT account, false FROM statements
            UNION SELECT unnest(persons).account, true FROM item_versions WHERE len(persons) > 0
            UNION SELECT key, false FROM ({Mentions.WrittenSql("item_versions")}) WHERE key <> ''
        ), tokens AS (
            SELECT account, account_token(account) AS token, is_known, true AS is_exact
            FROM (SELECT account, bool_or(is_known) AS is_known FROM known GROUP BY account)
            UNION ALL
            SELECT account, name_token(account), bool_or(is_known), false FROM known
            WHERE starts_with(account, 'outside:') AND name_token(account) <> account_token(account)
            GROUP BY account
        )
        FROM tokens SEMI JOIN (
            SELECT account_token AS token FROM forgotten
            UNION ALL SELECT token FROM erased_tokens WHERE kind IN ('account', 'link')) USING (token)
        """;

    private const string AnyOfErased = """
        SELECT EXISTS (
            FROM (SELECT DISTINCT account FROM statements WHERE protective)
            WHERE account_token(account) IN (SELECT token FROM erased_tokens WHERE kind IN ('account', 'link')))
        """;

    // What linked accounts of which everything was erased is gone with them, and is known by their tokens: what
    // protects one of them goes on protecting the others, should they come back.
    private const string InsertLinkedByTokens = """
        INSERT INTO statements
        SELECT DISTINCT idx, kind, other.account, purpose, scope, scope_service, scope_item, made_at, until, protective,
            true, received_at
        FROM (
            SELECT idx, kind, account_token AS token, purpose, scope, scope_service, item_id AS scope_item, made_at,
                until, protective, received_at
            FROM forgotten LEFT JOIN forgotten_items AS named
                ON scope = 'item' AND named.service = scope_service AND named.token = item_token
            WHERE scope <> 'item' OR item_id IS NOT NULL
            UNION ALL
            SELECT idx, kind, token, purpose, scope, scope_service, scope_item, made_at, until, protective, received_at
            FROM statements JOIN forgotten_accounts USING (account) WHERE NOT forgotten
        ) AS said
        JOIN erased_persons AS own ON own.node = said.token
        JOIN erased_persons AS member ON member.label = own.label AND member.node <> own.node
        JOIN forgotten_accounts AS other ON other.token = member.node
        WHERE protective
        """;

    private const string ForgottenItems = """
        CREATE OR REPLACE TEMP TABLE forgotten_items AS
        WITH tokens AS (
            SELECT service, item_id, item_token(service, item_id) AS token
            FROM items_now SEMI JOIN (SELECT scope_service AS service FROM forgotten WHERE scope = 'item')
                USING (service)
        )
        FROM tokens SEMI JOIN (SELECT item_token AS token FROM forgotten WHERE scope = 'item') USING (token)
        """;

    // A removal holds whoever asked for it, so one of somebody whom the content does not know holds too. What protects
    // somebody outside protects the name in another spelling as long as nothing that was said of the name since takes
    // it back; whom the content spells as names are folded is taken for who said it, and is protected too much at most.
    private const string InsertForgotten = """
        INSERT INTO statements
        WITH taking_back AS MATERIALIZED (
            SELECT name_token(account) AS token, purpose AS of_purpose, kind AS taking,
                max(made_at) AS taken_back_at
            FROM statements
            WHERE starts_with(account, 'outside:') AND kind IN ('objection-lifted', 'restriction-lifted', 'consent')
            GROUP BY ALL
        )
        SELECT idx, kind, coalesce(whose.account, 'forgotten:' || account_token), purpose, scope, scope_service,
            item_id, made_at, until, protective, true, received_at
        FROM forgotten
        LEFT JOIN forgotten_accounts AS whose ON whose.token = account_token
        LEFT JOIN forgotten_items AS named ON scope = 'item' AND named.service = scope_service AND named.token
            = item_token
        WHERE (whose.account IS NOT NULL OR kind = 'removal') AND (scope <> 'item' OR item_id IS NOT NULL)
            AND (coalesce(is_exact, true) OR (protective AND NOT EXISTS (
                FROM taking_back
                WHERE token = account_token AND of_purpose = purpose AND taken_back_at > made_at
                    AND taking = CASE kind
                        WHEN 'objection' THEN 'objection-lifted' WHEN 'restriction' THEN 'restriction-lifted'
                        WHEN 'withdrawal' THEN 'consent' WHEN 'refusal' THEN 'consent' END)))
        """;

    // Protective statements reach whoever is the same person. Most workspaces have few links of people who said
    // anything, and where there are none only the statements themselves hold.
    private static void Hold(Engine engine)
    {
        Links.Gather(engine, "SELECT account FROM statements WHERE protective", "reaching_links");
        Links.Connect(engine, "reaching_links", "persons");
        engine.Execute(Holding);
    }

    private const string Holding = """
        CREATE OR REPLACE TEMP TABLE holding AS
        SELECT account AS holder, * FROM statements
        UNION ALL
        SELECT member.node, statements.*
        FROM statements
        JOIN persons AS own ON own.node = statements.account
        JOIN persons AS member ON member.label = own.label AND member.node <> statements.account
        WHERE protective AND position(':' IN member.node) > 1
        """;

    private const string CoveringOfAccounts = """
        CREATE OR REPLACE TEMP VIEW account_covering AS
        SELECT holder AS subject, * FROM holding
        WHERE scope = 'everything' OR (scope = 'service' AND scope_service = split_part(holder, ':', 1))
        """;

    private const string NamedByStatements =
        "SELECT DISTINCT scope_service AS service, scope_item AS item_id FROM statements WHERE scope = 'item'";

    // A semi-join and not EXISTS: correlated on two columns, that would hold all items in memory.
    private static string NamedItems(string now) => $"""
        CREATE OR REPLACE TEMP TABLE named_items AS
        SELECT service, item_id, author FROM {now} AS now
        SEMI JOIN ({NamedByStatements}) AS named USING (service, item_id)
        """;

    // Removals are looked up by item alone: anyone may ask, whoever wrote it.
    private const string CoveringOfItems = """
        CREATE OR REPLACE TEMP VIEW own_covering AS
        SELECT 'item:' || service || ':' || item_id AS subject, holding.*
        FROM named_items JOIN holding ON holder = author
        WHERE scope = 'everything' OR (scope = 'service' AND scope_service = service)
           OR (scope = 'item' AND scope_service = service AND scope_item = item_id)
        UNION ALL
        SELECT 'item:' || service || ':' || item_id, author, statements.*
        FROM named_items JOIN statements
        ON kind = 'removal' AND scope = 'item' AND scope_service = service AND scope_item = item_id
        WHERE account <> author;

        CREATE OR REPLACE TEMP VIEW co_covering AS
        SELECT 'item:' || service || ':' || item_id || ' ' || author AS subject, holding.*
        FROM co_authors JOIN holding ON holder = author
        WHERE scope = 'everything' OR (scope = 'service' AND scope_service = service)
           OR (scope = 'item' AND scope_service = service AND scope_item = item_id);

        CREATE OR REPLACE TEMP VIEW item_covering AS
        FROM own_covering
        UNION ALL
        SELECT 'item:' || service || ':' || item_id, co_covering.* EXCLUDE (subject)
        FROM co_authors JOIN co_covering ON subject = 'item:' || service || ':' || item_id || ' ' || author
        WHERE protective
        """;

    /// <summary>
    /// How statements add up, for subjects that are accounts or items. An objection (a restriction) stands when none of
    /// its liftings is later; it stands since the first that the last lifting did not end. The consent pair is decided
    /// by its latest statement, ties by the more protective; whether that consent has ended is for the rule to say, so
    /// that an older consent without an end does not come back to life. Services may be combined while a consent to it
    /// stands and no objection to it and no restriction of it does, and what reveals special categories may be used
    /// likewise.
    /// </summary>
    private static string AddUp(string covering, string target) => $"""
        CREATE OR REPLACE TEMP TABLE {target} AS
        WITH lifted AS (
            SELECT *,
                max(made_at) FILTER (WHERE kind = 'objection-lifted' AND purpose = getvariable('purpose'))
                    OVER (PARTITION BY subject) AS objection_lifted_at,
                max(made_at) FILTER (WHERE kind = 'restriction-lifted' AND purpose = getvariable('purpose'))
                    OVER (PARTITION BY subject) AS restriction_lifted_at,
                max(made_at) FILTER (WHERE kind = 'objection-lifted' AND purpose = getvariable('combine_services'))
                    OVER (PARTITION BY subject) AS combining_lifted_at,
                max(made_at) FILTER (WHERE kind = 'restriction-lifted' AND purpose = getvariable('combine_services'))
                    OVER (PARTITION BY subject) AS combining_freed_at,
                max(made_at) FILTER (WHERE kind = 'objection-lifted' AND purpose = getvariable('special_categories'))
                    OVER (PARTITION BY subject) AS revealing_lifted_at,
                max(made_at) FILTER (WHERE kind = 'restriction-lifted' AND purpose = getvariable('special_categories'))
                    OVER (PARTITION BY subject) AS revealing_freed_at
            FROM {covering}
        ), protections AS (
            SELECT subject,
                min(made_at) FILTER (WHERE kind = 'objection' AND purpose = getvariable('purpose') AND made_at
                    >= coalesce(objection_lifted_at, made_at)) AS objected_since,
                min(made_at) FILTER (WHERE kind = 'restriction' AND purpose = getvariable('purpose') AND made_at
                    >= coalesce(restriction_lifted_at, made_at)) AS restricted_at,
                max(made_at) FILTER (WHERE kind = 'erasure') AS erased_to,
                bool_or(kind = 'removal' AND scope = 'item') AS removed,
                bool_or(purpose = getvariable('combine_services') AND (
                    (kind = 'objection' AND made_at >= coalesce(combining_lifted_at, made_at))
                    OR (kind = 'restriction' AND made_at >= coalesce(combining_freed_at, made_at))))
                    AS combining_objected,
                bool_or(purpose = getvariable('special_categories') AND (
                    (kind = 'objection' AND made_at >= coalesce(revealing_lifted_at, made_at))
                    OR (kind = 'restriction' AND made_at >= coalesce(revealing_freed_at, made_at))))
                    AS revealing_objected
            FROM lifted GROUP BY subject
        ), consents AS (
            SELECT subject, purpose, kind, until FROM {covering}
            WHERE kind IN ('withdrawal', 'refusal', 'consent')
            QUALIFY row_number() OVER (
                PARTITION BY subject, purpose
                ORDER BY made_at DESC, CASE kind WHEN 'withdrawal' THEN 1 WHEN 'refusal' THEN 2 ELSE 3 END,
                    until NULLS LAST) = 1
        )
        SELECT protections.subject AS subject, objected_since, restricted_at, erased_to,
            own.kind AS consent_kind, own.until AS consent_until,
            combining.kind = 'consent' AND coalesce(combining.until > known_at(), true)
                AND NOT combining_objected AS may_combine,
            revealing.kind = 'consent' AND coalesce(revealing.until > known_at(), true)
                AND NOT revealing_objected AS may_reveal,
            removed, combining_objected OR coalesce(combining.kind <> 'consent', false) AS combining_refused,
            revealing_objected OR coalesce(revealing.kind <> 'consent', false) AS revealing_refused
        FROM protections
        LEFT JOIN consents AS own ON own.subject = protections.subject AND own.purpose = getvariable('purpose')
        LEFT JOIN consents AS combining ON combining.subject = protections.subject AND combining.purpose
            = getvariable('combine_services')
        LEFT JOIN consents AS revealing ON revealing.subject = protections.subject AND revealing.purpose
            = getvariable('special_categories')
        """;

    /// <summary>
    /// The statements that cover one subject, latest first: an account, or an item that a statement names. Each says on
    /// which account it was made. Needs <see cref="Resolve"/>.
    /// </summary>
    public static IReadOnlyList<Citation> Covering(Engine engine, string subject)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var covering = engine.Query(
            """
            SELECT DISTINCT idx, kind, account, purpose, made_at, until, forgotten, holder
            FROM (SELECT subject, idx, kind, account, purpose, made_at, until, forgotten, holder FROM account_covering
                  UNION ALL SELECT subject, idx, kind, account, purpose, made_at, until, forgotten, holder
                  FROM item_covering)
            WHERE subject = $subject ORDER BY made_at DESC, idx
            """,
            row => (Holder: row.GetString(7), Citation: new Citation(
                new EntryIndex(row.GetInt64(0)),
                ChoiceKinds.TryParse(row.GetString(1), out ChoiceKind kind)
                    ? kind
                    : throw new InvalidOperationException($"\"{row.GetString(1)}\" is no kind of choice."),
                Account.Parse(row.GetString(2)),
                Purpose.TryParse(row.GetString(3), out var purpose)
                    ? purpose
                    : throw new InvalidOperationException($"\"{row.GetString(3)}\" is no purpose."),
                Utc(row.GetDateTime(4)),
                row.IsDBNull(5) ? null : Utc(row.GetDateTime(5)),
                row.GetBoolean(6))),
            ("subject", subject));
        return WithChains(engine, covering);
    }

    // A forgotten choice is not traced back to where it was made, and a removal reaches its item over no link.
    private static List<Citation> WithChains(Engine engine, List<(string Holder, Citation Citation)> covering)
    {
        static bool IsReached(string holder, Citation citation) =>
            !citation.Forgotten && citation.Kind.IsProtective() && citation.MadeOn.ToString() != holder;
        // All that covers a subject is held by one account: itself, or the item's author.
        var holder = covering.Where(row => IsReached(row.Holder, row.Citation))
            .Select(row => row.Holder).FirstOrDefault();
        var chains = holder is null
            ? []
            : Links.Of(engine, holder).ToDictionary(linked => linked.Account, linked => linked.Chain);
        return
        [
            .. covering.Select(
                row => IsReached(row.Holder, row.Citation) && chains.TryGetValue(row.Citation.MadeOn, out var chain)
                    ? row.Citation with { Chain = chain }
                    : row.Citation),
        ];
    }

    /// <summary>What the choices add up to for one subject; null when nothing that was said covers it.</summary>
    public static Stance? Of(Engine engine, string subject)
    {
        ArgumentNullException.ThrowIfNull(engine);
        return engine.Query(
            """
            SELECT objected_since, restricted_at, erased_to, consent_kind, consent_until, coalesce(may_combine, false),
                coalesce(removed, false), coalesce(may_reveal, false)
            FROM (SELECT subject, objected_since, restricted_at, erased_to, consent_kind, consent_until, may_combine,
                may_reveal, removed FROM account_stances
                  UNION ALL SELECT subject, objected_since, restricted_at, erased_to, consent_kind, consent_until,
                      may_combine, may_reveal, removed FROM item_stances)
            WHERE subject = $subject
            """,
            row => new Stance(
                row.IsDBNull(0) ? null : Utc(row.GetDateTime(0)),
                row.IsDBNull(1) ? null : Utc(row.GetDateTime(1)),
                row.IsDBNull(2) ? null : Utc(row.GetDateTime(2)),
                !row.IsDBNull(3) && ChoiceKinds.TryParse(row.GetString(3), out ChoiceKind kind) ? kind : null,
                row.IsDBNull(4) ? null : Utc(row.GetDateTime(4)),
                row.GetBoolean(5),
                row.GetBoolean(6),
                row.GetBoolean(7)),
            ("subject", subject)).SingleOrDefault();
    }

    private static DateTimeOffset Utc(DateTime instant) => new(DateTime.SpecifyKind(instant, DateTimeKind.Utc));

    private static IEnumerable<Statement> Statements(IEnumerable<Recorded> choices, DateTimeOffset asOf, Action count)
    {
        foreach (var (index, choice) in choices)
        {
            if (choice.ReceivedAt > asOf || choice.MadeAt > asOf)
                continue;
            count();
            foreach (var (scope, service, item) in Parts(choice.Scope))
                yield return new Statement(index.Value, choice, scope, service, item);
        }
    }

    private static IEnumerable<Forgotten> Parts(
        IEnumerable<Suppression> suppressions, DateTimeOffset asOf, Action count)
    {
        foreach (var suppression in suppressions)
        {
            if (suppression.ReceivedAt > asOf || suppression.MadeAt > asOf)
                continue;
            count();
            if (!Scope.TryParse(suppression.Scope, out var about))
                throw new InvalidOperationException(
                    $"The suppression of entry {suppression.Index} has a scope that cannot be read.");
            foreach (var (scope, service, item) in Parts(about))
                yield return new Forgotten(suppression, scope, service, item);
        }
    }

    private static IEnumerable<(string Scope, string? Service, string? Item)> Parts(Scope about)
    {
        foreach (var part in about.Parts)
        {
            var (scope, service, item) = part switch
            {
                ScopePart.Everything => ("everything", null, null),
                ScopePart.OnService on => ("service", on.Service, null),
                ScopePart.OneItem one => ("item", one.Item.Service, one.Item.Id),
                // About-me reaches what others wrote: a rule of its own, which reads text. It covers no item here.
                ScopePart.AboutMe => ("about-me", (string?)null, (string?)null),
                _ => throw new InvalidOperationException($"A scope has a part that no stance knows: {part}."),
            };
            yield return (scope, service, item);
        }
    }

    private sealed record Forgotten(Suppression Suppression, string Scope, string? Service, string? ItemToken);

    private sealed class ForgottenMap : DuckDBAppenderMap<Forgotten>
    {
        public ForgottenMap()
        {
            Map(row => row.Suppression.Index.Value);
            Map(row => row.Suppression.Kind.ToText());
            Map(row => row.Suppression.Account);
            Map(row => row.Suppression.Purpose.Name);
            Map(row => row.Scope);
            Map(row => row.Service);
            Map(row => row.ItemToken);
            Map(row => row.Suppression.MadeAt.UtcDateTime);
            Map(row => row.Suppression.Until?.UtcDateTime);
            Map(row => row.Suppression.Kind.IsProtective());
            Map(row => row.Suppression.ReceivedAt.UtcDateTime);
        }
    }

    private sealed record Statement(long Index, Choice Choice, string Scope, string? Service, string? Item);

    private sealed class StatementMap : DuckDBAppenderMap<Statement>
    {
        public StatementMap()
        {
            Map(row => row.Index);
            Map(row => row.Choice.Kind.ToText());
            Map(row => row.Choice.Account.ToString());
            Map(row => row.Choice.Purpose.Name);
            Map(row => row.Scope);
            Map(row => row.Service);
            Map(row => row.Item);
            Map(row => row.Choice.MadeAt.UtcDateTime);
            Map(row => row.Choice.Until?.UtcDateTime);
            Map(row => row.Choice.Kind.IsProtective());
            Map(_ => false);
            Map(row => row.Choice.ReceivedAt.UtcDateTime);
        }
    }
}
