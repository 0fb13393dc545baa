namespace Aval.Studies;

/// <summary>
/// A stream of random numbers that a seed decides, on every machine alike (SplitMix64, Steele, Lea and Flood 2014): a
/// study gives the same bytes again.
/// </summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A stream for one use of a seed.</summary>
    /// <param name="seed">The seed of the plan.</param>
    /// <param name="uses">What it is used for; others give streams that have nothing to do with it.</param>
    public static SeededRandom Of(int seed, params ReadOnlySpan<string> uses)
    {
        // FNV-1a: it need not withstand anybody, only differ; the stream mixes it.
        var hash = 14695981039346656037UL;
        void Add(char letter) => hash = (hash ^ letter) * 1099511628211UL;
        foreach (var letter in seed.ToString(System.Globalization.CultureInfo.InvariantCulture))
            Add(letter);
        foreach (var use in uses)
        {
            Add('\n');
            foreach (var letter in use)
                Add(letter);
        }

        return new SeededRandom(hash);
    }

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        var mixed = _state += 0x9E3779B97F4A7C15UL;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>A whole number from 0 up to a bound, which is none of them.</summary>
    // The remainder of 2⁶⁴ by any count of people is too small to matter.
    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>A number from 0 up to 1, which is none of them.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));
}
