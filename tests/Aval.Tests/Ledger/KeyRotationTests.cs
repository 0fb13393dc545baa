using Aval.Ledger;
using Aval.Recording;

namespace Aval.Tests.Ledger;

public sealed class KeyRotationTests : IDisposable
{
    private readonly LedgerWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Both_keys_sign_the_change_and_what_the_old_one_signed_stays_valid()
    {
        _world.Record(1);
        var (old, oldReceipt) = (_world.Verifier, _world.ReceiptOf(0));
        var rotated = _world.Rotate();
        Assert.Equal((old.ToString(), _world.Verifier.ToString()), (rotated.Old.ToString(), rotated.New.ToString()));
        Assert.NotEqual(old.ToString(), _world.Verifier.ToString());

        Assert.Equal(rotated.New.ToString(), KeyChange.Verify(File.ReadAllBytes(rotated.Note), old).New.ToString());
        var note = File.ReadAllBytes(_world.Checkpoint);
        Assert.Equal(
            Checkpoint.Verify(note, old, "localhost/ledger"), Checkpoint.Verify(note, rotated.New, "localhost/ledger"));
        Receipt.Parse(oldReceipt).Verify(old);

        _world.Record(2);
        Receipt.Parse(_world.ReceiptOf(0)).Verify(rotated.New);
        Assert.Throws<ProofException>(() => Receipt.Parse(_world.ReceiptOf(2)).Verify(old));
        Assert.Equal(2, _world.Check().Opened);
        Assert.Single(Directory.GetFiles(_world.Workspace.Keys, "*.retired"));
    }

    [Fact]
    public void A_change_that_was_interrupted_goes_on_with_the_key_that_was_begun()
    {
        _world.Record(1);
        var begun = SigningKey.Generate("localhost/ledger");
        begun.CreateNew(_world.Workspace.SigningKeyFile + ".next");
        Assert.Equal(begun.Verifier.ToString(), _world.Rotate().New.ToString());
        Assert.False(File.Exists(_world.Workspace.SigningKeyFile + ".next"));
        _world.Check();
    }

    [Fact]
    public async Task A_process_that_still_has_the_old_key_publishes_nothing_any_more()
    {
        using (var recorder = Recorder.Open(_world.Workspace, TimeProvider.System))
        {
            await recorder.Record(LedgerWorld.Objection(1));
            _world.Rotate();
            var refused = await Assert.ThrowsAsync<AvalException>(() => recorder.Record(LedgerWorld.Objection(2)));
            Assert.Contains(
                "the ledger's key was changed since this process read it", refused.Message, StringComparison.Ordinal);
        }

        // What it recorded is published by whoever has the new key.
        _world.Record(3);
        Assert.Equal(3, _world.Check().Opened);
    }

    [Fact]
    public async Task A_key_changes_while_others_record()
    {
        using var stop = new CancellationTokenSource();
        var notes = new System.Collections.Concurrent.ConcurrentBag<byte[]>();
        var others = Enumerable.Range(0, 2).Select(thread => Task.Run(() =>
        {
            for (var round = 0; !stop.IsCancellationRequested; round++)
            {
                try
                {
                    notes.Add(_world.Record((thread * 1_000_000) + round).Published.Note);
                }
                catch (AvalException changed) when (changed.Exit == ExitCode.Refused
                    && changed.Message.Contains("key was changed", StringComparison.Ordinal))
                {
                    // It read the key just before the change; the next one has the new key.
                }
            }
        })).ToArray();
        for (var round = 0; round < 5; round++)
            _world.Rotate();
        await stop.CancelAsync();
        await Task.WhenAll(others);
        var newest = _world.Publish();
        Assert.All(notes, note => Fork.RequireConsistent(_world.Workspace, newest, note, _world.Keys));
        _world.Check();
    }

    [Fact]
    public void A_ledger_can_change_its_key_many_times()
    {
        var keys = new List<VerifierKey> { _world.Verifier };
        for (var round = 0; round < 3; round++)
        {
            _world.Record(round);
            keys.Add(_world.Rotate().New);
        }

        // A stranger follows the notes from the first key to the last.
        var at = keys[0];
        foreach (var note in Directory.GetFiles(Path.Combine(_world.Workspace.Ledger, "keys"))
            .Order(StringComparer.Ordinal))
            at = KeyChange.Verify(File.ReadAllBytes(note), at).New;
        Assert.Equal(keys[^1].ToString(), at.ToString());
        Assert.Equal(
            Enumerable.Reverse(keys).Select(key => key.ToString()), _world.Keys.All.Select(key => key.ToString()));
        _world.Check();
    }
}
