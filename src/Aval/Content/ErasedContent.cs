using Aval.Storage;

namespace Aval.Content;

/// <summary>
/// Takes items, and persons of whom everything was erased, out of content: every file with a row of theirs is written
/// again without it, the indexes of where items lie and what was observed of them too; and what others wrote about such
/// persons is written again with what names them masked. What it writes is complete, and told by the log, before what
/// it replaces goes.
/// </summary>
internal sealed class ErasedContent
{
    private readonly Workspace _workspace;
    private readonly Engine _engine;
    private readonly ErasedFiles _files;
    private readonly HashSet<string> _folded;
    private readonly ContentErasure[] _naming;
    private readonly HashSet<string> _told;
    private readonly Rewrite? _rewrite;

    private ErasedContent(Workspace workspace, Engine engine, ReadLog log, ErasedFiles files, Rewrite? rewrite)
    {
        (_workspace, _engine, _files, _rewrite) = (workspace, engine, files, rewrite);
        _folded = log.Folds.SelectMany(fold => fold.Replaced).ToHashSet(StringComparer.Ordinal);
        // What their lines told is told again, since they are forgotten.
        _naming = [.. log.Erasures.Where(erasure => erasure.Records.Any(IsNamed))];
        _told = _naming.SelectMany(erasure => erasure.Records.Select(record => record.ImportId)
            .Concat(erasure.Folds.Select(fold => fold.FoldId))).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Takes them out. Needs the content's lock.</summary>
    /// <param name="workspace">Whose content.</param>
    /// <param name="engine">Has <c>erasing_items</c> (service, item_id), <c>erasing_authors</c> (service, item_id,
    /// author), none of which was left in place, and the tables of <see cref="ErasedFiles"/>.</param>
    /// <param name="clock">Says when.</param>
    /// <param name="rewrite">A file left in place that its owner wrote again, with <c>erasing_skipped</c> (import_id,
    /// aval_file, aval_line) of what is not taken from it; null = none.</param>
    /// <returns>How many versions of items were taken.</returns>
    public static long Take(Workspace workspace, Engine engine, TimeProvider clock, Rewrite? rewrite = null)
    {
        var log = ImportLog.ReadAll(workspace);
        var target = new ContentFiles(workspace.Content, log.NextId(ContentKind.Items), ContentKind.Items);
        var work = UnderWay.Begin(target);
        try
        {
            ContentFunctions.Provide(engine);
            ErasedTokens.Provide(engine);
            var files = new ErasedFiles(workspace, engine, target, work);
            var taking = new ErasedContent(workspace, engine, log, files, rewrite);
            var (records, folds) = (
                log.Records.Select(taking.Again).OfType<ImportRecord>().ToArray(),
                log.Folds.Select(taking.Again).OfType<ContentFold>().ToArray());
            var gone = Resolution.GoneSums(
                new Observations(log.Records, ContentKind.Items, ContentChecks.Open(workspace)), "erasing_keys_items");
            var tokens = files.Write(
                target.Erased,
                $"{ErasedTokens.Of("erasing_authors")} UNION ALL BY NAME {ErasedTokens.OfPersons} "
                    + (gone is null ? "" : $"UNION ALL BY NAME {ErasedTokens.OfGone(gone)} ") + "ORDER BY ALL",
                "FORMAT parquet");
            files.Keep();
            PlacedFiles.RequireUnchanged(engine, workspace);
            work.Place();
            ImportLog.Append(workspace, log, new ContentErasure(
                target.ImportId, target.Kind.ToText(), clock.UtcNow().ToText(),
                engine.Scalar<long>("SELECT count(*) FROM erasing_items"), files.Taken, records, folds, tokens,
                files.Replaced)
            {
                Earlier = [.. taking._naming.Select(taking.Unnamed)],
            });
            work.Complete();
            return files.Taken;
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

    // Of an export the record itself says whose it was.
    private bool IsNamed(ImportRecord record)
    {
        string[] whose = [.. record.Names.Where(name => Account.TryParse(name, out _))];
        return whose.Length > 0 && _engine.Scalar<bool>(
            $"SELECT EXISTS (FROM erasing_accounts WHERE account IN {Engine.Literal(whose)})");
    }

    private ImportRecord Unnamed(ImportRecord record) =>
        IsNamed(record) ? record.Unnamed(_engine.Key.Erased) : record;

    private ContentErasure Unnamed(ContentErasure erasure) =>
        erasure with { Records = [.. erasure.Records.Select(Unnamed)] };

    // null = nothing in it is erased.
    private ImportRecord? Again(ImportRecord record)
    {
        var isNamed = IsNamed(record);
        var wrote = Again(record.Wrote, isNamed);
        var again = wrote is not null || isNamed || _told.Contains(record.ImportId)
            ? Unnamed(record) with { Wrote = wrote ?? record.Wrote }
            : null;
        return _rewrite is { } rewrite && rewrite.Concerns(record) ? Rewritten(again ?? record, rewrite) : again;
    }

    // What of the new file is not taken lies on other lines than it did.
    private ImportRecord Rewritten(ImportRecord record, Rewrite rewrite)
    {
        var rows = $"""
            SELECT aval_file, aval_line FROM erasing_skipped WHERE import_id = {Engine.Literal(record.ImportId)}
            """;
        var any = _engine.Scalar<bool>($"SELECT EXISTS ({rows})");
        var old = record.Wrote.FirstOrDefault(file => file.Path.StartsWith("skipped/", StringComparison.Ordinal));
        const string format = "FORMAT parquet, COMPRESSION zstd";
        var written = (any, old) switch
        {
            (true, { } skipped) => _files.InPlaceOf(skipped, $"{rows} ORDER BY ALL", format),
            (true, null) => _files.Beside($"skipped/{record.ImportId}.parquet", $"{rows} ORDER BY ALL", format),
            (false, { } skipped) => _files.Without(skipped),
            (false, null) => null,
        };
        return record with
        {
            Files = [.. record.Files.Select(file => file.Path == rewrite.Old ? rewrite.New : file)],
            Skipped = any,
            Wrote = [.. record.Wrote.Where(file => file != old).Append(written).OfType<StoredFile>()],
        };
    }

    private ContentFold? Again(ContentFold fold) =>
        Again(fold.Wrote) is var wrote && (wrote is not null || _told.Contains(fold.FoldId))
            ? fold with { Wrote = wrote ?? fold.Wrote }
            : null;

    // null = nothing in them is erased. Own: of somebody of whom everything is.
    private List<StoredFile>? Again(IReadOnlyList<StoredFile> wrote, bool isOwn = false)
    {
        var after = wrote.Select(file => _folded.Contains(file.Path) ? file : _files.Again(file, isOwn)).ToList();
        if (wrote.SequenceEqual(after))
            return null;
        var rows = after.OfType<StoredFile>().Where(file => file.Buckets is not null && !_folded.Contains(file.Path))
            .ToArray();
        if (!wrote.Where(file => file.Buckets is not null).SequenceEqual(
            after.OfType<StoredFile>().Where(file => file.Buckets is not null)))
            Reindex(after, rows);
        return [.. after.OfType<StoredFile>()];
    }

    // Where a writer's items lie is told by its rows as they are now; of one that has none left, by nothing.
    private void Reindex(List<StoredFile?> files, StoredFile[] rows)
    {
        string[] paths = [.. rows.Select(_files.Now)];
        for (var at = 0; at < files.Count; at++)
        {
            if (files[at] is not { } index || !ItemIndex.IsPart(index.Path) || _folded.Contains(index.Path))
                continue;
            files[at] = paths.Length == 0 ? _files.Without(index) : _files.InPlaceOf(
                index,
                index.Path.StartsWith(ItemIndex.PlacesFolder + "/", StringComparison.Ordinal)
                    ? ItemIndex.PlacesOf(paths)
                    : ItemIndex.NamingOf(paths, rows[0].OutOf!.Value),
                ItemIndex.Format);
        }
    }
}
