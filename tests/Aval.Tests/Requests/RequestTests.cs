using Aval.Requests;
using Aval.Terms;

namespace Aval.Tests.Requests;

/// <summary>The clock of a request and what may follow what.</summary>
public sealed class RequestTests
{
    // Regulation (EEC, Euratom) No 1182/71, Art. 3(2)(c) and (4); EDPB Guidelines 01/2022 on the first and the third.
    [Theory]
    [InlineData("2026-03-10T00:00:00Z", 1, "2026-04-10")]
    [InlineData("2026-03-10T23:59:59.999999Z", 1, "2026-04-10")]
    [InlineData("2026-08-31T08:00:00Z", 1, "2026-09-30")]
    [InlineData("2024-01-30T08:00:00Z", 1, "2024-02-29")]
    [InlineData("2026-01-31T08:00:00Z", 1, "2026-03-02")] // The 28th is a Saturday.
    [InlineData("2026-03-05T08:00:00Z", 1, "2026-04-06")] // The 5th is a Sunday.
    [InlineData("2025-11-30T08:00:00Z", 3, "2026-03-02")]
    [InlineData("2026-03-10T08:00:00Z", 3, "2026-06-10")]
    public void A_period_of_months_ends_as_the_regulation_on_periods_says(string received, int months, string last) =>
        Assert.Equal(last, RequestJson.Day(Deadline.LastDay(
            Instant.Parse(received, "received"), months, WorkingDays.Weekdays)));

    // Each begins where its month ends on a public holiday of that place, and on none of another.
    [Theory]
    [InlineData("2026-03-06T08:00:00Z", "IE", "2026-04-07")] // Easter Monday.
    [InlineData("2026-03-03T08:00:00Z", "DE", "2026-04-07")] // Good Friday, a week-end and Easter Monday.
    [InlineData("2026-03-03T08:00:00Z", "IE", "2026-04-03")]
    [InlineData("2026-03-02T08:00:00Z", "EU", "2026-04-07")] // From Maundy Thursday on.
    [InlineData("2026-06-14T08:00:00Z", "FR", "2026-07-15")]
    [InlineData("2026-06-14T08:00:00Z", "AT", "2026-07-14")]
    [InlineData("2025-11-26T08:00:00Z", "AT", "2025-12-29")] // Saint Stephen's Day is a Friday.
    [InlineData("2025-12-01T08:00:00Z", "EU", "2026-01-05")] // New Year, the day after, a week-end.
    [InlineData("2026-01-02T08:00:00Z", "IE", "2026-02-03")] // Saint Brigid's.
    [InlineData("2026-01-31T08:00:00Z", "FR", "2026-03-02")]
    public void A_period_that_ends_on_a_public_holiday_ends_with_the_next_working_day(
        string received, string where, string last)
    {
        Assert.True(Jurisdictions.TryParse(where, out var whose));
        Assert.Equal(last, RequestJson.Day(Deadline.LastDay(
            Instant.Parse(received, "received"), Deadline.Months, WorkingDays.Weekdays.Of(whose))));
    }

    [Fact]
    public void A_request_is_late_from_the_first_instant_after_its_last_day()
    {
        var request = Begun();
        Assert.False(request.IsLate(Instant.Parse("2026-04-10T23:59:59.999999Z", "now")));
        Assert.True(request.IsLate(Instant.Parse("2026-04-11T00:00:00Z", "now")));
        // Answered too late is late for ever; answered in time never becomes so.
        Assert.True(Taken(request, new Fulfilled(At("2026-04-11"), "officer", 7)).IsLate(At("2026-04-12")));
        Assert.False(Taken(request, new Fulfilled(At("2026-04-10"), "officer", 7)).IsLate(At("2027-01-01")));
    }

    [Fact]
    public void A_clock_is_extended_once_and_within_the_first_month()
    {
        var request = Begun();
        Delayed Extension(string day) => new(At(day), "officer", 7, DelayReason.ComplexityOfProcess);
        Assert.Contains("within one month", request.Refusal(Extension("2026-04-11")), StringComparison.Ordinal);
        var extended = Taken(request, Extension("2026-04-10"));
        Assert.Equal((RequestState.Delayed, "2026-06-10"), (extended.State, RequestJson.Day(extended.LastDay)));
        Assert.Contains("once", extended.Refusal(Extension("2026-04-10")), StringComparison.Ordinal);
        // One that came too late, and was entered all the same, extends nothing.
        Assert.Equal("2026-04-10", RequestJson.Day(Taken(request, Extension("2026-05-01")).LastDay));
    }

    [Fact]
    public void What_is_closed_stays_closed_whatever_is_entered_after_it()
    {
        var closed = Taken(
            Begun(), new Fulfilled(At("2026-03-12"), "officer", 7),
            new Rejected(At("2026-03-13"), "officer", 7, RefusalReason.ProcessExcessive, "the authority"));
        Assert.Equal(RequestState.Fulfilled, closed.State);
        Assert.Equal([true, false], closed.Steps.Select(step => step.Counts));
    }

    [Fact]
    public void An_erasure_a_restriction_and_a_removal_are_not_the_controllers_to_refuse()
    {
        var refusal = new Rejected(At("2026-03-12"), "officer", 7, RefusalReason.ProcessExcessive, "the authority");
        Assert.Null(Begun().Refusal(refusal));
        Assert.Contains(
            "not the controller's to refuse", (Begun() with { IsChoice = true }).Refusal(refusal),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_was_asked_for_something_answers_once()
    {
        var answer = new ActionPerformed(At("2026-03-13"), "person", 7);
        Assert.NotNull(Begun().Refusal(answer));
        var asked = Taken(Begun(), new ActionRequired(At("2026-03-12"), "officer", 7));
        Assert.Equal(RequestState.RequiresAction, asked.State);
        var answered = Taken(asked, answer);
        Assert.Equal(RequestState.ActionPerformed, answered.State);
        Assert.NotNull(answered.Refusal(answer));
        Assert.Null(answered.Refusal(new Accepted(At("2026-03-14"), "officer", 7)));
    }

    [Fact]
    public void Every_state_has_its_term_of_the_vocabulary() => Assert.Equal(
        Enum.GetValues<RequestState>().Length,
        Enum.GetValues<RequestState>().Select(state => state.ToDpv()).Distinct().Count());

    private static Request Begun() => new(
        new EntryIndex(7), Right.Access, Account.Parse("facebook:7"), At("2026-03-10"), "portal", null, null,
        IsChoice: false, RequestState.Acknowledged, WorkingDays.Weekdays, []);

    private static Request Taken(Request request, params Step[] steps) =>
        request.With(steps.Select((step, at) => (new EntryIndex(8 + at), step)));

    private static DateTimeOffset At(string day) => Instant.Parse($"{day}T12:00:00Z", "day");
}
