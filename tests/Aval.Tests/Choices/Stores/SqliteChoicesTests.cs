using Aval.Choices.Stores;
using Aval.Choices.Stores.Sqlite;
using Microsoft.Data.Sqlite;
using static Aval.Tests.Choices.ValidChoices;

namespace Aval.Tests.Choices;

/// <summary>What every store promises, on SQLite; and what is SQLite's own.</summary>
public sealed class SqliteChoicesTests : StoreContract
{
    private readonly Workspace _workspace;

    public SqliteChoicesTests() => _workspace = Make(StoreSettings.Sqlite);

    protected override Workspace Workspace => _workspace;

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

    [Theory]
    [InlineData("ALTER TABLE counter DROP COLUMN latest; PRAGMA user_version = 6")]
    [InlineData(
        "ALTER TABLE choices DROP COLUMN association; ALTER TABLE counter DROP COLUMN latest; PRAGMA user_version = 5")]
    public void A_file_of_an_earlier_layout_is_read_and_takes_mandates(string earlier)
    {
        using (var store = ChoiceStores.Open(_workspace))
            store.Record([Objection("facebook:1")], Now);
        Execute(earlier);
        using (var store = ChoiceStores.Open(_workspace))
            Assert.Equal(Now, store.LatestReceived);
        var mandate = Objection("facebook:2") with { Kind = ChoiceKind.Mandate, Association = "rights.example" };
        for (var times = 0; times < 2; times++)
        {
            using var store = ChoiceStores.Open(_workspace);
            store.Record([mandate], Now);
        }

        using var again = ChoiceStores.Open(_workspace);
        Assert.Equal(
            [null, "rights.example", "rights.example"], again.Read(All).Select(one => one.Choice.Association));
    }

    [Fact]
    public void Somebody_elses_database_is_not_written_into()
    {
        Execute("CREATE TABLE mine (x)");
        var before = File.ReadAllBytes(_workspace.Choices);
        Assert.Contains(
            "not one of Aval's", Assert.Throws<AvalException>(() => ChoiceStores.Open(_workspace)).Message,
            StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_workspace.Choices));
    }

    [Fact]
    public void What_is_no_database_is_refused()
    {
        File.WriteAllLines(_workspace.Choices, Enumerable.Repeat("this is a text, and a long one", 100));
        Assert.Contains(
            "the file is damaged", Assert.Throws<AvalException>(() => ChoiceStores.Open(_workspace)).Message,
            StringComparison.Ordinal);
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

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_workspace.Choices};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
