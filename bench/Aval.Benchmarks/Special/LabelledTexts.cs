using System.Globalization;
using System.Text;

namespace Aval.Benchmarks.Special;

/// <summary>A text of which it is known what it reveals.</summary>
/// <param name="Language">In which it is written.</param>
/// <param name="Reveals">What it reveals; null = nothing.</param>
/// <param name="Kind">Of a text that reveals nothing: idiom, news, name, denial or benign.</param>
/// <param name="HeldOut">Whether nobody looked at it while the lexicons were written.</param>
/// <param name="Text">The text.</param>
internal sealed record LabelledText(
    string Language, SpecialCategory? Reveals, string Kind, bool HeldOut, string Text)
{
    private static readonly Dictionary<string, (string Before, string After)> Around = new()
    {
        ["de"] = ("Das Wetter ist heute schön. ", " #alltag 🙂"),
        ["en"] = ("The weather is lovely today. ", " #life 🙂"),
        ["es"] = ("Hoy hace buen tiempo. ", " #vida 🙂"),
        ["fr"] = ("Il fait beau aujourd'hui. ", " #lavie 🙂"),
        ["it"] = ("Oggi è una bella giornata. ", " #vita 🙂"),
        ["pl"] = ("Dziś jest piękna pogoda. ", " #życie 🙂"),
    };

    /// <summary>
    /// The sentences of the files beside this one, each in four forms: as it is, in lower case without accents or
    /// stops, behind another sentence, and with a tag and an emoji.
    /// </summary>
    public static IReadOnlyList<LabelledText> All { get; } =
        [.. SpecialCategories.Languages.SelectMany(Sentences).SelectMany(Forms)];

    private static IEnumerable<LabelledText> Sentences(string language)
    {
        using var file = typeof(LabelledText).Assembly.GetManifestResourceStream($"special/{language}.txt")!;
        using var reader = new StreamReader(file);
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#') || line.Length == 0)
                continue;
            var (reveals, name) = (line[0] == '+', line[1..].Split(' ')[0]);
            var words = line[1..].Split(' ', reveals ? 2 : 3);
            // The sentences of a cell take turns, in their order.
            var turn = seen[name + line[0]] = seen.GetValueOrDefault(name + line[0]) + 1;
            yield return new LabelledText(
                language, reveals && SpecialCategories.TryParse(name, out var category) ? category : null,
                reveals ? "" : words[1], HeldOut: Turn(line[0], name, turn), words[^1]);
        }
    }

    // Odd categories hold out other kinds of negatives than even ones, so that each kind is in both halves.
    private static bool Turn(char sign, string name, int turn) =>
        sign == '-' && SpecialCategories.TryParse(name, out var category) && (int)category % 2 == 1
            ? turn % 2 == 1
            : turn % 2 == 0;

    private static IEnumerable<LabelledText> Forms(LabelledText text)
    {
        var (before, after) = Around[text.Language];
        return
        [
            text, text with { Text = Plain(text.Text) }, text with { Text = before + text.Text },
            text with { Text = text.Text + after },
        ];
    }

    private static string Plain(string text)
    {
        var plain = new StringBuilder();
        foreach (var c in text.Normalize(NormalizationForm.FormD).ToLowerInvariant())
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && c is not ('.' or '!'))
                plain.Append(c == 'ł' ? 'l' : c);
        }

        return plain.ToString();
    }
}
