namespace Aval.Text.Identifiers;

/// <summary>When a number that fits a scheme is taken for one.</summary>
internal enum Evidence
{
    /// <summary>Its form and its check digits leave little chance.</summary>
    Alone,

    /// <summary>A word near it says so, or its author lives in the state that gives such numbers.</summary>
    Country,

    /// <summary>A word near it says so.</summary>
    Word,
}

/// <summary>
/// Checks a number without separators, in capitals, and behind its prefix.
/// </summary>
internal delegate bool Check(ReadOnlySpan<char> number);

/// <summary>A form in which one state's numbers are written.</summary>
/// <param name="Country">The state; GB and EL are written so too.</param>
/// <param name="Kind">Identity or tax.</param>
/// <param name="Pattern"><c>d</c> digit, <c>a</c> letter, <c>x</c> either, <c>s</c> an optional separator, anything
/// else itself.</param>
/// <param name="Evidence">What else is needed.</param>
/// <param name="IsValid">The check digits and what else the number says of itself.</param>
/// <param name="Prefix">How many characters the check does not see.</param>
internal sealed record Scheme(
    string Country, IdentifierKind Kind, string Pattern, Evidence Evidence, Check IsValid, int Prefix = 0)
{
    /// <summary>How many letters and digits it has.</summary>
    public int Size { get; } = Pattern.Count(c => c != 's' && char.IsAsciiLetterOrDigit(c));

    /// <summary>
    /// Reads the pattern where it begins; <paramref name="number"/> gets letters in capitals and digits, without the
    /// rest.
    /// </summary>
    /// <returns>The end, or -1 where the text does not go on so.</returns>
    public int Read(ReadOnlySpan<char> text, int start, Span<char> number)
    {
        var at = start;
        var size = 0;
        foreach (var symbol in Pattern)
        {
            var c = at < text.Length ? text[at] : '\0';
            switch (symbol)
            {
                case 's':
                    // Behind a state's letters people write " - ", elsewhere one separator.
                    for (var most = size == Prefix && Prefix > 0 ? 3 : 1; most > 0 && at < text.Length; most--)
                        at += Chars.Groups(text[at]) || (text[at] == ':' && Prefix > 0) ? 1 : 0;
                    continue;
                case 'd' when char.IsAsciiDigit(c):
                case 'a' when char.IsAsciiLetter(c):
                case 'x' when char.IsAsciiLetterOrDigit(c):
                    break;
                case 'd' or 'a' or 'x':
                    return -1;
                default:
                    if (symbol != c && symbol != char.ToUpperInvariant(c))
                        return -1;
                    break;
            }

            at++;
            if (char.IsAsciiLetterOrDigit(c))
                number[size++] = char.ToUpperInvariant(c);
        }

        return at;
    }
}
