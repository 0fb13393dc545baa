using System.Text.Json;

namespace Aval;

/// <summary>Files of our own that may be damaged: what reading one throws then.</summary>
internal static class MalformedJson
{
    /// <summary>
    /// Whether a document is not JSON, lacks a member, or holds one of another type or outside its values.
    /// </summary>
    /// <param name="thrown">By <see cref="JsonDocument"/>, its elements, or what was made of their values.</param>
    public static bool Threw(Exception thrown) => thrown
        is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException;

    /// <summary>The text that a file of our own states: a null would be nobody's name, in silence.</summary>
    /// <exception cref="FormatException">It is null.</exception>
    /// <exception cref="InvalidOperationException">It is no text.</exception>
    public static string ToText(this JsonElement element) =>
        element.GetString() ?? throw new FormatException("a text is null.");

    /// <summary>The instant that a file of our own states.</summary>
    /// <exception cref="FormatException">It states none.</exception>
    /// <exception cref="InvalidOperationException">It is no text.</exception>
    public static DateTimeOffset ToInstant(this JsonElement element) =>
        Instant.TryParse(element.GetString(), out var instant)
            ? instant
            : throw new FormatException($"{element.GetRawText()} is no instant.");
}
