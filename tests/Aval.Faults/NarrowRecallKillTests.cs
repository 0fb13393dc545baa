using Aval.Building;
using Aval.Checking;
using Aval.Choices;
using Aval.Corpus;
using Aval.Policies;
using Aval.Recall;
using Aval.Recording;
using Aval.Storage;

namespace Aval.Faults;

/// <summary>
/// A recall that looks at one bucket links all others and patches the authors' tree leaf by leaf. kill -9 before any
/// name that it gives to a file: nothing is a release then, or the whole one; what it linked is as it was; and the next
/// one ends as one that nobody disturbed.
/// </summary>
public sealed class NarrowRecallKillTests : IDisposable
{
    private const string Until = "2026-02-01T00:00:00Z";
    private static readonly CorpusName Corpus = CorpusName.Parse("narrow");
    private static readonly string[] Recall = ["recall", "--corpus", "narrow", "--until", Until, "--threads", "1"];

    private static readonly Policy Regime = PolicyReader.Parse("""
        policy: narrow
        title: Whatever is public, unless somebody objects
        purpose: train-generative-ai
        basis: legitimate-interest
        applies-from: 2025-05-27
        rules:
          - {id: erasure}
          - {id: restriction}
          - {id: objection}
          - {id: removal}
          - {id: audience, admit: [public]}
          - {id: informed, off: "because this is a test"}
          - {id: combine-services, reading: same-person}
          - {id: special-categories, off: "because this is a test"}
          - {id: about-me, off: "because this is a test"}

        """, "narrow.yaml");

    private readonly string _folder = Directory.CreateTempSubdirectory("aval-faults-").FullName;
    private readonly FilledWorkspace _filled;

    public NarrowRecallKillTests()
    {
        var files = Path.Combine(_folder, "files");
        FilledWorkspace.WriteFiles(files, 1_000);
        _filled = FilledWorkspace.Create(Path.Combine(_folder, "workspace"));
        _filled.ImportAllHere(files);
        _ = Pipeline.Build(
            _filled.Workspace,
            new BuildRequest(
                Regime, Corpus, Instant.Parse(FilledWorkspace.AsOf, "as-of"), null, EngineLimits.Default), _ => { });
        var said = Instant.Parse("2026-01-20T00:00:00Z", "said");
        Recorder.RecordOnce(_filled.Workspace, said, new Choice(
            ChoiceKind.Objection, Account.Parse("facebook:7"), Purpose.TrainGenerativeAi, Scope.Everything, said,
            said));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_recall_of_one_bucket_that_is_killed_at_any_step_is_done_by_the_next_and_nothing_lies_until_then()
    {
        FailingDisk.RequireStrace();
        var undisturbed = _filled.Copy(Path.Combine(_folder, "undisturbed"));
        Assert.Equal(1, RecallHere(undisturbed).LookedAt);
        var expected = Pure(undisturbed);
        var before = Pure(_filled);
        var (killed, narrow, seen) = (0, 0, 0);
        foreach (var (call, most) in new[] { ("rename", 6), ("link", 2) })
        {
            foreach (var n in Steps(call, most))
            {
                var disturbed = _filled.Copy(Path.Combine(_folder, $"killed-{call}-{n}"));
                killed += FailingDisk.Kill(
                    disturbed.Workspace.Root, Path.Combine(_folder, "trace"), call, n, Recall) ? 1 : 0;
                seen += RequireNoLie(disturbed, before, expected) ? 1 : 0;
                narrow += RecallHere(disturbed).LookedAt is 1 ? 1 : 0;
                Assert.Equal(expected, Pure(disturbed));
                Assert.Single(Withdrawal.All(CorpusOf(disturbed)));
                Assert.Empty(ReleaseCheck.Faults(disturbed.Workspace));
                Assert.Equal(2, disturbed.RequireWholeReleases());
                disturbed.RequireTidy();
                Directory.Delete(disturbed.Workspace.Root, recursive: true);
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{killed} killed, of which {seen} had made the release; {narrow} gone on with in one bucket");
        Assert.True(
            killed > 5 && narrow > 3 && seen > 0,
            $"{killed} killed, {narrow} in one bucket, {seen} releases: hardly anything was tried.");
    }

    // At which calls a recall that nobody disturbs gives names; of many, some that are spread over all, the last too.
    private int[] Steps(string call, int most)
    {
        var traced = _filled.Copy(Path.Combine(_folder, $"traced-{call}"));
        var all = FailingDisk.Touches(
            traced.Workspace.Root, Path.Combine(_folder, "trace"), call, traced.Workspace.Root, Recall);
        Assert.True(all.Length > most, $"{all.Length} calls of {call}: hardly anything can be tried.");
        return Kills.IsLong ? all : [.. Enumerable.Range(1, most).Select(at => all[(all.Length * at / most) - 1])];
    }

    // Whether the new release is there: then all of it is, and it withdraws the one before.
    private static bool RequireNoLie(
        FilledWorkspace killed, SortedDictionary<string, string> before, SortedDictionary<string, string> after)
    {
        var there = killed.RequireWholeReleases();
        Assert.InRange(there, 1, 2);
        Assert.Equal(there - 1, Withdrawal.All(CorpusOf(killed)).Count);
        var pure = Pure(killed);
        Assert.All(before, file => Assert.Equal(file.Value, pure[file.Key]));
        if (there == 2)
            Assert.Equal(after, pure);
        return there == 2;
    }

    private static RecallOutcome RecallHere(FilledWorkspace at) => Recalling.Run(
        at.Workspace,
        new RecallRequest(Corpus, Instant.Parse(Until, "until"), false, EngineLimits.Default, TimeProvider.System),
        _ => { });

    private static string CorpusOf(FilledWorkspace at) => Path.Combine(at.Workspace.Corpus, "narrow");

    // Of releases that can be seen, and their lineage: all but what says when, and where in the ledger.
    private static SortedDictionary<string, string> Pure(FilledWorkspace at)
    {
        var visible = ReleaseName.Releases(CorpusOf(at)).Select(path => Path.GetFileName(path)!).ToHashSet();
        return new(
            at.Bytes().Where(file => visible.Contains(file.Key.Split('/')[2])
                && Path.GetFileName(file.Key) is not (Withdrawal.RecallFile or Withdrawal.RecallProof)).ToDictionary(),
            StringComparer.Ordinal);
    }
}
