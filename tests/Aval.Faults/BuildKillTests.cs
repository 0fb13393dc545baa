namespace Aval.Faults;

/// <summary>kill -9 while a release is built.</summary>
public sealed class BuildKillTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aval-faults-").FullName;
    private readonly string _files;

    public BuildKillTests() => _files = Path.Combine(_folder, "files");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_killed_build_leaves_no_half_release_and_the_next_gives_the_same_bytes()
    {
        // On one thread, a build of this by the rules that read text takes about a second.
        FilledWorkspace.WriteFiles(_files, Kills.IsLong ? 100_000 : 8_000);
        string[] build = [.. FilledWorkspace.Build, "--threads", "1"];
        var undisturbed = FilledWorkspace.Create(Path.Combine(_folder, "undisturbed"));
        undisturbed.ImportAllHere(_files);
        undisturbed.Done("choose", "--from", Path.Combine(_files, "choices.csv"));
        var whole = Kills.Time(() => undisturbed.Done(build));
        var expected = undisturbed.Bytes();
        Assert.Equal(1, undisturbed.RequireWholeReleases());

        undisturbed.ForgetReleases();
        var disturbed = undisturbed;
        var killed = 0;
        foreach (var part in Parts)
        {
            using (var command = Command.Start(disturbed.Workspace.Root, build))
                killed += command.KillAfter(whole * part).Length == 0 ? 1 : 0;
            disturbed.RequireWholeReleases();
            // Measured anew each time: how fast a shared machine is changes while this runs.
            whole = Kills.Time(() => disturbed.Done(build));
            Assert.Equal(1, disturbed.RequireWholeReleases());
            Assert.Equal(expected, disturbed.Bytes());
            disturbed.RequireTidy();
            disturbed.ForgetReleases();
        }

        Kills.Report(killed, whole);
    }

    /// <summary>When to kill, as parts of how long the undisturbed work takes.</summary>
    private static IEnumerable<double> Parts =>
        Kills.Over(TimeSpan.FromSeconds(1), 0.2, 1.1).Select(delay => delay.TotalSeconds);
}
