using Aval.Studies;

namespace Aval.Tests.Studies;

/// <summary>What follows from what was measured.</summary>
public sealed class ReckoningTests
{
    private static readonly StudyPlan Plan = StudyPlanReader.Parse(StudyWorld.Text(), "plan.yaml");

    [Fact]
    public void What_is_as_good_as_everybody_is_sufficient_and_what_is_not_is_insufficient()
    {
        var found = new Reckoning(Plan).Of([Measured("de", tooSmall: 2, tenth: 1.02)], _ => null);

        Assert.True(found.TooSmall.Holds && found.Halves.Holds);
        Assert.Equal(Verdict.Sufficient, Assert.Single(found.Joint).Verdict);
        Assert.Equal(
            Verdict.Insufficient,
            Assert.Single(new Reckoning(Plan).Of([Measured("de", 2, tenth: 1.5)], _ => null).Joint).Verdict);
    }

    [Theory]
    [InlineData(1.05, 1.0)] // What is known to be too small is found to be enough.
    [InlineData(2.0, 1.3)] // Two halves of the same are found to differ.
    public void When_a_control_fails_the_study_shows_nothing(double tooSmall, double otherHalf)
    {
        var found = new Reckoning(Plan).Of(
            [Measured("de", tooSmall, tenth: 1.02, otherHalf), Measured("fr", tooSmall, tenth: 1.5, otherHalf)],
            _ => null);

        Assert.False(found.TooSmall.Holds && found.Halves.Holds);
        Assert.All(found.Languages, language =>
            Assert.Equal(Verdict.NotShown, Assert.Single(language.Shares).Judged.Verdict));
        Assert.Equal(Verdict.NotShown, Assert.Single(found.Joint).Verdict);
    }

    [Fact]
    public void A_language_whose_own_control_fails_shows_nothing_and_no_other_is_the_worse_for_it()
    {
        var found = new Reckoning(Plan).Of(
            [Measured("de", 2, tenth: 1.02), Measured("fr", tooSmall: 1.05, tenth: 1.02)], _ => null);

        Assert.Equal(
            [Verdict.Sufficient, Verdict.NotShown],
            found.Languages.Select(language => language.Shares[0].Judged.Verdict));
        Assert.Equal(["fr"], Assert.Single(found.Joint).Against);
    }

    [Fact]
    public void A_language_of_too_few_people_is_told_and_not_shown()
    {
        var found = new Reckoning(Plan).Of(
            [Measured("de", 2, tenth: 1.02), new MeasuredLanguage("ga", 3, [], [])], _ => null);

        Assert.Equal(Verdict.NotShown, found.Languages[1].Shares[0].Judged.Verdict);
        Assert.Equal((Verdict.NotShown, "ga"), (found.Joint[0].Verdict, Assert.Single(found.Joint[0].Against)));
    }

    [Fact]
    public void The_gap_at_the_platforms_size_follows_the_curve_and_has_an_interval()
    {
        var found = new Reckoning(Plan).Of([Measured("de", 2, tenth: 1.3)], _ => 1e6);

        var platform = Assert.Single(Assert.Single(found.Languages).Shares).AtPlatform!;
        Assert.True(platform.Low <= platform.Value && platform.Value <= platform.High);
        Assert.InRange(platform.Value, 0, 0.3);
        Assert.Null(Assert.Single(new Reckoning(Plan).Of([Measured("de", 2, 1.3)], _ => 50).Languages)
            .Shares[0].AtPlatform);
    }

    // Sixty people held out, of whom each is a little better or worse foretold than the next.
    private static MeasuredLanguage Measured(string language, double tooSmall, double tenth, double otherHalf = 1)
    {
        var random = SeededRandom.Of(5, language);
        double[] everybody = [.. Enumerable.Range(0, 60).Select(_ => 2_000 + (4_000 * random.Unit()))];
        MeasuredArm Arm(string name, int people, double gap, int draws = 4) => new(
            name, people, people * 500,
            [.. Enumerable.Range(0, draws).Select(_ =>
                everybody.Select(bits => bits * (gap + (0.02 * (random.Unit() - 0.5)))).ToArray())]);
        return new MeasuredLanguage(
            language, 200, [.. everybody.Select(bits => (long)bits / 2)],
            [
                new MeasuredArm(MeasuredLanguage.Everybody, 200, 100_000, [everybody]), Arm("0.02", 4, tooSmall),
                Arm("0.05", 10, Math.Max(tenth, (tooSmall + tenth) / 2)), Arm("0.1", 20, tenth),
                Arm("0.5", 100, (tenth + 1) / 2), Arm(MeasuredLanguage.Half, 100, 1),
                Arm(MeasuredLanguage.OtherHalf, 100, otherHalf),
            ]);
    }
}

/// <summary>Plans that are none.</summary>
public sealed class StudyPlanTests
{
    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "study: tenth", "studi: tenth", "line 1, column 1: the plan has no key \"studi\" (did you mean \"study\"?)" },
        { "unit: byte", "unit: word", "line 4, column 7: \"unit\" is byte or char, but \"word\" was found" },
        { "order: 4", "order: 9", "line 5, column 8: \"order\" is a whole number from 2 to 8" },
        { "[0.02, 0.05, 0.1, 0.5]", "[0.05, 0.02, 0.1, 0.5]", "each larger than the one before it" },
        { "[0.02, 0.05, 0.1, 0.5]", "[0.02, 0.1, 1]", "from 0.0001 to below 1" },
        { "judged: [0.1]", "judged: [0.2]", "\"shares\" lacks 0.2" },
        { "too-small: 0.02", "too-small: 0.01", "\"shares\" lacks 0.01" },
        { "smallest-gap: 0.2", "smallest-gap: 0.3", "\"smallest-gap\" is at most the margin" },
        { "held-out: everybody", "held-out: nobody", "\"held-out\" is one of everybody, consenting, public-domain" },
        { "seed: 7", "", "the plan lacks \"seed\"" },
        { "repeats: 4", "repeats: 1", "\"repeats\" is a whole number from 2" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_told_with_its_place_and_nothing_is_done(string right, string wrong, string told)
    {
        var text = StudyWorld.Text().Replace(right, wrong, StringComparison.Ordinal);

        var refused = Assert.Throws<AvalException>(() => StudyPlanReader.Parse(text, "plan.yaml"));

        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains("plan.yaml, line ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was done.", refused.Message, StringComparison.Ordinal);
    }
}
