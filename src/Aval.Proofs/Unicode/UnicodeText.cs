using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Aval.Proofs;

/// <summary>
/// What Unicode 17.0 says of characters, from a table of our own (unicode-17.txt). The base library answers differently
/// from version to version, and under invariant globalization it calls every text normalised: two spellings of one name
/// would be two people.
/// </summary>
internal static class UnicodeText
{
    private const int HangulFirst = 0xAC00, LeadFirst = 0x1100, VowelFirst = 0x1161, TrailBefore = 0x11A7;
    private const int Leads = 19, Vowels = 21, Trails = 28, Syllables = Leads * Vowels * Trails;

    // Below it every character is in normal form by itself and takes no part in another.
    private const char FirstMark = '\u0300';

    private static readonly Lazy<Table> Known = new(Table.Read);

    /// <summary>
    /// Whether a character is in neither category C (controls, invisible and private ones, surrogates, none yet) nor Z
    /// (white space).
    /// </summary>
    public static bool IsSeen(int code) => code < 0x80 ? code is > ' ' and < 0x7F : Known.Value.Seen[code];

    /// <summary>Whether a text is in normal form C.</summary>
    public static bool IsNormal(string text) => IsPlainlyNormal(text) || Compose(Decompose(text)) == text;

    /// <summary>A text in normal form C (Unicode Standard Annex 15).</summary>
    public static string Normal(string text) => IsPlainlyNormal(text) ? text : Compose(Decompose(text));

    /// <summary>A text in lower case, one character for one and whatever the language, in normal form C.</summary>
    public static string LowerCase(string text)
    {
        if (Ascii.IsValid(text))
            return text.ToLowerInvariant();
        var lower = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            lower.Append(new Rune(Known.Value.Lower.GetValueOrDefault(rune.Value, rune.Value)));
        return Normal(lower.ToString());
    }

    /// <summary>A character's canonical decomposition, the syllables of Hangul left whole.</summary>
    public static IReadOnlyList<int> Apart(int code)
    {
        var apart = new List<int>(2);
        if (code - HangulFirst is >= 0 and < Syllables)
            apart.Add(code);
        else
            Decompose(code, apart);
        return apart;
    }

    /// <summary>A character in lower case: one for one, and whatever the language.</summary>
    public static int Lower(int code) => Known.Value.Lower.GetValueOrDefault(code, code);

    private static bool IsPlainlyNormal(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', (char)(FirstMark - 1)))
            return true;
        var table = Known.Value;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value >= FirstMark && table.IsRestless(rune.Value))
                return false;
        }

        return true;
    }

    private static List<int> Decompose(string text)
    {
        var apart = new List<int>(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, apart);
        // Marks between two starters lie by class, equal ones as they came: an insertion sort is stable, and they are
        // few.
        var classes = Known.Value.Classes;
        for (var at = 1; at < apart.Count; at++)
        {
            var mark = apart[at];
            if (classes.GetValueOrDefault(mark) is not (> 0 and var its))
                continue;
            var to = at;
            for (; to > 0 && classes.GetValueOrDefault(apart[to - 1]) > its; to--)
                apart[to] = apart[to - 1];
            apart[to] = mark;
        }

        return apart;
    }

    private static void Decompose(int code, List<int> apart)
    {
        if (code - HangulFirst is >= 0 and < Syllables and var syllable)
        {
            apart.Add(LeadFirst + (syllable / (Vowels * Trails)));
            apart.Add(VowelFirst + (syllable % (Vowels * Trails) / Trails));
            if (syllable % Trails != 0)
                apart.Add(TrailBefore + (syllable % Trails));
        }
        else if (Known.Value.Parts.TryGetValue(code, out var parts))
        {
            foreach (var part in parts)
                Decompose(part, apart);
        }
        else
        {
            apart.Add(code);
        }
    }

    private static string Compose(List<int> apart)
    {
        var table = Known.Value;
        var whole = new List<int>(apart.Count);
        var (starter, last) = (-1, 0);
        foreach (var code in apart)
        {
            var its = table.Classes.GetValueOrDefault(code);
            // A character joins its starter unless one of its own class, or another starter, stands between.
            if (starter >= 0 && (starter == whole.Count - 1 || last < its)
                && Joined(table, whole[starter], code) is { } joined)
            {
                whole[starter] = joined;
                continue;
            }

            if (its == 0)
                starter = whole.Count;
            last = its;
            whole.Add(code);
        }

        var text = new StringBuilder(whole.Count);
        foreach (var code in whole)
            text.Append(new Rune(code));
        return text.ToString();
    }

    private static int? Joined(Table table, int first, int second)
    {
        if (first - LeadFirst is >= 0 and < Leads and var lead
            && second - VowelFirst is >= 0 and < Vowels and var vowel)
            return HangulFirst + (((lead * Vowels) + vowel) * Trails);
        if (first - HangulFirst is >= 0 and < Syllables and var syllable && syllable % Trails == 0
            && second - TrailBefore is > 0 and < Trails and var trail)
            return first + trail;
        return table.Wholes.TryGetValue((first, second), out var whole) ? whole : null;
    }

    private sealed record Table(
        bool[] Seen, FrozenDictionary<int, int> Classes, FrozenDictionary<int, int[]> Parts,
        FrozenDictionary<(int, int), int> Wholes, FrozenDictionary<int, int> Lower, FrozenSet<int> Seconds,
        FrozenSet<int> Never)
    {
        /// <summary>Whether a character may change, or be changed by, what it stands beside.</summary>
        public bool IsRestless(int code) =>
            Classes.ContainsKey(code) || Never.Contains(code) || Seconds.Contains(code)
            || code is (>= VowelFirst and < VowelFirst + Vowels) or (> TrailBefore and < TrailBefore + Trails);

        public static Table Read()
        {
            using var stream = typeof(UnicodeText).Assembly.GetManifestResourceStream("unicode-17.txt")
                ?? throw new InvalidOperationException("The table of Unicode is not part of this assembly.");
            using var reader = new StreamReader(stream, Encoding.ASCII);
            var sections = Sections(reader);
            var seen = new bool[0x110000];
            foreach (var word in sections["seen"])
            {
                var (from, to) = Range(word);
                Array.Fill(seen, true, from, to - from + 1);
            }

            var classes = new Dictionary<int, int>();
            foreach (var (range, its) in sections["classes"].Select(word => Cut(word, '=')))
            {
                var (from, to) = Range(range);
                for (var code = from; code <= to; code++)
                    classes[code] = int.Parse(its, CultureInfo.InvariantCulture);
            }

            var parts = sections["parts"].Select(word => word.Split(':', '>'))
                .ToDictionary(pair => Hex(pair[0]), pair => pair[1].Split('+').Select(Hex).ToArray());
            var wholes = sections["parts"].Where(word => word.Contains(':', StringComparison.Ordinal))
                .Select(word => Hex(Cut(word, ':').Before))
                .ToDictionary(code => (parts[code][0], parts[code][1]), code => code);
            var never = parts.Keys.Except(wholes.Values);
            return new Table(
                seen, classes.ToFrozenDictionary(), parts.ToFrozenDictionary(), wholes.ToFrozenDictionary(),
                sections["lower"].Select(word => Cut(word, ':'))
                    .ToFrozenDictionary(pair => Hex(pair.Before), pair => Hex(pair.After)),
                wholes.Keys.Select(pair => pair.Item2).ToFrozenSet(), never.ToFrozenSet());
        }

        private static Dictionary<string, List<string>> Sections(StreamReader reader)
        {
            var sections = new Dictionary<string, List<string>>(StringComparer.Ordinal);
            List<string> words = [];
            while (reader.ReadLine() is { } line)
            {
                if (line.StartsWith('['))
                    sections[line.Trim('[', ']')] = words = [];
                else if (!line.StartsWith('#'))
                    words.AddRange(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }

            return sections;
        }

        private static (int From, int To) Range(string word) => word.Contains('-', StringComparison.Ordinal)
            ? (Hex(Cut(word, '-').Before), Hex(Cut(word, '-').After))
            : (Hex(word), Hex(word));

        private static (string Before, string After) Cut(string word, char at) =>
            word.IndexOf(at, StringComparison.Ordinal) is var place ? (word[..place], word[(place + 1)..]) : default;

        private static int Hex(string digits) =>
            int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
