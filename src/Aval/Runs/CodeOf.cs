using System.ComponentModel;
using System.Diagnostics;

namespace Aval.Runs;

/// <summary>Which code a run runs: what git says of the folder in which it is started.</summary>
internal static class CodeOf
{
    /// <summary>The commit, with <c>-dirty</c> when files were changed since; null = git knows nothing of it.</summary>
    public static string? Folder(string folder)
    {
        if (Ask(folder, "rev-parse", "HEAD") is not { Length: > 0 } commit)
            return null;
        return Ask(folder, "status", "--porcelain", "--untracked-files=no") is "" ? commit : commit + "-dirty";
    }

    private static string? Ask(string folder, params string[] question)
    {
        var start = new ProcessStartInfo("git", ["-C", folder, .. question])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var answer = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            _ = error.Result;
            return process.ExitCode == 0 ? answer : null;
        }
        catch (Win32Exception)
        {
            return null; // There is no git here.
        }
    }
}
