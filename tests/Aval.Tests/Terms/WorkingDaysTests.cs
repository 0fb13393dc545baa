using System.Globalization;
using Aval.Terms;

namespace Aval.Tests.Terms;

/// <summary>Public holidays and the working days between them.</summary>
public sealed class WorkingDaysTests
{
    // The earliest and the latest that there can be, and those around a leap day.
    [Theory]
    [InlineData("1818-03-22")]
    [InlineData("1943-04-25")]
    [InlineData("1954-04-18")]
    [InlineData("1981-04-19")]
    [InlineData("2000-04-23")]
    [InlineData("2008-03-23")]
    [InlineData("2016-03-27")]
    [InlineData("2024-03-31")]
    [InlineData("2025-04-20")]
    [InlineData("2026-04-05")]
    [InlineData("2027-03-28")]
    [InlineData("2038-04-25")]
    public void Easter_is_when_the_church_says(string sunday) =>
        Assert.Equal(Day(sunday), Easter.Sunday(Day(sunday).Year));

    [Fact]
    public void Easter_is_a_Sunday_from_22_March_to_25_April_in_every_year() =>
        Assert.All(Enumerable.Range(1583, 2_000).Select(Easter.Sunday), day => Assert.True(
            day.DayOfWeek is DayOfWeek.Sunday && day >= new DateOnly(day.Year, 3, 22)
                && day <= new DateOnly(day.Year, 4, 25), day.ToString("O", CultureInfo.InvariantCulture)));

    // Looked up by hand in calendars, one line a kind of rule.
    [Theory]
    [InlineData("AT", "2026-01-06 2026-04-06 2026-05-14 2026-05-25 2026-06-04 2026-10-26 2026-12-08", "2026-04-03")]
    [InlineData("DE", "2026-04-03 2026-04-06 2026-05-14 2026-05-25 2026-10-03 2017-10-31", "2026-10-31 2026-11-01")]
    [InlineData("FR", "2026-04-06 2026-05-08 2026-07-14 2026-11-11", "2026-04-03 2026-12-26")]
    [InlineData("IE", "2026-02-02 2024-02-05 2030-02-01 2026-03-17 2026-05-04 2026-06-01 2026-08-03 2026-10-26 "
        + "2022-03-18", "2030-02-04 2022-02-07 2026-04-03 2026-05-01 2026-05-25")]
    [InlineData("EU", "2026-04-02 2026-04-03 2026-05-15 2026-07-21 2026-12-24 2026-12-31", "2026-12-23")]
    public void A_jurisdiction_has_its_holidays_and_not_its_neighbours(string code, string holidays, string none)
    {
        Assert.True(Jurisdictions.TryParse(code, out var whose));
        var days = WorkingDays.Weekdays.Of(whose);
        Assert.All(holidays.Split(' '), day => Assert.True(days.IsHoliday(Day(day)), day));
        Assert.All(none.Split(' '), day => Assert.False(days.IsHoliday(Day(day)), day));
    }

    [Fact]
    public void A_day_that_is_a_holiday_only_there_or_not_there_is_put_right_in_aval_yaml()
    {
        var days = WorkingDays.Weekdays.Of(Jurisdiction.Germany).With(["2026-06-04", "-2026-05-25"])!;
        Assert.True(days.IsHoliday(Day("2026-06-04")));
        Assert.True(days.Includes(Day("2026-05-25")));
        Assert.Equal(Day("2026-06-05"), days.NotBefore(Day("2026-06-04")));
        Assert.Null(WorkingDays.Weekdays.With(["4 June"]));
    }

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
