using System.Buffers;
using System.Text;

namespace Aval.Text.AboutMe;

/// <summary>
/// A text as names are compared, and where in the text each character of that came from, so that a name is found
/// however it is written: in lower case and normal form C, with white space as one space, without what nobody sees, and
/// with what capitals do not tell apart as one (ß and ss, dotless i, final sigma, the accents of Greek; Unicode's
/// CaseFolding and the upper case of CLDR).
/// </summary>
internal sealed class SpelledText
{
    private static readonly SearchValues<string> Placeholders =
        SearchValues.Create([PersonMask.Placeholder, .. Identifiers.Placeholders.Of], StringComparison.Ordinal);

    private readonly string _folded;
    private readonly List<int> _starts;
    private readonly HashSet<int> _edges;
    private readonly List<(int Start, int End)> _placeholders = [];

    /// <param name="text">Any text; lone surrogates stand for themselves.</param>
    public SpelledText(string text)
    {
        (_folded, _starts, _edges) = Of(text);
        var rest = text.AsSpan();
        while (rest.IndexOfAny(Placeholders) is >= 0 and var at)
        {
            var start = text.Length - rest.Length + at;
            var end = start + rest[at..].IndexOf('>') + 1;
            _placeholders.Add((start, end));
            rest = text.AsSpan(end);
        }
    }

    /// <summary>A name as it is looked for.</summary>
    public static string Fold(string name) => Of(name).Folded.Trim();

    /// <summary>A name without the ornaments that stand around it: what others write of it.</summary>
    public static string Plain(string name)
    {
        var folded = Fold(name);
        var (start, end) = (0, folded.Length);
        while (start < end && !IsOfName(folded[start]))
            start++;
        while (end > start && !IsOfName(folded[end - 1]))
            end--;
        return folded[start..end];
    }

    private static bool IsOfName(char letter) => char.IsLetterOrDigit(letter) || IsMark(letter);

    /// <summary>Where one of the words stands as such, as spans of the text.</summary>
    public void FindWords(IEnumerable<string> words, List<(int Start, int End)> into)
    {
        foreach (var word in words)
        {
            for (var at = 0; (at = _folded.IndexOf(word, at, StringComparison.Ordinal)) >= 0; at++)
            {
                var end = at + word.Length;
                if (IsApart(at, end) && !IsInPlaceholder(_starts[at], _starts[end]))
                    into.Add((_starts[at], _starts[end]));
            }
        }
    }

    private bool IsApart(int from, int to) =>
        !(from > 0 && Joins(_folded[from - 1], _folded[from]) && !_edges.Contains(from))
        && !(to < _folded.Length && Joins(_folded[to - 1], _folded[to]) && !_edges.Contains(to));

    // Scripts that write no spaces between words have no edge to ask for.
    private static bool Joins(char left, char right) =>
        char.IsLetterOrDigit(left) && char.IsLetterOrDigit(right) && left < '\u2e80' && right < '\u2e80';

    // What an earlier pass has put there names nobody, and a name that is written like a part of it would be masked
    // again and again.
    private bool IsInPlaceholder(int start, int end)
    {
        var (low, high) = (0, _placeholders.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_placeholders[middle].End <= start)
                low = middle + 1;
            else
                high = middle;
        }

        return low < _placeholders.Count && _placeholders[low].Start < end;
    }

    private static (string Folded, List<int> Starts, HashSet<int> Edges) Of(string text)
    {
        const char softHyphen = '\u00ad';
        var (folded, starts) = (new StringBuilder(text.Length), new List<int>(text.Length + 1));
        var edges = new HashSet<int>();
        for (var at = 0; at < text.Length;)
        {
            var next = NextStart(text, at);
            if (char.IsWhiteSpace(text[at]))
            {
                if (folded.Length == 0 || folded[^1] != ' ')
                    Add(" ", at);
            }
            else if (next == at + 1 && char.IsAscii(text[at]))
            {
                folded.Append(char.ToLowerInvariant(text[at]));
                starts.Add(at);
            }
            else if (next > at + 1 || UnicodeText.IsSeen(text[at]))
            {
                Add(AsInCapitals(UnicodeText.LowerCase(text[at..next])), at);
            }
            else if (text[at] != softHyphen)
            {
                // Some scripts part words by what nobody sees.
                edges.Add(folded.Length);
            }

            at = next;
        }

        starts.Add(text.Length);
        return (folded.ToString(), starts, edges);

        void Add(string some, int start)
        {
            folded.Append(some);
            starts.AddRange(Enumerable.Repeat(start, some.Length));
        }
    }

    // What an upper case and back would make of it.
    private static string AsInCapitals(string letters)
    {
        if (letters.Length != 1)
            return letters;
        return letters[0] switch
        {
            'ß' => "ss",
            'ı' => "i",
            'ς' => "σ",
            'ά' => "α",
            'έ' => "ε",
            'ή' => "η",
            'ί' => "ι",
            'ό' => "ο",
            'ύ' => "υ",
            'ώ' => "ω",
            'ΐ' => "ϊ",
            'ΰ' => "ϋ",
            _ => letters,
        };
    }

    // A character with the marks that stand on it. A storm of marks is cut: linear time matters more than its form.
    private static int NextStart(string text, int at)
    {
        const int most = 32;
        var next = at + (char.IsSurrogatePair(text, at) ? 2 : 1);
        while (next < text.Length && next - at < most && IsMark(text[next]))
            next++;
        return next;
    }

    private static bool IsMark(char letter) => char.GetUnicodeCategory(letter)
        is System.Globalization.UnicodeCategory.NonSpacingMark
            or System.Globalization.UnicodeCategory.SpacingCombiningMark;
}
