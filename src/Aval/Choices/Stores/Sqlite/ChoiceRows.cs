using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Aval.Choices.Stores.Sqlite;

/// <summary>
/// How choices lie in choices.db (docs/formats/choices.md). Kinds, purposes and actors are small numbers that never
/// change their meaning; instants are microseconds since 1970 UTC; a null scope is <c>everything</c>.
/// </summary>
internal static class ChoiceRows
{
    /// <summary>"AVAL": a file that says otherwise is somebody else's.</summary>
    public const int ApplicationId = 0x4156414C;

    /// <summary>The layout below.</summary>
    public const int Version = 7;

    /// <summary>The earliest that is brought to it.</summary>
    public const int FirstVersion = 5;

    // entries is what the ledger publishes, of every kind, and outlives a choice that is forgotten.
    // One counter row gives indices to entries of whatever kind. choices_by_account is an index in all but name: a real
    // one would take every row of a bulk file at a random place, and with forty million of them write each of its pages
    // hundreds of times; this one is filled in order, once a transaction.
    public const string Schema = """
        CREATE TABLE counter (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            next INTEGER NOT NULL CHECK (next >= 0),
            unfinished INTEGER NOT NULL, -- 1: what was forgotten may still lie in the free space of this file
            latest INTEGER -- received_at of the choice that was received last, also where it was forgotten
        ) STRICT;
        INSERT INTO counter VALUES (1, 0, 0, NULL);
        CREATE TABLE entries (
            idx INTEGER PRIMARY KEY,
            kind INTEGER NOT NULL,
            digest BLOB NOT NULL
        ) STRICT;
        CREATE INDEX other_entries ON entries (kind, digest) WHERE kind <> 1;
        CREATE TABLE choices (
            idx INTEGER PRIMARY KEY,
            kind INTEGER NOT NULL,
            account TEXT NOT NULL,
            purpose INTEGER NOT NULL,
            scope TEXT,
            made_at INTEGER NOT NULL,
            received_at INTEGER NOT NULL,
            until INTEGER,
            actor INTEGER NOT NULL,
            channel TEXT,
            evidence BLOB,
            notice TEXT,
            opening BLOB NOT NULL,
            association TEXT
        ) STRICT;
        CREATE TABLE choices_by_account (
            account TEXT NOT NULL,
            idx INTEGER NOT NULL,
            PRIMARY KEY (account, idx)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE suppressions (
            idx INTEGER PRIMARY KEY,
            kind INTEGER NOT NULL,
            account TEXT NOT NULL,
            purpose INTEGER NOT NULL,
            scope TEXT NOT NULL,
            made_at INTEGER NOT NULL,
            received_at INTEGER NOT NULL,
            until INTEGER
        ) STRICT;
        CREATE INDEX asking ON choices (kind) WHERE kind IN (6, 8, 9);
        CREATE TABLE acts (
            idx INTEGER PRIMARY KEY,
            request INTEGER,
            account TEXT,
            said TEXT, -- null: it was forgotten
            opening BLOB
        ) STRICT;
        CREATE INDEX acts_by_account ON acts (account) WHERE account IS NOT NULL;
        CREATE INDEX acts_by_request ON acts (request) WHERE request IS NOT NULL;
        CREATE TABLE parcel_keys (
            key BLOB PRIMARY KEY,
            body BLOB, -- null: a choice of the parcel was forgotten
            first INTEGER NOT NULL,
            count INTEGER NOT NULL,
            at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX parcel_keys_in_order ON parcel_keys (first);
        """;

    /// <summary>What a file of an earlier layout needs to be one of this.</summary>
    /// <param name="version">Its layout, from <see cref="FirstVersion"/> on.</param>
    public static string From(long version) =>
        (version < 6 ? "ALTER TABLE choices ADD COLUMN association TEXT;" : "") + """
        ALTER TABLE counter ADD COLUMN latest INTEGER;
        UPDATE counter SET latest = (
            SELECT max(received_at) FROM (
                SELECT received_at FROM choices UNION ALL SELECT received_at FROM suppressions));
        """;

    // Of the choices of a transaction, in order of index: one pass over what was just written.
    public const string Move = """
        UPDATE counter SET next = $next,
            latest = (SELECT max(received_at) FROM (
                SELECT received_at FROM choices WHERE idx >= $first UNION ALL SELECT latest FROM counter))
        """;

    public const string InsertEntry = "INSERT INTO entries (idx, kind, digest) VALUES (?1, ?2, ?3)";

    public const string InsertChoice = """
        INSERT INTO choices (idx, kind, account, purpose, scope, made_at, received_at, until, actor, channel, evidence,
            notice, association, opening)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
        """;

    public const string InsertAct =
        "INSERT INTO acts (idx, request, account, said, opening) VALUES (?1, ?2, ?3, ?4, ?5)";

    public const string SelectActs = """
        SELECT acts.idx, request, account, said, opening, digest FROM acts JOIN entries ON entries.idx = acts.idx
        WHERE acts.idx < $below ORDER BY acts.idx
        """;

    public const string SelectLastActs = """
        SELECT acts.idx, request, account, said, opening, digest FROM acts JOIN entries ON entries.idx = acts.idx
        WHERE acts.idx < $below ORDER BY acts.idx DESC LIMIT $most
        """;

    public const string SelectActsOfAccount = """
        SELECT acts.idx, request, account, said, opening, digest FROM acts JOIN entries ON entries.idx = acts.idx
        WHERE account = $account ORDER BY acts.idx
        """;

    public const string SelectActsOfRequest = """
        SELECT acts.idx, request, account, said, opening, digest FROM acts JOIN entries ON entries.idx = acts.idx
        WHERE acts.idx = $request OR request = $request ORDER BY acts.idx
        """;

    public const string ForgetAct = "UPDATE acts SET account = NULL, said = NULL, opening = NULL WHERE idx = $idx";

    // By its index alone: few choices ask for anything.
    public const string SelectAsking = """
        SELECT idx, kind, account, purpose, scope, made_at, received_at, until, actor, channel, evidence, notice,
            association
        FROM choices INDEXED BY asking WHERE kind IN (6, 8, 9) AND idx < $below ORDER BY idx
        """;

    // By day of 86,400,000,000 microseconds, rounded down.
    public const string SelectCounts = """
        SELECT (received_at - ((received_at % 86400000000) + 86400000000) % 86400000000) / 86400000000 AS day, kind,
            channel, count(*)
        FROM choices WHERE idx >= $from AND idx < $below GROUP BY day, kind, channel ORDER BY day, kind, channel
        """;

    public const string InsertSuppression = """
        INSERT INTO suppressions (idx, kind, account, purpose, scope, made_at, received_at, until)
        VALUES ($idx, $kind, $account, $purpose, $scope, $made_at, $received_at, $until)
        """;

    public const string SelectSuppressions = """
        SELECT idx, kind, account, purpose, scope, made_at, received_at, until FROM suppressions WHERE idx < $below
        ORDER BY idx
        """;

    public const string SelectAskingForgotten = """
        SELECT idx, kind, account, purpose, scope, made_at, received_at, until FROM suppressions
        WHERE idx < $below AND kind IN (6, 8, 9) ORDER BY idx
        """;

    // By the key, from the end: few entries are that young, and the index by kind would be read whole.
    public const string SelectForgettingSince = "SELECT count(*) FROM entries WHERE idx >= $since AND +kind = 4";

    public const string InsertParcelKey =
        "INSERT INTO parcel_keys (key, body, first, count, at) VALUES (?1, ?2, ?3, ?4, ?5)";

    public const string SelectParcelKey = "SELECT body, first, count FROM parcel_keys WHERE key = ?1";

    // The oldest come first in the order of the ledger, and few are looked at: each transaction takes away more than it
    // brings, until none is too old.
    public const string DeleteOldParcelKeys = """
        DELETE FROM parcel_keys WHERE key IN (
            SELECT key FROM (SELECT key, at FROM parcel_keys ORDER BY first LIMIT $most) WHERE at < $before)
        """;

    public const string ForgetParcelKey = """
        UPDATE parcel_keys SET body = NULL
        WHERE first <= $idx AND first > $idx - $most AND first + count > $idx AND body IS NOT NULL
        """;

    // In order of account, so that each page of the b-tree is visited once.
    public const string InsertByAccount = """
        INSERT INTO choices_by_account (account, idx)
        SELECT account, idx FROM choices WHERE idx >= $first ORDER BY account, idx
        """;

    public const string SelectBelow = """
        SELECT idx, kind, account, purpose, scope, made_at, received_at, until, actor, channel, evidence, notice,
            association
        FROM choices WHERE idx >= $from AND idx < $below ORDER BY idx
        """;

    public const string SelectSealedBelow = """
        SELECT idx, kind, account, purpose, scope, made_at, received_at, until, actor, channel, evidence, notice,
            association, opening
        FROM choices WHERE idx < $below ORDER BY idx
        """;

    public const string SelectOpened = """
        SELECT idx, kind, account, purpose, scope, made_at, received_at, until, actor, channel, evidence, notice,
            association, opening
        FROM choices WHERE idx = $idx
        """;

    public const string SelectEntries =
        "SELECT kind, digest FROM entries WHERE idx >= $from AND idx < $below ORDER BY idx";

    // Asked for releases and other rare kinds alone: choices are not in that index, and nobody knows their digest.
    public const string SelectEntry =
        "SELECT idx FROM entries WHERE kind = $kind AND kind <> 1 AND digest = $digest ORDER BY idx LIMIT 1";

    public const string SelectOfKind =
        "SELECT idx, digest FROM entries WHERE kind = $kind AND kind <> 1 ORDER BY idx";

    // From the end: what lies behind the last choice are releases and forgettings.
    public const string SelectChoicesSize =
        "SELECT coalesce((SELECT idx + 1 FROM entries WHERE kind = 1 ORDER BY idx DESC LIMIT 1), 0)";

    public const string SelectCounterOff = "SELECT next - (SELECT coalesce(max(idx) + 1, 0) FROM entries) FROM counter";

    public const string SelectByAccountOff = """
        SELECT (SELECT count(*) FROM (SELECT account, idx FROM choices EXCEPT SELECT account,
            idx FROM choices_by_account))
            + (SELECT count(*) FROM (SELECT account, idx FROM choices_by_account EXCEPT SELECT account,
                idx FROM choices))
        """;

    // All choices are looked through, and nothing of most of them is read: nobody asks for these often.
    public const string SelectChanging = """
        SELECT idx FROM choices
        WHERE idx < $below AND (made_at > $after OR received_at > $after OR (until > $after AND until <= $until)
            OR kind = $removal)
        ORDER BY idx LIMIT $most
        """;

    public const string SelectOfAccount = """
        SELECT choices.idx, kind, choices.account, purpose, scope, made_at, received_at, until, actor, channel,
            evidence, notice, association
        FROM choices_by_account JOIN choices ON choices.idx = choices_by_account.idx
        WHERE choices_by_account.account = $account AND choices_by_account.idx < $below ORDER BY choices_by_account.idx
        """;

    public const string SelectIndicesOfAccount =
        "SELECT idx FROM choices_by_account WHERE account = $account AND idx < $below";

    // What an id can hold is visible ASCII or beyond it: of ASCII only the capitals are left out.
    public const string SelectNotInLowerCase = """
        SELECT account FROM choices_by_account
        WHERE account >= $from AND account < $to AND account GLOB '*[^!-@[-~]*'
        UNION SELECT account FROM acts
        WHERE account >= $from AND account < $to AND account GLOB '*[^!-@[-~]*' ORDER BY account
        """;

    /// <summary>
    /// Reads the row that a statement made of <see cref="SelectBelow"/>, <see cref="SelectOpened"/> or
    /// <see cref="SelectOfAccount"/> stands on.
    /// </summary>
    /// <exception cref="InvalidDataException">The row cannot have been written by
    /// <see cref="InsertChoice"/>.</exception>
    public static Recorded Read(sqlite3_stmt row, ServiceNames services) => new(
        new EntryIndex(raw.sqlite3_column_int64(row, 0)),
        new Choice(
            ChoiceCodes.ReadKind(raw.sqlite3_column_int(row, 1)),
            services.Account(raw.sqlite3_column_blob(row, 2)),
            ChoiceCodes.ReadPurpose(raw.sqlite3_column_int(row, 3)),
            IsNull(row, 4)
                ? Scope.Everything
                : ChoiceCodes.ReadScope(Encoding.UTF8.GetString(raw.sqlite3_column_blob(row, 4))),
            Instant.FromMicroseconds(raw.sqlite3_column_int64(row, 5)),
            Instant.FromMicroseconds(raw.sqlite3_column_int64(row, 6)),
            IsNull(row, 7) ? null : Instant.FromMicroseconds(raw.sqlite3_column_int64(row, 7)),
            ChoiceCodes.ReadActor(raw.sqlite3_column_int(row, 8)),
            IsNull(row, 9) ? null : Encoding.UTF8.GetString(raw.sqlite3_column_blob(row, 9)),
            IsNull(row, 10) ? null : Convert.ToHexStringLower(raw.sqlite3_column_blob(row, 10)),
            IsNull(row, 11) ? null : Encoding.UTF8.GetString(raw.sqlite3_column_blob(row, 11)),
            IsNull(row, 12) ? null : Encoding.UTF8.GetString(raw.sqlite3_column_blob(row, 12))));

    /// <summary>Reads the row that a statement made of <see cref="SelectSuppressions"/> stands on.</summary>
    /// <exception cref="InvalidDataException">No Aval can have written the row.</exception>
    public static Suppression ReadSuppression(sqlite3_stmt row) => new(
        new EntryIndex(raw.sqlite3_column_int64(row, 0)),
        ChoiceCodes.ReadKind(raw.sqlite3_column_int(row, 1)),
        raw.sqlite3_column_text(row, 2).utf8_to_string(),
        ChoiceCodes.ReadPurpose(raw.sqlite3_column_int(row, 3)),
        raw.sqlite3_column_text(row, 4).utf8_to_string(),
        Instant.FromMicroseconds(raw.sqlite3_column_int64(row, 5)),
        Instant.FromMicroseconds(raw.sqlite3_column_int64(row, 6)),
        IsNull(row, 7) ? null : Instant.FromMicroseconds(raw.sqlite3_column_int64(row, 7)));

    private static bool IsNull(sqlite3_stmt row, int column) => raw.sqlite3_column_type(row, column) == raw.SQLITE_NULL;

    /// <summary>A few services own all accounts, so each name is kept once, not once a row.</summary>
    internal sealed class ServiceNames
    {
        private string _last = "";

        public Account Account(ReadOnlySpan<byte> text)
        {
            var colon = text.IndexOf((byte)':');
            if (colon < 1 || colon == text.Length - 1)
                throw new InvalidDataException($"\"{Encoding.UTF8.GetString(text)}\" is no account");
            return new Account(Name(text[..colon]), Encoding.UTF8.GetString(text[(colon + 1)..]));
        }

        private string Name(ReadOnlySpan<byte> service)
        {
            if (Ascii.Equals(service, _last))
                return _last;
            return _last = string.Intern(Encoding.UTF8.GetString(service));
        }
    }
}

/// <summary>
/// The prepared inserts. SQLite's own functions, not commands: a bulk file has forty million rows, and a command costs
/// more than the row.
/// </summary>
internal sealed class ChoiceInsert : IDisposable
{
    private readonly Func<int, AvalException> _failure;
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _entry;
    private readonly sqlite3_stmt _choice;
    private readonly sqlite3_stmt _act;
    private readonly byte[] _text = new byte[ChoiceRules.MaxTextBytes + 1024];

    public ChoiceInsert(SqliteConnection connection, Func<int, AvalException> failure)
    {
        _failure = failure;
        _database = connection.Handle!;
        _entry = Prepare(ChoiceRows.InsertEntry);
        _choice = Prepare(ChoiceRows.InsertChoice);
        _act = Prepare(ChoiceRows.InsertAct);
    }

    public void Add(EntryIndex index, NewEntry entry)
    {
        raw.sqlite3_bind_int64(_entry, 1, index.Value);
        raw.sqlite3_bind_int(_entry, 2, (int)entry.Entry.Kind);
        var digest = entry.Entry.Digest;
        raw.sqlite3_bind_blob(_entry, 3, digest);
        Run(_entry);
        if (entry.Choice is { } sealedChoice)
            Add(index, sealedChoice);
        if (entry.Act is { } act)
            Add(index, act);
    }

    public void Dispose()
    {
        _entry.Dispose();
        _choice.Dispose();
        _act.Dispose();
    }

    private void Add(EntryIndex index, SealedAct act)
    {
        raw.sqlite3_bind_int64(_act, 1, index.Value);
        if (act.Act.Request is { } request)
            raw.sqlite3_bind_int64(_act, 2, request.Value);
        else
            raw.sqlite3_bind_null(_act, 2);
        if (act.Act.Account is { } account)
            raw.sqlite3_bind_text(_act, 3, account.ToString());
        else
            raw.sqlite3_bind_null(_act, 3);
        raw.sqlite3_bind_text(_act, 4, act.Act.Said);
        raw.sqlite3_bind_blob(_act, 5, act.Opening.Bytes);
        Run(_act);
    }

    private void Add(EntryIndex index, SealedChoice sealedChoice)
    {
        var choice = sealedChoice.Choice;
        raw.sqlite3_bind_int64(_choice, 1, index.Value);
        raw.sqlite3_bind_int(_choice, 2, ChoiceCodes.Of(choice.Kind));
        Text(3, choice.Account.ToString());
        raw.sqlite3_bind_int(_choice, 4, ChoiceCodes.Of(choice.Purpose));
        Text(5, choice.Scope.Equals(Scope.Everything) ? null : choice.Scope.ToString());
        raw.sqlite3_bind_int64(_choice, 6, choice.MadeAt.ToMicroseconds());
        raw.sqlite3_bind_int64(_choice, 7, choice.ReceivedAt.ToMicroseconds());
        if (choice.Until is { } until)
            raw.sqlite3_bind_int64(_choice, 8, until.ToMicroseconds());
        else
            raw.sqlite3_bind_null(_choice, 8);
        raw.sqlite3_bind_int(_choice, 9, ChoiceCodes.Of(choice.Actor));
        Text(10, choice.Channel);
        if (choice.Evidence is { } evidence)
            raw.sqlite3_bind_blob(_choice, 11, Convert.FromHexString(evidence));
        else
            raw.sqlite3_bind_null(_choice, 11);
        Text(12, choice.Notice);
        Text(13, choice.Association);
        raw.sqlite3_bind_blob(_choice, 14, sealedChoice.Opening.Bytes);
        Run(_choice);
    }

    private void Text(int at, string? value)
    {
        if (value is null)
            raw.sqlite3_bind_null(_choice, at);
        else
            raw.sqlite3_bind_text(_choice, at, Encoding.UTF8.GetBytes(value));
    }

    private void Run(sqlite3_stmt statement)
    {
        var result = raw.sqlite3_step(statement);
        raw.sqlite3_reset(statement);
        if (result != raw.SQLITE_DONE)
            throw _failure(result);
    }

    private sqlite3_stmt Prepare(string sql) =>
        raw.sqlite3_prepare_v2(_database, sql, out var statement) is var result and not raw.SQLITE_OK
            ? throw _failure(result)
            : statement;
}
