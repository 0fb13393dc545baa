using System.Diagnostics;

namespace Aval.Benchmarks;

/// <summary>What one process took.</summary>
/// <param name="Elapsed">Wall clock, from before its start until after its end, the start of .NET included.</param>
/// <param name="Processor">Processor time of all its threads: what others on the machine disturb least.</param>
/// <param name="PeakBytes">The most memory it held (VmHWM).</param>
internal sealed record Run(TimeSpan Elapsed, TimeSpan Processor, long PeakBytes)
{
    /// <summary>When it was started.</summary>
    public required DateTimeOffset Began { get; init; }

    /// <summary>Each line that it wrote to its error stream, and how long after its start.</summary>
    public required IReadOnlyList<(TimeSpan At, string Line)> Said { get; init; }
}

/// <summary>A process of its own for every run, so that none finds what another left in memory.</summary>
internal static class Child
{
    /// <summary>What starts a program of .NET: that of this process where there is one.</summary>
    public static string Host { get; } =
        Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet";

    /// <summary>Runs a program to its end: a file that can be started, or a <c>.dll</c> beside this one.</summary>
    /// <param name="program">What to run.</param>
    /// <param name="arguments">What it is told.</param>
    /// <exception cref="InvalidOperationException">It ended with another code than 0.</exception>
    public static Run Finish(string program, params IReadOnlyList<string> arguments)
    {
        var managed = program.EndsWith(".dll", StringComparison.Ordinal);
        var start = new ProcessStartInfo(managed ? Host : program);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        if (managed)
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, program));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var (began, watch) = (TimeProvider.System.GetUtcNow(), Stopwatch.StartNew());
        using var process = Process.Start(start)
            ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        var output = process.StandardOutput.ReadToEndAsync();
        var error = Listen(process.StandardError, watch);
        var used = (Processor: TimeSpan.Zero, PeakBytes: 0L);
        while (!process.WaitForExit(10))
            used = Used(process, used);

        process.WaitForExit();
        var elapsed = watch.Elapsed;
        return process.ExitCode == 0
            ? new Run(elapsed, used.Processor, used.PeakBytes) { Began = began, Said = error.Result }
            : throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)}\nended with {process.ExitCode}.\n{output.Result}\n"
                + string.Join('\n', error.Result.Select(said => said.Line)));
    }

    private static async Task<IReadOnlyList<(TimeSpan At, string Line)>> Listen(StreamReader error, Stopwatch watch)
    {
        var said = new List<(TimeSpan, string)>();
        while (await error.ReadLineAsync() is { } line)
            said.Add((watch.Elapsed, line));
        return said;
    }

    // Both only grow, so the last reading is the whole, but for what a process does in its last hundredth of a second.
    private static (TimeSpan Processor, long PeakBytes) Used(
        Process process, (TimeSpan Processor, long PeakBytes) before)
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
