using Aval.Recall.Erasing;
using Aval.Storage;

namespace Aval.Faults;

/// <summary>An erasure that is killed at one of its steps is finished by the next run, whichever step it was.</summary>
public sealed class ErasureTests : IDisposable
{
    private const int Items = 400;

    private readonly string _folder = Directory.CreateTempSubdirectory("aval-faults-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("service:facebook")]
    [InlineData("everything")]
    public void An_erasure_that_is_killed_is_finished_by_the_next(string scope)
    {
        var files = Path.Combine(_folder, "files");
        FilledWorkspace.WriteFiles(files, Items);
        var filled = FilledWorkspace.Create(Path.Combine(_folder, "workspace"), buckets: 2);
        filled.ImportAllHere(files);
        filled.Done("choose", "--from", Path.Combine(files, "choices.csv"));
        filled.Done(FilledWorkspace.Build);
        filled.Done("choose", "erasure", "--account", "facebook:3", "--scope", scope);
        Assert.NotEmpty(Found(filled, scope));
        Func<Workspace, bool>[] steps =
        [
            workspace => File.ReadLines(Path.Combine(workspace.Content, "imports.jsonl")).Count() > 3,
            workspace => Directory.GetDirectories(Path.Combine(workspace.Corpus, "opt-out")).Count(IsRelease) > 1,
            workspace => File.Exists(Path.Combine(workspace.Erasing, "releases.jsonl")),
            workspace => File.Exists(Path.Combine(workspace.Erasing, "needles")),
        ];
        var killed = 0;
        foreach (var (number, seen) in steps.Index())
        {
            var disturbed = filled.Copy(Path.Combine(_folder, $"killed-{number}"));
            using (var command = Command.Start(disturbed.Workspace.Root, "erase"))
                killed += command.KillWhen(() => seen(disturbed.Workspace)) ? 1 : 0;

            Assert.True(Erasures.CarryOut(
                disturbed.Workspace, new ErasureOptions(EngineLimits.Default, IsDry: false, Corpus: null),
                TimeProvider.System, (_, _) => { }).IsComplete);

            Assert.Empty(Found(disturbed, scope));
            Assert.Equal(1, disturbed.RequireWholeReleases());
            disturbed.RequireSoundContent();
            Assert.StartsWith($"items_now {Items - 20} ", disturbed.Rows(), StringComparison.Ordinal);
            Assert.Equal(
                [".lock", "carried-out.json"],
                Directory.EnumerateFiles(
                    Path.Combine(disturbed.Workspace.Erasing), "*", SearchOption.AllDirectories)
                    .Select(Path.GetFileName).Order(StringComparer.Ordinal));
            Directory.Delete(disturbed.Workspace.Root, recursive: true);
        }

        Assert.True(killed > 0, "No kill came early enough: nothing was tried.");
    }

    private static bool IsRelease(string path) => Path.GetFileName(path) is not ['.', ..];

    // What was erased is one account's; of everything, the account and its choices are looked for too.
    private static IReadOnlyList<ScanHit> Found(FilledWorkspace filled, string scope) => ErasureScan.Of(
        filled.Workspace,
        new Needles(
            scope is "everything" ? new HashSet<string> { "facebook:3" } : [],
            Enumerable.Range(0, Items).Where(n => n * 7 % (Items / 20) == 3).Select(n => $"item:facebook:i{n}")
                .ToHashSet(),
            new HashSet<string>()),
        EngineLimits.Default).Hits;
}
