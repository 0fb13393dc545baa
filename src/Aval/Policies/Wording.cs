using System.Globalization;

namespace Aval.Policies;

/// <summary>How sentences say days and lists.</summary>
internal static class Wording
{
    /// <summary>A day where the instant is a day's first, else the instant.</summary>
    public static string Day(DateTimeOffset instant) => instant.UtcDateTime.TimeOfDay == TimeSpan.Zero
        ? instant.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture) + " (00:00 UTC)"
        : instant.ToText();

    /// <summary>Names with commas, and an "and" before the last.</summary>
    public static string Names(IReadOnlyList<string> names) => names switch
    {
        [] => "nothing",
        [var one] => one,
        _ => $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}",
    };
}
