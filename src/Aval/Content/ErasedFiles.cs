using System.Globalization;
using Aval.Content.Tables;
using Aval.Storage;

namespace Aval.Content;

/// <summary>
/// Writes single files of content again without what an engine says is erased: <c>erasing_items</c> (service, item_id);
/// <c>erasing_accounts</c> (account, until); <c>erasing_changes</c> (service, item_id, needles, keys, answers), what
/// names such accounts in others' items, and <c>erasing_prints</c> (key, fp, again, is_named), what these items said
/// and say then; <c>erasing_quoted</c> (quoted), what rejects may quote of them. Leaves <c>erasing_observed</c>.
/// </summary>
internal sealed class ErasedFiles
{
    private readonly Workspace _workspace;
    private readonly Engine _engine;
    private readonly ContentChecks _checks;
    private readonly ContentFiles _target;
    private readonly UnderWay _work;
    private readonly List<string> _replaced = [];

    public ErasedFiles(Workspace workspace, Engine engine, ContentFiles target, UnderWay work)
    {
        (_workspace, _engine, _target, _work) = (workspace, engine, target, work);
        _checks = ContentChecks.Open(workspace);
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE erasing_keys_items AS
            SELECT {CanonicalColumns.Key(ContentKind.Items)} AS key FROM erasing_items;
            CREATE OR REPLACE TEMP TABLE erasing_keys_accounts AS SELECT account AS key FROM erasing_accounts;
            CREATE OR REPLACE TEMP TABLE erasing_keys_notices AS
            SELECT {CanonicalColumns.Key(ContentKind.Notices)} AS key
            FROM notices_now SEMI JOIN erasing_accounts USING (account);
            CREATE OR REPLACE TEMP TABLE erasing_observed
                (import_id VARCHAR, observed_at TIMESTAMPTZ, low UBIGINT, high UBIGINT)
            """);
    }

    /// <summary>How many versions of items were left out.</summary>
    public long Taken { get; private set; }

    /// <summary>The paths below content/ of the files that were written again, or left out as a whole.</summary>
    public IReadOnlyList<string> Replaced => _replaced;

    /// <summary>Rows of items out of which erased persons are taken. Needs <c>mask_persons</c>.</summary>
    /// <param name="rows">A relation with the columns of items.</param>
    public static string Changed(string rows) => $"""
        SELECT rows.* REPLACE (
            CASE WHEN needles IS NOT NULL AND text IS NOT NULL THEN mask_persons(service, text, needles) ELSE text END
                AS text,
            CASE WHEN keys IS NULL THEN persons
                WHEN len(list_filter(persons, lambda one: NOT list_contains(keys, one.account))) > 0
                    THEN list_filter(persons, lambda one: NOT list_contains(keys, one.account)) END AS persons,
            CASE WHEN list_contains(answers, in_reply_to) THEN NULL ELSE in_reply_to END AS in_reply_to)
        FROM {rows} AS rows LEFT JOIN erasing_changes USING (service, item_id)
        """;

    /// <summary>The file that holds what a file held from here on; null = nothing is left.</summary>
    /// <param name="file">The file.</param>
    /// <param name="isOwn">It is of the export of somebody of whom everything is erased.</param>
    public StoredFile? Again(StoredFile file, bool isOwn)
    {
        var path = file.Path.Split('/');
        if (file.Buckets is not null && ContentKinds.TryParse(path[0], out var kind))
            return Rows(file, kind);
        return path[0] switch
        {
            "index" when ContentKinds.TryParse(path[1], out var of) => Index(file, of),
            "contested" => Contested(file),
            "links" => Links(file),
            "rejects" => isOwn ? OwnRejects(file) : Rejects(file),
            _ => file,
        };
    }

    /// <summary>Where a file lies while this is under way: those that were not written again, where they always
    /// did.</summary>
    public string Now(StoredFile file) => ContentFiles.IsOf(file.Path, _target.ImportId)
        ? _work.Now(Path.Combine(_workspace.Content, file.Path))
        : Path.Combine(_workspace.Content, file.Path);

    /// <summary>Leaves a file out as a whole.</summary>
    public StoredFile? Without(StoredFile file)
    {
        _replaced.Add(file.Path);
        return null;
    }

    /// <summary>Writes a file again.</summary>
    public StoredFile InPlaceOf(StoredFile file, string sql, string format)
    {
        _replaced.Add(file.Path);
        return Write(_target.InPlaceOf(file.Path), sql, format);
    }

    /// <summary>Writes a file that another writer has not, and has from here on.</summary>
    /// <param name="path">Where that writer would have it, below content/.</param>
    /// <param name="sql">Its rows.</param>
    /// <param name="format">How they are written.</param>
    public StoredFile Beside(string path, string sql, string format) => Write(_target.InPlaceOf(path), sql, format);

    /// <summary>Writes a file.</summary>
    public StoredFile Write(string place, string sql, string format)
    {
        var path = _work.Write(place);
        _engine.Execute($"COPY ({sql}) TO {Engine.Literal(path)} ({format})");
        FileModes.MakePrivate(path);
        Durable.FlushFile(path);
        var written = TableSource.Describe(path);
        return new StoredFile(ContentFiles.Relative(_workspace, place), written.Sha256, written.Bytes);
    }

    /// <summary>Keeps for the next command what was checked.</summary>
    public void Keep() => _checks.Keep();

    private string From(StoredFile file) => ParquetFiles.Rows(_checks.Written(_target.ImportId, file));

    private StoredFile? Rows(StoredFile file, ContentKind kind)
    {
        var (isItems, from) = (kind is ContentKind.Items, From(file));
        var on = isItems ? "erasing_items USING (service, item_id)" : "erasing_accounts USING (account)";
        var gone = _engine.Scalar<long>($"SELECT count(*) FROM {from} SEMI JOIN {on}");
        var changed = isItems && _engine.Scalar<bool>($"""
            SELECT EXISTS (FROM {from} SEMI JOIN erasing_changes USING (service, item_id)
                           ANTI JOIN erasing_items USING (service, item_id))
            """);
        if (gone == 0 && !changed)
            return file;
        if (isItems)
            Taken += gone;
        var left = _engine.Scalar<long>($"SELECT count(*) FROM {from}") - gone;
        if (left == 0)
            return Without(file);
        var isShared = !ContentLayout.IsOfOneBucket(file.Path);
        var kept = $"(FROM {from} ANTI JOIN {on})";
        var written = InPlaceOf(
            file, $"{(isItems ? Changed(kept) : $"FROM {kept}")} ORDER BY {(isShared ? "bucket, " : "")}{Order(kind)}",
            "FORMAT parquet, COMPRESSION zstd"
                + (isShared ? $", ROW_GROUP_SIZE {Number(ContentLayout.SharedRowGroup)}" : ""));
        var again = ParquetFiles.Rows(Now(written));
        if (_engine.Scalar<long>($"SELECT count(*) FROM {again}") != left)
            throw new InvalidOperationException($"{file.Path} has {left} rows that were not erased, and other than "
                + "that many were written. Nothing was changed.");
        return written with
        {
            Buckets = _engine.Query($"SELECT DISTINCT bucket FROM {again} ORDER BY bucket", row => row.GetInt32(0)),
            OutOf = file.OutOf,
        };
    }

    // What a row says differently now, it observed under that from the beginning; in sums it stays what it was.
    private StoredFile Index(StoredFile file, ContentKind kind)
    {
        var from = From(file);
        var prints = kind is ContentKind.Items ? "erasing_prints" : "(FROM erasing_prints WHERE false)";
        var touched = $"""
            (SELECT file.*, prints.again FROM {from} AS file LEFT JOIN {prints} AS prints USING (key, fp)
             WHERE again IS NOT NULL OR key IN (SELECT key FROM erasing_keys_{kind.ToText()}))
            """;
        if (!_engine.Scalar<bool>($"SELECT EXISTS (FROM {touched})"))
            return file;
        var writer = Path.GetFileNameWithoutExtension(file.Path).Split('~')[0];
        _engine.Execute($"""
            INSERT INTO erasing_observed
            SELECT {Engine.Literal(writer)}, observed_at,
                observation_low(fp::VARCHAR || epoch_us(observed_at) || ' ' || key),
                observation_high(fp::VARCHAR || epoch_us(observed_at) || ' ' || key)
            FROM {touched} WHERE NOT known
            """);
        return InPlaceOf(
            file,
            $"""
            SELECT file.* REPLACE (coalesce(prints.again, fp) AS fp, known OR prints.again IS NOT NULL AS known)
            FROM {from} AS file LEFT JOIN {prints} AS prints USING (key, fp)
            ANTI JOIN erasing_keys_{kind.ToText()} AS gone ON gone.key = file.key
            ORDER BY ALL
            """,
            "FORMAT parquet, COMPRESSION zstd");
    }

    private StoredFile Contested(StoredFile file)
    {
        var kind = Path.GetFileNameWithoutExtension(file.Path).Split('~')[0].Split('-')[^1];
        return Without(file, $"erasing_keys_{kind}", "key");
    }

    private StoredFile Links(StoredFile file) => Without(file, "erasing_accounts", "account");

    private StoredFile Without(StoredFile file, string table, string column)
    {
        var from = From(file);
        return _engine.Scalar<bool>($"SELECT EXISTS (FROM {from} SEMI JOIN {table} USING ({column}))")
            ? InPlaceOf(
                file, $"FROM {from} ANTI JOIN {table} USING ({column}) ORDER BY ALL",
                "FORMAT parquet, COMPRESSION zstd")
            : file;
    }

    // That a line was rejected, and why, stays; what was found in it goes.
    private StoredFile Rejects(StoredFile file)
    {
        if (!_engine.Scalar<bool>("SELECT EXISTS (FROM erasing_quoted)"))
            return file;
        var from = $"""
            (SELECT *, coalesce(found, '') <> '' AND EXISTS (
                 FROM erasing_quoted WHERE contains(found, quoted) OR (length(found) = 80 AND contains(quoted, found)))
                 AS is_theirs
             FROM {ParquetFiles.JsonLines(_checks.Written(_target.ImportId, file), RejectColumns)})
            """;
        return _engine.Scalar<bool>($"SELECT EXISTS (FROM {from} WHERE is_theirs)")
            ? InPlaceOf(
                file,
                $"SELECT file, line, \"column\", reason, CASE WHEN is_theirs THEN '{Cleared}' ELSE found END AS found "
                    + $"FROM {from} ORDER BY file, line",
                "FORMAT json, ARRAY false")
            : file;
    }

    // Whatever was found in somebody's own export is theirs, and what it was called may hold their name.
    private StoredFile OwnRejects(StoredFile file) => InPlaceOf(
        file,
        $"""
        SELECT '{Cleared}' AS file, line, "column", reason,
            CASE WHEN coalesce(found, '') <> '' THEN '{Cleared}' ELSE found END AS found
        FROM {ParquetFiles.JsonLines(_checks.Written(_target.ImportId, file), RejectColumns)} ORDER BY ALL
        """,
        "FORMAT json, ARRAY false");

    private const string Cleared = ImportRecord.Erased;

    private const string RejectColumns =
        "{file: 'VARCHAR', line: 'BIGINT', \"column\": 'VARCHAR', reason: 'VARCHAR', found: 'VARCHAR'}";

    private static string Order(ContentKind kind) => kind switch
    {
        ContentKind.Items => "author, service, item_id, observed_at",
        ContentKind.Accounts => "account, observed_at",
        ContentKind.Notices => "account, version, delivered_at",
    };

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
