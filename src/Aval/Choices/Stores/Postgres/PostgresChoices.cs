using System.Globalization;
using Aval.Ledger;
using Aval.Storage;
using Npgsql;

namespace Aval.Choices.Stores.Postgres;

/// <summary>
/// The choices of a workspace, in PostgreSQL (docs/formats/choices.md): for several processes or machines that record
/// at once. One database holds the choices of one workspace.
/// <para>
/// A writer holds the counter's row until it commits, and another one waits for it up to its patience; so an index that
/// is visible has all below it visible. Each call takes a connection of its own from a small pool, which ends with the
/// store.
/// </para>
/// </summary>
internal sealed partial class PostgresChoices : IChoiceStore
{
    /// <summary>
    /// The environment variable that, when set, takes the place of aval.yaml's connection: for passwords.
    /// </summary>
    public const string Variable = "AVAL_POSTGRES";

    // Rows of one COPY, which are held: the entries and the choices of a batch go to two tables, one after the other.
    private const int Batch = 1 << 13;
    private const int Page = 1 << 13;

    // Any two numbers of our own; PostgreSQL's advisory locks are by database.
    private const long CreationLock = 0x4156414C_00000001;
    private const long IntegrationLock = 0x4156414C_00000002;

    private readonly NpgsqlDataSource _source;
    private readonly string _where;
    private readonly string _right;

    private PostgresChoices(NpgsqlDataSource source, string where, string right)
    {
        _source = source;
        _where = where;
        _right = right;
    }

    /// <summary>
    /// Opens the choices of a workspace; there are none in a new database, in which the tables are made.
    /// </summary>
    /// <param name="workspace">Whose choices.</param>
    /// <param name="patience">How long to wait for another writer.</param>
    /// <exception cref="AvalException">Bad input: the connection is no connection, the server cannot be reached or
    /// refuses, or its database is somebody else's.</exception>
    public static PostgresChoices Open(Workspace workspace, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var connection = Connection(workspace, patience);
        var where = $"PostgreSQL {connection.Host}:{connection.Port.ToString(CultureInfo.InvariantCulture)}/"
            + $"{connection.Database}";
        var source = NpgsqlDataSource.Create(connection);
        return Ownership.Hand(source, () =>
        {
            var store = new PostgresChoices(source, where, Path.Combine(workspace.Ledger, ".integrate.lock"));
            store.Prepare(workspace.Settings.Origin);
            return store;
        });
    }

    /// <inheritdoc/>
    public string Where => "The database of choices";

    /// <inheritdoc/>
    public TreeSize Size => new(Scalar("SELECT next FROM aval.counter"));

    /// <inheritdoc/>
    public TreeSize ChoicesSize => new(Scalar(PostgresRows.SelectChoicesSize));

    /// <inheritdoc/>
    public DateTimeOffset? LatestReceived =>
        Scalar("SELECT coalesce(latest, -1) FROM aval.counter") is >= 0 and var latest
            ? Instant.FromMicroseconds(latest)
            : null;

    /// <inheritdoc/>
    public EntryRange Append(IEnumerable<NewEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return InTransaction((connection, first) =>
        {
            var next = first;
            foreach (var batch in entries.Chunk(Batch))
            {
                Copy(connection, batch, next);
                next += batch.Length;
            }

            return new EntryRange(new EntryIndex(first), next - first);
        });
    }

    /// <inheritdoc/>
    public IEnumerable<LedgerEntry> Entries(EntryIndex from, TreeSize below) =>
        Paged(PostgresRows.SelectEntries, from, below, PostgresRows.ReadEntry);

    /// <inheritdoc/>
    public IEnumerable<Recorded> Read(EntryIndex from, TreeSize below) =>
        Paged(PostgresRows.SelectBelow, from, below, PostgresRows.Read);

    /// <inheritdoc/>
    public IEnumerable<(EntryIndex Index, SealedChoice Choice)> ReadSealed(TreeSize below) =>
        Paged(PostgresRows.SelectSealedBelow, new EntryIndex(0), below, PostgresRows.ReadSealed);

    /// <inheritdoc/>
    public IEnumerable<Recorded> OfAccounts(IReadOnlyCollection<Account> accounts, TreeSize below)
    {
        ArgumentNullException.ThrowIfNull(accounts);
        return Guarded(() =>
        {
            using var connection = _source.OpenConnection();
            return Rows(connection, PostgresRows.SelectOfAccounts, PostgresRows.Read, ("accounts",
                accounts.Select(account => account.ToString()).Distinct().ToArray()), ("below", below.Value));
        });
    }

    /// <inheritdoc/>
    public IReadOnlyList<EntryIndex> IndicesOfAccounts(IReadOnlyCollection<Account> accounts, TreeSize below)
    {
        ArgumentNullException.ThrowIfNull(accounts);
        return Guarded(() =>
        {
            using var connection = _source.OpenConnection();
            return Rows(
                connection, PostgresRows.SelectIndicesOfAccounts, row => new EntryIndex(row.GetInt64(0)), ("accounts",
                accounts.Select(account => account.ToString()).Distinct().ToArray()), ("below", below.Value));
        });
    }

    /// <inheritdoc/>
    public IReadOnlyList<Account> NotInLowerCase(IReadOnlyCollection<string> services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return Guarded(() =>
        {
            using var connection = _source.OpenConnection();
            var found = Rows(
                connection, PostgresRows.SelectNotInLowerCase, row => row.GetString(0).Split(':', 2),
                ("services", services.Distinct().ToArray()));
            return (IReadOnlyList<Account>)[.. found.Select(parts => new Account(parts[0], parts[1]))];
        });
    }

    /// <inheritdoc/>
    public IReadOnlyList<EntryIndex> Changing(DateTimeOffset after, DateTimeOffset until, TreeSize below, int most) =>
        Guarded(() =>
        {
            using var connection = _source.OpenConnection();
            return Rows(
                connection, PostgresRows.SelectChanging, row => new EntryIndex(row.GetInt64(0)),
                ("below", below.Value), ("after", after.ToMicroseconds()), ("until", until.ToMicroseconds()),
                ("removal", (short)ChoiceCodes.Of(ChoiceKind.Removal)), ("most", (long)most));
        });

    /// <inheritdoc/>
    public SealedChoice? Opened(EntryIndex index) => Guarded(() =>
    {
        using var connection = _source.OpenConnection();
        return Rows(connection, PostgresRows.SelectOpened, row =>
            PostgresRows.ReadSealed(row).Choice, ("idx", index.Value)).SingleOrDefault();
    });

    /// <inheritdoc/>
    public IReadOnlyList<(EntryIndex Index, SealedChoice Choice)> Opened(IReadOnlyList<EntryIndex> indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        return Guarded(() =>
        {
            using var connection = _source.OpenConnection();
            return Rows(connection, PostgresRows.SelectOpenedSome, PostgresRows.ReadSealed, ("indices",
                indices.Select(index => index.Value).ToArray()));
        });
    }

    /// <inheritdoc/>
    public EntryIndex? Find(LedgerEntry entry) => Guarded<EntryIndex?>(() =>
    {
        using var connection = _source.OpenConnection();
        using var command = Command(
            connection, PostgresRows.SelectEntry, ("kind", (short)entry.Kind),
            ("digest", PostgresRows.Bytes(entry.Digest)));
        return command.ExecuteScalar() is long index ? new EntryIndex(index) : null;
    });

    /// <inheritdoc/>
    public IReadOnlyList<(EntryIndex Index, Hash Digest)> OfKind(EntryKind kind) => Guarded(() =>
    {
        using var connection = _source.OpenConnection();
        return Rows(
            connection, PostgresRows.SelectOfKind,
            row => (new EntryIndex(row.GetInt64(0)), Hash.From(row.GetFieldValue<byte[]>(1))),
            ("kind", (short)kind));
    });

    /// <inheritdoc/>
    public EntryRange Forget(IReadOnlyList<Forgetting> choices, TreeSize decidedAt)
    {
        ArgumentNullException.ThrowIfNull(choices);
        var entries = InTransaction((connection, first) =>
        {
            using (var overtaking = Command(
                connection, "SELECT count(*) FROM aval.entries WHERE kind = 4 AND kind <> 1 AND idx >= @since",
                ("since", decidedAt.Value)))
            {
                if ((long)overtaking.ExecuteScalar()! > 0)
                    throw StoreRefusals.Overtaken(_where);
            }

            foreach (var forgetting in choices)
            {
                using var delete = Command(
                    connection, "DELETE FROM aval.choices WHERE idx = @idx", ("idx", forgetting.Choice.Value));
                if (delete.ExecuteNonQuery() == 0)
                    throw StoreRefusals.Missing(forgetting.Choice);
                Run(connection, PostgresRows.ForgetParcelKey, ("idx", forgetting.Choice.Value), ("most",
                    (long)ParcelKeys.MostChoices));
            }

            Copy(connection, PostgresRows.CopySuppressions, choices.Select(forgetting =>
                forgetting.Instead), PostgresRows.Write);
            Copy(connection, PostgresRows.CopyEntries, choices.Index(), (copy, row) => PostgresRows.Write(
                copy, first + row.Index, row.Item.Entry));
            return new EntryRange(new EntryIndex(first), choices.Count);
        });
        // Also with none: an earlier one may have been kept from it.
        try
        {
            using var connection = _source.OpenConnection();
            Run(connection, "VACUUM aval.choices");
        }
        catch (NpgsqlException failed)
        {
            throw PostgresFailure.Of(_where, failed, "The choices are forgotten, and their bytes may lie in the "
                + "database's free space still.");
        }

        return entries;
    }

    /// <inheritdoc/>
    public IEnumerable<Suppression> Suppressions(TreeSize below) =>
        Paged(PostgresRows.SelectSuppressions, new EntryIndex(0), below, PostgresRows.ReadSuppression);

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        if (Scalar("SELECT next - (SELECT coalesce(max(idx) + 1, 0) FROM aval.entries) FROM "
            + "aval.counter") is not 0 and var off)
            yield return $"the next index is off by {off} from the entries that are there";
    }

    /// <inheritdoc/>
    public IIntegration? TryIntegrate()
    {
        FileModes.MakeReadableFolder(Path.GetDirectoryName(_right)!);
        // The file's lock too: a process that was stopped for so long that the server gave its session up may still
        // write when it wakes, and on one machine this keeps the next one out until it is dead.
        if (FileLock.TryAcquire(_right) is not { } file)
            return null;
        NpgsqlConnection? session = null;
        try
        {
            return Guarded(() =>
            {
                session = _source.OpenConnection();
                using var command = Command(session, "SELECT pg_try_advisory_lock(@lock)", ("lock", IntegrationLock));
                if ((bool)command.ExecuteScalar()!)
                    return new Right(file, session, _where);
                session.Dispose();
                file.Dispose();
                return null;
            });
        }
        catch
        {
            session?.Dispose();
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    private static NpgsqlConnectionStringBuilder Connection(Workspace workspace, TimeSpan patience)
    {
        var text = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } overriding
            ? overriding
            : workspace.Settings.Store.Connection;
        if (text.Length == 0)
            throw AvalException.BadInput($"{Path.Combine(workspace.Root, Workspace.FileName)}: store is postgres, "
                + "but no connection is named. Nothing was done. Write, for example, connection: "
                + $"Host=localhost;Database=aval;Username=aval, or set {Variable}.");
        NpgsqlConnectionStringBuilder connection;
        try
        {
            connection = new NpgsqlConnectionStringBuilder(text);
        }
        catch (ArgumentException broken)
        {
            // Not what it says: that may quote a part of the password.
            throw AvalException.BadInput(
                $"The connection to PostgreSQL (aval.yaml, or {Variable}) is not written as KEY=VALUE;KEY=VALUE with "
                    + "Npgsql's keys, for example Host=localhost;Database=aval;Username=aval. Nothing was done.",
                broken);
        }

        connection.ApplicationName ??= "aval";
        connection.IncludeErrorDetail = false; // Details quote rows, and rows name persons.
        // A file of forty million choices is one transaction, and each of its statements may take as long as it takes.
        connection.CommandTimeout = 0;
        connection.TcpKeepAlive = true;
        connection.Options = string.Join(' ', connection.Options, string.Create(
            CultureInfo.InvariantCulture, $"-c lock_timeout={Math.Max(1, (long)patience.TotalMilliseconds)} -c "
                + $"statement_timeout=0 -c idle_in_transaction_session_timeout=0")).Trim();
        return connection;
    }

    private void Prepare(string origin) => Guarded(() =>
    {
        using var connection = _source.OpenConnection();
        RequireDurable(connection);
        if (!IsOurs(connection, origin) || !IsThisVersion(connection))
        {
            using var making = connection.BeginTransaction();
            // Two processes that come first at once: the second one finds what the first has made, however long that
            // takes a busy server.
            Run(connection, "SET LOCAL lock_timeout = '60s'");
            Run(connection, "SELECT pg_advisory_xact_lock(@lock)", ("lock", CreationLock));
            var ours = IsOurs(connection, origin);
            if (ours && !IsThisVersion(connection))
            {
                Run(connection, PostgresRows.From(VersionOf(connection)));
                Run(connection, "UPDATE aval.layout SET version = @version", ("version", PostgresRows.Version));
                making.Commit();
            }
            else if (!ours)
            {
                Run(connection, PostgresRows.Schema);
                Run(connection, "INSERT INTO aval.layout VALUES (1, @version, @origin)", ("version",
                    PostgresRows.Version), ("origin", origin));
                making.Commit();
            }
        }

        return true;
    });

    // What is acknowledged has to be on disk. These settings can be made by database, by user and by server, so they
    // are asked for, not assumed.
    private void RequireDurable(NpgsqlConnection connection)
    {
        foreach (var (setting, broken) in new[] { ("synchronous_commit", "off"), ("fsync", "off") })
        {
            using var command = Command(connection, "SELECT current_setting(@setting)", ("setting", setting));
            if ((string)command.ExecuteScalar()! == broken)
                throw AvalException.BadInput(
                    $"{_where}: {setting} is {broken}, so a choice that was acknowledged could be lost in a power cut. "
                    + "Nothing was done. Set it to on, for the server, the database and the user.");
        }

        using var encoding = Command(connection, "SELECT current_setting('server_encoding')");
        if ((string)encoding.ExecuteScalar()! is var found and not "UTF8")
            throw AvalException.BadInput($"{_where}: the database's encoding is {found}, and choices need UTF8. "
                + "Nothing was done. Make another one with: createdb --encoding=UTF8 --template=template0 NAME");
    }

    /// <summary>Whether the database holds our tables; <see langword="false"/> when it holds nothing of ours.</summary>
    private bool IsOurs(NpgsqlConnection connection, string origin)
    {
        if (!(bool)One(connection, "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'aval')"))
            return false;
        if (!(bool)One(
            connection,
            "SELECT EXISTS (SELECT FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace "
                + "WHERE nspname = 'aval' AND relname = 'layout')"))
            throw AvalException.BadInput($"{_where}: there is a schema aval, but Aval did not make it. "
                + "Nothing was done. Name another database.");
        var (version, owner) = Rows(
            connection, "SELECT version, origin FROM aval.layout", row => (row.GetInt32(0), row.GetString(1)))
            .Single();
        if (version is < PostgresRows.FirstVersion or > PostgresRows.Version)
            throw AvalException.BadInput($"{_where}: this Aval knows layout {PostgresRows.Version} of the choices, "
                + $"but the database has layout {version}. Nothing was done. Use the Aval that wrote it.");
        return owner == origin
            ? true
            : throw AvalException.BadInput(
                $"{_where}: the choices there are those of the ledger {owner}, and this workspace's ledger is "
                + $"{origin}. Nothing was done. Name another database; each workspace has its own.");
    }

    private bool IsThisVersion(NpgsqlConnection connection) => VersionOf(connection) == PostgresRows.Version;

    private int VersionOf(NpgsqlConnection connection) =>
        Rows(connection, "SELECT version FROM aval.layout", row => row.GetInt32(0)).Single();

    private T InTransaction<T>(Func<NpgsqlConnection, long, T> work) => InTransaction((connection, commit) =>
    {
        var first = (long)One(connection, PostgresRows.LockCounter);
        var answer = work(connection, first);
        var next = (long)One(connection, "SELECT coalesce(max(idx) + 1, 0) FROM aval.entries");
        if (next > first)
        {
            Run(connection, PostgresRows.MoveCounter, ("next", next), ("first", first));
            commit();
        }

        return answer;
    });

    private T InTransaction<T>(Func<NpgsqlConnection, Action, T> work)
    {
        var committing = false;
        try
        {
            using var connection = _source.OpenConnection();
            using var transaction = connection.BeginTransaction();
            return work(connection, () =>
            {
                committing = true;
                transaction.Commit();
            });
        }
        catch (NpgsqlException failed)
        {
            // The one moment at which a broken connection leaves it open which of the two it was.
            throw committing && failed is not PostgresException
                ? PostgresFailure.Of(
                    _where, failed,
                    "It is not known whether the server still committed: all of it was recorded, or nothing. "
                        + "See aval ledger status.")
                : PostgresFailure.Of(_where, failed);
        }
    }

    private static void Copy(NpgsqlConnection connection, NewEntry[] entries, long first)
    {
        if (entries.Length == 0)
            return;
        Copy(connection, PostgresRows.CopyEntries, entries.Index(), (copy, row) => PostgresRows.Write(
            copy, first + row.Index, row.Item.Entry));
        var choices = entries.Index().Where(row => row.Item.Choice is not null);
        if (choices.Any())
            Copy(connection, PostgresRows.CopyChoices, choices, (copy, row) => PostgresRows.Write(
                copy, first + row.Index, row.Item.Choice!));
        var acts = entries.Index().Where(row => row.Item.Act is not null);
        if (acts.Any())
            Copy(connection, PostgresRows.CopyActs, acts, (copy, row) => PostgresRows.Write(
                copy, first + row.Index, row.Item.Act!));
    }

    private static void Copy<T>(
        NpgsqlConnection connection, string sql, IEnumerable<T> rows, Action<NpgsqlBinaryImporter, T> write)
    {
        using var copy = connection.BeginBinaryImport(sql);
        copy.Timeout = TimeSpan.Zero;
        foreach (var row in rows)
            write(copy, row);
        copy.Complete();
    }

    // Page by page in one snapshot: memory stays flat, and who stops early has not to read the rest.
    private IEnumerable<T> Paged<T>(string sql, EntryIndex from, TreeSize below, Func<NpgsqlDataReader, T> read)
    {
        var connection = Guarded(_source.OpenConnection);
        using (connection)
        {
            using var snapshot = Guarded(() => connection.BeginTransaction(System.Data.IsolationLevel.RepeatableRead));
            var next = from.Value;
            while (true)
            {
                var page = Guarded(() => Rows(
                    connection, sql, row => (Index: row.GetInt64(0), Value: read(row)), ("from", next),
                    ("below", below.Value), ("page", Page)));
                foreach (var (_, value) in page)
                    yield return value;
                if (page.Count < Page)
                    yield break;
                next = page[^1].Index + 1;
            }
        }
    }

    private List<T> Rows<T>(
        NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read,
        params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = Command(connection, sql, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            try
            {
                rows.Add(read(reader));
            }
            catch (InvalidDataException broken)
            {
                throw AvalException.BadInput($"{_where}, entry {reader.GetInt64(0)}: {broken.Message}: the database is "
                    + "damaged. Nothing was done. Restore it from your backup.", broken);
            }
        }

        return rows;
    }

    private long Scalar(string sql) => Guarded(() =>
    {
        using var connection = _source.OpenConnection();
        return (long)One(connection, sql);
    });

    private static object One(NpgsqlConnection connection, string sql)
    {
        using var command = Command(connection, sql);
        return command.ExecuteScalar() ?? throw new InvalidOperationException($"The query answered no row: {sql}");
    }

    private static void Run(
        NpgsqlConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = Command(connection, sql, values);
        command.ExecuteNonQuery();
    }

    private static NpgsqlCommand Command(
        NpgsqlConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value);
        return command;
    }

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (NpgsqlException failed)
        {
            throw PostgresFailure.Of(_where, failed);
        }
    }

    /// <summary>A lock of the session, which the server takes back when the session ends.</summary>
    private sealed class Right(FileLock file, NpgsqlConnection session, string where) : IIntegration
    {
        // The lock is asked for, not only the connection: behind a pooler, the next statement may meet another session.
        private const string IsHeld = """
            SELECT EXISTS (SELECT FROM pg_locks
            WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid() AND database
                = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND ((classid::bigint << 32) | objid::bigint) = @lock)
            """;

        public void RequireHeld()
        {
            try
            {
                using var command = Command(session, IsHeld, ("lock", IntegrationLock));
                if ((bool)command.ExecuteScalar()!)
                    return;
            }
            catch (Exception lost) when (lost is NpgsqlException or InvalidOperationException)
            {
                // Said below: a session that is gone has lost the right.
            }

            throw AvalException.Busy($"{where}: the session that had the right to write the ledger is gone, "
                + "and another process may have it now. Nothing was published. Run the command again.");
        }

        public void Dispose()
        {
            try
            {
                // Said aloud, since a pooled session lives on.
                if (session.State == System.Data.ConnectionState.Open)
                    Run(session, "SELECT pg_advisory_unlock(@lock)", ("lock", IntegrationLock));
            }
            catch (NpgsqlException)
            {
                // The session is gone, and the lock with it.
            }

            session.Dispose();
            file.Dispose();
        }
    }
}
