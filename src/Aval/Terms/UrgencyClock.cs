namespace Aval.Terms;

/// <summary>
/// How long a court believes that a matter is urgent: urgency is lost by who waits after the announcement, at least
/// when more than one month lies between announcement and start and an application was possible (OLG Schleswig, 12
/// August 2025, 6 UKl 3/25, headnote). No holiday moves its end, since nobody said that one does; of other courts it is
/// a caution, and not a rule.
/// </summary>
/// <param name="From">The day of the announcement, or of the first knowledge of it where that is what counts.</param>
internal sealed record UrgencyClock(DateOnly From)
{
    /// <summary>The last day on which an application is no more than a month late.</summary>
    public DateOnly LastDay => From.AddMonths(1);

    /// <summary>Whether it is over on a day.</summary>
    public bool IsLost(DateOnly today) => today > LastDay;
}
