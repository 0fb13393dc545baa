namespace Aval.Text.Identifiers;

/// <summary>
/// Postal addresses, from a street and its number on: a postcode and a town are taken along where they stand behind it
/// (or before it, as Hungary writes). The forms: <c>Hauptstraße 5</c>, <c>via Garibaldi 12</c>,
/// <c>Brīvības iela 12</c>, <c>12 rue de la Paix</c>, <c>12 High Street</c>. A postcode and a town alone are none.
/// </summary>
internal static class PostalAddresses
{
    private const int MostWords = 5;
    private const int LongestWord = 24;

    /// <summary>An address of which a word of one to five digits is the house number.</summary>
    public static bool TryAddress(ref Passage passage, int digit, int wordEnd, out Finding found)
    {
        found = default;
        if (!(passage.OpensAt(digit) || passage.At(digit - 1) == 'º') || passage.At(digit) == '0'
            || passage.At(digit - 1) is '-' or '/'
            || (passage.At(digit - 1) == '.' && !char.IsLetter(passage.At(digit - 2))))
            return false;
        var number = Number(ref passage, digit, wordEnd);
        if (number < 0)
            return false;
        var start = Left(ref passage, digit, out var needsTown);
        var end = number;
        if (start < 0)
        {
            (start, needsTown) = (digit, false);
            end = Right(ref passage, number);
        }

        if (end < 0)
            return false;
        var whole = Town(ref passage, Flat(ref passage, end));
        var isYear = number - digit == 4 && passage.Text[digit] is '1' or '2' && start != digit;
        if ((needsTown || isYear) && whole == Flat(ref passage, end))
            return false;
        found = new Finding(IdentifierKind.Address, start == digit ? start : Before(ref passage, start), whole);
        return passage.ClosesAt(whole);
    }

    // The number with its letter ("12a", "12 B"), its range ("12-14"), its flat ("12/4") or what tells it from the same
    // one ("12bis"); -1 where it is no number of a house.
    private static int Number(ref Passage passage, int digit, int wordEnd)
    {
        var at = digit;
        while (at - digit < 6 && char.IsAsciiDigit(passage.At(at)))
            at++;
        if (at - digit <= 5 && Repeated(ref passage, at) is > 0 and var repeated)
            return repeated;
        if (at - digit > 5 || wordEnd - at > 1 || (wordEnd > at && !char.IsAsciiLetter(passage.At(at))))
            return -1;
        at = wordEnd;
        if (passage.At(at) is '-' or '/' or '–' && char.IsAsciiDigit(passage.At(at + 1)))
        {
            var next = at + 1;
            while (next - at < 6 && char.IsAsciiDigit(passage.At(next)))
                next++;
            if (char.IsAsciiLetter(passage.At(next)) && passage.ClosesAt(next + 1))
                next++;
            at = next - at <= 6 ? next : -1;
        }

        return at > 0 && passage.ClosesAt(at) && passage.At(at) is not (':' or '%' or '°' or '€') ? at : -1;
    }

    // "bis", "ter" and "quater", with a space before them or none; -1 for nothing of that.
    private static int Repeated(ref Passage passage, int at)
    {
        var start = Chars.IsSpace(passage.At(at)) ? at + 1 : at;
        if (passage.At(start) is not ('b' or 't' or 'q'))
            return -1;
        var end = start;
        while (end - start < 7 && char.IsAsciiLetter(passage.At(end)))
            end++;
        return passage.Text[start..end] is "bis" or "ter" or "quater" && passage.ClosesAt(end) ? end : -1;
    }

    // "n°", "n.º" and "№" between a street and its number: where it begins, or the number itself.
    private static int NumberSign(ref Passage passage, int digit)
    {
        var at = Chars.IsSpace(passage.At(digit - 1)) ? digit - 1 : digit;
        if (passage.At(at - 1) == '№')
            return at - 1;
        if (passage.At(at - 1) is not ('°' or 'º'))
            return digit;
        at--;
        if (passage.At(at - 1) == '.')
            at--;
        return passage.At(at - 1) is 'n' or 'N' && at - 1 >= passage.Floor && passage.OpensAt(at - 1) ? at - 1 : digit;
    }

    // The beginning of a street whose number this is; -1 for none.
    private static int Left(ref Passage passage, int digit, out bool needsTown)
    {
        needsTown = false;
        var (start, end) = WordBefore(ref passage, NumberSign(ref passage, digit), out var gap);
        if (start >= 0 && StreetWords.Number.Has(passage.Text[start..end]))
            (start, end) = WordBefore(ref passage, start, out gap);
        if (start < 0 || gap > 3)
            return -1;
        if (StreetWords.EndsAsStreet(passage.Text[start..end], out needsTown))
            return start;
        var last = passage.Text[start..end];
        if (StreetWords.Behind.Has(last) && (last.Length > 2 || passage.At(end) == '.'))
            return Named(ref passage, start);
        var names = 0;
        for (var words = 0; start >= 0 && words < MostWords; words++)
        {
            var word = passage.Text[start..end];
            if (names > 0 && StreetWords.Before.Has(word) && IsType(ref passage, word, start, end, ref needsTown))
                return start;
            if (char.IsUpper(word[0]) || char.IsAsciiDigit(word[0]))
                names += char.IsUpper(word[0]) ? 1 : 0;
            else if (!Joins(ref passage, word, end))
                return -1;
            (start, end) = WordBefore(ref passage, start, out gap);
            if (gap > 2)
                return -1;
        }

        return -1;
    }

    // Short words are types of street only with their point ("ul. Długa", "C/ Mayor"), and "via" is a word of half the
    // languages, so in small letters it needs an Italian or a town.
    private static bool IsType(
        ref Passage passage, ReadOnlySpan<char> word, int start, int end, ref bool needsTown)
    {
        if (!passage.OpensAt(start))
            return false;
        if (word is "via" or "place" or "route" or "Place" or "Route" or "strada" or "corso")
            needsTown = passage.Country is not ("IT" or "CH" or "BE" or "FR" or "LU" or "MT" or "RO");
        if (word.Length == 1 && passage.At(end) != '/')
            return false;
        return word.Length > 3 || passage.At(end) is '.' or '/'
            || word is "Via" or "via" or "rue" or "Rue" or "rua" or "Rua" or "trg" or "Trg";
    }

    // One to three capitalised words before a word for a street.
    private static int Named(ref Passage passage, int type)
    {
        var first = -1;
        var (start, end) = WordBefore(ref passage, type, out var gap);
        for (var words = 0; start >= 0 && gap <= 2 && words < 3; words++)
        {
            var word = passage.Text[start..end];
            if (!char.IsUpper(word[0]) || passage.At(end) == ',')
                break;
            first = start;
            (start, end) = WordBefore(ref passage, start, out gap);
        }

        return first;
    }

    // The end of a street that stands behind its number; -1 for none.
    private static int Right(ref Passage passage, int number)
    {
        var at = number;
        if (passage.At(at) == ',')
            at++;
        var (start, end) = WordAfter(ref passage, at);
        if (start < 0)
            return -1;
        if (StreetWords.AfterNumber.Has(passage.Text[start..end]))
            return Name(ref passage, passage.At(end) == '.' ? end + 1 : end);
        for (var words = 0; start >= 0 && words < 4 && char.IsUpper(passage.Text[start]); words++)
        {
            if (words > 0 && StreetWords.English.Has(passage.Text[start..end]))
                return end;
            (start, end) = WordAfter(ref passage, end);
        }

        return -1;
    }

    // What may stand in a street's name in small letters. The articles of Maltese are words of other languages, but for
    // the line behind them.
    private static bool Joins(ref Passage passage, ReadOnlySpan<char> word, int end) =>
        StreetWords.Joining.Has(word)
        || (passage.At(end) is '-' or '\u2011' && StreetWords.Articles.Has(word));

    // A name: capitalised words and what joins them, one capitalised at least; -1 where there is none.
    private static int Name(ref Passage passage, int at)
    {
        var behind = -1;
        var (start, end) = WordAfter(ref passage, at);
        for (var words = 0; start >= 0 && words < MostWords; words++)
        {
            var word = passage.Text[start..end];
            if (char.IsUpper(word[0]) && word.ContainsAnyInRange('0', '9'))
                break;
            if (char.IsUpper(word[0]))
                behind = end;
            else if (!Joins(ref passage, word, end) && !(words > 0 && char.IsAsciiDigit(word[0])))
                break;
            (start, end) = WordAfter(ref passage, passage.At(end) is '\'' or '’' or '-' ? end + 1 : end);
        }

        return behind;
    }

    // A flat behind the number: "m. 5", "Apt. 5", "bus 3".
    private static int Flat(ref Passage passage, int end)
    {
        var at = passage.At(end) == ',' ? end + 1 : end;
        var (start, wordEnd) = WordAfter(ref passage, at);
        if (start < 0 || !StreetWords.Flat.Has(passage.Text[start..wordEnd]))
            return end;
        var digit = passage.At(wordEnd) == '.' ? wordEnd + 1 : wordEnd;
        digit = Chars.IsSpace(passage.At(digit)) ? digit + 1 : digit;
        var from = digit;
        while (digit - from < 5 && char.IsAsciiDigit(passage.At(digit)))
            digit++;
        return digit > from && passage.ClosesAt(digit) ? digit : end;
    }

    // A postcode and a town behind the street, or a town and a postcode as Britain and Ireland write.
    private static int Town(ref Passage passage, int end)
    {
        var at = end;
        while (at - end < 4 && passage.At(at) is ',' or ' ' or '\n' or '\r' or '-' or '\u00A0')
            at++;
        if (at == end)
            return end;
        if (Postcode(ref passage, at) is > 0 and var code)
            return Name(ref passage, code) is > 0 and var town ? town : end;
        if (!char.IsUpper(passage.At(at)) || Name(ref passage, at) is not (> 0 and var name))
            return end;
        var next = passage.At(name) == ',' ? name + 1 : name;
        while (next - name < 3 && passage.At(next) is ' ' or '\n' or '\r')
            next++;
        // Where the postcode's own letters look like another word of the town: "London SW1A 1AA".
        foreach (var from in (ReadOnlySpan<int>)[next, LastWord(ref passage, at, name)])
        {
            if (from > at && British(ref passage, from) is > 0 and var behind)
                return behind;
            if (from > at && Postcode(ref passage, from) is > 0 and var number && passage.ClosesAt(number))
                return number;
        }

        return end;
    }

    private static int LastWord(ref Passage passage, int from, int end)
    {
        while (end > from && char.IsLetter(passage.At(end - 1)))
            end--;
        return end;
    }

    // 12345, 1234, 123 45, 12-345, 1234-567, 1234 AB, a state's letters and a hyphen before; the end, or -1.
    private static int Postcode(ref Passage passage, int at)
    {
        if (char.IsAsciiLetterUpper(passage.At(at)))
        {
            var letters = char.IsAsciiLetterUpper(passage.At(at + 1)) ? 2 : 1;
            if (passage.At(at + letters) is not ('-' or ' ') || !char.IsAsciiDigit(passage.At(at + letters + 1)))
                return -1;
            at += letters + 1;
        }

        var first = Digits(ref passage, at);
        var second = Chars.IsSpace(passage.At(at + first)) || passage.At(at + first) == '-'
            ? Digits(ref passage, at + first + 1)
            : 0;
        return (first, second) switch
        {
            (3, 2) or (2, 3) or (4, 3) => at + first + 1 + second,
            (4, 0) when Chars.IsSpace(passage.At(at + 4)) && char.IsAsciiLetterUpper(passage.At(at + 5))
                && char.IsAsciiLetterUpper(passage.At(at + 6)) && passage.ClosesAt(at + 7) => at + 7,
            ( >= 4 and <= 6, _) => at + first,
            _ => -1,
        };
    }

    // SW1A 1AA, M1 1AE; an Eircode (D02 X285).
    private static int British(ref Passage passage, int at)
    {
        var from = at;
        while (at - from < 5 && (char.IsAsciiLetterUpper(passage.At(at)) || char.IsAsciiDigit(passage.At(at))))
            at++;
        if (at - from is < 2 or > 4 || !char.IsAsciiLetterUpper(passage.At(from)) || passage.At(at) != ' ')
            return -1;
        var second = ++at;
        while (at - second < 5 && (char.IsAsciiLetterUpper(passage.At(at)) || char.IsAsciiDigit(passage.At(at))))
            at++;
        return at - second is 3 or 4 && passage.ClosesAt(at)
            && (char.IsAsciiDigit(passage.At(second)) || at - second == 4) ? at : -1;
    }

    // "1052 Budapest, " before the street.
    private static int Before(ref Passage passage, int start)
    {
        var (town, end) = WordBefore(ref passage, start, out var gap);
        if (town < 0 || gap > 2 || !char.IsUpper(passage.Text[town]) || passage.At(end) != ',')
            return start;
        var (code, codeEnd) = WordBefore(ref passage, town, out gap);
        return code >= 0 && gap == 1 && codeEnd - code is 4 or 5 && Digits(ref passage, code) == codeEnd - code
            && passage.OpensAt(code) ? code : start;
    }

    private static int Digits(ref Passage passage, int at)
    {
        var from = at;
        while (at - from < 7 && char.IsAsciiDigit(passage.At(at)))
            at++;
        return at - from;
    }

    // The word before a place on the same line, across spaces, points and a comma; -1 where there is none.
    private static (int Start, int End) WordBefore(ref Passage passage, int at, out int gap)
    {
        var end = at;
        while (at - end < 4 && end > passage.Floor && (Chars.IsSpace(passage.At(end - 1))
            || passage.At(end - 1) is '.' or ',' or '/' or '\'' or '’' or '-'))
            end--;
        gap = at - end;
        var start = end;
        while (end - start < LongestWord && start > passage.Floor && IsName(passage.At(start - 1)))
            start--;
        return gap > 0 && start < end && passage.OpensAt(start) ? (start, end) : (-1, -1);
    }

    private static (int Start, int End) WordAfter(ref Passage passage, int at)
    {
        var start = at;
        while (start - at < 3 && (Chars.IsSpace(passage.At(start)) || passage.At(start) is '\'' or '’' or '-' or '.'))
            start++;
        var end = start;
        while (end - start < LongestWord && IsName(passage.At(end)))
            end++;
        return start < end ? (start, end) : (-1, -1);
    }

    private static bool IsName(char c) => char.IsLetterOrDigit(c);
}
