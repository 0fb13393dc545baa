using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Aval.Storage;

/// <summary>
/// JSON files for people and programs: indented by two spaces, text unescaped where JSON allows, one newline at the
/// end, "\n" everywhere.
/// </summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Indented = new()
    {
        Indented = true,
        IndentSize = 2,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
    private static readonly JsonWriterOptions Compact =
        new() { Indented = false, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The bytes of an indented document.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> document) => Write(document, Indented, newline: true);

    /// <summary>
    /// The bytes of a document on one line, without a newline. Canonical (RFC 8785) when members are written in order
    /// of their names and numbers are whole and below 2⁵³.
    /// </summary>
    public static byte[] WriteCompact(Action<Utf8JsonWriter> document) => Write(document, Compact, newline: false);

    private static byte[] Write(Action<Utf8JsonWriter> document, JsonWriterOptions options, bool newline)
    {
        ArgumentNullException.ThrowIfNull(document);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, options))
            document(json);
        if (newline)
            buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
