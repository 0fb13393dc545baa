using Aval.Choices;
using CsCheck;
using Microsoft.Data.Sqlite;
using static Aval.Tests.Choices.ValidChoices;

namespace Aval.Tests.Choices;

/// <summary>What the store of choices promises: durable, gapless, in order, unchanged.</summary>
public sealed class ChoiceStoreTests : IDisposable
{
    private static readonly TreeSize All = new(long.MaxValue);
    private readonly TemporaryFolder _folder = new();
    private readonly Workspace _workspace;

    public ChoiceStoreTests() => _workspace = Workspace.Create(_folder.File("workspace"), Settings.Default);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_workspace_has_no_choices()
    {
        using var store = ChoiceStores.Open(_workspace);
        Assert.Equal(new TreeSize(0), store.Size);
        Assert.Empty(store.Read(All));
        Assert.Empty(store.OfAccounts([Account.Parse("facebook:1")], All));
        Assert.Equal(new EntryRange(new EntryIndex(0), 0), store.RecordAll([], Now));
        Assert.Empty(store.Record([], Now));
    }

    [Fact]
    public void What_was_recorded_is_there_when_the_store_is_opened_again()
    {
        using (var store = ChoiceStores.Open(_workspace))
        {
            Assert.Equal([0, 1], store.Record([Objection("facebook:1"), Objection("facebook:2")], Now).Select(Index));
            Assert.Equal([2], store.Record([Objection("facebook:1")], Now).Select(Index));
        }

        using var again = ChoiceStores.Open(_workspace);
        Assert.Equal(new TreeSize(3), again.Size);
        Assert.Equal(["facebook:1", "facebook:2", "facebook:1"], again.Read(again.Size).Select(recorded => recorded.Choice.Account.ToString()));
        Assert.Equal([0, 2], again.OfAccounts([Account.Parse("facebook:1")], again.Size).Select(Index));
    }

    [Fact]
    public void A_smaller_ledger_has_the_earlier_choices()
    {
        using var store = ChoiceStores.Open(_workspace);
        store.Record([Objection("facebook:1"), Objection("facebook:2"), Objection("facebook:1")], Now);
        Assert.Equal([0, 1], store.Read(new TreeSize(2)).Select(Index));
        Assert.Equal([0], store.OfAccounts([Account.Parse("facebook:1")], new TreeSize(2)).Select(Index));
        Assert.Empty(store.Read(new TreeSize(0)));
    }

    [Fact]
    public void Any_valid_choice_comes_back_as_it_was_recorded()
    {
        using var store = ChoiceStores.Open(_workspace);
        Any.Array[1, 8].Sample(
            choices =>
            {
                var recorded = store.Record(choices, Now);
                Assert.Equal(recorded, store.Read(All).Skip((int)recorded[0].Index.Value));
                Assert.Equal(choices, recorded.Select(one => one.Choice));
                return true;
            },
            iter: 300, threads: 1);
        var all = store.Read(All).ToList();
        Assert.Equal(Enumerable.Range(0, all.Count).Select(at => (long)at), all.Select(Index));
        foreach (var account in all.Select(recorded => recorded.Choice.Account).Distinct().Take(50))
            Assert.Equal(all.Where(recorded => recorded.Choice.Account == account), store.OfAccounts([account], All));
    }

    [Fact]
    public void The_choices_of_several_accounts_come_in_the_order_of_the_ledger()
    {
        using var store = ChoiceStores.Open(_workspace);
        store.Record([Objection("facebook:b"), Objection("facebook:a"), Objection("facebook:c"), Objection("facebook:b")], Now);
        var a = Account.Parse("facebook:a");
        var b = Account.Parse("facebook:b");
        Assert.Equal([0, 1, 3], store.OfAccounts([a, b, a], All).Select(Index));
    }

    [Fact]
    public void A_choice_that_breaks_a_rule_takes_the_others_with_it()
    {
        using var store = ChoiceStores.Open(_workspace);
        var refused = Assert.Throws<AvalException>(() => store.Record([Objection("facebook:1"), Objection("facebook:2") with { Notice = "v1" }], Now));
        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Equal("The notice of this objection should be empty, since only a consent answers a notice and this is an objection, but holds \"v1\". Nothing was recorded.", refused.Message);
        Assert.Equal(new TreeSize(0), store.Size);
        Assert.Empty(store.Read(All));
        Assert.Equal([0], store.Record([Objection("facebook:3")], Now).Select(Index));
    }

    [Fact]
    public void An_exception_half_way_leaves_nothing_behind()
    {
        static IEnumerable<Choice> Torn()
        {
            for (var at = 0; at < 5000; at++)
                yield return Objection($"facebook:{at}");
            throw new InvalidDataException("torn");
        }

        using var store = ChoiceStores.Open(_workspace);
        store.Record([Objection("facebook:0")], Now);
        Assert.Throws<InvalidDataException>(() => store.RecordAll(Torn(), Now));
        Assert.Equal([0], store.Read(All).Select(Index));
        Assert.Single(store.OfAccounts([Account.Parse("facebook:0")], All));
        Assert.Equal([1], store.Record([Objection("facebook:1")], Now).Select(Index));
    }

    [Fact]
    public async Task Writers_side_by_side_leave_no_gap_and_share_no_index()
    {
        const int writers = 4;
        const int each = 25;
        var indices = await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(() =>
        {
            using var store = ChoiceStores.Open(_workspace, TimeSpan.FromSeconds(60));
            return Enumerable.Range(0, each).SelectMany(at => store.Record([Objection($"facebook:{writer}"), Objection($"facebook:{at}")], Now)).ToList();
        })));
        using var after = ChoiceStores.Open(_workspace);
        var acknowledged = indices.SelectMany(list => list).OrderBy(Index).ToList();
        Assert.Equal(Enumerable.Range(0, writers * each * 2).Select(at => (long)at), acknowledged.Select(Index));
        Assert.Equal(acknowledged, after.Read(All));
    }

    [Fact]
    public void A_reader_sees_what_was_there_when_it_began_while_others_write()
    {
        using var store = ChoiceStores.Open(_workspace);
        store.Record([Objection("facebook:1"), Objection("facebook:2")], Now);
        using var other = ChoiceStores.Open(_workspace);
        using var rows = store.Read(All).GetEnumerator();
        Assert.True(rows.MoveNext());
        other.Record([Objection("facebook:3")], Now);
        Assert.True(rows.MoveNext());
        Assert.False(rows.MoveNext());
    }

    [Fact]
    public void A_writer_that_waits_too_long_says_who_it_waits_for()
    {
        using var store = ChoiceStores.Open(_workspace, TimeSpan.FromSeconds(1));
        using var other = new SqliteConnection($"Data Source={_workspace.Choices};Pooling=False");
        other.Open();
        using var writing = other.BeginTransaction(deferred: false);
        var busy = Assert.Throws<AvalException>(() => store.Record([Objection("facebook:1")], Now));
        Assert.Equal(ExitCode.Busy, busy.Exit);
        Assert.Contains("choices.db: another process is recording choices", busy.Message, StringComparison.Ordinal);
        Assert.Equal(new TreeSize(0), store.Size);
    }

    [Fact]
    public void A_commit_waits_for_the_disk()
    {
        using var store = SqliteChoices.Open(_workspace, ChoiceStores.Patience);
        Assert.Equal(("wal", 2, 65536), store.Durability);
    }

    [Theory]
    [InlineData("PRAGMA user_version = 99", "has layout 99")]
    [InlineData("PRAGMA application_id = 7", "not one of Aval's")]
    [InlineData("UPDATE choices SET kind = 77", "entry 0: kind 77 is unknown: the file is damaged")]
    [InlineData("UPDATE choices SET account = 'nobody'", "entry 0: \"nobody\" is no account: the file is damaged")]
    [InlineData("UPDATE choices SET scope = 'nothing'", "entry 0: \"nothing\" is no scope: the file is damaged")]
    public void A_file_that_this_Aval_cannot_have_written_is_refused(string spoil, string says)
    {
        using (var store = ChoiceStores.Open(_workspace))
            store.Record([Objection("facebook:1")], Now);
        Execute(spoil);
        var refused = Assert.Throws<AvalException>(() =>
        {
            using var store = ChoiceStores.Open(_workspace);
            return store.Read(All).ToList();
        });
        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Somebody_elses_database_is_not_written_into()
    {
        Execute("CREATE TABLE mine (x)");
        var before = File.ReadAllBytes(_workspace.Choices);
        Assert.Contains("not one of Aval's", Assert.Throws<AvalException>(() => ChoiceStores.Open(_workspace)).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_workspace.Choices));
    }

    [Fact]
    public void What_is_no_database_is_refused()
    {
        File.WriteAllLines(_workspace.Choices, Enumerable.Repeat("this is a text, and a long one", 100));
        Assert.Contains("the file is damaged", Assert.Throws<AvalException>(() => ChoiceStores.Open(_workspace)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_is_an_empty_store()
    {
        // What a kill leaves between making the file and making its tables.
        File.Create(_workspace.Choices).Dispose();
        using var store = ChoiceStores.Open(_workspace);
        Assert.Equal([0], store.Record([Objection("facebook:1")], Now).Select(Index));
    }

    [Fact]
    public void Only_its_owner_reads_the_choices()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Unix permissions");
            return;
        }

        using var store = ChoiceStores.Open(_workspace);
        store.Record([Objection("facebook:1")], Now);
        foreach (var file in Directory.GetFiles(_workspace.Root, "choices.db*"))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    private static long Index(Recorded recorded) => recorded.Index.Value;

    private static Choice Objection(string account) =>
        new(ChoiceKind.Objection, Account.Parse(account), Purpose.TrainGenerativeAi, Scope.Everything, Now, Now);

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_workspace.Choices};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
