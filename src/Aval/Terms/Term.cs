using System.Globalization;

namespace Aval.Terms;

/// <summary>In what a term is counted.</summary>
internal enum TermUnit
{
    /// <summary>Days.</summary>
    Days,

    /// <summary>Days that are no Saturday, no Sunday and no holiday.</summary>
    WorkingDays,

    /// <summary>Weeks.</summary>
    Weeks,

    /// <summary>Months.</summary>
    Months,

    /// <summary>Years.</summary>
    Years,
}

/// <summary>How long somebody has, and when that is over.</summary>
/// <param name="Count">At least 1.</param>
/// <param name="Unit">Of what.</param>
internal sealed record Term(int Count, TermUnit Unit)
{
    /// <summary>What one looks like, for messages.</summary>
    public const string Example = "14 days, 10 working-days, 2 weeks, 1 month, 1 year";

    private const int Longest = 3_000;

    /// <summary>Reads a term.</summary>
    public static bool TryParse(string? text, out Term term)
    {
        term = new Term(1, TermUnit.Days);
        if (text?.Split(' ') is not [var number, var word]
            || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count is 0 or > Longest)
            return false;
        foreach (var unit in Enum.GetValues<TermUnit>())
        {
            var found = new Term(count, unit);
            if (found.ToString() == text || $"{count} {Words(unit)}" == text)
            {
                term = found;
                return true;
            }
        }

        return false;
    }

    /// <summary>The last day of a term that runs from an event, up to whose last hour something can be done.</summary>
    /// <param name="from">The day of the event.</param>
    /// <param name="law">By whose rule.</param>
    /// <param name="working">Which days are working days where it has to be done.</param>
    public DateOnly LastDay(DateOnly from, TermLaw law, WorkingDays working)
    {
        ArgumentNullException.ThrowIfNull(working);
        return law switch
        {
            TermLaw.Regulation1182 => WithTwoWorkingDays(from, Moved(Counted(from, working.Includes), working.Includes),
                working),
            TermLaw.Bgb or TermLaw.Cpc => Moved(Counted(from, working.Includes), working.Includes),
            TermLaw.Abgb => Moved(Counted(from, IsOpenInAustria), IsOpenInAustria),
            // That from which it runs is its first day.
            TermLaw.InterpretationAct => Unit is TermUnit.Months or TermUnit.Years
                ? DayBefore(from)
                : Counted(from.AddDays(-1), working.Includes),
        };

        bool IsOpenInAustria(DateOnly day) => working.Includes(day) && day != Easter.Sunday(day.Year).AddDays(-2);
    }

    /// <summary>Hours, after that in which the event was (Regulation No 1182/71, Art. 3(1), (2)(a)): no holiday moves
    /// their end (3(4)). Whether the two working days of 3(5) are due to hours is not decided here, and the earlier end
    /// is given.</summary>
    /// <param name="from">The event.</param>
    /// <param name="hours">How many.</param>
    /// <returns>The first instant at which they are over.</returns>
    public static DateTimeOffset EndOfHours(DateTimeOffset from, int hours)
    {
        var utc = from.ToUniversalTime();
        return new DateTimeOffset(utc.Year, utc.Month, utc.Day, utc.Hour, 0, 0, TimeSpan.Zero).AddHours(1 + hours);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Count.ToString(CultureInfo.InvariantCulture)} {(Count == 1 ? Words(Unit)[..^1] : Words(Unit))}";

    // The day of the event is not part of it.
    private DateOnly Counted(DateOnly from, Func<DateOnly, bool> isOpen)
    {
        switch (Unit)
        {
            case TermUnit.Days:
                return from.AddDays(Count);
            case TermUnit.Weeks:
                return from.AddDays(7 * Count);
            case TermUnit.Months:
            case TermUnit.Years:
                return SameDate(from);
            case TermUnit.WorkingDays:
                break;
        }

        var left = Count;
        while (left > 0)
        {
            from = from.AddDays(1);
            left -= isOpen(from) ? 1 : 0;
        }

        return from;
    }

    // .NET takes the last day of a month that has not the date, as all these rules do.
    private DateOnly SameDate(DateOnly from) =>
        Unit == TermUnit.Years ? from.AddYears(Count) : from.AddMonths(Count);

    // Where the month has not the date, its last day is the day before it already.
    private DateOnly DayBefore(DateOnly from) =>
        SameDate(from) is var same && same.Day < from.Day ? same : same.AddDays(-1);

    private static DateOnly Moved(DateOnly day, Func<DateOnly, bool> isOpen)
    {
        while (!isOpen(day))
            day = day.AddDays(1);
        return day;
    }

    // Art. 3(5): a period of two days or more has two working days at least.
    private DateOnly WithTwoWorkingDays(DateOnly from, DateOnly last, WorkingDays working)
    {
        if (Unit is TermUnit.Days or TermUnit.WorkingDays && Count < 2)
            return last;
        var found = 0;
        for (var day = from.AddDays(1); day <= last && found < 2; day = day.AddDays(1))
            found += working.Includes(day) ? 1 : 0;
        for (; found < 2; found++)
            last = working.NotBefore(last.AddDays(1));
        return last;
    }

    private static string Words(TermUnit unit) => unit switch
    {
        TermUnit.Days => "days",
        TermUnit.WorkingDays => "working-days",
        TermUnit.Weeks => "weeks",
        TermUnit.Months => "months",
        TermUnit.Years => "years",
    };
}
