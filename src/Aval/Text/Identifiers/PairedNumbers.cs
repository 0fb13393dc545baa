namespace Aval.Text.Identifiers;

/// <summary>
/// Times, days and results one after the other, which have as many digits as a telephone has: <c>09.00 - 17.00</c>,
/// <c>04.12.23 15.30</c>, <c>24/12-26/12</c>, <c>25-23 25-21</c>. One sign joins what belongs together, another or a
/// space parts it; a telephone is written with one of them throughout.
/// </summary>
internal static class PairedNumbers
{
    // The better of two teams makes no more points than this in a set.
    private const int MostPoints = 45;

    /// <summary>Whether all groups are such.</summary>
    /// <param name="text">The text.</param>
    /// <param name="groups">Of digits, in order.</param>
    /// <param name="mayBePhone">A telephone is spoken of nearby: what nothing but spaces parts is one.</param>
    public static bool Are(ReadOnlySpan<char> text, ReadOnlySpan<Group> groups, bool mayBePhone) =>
        groups.Length >= 3
        && (AreJoined(text, groups, '.', mayBePhone) || AreJoined(text, groups, '/', mayBePhone)
            || (!mayBePhone && AreJoined(text, groups, '-', mayBePhone)));

    private static bool AreJoined(ReadOnlySpan<char> text, ReadOnlySpan<Group> groups, char sign, bool mayBePhone)
    {
        var (pairs, hasLine) = (0, false);
        while (groups.Length > 0)
        {
            var size = 1;
            while (size < groups.Length && Gap(text, groups, size) is [var joined] && joined == sign)
                size++;
            var gap = size < groups.Length ? Gap(text, groups, size) : [];
            if (!(IsUnit(text, groups[..size], sign) || IsDayBefore(text, groups[..size], sign, gap)))
                return false;
            // Two lines of signs are no telephone's, but a result and the next are parted by a space.
            if (sign == '-' && !IsBlank(gap))
                return false;
            hasLine |= gap.ContainsAny('-', '–');
            pairs++;
            groups = groups[size..];
        }

        return pairs >= 2 && (hasLine || !mayBePhone);
    }

    private static ReadOnlySpan<char> Gap(ReadOnlySpan<char> text, ReadOnlySpan<Group> groups, int before) =>
        text[groups[before - 1].End..groups[before].Start];

    private static bool IsUnit(ReadOnlySpan<char> text, ReadOnlySpan<Group> unit, char sign)
    {
        if (unit.Length is not (2 or 3) || unit[0].Size > 2 || unit[1].Size > 2)
            return false;
        var (first, second) = (Value(text, unit[0]), Value(text, unit[1]));
        if (sign == '-')
            return unit.Length == 2 && first <= MostPoints && second <= MostPoints;
        var isDay = first is >= 1 and <= 31 && second is >= 1 and <= 12;
        if (unit.Length == 3)
            return isDay && unit[2].Size is 2 or 4;
        return isDay || (sign == '.' && first <= 24 && second <= 59 && unit[1].Size == 2);
    }

    // "24.-26.12.25": of the first day the month stands with the second.
    private static bool IsDayBefore(
        ReadOnlySpan<char> text, ReadOnlySpan<Group> unit, char sign, ReadOnlySpan<char> gap) =>
        sign == '.' && unit.Length == 1 && unit[0].Size <= 2 && Value(text, unit[0]) is >= 1 and <= 31
        && gap is ['.', not '.', ..];

    private static bool IsBlank(ReadOnlySpan<char> gap)
    {
        foreach (var c in gap)
        {
            if (!Chars.IsSpace(c))
                return false;
        }

        return true;
    }

    private static int Value(ReadOnlySpan<char> text, Group group) => CheckDigits.Whole(text[group.Start..group.End]);
}
