using System.Text.Json;
using System.Text.Json.Serialization;
using Aval.Storage;

namespace Aval.Runs;

/// <summary>A file that a statement is about.</summary>
/// <param name="Name">Its path, relative to where it lies.</param>
/// <param name="Sha256">64 hexadecimal digits.</param>
internal sealed record StatedFile(string Name, string Sha256);

/// <summary>
/// What happened to a release, or to a model that was made of one: each is an in-toto statement (v1), signed, an entry
/// of the ledger, and never changed again. None names a person: authors are numbers, and recipients are organisations.
/// </summary>
/// <param name="At">When, UTC, microseconds.</param>
internal abstract record Stated(DateTimeOffset At)
{
    private const string InToto = "https://in-toto.io/Statement/v1";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new InstantText() },
    };

    private static readonly Dictionary<string, Type> Known = new(StringComparer.Ordinal)
    {
        ["urn:aval:export:1"] = typeof(ExportMade),
    };

    /// <summary>What it is about: at least one file.</summary>
    [JsonIgnore]
    public IReadOnlyList<StatedFile> Subjects { get; init; } = [];

    /// <summary>The bytes that are signed, and whose SHA-256 is the ledger's entry.</summary>
    public byte[] ToPayload() => JsonText.WriteCompact(json =>
    {
        json.WriteStartObject();
        json.WriteString("_type", InToto);
        json.WriteStartArray("subject");
        foreach (var subject in Subjects)
        {
            json.WriteStartObject();
            json.WriteString("name", subject.Name);
            json.WriteStartObject("digest");
            json.WriteString("sha256", subject.Sha256);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("predicateType", Known.Single(known => known.Value == GetType()).Key);
        json.WritePropertyName("predicate");
        JsonSerializer.Serialize(json, this, GetType(), Options);
        json.WriteEndObject();
    });

    /// <summary>Reads what <see cref="ToPayload"/> wrote.</summary>
    /// <exception cref="FormatException">It is no such statement.</exception>
    public static Stated Read(byte[] payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            var root = document.RootElement;
            var type = root.GetProperty("predicateType").GetString()!;
            if (!Known.TryGetValue(type, out var known))
                throw new FormatException($"nobody here knows statements of the type {Shown.Of(type)}");
            var stated = (Stated)root.GetProperty("predicate").Deserialize(known, Options)!;
            return stated with
            {
                Subjects =
                [
                    .. root.GetProperty("subject").EnumerateArray().Select(subject => new StatedFile(
                        subject.GetProperty("name").GetString()!,
                        subject.GetProperty("digest").GetProperty("sha256").GetString()!)),
                ],
            };
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException(broken.Message, broken);
        }
    }

    private sealed class InstantText : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(
            ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Instant.TryParse(reader.GetString(), out var instant)
                ? instant
                : throw new JsonException("an instant should stand here");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToText());
    }
}

/// <summary>How many rows and tokens a split of an export has.</summary>
internal sealed record SplitCount(string Name, long Rows, long Tokens);

/// <summary>The rows that an export left out, because their author has their use restricted (Art. 18).</summary>
/// <param name="Rows">How many.</param>
/// <param name="Sha256">Of the list of their keys, which stays in <c>runs/left-out/</c>.</param>
internal sealed record LeftOut(long Rows, string Sha256);

/// <summary>An export was made.</summary>
/// <param name="At">When.</param>
/// <param name="Export">Its id.</param>
/// <param name="Release">NAME/ID of the release.</param>
/// <param name="Manifest">SHA-256 of the release's manifest.</param>
/// <param name="Folder">Where it was put.</param>
/// <param name="Recipient">To whom it goes; null = it stays with the controller.</param>
/// <param name="Format">parquet, jsonl or text.</param>
/// <param name="Splits">What it holds.</param>
/// <param name="Tokenizer">By which vocabulary the tokens are counted.</param>
/// <param name="LeftOut">What it does not hold of the release; null = nothing was left out.</param>
/// <param name="Unhonoured">How many authors had said by then what the release does not honour.</param>
internal sealed record ExportMade(
    DateTimeOffset At, string Export, string Release, string Manifest, string Folder, string? Recipient, string Format,
    IReadOnlyList<SplitCount> Splits, string Tokenizer, LeftOut? LeftOut, long Unhonoured)
    : Stated(At);
