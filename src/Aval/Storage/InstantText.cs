using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aval.Storage;

/// <summary>
/// An instant in JSON, as Aval writes it everywhere: UTC with microseconds, <c>2025-05-27T00:00:00.000000Z</c>.
/// Anything else is refused.
/// </summary>
internal sealed class InstantText : JsonConverter<DateTimeOffset>
{
    /// <inheritdoc/>
    public override DateTimeOffset Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Instant.TryParse(reader.GetString(), out var instant)
            ? instant
            : throw new JsonException("an instant should stand here");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.ToText());
    }
}
