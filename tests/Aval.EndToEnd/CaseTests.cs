using System.Diagnostics;
using System.Text.Json;
using Aval.Tests;

namespace Aval.EndToEnd;

/// <summary><c>aval case</c> as a lawyer types it, and its bundle as an authority opens it.</summary>
public sealed class CaseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aval-case-").FullName;
    private readonly string _workspace;

    public CaseTests()
    {
        _workspace = Path.Combine(_folder, "workspace");
        Directory.CreateDirectory(_workspace);
        AvalProcess.Run(_workspace, "init").Done();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_notice_is_opened_shown_answered_and_bundled_and_the_bundle_verifies_in_an_empty_folder()
    {
        var receipt = Path.Combine(_folder, "kim.receipt");
        Aval("choose", "objection", "--account", "facebook:1", "--receipt", receipt);
        Aval("case", "open", Written("notice.yaml", """
            case: notice-1
            kind: formal-notice
            title: "No training without consent"
            jurisdiction: DE
            footing: own-right
            parties:
              - {role: claimant, name: "Kim", accounts: ["facebook:1"]}
              - {role: respondent, name: "Example Ltd"}
            allegations:
              - {text: "An objection was not honoured.", law: ["GDPR 21(3)"]}
            deadline: {set: 2020-05-21}
            """));
        Aval("case", "add", "notice-1", "--evidence", "receipt", receipt, "--shows", "1");
        Aval(
            "case", "answer", "notice-1", "1", "undertake", "--text", "No training before.", "--by-date", "2025-05-27",
            "--effect", "stop");
        using (var list = JsonDocument.Parse(Aval("case", "list", "--json")))
        {
            Assert.Equal(1, list.RootElement.GetProperty("overdue").GetInt32());
            var one = list.RootElement.GetProperty("cases")[0];
            Assert.Equal("2020-05-21", one.GetProperty("last_day").GetString());
            Assert.Equal("e1", one.GetProperty("case").GetProperty("evidence")[0].GetProperty("id").GetString());
        }

        Aval("choose", "mandate", "--account", "facebook:2", "--association", "rights.example");
        Aval("case", "members", "notice-1", "--association", "rights.example");
        var agreed = Written("agreed", "I agree to be named.");
        var opening = Path.Combine(_folder, "member");
        Aval(
            "case", "members", "notice-1", "--open", "facebook:2", "--agreement", agreed, "--out", opening);
        Aval("case", "bundle", "notice-1", "--out", Path.Combine(_folder, "bundle"));
        var elsewhere = Path.Combine(_folder, "elsewhere");
        System.IO.Compression.ZipFile.ExtractToDirectory(Path.Combine(_folder, "bundle.zip"), elsewhere);
        Directory.Delete(_workspace, recursive: true);
        var (exit, said) = Verify(elsewhere);
        Assert.True(exit == 0, said);
        Assert.Contains("ok      e1  Verified", said, StringComparison.Ordinal);
        Assert.Contains("ok      e2  Verified: 1 member of the case notice-1", said, StringComparison.Ordinal);
        var opened = AvalProcess.RunIn(
            elsewhere, "verify", "members", "evidence/e2/members.list", "--key", "keys/01.vkey", "--open", opening)
            .Done().Output;
        Assert.Contains("Opened: the mandate of facebook:2", opened, StringComparison.Ordinal);
        Assert.EndsWith("All was verified.\n", said, StringComparison.Ordinal);

        File.AppendAllText(Path.Combine(elsewhere, "evidence", "e1", "choice.receipt"), "x");
        (exit, said) = Verify(elsewhere);
        Assert.Equal(1, exit);
        Assert.Contains("FAILED  bytes  evidence/e1/choice.receipt", said, StringComparison.Ordinal);
        Assert.Contains("FAILED  e1  NOT VERIFIED", said, StringComparison.Ordinal);
    }

    private string Aval(params string[] arguments) => AvalProcess.Run(_workspace, arguments).Done().Output;

    private string Written(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllLines(path, [text]);
        return path;
    }

    private static (int Exit, string Said) Verify(string bundle)
    {
        var program = Path.Combine(Path.GetDirectoryName(bundle)!, "aval");
        File.WriteAllLines(program, ["#!/bin/sh", $"exec {ProgramUnderTest.Shell} \"$@\""]);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo("sh", [Path.Combine(bundle, "verify.sh")]) { RedirectStandardOutput = true };
        start.Environment["AVAL"] = program;
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said);
    }
}
