using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aval.Choices;
using Aval.Content;
using Aval.Policies;
using Aval.Recording;
using Aval.Runs;
using Aval.Studies;
using Aval.Tests.Authors;

namespace Aval.Tests.Studies;

/// <summary>How much is enough: from a plan to a page.</summary>
public sealed class StudyTests(StudyWorld world) : IClassFixture<StudyWorld>
{
    [Fact]
    public void What_is_known_comes_out_and_a_share_that_is_too_small_is_insufficient()
    {
        var result = world.Make(world.Plan("known"), "known").Result;

        Assert.True(result.Shows);
        Assert.Equal(["de", "fr"], result.Languages.Select(language => language.Language));
        Assert.Equal((StudyWorld.People, 60), (result.People, result.HeldOutPeople));
        Assert.All(result.Languages, language =>
        {
            Assert.Equal(["0.02", "0.05", "0.1", "0.5", "everybody"], language.Curve.Select(point => point.Name));
            // More people foretell better: a curve that does not fall measures something else.
            Assert.Equal(
                language.Curve.Select(point => point.Level.Value),
                language.Curve.Select(point => point.Level.Value).OrderDescending());
            Assert.Equal(0, language.Curve[^1].Gap.Value, 1e-9);
            Assert.Equal(
                [MeasuredLanguage.Consenting, MeasuredLanguage.AsMany, MeasuredLanguage.Alike],
                language.Others.Select(one => one.Name));
            Assert.All(language.Others, one => Assert.Equal(language.Others[0].People, one.People));
        });
    }

    [Fact]
    public void A_plan_that_came_after_a_result_makes_an_exploratory_study_and_every_page_and_section_says_so()
    {
        world.Make(world.Plan("before"), "before");
        var made = world.Make(world.Plan("after", "# with a wish\n"), "after");

        Assert.True(made.Result.Standing.IsExploratory);
        Assert.Contains("Exploratory", File.ReadAllText(Path.Combine(made.Folder, Study.PageFile)),
            StringComparison.Ordinal);
        foreach (var (language, word) in new[] { ("en", "Exploratory"), ("fr", "Exploratoire"), ("de", "Explorativ") })
        {
            var text = File.ReadAllText(Path.Combine(made.Folder, $"study.{language}.md"));
            Assert.Equal(
                Regex.Count(text, "^#", RegexOptions.Multiline), Regex.Count(text, $"^> \\*\\*{word}",
                    RegexOptions.Multiline));
        }

        Assert.True(((StudyMade)Register.Read(world.Workspace)[^1].Stated).Exploratory);
    }

    [Fact]
    public void The_page_needs_nothing_else_names_nobody_and_shows_what_people_wrote_as_text()
    {
        var made = world.Make(world.Plan("page"), "page");
        var page = File.ReadAllText(Path.Combine(made.Folder, Study.PageFile));

        Assert.DoesNotMatch("(?i)<script|<link|<img|https?://|url\\(", page);
        Assert.Contains("Would a tenth of &lt;these&gt; people do?", page, StringComparison.Ordinal);
        Assert.All(Directory.GetFiles(made.Folder), file => Assert.DoesNotMatch(
            "facebook:|instagram:|balem|deraten|finosen", File.ReadAllText(file)));
        // One picture a language, one a judged share and one of all, each with its name.
        Assert.Equal(4, Regex.Count(page, "<svg role=\"img\" aria-labelledby=\"([^\"]+)\"[^>]*><title id=\"\\1\">"));
    }

    [Fact]
    public void The_rule_share_with_the_seed_of_a_draw_builds_the_corpus_of_that_draw()
    {
        using var all = Read($"all/{world.Release.Manifest.Release}");
        var seed = world.Plan().SeedOf(2);
        var drawn = world.Build(BuiltRelease.AdmitsAll
            + string.Create(
                CultureInfo.InvariantCulture, $"  - {{id: share, at-most: 0.3, draw: persons, seed: {seed}}}\n"));
        using var share = Read($"all/{drawn.Manifest.Release}");
        var draws = world.Workspace.ReadKey().Draws;
        var bound = (ulong)new Rule.Share(null, new Ratio(3, 10), DrawnOf.Persons, seed).Bound;

        Assert.Equal(
            all.All.Where(person => Measuring.PlaceOf(draws, $"{seed}", person) < bound).Select(person => person.Key),
            share.All.Select(person => person.Key));
        // Those who have two accounts are one person each.
        Assert.Equal(StudyWorld.People, all.All.Count);
        Assert.Equal(StudyWorld.People / 4, all.All.Count(person => person.Consents));
    }

    [Fact]
    public void Whoever_is_held_out_is_trained_on_in_no_language_and_held_out_can_be_those_who_consented()
    {
        using var people = Read($"all/{world.Release.Manifest.Release}");
        var plan = StudyPlanReader.Parse(
            StudyWorld.Text().Replace("held-out: everybody", "held-out: consenting", StringComparison.Ordinal)
                // Half of them, so that each language has some, whomever the workspace's random key draws.
                .Replace("held-out-share: 0.3", "held-out-share: 0.5", StringComparison.Ordinal),
            world.Folder("plan.yaml"));
        var measuring = new Measuring(plan, people.All, world.Workspace.ReadKey());

        Assert.Equal(25, measuring.HeldOutPeople);
        Assert.All(
            Enumerable.Range(0, people.All.Count).Where(measuring.IsHeldOut),
            person => Assert.True(people.All[person].Consents));
        var measured = measuring.Measure("de", people.Texts("de"), [], 2, _ => { });
        Assert.Equal(
            people.Texts("de").Count(one => !measuring.IsHeldOut(one.Person)),
            measured.Find(MeasuredLanguage.Everybody)!.People);
    }

    [Fact]
    public void A_release_under_another_policy_is_measured_beside_it_without_whoever_is_held_out()
    {
        var fewer = world.Build(BuiltRelease.AdmitsAll
            + "  - {id: share, at-most: 0.5, draw: persons, seed: 99}\n").Manifest.Release;
        using var people = Read($"all/{world.Release.Manifest.Release}", $"all/{fewer}");
        var measuring = new Measuring(world.Plan(), people.All, world.Workspace.ReadKey());
        using var alone = Read($"all/{fewer}");
        var apart = Enumerable.Range(0, people.All.Count).Where(measuring.IsHeldOut)
            .Select(person => people.All[person].Key).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(
            alone.Texts("de").Count(one => !apart.Contains(alone.All[one.Person].Key)),
            people.TextsOf(0, "de", measuring.IsHeldOut).People);
        var made = world.Make(
            world.Plan("compared", $"compared-with: [\"all/{fewer}\"]\n"), "compared").Result;
        Assert.Equal($"all/{fewer}", Assert.Single(made.ComparedWith).Release);
        Assert.All(made.Languages, language => Assert.Equal("release 1: all", language.Others[^1].Name));
    }

    private StudyPeople Read(string release, params string[] others) =>
        StudyPeople.Read(
        world.Workspace, release, [.. others], StudyWorld.AsOf.AddDays(1), StudyWorld.Limits(2));
}

/// <summary>Studies of people of whom nothing is known yet.</summary>
public sealed class FirstStudyTests : IDisposable
{
    private readonly StudyWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void The_plan_is_in_the_ledger_before_the_result_which_names_it_and_the_same_study_is_the_same_bytes()
    {
        var plan = _world.Plan();
        var entered = Study.Plan(_world.Workspace, plan, StudyWorld.AsOf);
        var first = _world.Make(plan, "first");
        var again = _world.Make(plan, "again", threads: 1);

        Assert.Equal(entered.Index.Value, first.Result.Standing.PlanEntry);
        Assert.True(first.Entry > entered.Index.Value);
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(first.Folder, Study.JsonFile)));
        Assert.Equal(entered.Index.Value, json.RootElement.GetProperty("plan").GetProperty("entry").GetInt64());
        Assert.False(json.RootElement.GetProperty("exploratory").GetBoolean());
        // A result of the same plan came before, and changes nothing: the plan was first.
        Assert.All(Directory.GetFiles(first.Folder), file => Assert.Equal(
            File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(again.Folder, Path.GetFileName(file)))));
        var made = Register.Read(_world.Workspace).Select(one => one.Stated).OfType<StudyMade>().First();
        Assert.Equal((plan.Sha256, _world.Release.Manifest.Release), (made.Plan, made.Release[4..]));
        Assert.Equal(7, made.Subjects.Count);
        Assert.Empty(Directory.GetDirectories(_world.Workspace.Temporary, "study-*"));
    }

    [Fact]
    public void Who_objected_since_shuts_the_gate_and_a_folder_that_is_there_is_not_written_over()
    {
        Directory.CreateDirectory(_world.Folder("there"));
        Assert.Equal(ExitCode.Usage, Refused("there").Exit);
        var few = StudyPlanReader.Parse(
            StudyWorld.Text().Replace("confidence: 0.95", "confidence: 0.99", StringComparison.Ordinal),
            _world.Folder("plan.yaml"));
        var told = Assert.Throws<AvalException>(() => _world.Make(few, "few"));
        Assert.Equal(ExitCode.BadInput, told.Exit);
        Assert.Contains("at least 400 are needed", told.Message, StringComparison.Ordinal);
        Recorder.RecordOnce(_world.Workspace, StudyWorld.AsOf.AddHours(2), new Choice(
            ChoiceKind.Objection, Account.Parse("facebook:3"), Purpose.TrainGenerativeAi, Scope.Everything,
            StudyWorld.AsOf.AddHours(1), StudyWorld.AsOf.AddHours(1)));

        var refused = Refused("refused");

        Assert.Equal(ExitCode.Refused, refused.Exit);
        Assert.Contains("aval recall", refused.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(_world.Folder("refused")));
        Assert.Empty(Register.Read(_world.Workspace).Select(one => one.Stated).OfType<StudyMade>());
    }

    private AvalException Refused(string folder) =>
        Assert.Throws<AvalException>(() => _world.Make(_world.Plan(), folder));
}
