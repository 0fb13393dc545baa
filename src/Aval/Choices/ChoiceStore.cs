using System.Globalization;
using Aval.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Aval.Choices;

/// <summary>
/// The choices of a workspace, in choices.db (SQLite; docs/formats/choices.md).
/// <para>
/// Durability: what <see cref="Record"/> or <see cref="RecordAll"/> returned is on disk and survives a kill or a power
/// cut; what did not return is not there at all. Indices: gapless from 0, over entries of whatever kind, in the order in
/// which transactions commit. Concurrency: one store is used by one thread at a time; any number of stores, in any
/// number of processes, may be open on a workspace. Readers never wait; a writer waits up to <see cref="Patience"/>
/// for another one. Repair: opening is all there is to it, after a kill as on any day.
/// </para>
/// </summary>
public sealed class ChoiceStore : IDisposable
{
    /// <summary>How long a writer waits for another one before it gives up.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly Lock Creation = new();
    private readonly SqliteConnection _connection;
    private readonly string _path;
    private readonly ChoiceRules _rules;

    private ChoiceStore(SqliteConnection connection, string path, ChoiceRules rules)
    {
        _connection = connection;
        _path = path;
        _rules = rules;
    }

    /// <summary>Opens the choices of a workspace; there are none in a new one.</summary>
    /// <exception cref="AvalException">Busy: another process does not let go. Bad input: the file is damaged, from a newer Aval, or cannot be written.</exception>
    public static ChoiceStore Open(Workspace workspace) => Open(workspace, Patience);

    /// <inheritdoc cref="Open(Workspace)"/>
    /// <param name="workspace">Whose choices.</param>
    /// <param name="patience">How long to wait for another writer, in whole seconds.</param>
    internal static ChoiceStore Open(Workspace workspace, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var path = workspace.Choices;
        return Guarded(path, () =>
        {
            CreateForOwner(path);
            var connection = new SqliteConnection(new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = SqliteOpenMode.ReadWrite,
                // A pooled handle would outlive the store and keep its write-ahead log from being folded in.
                Pooling = false,
                DefaultTimeout = (int)patience.TotalSeconds,
            }.ToString());
            try
            {
                connection.Open();
                Prepare(connection, path, patience);
                return new ChoiceStore(connection, path, new ChoiceRules(workspace.Settings));
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        });
    }

    /// <summary>How many entries there are, of whatever kind.</summary>
    public TreeSize Size => Guarded(_path, () => new TreeSize(Next()));

    /// <summary>Records choices in one transaction, in their order. On disk when it returns.</summary>
    /// <param name="choices">A few: the answer holds them all. <see cref="RecordAll"/> takes any number.</param>
    /// <param name="now">The clock's instant.</param>
    /// <exception cref="AvalException">Bad input: a choice breaks a rule. Busy: another process writes. Nothing was recorded.</exception>
    public IReadOnlyList<Recorded> Record(IEnumerable<Choice> choices, DateTimeOffset now)
    {
        var all = choices.ToArray();
        var range = RecordAll(all, now);
        return [.. all.Select((choice, at) => new Recorded(new EntryIndex(range.First.Value + at), choice))];
    }

    /// <summary>
    /// Records any number of choices in one transaction, in their order, and holds none of them. On disk when it
    /// returns; an exception that passes, the enumeration's own included, leaves nothing behind.
    /// </summary>
    /// <param name="choices">Enumerated once, while other writers wait: it should not dawdle.</param>
    /// <param name="now">The clock's instant.</param>
    /// <exception cref="AvalException">Bad input: a choice breaks a rule. Busy: another process writes. Nothing was recorded.</exception>
    public EntryRange RecordAll(IEnumerable<Choice> choices, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(choices);
        return Guarded(_path, () =>
        {
            // Not deferred: the counter must not be read before the right to write is ours, or two writers take one index.
            using var transaction = _connection.BeginTransaction(deferred: false);
            var first = Next();
            var next = first;
            using (var insert = new ChoiceInsert(_connection, transaction))
            {
                foreach (var choice in choices)
                {
                    _rules.Require(choice, now);
                    insert.Add(new EntryIndex(next++), choice);
                }
            }

            if (next > first)
            {
                Execute(ChoiceRows.InsertByAccount, ("$first", first));
                Execute("UPDATE counter SET next = $next", ("$next", next));
                transaction.Commit();
            }

            return new EntryRange(new EntryIndex(first), next - first);
        });
    }

    /// <summary>The choices with an index below <paramref name="below"/>, in order of index, read as they are asked for.</summary>
    /// <exception cref="AvalException">Bad input: the file is damaged.</exception>
    public IEnumerable<Recorded> Read(TreeSize below)
    {
        using var rows = Statement(ChoiceRows.SelectBelow);
        BindBelow(rows, below);
        var services = new ChoiceRows.ServiceNames();
        while (Step(rows))
            yield return Row(rows, services);
    }

    /// <summary>The choices made on these accounts with an index below <paramref name="below"/>, in order of index. Links are not followed.</summary>
    /// <exception cref="AvalException">Bad input: the file is damaged.</exception>
    public IEnumerable<Recorded> OfAccounts(IReadOnlyCollection<Account> accounts, TreeSize below)
    {
        ArgumentNullException.ThrowIfNull(accounts);
        var found = new List<Recorded>();
        var services = new ChoiceRows.ServiceNames();
        using var rows = Statement(ChoiceRows.SelectOfAccount);
        BindBelow(rows, below);
        foreach (var account in accounts.Distinct())
        {
            raw.sqlite3_bind_text(rows, raw.sqlite3_bind_parameter_index(rows, "$account"), account.ToString());
            while (Step(rows))
                found.Add(Row(rows, services));
            raw.sqlite3_reset(rows);
        }

        return found.OrderBy(recorded => recorded.Index.Value);
    }

    /// <summary>What a commit waits for, as SQLite has it: journal, <c>synchronous</c> (2 = FULL), pages of log before it is moved into the file.</summary>
    internal (string Journal, long Synchronous, long Checkpoint) Durability
    {
        get
        {
            using var journal = _connection.CreateCommand();
            journal.CommandText = "PRAGMA journal_mode";
            return ((string)journal.ExecuteScalar()!, Scalar(_connection, "PRAGMA synchronous"), Scalar(_connection, "PRAGMA wal_autocheckpoint"));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private static void Prepare(SqliteConnection connection, string path, TimeSpan patience)
    {
        Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {(long)patience.TotalMilliseconds}"));
        bool ours;
        // Before anything is changed, for the file may be somebody else's; and in a transaction, so that another process
        // that makes the tables meanwhile is seen before or after, never in between.
        using (connection.BeginTransaction(deferred: true))
            ours = IsOurs(connection, path);
        // FULL: a commit waits for the disk. 65,536 pages: with fewer, moving the log into the file takes longer than
        // writing it. The cache (KiB, negative by SQLite's convention) is what sorting a bulk file's accounts may use.
        Execute(connection, """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA wal_autocheckpoint = 65536;
            PRAGMA journal_size_limit = 268435456;
            PRAGMA cache_size = -65536;
            """);
        if (ours)
            return;
        using var making = connection.BeginTransaction(deferred: false);
        if (IsOurs(connection, path))
            return;
        Execute(connection, string.Create(CultureInfo.InvariantCulture, $"""
            {ChoiceRows.Schema}
            PRAGMA application_id = {ChoiceRows.ApplicationId};
            PRAGMA user_version = {ChoiceRows.Version};
            """));
        making.Commit();
    }

    /// <summary>Whether the file holds our tables; <see langword="false"/> when it holds nothing.</summary>
    private static bool IsOurs(SqliteConnection connection, string path)
    {
        var application = Scalar(connection, "PRAGMA application_id");
        var version = Scalar(connection, "PRAGMA user_version");
        return (application, version) switch
        {
            (ChoiceRows.ApplicationId, ChoiceRows.Version) => true,
            (ChoiceRows.ApplicationId, > ChoiceRows.Version) => throw AvalException.BadInput($"{path}: this Aval knows layout {ChoiceRows.Version} of the choices, but the file has layout {version}. Nothing was done. Use the newer Aval that wrote it."),
            (0, 0) when Scalar(connection, "SELECT count(*) FROM sqlite_schema") == 0 => false,
            _ => throw AvalException.BadInput($"{path}: this is a database, but not one of Aval's. Nothing was done. Move it away, or restore choices.db from your backup."),
        };
    }

    // Choices are personal data: the file is made readable by its owner alone, and SQLite gives its log the same mode.
    // One thread at a time: closing any handle onto a file drops all locks that this process has on it (POSIX), and
    // another thread's may be SQLite's. So a file that is there is not touched.
    private static void CreateForOwner(string path)
    {
        lock (Creation)
        {
            if (File.Exists(path))
                return;
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = Durable.Private;
            using (new FileStream(path, options))
            {
            }
        }

        Durable.FlushDirectory(Path.GetDirectoryName(path)!);
    }

    private long Next() => Scalar(_connection, "SELECT next FROM counter");

    private sqlite3_stmt Statement(string sql)
    {
        if (raw.sqlite3_prepare_v2(_connection.Handle, sql, out var statement) != raw.SQLITE_OK)
            throw Failure(_path, raw.sqlite3_errcode(_connection.Handle), raw.sqlite3_errmsg(_connection.Handle).utf8_to_string(), inner: null);
        return statement;
    }

    private static void BindBelow(sqlite3_stmt rows, TreeSize below) =>
        raw.sqlite3_bind_int64(rows, raw.sqlite3_bind_parameter_index(rows, "$below"), below.Value);

    private bool Step(sqlite3_stmt rows) => raw.sqlite3_step(rows) switch
    {
        raw.SQLITE_ROW => true,
        raw.SQLITE_DONE => false,
        var error => throw Failure(_path, error, raw.sqlite3_errmsg(_connection.Handle).utf8_to_string(), inner: null),
    };

    private Recorded Row(sqlite3_stmt rows, ChoiceRows.ServiceNames services)
    {
        try
        {
            return ChoiceRows.Read(rows, services);
        }
        catch (InvalidDataException broken)
        {
            throw AvalException.BadInput($"{_path}, entry {raw.sqlite3_column_int64(rows, 0)}: {broken.Message}: the file is damaged. Nothing was done. Restore it from your backup.", broken);
        }
    }

    private void Execute(string sql, params ReadOnlySpan<(string Name, object Value)> values) => Execute(_connection, sql, values);

    private static void Execute(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static T Guarded<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException failed)
        {
            throw Failure(path, failed.SqliteErrorCode, failed.Message, failed);
        }
    }

    private static AvalException Failure(string path, int code, string message, Exception? inner) => (code & 0xFF) switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => AvalException.Busy($"{path}: another process is recording choices and did not finish in time. Nothing was recorded. Wait for it and run the command again."),
        raw.SQLITE_FULL => AvalException.BadInput($"{path}: the disk is full. Nothing was recorded. Make room and run the command again.", inner),
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => AvalException.BadInput($"{path}: the file is damaged ({message}). Nothing was recorded. Restore it from your backup.", inner),
        raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM => AvalException.BadInput($"{path}: the file or its directory cannot be written ({message}). Nothing was recorded. Correct its permissions and run the command again.", inner),
        raw.SQLITE_IOERR => AvalException.BadInput($"{path}: the disk failed ({message}). Nothing was recorded. See to the disk and run the command again.", inner),
        _ => throw inner ?? new InvalidOperationException($"{path}: SQLite answered {code}: {message}"),
    };
}
