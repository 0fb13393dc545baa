using Aval.Checking;
using Aval.Choices;
using Aval.Founding;
using Aval.Ledger;
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
    public void What_somebody_changed_in_the_store_is_told_and_not_shown()
    {
        Ask(Kim, "a copy");
        Assert.Empty(ChoicesCheck.Faults(_workspace));
        using (var connection = new SqliteConnection($"Data Source={_workspace.Choices};Pooling=False"))
        {
            connection.Open();
            using var change = connection.CreateCommand();
            change.CommandText = "UPDATE acts SET said = replace(said, 'facebook:7', 'facebook:8')";
            Assert.Equal(1, change.ExecuteNonQuery());
        }

        Assert.Contains(
            "does not open its entry", Assert.Throws<AvalException>(() => RequestBook.Read(_workspace)).Message,
            StringComparison.Ordinal);
        Assert.Contains("does not open its entry", Assert.Single(ChoicesCheck.Faults(_workspace)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_erased_person_asked_until_then_is_forgotten_and_what_others_asked_is_not()
    {
        var (kim, other) = (Ask(Kim, "a copy, says Kimberley"), Ask(Account.Parse("facebook:8"), "a copy"));
        using (var choices = CommittedChoices.Open(_workspace))
            Assert.Equal(1, RequestBook.Forget(choices.Store, new Dictionary<Account, DateTimeOffset> { [Kim] = Now }));
        var (requests, forgotten) = RequestBook.Read(_workspace);
        Assert.Equal((other, 1), (Assert.Single(requests).Index, forgotten));
        Assert.Null(RequestBook.Find(_workspace, kim));
        foreach (var file in Directory.EnumerateFiles(_workspace.Root, "choices.db*"))
            Assert.DoesNotContain(
                "Kimberley", System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file)), StringComparison.Ordinal);
        // The ledger is whole, and a choice is recorded as ever.
        Assert.Empty(ChoicesCheck.Faults(_workspace));
    }

    private EntryIndex Ask(Account account, string text) => Recorder.EnterOnce(
        _workspace,
        new Asked(Now, "person", Right.Rectification, account, Now, "portal", IsAcknowledged: true) { Text = text }
            .Seal()).Entries.First;
}
