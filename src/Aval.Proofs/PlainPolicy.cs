using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Aval.Proofs;

/// <summary>
/// What a verifier reads of a policy's text: the few words on which a verdict turns. A manifest repeats them beside the
/// text, but who signs a manifest could write anything there, so only the text counts (docs/formats/proof.md).
///
/// No YAML is read here, only the plain part of it in which people write: one key a line, from the first column, each
/// once, its word behind it. Whatever could mean something else to a reader of the whole language is refused, so that
/// both read the same or this one says that it cannot.
/// </summary>
/// <param name="Name">The policy's name.</param>
/// <param name="Purpose">Of the closed vocabulary: a purpose that nobody knows is one that nobody could object
/// to.</param>
/// <param name="Basis"><c>consent</c> or <c>legitimate-interest</c>.</param>
/// <param name="ReplayOnly">May be compared, never trained on.</param>
public sealed record PlainPolicy(string Name, string Purpose, string Basis, bool ReplayOnly)
{
    private const string NameKey = "policy", PurposeKey = "purpose", BasisKey = "basis", ReplayKey = "replay-only";
    private static readonly string[] Words = [NameKey, PurposeKey, BasisKey, ReplayKey];
    private static readonly string[] Texts = ["title", "applies-from", "max-lag"];
    private static readonly string[] Lists = ["sources", "rules"];
    private static readonly string[] Purposes = ["train-generative-ai", "combine-services", "special-categories"];
    private static readonly string[] Bases = ["legitimate-interest", "consent"];

    /// <summary>Reads a policy's text.</summary>
    /// <exception cref="ProofException">Malformed: it is not written so plainly that all must read the
    /// same.</exception>
    public static PlainPolicy Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        var (key, number) = ("", 0);
        foreach (var line in Lines(text))
        {
            number++;
            if (line.TrimStart(' ') is "" or ['#', ..])
                continue;
            // What is indented, or begins a list's entry, goes on with the key above, and no word goes on.
            if (line[0] != ' ' && !(Lists.Contains(key) && line.StartsWith("- ", StringComparison.Ordinal)))
                key = Key(line, number, words);
            else if (key.Length == 0 || Words.Contains(key))
                throw Clever(number, "a line that goes on with a word, which stands behind its key alone");
        }

        string Known(string name, string[]? known) =>
            words.TryGetValue(name, out var word) && known?.Contains(word) != false ? word
            : throw Clever(1, known is null ? $"no \"{name}\"" : $"no \"{name}\" that is {string.Join(" or ", known)}");
        var replayOnly = words.GetValueOrDefault(ReplayKey) == "true";
        return new PlainPolicy(Known(NameKey, null), Known(PurposeKey, Purposes), Known(BasisKey, Bases), replayOnly);
    }

    // The key that begins a line; a word's value, or the sign that a text or a list was there, is kept under it.
    private static string Key(string line, int number, Dictionary<string, string> words)
    {
        var key = line.Split(':', 2)[0];
        if (key.Length == line.Length || !Words.Concat(Texts).Concat(Lists).Contains(key))
            throw Clever(number, "a line that does not begin with one of a policy's keys and a colon");
        var value = line[(key.Length + 1)..];
        if (value.Length > 0 && value[0] != ' ')
            throw Clever(number, "a colon without a space behind it");
        // Quotes and brackets may span lines there, and hide a key that is none.
        if (Words.Contains(key) && words.Keys.Any(Lists.Contains))
            throw Clever(number, $"\"{key}\" below a list, where it must stand above");
        if (Texts.Contains(key) && !EndsItself(value.Trim(' ')))
            throw Clever(number, $"a \"{key}\" that does not begin on its line, or whose quotes do not end there");
        return words.TryAdd(key, Words.Contains(key) ? Word(key, value, number) : "")
            ? key
            : throw Clever(number, $"a second \"{key}\"");
    }

    // A lower-case word, in quotes or not, and perhaps a comment behind it.
    private static string Word(string key, string value, int number)
    {
        var rest = value.TrimStart(' ');
        var quote = rest is ['"' or '\'', ..] && key != ReplayKey ? rest[..1] : "";
        rest = rest[quote.Length..];
        var word = string.Concat(rest.TakeWhile(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'));
        rest = rest[word.Length..];
        var fits = word is [>= 'a' and <= 'z', ..] && rest.StartsWith(quote, StringComparison.Ordinal);
        var end = fits ? rest[quote.Length..] : "";
        if (!fits || !(end.Trim(' ').Length == 0 || (end[0] == ' ' && end.TrimStart(' ')[0] == '#')))
            throw Clever(number, $"a \"{key}\" whose value is no lower-case word");
        // Without quotes, these are no words.
        if (quote.Length == 0 && (word is "true" or "false" or "null") != (key == ReplayKey && word != "null"))
            throw Clever(number, key == ReplayKey ? $"a \"{key}\" that is neither true nor false" : $"a \"{key}\" that "
                + $"is no word");
        return word;
    }

    // Quotes must close on the line. Block scalars and plain texts go on in indented lines only, so that the next key
    // ends them.
    private static bool EndsItself(string value) => value switch
    {
        "" => false,
        ['\'', ..] => Behind(value.Replace("''", "..", StringComparison.Ordinal), '\''),
        ['"', ..] => Behind(Regex.Replace(value, @"\\.", ".."), '"'),
        [var first, ..] when "&*!%@`[]{}#,?:-".Contains(first, StringComparison.Ordinal) => false,
        _ => true,
    };

    private static bool Behind(string value, char quote) =>
        value.IndexOf(quote, 1) is var end and > 0
        && (end == value.Length - 1 || (value[end + 1] == ' ' && value[(end + 1)..].TrimStart(' ') is ['#', ..]));

    private static string[] Lines(string text)
    {
        // A byte order mark before the first character says UTF-8 and no more.
        var shown = text.StartsWith('\uFEFF') ? text[1..] : text;
        var lines = shown.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
        for (var at = 0; at < lines.Length; at++)
        {
            if (lines[at].EnumerateRunes().Any(IsHidden))
                throw Clever(at + 1, "a character that does not show, or ends a line for some readers only");
        }

        return lines;
    }

    // Two that join and part letters show in the letters around them.
    private static bool IsHidden(Rune rune) => rune.Value is not (0x200c or 0x200d) && Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static ProofException Clever(int line, string found) => ProofException.Malformed(string.Create(
        CultureInfo.InvariantCulture,
        $"The policy's text cannot be read plainly (line {line}: {found}); what is said beside it is not believed."));
}
