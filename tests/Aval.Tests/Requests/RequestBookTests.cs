using Aval.Building;
using Aval.Checking;
using Aval.Choices;
using Aval.Founding;
using Aval.Ledger;
using Aval.Recall.Erasing;
using Aval.Recording;
using Aval.Requests;
using Microsoft.Data.Sqlite;

namespace Aval.Tests.Requests;

/// <summary>Requests and acts in the store and in the ledger.</summary>
public sealed class RequestBookTests : IDisposable
{
    private static readonly DateTimeOffset Now = Instant.Parse("2026-03-10T12:00:00Z", "now");
    private static readonly Account Kim = Account.Parse("facebook:7");
    private readonly TemporaryFolder _folder = new();
    private readonly Workspace _workspace;

    public RequestBookTests() => _workspace = NewWorkspace.Create(_folder.File("workspace"), Settings.Default);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_erasure_that_came_by_any_way_is_a_request_with_a_clock()
    {
        Recorder.RecordOnce(
            _workspace, Now,
            new Choice(
                ChoiceKind.Erasure, Kim, Purpose.TrainGenerativeAi, Scope.Everything, Now, Now, Channel: "bulk file"));
        var request = Assert.Single(RequestBook.Read(_workspace).Requests);
        Assert.Equal(
            (Right.Erasure, RequestState.Acknowledged, "2026-04-10", true),
            (request.Right, request.State, RequestJson.Day(request.LastDay), request.IsOpen));
        Assert.Equal(request.Index, Assert.Single(RequestBook.Of(_workspace, Kim)).Index);
    }

    [Fact]
    public void A_request_is_in_the_ledger_and_nothing_in_the_ledger_says_whose_it_is()
    {
        var index = Ask(Kim, "The year of birth is wrong.");
        var published = PublishedCheckpoint.Read(_workspace, SigningKey.Read(_workspace.SigningKeyFile).Verifier)!;
        Assert.Equal(index.Value + 1, published.Size.Value);
        var entry = new TileReader(_workspace.Ledger, published.Size).Entry(index);
        Assert.Equal((byte)EntryKind.OfficerAction, entry[1]);
        foreach (var file in Directory.EnumerateFiles(_workspace.Ledger, "*", SearchOption.AllDirectories))
        {
            var text = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file));
            Assert.DoesNotContain("facebook", text, StringComparison.Ordinal);
            Assert.DoesNotContain("birth", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Of_two_who_answer_at_once_the_later_one_is_told_that_it_has_no_effect()
    {
        var index = Ask(Kim, "a copy");
        var request = RequestBook.Require(_workspace, index);
        var first = RequestBook.Next(request, new Fulfilled(Now, "officer a", index.Value) { Text = "done" });
        var second = RequestBook.Next(
            request, new Rejected(Now, "officer b", index.Value, RefusalReason.ProcessExcessive, "x") { Text = "no" });
        var one = Recorder.EnterOnce(_workspace, first).Entries.First;
        var two = Recorder.EnterOnce(_workspace, second).Entries.First;
        Assert.Equal(RequestState.Fulfilled, RequestBook.Settle(_workspace, index, one).State);
        var refused = Assert.Throws<AvalException>(() => RequestBook.Settle(_workspace, index, two));
        Assert.Equal(ExitCode.Refused, refused.Exit);
        Assert.Contains("no effect", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_that_is_entered_is_said_to_be_on_record_also_where_its_request_cannot_be_read()
    {
        var unread = Assert.Throws<AvalException>(
            () => RequestBook.Settle(_workspace, new EntryIndex(999), new EntryIndex(7)));
        Assert.StartsWith("The step is recorded (entry 7)", unread.Message, StringComparison.Ordinal);
        Assert.Contains("Do not take the step again", unread.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_somebody_changed_in_the_store_is_told_and_not_shown()
    {
        Ask(Kim, "a copy");
        Assert.Empty(ChoicesCheck.Faults(_workspace));
        Tamper("UPDATE acts SET said = replace(said, 'facebook:7', 'facebook:8')");
        Assert.Contains(
            "does not open its entry", Assert.Throws<AvalException>(() => RequestBook.Read(_workspace)).Message,
            StringComparison.Ordinal);
        Assert.Contains("does not open its entry", Assert.Single(ChoicesCheck.Faults(_workspace)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Of_what_an_erased_person_asked_until_then_is_left_what_names_nobody()
    {
        var (kim, other) = (Ask(Kim, "a copy, says Kimberley"), Ask(Account.Parse("facebook:8"), "a copy"));
        Assert.Equal(0, Forget(Kim, Now.AddSeconds(-1)));
        Assert.Equal(1, Forget(Kim, Now));
        var (requests, forgotten) = RequestBook.Read(_workspace);
        Assert.Equal([other, kim], requests.Select(request => request.Index));
        Assert.Equal(0, forgotten);
        var left = RequestBook.Require(_workspace, kim);
        Assert.Equal(
            (null, null, Right.Rectification, RequestState.Acknowledged, Now, true, false, "2026-04-10"),
            (left.Account, left.Text, left.Right, left.State, left.ReceivedAt, left.IsNameless, left.IsOpen,
                RequestJson.Day(left.LastDay)));
        Assert.Empty(RequestBook.Of(_workspace, Kim));
        foreach (var file in Directory.EnumerateFiles(_workspace.Root, "choices.db*"))
            Assert.DoesNotContain(
                "Kimberley", System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file)), StringComparison.Ordinal);
        // The ledger is whole, and a choice is recorded as ever.
        Assert.Empty(ChoicesCheck.Faults(_workspace));
    }

    [Fact]
    public void The_request_for_an_erasure_of_everything_goes_on_without_a_name_until_nothing_is_left()
    {
        var erasure = new Choice(
            ChoiceKind.Erasure, Kim, Purpose.TrainGenerativeAi, Scope.Everything, Now, Now, Channel: "portal");
        var index = Recorder.RecordOnce(_workspace, Now, erasure).Entries.First;
        Recorder.EnterOnce(_workspace, RequestBook.Next(
            RequestBook.Require(_workspace, index),
            new Delayed(Now.AddDays(2), "officer", index.Value, DelayReason.ComplexityOfProcess)
            {
                Account = Kim,
                Text = "much",
            }));
        var accounts = new Dictionary<Account, DateTimeOffset> { [Kim] = Now };
        Assert.Equal(1, ErasedChoices.Forget(_workspace, accounts, Now.AddDays(3)));
        var open = Assert.Single(RequestBook.Read(_workspace).Requests);
        Assert.Equal(
            (index, Right.Erasure, RequestState.Delayed, true, true, "2026-06-10"),
            (open.Index, open.Right, open.State, open.IsNameless, open.IsOpen, RequestJson.Day(open.LastDay)));
        // Forgotten again, as by a run that goes on after a kill, it is no second one.
        Assert.Equal(0, ErasedChoices.Forget(_workspace, accounts, Now.AddDays(4)));
        Assert.Equal(1, ErasedChoices.Fulfil(_workspace, Now.AddDays(5)));
        Assert.Equal(0, ErasedChoices.Fulfil(_workspace, Now.AddDays(5)));
        var done = Assert.Single(RequestBook.Read(_workspace).Requests);
        Assert.Equal((RequestState.Fulfilled, Now.AddDays(5), null), (done.State, done.ClosedAt, done.Account));
        Assert.Equal(["erased", "fulfilled"], done.Steps.Select(taken => taken.Step.Word));
        Assert.Empty(ChoicesCheck.Faults(_workspace));
    }

    [Theory]
    [InlineData("DELETE FROM acts WHERE idx = (SELECT max(idx) FROM acts)", "its record is gone")]
    [InlineData("DELETE FROM acts WHERE said LIKE '%\"asked\"%'", "its record is gone")]
    [InlineData("UPDATE acts SET account = NULL, said = NULL, opening = NULL WHERE idx = 1", "says nothing any more")]
    [InlineData("INSERT INTO acts (idx) VALUES (0)", "no entry in the ledger")]
    public void An_act_that_somebody_took_away_is_told(string deed, string told)
    {
        Recorder.RecordOnce(
            _workspace, Now,
            new Choice(ChoiceKind.Objection, Kim, Purpose.TrainGenerativeAi, Scope.Everything, Now, Now));
        Ask(Kim, "a copy");
        Recorder.EnterOnce(_workspace, new SignedIn(Now, "officer Ada").Seal());
        Directory.CreateDirectory(_folder.File("release"));
        ReleaseCommitment.EnterRecall(_workspace, _folder.File("release"), "{}"u8.ToArray());
        Assert.Empty(ChoicesCheck.Faults(_workspace));
        Tamper(deed);
        Assert.Contains(told, Assert.Single(ChoicesCheck.Faults(_workspace)), StringComparison.Ordinal);
    }

    private long Forget(Account account, DateTimeOffset until)
    {
        using var choices = CommittedChoices.Open(_workspace);
        var accounts = new Dictionary<Account, DateTimeOffset> { [account] = until };
        choices.Store.Append(RequestBook.Ending(_workspace, choices.Store, accounts, Now, "aval erase"));
        return RequestBook.Forget(_workspace, choices.Store, accounts);
    }

    private void Tamper(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_workspace.Choices};Pooling=False");
        connection.Open();
        using var change = connection.CreateCommand();
        change.CommandText = sql;
        Assert.Equal(1, change.ExecuteNonQuery());
    }

    private EntryIndex Ask(Account account, string text) => Recorder.EnterOnce(
        _workspace,
        new Asked(Now, "person", Right.Rectification, account, Now, "portal", IsAcknowledged: true) { Text = text }
            .Seal()).Entries.First;
}
