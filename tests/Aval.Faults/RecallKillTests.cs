using Aval.Corpus;

namespace Aval.Faults;

/// <summary>kill -9 right after a step of a recall: the next one ends as one that nobody disturbed.</summary>
public sealed class RecallKillTests : IDisposable
{
    private static readonly string[] Recall =
        ["recall", "--corpus", "opt-out", "--until", "2026-02-01T00:00:00Z", "--threads", "1"];

    private readonly string _folder = Directory.CreateTempSubdirectory("aval-faults-").FullName;
    private readonly FilledWorkspace _filled;

    public RecallKillTests()
    {
        var files = Path.Combine(_folder, "files");
        FilledWorkspace.WriteFiles(files, 8_000);
        _filled = FilledWorkspace.Create(Path.Combine(_folder, "workspace"));
        _filled.ImportAllHere(files);
        _filled.Done(FilledWorkspace.Build);
        // Of every bucket somebody, after the release and by the recall's instant.
        _filled.Done("choose", "--from", Path.Combine(files, "choices.csv"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_recall_that_is_killed_after_any_step_is_done_by_the_next_and_withdraws_nothing_until_then()
    {
        var undisturbed = _filled.Copy(Path.Combine(_folder, "undisturbed"));
        undisturbed.Done(Recall);
        var expected = Pure(undisturbed);
        (string Step, Func<FilledWorkspace, bool> IsDone)[] steps =
        [
            ("facts are laid out", at => Directory.Exists(Path.Combine(Working(at), "accounts"))),
            ("a part is finished", at => Directory.Exists(Path.Combine(Working(at), "parts"))
                && Directory.EnumerateFiles(Path.Combine(Working(at), "parts")).Any()),
            ("the manifest is written", at => File.Exists(Path.Combine(Growing(at), Manifest.FileName))),
            ("what it withdraws is written", at => File.Exists(Path.Combine(Growing(at), Withdrawal.RecallFile))),
            ("the release is there", at => Releases(at).Length > 1),
        ];
        var killed = 0;
        foreach (var (number, (step, isDone)) in steps.Index())
        {
            var disturbed = _filled.Copy(Path.Combine(_folder, $"killed-{number}"));
            using (var command = Command.Start(disturbed.Workspace.Root, Recall))
                killed += command.KillWhen(() => isDone(disturbed)) ? 1 : 0;
            var corpus = Path.Combine(disturbed.Workspace.Corpus, "opt-out");
            Assert.True(
                (Releases(disturbed).Length > 1) == (Withdrawal.All(corpus).Count > 0),
                $"{step}: a release is withdrawn and has no successor, or the reverse.");
            disturbed.Done(Recall);
            Assert.True(
                expected.SequenceEqual(Pure(disturbed)),
                $"{step}: {string.Join(", ", expected.Except(Pure(disturbed)))} and not "
                    + string.Join(", ", Pure(disturbed).Except(expected)));
            Assert.Single(Withdrawal.All(corpus));
            disturbed.Done("check");
            disturbed.RequireTidy();
            Directory.Delete(disturbed.Workspace.Root, recursive: true);
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{killed} of {steps.Length} killed");
        Assert.True(killed > 2, $"{killed} killed: hardly anything was tried.");
    }

    private static string Working(FilledWorkspace at) => Path.Combine(at.Workspace.Temporary, "build-opt-out");

    private static string Growing(FilledWorkspace at) => Path.Combine(at.Workspace.Corpus, "opt-out", ".building");

    private static string[] Releases(FilledWorkspace at) =>
        [.. ReleaseName.Releases(Path.Combine(at.Workspace.Corpus, "opt-out"))];

    // All but what says when, and where in the ledger.
    private static SortedDictionary<string, string> Pure(FilledWorkspace at) => new(
        at.Bytes().Where(file => Path.GetFileName(file.Key) is not (Withdrawal.RecallFile or Withdrawal.RecallProof))
            .ToDictionary(),
        StringComparer.Ordinal);
}
