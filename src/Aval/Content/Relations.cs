using Aval.Storage;

namespace Aval.Content;

/// <summary>What content leaves in an engine for the rooms above it: all of it as of T.</summary>
internal static class Relations
{
    private const string Item = """
        item_id VARCHAR, service VARCHAR, kind VARCHAR, author VARCHAR, audience VARCHAR, created_at TIMESTAMP,
        public_since TIMESTAMP, text VARCHAR, language_hint VARCHAR, persons STRUCT(account VARCHAR, "role" VARCHAR)[],
        in_reply_to VARCHAR, media STRUCT(uri VARCHAR, sha256 VARCHAR, kind VARCHAR)[], deleted BOOLEAN,
        preferences VARCHAR, observed_at TIMESTAMP
        """;

    private const string Account = """
        account VARCHAR, service VARCHAR, person VARCHAR, display_name VARCHAR, handle VARCHAR, country VARCHAR,
        birth_year INTEGER, contact VARCHAR, observed_at TIMESTAMP
        """;

    private const string Notice = """
        account VARCHAR, version VARCHAR, language VARCHAR, channel VARCHAR, sent_at TIMESTAMP, delivered_at TIMESTAMP,
        bounced_at TIMESTAMP
        """;

    /// <summary>By name.</summary>
    public static IReadOnlyList<Relation> All { get; } =
    [
        new("account_versions", Account), // Every version of every account, and what rejected rows said of its person.
        // The version that counts; unreadable: a later one was rejected.
        new("accounts_now", $"{Account}, unreadable BOOLEAN"),
        // Items that several versions speak about.
        new("brought_items", Item), // Those of item_versions that were left in place.
        new("contested_items", "service VARCHAR, item_id VARCHAR, key VARCHAR"),
        // What stands for erased items, their authors and erased persons.
        new("erased_tokens", "kind VARCHAR, token VARCHAR, person VARCHAR"),
        new("item_authors", "account VARCHAR"), // Whoever a version of an item names as its author.
        new("item_versions", Item), // Every version of every item.
        new("items_now", $"{Item}, unreadable BOOLEAN"), // The version that counts, one row an item.
        new("laid_accounts", Account), // Those of account_versions that lie by bucket.
        new("laid_items", Item), // Those of item_versions that lie by bucket.
        // What items last said of which the version that counts says that they are gone, and has no text.
        new("last_words", "service VARCHAR, item_id VARCHAR, text VARCHAR, audience VARCHAR, "
            + "created_at TIMESTAMP, kind VARCHAR"),
        // Those of items_now that several versions in laid_items speak about.
        new("laid_resolved", $"{Item}, unreadable BOOLEAN"),
        new("laid_notices", Notice), // Those of notices_now that lie by bucket.
        new("notices_now", Notice),
        new("placed_items", $"{Item}, unreadable BOOLEAN"), // Those of items_now of which a version was left in place.
        new("resolved_items", $"{Item}, unreadable BOOLEAN"), // Those of items_now that are contested.
        new("restated_items", "place BIGINT, again UUID"), // What items say out of which somebody was taken.
    ];
}
