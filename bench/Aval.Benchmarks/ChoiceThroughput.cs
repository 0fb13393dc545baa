using System.Diagnostics;
using System.Globalization;
using Aval.Choices;
using Aval.Founding;
using Aval.Ledger;
using Aval.Recording;

namespace Aval.Benchmarks;

/// <summary>
/// How many choices a second are acknowledged, in the store, in the tiles and under a signed checkpoint, with the
/// callers on the same processors; and how long each of them waits at half that rate.
/// </summary>
internal static class ChoiceThroughput
{
    private const int BucketsPerMillisecond = 10;

    /// <summary>Measures and prints.</summary>
    /// <param name="folder">On the disk to be measured.</param>
    /// <param name="seconds">How long each of the runs.</param>
    /// <param name="postgres">A connection to a database on the same disk to compare with; null = none.</param>
    public static int Hold(string folder, int seconds, string? postgres)
    {
        Directory.CreateDirectory(folder);
        var flush = FlushLatency(folder);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"A flush of 4 KiB takes {flush.Median:F2} ms (median), {flush.Worst:F2} ms (99 of 100) on this disk."));
        Console.WriteLine();
        Console.WriteLine("| | seconds | acknowledged | choices/s | p50 ms | p99 ms | worst ms | peak memory, "
            + "first third | peak memory, whole | bytes a choice on disk |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        var full = Run(folder, "as fast as it goes", seconds, rate: null);
        _ = Run(folder, "half of 50,000 a second", seconds, rate: 25_000);
        if (postgres is not null)
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"\nAval acknowledges {full / PostgresCopy.Hold(postgres, seconds):F2} choices for each row that "
                    + $"PostgreSQL takes."));
        return 0;
    }

    private static double Run(string folder, string name, int seconds, double? rate)
    {
        var directory = Path.Combine(folder, "choices");
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
        var workspace = NewWorkspace.Create(directory, Settings.Default);
        var waits = new long[600_000];
        long acknowledged = 0, failed = 0;
        long third = 0;
        var clock = Stopwatch.StartNew();
        using (var recorder = Recorder.Open(workspace, TimeProvider.System))
        {
            var now = TimeProvider.System.UtcNow();
            var random = new Random(7);
            for (var sent = 0L; clock.Elapsed.TotalSeconds < seconds; sent++)
            {
                if (rate is { } limit && sent >= clock.Elapsed.TotalSeconds * limit)
                {
                    Thread.Sleep(1);
                    sent--;
                    continue;
                }

                var choice = new Choice(
                    ChoiceKind.Objection,
                    new Account("facebook", random.NextInt64(100_000_000_000).ToString(CultureInfo.InvariantCulture)),
                    Purpose.TrainGenerativeAi, Scope.Everything, now, now, Channel: "portal");
                var began = Stopwatch.GetTimestamp();
                _ = recorder.Record(choice).ContinueWith(
                    done =>
                    {
                        Interlocked.Increment(ref done.IsCompletedSuccessfully ? ref acknowledged : ref failed);
                        Interlocked.Increment(ref waits[Math.Min(
                            waits.Length - 1,
                            (int)(Stopwatch.GetElapsedTime(began).TotalMilliseconds * BucketsPerMillisecond))]);
                    },
                    CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                if (third == 0 && clock.Elapsed.TotalSeconds > seconds / 3.0)
                    third = Peak();
            }
        }

        var elapsed = clock.Elapsed.TotalSeconds;
        for (var wait = 0; wait < 1000
            && Interlocked.Read(ref acknowledged) + Interlocked.Read(ref failed) < waits.Sum(); wait++)
            Thread.Sleep(1);
        if (failed > 0)
            throw new InvalidOperationException($"{failed} choices were not recorded.");
        var bytes =
            new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {elapsed:F1} | {acknowledged} | {acknowledged / elapsed:F0} | {Percentile(waits, 0.5):F1} | "
                + $"{Percentile(waits, 0.99):F1} | {Percentile(waits, 1):F1} | {third / 1_000_000} MB | "
                + $"{Peak() / 1_000_000} MB | {(double)bytes / acknowledged:F0} |"));
        var check = LedgerCheck.Require(workspace, SigningKey.Read(workspace.SigningKeyFile).Verifier);
        if (check.Opened != acknowledged)
            throw new InvalidOperationException(
                $"{acknowledged} choices were acknowledged, and the ledger has {check.Opened}.");
        Directory.Delete(directory, recursive: true);
        return acknowledged / elapsed;
    }

    private static double Percentile(long[] waits, double share)
    {
        var wanted = (long)Math.Ceiling(waits.Sum() * share);
        var seen = 0L;
        for (var at = 0; at < waits.Length; at++)
        {
            seen += waits[at];
            if (seen >= wanted)
                return (at + 1.0) / BucketsPerMillisecond;
        }

        return double.NaN;
    }

    private static (double Median, double Worst) FlushLatency(string folder)
    {
        var path = Path.Combine(folder, "flush");
        var times = new List<double>();
        using (var stream = new FileStream(path, FileMode.Create))
        {
            for (var at = 0; at < 200; at++)
            {
                stream.Write(new byte[4096]);
                var began = Stopwatch.GetTimestamp();
                Aval.Storage.Durable.FlushToDisk(stream, path);
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }

        File.Delete(path);
        times.Sort();
        return (times[times.Count / 2], times[times.Count * 99 / 100]);
    }

    private static long Peak()
    {
        using var process = Process.GetCurrentProcess();
        process.Refresh();
        return process.PeakWorkingSet64;
    }
}
