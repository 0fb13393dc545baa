using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Aval;

/// <summary>
/// For how long choices of a kind are kept, from when they were received (GDPR Art. 5(1)(e)): <c>90 days</c> or <c>3
/// years</c>.
/// </summary>
/// <param name="Count">1–36500 days, 1–100 years.</param>
/// <param name="InYears">Years of the calendar; days otherwise.</param>
public readonly record struct Retention(int Count, bool InYears)
{
    /// <summary>What a well-formed period looks like, for messages.</summary>
    public const string Example = "a number of days or years (for example 90 days, 3 years)";

    /// <summary>The instant at which a choice has been kept for long enough.</summary>
    public DateTimeOffset End(DateTimeOffset receivedAt) =>
        InYears ? receivedAt.AddYears(Count) : receivedAt.AddDays(Count);

    /// <summary>Reads a period; <see langword="false"/> when it is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Retention retention)
    {
        retention = default;
        if (text?.Split(' ') is not [var number, var unit]
            || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return false;
        var (known, most, years) = unit switch
        {
            "day" or "days" => (true, 36_500, false),
            "year" or "years" => (true, 100, true),
            _ => (false, 0, false),
        };
        retention = new Retention(count, years);
        return known && count >= 1 && count <= most;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Count} {(InYears ? "years" : "days")}");
}
