namespace Aval.Models;

/// <summary>How many n-grams of an order were counted once, twice, three and four times.</summary>
internal sealed class CountsOfCounts
{
    private readonly long[] _times = new long[5];

    /// <summary>How many n-grams there are.</summary>
    public long Ngrams { get; private set; }

    /// <summary>How many were counted so often.</summary>
    /// <param name="count">1 to 4.</param>
    public long this[int count] => _times[count];

    /// <summary>Takes one in.</summary>
    public void Add(ulong count)
    {
        Ngrams++;
        if (count < 5)
            _times[count]++;
    }
}

/// <summary>
/// What is taken from counts of one, two, and three and more, for what was never seen (Chen and Goodman 1998, "An
/// Empirical Study of Smoothing Techniques for Language Modeling", eq. 26).
/// </summary>
/// <param name="One">From a count of one.</param>
/// <param name="Two">From a count of two.</param>
/// <param name="More">From a count of three or more.</param>
internal sealed record Discounts(double One, double Two, double More)
{
    /// <summary>Where counts of counts allow no estimate, as among bytes, all of which are frequent.</summary>
    public static Discounts Usual { get; } = new(0.5, 1, 1.5);

    /// <summary>From counts of counts.</summary>
    public static Discounts Of(CountsOfCounts counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        if (counts[1] == 0 || counts[2] == 0 || counts[3] == 0)
            return Usual;
        var scale = counts[1] / (double)(counts[1] + (2 * counts[2]));
        double From(int count) => count - ((count + 1) * scale * counts[count + 1] / counts[count]);
        var (one, two, more) = (From(1), From(2), From(3));
        // Where nothing is taken nothing is left for what was never seen, and a text would be impossible.
        return one is > 0 and <= 1 && two is > 0 and <= 2 && more is > 0 and <= 3
            ? new Discounts(one, two, more)
            : Usual;
    }

    /// <summary>What is taken from a count.</summary>
    public double From(ulong count) => count switch { 0 => 0, 1 => One, 2 => Two, _ => More };
}
