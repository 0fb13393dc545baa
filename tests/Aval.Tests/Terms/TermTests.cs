using System.Globalization;
using Aval.Terms;

namespace Aval.Tests.Terms;

/// <summary>When a term ends. The table was computed with a printed calendar and the rules, and not by the
/// program.</summary>
public sealed class TermTests
{
    [Theory]
    // Regulation (EEC, Euratom) No 1182/71.
    [InlineData("regulation-1182-71", "FR", "2025-05-14", "7 days", "2025-05-21")]
    [InlineData("regulation-1182-71", "DE", "2025-05-14", "2 weeks", "2025-05-28")]
    [InlineData("regulation-1182-71", "DE", "2025-05-15", "2 weeks", "2025-05-30")] // Ascension.
    [InlineData("regulation-1182-71", "IE", "2025-05-15", "2 weeks", "2025-05-29")]
    [InlineData("regulation-1182-71", "AT", "2025-04-04", "2 weeks", "2025-04-18")] // Good Friday is none there.
    [InlineData("regulation-1182-71", "DE", "2025-04-04", "2 weeks", "2025-04-22")] // Here it is one; Easter follows.
    [InlineData("regulation-1182-71", "FR", "2025-04-04", "2 weeks", "2025-04-18")]
    [InlineData("regulation-1182-71", "FR", "2025-04-07", "2 weeks", "2025-04-22")] // Easter Monday.
    [InlineData("regulation-1182-71", "IE", "2024-01-31", "1 month", "2024-02-29")] // A leap day.
    [InlineData("regulation-1182-71", "IE", "2023-01-31", "1 month", "2023-02-28")]
    [InlineData("regulation-1182-71", "DE", "2024-02-29", "1 year", "2025-02-28")]
    [InlineData("regulation-1182-71", "DE", "2024-02-29", "4 years", "2028-02-29")]
    [InlineData("regulation-1182-71", "AT", "2023-12-30", "2 months", "2024-02-29")]
    [InlineData("regulation-1182-71", "AT", "2024-03-31", "1 month", "2024-04-30")]
    [InlineData("regulation-1182-71", "FR", "2024-04-01", "1 month", "2024-05-02")] // Labour Day.
    [InlineData("regulation-1182-71", "IE", "2024-04-01", "1 month", "2024-05-01")] // Its own is on the 6th.
    [InlineData("regulation-1182-71", "IE", "2024-04-06", "1 month", "2024-05-07")]
    [InlineData("regulation-1182-71", "FR", "2024-04-08", "1 month", "2024-05-10")] // The 8th, and Ascension after it.
    [InlineData("regulation-1182-71", "DE", "2024-04-09", "1 month", "2024-05-10")]
    [InlineData("regulation-1182-71", "FR", "2025-05-09", "2 days", "2025-05-13")] // Two working days at least.
    [InlineData("regulation-1182-71", "FR", "2025-05-08", "2 days", "2025-05-12")] // Friday and Monday.
    [InlineData("regulation-1182-71", "AT", "2025-12-05", "3 days", "2025-12-10")] // 8 December; then two.
    [InlineData("regulation-1182-71", "DE", "2025-12-05", "3 days", "2025-12-09")]
    [InlineData("regulation-1182-71", "DE", "2025-12-23", "2 days", "2025-12-29")] // The 24th is one of the two.
    [InlineData("regulation-1182-71", "EU", "2025-12-23", "1 week", "2026-01-06")] // Closed until the 5th.
    [InlineData("regulation-1182-71", "AT", "2025-12-23", "2 weeks", "2026-01-07")] // Epiphany.
    [InlineData("regulation-1182-71", "DE", "2025-12-23", "2 weeks", "2026-01-06")]
    [InlineData("regulation-1182-71", "IE", "2025-12-31", "1 month", "2026-02-03")] // A Saturday; Saint Brigid's.
    [InlineData("regulation-1182-71", "FR", "2025-10-01", "1 month", "2025-11-03")]
    [InlineData("regulation-1182-71", "AT", "2025-09-26", "1 month", "2025-10-27")]
    [InlineData("regulation-1182-71", "IE", "2025-09-26", "1 month", "2025-10-28")] // The October holiday.
    [InlineData("regulation-1182-71", "FR", "2025-07-04", "10 working-days", "2025-07-21")] // Without the 14th.
    [InlineData("regulation-1182-71", "IE", "2025-07-04", "10 working-days", "2025-07-18")]
    [InlineData("regulation-1182-71", "DE", "2025-04-14", "5 working-days", "2025-04-23")]
    [InlineData("regulation-1182-71", "AT", "2025-04-14", "5 working-days", "2025-04-22")]
    [InlineData("regulation-1182-71", "DE", "2026-04-30", "1 day", "2026-05-04")]
    // BGB: as the Regulation, without the two working days.
    [InlineData("bgb", "DE", "2025-05-14", "2 weeks", "2025-05-28")]
    [InlineData("bgb", "DE", "2025-05-15", "2 weeks", "2025-05-30")]
    [InlineData("bgb", "DE", "2024-01-31", "1 month", "2024-02-29")]
    [InlineData("bgb", "DE", "2025-09-03", "1 month", "2025-10-06")] // 3 October is a Friday.
    [InlineData("bgb", "DE", "2025-05-09", "2 days", "2025-05-12")]
    [InlineData("bgb", "DE", "2025-08-31", "6 months", "2026-03-02")] // 28 February is a Saturday.
    [InlineData("bgb", "DE", "2024-02-29", "1 year", "2025-02-28")]
    [InlineData("bgb", "DE", "2025-12-11", "2 weeks", "2025-12-29")]
    // CPC.
    [InlineData("cpc", "FR", "2025-05-14", "8 days", "2025-05-22")]
    [InlineData("cpc", "FR", "2025-06-14", "1 month", "2025-07-15")]
    [InlineData("cpc", "FR", "2023-12-31", "2 months", "2024-02-29")]
    [InlineData("cpc", "FR", "2025-05-30", "10 days", "2025-06-10")] // Whit Monday.
    [InlineData("cpc", "FR", "2024-10-11", "1 month", "2024-11-12")]
    [InlineData("cpc", "FR", "2025-07-15", "1 month", "2025-08-18")] // Assumption is a Friday.
    // ABGB and ZPO: Good Friday moves an end, and is no holiday.
    [InlineData("abgb-zpo", "AT", "2025-04-04", "2 weeks", "2025-04-22")]
    [InlineData("abgb-zpo", "AT", "2025-05-15", "2 weeks", "2025-05-30")]
    [InlineData("abgb-zpo", "AT", "2025-06-05", "2 weeks", "2025-06-20")] // Corpus Christi.
    [InlineData("abgb-zpo", "AT", "2024-11-08", "1 month", "2024-12-09")]
    [InlineData("abgb-zpo", "AT", "2023-01-30", "1 month", "2023-02-28")]
    [InlineData("abgb-zpo", "AT", "2025-12-06", "1 month", "2026-01-07")]
    // Interpretation Act 2005: the first day counts, and nothing moves the last.
    [InlineData("interpretation-act", "IE", "2025-05-14", "7 days", "2025-05-20")]
    [InlineData("interpretation-act", "IE", "2025-05-14", "2 weeks", "2025-05-27")]
    [InlineData("interpretation-act", "IE", "2024-01-31", "1 month", "2024-02-29")]
    [InlineData("interpretation-act", "IE", "2024-02-29", "1 year", "2025-02-28")]
    [InlineData("interpretation-act", "IE", "2025-03-01", "1 month", "2025-03-31")]
    [InlineData("interpretation-act", "IE", "2025-04-19", "2 days", "2025-04-20")] // Easter Sunday.
    public void A_term_ends_when_a_calendar_and_the_rule_say(
        string rule, string where, string from, string length, string last)
    {
        Assert.True(TermLaws.TryParse(rule, out var law));
        Assert.True(Jurisdictions.TryParse(where, out var whose));
        Assert.True(Term.TryParse(length, out var term));
        Assert.Equal(Day(last), term.LastDay(Day(from), law, WorkingDays.Weekdays.Of(whose)));
        Assert.Equal(length, term.ToString());
    }

    [Fact]
    public void Hours_begin_after_that_of_the_event_and_end_on_a_Sunday_too() => Assert.Equal(
        Instant.Parse("2025-05-18T18:00:00Z", "end"),
        Term.EndOfHours(Instant.Parse("2025-05-15T17:30:00Z", "event"), 72));

    // OLG Schleswig, 6 UKl 3/25: announced on 14 April 2025.
    [Theory]
    [InlineData("2025-05-14", false)]
    [InlineData("2025-05-15", true)]
    public void Who_waits_for_more_than_a_month_after_the_announcement_is_in_no_hurry(string today, bool lost) =>
        Assert.Equal(lost, new UrgencyClock(Day("2025-04-14")).IsLost(Day(today)));

    [Theory]
    [InlineData("0 days")]
    [InlineData("2")]
    [InlineData("two weeks")]
    [InlineData("-1 days")]
    [InlineData("5000 days")]
    public void What_is_no_term_is_not_read_as_one(string text) => Assert.False(Term.TryParse(text, out _));

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
