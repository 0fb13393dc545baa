using Aval.Corpus;

namespace Aval.Faults;

/// <summary>kill -9 right after a step of a build: what was finished is kept, and what was published is not
/// touched.</summary>
public sealed class BuildStageKillTests : IDisposable
{
    private static readonly string[] Build = [.. FilledWorkspace.Build, "--threads", "1"];

    private readonly string _folder = Directory.CreateTempSubdirectory("aval-faults-").FullName;
    private readonly FilledWorkspace _filled;

    public BuildStageKillTests()
    {
        var files = Path.Combine(_folder, "files");
        FilledWorkspace.WriteFiles(files, Kills.IsLong ? 50_000 : 8_000);
        _filled = FilledWorkspace.Create(Path.Combine(_folder, "workspace"));
        _filled.ImportAllHere(files);
        _filled.Done("choose", "--from", Path.Combine(files, "choices.csv"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Working => Path.Combine(_filled.Workspace.Temporary, "build-opt-out");

    private string Growing => Path.Combine(_filled.Workspace.Corpus, "opt-out", ".building");

    private string Traced => Path.Combine(_filled.Workspace.Lineage, "opt-out");

    [Fact]
    public void A_build_that_is_killed_after_any_step_is_continued_and_what_was_finished_is_not_made_again()
    {
        _filled.Done(Build);
        var expected = _filled.Bytes();
        _filled.ForgetReleases();
        (string Step, Func<bool> IsDone)[] steps =
        [
            ("facts are laid out", () => Directory.Exists(Path.Combine(Working, "accounts"))),
            ("the plan is written", () => File.Exists(Path.Combine(Working, "plan.json"))),
            .. Enumerable.Range(1, 8).Where(parts => Kills.IsLong || parts is 2 or 8).Select(parts =>
                ($"{parts} parts", (Func<bool>)(() => Finished().Count >= parts))),
            ("the tree has its root", () => File.Exists(Path.Combine(Growing, "authors", "checkpoint"))),
            ("the manifest is written", () => File.Exists(Path.Combine(Growing, "manifest.json"))),
            ("the release is signed", () => File.Exists(Path.Combine(Growing, "manifest.sig"))),
            ("lineage has its name", () => Directory.Exists(Traced)
                && Directory.EnumerateDirectories(Traced).Any(path => Path.GetFileName(path) is not ['.', ..])),
        ];
        var (killed, kept) = (0, 0);
        foreach (var (step, isDone) in steps)
        {
            using (var command = Command.Start(_filled.Workspace.Root, Build))
                killed += command.KillWhen(isDone) ? 1 : 0;
            _filled.RequireWholeReleases();
            // Between the two names of a release its lineage is taken back, and nothing can be kept.
            var isWhole = Directory.Exists(Path.Combine(Traced, ".building")) && Directory.Exists(Growing);
            var before = isWhole ? Finished() : [];
            _filled.Done(Build);
            Assert.Equal(expected, _filled.Bytes());
            _filled.RequireTidy();
            var release = Directory.EnumerateDirectories(Path.Combine(_filled.Workspace.Corpus, "opt-out")).Single();
            Assert.All(before, part => Assert.True(
                part.Written == File.GetLastWriteTimeUtc(Path.Combine(release, part.Shard)),
                $"{step}: {part.Shard} was made again."));
            kept += before.Count;
            _filled.ForgetReleases();
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{killed} of {steps.Length} killed, {kept} parts kept");
        Assert.True(killed > 0 && kept > 0, $"{killed} killed, {kept} parts kept: hardly anything was tried.");
    }

    [Fact]
    public void A_build_that_is_killed_while_it_links_never_lets_the_next_one_write_into_the_release_before()
    {
        _filled.Done(Build);
        var links = 0;
        for (var kill = 1; kill <= Kills.Out(2); kill++)
        {
            var published = Releases();
            var bytes = BytesOf(published);
            var asOf = $"2026-01-15T00:{kill:D2}:00Z";
            string[] later = ["build", "--policy", "opt-out", "--as-of", asOf, "--threads", "1"];
            using (var command = Command.Start(_filled.Workspace.Root, later))
                command.KillWhen(() => Finished().Count > kill % 8);
            links += Directory.Exists(Path.Combine(Growing, "shards"))
                ? Directory.EnumerateFiles(Path.Combine(Growing, "shards"), "*.parquet").Count() : 0;
            // Of every bucket somebody: whatever was linked must be written anew.
            var choices = Path.Combine(_folder, "more.csv");
            File.WriteAllLines(choices, ["kind,account,made_at,received_at", .. Enumerable.Range(0, 60).Select(at =>
                $"objection,facebook:{(kill * 150) + (2 * at) + 1},2025-06-01T00:00:00Z,2025-06-01T00:00:00Z")]);
            _filled.Done("choose", "--from", choices);
            _filled.Done(later);
            Assert.Equal(bytes, BytesOf(published));
            Assert.Equal(kill + 1, _filled.RequireWholeReleases());
        }

        Assert.True(links > 0, "No kill found a linked shard: nothing was tried.");
    }

    [Fact]
    public void A_shard_that_a_killed_build_of_more_buckets_left_is_in_no_release()
    {
        _filled.Done(Build);
        var expected = _filled.Bytes();
        _filled.ForgetReleases();
        using (var command = Command.Start(_filled.Workspace.Root, Build))
            Assert.True(command.KillWhen(() => Finished().Count > 0), "The build was over before it was killed.");
        foreach (var folder in new[] { Path.Combine(Growing, "shards"), Path.Combine(Traced, ".building") })
            File.Copy(Directory.EnumerateFiles(folder).First(), Path.Combine(folder, "b012.parquet"));
        _filled.Done(Build);

        Assert.Equal(expected, _filled.Bytes());
        Assert.Equal(1, _filled.RequireWholeReleases());
    }

    // Of releases and their lineage alone: what is kept beside them for the next build changes with each.
    private SortedDictionary<string, string> BytesOf(string[] releases) => new(
        _filled.Bytes().Where(file => releases.Contains(file.Key.Split('/')[2])).ToDictionary(),
        StringComparer.Ordinal);

    private string[] Releases() => [.. ReleaseName.Releases(Path.Combine(_filled.Workspace.Corpus, "opt-out"))
        .Select(path => Path.GetFileName(path)!)];

    // The parts that say they are finished, and when their shards were written.
    private List<(string Shard, DateTime Written)> Finished()
    {
        try
        {
            return [.. Directory.EnumerateFiles(Path.Combine(Working, "parts"), "*.json")
                .Select(part => Path.Combine("shards", $"b{Path.GetFileNameWithoutExtension(part)}.parquet"))
                .Select(shard => (shard, File.GetLastWriteTimeUtc(Path.Combine(Growing, shard))))];
        }
        catch (Exception gone) when (gone is DirectoryNotFoundException or FileNotFoundException)
        {
            return []; // Not begun, or over.
        }
    }
}
