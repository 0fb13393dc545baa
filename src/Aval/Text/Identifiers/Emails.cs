namespace Aval.Text.Identifiers;

/// <summary>E-mail addresses and handles: what an at sign is the middle or the beginning of.</summary>
internal static class Emails
{
    private const int LongestLocal = 64;
    private const int LongestDomain = 253;
    private const int LongestHandle = 30;

    /// <summary>
    /// An address around the at sign: a local part of letters, digits and <c>._%+-'</c>, and a domain whose last part
    /// has two letters or more. Letters may be of any script.
    /// </summary>
    public static bool TryEmail(ref Passage passage, int sign, out Finding found)
    {
        found = default;
        var text = passage.Text;
        var start = sign;
        while (start > 0 && sign - start < LongestLocal && IsLocal(text[start - 1]))
            start--;
        while (start < sign && !Chars.IsWord(text[start]))
            start++;
        if (start == sign || text[sign - 1] == '.' || !passage.OpensAt(start))
            return false;
        var end = Domain(text, sign + 1);
        if (end < 0)
            return false;
        found = new Finding(IdentifierKind.Email, start, end);
        return true;
    }

    /// <summary>
    /// <c>@name</c>, or <c>@name@server</c>: two to thirty letters of Europe's scripts, digits, low lines and inner
    /// points. What begins with a digit has five characters and a letter, or <c>@5pm</c> would be somebody.
    /// </summary>
    public static bool TryHandle(ref Passage passage, int sign, out Finding found)
    {
        found = default;
        var text = passage.Text;
        if (!passage.OpensAt(sign) || passage.At(sign - 1) is '.' or '@' or '/' or '-')
            return false;
        var end = sign + 1;
        var letters = 0;
        while (end < text.Length && end - sign <= LongestHandle + 1 && IsHandle(text, end))
            letters += Chars.IsEuropeanLetter(text[end++]) ? 1 : 0;
        var length = end - sign - 1;
        if (length is < 2 or > LongestHandle || !passage.ClosesAt(end) || letters == 0
            || (char.IsAsciiDigit(text[sign + 1]) && length < 5))
            return false;
        if (passage.At(end) == '@' && Domain(text, end + 1) is > 0 and var server)
            end = server;
        found = new Finding(IdentifierKind.Handle, sign, end);
        return true;
    }

    /// <summary>The end of a domain name with a top level of letters; -1 where there is none.</summary>
    public static int Domain(ReadOnlySpan<char> text, int start)
    {
        var end = start;
        var (label, point) = (start, -1);
        var limit = Math.Min(text.Length, start + LongestDomain);
        var good = -1;
        while (end < limit)
        {
            var c = text[end];
            if (c == '.' || c == '-')
            {
                if (end == label || end + 1 >= limit || !IsLabel(text[end + 1]))
                    break;
                if (c == '.')
                    (point, label) = (end, end + 1);
                end++;
                continue;
            }

            if (!IsLabel(c))
                break;
            end++;
        }

        // A sentence that goes on without a space ("write to a@b.de.Then") keeps its next word: the last part is a name
        // of letters, or it is left away.
        while (point > start && good < 0)
        {
            var top = text[(point + 1)..end];
            if (top.Length >= 2 && (IsLetters(top) || top.StartsWith("xn--", StringComparison.OrdinalIgnoreCase)))
                good = end;
            else
                (end, point) = (point, start + text[start..point].LastIndexOf('.'));
        }

        return good;
    }

    private static bool IsLocal(char c) => Chars.IsWord(c) || c is '.' or '%' or '+' or '-' or '\'';

    private static bool IsLabel(char c) => c < 128 ? char.IsAsciiLetterOrDigit(c) : char.IsLetterOrDigit(c);

    private static bool IsHandle(ReadOnlySpan<char> text, int at) =>
        Chars.IsEuropeanLetter(text[at]) || char.IsAsciiDigit(text[at]) || text[at] == '_'
        || (text[at] is '.' or '-' && at + 1 < text.Length && Chars.IsWord(text[at + 1]));

    private static bool IsLetters(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsLetter(c))
                return false;
        }

        return true;
    }
}
