namespace Aval.Terms;

/// <summary>When Easter is in the western churches, on which a third of all public holidays depend.</summary>
internal static class Easter
{
    /// <summary>Easter Sunday of a year of the Gregorian calendar: the algorithm of Butcher's Ecclesiastical Calendar,
    /// 1876, which is exact without a table of exceptions.</summary>
    public static DateOnly Sunday(int year)
    {
        var (golden, century, yearOfCentury) = (year % 19, year / 100, year % 100);
        var (leapCenturies, centuryRest) = (century / 4, century % 4);
        var moonShift = (century - ((century + 8) / 25) + 1) / 3;
        var epact = ((19 * golden) + century - leapCenturies - moonShift + 15) % 30;
        var weekday = (32 + (2 * centuryRest) + (2 * (yearOfCentury / 4)) - epact - (yearOfCentury % 4)) % 7;
        var late = (golden + (11 * epact) + (22 * weekday)) / 451;
        var days = epact + weekday - (7 * late) + 114;
        return new DateOnly(year, days / 31, (days % 31) + 1);
    }
}
