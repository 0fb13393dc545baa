using System.Text.Json;
using Aval.Building;
using Aval.Choices;
using Aval.Corpus;
using Aval.Leases;
using Aval.Orders;
using Aval.Policies;
using Aval.Recording;
using Aval.Requests;
using Aval.Runs;
using Aval.Storage;

namespace Aval.Recall;

/// <summary>What is recalled.</summary>
/// <param name="Corpus">Of which corpus; its newest release that is not withdrawn is the base.</param>
/// <param name="Until">Until when what protects counts.</param>
/// <param name="IsTrial">Only says what would be done.</param>
/// <param name="Limits">How much of the machine it may use.</param>
/// <param name="Clock">The clock.</param>
internal sealed record RecallRequest(
    CorpusName Corpus, DateTimeOffset Until, bool IsTrial, EngineLimits Limits, TimeProvider Clock);

/// <summary>What came of it.</summary>
/// <param name="Base">The release that was looked at.</param>
/// <param name="Record">What was done, or would be; null = nothing that is known by then touches the release, and it
/// stays as it is.</param>
/// <param name="Directory">The release that takes its place; null = none was made.</param>
internal sealed record RecallOutcome(Manifest Base, RecallRecord? Record, string? Directory)
{
    /// <summary>How long each stage of the release that was made took here.</summary>
    public IReadOnlyList<StageTime> Stages { get; init; } = [];

    /// <summary>
    /// How many buckets were looked at, where it was certain that nothing touches the others; null = everything was.
    /// </summary>
    public int? LookedAt { get; init; }

    /// <summary>The ids of earlier releases that the base, which stays as it is, took the place of.</summary>
    public IReadOnlyList<string> Superseded { get; init; } = [];
}

/// <summary>
/// Recalls a corpus: what was said and found out since its newest release was made is honoured by a release that takes
/// its place. That one is made by the stages of every build, of which only the buckets that are touched are made again;
/// it differs in nothing that is pure from <c>aval build --as-of --protect-until</c>.
/// <para>
/// Which releases are withdrawn stands in <c>recall.json</c>, which lies in the new release before that becomes
/// visible, so a kill leaves either nothing or all of it; the next recall begins again.
/// </para>
/// </summary>
internal static class Recalling
{
    /// <summary>Recalls.</summary>
    /// <exception cref="AvalException">Usage: there is no release, or it protects until later. Busy: the corpus is
    /// being built or recalled. As for a build.</exception>
    public static RecallOutcome Run(Workspace workspace, RecallRequest request, Action<BuildProgress> watch)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(request);
        var began = request.Clock.GetTimestamp();
        if (!request.IsTrial)
            Restore(workspace, request);
        RequireLater(request.Until, Manifest.Read(ReleaseName.Find(workspace, request.Corpus.Text)));
        while (true)
        {
            var release = ReleaseName.Find(workspace, request.Corpus.Text);
            var recalled = Manifest.Read(release);
            // Somebody else recalled it until later while this one waited for the corpus.
            if (recalled.ProtectUntil > request.Until)
                return new RecallOutcome(recalled, Record: null, Directory: null);
            if (Recall(workspace, request, release, recalled, began, watch) is { } outcome)
                return outcome;
        }
    }

    /// <summary>Refuses an instant that is too early for any of several corpora, before the first of them is recalled.
    /// A corpus of which that cannot be told is refused by its own recall.</summary>
    /// <exception cref="AvalException">Usage: the newest release of one protects until later.</exception>
    public static void RequireLater(
        Workspace workspace, IReadOnlyList<CorpusName> corpora, DateTimeOffset until)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(corpora);
        foreach (var corpus in corpora)
        {
            if (Newest(workspace, corpus) is { } newest)
                RequireLater(until, newest);
        }
    }

    private static Manifest? Newest(Workspace workspace, CorpusName corpus)
    {
        try
        {
            return Manifest.Read(ReleaseName.Find(workspace, corpus.Text));
        }
        catch (AvalException)
        {
            return null;
        }
    }

    // Whoever is given a release learns from it what it withdrew.
    private static void Restore(Workspace workspace, RecallRequest request)
    {
        foreach (var (folder, recall) in KeptRecall.Lost(Path.Combine(workspace.Corpus, request.Corpus.Text)))
            ReleaseCommitment.EnterRecall(workspace, folder, recall.Text);
    }

    private static void RequireLater(DateTimeOffset until, Manifest recalled)
    {
        if (until < recalled.ProtectUntil)
            throw AvalException.Usage($"--until {until.ToText()}: {recalled.Corpus}/{recalled.Release} honours "
                + $"what protects until {recalled.ProtectUntil.ToText()}. Nothing was recalled. Say a later instant, "
                + "or leave it out.");
    }

    // null = another release is the newest by the time that the corpus is this recall's.
    private static RecallOutcome? Recall(
        Workspace workspace, RecallRequest request, string release, Manifest recalled, long began,
        Action<BuildProgress> watch)
    {
        RecallRecord? record = null;
        var (isToBeLoaded, isNewest, lookedAt) = (false, true, (int?)null);
        IReadOnlyList<string> earlier = [];
        var policy = PolicyReader.Parse(recalled.PolicyText, Path.Combine(release, Manifest.FileName));
        var unhonoured = OrderGate.Unhonoured(workspace, policy, recalled.Orders, request.Clock.UtcNow())
            .Select(order => order.Index.Value).ToArray();
        var build = new BuildRequest(policy, request.Corpus, recalled.AsOf, AtCheckpoint: null, request.Limits)
        {
            ProtectUntil = request.Until,
            Base = new BaseRelease(release, recalled),
            OnlyTakesOut = true,
            Clock = request.Clock,
            IsStillWanted = () =>
            {
                // While the corpus is this recall's: what a build commits after it is no earlier release.
                isNewest = ReleaseName.Find(workspace, request.Corpus.Text) == release;
                earlier = Withdrawn(workspace, recalled);
                return isNewest;
            },
            Command = $"aval recall --corpus {request.Corpus} --until {request.Until.ToText()}",
            Review = made =>
            {
                Share(workspace, release, recalled, made);
                var rows = Changes(workspace, release, recalled, made, request.Limits);
                // Of the same content nothing enters but by what takes something back, and then who else is reached
                // by that is looked at as a whole.
                isToBeLoaded = made.Touched is not null && rows.Entered + rows.Masked > 0;
                lookedAt = made.Touched?.Buckets.Count;
                // Where an order keeps no row out, the release that says so is another one all the same: without it
                // nobody could use either.
                var isOrdered = made.Manifest.Orders.Intersect(unhonoured).Any();
                if ((!rows.Any && !isOrdered) || isToBeLoaded)
                    return new Reviewed.Unwanted();
                record = Describe(workspace, request, release, recalled, made, rows, began);
                return request.IsTrial ? new Reviewed.Unwanted() : new Reviewed.Released(record.ToJson());
            },
        };
        var outcome = Pipeline.BuildReviewed(workspace, build, watch);
        if (isNewest && isToBeLoaded)
            outcome = Pipeline.BuildReviewed(workspace, build with { Base = null }, watch);
        if (!isNewest)
            return null;
        if (outcome is { Existed: true } && outcome.Directory != release)
            record = Adopt(workspace, request, release, recalled, outcome, began);
        return new RecallOutcome(recalled, record, outcome?.Directory)
        {
            Stages = outcome?.Stages ?? [],
            LookedAt = lookedAt,
            Superseded = record is null ? Supersede(workspace, request, recalled, earlier) : [],
        };
    }

    // What honours all that is known is what there should be, whoever made it and by whichever command: the releases
    // before it do not, and nobody else would withdraw them.
    private static IReadOnlyList<string> Supersede(
        Workspace workspace, RecallRequest request, Manifest recalled, IReadOnlyList<string> earlier)
    {
        if (!request.IsTrial)
        {
            foreach (var release in earlier)
                new Withdrawal(release, $"{recalled.Corpus}/{recalled.Release}", request.Clock.UtcNow())
                    .Record(Path.Combine(workspace.Corpus, recalled.Corpus));
        }

        return earlier;
    }

    // Built by hand before, with the same instants: it takes the base's place all the same.
    private static RecallRecord? Adopt(
        Workspace workspace, RecallRequest request, string release, Manifest recalled, BuildOutcome outcome, long began)
    {
        var made = new MadeRelease(
            outcome.Directory, Path.Combine(workspace.Lineage, recalled.Corpus, outcome.Manifest.Release),
            outcome.Manifest, outcome.Accounting, Touched: null);
        var rows = Changes(workspace, release, recalled, made, request.Limits);
        var record = Describe(workspace, request, release, recalled, made, rows, began);
        if (request.IsTrial)
            return record;
        // Whoever tells of recalls takes an entry whose recall.json is not there for one of a recall that was killed,
        // unless somebody holds the corpus.
        using var held = FileLock.Acquire(
            Path.Combine(workspace.Corpus, recalled.Corpus, Lease.LockName), $"the corpus \"{recalled.Corpus}\"",
            TimeSpan.FromSeconds(10));
        if (!File.Exists(Path.Combine(outcome.Directory, Withdrawal.RecallFile)))
            ReleaseCommitment.EnterRecall(workspace, outcome.Directory, record.ToJson());
        return record;
    }

    // A bucket may have been made again and be the same: it is one file, then, and not two.
    private static void Share(Workspace workspace, string release, Manifest recalled, MadeRelease made)
    {
        var before = recalled.Files.ToDictionary(file => file.Path, StringComparer.Ordinal);
        foreach (var shard in Shards(made.Manifest)
            .Where(shard => before.TryGetValue(shard.Path, out var old) && old.Sha256 == shard.Sha256))
            LinkTo(Path.Combine(release, shard.Path), Path.Combine(made.Folder, shard.Path), shard.Sha256);

        var traced = recalled.Lineage.ToDictionary(file => file.Path, StringComparer.Ordinal);
        foreach (var file in made.Manifest.Lineage
            .Where(file => traced.TryGetValue(file.Path, out var old) && old.Sha256 == file.Sha256))
        {
            LinkTo(
                Path.Combine(workspace.Lineage, recalled.Corpus, recalled.Release, file.Path),
                Path.Combine(made.Lineage, file.Path), file.Sha256);
        }
    }

    // What was taken over is linked already, and read already.
    private static void LinkTo(string old, string now, string sha256)
    {
        if (FileIdentity.Of(old) is { } identity && identity == FileIdentity.Of(now))
            return;
        if (HashedFile.Is(old, sha256))
            Durable.LinkOrCopy(old, now);
    }

    private static RowChanges Changes(
        Workspace workspace, string release, Manifest recalled, MadeRelease made, EngineLimits limits)
    {
        var same = Shards(recalled).Select(shard => (shard.Path, shard.Sha256))
            .Intersect(Shards(made.Manifest).Select(shard => (shard.Path, shard.Sha256)))
            .Select(shard => shard.Path).ToHashSet(StringComparer.Ordinal);
        string[] Differing(Manifest manifest, string folder) =>
            [.. Shards(manifest).Where(shard => !same.Contains(shard.Path))
                .Select(shard => Path.Combine(folder, shard.Path))];
        var (before, now) = (Differing(recalled, release), Differing(made.Manifest, made.Folder));
        if (before.Length == 0 && now.Length == 0)
            return new RowChanges(0, 0, 0);
        var stated = Shards(recalled).ToDictionary(
            shard => Path.Combine(release, shard.Path), shard => shard.Sha256, StringComparer.Ordinal);
        if (before.FirstOrDefault(path => !HashedFile.Is(path, stated[path])) is { } changed)
            throw AvalException.BadInput($"{changed}: expected the shard with SHA-256 {stated[changed]}, which "
                + "manifest.json states, and another file, or none, is here: nobody can tell what left it. This corpus "
                + "was not recalled. Restore it from your backup.");
        using var engine = Engine.Open(workspace.Temporary, limits);
        return engine.Query(
            $"""
            SELECT count(*) FILTER (now.row_key IS NULL), count(*) FILTER (before.row_key IS NULL),
                count(*) FILTER (before.row_key IS NOT NULL AND now.row_key IS NOT NULL
                    AND before.text IS DISTINCT FROM now.text)
            FROM {ParquetFiles.Rows(before)} AS before FULL JOIN {ParquetFiles.Rows(now)} AS now USING (row_key)
            """,
            row => new RowChanges(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)))[0];
    }

    private static RecallRecord Describe(
        Workspace workspace, RecallRequest request, string release, Manifest recalled, MadeRelease made,
        RowChanges rows, long began)
    {
        var before = recalled.Files.ToDictionary(file => file.Path, file => file.Sha256, StringComparer.Ordinal);
        var shards = Shards(made.Manifest).ToArray();
        var withdrawn = Withdrawn(workspace, made.Manifest);
        bool IsShared(ManifestFile shard) => before.GetValueOrDefault(shard.Path) == shard.Sha256;
        return new RecallRecord(
            recalled.Corpus, recalled.Release, made.Manifest.Release, request.Until, request.Clock.UtcNow(),
            request.Clock.GetElapsedTime(began), LastDay(workspace, recalled, request.Until, made.Touched?.Late), rows,
            Excluded(release, made),
            [.. shards.Index().Where(shard => !IsShared(shard.Item)).Select(shard => shard.Index)],
            made.Manifest.Buckets,
            shards.Where(shard => !IsShared(shard)).Sum(shard => shard.Bytes),
            shards.Where(IsShared).Sum(shard => shard.Bytes),
            withdrawn, Models(workspace, recalled.Corpus, withdrawn));
    }

    // Over any number of steps: a fine-tune holds what its base read. Which of them a row that left touches is for
    // aval impact to say.
    private static IReadOnlyList<string> Models(Workspace workspace, string corpus, IReadOnlyList<string> withdrawn)
    {
        // Also of those that stood in their place before an erasure, which withdrew them then and now have no rows.
        var folder = Path.Combine(workspace.Corpus, corpus);
        var names = withdrawn
            .SelectMany(release => Withdrawal.ReplacedBy(folder, Manifest.Read(Path.Combine(folder, release)))
                .Append($"{corpus}/{release}"))
            .ToHashSet(StringComparer.Ordinal);
        var models = Runs.RegisteredModels.Of(Register.Read(workspace));
        return
        [
            .. models.All.Where(model => models.Sources(model).Any(source => names.Contains(source.Release)))
                .Select(model => model.Name).Order(StringComparer.Ordinal),
        ];
    }

    // All that are kept, that may be used until now, and that are not the new one.
    private static IReadOnlyList<string> Withdrawn(Workspace workspace, Manifest made)
    {
        var corpus = Path.Combine(workspace.Corpus, made.Corpus);
        return
        [
            .. ReleaseName.Retained(corpus).Where(folder => Path.GetFileName(folder) != made.Release)
                .Where(folder => Withdrawal.Of(corpus, Path.GetFileName(folder)) is null
                    && !Manifest.Read(folder).ReplayOnly)
                .Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal),
        ];
    }

    private static SortedDictionary<string, (long Before, long Now)> Excluded(string release, MadeRelease made)
    {
        using var accounting = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(release, "accounting.json")));
        var before = accounting.RootElement.GetProperty("excluded").EnumerateObject()
            .ToDictionary(reason => reason.Name, reason => reason.Value.GetInt64(), StringComparer.Ordinal);
        var now = made.Accounting.Total.Excluded.ToDictionary(
            reason => reason.Key.ToText(), reason => reason.Value, StringComparer.Ordinal);
        var changed = new SortedDictionary<string, (long, long)>(StringComparer.Ordinal);
        foreach (var reason in before.Keys.Union(now.Keys, StringComparer.Ordinal))
        {
            var (then, there) = (before.GetValueOrDefault(reason), now.GetValueOrDefault(reason));
            if (then != there)
                changed[reason] = (then, there);
        }

        return changed;
    }

    // Of whoever said something that the base does not honour; a deletion at source or a link asks for nothing.
    private static DateOnly? LastDay(
        Workspace workspace, Manifest recalled, DateTimeOffset until, IReadOnlyList<Recorded>? found)
    {
        using var choices = found is null ? CommittedChoices.Open(workspace) : null;
        var late = (found ?? choices!.Read(choices.Store.ChoicesSize))
            .Where(one => one.Choice.Kind.IsProtective() && one.Choice.MadeAt <= until
                && one.Choice.ReceivedAt <= until
                && (one.Index.Value >= recalled.LedgerSize.Value || one.Choice.MadeAt > recalled.ProtectUntil
                    || one.Choice.ReceivedAt > recalled.ProtectUntil))
            .Min(one => (DateTimeOffset?)one.Choice.ReceivedAt);
        return late is { } earliest
            ? Deadline.LastDay(earliest, Deadline.Months, workspace.Settings.WorkingDays)
            : null;
    }

    private static IEnumerable<ManifestFile> Shards(Manifest manifest) =>
        manifest.Files.Where(file => file.Path.StartsWith("shards/", StringComparison.Ordinal));
}
