namespace Aval.Text.Identifiers;

/// <summary>
/// Latitude and longitude: in decimals with four places or more, or in degrees, minutes and seconds. Decimals with a
/// comma are coordinates where both bear a degree sign or the letter of their half of the world: others are numbers of
/// a table.
/// </summary>
internal static class Places
{
    /// <summary>So many places behind the point say where somebody lives.</summary>
    public const int Precise = 4;

    // North and south, and east and west, as the languages of docs/text.md abbreviate them.
    private const string Poles = "NSZnsΒΝСЮ", Sides = "EWOVØÖLewΑΔИЗ";

    /// <summary>From the first digit of the latitude; its sign is looked for before it.</summary>
    public static bool TryCoordinates(ref Passage passage, int digit, out Finding found)
    {
        found = default;
        var start = passage.At(digit - 1) is '-' or '+' or '−' ? digit - 1 : digit;
        if (!passage.OpensAt(start) || passage.At(start - 1) is '.')
            return false;
        var end = Decimal(ref passage, start, 90, '.') is > 0 and var decimals
            ? AfterDecimals(ref passage, decimals, '.')
            : Decimal(ref passage, start, 90, ',') is > 0 and var commas
                ? AfterDecimals(ref passage, commas, ',')
                : Degrees(ref passage, start, 90, Poles) is > 0 and var degrees
                    ? Degrees(ref passage, Skip(ref passage, degrees), 180, Sides)
                    : -1;
        if (end < 0)
            return false;
        found = new Finding(IdentifierKind.Coordinates, start, end);
        return true;
    }

    private static int AfterDecimals(ref Passage passage, int decimals, char point)
    {
        var at = Hemisphere(ref passage, decimals, Poles);
        var next = Skip(ref passage, at);
        if (next == at)
            return -1;
        var places = Decimal(ref passage, next, 180, point);
        if (places < 0)
            return -1;
        var end = Hemisphere(ref passage, places, Sides);
        if (point == ',' && (at == decimals || end == places))
            return -1;
        return passage.ClosesAt(end) && !(passage.At(end) == '.' && char.IsAsciiDigit(passage.At(end + 1))) ? end : -1;
    }

    // A sign, at most three digits, a point or a comma and at least four places; -1 for anything else.
    private static int Decimal(ref Passage passage, int at, int limit, char point)
    {
        if (passage.At(at) is '-' or '+' or '−')
            at++;
        var from = at;
        while (at - from < 4 && char.IsAsciiDigit(passage.At(at)))
            at++;
        if (at - from is 0 or > 3 || CheckDigits.Whole(passage.Text[from..at]) > limit || passage.At(at) != point)
            return -1;
        var places = at++;
        while (at - places <= 16 && char.IsAsciiDigit(passage.At(at)))
            at++;
        return at - places > Precise ? at : -1;
    }

    private static int Degrees(ref Passage passage, int at, int limit, string hemispheres)
    {
        var from = at;
        while (at - from < 4 && char.IsAsciiDigit(passage.At(at)))
            at++;
        if (at - from is 0 or > 3 || CheckDigits.Whole(passage.Text[from..at]) > limit
            || passage.At(at) is not ('°' or 'º'))
            return -1;
        at++;
        for (var part = 0; part < 2; part++)
        {
            var next = Chars.IsSpace(passage.At(at)) ? at + 1 : at;
            var begin = next;
            while (next - begin < 8 && (char.IsAsciiDigit(passage.At(next))
                || (next > begin && passage.At(next) is '.' or ',')))
                next++;
            if (next == begin || passage.At(next) is not ('\'' or '"' or '′' or '″' or '’' or '”'))
                break;
            at = next + (passage.At(next) == '\'' && passage.At(next + 1) == '\'' ? 2 : 1);
        }

        var end = Hemisphere(ref passage, at, hemispheres);
        return end > at && passage.ClosesAt(end) ? end : -1;
    }

    private static int Hemisphere(ref Passage passage, int at, string letters)
    {
        var next = passage.At(at) is '°' or 'º' ? at + 1 : at;
        var letter = Chars.IsSpace(passage.At(next)) ? next + 1 : next;
        return letters.Contains(passage.At(letter)) && passage.ClosesAt(letter + 1) ? letter + 1 : next;
    }

    private static int Skip(ref Passage passage, int at)
    {
        var from = at;
        while (at - from < 3 && (Chars.IsSpace(passage.At(at)) || passage.At(at) is ',' or ';' or '/'))
            at++;
        return at;
    }
}
