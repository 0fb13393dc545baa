using Aval.Choices.Stores;
using Aval.Ledger;
using Aval.Recording;
using Aval.Storage;
using Microsoft.Data.Sqlite;

namespace Aval.Tests.Ledger;

public sealed class IntegratorTests : IDisposable
{
    private readonly LedgerWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void An_acknowledged_choice_has_its_receipt()
    {
        var acknowledged = _world.Record(1, 2, 3);
        Assert.Equal((0, 3), (acknowledged.Entries.First.Value, acknowledged.Entries.Count));
        var receipt = Receipt.Parse(_world.ReceiptOf(1));
        Assert.Equal(new TreeSize(3), receipt.Verify(_world.Verifier).Size);
        Assert.Equal("facebook:2", receipt.Statement.Account);
        Assert.Equal(3, _world.Check().Opened);
    }

    [Fact]
    public void An_older_checkpoint_is_continued_by_every_newer_one()
    {
        var notes = new List<byte[]>();
        foreach (var count in new[] { 1, 2, 254, 1, 300, 1000, 64_000 })
        {
            _world.Store(count);
            notes.Add(_world.Publish().Note);
        }

        var newest = _world.Publish();
        Assert.All(notes, note => Fork.RequireConsistent(_world.Workspace, newest, note, _world.Keys));
        Assert.Equal(65_558, _world.Check().Opened);
    }

    [Fact]
    public void A_log_without_entries_has_a_checkpoint_too()
    {
        Assert.Equal(MerkleTree.Empty, _world.Publish().Checkpoint.Root);
        Assert.Equal(0, _world.Check().Opened);
    }

    // Each call of the writer fails, in three ways; then the next writer, which knows nothing of it, comes along.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Whichever_call_of_the_disk_fails_nothing_is_acknowledged_and_the_next_writer_repairs(int when)
    {
        _world.Store(500);
        var before = _world.Publish();
        var tried = 0;
        for (var call = 1; ; call++)
        {
            _world.Store(270);
            var disk = new FailingDisk(call, (FailingDisk.When)when);
            PublishedCheckpoint? acknowledged = null;
            try
            {
                acknowledged = _world.Publish(disk);
            }
            catch (IOException)
            {
                tried++;
            }

            if (!disk.Failed)
                break;
            Assert.Null(acknowledged);
            // What is published is always sound, whether or not the failed call had got that far.
            _world.Check();
            var after = _world.Publish();
            Fork.RequireConsistent(_world.Workspace, after, before.Note, _world.Keys);
            _world.Check();
            before = after;
        }

        Assert.InRange(tried, 6, 100);
    }

    [Fact]
    public void The_same_writer_goes_on_after_a_failure()
    {
        _world.Store(300);
        using var store = ChoiceStores.Open(_world.Workspace);
        var integrator = new Integrator(_world.Workspace, _world.Key, new FailingDisk(3, FailingDisk.When.HalfWay));
        Assert.Throws<IOException>(() => integrator.Publish(store, store.Size, TimeSpan.FromSeconds(1)));
        Assert.Equal(new TreeSize(300), integrator.Publish(store, store.Size, TimeSpan.FromSeconds(1)).Size);
        _world.Check();
    }

    [Theory]
    [InlineData("tile/0/000")]
    [InlineData("tile/entries/001.p/44")]
    [InlineData("tile/1/000.p/1")]
    public void A_lost_tile_is_written_again_from_the_store(string tile)
    {
        _world.Store(300);
        var before = _world.Publish();
        var path = Path.Combine(_world.Workspace.Ledger, tile);
        var bytes = File.ReadAllBytes(path);
        File.Delete(path);
        Assert.Throws<AvalException>(() => _world.Check());
        _world.Store(1);
        Fork.RequireConsistent(_world.Workspace, _world.Publish(), before.Note, _world.Keys);
        // A full tile in the middle is read by no writer. It is the check that misses it, and the whole tree is written
        // again then.
        if (!File.Exists(path) && !tile.Contains(".p/", StringComparison.Ordinal))
        {
            Assert.Throws<AvalException>(() => _world.Check());
            LedgerCheck.Rewrite(_world.Workspace, _world.Key);
            Assert.Equal(bytes, File.ReadAllBytes(path));
        }

        _world.Check();
    }

    [Fact]
    public void A_changed_tile_is_noticed_and_written_again()
    {
        _world.Store(300);
        _world.Publish();
        var path = Path.Combine(_world.Workspace.Ledger, "tile/0/001.p/44");
        var bytes = File.ReadAllBytes(path);
        bytes[100] ^= 1;
        Durable.Replace(path, bytes);
        Assert.Contains(
            "hash 3 of the tile", Assert.Throws<AvalException>(() => _world.Check()).Message, StringComparison.Ordinal);
        _world.Store(1);
        _world.Publish();
        _world.Check();
    }

    [Fact]
    public void Partial_tiles_go_when_the_full_one_is_there()
    {
        foreach (var count in new[] { 100, 100, 100 })
        {
            _world.Store(count);
            _world.Publish();
        }

        var tiles = Path.Combine(_world.Workspace.Ledger, "tile");
        Assert.False(Directory.Exists(Path.Combine(tiles, "0/000.p")));
        Assert.False(Directory.Exists(Path.Combine(tiles, "entries/000.p")));
        Assert.True(File.Exists(Path.Combine(tiles, "0/001.p/44")));
    }

    [Fact]
    public void A_store_that_is_older_than_what_was_published_is_a_fork()
    {
        _world.Record(1);
        var backup = Copy();
        _world.Record(2);
        Restore(backup);
        var refused = Assert.Throws<AvalException>(() => _world.Publish());
        Assert.Equal(ExitCode.Refused, refused.Exit);
        Assert.StartsWith(
            "FORK: localhost/ledger: the store of choices has 1 entries, and 2 were published", refused.Message,
            StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Path.Combine(_world.Workspace.Root, "evidence")));
    }

    // As docs/operations.md, "Restore", has it: settings, keys and the store from the backup, the ledger as it was
    // published.
    [Fact]
    public void A_workspace_is_restored_from_its_backup_and_the_published_ledger()
    {
        _world.Store(300);
        var published = _world.Publish();
        var backup = Copy();
        using var folder = new TemporaryFolder();
        var restored = Path.Combine(folder.Path, "restored");
        foreach (var directory in new[] { "keys", "ledger" })
        {
            foreach (var file in Directory.EnumerateFiles(
                Path.Combine(_world.Workspace.Root, directory), "*", SearchOption.AllDirectories))
            {
                var target = Path.Combine(restored, Path.GetRelativePath(_world.Workspace.Root, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }
        }

        File.Copy(Path.Combine(_world.Workspace.Root, Workspace.FileName), Path.Combine(restored, Workspace.FileName));
        File.Copy(backup, Path.Combine(restored, "choices.db"));
        var workspace = Workspace.Open(restored, restored);
        var recorded = Recorder.RecordOnce(workspace, LedgerWorld.Now, LedgerWorld.Objection(1));
        Assert.Equal(300, recorded.Entries.First.Value);
        Fork.RequireConsistent(workspace, recorded.Published, published.Note, LedgerKeys.Of(workspace));
        Assert.Equal(301, LedgerCheck.Require(workspace, _world.Verifier).Opened);
        using var receipts = Receipts.Open(workspace);
        receipts.Of(new EntryIndex(17)).Verify(_world.Verifier);
    }

    [Fact]
    public void A_store_that_went_another_way_since_its_backup_is_a_fork()
    {
        _world.Record(1);
        var backup = Copy();
        _world.Record(2);
        Restore(backup);
        _world.Store(1);
        Assert.StartsWith(
            "FORK: localhost/ledger: entry 1 of the store of choices is not the one that was published",
            Assert.Throws<AvalException>(() => _world.Publish()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_that_somebody_else_holds_and_we_do_not_continue_is_a_fork()
    {
        _world.Record(1);
        var published = _world.Publish();
        var other = _world.Key.Sign(
            new Checkpoint("localhost/ledger", new TreeSize(1), Hash.Of("another history"u8)).Text);
        Assert.StartsWith("FORK", Assert.Throws<AvalException>(() =>
            Fork.RequireConsistent(_world.Workspace, published, other, _world.Keys)).Message, StringComparison.Ordinal);
        var later = _world.Key.Sign(new Checkpoint("localhost/ledger", new TreeSize(7), Hash.Of("lost"u8)).Text);
        Assert.Contains("what was committed since is lost here", Assert.Throws<AvalException>(() =>
            Fork.RequireConsistent(_world.Workspace, published, later, _world.Keys)).Message, StringComparison.Ordinal);
        var forged = SigningKey.Generate("localhost/ledger")
            .Sign(new Checkpoint("localhost/ledger", new TreeSize(7), Hash.Of("x"u8)).Text);
        Assert.Throws<ProofException>(() => Fork.RequireConsistent(_world.Workspace, published, forged, _world.Keys));
    }

    [Fact]
    public void A_checkpoint_that_was_changed_is_not_gone_on_from()
    {
        _world.Record(1);
        Durable.Replace(
            _world.Checkpoint, File.ReadAllText(_world.Checkpoint).Replace("\n1\n", "\n2\n", StringComparison.Ordinal));
        Assert.Contains(
            "does not belong to this text", Assert.Throws<AvalException>(() => _world.Record(2)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_was_changed_after_it_was_committed_is_noticed()
    {
        _world.Record(1, 2);
        using (var connection = new SqliteConnection($"Data Source={_world.Workspace.Choices};Pooling=False"))
        {
            connection.Open();
            using var change = connection.CreateCommand();
            change.CommandText = "UPDATE choices SET made_at = made_at + 1 WHERE idx = 1";
            change.ExecuteNonQuery();
        }

        Assert.Contains(
            "choice 1 does not open its entry", Assert.Throws<AvalException>(() => _world.Check()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_of_another_origin_signs_nothing()
    {
        var other =
            _world.Workspace with { Settings = _world.Workspace.Settings with { Origin = "example.org/other" } };
        Assert.Contains(
            "A ledger keeps its origin", Assert.Throws<AvalException>(() => new Integrator(other, _world.Key)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Writers_of_several_threads_leave_one_history()
    {
        var notes = new System.Collections.Concurrent.ConcurrentBag<byte[]>();
        Parallel.For(0, 8, thread =>
        {
            for (var round = 0; round < 10; round++)
                notes.Add(_world.Record((thread * 100) + round).Published.Note);
        });
        var newest = _world.Publish();
        Assert.All(notes, note => Fork.RequireConsistent(_world.Workspace, newest, note, _world.Keys));
        Assert.Equal(80, _world.Check().Opened);
    }

    private string Copy()
    {
        var backup = _world.Workspace.Choices + ".backup";
        using var connection = new SqliteConnection($"Data Source={_world.Workspace.Choices};Pooling=False");
        using var target = new SqliteConnection($"Data Source={backup};Pooling=False");
        connection.Open();
        target.Open();
        connection.BackupDatabase(target);
        return backup;
    }

    private void Restore(string backup)
    {
        foreach (var file in Directory.GetFiles(_world.Workspace.Root, "choices.db-*"))
            File.Delete(file);
        File.Copy(backup, _world.Workspace.Choices, overwrite: true);
    }
}
