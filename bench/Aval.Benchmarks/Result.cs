using System.Globalization;
using System.Text.Json;

namespace Aval.Benchmarks;

/// <summary>One contestant's runs.</summary>
/// <param name="Contestant">Who.</param>
/// <param name="Admitted">Rows it wrote.</param>
/// <param name="Runs">The counted runs, in order.</param>
internal sealed record Standing(Contestant Contestant, long Admitted, IReadOnlyList<Run> Runs)
{
    /// <summary>Seconds of wall clock.</summary>
    public double Median => MedianOf(run => run.Elapsed);

    /// <summary>Seconds of processor time.</summary>
    public double Processor => MedianOf(run => run.Processor);

    public double Fastest => Runs.Min(run => run.Elapsed.TotalSeconds);

    public double Slowest => Runs.Max(run => run.Elapsed.TotalSeconds);

    public long PeakBytes => Runs.Max(run => run.PeakBytes);

    private double MedianOf(Func<Run, TimeSpan> measure)
    {
        var sorted = Runs.Select(run => measure(run).TotalSeconds).Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>What came out of a contest.</summary>
/// <param name="Sizes">What was run.</param>
/// <param name="TextBytes">Bytes of text, UTF-8, in all items.</param>
/// <param name="Standings">The build first.</param>
internal sealed record Result(Sizes Sizes, long TextBytes, IReadOnlyList<Standing> Standings)
{
    private Standing Ours => Standings[0];

    /// <summary>A table in Markdown.</summary>
    public void Print(TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Sizes.Items} items ({TextBytes / 1e6:F0} MB of text), {Sizes.Authors} accounts, {Sizes.Objectors:P0} of them object; {Sizes.Threads} threads, {Sizes.Memory}; median of {Sizes.Runs}."));
        output.WriteLine();
        output.WriteLine("| | seconds | min–max | aval build takes | processor seconds | aval build takes | items/s | MB of text/s | peak memory | rows written |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var standing in Standings)
        {
            string Times(double ours, double theirs) => standing.Contestant == Contestant.Build ? "" : string.Create(CultureInfo.InvariantCulture, $"{ours / theirs:F2} ×");
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {standing.Contestant.Title()} | {standing.Median:F2} | {standing.Fastest:F2}–{standing.Slowest:F2} | {Times(Ours.Median, standing.Median)} | {standing.Processor:F2} | {Times(Ours.Processor, standing.Processor)} | {Sizes.Items / standing.Median:F0} | {TextBytes / 1e6 / standing.Median:F0} | {standing.PeakBytes / 1e6:F0} MB | {standing.Admitted} |"));
        }
    }

    /// <summary>The same as JSON, with every run.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
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
            json.WriteNumber("rows", standing.Admitted);
            json.WriteNumber("median_seconds", Math.Round(standing.Median, 3));
            json.WriteNumber("build_takes_times", Math.Round(Ours.Median / standing.Median, 3));
            json.WriteNumber("median_processor_seconds", Math.Round(standing.Processor, 3));
            json.WriteNumber("build_takes_times_processor", Math.Round(Ours.Processor / standing.Processor, 3));
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
