using System.Globalization;
using System.Text.RegularExpressions;

namespace Aval;

/// <summary>
/// Instants are UTC with microseconds and are written <c>2025-05-27T00:00:00.000000Z</c>. Input may leave the fraction
/// out or shorten it; finer input, or input without a zone, is refused, because guessing either would move somebody's
/// objection in time.
/// </summary>
internal static partial class Instant
{
    /// <summary>What a well-formed instant looks like, for messages.</summary>
    public const string Example = "UTC, for example 2025-05-27T00:00:00Z";

    /// <summary>
    /// The same rule for the engine (RE2 syntax, whole string). It limits hours and offsets itself (no zone is further
    /// than 14 hours away), because the engine takes 24:00 for the next day and +99:59 for an offset.
    /// </summary>
    public const string Pattern =
        @"\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)";

    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>
    /// Reads an instant; <see langword="false"/> when it is finer than microseconds, without zone or impossible.
    /// </summary>
    public static bool TryParse(string? text, out DateTimeOffset instant)
    {
        instant = default;
        return text is not null
            && Shape().IsMatch(text)
            && DateTimeOffset.TryParse(
                text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out instant);
    }

    /// <summary>Reads an instant.</summary>
    /// <exception cref="AvalException">Usage, naming <paramref name="what"/> and what was found.</exception>
    public static DateTimeOffset Parse(string text, string what) => TryParse(text, out var instant)
        ? instant
        : throw AvalException.Usage($"{what} is written as {Example} (at most six digits of a second, always with its "
            + $"zone), but \"{text}\" was found. Nothing was done.");

    /// <summary>The one way an instant is written.</summary>
    public static string ToText(this DateTimeOffset instant) =>
        instant.ToUniversalTime().ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>Microseconds since 1970-01-01T00:00:00Z.</summary>
    public static long ToMicroseconds(this DateTimeOffset instant) =>
        (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>From microseconds since 1970-01-01T00:00:00Z.</summary>
    public static DateTimeOffset FromMicroseconds(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary>Now, cut to microseconds: what is stored is what was decided on.</summary>
    public static DateTimeOffset UtcNow(this TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return FromMicroseconds(clock.GetUtcNow().ToMicroseconds());
    }

    [GeneratedRegex("^" + Pattern + @"\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
