using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Aval.EndToEnd;

/// <summary>The SDK's command, as somebody types it in a checkout.</summary>
internal static class Dotnet
{
    /// <summary>The checkout.</summary>
    public static string Checkout { get; } = Here();

    /// <summary>Runs the SDK to its end, which must be a good one.</summary>
    public static void Run(string directory, params string[] arguments) =>
        Finish(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = directory }).Done();

    /// <summary>Runs a program to its end.</summary>
    public static Answer Finish(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        // What the build of this test was told is not meant for another one.
        foreach (var inherited in start.Environment.Keys.Where(IsOfABuild).ToArray())
            start.Environment.Remove(inherited);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Answer(process.ExitCode, output, error.Result);
    }

    private static bool IsOfABuild(string variable) =>
        variable.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase);

    private static string Here([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(here, "../../.."));
}
