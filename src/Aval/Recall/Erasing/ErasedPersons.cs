using Aval.Content;
using Aval.People;
using Aval.Storage;
using Aval.Text.AboutMe;

namespace Aval.Recall.Erasing;

/// <summary>What an erasure of everything takes beside items: the persons themselves.</summary>
/// <param name="Accounts">Accounts that are reached, and of which something is there still: a row, a notice, or no
/// token yet.</param>
/// <param name="Changes">Items of others that name them, or answer an item that is taken, and that are written again
/// without that.</param>
/// <param name="PlacedFiles">Files left in place with rows of them, or with items of others that name them.</param>
internal sealed record ErasedPersons(long Accounts, long Changes, IReadOnlyList<PlacedRows> PlacedFiles)
{
    /// <summary>Accounts that are kept, of which something is there, since something of theirs is restricted
    /// (Art. 18).</summary>
    public required long Kept { get; init; }

    /// <summary>
    /// Finds them. Leaves <c>erasing_accounts</c>, <c>erasing_kept</c>, <c>erasing_persons</c>, <c>erasing_handles</c>,
    /// <c>erasing_changes</c>, <c>erasing_prints</c> and <c>erasing_quoted</c>.
    /// </summary>
    /// <param name="engine">With content, stances, and what <see cref="ErasureReach"/> found of items.</param>
    /// <param name="workspace">Whose content.</param>
    /// <param name="rewrite">A file left in place that its owner wrote again; null = none.</param>
    public static ErasedPersons Find(Engine engine, Workspace workspace, Rewrite? rewrite)
    {
        NamedPersons.Provide(engine);
        engine.Execute(Reached);
        if (!engine.Scalar<bool>("SELECT EXISTS (FROM erasing_accounts)"))
        {
            engine.Execute(Nobody);
            return new ErasedPersons(0, 0, []) { Kept = CountKept(engine) };
        }

        ContentFunctions.Provide(engine);
        ErasedTokens.Provide(engine);
        Links.Gather(engine, "SELECT account FROM erasing_accounts", "erasing_links");
        Links.Connect(engine, "erasing_links", "erasing_persons");
        NamedPersons.FindErasing(engine);
        engine.Execute(Changing);
        engine.Execute(Prints(rewrite is null ? "" : "UNION ALL BY NAME FROM "
            + RewrittenFile.Rows(engine, workspace, rewrite, ContentKind.Items)));
        engine.Execute(Quoted);
        return new ErasedPersons(
            engine.Scalar<long>(Fresh),
            engine.Scalar<long>("SELECT count(*) FROM erasing_changes"),
            InPlace(engine, workspace, rewrite))
        { Kept = CountKept(engine) };
    }

    private static long CountKept(Engine engine) => engine.Scalar<long>("SELECT count(*) FROM erasing_kept");

    // An account of which something is restricted, for whatever purpose, is kept as it is until that is lifted.
    private static readonly string Reached = $"""
        CREATE OR REPLACE TEMP TABLE erasing_accounts AS
        SELECT holder AS account, max(made_at) AS until FROM holding
        WHERE kind = 'erasure' AND scope = 'everything' AND position(':' IN holder) > 1
        GROUP BY holder;

        CREATE OR REPLACE TEMP TABLE erasing_kept AS
        FROM erasing_accounts WHERE account IN (
            SELECT holder FROM (
                SELECT holder, max(made_at) FILTER (WHERE kind = 'restriction') AS restricted_at,
                    max(made_at) FILTER (WHERE kind = 'restriction-lifted') AS lifted_at
                FROM holding WHERE kind IN ('restriction', 'restriction-lifted') GROUP BY holder, purpose)
            WHERE restricted_at >= coalesce(lifted_at, restricted_at));

        DELETE FROM erasing_accounts WHERE account IN (SELECT account FROM erasing_kept);
        CREATE OR REPLACE TEMP TABLE erasing_kept AS FROM erasing_kept WHERE {IsThere("erasing_kept")}
        """;

    // A row, a notice, or what they said until then.
    private static string IsThere(string table) => $"""
        account IN (SELECT account FROM laid_accounts UNION ALL SELECT account FROM laid_notices)
            OR account IN (
                SELECT account FROM holding JOIN {table} AS erasing USING (account)
                WHERE holder = account AND NOT forgotten AND made_at <= erasing.until)
        """;

    private const string Nobody = """
        CREATE OR REPLACE TEMP TABLE erasing_persons AS SELECT ''::VARCHAR AS node, ''::VARCHAR AS label WHERE false;
        CREATE OR REPLACE TEMP TABLE erasing_handles AS SELECT ''::VARCHAR AS handle WHERE false;
        CREATE OR REPLACE TEMP TABLE erasing_changes AS
        SELECT ''::VARCHAR AS service, ''::VARCHAR AS item_id, ''::VARCHAR AS needles, ['']::VARCHAR[] AS keys,
            ['']::VARCHAR[] AS answers WHERE false;
        CREATE OR REPLACE TEMP TABLE erasing_prints AS
        SELECT ''::VARCHAR AS key, NULL::UUID AS fp, NULL::UUID AS again, false AS is_named WHERE false;
        CREATE OR REPLACE TEMP TABLE erasing_quoted AS SELECT ''::VARCHAR AS quoted WHERE false
        """;

    // What answers an item of theirs that is taken says so no more.
    private const string Changing = """
        CREATE OR REPLACE TEMP TABLE erasing_answered AS
        SELECT DISTINCT service, item_id FROM erasing_authors SEMI JOIN erasing_accounts ON account = author;

        CREATE OR REPLACE TEMP TABLE erasing_changes AS
        WITH answering AS (
            SELECT service, item_id, list(DISTINCT in_reply_to) AS answers
            FROM item_versions SEMI JOIN erasing_answered AS own
                ON own.service = item_versions.service AND own.item_id = in_reply_to
            GROUP BY service, item_id
        )
        SELECT service, item_id, needles, keys, answers
        FROM erasing_named FULL JOIN answering USING (service, item_id)
        ANTI JOIN erasing_items USING (service, item_id)
        """;

    // By what each version said and says then; where nothing changes, there is nothing to change.
    private static string Prints(string rewritten) => $"""
        CREATE OR REPLACE TEMP TABLE erasing_before AS
        SELECT row_number() OVER () AS place, version.* FROM (FROM laid_items {rewritten}) AS version
        SEMI JOIN erasing_changes USING (service, item_id);

        CREATE OR REPLACE TEMP TABLE erasing_prints AS
        SELECT DISTINCT before.key, fp, again, text IS DISTINCT FROM masked OR persons IS DISTINCT FROM left_persons
            AS is_named
        FROM (
            SELECT place, {CanonicalColumns.Key(ContentKind.Items)} AS key, text, persons,
                fingerprint({CanonicalColumns.Said(ContentKind.Items)}) AS fp
            FROM erasing_before) AS before
        JOIN (
            SELECT place, text AS masked, persons AS left_persons,
                fingerprint({CanonicalColumns.Said(ContentKind.Items)}) AS again
            FROM ({ErasedFiles.Changed("erasing_before")})) AS after USING (place)
        WHERE fp <> again;

        DROP TABLE erasing_before;

        CREATE OR REPLACE TEMP TABLE erasing_changes AS FROM erasing_changes
        WHERE {CanonicalColumns.Key(ContentKind.Items)} IN (SELECT key FROM erasing_prints)
        """;

    // What may stand in a line that was rejected, cut to 80 characters: names, contacts, ids of items, texts.
    private const string Quoted = $"""
        CREATE OR REPLACE TEMP TABLE erasing_quoted AS
        SELECT DISTINCT quoted FROM (
            SELECT account AS quoted FROM erasing_accounts
            UNION ALL
            SELECT unnest([ltrim(handle, '@'), display_name, contact]) FROM account_versions
            SEMI JOIN erasing_accounts USING (account)
            UNION ALL
            SELECT 'item:' || service || ':' || item_id FROM erasing_answered
            UNION ALL
            SELECT text FROM erasing_texts WHERE strlen(text) >= 24
        ) WHERE length(quoted) >= 4
        """;

    private static readonly string Fresh = $"""
        SELECT count(*) FROM erasing_accounts
        WHERE {IsThere("erasing_accounts")}
            OR erased_author(account) NOT IN (SELECT token FROM erased_tokens WHERE kind = 'account')
        """;

    private static List<PlacedRows> InPlace(Engine engine, Workspace workspace, Rewrite? rewrite)
    {
        var (checks, found) = (ContentChecks.Open(workspace), new List<PlacedRows>());
        foreach (var record in ImportLog.ReadAll(workspace).LeftInPlace)
        {
            var rows = ContentViews.InPlace(
                engine, checks, record, found.Count, rewrite?.Concerns(record) is true ? rewrite.Old : null);
            var theirs = record.Kind is not ContentKind.Items
                ? $"({rows}) AS placed SEMI JOIN erasing_accounts USING (account)"
                : $"({rows}) AS placed SEMI JOIN erasing_named USING (service, item_id) "
                    + "ANTI JOIN erasing_covered USING (service, item_id)";
            var count = engine.Scalar<long>($"SELECT count(*) FROM {theirs}");
            if (count > 0)
                found.Add(new PlacedRows(
                    string.Join(", ", record.Files.Select(file => file.Path).Order(StringComparer.Ordinal)), count));
        }

        return found;
    }
}
