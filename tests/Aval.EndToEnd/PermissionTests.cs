using System.Diagnostics;
using Aval.Storage;
using Aval.Tests;

namespace Aval.EndToEnd;

/// <summary>Under an umask that forbids nothing, what names people is its owner's alone all the same.</summary>
public sealed class PermissionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Workspace => _folder.File("workspace");

    [Fact]
    public void Nothing_that_names_people_is_open_to_others_whatever_the_umask()
    {
        Run("init");
        Import("accounts", Account(1), Account(2));
        Import("notices", Notice(1), Notice(2));
        Import("items", Item("1", "facebook:1"), Item("2", "facebook:2"), Item("3", "facebook:ann @example.org"));
        var choices = Given("choices.csv", "kind,account", "objection,facebook:2", "objection,facebook:9");
        Run("choose", "--from", choices);
        Run("build", "--policy", "opt-out");
        foreach (var kind in new[] { "csv", "jsonl", "parquet" })
            Run("decisions", "opt-out", "--out", _folder.File($"decisions.{kind}"));
        Run("receipt", "0", "1", "--out", _folder.File("receipts"));
        Run("choose", "objection", "--account", "facebook:7", "--receipt", _folder.File("seven.receipt"));
        Run("prove", "facebook:1", "--out", _folder.File("one.proof"));
        Run("explain", "facebook:2");
        Run("forget", "1");
        Run("check");

        var open = Entries().Where(FileModes.IsOpenToOthers).ToList();
        Assert.All(open, path => Assert.True(MayBePublished(path), $"{path} is open to others."));
        Assert.DoesNotContain(Entries(), CanBeWrittenByOthers);
        // All of it was made, and what is to be published was left open.
        foreach (var made
            in new[] { "workspace/content/rejects/000003-items.jsonl", "given/choices.csv.unmatched-0.jsonl",
                "decisions.parquet", "receipts/0.receipt", "seven.receipt", "one.proof", "workspace/choices.db" })
            Assert.True(File.Exists(_folder.File(made)), made);
        Assert.Contains(open, path => path.EndsWith("manifest.json", StringComparison.Ordinal));
        Assert.Contains(open, path => path == Path.Combine(Workspace, "ledger", "checkpoint"));
    }

    public void Dispose() => _folder.Dispose();

    private static string Account(int id) =>
        $$"""{"account": "facebook:{{id}}", "birth_year": 1980, "observed_at": "2025-04-01T00:00:00Z"}""";

    private static string Notice(int id) =>
        $$"""{"account": "facebook:{{id}}", "version": "v1", "delivered_at": "2025-04-14T00:00:00Z"}""";

    private static string Item(string id, string author) =>
        $$"""{"item_id": "{{id}}", "service": "facebook", "kind": "post", "author": "{{author}}", "audience": "public", """
        + """ "created_at": "2024-03-04T05:06:07Z", "text": "words", "observed_at": "2025-04-01T00:00:00Z"}""";

    // The ledger, the corpus without its audit sidecar, and the folder that holds the workspace's own.
    private bool MayBePublished(string path) => path == Workspace
        || Below(path, Path.Combine(Workspace, "ledger"))
        || (Below(path, Path.Combine(Workspace, "corpus"))
            && !$"{path}/".Contains("/authors/audit/", StringComparison.Ordinal));

    private static bool CanBeWrittenByOthers(string path) => !OperatingSystem.IsWindows()
        && (File.GetUnixFileMode(path) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0;

    private static bool Below(string path, string folder) =>
        $"{path}/".StartsWith($"{folder}/", StringComparison.Ordinal);

    // What the commands made: not what the test gave them.
    private IEnumerable<string> Entries() => Directory
        .EnumerateFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories)
        .Where(path => !Below(path, _folder.File("given")) || path.Contains(".unmatched", StringComparison.Ordinal));

    private void Import(string kind, params string[] lines) =>
        Run("import", "table", Given($"{kind}.jsonl", lines), "--as", kind);

    private string Given(string name, params string[] lines)
    {
        Directory.CreateDirectory(_folder.File("given"));
        var path = Path.Combine(_folder.File("given"), name);
        File.WriteAllLines(path, lines);
        return path;
    }

    private void Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("sh") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word
            in (string[])["-c", "umask 000; exec \"$@\"", "sh", .. ProgramUnderTest.With(arguments)])
            start.ArgumentList.Add(word);
        start.ArgumentList.Add("--workspace");
        start.ArgumentList.Add(Workspace);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        new Answer(process.ExitCode, output, error.Result).Done();
    }
}
