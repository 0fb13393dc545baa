using Aval.Content;
using Aval.Storage;

namespace Aval.Choices;

/// <summary>
/// Items of which versions name several authors: one item nevertheless. What any of them said to protect it keeps it
/// out; what permits it is its author's alone to say.
/// <para><c>co_authors</c>: service, item_id, current_author, and each other author.</para>
/// </summary>
internal static class CoAuthors
{
    /// <summary>
    /// Makes <c>co_authors</c>. Needs <c>items_now</c>, <c>item_versions</c>, <c>contested_items</c>.
    /// </summary>
    public static void Find(Engine engine)
    {
        // Only an item of several versions can have them, and most workspaces have none.
        engine.Execute(engine.Scalar<bool>("SELECT EXISTS (FROM contested_items)")
            ? Found(ItemFinding.Versions(engine, Contested), ItemFinding.Now(engine, Contested))
            : Nothing);
    }

    /// <summary>Adds what the other authors said to <c>item_stances</c>. Needs <c>co_covering</c>.</summary>
    /// <param name="engine">Where they are.</param>
    /// <param name="addUp">Makes <c>co_stances</c>, by item and author.</param>
    public static void Protect(Engine engine, string addUp)
    {
        if (!engine.Scalar<bool>("SELECT EXISTS (FROM co_authors)"))
            return;
        engine.Execute(addUp);
        engine.Execute(Merged);
    }

    private const string Nothing = """
        CREATE OR REPLACE TEMP TABLE co_authors AS
        SELECT NULL::VARCHAR AS service, NULL::VARCHAR AS item_id, NULL::VARCHAR AS author,
            NULL::VARCHAR AS current_author WHERE false
        """;

    private const string Contested = "SELECT service, item_id FROM contested_items";

    private static string Found(string versions, string now) => $"""
        CREATE OR REPLACE TEMP TABLE co_authors AS
        WITH authors AS (
            SELECT DISTINCT service, item_id, author FROM {versions} AS version
            SEMI JOIN contested_items USING (service, item_id)
        ), several AS (
            SELECT service, item_id FROM authors GROUP BY service, item_id HAVING count(*) > 1
        ), latest AS (
            SELECT service, item_id, author AS current_author FROM {now} AS now
            SEMI JOIN several USING (service, item_id)
        )
        SELECT service, item_id, author, current_author FROM authors JOIN latest USING (service, item_id)
        WHERE author <> current_author
        """;

    private const string Merged = """
        CREATE OR REPLACE TEMP TABLE item_stances AS
        WITH others AS (
            SELECT 'item:' || service || ':' || item_id AS subject, min(objected_since) AS objected_since,
                min(restricted_at) AS restricted_at,
                max(consent_kind) FILTER (WHERE consent_kind IN ('withdrawal', 'refusal')) AS refusing,
                bool_or(combining_refused) AS combining_refused, bool_or(revealing_refused) AS revealing_refused
            FROM co_authors JOIN co_stances ON subject = 'item:' || service || ':' || item_id || ' ' || author
            GROUP BY ALL
        )
        SELECT subject, least(own.objected_since, others.objected_since) AS objected_since,
            least(own.restricted_at, others.restricted_at) AS restricted_at,
            own.erased_to, CASE WHEN own.consent_kind IN ('withdrawal', 'refusal') THEN own.consent_kind
                ELSE coalesce(refusing, own.consent_kind) END AS consent_kind,
            own.consent_until, own.may_combine AND NOT coalesce(others.combining_refused, false) AS may_combine,
            own.may_reveal AND NOT coalesce(others.revealing_refused, false) AS may_reveal,
            own.removed
        FROM item_stances AS own FULL JOIN others USING (subject)
        """;
}
