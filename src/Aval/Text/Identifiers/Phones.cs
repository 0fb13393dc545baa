using System.Collections.Frozen;

namespace Aval.Text.Identifiers;

/// <summary>
/// Telephone numbers. In international form (<c>+</c>, <c>00</c>) the numbering plan decides. In national form the plan
/// of the author's country decides, once the form is one in which people write numbers; where the country is not known,
/// only forms that nothing else has are taken. A word for a telephone nearby makes do with the form alone. Dates,
/// years, amounts, decimals and whatever is called a number of something are none.
/// </summary>
internal static class Phones
{
    private const int LongestGap = 3;
    private const int MostGroups = 8;

    // So many digits before a slash, and as many behind it as any telephone has, may be two telephones: "0221/123456"
    // is one, and so is "+43 1 58058/0".
    private const int LeastListed = 8;
    private const int LeastDigits = 6;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Units = FrozenSet.ToFrozenSet(
        """
        EUR USD GBP PLN CZK HUF RON SEK DKK NOK CHF BGN Euro euro euros zł Kč Ft lei лв kr kn km kg m mm cm kWh MB GB KB
        ms views likes people followers
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>A number of which <paramref name="digit"/> is the first digit.</summary>
    public static bool TryPhone(ref Passage passage, int digit, out Finding found)
    {
        found = default;
        Span<char> digits = stackalloc char[18];
        Span<Group> groups = stackalloc Group[MostGroups];
        var start = Start(ref passage, digit, out var plus);
        if (start < 0)
            return false;
        var count = Read(ref passage, digit, digits, groups);
        for (var take = count; take > 0; take--)
        {
            var last = groups[take - 1];
            if (take < count && !IsSpaced(ref passage, last, groups[take], count - take))
                continue;
            var end = Extension(ref passage, last.End);
            var number = new Written(start, end, plus, IsBracketed(ref passage, start, groups[0]));
            if (Ends(ref passage, end, last.Digits) && Is(ref passage, number, digits[..last.Digits], groups[..take]))
            {
                found = new Finding(IdentifierKind.Phone, start, end);
                return true;
            }
        }

        return false;
    }

    private static bool Is(
        ref Passage passage, Written number, scoped ReadOnlySpan<char> digits, scoped ReadOnlySpan<Group> groups)
    {
        if (digits.Length < LeastDigits)
            return false;
        if (number.Plus && PhonePlan.IsInternational(digits))
            return true;
        if (!number.Plus && digits is ['0', '0', not '0', ..] && PhonePlan.IsInternational(digits[2..]))
            return !passage.Around(number.Start, number.End).IsThing;
        if (digits.Length > 15 || digits.IndexOfAnyExcept(digits[0]) < 0 || IsDate(passage.Text, groups, digits)
            || IsMeasured(ref passage, number.Start, number.End))
            return false;
        if (digits[0] != '0' && !number.Plus && IsRange(passage.Text, groups))
            return false;
        var around = passage.Around(number.Start, number.End);
        var isPhone = around.Says(Topic.Phone);
        if (!number.Plus && PairedNumbers.Are(passage.Text, groups, mayBePhone: isPhone))
            return false;
        if (isPhone)
            return digits.Length >= 7 || groups.Length > 1;
        if (around.IsThing || number.Plus)
            return false;
        if (IsNorthAmerican(digits, groups))
            return true;
        return PhonePlan.Knows(passage.Country)
            ? digits.Length is >= 7 and <= 12 && (HasForm(passage.Text, number, digits, groups)
                    ? PhonePlan.IsNational(digits, passage.Country!)
                    : IsMobileForm(passage.Text, groups) && PhonePlan.IsMobile(digits, passage.Country!))
            : IsUnmistakable(passage.Text, number, digits, groups);
    }

    // A form in which people write telephone numbers, for the plan to decide.
    private static bool HasForm(
        ReadOnlySpan<char> text, Written number, ReadOnlySpan<char> digits, ReadOnlySpan<Group> groups)
    {
        if (number.Bracket || (digits[0] == '0' && digits[1] != '0'))
            return groups.Length > 1 || digits.Length >= 9;
        return groups.Length > 1 && !IsAmount(text, groups, evenThree: false) && AreWide(groups[1..])
            && !(groups.Length == 2 && text[groups[0].End] is '.' or '/');
    }

    // 338/1234567, 347.1234567: a fraction or a decimal, unless the plan says that it is a mobile telephone's. Two
    // digits and a point are a coordinate.
    private static bool IsMobileForm(ReadOnlySpan<char> text, ReadOnlySpan<Group> groups) =>
        groups.Length == 2 && groups[1].Size is 6 or 7 && groups[1].Start == groups[0].End + 1
        && (text[groups[0].End], groups[0].Size) is ('/', 2 or 3) or ('.', 3);

    // Where no plan is known: 0494 92 82 32, (37) 788-063.
    private static bool IsUnmistakable(
        ReadOnlySpan<char> text, Written number, ReadOnlySpan<char> digits, ReadOnlySpan<Group> groups)
    {
        if (groups.Length < 2 || !AreWide(groups) || IsAmount(text, groups, evenThree: true))
            return false;
        return (number.Bracket && digits.Length is >= 8 and <= 11)
            || (digits[0] == '0' && digits[1] != '0' && digits.Length is >= 9 and <= 11
                && !(groups.Length == 2 && text[groups[0].End] == '.'));
    }

    // (201) 555-0123, 1-201-555-0123: a form that nothing else has, wherever the author lives.
    private static bool IsNorthAmerican(ReadOnlySpan<char> digits, ReadOnlySpan<Group> groups)
    {
        var code = groups[0].Size;
        if (groups.Length == 4 && ((code == 1 && digits[0] == '1') || (code == 3 && digits[..3] is "001")))
        {
            digits = digits[code..];
            groups = groups[1..];
        }

        return groups.Length == 3 && groups[0].Size == 3 && groups[1].Size == 3 && groups[2].Size == 4
            && digits[0] >= '2' && digits[3] >= '2';
    }

    // From one to another, with spaces around the line between: "15.00 – 15.45".
    private static bool IsRange(ReadOnlySpan<char> text, ReadOnlySpan<Group> groups)
    {
        for (var i = 0; i + 1 < groups.Length; i++)
        {
            if (text[groups[i].End..groups[i + 1].Start] is " - " or " – " or "–")
                return true;
        }

        return false;
    }

    // "(0151) 2345678": the bracket closes behind the first group, or around a zero.
    private static bool IsBracketed(ref Passage passage, int start, Group first) =>
        passage.Text[start..first.Start].Contains('(') && passage.At(first.End) == ')';

    private static bool AreSmall(ReadOnlySpan<Group> groups)
    {
        foreach (var group in groups)
        {
            if (group.Size > 2)
                return false;
        }

        return true;
    }

    private static bool AreWide(ReadOnlySpan<Group> groups)
    {
        foreach (var group in groups)
        {
            if (group.Size < 2)
                return false;
        }

        return true;
    }

    // 1 234 567 and 12.345.678; three threes are also how nine digits of a telephone are written.
    private static bool IsAmount(ReadOnlySpan<char> text, ReadOnlySpan<Group> groups, bool evenThree)
    {
        if (groups.Length < 2 || groups[0].Size > 3 || text[groups[0].Start] == '0')
            return false;
        for (var i = 1; i < groups.Length; i++)
        {
            if (groups[i].Size != 3)
                return false;
        }

        return text[groups[0].End] is not ('-' or '/') && (evenThree || groups.Length != 3 || groups[0].Size != 3);
    }

    // Day, month and year in any order, or two years.
    private static bool IsDate(ReadOnlySpan<char> text, ReadOnlySpan<Group> groups, ReadOnlySpan<char> digits)
    {
        if (digits.Length == 8 && groups.Length == 1)
            return IsYear(text[groups[0].Start..(groups[0].Start + 4)]);
        if (groups.Length == 3 && digits.Length <= 6 && AreSmall(groups)
            && CheckDigits.Whole(text[groups[1].Start..groups[1].End]) is >= 1 and <= 12)
            return true;
        for (var i = 0; i + 2 < groups.Length; i++)
        {
            if ((groups[i].Size, groups[i + 1].Size, groups[i + 2].Size) is (1 or 2, 1 or 2, 4)
                && IsYear(text[groups[i + 2].Start..groups[i + 2].End])
                && text[groups[i].End] == text[groups[i + 1].End])
                return true;
            if ((groups[i].Size, groups[i + 1].Size, groups[i + 2].Size) is (4, 2, 2)
                && IsYear(text[groups[i].Start..groups[i].End]) && text[groups[i].End] is '-' or '/' or '.')
                return true;
        }

        return groups.Length >= 2 && groups[0].Size == 4 && groups[1].Size == 4
            && IsYear(text[groups[0].Start..groups[0].End]) && IsYear(text[groups[1].Start..groups[1].End]);
    }

    private static bool IsYear(ReadOnlySpan<char> four) => CheckDigits.Whole(four) is >= 1000 and <= 2099;

    private static bool IsMeasured(ref Passage passage, int start, int end)
    {
        if (IsCurrency(passage.At(start - 1))
            || (passage.At(start - 1) == ' ' && IsCurrency(passage.At(start - 2))))
            return true;
        var at = Chars.IsSpace(passage.At(end)) ? end + 1 : end;
        if (passage.At(at) is '%' or '‰' or '°' || IsCurrency(passage.At(at)))
            return true;
        var unit = at;
        while (unit - at < 8 && char.IsLetter(passage.At(unit)))
            unit++;
        return unit > at && Units.Contains(passage.Text[at..unit]);
    }

    private static bool IsCurrency(char c) =>
        char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.CurrencySymbol;

    // Where the number begins, a plus and a bracket before it taken along; -1 where none may begin.
    private static int Start(ref Passage passage, int digit, out bool plus)
    {
        var start = digit;
        if (passage.At(start - 1) == '(')
            start--;
        plus = passage.At(start - 1) == '+';
        if (plus)
            start--;
        if (plus && passage.At(start - 1) == '(' && start == digit - 1)
            start--;
        if (start < passage.Floor)
            return -1;
        return plus
            ? passage.OpensAt(start) && passage.At(start - 1) != '+' ? start : -1
            : (passage.NumberOpensAt(start) || IsNext(ref passage, start, digit))
                && !(char.IsAsciiDigit(passage.At(start - 2)) && IsGoingOn(ref passage, start)) ? start : -1;
    }

    // "0151-23456789/0171-2345678": a telephone ended before the slash. One that is hidden frees nobody, or each turn
    // would free one more of a chain of them.
    private static bool IsNext(ref Passage passage, int start, int digit) =>
        passage.At(start - 1) == '/' && passage.Floor == start - 1 && char.IsAsciiDigit(passage.At(start - 2))
        && passage.At(digit) == '0';

    // Digits stand before it and are no finding: it is the rest of something longer, unless a list goes on.
    private static bool IsGoingOn(ref Passage passage, int start) => passage.At(start - 1) is ':' or ','
        || (Chars.IsSpace(passage.At(start - 1)) && passage.Floor != start - 1);

    private static int Read(ref Passage passage, int at, scoped Span<char> digits, scoped Span<Group> groups)
    {
        var (size, count) = (0, 0);
        while (count < groups.Length)
        {
            var from = at;
            while (size < digits.Length && char.IsAsciiDigit(passage.At(at)))
                digits[size++] = passage.Text[at++];
            groups[count++] = new Group(from, at, size);
            var next = at;
            while (next - at < LongestGap && IsGap(passage.At(next)))
                next++;
            if (next == at || size == digits.Length || !char.IsAsciiDigit(passage.At(next))
                || (passage.Text[at..next].Contains('/') && IsListed(ref passage, next, size)))
                break;
            at = next;
        }

        return count;
    }

    // Behind a slash begins the next telephone of a list, and not the rest of this one.
    private static bool IsListed(ref Passage passage, int next, int size)
    {
        if (size < LeastListed || passage.At(next) != '0')
            return false;
        var (digits, gap) = (0, 0);
        for (var at = next; digits < LeastDigits; at++)
        {
            if (char.IsAsciiDigit(passage.At(at)))
                (digits, gap) = (digits + 1, 0);
            else if (!IsGap(passage.At(at)) || ++gap > LongestGap)
                return false;
        }

        return true;
    }

    private static bool IsGap(char c) => Chars.Groups(c) || c is '(' or ')' or '–';

    // Where a number may end before its last groups: one or two behind a space may be no part of it. Where more stands
    // between, another may begin, "501 234 567 / 502 345 678", so all that follows may be no part of it: of a list each
    // pass would find the last, and a long one would not end.
    private static bool IsSpaced(ref Passage passage, Group last, Group next, int left) =>
        next.Start - last.End > 1 || (left <= 2 && Chars.IsSpace(passage.At(last.End)));

    private static bool Ends(ref Passage passage, int end, int size) =>
        (passage.NumberClosesAt(end) || (passage.At(end) == '/' && IsListed(ref passage, end + 1, size)))
        && !(passage.At(end) is ':' or ',' && char.IsAsciiDigit(passage.At(end + 1)));

    // "x0482" and "ext. 12" behind a number belong to it.
    private static int Extension(ref Passage passage, int end)
    {
        var at = Chars.IsSpace(passage.At(end)) ? end + 1 : end;
        var rest = passage.Text[Math.Min(at, passage.Text.Length)..];
        var mark = rest.StartsWith("ext. ") ? 5 : rest.StartsWith("ext ") ? 4 : rest.StartsWith("x") ? 1 : 0;
        var digit = at + mark;
        while (mark > 0 && digit - at - mark < 6 && char.IsAsciiDigit(passage.At(digit)))
            digit++;
        return mark > 0 && digit > at + mark ? digit : end;
    }

    private readonly record struct Written(int Start, int End, bool Plus, bool Bracket);
}

/// <summary>Digits that stand together in what may be a number.</summary>
/// <param name="Start">The first.</param>
/// <param name="End">Behind the last.</param>
/// <param name="Digits">How many digits the number has up to here.</param>
internal readonly record struct Group(int Start, int End, int Digits)
{
    public int Size => End - Start;
}
