using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Aval.Sample;

/// <summary>A sentence, and what it is called where it was taken from.</summary>
internal sealed record Sentence(string Source, string Id, string Text);

/// <summary>
/// The sentences that the sample's fictional people say: manuals of free software, and, for Maltese, which has none
/// here, professionally translated news without any sentence that names or is about somebody.
/// </summary>
internal static partial class Sentences
{
    private static readonly string[] Manuals = ["gnome-user-docs", "libreoffice-help", "libreoffice-ui"];
    private const string News = "ntrex128";

    /// <summary>How many are taken a language: small excerpts, and enough that most items differ.</summary>
    private const int Least = 50;
    private const int Most = 1_200;

    /// <summary>The excerpt of one language, in an order that follows from the sentences' own names.</summary>
    /// <param name="texts">The folder SOURCE/LANG.jsonl.gz, lines of <c>id, lang, text</c>.</param>
    /// <param name="language">Which.</param>
    public static IReadOnlyList<Sentence> Of(string texts, Language language)
    {
        var wanted = Wanted(language);
        var excerpt = Ranked(texts, language).Take(wanted).ToArray();
        return excerpt.Length >= Least
            ? excerpt
            : throw AvalException.BadInput($"{texts}: expected at least {Least} plain sentences of \"{language.Tag}\", found {excerpt.Length}. No sample was written. Give the folder that holds SOURCE/{language.Tag}.jsonl.gz.");
    }

    /// <summary>Sentences that are not in the excerpt: whoever says them says what nobody else says.</summary>
    /// <inheritdoc cref="Of"/>
    public static IReadOnlyList<Sentence> Beside(string texts, Language language, int count) =>
        [.. Ranked(texts, language).Skip(Wanted(language)).Take(count)];

    private static int Wanted(Language language) => Math.Clamp(language.Weight * 9, Least, Most);

    private static IEnumerable<Sentence> Ranked(string texts, Language language)
    {
        var found = Manuals.SelectMany(source => Read(texts, source, language)).Where(sentence => IsPlain(sentence.Text)).ToArray();
        if (found.Length == 0)
            found = [.. AboutNobody([.. Read(texts, News, language)], Read(texts, News, Language.Of("en")))];
        return found
            .DistinctBy(sentence => sentence.Text, StringComparer.Ordinal)
            .OrderBy(sentence => Rank(sentence.Id)).ThenBy(sentence => sentence.Id, StringComparer.Ordinal);
    }

    private static IEnumerable<Sentence> Read(string texts, string source, Language language)
    {
        var path = Path.Combine(texts, source, language.Tag + ".jsonl.gz");
        if (!File.Exists(path))
            yield break;
        using var lines = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
        {
            using var row = JsonDocument.Parse(line);
            yield return new Sentence(source, row.RootElement.GetProperty("id").GetString()!, row.RootElement.GetProperty("text").GetString()!.Trim());
        }
    }

    // A whole sentence that a person could have written: no markup, formula, option, number, address or words that lost
    // the blank between them. One manual recommends a seller by his name, who has no part in this.
    private static bool IsPlain(string text) =>
        text.Length is >= 30 and <= 180
        && char.IsUpper(text[0])
        && text[^1] is '.' or '!' or '?'
        && !Technical().IsMatch(text);

    // A word that the news capitalise inside a sentence, and never write small, may be somebody's name: such a word is
    // allowed nowhere, not even first, where everything is capitalised. And somebody can be recognised without a name, so
    // a sentence is out, too, when its English original speaks of one person, or of what one would not have told of oneself.
    private static IEnumerable<Sentence> AboutNobody(IReadOnlyList<Sentence> news, IEnumerable<Sentence> originals)
    {
        var capitalised = new HashSet<string>(StringComparer.Ordinal);
        var small = new HashSet<string>(StringComparer.Ordinal);
        foreach (var sentence in news)
        {
            var words = Words(sentence.Text);
            capitalised.UnionWith(words.Skip(1).Where(word => char.IsUpper(word[0])));
            small.UnionWith(words.Where(word => char.IsLower(word[0])));
        }

        var harmless = originals.Where(original => !Somebody().IsMatch(original.Text)).Select(original => original.Id).ToHashSet(StringComparer.Ordinal);
        return news.Where(sentence => IsPlain(sentence.Text)
            && harmless.Contains(sentence.Id)
            && Words(sentence.Text) is [var first, .. var rest]
            && !rest.Any(word => char.IsUpper(word[0]))
            && (!capitalised.Contains(first) || small.Contains(first.ToLowerInvariant())));
    }

    private static string[] Words(string text) => [.. Word().Matches(text).Select(match => match.Value)];

    // FNV-1a and a mix: an order that has nothing to do with where in a manual a sentence stands.
    private static ulong Rank(string id)
    {
        var hash = 0xcbf29ce484222325UL;
        foreach (var c in id)
            hash = (hash ^ c) * 0x100000001b3UL;
        return (hash ^ (hash >> 29)) * 0xbf58476d1ce4e5b9UL;
    }

    [GeneratedRegex(@"[<>{}\[\]|\\=_%$#*;~^`""@/&+:\p{Nd}…]|\.\.|\.\p{L}|\p{Lu}{3,}|www|\p{Ll}\p{Lu}(?<!LibreO)|Wolf Faust", RegexOptions.CultureInvariant)]
    private static partial Regex Technical();

    [GeneratedRegex(@"\b(s?he|his|hers?|him(self)?|herself|man|woman|girl\w*|boy\w*|son|daughter|wife|husband|mother|father|couple|fianc\w+|somebody|someone|person|manager|official|officer|doctors?|player\w*|driver|victim\w*|witness\w*|accus\w+|police|hospital|injur\w+|dead|die[ds]?|death\w*|kill\w*|murder\w*|massacre|suicid\w+|sex\w*|blood|body|attack\w*|rape\w*|crime\w*|criminal|shot|gun|fight\w*|abus\w+|terror\w*|tsunami|earthquake|protest\w*|cancer\w*|breast\w*|racis\w+|religio\w+|church\w*|parishioners|mosque|party|election\w*|vot\w+|parliament|i|my|me|one|congregation|crossbow|survivors|officers|quake|crash|carnage|war|pregnant|pumps|tears|belongings|known|politics|power|investment)\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Somebody();

    [GeneratedRegex(@"\p{L}+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
