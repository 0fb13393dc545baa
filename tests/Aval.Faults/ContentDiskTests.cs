using Aval.Content;

namespace Aval.Faults;

/// <summary>A disk that fails while content is written: what is acknowledged is there, no half file is
/// believed.</summary>
public sealed class ContentDiskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aval-faults-").FullName;
    private readonly string _files;
    private int _copies;

    public ContentDiskTests()
    {
        _files = Path.Combine(_folder, "files");
        FilledWorkspace.WriteFiles(_files, 40_000);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, string> Failures => new()
    {
        { "pwrite64", "ENOSPC" }, { "write", "ENOSPC" }, { "fsync", "EIO" }, { "rename", "EIO" }, { "openat", "EIO" },
        { "mkdir", "ENOSPC" }, { "rmdir", "EIO" }, { "ftruncate", "EIO" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void An_import_on_a_disk_that_fails_is_in_whole_or_not_at_all(string call, string error)
    {
        var empty = FilledWorkspace.Create(Path.Combine(_folder, "empty"), buckets: 2);
        var none = empty.Rows();
        string[] import = ["import", "table", Path.Combine(_files, "items.parquet"), "--as", "items"];
        var whole = empty.Copy(Path.Combine(_folder, "whole"));
        whole.ImportHere(Path.Combine(_files, "items.parquet"), ContentKind.Items);
        Try(empty, call, error, import, whole.Rows(), none);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void A_compaction_on_a_disk_that_fails_loses_no_row(string call, string error)
    {
        var filled = FilledWorkspace.Create(Path.Combine(_folder, "filled"), buckets: 2);
        filled.ImportHere(Path.Combine(_files, "items.parquet"), ContentKind.Items);
        filled.ImportHere(FilledWorkspace.WriteOthers(Path.Combine(_folder, "more")), ContentKind.Items);
        var rows = filled.Rows();
        Try(filled, call, error, ["compact"], rows, rows);
    }

    // The engine itself, where it writes many files at once: its threads may end the process when a write fails.
    private const int Aborted = 134;

    // At every call that touches content when nothing fails; of these a few, unless all are asked for.
    private void Try(FilledWorkspace from, string call, string error, string[] command, string after, string before)
    {
        FailingDisk.RequireStrace();
        var trace = Path.Combine(_folder, "trace");
        var measured = Next(from);
        var touches = FailingDisk.Touches(
            measured.Workspace.Root, trace, call, measured.Workspace.Content, command);
        Assert.Equal(after, measured.Rows());
        Assert.True(touches.Length > 0, $"No {call} touches content: nothing can be tried.");
        var tried = Kills.IsLong ? touches : [.. touches.Where((_, at) => at % ((touches.Length + 1) / 2) == 0)];
        var failed = 0;
        foreach (var n in tried)
        {
            var disturbed = Next(from);
            var (exit, injected) = FailingDisk.Run(disturbed.Workspace.Root, trace, call, error, n, command);
            var where = $"{call} {n}: exit {exit}, {string.Join('\n', injected)}";
            failed += exit == 0 ? 0 : 1;
            var found = disturbed.Rows();
            Assert.True(found == after || (found == before && exit != 0), where);
            // A failure of ours is told as what it is; what hits the runtime itself may end it in its own way.
            if (injected.All(line => FailingDisk.IsAbout(line, disturbed.Workspace.Content)))
                Assert.True(exit is 0 or (int)ExitCode.BadInput or Aborted, where);
            disturbed.RequireSoundContent();
            disturbed.Done(command);
            Assert.Equal(after, disturbed.Rows());
            disturbed.RequireTidyContent();
            Directory.Delete(disturbed.Workspace.Root, recursive: true);
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{call} {error}: {failed} of {tried.Length} failed; {touches.Length} calls touch content.");
    }

    private FilledWorkspace Next(FilledWorkspace from) => from.Copy(Path.Combine(_folder, $"copy-{_copies++}"));
}
