using System.Text.Json;
using Aval.Content;

namespace Aval.Faults;

/// <summary>kill -9 while content is imported.</summary>
public sealed class ImportKillTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aval-faults-").FullName;
    private readonly string _files;

    public ImportKillTests() => _files = Path.Combine(_folder, "files");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // So many rows that each bucket has a file of its own, and so few that they share one.
    [Theory]
    [InlineData(50_000, 2, true)]
    [InlineData(50_000, 8, false)]
    public void A_killed_import_is_in_whole_or_not_at_all_and_the_next_gives_the_same_content(
        int items, int buckets, bool isByBucket)
    {
        FilledWorkspace.WriteFiles(_files, items);
        string[] import = ["import", "table", Path.Combine(_files, "items.parquet"), "--as", "items"];
        var undisturbed = FilledWorkspace.Create(Path.Combine(_folder, "undisturbed"), buckets);
        var whole = Kills.Time(() => undisturbed.Done(import));
        Assert.Equal(isByBucket, Directory.Exists(Path.Combine(undisturbed.Workspace.Content, "items", "bucket=001")));
        var rows = undisturbed.Rows();
        ImportRest(undisturbed);
        undisturbed.Done(FilledWorkspace.Build);
        var expected = undisturbed.Bytes();

        var killed = 0;
        var count = Kills.Out(isByBucket ? 10 : 4);
        foreach (var (number, delay) in Kills.Over(TimeSpan.FromSeconds(1), 0.2, 1.1, count).Index())
        {
            var disturbed = FilledWorkspace.Create(Path.Combine(_folder, $"disturbed-{number}"), buckets);
            using (var command = Command.Start(disturbed.Workspace.Root, import))
                killed += command.KillAfter(whole * delay.TotalSeconds).Length == 0 ? 1 : 0;
            var before = RequireWholeLines(disturbed.Workspace).Count;
            var again = Kills.Time(() => disturbed.Done(import));
            if (before == 0)
                whole = again; // Otherwise it found its files imported already, which takes no time.
            Assert.Single(RequireWholeLines(disturbed.Workspace));
            disturbed.RequireTidyContent();
            Assert.Equal(rows, disturbed.Rows());
            if (number % 3 == 0)
            {
                ImportRest(disturbed);
                disturbed.Done(FilledWorkspace.Build);
                Assert.Equal(expected, disturbed.Bytes());
            }

            disturbed.RequireTidy();
            Directory.Delete(disturbed.Workspace.Root, recursive: true);
        }

        Kills.Report(killed, whole);
    }

    private void ImportRest(FilledWorkspace filled)
    {
        filled.ImportHere(Path.Combine(_files, "accounts.parquet"), ContentKind.Accounts);
        filled.ImportHere(Path.Combine(_files, "notices.parquet"), ContentKind.Notices);
        filled.Done("choose", "--from", Path.Combine(_files, "choices.csv"));
    }

    /// <summary>Every line is an import's record, and the last one is whole.</summary>
    private static List<string> RequireWholeLines(Workspace workspace)
    {
        var log = Path.Combine(workspace.Content, "imports.jsonl");
        if (!File.Exists(log))
            return [];
        var text = File.ReadAllText(log);
        Assert.True(text.Length == 0 || text.EndsWith('\n'), "The last line is torn.");
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
        Assert.All(lines, line => JsonDocument.Parse(line).Dispose());
        return lines;
    }
}
