using System.Net;
using System.Text;
using Aval.Portal.Safety;
using Google.Protobuf;
using Microsoft.Extensions.Configuration;

namespace Aval.Tests.Portal;

/// <summary>What a collector of OpenTelemetry is told, and what it is not.</summary>
public sealed class ExportingTests
{
    private static readonly string[] Known =
    [
        "http.request.method", "http.route", "http.response.status_code", "error.type", "service.name",
        "service.instance.id", "telemetry.sdk.name", "telemetry.sdk.language", "telemetry.sdk.version",
    ];

    [Fact]
    public async Task A_collector_is_told_routes_and_numbers_and_nothing_that_names_anybody()
    {
        using var collector = new Collector();
        var link = "";
        await using (var portal = PortalWorld.Open())
        {
            using (Exporting.Start(Variables(collector.Url)))
            {
                using var browser = portal.Browser();
                link = portal.Link("facebook:7");
                using var act = await browser.Send($"{link}/object");
                using var agent = portal.Caller(PortalWorld.Token);
                using var said = await agent.Post("/api/v1/choices", new StringContent(
                    """{"kind":"objection","account":"facebook:8"}""", Encoding.UTF8, "application/json"));
                Assert.Equal(HttpStatusCode.OK, said.StatusCode);
                using var nowhere = await browser.Get("/facebook:9?account=facebook:9");
            }
        }

        var (traces, metrics) = (collector.Of("/v1/traces"), collector.Of("/v1/metrics"));
        // ExportTraceServiceRequest, resource_spans, scope_spans, spans.
        var spans = traces.SelectMany(sent => At(sent, 1, 2, 2)).ToArray();
        var routes = spans.SelectMany(span => Attributes(span, 9)).Where(one => one.Key == "http.route")
            .Select(one => one.Value).ToArray();
        foreach (var route in new[] { "/n/{letters}/object", "/api/v1/choices", "{*path:nonfile}" })
            Assert.Contains(route, routes);
        // ExportMetricsServiceRequest, resource_metrics, scope_metrics, metrics; its sum's or histogram's points.
        var measured = metrics.SelectMany(sent => At(sent, 1, 2, 2)).ToArray();
        var names = measured.Select(metric => Encoding.UTF8.GetString(At(metric, 1).Single())).ToHashSet();
        Assert.Superset(new HashSet<string> { "aval.portal.choices", "http.server.request.duration" }, names);
        Assert.All(names, name => Assert.True(
            name.StartsWith("aval.portal.", StringComparison.Ordinal) || name == "http.server.request.duration", name));
        var keys = spans.SelectMany(span => Attributes(span, 9))
            .Concat(measured.SelectMany(metric => At(metric, 7, 1)).SelectMany(point => Attributes(point, 7)))
            .Concat(measured.SelectMany(metric => At(metric, 9, 1)).SelectMany(point => Attributes(point, 9)))
            .Concat(traces.Concat(metrics).SelectMany(sent => At(sent, 1, 1)).SelectMany(one => Attributes(one, 1)))
            .Select(one => one.Key).ToHashSet();
        Assert.Subset(Known.ToHashSet(), keys);
        foreach (var sent in traces.Concat(metrics).Select(Encoding.UTF8.GetString))
        {
            foreach (var secret in new[] { "facebook", link, link[3..], PortalWorld.Token, "127.0.0.1", "an-ngo" })
                Assert.DoesNotContain(secret, sent, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("OTEL_SDK_DISABLED", "true", "OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("OTEL_TRACES_EXPORTER", "none", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")]
    public async Task Nothing_is_sent_unless_the_environment_says_so(string? variable, string? value, string? endpoint)
    {
        using var collector = new Collector();
        await using (var portal = PortalWorld.Open())
        {
            using (Exporting.Start(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                [endpoint ?? "OTHER"] = collector.Url,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                [variable ?? "OTHER"] = value,
            }).Build()))
            {
                using var browser = portal.Browser();
                await browser.Read("/");
            }
        }

        Assert.Empty(collector.Of("/v1/traces"));
        Assert.Empty(collector.Of("/v1/metrics"));
    }

    private static IConfiguration Variables(string url) => new ConfigurationBuilder().AddInMemoryCollection(
        new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        }).Build();

    // The bytes of the fields at a path of numbers (Protocol Buffers, "Encoding").
    private static IEnumerable<byte[]> At(byte[] message, params int[] path)
    {
        if (path.Length == 0)
            return [message];
        var found = new List<byte[]>();
        var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == path[0]
                && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
                found.Add(input.ReadBytes().ToByteArray());
            else
                input.SkipLastField();
        }

        return found.SelectMany(one => At(one, path[1..]));
    }

    // KeyValue: key, and value's string_value.
    private static IEnumerable<(string Key, string Value)> Attributes(byte[] message, int field) =>
        At(message, field).Select(pair => (
            Encoding.UTF8.GetString(At(pair, 1).Single()),
            string.Concat(At(pair, 2, 1).Select(Encoding.UTF8.GetString))));

    /// <summary>A collector that takes everything.</summary>
    private sealed class Collector : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly List<(string Path, byte[] Body)> _sent = [];
        private readonly Task _taking;

        public Collector()
        {
            Url = $"http://127.0.0.1:{PortalWorld.FreePort()}";
            _listener.Prefixes.Add(Url + "/");
            _listener.Start();
            _taking = Take();
        }

        public string Url { get; }

        public byte[][] Of(string path)
        {
            lock (_sent)
                return [.. _sent.Where(one => one.Path == path).Select(one => one.Body)];
        }

        public void Dispose()
        {
            _listener.Close();
            _taking.GetAwaiter().GetResult();
        }

        private async Task Take()
        {
            try
            {
                while (true)
                {
                    var came = await _listener.GetContextAsync();
                    using var body = new MemoryStream();
                    await came.Request.InputStream.CopyToAsync(body);
                    lock (_sent)
                        _sent.Add((came.Request.Url!.AbsolutePath, body.ToArray()));
                    came.Response.Close();
                }
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
