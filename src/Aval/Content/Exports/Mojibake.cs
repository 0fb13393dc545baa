using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Aval.Content.Exports;

/// <summary>
/// Meta's exports write each byte of UTF-8 as one <c>\u00XX</c> escape, so that "é" arrives as "Ã©". This undoes it,
/// once, per string, after JSON is parsed. Strict on both sides: a string with any character above U+00FF was never
/// broken, and one whose bytes are not UTF-8 (a title cut within a character) is kept as it came, because half a
/// repair would be a text that nobody wrote.
/// </summary>
internal static class Mojibake
{
    public static string Repair(string text)
    {
        if (Ascii.IsValid(text) || text.AsSpan().ContainsAnyExceptInRange('\0', '\u00ff'))
            return text;
        var bytes = ArrayPool<byte>.Shared.Rent(text.Length);
        try
        {
            var latin = bytes.AsSpan(0, Encoding.Latin1.GetBytes(text, bytes));
            return Utf8.IsValid(latin) ? Encoding.UTF8.GetString(latin) : text;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
