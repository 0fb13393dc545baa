using System.Text.Json;
using Aval.Authors;
using Aval.Checking;
using Aval.Corpus;
using Aval.Ledger;
using Aval.Recall;
using Aval.Runs;
using Aval.Storage;

namespace Aval.Tests.Recalls;

/// <summary>
/// Whatever happened before, in whatever order: a recall gives what a full rebuild gives, and the gate it opens agrees
/// with it.
/// </summary>
public sealed class RecallHistoryTests
{
    [Fact]
    public void In_any_history_a_recall_gives_what_a_full_build_gives_and_withdraws_what_was_before()
    {
        var histories = Environment.GetEnvironmentVariable("AVAL_LONG") == "1" ? 60 : 2;
        var (recalls, left, changed) = (0, 0, 0);
        for (var seed = 1; seed <= histories; seed++)
        {
            using var history = new RecallHistory(seed);
            try
            {
                for (var round = 0; round < 2; round++)
                {
                    for (var act = 0; act < 4; act++)
                        history.GoOn();
                    var outcome = history.Recall();
                    recalls++;
                    left += outcome.Record?.Rows.Left > 0 ? 1 : 0;
                    changed += outcome.Record is null ? 0 : 1;
                    Judge(history, outcome, history.World.File($"copy-{round}"));
                }
            }
            catch (Exception fault)
            {
                throw new Xunit.Sdk.XunitException(
                    $"history {seed}:\n{string.Join('\n', history.Told)}\n{fault}");
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{recalls} recalls, {changed} made a release, {left} took rows out");
        Assert.True(left * 3 > recalls, $"Only {left} of {recalls} recalls took rows out: hardly anything was tried.");
    }

    private static void Judge(RecallHistory history, RecallOutcome outcome, string copy)
    {
        var workspace = history.Workspace;
        var found = ReleaseName.Find(workspace, RecallHistory.Corpus.Text);
        Assert.Equal(outcome.Directory ?? found, found);
        var made = Manifest.Read(found);
        if (outcome.Record is null)
        {
            // It stays as it is, so what would have been made has the same rows.
            var rebuilt = Manifest.Read(history.Rebuilt(copy, made.AsOf, history.Now, null, null));
            Assert.Equal(Rows(made), Rows(rebuilt));
        }
        else
        {
            Assert.Equal(history.Now, made.ProtectUntil);
            var rebuilt = history.Rebuilt(copy, made.AsOf, made.ProtectUntil, made.LedgerSize, made.ErasedTo);
            Assert.Equal(Pure(found), Pure(rebuilt));
            Closes(outcome, made);
        }

        var corpus = Path.Combine(workspace.Corpus, made.Corpus);
        Assert.All(
            ReleaseName.Retained(corpus).Where(release => release != found),
            release => Assert.Equal(
                $"{made.Corpus}/{made.Release}", Withdrawal.Of(corpus, Path.GetFileName(release))?.Successor));
        Assert.Equal([], ReleaseCheck.Faults(workspace).Concat(ContentCheck.Faults(workspace)));
        ReleaseVerification.Verify(found, LedgerKeys.Of(workspace).All[0]);
        Agree(workspace, found, made);
        // By another way through the program: what anybody said by then stands against no row of it.
        RunGate.Require(workspace, made.Corpus, history.Now, RecallHistory.Small);
    }

    // Whoever has a row can be proven to be in it, and nobody else.
    private static void Agree(Workspace workspace, string release, Manifest made)
    {
        using var engine = Engine.Open(workspace.Temporary, RecallHistory.Small);
        var authors = engine.Query(
            $"SELECT DISTINCT account FROM {Lineage.Of(workspace, made)}", row => row.GetString(0)).ToHashSet();
        foreach (var account in RecallHistory.Accounts)
            Assert.Equal(
                authors.Contains(account) ? AuthorVerdict.Present : AuthorVerdict.Absent,
                AuthorProofs.Make(workspace, release, Account.Parse(account)).Verdict);
    }

    private static void Closes(RecallOutcome outcome, Manifest made)
    {
        var (rows, excluded) = (outcome.Record!.Rows, outcome.Record.Excluded.Values);
        Assert.Equal(outcome.Base.Admitted - rows.Left + rows.Entered, made.Admitted);
        Assert.Equal(
            outcome.Base.ItemsRead - outcome.Base.Admitted + excluded.Sum(one => one.Now - one.Before),
            made.ItemsRead - made.Admitted);
    }

    private static IEnumerable<string> Rows(Manifest manifest) => manifest.Files
        .Where(file => file.Path.StartsWith("shards/", StringComparison.Ordinal)).Concat(manifest.Lineage)
        .Select(file => $"{file.Path} {file.Sha256}");

    // All that is pure: the release's name, and every file of it that the manifest names, the authors' tree with them.
    private static IReadOnlyList<string> Pure(string release)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(release, Manifest.FileName)));
        return
        [
            Path.GetFileName(release)!,
            .. json.RootElement.EnumerateObject().Where(member => member.Name != "imports")
                .Select(member => $"{member.Name}: {member.Value.GetRawText()}"),
        ];
    }
}
