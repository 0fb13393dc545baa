namespace Aval.Content;

/// <summary>The closed vocabularies of content (contract: docs/design.md, "Items").</summary>
internal static class Vocabulary
{
    /// <summary>Kinds of items.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["post", "comment", "caption", "reply", "ai-interaction"];

    /// <summary>To whom an item was published; <c>assistant</c> = said to the AI.</summary>
    public static IReadOnlyList<string> Audiences { get; } =
        ["public", "followers", "friends", "group", "private", "assistant", "unknown"];

    /// <summary>How an item concerns a person who did not write it.</summary>
    public static IReadOnlyList<string> Roles { get; } = ["mentioned", "depicted", "replied-to", "tagged"];
}
