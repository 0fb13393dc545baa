using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Aval.Portal.Safety;

/// <summary>
/// Sends what <see cref="Telemetry"/> has to a collector, by the OpenTelemetry protocol, where the environment says so
/// in OpenTelemetry's own variables: an endpoint is set (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, or that of traces or
/// metrics), and nothing is switched off. Nothing but our own activities and the duration of requests by route is taken
/// up: those of ASP.NET and of HTTP clients hold addresses, and with them links and tickets.
/// </summary>
internal sealed class Exporting : IDisposable
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // What ASP.NET measures of requests by route; its other instruments are of no use without addresses.
    private const string Requests = "http.server.request.duration";

    private static readonly string[] Tags =
        ["http.request.method", "http.route", "http.response.status_code", "error.type"];

    private readonly TracerProvider? _traces;
    private readonly MeterProvider? _metrics;

    private Exporting(TracerProvider? traces, MeterProvider? metrics) => (_traces, _metrics) = (traces, metrics);

    /// <summary>Begins, where it is asked for.</summary>
    /// <param name="environment">OpenTelemetry's variables.</param>
    public static Exporting Start(IConfiguration environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return new Exporting(
            IsOn(environment, "TRACES")
                ? Sdk.CreateTracerProviderBuilder().ConfigureServices(services => services.AddSingleton(environment))
                    .ConfigureResource(Named).AddSource(Telemetry.Name).AddOtlpExporter().Build()
                : null,
            IsOn(environment, "METRICS")
                ? Sdk.CreateMeterProviderBuilder().ConfigureServices(services => services.AddSingleton(environment))
                    .ConfigureResource(Named).AddMeter(Telemetry.Name).AddMeter("Microsoft.AspNetCore.Hosting")
                    .AddView(instrument => instrument.Meter.Name == Telemetry.Name ? null
                        : instrument.Name == Requests
                            ? new ExplicitBucketHistogramConfiguration { TagKeys = Tags }
                            : MetricStreamConfiguration.Drop)
                    .AddOtlpExporter().Build()
                : null);
    }

    /// <summary>Sends what is left.</summary>
    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    private static bool IsOn(IConfiguration environment, string signal) =>
        (environment[Endpoint] ?? environment[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"]) is { Length: > 0 }
        && environment["OTEL_SDK_DISABLED"]?.ToUpperInvariant() is not "TRUE"
        && environment[$"OTEL_{signal}_EXPORTER"] is null or "" or "otlp";

    // What the operator names it (OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES) comes after, and counts.
    private static void Named(ResourceBuilder resource) =>
        resource.AddService("aval-portal").AddEnvironmentVariableDetector();
}
