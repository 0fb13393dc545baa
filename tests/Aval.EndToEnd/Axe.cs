using System.Text.Json;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Aval.EndToEnd;

/// <summary>
/// axe-core in a page. Our pages have no frames, so that axe runs in the page itself, which knows it from then on: to
/// ask for frames, as the package's own call does, would read it twice and open another page for every look.
/// </summary>
internal static class Axe
{
    /// <summary>Options: every rule but that on contrast, which takes the most time by far.</summary>
    public const string NoContrast = """{"rules": {"color-contrast": {"enabled": false}}}""";

    /// <summary>Options: the rules on colours alone.</summary>
    public const string Colours =
        """{"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}""";

    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    /// <summary>What axe finds in a page as it is shown now.</summary>
    /// <param name="page">The page.</param>
    /// <param name="options">For <c>axe.run</c>, in JSON.</param>
    /// <returns>A line for each rule that is broken: its id, and the elements.</returns>
    public static async Task<IReadOnlyList<string>> Run(IPage page, string options = "{}")
    {
        Assert.Equal(0, await page.Locator("iframe, frame").CountAsync());
        if (!await page.EvaluateAsync<bool>("typeof axe === 'object'"))
            _ = await page.EvaluateAsync(Script + ";undefined");
        var found = await page.EvaluateAsync<JsonElement>(
            "options => axe.run(document, { ...JSON.parse(options), resultTypes: ['violations'] })", options);
        // A run in which no rule was asked anything has looked at nothing.
        Assert.NotEqual(0, found.GetProperty("passes").GetArrayLength());
        return
        [
            .. found.GetProperty("violations").EnumerateArray().Select(fault =>
                $"{fault.GetProperty("id").GetString()}: " + string.Join("; ", fault.GetProperty("nodes")
                    .EnumerateArray().Select(node => node.GetProperty("html").GetString()))),
        ];
    }
}
