namespace Aval.Faults;

/// <summary>How often and when processes are killed.</summary>
internal static class Kills
{
    /// <summary>10, or 50 where AVAL_LONG=1.</summary>
    public static int Count => Out(10);

    /// <summary>So many, or 50 where AVAL_LONG=1.</summary>
    public static int Out(int few) => IsLong ? 50 : few;

    /// <summary>Whether AVAL_LONG=1: all is tried, and not a sample of it.</summary>
    public static bool IsLong => Environment.GetEnvironmentVariable("AVAL_LONG") == "1";

    /// <summary>The same on every run, so that a failure's instants can be tried again.</summary>
    public const int Seed = 20260115;

    /// <summary>
    /// Delays spread over <paramref name="from"/>–<paramref name="to"/> of how long the work takes when nobody
    /// interrupts it: one in each of as many equal parts, so that few kills reach every stage.
    /// </summary>
    public static IEnumerable<TimeSpan> Over(TimeSpan whole, double from, double to) => Over(whole, from, to, Count);

    /// <inheritdoc cref="Over(TimeSpan, double, double)"/>
    public static IEnumerable<TimeSpan> Over(TimeSpan whole, double from, double to, int count)
    {
        var random = new Random(Seed);
        return Enumerable.Range(0, count)
            .Select(part => whole * (from + ((to - from) * (part + random.NextDouble()) / count)));
    }

    /// <summary>Says how many came before the end; a test that none of them did has tried nothing.</summary>
    public static void Report(int killed, TimeSpan whole)
    {
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{killed} killed before the end, seed {Seed}, undisturbed lately {whole.TotalSeconds:F2} s");
        Assert.True(killed > 0, "No kill came early enough: nothing was tried.");
    }

    /// <summary>How long some work takes.</summary>
    public static TimeSpan Time(Action work)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        work();
        return watch.Elapsed;
    }
}
