using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Aval;

/// <summary>
/// The one place that makes a text from outside harmless where it is shown: on a terminal, in a card, on a page, in a
/// table for a spreadsheet. What controls a terminal, hides itself or turns the order of what is read is spelled out as
/// <c>\u202e</c>, which JSON reads back; a private key is never shown, whatever found it.
/// </summary>
internal static partial class Shown
{
    private const int Longest = 80;

    /// <summary>What was found, for a message: at most 80 characters, on one line.</summary>
    public static string Of(string text)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().Take(Longest))
            Append(shown, rune, IsHarmful(rune) || rune.Value is '\n' or '\t');
        return WithoutSecrets(text.EnumerateRunes().Skip(Longest).Any() ? shown + "…" : shown.ToString());
    }

    /// <summary>A cell of a table: whole, on one line.</summary>
    public static string OnALine(string text) => Spelled(text, rune => IsHarmful(rune) || rune.Value is '\n' or '\t');

    /// <summary>All that goes to a terminal, lines and tabs kept; the same text when there is nothing to spell
    /// out.</summary>
    public static string OnATerminal(string text) => WithoutSecrets(Spelled(text, IsHarmful));

    /// <summary>A text inside Markdown: it cannot end its cell, begin a tag or a link, or be anything but
    /// itself.</summary>
    public static string InMarkdown(string text) =>
        Marks().Replace(OnALine(text.ReplaceLineEndings(" ")), mark => "\\" + mark.Value);

    /// <summary>A text inside HTML, in an element or a quoted attribute.</summary>
    public static string InHtml(string text) => WebUtility.HtmlEncode(Spelled(text, IsHarmful));

    /// <summary>
    /// SQL for a text column of a CSV file, which people open in a spreadsheet: what a spreadsheet would run as a
    /// formula
    /// begins with an apostrophe. Whoever needs the exact text takes .jsonl or .parquet.
    /// </summary>
    public static string InCsv(string column) =>
        $"CASE WHEN regexp_matches({column}, '^[=+@\\t\\r-]') THEN '''' || {column} ELSE {column} END AS {column}";

    /// <summary>Whether a text is or holds a private key, by its form.</summary>
    public static bool IsPrivateKey(string text) =>
        text.Contains(PrivateKey, StringComparison.OrdinalIgnoreCase)
        || text.Contains("PRIVATE KEY-----", StringComparison.Ordinal)
        || (text.Trim() is { Length: 64 } hex && hex.All(char.IsAsciiHexDigit));

    private const string PrivateKey = "PRIVATE+KEY+";

    private static string WithoutSecrets(string text) => text.Contains(PrivateKey, StringComparison.OrdinalIgnoreCase)
        ? Secret().Replace(text, "(a private key, not shown)")
        : text;

    private static string Spelled(string text, Func<Rune, bool> harmful)
    {
        // Nearly every text is harmless, and then it is not copied.
        var plain = true;
        foreach (var rune in text.EnumerateRunes())
            plain = plain && !harmful(rune) && rune != Rune.ReplacementChar;
        if (plain)
            return text;
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
            Append(shown, rune, harmful(rune));
        return shown.ToString();
    }

    // Units of UTF-16, so that JSON reads it back; half a pair has become U+FFFD by now.
    private static void Append(StringBuilder shown, Rune rune, bool spelled)
    {
        foreach (var unit in rune.ToString())
            shown.Append(spelled ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}") : unit.ToString());
    }

    private static bool IsHarmful(Rune rune) => rune.Value is not ('\n' or '\t') && Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    [GeneratedRegex(@"[\\`*_{}\[\]<>#|~&!$]", RegexOptions.CultureInvariant)]
    private static partial Regex Marks();

    [GeneratedRegex(@"PRIVATE\+KEY\+\S*", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Secret();
}
