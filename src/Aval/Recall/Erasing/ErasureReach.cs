using Aval.Choices;
using Aval.Content;
using Aval.Orders;
using Aval.People;
using Aval.Recording;
using Aval.Storage;

namespace Aval.Recall.Erasing;

/// <summary>An erasure, or an order to delete, and how many items it takes away now.</summary>
/// <param name="Choice">Its entry.</param>
/// <param name="MadeAt">When it was made, or served.</param>
/// <param name="Items">How many items of the content it covers that are still there.</param>
internal sealed record ErasureShare(EntryIndex Choice, DateTimeOffset MadeAt, long Items)
{
    /// <summary>What the order is called; null = it is an erasure.</summary>
    public string? Order { get; init; }

    /// <summary>How many items more the order may cover, of which that is not known: they stay, and enter no
    /// release.</summary>
    public long Undecided { get; init; }
}

/// <summary>A file that somebody else keeps and that holds rows of erased items.</summary>
/// <param name="Path">The file.</param>
/// <param name="Rows">How many.</param>
internal sealed record PlacedRows(string Path, long Rows);

/// <summary>What the erasures that were recorded take away from the content as it is now.</summary>
/// <param name="Shares">By erasure.</param>
/// <param name="Items">Items that are taken away.</param>
/// <param name="Quarantined">Items that an erasure covers and a restriction keeps: out of every build, and not
/// destroyed.</param>
/// <param name="Placed">Items that an erasure covers and that were left in place.</param>
/// <param name="PlacedFiles">The files that have them.</param>
/// <param name="Persons">Whom erasures of everything reach.</param>
/// <param name="ErasedTo">All erasures have an index below it.</param>
internal sealed record ErasureReach(
    IReadOnlyList<ErasureShare> Shares, long Items, long Quarantined, long Placed,
    IReadOnlyList<PlacedRows> PlacedFiles, ErasedPersons Persons, TreeSize ErasedTo)
{
    /// <summary>Erasures of what others write about somebody (scope <c>about-me</c>): releases mask it, and the content
    /// of others stays as they wrote it.</summary>
    public required long AboutMe { get; init; }

    /// <summary>Whether something waits until a restriction is lifted.</summary>
    public bool IsRestricted => Quarantined + Persons.Kept > 0;

    /// <summary>Whether something of it is in the content.</summary>
    public bool IsThere => Items + Persons.Accounts + Persons.Changes > 0;

    /// <summary>
    /// Finds it. Leaves <c>erasing_items</c>, <c>erasing_authors</c> and <c>erasing_texts</c>, and what
    /// <see cref="ErasedPersons"/> leaves.
    /// </summary>
    /// <param name="engine">An empty engine of the workspace.</param>
    /// <param name="workspace">Whose content.</param>
    /// <param name="now">What was said and observed by then counts.</param>
    /// <param name="rewrite">A file left in place whose rows are in nobody's way any more; null = none.</param>
    /// <param name="destroyable">What orders leave to be destroyed; null = whatever erasures cover.</param>
    /// <exception cref="AvalException">As for a build.</exception>
    public static ErasureReach Find(
        Engine engine, Workspace workspace, DateTimeOffset now, Rewrite? rewrite = null,
        Destroyable? destroyable = null)
    {
        destroyable ??= Destroyable.WhateverIsDue;
        engine.Execute($"CREATE OR REPLACE MACRO as_of() AS {Engine.Literal(now)}");
        engine.Execute($"CREATE OR REPLACE MACRO known_at() AS {Engine.Literal(now)}");
        ContentViews.Create(engine, workspace, now);
        LinkCrowds.Require(engine, workspace.Settings.Links);
        var erasedTo = Load(engine, workspace, now, destroyable.IsWhateverIsDue);
        Stances.Resolve(engine, Purpose.TrainGenerativeAi);
        engine.Execute("""
            CREATE OR REPLACE TEMP TABLE erasing_holders AS
            SELECT DISTINCT holder AS account FROM holding WHERE kind = 'erasure'
            """);
        engine.Execute(Keys(ItemFinding.By(engine, "FROM erasing_holders")));
        ListedAuthors.Require(destroyable.Deleting, workspace.Settings.Services);
        OrderedDeletions.Find(engine, destroyable.Deleting);
        engine.Execute(Versions(ItemFinding.Versions(engine, "FROM erasing_candidates")));
        engine.Execute(Covered);
        engine.Execute(Restricted);
        engine.Execute(Placing(rewrite is null ? "brought_items" : Brought(engine, workspace, rewrite)));
        engine.Execute(Taken);
        return new ErasureReach(
            SharesOf(engine, destroyable.Deleting),
            engine.Scalar<long>("SELECT count(*) FROM erasing_items"),
            engine.Scalar<long>("SELECT count(*) FROM erasing_covered SEMI JOIN erasing_restricted "
                + "USING (service, item_id)"),
            engine.Scalar<long>("SELECT count(*) FROM erasing_covered SEMI JOIN erasing_placed "
                + "USING (service, item_id)"),
            FilesInPlace(engine, workspace, rewrite), ErasedPersons.Find(engine, workspace, rewrite), erasedTo)
        {
            AboutMe = engine.Scalar<long>(
                "SELECT count(DISTINCT idx) FROM holding WHERE kind = 'erasure' AND scope = 'about-me'"),
        };
    }

    // Also of an order that covers nothing for certain any more: what it may cover is told as long as it is there.
    private static IReadOnlyList<ErasureShare> SharesOf(Engine engine, IReadOnlyList<ServedOrder> deleting)
    {
        var shares = engine.Query(Shared, row => new ErasureShare(
            new EntryIndex(row.GetInt64(0)),
            new DateTimeOffset(DateTime.SpecifyKind(row.GetDateTime(1), DateTimeKind.Utc)), row.GetInt64(2)));
        var undecided = engine.Query(Undecided, row => (Entry: row.GetInt64(0), Items: row.GetInt64(1)))
            .ToDictionary(one => one.Entry, one => one.Items);
        var orders = deleting.ToDictionary(order => order.Index);
        return
        [
            .. shares
                .Concat(orders.Values
                    .Where(order => undecided.ContainsKey(order.Index.Value)
                        && shares.All(share => share.Choice != order.Index))
                    .Select(order => new ErasureShare(order.Index, order.ServedAt, 0)))
                .Select(share => share with
                {
                    Order = orders.GetValueOrDefault(share.Choice)?.Citation,
                    Undecided = undecided.GetValueOrDefault(share.Choice.Value),
                })
                .OrderBy(share => share.Choice.Value),
        ];
    }

    // What lies in other files than the one that is rewritten.
    private static string Brought(Engine engine, Workspace workspace, Rewrite rewrite)
    {
        var checks = ContentChecks.Open(workspace);
        var rows = ImportLog.ReadAll(workspace).LeftInPlace.Where(record => record.Kind is ContentKind.Items)
            .Select((record, at) => ContentViews.InPlace(
                engine, checks, record, at, rewrite.Concerns(record) ? rewrite.Old : null));
        var all = string.Join("\nUNION ALL\n", rows.DefaultIfEmpty(CanonicalColumns.Nothing(ContentKind.Items)));
        return $"({all})";
    }

    // Where an order preserves what people asked to be erased, nobody asked for anything.
    private static TreeSize Load(Engine engine, Workspace workspace, DateTimeOffset now, bool withErasures)
    {
        using var choices = CommittedChoices.Open(workspace);
        var (size, last) = (choices.Store.ChoicesSize, 0L);
        bool Noted(EntryIndex index, ChoiceKind kind, DateTimeOffset madeAt, DateTimeOffset receivedAt)
        {
            if (kind == ChoiceKind.Erasure && madeAt <= now && receivedAt <= now)
                last = Math.Max(last, index.Value + 1);
            return withErasures || kind != ChoiceKind.Erasure;
        }

        Stances.Load(
            engine,
            Spellings.Formed(choices.Read(size), workspace.Settings.Services)
                .Where(one => Noted(one.Index, one.Choice.Kind, one.Choice.MadeAt, one.Choice.ReceivedAt)),
            choices.Store.Suppressions(size).Where(one => Noted(one.Index, one.Kind, one.MadeAt, one.ReceivedAt)),
            now);
        return new TreeSize(last);
    }

    private static string Keys(string by) => $"""
        CREATE OR REPLACE TEMP TABLE erasing_candidates AS
        SELECT DISTINCT service, item_id FROM {by} AS own
        SEMI JOIN (SELECT account AS author FROM erasing_holders) USING (author)
        """;

    private static string Versions(string versions) => $"""
        CREATE OR REPLACE TEMP TABLE erasing_versions AS
        SELECT service, item_id, author, deleted, observed_at, text,
            CASE WHEN created_at <= as_of() THEN created_at END AS created_at
        FROM {versions} AS version SEMI JOIN erasing_candidates USING (service, item_id)
        """;

    // As a build decides it (Choices/ErasedItems.cs): of any of its authors; what was observed at an instant was there
    // then; and what has no date may be as old as any.
    private const string Covered = """
        CREATE OR REPLACE TEMP TABLE erasing_reaching AS
        WITH known AS (
            SELECT service, item_id, least(min(created_at), min(observed_at)) AS since,
                bool_or(created_at IS NULL AND NOT deleted) AS undated
            FROM erasing_versions GROUP BY service, item_id
        )
        SELECT DISTINCT service, item_id, idx, made_at
        FROM (SELECT DISTINCT service, item_id, author FROM erasing_versions) AS version
        JOIN holding ON holder = author JOIN known USING (service, item_id)
        WHERE kind = 'erasure' AND (undated OR since <= made_at)
            AND (scope = 'everything' OR (scope = 'service' AND scope_service = service)
                OR (scope = 'item' AND scope_service = service AND scope_item = item_id));

        INSERT INTO erasing_reaching FROM erasing_ordered;
        CREATE OR REPLACE TEMP TABLE erasing_covered AS SELECT DISTINCT service, item_id FROM erasing_reaching
        """;

    // Whatever the purpose of the restriction: destroying cannot be undone, and lifting it is a word.
    private const string Restricted = """
        CREATE OR REPLACE TEMP TABLE erasing_restricted AS
        SELECT DISTINCT service, item_id FROM (
            SELECT service, item_id, author, purpose,
                max(made_at) FILTER (WHERE kind = 'restriction') AS restricted_at,
                max(made_at) FILTER (WHERE kind = 'restriction-lifted') AS lifted_at
            FROM (SELECT DISTINCT service, item_id, author FROM erasing_versions) AS version
            JOIN holding ON holder = author
            WHERE kind IN ('restriction', 'restriction-lifted')
                AND (scope = 'everything' OR (scope = 'service' AND scope_service = service)
                    OR (scope = 'item' AND scope_service = service AND scope_item = item_id))
            GROUP BY ALL
        ) WHERE restricted_at >= coalesce(lifted_at, restricted_at)
        """;

    private static string Placing(string brought) => $"""
        CREATE OR REPLACE TEMP TABLE erasing_placed AS
        SELECT DISTINCT service, item_id FROM {brought} AS brought
        SEMI JOIN erasing_covered USING (service, item_id)
        """;

    private const string Taken = """
        CREATE OR REPLACE TEMP TABLE erasing_items AS
        FROM erasing_covered ANTI JOIN erasing_restricted USING (service, item_id)
        ANTI JOIN erasing_placed USING (service, item_id);

        CREATE OR REPLACE TEMP TABLE erasing_authors AS
        SELECT DISTINCT service, item_id, author FROM erasing_versions SEMI JOIN erasing_items USING (service, item_id);

        CREATE OR REPLACE TEMP TABLE erasing_texts AS
        SELECT DISTINCT text FROM erasing_versions SEMI JOIN erasing_items USING (service, item_id)
        WHERE text IS NOT NULL
        """;

    // What something else takes away is no question any more.
    private const string Undecided = """
        SELECT idx, count(*) FROM erasing_undecided ANTI JOIN erasing_items USING (service, item_id) GROUP BY idx
        """;

    private const string Shared = """
        SELECT idx, made_at, count(*) FROM erasing_reaching SEMI JOIN erasing_items USING (service, item_id)
        GROUP BY ALL ORDER BY idx
        """;

    // An import's files are looked through one after the other: which file has a row is not in the content's views.
    private static List<PlacedRows> FilesInPlace(Engine engine, Workspace workspace, Rewrite? rewrite)
    {
        if (!engine.Scalar<bool>("SELECT EXISTS (FROM erasing_placed)"))
            return [];
        var checks = ContentChecks.Open(workspace);
        var found = new List<PlacedRows>();
        foreach (var record in ImportLog.ReadAll(workspace).LeftInPlace
            .Where(record => record.Kind is ContentKind.Items))
        {
            var rows = ContentViews.InPlace(
                engine, checks, record, found.Count, rewrite?.Concerns(record) is true ? rewrite.Old : null);
            var count = engine.Scalar<long>(
                $"SELECT count(*) FROM ({rows}) AS placed SEMI JOIN erasing_placed USING (service, item_id)");
            if (count > 0)
                found.Add(new PlacedRows(
                    string.Join(", ", record.Files.Select(file => file.Path).Order(StringComparer.Ordinal)), count));
        }

        return found;
    }
}
