using System.Globalization;

namespace Aval.Terms;

/// <summary>
/// Which days are working days: all but public holidays, Sundays and Saturdays (Regulation (EEC, Euratom) No 1182/71,
/// Art. 2(2)). By value, so that settings compare.
/// </summary>
internal sealed class WorkingDays : IEquatable<WorkingDays>
{
    /// <summary>Saturdays and Sundays are known, and no holidays.</summary>
    public static WorkingDays Weekdays { get; } = new(null, [], []);

    private readonly SortedSet<DateOnly> _more;
    private readonly SortedSet<DateOnly> _fewer;

    /// <summary>A calendar.</summary>
    /// <param name="jurisdiction">Whose holidays; null = nobody's.</param>
    /// <param name="more">Holidays beside those of its rules.</param>
    /// <param name="fewer">Days that are none, whatever its rules say.</param>
    public WorkingDays(Jurisdiction? jurisdiction, IEnumerable<DateOnly> more, IEnumerable<DateOnly> fewer) =>
        (Jurisdiction, _more, _fewer) = (jurisdiction, [.. more], [.. fewer]);

    /// <summary>Whose holidays; null = nobody's.</summary>
    public Jurisdiction? Jurisdiction { get; }

    /// <summary>Whether a day is a public holiday.</summary>
    public bool IsHoliday(DateOnly day) => _more.Contains(day)
        || (!_fewer.Contains(day) && Jurisdiction is { } whose && HolidayRules.Of(whose, day.Year).Contains(day));

    /// <summary>Whether a day is a working day.</summary>
    public bool Includes(DateOnly day) =>
        day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !IsHoliday(day);

    /// <summary>A day, or the working day that follows where it is none (Art. 3(4)).</summary>
    public DateOnly NotBefore(DateOnly day)
    {
        while (!Includes(day))
            day = day.AddDays(1);
        return day;
    }

    /// <summary>The lines of aval.yaml; empty when nothing is stated.</summary>
    public string ToYaml()
    {
        var whose = Jurisdiction is { } jurisdiction ? $"\njurisdiction: {jurisdiction.ToText()}" : "";
        return _more.Count + _fewer.Count == 0 ? whose : whose + "\nholidays: ["
            + string.Join(", ", _more.Select(Day).Concat(_fewer.Select(day => $"\"-{Day(day)}\""))) + "]";
    }

    /// <summary>The same with holidays added, and with days (<c>-YYYY-MM-DD</c>) that are none.</summary>
    /// <param name="days">The days as they are written.</param>
    /// <returns>Null = one of them is no day.</returns>
    public WorkingDays? With(IEnumerable<string?> days)
    {
        ArgumentNullException.ThrowIfNull(days);
        var (more, fewer) = (new List<DateOnly>(), new List<DateOnly>());
        foreach (var text in days)
        {
            var struck = text is ['-', ..];
            if (!DateOnly.TryParseExact(struck ? text![1..] : text, "yyyy-MM-dd", out var day))
                return null;
            (struck ? fewer : more).Add(day);
        }

        return new WorkingDays(Jurisdiction, more, fewer);
    }

    /// <summary>The same of a jurisdiction.</summary>
    public WorkingDays Of(Jurisdiction jurisdiction) => new(jurisdiction, _more, _fewer);

    /// <inheritdoc/>
    public bool Equals(WorkingDays? other) => other is not null && Jurisdiction == other.Jurisdiction
        && _more.SetEquals(other._more) && _fewer.SetEquals(other._fewer);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as WorkingDays);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Jurisdiction, _more.Count, _fewer.Count);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
