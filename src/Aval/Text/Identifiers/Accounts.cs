namespace Aval.Text.Identifiers;

/// <summary>Bank accounts and payment cards.</summary>
internal static class Accounts
{
    // ISO 13616 registry, release 99: country and length.
    private const string Registry = """
        AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22
        GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20
        MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26
        UA29VA22VG24XK20YE30
        """;

    private static readonly byte[] Lengths = Table();

    /// <summary>An IBAN, written together or in groups, in capitals or not, from its country on.</summary>
    public static bool TryIban(ref Passage passage, int start, out Finding found)
    {
        found = default;
        var text = passage.Text;
        if (start + 15 > text.Length || !char.IsAsciiLetter(text[start]) || !char.IsAsciiLetter(text[start + 1]))
            return false;
        var length = Lengths[(Letter(text[start]) * 26) + Letter(text[start + 1])];
        if (length == 0 || !passage.OpensAt(start))
            return false;
        Span<char> iban = stackalloc char[34];
        var size = 0;
        var at = start;
        var small = char.IsAsciiLetterLower(text[start]);
        for (; at < text.Length && size < length; at++)
        {
            var c = text[at];
            // All in capitals or none: "FI61035936 laskussa" goes on with a word.
            if (char.IsAsciiLetter(c) && char.IsAsciiLetterLower(c) != small)
                return false;
            if (char.IsAsciiLetterOrDigit(c))
                iban[size++] = char.ToUpperInvariant(c);
            else if ((size != 2 && size != 4 && at - start == size) || !(Chars.IsSpace(c) || c is '-' or '.')
                || !char.IsAsciiLetterOrDigit(passage.At(at + 1)))
                return false;
        }

        if (size < length || !char.IsAsciiDigit(iban[2]) || !char.IsAsciiDigit(iban[3]) || !passage.ClosesAt(at)
            || iban[4..size].IndexOfAnyInRange('0', '9') < 0)
            return false;
        if (CheckDigits.Remainder([.. iban[4..size], .. iban[..4]], 97) != 1)
            return false;
        found = new Finding(IdentifierKind.Iban, start, at);
        return true;
    }

    /// <summary>
    /// A card's number: an issuer's range, its length and Luhn's sum. Sixteen digits in fours (fifteen as American
    /// Express prints them), or written together where the issuer has no other length, are enough; for the rest a word
    /// has to say that it is a card.
    /// </summary>
    public static bool TryCard(ref Passage passage, int start, out Finding found)
    {
        found = default;
        if (!passage.NumberOpensAt(start))
            return false;
        Span<char> digits = stackalloc char[19];
        Span<int> groups = stackalloc int[19];
        var (size, count, at) = (0, 0, start);
        var separator = '\0';
        while (size < 19 && char.IsAsciiDigit(passage.At(at)))
        {
            var from = at;
            while (size < 19 && char.IsAsciiDigit(passage.At(at)))
                digits[size++] = passage.Text[at++];
            groups[count++] = at - from;
            if (size >= 12 && passage.NumberClosesAt(at)
                && IsCard(digits[..size]) && Holds(ref passage, digits[..size], groups[..count], start, at))
                found = new Finding(IdentifierKind.Card, start, at); // And on: the longest counts.
            var next = passage.At(at);
            if (!(Chars.IsSpace(next) || next == '-') || (separator != '\0' && separator != next))
                break;
            separator = next;
            at++;
        }

        return found.End > 0;
    }

    private static bool Holds(
        ref Passage passage, scoped ReadOnlySpan<char> digits, scoped ReadOnlySpan<int> groups, int start, int end)
    {
        var around = passage.Around(start, end);
        if (around.Says(Topic.Card))
            return true;
        if (around.IsThing)
            return false;
        return groups switch
        {
            [4, 4, 4, 4] or [4, 6, 5] => true,
            [16] => digits[0] is '2' or '4' or '5' && digits[..2] is not ("50" or "56" or "57" or "58"),
            [15] => digits[..2] is "34" or "37",
            _ => false,
        };
    }

    private static bool IsCard(ReadOnlySpan<char> digits) =>
        digits.Length >= 12 && IsIssued(digits) && CheckDigits.Luhn(digits);

    private static bool IsIssued(ReadOnlySpan<char> digits)
    {
        var four = CheckDigits.Whole(digits[..4]);
        var two = four / 100;
        return digits.Length switch
        {
            13 or 19 when digits[0] == '4' => true,
            15 when two is 34 or 37 || four is 1800 or 2131 => true,
            14 or >= 16 and <= 19 when two is 36 or 38 or 39 || four is (>= 3000 and <= 3059) or 3095 => true,
            16 when digits[0] == '4' || two is >= 51 and <= 55 || four is >= 2221 and <= 2720 => true,
            >= 16 and <= 19 when four is 6011 or (>= 6440 and <= 6599) or (>= 3528 and <= 3589) or (>= 2200 and <= 2204)
                or 9792 || two is 62 or 60 or 81 or 82 => true,
            >= 12 and <= 19 => two is 50 or 56 or 57 or 58 or 67 || four is 6304 or 6390 or 6391 or 604 or 6220,
            _ => false,
        };
    }

    private static int Letter(char letter) => (letter | 0x20) - 'a';

    private static byte[] Table()
    {
        var table = new byte[26 * 26];
        var entries = Registry.ReplaceLineEndings("");
        for (var i = 0; i < entries.Length; i += 4)
        {
            table[(Letter(entries[i]) * 26) + Letter(entries[i + 1])] =
                (byte)((entries[i + 2] - '0') * 10 + entries[i + 3] - '0');
        }

        return table;
    }
}
