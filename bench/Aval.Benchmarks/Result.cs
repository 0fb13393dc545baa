using System.Globalization;
using System.Text.Json;

namespace Aval.Benchmarks;

/// <summary>One contestant's runs.</summary>
/// <param name="Entry">Who, and over which files.</param>
/// <param name="Rows">Rows it wrote.</param>
/// <param name="Runs">The counted runs, in order.</param>
internal sealed record Standing(Entry Entry, long Rows, IReadOnlyList<Run> Runs)
{
    public Contestant Contestant => Entry.Contestant;

    /// <summary>Seconds of wall clock.</summary>
    public double Median => MedianOf(run => run.Elapsed);

    /// <summary>Seconds of processor time.</summary>
    public double Processor => MedianOf(run => run.Processor);

    public double Fastest => Runs.Min(run => run.Elapsed.TotalSeconds);

    public double Slowest => Runs.Max(run => run.Elapsed.TotalSeconds);

    public long PeakBytes => Runs.Max(run => run.PeakBytes);

    private double MedianOf(Func<Run, TimeSpan> measure) => Medians.Of(Runs.Select(run => measure(run).TotalSeconds));
}

/// <summary>The middle of what was measured.</summary>
internal static class Medians
{
    public static double Of(IEnumerable<double> measured)
    {
        var sorted = measured.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>What came out of a contest.</summary>
/// <param name="Machine">Where.</param>
/// <param name="Sizes">What was run.</param>
/// <param name="TextBytes">Bytes of text, UTF-8, in all items.</param>
/// <param name="Standings">Of every entry.</param>
internal sealed record Result(Machine Machine, Sizes Sizes, long TextBytes, IReadOnlyList<Standing> Standings)
{
    private IEnumerable<Standing> Builds => Standings.Where(standing => standing.Contestant.IsBuild());

    // Each over the files that are best for it.
    private IEnumerable<Standing> Baselines => Standings.Where(standing => standing.Contestant.IsBaseline())
        .GroupBy(standing => standing.Contestant).Select(both => both.MinBy(standing => standing.Median)!);

    private Standing Import => Standings.Single(standing => standing.Contestant == Contestant.Import);

    private Standing Partitioned => Standings.Single(standing => standing.Contestant == Contestant.PartitionedCopy);

    /// <summary>Tables in Markdown.</summary>
    public void Print(TextWriter output)
    {
        output.WriteLine(Machine);
        output.WriteLine();
        output.WriteLine($"{Sizes.Items} items ({TextBytes / 1e6:F0} MB of text), {Sizes.Authors} accounts, "
            + $"{Sizes.Objectors:P0} of them object; {Sizes.Threads} threads, {Sizes.Memory}; median of {Sizes.Runs}.");
        output.WriteLine();
        PrintTimes(output);
        PrintRatios(output);
        PrintLayingOut(output);
    }

    /// <summary>One row for several sizes side by side, in Markdown.</summary>
    public static void PrintSideBySide(TextWriter output, IReadOnlyList<Result> results)
    {
        output.WriteLine("| items | content | aval build | peak memory | (a) | (a+) | (b) | (c) |");
        output.WriteLine("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var result in results)
        {
            foreach (var build in result.Builds)
            {
                output.WriteLine($"| {result.Sizes.Items} | {build.Contestant.Title()["aval build, ".Length..]} | "
                    + $"{build.Median:F1} s | {build.PeakBytes / 1e6:F0} MB |{result.Ratios(build)}");
            }
        }
    }

    private void PrintTimes(TextWriter output)
    {
        output.WriteLine(
            "| | files | seconds | min–max | processor seconds | MB of text/s | peak memory | rows written |");
        output.WriteLine("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var one in Builds.Concat(Baselines))
        {
            output.WriteLine($"| {one.Contestant.Title()} | {Files(one)} | {one.Median:F2} | "
                + $"{one.Fastest:F2}–{one.Slowest:F2} | {one.Processor:F2} | {TextBytes / 1e6 / one.Median:F0} | "
                + $"{one.PeakBytes / 1e6:F0} MB | {one.Rows} |");
        }

        output.WriteLine();
    }

    // Which files were the better ones, and what the others would have taken.
    private string Files(Standing one)
    {
        if (!one.Contestant.IsBaseline())
            return "its own";
        var other = Standings.Single(its => its.Contestant == one.Contestant && its.Entry.Layout != one.Entry.Layout);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{one.Entry.Layout.Title()} ({other.Entry.Layout.Title()}: {other.Median:F2} s)");
    }

    private void PrintRatios(TextWriter output)
    {
        output.WriteLine("How many times as long as the baselines, and in brackets in processor time:");
        output.WriteLine();
        output.WriteLine("| | (a) | (a+) | (b) | (c) |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        foreach (var build in Builds)
            output.WriteLine($"| {build.Contestant.Title()} |{Ratios(build)}");
        output.WriteLine();
    }

    private string Ratios(Standing build) => string.Concat(Baselines.Select(baseline => string.Create(
        CultureInfo.InvariantCulture,
        $" {build.Median / baseline.Median:F2} ({build.Processor / baseline.Processor:F2}) |")));

    private void PrintLayingOut(TextWriter output)
    {
        output.WriteLine("Laying the items out, once an import:");
        output.WriteLine();
        output.WriteLine("| | seconds | min–max | processor seconds | peak memory |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        foreach (var one in new[] { Import, Partitioned })
        {
            output.WriteLine($"| {one.Contestant.Title()} | {one.Median:F2} | {one.Fastest:F2}–{one.Slowest:F2} | "
                + $"{one.Processor:F2} | {one.PeakBytes / 1e6:F0} MB |");
        }

        output.WriteLine($"| ratio | {Import.Median / Partitioned.Median:F2} | | "
            + $"{Import.Processor / Partitioned.Processor:F2} | |");
    }

    /// <summary>The same as JSON, with every run.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        Machine.Write(json);
        json.WriteNumber("items", Sizes.Items);
        json.WriteNumber("authors", Sizes.Authors);
        json.WriteNumber("objectors", Sizes.Objectors);
        json.WriteNumber("text_bytes", TextBytes);
        json.WriteNumber("threads", Sizes.Threads);
        json.WriteString("memory", Sizes.Memory);
        json.WriteStartArray("contestants");
        foreach (var standing in Standings)
        {
            json.WriteStartObject();
            json.WriteString("contestant", standing.Contestant.Title());
            if (standing.Contestant.IsBaseline())
                json.WriteString("files", standing.Entry.Layout.Title());
            json.WriteNumber("rows", standing.Rows);
            json.WriteNumber("median_seconds", Math.Round(standing.Median, 3));
            json.WriteNumber("median_processor_seconds", Math.Round(standing.Processor, 3));
            json.WriteNumber("items_per_second", Math.Round(Sizes.Items / standing.Median));
            json.WriteNumber("peak_bytes", standing.PeakBytes);
            json.WriteStartArray("seconds");
            foreach (var run in standing.Runs)
                json.WriteNumberValue(Math.Round(run.Elapsed.TotalSeconds, 3));
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
