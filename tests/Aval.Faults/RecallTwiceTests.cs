using Aval.Corpus;

namespace Aval.Faults;

/// <summary>Two processes recall one corpus at once: one works, the other is told so; both leave it whole.</summary>
public sealed class RecallTwiceTests : IDisposable
{
    private static readonly string[] Recall =
        ["recall", "--corpus", "opt-out", "--until", "2026-02-01T00:00:00Z", "--threads", "1"];

    private readonly string _folder = Directory.CreateTempSubdirectory("aval-faults-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Of_two_recalls_at_once_one_is_busy_and_both_end_with_one_release_that_may_be_used()
    {
        var files = Path.Combine(_folder, "files");
        FilledWorkspace.WriteFiles(files, 4_000);
        var filled = FilledWorkspace.Create(Path.Combine(_folder, "workspace"));
        filled.ImportAllHere(files);
        filled.Done(FilledWorkspace.Build);
        filled.Done("choose", "--from", Path.Combine(files, "choices.csv"));

        using var one = Command.Start(filled.Workspace.Root, Recall);
        using var other = Command.Start(filled.Workspace.Root, Recall);
        var (first, second) = (one.Wait(), other.Wait());

        // Either they met, or one was over before the other began and left it nothing to do.
        var exits = new[] { first.Exit, second.Exit }.Order().ToArray();
        Assert.True(exits is [0, 0] or [0, 5], $"{first.Exit}: {first.Error}\n{second.Exit}: {second.Error}");
        if (exits is [0, 5])
            Assert.Contains("opt-out", first.Exit == 5 ? first.Error : second.Error, StringComparison.Ordinal);
        filled.Done(Recall);
        var corpus = Path.Combine(filled.Workspace.Corpus, "opt-out");
        Assert.Equal(2, ReleaseName.Retained(corpus).Count());
        Assert.Single(Withdrawal.All(corpus));
        filled.Done("check");
        filled.RequireTidy();
    }
}
