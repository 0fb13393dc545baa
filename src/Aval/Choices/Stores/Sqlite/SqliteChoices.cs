using System.Globalization;
using Aval.Ledger;
using Aval.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Aval.Choices.Stores.Sqlite;

/// <summary>
/// The choices of a workspace, in choices.db (SQLite; docs/formats/choices.md). What it promises is said by
/// <see cref="IChoiceStore"/>. One process writes at a time: a writer waits for another one, up to its patience.
/// </summary>
internal sealed partial class SqliteChoices : IChoiceStore
{
    private static readonly Lock Creation = new();
    private readonly SqliteConnection _connection;
    private readonly string _path;
    private readonly string _right;
    private readonly bool _readOnly;

    private SqliteChoices(SqliteConnection connection, string path, string right, bool readOnly) =>
        (_connection, _path, _right, _readOnly) = (connection, path, right, readOnly);

    /// <summary>Opens the choices of a workspace; there are none in a new one. Where they cannot be written, a copy of
    /// them is read, and what would write is refused.</summary>
    /// <param name="workspace">Whose choices.</param>
    /// <param name="patience">How long to wait for another writer, in whole seconds.</param>
    /// <exception cref="AvalException">Busy: another process does not let go. Bad input: the file is damaged, from a
    /// newer Aval, or cannot be written.</exception>
    public static SqliteChoices Open(Workspace workspace, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var path = workspace.Choices;
        return Guarded(path, () =>
        {
            RequireThere(workspace);
            using var copy = ReadableCopy.IsNeeded(path) ? ReadableCopy.Of(path, patience) : null;
            var file = copy?.Path ?? path;
            CreateForOwner(file);
            var connection = new SqliteConnection(new SqliteConnectionStringBuilder
            {
                DataSource = file,
                Mode = SqliteOpenMode.ReadWrite,
                // A pooled handle would outlive the store and keep its write-ahead log from being folded in.
                Pooling = false,
                DefaultTimeout = (int)patience.TotalSeconds,
            }.ToString());
            return Ownership.Hand(connection, () =>
            {
                connection.Open();
                Prepare(connection, path, patience);
                var right = Path.Combine(workspace.Ledger, ".integrate.lock");
                // The copy's names go now, so that a kill leaves nobody's choices behind; its bytes go with the handle.
                return new SqliteChoices(connection, path, right, readOnly: copy is not null);
            });
        });
    }

    /// <inheritdoc/>
    public string Where => _path;

    /// <inheritdoc/>
    public TreeSize Size => Guarded(_path, () => new TreeSize(Next()));

    /// <inheritdoc/>
    public TreeSize ChoicesSize =>
        Guarded(_path, () => new TreeSize(Scalar(_connection, ChoiceRows.SelectChoicesSize)));

    /// <inheritdoc/>
    public DateTimeOffset? LatestReceived => Guarded(_path, () =>
        Scalar(_connection, "SELECT coalesce(latest, -1) FROM counter") is >= 0 and var latest
            ? Instant.FromMicroseconds(latest)
            : (DateTimeOffset?)null);

    /// <inheritdoc/>
    public EntryRange Append(IEnumerable<NewEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        RequireWritable();
        return Guarded(_path, () =>
        {
            // Not deferred: the counter must not be read before the right to write is ours, or two writers take one
            // index.
            using var transaction = _connection.BeginTransaction(deferred: false);
            var first = Next();
            var next = first;
            using (var insert = new ChoiceInsert(_connection, Failure))
            {
                foreach (var entry in entries)
                    insert.Add(new EntryIndex(next++), entry);
            }

            Commit(transaction, first, next);
            return new EntryRange(new EntryIndex(first), next - first);
        });
    }

    /// <inheritdoc/>
    public IReadOnlyList<AppendedParcel> AppendParcels(IReadOnlyList<Parcel> parcels, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(parcels);
        RequireWritable();
        return Guarded(_path, () =>
        {
            using var transaction = _connection.BeginTransaction(deferred: false);
            var first = Next();
            var next = first;
            var appended = new List<AppendedParcel>(parcels.Count);
            using var insert = new ChoiceInsert(_connection, Failure);
            using var keys = new ParcelKeyRows(_connection, Failure);
            foreach (var parcel in parcels)
            {
                if (parcel.Key is { } brought && keys.Find(brought) is { } before)
                {
                    appended.Add(before);
                    continue;
                }

                if (parcel.Entries.Count == 0)
                {
                    appended.Add(new AppendedParcel(ParcelOutcome.NotThere, default));
                    continue;
                }

                var entries = new EntryRange(new EntryIndex(next), parcel.Entries.Count);
                foreach (var entry in parcel.Entries)
                    insert.Add(new EntryIndex(next++), entry);
                if (parcel.Key is { } key)
                    keys.Add(key, entries, now);
                appended.Add(new AppendedParcel(ParcelOutcome.Recorded, entries));
            }

            if (keys.Added > 0)
                Execute(
                    ChoiceRows.DeleteOldParcelKeys, ("$most", 16 + (2 * keys.Added)),
                    ("$before", (now - ParcelKeys.Life).ToMicroseconds()));
            Commit(transaction, first, next);
            return appended;
        });
    }

    /// <inheritdoc/>
    public IEnumerable<LedgerEntry> Entries(EntryIndex from, TreeSize below)
    {
        using var rows = Statement(ChoiceRows.SelectEntries);
        raw.sqlite3_bind_int64(rows, raw.sqlite3_bind_parameter_index(rows, "$from"), from.Value);
        BindBelow(rows, below);
        while (Step(rows))
            yield return new LedgerEntry((EntryKind)raw.sqlite3_column_int(rows, 0), Digest(rows, 1));
    }

    /// <inheritdoc/>
    public IEnumerable<Recorded> Read(EntryIndex from, TreeSize below)
    {
        using var rows = Statement(ChoiceRows.SelectBelow);
        raw.sqlite3_bind_int64(rows, raw.sqlite3_bind_parameter_index(rows, "$from"), from.Value);
        BindBelow(rows, below);
        var services = new ChoiceRows.ServiceNames();
        while (Step(rows))
            yield return Row(rows, services);
    }

    /// <inheritdoc/>
    public IEnumerable<(EntryIndex Index, SealedChoice Choice)> ReadSealed(TreeSize below)
    {
        using var rows = Statement(ChoiceRows.SelectSealedBelow);
        BindBelow(rows, below);
        var services = new ChoiceRows.ServiceNames();
        while (Step(rows))
        {
            var recorded = Row(rows, services);
            yield return (recorded.Index, new SealedChoice(recorded.Choice, Opening(rows)));
        }
    }

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    public IReadOnlyList<EntryIndex> IndicesOfAccounts(IReadOnlyCollection<Account> accounts, TreeSize below)
    {
        ArgumentNullException.ThrowIfNull(accounts);
        var found = new List<long>();
        using var moment = OneMoment();
        using var rows = Statement(ChoiceRows.SelectIndicesOfAccount);
        BindBelow(rows, below);
        var account = raw.sqlite3_bind_parameter_index(rows, "$account");
        // In the order of the index, so that each of its pages is read once.
        foreach (var text in accounts.Select(one => one.ToString()).Distinct().Order(StringComparer.Ordinal))
        {
            raw.sqlite3_bind_text(rows, account, text);
            while (Step(rows))
                found.Add(raw.sqlite3_column_int64(rows, 0));
            raw.sqlite3_reset(rows);
        }

        found.Sort();
        return [.. found.Select(index => new EntryIndex(index))];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Account> NotInLowerCase(IReadOnlyCollection<string> services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var (found, names) = (new List<Account>(), new ChoiceRows.ServiceNames());
        using var rows = Statement(ChoiceRows.SelectNotInLowerCase);
        foreach (var service in services.Distinct())
        {
            // ';' is the letter behind ':'.
            raw.sqlite3_bind_text(rows, raw.sqlite3_bind_parameter_index(rows, "$from"), $"{service}:");
            raw.sqlite3_bind_text(rows, raw.sqlite3_bind_parameter_index(rows, "$to"), $"{service};");
            while (Step(rows))
                found.Add(names.Account(raw.sqlite3_column_blob(rows, 0)));
            raw.sqlite3_reset(rows);
        }

        return found;
    }

    /// <inheritdoc/>
    public IReadOnlyList<EntryIndex> Changing(DateTimeOffset after, DateTimeOffset until, TreeSize below, int most)
    {
        var found = new List<EntryIndex>();
        using var rows = Statement(ChoiceRows.SelectChanging);
        BindBelow(rows, below);
        void Bind(string name, long value) =>
            raw.sqlite3_bind_int64(rows, raw.sqlite3_bind_parameter_index(rows, name), value);
        Bind("$after", after.ToMicroseconds());
        Bind("$until", until.ToMicroseconds());
        Bind("$removal", ChoiceCodes.Of(ChoiceKind.Removal));
        Bind("$most", most);
        while (Step(rows))
            found.Add(new EntryIndex(raw.sqlite3_column_int64(rows, 0)));
        return found;
    }

    /// <inheritdoc/>
    public SealedChoice? Opened(EntryIndex index)
    {
        using var rows = Statement(ChoiceRows.SelectOpened);
        raw.sqlite3_bind_int64(rows, raw.sqlite3_bind_parameter_index(rows, "$idx"), index.Value);
        return Step(rows) ? new SealedChoice(Row(rows, new ChoiceRows.ServiceNames()).Choice, Opening(rows)) : null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<(EntryIndex Index, SealedChoice Choice)> Opened(IReadOnlyList<EntryIndex> indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        var found = new List<(EntryIndex, SealedChoice)>(indices.Count);
        var services = new ChoiceRows.ServiceNames();
        using var moment = OneMoment();
        using var rows = Statement(ChoiceRows.SelectOpened);
        var at = raw.sqlite3_bind_parameter_index(rows, "$idx");
        foreach (var index in indices)
        {
            raw.sqlite3_bind_int64(rows, at, index.Value);
            if (Step(rows))
                found.Add((index, new SealedChoice(Row(rows, services).Choice, Opening(rows))));
            raw.sqlite3_reset(rows);
        }

        return found;
    }

    /// <inheritdoc/>
    public EntryIndex? Find(LedgerEntry entry)
    {
        using var rows = Statement(ChoiceRows.SelectEntry);
        raw.sqlite3_bind_int(rows, raw.sqlite3_bind_parameter_index(rows, "$kind"), (int)entry.Kind);
        var digest = entry.Digest;
        raw.sqlite3_bind_blob(rows, raw.sqlite3_bind_parameter_index(rows, "$digest"), digest);
        return Step(rows) ? new EntryIndex(raw.sqlite3_column_int64(rows, 0)) : null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<(EntryIndex Index, Hash Digest)> OfKind(EntryKind kind)
    {
        using var rows = Statement(ChoiceRows.SelectOfKind);
        raw.sqlite3_bind_int(rows, raw.sqlite3_bind_parameter_index(rows, "$kind"), (int)kind);
        var found = new List<(EntryIndex, Hash)>();
        while (Step(rows))
            found.Add((new EntryIndex(raw.sqlite3_column_int64(rows, 0)), Digest(rows, 1)));
        return found;
    }

    /// <inheritdoc/>
    public EntryRange Forget(IReadOnlyList<Forgetting> choices, TreeSize decidedAt)
    {
        ArgumentNullException.ThrowIfNull(choices);
        RequireWritable();
        var entries = Guarded(_path, () =>
        {
            using var transaction = _connection.BeginTransaction(deferred: false);
            if (Scalar(_connection, ChoiceRows.SelectForgettingSince, ("$since", decidedAt.Value)) > 0)
                throw StoreRefusals.Overtaken(_path);
            var first = Next();
            var next = first;
            using (var insert = new ChoiceInsert(_connection, Failure))
            {
                foreach (var forgetting in choices)
                {
                    Delete(forgetting);
                    insert.Add(new EntryIndex(next++), new NewEntry(forgetting.Entry, null));
                }
            }

            if (next > first)
            {
                Execute("UPDATE counter SET next = $next, unfinished = 1", ("$next", next));
                transaction.Commit();
            }

            return new EntryRange(new EntryIndex(first), next - first);
        });
        Finish(entries);
        return entries;
    }

    /// <inheritdoc/>
    public IEnumerable<Suppression> Suppressions(TreeSize below) => Suppressions(ChoiceRows.SelectSuppressions, below);

    private IEnumerable<Suppression> Suppressions(string sql, TreeSize below)
    {
        using var rows = Statement(sql);
        BindBelow(rows, below);
        while (Step(rows))
            yield return Undamaged(rows, ChoiceRows.ReadSuppression);
    }

    /// <inheritdoc/>
    public IEnumerable<string> Faults() => Guarded(_path, () => FindFaults().ToList());

    /// <inheritdoc/>
    public IIntegration? TryIntegrate()
    {
        RequireWritable();
        FileModes.MakeReadableFolder(Path.GetDirectoryName(_right)!);
        return FileLock.TryAcquire(_right) is { } held ? new Right(held) : null;
    }

    /// <summary>
    /// What a commit waits for, as SQLite has it: journal, <c>synchronous</c> (2 = FULL), pages of log before it is
    /// moved into the file.
    /// </summary>
    internal (string Journal, long Synchronous, long Checkpoint) Durability
    {
        get
        {
            using var journal = _connection.CreateCommand();
            journal.CommandText = "PRAGMA journal_mode";
            return ((string)journal.ExecuteScalar()!, Scalar(_connection, "PRAGMA synchronous"),
                Scalar(_connection, "PRAGMA wal_autocheckpoint"));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private IEnumerable<string> FindFaults()
    {
        if (Scalar(_connection, ChoiceRows.SelectCounterOff) is not 0 and var off)
            yield return $"the next index is off by {off} from the entries that are there";
        if (Scalar(_connection, ChoiceRows.SelectByAccountOff) is > 0 and var lost)
            yield return $"the list of choices by account differs from the choices in {lost} rows, so forgetting and "
                + "receipts by account may miss some";
        using var check = _connection.CreateCommand();
        check.CommandText = "PRAGMA integrity_check(10)";
        using var rows = check.ExecuteReader();
        while (rows.Read())
        {
            if (rows.GetString(0) is not "ok" and var fault)
                yield return $"the file is damaged ({fault})";
        }
    }

    private static void Prepare(SqliteConnection connection, string path, TimeSpan patience)
    {
        Execute(
            connection,
            string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {(long)patience.TotalMilliseconds}"));
        bool ours;
        // Before anything is changed, for the file may be somebody else's; and in a transaction, so that another
        // process that makes the tables meanwhile is seen before or after, never in between.
        using (connection.BeginTransaction(deferred: true))
            ours = IsOurs(connection, path);
        // FULL: a commit waits for the disk. 65,536 pages: with fewer, moving the log into the file takes longer than
        // writing it. The cache (KiB, negative by SQLite's convention) is what sorting a bulk file's accounts may use.
        // secure_delete: what is deleted is overwritten with zeros.
        Execute(connection, """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA wal_autocheckpoint = 65536;
            PRAGMA journal_size_limit = 268435456;
            PRAGMA cache_size = -65536;
            PRAGMA secure_delete = ON;
            """);
        if (ours && IsThisVersion(connection))
            return;
        using var making = connection.BeginTransaction(deferred: false);
        if (IsOurs(connection, path))
        {
            if (!IsThisVersion(connection))
                Execute(connection, string.Create(CultureInfo.InvariantCulture, $"""
                    {ChoiceRows.From(Scalar(connection, "PRAGMA user_version"))}
                    PRAGMA user_version = {ChoiceRows.Version};
                    """));
            making.Commit();
            return;
        }

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
            (ChoiceRows.ApplicationId, >= ChoiceRows.FirstVersion and <= ChoiceRows.Version) => true,
            (ChoiceRows.ApplicationId, > ChoiceRows.Version) => throw AvalException.BadInput(
                $"{path}: this Aval knows layout {ChoiceRows.Version} of the choices, but the file has layout "
                + $"{version}. Nothing was done. Use the newer Aval that wrote it."),
            (ChoiceRows.ApplicationId, < ChoiceRows.Version) => throw AvalException.BadInput(
                $"{path}: the file has layout {version} of the choices, of an older Aval; this one knows layout "
                + $"{ChoiceRows.Version}. Nothing was done. Read it with the Aval that wrote it, or record the choices "
                + "anew in a new workspace."),
            (0, 0) when Scalar(connection, "SELECT count(*) FROM sqlite_schema") == 0 => false,
            _ => throw AvalException.BadInput($"{path}: this is a database, but not one of Aval's. Nothing was done. "
                + "Move it away, or restore choices.db from your backup."),
        };
    }

    private static bool IsThisVersion(SqliteConnection connection) =>
        Scalar(connection, "PRAGMA user_version") == ChoiceRows.Version;

    // A new store beside a ledger that has entries would be one in which nobody has said anything.
    private static void RequireThere(Workspace workspace)
    {
        if (!File.Exists(workspace.Choices) && Directory.Exists(Path.Combine(workspace.Ledger, "tile")))
            throw AvalException.BadInput($"{workspace.Choices}: the store of choices is missing, and the ledger has "
                + "entries of it: without it nobody's choice would count. Nothing was done. Restore it from your "
                + "backup (docs/operations.md, \"Restore\").");
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
            var options = new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite | FileShare.Delete,
            };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = Durable.Private;
            using (new FileStream(path, options))
            {
            }
        }

        Durable.FlushDirectory(Path.GetDirectoryName(path)!);
    }

    // The system takes the lock away when the process dies, and never before.
    private sealed class Right(FileLock held) : IIntegration
    {
        public void RequireHeld()
        {
        }

        public void Dispose() => held.Dispose();
    }

    private void RequireWritable()
    {
        if (_readOnly)
            throw AvalException.BadInput($"{_path}: the workspace is read-only here (this file or its folder cannot be "
                + "written), so nothing is recorded, forgotten or published. Nothing was done. Run the command where "
                + "the workspace can be written.");
    }

    private Hash Digest(sqlite3_stmt rows, int column)
    {
        var bytes = raw.sqlite3_column_blob(rows, column);
        return bytes.Length == Hash.Size
            ? Hash.From(bytes)
            : throw AvalException.BadInput($"{_path}: an entry's digest has {bytes.Length} bytes, not {Hash.Size}: "
                + "the file is damaged. Nothing was done. Restore it from your backup.");
    }

    private Opening Opening(sqlite3_stmt row)
    {
        var bytes = raw.sqlite3_column_blob(row, 13);
        return bytes.Length == Proofs.Opening.Size
            ? new Opening(bytes.ToArray())
            : throw AvalException.BadInput($"{_path}, entry {raw.sqlite3_column_int64(row, 0)}: its opening "
                + $"has {bytes.Length} bytes, not {Proofs.Opening.Size}: the file is damaged. Nothing was done. "
                + "Restore it from your backup.");
    }

    private void Commit(SqliteTransaction transaction, long first, long next)
    {
        if (next == first)
            return;
        Execute(ChoiceRows.InsertByAccount, ("$first", first));
        Execute(ChoiceRows.Move, ("$next", next), ("$first", first));
        transaction.Commit();
    }

    private void Delete(Forgetting forgetting)
    {
        using var account = _connection.CreateCommand();
        account.CommandText = "DELETE FROM choices WHERE idx = $idx RETURNING account";
        account.Parameters.AddWithValue("$idx", forgetting.Choice.Value);
        // Read to its end, and not for its first row alone: only then has SQLite deleted.
        string? name = null;
        using (var reader = account.ExecuteReader())
        {
            while (reader.Read())
                name = reader.GetString(0);
        }

        if (name is null)
            throw StoreRefusals.Missing(forgetting.Choice);
        Execute(
            "DELETE FROM choices_by_account WHERE account = $account AND idx = $idx", ("$account", name),
            ("$idx", forgetting.Choice.Value));
        Execute(ChoiceRows.ForgetParcelKey, ("$idx", forgetting.Choice.Value), ("$most", ParcelKeys.MostChoices));
        var instead = forgetting.Instead;
        Execute(
            ChoiceRows.InsertSuppression,
            ("$idx", instead.Index.Value), ("$kind", ChoiceCodes.Of(instead.Kind)), ("$account", instead.Account),
            ("$purpose", ChoiceCodes.Of(instead.Purpose)),
            ("$scope", instead.Scope), ("$made_at", instead.MadeAt.ToMicroseconds()),
            ("$received_at", instead.ReceivedAt.ToMicroseconds()),
            ("$until", instead.Until is { } until ? until.ToMicroseconds() : DBNull.Value));
    }

    // secure_delete overwrites what is deleted, but not the copies that stay behind in a page when its rows move to
    // another one (one of 36,000 names and openings in the test that looks for them). Nobody knows which, and a
    // forgotten one is to be gone: so the file is written anew.
    private void Finish(EntryRange entries)
    {
        if (Scalar(_connection, "SELECT unfinished FROM counter") == 0)
            return;
        try
        {
            Execute("VACUUM");
            using (var truncate = _connection.CreateCommand())
            {
                truncate.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
                using var answer = truncate.ExecuteReader();
                if (!answer.Read() || answer.GetInt64(0) != 0)
                    throw StillThere(entries, "another process reads the choices as they were", null);
            }

            Execute("UPDATE counter SET unfinished = 0");
        }
        catch (SqliteException failed)
        {
            throw StillThere(entries, failed.Message, failed);
        }
    }

    private AvalException StillThere(EntryRange entries, string why, Exception? inner) => new(
        ExitCode.Busy,
        $"{_path}: "
            + (entries.Count == 0
                ? "Nothing more was forgotten"
                : $"{entries.Count} choices were forgotten (entries {entries.First} to {entries.Last})")
            + $", but their bytes are still in the file or its log: {why}. Run: aval forget --expired, when nobody "
            + "records or builds; it writes the file anew.",
        inner);

    private AvalException Failure(int code) =>
        Failure(_path, code, raw.sqlite3_errmsg(_connection.Handle).utf8_to_string(), inner: null);

    private long Next() => Scalar(_connection, "SELECT next FROM counter");

    private sqlite3_stmt Statement(string sql)
    {
        if (raw.sqlite3_prepare_v2(_connection.Handle, sql, out var statement) != raw.SQLITE_OK)
            throw Failure(
                _path, raw.sqlite3_errcode(_connection.Handle), raw.sqlite3_errmsg(_connection.Handle).utf8_to_string(),
                inner: null);
        return statement;
    }

    // Very many questions at once are asked of one moment: else the file is locked and let go for each.
    private SqliteTransaction? OneMoment() =>
        raw.sqlite3_get_autocommit(_connection.Handle) != 0 ? _connection.BeginTransaction(deferred: true) : null;

    private static void BindBelow(sqlite3_stmt rows, TreeSize below) =>
        raw.sqlite3_bind_int64(rows, raw.sqlite3_bind_parameter_index(rows, "$below"), below.Value);

    private bool Step(sqlite3_stmt rows) => raw.sqlite3_step(rows) switch
    {
        raw.SQLITE_ROW => true,
        raw.SQLITE_DONE => false,
        var error => throw Failure(_path, error, raw.sqlite3_errmsg(_connection.Handle).utf8_to_string(), inner: null),
    };

    private Recorded Row(sqlite3_stmt rows, ChoiceRows.ServiceNames services) =>
        Undamaged(rows, row => ChoiceRows.Read(row, services));

    private T Undamaged<T>(sqlite3_stmt rows, Func<sqlite3_stmt, T> read)
    {
        try
        {
            return read(rows);
        }
        catch (Exception broken) when (broken is InvalidDataException or ArgumentException or OverflowException)
        {
            throw AvalException.BadInput($"{_path}, entry {raw.sqlite3_column_int64(rows, 0)}: {broken.Message}: "
                + "the file is damaged. Nothing was done. Restore it from your backup.", broken);
        }
    }

    private void Execute(string sql, params ReadOnlySpan<(string Name, object Value)> values) =>
        Execute(_connection, sql, values);

    private static void Execute(
        SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }

    private static long Scalar(
        SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value);
        return command.ExecuteScalar() is long answer
            ? answer
            : throw new SqliteException("a row that is always there is gone", raw.SQLITE_CORRUPT);
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

    private static AvalException Failure(string path, int code, string message, Exception? inner) =>
        (code & 0xFF) switch
        {
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => AvalException.Busy($"{path}: another process is recording choices "
                + "and did not finish in time. Nothing was recorded. Wait for it and run the command again."),
            raw.SQLITE_FULL => AvalException.BadInput(
                $"{path}: the disk is full. Nothing was recorded. Make room and run the command again.", inner),
            // A table or column that is not there, too: the layout was checked when the file was opened. And a row that
            // is there already: indices are given out once.
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_ERROR or raw.SQLITE_FORMAT or raw.SQLITE_SCHEMA
                or raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH =>
                AvalException.BadInput($"{path}: the file is damaged ({message}), or the {Path.GetFileName(path)}-wal "
                    + "beside it is not its own. Nothing was recorded. Restore it from your backup, with no -wal and "
                    + "no -shm beside it: see \"Restore\" in docs/operations.md.", inner),
            raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM => AvalException.BadInput(
                $"{path}: the file or its directory cannot be written ({message}). Nothing was recorded. "
                    + "Correct its permissions and run the command again.",
                inner),
            raw.SQLITE_IOERR => AvalException.BadInput($"{path}: the disk failed ({message}). Nothing was recorded. "
                + "See to the disk and run the command again.", inner),
            _ => throw inner ?? new InvalidOperationException($"{path}: SQLite answered {code}: {message}"),
        };
}
