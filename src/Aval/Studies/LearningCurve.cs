namespace Aval.Studies;

/// <summary>
/// How much there is left to foretell with so many people, by a power law: floor + scale · people^−rate (Hestness and
/// others 2017). That it goes on beyond what was measured is an assumption, and is said wherever it is used.
/// </summary>
/// <param name="Floor">What no number of people would bring.</param>
/// <param name="Scale">Its height.</param>
/// <param name="Rate">How fast it falls.</param>
internal sealed record LearningCurve(double Floor, double Scale, double Rate)
{
    /// <summary>So many points a curve needs: it has three numbers of its own.</summary>
    public const int LeastPoints = 4;

    // 0.02 to 1.6: slower cannot be told from a floor, and faster is a step.
    private const int Rates = 80;

    /// <summary>The bits that are expected with so many people.</summary>
    public double At(double people) => Floor + (Scale * Math.Pow(people, -Rate));

    /// <summary>The gap that a share of so many people leaves to all of them.</summary>
    public double Gap(double share, double people) => (At(share * people) / At(people)) - 1;

    /// <summary>Fits curves to several measurements at the same numbers of people, by least squares.</summary>
    /// <param name="people">How many, ascending; at least <see cref="LeastPoints"/>.</param>
    /// <param name="measured">By measurement: the bits at each.</param>
    public static IReadOnlyList<LearningCurve> Fit(double[] people, IEnumerable<double[]> measured)
    {
        ArgumentNullException.ThrowIfNull(people);
        ArgumentNullException.ThrowIfNull(measured);
        var powers = Enumerable.Range(1, Rates)
            .Select(rate => people.Select(count => Math.Pow(count, -0.02 * rate)).ToArray()).ToArray();
        return [.. measured.Select(bits => Fit(powers, bits))];
    }

    private static LearningCurve Fit(double[][] powers, double[] bits)
    {
        LearningCurve? best = null;
        var least = double.PositiveInfinity;
        for (var rate = 0; rate < powers.Length; rate++)
        {
            var power = powers[rate];
            var (floor, scale) = Line(power, bits);
            var error = 0.0;
            for (var at = 0; at < bits.Length; at++)
                error += Square(bits[at] - floor - (scale * power[at]));
            if (error < least)
                (least, best) = (error, new LearningCurve(floor, scale, 0.02 * (rate + 1)));
        }

        return best!;
    }

    // Neither is below nothing: a text takes no less than no bits, and more people make no model worse for ever.
    private static (double Floor, double Scale) Line(double[] at, double[] bits)
    {
        var (meanAt, mean) = (at.Average(), bits.Average());
        var (both, squares) = (0.0, 0.0);
        for (var one = 0; one < at.Length; one++)
        {
            both += (at[one] - meanAt) * (bits[one] - mean);
            squares += Square(at[one] - meanAt);
        }

        var scale = squares > 0 ? Math.Max(0, both / squares) : 0;
        var floor = mean - (scale * meanAt);
        if (floor >= 0)
            return (floor, scale);
        return (0, at.Zip(bits, (x, y) => x * y).Sum() / at.Sum(Square));
    }

    private static double Square(double value) => value * value;
}
