using Aval.Content;
using Aval.Storage;

namespace Aval.Choices;

/// <summary>
/// Which items of several versions an erasure took: an item that was there when its author erased what was there stays
/// out by its identity, whatever a later version says about its date or its author (GDPR Art. 17). Of an item with one
/// version, the rule itself sees all there is to see.
/// <para><c>erased_items</c>: service, item_id. It needs all versions to be kept.</para>
/// </summary>
internal static class ErasedItems
{
    /// <summary>
    /// Makes <c>erased_items</c>. Needs <c>holding</c>, <c>item_versions</c> and <c>contested_items</c>.
    /// </summary>
    public static void Find(Engine engine)
    {
        // Most builds have one of the two and not the other, and then no content is looked through for it.
        var any = engine.Scalar<bool>("""
            SELECT EXISTS (FROM holding WHERE kind = 'erasure') AND EXISTS (FROM contested_items)
            """);
        engine.Execute(any ? Found(ItemFinding.Versions(engine, "FROM contested_items")) : Nothing);
    }

    private const string Nothing = """
        CREATE OR REPLACE TEMP TABLE erased_items AS
        SELECT NULL::VARCHAR AS service, NULL::VARCHAR AS item_id WHERE false
        """;

    // An erasure of anybody who was ever named as its author takes the item; what was observed at an instant was there
    // at that instant, whatever it says of its own date; and a version without a date may be as old as any. That
    // something is gone says nothing of when it was written.
    private static string Found(string versions) => $"""
        CREATE OR REPLACE TEMP TABLE erased_items AS
        WITH versions AS MATERIALIZED (
            SELECT service, item_id, author, deleted, observed_at,
                CASE WHEN created_at <= known_at() THEN created_at END AS created_at
            FROM {versions} AS version SEMI JOIN contested_items USING (service, item_id)
        ), known AS (
            SELECT service, item_id, least(min(created_at), min(observed_at)) AS since,
                bool_or(created_at IS NULL AND NOT deleted) AS undated
            FROM versions GROUP BY service, item_id
        ), reached AS (
            SELECT service, item_id, max(made_at) AS erased_to
            FROM (SELECT DISTINCT service, item_id, author FROM versions) AS version
            JOIN holding ON holder = author
            WHERE kind = 'erasure'
              AND (scope = 'everything' OR (scope = 'service' AND scope_service = service)
                   OR (scope = 'item' AND scope_service = service AND scope_item = item_id))
            GROUP BY service, item_id
        )
        SELECT service, item_id FROM known JOIN reached USING (service, item_id)
        WHERE undated OR since <= erased_to
        """;
}
