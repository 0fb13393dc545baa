using System.Net;
using System.Net.Sockets;

namespace Aval.Text.Identifiers;

/// <summary>Addresses of machines: IPv4, IPv6, MAC.</summary>
internal static class Network
{
    private const int LongestV6 = 45;

    /// <summary>
    /// Four numbers up to 255 with points between. After a word for a version it is none; where all four have one digit
    /// (<c>1.2.3.4</c>) a word has to say that it is one.
    /// </summary>
    public static bool TryV4(ref Passage passage, int start, out Finding found)
    {
        found = default;
        var text = passage.Text;
        if (!passage.NumberOpensAt(start) || passage.At(start - 1) == '§' || IsGoingOn(ref passage, start))
            return false;
        var (at, digits) = (start, 0);
        for (var part = 0; part < 4; part++)
        {
            if (part > 0 && passage.At(at++) != '.')
                return false;
            var from = at;
            while (at - from < 4 && char.IsAsciiDigit(passage.At(at)))
                at++;
            if (at - from is 0 or > 3 || CheckDigits.Whole(text[from..at]) > 255
                || (at - from > 1 && text[from] == '0'))
                return false;
            digits += at - from;
        }

        if (!passage.ClosesAt(at) || (passage.At(at) is '.' or '-' && char.IsAsciiDigit(passage.At(at + 1))))
            return false;
        var around = passage.Around(start, at);
        if (around.Mentions(Topic.Version) && !around.Prefers(Topic.Network, Topic.Version))
            return false;
        if (digits < 5 && !around.Mentions(Topic.Network) && !IsHost(text, start))
            return false;
        found = new Finding(IdentifierKind.Ip, start, at);
        return true;
    }

    /// <summary>
    /// Eight groups of hexadecimal digits, or fewer around a double colon. Around a double colon there are three groups
    /// or a beginning that only addresses have, and a digit: <c>a::b</c> is also a name in C++.
    /// </summary>
    public static bool TryV6(ref Passage passage, int near, out Finding found)
    {
        found = default;
        var text = passage.Text;
        var start = near;
        while (start > passage.Floor && near - start < LongestV6 && IsV6(text[start - 1]))
            start--;
        var end = near;
        while (end < text.Length && end - start <= LongestV6 && IsV6(text[end]))
            end++;
        while (end > start && text[end - 1] == '.')
            end--;
        if (end - start > 2 && text[end - 1] == ':' && text[end - 2] != ':')
            end--;
        if (end - start is < 3 or > LongestV6 || !passage.OpensAt(start) || !passage.ClosesAt(end))
            return false;
        var candidate = text[start..end];
        var colons = candidate.Count(':');
        var shortened = candidate.IndexOf("::") >= 0;
        if (colons < 2 || (!shortened && colons < 6) || candidate.IndexOfAnyInRange('0', '9') < 0)
            return false;
        var global = candidate[0] is '2' or 'f' or 'F' && candidate.IndexOf(':') == 4;
        if (shortened && !global && colons < 4 && candidate is not "::1")
            return false;
        if (!IPAddress.TryParse(candidate, out var address) || address.AddressFamily != AddressFamily.InterNetworkV6)
            return false;
        found = new Finding(IdentifierKind.Ip, start, end);
        return true;
    }

    /// <summary>
    /// Six pairs of hexadecimal digits between colons or hyphens (with hyphens, a letter among them), or three fours
    /// between points, with a letter.
    /// </summary>
    public static bool TryMac(ref Passage passage, int start, out Finding found)
    {
        found = default;
        if (!passage.OpensAt(start) || passage.At(start - 1) is ':' or '-')
            return false;
        var text = passage.Text;
        if (text.Length - start >= 17 && passage.At(start + 2) is ':' or '-')
        {
            var separator = text[start + 2];
            var letters = 0;
            for (var i = 0; i < 17; i++)
            {
                var c = text[start + i];
                if (i % 3 == 2 ? c != separator : !char.IsAsciiHexDigit(c))
                    return false;
                letters += char.IsAsciiLetter(c) ? 1 : 0;
            }

            if ((separator == '-' && letters == 0) || !passage.ClosesAt(start + 17)
                || (passage.At(start + 17) == separator && char.IsAsciiHexDigit(passage.At(start + 18))))
                return false;
            found = new Finding(IdentifierKind.Mac, start, start + 17);
            return true;
        }

        return text.Length - start >= 14 && passage.At(start + 4) == '.' && TryThree(ref passage, start, out found);
    }

    private static bool TryThree(ref Passage passage, int start, out Finding found)
    {
        found = default;
        var (letters, digits) = (0, 0);
        for (var i = 0; i < 14; i++)
        {
            var c = passage.Text[start + i];
            if (i % 5 == 4 ? c != '.' : !char.IsAsciiHexDigit(c))
                return false;
            letters += char.IsAsciiLetter(c) ? 1 : 0;
            digits += char.IsAsciiDigit(c) ? 1 : 0;
        }

        if (letters == 0 || digits == 0 || !passage.ClosesAt(start + 14) || passage.At(start + 14) == '.')
            return false;
        found = new Finding(IdentifierKind.Mac, start, start + 14);
        return true;
    }

    // Behind a digit, a colon or a group of an IPv6 address it is the rest of something longer, as in "10:30:15.1.2.3";
    // behind a word it is what the word is of: "IP:203.0.113.77".
    private static bool IsGoingOn(ref Passage passage, int start)
    {
        if (passage.At(start - 1) != ':' || (start > 1 && passage.Floor == start - 1))
            return false;
        // What is hidden frees nobody, or each turn would free one more of a chain of them.
        if (Placeholders.EndAt(passage.Text, start - 1))
            return true;
        var before = passage.At(start - 2);
        if (char.IsAsciiDigit(before) || before == ':')
            return true;
        var group = start - 1;
        while (start - group <= 5 && char.IsAsciiHexDigit(passage.At(group - 1)))
            group--;
        return group < start - 1 && passage.At(group - 1) == ':';
    }

    private static bool IsHost(ReadOnlySpan<char> text, int start) => start > 2 && text[..start].EndsWith("//");

    private static bool IsV6(char c) => char.IsAsciiHexDigit(c) || c is ':' or '.';
}
