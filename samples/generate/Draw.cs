namespace Aval.Sample;

/// <summary>
/// A stream of pseudo-random numbers that follows from its label and number alone (SplitMix64, Steele, Lea and Flood
/// 2014). Each person and each account has streams of its own, so that one more draw for one of them moves nobody else.
/// Integer and exact IEEE arithmetic only: logarithms and their like differ in the last bit between machines.
/// </summary>
internal sealed class Draw
{
    private ulong _state;

    private Draw(ulong state) => _state = state;

    /// <summary>The stream of one thing, for example <c>("items", 17)</c>.</summary>
    public static Draw Of(string label, int number)
    {
        // FNV-1a: it need not be strong, only different for different labels.
        var hash = 0xcbf29ce484222325UL;
        foreach (var c in label)
            hash = (hash ^ c) * 0x100000001b3UL;
        return new Draw(Mix(hash) ^ Mix((ulong)number + 0x2026));
    }

    /// <summary>From 0 to below <paramref name="limit"/>.</summary>
    public int Below(int limit) => (int)(Next() % (ulong)limit);

    /// <summary>From 0 to below 1.</summary>
    public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True in <paramref name="percent"/> of 100 cases.</summary>
    public bool Percent(double percent) => Fraction() * 100 < percent;

    /// <summary>One of several, all alike.</summary>
    public T Pick<T>(IReadOnlyList<T> values) => values[Below(values.Count)];

    /// <summary>One of several, by weight.</summary>
    public T Weighted<T>(IReadOnlyList<(T Value, int Weight)> values)
    {
        var left = Below(values.Sum(value => value.Weight));
        foreach (var (value, weight) in values)
        {
            if (left < weight)
                return value;
            left -= weight;
        }

        throw new InvalidOperationException("The weights do not add up to themselves.");
    }

    /// <summary>A whole second from <paramref name="from"/> to before <paramref name="to"/>.</summary>
    public DateTimeOffset Instant(DateTimeOffset from, DateTimeOffset to) =>
        from.AddSeconds(Math.Floor(Fraction() * (to - from).TotalSeconds));

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9UL;
        value = (value ^ (value >> 27)) * 0x94d049bb133111ebUL;
        return value ^ (value >> 31);
    }

    private ulong Next() => Mix(_state += 0x9e3779b97f4a7c15UL);
}
