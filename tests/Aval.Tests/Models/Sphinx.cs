using System.Diagnostics;

namespace Aval.Tests.Models;

/// <summary>The evaluator of n-gram models of CMU Sphinx (Debian: sphinxbase-utils), which knows nothing of
/// ours.</summary>
internal static class Sphinx
{
    private const string Program = "/usr/bin/sphinx_lm_eval";

    /// <summary>What it says.</summary>
    public static string Run(params string[] arguments)
    {
        if (!File.Exists(Program))
        {
            var missing = $"{Program} is not installed (Debian: sphinxbase-utils).";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", missing);
            Assert.Fail(missing);
        }

        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return said;
    }
}
