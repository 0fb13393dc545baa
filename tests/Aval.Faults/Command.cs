using System.Diagnostics;
using System.Text;
using Aval.Tests;

namespace Aval.Faults;

/// <summary>The built <c>aval</c> command as a process of its own, which can be killed.</summary>
internal sealed class Command : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task _errorRead;
    private readonly StringBuilder _error = new();
    private readonly TaskCompletionSource _said = new();
    private readonly string? _awaited;

    private Command(Process process, string? awaited)
    {
        _process = process;
        _awaited = awaited;
        _output = process.StandardOutput.ReadToEndAsync();
        _errorRead = Task.Run(ReadErrors);
    }

    public static Command Start(string workspace, params IEnumerable<string> arguments) =>
        StartAwaiting(null, workspace, arguments);

    /// <summary>
    /// Starts a command whose kill is timed from when it says <paramref name="words"/> on its error stream.
    /// </summary>
    public static Command StartAwaiting(string? words, string workspace, params IEnumerable<string> arguments)
    {
        var start = ProgramUnderTest.Start(arguments);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        (start.StandardOutputEncoding, start.WorkingDirectory) = (Encoding.UTF8, workspace);
        return new Command(Process.Start(start)!, words);
    }

    /// <summary>Starts the process that records without end and says what was acknowledged.</summary>
    public static Process StartLoad(string workspace, string prefix)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var binary = Path.Combine(
            here.Parent!.Parent!.Parent!.Parent!.Parent!.FullName, "bench", "Aval.Benchmarks", "bin", here.Parent.Name,
            here.Name, "Aval.Benchmarks.dll");
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var argument in new[] { binary, "load", workspace, prefix })
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    /// <summary>Runs a command to its end.</summary>
    public static (int Exit, string Output, string Error) Run(string workspace, params IEnumerable<string> arguments)
    {
        using var command = Start(workspace, arguments);
        return command.Wait();
    }

    public (int Exit, string Output, string Error) Wait()
    {
        _process.WaitForExit();
        _errorRead.GetAwaiter().GetResult();
        return (_process.ExitCode, _output.GetAwaiter().GetResult(), _error.ToString());
    }

    /// <summary>Waits until the command has said the awaited words, or has ended without them.</summary>
    public void Await() => _said.Task.GetAwaiter().GetResult();

    /// <summary>Kills the process (SIGKILL) unless it ends first, and answers what it had printed by then.</summary>
    public string KillAfter(TimeSpan delay)
    {
        Await();
        if (!_process.WaitForExit(delay))
            _process.Kill();
        _process.WaitForExit();
        return _output.GetAwaiter().GetResult();
    }

    /// <summary>Kills the process (SIGKILL) as soon as something is seen, unless it ends first.</summary>
    /// <returns>Whether it was killed.</returns>
    public bool KillWhen(Func<bool> seen)
    {
        while (!seen())
        {
            if (_process.WaitForExit(TimeSpan.FromMilliseconds(1)))
                return false;
        }

        _process.Kill();
        _process.WaitForExit();
        return true;
    }

    private void ReadErrors()
    {
        if (_awaited is null)
            _said.SetResult();
        while (_process.StandardError.ReadLine() is { } line)
        {
            _error.Append(line).Append('\n');
            if (_awaited is not null && line.Contains(_awaited, StringComparison.Ordinal))
                _said.TrySetResult();
        }

        _said.TrySetResult();
    }

    public void Dispose() => _process.Dispose();
}
