using System.Text;

namespace Aval.Text.AboutMe;

/// <summary>
/// A text in lower case and normal form C, with white space as one space, and where in the text each character of that
/// came from: so that a name is found however it is written.
/// </summary>
internal sealed class SpelledText
{
    private const int LongestPlaceholder = 24;

    private readonly string _text;
    private readonly string _folded;
    private readonly List<int> _starts;

    /// <param name="text">Any text; lone surrogates stand for themselves.</param>
    public SpelledText(string text)
    {
        _text = text;
        (_folded, _starts) = Of(text);
    }

    /// <summary>A name as it is looked for.</summary>
    public static string Fold(string name) => Of(name).Folded.Trim();

    /// <summary>Where one of the words stands as such, as spans of the text.</summary>
    public void FindWords(IEnumerable<string> words, List<(int Start, int End)> into)
    {
        foreach (var word in words)
        {
            for (var at = 0; (at = _folded.IndexOf(word, at, StringComparison.Ordinal)) >= 0; at++)
            {
                var end = at + word.Length;
                if (IsApart(at, end) && !IsPlaceholder(at, end))
                    into.Add((_starts[at], _starts[end]));
            }
        }
    }

    private bool IsApart(int from, int to) =>
        !(from > 0 && Joins(_folded[from - 1], _folded[from]))
        && !(to < _folded.Length && Joins(_folded[to - 1], _folded[to]));

    // Scripts that write no spaces between words have no edge to ask for.
    private static bool Joins(char left, char right) =>
        char.IsLetterOrDigit(left) && char.IsLetterOrDigit(right) && left < '\u2e80' && right < '\u2e80';

    // What an earlier pass has put there names nobody.
    private bool IsPlaceholder(int from, int to)
    {
        var (start, end) = (_starts[from], _starts[to]);
        while (start > 0 && end - start < LongestPlaceholder && IsOfPlaceholders(_text[start - 1]))
            start--;
        while (end < _text.Length && end - start < LongestPlaceholder && IsOfPlaceholders(_text[end]))
            end++;
        return start > 0 && end < _text.Length && _text[start - 1] == '<' && _text[end] == '>'
            && _text.AsSpan(start, end - start).ContainsAnyInRange('A', 'Z');
    }

    private static bool IsOfPlaceholders(char letter) => letter is (>= 'A' and <= 'Z') or '-';

    private static (string Folded, List<int> Starts) Of(string text)
    {
        var (folded, starts) = (new StringBuilder(text.Length), new List<int>(text.Length + 1));
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
            else
            {
                Add(UnicodeText.LowerCase(text[at..next]), at);
            }

            at = next;
        }

        starts.Add(text.Length);
        return (folded.ToString(), starts);

        void Add(string some, int start)
        {
            folded.Append(some);
            starts.AddRange(Enumerable.Repeat(start, some.Length));
        }
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
