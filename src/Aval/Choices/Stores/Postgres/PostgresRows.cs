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
    public const int Version = 6;

    /// <summary>The earliest that is brought to it.</summary>
    public const int FirstVersion = 4;

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
            next bigint NOT NULL CHECK (next >= 0),
            latest bigint -- received_at of the choice that was received last, also where it was forgotten
        );
        INSERT INTO aval.counter VALUES (1, 0, NULL);
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
            opening bytea NOT NULL,
            association text COLLATE "C"
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
        CREATE INDEX asking ON aval.choices (idx) WHERE kind IN (6, 8, 9);
        CREATE TABLE aval.acts (
            idx bigint PRIMARY KEY,
            request bigint,
            account text COLLATE "C",
            said text COLLATE "C",
            opening bytea
        );
        CREATE INDEX acts_by_account ON aval.acts (account) WHERE account IS NOT NULL;
        CREATE INDEX acts_by_request ON aval.acts (request) WHERE request IS NOT NULL;
        CREATE TABLE aval.parcel_keys (
            key bytea PRIMARY KEY,
            body bytea, -- null: a choice of the parcel was forgotten
            first bigint NOT NULL,
            count bigint NOT NULL,
            at bigint NOT NULL
        );
        CREATE INDEX parcel_keys_in_order ON aval.parcel_keys (first);
        """;

    /// <summary>What a database of an earlier layout needs to be one of this.</summary>
    /// <param name="version">Its layout, from <see cref="FirstVersion"/> on.</param>
    public static string From(int version) =>
        (version < 5 ? "ALTER TABLE aval.choices ADD COLUMN association text COLLATE \"C\";" : "") + """
        ALTER TABLE aval.counter ADD COLUMN latest bigint;
        UPDATE aval.counter SET latest = (
            SELECT max(received_at) FROM (
                SELECT received_at FROM aval.choices UNION ALL SELECT received_at FROM aval.suppressions) AS received);
        """;

    // Until the transaction ends nobody else gets past this row, so indices are gapless and become visible in their
    // order.
    public const string LockCounter = "SELECT next FROM aval.counter FOR UPDATE";

    public const string CopyEntries = "COPY aval.entries (idx, kind, digest) FROM STDIN (FORMAT binary)";

    public const string CopyChoices = """
        COPY aval.choices (idx, kind, account, purpose, scope, made_at, received_at, until, actor, channel, evidence,
            notice, association, opening)
        FROM STDIN (FORMAT binary)
        """;

    public const string CopySuppressions = """
        COPY aval.suppressions (idx, kind, account, purpose, scope, made_at, received_at, until)
        FROM STDIN (FORMAT binary)
        """;

    public const string CopyActs =
        "COPY aval.acts (idx, request, account, said, opening) FROM STDIN (FORMAT binary)";

    public const string SelectActs = """
        SELECT acts.idx, request, account, said, opening, digest FROM aval.acts JOIN aval.entries USING (idx)
        WHERE acts.idx >= @from AND acts.idx < @below ORDER BY acts.idx LIMIT @page
        """;

    public const string SelectLastActs = """
        SELECT acts.idx, request, account, said, opening, digest FROM aval.acts JOIN aval.entries USING (idx)
        WHERE acts.idx < @below ORDER BY acts.idx DESC LIMIT @most
        """;

    public const string SelectActsOfAccounts = """
        SELECT acts.idx, request, account, said, opening, digest FROM aval.acts JOIN aval.entries USING (idx)
        WHERE account = ANY (@accounts) ORDER BY acts.idx
        """;

    public const string SelectActsOfRequest = """
        SELECT acts.idx, request, account, said, opening, digest FROM aval.acts JOIN aval.entries USING (idx)
        WHERE acts.idx = @request OR request = @request ORDER BY acts.idx
        """;

    public const string ForgetActs =
        "UPDATE aval.acts SET account = NULL, said = NULL, opening = NULL WHERE idx = ANY (@acts)";

    public const string SelectAsking = """
        SELECT idx, kind, account, purpose, scope, made_at, received_at, until, actor, channel, evidence, notice,
            association
        FROM aval.choices WHERE kind IN (6, 8, 9) AND idx >= @from AND idx < @below ORDER BY idx LIMIT @page
        """;

    public const string SelectCounts = """
        SELECT (received_at - ((received_at % 86400000000) + 86400000000) % 86400000000) / 86400000000 AS day, kind,
            channel, count(*)
        FROM aval.choices WHERE idx >= @from AND idx < @below
        GROUP BY day, kind, channel ORDER BY day, kind, channel COLLATE "C"
        """;

    // Of the choices of a transaction: one pass over what was just written.
    public const string MoveCounter = """
        UPDATE aval.counter SET next = @next,
            latest = greatest(latest, (SELECT max(received_at) FROM aval.choices WHERE idx >= @first))
        """;

    // Columns as arrays, so that a transaction of the recorder is three messages to the server and back: where many
    // processes share few processors each of them waits for its turn.
    public const string InsertEntries = """
        INSERT INTO aval.entries (idx, kind, digest) SELECT * FROM unnest(@idx, @kind, @digest)
        """;

    public const string InsertChoices = """
        INSERT INTO aval.choices (idx, kind, account, purpose, scope, made_at, received_at, until, actor, channel,
            evidence, notice, association, opening)
        SELECT * FROM unnest(@idx, @kind, @account, @purpose, @scope, @made_at, @received_at, @until, @actor, @channel,
            @evidence, @notice, @association, @opening)
        """;

    public const string InsertParcelKeys = """
        INSERT INTO aval.parcel_keys (key, body, first, count, at)
        SELECT *, @at FROM unnest(@key, @body, @first, @count)
        """;

    public const string SelectParcelKeys =
        "SELECT key, body, first, count FROM aval.parcel_keys WHERE key = ANY (@keys)";

    // As in choices.db: each transaction takes away more than it brings.
    public const string DeleteOldParcelKeys = """
        DELETE FROM aval.parcel_keys WHERE key IN (
            SELECT key FROM (SELECT key, at FROM aval.parcel_keys ORDER BY first LIMIT @most) AS oldest
            WHERE at < @before)
        """;

    public const string ForgetParcelKey = """
        UPDATE aval.parcel_keys SET body = NULL
        WHERE first <= @idx AND first > @idx - @most AND first + count > @idx AND body IS NOT NULL
        """;

    public const string SelectEntries =
        "SELECT idx, kind, digest FROM aval.entries WHERE idx >= @from AND idx < @below ORDER BY idx LIMIT @page";

    public const string SelectBelow = """
        SELECT idx, kind, account, purpose, scope, made_at, received_at, until, actor, channel, evidence, notice,
            association
        FROM aval.choices WHERE idx >= @from AND idx < @below ORDER BY idx LIMIT @page
        """;

    public const string SelectOfAccounts = """
        SELECT idx, kind, account, purpose, scope, made_at, received_at, until, actor, channel, evidence, notice,
            association
        FROM aval.choices WHERE account = ANY (@accounts) AND idx < @below ORDER BY idx
        """;

    public const string SelectIndicesOfAccounts =
        "SELECT idx FROM aval.choices WHERE account = ANY (@accounts) AND idx < @below ORDER BY idx";

    // Of ASCII's visible letters all but the capitals.
    public const string SelectNotInLowerCase = """
        SELECT account FROM aval.choices
        WHERE split_part(account, ':', 1) = ANY (@services) AND account COLLATE "C" ~ '[^!-@[-~]'
        UNION SELECT account FROM aval.acts
        WHERE split_part(account, ':', 1) = ANY (@services) AND account COLLATE "C" ~ '[^!-@[-~]' ORDER BY account
        """;

    public const string SelectChanging = """
        SELECT idx FROM aval.choices
        WHERE idx < @below AND (made_at > @after OR received_at > @after OR (until > @after AND until <= @until)
            OR kind = @removal)
        ORDER BY idx LIMIT @most
        """;

    public const string SelectSealedBelow = """
        SELECT idx, kind, account, purpose, scope, made_at, received_at, until, actor, channel, evidence, notice,
            association, opening
        FROM aval.choices WHERE idx >= @from AND idx < @below ORDER BY idx LIMIT @page
        """;

    public const string SelectOpened = """
        SELECT idx, kind, account, purpose, scope, made_at, received_at, until, actor, channel, evidence, notice,
            association, opening
        FROM aval.choices WHERE idx = @idx
        """;

    public const string SelectOpenedSome = """
        SELECT idx, kind, account, purpose, scope, made_at, received_at, until, actor, channel, evidence, notice,
            association, opening
        FROM aval.choices JOIN unnest(@indices) WITH ORDINALITY AS asked (idx, at) USING (idx) ORDER BY at
        """;

    // Asked for releases and other rare kinds alone: choices are not in that index, and nobody knows their digest.
    public const string SelectEntry =
        "SELECT min(idx) FROM aval.entries WHERE kind = @kind AND kind <> 1 AND digest = @digest";

    public const string SelectOfKind =
        "SELECT idx, digest FROM aval.entries WHERE kind = @kind AND kind <> 1 ORDER BY idx";

    // From the end: what lies behind the last choice are releases and forgettings.
    public const string SelectChoicesSize =
        "SELECT coalesce((SELECT idx + 1 FROM aval.entries WHERE kind = 1 ORDER BY idx DESC LIMIT 1), 0)";

    public const string SelectSuppressions = """
        SELECT idx, kind, account, purpose, scope, made_at, received_at, until
        FROM aval.suppressions WHERE idx >= @from AND idx < @below ORDER BY idx LIMIT @page
        """;

    public const string SelectAskingForgotten = """
        SELECT idx, kind, account, purpose, scope, made_at, received_at, until
        FROM aval.suppressions WHERE kind IN (6, 8, 9) AND idx >= @from AND idx < @below ORDER BY idx LIMIT @page
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
        Write(copy, choice.Association);
        copy.Write(entry.Opening.Bytes, NpgsqlDbType.Bytea);
    }

    /// <summary>Writes a row of <see cref="CopyActs"/>.</summary>
    public static void Write(NpgsqlBinaryImporter copy, long index, SealedAct act)
    {
        copy.StartRow();
        copy.Write(index, NpgsqlDbType.Bigint);
        if (act.Act.Request is { } request)
            copy.Write(request.Value, NpgsqlDbType.Bigint);
        else
            copy.WriteNull();
        Write(copy, act.Act.Account?.ToString());
        copy.Write(act.Act.Said, NpgsqlDbType.Text);
        copy.Write(act.Opening.Bytes, NpgsqlDbType.Bytea);
    }

    /// <summary>Reads an act's row.</summary>
    /// <exception cref="InvalidDataException">No Aval can have written the row.</exception>
    public static KeptAct ReadAct(NpgsqlDataReader row)
    {
        var request = row.IsDBNull(1) ? (EntryIndex?)null : new EntryIndex(row.GetInt64(1));
        return new KeptAct(
            new EntryIndex(row.GetInt64(0)), request,
            row.IsDBNull(3)
                ? null
                : new SealedAct(
                    new Act(row.IsDBNull(2) ? null : Account.Parse(row.GetString(2)), request, row.GetString(3)),
                    new Opening(row.GetFieldValue<byte[]>(4))),
            row.GetFieldValue<byte[]>(5) is { Length: Hash.Size } digest
                ? Hash.From(digest)
                : throw new InvalidDataException("its digest is not 32 bytes long"));
    }

    /// <summary>Reads a row of <see cref="SelectCounts"/>.</summary>
    public static ChoiceCount ReadCount(NpgsqlDataReader row) => new(
        DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(row.GetInt64(0))), ChoiceCodes.ReadKind(row.GetInt16(1)),
        row.IsDBNull(2) ? null : row.GetString(2), row.GetInt64(3));

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

    /// <summary>Reads a row of <see cref="SelectParcelKeys"/>.</summary>
    /// <returns>The key with what was brought under it; null = forgotten.</returns>
    public static (Hash Key, Hash? Body, EntryRange Entries) ReadParcelKey(NpgsqlDataReader row) => (
        Hash.From(row.GetFieldValue<byte[]>(0)), row.IsDBNull(1) ? null : Hash.From(row.GetFieldValue<byte[]>(1)),
        new EntryRange(new EntryIndex(row.GetInt64(2)), row.GetInt64(3)));

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
            row.IsDBNull(11) ? null : row.GetString(11),
            row.IsDBNull(12) ? null : row.GetString(12)));

    /// <summary>Reads a choice's row with its opening.</summary>
    /// <exception cref="InvalidDataException">No Aval can have written the row.</exception>
    public static (EntryIndex Index, SealedChoice Choice) ReadSealed(NpgsqlDataReader row) =>
        row.GetFieldValue<byte[]>(13) is { Length: Opening.Size } opening && Read(row) is var recorded
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
