using Aval.Choices;
using Aval.Recording;
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

    // As an older version recorded it: behind the doors.
    private void Record(ChoiceKind kind, string account, DateTimeOffset at, string? association = null)
    {
        using var store = CommittedChoices.OpenStore(_world.Workspace);
        store.Append([Sealing.Seal(new Choice(
            kind, Account.Parse(account), Purpose.TrainGenerativeAi, Scope.Everything, at, at,
            Association: association))]);
    }
}
