using System.Globalization;
using System.Text;

namespace Aval;

/// <summary>What was found in a file, for a message. It goes to a terminal and to logs: neither may be steered or flooded by it.</summary>
internal static class Shown
{
    private const int Longest = 80;

    /// <summary>At most 80 characters; what controls a terminal or hides itself is spelled out.</summary>
    public static string Of(string text)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().Take(Longest))
            shown.Append(Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format ? $"\\u{rune.Value:x4}" : rune.ToString());
        return text.EnumerateRunes().Skip(Longest).Any() ? shown + "…" : shown.ToString();
    }
}
