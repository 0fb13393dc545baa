using Aval.Terms;

namespace Aval.Requests;

/// <summary>
/// The months of GDPR Art. 12(3), counted by <see cref="Term"/>. Whose holidays count, aval.yaml says; where it says
/// nothing, a clock may end earlier than the law asks for, and never later. Days are of UTC.
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
        return new Term(months, TermUnit.Months)
            .LastDay(DateOnly.FromDateTime(from.UtcDateTime), TermLaw.Regulation1182, working);
    }

    /// <summary>The first instant at which a period is over.</summary>
    public static DateTimeOffset End(DateOnly lastDay) =>
        new(lastDay.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero);
}
