using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using System.Text.Json;
using Aval.Content;
using Aval.Ledger;
using Aval.Portal;
using Aval.Portal.Api;
using Aval.Portal.Safety;
using Aval.Storage;

namespace Aval.Tests.Portal;

/// <summary>Limits, logs, measures, and what is said when something is broken.</summary>
public sealed class SafetyTests
{
    private static readonly IPNetwork Loopback = IPNetwork.Parse("127.0.0.0/8");

    [Theory]
    [InlineData(true, "198.51.100.1", "198.51.100.2", HttpStatusCode.NotFound)]
    // What stands left of what the proxy wrote, anybody can have written.
    [InlineData(true, "203.0.113.1, 198.51.100.1", "203.0.113.2, 198.51.100.1", HttpStatusCode.TooManyRequests)]
    [InlineData(true, "198.51.100.1, 127.0.0.2", "198.51.100.2, 127.0.0.3", HttpStatusCode.NotFound)]
    [InlineData(true, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::9", HttpStatusCode.TooManyRequests)]
    [InlineData(true, "2001:db8:1:2::1", "2001:db8:1:3::1", HttpStatusCode.NotFound)]
    [InlineData(false, "198.51.100.1", "198.51.100.2", HttpStatusCode.TooManyRequests)]
    public async Task A_client_is_whom_a_trusted_proxy_names_and_who_connects_otherwise(
        bool trusted, string first, string second, HttpStatusCode expected)
    {
        await using var portal = PortalWorld.With(settings => settings with
        {
            TrustedProxies = trusted ? [Loopback] : [],
        });
        using var one = portal.Browser();
        one.Headers.Add("X-Forwarded-For", first);
        await SpendAll(one);
        using var other = portal.Browser();
        other.Headers.Add("X-Forwarded-For", second);
        using var answer = await other.Send("/n/x/object");
        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    public void A_client_of_IPv6_is_a_whole_64(string address, string client) =>
        Assert.Equal(client, RateLimits.Client(IPAddress.Parse(address)));

    [Fact]
    public async Task Whoever_tries_tokens_is_soon_asked_to_come_again_and_a_good_token_is_not_held_up()
    {
        await using var portal = PortalWorld.Open();
        var last = default(HttpStatusCode);
        for (var times = 0; times < 70 && last != HttpStatusCode.TooManyRequests; times++)
        {
            using var stranger = portal.Caller($"try-{times}");
            using var answer = await stranger.Post("/api/v1/choices", Objection("facebook:7"));
            last = answer.StatusCode;
            if (last == HttpStatusCode.TooManyRequests)
                Assert.NotNull(answer.Headers.RetryAfter);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
        using var agent = portal.Caller(PortalWorld.Token);
        using var good = await agent.Post("/api/v1/choices", Objection("facebook:7"));
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
    }

    [Fact]
    public async Task An_agent_that_sends_more_than_it_may_is_asked_to_come_again_and_no_other()
    {
        await using var portal = PortalWorld.With(settings => settings with
        {
            Agents =
            [
                PortalWorld.Agent("loud", AgentScope.WriteChoices) with { PerMinute = 1 },
                PortalWorld.Agent("calm", AgentScope.WriteChoices),
            ],
        });
        using var loud = portal.Caller("loud");
        var answers = new List<HttpStatusCode>();
        for (var times = 0; times < 3; times++)
        {
            using var answer = await loud.Post("/api/v1/choices", Objection("facebook:7"));
            answers.Add(answer.StatusCode);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
                Assert.NotNull(answer.Headers.RetryAfter);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], answers);
        using var calm = portal.Caller("calm");
        using var other = await calm.Post("/api/v1/choices", Objection("facebook:8"));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Browsers_are_told_to_keep_to_https_for_a_year_where_people_come_over_https()
    {
        await using var secure = PortalWorld.With(settings => settings with { Url = new Uri("https://a.example") });
        using var browser = secure.Browser();
        foreach (var path in new[] { "/", "/nothing-here", "/api/v1/choices", "/ledger/checkpoint", "/healthz" })
        {
            using var answer = await browser.Get(path);
            Assert.Equal(
                "max-age=31536000; includeSubDomains",
                Assert.Single(answer.Headers.GetValues("Strict-Transport-Security")));
        }

        await using var plain = PortalWorld.Open();
        using var local = plain.Browser();
        using var without = await local.Get("/");
        Assert.False(without.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task What_cannot_be_published_is_not_acknowledged_and_is_when_it_can()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser();
        using var first = await browser.Send($"{portal.Link("facebook:1")}/object");
        Assert.Equal(HttpStatusCode.SeeOther, first.StatusCode);
        var key = portal.Workspace.SigningKeyFile;
        var good = await File.ReadAllBytesAsync(key, TestContext.Current.CancellationToken);
        File.Delete(key);
        SigningKey.Generate(portal.Workspace.Settings.Origin).CreateNew(key);
        using var agent = portal.Caller(PortalWorld.Token);
        agent.Headers.Add("Idempotency-Key", "one");
        using var page = await browser.Send($"{portal.Link("facebook:2")}/object");
        using var call = await agent.Post("/api/v1/choices", Objection("facebook:3"));
        foreach (var answer in new[] { page, call })
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
            Assert.DoesNotContain("aval-receipt", await Browser.TextOf(answer), StringComparison.Ordinal);
            Assert.DoesNotContain(portal.Workspace.Root, await Browser.TextOf(answer), StringComparison.Ordinal);
        }

        File.Delete(key);
        await File.WriteAllBytesAsync(key, good, TestContext.Current.CancellationToken);
        FileModes(key);
        using var again = await agent.Post("/api/v1/choices", Objection("facebook:3"));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotent-Replayed")));
        Assert.Single(portal.Choices("facebook:3"));
        // It was never denied: what a person said is honoured, and has its receipt with the next checkpoint.
        Assert.Single(portal.Choices("facebook:2"));
    }

    [Fact]
    public async Task The_portal_is_ready_while_its_store_is_the_one_that_was_published()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser();
        Assert.Equal("ok\n", await browser.Read("/healthz"));
        Assert.Equal("ready\n", await browser.Read("/readyz"));
        await using var broken = PortalWorld.Open();
        File.Delete(broken.Workspace.Choices);
        using var other = broken.Browser();
        using var answer = await other.Get("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("ok\n", await other.Read("/healthz"));
    }

    [Fact]
    public async Task A_portal_reads_content_that_was_split_while_it_runs()
    {
        await using var portal = PortalWorld.Open();
        using var before = portal.Browser();
        Assert.NotEmpty(await portal.LogIn(before, "facebook:7"));
        Compaction.Fold(
            portal.Workspace, 2 * portal.Workspace.Settings.Buckets, new EngineLimits(1, 500_000_000), portal.Clock,
            (_, _) => { });
        using var after = portal.Browser();
        Assert.NotEmpty(await portal.LogIn(after, "facebook:7"));
        Assert.Equal("ready\n", await after.Read("/readyz"));
        Assert.DoesNotContain("\"exit\":", portal.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_portal_that_cannot_read_content_says_so_and_is_there_for_who_follows_a_link()
    {
        await using var portal = PortalWorld.Open();
        var file = Path.Combine(portal.Workspace.Root, Workspace.FileName);
        File.WriteAllLines(file, File.ReadAllLines(file).Select(
            line => line.StartsWith("buckets:", StringComparison.Ordinal) ? "buckets: 64" : line));
        using var browser = portal.Browser();
        Assert.Equal(
            "ready, but aval.yaml or the content cannot be read: who logs in may see nothing (aval check says why)\n",
            await browser.Read("/readyz"));
        using var objected = await browser.Send($"{portal.Link("facebook:1")}/object");
        Assert.Equal(HttpStatusCode.SeeOther, objected.StatusCode);
    }

    [Fact]
    public async Task Logs_and_traces_hold_routes_and_numbers_and_nobodys_account_text_link_or_token()
    {
        var (tags, counted) = (new ConcurrentBag<string>(), 0L);
        using var activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Telemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => tags.Add(string.Join(' ', activity.TagObjects)),
        };
        ActivitySource.AddActivityListener(activities);
        using var meters = new MeterListener();
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Telemetry.Name)
                listener.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<long>((instrument, measured, _, _) =>
        {
            if (instrument == Telemetry.Choices)
                Interlocked.Add(ref counted, measured);
        });
        meters.Start();
        string[] secrets;
        StringWriter log;
        await using (var portal = PortalWorld.Open())
        {
            log = portal.Log;
            secrets = await Session(portal);
        }

        var lines = log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length > 10, log.ToString());
        foreach (var line in lines)
        {
            using var read = JsonDocument.Parse(line);
            Assert.True(read.RootElement.TryGetProperty("time", out _));
        }

        Assert.Contains(lines, line => line.Contains("/n/{letters}/object", StringComparison.Ordinal));
        Assert.Contains(tags, tag => tag.Contains("/n/{letters}/object", StringComparison.Ordinal));
        Assert.True(Interlocked.Read(ref counted) >= 2);
        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(secret, log.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(tags, tag => tag.Contains(secret, StringComparison.Ordinal));
        }
    }

    // All doors, good and bad, with names that are in nothing else.
    private static async Task<string[]> Session(PortalWorld portal)
    {
        const string forged = "/x\r\n{\"event\":\"forged\"}";
        using var browser = portal.Browser();
        var link = portal.Link("facebook:4711007");
        using var looked = await browser.Get(link);
        using var act = await browser.Send($"{link}/object");
        using var receipt = await browser.Get(act.Headers.Location!.ToString());
        using var none = await browser.Get($"/n/{Uri.EscapeDataString(forged)}");
        var form = await portal.LogIn(browser, "facebook:7");
        using var said = await browser.Send("/me/withdraw", ("form", form), ("text", "a-text-of-mine"));
        using var data = await browser.Get("/me/data.json");
        using var agent = portal.Caller(PortalWorld.Token);
        using var brought = await agent.Post("/api/v1/choices", Objection("facebook:4711008"));
        using var wrong = await agent.Post("/api/v1/choices", Objection("facebook: 4711009"));
        using var stranger = portal.Caller("a-token-that-is-none");
        using var refused = await stranger.Post("/api/v1/choices", Objection("facebook:4711010"));
        using var odd = await browser.Get("/a-path-that-is-none?a-query=of-mine");
        return
        [
            "4711007", "4711008", "4711009", "4711010", link["/n/".Length..], "forged", PortalWorld.Token,
            "a-token-that-is-none", "a-text-of-mine", "a-path-that-is-none", "of-mine", "texte ", form,
            act.Headers.Location.ToString(), "127.0.0.1",
        ];
    }

    private static async Task SpendAll(Browser browser)
    {
        var last = default(HttpStatusCode);
        for (var times = 0; times < 80 && last != HttpStatusCode.TooManyRequests; times++)
        {
            using var answer = await browser.Send("/n/x/object");
            last = answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
    }

    private static void FileModes(string key) => Aval.Storage.FileModes.MakePrivate(key);

    private static StringContent Objection(string account) =>
        new($$"""{"kind":"objection","account":"{{account}}"}""", Encoding.UTF8, "application/json");
}
