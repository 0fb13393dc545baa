using System.Text.Json;

namespace Aval.Proofs;

/// <summary>
/// JSON as a verifier reads it: a member that stands there twice is refused, since two readers could take different
/// ones of the two; what is missing, or of another type, is a sentence and no crash.
/// </summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>Reads a document; <paramref name="what"/> begins the message when it is none.</summary>
    public static JsonDocument Parse(ReadOnlySpan<byte> json, string what)
    {
        try
        {
            return JsonDocument.Parse(json.ToArray(), Options);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // The second of them: a name that is no Unicode, met when names are compared.
            throw ProofException.Malformed($"{what} is not JSON, or says something twice.", broken);
        }
    }

    /// <summary>A member that must be there.</summary>
    public static JsonElement Member(this JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value)
            ? value
            : throw Broken(name, "is missing");

    /// <summary>A member that must be text.</summary>
    public static string TextOf(this JsonElement owner, string name) =>
        owner.Member(name) is { ValueKind: JsonValueKind.String } value
            ? Text(value)
            : throw Broken(name, "is not text");

    /// <summary>
    /// A member that must be a whole number, not negative, below 2⁵³: readers of JSON agree on no others.
    /// </summary>
    public static long CountOf(this JsonElement owner, string name) => Count(owner.Member(name), name);

    /// <summary>A number, as <see cref="CountOf"/>.</summary>
    public static long Count(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) && count is >= 0 and < (1L << 53)
            ? count
            : throw Broken(name, "is not a whole number from 0 on");

    /// <summary>A member that must be a list.</summary>
    public static IEnumerable<JsonElement> ListOf(this JsonElement owner, string name) =>
        owner.Member(name) is { ValueKind: JsonValueKind.Array } value
            ? value.EnumerateArray()
            : throw Broken(name, "is not a list");

    /// <summary>A member that must be an object; its members.</summary>
    public static IEnumerable<JsonProperty> MembersOf(this JsonElement owner, string name) =>
        owner.Member(name) is { ValueKind: JsonValueKind.Object } value
            ? value.EnumerateObject()
            : throw Broken(name, "is not an object");

    /// <summary>A member's name.</summary>
    public static string Name(JsonProperty member) => Unicode(() => member.Name);

    /// <summary>A text.</summary>
    public static string Text(JsonElement value) => Unicode(() => value.GetString()!);

    private static string Unicode(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException broken)
        {
            throw ProofException.Malformed("A text in it is not Unicode.", broken);
        }
    }

    private static ProofException Broken(string name, string how) => ProofException.Malformed($"\"{name}\" {how}.");
}
