using Aval.Choices;
using Aval.Content;
using Aval.Content.Exports;
using Aval.People;
using Aval.Policies;
using Aval.Storage;

namespace Aval.Text.AboutMe;

/// <summary>
/// Which items name protected persons who did not write them, set-wise: over what exports say of the persons in an
/// item, and over what its text points at. Looked for are the accounts of protected persons, every handle that they
/// ever had, and, in items that name them so, the names that they showed. Exports tag by name alone
/// (<c>outside:Kim_Fictive</c>): such a tag points at whoever shows that name on the item's service, and at whoever is
/// registered under it. A reply names whom it answers where it calls her by a name or a handle.
/// </summary>
internal static class NamedPersons
{
    // Whose tables: those of the persons protected as of the release, and as of its protect_until.
    private const string Now = "about_me", Later = "protecting", Erasing = "erasing", Late = "late_named";

    /// <summary>Makes the table of a policy's items that name a protected person: <c>service, item_id, author,
    /// names_protected, names_minor, needles</c>.</summary>
    /// <param name="engine">Has the content's views and <see cref="Stances"/>' tables.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="name">Tells apart the tables of two policies in one engine.</param>
    /// <param name="items">The items that are asked about, as <c>items_now</c> has them.</param>
    /// <param name="isProtected">Whoever is protected by what was found out later (<see cref="Protect"/>) is looked for
    /// too.</param>
    /// <returns>The table; null = the policy does not ask, or there are none.</returns>
    public static string? Find(Engine engine, Policy policy, string name, string items, bool isProtected)
    {
        if (policy.Rules.OfType<Rule.AboutMe>().SingleOrDefault() is not { } rule)
            return null;
        Gather(engine, rule.Protect, Now, items);
        Provide(engine);
        var originals = ItemFinding.Versions(engine, Answered(items));
        engine.Execute(Answering(items, originals, Now));
        if (isProtected)
            engine.Execute(Answering(items, originals, Later));
        var table = $"mentions{name}";
        engine.Execute(Naming(table, rule.Protect, items, isProtected));
        // In what is restated nobody is named any more; what stayed out because of it does.
        if (rule.Action is MentionAction.Exclude && engine.Scalar<bool>("SELECT EXISTS (FROM restated_items)"))
            engine.Execute(Restated(engine, table, items));
        return engine.Scalar<bool>($"SELECT EXISTS (FROM {table})") ? table : null;
    }

    /// <summary>
    /// Keeps who is protected by what is loaded, and whom later versions of items name, while content as of the release
    /// is loaded over it.
    /// </summary>
    public static void Protect(Engine engine, Policy policy)
    {
        if (policy.Rules.OfType<Rule.AboutMe>().SingleOrDefault() is not { } rule)
            return;
        Gather(engine, rule.Protect, Later, "items_now");
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE {Later}_tags AS
            SELECT DISTINCT service, item_id, unnest(persons).account AS key
            FROM {ItemFinding.Now(engine, "FROM contested_items")} AS now
            SEMI JOIN contested_items USING (service, item_id)
            WHERE len(persons) > 0
            """);
    }

    /// <summary>
    /// Makes <c>erasing_named</c> (service, item_id, needles, keys), by the names of <c>erasing_accounts</c>: which
    /// items of others name them in any version, by what they do in a text, and which of their <c>persons</c> they are;
    /// and <c>erasing_handles</c> (handle).
    /// </summary>
    public static void FindErasing(Engine engine)
    {
        Mentions.Provide(engine);
        ProvideTagNames(engine);
        Provide(engine);
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE {Erasing}_who AS
            SELECT account, true AS objects, false AS minor FROM erasing_accounts
            """);
        engine.Execute(Needles(Erasing));
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE erasing_handles AS
            SELECT DISTINCT handle FROM {Erasing}_names WHERE NOT ends_with(handle, '@')
            """);
        AddErased(engine, Erasing, "item_versions");
        engine.Execute(Answering("item_versions", "item_versions", Erasing));
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE erasing_named AS {NamingAny(Erasing, "item_versions")}
            """);
    }

    /// <summary>Makes a table (service, item_id, needles, keys) of the items that name one of some accounts, as they do
    /// for <see cref="Find"/>, whatever a policy asks.</summary>
    /// <param name="engine">With the content's views.</param>
    /// <param name="accounts">SQL with the column <c>account</c>, each once.</param>
    /// <param name="items">The items that are asked about, as <c>items_now</c> has them.</param>
    /// <param name="table">The table.</param>
    public static void FindNaming(Engine engine, string accounts, string items, string table)
    {
        Mentions.Provide(engine);
        ProvideTagNames(engine);
        Provide(engine);
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE {Late}_who AS SELECT account, true AS objects, false AS minor FROM ({accounts})
            """);
        engine.Execute(Needles(Late));
        var originals = ItemFinding.Versions(engine, Answered(items));
        engine.Execute(Answering(items, originals, Late));
        engine.Execute($"CREATE OR REPLACE TEMP TABLE {table} AS {NamingAny(Late, items)}");
    }

    private static string NamingAny(string whose, string items) => $"""
        WITH pointing AS (
            SELECT service, item_id, author, unnest(persons).account AS key FROM {items} WHERE len(persons) > 0
            UNION
            {Mentions.Sql("service, item_id, author", items)}
            UNION FROM {whose}_answers
        ), wanted AS (
            SELECT service, item_id, author, key AS origin, {Spelled} AS key FROM pointing
        )
        SELECT service, item_id, string_agg(DISTINCT needles, chr(10) ORDER BY needles) AS needles,
            list(DISTINCT origin) AS keys, list(DISTINCT account) AS named
        FROM wanted JOIN {whose}_keys USING (key) JOIN {whose}_needles USING (account)
        WHERE account <> author GROUP BY service, item_id
        """;

    // Of whom everything was erased, the handles are known by what stands for them: who writes one is told by that.
    private static void AddErased(Engine engine, string whose, string items)
    {
        if (!engine.Scalar<bool>("SELECT EXISTS (FROM erased_tokens WHERE kind = 'handle')"))
            return;
        ErasedTokens.Provide(engine);
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE {whose}_erased AS
            SELECT key, 'erased:' || key AS account FROM (SELECT DISTINCT key FROM ({Mentions.Sql("service", items)}))
            WHERE position(':' IN key) = 0
                AND erased_author(key) IN (SELECT token FROM erased_tokens WHERE kind = 'handle');

            INSERT INTO {whose}_who SELECT account, true, false FROM {whose}_erased;
            INSERT INTO {whose}_keys SELECT key, account FROM {whose}_erased;
            INSERT INTO {whose}_needles SELECT account, '@' || key FROM {whose}_erased
            """);
    }

    private static string Restated(Engine engine, string table, string items)
    {
        ContentFunctions.Provide(engine);
        return $"""
            INSERT INTO {table}
            SELECT service, item_id, author, true, false, '#'
            FROM (SELECT *, item_hash(service || ':' || item_id) AS place FROM {items})
            SEMI JOIN restated_items USING (place)
            WHERE (place, fingerprint({CanonicalColumns.Said(ContentKind.Items)})) IN
                    (SELECT (place, again) FROM restated_items)
                AND (service, item_id) NOT IN (SELECT (service, item_id) FROM {table})
            """;
    }

    private static void Gather(Engine engine, Protected protect, string whose, string items)
    {
        Mentions.Provide(engine);
        ProvideTagNames(engine);
        Stances.ResolveAboutMe(engine);
        engine.Execute(Who(protect, whose));
        engine.Execute(Needles(whose));
        AddErased(engine, whose, items);
        engine.Execute($"CREATE OR REPLACE TEMP TABLE {whose}_permitting AS FROM about_me_consenting");
    }

    /// <summary>Registers <c>mask_persons(service, text, needles)</c>.</summary>
    public static void Provide(Engine engine) => engine.Provide("about-me", connection =>
    {
        connection.RegisterScalarFunction<string, string, string, string>("mask_persons", (columns, result, rows) =>
        {
            for (ulong row = 0; row < rows; row++)
            {
                var text = columns[1].GetValue<string>(row) ?? "";
                result.WriteValue(
                    PersonMask.Mask(
                        columns[0].GetValue<string>(row) ?? "", text, columns[2].GetValue<string>(row) ?? ""),
                    row);
            }
        });
    });

    // A minor is protected under every setting, also where the account's row of now says no year of birth and an
    // earlier one does; of an unknown age nobody says so here.
    private static string Who(Protected protect, string whose) => $"""
        CREATE OR REPLACE TEMP TABLE {whose}_who AS
        SELECT account, bool_or(objects) AS objects, bool_or(minor) AS minor
        FROM (
            SELECT subject AS account, true AS objects, false AS minor FROM about_me_stances
            WHERE objected_since IS NOT NULL OR restricted_at IS NOT NULL OR erased_to IS NOT NULL
            UNION ALL
            SELECT account, false, true
            FROM accounts_now LEFT JOIN (
                SELECT account, max(birth_year) AS earlier FROM account_versions GROUP BY account) USING (account)
            WHERE make_date(coalesce(birth_year, earlier) + 18, 12, 31) > as_of()
            {(protect is Protected.Objectors ? "" : $"""
                UNION ALL
                SELECT DISTINCT account, true, false FROM account_versions
                {(protect is Protected.Everyone ? "" : "ANTI JOIN about_me_consenting USING (account)")}
                """)}
        )
        GROUP BY account
        """;

    // A key is an account, service@handle, or service=name as tags by name are spelled. The handles of somebody outside
    // say their service themselves; the id is a name too, since exports make ids of names. Elsewhere an id that is no
    // number is a handle too, whatever rows there are of the account. A handle is looked for as it is compared and as
    // it is written: on Facebook its dots say nothing, and stand in texts nevertheless.
    private static string Needles(string whose) => $"""
        CREATE OR REPLACE TEMP TABLE {whose}_names AS
        SELECT account, service || '@' || fold_handle(service, handle) AS handle, replace(shown, chr(10), ' ') AS shown,
            replace(ltrim(handle, '@'), chr(10), ' ') AS written
        FROM (
            SELECT account, split_part(account, ':', 1) AS service, handle, display_name AS shown
            FROM account_versions SEMI JOIN {whose}_who USING (account)
            WHERE NOT starts_with(account, 'outside:')
            UNION ALL
            SELECT account, split_part(handle, ':', 1), substr(handle, position(':' IN handle) + 1), display_name
            FROM account_versions SEMI JOIN {whose}_who USING (account)
            WHERE starts_with(account, 'outside:')
            UNION ALL
            SELECT account, NULL, NULL, replace(split_part(account, 'outside:', 2), '_', ' ')
            FROM {whose}_who WHERE starts_with(account, 'outside:')
            UNION ALL
            SELECT account, split_part(account, ':', 1), substr(account, position(':' IN account) + 1) AS id, NULL
            FROM {whose}_who
            WHERE NOT starts_with(account, 'outside:') AND NOT regexp_full_match(id, '[0-9]+')
        );

        CREATE OR REPLACE TEMP TABLE {whose}_keys AS
        SELECT account AS key, account FROM {whose}_who
        UNION SELECT handle, account FROM {whose}_names WHERE NOT ends_with(handle, '@')
        UNION SELECT split_part(account, ':', 1) || '=' || tag_name(shown), account FROM {whose}_names
            WHERE shown <> '';

        CREATE OR REPLACE TEMP TABLE {whose}_needles AS
        SELECT account, string_agg(needle, chr(10) ORDER BY needle) AS needles
        FROM (
            SELECT account, '#' || account AS needle FROM {whose}_who
            UNION SELECT account, '@' || handle FROM {whose}_names WHERE NOT ends_with(handle, '@')
            UNION SELECT account, '=' || shown FROM {whose}_names WHERE shown <> ''
            UNION SELECT account, '=' || written FROM {whose}_names
                WHERE contains(written, '.') AND length(written) >= {PersonMask.ShortestFreeHandle}
        )
        GROUP BY account
        """;

    // A name as a tag by name spells it, without case.
    private static void ProvideTagNames(Engine engine) => engine.Provide("tag-names", connection =>
        connection.RegisterScalarFunction<string, string>("tag_name", (columns, result, rows) =>
        {
            for (ulong row = 0; row < rows; row++)
                result.WriteValue(
                    SpelledText.Fold(Handle.Folded(columns[0].GetValue<string>(row) ?? "")), row);
        }));

    // Whether a reply says anything is not asked here: no text is read to find out where originals lie.
    private static string Answered(string items) =>
        $"SELECT DISTINCT service, in_reply_to AS item_id FROM {items} WHERE in_reply_to IS NOT NULL";

    private static string Replies(string items) => $"FROM {items} WHERE in_reply_to IS NOT NULL AND text IS NOT NULL";

    // Whoever answers somebody often calls her by her name. That the item answers hers is not said of a person there,
    // so it names her only where one of her names stands in it.
    private static string Answering(string items, string originals, string whose) => $"""
        CREATE OR REPLACE TEMP TABLE {whose}_answers AS
        WITH originals AS (
            SELECT DISTINCT service, item_id AS in_reply_to, author AS account FROM {originals} AS version
            SEMI JOIN {whose}_who AS who ON version.author = who.account
        )
        SELECT service, item_id, author, account AS key
        FROM (SELECT service, item_id, author, in_reply_to, text {Replies(items)})
        JOIN originals USING (service, in_reply_to) JOIN {whose}_needles USING (account)
        WHERE account <> author AND mask_persons(service, text, needles) <> text
        """;

    // The signs are looked for before the function is called: most texts have none.
    private static string Naming(string table, Protected protect, string items, bool isProtected)
    {
        var later = isProtected ? $"UNION ALL {Found(Later, protect, "later_pointing")}" : "";
        var pointingLater = isProtected
            ? $"""
                , later_pointing AS (
                    FROM pointing
                    UNION
                    SELECT service, item_id, author, key FROM {Later}_tags JOIN {items} AS now USING (service, item_id)
                    UNION FROM {Later}_answers
                )
                """
            : "";
        return $"""
            CREATE OR REPLACE TEMP TABLE {table} AS
            WITH pointing AS (
                SELECT service, item_id, author, unnest(persons).account AS key FROM {items} WHERE len(persons) > 0
                UNION
                {Mentions.Sql("service, item_id, author", items)}
                UNION FROM {Now}_answers
            ){pointingLater}, found AS (
                {Found(Now, protect, "pointing")}
                {later}
            )
            SELECT service, item_id, author, bool_or(objects) AS names_protected, bool_or(minor) AS names_minor,
                string_agg(DISTINCT needles, chr(10) ORDER BY needles) AS needles
            FROM found WHERE account <> author
            GROUP BY service, item_id, author
            """;
    }

    // The account that somebody names and that content does not know has not consented to anything.
    private static string Found(string whose, Protected protect, string pointing)
    {
        var consenting = protect is Protected.Everyone
            ? ""
            : $"ANTI JOIN {whose}_permitting AS permitting ON permitting.account = key";
        var unknown = protect is Protected.Objectors
            ? ""
            : $"""
                UNION ALL
                SELECT service, item_id, author, key, true, false, {NeedlesOfUnknown} FROM {pointing}
                ANTI JOIN {whose}_keys USING (key) {consenting} WHERE position(':' IN key) > 1
                """;
        return $"""
            SELECT service, item_id, author, account, objects, minor, needles
            FROM (
                SELECT service, item_id, author, {Spelled} AS key FROM {pointing})
            JOIN {whose}_keys USING (key) JOIN {whose}_who USING (account) JOIN {whose}_needles USING (account)
            {unknown}
            """;
    }

    // A tag by name alone points at whoever shows the name; one with an id that is no number, at whoever has it as a
    // handle, as in a text.
    private const string Spelled = $"""
        unnest(CASE WHEN starts_with(key, 'outside:')
            THEN [key, service || '=' || {TagName}, 'outside=' || {TagName}]
            WHEN position(':' IN key) > 1 AND NOT regexp_full_match(split_part(key, ':', 2), '[0-9]+')
            THEN [key, split_part(key, ':', 1) || '@'
                || fold_handle(split_part(key, ':', 1), substr(key, position(':' IN key) + 1))]
            ELSE [key] END)
        """;

    private const string TagName = "tag_name(split_part(key, 'outside:', 2))";

    // Of whom nothing is known but a tag by name, the name is looked for.
    private const string NeedlesOfUnknown =
        "'#' || key || CASE WHEN starts_with(key, 'outside:') THEN chr(10) || '=' "
        + "|| replace(split_part(key, 'outside:', 2), '_', ' ') ELSE '' END";
}
