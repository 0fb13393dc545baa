using System.Text.Json;
using Aval.Cases;
using Aval.Documents;
using Aval.Storage;
using Aval.Terms;
using Aval.Tests;
using Microsoft.Playwright;

namespace Aval.EndToEnd;

/// <summary>Papers of a workspace that is new: there is nothing to tell yet, and all of them are written.</summary>
public sealed class PapersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PapersTests() => AvalProcess.RunIn(_folder.Path, "init", Workspace).Done();

    private string Workspace => _folder.File("work");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_paper_whose_figure_was_changed_is_refused_with_code_1()
    {
        var file = _folder.File("record.html");
        using var made = JsonDocument.Parse(
            AvalProcess.Run(Workspace, "papers", "record", "--language", "fr", "--out", file, "--json").Done().Output);
        Assert.NotEmpty(made.RootElement.GetProperty("blanks").EnumerateArray());
        AvalProcess.Run(Workspace, "papers", "check", file).Done();

        // What is filled in contradicts nothing; a figure that is typed over does.
        var text = File.ReadAllText(file);
        Durable.Replace(file, text.Replace("[&#224; compl", "[rempli : compl", StringComparison.Ordinal));
        AvalProcess.Run(Workspace, "papers", "check", file).Done();
        Durable.Replace(file, text.Replace(">16</span>", ">17</span>", StringComparison.Ordinal));
        var answer = AvalProcess.Run(Workspace, "papers", "check", file);
        Assert.Equal(1, answer.Exit);
        Assert.Contains("says \"17\", but aval papers facts#/buckets says \"16\"", answer.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Axe_finds_nothing_on_a_paper_or_a_draft()
    {
        const string chromium = "/usr/bin/chromium";
        Assert.SkipUnless(File.Exists(chromium), "Debian's chromium is not installed.");
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = chromium,
            Args = ["--no-sandbox", "--disable-gpu"],
        });
        foreach (var (paper, language) in new[] { ("impact", "fr"), ("safeguards", "de") })
            AvalProcess.Run(Workspace, "papers", paper, "--language", language, "--out", _folder.File($"{paper}.html"))
                .Done();
        WriteDrafts();
        var pages = Directory.GetFiles(_folder.Path, "*.html").Order().ToArray();
        Assert.Equal(2 + 3 * Enum.GetValues<DraftKind>().Length, pages.Length);
        foreach (var (half, scheme) in new[] { (0, ColorScheme.Dark), (1, ColorScheme.Light) })
        {
            await using var context = await browser.NewContextAsync(new()
            {
                ColorScheme = scheme,
                ViewportSize = new() { Width = 320, Height = 640 },
            });
            var page = await context.NewPageAsync();
            // All of them have one style sheet: each is looked at in one of the two schemes, and the contrast, which
            // takes the most time by far, where a paper and a draft have every kind of element.
            foreach (var (at, file) in pages.Index().Where(one => one.Index % 2 == half))
            {
                await page.GotoAsync(new Uri(file).AbsoluteUri);
                var isOfOwnLooks = at < 2 || !Path.GetFileName(file).StartsWith("draft", StringComparison.Ordinal);
                Assert.Empty((await Axe.Run(page, isOfOwnLooks ? "{}" : Axe.NoContrast))
                    .Select(fault => $"{Path.GetFileName(file)}: {fault}"));
                Assert.True(await page.EvaluateAsync<bool>(
                    "document.documentElement.scrollWidth <= window.innerWidth"));
            }
        }
    }

    private void WriteDrafts()
    {
        var whole = CaseJson.After(
            CaseReader.Parse("""
                case: notice-1
                kind: formal-notice
                title: "Sans consentement"
                jurisdiction: DE
                footing: representative-action
                parties:
                  - {role: claimant, name: "An association", address: "Vienna"}
                  - {role: respondent, name: "Example Ltd"}
                allegations:
                  - {text: "Content of an objector is in a release.", law: ["GDPR 21(3)"]}
                remedies:
                  - {text: "Stop.", penalty: "5,000 euros"}
                deadline: {set: 2025-05-21}
                """, "case.yaml"),
            Instant.Parse("2025-05-14T09:00:00Z", "now"), "Ada", "opened");
        foreach (var kind in Enum.GetValues<DraftKind>())
        {
            foreach (var language in DocumentText.Languages)
                DocumentFile.Write(
                    _folder.File($"draft-{kind}-{language}.html"),
                    CaseDraft.Of(whole, kind, language, WorkingDays.Weekdays));
        }
    }
}
