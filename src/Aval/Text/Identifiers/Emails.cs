using System.Collections.Frozen;

namespace Aval.Text.Identifiers;

/// <summary>E-mail addresses and handles: what an at sign is the middle or the beginning of.</summary>
internal static class Emails
{
    private const int LongestLocal = 64;
    private const int LongestDomain = 253;

    // Behind these words a slash is as good as a space: "w/@kim", "cc/@kim". Behind others it is a path.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Joining = FrozenSet.ToFrozenSet(
        ["w", "cc", "c", "by", "ft", "via", "rt", "dm", "ig", "ph", "pic", "foto", "photo"],
        StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>
    /// An address around the at sign: a local part of letters, digits and <c>._%+-'</c>, and a domain whose last part
    /// has two letters or more, or is <c>xn--…</c>. Letters may be of any script.
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
    /// <c>@name</c>, or <c>@name@server</c>: two or more letters of Europe's scripts, digits, low lines and inner
    /// points. What begins with a digit has five characters and a letter, or <c>@5pm</c> would be somebody. What is
    /// longer than a platform lets a name be is one with something run into it, and goes as a whole.
    /// </summary>
    public static bool TryHandle(ref Passage passage, int sign, out Finding found)
    {
        found = default;
        var text = passage.Text;
        if (!passage.OpensAt(sign) || passage.At(sign - 1) == '@' || IsJoined(ref passage, sign))
            return false;
        var end = sign + 1;
        var letters = 0;
        while (end < text.Length && IsHandle(text, end))
            letters += Chars.IsEuropeanLetter(text[end++]) ? 1 : 0;
        var length = end - sign - 1;
        if (length < 2 || !passage.ClosesAt(end) || letters == 0
            || (char.IsAsciiDigit(text[sign + 1]) && length < 5))
            return false;
        if (passage.At(end) == '@' && Domain(text, end + 1) is > 0 and var server)
            end = server;
        found = new Finding(IdentifierKind.Handle, sign, end);
        return true;
    }

    /// <summary>The end of a domain name with a top level of letters or <c>xn--…</c>; -1 where there is none.</summary>
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
                if (end == label || end + 1 >= limit || !(IsLabel(text[end + 1]) || (c == '-' && text[end + 1] == '-')))
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
            // A case ending or the rest of a compound: "kim@example.org-ra", "kim@example.org-Adresse".
            if (top.IndexOf('-') is >= 2 and var hyphen && IsLetters(top[..hyphen]) && !IsPunycode(top))
            {
                top = top[..hyphen];
                end = point + 1 + hyphen;
            }

            if (top.Length >= 2 && (IsLetters(top) || IsPunycode(top)))
                good = end;
            else
                (end, point) = (point, start + text[start..point].LastIndexOf('.'));
        }

        return good;
    }

    // ".@kim" begins a post that all are to see, and "a.@kim" is the middle of something, unless that was found:
    // "@kim/@lou". What is hidden frees nobody, or each turn would free one more of a chain of them.
    private static bool IsJoined(ref Passage passage, int sign)
    {
        if (passage.At(sign - 1) is not ('.' or '-' or '/') || (sign > 1 && passage.Floor == sign - 1))
            return false;
        if (Placeholders.EndAt(passage.Text, sign - 1))
            return true;
        var start = sign - 1;
        while (start > 0 && sign - start <= 6 && Chars.IsWord(passage.Text[start - 1]))
            start--;
        if (passage.At(sign - 1) != '/')
            return start < sign - 1;
        var before = passage.At(start - 1);
        return before is '.' or '/' or '-'
            || (start < sign - 1 && !Joining.Contains(passage.Text[start..(sign - 1)]));
    }

    private static bool IsLocal(char c) => Chars.IsWord(c) || c is '.' or '%' or '+' or '-' or '\'';

    private static bool IsLabel(char c) => c < 128 ? char.IsAsciiLetterOrDigit(c) : char.IsLetterOrDigit(c);

    // A part with letters outside ASCII, as the network writes it.
    private static bool IsPunycode(ReadOnlySpan<char> label) =>
        label.Length > 4 && label.StartsWith("xn--", StringComparison.OrdinalIgnoreCase);

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
