using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Aval.Building;
using Aval.Corpus;
using Aval.Ledger;
using Aval.Portal.Safety;
using Aval.Portal.Webhooks;
using Aval.Recall;
using Aval.Recording;
using Aval.Storage;

namespace Aval.Tests.Portal;

/// <summary>What systems are told, and which can never be told anything.</summary>
public sealed class WebhookTests
{
    private static readonly IPNetwork Loopback = IPNetwork.Parse("127.0.0.0/8");
    private static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(number => (byte)number)];

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_choice_is_told_by_its_entry_signed_and_again_until_it_is_taken()
    {
        await using var portal = PortalWorld.Open();
        string id;
        // It never takes what it is told, however often it is asked before the portal ends.
        using var failing = new Receiver(500, 302);
        await using (Tell(portal, failing))
        {
            using var browser = portal.Browser();
            using var act = await browser.Send($"{portal.Link("facebook:7")}/object");
            var first = await failing.Next();
            id = first.Id;
            Assert.Equal(first with { At = "" }, await failing.Next() with { At = "" });
        }

        // What was not taken when the portal ended is told by the next one, to the system in its new place.
        using var receiver = new Receiver(200);
        await using (Tell(portal, receiver))
        {
            var taken = await receiver.Next();
            Assert.Equal(id, taken.Id);
            taken.RequireSigned(Secret);
            using var said = JsonDocument.Parse(taken.Body);
            Assert.Equal("choices.recorded", said.RootElement.GetProperty("type").GetString());
            var choice = Assert.Single(said.RootElement.GetProperty("data").GetProperty("choices").EnumerateArray());
            Assert.Equal("objection", choice.GetProperty("kind").GetString());
            Assert.Equal($"choices.recorded-{choice.GetProperty("index").GetInt64()}", id);
            Assert.DoesNotContain("facebook", taken.Body, StringComparison.Ordinal);
            using var browser = portal.Browser();
            using var act = await browser.Send($"{portal.Link("facebook:8")}/object");
            Assert.NotEqual(id, (await receiver.Next()).Id);
        }
    }

    // The answer to it was lost, or the portal ended before the place moved on: a receiver that leaves out by id what
    // came before would take choices twice that come again under another one.
    [Fact]
    public async Task What_was_sent_and_not_taken_comes_again_as_it_was_whatever_is_recorded_meanwhile()
    {
        await using var portal = PortalWorld.Open();
        var hook = Hook(new Uri("https://hooks.example"));
        new Outbox(portal.Workspace, hook).Begin();
        using var browser = portal.Browser();
        using var act = await browser.Send($"{portal.Link("facebook:7")}/object");
        var first = new Outbox(portal.Workspace, hook).Next(portal.Clock.Now)!.Value;
        using var meanwhile = await browser.Send($"{portal.Link("facebook:8")}/object");

        var box = new Outbox(portal.Workspace, hook);
        var again = box.Next(portal.Clock.Now)!.Value;
        Assert.Equal(first.Message!.Id, again.Message!.Id);
        Assert.Equal(first.Message.Body, again.Message.Body);
        again.Taken();
        var next = box.Next(portal.Clock.Now)!.Value;
        Assert.NotEqual(first.Message.Id, next.Message!.Id);
        using var said = JsonDocument.Parse(next.Message.Body);
        Assert.Single(said.RootElement.GetProperty("data").GetProperty("choices").EnumerateArray());
        next.Taken();
        Assert.Null(box.Next(portal.Clock.Now));
    }

    [Fact]
    public async Task What_was_sent_and_not_taken_keeps_its_id_when_the_last_choice_of_it_is_forgotten()
    {
        await using var portal = PortalWorld.Open();
        var hook = Hook(new Uri("https://hooks.example"));
        new Outbox(portal.Workspace, hook).Begin();
        using var browser = portal.Browser();
        using var one = await browser.Send($"{portal.Link("facebook:7")}/object");
        using var other = await browser.Send($"{portal.Link("facebook:8")}/object");
        var box = new Outbox(portal.Workspace, hook);
        var first = box.Next(portal.Clock.Now)!.Value.Message!;
        using (var store = CommittedChoices.OpenStore(portal.Workspace))
        {
            var last = store.Read(new TreeSize(long.MaxValue)).Last().Index;
            var plan = Forgettings.Plan(
                portal.Workspace, store, [last], ForgettingReason.Request, portal.Clock.Now);
            store.Forget(plan.Choices, plan.DecidedAt);
        }

        var again = box.Next(portal.Clock.Now)!.Value.Message!;
        Assert.Equal(first.Id, again.Id);
        using var said = JsonDocument.Parse(again.Body);
        Assert.Single(said.RootElement.GetProperty("data").GetProperty("choices").EnumerateArray());
    }

    [Fact]
    public async Task A_request_is_told_once_a_week_before_its_last_day()
    {
        await using var portal = PortalWorld.Open();
        using var receiver = new Receiver(200);
        using var agent = portal.Caller(PortalWorld.Token);
        using var asked = await agent.Post("/api/v1/choices", new StringContent(
            """{"kind":"erasure","account":"facebook:7"}""", Encoding.UTF8, "application/json"));
        // Received on the 1st of March, so that the last day is the 1st of April.
        foreach (var (now, expected) in new[] { ("2026-03-24", 0), ("2026-03-25", 1), ("2026-03-26", 1) })
        {
            portal.Clock.Now = Instant.Parse($"{now}T12:00:00Z", "now");
            var box = new Outbox(portal.Workspace, Hook(receiver.Url) with
            {
                Events = new HashSet<WebhookEvent> { WebhookEvent.RequestDue },
            });
            box.Begin();
            var told = 0;
            while (box.Next(portal.Clock.Now) is { } next)
            {
                Assert.StartsWith("request.due-", next.Message!.Id, StringComparison.Ordinal);
                Assert.DoesNotContain("facebook", Encoding.UTF8.GetString(next.Message.Body), StringComparison.Ordinal);
                next.Taken();
                told++;
            }

            Assert.Equal(expected, told + (now == "2026-03-26" ? 1 : 0));
        }
    }

    [Fact]
    public async Task A_recall_is_told_by_its_entry_with_what_it_withdrew()
    {
        await using var portal = PortalWorld.Open();
        var box = new Outbox(portal.Workspace, Hook(new Uri("https://hooks.example")) with
        {
            Events = new HashSet<WebhookEvent> { WebhookEvent.RecallDone },
        });
        box.Begin();
        using var agent = portal.Caller(PortalWorld.Token);
        using var said = await agent.Post("/api/v1/choices", new StringContent(
            """{"kind":"objection","account":"facebook:7"}""", Encoding.UTF8, "application/json"));
        var (corpus, release) = (portal.Release.Split('/')[0], portal.Release.Split('/')[1]);
        ReleaseCommitment.EnterRecall(
            portal.Workspace, Path.Combine(portal.Workspace.Corpus, corpus, release),
            new RecallRecord(
                corpus, "older", release, portal.Clock.Now, portal.Clock.Now, TimeSpan.FromSeconds(1), null,
                new RowChanges(1, 0, 0), new Dictionary<string, (long, long)>(), [0], 4, 1, 1, ["older"], []).ToJson());
        var told = new List<string>();
        while (box.Next(portal.Clock.Now) is { } next)
        {
            if (next.Message is { } message)
            {
                Assert.Equal("recall.done-2", message.Id);
                told.Add(Encoding.UTF8.GetString(message.Body));
            }

            next.Taken();
        }

        using var body = JsonDocument.Parse(Assert.Single(told));
        Assert.Equal("recall.done", body.RootElement.GetProperty("type").GetString());
        var data = body.RootElement.GetProperty("data");
        Assert.Equal(portal.Release, data.GetProperty("release").GetString());
        Assert.Equal("older", Assert.Single(data.GetProperty("withdrawn").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task A_recall_whose_release_an_erasure_replaced_before_it_was_told_is_told()
    {
        await using var portal = PortalWorld.Open();
        var box = new Outbox(portal.Workspace, Hook(new Uri("https://hooks.example")) with
        {
            Events = new HashSet<WebhookEvent> { WebhookEvent.RecallDone },
        });
        box.Begin();
        var (corpus, release) = (portal.Release.Split('/')[0], portal.Release.Split('/')[1]);
        var folder = Path.Combine(portal.Workspace.Corpus, corpus, release);
        ReleaseCommitment.EnterRecall(portal.Workspace, folder, new RecallRecord(
            corpus, "older", release, portal.Clock.Now, portal.Clock.Now, TimeSpan.FromSeconds(1), null,
            new RowChanges(1, 0, 0), new Dictionary<string, (long, long)>(), [0], 4, 1, 1, ["older"], []).ToJson());
        var superseded = Path.Combine(portal.Workspace.Corpus, corpus, ReleaseName.SupersededFolder);
        FileModes.MakeReadableFolder(superseded);
        Directory.Move(folder, Path.Combine(superseded, release));
        var told = new List<string>();
        while (box.Next(portal.Clock.Now) is { } next)
        {
            if (next.Message is { } message)
                told.Add(Encoding.UTF8.GetString(message.Body));
            next.Taken();
        }

        Assert.Contains(release, Assert.Single(told), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recall_that_is_entered_and_not_yet_there_is_told_when_it_is()
    {
        await using var portal = PortalWorld.Open();
        var box = new Outbox(portal.Workspace, Hook(new Uri("https://hooks.example")) with
        {
            Events = new HashSet<WebhookEvent> { WebhookEvent.RecallDone },
        });
        box.Begin();
        var corpus = portal.Release.Split('/')[0];
        var releases = Path.Combine(portal.Workspace.Corpus, corpus);
        const string release = "20260301T000000Z-0123456789ab";
        var building = Path.Combine(releases, ".soon");
        FileModes.MakePrivateFolder(building);
        File.Copy(
            Path.Combine(portal.Workspace.Corpus, portal.Release, Aval.Corpus.Manifest.FileName),
            Path.Combine(building, Aval.Corpus.Manifest.FileName));
        using (FileLock.Acquire(Path.Combine(releases, Aval.Leases.Lease.LockName), "a test", TimeSpan.Zero))
        {
            ReleaseCommitment.EnterRecall(portal.Workspace, building, new RecallRecord(
                corpus, "older", release, portal.Clock.Now, portal.Clock.Now, TimeSpan.FromSeconds(1), null,
                new RowChanges(1, 0, 0), new Dictionary<string, (long, long)>(), [0], 4, 1, 1, ["older"], []).ToJson());
            Assert.Null(box.Next(portal.Clock.Now));
        }

        Directory.Move(building, Path.Combine(releases, release));
        var next = box.Next(portal.Clock.Now);
        Assert.Contains(release, Encoding.UTF8.GetString(next!.Value.Message!.Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_fails_is_said_and_what_happened_is_told_when_it_is_back()
    {
        await using var portal = PortalWorld.Open();
        using var receiver = new Receiver(200);
        using var log = new Lines();
        await using var told = Deliveries.Start(
            portal.Workspace, [Hook(receiver.Url)], new WebhookSender([Loopback]), portal.Clock,
            new PortalLog(log, portal.Clock), _ => TimeSpan.FromMilliseconds(1));
        // A checkpoint that nobody signed: what follows cannot be believed, and is not told.
        var checkpoint = PublishedCheckpoint.PathIn(portal.Workspace);
        using var browser = portal.Browser();
        using var first = await browser.Send($"{portal.Link("facebook:7")}/object");
        await receiver.Next();
        var whole = await File.ReadAllBytesAsync(checkpoint, Ended);
        Durable.Replace(checkpoint, "nobody's"u8);
        Assert.Contains("\"event\":\"webhook\"", await log.Next(), StringComparison.Ordinal);
        Durable.Replace(checkpoint, whole);
        using var act = await browser.Send($"{portal.Link("facebook:8")}/object");
        Assert.Equal(HttpStatusCode.SeeOther, act.StatusCode);
        Assert.Contains("objection", (await receiver.Next()).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_is_resolved_once_and_nothing_else_is_connected_to()
    {
        using var receiver = new Receiver(200);
        var asked = 0;
        // A name that leads elsewhere when it is asked again (DNS rebinding).
        using var sender = new WebhookSender([Loopback], (_, _) => Task.FromResult(
            asked++ == 0 ? new[] { IPAddress.Loopback } : [IPAddress.Parse("169.254.169.254")]));
        var hook = Hook(new UriBuilder(receiver.Url) { Host = "hooks.example" }.Uri);
        var sent = await sender.Send(hook, new WebhookMessage("one", "{}"u8.ToArray()), default, Ended);
        Assert.Equal((SendOutcome.Taken, 1), (sent, asked));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("172.31.0.1")]
    [InlineData("192.168.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("fe80::1")]
    [InlineData("fd00::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    public async Task Nothing_is_sent_to_an_address_that_is_not_of_the_public_internet(string address)
    {
        Assert.False(PublicAddresses.Hold(IPAddress.Parse(address)));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        // Also where one of several addresses is good.
        using var sender = new WebhookSender([], (_, _) => Task.FromResult(
            new[] { IPAddress.Parse(address), IPAddress.Parse("8.8.8.8") }));
        var hook = Hook(new Uri($"https://hooks.example:{((IPEndPoint)listener.LocalEndpoint).Port}/"));
        var sent = await sender.Send(hook, new WebhookMessage("one", "{}"u8.ToArray()), default, Ended);
        Assert.Equal(SendOutcome.NotNow, sent);
        Assert.False(listener.Pending(), "It was connected to.");
    }

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("2606:4700::1111")]
    [InlineData("::ffff:8.8.8.8")]
    public void Public_addresses_are_told(string address) =>
        Assert.True(PublicAddresses.Hold(IPAddress.Parse(address)));

    [Fact]
    public async Task Without_encryption_nothing_is_sent_and_no_redirect_is_followed()
    {
        using var receiver = new Receiver(302, 200);
        using var strict = new WebhookSender([]);
        var message = new WebhookMessage("one", "{}"u8.ToArray());
        Assert.Equal(SendOutcome.NotNow, await strict.Send(Hook(receiver.Url), message, default, Ended));
        Assert.Equal(0, receiver.Count);
        using var sender = new WebhookSender([Loopback]);
        Assert.Equal(SendOutcome.NotNow, await sender.Send(Hook(receiver.Url), message, default, Ended));
        Assert.Equal(1, receiver.Count);
    }

    private static Deliveries Tell(PortalWorld portal, Receiver receiver) => Deliveries.Start(
        portal.Workspace, [Hook(receiver.Url)], new WebhookSender([Loopback]), portal.Clock,
        new PortalLog(TextWriter.Null, portal.Clock), _ => TimeSpan.FromMilliseconds(1));

    private static WebhookSettings Hook(Uri url) => new(
        "back-office", url, Secret, new HashSet<WebhookEvent> { WebhookEvent.ChoicesRecorded });

    /// <summary>What the operator is told, line by line.</summary>
    private sealed class Lines : StringWriter
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

        public async Task<string> Next() => await _lines.Reader.ReadAsync(Ended);

        public override async Task WriteLineAsync(string? value) => await _lines.Writer.WriteAsync(value!, Ended);
    }

    private sealed record Message(string Id, string At, string Signature, string Body)
    {
        public void RequireSigned(byte[] secret) => Assert.Equal(
            $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{Id}.{At}.{Body}")))}",
            Signature);
    }

    /// <summary>A system that listens on loopback; it answers in turn, and then as it did last.</summary>
    private sealed class Receiver : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly Channel<Message> _received = Channel.CreateUnbounded<Message>();
        private readonly Queue<int> _answers;
        private int _count;

        public Receiver(params IEnumerable<int> answers)
        {
            _answers = new Queue<int>(answers);
            Url = new Uri($"http://127.0.0.1:{PortalWorld.FreePort()}/hook");
            _listener.Prefixes.Add($"http://*:{Url.Port}/");
            _listener.Start();
            _ = Listen();
        }

        public Uri Url { get; }

        public int Count => Volatile.Read(ref _count);

        public async Task<Message> Next() => await _received.Reader.ReadAsync(Ended);

        public void Dispose() => _listener.Close();

        private async Task Listen()
        {
            while (true)
            {
                HttpListenerContext asked;
                try
                {
                    asked = await _listener.GetContextAsync();
                }
                catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }

                Interlocked.Increment(ref _count);
                using var body = new StreamReader(asked.Request.InputStream);
                var headers = asked.Request.Headers;
                var message = new Message(
                    headers["webhook-id"]!, headers["webhook-timestamp"]!, headers["webhook-signature"]!,
                    await body.ReadToEndAsync(Ended));
                asked.Response.StatusCode = _answers.Count > 1 ? _answers.Dequeue() : _answers.Peek();
                if (asked.Response.StatusCode == 302)
                    asked.Response.RedirectLocation = "/elsewhere";
                asked.Response.Close();
                await _received.Writer.WriteAsync(message, Ended);
            }
        }
    }
}
