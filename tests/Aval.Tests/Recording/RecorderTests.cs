using Aval.Recording;
using Aval.Storage;

namespace Aval.Tests.Ledger;

public sealed class RecorderTests : IDisposable
{
    private readonly LedgerWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Many_callers_are_recorded_each_once_each_with_a_receipt()
    {
        const int choices = 3000;
        Acknowledgement[] acknowledged;
        using (var recorder = Recorder.Open(_world.Workspace, TimeProvider.System))
            acknowledged = await Task.WhenAll(Enumerable.Range(0, choices)
                .Select(number => Task.Run(() => recorder.Record(LedgerWorld.Objection(number)))));
        Assert.Equal(
            Enumerable.Range(0, choices).Select(index => (long)index),
            acknowledged.Select(answer => answer.Entries.First.Value).Order());
        Assert.All(acknowledged, answer => Assert.True(answer.Published.Size.Value > answer.Entries.Last.Value));
        Assert.Equal(choices, _world.Check().Opened);
        foreach (var index in new long[] { 0, 1499, choices - 1 })
        {
            var receipt = Receipt.Parse(_world.ReceiptOf(index));
            receipt.Verify(_world.Verifier);
            var number = Array.FindIndex(acknowledged, answer => answer.Entries.First.Value == index);
            Assert.Equal($"facebook:{number}", receipt.Statement.Account);
        }
    }

    [Fact]
    public async Task An_act_of_several_choices_stands_together()
    {
        using var recorder = Recorder.Open(_world.Workspace, TimeProvider.System);
        var acts = await Task.WhenAll(Enumerable.Range(0, 200)
            .Select(number => recorder.Record(LedgerWorld.Objection(number), LedgerWorld.Objection(number + 1000))));
        Assert.All(acts, act => Assert.Equal(2, act.Entries.Count));
        Assert.Equal(
            Enumerable.Range(0, 200).Select(act => 2L * act), acts.Select(act => act.Entries.First.Value).Order());
    }

    [Fact]
    public async Task A_choice_that_breaks_a_rule_is_refused_and_spoils_nothing()
    {
        using (var recorder = Recorder.Open(_world.Workspace, TimeProvider.System))
        {
            var good = recorder.Record(LedgerWorld.Objection(1));
            Assert.Throws<AvalException>(
                () => { _ = recorder.Record(LedgerWorld.Objection(2) with { MadeAt = DateTimeOffset.MaxValue }); });
            Assert.Equal(0, (await good).Entries.First.Value);
        }

        Assert.Equal(1, _world.Check().Opened);
    }

    [Fact]
    public async Task What_was_handed_over_is_finished_when_it_is_disposed()
    {
        Task<Acknowledgement>[] all;
        using (var recorder = Recorder.Open(_world.Workspace, TimeProvider.System))
            all = [.. Enumerable.Range(0, 500).Select(number => recorder.Record(LedgerWorld.Objection(number)))];
        Assert.Equal(500, _world.Check().Opened);
        // The callers hear of it on threads of the pool, which may come to that a moment later.
        await Task.WhenAll(all).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Two_recorders_on_one_workspace_share_one_history()
    {
        using (var first = Recorder.Open(_world.Workspace, TimeProvider.System))
        using (var second = Recorder.Open(_world.Workspace, TimeProvider.System))
        {
            var all = Enumerable.Range(0, 400)
                .Select(number => (number % 2 == 0 ? first : second).Record(LedgerWorld.Objection(number))).ToArray();
            var acknowledged = await Task.WhenAll(all);
            Assert.Equal(400, acknowledged.Select(answer => answer.Entries.First.Value).Distinct().Count());
        }

        Assert.Equal(400, _world.Check().Opened);
    }

    [Fact]
    public async Task A_ledger_that_cannot_be_written_is_told_as_such_and_the_choice_stays()
    {
        _world.Record(1);
        using (var recorder = Recorder.Open(_world.Workspace, TimeProvider.System))
        {
            Durable.Replace(_world.Checkpoint, "nothing");
            var refused = await Assert.ThrowsAsync<AvalException>(() => recorder.Record(LedgerWorld.Objection(2)));
            Assert.Contains(
                "is in the store and will be honoured, but no signed checkpoint covers it yet", refused.Message,
                StringComparison.Ordinal);
        }

        Assert.DoesNotContain("in the store", Assert.Throws<AvalException>(() => _world.Record(3)).Message,
            StringComparison.Ordinal);
        File.Delete(_world.Checkpoint);
        _world.Publish();
        Assert.Equal(2, _world.Check().Opened);
    }
}
