using System.Globalization;
using System.Security.Cryptography;

namespace Aval.Text.SpecialCategories;

/// <summary>What a term does where it stands.</summary>
internal enum TermRole
{
    /// <summary>It speaks for a category.</summary>
    Reveals,

    /// <summary>Somebody speaks of himself or of his people.</summary>
    Self,

    /// <summary>What follows within a few words is denied.</summary>
    Negation,

    /// <summary>The sentence is news, fiction, learning or law rather than somebody's life.</summary>
    Lessens,

    /// <summary>A person's name follows, whatever it means.</summary>
    Title,

    /// <summary>A way of speaking, or a name: it says nothing, and hides the terms that it is made of.</summary>
    Idiom,

    /// <summary>A frequent word, by which the language is known.</summary>
    Common,
}

/// <summary>A term of a lexicon.</summary>
/// <param name="Language">Its place in <see cref="Aval.SpecialCategories.Languages"/>.</param>
/// <param name="Role">What it does.</param>
/// <param name="Category">Where it reveals: what.</param>
/// <param name="Weight">In points (docs/text.md).</param>
/// <param name="Text">As the lexicon has it, without what it leaves to choose.</param>
internal sealed record Term(int Language, TermRole Role, SpecialCategory Category, int Weight, string Text)
{
    /// <summary>Whether any ending may follow.</summary>
    public bool IsPrefix => Text.EndsWith('*');
}

/// <summary>
/// The lexicons, which are plain files to be read and corrected by people (<c>Lexicon/*.txt</c>; their form stands at
/// the head of <c>en.txt</c>).
/// </summary>
internal sealed class Lexicon
{
    private Lexicon(IReadOnlyList<Term> terms, string sha256) =>
        (Terms, Sha256, Trie) = (terms, sha256, new TermTrie(terms));

    /// <summary>The lexicons that ship.</summary>
    public static Lexicon Shipped { get; } = Load();

    /// <summary>All terms of all languages.</summary>
    public IReadOnlyList<Term> Terms { get; }

    /// <summary>Names what is found: the SHA-256 of the files.</summary>
    public string Sha256 { get; }

    /// <summary>The terms, to be looked for.</summary>
    public TermTrie Trie { get; }

    /// <summary>Reads the lines of one language.</summary>
    /// <exception cref="InvalidOperationException">A line cannot be read; the lexicons ship with the
    /// program.</exception>
    public static IEnumerable<Term> Read(string language, IEnumerable<string> lines)
    {
        var place = Aval.SpecialCategories.Languages.ToList().IndexOf(language);
        (TermRole Role, SpecialCategory Category)? section = null;
        var number = 0;
        foreach (var line in lines.Select(line => line.Split('#')[0].Trim()))
        {
            number++;
            if (line.Length == 0)
                continue;
            if (line is ['[', .. var name, ']'])
            {
                section = SectionOf(name) ?? throw new InvalidOperationException(
                    $"{language}.txt, line {number}: no section is called {name}.");
                continue;
            }

            var (role, category) = section
                ?? throw new InvalidOperationException($"{language}.txt, line {number}: a term before any section.");
            var words = line.Split(' ', 2);
            var isWeighted = int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var weight);
            if (isWeighted != (role is TermRole.Reveals or TermRole.Self or TermRole.Lessens))
                throw new InvalidOperationException($"{language}.txt, line {number}: a weight is missing or too many.");
            foreach (var written in (isWeighted ? words[1] : line).Split(','))
            {
                foreach (var term in Expand(written.Trim()))
                    yield return new Term(place, role, category, weight, term);
            }
        }
    }

    /// <summary><c>a (b|c) d</c> is <c>a b d</c> and <c>a c d</c>.</summary>
    private static IEnumerable<string> Expand(string written)
    {
        var open = written.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
            return [string.Join(' ', written.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        var close = written.IndexOf(')', open);
        return written[(open + 1)..close].Split('|')
            .SelectMany(choice => Expand(written[..open] + choice + written[(close + 1)..]));
    }

    private static (TermRole, SpecialCategory)? SectionOf(string name) =>
        Aval.SpecialCategories.TryParse(name, out var category) ? (TermRole.Reveals, category) : name switch
        {
            "self" => (TermRole.Self, default),
            "negation" => (TermRole.Negation, default),
            "lessens" => (TermRole.Lessens, default),
            "title" => (TermRole.Title, default),
            "idiom" => (TermRole.Idiom, default),
            "common" => (TermRole.Common, default),
            _ => null,
        };

    private static Lexicon Load()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var terms = new List<Term>();
        foreach (var language in Aval.SpecialCategories.Languages)
        {
            using var file = typeof(Lexicon).Assembly.GetManifestResourceStream($"special-categories/{language}.txt")
                ?? throw new InvalidOperationException($"The lexicon of {language} does not ship with this program.");
            using var reader = new StreamReader(file);
            var text = reader.ReadToEnd();
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(text));
            terms.AddRange(Read(language, text.Split('\n')));
        }

        return new Lexicon(terms, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
