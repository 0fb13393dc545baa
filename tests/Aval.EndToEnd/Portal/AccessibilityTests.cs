using Microsoft.Playwright;

namespace Aval.EndToEnd.Portal;

/// <summary>
/// Every page as axe sees it (WCAG 2.2, levels A and AA, and its own good practice): on a phone, in the dark, with
/// forced colours, and at 400 % of a desk, where 1,280 points are 320.
/// </summary>
public sealed class AccessibilityTests(BrowserTests.Served served) : IClassFixture<BrowserTests.Served>
{
    // Contrast knows two cases: the light colours, on the phone, and the dark ones, of which nothing else differs.
    // Forced colours are the system's.
    private static readonly (string Looks, int Width, int Height, string Rules)[] Looks =
    [
        ("phone", 390, 844, "{}"),
        ("dark", 1280, 900, Axe.Colours),
        ("forced", 1280, 900, Axe.NoContrast),
        ("zoomed", 320, 256, Axe.NoContrast),
    ];

    [Fact]
    public async Task Axe_finds_nothing_on_any_page()
    {
        await using var context = await served.Chromium.NewContextAsync(new() { Locale = "en" });
        var page = await context.NewPageAsync();
        var faults = new List<string>();
        await People(page, faults);
        await Asked(page, faults);
        await Officers(page, faults);
        Assert.Empty(faults);
    }

    // AVAL_SCREENSHOTS=DIR keeps what each page looked like.
    private static async Task Look(IPage page, List<string> faults)
    {
        var path = new Uri(page.Url).AbsolutePath;
        foreach (var (looks, width, height, rules) in Looks)
        {
            await page.SetViewportSizeAsync(width, height);
            await page.EmulateMediaAsync(new()
            {
                ColorScheme = looks == "dark" ? ColorScheme.Dark : ColorScheme.Light,
                ForcedColors = looks == "forced" ? ForcedColors.Active : ForcedColors.None,
            });
            if (Environment.GetEnvironmentVariable("AVAL_SCREENSHOTS") is { Length: > 0 } folder)
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, NameOf(page, looks)), FullPage = true });
            faults.AddRange((await Axe.Run(page, rules)).Select(fault => $"{looks}: {path}: {fault}"));
            // At 400 % nothing is to be read by scrolling in two directions (WCAG 1.4.10).
            if (!await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"))
                faults.Add($"{looks}: {path}: it is wider than the window");
        }
    }

    private static string NameOf(IPage page, string looks)
    {
        var parts = new Uri(page.Url).AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries)
            .Where(part => part.Length < 20).DefaultIfEmpty("first");
        return $"{string.Join('-', parts)}-{new Uri(page.Url).Port}-{looks}.png";
    }

    private async Task People(IPage page, List<string> faults)
    {
        foreach (var path in new[] { "/", "/?lang=mt", "/check", "/someone-else", "/nowhere" })
        {
            await page.GotoAsync(served.Address + path);
            await Look(page, faults);
        }

        await ByMail(page, faults);
        await page.GotoAsync(served.Link("facebook:204"));
        await Look(page, faults);
        await page.Locator("main form button").ClickAsync();
        await Look(page, faults); // The receipt.
        await page.GotoAsync(served.Address + "/login");
        await page.GetByText("facebook:1000002").ClickAsync();
        foreach (var path in new[] { "/me", "/me/data", "/me/items", "/me/requests" })
        {
            await page.GotoAsync(served.Address + path);
            await Look(page, faults);
        }
    }

    // Each step of a login by e-mail: to ask, what is said then, the link in the letter, and the link again.
    private async Task ByMail(IPage page, List<string> faults)
    {
        const string address = "case4@example.org";
        await page.GotoAsync(served.Address + "/login/mail");
        await Look(page, faults);
        await page.Locator("#address").FillAsync(address);
        await page.Locator("main form button").ClickAsync();
        await Look(page, faults);
        var link = await served.Letter(address);
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
        await page.GotoAsync(served.AskedAddress);
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
        await page.GotoAsync(served.AskedAddress + "/me");
        await Look(page, faults);
        // Whoever comes next is asked again.
        await page.GetByRole(AriaRole.Button, new() { Name = "Take back my yes" }).ClickAsync();
        await Look(page, faults);
    }

    private async Task Officers(IPage page, List<string> faults)
    {
        await page.GotoAsync(served.OfficersLink());
        await Look(page, faults);
        await page.GetByRole(AriaRole.Button, new() { Name = "Enter" }).ClickAsync();
        var places = await page.Locator("nav.places a").EvaluateAllAsync<string[]>(
            "all => all.map(one => one.getAttribute('href'))");
        foreach (var place in places)
        {
            await page.GotoAsync(served.Address + place);
            await Look(page, faults);
        }

        // One request, with all that can be done next, and one release.
        foreach (var list in new[] { "/officer/requests", "/officer/releases" })
        {
            await page.GotoAsync(served.Address + list);
            await page.Locator($"main a[href^='{list}/']").First.ClickAsync();
            await page.EvaluateAsync("document.querySelectorAll('details').forEach(one => one.open = true)");
            Assert.NotEqual(list, new Uri(page.Url).AbsolutePath);
            await Look(page, faults);
        }
    }
}
