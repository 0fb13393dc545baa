using System.Diagnostics;
using Aval.Tests;

namespace Aval.Faults;

/// <summary>A disk that fails at one call: strace answers the call in the system's place.</summary>
internal static class FailingDisk
{
    /// <summary>Skips the test where there is no strace; in CI that is a failure.</summary>
    public static void RequireStrace()
    {
        if (File.Exists("/usr/bin/strace"))
            return;
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail("strace is not installed, and in CI a skip is a failure.");
        Assert.Skip("strace (Debian package strace) is not installed.");
    }

    /// <summary>Runs a command in which the n-th call of each thread fails.</summary>
    /// <returns>How it ended, and the calls that failed.</returns>
    public static (int Exit, string[] Injected) Run(
        string workspace, string trace, string call, string error, int n, params string[] arguments)
    {
        var exit = Trace(workspace, trace, call, [$"inject={call}:error={error}:when={n}"], arguments);
        return (exit, [.. File.ReadLines(trace).Where(line => line.Contains("INJECTED", StringComparison.Ordinal))]);
    }

    /// <summary>Kills a command (SIGKILL) before the n-th call of one of its threads.</summary>
    /// <returns>Whether it was killed, or was over before.</returns>
    public static bool Kill(string workspace, string trace, string call, int n, params string[] arguments)
    {
        var exit = Trace(workspace, trace, call, [$"inject={call}:signal=KILL:when={n}"], arguments);
        Assert.True(exit is 0 or 128 + 9, $"exit {exit}");
        return exit is 128 + 9;
    }

    /// <summary>At which calls a command that succeeds touches a folder: numbers for <see cref="Run"/>.</summary>
    public static int[] Touches(string workspace, string trace, string call, string folder, params string[] arguments)
    {
        Assert.Equal(0, Trace(workspace, trace, call, [], arguments));
        // strace counts the calls of each thread by themselves.
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var touches = new SortedSet<int>();
        foreach (var line in File.ReadLines(trace).Where(line => line.Contains($" {call}(", StringComparison.Ordinal)))
        {
            var thread = line.Split(' ')[0];
            counts[thread] = counts.GetValueOrDefault(thread) + 1;
            if (IsAbout(line, folder))
                touches.Add(counts[thread]);
        }

        return [.. touches];
    }

    /// <summary>Whether a call names something in a folder, or an open file of it; what it writes is no name.</summary>
    public static bool IsAbout(string line, string folder) =>
        line.Contains($"<{folder}", StringComparison.Ordinal) || line.Contains($"\"{folder}", StringComparison.Ordinal);

    private static int Trace(string workspace, string trace, string call, string[] more, string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/strace")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workspace,
        };
        foreach (var argument in (string[])["-f", "-y", "-qq", "-s", "300", "-o", trace, "-e", $"trace={call}",
            .. more.SelectMany(one => new[] { "-e", one }), .. ProgramUnderTest.With(arguments)])
            start.ArgumentList.Add(argument);
        // The runtime's own double mapping of code is a file too, and none of ours.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var said = process.StandardError.ReadToEndAsync();
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(3)), "The command hangs.");
        Task.WaitAll(output, said);
        return process.ExitCode;
    }
}
