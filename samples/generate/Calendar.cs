using System.Globalization;

namespace Aval.Sample;

/// <summary>The dates of the sample's story. No clock: they are what happened.</summary>
internal static class Calendar
{
    /// <summary>The platform exported its content.</summary>
    public static DateTimeOffset Observed { get; } = At("2026-01-10");

    /// <summary>An earlier export: what had another audience or another link then.</summary>
    public static DateTimeOffset ObservedBefore { get; } = At("2025-03-01");

    /// <summary>The first account.</summary>
    public static DateTimeOffset FirstAccount { get; } = At("2009-01-01");

    /// <summary>Nothing in the sample was written at or after this.</summary>
    public static DateTimeOffset LastItem { get; } = At("2026-01-01");

    /// <summary>Training was first spoken of in public; the first objections came.</summary>
    public static DateTimeOffset FirstAnnounced { get; } = At("2024-06-06");

    /// <summary>Training was announced for the second time; the information notices went out.</summary>
    public static DateTimeOffset Announced { get; } = At("2025-04-14");

    /// <summary>Training with public content of the Union began.</summary>
    public static DateTimeOffset Started { get; } = At("2025-05-27");

    /// <summary>The question for consent went out.</summary>
    public static DateTimeOffset Asked { get; } = At("2025-09-15");

    /// <summary>The last statement that the sample has.</summary>
    public static DateTimeOffset LastChoice { get; } = At("2025-12-28");

    /// <summary>The version of the information notice.</summary>
    public const string InformationNotice = "information-2025-04";

    /// <summary>The version of the notice that asks for consent.</summary>
    public const string ConsentNotice = "consent-2025-09";

    /// <summary>An instant from <c>2025-05-27</c> or <c>2025-05-27T10:30:00Z</c>.</summary>
    public static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    /// <summary>The first day of the year in which somebody turns an age, so nobody of the sample is younger than said.</summary>
    public static DateTimeOffset YearOf(int birthYear, int age) => new(birthYear + age, 1, 1, 0, 0, 0, TimeSpan.Zero);
}
