using System.Diagnostics;
using System.Text.RegularExpressions;
using Aval.Choices.Stores;
using Aval.Storage;
using Aval.Tests;

namespace Aval.EndToEnd;

/// <summary>A workspace that cannot be written, as an auditor or a second machine has it: what reads, reads.</summary>
public sealed class ReadOnlyTests : IDisposable
{
    private const string Late = "facebook:424242";
    private readonly TemporaryFolder _folder = new();
    private string _release = "";

    private string Workspace => _folder.File("read-only");

    [Fact]
    public void What_reads_answers_the_same_where_nothing_can_be_written_and_leaves_nothing_behind()
    {
        Make();
        string[][] lines =
        [
            ["stance", Late, "--at", "2026-06-01T00:00:00Z"], ["stance", "facebook:100004", "--at", Platform.AsOf],
            ["explain", "facebook:100004", "--release", "opt-out"],
            ["compare", "opt-out", "opt-in", "--as-of", Platform.AsOf],
            ["check"], ["ledger", "check"], ["ledger", "status"], ["choices", "unmatched"],
            ["query", "SELECT account, kind FROM choices ORDER BY 1, 2"],
            ["query", "SELECT decision, reason, count(*) FROM decisions GROUP BY ALL "
                + "ORDER BY ALL", "--release", "opt-out"],
            ["decisions", "opt-out", "--out", _folder.File("decisions.parquet")],
            ["audit", "release", "opt-out"],
        ];
        // The caches that these commands keep are made before, and no other is missed afterwards.
        var before = lines.Select(line => AvalProcess.Run(Workspace, line)).ToArray();
        var tree = Tree();
        SetWritable(false);
        try
        {
            for (var at = 0; at < lines.Length; at++)
            {
                var after = Run(lines[at]);
                Assert.True(before[at].Exit == 0, $"{string.Join(' ', lines[at])}: {before[at].Error}");
                Assert.True(after.Exit == 0, $"{string.Join(' ', lines[at])}: {after.Error}");
                Assert.Equal(WithoutNow(before[at].Output), WithoutNow(after.Output));
            }

            Assert.Contains(Late, Run("query", "SELECT account FROM choices").Output, StringComparison.Ordinal);
            Assert.Equal(0, Run("verify", "release", _release, "--key", _folder.File("ledger.vkey")).Exit);
        }
        finally
        {
            SetWritable(true);
        }

        Assert.Equal(tree, Tree());
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("system")));
    }

    [Fact]
    public void What_writes_says_in_one_sentence_that_the_workspace_is_read_only()
    {
        Make();
        var tree = Tree();
        SetWritable(false);
        try
        {
            foreach (var line in new string[][]
            {
                ["choose", "objection", "--account", Late], ["choose", "--from", _folder.File("files/choices.csv")],
                ["forget", "2"], ["receipt", "0"], ["ledger", "publish"], ["ledger", "publish", "--afresh"],
                ["build", "--policy", "opt-out", "--as-of", Platform.AsOf], ["keys", "rotate"],
                ["import", "table", _folder.File("files/accounts.parquet"), "--as", "accounts"],
            })
            {
                var answer = Run(line);
                Assert.True(answer.Exit == 3, $"{string.Join(' ', line)}: exit {answer.Exit}: {answer.Error}");
                var told = answer.Error.TrimEnd().Split('\n', '\r')[^1]; // After progress.
                Assert.Matches("read-only here|denied", told);
                Assert.DoesNotContain("   at ", answer.Error, StringComparison.Ordinal);
            }
        }
        finally
        {
            SetWritable(true);
        }

        Assert.Equal(tree, Tree());
    }

    public void Dispose() => _folder.Dispose();

    // The last choices are in the write-ahead log alone: a store that is open elsewhere keeps it from being folded in.
    private void Make()
    {
        var original = _folder.File("original");
        Platform.Write(_folder.File("files"), 200);
        Directory.CreateDirectory(_folder.File("system"));
        Platform.Import(original, _folder.File("files"));
        using (ChoiceStores.Open(Aval.Workspace.Open(original, original)))
        {
            AvalProcess.Run(original, "choose", "objection", "--account", Late).Done();
            foreach (var policy in new[] { "opt-out", "opt-in" })
                AvalProcess.Run(original, "build", "--policy", policy, "--as-of", "2026-06-01T00:00:00Z").Done();
            Durable.Replace(_folder.File("ledger.vkey"), AvalProcess.Run(original, "ledger", "key").Done().Output);
            Copy(original, Workspace);
        }

        File.Delete(Path.Combine(Workspace, "choices.db-shm"));
        Assert.NotEqual(0, new FileInfo(Path.Combine(Workspace, "choices.db-wal")).Length);
        _release = Directory.GetDirectories(Path.Combine(Workspace, "corpus", "opt-out")).Single();
    }

    // The instants of this year's clock are to the microsecond; those of the data are whole seconds.
    private static string WithoutNow(string output) => Regex.Replace(output, @"\d{4}-\d\d-\d\dT[\d:]+\.\d+Z", "now");

    private static void Copy(string from, string to)
    {
        FileModes.MakePrivateFolder(to);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.GetDirectories(from))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }

    private string[] Tree() =>
    [
        .. Directory.GetFileSystemEntries(Workspace, "*", SearchOption.AllDirectories)
            .Where(path => !path.EndsWith(".db-shm", StringComparison.Ordinal))
            .Select(path => File.Exists(path) ? $"{path} {Hash.Of(File.ReadAllBytes(path))}" : path)
            .Order(StringComparer.Ordinal),
    ];

    // Keys stay readable by their owner alone.
    private void SetWritable(bool writable)
    {
        foreach (var path in Directory.GetFileSystemEntries(Workspace, "*", SearchOption.AllDirectories)
            .Append(Workspace))
        {
            if (OperatingSystem.IsWindows())
                throw new PlatformNotSupportedException();
            var mode = File.GetUnixFileMode(path);
            File.SetUnixFileMode(path, writable ? mode | UnixFileMode.UserWrite : mode & ~UnixFileMode.UserWrite);
        }
    }

    // Root writes where nobody may, unless it gives up that right.
    private Answer Run(params string[] arguments)
    {
        string[] command = [.. ProgramUnderTest.With([.. arguments, "--workspace", Workspace])];
        if (Environment.IsPrivilegedProcess)
            command = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", .. command];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TMPDIR"] = _folder.File("system");
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Answer(process.ExitCode, output, error.Result);
    }
}
