using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Aval.Portal.Safety;

/// <summary>
/// What can be measured from outside, by OpenTelemetry or any other listener of .NET's own meters and activities; by
/// nobody unless somebody listens. Tags are routes as they are written in the program, methods, status codes and kinds:
/// a trace of ASP.NET's own would hold addresses, and with them links and tickets, so requests have one of ours.
/// Durations of requests are in its meter, Microsoft.AspNetCore.Hosting, by route.
/// </summary>
internal static class Telemetry
{
    /// <summary>The name of the meter and of the source of activities.</summary>
    public const string Name = "Aval.Portal";

    private static readonly Meter Meter = new(Name);

    /// <summary>Requests.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Choices that were acknowledged.</summary>
    public static Counter<long> Choices { get; } =
        Meter.CreateCounter<long>("aval.portal.choices", "{choice}", "Choices that were acknowledged.");

    /// <summary>How long an act waits until a signed checkpoint covers it.</summary>
    public static Histogram<double> Recording { get; } = Meter.CreateHistogram<double>(
        "aval.portal.recording.duration", "s", "From when an act came until a signed checkpoint covered it.");

    /// <summary>Acts that wait.</summary>
    public static UpDownCounter<long> Waiting { get; } =
        Meter.CreateUpDownCounter<long>("aval.portal.waiting", "{act}", "Acts that wait to be recorded.");
}
