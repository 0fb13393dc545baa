using System.Globalization;
using System.Text;

namespace Aval.Documents;

/// <summary>The few words that every document has, in one language: one file a language
/// (<c>Documents/Words/LANGUAGE.json</c>), whose members are the properties below.</summary>
internal sealed class DocumentText
{
    private static readonly WordFiles<DocumentText> Texts = new("documents/", text => text.Language);

    /// <summary>The languages that documents are written in.</summary>
    public static IReadOnlyList<string> Languages => Texts.Languages;

    /// <summary>Those of a language.</summary>
    /// <exception cref="AvalException">Usage: there is none of this language.</exception>
    public static DocumentText Of(string language) => Texts.Of(language)
        ?? throw AvalException.Usage($"Documents are written in {string.Join(", ", Languages)}, but the language "
            + $"\"{Shown.Of(language)}\" was asked for. Nothing was written.");

    /// <summary>Its code (BCP 47).</summary>
    public required string Language { get; init; }

    /// <summary>The locale that a word processor checks spelling by.</summary>
    public required string Locale { get; init; }

    /// <summary>What marks a blank: <c>{what}</c> is to be written there.</summary>
    public required string Blank { get; init; }

    /// <summary>Heading of the notes.</summary>
    public required string Sources { get; init; }

    /// <summary>What a reader who hears it is told before a note's number.</summary>
    public required string Source { get; init; }

    /// <summary>Name of the list of headings.</summary>
    public required string Contents { get; init; }

    /// <summary>The months as they stand in a date.</summary>
    public required IReadOnlyList<string> Months { get; init; }

    /// <summary>A date: <c>{day}</c>, <c>{month}</c>, <c>{year}</c>.</summary>
    public required string Date { get; init; }

    /// <summary>The first day of a month, as it stands in a date.</summary>
    public required string First { get; init; }

    /// <summary>What stands between thousands.</summary>
    public required string Thousands { get; init; }

    /// <summary>What stands before the parts of a number.</summary>
    public required string Point { get; init; }

    /// <summary>A day (UTC), as people write it.</summary>
    public string Day(DateTimeOffset instant) => Day(DateOnly.FromDateTime(instant.UtcDateTime));

    /// <inheritdoc cref="Day(DateTimeOffset)"/>
    public string Day(DateOnly day) => Fill(
        Date, ("day", day.Day == 1 ? First : day.Day.ToString(CultureInfo.InvariantCulture)),
        ("month", Months[day.Month - 1]),
        ("year", day.Year.ToString("0000", CultureInfo.InvariantCulture)));

    /// <summary>A whole number, grouped by thousands.</summary>
    public string Count(long count) =>
        count.ToString("#,0", CultureInfo.InvariantCulture).Replace(",", Thousands, StringComparison.Ordinal);

    /// <summary>A number, rounded to hundredths.</summary>
    public string Number(double number) => Math.Round(number, 2).ToString("#,0.##", CultureInfo.InvariantCulture)
        .Replace(".", "\0", StringComparison.Ordinal).Replace(",", Thousands, StringComparison.Ordinal)
        .Replace("\0", Point, StringComparison.Ordinal);

    /// <summary>A sentence with what its braces name; what is put in is not looked through for braces.</summary>
    public static string Fill(string sentence, params ReadOnlySpan<(string Name, string Value)> values)
    {
        var filled = new StringBuilder();
        for (var at = 0; at < sentence.Length;)
        {
            var next = at;
            foreach (var (name, value) in values)
            {
                if (next != at || !sentence.AsSpan(at).StartsWith($"{{{name}}}", StringComparison.Ordinal))
                    continue;
                filled.Append(value);
                next = at + name.Length + 2;
            }

            if (next == at)
                filled.Append(sentence[next++]);
            at = next;
        }

        return filled.ToString();
    }

    /// <summary>
    /// A text as every writer shows it: lines and tabs are kept, what controls, hides or turns is spelled out, and what
    /// no XML may hold (U+FFFE, U+FFFF) too.
    /// </summary>
    public static string Safe(string text)
    {
        var shown = Shown.OnATerminal(text.ReplaceLineEndings("\n"));
        if (!shown.Any(unit => unit is '\ufffe' or '\uffff'))
            return shown;
        return shown.Replace("\ufffe", "\\ufffe", StringComparison.Ordinal)
            .Replace("\uffff", "\\uffff", StringComparison.Ordinal);
    }

    /// <summary>What a piece shows: a blank as a blank.</summary>
    public string Of(Piece piece) =>
        Safe(piece.Kind == PieceKind.Blank ? Fill(Blank, ("what", piece.Text)) : piece.Text);
}
