using Aval.Choices.Stores;
using Aval.Recording;
using Microsoft.Data.Sqlite;

namespace Aval.Tests.Ledger;

/// <summary>What somebody said is read as it was committed to, or it is refused by its index.</summary>
public sealed class TamperedStoreTests : IDisposable
{
    private readonly LedgerWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("DELETE FROM choices WHERE idx = 1", "choice 1 is in the ledger, but its record is gone")]
    [InlineData("DELETE FROM choices", "choice 0 is in the ledger, but its record is gone")]
    [InlineData("UPDATE choices SET kind = 2 WHERE idx = 2", "choice 2 does not open its entry")]
    [InlineData("UPDATE choices SET account = 'facebook:9' WHERE idx = 2", "choice 2 does not open its entry")]
    [InlineData("UPDATE choices SET scope = 'about-me' WHERE idx = 2", "choice 2 does not open its entry")]
    [InlineData("UPDATE choices SET received_at = received_at + 1 WHERE idx = 2", "choice 2 does not open its entry")]
    [InlineData("UPDATE choices SET opening = zeroblob(32) WHERE idx = 0", "choice 0 does not open its entry")]
    [InlineData("UPDATE choices SET opening = x'01' WHERE idx = 0", "its opening has 1 bytes")]
    [InlineData("UPDATE choices SET idx = idx + 10 WHERE idx = 1", "choice 1 is in the ledger")]
    [InlineData("UPDATE choices SET idx = -1 WHERE idx = 1", "choice -1 has a record, but no entry")]
    public void A_record_that_is_not_as_it_was_committed_is_refused_by_its_index(string tampering, string expected)
    {
        _world.Record(1, 2, 3);
        Tamper(tampering);
        Assert.Contains(expected, Assert.Throws<AvalException>(() => Read()).Message, StringComparison.Ordinal);
        Assert.Contains(expected, Assert.Throws<AvalException>(() => _world.Check()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_was_taken_away_before_its_entry_was_published_is_refused_too()
    {
        _world.Record(1);
        _world.Store(2);
        Assert.Equal(3, Read());
        Tamper("DELETE FROM choices WHERE idx = 2");
        Assert.Contains("choice 2 is in the ledger", Assert.Throws<AvalException>(() => Read()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_choice_whose_record_and_entry_were_both_taken_from_the_store_is_missed_by_the_tiles()
    {
        _world.Record(1, 2, 3);
        Tamper("DELETE FROM choices WHERE idx = 1; DELETE FROM entries WHERE idx = 1");
        Assert.Contains("choice 1 is in the ledger", Refusal(() => Read()), StringComparison.Ordinal);
        Assert.Contains("entry 1 of the tiles is not the store's", Refusal(() => _world.Check()),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_choice_that_was_forgotten_is_missing_with_reason_and_its_receipt_says_so()
    {
        _world.Record(1, 2, 3);
        Forget(1);
        Assert.Equal(2, Read());
        Assert.Contains("was forgotten", Refusal(() => _world.ReceiptOf(1)), StringComparison.Ordinal);
        Tamper("DELETE FROM choices WHERE idx = 2");
        Assert.Contains("nothing stands in its place as after a forgetting", Refusal(() => _world.ReceiptOf(2)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_whose_entry_is_no_choice_is_refused()
    {
        _world.Record(1, 2);
        Forget(0);
        Tamper("INSERT INTO choices SELECT 2, kind, account, purpose, scope, made_at, received_at, until, actor, "
            + "channel, "
            + "evidence, notice, opening, association FROM choices WHERE idx = 1");
        Assert.Contains("choice 2 has a record, but its entry", Refusal(() => Read()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_is_gone_is_named_and_none_takes_its_place()
    {
        _world.Record(1);
        foreach (var file in Directory.GetFiles(_world.Workspace.Root, "choices.db*"))
            File.Delete(file);
        Assert.Contains("choices.db: the store of choices is missing", Refusal(() => Read()), StringComparison.Ordinal);
        Assert.Contains("choices.db: the store of choices is missing", Refusal(() => _world.Record(2)),
            StringComparison.Ordinal);
        Assert.False(File.Exists(_world.Workspace.Choices));
    }

    [Fact]
    public void A_store_behind_the_checkpoint_is_read_by_nobody_and_recorded_into_by_nobody()
    {
        _world.Record(1);
        var backup = Copy();
        _world.Record(2);
        Restore(backup);
        Assert.StartsWith("FORK", Refusal(() => Read()), StringComparison.Ordinal);
        var refused = Refusal(() => _world.Record(3));
        Assert.StartsWith("FORK", refused, StringComparison.Ordinal);
        Assert.Contains("choices.db must have been restored, and entry 1 is missing from it", refused,
            StringComparison.Ordinal);
        using var store = ChoiceStores.Open(_world.Workspace);
        Assert.Equal(new TreeSize(1), store.Size);
    }

    [Fact]
    public void A_store_that_would_give_an_index_out_twice_is_named()
    {
        _world.Record(1);
        _world.Store(2);
        Tamper("UPDATE counter SET next = next - 1");
        Assert.Contains("choices.db: the file is damaged", Refusal(() => _world.Record(2)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_went_another_way_is_read_by_nobody()
    {
        _world.Record(1);
        var backup = Copy();
        _world.Record(2);
        Restore(backup);
        _world.Store(5);
        Assert.StartsWith("FORK: localhost/ledger: entry 1", Refusal(() => Read()), StringComparison.Ordinal);
    }

    [Fact]
    public void Tiles_that_do_not_give_the_signed_root_are_refused()
    {
        _world.Record(1, 2, 3);
        var bundle = Directory.GetFiles(Path.Combine(_world.Workspace.Ledger, "tile", "entries", "000.p")).Single();
        var bytes = File.ReadAllBytes(bundle);
        bytes[5] ^= 1;
        using (var stream = File.Create(bundle))
            stream.Write(bytes);
        Assert.Contains("choice 0 does not open its entry", Refusal(() => Read()), StringComparison.Ordinal);
        Tamper("DELETE FROM choices WHERE idx = 0; UPDATE entries SET kind = 2 WHERE idx = 0");
        bytes[3] = 2;
        using (var stream = File.Create(bundle))
            stream.Write(bytes);
        Assert.Contains("do not give the root that was signed", Refusal(() => Read()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "DELETE FROM suppressions",
        "choice 1 is in the ledger, but its record is gone, and nothing stands in its place")]
    [InlineData(
        "UPDATE suppressions SET account = 'somebody else'", "no forgetting that leaves what stands in its place")]
    [InlineData("UPDATE suppressions SET kind = 2", "no forgetting that leaves what stands in its place")]
    [InlineData("UPDATE suppressions SET made_at = made_at - 1", "no forgetting that leaves what stands in its place")]
    [InlineData("UPDATE suppressions SET idx = 0", "no forgetting that leaves what stands in its place")]
    [InlineData(
        "INSERT INTO suppressions SELECT 0, 2, account, purpose, scope, made_at, received_at, until FROM suppressions",
        "no forgetting that leaves what stands in its place")]
    public void What_stands_for_a_forgotten_choice_is_what_was_entered(string sql, string says)
    {
        _world.Record(1, 2, 3);
        Forget(1);
        Assert.Equal(2, Read());
        Tamper(sql);
        Assert.Contains(says, Refusal(() => Read()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_says_its_last_choices_are_none_is_refused()
    {
        _world.Record(1, 2);
        Forget(0);
        Tamper("UPDATE entries SET kind = 2 WHERE idx = 1");
        Assert.Contains(
            "the last choice that was published is entry 1", Refusal(() => Read()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_workspace_has_no_choices_and_that_is_no_fault()
    {
        Assert.Equal(0, Read());
        _world.Publish();
        Assert.Equal(0, Read());
    }

    private int Read()
    {
        using var choices = CommittedChoices.Open(_world.Workspace);
        return choices.Read(choices.Store.Size).Count();
    }

    private void Forget(long index)
    {
        using (var store = ChoiceStores.Open(_world.Workspace))
        {
            var plan = Forgettings.Plan(
                _world.Workspace, store, [new EntryIndex(index)], ForgettingReason.Request, LedgerWorld.Now);
            store.Forget(plan.Choices, plan.DecidedAt);
        }

        _world.Publish();
    }

    private static string Refusal(Action action) => Assert.Throws<AvalException>(action).Message;

    private static string Refusal(Func<object> action) => Assert.Throws<AvalException>(() => { _ = action(); }).Message;

    private void Tamper(string sql)
    {
        using var connection = new SqliteConnection($"DataSource={_world.Workspace.Choices};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.NotEqual(0, command.ExecuteNonQuery());
    }

    private string Copy()
    {
        var copy = Path.Combine(_world.Workspace.Root, "copy.db");
        using var connection = new SqliteConnection($"DataSource={_world.Workspace.Choices};Pooling=false");
        connection.Open();
        using var to = new SqliteConnection($"DataSource={copy};Pooling=false");
        connection.BackupDatabase(to);
        return copy;
    }

    private void Restore(string backup)
    {
        foreach (var file in Directory.GetFiles(_world.Workspace.Root, "choices.db*"))
            File.Delete(file);
        File.Move(backup, _world.Workspace.Choices);
    }
}
