using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Aval.EndToEnd.Portal;

/// <summary>
/// Every page as axe sees it (WCAG 2.2, levels A and AA, and its own good practice): on a phone, in the dark, with
/// forced colours, and at 400 % of a desk, where 1,280 points are 320.
/// </summary>
public sealed class AccessibilityTests : IClassFixture<BrowserTests.Served>
{
    private readonly BrowserTests.Served _served;
    private AxeRunOptions _rules = new();

    public AccessibilityTests(BrowserTests.Served served) => _served = served;

    [Theory]
    [InlineData("phone", 4), InlineData("dark", 5), InlineData("forced", 6), InlineData("zoomed", 7)]
    public async Task Axe_finds_nothing_on_any_page(string looks, int person)
    {
        _rules = RulesOf(looks);
        await using var context = await Looking(looks);
        var page = await context.NewPageAsync();
        var faults = new List<string>();
        await People(page, person, faults);
        await Asked(page, faults);
        await Officers(page, faults);
        Assert.Empty(faults);
    }

    // AVAL_SCREENSHOTS=DIR keeps what each page looked like.
    private async Task Look(IPage page, List<string> faults)
    {
        if (Environment.GetEnvironmentVariable("AVAL_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, NameOf(page)), FullPage = true });
        var found = await page.RunAxe(_rules);
        var path = new Uri(page.Url).AbsolutePath;
        faults.AddRange(found.Violations.Select(fault =>
            $"{path}: {fault.Id}: {string.Join("; ", fault.Nodes.Select(node => node.Html))}"));
        // At 400 % nothing is to be read by scrolling in two directions (WCAG 1.4.10).
        if (!await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"))
            faults.Add($"{path}: it is wider than the window");
    }

    // Contrast is the rule that takes the most time by far, and knows two cases: the light colours, on the phone, and
    // the dark ones, of which nothing else differs. Forced colours are the system's.
    private static AxeRunOptions RulesOf(string looks) => looks switch
    {
        "dark" => new()
        {
            RunOnly = new() { Type = "rule", Values = ["color-contrast", "link-in-text-block"] },
        },
        "zoomed" or "forced" => new() { Rules = new() { ["color-contrast"] = new() { Enabled = false } } },
        _ => new(),
    };

    private static string NameOf(IPage page)
    {
        var parts = new Uri(page.Url).AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries)
            .Where(part => part.Length < 20).DefaultIfEmpty("first");
        var width = page.ViewportSize!.Width;
        return $"{string.Join('-', parts)}-{new Uri(page.Url).Port}-{width}.png";
    }

    private async Task People(IPage page, int person, List<string> faults)
    {
        foreach (var path in new[] { "/", "/?lang=mt", "/check", "/someone-else", "/nowhere" })
        {
            await page.GotoAsync(_served.Address + path);
            await Look(page, faults);
        }

        await ByMail(page, person, faults);
        await page.GotoAsync(_served.Link($"facebook:20{person}"));
        await Look(page, faults);
        await page.Locator("main form button").ClickAsync();
        await Look(page, faults); // The receipt.
        await page.GotoAsync(_served.Address + "/login");
        await page.GetByText("facebook:1000002").ClickAsync();
        foreach (var path in new[] { "/me", "/me/data", "/me/items", "/me/requests" })
        {
            await page.GotoAsync(_served.Address + path);
            await Look(page, faults);
        }
    }

    // Each step of a login by e-mail: to ask, what is said then, the link in the letter, and the link again. No two
    // tests ask for the same person: the letters stay, and a link is good once.
    private async Task ByMail(IPage page, int person, List<string> faults)
    {
        var address = $"case{person}@example.org";
        await page.GotoAsync(_served.Address + "/login/mail");
        await Look(page, faults);
        await page.Locator("#address").FillAsync(address);
        await page.Locator("main form button").ClickAsync();
        await Look(page, faults);
        var link = await _served.Letter(address);
        await page.GotoAsync(link);
        await Look(page, faults);
        await page.Locator("main form button").ClickAsync();
        await Look(page, faults);
        await page.GotoAsync(link);
        await Look(page, faults);
    }

    // The regime that asks, before and after an answer.
    private async Task Asked(IPage page, List<string> faults)
    {
        await page.GotoAsync(_served.AskedAddress);
        await Look(page, faults);
        await page.Locator("main a.button").First.ClickAsync();
        await page.GetByText("facebook:1000003").ClickAsync();
        await Look(page, faults);
        // Who said no is not asked again, and can answer all the same.
        await page.EvaluateAsync("document.querySelectorAll('details').forEach(one => one.open = true)");
        await Look(page, faults);
        await page.Locator("input[name=train-generative-ai][value=yes]").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Record my answer" }).ClickAsync();
        await Look(page, faults);
        await page.GotoAsync(_served.AskedAddress + "/me");
        await Look(page, faults);
        // Whoever comes next is asked again.
        await page.GetByRole(AriaRole.Button, new() { Name = "Take back my yes" }).ClickAsync();
        await Look(page, faults);
    }

    private async Task Officers(IPage page, List<string> faults)
    {
        await page.GotoAsync(_served.OfficersLink());
        await Look(page, faults);
        await page.GetByRole(AriaRole.Button, new() { Name = "Enter" }).ClickAsync();
        var places = await page.Locator("nav.places a").EvaluateAllAsync<string[]>(
            "all => all.map(one => one.getAttribute('href'))");
        foreach (var place in places)
        {
            await page.GotoAsync(_served.Address + place);
            await Look(page, faults);
        }

        // One request, with all that can be done next, and one release.
        foreach (var list in new[] { "/officer/requests", "/officer/releases" })
        {
            await page.GotoAsync(_served.Address + list);
            await page.Locator($"main a[href^='{list}/']").First.ClickAsync();
            await page.EvaluateAsync("document.querySelectorAll('details').forEach(one => one.open = true)");
            Assert.NotEqual(list, new Uri(page.Url).AbsolutePath);
            await Look(page, faults);
        }
    }

    private Task<IBrowserContext> Looking(string looks) => _served.Chromium.NewContextAsync(new()
    {
        Locale = "en",
        ColorScheme = looks == "dark" ? ColorScheme.Dark : ColorScheme.Light,
        ForcedColors = looks == "forced" ? ForcedColors.Active : ForcedColors.None,
        ViewportSize = looks switch
        {
            "phone" => new() { Width = 390, Height = 844 },
            "zoomed" => new() { Width = 320, Height = 256 },
            _ => new() { Width = 1280, Height = 900 },
        },
    });
}
