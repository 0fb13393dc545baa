using Aval.Choices;
using Aval.Recall.Erasing;
using Aval.Recording;
using Aval.Requests;
using Aval.Tests.Runs;

namespace Aval.Tests.Recording;

/// <summary>
/// What was said on an account that was spelled otherwise then, before <c>services</c> said how its service writes ids.
/// </summary>
public sealed class OlderSpellingTests : IDisposable
{
    private readonly RunsWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_mandate_and_its_end_are_found_by_the_account_that_they_are_on()
    {
        var (own, linked) = (Account.Parse("instagram:u7"), Account.Parse("facebook:7"));
        Record(ChoiceKind.Mandate, "instagram:U7", RunsWorld.AsOf, "rights.example");
        Record(ChoiceKind.Mandate, "facebook:7", RunsWorld.AsOf, "rights.example");
        var given = MandateBook.InForce(_world.Workspace, RunsWorld.Later, [own, linked]);
        Assert.Equal([own, linked], given.Select(one => one.Recorded.Choice.Account));
        Assert.True(Assert.Single(MandateBook.Of(_world.Workspace, RunsWorld.Later, own)).IsInForce);

        // Whoever ended it ended it for the account that is linked, too.
        Record(ChoiceKind.MandateRevoked, "instagram:U7", RunsWorld.AsOf.AddDays(1), association: null);
        Assert.Empty(MandateBook.InForce(_world.Workspace, RunsWorld.Later, [linked]));
        Assert.False(Assert.Single(MandateBook.Of(_world.Workspace, RunsWorld.Later, linked)).IsInForce);
    }

    [Fact]
    public void What_somebody_said_and_asked_for_is_shown_and_forgotten_by_the_account_that_it_is_on()
    {
        var zoe = Account.Parse("instagram:zoe");
        var erasure = Record(ChoiceKind.Erasure, "instagram:Zoe", RunsWorld.AsOf);
        var asked = Recorder.EnterOnce(
            _world.Workspace,
            new Asked(
                RunsWorld.AsOf, "person", Right.Rectification, Account.Parse("instagram:ZOE"), RunsWorld.AsOf, "portal",
                IsAcknowledged: true)
            { Text = "says Zoe" }.Seal()).Entries.First;
        Assert.Equal([erasure, asked], RequestBook.Of(_world.Workspace, zoe).Select(one => one.Index));
        using (var receipts = Receipts.Open(_world.Workspace))
            Assert.Equal([erasure], receipts.OfAccount(zoe));
        Assert.Equal(["instagram:zoe"], ErasedChoices.Speaking(_world.Workspace, ["instagram:zoe", "instagram:u1"]));

        var accounts = new Dictionary<Account, DateTimeOffset> { [zoe] = RunsWorld.Later };
        Assert.Equal(1, ErasedChoices.Forget(_world.Workspace, accounts, RunsWorld.Later));
        Assert.Empty(ErasedChoices.Speaking(_world.Workspace, ["instagram:zoe"]));
        Assert.All(
            RequestBook.Read(_world.Workspace).Requests,
            request => Assert.Equal((null, null), (request.Account, request.Text)));
    }

    // As an older version recorded it: behind the doors.
    private EntryIndex Record(ChoiceKind kind, string account, DateTimeOffset at, string? association = null)
    {
        using var store = CommittedChoices.OpenStore(_world.Workspace);
        return store.Append([Sealing.Seal(new Choice(
            kind, Account.Parse(account), Purpose.TrainGenerativeAi, Scope.Everything, at, at,
            Association: association))]).First;
    }
}
