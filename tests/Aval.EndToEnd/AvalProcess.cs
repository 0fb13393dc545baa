using System.Diagnostics;
using Aval.Tests;

namespace Aval.EndToEnd;

/// <summary>What a finished command answered.</summary>
internal sealed record Answer(int Exit, string Output, string Error)
{
    /// <summary>The answer, once it is known to be a yes.</summary>
    public Answer Done()
    {
        Assert.True(Exit == 0, $"exit {Exit}\n{Error}\n{Output}");
        return this;
    }
}

/// <summary>The built command, run as a child process.</summary>
internal static class AvalProcess
{
    /// <summary>Runs a command to its end.</summary>
    public static Answer Run(string workspace, params string[] arguments) =>
        Run(workspace, new Dictionary<string, string>(), arguments);

    /// <summary>Runs a command to its end in a changed environment.</summary>
    public static Answer Run(
        string workspace, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using var process = Start(workspace, environment, arguments);
        // Both pipes are drained side by side: a full one would stop the child.
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Answer(process.ExitCode, output, error.Result);
    }

    /// <summary>Runs a command that needs no workspace, in a directory of the caller's choice.</summary>
    public static Answer RunIn(string directory, params string[] arguments)
    {
        var start = ProgramUnderTest.Start(arguments);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        start.WorkingDirectory = directory;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Answer(process.ExitCode, output, error.Result);
    }

    /// <summary>Starts a command; the caller ends it.</summary>
    public static Process Start(
        string workspace, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = ProgramUnderTest.Start([.. arguments, "--workspace", workspace]);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
