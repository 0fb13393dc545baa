using Aval.Choices;
using Aval.Choices.Stores;
using Aval.Tests.Choices;
using Npgsql;
using static Aval.Tests.Choices.ValidChoices;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Aval.Tests.Choices;

/// <summary>What every store promises, on PostgreSQL; and what is PostgreSQL's own.</summary>
public sealed class PostgresChoicesTests : StoreContract
{
    private readonly PostgresServer _server;
    private readonly string _connection;

    public PostgresChoicesTests(PostgresServer server)
    {
        _server = server;
        _connection = server.NewDatabase();
        Workspace = Make(new StoreSettings(StoreKind.Postgres, _connection));
    }

    protected override Workspace Workspace { get; }

    [Fact]
    public void A_writer_that_waits_too_long_says_who_it_waits_for()
    {
        using var store = ChoiceStores.Open(Workspace, TimeSpan.FromMilliseconds(200));
        using var other = new NpgsqlConnection(_connection + ";Pooling=false");
        other.Open();
        using var writing = other.BeginTransaction();
        using var holding = new NpgsqlCommand("SELECT next FROM aval.counter FOR UPDATE", other);
        holding.ExecuteScalar();
        var busy = Assert.Throws<AvalException>(() => store.RecordAll([Objection("facebook:1")], Now));
        Assert.Equal(ExitCode.Busy, busy.Exit);
        Assert.Contains("another process is recording choices", busy.Message, StringComparison.Ordinal);
        Assert.Equal(new TreeSize(0), store.Size);
    }

    [Theory]
    [InlineData("ALTER TABLE aval.counter DROP COLUMN latest; UPDATE aval.layout SET version = 5")]
    [InlineData(
        "ALTER TABLE aval.choices DROP COLUMN association; ALTER TABLE aval.counter DROP COLUMN latest; "
            + "UPDATE aval.layout SET version = 4")]
    public void A_database_of_an_earlier_layout_is_read_and_takes_mandates(string earlier)
    {
        using (var store = ChoiceStores.Open(Workspace))
            store.RecordAll([Objection("facebook:1")], Now);
        PostgresServer.Execute(_connection, earlier);
        var mandate = Objection("facebook:2") with { Kind = ChoiceKind.Mandate, Association = "rights.example" };
        using var again = ChoiceStores.Open(Workspace);
        Assert.Equal(Now, again.LatestReceived);
        again.RecordAll([mandate], Now);
        Assert.Equal([null, "rights.example"], again.Read(All).Select(one => one.Choice.Association));
    }

    [Theory]
    [InlineData("ALTER DATABASE {0} SET synchronous_commit = off", "synchronous_commit is off")]
    [InlineData("UPDATE aval.layout SET version = 7", "has layout 7")]
    [InlineData(
        "UPDATE aval.layout SET origin = 'elsewhere.example/ledger'", "those of the ledger elsewhere.example/ledger")]
    [InlineData("DROP TABLE aval.layout", "Aval did not make it")]
    [InlineData("UPDATE aval.choices SET kind = 77", "entry 0: kind 77 is unknown: the database is damaged")]
    [InlineData(
        "UPDATE aval.choices SET account = 'nobody'", "entry 0: \"nobody\" is no account: the database is damaged")]
    [InlineData(
        "UPDATE aval.choices SET scope = 'nothing'", "entry 0: \"nothing\" is no scope: the database is damaged")]
    public void A_database_that_this_Aval_cannot_rely_on_is_refused(string spoil, string says)
    {
        using (var store = ChoiceStores.Open(Workspace))
            store.RecordAll([Objection("facebook:1")], Now);
        PostgresServer.Execute(
            _connection,
            spoil.Replace("{0}", new NpgsqlConnectionStringBuilder(_connection).Database, StringComparison.Ordinal));
        var refused = Assert.Throws<AvalException>(() =>
        {
            using var store = ChoiceStores.Open(Workspace);
            return store.Read(All).ToList();
        });
        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_that_does_not_hold_every_letter_is_refused()
    {
        var connection = _server.NewDatabase("ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
        var workspace = Workspace with
        {
            Settings = Workspace.Settings with { Store = new StoreSettings(StoreKind.Postgres, connection) },
        };
        Assert.Contains(
            "encoding is LATIN1", Assert.Throws<AvalException>(() => ChoiceStores.Open(workspace)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "no connection is named")]
    [InlineData("postgres://localhost/aval", "KEY=VALUE")]
    [InlineData("Host=127.0.0.1;Port=1;Username=aval;Password=hunter2", "cannot be reached")]
    public void A_connection_that_leads_nowhere_is_told_without_its_password(string connection, string says)
    {
        var workspace = Workspace with
        {
            Settings = Workspace.Settings with { Store = new StoreSettings(StoreKind.Postgres, connection) },
        };
        var refused = Assert.Throws<AvalException>(() => ChoiceStores.Open(workspace));
        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stores_that_come_first_at_once_make_the_tables_once()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() =>
        {
            using var store = ChoiceStores.Open(Workspace);
            return store.Size;
        })));
        Assert.All(opened, size => Assert.Equal(new TreeSize(0), size));
    }

    [Fact]
    public void The_right_to_publish_is_lost_with_its_session_and_that_is_noticed()
    {
        using var store = ChoiceStores.Open(Workspace);
        using var held = store.TryIntegrate()!;
        held.RequireHeld();
        PostgresServer.Execute(
            _connection + ";Pooling=false",
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'");
        var lost = Assert.Throws<AvalException>(held.RequireHeld);
        Assert.Equal(ExitCode.Busy, lost.Exit);
        Assert.Contains("Nothing was published", lost.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_is_gone_in_mid_append_has_all_of_it_or_nothing()
    {
        using var server = new PostgresServer();
        var workspace = Workspace with
        {
            Settings = Workspace.Settings with { Store = new StoreSettings(StoreKind.Postgres, server.NewDatabase()) },
        };
        using (var store = ChoiceStores.Open(workspace))
        {
            store.RecordAll([Objection("facebook:first")], Now);
            var gone = Assert.Throws<AvalException>(() => store.Append(Killing(server).Select(Sealing.Seal)));
            Assert.Equal(ExitCode.BadInput, gone.Exit);
        }

        server.StartAgain();
        using var again = ChoiceStores.Open(workspace);
        Assert.Equal(["facebook:first"], again.Read(All).Select(recorded => recorded.Choice.Account.ToString()));
        Assert.Equal(1, again.RecordAll([Objection("facebook:next")], Now).First.Value);
    }

    private static IEnumerable<Choice> Killing(PostgresServer server)
    {
        for (var at = 0; at < 30_000; at++)
        {
            if (at == 20_000)
                server.Kill();
            yield return Objection($"facebook:{at}");
        }
    }
}
