using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using Aval.Building;
using Aval.Content;
using Aval.Founding;
using Aval.Policies;
using Aval.Portal;
using Aval.Portal.Demo;
using Aval.Portal.Doors;
using Aval.Recording;
using Aval.Requests;
using Aval.Storage;
using Aval.Tests;
using Microsoft.Playwright;
using MimeKit;

namespace Aval.EndToEnd.Portal;

/// <summary>The portal in Debian's Chromium, on a phone and on a desk, with and without JavaScript.</summary>
public sealed class BrowserTests : IClassFixture<BrowserTests.Served>
{
    private readonly Served _served;

    public BrowserTests(Served served) => _served = served;

    public static TheoryData<string, bool, bool> Visitors => new()
    {
        { "en", true, true }, { "fr", true, false }, { "mt", false, false }, { "fr", false, true },
    };

    [Theory, MemberData(nameof(Visitors))]
    public async Task From_the_notice_to_a_receipt_that_the_browser_verifies_itself_takes_two_taps(
        string language, bool isPhone, bool hasScript)
    {
        var account = $"facebook:{1000 + Visitors.Select((row, at) => (row, at))
            .Single(one => one.row.Data == (language, isPhone, hasScript)).at}";
        await using var context = await _served.Context(language, isPhone, hasScript);
        var page = await context.NewPageAsync();
        await page.GotoAsync(_served.Link(account)); // The first tap, in the notice.
        Assert.Equal(language, await page.Locator("html").GetAttributeAsync("lang"));
        // What matters is seen without scrolling sideways.
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"));
        await page.Locator("main form button").ClickAsync(); // The second.
        Assert.Contains("/receipt/", page.Url, StringComparison.Ordinal);
        var saved = await page.RunAndWaitForDownloadAsync(() => page.Locator("section.receipt a").ClickAsync());
        var file = (await saved.PathAsync())!;
        Assert.Equal(account, Receipt.Parse(await File.ReadAllBytesAsync(file, Ended)).Statement.Account);
        if (hasScript)
            await Verify(page, file);
    }

    [Fact]
    public async Task A_person_logs_in_says_yes_and_takes_it_back_in_no_more_steps()
    {
        await using var context = await _served.Context("en", isPhone: true, hasScript: false);
        var page = await context.NewPageAsync();
        await page.GotoAsync(_served.AskedAddress);
        await page.Locator("main a.button").First.ClickAsync();
        await page.GetByText("facebook:1000002").ClickAsync();
        Assert.Equal(0, await page.Locator("input:checked").CountAsync());
        await page.Locator("input[name=train-generative-ai][value=yes]").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Record my answer" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "You said yes" }).WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "My choices" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Take back my yes" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "You took back your yes" }).WaitForAsync();
    }

    // Two parts of every page that a browser refuses are a hole in the policy that it was sent.
    [Fact]
    public async Task No_page_breaks_its_own_content_security_policy()
    {
        await using var context = await _served.Context("de", isPhone: false, hasScript: true);
        var page = await context.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                complaints.Add(message.Text);
        };
        var link = new Uri(_served.Link("facebook:1000")).AbsolutePath;
        foreach (var path in new[] { "/", "/check", "/someone-else", link })
            await page.GotoAsync(_served.Address + path);
        Assert.Empty(complaints);
    }

    [Theory, InlineData(true, false), InlineData(false, true)]
    public async Task The_officers_pages_fit_a_phone_and_a_desk_and_break_no_policy_of_theirs(
        bool isPhone, bool hasScript)
    {
        await using var context = await _served.Context("en", isPhone, hasScript);
        var page = await context.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                complaints.Add(message.Text);
        };
        await page.GotoAsync(_served.OfficersLink());
        await page.GetByRole(AriaRole.Button, new() { Name = "Enter" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Overview" }).WaitForAsync();
        var places = await page.Locator("nav.places a").EvaluateAllAsync<string[]>(
            "all => all.map(one => one.getAttribute('href'))");
        Assert.True(places.Length > 10);
        foreach (var place in places)
        {
            await page.GotoAsync(_served.Address + place);
            // A table scrolls by itself; the page does not.
            Assert.True(
                await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), place);
            Assert.Equal(1, await page.Locator("h1").CountAsync());
            Assert.Equal(1, await page.Locator("nav.places [aria-current=page]").CountAsync());
            // Whatever can be filled in has a name.
            Assert.Equal(0, await page.Locator("input:not([type=hidden]), select, textarea").EvaluateAllAsync<int>(
                "all => all.filter(one => one.labels.length === 0).length"));
        }

        Assert.Empty(complaints);
        await page.GetByRole(AriaRole.Button, new() { Name = "Leave" }).ClickAsync();
        var gone = await page.GotoAsync(_served.Address + "/officer");
        Assert.Equal((int)HttpStatusCode.Forbidden, gone!.Status);
    }

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    private async Task Verify(IPage page, string file)
    {
        await page.GotoAsync(_served.Address + "/check");
        await page.Locator("#receipt").SetInputFilesAsync(file);
        await page.Locator("main form button").ClickAsync();
        await page.Locator("#verdict.good").WaitForAsync();
        // One letter of what was said, and it is not verified any more.
        var changed = (await File.ReadAllTextAsync(file, Ended))
            .Replace("\"everything\"", "\"everythinG\"", StringComparison.Ordinal);
        await page.Locator("#receipt").SetInputFilesAsync(new FilePayload
        {
            Name = "changed.receipt",
            MimeType = "text/plain",
            Buffer = System.Text.Encoding.UTF8.GetBytes(changed),
        });
        await page.Locator("main form button").ClickAsync();
        await page.Locator("#verdict.bad").WaitForAsync();
    }

    /// <summary>Two portals, one for each regime, over a small platform with a release and a request, and a
    /// browser.</summary>
    public class Served : IAsyncLifetime
    {
        private const string Key = "an-invented-key";
        private readonly TemporaryFolder _folder = new();
        private PortalHost _host = null!, _asking = null!;
        private IPlaywright _playwright = null!;
        private IBrowser _browser = null!;
        private string _contactKey = "";

        public string Address { get; } = $"http://127.0.0.1:{FreePort()}";

        public string AskedAddress { get; } = $"http://127.0.0.1:{FreePort()}";

        public string Link(string account) => $"{Address}/n/{_host.Links.Make("2025-04", Account.Parse(account))}";

        public string OfficersLink() => $"{Address}/officer/enter/"
            + _host.Officers.Issue(new ShownOfficer("Test", OfficerRole.Officer));

        /// <summary>The link in the letter to an address, once it is there.</summary>
        public async Task<string> Letter(string address)
        {
            while (true)
            {
                foreach (var file in Directory.GetFiles(_folder.File("letters"), "*.eml"))
                {
                    using var letter = await MimeMessage.LoadAsync(file, Ended);
                    if (letter.To.Mailboxes.Single().Address == address)
                        return letter.TextBody!.Split().First(word =>
                            word.StartsWith("http", StringComparison.Ordinal));
                }

                await Task.Delay(10, Ended);
            }
        }

        /// <summary>A file of a secret, for a setting.</summary>
        protected string Secret(string name, string secret)
        {
            var path = _folder.File(name);
            Durable.CreateNew(path, System.Text.Encoding.UTF8.GetBytes(secret + "\n"), Durable.Private);
            return path;
        }

        /// <summary>What portal.yaml says besides.</summary>
        internal virtual PortalSettings With(PortalSettings settings) => settings;

        public virtual async ValueTask InitializeAsync()
        {
            _contactKey = Secret("contact.key", Key);
            _host = await Serve("objecting", Address, "opt-out");
            _asking = await Serve("asked", AskedAddress, "opt-in");
            const string chromium = "/usr/bin/chromium";
            Assert.SkipUnless(File.Exists(chromium), "Debian's chromium is not installed.");
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new()
            {
                ExecutablePath = chromium,
                Args = ["--no-sandbox", "--disable-gpu"],
            });
        }

        /// <summary>The browser itself.</summary>
        public IBrowser Chromium => _browser;

        public Task<IBrowserContext> Context(
            string language, bool isPhone, bool hasScript) => _browser.NewContextAsync(new()
            {
                Locale = language,
                JavaScriptEnabled = hasScript,
                ViewportSize = isPhone ? new() { Width = 390, Height = 844 } : new() { Width = 1280, Height = 900 },
                HasTouch = isPhone,
            });

        public virtual async ValueTask DisposeAsync()
        {
            GC.SuppressFinalize(this);
            if (_browser is not null)
                await _browser.DisposeAsync();
            _playwright?.Dispose();
            await _host.DisposeAsync();
            await _asking.DisposeAsync();
            _folder.Dispose();
        }

        private async Task<PortalHost> Serve(string name, string address, string policy)
        {
            var workspace = NewWorkspace.Create(_folder.File(name), Settings.Default with { Buckets = 4 });
            Fill(workspace);
            var platform = new DemoPlatform(address);
            var settings = platform.Settings(PolicyReader.Read(PolicyReader.Find(policy))) with
            {
                Mail = new MailSettings(
                    new MailAddress("choices@example.org"), _contactKey,
                    new PostSettings.Drop(_folder.File("letters"))),
            };
            return await PortalHost.Start(workspace, With(settings), address, TimeProvider.System, platform.Map);
        }

        // One item of each of the demo's people, addresses of others, a release, and a request of nobody's account.
        private void Fill(Workspace workspace)
        {
            void Import(ContentKind kind, IEnumerable<string> lines)
            {
                var path = _folder.File($"{Guid.NewGuid():N}.csv");
                File.WriteAllLines(path, lines);
                Importing.Tables(
                    workspace, [path], new ImportOptions(kind, null, false, false, null, null, null, Limits),
                    TimeProvider.System, (_, _) => { });
            }

            Import(ContentKind.Items, DemoPlatform.People
                .Select(account => $"post-of-{account[^1]},facebook,post,{account},public,2024-03-04T05:06:07Z,words,"
                    + "2024-06-01T00:00:00Z")
                .Prepend("item_id,service,kind,author,audience,created_at,text,observed_at"));
            var key = new ContactKey(Key);
            Import(ContentKind.Accounts, Enumerable.Range(0, 20)
                .Select(number => $"facebook:{700 + number},{key.Of($"case{number}@example.org")},2024-06-01T00:00:00Z")
                .Prepend("account,contact,observed_at"));
            Pipeline.Build(
                workspace,
                new BuildRequest(
                    PolicyReader.Read(PolicyReader.Find("opt-out")), CorpusName.Parse("sample"),
                    Instant.Parse("2026-01-15T00:00:00Z", "T"), null, Limits),
                _ => { });
            var now = TimeProvider.System.UtcNow();
            Recorder.EnterOnce(
                workspace,
                new Asked(now, "officer Ada", Right.Access, null, now, "letter", IsAcknowledged: false)
                {
                    Text = "A copy of all that you hold.",
                }.Seal());
        }

        private static EngineLimits Limits => new(1, 500_000_000);

        protected static int FreePort()
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            return ((IPEndPoint)probe.LocalEndpoint).Port;
        }
    }
}
