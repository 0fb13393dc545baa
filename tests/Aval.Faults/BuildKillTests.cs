using System.Diagnostics;
using System.Text.Json;

namespace Aval.Faults;

/// <summary>kill -9 while a release is built or content is imported.</summary>
public sealed class BuildKillTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aval-faults-").FullName;
    private readonly string _files;

    public BuildKillTests() => _files = Path.Combine(_folder, "files");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_killed_build_leaves_no_half_release_and_the_next_gives_the_same_bytes()
    {
        // On one thread, a build of this takes longer than a second.
        FilledWorkspace.WriteFiles(_files, 800_000);
        string[] build = [.. FilledWorkspace.Build, "--threads", "1"];
        var undisturbed = FilledWorkspace.Create(Path.Combine(_folder, "undisturbed"));
        undisturbed.Import(_files);
        var whole = Time(() => undisturbed.Done(build));
        var expected = undisturbed.Bytes();
        Assert.Equal(1, undisturbed.RequireWholeReleases());

        var disturbed = FilledWorkspace.Create(Path.Combine(_folder, "disturbed"));
        disturbed.Import(_files);
        var killed = 0;
        foreach (var part in Parts)
        {
            using (var command = Command.Start(disturbed.Workspace.Root, build))
                killed += command.KillAfter(whole * part).Length == 0 ? 1 : 0;
            disturbed.RequireWholeReleases();
            // Measured anew each time: how fast a shared machine is changes while this runs.
            whole = Time(() => disturbed.Done(build));
            Assert.Equal(1, disturbed.RequireWholeReleases());
            Assert.Equal(expected, disturbed.Bytes());
            disturbed.RequireTidy();
            disturbed.ForgetReleases();
        }

        Report(killed, whole);
    }

    // Of 8 buckets: so many rows that each has a file of its own, and so few that they share one.
    [Theory]
    [InlineData(150_000, true)]
    [InlineData(50_000, false)]
    public void A_killed_import_is_in_whole_or_not_at_all_and_the_next_gives_the_same_content(
        int items, bool isByBucket)
    {
        FilledWorkspace.WriteFiles(_files, items);
        string[] import = ["import", "table", Path.Combine(_files, "items.parquet"), "--as", "items"];
        var undisturbed = FilledWorkspace.Create(Path.Combine(_folder, "undisturbed"));
        var whole = Time(() => undisturbed.Done(import));
        Assert.Equal(isByBucket, Directory.Exists(Path.Combine(undisturbed.Workspace.Content, "items", "bucket=007")));
        undisturbed.ImportRest(_files);
        undisturbed.Done(FilledWorkspace.Build);
        var expected = undisturbed.Bytes();

        var killed = 0;
        var count = Kills.Out(isByBucket ? 10 : 4);
        foreach (var (number, delay) in Kills.Over(TimeSpan.FromSeconds(1), 0.2, 1.1, count).Index())
        {
            var disturbed = FilledWorkspace.Create(Path.Combine(_folder, $"disturbed-{number}"));
            using (var command = Command.Start(disturbed.Workspace.Root, import))
                killed += command.KillAfter(whole * delay.TotalSeconds).Length == 0 ? 1 : 0;
            var before = RequireWholeLines(disturbed.Workspace).Count;
            var again = Time(() => disturbed.Done(import));
            if (before == 0)
                whole = again; // Otherwise it found its files imported already, which takes no time.
            Assert.Single(RequireWholeLines(disturbed.Workspace));
            disturbed.RequireTidyContent();
            disturbed.ImportRest(_files);
            disturbed.Done(FilledWorkspace.Build);
            Assert.Equal(expected, disturbed.Bytes());
            disturbed.RequireTidy();
            Directory.Delete(disturbed.Workspace.Root, recursive: true);
        }

        Report(killed, whole);
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

    /// <summary>When to kill, as parts of how long the undisturbed work takes.</summary>
    private static IEnumerable<double> Parts =>
        Kills.Over(TimeSpan.FromSeconds(1), 0.2, 1.1).Select(delay => delay.TotalSeconds);

    private static void Report(int killed, TimeSpan whole)
    {
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{killed} killed before the end, seed {Kills.Seed}, undisturbed lately {whole.TotalSeconds:F2} s");
        Assert.True(killed > 0, "No kill came early enough: nothing was tried.");
    }

    private static TimeSpan Time(Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed;
    }
}
