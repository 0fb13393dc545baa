namespace Aval.Answers;

/// <summary>
/// How many of a population may be wrong, by a sample drawn from it without replacement: the exact upper limit, at 95 %
/// on one side, from the hypergeometric distribution. In a large population it is the limit of Clopper and Pearson, and
/// where none was found wrong nearly 3 / n.
/// </summary>
internal static class AuditBound
{
    /// <summary>How sure the limit is.</summary>
    public const double Confidence = 0.95;

    /// <summary>
    /// The largest number of wrong ones in the population under which so few in the sample are still likelier than 5 %.
    /// </summary>
    /// <param name="population">How many there are.</param>
    /// <param name="drawn">How many were looked at.</param>
    /// <param name="wrong">How many of these were wrong.</param>
    public static long AtMost(long population, int drawn, int wrong)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(wrong);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wrong, drawn);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)drawn, population);
        // The more are wrong, the less likely are so few in the sample: halved until the last likely number is left.
        var (likely, unlikely) = ((long)wrong, population - (drawn - wrong) + 1);
        while (unlikely - likely > 1)
        {
            var middle = likely + (unlikely - likely) / 2;
            if (SoFew(population, drawn, wrong, middle) > 1 - Confidence)
                likely = middle;
            else
                unlikely = middle;
        }

        return likely;
    }

    /// <summary>How likely a sample has no more wrong ones than were found.</summary>
    /// <param name="population">How many there are.</param>
    /// <param name="drawn">How many were looked at.</param>
    /// <param name="found">How many of these were wrong.</param>
    /// <param name="wrong">How many of the population would be.</param>
    internal static double SoFew(long population, int drawn, int found, long wrong)
    {
        var right = population - wrong;
        var first = Math.Max(0, drawn - right); // So many must be in it.
        if (first > found)
            return 0;
        // Each term from the one before, in logarithms: the first may be smaller than a number can be.
        var term = first == 0 ? Falling(right, population, drawn) : Falling(drawn, population, right);
        var (largest, sum) = (term, 1.0);
        for (var at = first; at < found && at < wrong && at < drawn; at++)
        {
            term += Math.Log(
                (double)(wrong - at) * (drawn - at) / ((double)(at + 1) * (right - drawn + at + 1)));
            (largest, sum) = term > largest
                ? (term, sum * Math.Exp(largest - term) + 1)
                : (largest, sum + Math.Exp(term - largest));
        }

        return Math.Min(1, Math.Exp(largest) * sum);
    }

    // ln of upper(upper−1)… / lower(lower−1)…, each of so many factors.
    private static double Falling(long upper, long lower, long factors)
    {
        var sum = 0.0;
        for (var at = 0L; at < factors; at++)
            sum += Math.Log((double)(upper - at) / (lower - at));
        return sum;
    }
}
