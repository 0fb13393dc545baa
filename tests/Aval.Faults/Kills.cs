namespace Aval.Faults;

/// <summary>How often and when processes are killed.</summary>
internal static class Kills
{
    /// <summary>10, or 50 where AVAL_LONG=1.</summary>
    public static int Count => Environment.GetEnvironmentVariable("AVAL_LONG") == "1" ? 50 : 10;

    /// <summary>
    /// Delays spread over <paramref name="from"/>–<paramref name="to"/> of how long the work takes when nobody
    /// interrupts it: one in each of as many equal parts, so that few kills reach every stage.
    /// </summary>
    public static IEnumerable<TimeSpan> Over(TimeSpan whole, double from, double to)
    {
        var random = new Random(20260115);
        return Enumerable.Range(0, Count).Select(part => whole * (from + ((to - from) * (part + random.NextDouble()) / Count)));
    }
}
