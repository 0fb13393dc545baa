using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Aval.Storage;

namespace Aval.Orders;

/// <summary>The texts that entries of kind 0x03 commit to by their SHA-256: that an order was served, that one was
/// lifted, and that of two that contradict each other one gives way.</summary>
/// <param name="Format">What the text is, and which version of its shape.</param>
/// <param name="At">When it was entered.</param>
/// <param name="Order">The order; null = this lifts one.</param>
/// <param name="Lifts">The entry of the order that is lifted; null = this serves one.</param>
/// <param name="Because">Why it is lifted, or gives way.</param>
internal sealed record OrderJson(string Format, DateTimeOffset At, Order? Order, long? Lifts, string? Because)
{
    /// <summary>The entry of the order that preserves and gives way; null = none does.</summary>
    public long? Yields { get; init; }

    /// <summary>The entry of the order to delete that it gives way to.</summary>
    public long? To { get; init; }

    /// <summary>The version that this program writes.</summary>
    public const string Current = "aval-order/1";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new InstantText(), new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>The bytes that are kept and hashed.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <summary>Writes a member <c>effects</c>, as the text has it.</summary>
    public static void WriteEffects(Utf8JsonWriter json, Order order)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(order);
        json.WritePropertyName("effects");
        JsonSerializer.Serialize(json, order.Effects, Options);
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else, or of a later version.</exception>
    public static OrderJson Read(byte[] text)
    {
        var read = JsonSerializer.Deserialize<OrderJson>(text, Options)!;
        return read is { Format: Current } and (
            { Order: not null, Lifts: null, Yields: null, To: null }
            or { Order: null, Lifts: not null, Yields: null, To: null }
            or { Order: null, Lifts: null, Yields: not null, To: not null })
            ? read
            : throw new JsonException($"its format is {Found(read.Format)}, or it neither serves nor lifts an order, "
                + "nor says which of two gives way");
    }

    private static string Found(string? format) => format is null ? "not stated" : $"\"{format}\"";
}
