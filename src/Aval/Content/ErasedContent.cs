using System.Globalization;
using Aval.Content.Tables;
using Aval.Storage;

namespace Aval.Content;

/// <summary>
/// Takes items out of content: every file with a row of theirs is written again without it, the indexes of where items
/// lie and what was observed of them too. What it writes is complete, and told by the log, before what it replaces
/// goes.
/// </summary>
internal sealed class ErasedContent
{
    private readonly Workspace _workspace;
    private readonly Engine _engine;
    private readonly ContentChecks _checks;
    private readonly ContentFiles _target;
    private readonly UnderWay _work;
    private readonly HashSet<string> _folded;
    private readonly List<string> _replaced = [];
    private long _rows;

    private ErasedContent(Workspace workspace, Engine engine, ReadLog log, ContentFiles target, UnderWay work)
    {
        (_workspace, _engine, _target, _work) = (workspace, engine, target, work);
        _checks = ContentChecks.Open(workspace);
        _folded = log.Folds.SelectMany(fold => fold.Replaced).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Takes them out. Needs the content's lock.</summary>
    /// <param name="workspace">Whose content.</param>
    /// <param name="engine">Has <c>erasing_items</c> (service, item_id) and <c>erasing_authors</c> (service, item_id,
    /// author), none of which was left in place.</param>
    /// <param name="clock">Says when.</param>
    /// <returns>How many versions were taken.</returns>
    public static long Take(Workspace workspace, Engine engine, TimeProvider clock)
    {
        var log = ImportLog.ReadAll(workspace);
        var target = new ContentFiles(workspace.Content, log.NextId(ContentKind.Items), ContentKind.Items);
        var work = UnderWay.Begin(target);
        try
        {
            ContentFunctions.Provide(engine);
            ErasedTokens.Provide(engine);
            engine.Execute("CREATE OR REPLACE TEMP TABLE erasing_keys AS "
                + $"SELECT {CanonicalColumns.Key(ContentKind.Items)} AS key FROM erasing_items");
            var taking = new ErasedContent(workspace, engine, log, target, work);
            var records = log.Records.Where(record => record.Kind is ContentKind.Items)
                .Select(record => taking.Again(record.Wrote) is { } wrote ? record with { Wrote = wrote } : null)
                .OfType<ImportRecord>().ToArray();
            var folds = log.Folds.Where(fold => fold.As == ContentKind.Items.ToText())
                .Select(fold => taking.Again(fold.Wrote) is { } wrote ? fold with { Wrote = wrote } : null)
                .OfType<ContentFold>().ToArray();
            var tokens = taking.Write(target.Erased, ErasedTokens.Of("erasing_authors"), "FORMAT parquet");
            taking._checks.Keep();
            work.Place();
            ImportLog.Append(workspace, log, new ContentErasure(
                target.ImportId, target.Kind.ToText(), clock.UtcNow().ToText(),
                engine.Scalar<long>("SELECT count(*) FROM erasing_items"), taking._rows, records, folds, tokens,
                taking._replaced));
            work.Complete();
            return taking._rows;
        }
        finally
        {
            work.Abandon();
        }
    }

    /// <summary>The files that erasures and folds replaced and that are still there: they have what was
    /// erased.</summary>
    public static IReadOnlyList<string> Replaced(Workspace workspace)
    {
        var log = ImportLog.ReadAll(workspace);
        return log.Erasures.Count == 0
            ? []
            : [.. log.Erasures.SelectMany(erasure => erasure.Replaced)
                .Concat(log.Folds.SelectMany(fold => fold.Replaced)).Distinct(StringComparer.Ordinal)
                .Select(path => Path.Combine(workspace.Content, path)).Where(File.Exists)];
    }

    // null = nothing in them is erased.
    private List<StoredFile>? Again(IReadOnlyList<StoredFile> wrote)
    {
        var after = wrote.Select(file => _folded.Contains(file.Path) ? file : Again(file)).ToList();
        if (wrote.SequenceEqual(after))
            return null;
        var rows = after.OfType<StoredFile>().Where(file => file.Buckets is not null && !_folded.Contains(file.Path))
            .ToArray();
        if (!wrote.Where(file => file.Buckets is not null).SequenceEqual(
            after.OfType<StoredFile>().Where(file => file.Buckets is not null)))
            Reindex(after, rows);
        return [.. after.OfType<StoredFile>()];
    }

    // null = nothing is left in it.
    private StoredFile? Again(StoredFile file)
    {
        var isRows = file.Buckets is not null;
        if (!isRows && !file.Path.StartsWith("index/", StringComparison.Ordinal)
            && !file.Path.StartsWith("contested/", StringComparison.Ordinal))
            return file;
        var from = ParquetFiles.Rows(_checks.Written(_target.ImportId, file));
        var on = isRows ? "erasing_items USING (service, item_id)" : "erasing_keys USING (key)";
        var gone = _engine.Scalar<long>($"SELECT count(*) FROM {from} SEMI JOIN {on}");
        if (gone == 0)
            return file;
        _replaced.Add(file.Path);
        if (isRows)
            _rows += gone;
        var left = _engine.Scalar<long>($"SELECT count(*) FROM {from}") - gone;
        if (isRows && left == 0)
            return null;
        var isShared = isRows && !ContentLayout.IsOfOneBucket(file.Path);
        var written = Write(
            _target.InPlaceOf(file.Path),
            $"FROM {from} ANTI JOIN {on}" + (isShared ? " ORDER BY bucket, author, service, item_id, observed_at"
                : isRows ? " ORDER BY author, service, item_id, observed_at" : " ORDER BY ALL"),
            "FORMAT parquet, COMPRESSION zstd"
                + (isShared ? $", ROW_GROUP_SIZE {Number(ContentLayout.SharedRowGroup)}" : ""));
        var again = ParquetFiles.Rows(Now(written));
        if (_engine.Scalar<long>($"SELECT count(*) FROM {again}") != left)
            throw new InvalidOperationException($"{file.Path} has {left} rows that were not erased, and other than "
                + "that many were written. Nothing was changed.");
        return !isRows ? written : written with
        {
            Buckets = _engine.Query($"SELECT DISTINCT bucket FROM {again} ORDER BY bucket", row => row.GetInt32(0)),
            OutOf = file.OutOf,
        };
    }

    // Where a writer's items lie is told by its rows as they are now; of one that has none left, by nothing.
    private void Reindex(List<StoredFile?> files, StoredFile[] rows)
    {
        string[] paths = [.. rows.Select(file => Now(file))];
        for (var at = 0; at < files.Count; at++)
        {
            if (files[at] is not { } index || !ItemIndex.IsPart(index.Path) || _folded.Contains(index.Path))
                continue;
            _replaced.Add(index.Path);
            files[at] = paths.Length == 0 ? null : Write(
                _target.InPlaceOf(index.Path),
                index.Path.StartsWith(ItemIndex.PlacesFolder + "/", StringComparison.Ordinal)
                    ? ItemIndex.PlacesOf(paths)
                    : ItemIndex.NamingOf(paths, rows[0].OutOf!.Value),
                ItemIndex.Format);
        }
    }

    // Where a file lies while this is under way: those that were not written again, where they always did.
    private string Now(StoredFile file) => ContentFiles.IsOf(file.Path, _target.ImportId)
        ? _work.Now(Path.Combine(_workspace.Content, file.Path))
        : Path.Combine(_workspace.Content, file.Path);

    private StoredFile Write(string place, string sql, string format)
    {
        var path = _work.Write(place);
        _engine.Execute($"COPY ({sql}) TO {Engine.Literal(path)} ({format})");
        FileModes.MakePrivate(path);
        Durable.FlushFile(path);
        var written = TableSource.Describe(path);
        return new StoredFile(ContentFiles.Relative(_workspace, place), written.Sha256, written.Bytes);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
