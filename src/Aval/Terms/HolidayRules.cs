namespace Aval.Terms;

/// <summary>
/// Which days of a year are public holidays. The rules stand here as they are known, by their statutes' names; the
/// statutes themselves were not read for it, nor the lists of Regulation (EEC, Euratom) No 1182/71, Art. 2(1), which
/// are what counts: a day that is missing or too many is put right in aval.yaml.
/// </summary>
internal static class HolidayRules
{
    /// <summary>The holidays of a year; some may fall on a Saturday or a Sunday, and some on one day.</summary>
    public static IEnumerable<DateOnly> Of(Jurisdiction jurisdiction, int year) => jurisdiction switch
    {
        Jurisdiction.Austria => Austria(year),
        Jurisdiction.Germany => Germany(year),
        Jurisdiction.France => France(year),
        Jurisdiction.Ireland => Ireland(year),
        Jurisdiction.Institutions => Institutions(year),
    };

    // Feiertagsruhegesetz 1957, § 1(2). Good Friday is none since 2019, but a "personal holiday" of whoever takes it.
    private static IEnumerable<DateOnly> Austria(int year) =>
    [
        new(year, 1, 1), new(year, 1, 6), AfterEaster(year, 1), new(year, 5, 1), AfterEaster(year, 39),
        AfterEaster(year, 50), AfterEaster(year, 60), new(year, 8, 15), new(year, 10, 26), new(year, 11, 1),
        new(year, 12, 8), new(year, 12, 25), new(year, 12, 26),
    ];

    // What is one in all Länder; 3 October by the Einigungsvertrag, Art. 2(2). The Reformation's 500th day was one
    // everywhere.
    private static IEnumerable<DateOnly> Germany(int year) =>
    [
        new(year, 1, 1), AfterEaster(year, -2), AfterEaster(year, 1), new(year, 5, 1), AfterEaster(year, 39),
        AfterEaster(year, 50), new(year, 10, 3), new(year, 12, 25), new(year, 12, 26),
        .. year == 2017 ? new DateOnly[] { new(2017, 10, 31) } : [],
    ];

    // Code du travail, L3133-1.
    private static IEnumerable<DateOnly> France(int year) =>
    [
        new(year, 1, 1), AfterEaster(year, 1), new(year, 5, 1), new(year, 5, 8), AfterEaster(year, 39),
        AfterEaster(year, 50), new(year, 7, 14), new(year, 8, 15), new(year, 11, 1), new(year, 11, 11),
        new(year, 12, 25),
    ];

    // Organisation of Working Time Act 1997, Second Schedule; Saint Brigid's Day since 2023: the first Monday of
    // February, or the 1st where that is a Friday. A day of remembrance was one, once, on 18 March 2022.
    private static IEnumerable<DateOnly> Ireland(int year) =>
    [
        new(year, 1, 1), new(year, 3, 17), AfterEaster(year, 1), First(year, 5), First(year, 6), First(year, 8),
        First(year, 11).AddDays(-7), new(year, 12, 25), new(year, 12, 26),
        .. year >= 2023 ? new[] { Brigid(year) } : [],
        .. year == 2022 ? new DateOnly[] { new(2022, 3, 18) } : [],
    ];

    // As the Commission's lists of several years have them; each year's own list, in the Official Journal, decides.
    private static IEnumerable<DateOnly> Institutions(int year) =>
    [
        new(year, 1, 1), new(year, 1, 2), AfterEaster(year, -3), AfterEaster(year, -2), AfterEaster(year, 1),
        new(year, 5, 1), new(year, 5, 9), AfterEaster(year, 39), AfterEaster(year, 40), AfterEaster(year, 50),
        new(year, 7, 21), new(year, 8, 15), new(year, 11, 1), new(year, 11, 2),
        .. Enumerable.Range(24, 8).Select(day => new DateOnly(year, 12, day)),
    ];

    private static DateOnly AfterEaster(int year, int days) => Easter.Sunday(year).AddDays(days);

    private static DateOnly Brigid(int year) =>
        new DateOnly(year, 2, 1) is { DayOfWeek: DayOfWeek.Friday } friday ? friday : First(year, 2);

    // The first Monday of a month.
    private static DateOnly First(int year, int month)
    {
        var first = new DateOnly(year, month, 1);
        return first.AddDays((8 - (int)first.DayOfWeek) % 7);
    }
}
