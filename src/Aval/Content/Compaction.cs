using System.Globalization;
using System.Text.RegularExpressions;
using Aval.Content.Tables;
using Aval.Storage;

namespace Aval.Content;

/// <summary>What a compaction did to one kind of content.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Before">Files with rows before.</param>
/// <param name="After">And after.</param>
/// <param name="Rows">Rows written together.</param>
/// <param name="Waiting">Files that are replaced and go when no command reads them any more.</param>
internal sealed record CompactionOutcome(ContentKind Kind, int Before, int After, long Rows, int Waiting);

/// <summary>
/// Writes rows of content together again, so that each bucket's lie in one sorted file: what a build reads then is one
/// file a bucket. No row is changed, and no release. What it writes is complete, and told by the log, before what it
/// replaces is dropped; a kill in between leaves both, and the log says which counts.
/// </summary>
internal static partial class Compaction
{
    /// <summary>Folds all content.</summary>
    /// <param name="workspace">Whose.</param>
    /// <param name="buckets">Into how many buckets accounts are spread from here on, twice as many as before; null = as
    /// many as now.</param>
    /// <param name="limits">How much of the machine it may use.</param>
    /// <param name="clock">Says when.</param>
    /// <param name="watch">Told what is folded, and how much of it is done, 0–1.</param>
    /// <exception cref="AvalException">Usage: the buckets are not twice as many. Busy: an import or another compaction
    /// runs. Bad input: a file is not as it was written.</exception>
    public static IReadOnlyList<CompactionOutcome> Fold(
        Workspace workspace, int? buckets, EngineLimits limits, TimeProvider clock, Action<string, double> watch)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(watch);
        using var held = workspace.LockContent(TimeSpan.FromSeconds(10));
        // Another compaction may have split the buckets while this one waited for the lock.
        workspace = workspace.AsWritten();
        var into = buckets ?? workspace.Settings.Buckets;
        RequireSplit(workspace, into);
        TidyUp(workspace);
        RequireFoldable(workspace, into, isSplit: buckets is not null);
        Engine.RemoveLeftovers(workspace.Temporary, clock);
        var outcomes = new List<CompactionOutcome>();
        foreach (var kind in Enum.GetValues<ContentKind>())
        {
            var log = ImportLog.ReadAll(workspace);
            var layout = ContentLayout.Of(log, kind);
            if (layout.Files.Count == 0)
                continue;
            outcomes.Add(layout.IsFolded(into) && (kind is not ContentKind.Items || IsIndexed(workspace, log, layout))
                ? new CompactionOutcome(kind, layout.Files.Count, layout.Files.Count, 0, 0)
                : FoldKind(workspace, kind, layout.Files, into, limits, clock, done => watch(kind.ToText(), done)));
        }

        // Last: until here the workspace is one of as many buckets as before, and the command can be run again.
        if (into != workspace.Settings.Buckets)
        {
            NoteSplit(workspace, into, clock);
            WriteBuckets(workspace, into);
        }

        return [.. outcomes.Select(outcome => outcome with { Waiting = DropReplaced(workspace, outcome.Kind) })];
    }

    /// <summary>
    /// Writes the rows of content that was left in place into their buckets: from here on these are read, and the files
    /// are not.
    /// </summary>
    /// <returns>How many rows; 0 = none was left in place.</returns>
    public static long LayOut(
        Workspace workspace, ContentKind kind, EngineLimits limits, TimeProvider clock, Action<double> watch)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(watch);
        using var held = workspace.LockContent(TimeSpan.FromSeconds(10));
        workspace = workspace.AsWritten();
        TidyUp(workspace);
        var log = ImportLog.ReadAll(workspace);
        var left = log.LeftInPlace.Where(record => record.Kind == kind).ToArray();
        if (left.Length == 0)
            return 0;
        var target = new ContentFiles(workspace.Content, log.NextId(kind), kind);
        var work = UnderWay.Begin(target);
        try
        {
            using var engine = Engine.Open(workspace.Temporary, limits, workspace.ReadKey());
            ContentFunctions.Provide(engine);
            var checks = ContentChecks.Open(workspace);
            var buckets = workspace.Settings.Buckets;
            var rows = string.Join("\nUNION ALL\n", left.Select((record, at) => $"""
                SELECT {CanonicalColumns.ForFile(kind)},
                    bucket_of({ContentLayout.Owner(kind)}, {Number(buckets)}) AS bucket,
                    {Engine.Literal(record.ImportId)} AS import_id
                FROM ({ContentViews.InPlace(engine, checks, record, at)})
                """));
            checks.Keep();
            watch(0);
            var wrote = new List<StoredFile>();
            foreach (var (bucket, path) in ContentLayout.Spread(engine, rows, work.Folder("rows"), buckets))
            {
                File.Move(path, work.Write(target.RowsOf(bucket)));
                wrote.Add(
                    Describe(workspace, work, target.RowsOf(bucket)) with { Buckets = [bucket], OutOf = buckets });
            }

            var total = engine.Scalar<long>($"SELECT count(*) FROM ({rows})");
            RequireAll(engine, wrote.Select(file => work.Now(Path.Combine(workspace.Content, file.Path))), total);
            wrote.AddRange(Index(workspace, engine, work, target, wrote, buckets));
            // What the log is told next is content for ever, and nobody looks at the owner's files again.
            PlacedFiles.RequireUnchanged(engine, workspace);
            work.Place();
            ImportLog.Append(workspace, log, new ContentFold(
                target.ImportId, kind.ToText(), clock.UtcNow().ToText(), buckets, wrote, [])
            {
                LaidOut = [.. left.Select(record => record.ImportId)],
            });
            work.Complete();
            return total;
        }
        finally
        {
            work.Abandon();
        }
    }

    /// <summary>Folds the files that buckets share, once there are many; the files of one bucket stay as they are. When
    /// somebody else works on the content now, a later import does it.</summary>
    internal static void FoldShared(
        Workspace workspace, ContentKind kind, EngineLimits limits, TimeProvider clock, Action<double> watch)
    {
        // The import that asks is in, and must not end as one that was refused.
        using var held = workspace.TryLockContent();
        if (held is null)
            return;
        workspace = workspace.AsWritten();
        TidyUp(workspace);
        var shared = ContentLayout.Of(ImportLog.ReadAll(workspace), kind).Shared.ToArray();
        if (shared.Length < ContentLayout.SharedFiles
            || shared.Any(rows => rows.File.OutOf != workspace.Settings.Buckets))
            return;
        FoldKind(workspace, kind, shared, workspace.Settings.Buckets, limits, clock, watch);
        DropReplaced(workspace, kind);
    }

    /// <summary>
    /// Whether content was split into the buckets that aval.yaml states: the next release has as many.
    /// </summary>
    internal static bool HasSplit(Workspace workspace) =>
        ImportLog.ReadAll(workspace).Folds.Any(fold => fold.Buckets == workspace.Settings.Buckets);

    // By the log a build knows that the number was not changed by hand; where all content was left in place, nothing
    // was folded that says so.
    private static void NoteSplit(Workspace workspace, int into, TimeProvider clock)
    {
        var log = ImportLog.ReadAll(workspace);
        if (log.Folds.Any(fold => fold.Buckets == into))
            return;
        const ContentKind kind = ContentKind.Items;
        ImportLog.Append(
            workspace, log,
            new ContentFold(log.NextId(kind), kind.ToText(), clock.UtcNow().ToText(), into, [], []));
    }

    private static void RequireSplit(Workspace workspace, int into)
    {
        var now = workspace.Settings.Buckets;
        if (into == now)
            return;
        if (into != 2 * now || into > Settings.MaxBuckets)
            throw AvalException.Usage($"--buckets {into}: a bucket is split into two, and there are {now} now, so this "
                + $"is {2 * now} (at most {Settings.MaxBuckets}). Nothing was done.");
    }

    // What is dropped below is dropped for what the log says. A line that a killed process wrote, and did not flush,
    // could be taken back by a power cut after that.
    private static void TidyUp(Workspace workspace)
    {
        ImportLog.Flush(workspace);
        var known = ImportLog.ReadAll(workspace).Writers.ToHashSet(StringComparer.Ordinal);
        UnderWay.RemoveUnfinished(workspace.Content, known);
    }

    // Rows lie in as many buckets as aval.yaml states, or, when a split is asked for, in half as many. What lies
    // otherwise is of a number that somebody wrote by hand, and would be looked for in the wrong files.
    private static void RequireFoldable(Workspace workspace, int into, bool isSplit)
    {
        var log = ImportLog.ReadAll(workspace);
        foreach (var layout in Enum.GetValues<ContentKind>().Select(kind => ContentLayout.Of(log, kind)))
        {
            var others = layout.Files
                .Where(rows => rows.File.OutOf != into && !(isSplit && 2 * rows.File.OutOf == into));
            new ContentLayout([.. others]).RequireBuckets(workspace);
        }
    }

    // Fewer rows would be content lost in silence; the log is not told of such a fold.
    private static void RequireAll(Engine engine, IEnumerable<string> wrote, long rows)
    {
        var written = wrote.ToArray() is { Length: > 0 } paths
            ? engine.Scalar<long>($"SELECT count(*) FROM {ParquetFiles.Rows(paths)}")
            : 0;
        if (written != rows)
            throw new InvalidOperationException($"{rows} rows were read to be written together, and {written} were "
                + "written. Nothing was changed.");
    }

    private static CompactionOutcome FoldKind(
        Workspace workspace, ContentKind kind, IReadOnlyList<RowsFile> files, int buckets, EngineLimits limits,
        TimeProvider clock, Action<double> watch)
    {
        var log = ImportLog.ReadAll(workspace);
        var checks = ContentChecks.Open(workspace);
        var target = new ContentFiles(workspace.Content, log.NextId(kind), kind);
        var work = UnderWay.Begin(target);
        try
        {
            using var engine = Engine.Open(workspace.Temporary, limits, workspace.ReadKey());
            ContentFunctions.Provide(engine);
            var paths = files.ToDictionary(rows => rows.File.Path, checks.Rows, StringComparer.Ordinal);
            checks.Keep();
            var total = engine.Scalar<long>($"SELECT count(*) FROM {ParquetFiles.Rows(paths.Values)}");
            List<StoredFile> wrote = total < (long)buckets * ContentLayout.RowsOfOwnFile
                ? [WriteShared(workspace, engine, work, target, paths.Values, buckets)]
                : WriteOwn(workspace, engine, work, target, files, paths, buckets, watch);
            RequireAll(engine, wrote.Select(file => work.Now(Path.Combine(workspace.Content, file.Path))), total);
            var index = Index(workspace, engine, work, target, wrote, buckets);
            work.Place();
            ImportLog.Append(workspace, log, new ContentFold(
                target.ImportId, kind.ToText(), clock.UtcNow().ToText(), buckets, [.. wrote, .. index],
                [.. paths.Keys, .. IndexOf(log, kind, paths)]));
            work.Complete();
            return new CompactionOutcome(kind, files.Count, wrote.Count, total, 0);
        }
        finally
        {
            work.Abandon();
        }
    }

    private static StoredFile WriteShared(
        Workspace workspace, Engine engine, UnderWay work, ContentFiles target, IEnumerable<string> from, int buckets)
    {
        var rows = Rows(target.Kind, ParquetFiles.Rows(from), buckets);
        engine.Execute($"""
            COPY ({rows} ORDER BY bucket, {Order(target.Kind)}) TO {Engine.Literal(work.Write(target.Rows))}
            (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ContentLayout.SharedRowGroup})
            """);
        var held = engine.Query(
            $"SELECT DISTINCT bucket FROM {ParquetFiles.Rows(work.Now(target.Rows))} ORDER BY bucket",
            row => row.GetInt32(0));
        return Describe(workspace, work, target.Rows) with { Buckets = held, OutOf = buckets };
    }

    // One bucket after the other: what is sorted at once is what one bucket holds.
    private static List<StoredFile> WriteOwn(
        Workspace workspace, Engine engine, UnderWay work, ContentFiles target, IReadOnlyList<RowsFile> files,
        Dictionary<string, string> paths, int buckets, Action<double> watch)
    {
        var wrote = new List<StoredFile>();
        for (var bucket = 0; bucket < buckets; bucket++)
        {
            watch((double)bucket / buckets);
            // Of half as many buckets, this one's rows lay in the one of the same number modulo that.
            var from = files.Where(rows => rows.File.Buckets!.Contains(bucket % (rows.File.OutOf ?? buckets)))
                .Select(rows => paths[rows.File.Path]).ToArray();
            if (from.Length == 0)
                continue;
            var place = target.RowsOf(bucket);
            engine.Execute($"""
                COPY (
                    FROM ({Rows(target.Kind, ParquetFiles.Rows(from), buckets)}) WHERE bucket = {Number(bucket)}
                    ORDER BY {Order(target.Kind)}
                ) TO {Engine.Literal(work.Write(place))} (FORMAT parquet, COMPRESSION zstd)
                """);
            wrote.Add(Describe(workspace, work, place) with { Buckets = [bucket], OutOf = buckets });
        }

        return wrote;
    }

    private static string Rows(ContentKind kind, string from, int buckets) =>
        $"SELECT * REPLACE (bucket_of({ContentLayout.Owner(kind)}, {Number(buckets)}) AS bucket) FROM {from}";

    private static string Order(ContentKind kind) => kind switch
    {
        ContentKind.Items => "author, service, item_id, observed_at",
        ContentKind.Accounts => "account, observed_at",
        ContentKind.Notices => "account, version, delivered_at",
    };

    // An index that is lost is made again, as one that never was.
    private static bool IsIndexed(Workspace workspace, ReadLog log, ContentLayout layout)
    {
        var checks = ContentChecks.Open(workspace);
        var whole = ItemIndex.All(log)
            .Where(index => checks.Fault(index.Writer, index.Places) is null
                && checks.Fault(index.Writer, index.Naming) is null)
            .Select(index => index.Writer).ToHashSet(StringComparer.Ordinal);
        checks.Keep();
        return layout.Files.All(rows => whole.Contains(rows.Writer));
    }

    // An index is replaced when all rows that it is of are.
    private static IEnumerable<string> IndexOf(ReadLog log, ContentKind kind, Dictionary<string, string> replaced)
    {
        if (kind is not ContentKind.Items)
            return [];
        var staying = ContentLayout.Of(log, kind).Files.Where(rows => !replaced.ContainsKey(rows.File.Path))
            .Select(rows => rows.Writer).ToHashSet(StringComparer.Ordinal);
        return ItemIndex.All(log).Where(index => !staying.Contains(index.Writer))
            .SelectMany(index => (string[])[index.Places.Path, index.Naming.Path]);
    }

    private static List<StoredFile> Index(
        Workspace workspace, Engine engine, UnderWay work, ContentFiles target, IEnumerable<StoredFile> wrote,
        int buckets)
    {
        if (target.Kind is not ContentKind.Items)
            return [];
        string[] rows = [.. wrote.Select(file => work.Now(Path.Combine(workspace.Content, file.Path)))];
        StoredFile Written(string place, string sql)
        {
            engine.Execute($"COPY ({sql}) TO {Engine.Literal(work.Write(place))} ({ItemIndex.Format})");
            return Describe(workspace, work, place);
        }

        return
        [
            Written(target.Places, ItemIndex.PlacesOf(rows)),
            Written(target.Naming, ItemIndex.NamingOf(rows, buckets)),
        ];
    }

    private static StoredFile Describe(Workspace workspace, UnderWay work, string place)
    {
        var path = work.Now(place);
        FileModes.MakePrivate(path);
        Durable.FlushFile(path);
        var written = TableSource.Describe(path);
        return new StoredFile(ContentFiles.Relative(workspace, place), written.Sha256, written.Bytes);
    }

    /// <summary>Drops the files of one kind that folds replaced, unless somebody reads content now. Needs the content's
    /// lock.</summary>
    /// <returns>How many with rows wait.</returns>
    private static int DropReplaced(Workspace workspace, ContentKind kind)
    {
        var there =
            ImportLog.ReadAll(workspace).Folds.Where(fold => fold.As == kind.ToText()).SelectMany(fold => fold.Replaced)
                .Select(path => Path.Combine(workspace.Content, path)).Where(File.Exists).ToArray();
        if (there.Length > 0 && ContentPin.IsHeld(workspace))
            return there.Count(path => !ItemIndex.IsPart(ContentFiles.Relative(workspace, path)));
        Array.ForEach(there, File.Delete);
        return 0;
    }

    // Only this line: the rest of the file is its owner's.
    private static void WriteBuckets(Workspace workspace, int buckets)
    {
        var path = Path.Combine(workspace.Root, Workspace.FileName);
        var text = File.ReadAllText(path);
        var line = $"buckets: {Number(buckets)}";
        var changed = BucketsLine().IsMatch(text) ? BucketsLine().Replace(text, line, 1) : $"{line}\n{text}";
        Durable.Replace(path, System.Text.Encoding.UTF8.GetBytes(changed));
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("^buckets:[^\n]*", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex BucketsLine();
}
