using System.ComponentModel;
using System.Diagnostics;
using Aval.Tests.House;

namespace Aval.Tests.Runs;

/// <summary>
/// tests/conformance/js, installed: somebody else's reader of Parquet. Where Node cannot be had the
/// test is skipped, and fails in CI.
/// </summary>
internal sealed record JavaScriptReader(string Folder)
{
    /// <summary>Installs it into a folder.</summary>
    public static JavaScriptReader Install(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Sources.Root, "tests", "conformance", "js")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        var (exit, said) = Run(folder, "npm", "ci", "--offline", "--ignore-scripts", "--no-audit", "--no-fund");
        if (exit != 0)
        {
            var missing = $"Node (Debian: nodejs, npm) cannot be had here: {said}";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", missing);
            Assert.Fail(missing);
        }

        return new JavaScriptReader(folder);
    }

    /// <summary>The rows of a file, as JSON.</summary>
    public string Read(string file)
    {
        var (exit, said) = Run(Folder, "node", "read.js", file);
        Assert.True(exit == 0, said);
        return said;
    }

    private static (int? Exit, string Said) Run(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, process.ExitCode == 0 ? output : output + error.Result);
        }
        catch (Win32Exception missing)
        {
            return (null, missing.Message);
        }
    }
}
