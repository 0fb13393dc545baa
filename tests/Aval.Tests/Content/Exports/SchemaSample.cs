using System.Text.Json.Nodes;

namespace Aval.Tests.Exports;

/// <summary>
/// A document that a JSON Schema (draft 4, as far as the shared ones use it) allows: every member that it names, every
/// alternative once. All its documents are one person's, and no two texts of them are alike.
/// </summary>
internal sealed class SchemaSample(string root)
{
    private int _made;

    public JsonNode? Of(string file) => Of(JsonNode.Parse(File.ReadAllText(file))!, file).First();

    private IEnumerable<JsonNode?> Of(JsonNode schema, string file)
    {
        if (schema["$ref"]?.GetValue<string>() is { } reference)
        {
            var (target, pointer) = reference.Split('#') is [var path, var within] ? (path, within) : (reference, "");
            var other = target.Length == 0 ? file : Path.Combine(
                root, new Uri(target).AbsolutePath.Replace("/facebook-schemas/", "", StringComparison.Ordinal));
            var found = pointer.Split('/', StringSplitOptions.RemoveEmptyEntries)
                .Aggregate(JsonNode.Parse(File.ReadAllText(other))!, (node, name) => node[name]!);
            return Of(found, other);
        }

        if ((schema["anyOf"] ?? schema["oneOf"]) is JsonArray alternatives)
            return alternatives.SelectMany(alternative => Of(alternative!, file));
        return schema["type"]?.GetValue<string>() switch
        {
            "object" => [new JsonObject((schema["properties"]?.AsObject() ?? [])
                .Select(member => KeyValuePair.Create(member.Key, member.Key is "author" or "full_name"
                    ? JsonValue.Create("Jūratė Ōmori")
                    : Of(member.Value!, file).First()?.DeepClone())))],
            "array" => [new JsonArray([.. Of(schema["items"] ?? new JsonObject { ["type"] = "string" }, file)
                .Select(element => element?.DeepClone())])],
            "integer" => [JsonValue.Create(1_500_000_000 + _made++)],
            "number" => [JsonValue.Create(1.5)],
            "boolean" => [JsonValue.Create(true)],
            _ => [JsonValue.Create($"text {_made++}")],
        };
    }
}
