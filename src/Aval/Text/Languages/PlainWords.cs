using System.Buffers;

namespace Aval.Text.Languages;

/// <summary>
/// A text without what has no language: addresses, <c>@handles</c>, <c>#hashtags</c>, <c>:codes:</c> of pictures and
/// markup; letters written as base and mark put together. Most texts have none of it and are read as they are.
/// </summary>
internal static class PlainWords
{
    private static readonly SearchValues<char> Suspicious = SearchValues.Create("@#/<&");

    private static readonly SearchValues<char> Marks =
        SearchValues.Create([.. Enumerable.Range('\u0300', 0x70).Select(unit => (char)unit)]);

    private static readonly SearchValues<string> Web =
        SearchValues.Create(["www."], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<char> Spaces = SearchValues.Create(" \n\r\t\u00A0\u3000");

    /// <summary>Whether a text must be copied before it is read.</summary>
    public static bool Needed(ReadOnlySpan<char> text) =>
        text.ContainsAny(Suspicious) || text.ContainsAny(Marks) || text.ContainsAny(Web);

    /// <summary>
    /// Copies the words of a text, as many as there is room for. Never longer than the text.
    /// </summary>
    /// <returns>How many units were written.</returns>
    public static int Copy(ReadOnlySpan<char> text, Span<char> words)
    {
        var written = 0;
        while (!text.IsEmpty && written < words.Length)
        {
            var end = text.IndexOfAny(Spaces);
            if (end < 0)
                end = text.Length;
            var token = text[..end];
            if (!IsAddress(token))
                written = Append(token, words, written);
            if (written < words.Length && end < text.Length)
                words[written++] = ' ';
            text = text[Math.Min(end + 1, text.Length)..];
        }

        return written;
    }

    private static bool IsAddress(ReadOnlySpan<char> token) =>
        token.Contains("://", StringComparison.Ordinal)
        || token.StartsWith("www.", StringComparison.OrdinalIgnoreCase)
        || (token.IndexOf('@') is var at && at > 0 && token[at..].Contains('.'));

    private static int Append(ReadOnlySpan<char> token, Span<char> words, int written)
    {
        for (var at = 0; at < token.Length && written < words.Length; at++)
        {
            var unit = token[at];
            if (unit is '@' or '#')
            {
                // A handle and a hashtag end where their name does: #tip! is followed by the sentence's end.
                while (at + 1 < token.Length && IsOfName(token[at + 1]))
                    at++;
                words[written++] = ' ';
            }
            else if (unit is '<' && token[at..].IndexOf('>') is > 0 and var close)
            {
                at += close;
                words[written++] = ' ';
            }
            else if (unit is '&' && token[at..].IndexOf(';') is > 1 and < 9 and var semicolon)
            {
                at += semicolon;
                words[written++] = ' ';
            }
            else if (unit is >= '\u0300' and <= '\u036F')
            {
                if (written > 0 && Letters.Composed.TryGetValue((words[written - 1], unit), out var composed))
                    words[written - 1] = composed;
            }
            else
            {
                words[written++] = unit;
            }
        }

        return written;
    }

    private static bool IsOfName(char unit) => Letters.Of[unit] > Letters.Apostrophe || char.IsAsciiDigit(unit)
        || unit is '_' or '.' or '-' or (>= '\u0300' and <= '\u036F');
}
