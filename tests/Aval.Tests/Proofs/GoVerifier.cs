using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Aval.Tests.Proofs;

/// <summary>
/// tests/conformance/go, built: somebody else's verifier. Where Go is missing the test is skipped, and fails in CI.
/// </summary>
internal sealed record GoVerifier(string Binary)
{
    private const string Package = "/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog";

    /// <summary>Builds it into a directory.</summary>
    public static GoVerifier Build(string directory, [CallerFilePath] string here = "")
    {
        // Of whoever calls: both test projects lie side by side.
        var tests = new DirectoryInfo(here);
        while (tests.Name != "tests")
            tests = tests.Parent!;
        if (!Directory.Exists(Package)
            || !Environment.GetEnvironmentVariable("PATH")!
                .Split(Path.PathSeparator)
                .Any(on => File.Exists(Path.Combine(on, "go"))))
        {
            const string missing =
                "Go and its sumdb packages are missing (Debian: golang-go, golang-golang-x-mod-dev).";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", missing);
            Assert.Fail(missing);
        }

        var binary = Path.Combine(directory, "verifier");
        Run(0, "go", "build", "-o", binary, Path.Combine(tests.FullName, "conformance", "go", "main.go"));
        return new GoVerifier(binary);
    }

    /// <summary>What it says of a ledger, when it ends as it should.</summary>
    public string Answer(int exit, params string[] arguments) => Run(exit, Binary, arguments);

    private static string Run(int exit, string program, params string[] arguments)
    {
        var start =
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        // Debian's Go packages are sources in a GOPATH: no network, no modules.
        start.Environment["GO111MODULE"] = "off";
        start.Environment["GOPATH"] = "/usr/share/gocode";
        start.Environment["GOFLAGS"] = "";
        start.Environment["GOCACHE"] = Path.Combine(Path.GetTempPath(), "aval-go-cache");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == exit, $"exit {process.ExitCode}\n{output}\n{error.Result}");
        return output;
    }
}
