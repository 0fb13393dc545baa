using Npgsql;
using NpgsqlTypes;

namespace Aval.Choices.Stores.Postgres;

/// <summary>
/// How choices lie in PostgreSQL (docs/formats/choices.md): as in choices.db, in a schema of their own. Instants are
/// microseconds since 1970 UTC, as there: PostgreSQL's own type would do, but two layouts that differ are two that can
/// disagree.
/// </summary>
internal static class PostgresRows
{
    /// <summary>The layout below.</summary>
    public const int Version = 2;

    // Collation C: bytes, not a language's order, and an index that no update of the system's locales breaks.
    public const string Schema = """
        CREATE SCHEMA aval;
        CREATE TABLE aval.layout (
            one integer PRIMARY KEY CHECK (one = 1),
            version integer NOT NULL,
            origin text NOT NULL
        );
        CREATE TABLE aval.counter (
            one integer PRIMARY KEY CHECK (one = 1),
            next bigint NOT NULL CHECK (next >= 0)
        );
        INSERT INTO aval.counter VALUES (1, 0);
        CREATE TABLE aval.entries (
            idx bigint PRIMARY KEY,
            kind smallint NOT NULL,
            digest bytea NOT NULL
        );
        CREATE INDEX other_entries ON aval.entries (kind, digest) WHERE kind <> 1;
        CREATE TABLE aval.choices (
            idx bigint PRIMARY KEY,
            kind smallint NOT NULL,
            account text COLLATE "C" NOT NULL,
            purpose smallint NOT NULL,
            scope text COLLATE "C",
            made_at bigint NOT NULL,
            received_at bigint NOT NULL,
            until bigint,
            actor smallint NOT NULL,
            channel text COLLATE "C",
            evidence bytea,
            notice text COLLATE "C",
            opening bytea NOT NULL
        );
        CREATE INDEX choices_by_account ON aval.choices (account, idx);
        CREATE TABLE aval.suppressions (
            idx bigint PRIMARY KEY,
            kind smallint NOT NULL,
            account text COLLATE "C" NOT NULL,
            purpose smallint NOT NULL,
            scope text COLLATE "C" NOT NULL,
            made_at bigint NOT NULL,
            received_at bigint NOT NULL,
            until bigint
        );
        """;

    // Until the transaction ends nobody else gets past this row, so indices are gapless and become visible in their
    // order.
    public const string LockCounter = "SELECT next FROM aval.counter FOR UPDATE";

    public const string CopyEntries = "COPY aval.entries (idx, kind, digest) FROM STDIN (FORMAT binary)";

    public const string CopyChoices = """
        COPY aval.choices (idx, kind, account, purpose, scope, made_at, received_at, until, actor, channel, evidence,
            notice, opening)
        FROM STDIN (FORMAT binary)
        """;

    public const string CopySuppressions = """
        COPY aval.suppressions (idx, kind, account, purpose, scope, made_at, received_at, until)
        FROM STDIN (FORMAT binary)
        """;

    public const string SelectEntries =
        "SELECT idx, kind, digest FROM aval.entries WHERE idx >= @from AND idx < @below ORDER BY idx LIMIT @page";

    public const string SelectBelow = """
        SELECT idx, kind, account, purpose, scope, made_at, received_at, until, actor, channel, evidence, notice
        FROM aval.choices WHERE idx >= @from AND idx < @below ORDER BY idx LIMIT @page
        """;

    public const string SelectOfAccounts = """
        SELECT idx, kind, account, purpose, scope, made_at, received_at, until, actor, channel, evidence, notice
        FROM aval.choices WHERE account = ANY (@accounts) AND idx < @below ORDER BY idx
        """;

    public const string SelectSealedBelow = """
        SELECT idx, kind, account, purpose, scope, made_at, received_at, until, actor, channel, evidence, notice,
            opening
        FROM aval.choices WHERE idx >= @from AND idx < @below ORDER BY idx LIMIT @page
        """;

    public const string SelectOpened = """
        SELECT idx, kind, account, purpose, scope, made_at, received_at, until, actor, channel, evidence, notice,
            opening
        FROM aval.choices WHERE idx = @idx
        """;

    // Asked for releases and other rare kinds alone: choices are not in that index, and nobody knows their digest.
    public const string SelectEntry =
        "SELECT min(idx) FROM aval.entries WHERE kind = @kind AND kind <> 1 AND digest = @digest";

    // From the end: what lies behind the last choice are releases and forgettings.
    public const string SelectChoicesSize =
        "SELECT coalesce((SELECT idx + 1 FROM aval.entries WHERE kind = 1 ORDER BY idx DESC LIMIT 1), 0)";

    public const string SelectSuppressions = """
        SELECT idx, kind, account, purpose, scope, made_at, received_at, until
        FROM aval.suppressions WHERE idx >= @from AND idx < @below ORDER BY idx LIMIT @page
        """;

    /// <summary>A digest as Npgsql takes it.</summary>
    public static byte[] Bytes(Hash digest)
    {
        var bytes = new byte[Hash.Size];
        digest.CopyTo(bytes);
        return bytes;
    }

    /// <summary>Writes a row of <see cref="CopyEntries"/>.</summary>
    public static void Write(NpgsqlBinaryImporter copy, long index, LedgerEntry entry)
    {
        copy.StartRow();
        copy.Write(index, NpgsqlDbType.Bigint);
        copy.Write((short)entry.Kind, NpgsqlDbType.Smallint);
        copy.Write(Bytes(entry.Digest), NpgsqlDbType.Bytea);
    }

    /// <summary>Writes a row of <see cref="CopyChoices"/>.</summary>
    public static void Write(NpgsqlBinaryImporter copy, long index, SealedChoice entry)
    {
        var choice = entry.Choice;
        copy.StartRow();
        copy.Write(index, NpgsqlDbType.Bigint);
        copy.Write((short)ChoiceCodes.Of(choice.Kind), NpgsqlDbType.Smallint);
        copy.Write(choice.Account.ToString(), NpgsqlDbType.Text);
        copy.Write((short)ChoiceCodes.Of(choice.Purpose), NpgsqlDbType.Smallint);
        Write(copy, choice.Scope.Equals(Scope.Everything) ? null : choice.Scope.ToString());
        copy.Write(choice.MadeAt.ToMicroseconds(), NpgsqlDbType.Bigint);
        copy.Write(choice.ReceivedAt.ToMicroseconds(), NpgsqlDbType.Bigint);
        Write(copy, choice.Until);
        copy.Write((short)ChoiceCodes.Of(choice.Actor), NpgsqlDbType.Smallint);
        Write(copy, choice.Channel);
        if (choice.Evidence is { } evidence)
            copy.Write(Convert.FromHexString(evidence), NpgsqlDbType.Bytea);
        else
            copy.WriteNull();
        Write(copy, choice.Notice);
        copy.Write(entry.Opening.Bytes, NpgsqlDbType.Bytea);
    }

    /// <summary>Writes a row of <see cref="CopySuppressions"/>.</summary>
    public static void Write(NpgsqlBinaryImporter copy, Suppression suppression)
    {
        copy.StartRow();
        copy.Write(suppression.Index.Value, NpgsqlDbType.Bigint);
        copy.Write((short)ChoiceCodes.Of(suppression.Kind), NpgsqlDbType.Smallint);
        copy.Write(suppression.Account, NpgsqlDbType.Text);
        copy.Write((short)ChoiceCodes.Of(suppression.Purpose), NpgsqlDbType.Smallint);
        copy.Write(suppression.Scope, NpgsqlDbType.Text);
        copy.Write(suppression.MadeAt.ToMicroseconds(), NpgsqlDbType.Bigint);
        copy.Write(suppression.ReceivedAt.ToMicroseconds(), NpgsqlDbType.Bigint);
        Write(copy, suppression.Until);
    }

    /// <summary>Reads a choice's row.</summary>
    /// <exception cref="InvalidDataException">No Aval can have written the row.</exception>
    public static Recorded Read(NpgsqlDataReader row) => new(
        new EntryIndex(row.GetInt64(0)),
        new Choice(
            ChoiceCodes.ReadKind(row.GetInt16(1)),
            Account.TryParse(row.GetString(2), out var account)
                ? account
                : throw new InvalidDataException($"\"{row.GetString(2)}\" is no account"),
            ChoiceCodes.ReadPurpose(row.GetInt16(3)),
            row.IsDBNull(4) ? Scope.Everything : ChoiceCodes.ReadScope(row.GetString(4)),
            Instant.FromMicroseconds(row.GetInt64(5)),
            Instant.FromMicroseconds(row.GetInt64(6)),
            row.IsDBNull(7) ? null : Instant.FromMicroseconds(row.GetInt64(7)),
            ChoiceCodes.ReadActor(row.GetInt16(8)),
            row.IsDBNull(9) ? null : row.GetString(9),
            row.IsDBNull(10) ? null : Convert.ToHexStringLower(row.GetFieldValue<byte[]>(10)),
            row.IsDBNull(11) ? null : row.GetString(11)));

    /// <summary>Reads a choice's row with its opening.</summary>
    /// <exception cref="InvalidDataException">No Aval can have written the row.</exception>
    public static (EntryIndex Index, SealedChoice Choice) ReadSealed(NpgsqlDataReader row) =>
        row.GetFieldValue<byte[]>(12) is { Length: Opening.Size } opening && Read(row) is var recorded
            ? (recorded.Index, new SealedChoice(recorded.Choice, new Opening(opening)))
            : throw new InvalidDataException("its opening is not 32 bytes long");

    /// <summary>Reads an entry's row.</summary>
    /// <exception cref="InvalidDataException">No Aval can have written the row.</exception>
    public static LedgerEntry ReadEntry(NpgsqlDataReader row) =>
        row.GetFieldValue<byte[]>(2) is { Length: Hash.Size } digest
            ? new LedgerEntry(ChoiceCodes.ReadEntryKind(row.GetInt16(1)), Hash.From(digest))
            : throw new InvalidDataException("its digest is not 32 bytes long");

    /// <summary>Reads a suppression's row.</summary>
    /// <exception cref="InvalidDataException">No Aval can have written the row.</exception>
    public static Suppression ReadSuppression(NpgsqlDataReader row) => new(
        new EntryIndex(row.GetInt64(0)), ChoiceCodes.ReadKind(row.GetInt16(1)), row.GetString(2),
        ChoiceCodes.ReadPurpose(row.GetInt16(3)), row.GetString(4),
        Instant.FromMicroseconds(row.GetInt64(5)), Instant.FromMicroseconds(row.GetInt64(6)),
        row.IsDBNull(7) ? null : Instant.FromMicroseconds(row.GetInt64(7)));

    private static void Write(NpgsqlBinaryImporter copy, DateTimeOffset? instant)
    {
        if (instant is { } at)
            copy.Write(at.ToMicroseconds(), NpgsqlDbType.Bigint);
        else
            copy.WriteNull();
    }

    private static void Write(NpgsqlBinaryImporter copy, string? text)
    {
        if (text is null)
            copy.WriteNull();
        else
            copy.Write(text, NpgsqlDbType.Text);
    }
}
