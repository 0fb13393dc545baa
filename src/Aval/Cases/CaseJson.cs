using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Aval.Storage;

namespace Aval.Cases;

/// <summary>The bytes of case.json: canonical (RFC 8785), and so one for each case.</summary>
internal static class CaseJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new InstantText(), new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>The bytes of a case.</summary>
    public static byte[] Of(Case whole) => Canonical(whole);

    /// <summary>Writes it into a document.</summary>
    public static void Write(Utf8JsonWriter json, Case whole) => JsonSerializer.Serialize(json, whole, Options);

    /// <summary>Reads a case, and holds its history against it.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="path">Where it lies.</param>
    /// <exception cref="AvalException">Bad input: it is none, or was changed by hand.</exception>
    public static Case Read(byte[] bytes, string path)
    {
        Case? read;
        try
        {
            read = JsonSerializer.Deserialize<Case>(bytes, Options);
        }
        catch (JsonException broken)
        {
            throw AvalException.BadInput($"{path}: expected a case ({Case.FormatName}), and this cannot be read as "
                + $"one: {broken.Message} Nothing was done. Restore the file from your backup.", broken);
        }

        if (read is not { Format: Case.FormatName, History.Count: > 0 })
            throw AvalException.BadInput($"{path}: expected a case ({Case.FormatName}), but found "
                + $"\"{read?.Format}\". Nothing was done. Restore the file from your backup.");
        return HasItsHistory(read) ? read : throw AvalException.BadInput($"{path}: this is not what the last step of "
            + "its history left: the file was changed by hand. Nothing was done. Restore it from your backup, and use "
            + "aval case add, answer and close.");
    }

    /// <summary>A case after a step: what it is now, with the step behind those before.</summary>
    public static Case After(Case now, DateTimeOffset at, string by, string what)
    {
        ArgumentNullException.ThrowIfNull(now);
        var content = ContentOf(now);
        var step = new CaseStep(at, by, what, content, "");
        var before = now.History is [.., var last] ? last.Chain : null;
        return now with
        {
            History = [.. now.History, step with { Chain = ChainOf(before, step) }],
        };
    }

    private static bool HasItsHistory(Case read)
    {
        string? before = null;
        foreach (var step in read.History)
        {
            if (ChainOf(before, step) != step.Chain)
                return false;
            before = step.Chain;
        }

        return read.History[^1].Content == ContentOf(read);
    }

    private static string ContentOf(Case whole) => Hash(Canonical(whole with { History = [] }));

    private static string ChainOf(string? before, CaseStep step) =>
        Hash([.. Encoding.ASCII.GetBytes($"{before}\n"), .. Canonical(step with { Chain = "" })]);

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] Canonical<T>(T value)
    {
        var node = JsonSerializer.SerializeToNode(value, Options);
        return JsonText.WriteCompact(json => Write(json, node));
    }

    private static void Write(Utf8JsonWriter json, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                json.WriteStartObject();
                foreach (var (name, value) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
                {
                    json.WritePropertyName(name);
                    Write(json, value);
                }

                json.WriteEndObject();
                break;
            case JsonArray items:
                json.WriteStartArray();
                foreach (var item in items)
                    Write(json, item);
                json.WriteEndArray();
                break;
            case null:
                json.WriteNullValue();
                break;
            default:
                node.WriteTo(json, Options);
                break;
        }
    }
}
