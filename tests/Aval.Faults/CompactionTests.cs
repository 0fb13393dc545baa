using Aval.Content;
using Aval.Storage;

namespace Aval.Faults;

/// <summary>Content that is written together again while something goes wrong: no row is lost, and none is there
/// twice.</summary>
public sealed class CompactionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aval-faults-").FullName;
    private readonly string _files;
    private readonly FilledWorkspace _filled;
    private readonly string _rows;

    public CompactionTests()
    {
        _files = Path.Combine(_folder, "files");
        var more = Path.Combine(_folder, "more");
        // Many, so that each bucket has a file of its own; and few, in one file that the buckets share.
        FilledWorkspace.WriteFiles(_files, 40_000);
        _filled = FilledWorkspace.Create(Path.Combine(_folder, "workspace"), buckets: 2);
        _filled.ImportHere(Path.Combine(_files, "items.parquet"), ContentKind.Items);
        _filled.ImportHere(Path.Combine(_files, "accounts.parquet"), ContentKind.Accounts);
        _filled.ImportHere(Path.Combine(_files, "notices.parquet"), ContentKind.Notices);
        _filled.ImportHere(FilledWorkspace.WriteOthers(more), ContentKind.Items);
        _rows = _filled.Rows();
        Assert.StartsWith("items_now 40060 ", _rows, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void A_killed_compaction_loses_no_row_and_the_next_finishes_it(int buckets)
    {
        string[] compact = ["compact", "--buckets", $"{buckets}"];
        _filled.Done("choose", "--from", Path.Combine(_files, "choices.csv"));
        var undisturbed = _filled.Copy(Path.Combine(_folder, "undisturbed"));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        undisturbed.Done(compact);
        var whole = watch.Elapsed;
        undisturbed.Done(FilledWorkspace.Build);
        var expected = undisturbed.Bytes();
        var killed = 0;
        foreach (var (number, delay) in Kills.Over(TimeSpan.FromSeconds(1), 0.35, 1.05, Kills.Out(3)).Index())
        {
            var disturbed = _filled.Copy(Path.Combine(_folder, $"killed-{number}"));
            bool inTime;
            using (var command = Command.Start(disturbed.Workspace.Root, compact))
                inTime = command.KillAfter(whole * delay.TotalSeconds).Length == 0;
            killed += inTime ? 1 : 0;
            // What else the machine does changes while this runs: where it was over before the kill, the next come
            // earlier.
            whole *= inTime ? 1 : 0.4;
            RequireFinishing(disturbed, buckets, compact);
            if (number % 5 == 0)
            {
                disturbed.Done(FilledWorkspace.Build);
                Assert.Equal(expected, disturbed.Bytes());
            }

            Directory.Delete(disturbed.Workspace.Root, recursive: true);
        }

        Assert.True(killed > 0, "No kill came early enough: nothing was tried.");
    }

    // Not by time alone: each of these instants is short, and one of them lies between any two durable steps.
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void A_compaction_that_is_killed_right_after_one_of_its_steps_is_finished_by_the_next(int buckets)
    {
        string[] compact = ["compact", "--buckets", $"{buckets}"];
        Func<string, bool>[] steps =
        [
            content => Path.Combine(content, "under-way") is var work
                && Directory.Exists(work) && Directory.EnumerateDirectories(work).Any(),
            content => File.Exists(Path.Combine(content, "items", "bucket=000", "000005-items.parquet")),
            content => File.ReadLines(Path.Combine(content, "imports.jsonl")).Count() > 4,
            content => File.ReadLines(Path.Combine(content, "imports.jsonl")).Count() > 5,
        ];
        var killed = 0;
        foreach (var (number, seen) in steps.Index())
        {
            var disturbed = _filled.Copy(Path.Combine(_folder, $"step-{number}"));
            using (var command = Command.Start(disturbed.Workspace.Root, compact))
                killed += command.KillWhen(() => seen(disturbed.Workspace.Content)) ? 1 : 0;
            RequireFinishing(disturbed, buckets, compact);
        }

        Assert.True(killed > 0, "No kill came early enough: nothing was tried.");
    }

    [Fact]
    public void A_split_that_was_interrupted_before_its_last_step_is_named_and_a_plain_compaction_loses_nothing()
    {
        Fold(4);
        WriteBuckets(2);

        Action[] refusing = [() => Fold(null), () => _filled.Rows()];
        foreach (var refused in refusing.Select(Assert.Throws<AvalException>))
        {
            Assert.Equal(ExitCode.BadInput, refused.Exit);
            Assert.Contains("aval compact --buckets 4", refused.Message, StringComparison.Ordinal);
        }

        Fold(4);
        Assert.Equal(_rows, _filled.Rows());
        _filled.RequireTidyContent();
    }

    [Fact]
    public void Content_is_not_folded_into_a_number_of_buckets_that_somebody_wrote_into_aval_yaml()
    {
        foreach (var buckets in new[] { 1, 3, 4 })
        {
            WriteBuckets(buckets);
            Assert.Equal(ExitCode.BadInput, Assert.Throws<AvalException>(() => Fold(null)).Exit);
        }

        WriteBuckets(2);
        Fold(null);
        Assert.Equal(_rows, _filled.Rows());
    }

    [Fact]
    public void Who_read_aval_yaml_before_a_split_compacts_and_imports_into_the_buckets_there_are_now()
    {
        Fold(4);
        // This workspace's settings still say 2.
        Assert.Equal(2, _filled.Workspace.Settings.Buckets);
        Fold(null);
        _filled.ImportHere(Path.Combine(_folder, "more", "items.parquet"), ContentKind.Items);

        Assert.All(
            ContentLayout.Of(ImportLog.ReadAll(_filled.Workspace), ContentKind.Items).Files,
            rows => Assert.Equal(4, rows.File.OutOf));
        Assert.StartsWith("items_now 40060 ", _filled.Rows(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_replaced_and_not_dropped_goes_with_the_next_compaction_and_is_read_by_nobody()
    {
        var before = _filled.Copy(Path.Combine(_folder, "before"));
        Fold(null);
        foreach (var path in ImportLog.ReadAll(_filled.Workspace).Folds.SelectMany(fold => fold.Replaced))
            File.Copy(Path.Combine(before.Workspace.Content, path), Path.Combine(_filled.Workspace.Content, path));
        // As a process leaves it that was killed while it read.
        var pins = Directory.CreateDirectory(Path.Combine(_filled.Workspace.Content, "pins")).FullName;
        File.WriteAllLines(Path.Combine(pins, "dead"), []);

        Assert.Equal(_rows, _filled.Rows());
        _filled.RequireSoundContent();
        Assert.All(Fold(null), one => Assert.Equal(0, one.Waiting));
        _filled.RequireTidyContent();
        Assert.Equal(_rows, _filled.Rows());
    }

    [Fact]
    public void Compactions_and_an_import_and_a_build_at_once_leave_every_row_and_a_whole_release()
    {
        var root = _filled.Workspace.Root;
        using var build = Command.StartAwaiting("load", root, FilledWorkspace.Build);
        build.Await();
        using var split = Command.Start(root, "compact", "--buckets", "4");
        using var plain = Command.Start(root, "compact");
        var more = Path.Combine(_folder, "more", "items.parquet");
        using var import = Command.Start(root, "import", "table", more, "--as", "items");
        foreach (var (exit, output, error) in new[] { build.Wait(), split.Wait(), plain.Wait(), import.Wait() })
        {
            Assert.True(
                exit is (int)ExitCode.Done or (int)ExitCode.Busy or (int)ExitCode.BadInput,
                $"exit {exit}\n{error}\n{output}");
        }

        Assert.DoesNotContain("is gone", build.Wait().Error, StringComparison.Ordinal);

        _filled.Done("compact", "--buckets", "4");
        Assert.StartsWith("items_now 40060 ", _filled.Rows(), StringComparison.Ordinal);
        _filled.RequireTidyContent();
        _filled.RequireWholeReleases();
        _filled.Done(FilledWorkspace.Build);
        _filled.RequireWholeReleases();
        _filled.RequireTidy();
    }

    private void RequireFinishing(FilledWorkspace disturbed, int buckets, string[] compact)
    {
        try
        {
            Assert.Equal(_rows, disturbed.Rows());
        }
        catch (AvalException between) when (buckets == 4)
        {
            Assert.Contains("run: aval compact --buckets 4", between.Message, StringComparison.Ordinal);
        }

        disturbed.RequireSoundContent();
        disturbed.Done(compact);
        Assert.Equal(_rows, disturbed.Rows());
        disturbed.RequireTidyContent();
        var log = ImportLog.ReadAll(disturbed.Workspace);
        Assert.All(Enum.GetValues<ContentKind>(), kind => Assert.True(ContentLayout.Of(log, kind).IsFolded(buckets)));
    }

    private IReadOnlyList<CompactionOutcome> Fold(int? buckets) =>
        Compaction.Fold(_filled.Workspace, buckets, EngineLimits.Default, TimeProvider.System, (_, _) => { });

    private void WriteBuckets(int buckets)
    {
        var path = Path.Combine(_filled.Workspace.Root, Workspace.FileName);
        string[] lines = [.. File.ReadLines(path).Select(
            line => line.StartsWith("buckets:", StringComparison.Ordinal) ? $"buckets: {buckets}" : line)];
        File.WriteAllLines(path, lines);
    }
}
