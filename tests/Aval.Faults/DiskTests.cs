using System.Diagnostics;
using Aval.Tests;

namespace Aval.Faults;

/// <summary>Disks that are full or forbidden, and two commands at once.</summary>
public sealed class DiskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aval-faults-").FullName;
    private readonly string _files;
    private readonly FilledWorkspace _filled;

    public DiskTests()
    {
        _files = Path.Combine(_folder, "files");
        FilledWorkspace.WriteFiles(_files, 100_000);
        _filled = FilledWorkspace.Create(Path.Combine(_folder, "workspace"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Blocks of 1,024 bytes: too little for facts, and too little for a shard.
    [Theory]
    [InlineData(64)]
    [InlineData(256)]
    [InlineData(128)]
    public void A_build_that_finds_no_room_says_so_and_the_next_one_works(int blocks)
    {
        _filled.Import(_files);
        var (exit, error) = RunInLittleRoom(blocks, FilledWorkspace.Build);
        Assert.True(exit == (int)ExitCode.BadInput, $"exit {exit}\n{error}");
        Assert.Contains("File too large", error, StringComparison.Ordinal);
        Assert.Contains("run the command again", error, StringComparison.Ordinal);
        Assert.DoesNotContain("bug in Aval", error, StringComparison.Ordinal);
        Assert.Equal(0, _filled.RequireWholeReleases());
        _filled.RequireTidy();
        _filled.Done(FilledWorkspace.Build);
        Assert.Equal(1, _filled.RequireWholeReleases());
        _filled.RequireTidy();
    }

    [Fact]
    public void An_import_that_finds_no_room_blames_the_disk_and_imports_nothing()
    {
        string[] import = ["import", "table", Path.Combine(_files, "items.parquet"), "--as", "items"];
        var (exit, error) = RunInLittleRoom(64, import);
        Assert.True(exit == (int)ExitCode.BadInput, $"exit {exit}\n{error}");
        Assert.Contains("A file could not be read or written", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_filled.Workspace.Content, "imports.jsonl")));
        _filled.Import(_files);
        _filled.Done(FilledWorkspace.Build);
        Assert.Equal(1, _filled.RequireWholeReleases());
    }

    [Fact]
    public void A_workspace_whose_lineage_is_a_file_is_the_operators_affair_and_no_bug()
    {
        // Root may write everywhere, so permissions cannot be tried here; a file in the directory's place fails for
        // everybody.
        _filled.Import(_files);
        Directory.Delete(_filled.Workspace.Lineage, recursive: true);
        File.WriteAllLines(_filled.Workspace.Lineage, ["not a directory"]);
        var (exit, _, error) = Command.Run(_filled.Workspace.Root, FilledWorkspace.Build);
        Assert.Equal((int)ExitCode.BadInput, exit);
        Assert.Contains(_filled.Workspace.Lineage, error, StringComparison.Ordinal);
        Assert.Contains("run the command again", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_builds_of_one_corpus_leave_one_whole_release()
    {
        _filled.Import(_files);
        using var one = Command.Start(_filled.Workspace.Root, FilledWorkspace.Build);
        using var other = Command.Start(_filled.Workspace.Root, FilledWorkspace.Build);
        var exits = new[] { one.Wait(), other.Wait() };
        Assert.Contains(exits, answer => answer.Exit == (int)ExitCode.Done);
        Assert.All(exits, answer => Assert.True(answer.Exit is (int)ExitCode.Done or (int)ExitCode.Busy, answer.Error));
        Assert.Equal(1, _filled.RequireWholeReleases());
        _filled.RequireTidy();
    }

    [Fact]
    public void A_build_beside_an_import_sees_all_of_it_or_nothing()
    {
        _filled.ImportRest(_files);
        using var import = Command.StartAwaiting(
            "check and store", _filled.Workspace.Root, "import", "table", Path.Combine(_files, "items.parquet"), "--as",
            "items");
        import.Await();
        _filled.Done(FilledWorkspace.Build);
        Assert.True(import.Wait().Exit == 0);
        var manifest = Aval.Corpus.Manifest.Read(
            Directory.GetDirectories(Path.Combine(_filled.Workspace.Corpus, "opt-out")).Single());
        Assert.Contains(manifest.ItemsRead, new[] { 0L, 100_000 });
        Assert.Equal(1, _filled.RequireWholeReleases());
        _filled.RequireTidy();
    }

    /// <summary>
    /// Runs a command that may write no file larger than so many blocks: what a full disk does, for everybody and
    /// without mounting one.
    /// </summary>
    private (int Exit, string Error) RunInLittleRoom(int blocks, string[] arguments)
    {
        // SIGXFSZ is ignored so that the write fails instead of the process; the runtime's own double mapping needs a
        // large file.
        var start = new ProcessStartInfo("bash")
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = _filled.Workspace.Root,
        };
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        foreach (var argument in (string[])["-c", "trap '' XFSZ; ulimit -f \"$0\"; "
            + "exec \"$@\"", $"{blocks}", .. ProgramUnderTest.With(arguments)])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error + output.Result);
    }
}
