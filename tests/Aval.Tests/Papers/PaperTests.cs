using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Aval.Documents;
using Aval.Papers;
using Aval.Runs;
using Aval.Storage;
using Aval.Tests.Runs;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;

namespace Aval.Tests.Papers;

/// <summary>A small platform with a release, a model that was given away, and people who objected.</summary>
public sealed class PapersWorld : IDisposable
{
    private readonly RunsWorld _world = new();

    public PapersWorld()
    {
        _world.Say(ChoiceKind.Objection, "facebook:0"); // Linked to an account of instagram: both are in the release.
        _world.Say(ChoiceKind.Objection, "facebook:9999", received: "2026-02-03T00:00:00Z"); // In no release.
        _world.Say(ChoiceKind.Objection, "facebook:30", scope: "item:facebook:f30-0");
        _world.Say(ChoiceKind.Objection, "facebook:31");
        _world.Say(ChoiceKind.ObjectionLifted, "facebook:31", "2026-02-20T00:00:00Z");
        Directory.CreateDirectory(_world.Folder("lm-1"));
        Durable.Replace(_world.Folder("lm-1/weights"), "weights");
        Registering.Register(
            _world.Workspace,
            new ModelRequest("lm-1", _world.Folder("lm-1")) { Releases = [_world.Name] }, RunsWorld.Later);
        Registering.Distribute(
            _world.Workspace, "lm-1", Distribution.Api, ["Shop <Example>"], RunsWorld.Later);
    }

    internal Workspace Workspace => _world.Workspace;

    internal string Release => _world.Name;

    internal string Folder(string name) => _world.Folder(name);

    internal static EngineLimits Limits { get; } = new(2, 500_000_000);

    internal Paper Make(PaperKind kind, string language = "en", DateTimeOffset? at = null) => Paper.Of(
        Workspace, kind, kind == PaperKind.Summary ? "lm-1" : null, language, at ?? RunsWorld.Later, Limits);

    public void Dispose() => _world.Dispose();
}

public sealed class PaperTests(PapersWorld world) : IClassFixture<PapersWorld>
{
    [Theory]
    [InlineData("record", "en")]
    [InlineData("record", "fr")]
    [InlineData("summary", "en")]
    [InlineData("summary", "de")]
    [InlineData("safeguards", "fr")]
    [InlineData("assessment", "de")]
    [InlineData("impact", "fr")]
    public void A_paper_holds_against_its_sources_and_is_valid(string kind, string language)
    {
        var paper = world.Make(Kind(kind), language);
        foreach (var ending in new[] { "html", "docx" })
        {
            var path = world.Folder($"{kind}-{language}.{ending}");
            paper.Write(path);
            var check = PaperCheck.Of(world.Workspace, path, PapersWorld.Limits);
            Assert.Empty(check.Contradictions);
            Assert.Empty(check.Removed);
            Assert.True(check.Figures > 10, $"{check.Figures} figures");
            Assert.DoesNotContain('{', File.ReadAllText(Paper.FiguresOf(path)).Split("\"figures\"")[0][1..]);
        }

        using var docx = WordprocessingDocument.Open(world.Folder($"{kind}-{language}.docx"), false);
        Assert.Empty(new OpenXmlValidator().Validate(docx, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("html")]
    [InlineData("docx")]
    public void A_figure_that_was_changed_is_found_and_named_with_its_source(string ending)
    {
        var paper = world.Make(PaperKind.Safeguards);
        var path = world.Folder($"changed.{ending}");
        paper.Write(path);
        var number = 1 + paper.Figures.ToList().FindIndex(figure => figure.Pointer == "/choices/objection");
        Change(path, number, "4", "3");
        var wrong = Assert.Single(PaperCheck.Of(world.Workspace, path, PapersWorld.Limits).Contradictions);
        Assert.Equal((number, "3", "4"), (wrong.Figure, wrong.Says, wrong.Found));
        Assert.Equal("aval papers facts#/choices/objection", wrong.Source);
    }

    [Fact]
    public void A_sentence_that_was_taken_out_is_said_and_contradicts_nothing()
    {
        var path = world.Folder("removed.html");
        world.Make(PaperKind.Record).Write(path);
        Durable.Replace(path, Regex.Replace(File.ReadAllText(path), "<p>Of <span.*?</p>", ""));
        var check = PaperCheck.Of(world.Workspace, path, PapersWorld.Limits);
        Assert.Equal(4, check.Removed.Count);
        Assert.Empty(check.Contradictions);
    }

    [Theory]
    [InlineData("html")]
    [InlineData("docx")]
    public void A_mark_that_the_list_does_not_know_is_bad_input(string ending)
    {
        var paper = world.Make(PaperKind.Safeguards);
        var path = world.Folder($"unknown.{ending}");
        paper.Write(path);
        // The list of a shorter paper lies beside it.
        var (list, last) = (Paper.FiguresOf(path), paper.Figures.Count);
        var shorter = JsonNode.Parse(File.ReadAllBytes(list))!;
        shorter["figures"]!.AsArray().RemoveAt(last - 1);
        Durable.Replace(list, shorter.ToJsonString());
        var refused = Assert.Throws<AvalException>(() => PaperCheck.Of(world.Workspace, path, PapersWorld.Limits));
        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains($"figure {last}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was checked", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("document")]
    [InlineData("pointer")]
    [InlineData("value")]
    public void A_figure_whose_source_is_null_is_bad_input(string member)
    {
        var path = world.Folder($"null-{member}.html");
        world.Make(PaperKind.Record).Write(path);
        var list = Paper.FiguresOf(path);
        var figures = JsonNode.Parse(File.ReadAllBytes(list))!;
        figures["figures"]![0]![member] = null;
        Durable.Replace(list, figures.ToJsonString());
        var refused = Assert.Throws<AvalException>(() => PaperCheck.Of(world.Workspace, path, PapersWorld.Limits));
        Assert.Equal(ExitCode.BadInput, refused.Exit);
    }

    [Fact]
    public void What_a_source_says_by_now_contradicts_a_paper()
    {
        using var own = new PapersWorld();
        var path = own.Folder("safeguards.html");
        own.Make(PaperKind.Safeguards).Write(path);
        var accounting = Path.Combine(own.Workspace.Corpus, own.Release, "accounting.json");
        Durable.Replace(accounting, File.ReadAllText(accounting).Replace(
            $"\"admitted\": {RunsWorld.Rows}", "\"admitted\": 139", StringComparison.Ordinal));
        var wrong = Assert.Single(PaperCheck.Of(own.Workspace, path, PapersWorld.Limits).Contradictions);
        Assert.Equal(("140", "139"), (wrong.Says, wrong.Found));
        Assert.Equal($"corpus/{own.Release}/accounting.json#/admitted", wrong.Source);
    }

    [Fact]
    public void A_list_of_figures_opens_nothing_outside_the_workspace()
    {
        var path = world.Folder("outside.html");
        world.Make(PaperKind.Record).Write(path);
        var list = Paper.FiguresOf(path);
        Durable.Replace(list, File.ReadAllText(list).Replace(
            "\"document\": \"facts\"", "\"document\": \"../../etc/x.json\"", StringComparison.Ordinal));
        var refused = Assert.Throws<AvalException>(() =>
            PaperCheck.Of(world.Workspace, path, PapersWorld.Limits));
        Assert.Contains("JSON file of the workspace", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Objections_are_followed_to_the_releases_on_every_linked_account()
    {
        using var facts = Facts(RunsWorld.Later);
        var objections = facts.RootElement.GetProperty("objections");
        int Of(string name) => objections.GetProperty(name).GetInt32();
        Assert.Equal(
            (2, 1, 1, 1, 1, 0, 1),
            (Of("standing"), Of("narrowed"), Of("lifted"), Of("honoured"), Of("in_no_release"), Of("left_releases"),
                Of("still_in_a_release")));
        // Received on 1 February; a month has passed on 1 March, a Sunday, and its working day after.
        Assert.Equal(0, Of("late"));
        using var later = Facts(RunsWorld.Later.AddDays(2));
        Assert.Equal(1, later.RootElement.GetProperty("objections").GetProperty("late").GetInt32());
    }

    [Fact]
    public void An_objection_to_a_service_is_followed_on_the_accounts_there()
    {
        using var world = new RunsWorld();
        world.Say(ChoiceKind.Objection, "facebook:0", scope: "service:facebook");
        world.Say(ChoiceKind.Objection, "facebook:30", scope: "service:instagram");
        using var facts = JsonDocument.Parse(
            PaperFacts.Of(world.Workspace, RunsWorld.Later, null, PapersWorld.Limits));
        var objections = facts.RootElement.GetProperty("objections");
        Assert.Equal(
            (1, 1, 1),
            (objections.GetProperty("standing").GetInt32(), objections.GetProperty("narrowed").GetInt32(),
                objections.GetProperty("still_in_a_release").GetInt32()));
    }

    [Fact]
    public void Facts_name_no_person()
    {
        var facts = Encoding.UTF8.GetString(
            PaperFacts.Of(world.Workspace, RunsWorld.Later, null, PapersWorld.Limits));
        Assert.DoesNotContain("facebook:", facts, StringComparison.Ordinal);
    }

    [Fact]
    public void A_summary_has_every_field_of_the_template_in_its_order_and_answers_each()
    {
        var paper = world.Make(PaperKind.Summary);
        var yardstick = SummaryPaper.Yardstick(paper.Document);
        Assert.Equal([true, true, false, true], yardstick.Select(one => one.Holds));
        Assert.Equal(53, SummaryPaper.Fields.Count);
        var page = DocumentHtml.Of(paper.Document);
        Assert.Contains("2.4.b ", page, StringComparison.Ordinal);
        Assert.Contains("facebook", page, StringComparison.Ordinal);
        // A field that is gone, or moved, is told.
        var without = paper.Document with
        {
            Blocks = [.. paper.Document.Blocks.Where(block => block is not Table { Rows.Count: 1 })],
        };
        Assert.False(SummaryPaper.Yardstick(without)[0].Holds);
    }

    [Fact]
    public void A_study_that_was_made_is_named_with_its_entries()
    {
        using var own = new PapersWorld();
        var before = DocumentHtml.Of(own.Make(PaperKind.Assessment).Document);
        Assert.Contains("No study was made", before, StringComparison.Ordinal);
        var entered = Register.Enter(own.Workspace, new StudyMade(
            RunsWorld.Later, "tenth", new string('a', 64), 3, own.Release, new string('b', 64),
            Exploratory: true, Shows: true)
        {
            Subjects = [new StatedFile("study.json", new string('c', 64))],
        });
        var after = own.Make(PaperKind.Assessment);
        Assert.Contains(after.Figures, figure =>
            figure.Pointer == "/studies/tenth/entry" && figure.Value == entered.Index.ToString());
        Assert.Contains("a question: its plan came after a result", DocumentHtml.Of(after.Document),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_nobody_registered_has_no_summary() =>
        Assert.Contains("no registered model", Assert.Throws<AvalException>(() => Paper.Of(
            world.Workspace, PaperKind.Summary, "none", "en", RunsWorld.Later, PapersWorld.Limits)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Languages_have_the_same_sentences_with_the_same_braces()
    {
        static string Braces(string sentence) =>
            string.Join(' ', Regex.Matches(sentence, "{[a-z]+}").Select(match => match.Value).Order());
        var english = PaperText.Of("en");
        Assert.Equal(3, PaperText.All.Count());
        Assert.All(PaperText.All, text =>
        {
            Assert.Equal(english.Sentences.Keys.Order(), text.Sentences.Keys.Order());
            Assert.All(text.Sentences, one => Assert.Equal(Braces(english[one.Key]), Braces(one.Value)));
        });
    }

    private JsonDocument Facts(DateTimeOffset at) =>
        JsonDocument.Parse(PaperFacts.Of(world.Workspace, at, null, PapersWorld.Limits));

    private static PaperKind Kind(string kind) => Enum.GetValues<PaperKind>().Single(one => one.ToText() == kind);

    // As somebody would who types over a number.
    private static void Change(string path, int figure, string from, string to)
    {
        if (path.EndsWith(".html", StringComparison.Ordinal))
        {
            Durable.Replace(path, File.ReadAllText(path).Replace(
                $"<span id=\"f{figure}\">{from}<", $"<span id=\"f{figure}\">{to}<", StringComparison.Ordinal));
            return;
        }

        using var docx = WordprocessingDocument.Open(path, true);
        var mark = docx.MainDocumentPart!.Document!
            .Descendants<DocumentFormat.OpenXml.Wordprocessing.BookmarkStart>()
            .Single(one => one.Name == DocumentFigures.NameOf(figure));
        var text = mark.NextSibling()!.Descendants<DocumentFormat.OpenXml.Wordprocessing.Text>().Single();
        Assert.Equal(from, text.Text);
        text.Text = to;
    }
}
