using System.Diagnostics;
using System.Text;

namespace Aval.Faults;

/// <summary>The built <c>aval</c> command as a process of its own, which can be killed.</summary>
internal sealed class Command : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private Command(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    public static Command Start(string workspace, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8, WorkingDirectory = workspace };
        start.ArgumentList.Add(Binary);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return new Command(Process.Start(start)!);
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
        return (_process.ExitCode, _output.GetAwaiter().GetResult(), _error.GetAwaiter().GetResult());
    }

    /// <summary>Kills the process (SIGKILL) unless it ends first, and answers what it had printed by then.</summary>
    public string KillAfter(TimeSpan delay)
    {
        if (!_process.WaitForExit(delay))
            _process.Kill();
        _process.WaitForExit();
        return _output.GetAwaiter().GetResult();
    }

    public void Dispose() => _process.Dispose();

    // …/tests/Aval.Faults/bin/CONFIGURATION/net10.0/ beside …/src/Aval.Cli/bin/CONFIGURATION/net10.0/
    private static string Binary
    {
        get
        {
            var here = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(here.Parent!.Parent!.Parent!.Parent!.Parent!.FullName, "src", "Aval.Cli", "bin", here.Parent.Name, here.Name, "Aval.Cli.dll");
        }
    }
}
