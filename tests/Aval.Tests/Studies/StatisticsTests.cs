using Aval.Studies;

namespace Aval.Tests.Studies;

/// <summary>What studies reckon with.</summary>
public sealed class StatisticsTests
{
    // Few people and few draws, people who wrote much, draws that differ more than people do.
    public static TheoryData<int, int, double, double, double, double> Worlds => new()
    {
        { 30, 10, 1, 0.05, 0.01, 0.02 },
        { 60, 10, 1, 0.05, 0.01, 0.02 },
        { 60, 10, 1.5, 0.05, 0.01, 0.02 },
        { 120, 20, 1, 0.05, 0.02, 0.02 },
        { 120, 5, 1, 0.02, 0.03, 0.02 },
        { 300, 20, 1.5, 0.05, 0.005, 0.05 },
    };

    [Theory]
    [MemberData(nameof(Worlds))]
    public void The_interval_covers_the_true_gap_as_often_as_it_says(
        int people, int draws, double activity, double ofPeople, double ofDraws, double ofBoth)
    {
        var isLong = Environment.GetEnvironmentVariable("AVAL_LONG") == "1";
        var (studies, resamples) = isLong ? (2_000, 999) : (200, 199);
        const double gap = 0.1;
        var covered = 0;
        for (var study = 0; study < studies; study++)
        {
            var ratio = Simulated(
                SeededRandom.Of(study, "world", $"{people}"), people, draws, activity, 1 + gap, ofPeople, ofDraws,
                ofBoth);
            var found = Estimate.Of(
                ratio.Value, Resampling.Of([ratio], resamples, SeededRandom.Of(study, "again"))[0], 0.95);
            covered += found.Low <= 1 + gap && 1 + gap <= found.High ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{100.0 * covered / studies} % of {studies} studies");
        // Of 200 studies chance leaves five points either way open (three standard deviations), of 2,000 none that
        // is let in beside the two that are asked for.
        Assert.InRange(covered, (isLong ? 0.93 : 0.90) * studies, (isLong ? 0.97 : 1.0) * studies);
    }

    [Fact]
    public void The_same_seed_gives_the_same_resamples_and_what_is_paired_stays_paired()
    {
        var ratio = Simulated(SeededRandom.Of(1), 40, 6, 1, 1.1, 0.05, 0.02, 0.02);
        var twice = new PeopleRatio(
            [.. ratio.Of.Select(one => 2 * one)], ratio.Over, [.. ratio.ByDraw.Select(one => 2 * one)]);

        var found = Resampling.Of([ratio, twice], 100, SeededRandom.Of(7));

        Assert.Equal(found[0], Resampling.Of([ratio, twice], 100, SeededRandom.Of(7))[0]);
        Assert.NotEqual(found[0], Resampling.Of([ratio, twice], 100, SeededRandom.Of(8))[0]);
        Assert.All(found[0].Zip(found[1]), pair => Assert.Equal(2 * pair.First, pair.Second, 1e-9));
    }

    [Fact]
    public void Holms_correction_is_that_of_the_textbook() =>
        // Holm 1979 as statsmodels and R's p.adjust reckon it.
        Assert.Equal(
            [0.03, 0.06, 0.06, 0.02], Judging.Holm([0.01, 0.04, 0.03, 0.005]).Select(p => Math.Round(p, 6)));

    [Fact]
    public void A_curve_that_is_a_power_law_is_found_and_goes_on_as_one()
    {
        double[] people = [10, 20, 50, 100, 200, 500, 1000];
        var truth = new LearningCurve(1.5, 4, 0.3);

        var found = Assert.Single(LearningCurve.Fit(people, [[.. people.Select(count => truth.At(count))]]));

        Assert.Equal(truth.Rate, found.Rate, 1e-9);
        Assert.Equal(truth.Gap(0.1, 1e8), found.Gap(0.1, 1e8), 1e-9);
        Assert.Equal(0, new LearningCurve(1, 0, 1).Gap(0.1, 1e8));
    }

    [Fact]
    public void A_share_is_enough_in_all_languages_only_if_it_is_in_each()
    {
        var judging = new Judging(Margin: 0.05, SmallestGap: 0.05, Confidence: 0.95);
        var judged = judging.Each(
        [
            Found("de", 0.01, 0.005), Found("fr", 0.02, 0.005), Found("ga", 0.02, 0.04),
        ]);

        Assert.Equal(
            [Verdict.Sufficient, Verdict.Sufficient, Verdict.NotShown], judged.Select(one => one.Verdict));
        Assert.Equal(["ga"], judging.All("10 %", judged).Against);
        Assert.Equal(Verdict.NotShown, judging.All("10 %", judged).Verdict);
        Assert.Equal(Verdict.Sufficient, judging.All("10 %", [.. judged.Take(2)]).Verdict);
        Assert.Equal(
            Verdict.Insufficient,
            judging.All("10 %", judging.Each([Found("de", 0.01, 0.005), Found("fr", 0.2, 0.005)])).Verdict);
        Assert.Equal(Verdict.NotShown, judging.All("10 %", []).Verdict);
    }

    [Fact]
    public void A_language_in_which_no_gap_so_small_could_be_found_shows_nothing_however_small_its_gap()
    {
        var found = Found("de", 0.0, 0.015);

        Assert.Equal(
            Verdict.NotShown, Assert.Single(new Judging(0.05, SmallestGap: 0.03, 0.95).Each([found])).Verdict);
        Assert.Equal(
            Verdict.Sufficient, Assert.Single(new Judging(0.05, SmallestGap: 0.05, 0.95).Each([found])).Verdict);
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.959963985)]
    [InlineData(0.8, 0.841621234)]
    [InlineData(0.001, -3.090232306)]
    public void The_normal_distribution_is_as_in_tables(double probability, double expected) =>
        Assert.Equal(expected, Estimate.NormalQuantile(probability), 1e-7);

    // A normal spread about a gap.
    private static Claim Found(string language, double gap, double deviation)
    {
        var resamples = Enumerable.Range(1, 4_999)
            .Select(at => gap + (deviation * Estimate.NormalQuantile(at / 5_000.0))).ToArray();
        var estimate = Estimate.Of(gap, resamples, 0.95);
        return new Claim(language, "10 %", estimate, estimate.Smallest(0.95, 0.8));
    }

    private static PeopleRatio Simulated(
        SeededRandom random, int people, int draws, double activity, double gap, double ofPeople, double ofDraws,
        double ofBoth)
    {
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.Unit())) * Math.Cos(2 * Math.PI * random.Unit());
        var drawn = Enumerable.Range(0, draws).Select(_ => ofDraws * Normal()).ToArray();
        var (of, over, byDraw) = (new double[people], new double[people], new double[draws]);
        for (var person = 0; person < people; person++)
        {
            over[person] = Math.Exp(7 + (activity * Normal()));
            var own = gap + (ofPeople * Normal());
            for (var draw = 0; draw < draws; draw++)
            {
                var bits = over[person] * (own + drawn[draw] + (ofBoth * Normal()));
                of[person] += bits / draws;
                byDraw[draw] += bits;
            }
        }

        return new PeopleRatio(of, over, [.. byDraw.Select(bits => bits / over.Sum())]);
    }
}
