using Aval.Choices;

namespace Aval.Tests.Choices;

/// <summary>What the store of choices promises: durable, gapless, in order, unchanged.</summary>
public sealed class ChoiceStoreTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder _folder = new();
    private readonly Workspace _workspace;

    public ChoiceStoreTests() => _workspace = Workspace.Create(_folder.File("workspace"), Settings.Default);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_workspace_has_no_choices()
    {
        using var store = ChoiceStore.Open(_workspace);
        Assert.Equal(new TreeSize(0), store.Size);
        Assert.Empty(store.Read(new TreeSize(100)));
        Assert.Empty(store.OfAccounts([Account.Parse("facebook:1")], new TreeSize(100)));
    }

    [Fact]
    public void What_was_recorded_is_there_when_the_store_is_opened_again()
    {
        using (var store = ChoiceStore.Open(_workspace))
        {
            Assert.Equal([0, 1], store.Record([Objection("facebook:1"), Objection("facebook:2")], Now).Select(recorded => recorded.Index.Value));
            Assert.Equal(2, Assert.Single(store.Record([Objection("facebook:1")], Now)).Index.Value);
        }

        using var again = ChoiceStore.Open(_workspace);
        Assert.Equal(new TreeSize(3), again.Size);
        Assert.Equal(["facebook:1", "facebook:2", "facebook:1"], again.Read(again.Size).Select(recorded => recorded.Choice.Account.ToString()));
        Assert.Equal([0, 2], again.OfAccounts([Account.Parse("facebook:1")], again.Size).Select(recorded => recorded.Index.Value));
        Assert.Equal([0], again.OfAccounts([Account.Parse("facebook:1")], new TreeSize(2)).Select(recorded => recorded.Index.Value));
        Assert.Equal([0], again.Read(new TreeSize(1)).Select(recorded => recorded.Index.Value));
    }

    private static Choice Objection(string account) =>
        new(ChoiceKind.Objection, Account.Parse(account), Purpose.TrainGenerativeAi, Scope.Everything, Now, Now);
}
