using Aval.Storage;

namespace Aval.Choices;

/// <summary>What choices leave in an engine for the rooms above it, for one purpose as of T.</summary>
internal static class Relations
{
    private const string Stance = """
        subject VARCHAR, objected_since TIMESTAMP, restricted_at TIMESTAMP, erased_to TIMESTAMP, consent_kind VARCHAR,
        consent_until TIMESTAMP, may_combine BOOLEAN, may_reveal BOOLEAN, removed BOOLEAN, combining_refused BOOLEAN,
        revealing_refused BOOLEAN
        """;

    /// <summary>By name.</summary>
    public static IReadOnlyList<Relation> All { get; } =
    [
        // What others write about an account, and whose consent covers that; for a policy that asks.
        new("about_me_consenting", "account VARCHAR"),
        new("about_me_stances", Stance),
        new("account_stances", Stance), // Of each account that anything holds for; subject: the account.
        // Authors of earlier versions of an item, whose protective statements hold for it too.
        new("co_authors", "service VARCHAR, item_id VARCHAR, author VARCHAR, current_author VARCHAR"),
        new("erased_items", "service VARCHAR, item_id VARCHAR"), // Items of several versions that an erasure took.
        // Each statement with every account that it holds for: for protective ones, all that were ever linked.
        new("holding", """
            holder VARCHAR, idx BIGINT, kind VARCHAR, account VARCHAR, purpose VARCHAR, scope VARCHAR,
            scope_service VARCHAR, scope_item VARCHAR, made_at TIMESTAMP, until TIMESTAMP, protective BOOLEAN,
            forgotten BOOLEAN, received_at TIMESTAMP
            """),
        new("item_stances", Stance), // Of each item in named_items that anything holds for; subject: the item.
        new("named_items", "service VARCHAR, item_id VARCHAR, author VARCHAR"), // Items with a stance of their own.
        // One row a choice and part of its scope, of those that were made and received by T.
        new("statements", """
            idx BIGINT, kind VARCHAR, account VARCHAR, purpose VARCHAR, scope VARCHAR, scope_service VARCHAR,
            scope_item VARCHAR, made_at TIMESTAMP, until TIMESTAMP, protective BOOLEAN, forgotten BOOLEAN,
            received_at TIMESTAMP
            """),
    ];
}
