namespace Aval.Studies;

/// <summary>An estimate with what chance leaves open about it.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="Low">The lower end of its interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="Deviation">The standard deviation over the resamples.</param>
internal sealed record Estimate(double Value, double Low, double High, double Deviation)
{
    private double[] Sorted { get; init; } = [];

    /// <summary>Of its resamples.</summary>
    /// <param name="value">The estimate.</param>
    /// <param name="resamples">What it would have been with other people.</param>
    /// <param name="confidence">The interval leaves out half of what is missing to 1 at either end.</param>
    public static Estimate Of(double value, double[] resamples, double confidence)
    {
        ArgumentNullException.ThrowIfNull(resamples);
        var sorted = resamples.Order().ToArray();
        double At(double part) =>
            sorted[Math.Clamp((int)Math.Round(part * (sorted.Length + 1)) - 1, 0, sorted.Length - 1)];
        var mean = sorted.Average();
        var deviation = Math.Sqrt(sorted.Sum(one => (one - mean) * (one - mean)) / Math.Max(1, sorted.Length - 1));
        return new Estimate(value, At((1 - confidence) / 2), At((1 + confidence) / 2), deviation) { Sorted = sorted };
    }

    /// <summary>
    /// How often chance alone would show what was found, or more, if the truth were on the other side of a margin: the
    /// smaller side, twice, since nobody said beforehand which one it would be. Never 0: of so many resamples no
    /// smaller one could be told.
    /// </summary>
    public double Against(double margin)
    {
        var from = Array.BinarySearch(Sorted, margin);
        var (below, above) = from >= 0
            ? (Sorted.Count(one => one <= margin), Sorted.Count(one => one >= margin))
            : (~from, Sorted.Length + from + 1);
        return Math.Min(1, 2.0 * (1 + Math.Min(below, above)) / (Sorted.Length + 1));
    }

    /// <summary>
    /// The smallest distance from the margin that would be found with a probability, by the normal distribution.
    /// </summary>
    /// <param name="confidence">Of the interval.</param>
    /// <param name="power">The probability, above one half.</param>
    public double Smallest(double confidence, double power) =>
        Deviation * (NormalQuantile((1 + confidence) / 2) + NormalQuantile(power));

    /// <summary>Below which a normal number lies with a probability (Acklam's approximation, to 1e-9).</summary>
    internal static double NormalQuantile(double probability)
    {
        double[] a = [-3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02,
            -3.066479806614716e+01, 2.506628277459239e+00];
        double[] b = [-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
            -1.328068155288572e+01];
        double[] c = [-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732539343734e+00,
            4.374664141464968e+00, 2.938163982698783e+00];
        double[] d = [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00];
        if (probability > 0.5)
            return -NormalQuantile(1 - probability);
        if (probability < 0.02425)
        {
            var root = Math.Sqrt(-2 * Math.Log(probability));
            return Polynomial(c, root) / ((Polynomial(d, root) * root) + 1);
        }

        var from = probability - 0.5;
        return Polynomial(a, from * from) * from / ((Polynomial(b, from * from) * from * from) + 1);
    }

    private static double Polynomial(double[] factors, double at) =>
        factors.Aggregate(0.0, (sum, factor) => (sum * at) + factor);
}
