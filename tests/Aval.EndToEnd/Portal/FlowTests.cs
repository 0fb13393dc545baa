using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Aval.Portal;
using Microsoft.Playwright;

namespace Aval.EndToEnd.Portal;

/// <summary>
/// All that a person can do, in the three languages that stand for all: written with care, drafted by a machine, and
/// with six plural forms; on a phone and on a desk, with and without JavaScript. Each pair of these is among the cases,
/// all of them with AVAL_LONG.
/// </summary>
public sealed class FlowTests : IClassFixture<FlowTests.WithProvider>
{
    private readonly WithProvider _served;

    public FlowTests(WithProvider served) => _served = served;

    public static TheoryData<int, string, bool, bool> Visitors
    {
        get
        {
            var visitors = new TheoryData<int, string, bool, bool>
            {
                { 0, "en", true, true }, { 1, "en", false, false }, { 2, "fr", false, true }, { 3, "fr", true, false },
                { 4, "mt", true, true }, { 5, "mt", false, false },
            };
            if (Environment.GetEnvironmentVariable("AVAL_LONG") == "1")
                visitors.AddRange(
                    (6, "en", true, false), (7, "en", false, true), (8, "fr", true, true), (9, "fr", false, false),
                    (10, "mt", false, true), (11, "mt", true, false));
            return visitors;
        }
    }

    [Theory, MemberData(nameof(Visitors))]
    public async Task Everything_that_a_person_can_do_is_done(
        int number, string language, bool isPhone, bool hasScript)
    {
        await using var context = await _served.Context(language, isPhone, hasScript);
        // Each visitor has an address of their own, or the limit that stops one from asking too often stops them all.
        await context.SetExtraHTTPHeadersAsync(new Dictionary<string, string>
        {
            ["X-Forwarded-For"] = $"198.51.100.{number}",
        });
        var page = await context.NewPageAsync();
        await ObjectByLink(page, number, language);
        await SayAfterLogin(page, language);
        await SeeMyData(page);
        await RemoveSomebodyElsesPost(page, number);
        await AnswerAndTakeBack(page, language);
        await LogInByMail(page, number);
        await LogInAtTheProvider(context, page, number);
    }

    private async Task ObjectByLink(IPage page, int number, string language)
    {
        await page.GotoAsync(_served.Link($"facebook:{500 + number}"));
        await Fits(page, language);
        await Press(page, "/object");
        await Fits(page, language);
    }

    // The platform's login; then object, lift, narrow: each leads to its receipt.
    private async Task SayAfterLogin(IPage page, string language)
    {
        await page.GotoAsync(_served.Address + "/login");
        await page.GetByText("facebook:1000001").ClickAsync();
        await Fits(page, language);
        // The one before in this world narrowed an objection last.
        if (await Form(page, "/me/lift").CountAsync() > 0)
            await Say(page, "lift");
        foreach (var what in new[] { "object", "lift", "object" })
            await Say(page, what);
        await page.GotoAsync(_served.Address + "/me/items");
        await page.Locator("main input[type=checkbox]").First.CheckAsync();
        await Press(page, "/me/items");
        await Say(page, "object");
        await Say(page, "narrow-about-me");
    }

    private async Task Say(IPage page, string what)
    {
        await page.GotoAsync(_served.Address + "/me");
        await Press(page, $"/me/{what}");
    }

    private async Task SeeMyData(IPage page)
    {
        await page.GotoAsync(_served.Address + "/me/data");
        var file = await page.RunAndWaitForDownloadAsync(
            () => page.Locator("a[href^='/me/data.json']").ClickAsync());
        using var data = JsonDocument.Parse(await File.ReadAllTextAsync((await file.PathAsync())!, Ended));
        Assert.Contains("post-of-1", data.RootElement.GetProperty("items").ToString(), StringComparison.Ordinal);
        // What was decided of it in the release, and why: nobody knows the age of whoever wrote it.
        var item = Assert.Single(Assert.Single(data.RootElement.GetProperty("releases").EnumerateArray())
            .GetProperty("items").EnumerateArray());
        Assert.Equal(
            ("item:facebook:post-of-1", false, "age-unknown"),
            (item.GetProperty("item").GetString(), item.GetProperty("in").GetBoolean(),
                item.GetProperty("reason").GetString()));
    }

    private async Task RemoveSomebodyElsesPost(IPage page, int number)
    {
        await page.GotoAsync(_served.Address + "/someone-else");
        await page.Locator("#service").SelectOptionAsync("facebook");
        await page.Locator("#item").FillAsync($"somebody-elses-{number}");
        await Press(page, "/someone-else");
    }

    // Consent is not asked for in what a machine drafted; to say no is possible in every language.
    private async Task AnswerAndTakeBack(IPage page, string language)
    {
        await page.GotoAsync(_served.AskedAddress + "/login");
        await page.GetByText("facebook:1000002").ClickAsync();
        var asked = page.Locator("details:has(form[action^='/me/answer']), details:has(form[action^='/me/refuse'])");
        if (await asked.CountAsync() > 0)
            await asked.Locator("summary").ClickAsync();
        if (language == "mt")
        {
            Assert.Equal(0, await page.Locator("input[type=radio]").CountAsync());
            await Press(page, "/me/refuse");
            return;
        }

        Assert.Equal(0, await page.Locator("input:checked").CountAsync());
        await page.Locator("input[name=train-generative-ai][value=yes]").CheckAsync();
        await Press(page, "/me/answer");
        await page.GotoAsync(_served.AskedAddress + "/me");
        await Press(page, "/me/withdraw");
    }

    private async Task LogInByMail(IPage page, int number)
    {
        await page.GotoAsync(_served.Address + "/login/mail");
        await page.Locator("#address").FillAsync($"case{number}@example.org");
        await Form(page, "/login/mail").Locator("button").ClickAsync();
        await page.GotoAsync(await _served.Letter($"case{number}@example.org"));
        await page.Locator("main form button").ClickAsync();
        Assert.Contains($"facebook:{700 + number}", await page.ContentAsync(), StringComparison.Ordinal);
    }

    private async Task LogInAtTheProvider(IBrowserContext context, IPage page, int number)
    {
        await context.AddCookiesAsync([new() { Name = "who", Value = $"{800 + number}", Url = _served.Provider }]);
        await page.GotoAsync(_served.Address + "/login/openid");
        Assert.Contains($"facebook:{800 + number}", await page.ContentAsync(), StringComparison.Ordinal);
        await Press(page, "/me/object");
    }

    private static ILocator Form(IPage page, string action) =>
        page.Locator($"form[action^='{action}'], form[action$='{action}']");

    private static async Task Press(IPage page, string action)
    {
        await Form(page, action).Locator("button").First.ClickAsync();
        Assert.Contains("/receipt/", page.Url, StringComparison.Ordinal);
    }

    private static async Task Fits(IPage page, string language)
    {
        Assert.Equal(language, await page.Locator("html").GetAttributeAsync("lang"));
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"));
    }

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    /// <summary>The same with somebody else's OpenID provider.</summary>
    public sealed class WithProvider : BrowserTests.Served
    {
        private const string Client = "aval", ClientSecret = "an-invented-secret";
        private Process? _provider;
        private string _secret = "";

        /// <summary>Where the provider is.</summary>
        public string Provider { get; } = $"http://127.0.0.1:{FreePort()}";

        internal override PortalSettings With(PortalSettings settings) => settings with
        {
            TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")],
            OpenId = new PersonsProvider(
                new OpenIdSettings("Example", new Uri(Provider), Client, _secret, "sub")
                {
                    // A machine that does much else at once is not a provider that hangs.
                    Patience = TimeSpan.FromMinutes(1),
                },
                "facebook"),
        };

        public override async ValueTask InitializeAsync()
        {
            _secret = Secret("openid.secret", ClientSecret);
            _provider = Process.Start(new ProcessStartInfo(
                "dotnet",
                [
                    Path.Combine(AppContext.BaseDirectory, "Aval.IdentityProvider.dll"), Provider, Client, ClientSecret,
                    Address + "/login/openid/return",
                ])
            { RedirectStandardOutput = true })!;
            // It says a line when it listens.
            Assert.NotNull(await _provider.StandardOutput.ReadLineAsync(Ended));
            await base.InitializeAsync();
        }

        public override async ValueTask DisposeAsync()
        {
            _provider?.Kill(entireProcessTree: true);
            _provider?.Dispose();
            await base.DisposeAsync();
        }
    }
}
