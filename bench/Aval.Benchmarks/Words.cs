using System.Globalization;
using System.Text;

namespace Aval.Benchmarks;

/// <summary>
/// Texts that nobody wrote and that compress as what people write does (about 2.1 times by Zstandard): each language
/// has a vocabulary made of its own syllables, drawn by rank (the word of rank r about 1/r times as often as the
/// first), in texts of which most are short and few are long, 130 characters on average. A text depends on its number
/// alone.
/// </summary>
internal sealed class Words
{
    /// <summary>Bytes of the longest text.</summary>
    public const int Longest = 2048;

    private const int Vocabulary = 8_000;
    private const int LongestWord = 64;
    private const string Marks = ",.!?:";

    // The 24 official languages, with their share of what is written (in 103rds) and what their words sound like.
    private static readonly (string Code, int Share, string Vowels, string Consonants)[] Languages =
    [
        ("en", 18, "a e i o u ea ou", "b c d f g h l m n p r s t w th st sh"),
        ("de", 14, "a e i o u ä ö ü ei ie", "b d f g h k l m n r s t w sch ch st"),
        ("fr", 13, "a e i o u é è ou ai eau", "b c d f g j l m n p r s t v ch qu"),
        ("it", 11, "a e i o u io", "b c d f g l m n p r s t v gl sc zz"),
        ("es", 10, "a e i o u ó á", "b c d f g l m n ñ p r s t v rr ll"),
        ("pl", 7, "a e i o u y ą ę", "b c d k l ł m n p r s t w z cz sz"),
        ("ro", 4, "a e i o u ă î", "b c d f g l m n p r s t v ș ț"),
        ("nl", 4, "a e i o u aa ee oo ij", "b d g h k l m n p r s t v w z sch"),
        ("el", 3, "α ε η ι ο υ ω ου αι", "β γ δ κ λ μ ν π ρ σ τ φ χ"),
        ("pt", 3, "a e i o u ã õ", "b c d f g l m n p r s t v nh lh"),
        ("cs", 2, "a e i o u á í ě", "b c č d h k l m n p r ř s š t v z"),
        ("hu", 2, "a e i o u á é ö ő", "b d g h k l m n r s sz t v z gy"),
        ("sv", 2, "a e i o u å ä ö", "b d f g h k l m n r s t v sk"),
        ("bg", 1, "а е и о у ъ я", "б в г д ж з к л м н п р с т"),
        ("da", 1, "a e i o u æ ø å", "b d f g h k l m n r s t v"),
        ("fi", 1, "a e i o u ä ö aa ii uu", "h j k l m n p r s t v kk ll tt"),
        ("sk", 1, "a e i o u á í ý", "b c č d h k l ľ m n p r s š t v z"),
        ("ga", 1, "a e i o u á é í ai ea", "b c d f g l m n r s t ch bh mh"),
        ("hr", 1, "a e i o u", "b c č ć d g k l m n p r s š t v z ž nj lj"),
        ("lt", 1, "a e i o u ė ų ū", "b d g k l m n p r s š t v z ž"),
        ("sl", 1, "a e i o u", "b c č d g k l m n p r s š t v z ž"),
        ("lv", 1, "a e i o u ā ē ī", "b d g k l ļ m n ņ p r s š t v z"),
        ("et", 1, "a e i o u ä õ ü", "h j k l m n p r s t v ll ss"),
        ("mt", 1, "a e i o u ie", "b d f għ h ħ k l m n p q r s t x ż"),
    ];

    private readonly byte[][][] _vocabularies = [.. Languages.Select(
        (language, at) => Words.VocabularyOf(at, language.Vowels.Split(' '), language.Consonants.Split(' ')))];
    private readonly int[] _languages =
        [.. Languages.SelectMany((language, at) => Enumerable.Repeat(at, language.Share))];

    /// <summary>The language of a text: the code that a platform would give as its hint.</summary>
    public string LanguageOf(long number) => Languages[Language(number)].Code;

    /// <summary>
    /// Writes a text as UTF-8 and answers how long it is; <paramref name="to"/> has at least <see cref="Longest"/>
    /// bytes.
    /// </summary>
    public int Write(long number, Span<byte> to)
    {
        var vocabulary = _vocabularies[Language(number)];
        var dice = new Dice((ulong)number + 0x1234567);
        var words = (int)(2 - (17.3 * Math.Log(1 - dice.Share())));
        var at = 0;
        for (var word = 0; word < words && at < Longest - LongestWord; word++)
        {
            if (word > 0)
                to[at++] = (byte)' ';
            var chosen = vocabulary[(int)Math.Pow(Vocabulary, dice.Share()) - 1];
            chosen.CopyTo(to[at..]);
            at += chosen.Length;
            var next = (int)(dice.Next() & 127);
            if (next < 2 * Marks.Length)
                to[at++] = (byte)Marks[next / 2];
            else if (next == 2 * Marks.Length)
                at += Number(dice.Next() % 100_000, to[at..]);
        }

        return at;
    }

    private int Language(long number) =>
        _languages[new Dice((ulong)number ^ 0x5bd1e995).Next() % (ulong)_languages.Length];

    private static int Number(ulong number, Span<byte> to)
    {
        _ = number.TryFormat(to, out var length, provider: CultureInfo.InvariantCulture);
        return length;
    }

    private static byte[][] VocabularyOf(int language, string[] vowels, string[] consonants)
    {
        var words = new byte[Vocabulary][];
        for (var rank = 0; rank < Vocabulary; rank++)
        {
            var dice = new Dice((ulong)((language * Vocabulary) + rank));
            // What is said often is short.
            var syllables = 1 + (rank > 20 ? 1 : 0) + (int)(dice.Next() % (rank > 600 ? 3UL : 2UL));
            var word = new StringBuilder();
            for (var syllable = 0; syllable < syllables; syllable++)
                word.Append(Of(consonants, ref dice)).Append(Of(vowels, ref dice));
            if (dice.Next() % 2 == 0)
                word.Append(Of(consonants, ref dice));
            words[rank] = Encoding.UTF8.GetBytes(word.ToString());
        }

        return words;
    }

    private static string Of(string[] sounds, ref Dice dice) => sounds[dice.Next() % (ulong)sounds.Length];

    /// <summary>
    /// SplitMix64 (Steele, Lea and Flood 2014): numbers that look like chance and follow from a seed.
    /// </summary>
    private struct Dice(ulong seed)
    {
        private ulong _state = seed;

        public ulong Next()
        {
            var mixed = _state += 0x9E3779B97F4A7C15UL;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
            return mixed ^ (mixed >> 31);
        }

        /// <summary>0 ≤ share &lt; 1.</summary>
        public double Share() => (Next() >> 11) * (1.0 / (1UL << 53));
    }
}
