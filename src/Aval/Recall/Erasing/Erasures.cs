using Aval.Answers;
using Aval.Content;
using Aval.Corpus;
using Aval.Models;
using Aval.Orders;
using Aval.Recording;
using Aval.Runs;
using Aval.Storage;

namespace Aval.Recall.Erasing;

/// <summary>How to erase.</summary>
/// <param name="Limits">How much of the machine it may use.</param>
/// <param name="IsDry">Tell, and do nothing.</param>
/// <param name="Corpus">The only corpus whose releases are made again; null = all.</param>
internal sealed record ErasureOptions(EngineLimits Limits, bool IsDry, CorpusName? Corpus);

/// <summary>What was erased, and what was not.</summary>
/// <param name="Reach">What the erasures took from the content.</param>
/// <param name="IsDry">Nothing was done.</param>
/// <param name="Rows">Versions of items that were taken from the content.</param>
/// <param name="Waiting">Files that were replaced and that somebody still reads.</param>
/// <param name="Building">Corpora that are being built, whose working files were left alone.</param>
/// <param name="Releases">Releases that held an erased item.</param>
/// <param name="Pending">Releases that hold one still: <c>NAME/ID</c>.</param>
/// <param name="Scan">What the scan found.</param>
/// <param name="SharedTexts">Texts that somebody else's item has too, and that were therefore not looked for.</param>
/// <param name="Forgotten">Choices that were forgotten.</param>
/// <param name="Returned">Erased accounts that published or said something after their erasure: they are there, and
/// were not looked for.</param>
internal sealed record ErasureOutcome(
    ErasureReach Reach, bool IsDry, long Rows, IReadOnlyList<string> Waiting, IReadOnlyList<string> Building,
    IReadOnlyList<ErasedRelease> Releases, IReadOnlyList<string> Pending, ScanOutcome Scan, long SharedTexts,
    long Forgotten, long Returned)
{
    /// <summary>Items of others that say what was erased: they are remembered, and stay out as copies.</summary>
    public long Copies { get; init; }

    /// <summary>Backups that may hold it still, by name, and until when.</summary>
    public IReadOnlyList<(string Name, DateTimeOffset Until)> Backups { get; init; } = [];

    /// <summary>By when this is to be run again, for what is recorded from now on.</summary>
    public DateTimeOffset Next { get; init; }

    /// <summary>What was recorded and not carried out when this began, each with its clock.</summary>
    public ErasureClock Clock { get; init; } = new([], null, null);

    /// <summary>What orders left to be destroyed.</summary>
    public Destroyable Destroyable { get; init; } = Destroyable.WhateverIsDue;

    /// <summary>What became of the reference models of releases that are withdrawn or dropped.</summary>
    public IReadOnlyList<Relearned> Models { get; init; } = [];

    /// <summary>Models were being made all the while: files of replaced ones may be there still, and what is made may
    /// be of a release that is superseded by now.</summary>
    public bool AreModelsBeingMade { get; init; }

    /// <summary>The folders of forget sets that were destroyed.</summary>
    public IReadOnlyList<string> ForgetSets { get; init; } = [];

    /// <summary>Whether nothing is left to do. What is restricted is kept out of every build, and waits; what an order
    /// preserves is left; what stands in cases is for whoever keeps them. A model that could not follow has what was
    /// erased in its counts.</summary>
    public bool IsComplete => !IsDry && Reach.Placed == 0 && Reach.Persons.PlacedFiles.Count == 0 && Waiting.Count == 0
        && Building.Count == 0 && Pending.Count == 0 && Scan.Left.Count == 0 && Destroyable.Contested.Count == 0
        && Models.All(model => model.By is not null) && !AreModelsBeingMade
        && (Destroyable.IsWhateverIsDue || Clock.Waiting.Count == 0);
}

/// <summary>A file that stands in the place of another one.</summary>
/// <param name="Rewrite">The two.</param>
/// <param name="Imports">The imports that are read from it from here on.</param>
/// <param name="Items">Erased items that are in no content any more.</param>
/// <param name="Left">Erased items that other files left in place still have.</param>
/// <param name="PersonsFiles">Other files left in place that have rows of erased persons.</param>
internal sealed record RewriteOutcome(
    Rewrite Rewrite, IReadOnlyList<string> Imports, long Items, long Left, int PersonsFiles);

/// <summary>
/// Carries out every erasure that was recorded (GDPR Art. 17), and every order to delete: what it covers leaves the
/// content and every retained release, physically. Each step can be repeated, and goes by what is there, so that a run
/// that was killed is gone on with by the next.
/// </summary>
internal static class Erasures
{
    /// <summary>Erases.</summary>
    /// <param name="workspace">Whose content and releases.</param>
    /// <param name="options">How.</param>
    /// <param name="clock">Says when.</param>
    /// <param name="watch">Told what is done.</param>
    /// <exception cref="AvalException">Busy: another erasure or import runs, or a corpus is being built; the message
    /// says what has happened. Bad input: as for a build.</exception>
    public static ErasureOutcome CarryOut(
        Workspace workspace, ErasureOptions options, TimeProvider clock, Action<string, double> watch)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(watch);
        if (options.IsDry)
            return Tell(workspace, options, clock);
        Destroyable Allowed() => OrderGate.RequireAnyDestruction(
            workspace, "An erasure",
            "Nothing was destroyed. What is to be erased stays out of every release that is made and of every recall, "
                + "and the erasure stays due: carry it out when the order is lifted.",
            clock.UtcNow());
        _ = Allowed();
        var folder = workspace.Erasing;
        FileModes.MakePrivateFolder(folder);
        using var held = Hold(folder);
        // Whoever waited for another run asks again.
        _ = Allowed();
        var begun = Begin(workspace, clock);
        var releases = new ErasedReleases(workspace, folder, options.Limits, clock);
        releases.Finish();
        watch("content", 0);
        var spool = new NeedleSpool(folder);
        var (reach, rows, copies, destroyable) =
            TakeFromContent(workspace, folder, spool, options.Limits, clock, Allowed);
        RequireStill(workspace, destroyable, clock);
        var forgotten = destroyable.IsWhateverIsDue
            ? ErasedChoices.Forget(workspace, Until(spool.Read()), clock.UtcNow())
            : 0;
        // Until all is done there are needles, also of a run that was killed.
        var building = releases.DestroyLeftovers(isTaken: !spool.Read().IsEmpty);
        var (made, pending) = MakeAgain(
            workspace, releases, options, reach.ErasedTo, spool.Read(),
            () => RequireStill(workspace, destroyable, clock), watch);
        // Also what was under way above and was killed since.
        ExportPlace.DestroyLeft(workspace, new Destruction(folder));
        RequireStill(workspace, destroyable, clock);
        var forgetSets = spool.Read().IsEmpty ? [] : ForgetSets.Destroy(workspace, new Destruction(folder));
        var read = DestroyReplaced(workspace, folder);
        var (models, areBeingMade) = Follow(
            workspace, options.Limits, clock, () => RequireStill(workspace, destroyable, clock), watch);
        watch("scan", 0);
        var (needles, shared, returned) = Own(workspace, spool.Read(), options.Limits, clock);
        var outcome = new ErasureOutcome(
            reach, IsDry: false, rows, read, building, made, pending,
            ErasureScan.Of(workspace, needles, options.Limits), shared, forgotten, returned)
        {
            Copies = copies,
            Backups = Backups(workspace, clock),
            Next = workspace.Settings.Erasures.Every.End(clock.UtcNow()),
            Clock = begun.Waiting,
            Destroyable = destroyable,
            Models = models,
            AreModelsBeingMade = areBeingMade,
            ForgetSets = forgetSets,
        };
        releases.Finish();
        // Until nothing is left, the next run has to look for it too.
        if (read.Count + building.Count + pending.Count + outcome.Scan.Left.Count == 0)
            spool.Destroy();
        if (outcome.IsComplete)
            Told(workspace, outcome, begun, clock);
        return outcome;
    }

    // Of an order to preserve that is served while content and releases are gone through, the rest is not destroyed.
    private static void RequireStill(Workspace workspace, Destroyable begun, TimeProvider clock)
    {
        if (OrderGate.Destroyable(workspace, clock.UtcNow()).Preserving
            .FirstOrDefault(one => begun.Preserving.All(known => known.Index != one.Index)) is { } order)
            throw AvalException.Refused($"Going on with the erasure is refused by {order.Citation}, which was served "
                + "while it was under way and preserves what there is (GDPR Art. 17(3)(e), 18(2)). What had left the "
                + "content by then is gone from it; releases and models that hold it still stay as they are. The "
                + "erasure stays due: run aval erase again when the order is lifted. What it says: aval order show "
                + $"{order.Index}");
    }

    // Before it is searched and told that all is done. A training that is under way may read a release that is
    // superseded by now: it is waited for, and what it made then follows too.
    private static (IReadOnlyList<Relearned> Models, bool AreBeingMade) Follow(
        Workspace workspace, EngineLimits limits, TimeProvider clock, Action requireStill,
        Action<string, double> watch)
    {
        IReadOnlyList<Relearned> models = [];
        try
        {
            do
            {
                models =
                [
                    .. models.Where(model => model.By is not null),
                    .. Relearning.Run(workspace, corpus: null, clock, limits, watch),
                ];
                // To count and to estimate takes hours, and what is destroyed then is what was to be preserved.
                requireStill();
                Relearning.DestroyReplaced(workspace);
            }
            while (Relearning.Waiting(workspace).Except(models.Select(model => model.Model)).Any());
            return (models, false);
        }
        catch (AvalException busy) when (busy.Exit is ExitCode.Busy)
        {
            return (models, true);
        }
        catch (Exception failure) when (FileFailure.Is(failure))
        {
            // What was destroyed is told all the same, and the next run goes on.
            return (
                [
                    .. models,
                    new Relearned("models/", By: null, Release: null, FileFailure.ToException(failure).Message),
                ],
                false);
        }
    }

    private static void Told(
        Workspace workspace, ErasureOutcome outcome, Begun begun, TimeProvider clock)
    {
        if (!outcome.Destroyable.IsWhateverIsDue)
            return;
        // Nobody is told that it is done while something is kept because it is restricted.
        if (!outcome.Reach.IsRestricted)
            ErasedChoices.Fulfil(workspace, clock.UtcNow());
        // Last: whoever is killed before has not carried anything out. What an order deletes may come again.
        ErasureClock.Keep(
            workspace, begun.Below, begun.Now, begun.Imports,
            isAgain: outcome.Reach.IsRestricted || outcome.Destroyable.Deleting.Count > 0);
    }

    // Before anything is read: what comes meanwhile may be carried out with it, and waits all the same.
    private static Begun Begin(Workspace workspace, TimeProvider clock)
    {
        var now = CommittedChoices.NotBefore(workspace, clock.UtcNow());
        var imports = ImportLog.Read(workspace).Count;
        using var choices = CommittedChoices.Open(workspace);
        return new Begun(ErasureClock.Read(workspace), choices.Store.ChoicesSize, now, imports);
    }

    private sealed record Begun(ErasureClock Waiting, TreeSize Below, DateTimeOffset Now, int Imports);

    /// <summary>
    /// Takes the file that its owner wrote without what is erased in the place of one that was left in place, and what
    /// is erased of it out of all that is known of that file. Releases are for <see cref="CarryOut"/>.
    /// </summary>
    /// <param name="workspace">Whose content.</param>
    /// <param name="rewrite">The two files.</param>
    /// <param name="limits">How much of the machine it may use.</param>
    /// <param name="clock">Says when.</param>
    /// <exception cref="AvalException">Bad input: the new file is not the old one without what is erased; usage: no
    /// import reads the old one. Nothing was changed. Otherwise as for <see cref="CarryOut"/>.</exception>
    public static RewriteOutcome Replace(
        Workspace workspace, Rewrite rewrite, EngineLimits limits, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(rewrite);
        Destroyable Allowed()
        {
            OrderGate.RequireDestruction(
                workspace, "Taking the file without what is erased in the place of the one with it",
                "Nothing was changed.", clock.UtcNow());
            return Destroyable.WhateverIsDue;
        }

        _ = Allowed();
        var imports = rewrite.Imports(ImportLog.ReadAll(workspace)).Select(record => record.ImportId).ToArray();
        var folder = workspace.Erasing;
        FileModes.MakePrivateFolder(folder);
        using var held = Hold(folder);
        new ErasedReleases(workspace, folder, limits, clock).Finish();
        var (reach, _, _, _) = TakeFromContent(
            workspace, folder, new NeedleSpool(folder), limits, clock, Allowed, rewrite);
        return new RewriteOutcome(rewrite, imports, reach.Items, reach.Placed, reach.Persons.PlacedFiles.Count);
    }

    private static FileLock Hold(string folder) =>
        FileLock.Acquire(Path.Combine(folder, ".lock"), "the erasures of this workspace", TimeSpan.FromSeconds(10));

    private static (ErasureReach Reach, long Rows, long Copies, Destroyable Destroyable) TakeFromContent(
        Workspace workspace, string folder, NeedleSpool spool, EngineLimits limits, TimeProvider clock,
        Func<Destroyable> allowed, Rewrite? rewrite = null)
    {
        using var held = workspace.LockContent(TimeSpan.FromSeconds(10));
        var destroyable = allowed();
        workspace = workspace.AsWritten();
        ImportLog.Flush(workspace);
        UnderWay.RemoveUnfinished(
            workspace.Content, ImportLog.ReadAll(workspace).Writers.ToHashSet(StringComparer.Ordinal));
        ErasureReach reach;
        long rows = 0, copies = 0;
        using (var engine = Engine.Open(workspace.Temporary, limits, workspace.ReadKey()))
        {
            reach = ErasureReach.Find(
                engine, workspace, CommittedChoices.NotBefore(workspace, clock.UtcNow()), rewrite, destroyable);
            if (rewrite is not null)
                RewrittenFile.Require(engine, workspace, rewrite);
            if (reach.IsThere || rewrite is not null)
            {
                spool.Keep(spool.Read().And(Of(engine)));
                copies = ErasedCopies.Find(engine, workspace);
                KeepSums(workspace, engine, folder, limits, clock);
                rows = ErasedContent.Take(workspace, engine, clock, rewrite);
            }
        }

        new Destruction(folder).Receive(named => ImportLog.ForgetNamed(workspace, named));
        DestroyReplaced(workspace, folder);
        return (reach, rows, copies, destroyable);
    }

    // Releases that have a row of it are made again; of all others it is told what they had decided of what goes.
    private static void KeepSums(
        Workspace workspace, Engine engine, string folder, EngineLimits limits, TimeProvider clock)
    {
        var again = Affected(workspace, engine, new ErasedReleases(workspace, folder, limits, clock))
            .Select(one => one.Path).ToHashSet(StringComparer.Ordinal);
        IReadOnlyList<Item> Items(string sql) =>
            engine.Query(sql, row => new Item(row.GetString(0), row.GetString(1)));
        var taken = Items("SELECT service, item_id FROM erasing_items");
        var changed = Items("SELECT service, item_id FROM erasing_changes");
        var erasure = ImportLog.ReadAll(workspace).NextId(ContentKind.Items);
        foreach (var release in Directory.Exists(workspace.Corpus) ? Directory.GetDirectories(workspace.Corpus) : [])
        {
            foreach (var kept in ReleaseName.Retained(release).Where(one => !again.Contains(one)))
                ErasedSums.Keep(workspace, kept, erasure, taken, changed, limits);
        }
    }

    // As long as nothing is taken yet.
    private static IReadOnlyList<(string Path, Manifest Manifest, long Rows)> Affected(
        Workspace workspace, Engine engine, ErasedReleases releases)
    {
        ErasedTokens.Provide(engine);
        FileModes.MakePrivateFolder(workspace.Temporary);
        var own = Path.Combine(workspace.Temporary, $"erase-{Guid.NewGuid():N}.parquet");
        try
        {
            engine.Execute($"COPY ({ErasedTokens.Of("erasing_authors")}) TO {Engine.Literal(own)} (FORMAT parquet)");
            return releases.Affected(engine, [own, .. Tokens(workspace)], Of(engine));
        }
        finally
        {
            File.Delete(own);
        }
    }

    private static Needles Of(Engine engine)
    {
        HashSet<string> Texts(string sql) => engine.Query(sql, row => row.GetString(0)).ToHashSet();
        return new Needles(
            Texts("SELECT account FROM erasing_accounts"),
            Texts("""
                SELECT 'item:' || service || ':' || item_id FROM erasing_items
                UNION
                SELECT 'reply:' || service || ':' || item_id FROM erasing_authors
                SEMI JOIN erasing_accounts ON account = author
                """),
            Texts("FROM erasing_texts").Where(Needles.IsLong).ToHashSet())
        {
            // A handle that somebody else has or had is theirs too.
            Handles = Texts("FROM erasing_handles LIMIT 1").Count == 0 ? [] : Texts("""
                FROM erasing_handles ANTI JOIN (
                    SELECT split_part(account, ':', 1) || '@' || fold_handle(split_part(account, ':', 1), handle)
                        AS handle
                    FROM account_versions ANTI JOIN erasing_accounts USING (account) WHERE handle <> ''
                ) USING (handle)
                """),
            Masks = Texts("SELECT service || chr(31) || item_id || chr(31) || needles FROM erasing_changes "
                + "WHERE needles IS NOT NULL"),
            Until = engine.Query("SELECT account, until FROM erasing_accounts", row => $"{row.GetString(0)} "
                + new DateTimeOffset(DateTime.SpecifyKind(row.GetDateTime(1), DateTimeKind.Utc)).ToText()).ToHashSet(),
        };
    }

    private static Dictionary<Account, DateTimeOffset> Until(Needles needles) => needles.Until
        .Select(one => (At: one.LastIndexOf(' '), Text: one))
        .GroupBy(one => Account.Parse(one.Text[..one.At]))
        .ToDictionary(
            account => account.Key,
            account => account.Max(one => Instant.Parse(one.Text[(one.At + 1)..], "until")));

    // What somebody else wrote too is not the person's alone, and stays theirs; who came back is there by that.
    private static (Needles Needles, long Shared, long Returned) Own(
        Workspace workspace, Needles needles, EngineLimits limits, TimeProvider clock)
    {
        if (needles.IsEmpty)
            return (needles, 0, 0);
        using var engine = Engine.Open(workspace.Temporary, limits, workspace.ReadKey());
        ContentViews.Create(engine, workspace, CommittedChoices.NotBefore(workspace, clock.UtcNow()));
        engine.Execute("CREATE TEMP TABLE needles (text VARCHAR); CREATE TEMP TABLE accounts (account VARCHAR)");
        foreach (var some in needles.Texts.Chunk(1 << 12))
            engine.Execute($"INSERT INTO needles SELECT unnest({Engine.Literal(some)})");
        foreach (var some in needles.Accounts.Chunk(1 << 12))
            engine.Execute($"INSERT INTO accounts SELECT unnest({Engine.Literal(some)})");
        var own = engine.Query(
            "FROM needles ANTI JOIN (SELECT text FROM item_versions) USING (text)", row => row.GetString(0));
        var gone = engine.Query(
            "FROM accounts ANTI JOIN (SELECT author AS account FROM item_versions) USING (account)",
            row => row.GetString(0)).Except(ErasedChoices.Speaking(workspace, needles.Accounts)).ToHashSet();
        return (
            needles with { Texts = own.ToHashSet(), Accounts = gone }, needles.Texts.Count - own.Count,
            needles.Accounts.Count - gone.Count);
    }

    private static IReadOnlyList<string> DestroyReplaced(Workspace workspace, string folder)
    {
        var replaced = ErasedContent.Replaced(workspace);
        if (replaced.Count > 0 && ContentPin.IsHeld(workspace))
            return [.. replaced.Select(path => Path.GetRelativePath(workspace.Root, path))];
        new Destruction(folder).Destroy(replaced);
        return [];
    }

    private static (IReadOnlyList<ErasedRelease> Made, IReadOnlyList<string> Pending) MakeAgain(
        Workspace workspace, ErasedReleases releases, ErasureOptions options, TreeSize erasedTo, Needles kept,
        Action requireStill, Action<string, double> watch)
    {
        IReadOnlyList<(string Path, Manifest Manifest, long Rows)> affected;
        using (var engine = Engine.Open(workspace.Temporary, options.Limits, workspace.ReadKey()))
            affected = releases.Affected(engine, Tokens(workspace), kept);
        var (made, pending) = (new List<ErasedRelease>(), new List<string>());
        foreach (var (path, manifest, rows) in affected)
        {
            if (options.Corpus is { } only && only.Text != manifest.Corpus)
                pending.Add($"{manifest.Corpus}/{manifest.Release}");
            else
                made.Add(releases.Replace(
                    path, manifest, rows, erasedTo, requireStill,
                    progress => watch($"{manifest.Corpus}: {progress.Stage}", progress.Done)));
        }

        using (var engine = Engine.Open(workspace.Temporary, options.Limits, workspace.ReadKey()))
            releases.DestroyOutputs(engine, kept);
        return (made, pending);
    }

    private static string[] Tokens(Workspace workspace)
    {
        var checks = ContentChecks.Open(workspace);
        string[] tokens = [.. ImportLog.ReadAll(workspace).Erasures.Select(checks.Erased)];
        checks.Keep();
        return tokens;
    }

    // What was taken today is in the backup of today until that is kept no longer.
    private static (string Name, DateTimeOffset Until)[] Backups(Workspace workspace, TimeProvider clock) =>
        [.. workspace.Settings.Erasures.Backups.Select(backup => (backup.Key, backup.Value.End(clock.UtcNow())))];

    private static ErasureOutcome Tell(Workspace workspace, ErasureOptions options, TimeProvider clock)
    {
        using var engine = Engine.Open(workspace.Temporary, options.Limits, workspace.ReadKey());
        var destroyable = OrderGate.Destroyable(workspace, clock.UtcNow());
        var reach = ErasureReach.Find(
            engine, workspace, CommittedChoices.NotBefore(workspace, clock.UtcNow()), destroyable: destroyable);
        var affected = Affected(workspace, engine, new ErasedReleases(
            workspace, workspace.Erasing, options.Limits, clock));
        return new ErasureOutcome(
            reach, IsDry: true, engine.Scalar<long>(
                "SELECT count(*) FROM erasing_versions SEMI JOIN erasing_items USING (service, item_id)"),
            [], [], [], [.. affected.Select(one => $"{one.Manifest.Corpus}/{one.Manifest.Release}")],
            new ScanOutcome(0, []), 0, 0, 0)
        {
            Backups = Backups(workspace, clock),
            Next = clock.UtcNow(),
            Clock = ErasureClock.Read(workspace),
            Destroyable = destroyable,
        };
    }
}
