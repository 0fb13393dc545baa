using System.Security.Cryptography;
using System.Text;
using Aval.Content.Tables;
using Aval.Storage;

namespace Aval.Content;

/// <summary>What content there is, as of an instant.</summary>
/// <param name="Sha">64 hexadecimal digits: the same for the same observations, whatever imports brought them. Keyed by
/// the workspace.</param>
/// <param name="Imports">The imports that were looked at, in order.</param>
/// <param name="RejectedLines">Lines that they could not take.</param>
internal sealed record ContentSnapshot(string Sha, IReadOnlyList<string> Imports, long RejectedLines)
{
    /// <summary>Where its items lie.</summary>
    internal ItemsLayout Items { get; init; } = ItemsLayout.None;

    /// <summary>The last link of the log that told of it: with the same one, content is the same in all.</summary>
    internal string Log { get; init; } = "";

    /// <summary>The latest instant of which anything in that log was observed, or is said to have been written; null =
    /// of none.</summary>
    internal DateTimeOffset? Latest { get; init; }

    /// <summary>Content of any kind was left in place.</summary>
    internal bool AnyInPlace { get; init; }
}

/// <summary>Where the items of a snapshot lie.</summary>
/// <param name="Root">content/.</param>
/// <param name="Layout">Those that lie by bucket.</param>
/// <param name="InPlace">Others were left in place: <c>placed_items</c>.</param>
/// <param name="IsLater">Some were observed after T, so each row is asked.</param>
internal sealed record ItemsLayout(string Root, ContentLayout Layout, bool InPlace, bool IsLater)
{
    private readonly IReadOnlyDictionary<string, DateTimeOffset?> _lastInstants =
        new Dictionary<string, DateTimeOffset?>();

    internal ItemsLayout(
        string root, ContentLayout layout, bool inPlace, bool isLater,
        IReadOnlyDictionary<string, DateTimeOffset?> lastInstants)
        : this(root, layout, inPlace, isLater) => _lastInstants = lastInstants;

    /// <summary>There are none.</summary>
    public static ItemsLayout None { get; } = new("", new ContentLayout([]), InPlace: false, IsLater: false);

    /// <summary>Whether all that some files name is past at an instant: they say the same at every later one.</summary>
    public bool IsSettled(IEnumerable<RowsFile> files, DateTimeOffset at) =>
        // Of what a fold wrote together only the whole is known.
        files.All(rows => (_lastInstants.TryGetValue(rows.Writer, out var last) ? last : _lastInstants.Values.Max())
            is not { } instant || instant <= at);

    /// <summary>A file's full path.</summary>
    public string PathOf(RowsFile rows) => Path.Combine(Root, rows.File.Path);
}

/// <summary>
/// Content as relations of an engine, as of an instant T:
/// <c>items_now</c>, one row a (service, item_id); <c>item_versions</c>, all versions, and <c>contested_items</c>,
/// which of them may have several; <c>account_versions</c>, all versions, and the links that rejected rows name;
/// <c>accounts_now</c>, one row an account; <c>notices_now</c>; <c>item_authors</c>, whoever a version names as its
/// author. Instants are TIMESTAMP in UTC. <c>unreadable</c> in
/// items and accounts: the last observation could not be read, and the row is what the one before it said.
/// <para>
/// The version observed last is the item. Nearly all items have one version, so the others are known from their
/// imports and resolved apart (<see cref="Resolution"/>); all other rows pass straight from the files.
/// <c>laid_items</c> are the versions that lie by bucket, <c>placed_items</c> the items that were left in place;
/// together they are <c>items_now</c>.
/// </para>
/// </summary>
internal static class ContentViews
{
    /// <summary>Makes the views.</summary>
    /// <param name="engine">An engine with the workspace's key.</param>
    /// <param name="workspace">Whose content.</param>
    /// <param name="asOf">T.</param>
    /// <param name="imports">The imports to look at; null = all there are.</param>
    /// <exception cref="AvalException">Bad input: a file left in place has changed or is gone, or an import is
    /// missing.</exception>
    public static ContentSnapshot Create(
        Engine engine, Workspace workspace, DateTimeOffset asOf, IReadOnlyList<string>? imports = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(workspace);
        ContentFunctions.Provide(engine);
        // Pinned first: what a fold replaces from here on stays until this engine is closed.
        engine.Keep(ContentPin.Of(workspace));
        var log = ImportLog.ReadAll(workspace);
        var records = Chosen(workspace, log.Records, imports);
        var checks = ContentChecks.Open(workspace);
        var erased = log.Erasures.Select(checks.Erased).ToArray();
        var sums = new StringBuilder();
        var lying = new LyingRows();
        foreach (var kind in Enum.GetValues<ContentKind>())
        {
            var observations = new Observations(records, kind, checks);
            lying.Of[kind] = Versions(
                engine, checks, observations,
                new Stored(kind, ContentLayout.Of(log, kind), log, imports), asOf);
            var gone = kind is ContentKind.Items
                ? Resolution.GoneSum(engine) + ObservationSum.OfGone(engine, erased, asOf)
                : ObservationSum.Zero;
            sums.Append($"{kind.ToText()}:{Sum(engine, observations, erased, asOf) + gone}\n");
        }

        engine.Leave(lying);
        engine.Leave(log);
        ErasedTokens.Leave(engine, erased);
        var links = Links(checks, records, asOf);
        checks.Keep();
        engine.Execute("CREATE OR REPLACE TEMP VIEW items_now AS FROM current_items");
        engine.Execute("CREATE OR REPLACE TEMP VIEW item_versions AS FROM all_items");
        engine.Execute("CREATE OR REPLACE TEMP VIEW item_authors AS SELECT DISTINCT author AS account FROM all_items");
        engine.Execute($"CREATE OR REPLACE TEMP VIEW accounts_now AS {Linking("current_accounts", workspace)}");
        engine.Execute(
            $"CREATE OR REPLACE TEMP VIEW account_versions AS {Linking($"(FROM all_accounts{links})", workspace)}");
        engine.Execute("CREATE OR REPLACE TEMP VIEW notices_now AS FROM all_notices");
        // It decides like content does: a release says which content it was made from, and with it what linked nobody.
        foreach (var value in workspace.Settings.Links.NoPerson)
            sums.Append($"no person:{value}\n");
        return new ContentSnapshot(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sums.ToString()))),
            [.. records.Select(record => record.ImportId)], records.Sum(record => record.Counts.Rejected))
        {
            Items = ItemsOf(workspace, log, records, asOf),
            Log = log.Link,
            Latest = records.SelectMany(Observed).Max(),
            AnyInPlace = log.LeftInPlace.Any(),
        };
    }

    private static IEnumerable<DateTimeOffset?> Observed(ImportRecord record)
    {
        yield return record.LastObserved is { } last ? Instant.Parse(last, "last_observed") : null;
        yield return record.LastWritten is { } written ? Instant.Parse(written, "last_written") : null;
        yield return record.Repeats is null ? null : Observations.At(record);
        yield return Observations.SnapshotAt(record);
    }

    /// <summary>
    /// Leaves in <c>accounts_now</c>, <c>notices_now</c> and <c>item_authors</c> what lies in some buckets, for whoever
    /// decides these alone, and makes <c>near_accounts</c> and <c>near_items</c>, the versions that lie there.
    /// Links are of everybody: they lead from bucket to bucket. Nothing may have been left in place.
    /// </summary>
    /// <param name="engine">With the views of <see cref="Create"/>.</param>
    /// <param name="workspace">Whose content.</param>
    /// <param name="buckets">Which.</param>
    internal static void KeepNear(Engine engine, Workspace workspace, IReadOnlySet<int> buckets)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var lying = engine.Left<LyingRows>()
            ?? throw new InvalidOperationException("The views of the content have not been made in this engine.");
        var contested = engine.Scalar<bool>("SELECT EXISTS (FROM contested_accounts)");
        var accounts = contested
            ? "(SELECT *, false AS unreadable FROM near_accounts ANTI JOIN contested_accounts USING (account) "
                + "UNION ALL BY NAME FROM resolved_accounts)"
            : "(SELECT *, false AS unreadable FROM near_accounts)";
        engine.Execute($"""
            CREATE OR REPLACE TEMP VIEW near_items AS FROM ({lying.Of[ContentKind.Items](buckets)});
            CREATE OR REPLACE TEMP VIEW item_authors AS SELECT DISTINCT author AS account FROM near_items;
            CREATE OR REPLACE TEMP VIEW near_accounts AS FROM ({lying.Of[ContentKind.Accounts](buckets)});
            CREATE OR REPLACE TEMP VIEW accounts_now AS {Linking(accounts, workspace)};
            CREATE OR REPLACE TEMP VIEW notices_now AS FROM ({lying.Of[ContentKind.Notices](buckets)})
            """);
    }

    /// <summary>SQL of the versions of each kind that lie in some buckets.</summary>
    private sealed class LyingRows
    {
        public Dictionary<ContentKind, Func<IReadOnlySet<int>, string>> Of { get; } = [];
    }

    private static ItemsLayout ItemsOf(
        Workspace workspace, ReadLog log, IReadOnlyList<ImportRecord> records, DateTimeOffset asOf)
    {
        var items = records.Where(record => record.Kind is ContentKind.Items).ToArray();
        var instants = items.ToDictionary(
            record => record.ImportId,
            record => new[] { record.LastWritten, record.LastObserved }.OfType<string>()
                .Select(text => (DateTimeOffset?)Instant.Parse(text, "last_written")).Max(),
            StringComparer.Ordinal);
        return new ItemsLayout(
            workspace.Content, ContentLayout.Of(log, ContentKind.Items),
            items.Intersect(log.LeftInPlace).Any(),
            items.Any(record => record.LastObserved is { } last && Instant.Parse(last, "last_observed") > asOf),
            instants);
    }

    // A link value that was declared to be no person is none, to whoever reads accounts.
    private static string Linking(string accounts, Workspace workspace) =>
        workspace.Settings.Links.NoPerson is { Count: > 0 } values
            ? $"SELECT * REPLACE (CASE WHEN person NOT IN ({string.Join(", ", values.Select(Engine.Literal))}) "
                + $"THEN person END AS person) FROM {accounts}"
            : $"FROM {accounts}";

    /// <summary>All files that imports left in place.</summary>
    public static IReadOnlyList<string> InPlaceFiles(Workspace workspace) =>
        [.. ImportLog.Read(workspace).Where(record => record.InPlace).SelectMany(record => record.Files)
            .Select(file => file.Path).Distinct()];

    private static IReadOnlyList<ImportRecord> Chosen(
        Workspace workspace, IReadOnlyList<ImportRecord> records, IReadOnlyList<string>? imports)
    {
        ImportForms.Require(workspace, records);
        if (imports is null)
            return records;
        var byId = records.ToDictionary(record => record.ImportId, StringComparer.Ordinal);
        return [.. imports.Select(id => byId.TryGetValue(id, out var record)
            ? record
            : throw AvalException.BadInput($"{workspace.Content}: the import {id}, which the release was made from, "
                + "is not in imports.jsonl. Nothing was done. Restore the content from your backup."))];
    }

    // all_KIND: every stored version at or before T. current_KIND: the one that counts. Answers SQL of those versions
    // that lie in some buckets.
    private static Func<IReadOnlySet<int>, string> Versions(
        Engine engine, ContentChecks checks, Observations observations, Stored stored, DateTimeOffset asOf)
    {
        var kind = stored.Kind;
        var name = kind.ToText();
        var columns = CanonicalColumns.FromFile(kind);
        var records = observations.Records.Where(record => record.Repeats is null).ToArray();
        stored.Layout.RequireBuckets(checks.Workspace);
        string Laid(IEnumerable<string> files, string within) =>
            $"SELECT {columns} FROM {ParquetFiles.Rows(files)} WHERE {stored.Chosen} AND {within}";
        var laid = stored.Layout.Files.Count > 0
            ? Laid(stored.Layout.Files.Select(checks.Rows), "true")
            : CanonicalColumns.Nothing(kind);
        string[] placed = [.. records.Intersect(stored.Log.LeftInPlace)
            .Select((record, at) => InPlace(engine, checks, record, at))];
        // When nothing was observed later, no row is asked when it was.
        var later = records.Any(
            record => record.LastObserved is { } last && Instant.Parse(last, "last_observed") > asOf);
        var upTo = later && kind is not ContentKind.Notices ? $"WHERE observed_at <= {Engine.Literal(asOf)}" : "";
        var all = (laid: stored.Layout.Files.Count > 0, placed: placed.Length > 0) switch
        {
            (_, placed: false) => $"FROM laid_{name}",
            (laid: false, _) => $"FROM brought_{name}",
            _ => $"FROM laid_{name} UNION ALL FROM brought_{name}",
        };
        engine.Execute($"""
            CREATE OR REPLACE TEMP VIEW laid_{name} AS FROM ({laid}) {upTo};
            CREATE OR REPLACE TEMP VIEW brought_{name} AS
            FROM ({string.Join("\nUNION ALL\n", placed.DefaultIfEmpty(CanonicalColumns.Nothing(kind)))}) {upTo};
            CREATE OR REPLACE TEMP VIEW all_{name} AS {all}
            """);

        if (kind is ContentKind.Items)
            ItemFinding.Provide(
                engine, checks, stored.Log, stored.Layout,
                (files, within) => $"FROM ({Laid(files, within)}) {upTo}", placed.Length > 0);
        Resolution.Create(engine, kind, observations, asOf);
        return buckets =>
        {
            string[] files = [.. stored.Layout.Files.Where(rows => rows.File.Buckets!.Any(buckets.Contains))
                .Select(checks.Rows)];
            return files.Length == 0
                ? CanonicalColumns.Nothing(kind)
                : $"FROM ({Laid(files, $"bucket IN ({string.Join(", ", buckets.Order())})")}) {upTo}";
        };
    }

    /// <summary>What is stored of one kind.</summary>
    private sealed record Stored(
        ContentKind Kind, ContentLayout Layout, ReadLog Log, IReadOnlyList<string>? Imports)
    {
        // A fold may have written rows of later imports into the same file.
        public string Chosen => Imports is null ? "true" : $"list_contains({Engine.Literal(Imports)}, import_id)";
    }

    // A row that was rejected links its account to a person nevertheless, and has names by which others call her: what
    // is said there reaches further, never less far.
    private static string Links(ContentChecks checks, IReadOnlyList<ImportRecord> records, DateTimeOffset asOf)
    {
        var files = records.Where(record => record.Links).Select(checks.Links).ToArray();
        return files.Length == 0 ? "" : $"""

            UNION ALL BY NAME
            SELECT account, split_part(account, ':', 1) AS service, person, handle, display_name, birth_year,
                make_timestamp(epoch_us(observed_at)) AS observed_at
            FROM (
                SELECT NULL::VARCHAR AS handle, NULL::VARCHAR AS display_name, NULL::INTEGER AS birth_year WHERE false
                UNION ALL BY NAME FROM {ParquetFiles.GrownRows(files)})
            WHERE make_timestamp(epoch_us(observed_at)) <= {Engine.Literal(asOf)}
            """;
    }

    /// <summary>SQL of the rows of an import whose files were left in place, as canonical columns.</summary>
    /// <param name="engine">Any engine of this workspace.</param>
    /// <param name="checks">Each file is held against its hash.</param>
    /// <param name="record">The import.</param>
    /// <param name="at">Tells the relation from others.</param>
    /// <param name="without">A file whose rows are not among them; null = all are.</param>
    internal static string InPlace(
        Engine engine, ContentChecks checks, ImportRecord record, int at, string? without = null)
    {
        var files = checks.InPlace(record);
        PlacedFiles.Note(engine, record);
        var taken = record.Skipped
            ? $"ANTI JOIN {ParquetFiles.Rows(checks.Skipped(record))} AS skipped USING (aval_file, aval_line)"
            : "";
        var but = without is null
            ? ""
            : $"WHERE aval_file <> {files.Index().Single(file => file.Item == without).Index}";
        return $"""
            SELECT * EXCLUDE (aval_file, aval_line)
            FROM ({Placed(engine, checks, record, files, record.Partitions)}) AS place{at} {taken} {but}
            """;
    }

    /// <summary>SQL of all rows of some files that are read as an import's are, as canonical columns, with
    /// <c>aval_file</c> and <c>aval_line</c>.</summary>
    /// <param name="engine">Any engine of this workspace.</param>
    /// <param name="checks">Says how ids are spelled.</param>
    /// <param name="record">The import.</param>
    /// <param name="files">The files.</param>
    /// <param name="partitions">What the names of their folders say.</param>
    internal static string Placed(
        Engine engine, ContentChecks checks, ImportRecord record, IReadOnlyList<string> files,
        TablePartitions? partitions)
    {
        var kind = record.Kind;
        var source = TableSource.OfParquet(engine, files);
        if (partitions is not null)
            source = source.With(engine, partitions);
        var placed = partitions?.Onto($"({TableSource.ParquetRows(files)})") ?? TableSource.ParquetRows(files);
        var mapping =
            record.Mapping is { } expressions ? Mapping.Of(expressions) : Mapping.Canonical(kind, source.Columns);
        var imported = Instant.Parse(record.ImportedAt, "imported_at");
        var observedAt = record.ObservedAt is { } text ? Instant.Parse(text, "observed_at") : imported;
        var stated = new Stated(observedAt, record.Audience, imported.AddDays(1), checks.Services)
        {
            InForm = record.InForm,
        };
        IdFunctions.Register(engine, stated.Services);
        var readings = mapping.Readings(engine, kind, source.Columns, stated, files[0]);
        var service = kind is ContentKind.Accounts ? "split_part(account, ':', 1)" : null;
        var values = readings.Select(
            reading => $"{(reading.Column.Name == "service" && service is not null ? "''" : reading.Value)} AS "
                + $"{reading.Column.Name}");
        var rows = $"SELECT aval_file, aval_line, {string.Join(", ", values)} FROM ({placed})";
        var columns = string.Join(", ", CanonicalColumns.Of(kind)
            .Select(column => column.Name == "service" && service is not null ? $"{service} AS service" : column.Name));
        return $"SELECT {columns}, aval_file, aval_line FROM ({rows})";
    }

    private static ObservationSum Sum(
        Engine engine, Observations observations, IReadOnlyCollection<string> erased, DateTimeOffset asOf)
    {
        var total = ObservationSum.Zero;
        foreach (var record in observations.Records)
        {
            var whole = record.LastObserved is not { } last || Instant.Parse(last, "last_observed") <= asOf;
            if (!whole && record.Repeats is not null)
                continue; // All of it was observed at the one instant.
            total += whole
                ? ObservationSum.Parse(record.ObservationSum)
                : ObservationSum.Of(
                    engine,
                    $"({Observations.New(observations.IndexOf(record))}) WHERE observed_at <= {Engine.Literal(asOf)}")
                    + ObservationSum.OfErased(engine, erased, record.ImportId, asOf);
        }

        return total;
    }
}
