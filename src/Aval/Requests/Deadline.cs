using Aval.Terms;

namespace Aval.Requests;

/// <summary>
/// Periods of months as Regulation (EEC, Euratom) No 1182/71, Art. 3, counts them: the day of the event is not part of
/// the period, which ends with the last hour of the day of the same date (3(2)(c)), of the month's last day where there
/// is none; a Saturday, a Sunday or a public holiday is followed by the next working day (3(4)). Whose holidays count,
/// aval.yaml says; where it says nothing, a clock may end earlier than the law asks for, and never later. Days are of
/// UTC.
/// </summary>
internal static class Deadline
{
    /// <summary>Within how many months of its receipt a request is answered (GDPR Art. 12(3)).</summary>
    public const int Months = 1;

    /// <summary>And where it was extended in time: two further months.</summary>
    public const int MonthsExtended = 3;

    /// <summary>The last day of a period of months.</summary>
    /// <param name="from">When the event was from which it runs.</param>
    /// <param name="months">How many.</param>
    /// <param name="working">Which days are working days.</param>
    public static DateOnly LastDay(DateTimeOffset from, int months, WorkingDays working)
    {
        ArgumentNullException.ThrowIfNull(working);
        // .NET takes the last day of a month that has not the date.
        return working.NotBefore(DateOnly.FromDateTime(from.UtcDateTime).AddMonths(months));
    }

    /// <summary>The first instant at which a period is over.</summary>
    public static DateTimeOffset End(DateOnly lastDay) =>
        new(lastDay.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero);
}
