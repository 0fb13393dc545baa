using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Aval.Choices;

/// <summary>
/// How choices lie in choices.db (docs/formats/choices.md). Kinds, purposes and actors are small numbers that never
/// change their meaning; instants are microseconds since 1970 UTC; a null scope is <c>everything</c>.
/// </summary>
internal static class ChoiceRows
{
    /// <summary>"AVAL": a file that says otherwise is somebody else's.</summary>
    public const int ApplicationId = 0x4156414C;

    /// <summary>The layout below.</summary>
    public const int Version = 1;

    // One counter row gives indices to entries of whatever kind. choices_by_account is an index in all but name: a real
    // one would take every row of a bulk file at a random place, and with forty million of them write each of its pages
    // hundreds of times; this one is filled in order, once a transaction.
    public const string Schema = """
        CREATE TABLE counter (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            next INTEGER NOT NULL CHECK (next >= 0)
        ) STRICT;
        INSERT INTO counter VALUES (1, 0);
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
            notice TEXT
        ) STRICT;
        CREATE TABLE choices_by_account (
            account TEXT NOT NULL,
            idx INTEGER NOT NULL,
            PRIMARY KEY (account, idx)
        ) STRICT, WITHOUT ROWID;
        """;

    public const string Insert = """
        INSERT INTO choices (idx, kind, account, purpose, scope, made_at, received_at, until, actor, channel, evidence, notice)
        VALUES ($idx, $kind, $account, $purpose, $scope, $made_at, $received_at, $until, $actor, $channel, $evidence, $notice)
        """;

    // In order of account, so that each page of the b-tree is visited once.
    public const string InsertByAccount = """
        INSERT INTO choices_by_account (account, idx)
        SELECT account, idx FROM choices WHERE idx >= $first ORDER BY account, idx
        """;

    public const string SelectBelow = """
        SELECT idx, kind, account, purpose, scope, made_at, received_at, until, actor, channel, evidence, notice
        FROM choices WHERE idx < $below ORDER BY idx
        """;

    public const string SelectOfAccount = """
        SELECT choices.idx, kind, choices.account, purpose, scope, made_at, received_at, until, actor, channel, evidence, notice
        FROM choices_by_account JOIN choices ON choices.idx = choices_by_account.idx
        WHERE choices_by_account.account = $account AND choices_by_account.idx < $below ORDER BY choices_by_account.idx
        """;

    private static readonly ChoiceKind[] Kinds = ByCode(Enum.GetValues<ChoiceKind>(), Code);
    private static readonly Actor[] Actors = ByCode(Enum.GetValues<Actor>(), Code);
    private static readonly Purpose[] Purposes = ByCode([.. Purpose.All], Code);

    public static int Code(ChoiceKind kind) => kind switch
    {
        ChoiceKind.Objection => 1,
        ChoiceKind.ObjectionLifted => 2,
        ChoiceKind.Consent => 3,
        ChoiceKind.Withdrawal => 4,
        ChoiceKind.Refusal => 5,
        ChoiceKind.Restriction => 6,
        ChoiceKind.RestrictionLifted => 7,
        ChoiceKind.Erasure => 8,
        ChoiceKind.Removal => 9,
    };

    public static int Code(Actor actor) => actor switch
    {
        Actor.Person => 1,
        Actor.Agent => 2,
        Actor.Controller => 3,
        Actor.Anyone => 4,
    };

    public static int Code(Purpose purpose) => purpose.Name switch
    {
        "train-generative-ai" => 1,
        "combine-services" => 2,
        var unknown => throw new InvalidOperationException($"The purpose {unknown} has no number in choices.db."),
    };

    /// <summary>Reads the row that a statement made of <see cref="SelectBelow"/> or <see cref="SelectOfAccount"/> stands on.</summary>
    /// <exception cref="InvalidDataException">The row cannot have been written by <see cref="Insert"/>.</exception>
    public static Recorded Read(sqlite3_stmt row, ServiceNames services) => new(
        new EntryIndex(raw.sqlite3_column_int64(row, 0)),
        new Choice(
            Decode(Kinds, raw.sqlite3_column_int(row, 1), "kind"),
            services.Account(raw.sqlite3_column_blob(row, 2)),
            Decode(Purposes, raw.sqlite3_column_int(row, 3), "purpose"),
            IsNull(row, 4) ? Scope.Everything : ReadScope(raw.sqlite3_column_blob(row, 4)),
            Instant.FromMicroseconds(raw.sqlite3_column_int64(row, 5)),
            Instant.FromMicroseconds(raw.sqlite3_column_int64(row, 6)),
            IsNull(row, 7) ? null : Instant.FromMicroseconds(raw.sqlite3_column_int64(row, 7)),
            Decode(Actors, raw.sqlite3_column_int(row, 8), "actor"),
            IsNull(row, 9) ? null : Encoding.UTF8.GetString(raw.sqlite3_column_blob(row, 9)),
            IsNull(row, 10) ? null : Convert.ToHexStringLower(raw.sqlite3_column_blob(row, 10)),
            IsNull(row, 11) ? null : Encoding.UTF8.GetString(raw.sqlite3_column_blob(row, 11))));

    private static bool IsNull(sqlite3_stmt row, int column) => raw.sqlite3_column_type(row, column) == raw.SQLITE_NULL;

    private static Scope ReadScope(ReadOnlySpan<byte> bytes) => Scope.TryParse(Encoding.UTF8.GetString(bytes), out var scope)
        ? scope
        : throw new InvalidDataException($"\"{Encoding.UTF8.GetString(bytes)}\" is no scope");

    private static T Decode<T>(T[] byCode, int code, string what) => code >= 1 && code <= byCode.Length
        ? byCode[code - 1]
        : throw new InvalidDataException($"{what} {code} is unknown");

    private static T[] ByCode<T>(T[] values, Func<T, int> code)
    {
        var ordered = values.OrderBy(code).ToArray();
        for (var at = 0; at < ordered.Length; at++)
        {
            if (code(ordered[at]) != at + 1)
                throw new InvalidOperationException($"The numbers of {typeof(T).Name} in choices.db have a gap or a double at {at + 1}.");
        }

        return ordered;
    }

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

/// <summary>The prepared insert: its parameters are made once and filled for each row.</summary>
internal sealed class ChoiceInsert : IDisposable
{
    private readonly SqliteCommand _command;
    private readonly SqliteParameter _idx, _kind, _account, _purpose, _scope, _madeAt, _receivedAt, _until, _actor, _channel, _evidence, _notice;

    public ChoiceInsert(SqliteConnection connection, SqliteTransaction transaction)
    {
        _command = connection.CreateCommand();
        _command.Transaction = transaction;
        _command.CommandText = ChoiceRows.Insert;
        _idx = Add("$idx", SqliteType.Integer);
        _kind = Add("$kind", SqliteType.Integer);
        _account = Add("$account", SqliteType.Text);
        _purpose = Add("$purpose", SqliteType.Integer);
        _scope = Add("$scope", SqliteType.Text);
        _madeAt = Add("$made_at", SqliteType.Integer);
        _receivedAt = Add("$received_at", SqliteType.Integer);
        _until = Add("$until", SqliteType.Integer);
        _actor = Add("$actor", SqliteType.Integer);
        _channel = Add("$channel", SqliteType.Text);
        _evidence = Add("$evidence", SqliteType.Blob);
        _notice = Add("$notice", SqliteType.Text);
        _command.Prepare();
    }

    public void Add(EntryIndex index, Choice choice)
    {
        _idx.Value = index.Value;
        _kind.Value = ChoiceRows.Code(choice.Kind);
        _account.Value = choice.Account.ToString();
        _purpose.Value = ChoiceRows.Code(choice.Purpose);
        _scope.Value = choice.Scope.Equals(Scope.Everything) ? DBNull.Value : choice.Scope.ToString();
        _madeAt.Value = choice.MadeAt.ToMicroseconds();
        _receivedAt.Value = choice.ReceivedAt.ToMicroseconds();
        _until.Value = choice.Until is { } until ? until.ToMicroseconds() : DBNull.Value;
        _actor.Value = ChoiceRows.Code(choice.Actor);
        _channel.Value = (object?)choice.Channel ?? DBNull.Value;
        _evidence.Value = choice.Evidence is { } evidence ? Convert.FromHexString(evidence) : DBNull.Value;
        _notice.Value = (object?)choice.Notice ?? DBNull.Value;
        _command.ExecuteNonQuery();
    }

    public void Dispose() => _command.Dispose();

    private SqliteParameter Add(string name, SqliteType type) => _command.Parameters.Add(name, type);
}
