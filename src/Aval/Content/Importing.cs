using System.Security.Cryptography;
using System.Text;
using Aval.Content.Exports;
using Aval.Content.Tables;
using Aval.Storage;

namespace Aval.Content;

/// <summary>How to import.</summary>
/// <param name="As">What the table holds.</param>
/// <param name="Source">Whose content it is; null = <c>table</c>, or an export's account.</param>
/// <param name="Snapshot">What the source had at or before its instant and this one lacks is deleted at source.</param>
/// <param name="InPlace">Leave Parquet where it lies.</param>
/// <param name="ObservedAt">Where the files do not say when they were observed; null = now.</param>
/// <param name="Audience">Where the files do not say to whom something was published; null = unknown.</param>
/// <param name="MappingFile">How to make canonical columns; null = they are there by name.</param>
/// <param name="Limits">How much of the machine to use.</param>
internal sealed record ImportOptions(
    ContentKind As, string? Source, bool Snapshot, bool InPlace, DateTimeOffset? ObservedAt, string? Audience,
    string? MappingFile, EngineLimits Limits)
{
    /// <summary>
    /// The columns that stand in the names of folders and their types, as <c>country:text,year:integer</c>; null =
    /// names of folders say nothing.
    /// </summary>
    public string? Partitioned { get; init; }

    /// <summary>Of an export, the account that was stated for it; null = what its profile says.</summary>
    public Account? Account { get; init; }
}

/// <summary>What an import did.</summary>
/// <param name="Record">Its record: the new one, or, when nothing changed, the one that was there.</param>
/// <param name="Known">These very files were imported before in this very way, and say when they were observed: nothing
/// changed.</param>
/// <param name="Rejects">The first lines that could not be taken.</param>
/// <param name="RejectsFile">All of them; null = none.</param>
/// <param name="Ignored">Columns of the files that are no canonical ones, as a terminal can show them; of text files
/// the first hundred.</param>
internal sealed record ImportOutcome(
    ImportRecord Record, bool Known, IReadOnlyList<Reject> Rejects, string? RejectsFile, IReadOnlyList<string> Ignored)
{
    /// <summary>
    /// There were lines, and not one of them could be taken. What they name is held out nevertheless, because a line
    /// that nobody can read may have said that something is private now.
    /// </summary>
    public bool AllRejected { get; init; }

    /// <summary>
    /// Names in given folders and patterns that are no tables: <c>_SUCCESS</c>, <c>.crc</c> and their like.
    /// </summary>
    public IReadOnlyList<string> PassedOver { get; init; } = [];

    /// <summary>Why files that buckets share were not folded, which the next import does; null = they were, or there
    /// was no need.</summary>
    public string? NotFolded { get; init; }
}

/// <summary>
/// Brings content into a workspace: all of an import, or nothing of it. What it writes before its line in
/// content/imports.jsonl is invisible; a kill leaves such files, which the next import knows by content/under-way/ID
/// and removes.
/// </summary>
internal static class Importing
{
    /// <summary>How many rejects an outcome holds.</summary>
    public const int RejectsShown = 10;

    /// <summary>Imports tables.</summary>
    /// <exception cref="AvalException">Bad input: a file or the mapping is wrong. Busy: another import runs. Nothing
    /// was imported.</exception>
    public static ImportOutcome Tables(
        Workspace workspace, IReadOnlyList<string> paths, ImportOptions options, TimeProvider clock,
        Action<string, double> watch)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(watch);
        var found = TableFiles.Find(paths);
        var files = found.Files;
        var parquet = files.Select(TableSource.IsParquet).Distinct().ToArray();
        if (parquet.Length > 1)
            throw AvalException.Usage("One import takes Parquet files, or text files, not both. Nothing was imported. "
                + "Import them one after the other.");
        if (options.InPlace && !parquet[0])
            throw AvalException.Usage(
                $"{files[0]}: only Parquet can be left in place. Nothing was imported. Leave --in-place out.");
        watch("hash", 0);
        var described = IncomingFiles.Of(files);
        var mapping = options.MappingFile is { } file ? Mapping.Read(file, options.As) : null;
        var partitions = options.Partitioned is { } spelled ? TablePartitions.Of(found, spelled) : null;
        using var import = Begin(
            workspace, "table", options.Source ?? "table", described.Files, mapping, options, clock, partitions);
        if (import.Again() is { } again)
            return again;
        watch("read", 0);
        var shapes = parquet[0] ? TableShapes.RequireAlike(import.Engine, files, options.As, mapping) : null;
        var source = parquet[0]
            ? TableSource.OfParquet(import.Engine, files)
            : TableSource.OfText(import.Engine, files, options.As, mapping, done => watch("read", done));
        source = Partitioned(import.Engine, source, shapes, found, partitions, options.As, mapping);
        var outcome = import.Take(
            source, mapping ?? Mapping.Canonical(options.As, source.Columns), files, () => [], () => [],
            done => watch("check and store", done), described.RequireUnchanged);
        // Folding takes the lock and an engine of its own.
        import.Dispose();
        // The import is in. Whoever is told otherwise imports the files again, and what they say of no date is observed
        // again, after what was observed in between.
        return outcome with
        {
            PassedOver = found.PassedOver,
            NotFolded = FileFailure.Why(() => Compaction.FoldShared(
                workspace, options.As, options.Limits, clock, done => watch("fold", done))),
        };
    }

    // What a folder's name says counts when somebody said so; what it would have said, and nobody asked, is an error
    // and no silence.
    private static TableSource Partitioned(
        Engine engine, TableSource source, IReadOnlyList<IReadOnlySet<string>>? shapes, TableFiles found,
        TablePartitions? partitions, ContentKind kind, Mapping? mapping)
    {
        var columns = source.Columns.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (partitions?.Columns.FirstOrDefault(column => columns.Contains(column.Name)) is { } both)
        {
            throw AvalException.BadInput(
                $"{found.Files[0]}: the column \"{Shown.Of(both.Name)}\" stands in the table and, as --partitioned "
                + "says, in its folders' names. Nothing was imported. Leave it out of one of them.");
        }

        var canonical = TableShapes.Canonical(kind);
        var shapeOf = shapes?.Index().ToDictionary(
            shape => found.Files[shape.Index], shape => shape.Item, StringComparer.Ordinal);
        TablePartitions.RequireNone(
            found,
            name => (mapping?.Names(name) ?? canonical.Contains(name))
                && !(partitions?.Columns.Any(
                    column => string.Equals(column.Name, name, StringComparison.OrdinalIgnoreCase))
                    ?? false),
            (file, name) => (shapeOf?[file] ?? columns).Contains(name));
        return partitions is null ? source : source.With(engine, partitions);
    }

    /// <summary>Imports an export: its account, and its items.</summary>
    /// <exception cref="AvalException">Bad input: the export is wrong. Busy: another import runs. Nothing was
    /// imported.</exception>
    public static IReadOnlyList<ImportOutcome> Export(
        Workspace workspace, IncomingExport export, ImportOptions options, TimeProvider clock,
        Action<string, double> watch)
    {
        ArgumentNullException.ThrowIfNull(export);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(watch);
        // Whatever the source is called: an erasure has to find whose export this was.
        options = options with { Account = options.Account ?? export.Owner };
        var outcomes = new List<ImportOutcome>();
        // The items first: when they cannot be read, the account is not there either.
        using (var import = Begin(
            workspace, export.Format, SourceOf(workspace, options.Source ?? export.Source), export.Files, null,
            options with { As = ContentKind.Items }, clock))
        {
            watch("read", 0);
            outcomes.Add(import.Again()
                ?? Take(import, ExportLines.Of(export.Items), export, ContentKind.Items, done => watch("items", done)));
        }

        if (export.Account is not null)
        {
            using var import = Begin(
                workspace, export.Format, SourceOf(workspace, options.Source ?? export.Source), export.Files, null,
                options with { As = ContentKind.Accounts, Snapshot = false }, clock);
            outcomes.Add(import.Again()
                ?? Take(
                    import, ExportLines.Of(export.Account), export with { Rejects = () => [], LeftOut = () => [] },
                    ContentKind.Accounts, done => watch("account", done)));
        }

        return outcomes;
    }

    /// <summary>Registers somebody outside: what is said on the command line is an observation like an import's, with
    /// the same guarantees.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="rows">A name or a handle each.</param>
    /// <param name="observedAt">Since when this is known; null = now.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="AvalException">Busy: an import runs. Nothing was registered.</exception>
    public static ImportOutcome Person(
        Workspace workspace, IReadOnlyList<AccountRow> rows, DateTimeOffset? observedAt, TimeProvider clock)
    {
        var lines = ExportLines.Of(rows).ToArray();
        var said = Encoding.UTF8.GetBytes(string.Join('\n', lines.Select(line => line.Json)));
        var options = new ImportOptions(
            ContentKind.Accounts, null, Snapshot: false, InPlace: false, observedAt, null, null, EngineLimits.Default);
        var file = new SourceFile("command line", Convert.ToHexStringLower(SHA256.HashData(said)), said.Length);
        using var import = Begin(workspace, "person", "person", [file], null, options, clock);
        if (import.Again() is { } again)
            return again;
        var source = TableSource.OfLines(import.Engine, lines, ContentKind.Accounts);
        return import.Take(
            source, Mapping.Canonical(ContentKind.Accounts, source.Columns), [file.Path], () => [], () => [], _ => { });
    }

    // An export that names its account in another spelling, and a source that is stated so, is the same as before.
    private static string SourceOf(Workspace workspace, string source) =>
        workspace.Settings.Services.Account(source).Value ?? source;

    private static ImportOutcome Take(
        ImportDraft import, IEnumerable<TextLine> lines, IncomingExport export, ContentKind kind, Action<double> watch)
    {
        // An export in which nobody wrote anything has no lines, and is an export nevertheless.
        var source = TableSource.OfLines(import.Engine, lines, kind);
        return import.Take(
            source, Mapping.Canonical(kind, source.Columns), [export.Source], export.Rejects, export.LeftOut, watch,
            export.RequireUnchanged);
    }

    private static ImportDraft Begin(Workspace workspace, string format, string source, IReadOnlyList<
        SourceFile> files, Mapping? mapping, ImportOptions options, TimeProvider clock,
        TablePartitions? partitions = null)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(clock);
        if (options.Snapshot && options.As != ContentKind.Items)
            throw AvalException.Usage($"--snapshot is for items: what is missing among {options.As.ToText()} was not "
                + "deleted by that. Nothing was imported.");
        if (options.Audience is { } audience && !Vocabulary.Audiences.Contains(audience))
            throw AvalException.Usage($"--audience is one of {string.Join(", ", Vocabulary.Audiences)}, "
                + $"but \"{audience}\" was found. Nothing was imported.");
        var now = clock.UtcNow();
        if (options.ObservedAt > now.AddDays(1))
            throw AvalException.Usage($"--observed-at {options.ObservedAt.Value.ToText()} lies in the future; "
                + $"it is {now.ToText()}. Nothing was imported.");
        Engine.RemoveLeftovers(workspace.Temporary, clock);
        return ImportDraft.Begin(workspace, now, options, new ImportRecord(
            "", options.As.ToText(), format, source, options.Snapshot, options.Audience, options.ObservedAt?.ToText(),
            mapping?.Expressions.ToDictionary(entry => entry.Key, entry => entry.Value.Sql, StringComparer.Ordinal),
            now.ToText(), files, options.InPlace,
            0, false, false, null, null, ObservationSum.Zero.ToString(), new ImportCounts(0, 0, 0, 0, 0, 0, 0, 0), [])
        {
            Partitions = partitions,
            Services = workspace.Settings.Services.ToString(),
            Account = options.Account?.ToString(),
            Reader = EngineVersion.Program,
        });
    }
}

/// <summary>
/// An import under way: it holds the content's lock and an engine, and is nothing until its record is written.
/// </summary>
internal sealed partial class ImportDraft : IDisposable
{
    private readonly Workspace _workspace;
    private readonly FileLock _lock;
    private readonly ReadLog _log;
    private readonly ContentChecks _checks;
    private readonly Observations _earlier;
    private UnderWay? _work;
    private readonly List<StoredFile> _wrote = [];
    private readonly DateTimeOffset _now;
    private readonly ImportOptions _options;
    private readonly ImportRecord _record;

    private ImportDraft(Workspace workspace, FileLock held, Engine engine, ReadLog log,
        DateTimeOffset now, ImportOptions options, ImportRecord record)
    {
        _workspace = workspace;
        _lock = held;
        Engine = engine;
        ContentFunctions.Provide(engine);
        _log = log;
        _checks = ContentChecks.Open(workspace);
        _now = now;
        _options = options;
        _record = record;
        _earlier = new Observations(log.Records, record.Kind, _checks);
    }

    public Engine Engine { get; }

    private ContentFiles Files => ContentFiles.Of(_workspace, _record);

    public static ImportDraft Begin(Workspace workspace, DateTimeOffset now, ImportOptions options, ImportRecord record)
    {
        FileModes.MakePrivateFolder(workspace.Content);
        var held = workspace.LockContent(TimeSpan.FromSeconds(10));
        try
        {
            // A compaction may have split the buckets while this import waited for the lock.
            workspace = workspace.WithBucketsAsWritten();
            // An import that repeats one whose line was not flushed is acknowledged by that line.
            ImportLog.Flush(workspace);
            var log = ImportLog.ReadAll(workspace);
            ImportForms.Require(workspace, log.Records);
            UnderWay.RemoveUnfinished(workspace.Content, log.Writers.ToHashSet(StringComparer.Ordinal));
            record = record with { ImportId = log.NextId(record.Kind) };
            var engine = Engine.Open(workspace.Temporary, options.Limits, workspace.ReadKey());
            return Ownership.Hand(engine, () =>
            {
                var draft = new ImportDraft(workspace, held, engine, log, now, options, record);
                return draft.IsOfErased()
                    ? new ImportDraft(workspace, held, engine, log, now, options, record.Unnamed(engine.Key.Erased))
                    : draft;
            });
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Checks every row, compares it with what is there, stores what is new, and makes the import be.
    /// </summary>
    public ImportOutcome Take(
        TableSource source, Mapping mapping, IReadOnlyList<string> files, Func<IReadOnlyList<Reject>> broken,
        Func<IReadOnlyList<LeftOut>> leftOut, Action<double> watch, Action? requireUnchanged = null)
    {
        var kind = _record.Kind;
        var stated = new Stated(
            _options.ObservedAt ?? _now, _options.Audience, _now.AddDays(1), _workspace.Settings.Services);
        IdFunctions.Register(Engine, stated.Services);
        LockDown(files);
        var readings = mapping.Readings(Engine, kind, source.Columns, stated, files[0]);
        TableSource.Guarded(
            Engine, _options.As is ContentKind.Items && _record.Format is not "table" ? [] : files, () =>
            {
                Engine.ExecuteWatched(ImportSql.Incoming(kind, readings), watch);
                return true;
            });
        RefuseUnreadBounce(files);
        // Parquet is read now and not before; from here on nothing is read of the sources.
        requireUnchanged?.Invoke();
        var erased = DropErased(kind, files);
        Engine.Execute(ImportSql.Accepted(kind, _options.ObservedAt is null));
        Engine.Execute(ImportSql.Held(kind, stated.ObservedAt, _options.ObservedAt is null));
        var rejects = Rejects(files, broken());
        Compare(kind);
        var snapshot = Observe();
        var deleted = Lacking(snapshot, "SELECT key FROM observed");
        Engine.Execute(ImportSql.Contested(_earlier.Contested()));
        var record = Store(kind, rejects.Count, deleted, erased) with
        {
            LeftOut = _record.IsUnnamed ? ImportRecord.Unnamed(leftOut()) : leftOut(),
            Wrote = _wrote,
            SnapshotAt = snapshot?.ToText(),
            ObservedNow = IsObservedNow(),
            InForm = Engine.Scalar<bool>("SELECT coalesce(bool_and(in_form), true) FROM incoming WHERE reject IS NULL"),
        };
        Commit(record);
        return Outcome(record, isKnown: false) with
        {
            Rejects = rejects.First,
            RejectsFile = rejects.Count > 0 ? Files.Rejects : null,
            Ignored = mapping.File is null
                ? [.. source.Columns.Keys.Except(CanonicalColumns.Of(kind).Select(column => column.Name))
                    .Order(StringComparer.Ordinal)
                    .Select(Shown.Of)]
                : [],
        };
    }

    // Notices are a set, so nothing can be held by one that is not taken: without it a delivery that came back would go
    // on counting, and its person as informed.
    private void RefuseUnreadBounce(IReadOnlyList<string> files)
    {
        foreach (var reject in Engine.Query(
            """
            SELECT aval_file, aval_line, reject."column", reject.reason, coalesce(left(reject.found, 80), '')
            FROM incoming WHERE reject IS NOT NULL AND says_bounced ORDER BY aval_file, aval_line LIMIT 1
            """,
            row => new Reject(
                files[(int)row.GetInt64(0)], row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4))))
        {
            throw AvalException.BadInput(
                $"{reject.Describe()} The row says that a notice came back, and without it those who did not get the "
                + "notice would count as informed. Nothing was imported. Correct the row and run the import again.");
        }
    }

    public void Dispose()
    {
        Engine.Dispose();
        _work?.Abandon();
        _lock.Dispose();
    }

    // A mapping's expressions are somebody's SQL: from here on the engine reaches the sources and the content, and
    // nothing else.
    private void LockDown(IReadOnlyList<string> files)
    {
        string[] reached = [.. files.Where(File.Exists), .. ContentViews.InPlaceFiles(_workspace)];
        // A name with *, ? or [ is asked for as the pattern that means just it, and found as itself.
        Engine.Execute($"""
            SET allowed_paths = {Engine.Literal(ParquetFiles.Spellings(reached))};
            SET allowed_directories
                = {Engine.Literal(ParquetFiles.Spellings([_workspace.Content + "/", _workspace.Temporary + "/"]))};
            SET enable_external_access = false
            """);
    }

    private void Compare(ContentKind kind)
    {
        Engine.Execute(_earlier.Records.Count == 0 ? ImportSql.KnowsNothing : ImportSql.Knows(_earlier.All()));
        _checks.Keep();
        Engine.Execute(ImportSql.Judged);
    }

    private ImportRecord Store(ContentKind kind, long rejected, long deleted, long erased)
    {
        var files = Files;
        var stored = Engine.Scalar<long>("SELECT count(*) FROM taken WHERE stored");
        var copied = _options.InPlace ? 0 : stored;
        if (copied > 0)
            LayOut(kind, copied);
        if (copied > 0 && kind is ContentKind.Items)
            IndexItems();
        Write(files.Index, "SELECT key, fp, make_timestamptz(epoch_us(observed_at)) AS observed_at, held, stored, "
            + "deleted, undated, known FROM observed");
        const string telling =
            "FROM held WHERE coalesce(person, handle, display_name, birth_year::VARCHAR) IS NOT NULL";
        var links = Engine.Scalar<bool>($"SELECT EXISTS ({telling})");
        if (links)
            Write(files.Links, "SELECT key AS account, person, handle, display_name, birth_year, "
                + $"make_timestamptz(epoch_us(observed_at)) AS observed_at {telling} ORDER BY ALL");
        var skipped = _options.InPlace
            && (erased > 0 || Engine.Scalar<long>("SELECT count(*) FROM incoming") != stored);
        if (skipped)
            Write(
                files.Skipped,
                "SELECT aval_file, aval_line FROM incoming WHERE rowid NOT IN (SELECT rid FROM taken WHERE stored)"
                    + (erased > 0 ? " UNION ALL SELECT aval_file, aval_line FROM erased_rows" : ""));
        var observed = Engine.Query(
            "SELECT epoch_us(min(observed_at)), epoch_us(max(observed_at)) FROM observed",
            row => row.IsDBNull(0) ? ((long, long)?)null : (row.GetInt64(0), row.GetInt64(1)))[0];
        return _record with
        {
            Stored = copied,
            Contested = WriteContested(),
            Skipped = skipped,
            Links = links,
            LastWritten = kind is ContentKind.Items ? LastWritten() : null,
            FirstObserved = observed is { } range ? Instant.FromMicroseconds(range.Item1).ToText() : null,
            LastObserved = observed is { } until ? Instant.FromMicroseconds(until.Item2).ToText() : null,
            ObservationSum = ObservationSum.Of(Engine, "observed WHERE NOT known").ToString(),
            Counts = Engine.Query(ImportSql.Counts, row => new ImportCounts(
                row.GetInt64(0) + rejected + erased, row.GetInt64(1), row.GetInt64(2), row.GetInt64(3),
                row.GetInt64(4), row.GetInt64(5), deleted, rejected, row.GetInt64(6))
            {
                Erased = erased,
            })[0],
        };
    }

    private (IReadOnlyList<Reject> First, long Count) Rejects(IReadOnlyList<string> files, IReadOnlyList<Reject> broken)
    {
        Engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE file_names AS
            SELECT unnest(range(len(names))) AS aval_file, unnest(names) AS file
            FROM (SELECT {Engine.Literal(files)} AS names)
            """);
        Engine.Execute("CREATE OR REPLACE TEMP TABLE rejects (file VARCHAR, line BIGINT, \"column\" VARCHAR, "
            + "reason VARCHAR, found VARCHAR)");
        using (var transaction = Engine.Connection.BeginTransaction())
        {
            using (var appender = Engine.Connection.CreateAppender<Reject, RejectMap>("rejects"))
                appender.AppendRecords(broken);
            transaction.Commit();
        }

        Engine.Execute("INSERT INTO rejects SELECT file, aval_line, broken.\"column\", reason, found "
            + "FROM broken JOIN file_names USING (aval_file)");
        Engine.Execute("INSERT INTO rejects SELECT file, aval_line, reject.\"column\", reject.reason, "
            + "left(reject.found, 80) FROM incoming JOIN file_names USING (aval_file) WHERE reject IS NOT NULL");
        if (_record.IsUnnamed)
            Engine.Execute($"""
                UPDATE rejects SET file = {Engine.Literal(ImportRecord.Erased)},
                    found = CASE WHEN found <> '' THEN {Engine.Literal(ImportRecord.Erased)} ELSE found END
                """);
        var count = Engine.Scalar<long>("SELECT count(*) FROM rejects");
        if (count == 0)
            return ([], 0);
        Copy(Files.Rejects, "FROM rejects ORDER BY file, line", "FORMAT json, ARRAY false");
        return (Engine.Query(
            "SELECT file, line, \"column\", reason, found FROM rejects "
                + $"ORDER BY file, line LIMIT {Importing.RejectsShown}",
            row => new Reject(
                row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetString(3),
                row.IsDBNull(4) ? "" : row.GetString(4))), count);
    }

    // Into each row's bucket: many rows into a file a bucket, few into one that is sorted by bucket.
    private void LayOut(ContentKind kind, long count)
    {
        var buckets = _workspace.Settings.Buckets;
        var rows = $"""
            SELECT {CanonicalColumns.ForFile(kind)}, bucket_of({ContentLayout.Owner(kind)}, {buckets}) AS bucket,
                {Engine.Literal(_record.ImportId)} AS import_id
            FROM {ImportSql.StoredRows}
            """;
        if (count < (long)buckets * ContentLayout.RowsOfOwnFile)
        {
            Copy(
                Files.Rows, $"{rows} ORDER BY bucket",
                $"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ContentLayout.SharedRowGroup}");
            var held = Engine.Query(
                $"SELECT DISTINCT bucket FROM {ParquetFiles.Rows(_work!.Now(Files.Rows))} ORDER BY bucket",
                row => row.GetInt32(0));
            _wrote[^1] = _wrote[^1] with { Buckets = held, OutOf = buckets };
            return;
        }

        foreach (var (bucket, path) in ContentLayout.Spread(Engine, rows, _work!.Folder("rows"), buckets))
        {
            File.Move(path, _work.Write(Files.RowsOf(bucket)));
            Add(Files.RowsOf(bucket));
            _wrote[^1] = _wrote[^1] with { Buckets = [bucket], OutOf = buckets };
        }
    }

    // From the rows as they were written: what is found by it is there.
    private void IndexItems()
    {
        string[] rows = [.. _wrote.Where(file => file.Buckets is not null)
            .Select(file => _work!.Now(Path.Combine(_workspace.Content, file.Path)))];
        Copy(Files.Places, ItemIndex.PlacesOf(rows), ItemIndex.Format);
        Copy(Files.Naming, ItemIndex.NamingOf(rows, _workspace.Settings.Buckets), ItemIndex.Format);
    }

    private string? LastWritten() => Engine.Query(
        $"SELECT epoch_us(max(greatest(created_at, public_since))) FROM {ImportSql.StoredRows}",
        row => row.IsDBNull(0) ? null : Instant.FromMicroseconds(row.GetInt64(0)).ToText())[0];

    private void Write(string place, string rows) => Copy(place, rows, "FORMAT parquet, COMPRESSION zstd");

    private void Copy(string place, string rows, string format)
    {
        Engine.Execute($"COPY ({rows}) TO {Engine.Literal(_work!.Write(place))} ({format})");
        Add(place);
    }

    private void Add(string place)
    {
        var path = _work!.Now(place);
        FileModes.MakePrivate(path);
        Durable.FlushFile(path);
        var written = TableSource.Describe(path);
        _wrote.Add(new StoredFile(ContentFiles.Relative(_workspace, place), written.Sha256, written.Bytes));
    }

    private sealed class RejectMap : DuckDB.NET.Data.Mapping.DuckDBAppenderMap<Reject>
    {
        public RejectMap()
        {
            Map(reject => reject.File);
            Map(reject => reject.Line);
            Map(reject => reject.Column);
            Map(reject => reject.Reason);
            Map(reject => reject.Found.Length <= 80 ? reject.Found : reject.Found[..80]);
        }
    }
}
