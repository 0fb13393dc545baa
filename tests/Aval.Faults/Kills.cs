namespace Aval.Faults;

/// <summary>How often and when processes are killed.</summary>
internal static class Kills
{
    /// <summary>10, or 50 where AVAL_LONG=1.</summary>
    public static int Count => Environment.GetEnvironmentVariable("AVAL_LONG") == "1" ? 50 : 10;

    /// <summary>The same on every run, so that a failure's instants can be tried again.</summary>
    public const int Seed = 20260115;

    /// <summary>
    /// Delays spread over <paramref name="from"/>–<paramref name="to"/> of how long the work takes when nobody
    /// interrupts it: one in each of as many equal parts, so that few kills reach every stage.
    /// </summary>
    public static IEnumerable<TimeSpan> Over(TimeSpan whole, double from, double to)
    {
        var random = new Random(Seed);
        return Enumerable.Range(0, Count).Select(part => whole * (from + ((to - from) * (part + random.NextDouble()) / Count)));
    }
}
