using System.Text.Json.Nodes;

namespace Aval.Policies;

/// <summary>What a word of a policy may be.</summary>
/// <param name="Refusal">What is wrong with a word; null when nothing is.</param>
/// <param name="Schema">The same as JSON Schema.</param>
internal sealed record WordForm(Func<string, string?> Refusal, Func<JsonObject> Schema)
{
    /// <summary>A service's name.</summary>
    public static WordForm Service { get; } = new(
        word => ServiceName.IsValid(word)
            ? null
            : $"a service is spelled [a-z][a-z0-9-]*, but {Found.Quote(word)} was found",
        () => PolicySchema.Definition("service"));

    /// <summary>A word of a closed vocabulary.</summary>
    /// <param name="what">What such a word is, for messages: "a kind".</param>
    /// <param name="known">The vocabulary.</param>
    public static WordForm OneOf(string what, params IReadOnlyList<string> known) => new(
        word => known.Contains(word)
            ? null
            : $"{what} is one of {string.Join(", ", known)}, but {Found.Quote(word)} was found"
                + NearestWord.Suggest(word, known),
        () => Enum(known));

    /// <summary>A schema that knows these words and no others.</summary>
    public static JsonObject Enum(IEnumerable<string> words) => new() { ["enum"] = Array(words) };

    /// <summary>Words as a JSON array.</summary>
    public static JsonArray Array(IEnumerable<string> words) => new([.. words.Select(word => JsonValue.Create(word))]);
}
