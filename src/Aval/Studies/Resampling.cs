namespace Aval.Studies;

/// <summary>
/// A ratio of sums over people that is estimated: the bits that the texts of those who were held out take under some
/// models, over what they take under others or over their bytes.
/// </summary>
/// <param name="Of">By person held out: what is summed above, the mean over all draws of training people.</param>
/// <param name="Over">By person held out: what is summed below.</param>
/// <param name="ByDraw">The ratio of each draw of training people; one where nothing was drawn.</param>
internal sealed record PeopleRatio(double[] Of, double[] Over, double[] ByDraw)
{
    /// <summary>The estimate.</summary>
    public double Value => Of.Sum() / Over.Sum();
}

/// <summary>
/// The bootstrap over people (Efron 1979): what an estimate would have been with other people. Two things are left to
/// chance, and each is resampled: who was held out, and who was drawn to be trained on. People are resampled whole,
/// with all that they wrote, since what one person writes is alike; and one resample holds for all ratios, so what is
/// paired stays paired.
/// <para>
/// Of n a resample takes n − 1, which makes the variance of a mean right and not too small (Rao and Wu 1988). A person
/// who wrote much draws the ratio to themselves, so what is theirs alone counts as much as it would if the ratio had
/// been made without them (the jackknife's 1 / (1 − share of the sum)). Draws are few, and how far few of them spread
/// is itself uncertain, which Student's t allows for. That all this covers what it says is simulated in the tests
/// (docs/study.md).
/// </para>
/// </summary>
internal static class Resampling
{
    /// <summary>What each ratio would have been, by ratio and resample.</summary>
    /// <param name="ratios">Over the same people, and of the same draws where there are several.</param>
    /// <param name="resamples">How many.</param>
    /// <param name="random">The chance.</param>
    public static double[][] Of(IReadOnlyList<PeopleRatio> ratios, int resamples, SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(ratios);
        ArgumentNullException.ThrowIfNull(random);
        var people = ratios[0].Over.Length;
        var draws = ratios.Max(ratio => ratio.ByDraw.Length);
        var own = ratios.Select(Own).ToArray();
        var found = ratios.Select(_ => new double[resamples]).ToArray();
        var (taken, drawn) = (new int[people], new int[Math.Max(1, draws - 1)]);
        for (var at = 0; at < resamples; at++)
        {
            Array.Clear(taken);
            for (var one = 1; one < Math.Max(2, people); one++)
                taken[random.Below(people)]++;
            for (var one = 0; one < drawn.Length; one++)
                drawn[one] = random.Below(draws);
            var wider = Wider(random, drawn.Length);
            for (var ratio = 0; ratio < ratios.Count; ratio++)
                found[ratio][at] = ratios[ratio].Value + OfPeople(own[ratio], ratios[ratio].Over, taken)
                    + (wider * OfDraws(ratios[ratio].ByDraw, drawn, draws));
        }

        return found;
    }

    // What is each person's alone: how far their part is from the ratio, as the jackknife has it, and none in sum.
    private static double[] Own(PeopleRatio ratio)
    {
        var (sum, value) = (ratio.Over.Sum(), ratio.Value);
        var own = new double[ratio.Of.Length];
        for (var person = 0; person < own.Length; person++)
            own[person] = (ratio.Of[person] - (value * ratio.Over[person]))
                / Math.Max(1 - (ratio.Over[person] / sum), 1e-9);
        var left = own.Sum();
        for (var person = 0; person < own.Length; person++)
            own[person] -= left * ratio.Over[person] / sum;
        return own;
    }

    private static double OfPeople(double[] own, double[] over, int[] taken)
    {
        var (above, below) = (0.0, 0.0);
        for (var person = 0; person < taken.Length; person++)
        {
            above += taken[person] * own[person];
            below += taken[person] * over[person];
        }

        return below > 0 ? above / below : 0;
    }

    // Of one draw nobody can tell how much another would differ: what is said then is said of that one.
    private static double OfDraws(double[] byDraw, int[] drawn, int draws)
    {
        if (byDraw.Length < draws || draws == 1)
            return 0;
        var sum = 0.0;
        foreach (var draw in drawn)
            sum += byDraw[draw];
        return (sum / drawn.Length) - byDraw.Average();
    }

    // A mean of few over their spread is Student's, which is a normal one over the root of a mean of squares of such.
    private static double Wider(SeededRandom random, int freedom)
    {
        var squares = 0.0;
        for (var one = 0; one < freedom; one++)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.Unit())) * Math.Cos(2 * Math.PI * random.Unit());
            squares += normal * normal;
        }

        // Four times as wide is as far as any sum of a few squares is let lead.
        return Math.Min(4, Math.Sqrt(freedom / Math.Max(squares, 1e-9)));
    }
}
