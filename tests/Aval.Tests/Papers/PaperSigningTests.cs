using System.Globalization;
using System.Text.RegularExpressions;
using Aval.Building;
using Aval.Papers;
using Aval.Policies;
using Aval.Recording;
using Aval.Requests;
using Aval.Storage;
using Aval.Tests.Authors;
using Aval.Tests.ContentStore;
using Aval.Tests.Runs;
using DocumentFormat.OpenXml.Packaging;

namespace Aval.Tests.Papers;

/// <summary>A policy that needs assessments builds nothing without them.</summary>
public sealed class PaperSigningTests : IDisposable
{
    private static readonly EngineLimits Limits = new(2, 500_000_000);

    private static readonly string Needing = BuiltRelease.AdmitsAll.TrimEnd()
        + "\n  - {id: assessment, require: [lia, dpia], max-age: 30d, law: \"GDPR 35\"}\n";

    private static readonly DateTimeOffset Signed = ContentWorld.Time("2026-01-20T00:00:00Z");
    private readonly RunsWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_build_is_refused_until_both_are_signed_for_this_text_and_when_they_are_too_old()
    {
        var policy = PolicyReader.Parse(Needing, "needing.yaml");
        Assert.Contains("no lia was ever signed", Refused(policy), StringComparison.Ordinal);
        var lia = Completed(PaperKind.Assessment, "docx");
        Sign(lia, policy);
        Assert.Contains("no dpia was ever signed", Refused(policy), StringComparison.Ordinal);
        Sign(Completed(PaperKind.Impact, "html"), policy);
        Assert.True(Directory.Exists(Build(policy).Directory));
        // Nobody was kept out by it, and the accounting says that it was there.
        Assert.Contains(
            Build(policy).Accounting.Rules, rule => rule is { Rule: "assessment", Matches: 0, Law: "GDPR 35" });
        // Thirty days are enough, and a moment more is too much.
        Build(policy, Signed.AddDays(30), "2026-01-17T00:00:00Z");
        Assert.Contains(
            "more than 30 days ago", Refused(policy, Signed.AddDays(30).AddTicks(10)),
            StringComparison.Ordinal);
        // Another text of the policy is another one.
        var changed = PolicyReader.Parse(Needing + "# a remark\n", "needing.yaml");
        Assert.Contains("was signed for another text", Refused(changed), StringComparison.Ordinal);
        // What is only taken out needs none.
        Pipeline.RefuseUnassessed(_world.Workspace, Request(changed, Signed) with { OnlyTakesOut = true });
        // A clock that was set back makes it no younger than what was recorded since.
        _world.Say(ChoiceKind.Objection, "facebook:5", received: "2026-02-25T00:00:00Z");
        Assert.Contains("more than 30 days ago", Refused(policy), StringComparison.Ordinal);
        var (index, signed) = PaperSigning.Under(_world.Workspace, lia)!.Value;
        Assert.Equal(("lia", "officer Kim", policy.Sha256), (signed.Paper, signed.By, signed.PolicySha256));
        using var choices = CommittedChoices.Open(_world.Workspace);
        Assert.Contains(choices.Store.Acts(choices.Store.Size), act => act.Index == index && act.Opens);
    }

    [Fact]
    public void A_form_with_blanks_a_contradicted_figure_and_another_paper_are_not_signed()
    {
        var policy = PolicyReader.Parse(Needing, "needing.yaml");
        var form = Written(PaperKind.Assessment, "docx", "en");
        Assert.Equal(ExitCode.Refused, Assert.Throws<AvalException>(() => Sign(form, policy)).Exit);
        var record = Completed(PaperKind.Record, "html");
        Assert.Equal(ExitCode.Usage, Assert.Throws<AvalException>(() => Sign(record, policy)).Exit);
        var page = Completed(PaperKind.Impact, "html");
        File.Delete(Paper.FiguresOf(page));
        Assert.Equal(ExitCode.BadInput, Assert.Throws<AvalException>(() => Sign(page, policy)).Exit);
        var typed = Completed(PaperKind.Assessment, "html");
        var text = File.ReadAllText(typed);
        var at = text.IndexOf("<span id=\"f2\">", StringComparison.Ordinal) + "<span id=\"f2\">".Length;
        Durable.Replace(typed, $"{text[..at]}9{text[at..]}");
        Assert.Equal(ExitCode.No, Assert.Throws<AvalException>(() => Sign(typed, policy)).Exit);
        Assert.Empty(SignedPapers.Of(_world.Workspace, "lia").Concat(SignedPapers.Of(_world.Workspace, "dpia")));
    }

    [Theory]
    [InlineData("docx")]
    [InlineData("html")]
    public void A_paper_that_lost_the_marks_of_its_figures_is_not_signed(string ending)
    {
        var policy = PolicyReader.Parse(Needing, "needing.yaml");
        var path = Completed(PaperKind.Assessment, ending);
        var figures = PaperCheck.Of(_world.Workspace, path, Limits).Figures;
        // Figure 1 alone keeps its mark: it is held, and how many are is told.
        Unmark(path, figure => figure > 1);
        Assert.Equal((figures, figures - 1), Sign(path, policy));
        // As a program does that drops bookmarks.
        Unmark(path, _ => true);
        var refused = Assert.Throws<AvalException>(() => Sign(path, policy));
        Assert.Equal(ExitCode.Refused, refused.Exit);
        Assert.Contains($"none of its {figures} figures", refused.Message, StringComparison.Ordinal);
        Assert.Single(SignedPapers.Of(_world.Workspace, "lia"));
    }

    [Theory]
    [InlineData("require: [lia, dpa], max-age: 30d", "a paper that can be required")]
    [InlineData("require: [lia]", "max-age")]
    [InlineData("require: [lia], max-age: 0d", "from 1d to 3650d")]
    [InlineData("require: [lia], max-age: 3651d", "from 1d to 3650d")]
    [InlineData("require: [lia], max-age: 30 days", "from 1d to 3650d")]
    [InlineData("max-age: 30d", "require")]
    public void What_a_policy_says_wrongly_of_it_is_refused(string rule, string told)
    {
        var text = Needing.Replace("require: [lia, dpia], max-age: 30d", rule, StringComparison.Ordinal);
        var refused = Assert.Throws<AvalException>(() => PolicyReader.Parse(text, "needing.yaml"));
        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
    }

    private (int Figures, int Removed) Sign(string path, Policy policy)
    {
        var check = PaperSigning.Sign(_world.Workspace, path, policy, "Kim", Signed, Limits).Check;
        return (check.Figures, check.Removed.Count);
    }

    private static void Unmark(string path, Func<int, bool> which)
    {
        if (path.EndsWith(".html", StringComparison.Ordinal))
        {
            Durable.Replace(path, Regex.Replace(
                File.ReadAllText(path), "<span id=\"f([0-9]+)\">",
                mark => which(int.Parse(mark.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
                    ? "<span>"
                    : mark.Value));
            return;
        }

        using var docx = WordprocessingDocument.Open(path, isEditable: true);
        foreach (var mark in docx.MainDocumentPart!.Document!
            .Descendants<DocumentFormat.OpenXml.Wordprocessing.BookmarkStart>().ToArray())
        {
            if (mark.Name!.Value!.StartsWith("figure", StringComparison.Ordinal)
                && which(int.Parse(mark.Name.Value["figure".Length..], CultureInfo.InvariantCulture)))
                mark.Remove();
        }
    }

    private string Written(PaperKind kind, string ending, string language)
    {
        var path = _world.Folder($"{kind.ToText()}.{ending}");
        Paper.Of(_world.Workspace, kind, null, language, RunsWorld.Later, Limits).Write(path);
        return path;
    }

    // Somebody writes into each blank.
    private string Completed(PaperKind kind, string ending)
    {
        const string blank = "[to be completed:", filled = "[completed:";
        var path = Written(kind, ending, "en");
        if (ending == "html")
        {
            Durable.Replace(path, File.ReadAllText(path).Replace(blank, filled, StringComparison.Ordinal));
            return path;
        }

        using var docx = WordprocessingDocument.Open(path, isEditable: true);
        foreach (var text in docx.MainDocumentPart!.Document!.Descendants<DocumentFormat.OpenXml.Wordprocessing.Text>())
            text.Text = text.Text.Replace(blank, filled, StringComparison.Ordinal);
        return path;
    }

    private BuildOutcome Build(Policy policy, DateTimeOffset? now = null, string asOf = "2026-01-16T00:00:00Z") =>
        Pipeline.Build(
            _world.Workspace, Request(policy, now ?? Signed) with { AsOf = ContentWorld.Time(asOf) }, _ => { });

    private static BuildRequest Request(Policy policy, DateTimeOffset now) => new(
        policy, CorpusName.Parse("needing"), ContentWorld.Time("2026-01-16T00:00:00Z"), null, Limits)
    {
        Clock = new StandingClock(now),
    };

    private string Refused(Policy policy, DateTimeOffset? now = null)
    {
        var refused = Assert.Throws<AvalException>(() => Build(policy, now, "2026-01-18T00:00:00Z"));
        Assert.Equal(ExitCode.Refused, refused.Exit);
        Assert.Contains("No release was made", refused.Message, StringComparison.Ordinal);
        return refused.Message;
    }
}
