using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Aval.Cases;
using Aval.Documents;
using Aval.Papers;
using Aval.Requests;
using Aval.Terms;
using Aval.Tests.Papers;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;

namespace Aval.Tests.Documents;

/// <summary>
/// Every draft and every paper, in every language, as LibreOffice shows it on paper: somebody else's reader of DOCX.
/// </summary>
public sealed class LibreOfficeTests(PapersWorld world) : IClassFixture<PapersWorld>
{
    private const string Office = "/usr/bin/soffice";
    private const string ToText = "/usr/bin/pdftotext";

    private const string Begun = """
        case: notice-1
        kind: formal-notice
        title: "Sans consentement"
        jurisdiction: DE
        footing: representative-action
        parties:
          - {role: claimant, name: "An association", address: "Vienna"}
          - {role: respondent, name: "Example Ltd"}
        allegations:
          - {text: "Content of an objector is in a release.", law: ["GDPR 21(3)", "GDPR 6(1)"]}
          - {text: "The notice hides the form.", law: ["GDPR 12(2)"]}
        remedies:
          - {text: "Stop.", penalty: "5,000 euros"}
        deadline: {from: 2025-05-14, term: "7 days", law: regulation-1182-71, place: IE}
        urgent-from: 2025-04-14
        """;

    [Fact]
    public void Each_paper_opens_in_LibreOffice_with_its_numbers_and_its_blanks_and_nothing_unresolved()
    {
        Assert.SkipUnless(File.Exists(Office), "Debian's libreoffice-writer-nogui is not installed.");
        Assert.SkipUnless(File.Exists(ToText), "Debian's poppler-utils is not installed.");
        var folder = Directory.CreateDirectory(world.Folder("office")).FullName;
        var documents = Documents().ToArray();
        Assert.Equal(
            DocumentText.Languages.Count
                * (Enum.GetValues<DraftKind>().Length + Enum.GetValues<PaperKind>().Length),
            documents.Length);
        var files = documents.Select(document => Path.Combine(folder, $"{document.Name}.docx")).ToArray();
        foreach (var (document, file) in documents.Zip(files))
            DocumentFile.Write(file, document.Document);
        // One call for all of them: it takes longer to start than to convert.
        Run(Office, [
            "--headless", "--norestore", $"-env:UserInstallation={new Uri(world.Folder("office-profile"))}",
            "--convert-to", "pdf", "--outdir", folder, .. files,
        ]);
        foreach (var (document, file) in documents.Zip(files))
        {
            using (var docx = WordprocessingDocument.Open(file, isEditable: false))
                Assert.Empty(new OpenXmlValidator(FileFormatVersions.Microsoft365).Validate(
                    docx, TestContext.Current.CancellationToken));
            var pdf = Path.ChangeExtension(file, ".pdf");
            Assert.True(File.Exists(pdf), $"{document.Name}: LibreOffice made nothing of it.");
            Holds(document, Run(ToText, ["-raw", pdf, "-"]));
        }
    }

    // What a page holds whatever it is about; text is compared without its line breaks.
    private static void Holds(Made document, string text)
    {
        var (name, paper) = (document.Name, document.Document);
        Assert.True(text.Contains('\f', StringComparison.Ordinal), $"{name}: it has no page.");
        var flat = Flat(text);
        Assert.Contains(Flat(paper.Title), flat, StringComparison.Ordinal);
        // A resource that nobody filled in, or a name of one in the place of its sentence.
        Assert.DoesNotMatch("[{}]", flat);
        Assert.DoesNotMatch(@"\b(blank|said|title)-[a-z]+\b", flat);
        var marker = Flat(DocumentText.Of(paper.Language).Blank.Split('{')[0]);
        Assert.Equal((name, paper.Blanks.Count()), (name, Regex.Count(flat, Regex.Escape(marker))));
        Assert.NotEmpty(paper.Blanks);
        foreach (var allegation in document.Allegations)
            Assert.Matches(
                new Regex(Regex.Escape(Flat(string.Create(
                    CultureInfo.InvariantCulture, $"{allegation.Number}.{allegation.Text}")))), flat);
    }

    private IEnumerable<Made> Documents()
    {
        var whole = CaseFolder.Open(
            world.Workspace, CaseReader.Parse(Begun, "case.yaml"), Instant.Parse("2025-05-14T09:00:00Z", "now"), "Ada");
        foreach (var language in DocumentText.Languages)
        {
            foreach (var kind in Enum.GetValues<DraftKind>())
                yield return new Made(
                    $"draft-{RequestWords.Kebab(kind)}-{language}",
                    CaseDraft.Of(whole, kind, language, WorkingDays.Weekdays), whole.Allegations);
            foreach (var kind in Enum.GetValues<PaperKind>())
                yield return new Made($"paper-{kind.ToText()}-{language}", world.Make(kind, language).Document, []);
        }
    }

    private static string Flat(string text) => Regex.Replace(text, @"\s+", "");

    private static string Run(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program}: exit {process.ExitCode}\n{error.Result}\n{output}");
        return output;
    }

    private sealed record Made(string Name, Document Document, IReadOnlyList<Allegation> Allegations);
}
