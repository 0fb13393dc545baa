using System.Diagnostics;
using System.Globalization;
using DuckDB.NET.Data;

namespace Aval.Benchmarks;

/// <summary>One finished run: seconds of wall clock, and the most memory that the process held.</summary>
internal sealed record Run(double Seconds, long PeakBytes);

/// <summary>
/// The build against three baselines, in turn (A B C D, A B C D, …), so that a machine that slows down slows all of
/// them. Each run is a process of its own; starting .NET counts for all.
/// </summary>
internal sealed class Contest(Sizes sizes, Generated data, string work)
{
    private static readonly string[] Names = ["aval build", "(a) anti-join", "(b) same release by hand", "(c) plain copy of (a)"];

    public void Hold()
    {
        var workspace = Path.Combine(work, "workspace");
        Prepare(workspace);
        var runs = Names.ToDictionary(name => name, _ => new List<Run>());
        for (var round = 0; round <= sizes.Runs; round++)
        {
            foreach (var name in Names)
            {
                var run = Time(name, workspace);
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(round == 0 ? "warm-up" : $"run {round}")}: {name} {run.Seconds:F2} s, {run.PeakBytes / 1e6:F0} MB"));
                if (round > 0)
                    runs[name].Add(run);
            }
        }

        Report(runs);
    }

    // Not timed: content left in place, choices recorded.
    private void Prepare(string workspace)
    {
        if (Directory.Exists(work))
            Directory.Delete(work, recursive: true);
        Directory.CreateDirectory(work);
        foreach (var arguments in new string[][]
        {
            ["init", "--buckets", "16"], ["import", "table", data.Accounts, "--as", "accounts", "--in-place"], ["import", "table", data.Notices, "--as", "notices", "--in-place"],
            ["import", "table", data.Items, "--as", "items", "--in-place"], ["choose", "--from", data.Choices],
        })
        {
            Console.Error.WriteLine($"aval {string.Join(' ', arguments)}");
            Start([Binary("Aval.Cli.dll"), .. arguments, "--workspace", workspace]);
        }
    }

    private Run Time(string name, string workspace)
    {
        var output = Path.Combine(work, "output");
        foreach (var old in new[] { output, Path.Combine(workspace, "corpus"), Path.Combine(workspace, "lineage") }.Where(Directory.Exists))
            Directory.Delete(old, recursive: true);
        string[] child = [Binary("Aval.Benchmarks.dll"), "child", name, data.Folder, output, sizes.Threads.ToString(CultureInfo.InvariantCulture), sizes.Memory, Admitted];
        var run = name == Names[0]
            ? Start([Binary("Aval.Cli.dll"), "build", "--policy", Binary("policy.yaml"), "--as-of", "2026-01-15T00:00:00Z", "--threads", sizes.Threads.ToString(CultureInfo.InvariantCulture), "--memory", sizes.Memory, "--workspace", workspace])
            : Start(child);
        if (name == Names[1])
            File.Move(Path.Combine(output, "a.parquet"), Admitted, overwrite: true);
        if (name == Names[2])
            _byHand = Count($"SELECT count(*) FROM '{output}/b*.parquet'");
        if (name == Names[0])
            _admitted = Count($"SELECT count(*) FROM '{workspace}/corpus/*/*/shards/*.parquet'");
        return run;
    }

    private long _admitted;
    private long _byHand;

    private string Admitted => Path.Combine(work, "admitted.parquet");

    private void Report(Dictionary<string, List<Run>> runs)
    {
        if (_admitted != _byHand)
            throw new InvalidOperationException($"The contestants do not agree: aval build admits {_admitted} rows, the same release by hand {_byHand}.");
        var bytes = Count($"SELECT sum(strlen(text)) FROM '{data.Items}'");
        var ours = Median(runs[Names[0]]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sizes.Items} items ({bytes / 1e6:F0} MB of text), {sizes.Authors} accounts, {sizes.Objectors:P0} objectors, {_admitted} rows admitted (both builds), {Count($"SELECT count(*) FROM '{Admitted}'")} by (a); {sizes.Threads} threads, {sizes.Memory}; median of {sizes.Runs}"));
        Console.WriteLine();
        Console.WriteLine("| | seconds | min–max | ratio | items/s | MB of text/s | peak memory |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var name in Names)
        {
            var median = Median(runs[name]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {median:F2} | {runs[name].Min(run => run.Seconds):F2}–{runs[name].Max(run => run.Seconds):F2} | {(name == Names[0] ? "" : $"{ours / median:F2}")} | {sizes.Items / median:F0} | {bytes / 1e6 / median:F0} | {runs[name].Max(run => run.PeakBytes) / 1e6:F0} MB |"));
        }
    }

    private static double Median(List<Run> runs)
    {
        var sorted = runs.Select(run => run.Seconds).Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static Run Start(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        long peak = 0;
        while (!process.WaitForExit(20))
        {
            try
            {
                process.Refresh();
                peak = Math.Max(peak, process.PeakWorkingSet64);
            }
            catch (InvalidOperationException)
            {
                // It ended between the two lines; the last reading stands.
            }
        }

        process.WaitForExit();
        var seconds = watch.Elapsed.TotalSeconds;
        return process.ExitCode == 0 ? new Run(seconds, peak) : throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)}\n{output.Result}\n{error.Result}");
    }

    private static long Count(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return long.Parse(Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture)!, CultureInfo.InvariantCulture);
    }

    private static string Binary(string name) => Path.Combine(AppContext.BaseDirectory, name);
}
