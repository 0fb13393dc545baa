using System.Diagnostics;

namespace Aval.Benchmarks;

/// <summary>What one process took.</summary>
/// <param name="Elapsed">Wall clock, from before its start until after its end, the start of .NET included.</param>
/// <param name="Processor">Processor time of all its threads: what others on the machine disturb least.</param>
/// <param name="PeakBytes">The most memory it held (VmHWM).</param>
internal sealed record Run(TimeSpan Elapsed, TimeSpan Processor, long PeakBytes);

/// <summary>A process of its own for every run, so that none finds what another left in memory.</summary>
internal static class Child
{
    /// <summary>Runs <c>dotnet BINARY ARGUMENTS…</c> to its end.</summary>
    /// <param name="binary">A file beside this program.</param>
    /// <param name="arguments">What it is told.</param>
    /// <exception cref="InvalidOperationException">It ended with another code than 0.</exception>
    public static Run Finish(string binary, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, binary));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        var used = (Processor: TimeSpan.Zero, PeakBytes: 0L);
        while (!process.WaitForExit(10))
            used = Used(process, used);

        process.WaitForExit();
        var elapsed = watch.Elapsed;
        return process.ExitCode == 0
            ? new Run(elapsed, used.Processor, used.PeakBytes)
            : throw new InvalidOperationException($"{binary} {string.Join(' ', arguments)}\nended with {process.ExitCode}.\n{output.Result}\n{error.Result}");
    }

    // Both only grow, so the last reading is the whole, but for what a process does in its last hundredth of a second.
    private static (TimeSpan Processor, long PeakBytes) Used(Process process, (TimeSpan Processor, long PeakBytes) before)
    {
        try
        {
            process.Refresh();
            return (process.TotalProcessorTime, Math.Max(before.PeakBytes, process.PeakWorkingSet64));
        }
        catch (Exception ended) when (ended is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return before; // It ended between two lines: .NET says so in one way or the other.
        }
    }
}
