using Aval.Storage;

namespace Aval.Decisions;

/// <summary>
/// What decisions leave in an engine for the rooms above it; with the facts that the policy's items look at.
/// </summary>
internal static class Relations
{
    /// <summary>By name.</summary>
    public static IReadOnlyList<Relation> All { get; } =
    [
        // What is decided once an account; and the same of each item in named_items, in the place of its author's.
        new("authors", "account VARCHAR, bucket INTEGER, author_mask BIGINT, …"),
        new("named", "service VARCHAR, item_id VARCHAR, author VARCHAR, author_mask BIGINT, …"),
    ];
}
