namespace Aval.Text.Identifiers;

/// <summary>A text that is searched, what is known of its author, and how far the search has come.</summary>
internal ref struct Passage(ReadOnlySpan<char> text, string? country, IdentifierKinds kinds)
{
    private int _aroundStart = -1;
    private int _aroundEnd = -1;
    private Vicinity _around;

    /// <summary>The text.</summary>
    public ReadOnlySpan<char> Text { get; } = text;

    /// <summary>The author's country (ISO 3166, two capitals); null where it is not known.</summary>
    public string? Country { get; } = country;

    /// <summary>The kinds that are looked for.</summary>
    public IdentifierKinds Kinds { get; } = kinds;

    /// <summary>The end of what was found last: nothing new begins before it.</summary>
    public int Floor { get; set; }

    /// <summary>The words around a candidate; asked for again with the same ends, they are read once.</summary>
    public Vicinity Around(int start, int end)
    {
        if (_aroundStart != start || _aroundEnd != end)
        {
            _around = Vicinity.Of(Text, start, end);
            (_aroundStart, _aroundEnd) = (start, end);
        }

        return _around;
    }

    /// <summary>The character there, or zero outside the text.</summary>
    public readonly char At(int index) => (uint)index < (uint)Text.Length ? Text[index] : '\0';

    /// <summary>Whether a word may begin here: what stands before is part of none.</summary>
    public readonly bool OpensAt(int start) =>
        start == 0 || !(Chars.IsWord(Text[start - 1]) || Placeholders.EndAt(Text, start));

    /// <summary>Whether a word may end here.</summary>
    public readonly bool ClosesAt(int end) =>
        end >= Text.Length || !(Chars.IsWord(Text[end]) || Placeholders.StartAt(Text, end));

    /// <summary>
    /// Whether a number may begin here: it is no word's end, nor what follows in a longer one (<c>12-</c>, <c>3.</c>).
    /// </summary>
    public readonly bool NumberOpensAt(int start) =>
        OpensAt(start) && At(start - 1) != '@'
        && !(Chars.JoinsDigits(At(start - 1)) && IsNumberEnd(start - 1));

    /// <summary>Whether a number may end here.</summary>
    public readonly bool NumberClosesAt(int end) =>
        ClosesAt(end) && At(end) != '@'
        && !(Chars.JoinsDigits(At(end)) && (char.IsAsciiDigit(At(end + 1)) || Placeholders.StartAt(Text, end + 1)));

    private readonly bool IsNumberEnd(int end) =>
        char.IsAsciiDigit(At(end - 1)) || Placeholders.EndAt(Text, end);
}

/// <summary>Something that was found.</summary>
internal readonly record struct Finding(IdentifierKind Kind, int Start, int End);

/// <summary>Characters by what they do in identifiers.</summary>
internal static class Chars
{
    /// <summary>A letter, a digit or a low line, of any script.</summary>
    public static bool IsWord(char c) => c < 128 ? char.IsAsciiLetterOrDigit(c) || c == '_' : char.IsLetterOrDigit(c);

    /// <summary>What stands between two digits of one number, and is no space.</summary>
    public static bool JoinsDigits(char c) => c is '-' or '.' or '/' or '\u2011';

    /// <summary>A space that does not end the line.</summary>
    public static bool IsSpace(char c) => c is ' ' or '\u00A0' or '\u202F' or '\u2009' or '\t';

    /// <summary>What stands between two groups of one number.</summary>
    public static bool Groups(char c) => c is '-' or '.' or '/' or '\u2011' || IsSpace(c);

    /// <summary>A letter of the scripts in which handles and names of European languages are written.</summary>
    public static bool IsEuropeanLetter(char c) =>
        c < 128 ? char.IsAsciiLetter(c) : c < '\u2000' && char.IsLetter(c);
}
