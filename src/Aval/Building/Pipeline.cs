using Aval.Authors;
using Aval.Content;
using Aval.Corpus;
using Aval.Decisions;
using Aval.Policies;
using Aval.Storage;

namespace Aval.Building;

/// <summary>What to build.</summary>
/// <param name="Policy">The regime.</param>
/// <param name="Corpus">The corpus the release belongs to.</param>
/// <param name="AsOf">The instant it is made for.</param>
/// <param name="AtCheckpoint">The ledger size to honour; null = all choices there are.</param>
/// <param name="Limits">How much of the machine it may use; never shows in a release.</param>
public sealed record BuildRequest(Policy Policy, CorpusName Corpus, DateTimeOffset AsOf, TreeSize? AtCheckpoint, EngineLimits Limits)
{
    /// <summary>The ledger size to honour erasures at, at least <see cref="AtCheckpoint"/>; null = all erasures there are.</summary>
    public TreeSize? ErasedTo { get; init; }

    /// <summary>Who makes the parts; never shows in a release.</summary>
    public IPartExecutor Executor { get; init; } = LocalExecutor.Instance;

    /// <summary>The clock that <see cref="AsOf"/> must not run ahead of.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>What a build made.</summary>
/// <param name="Directory">The release.</param>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Accounting">Every item, accounted for.</param>
/// <param name="Existed">The same release was there already, byte for byte; nothing was written.</param>
public sealed record BuildOutcome(string Directory, Manifest Manifest, Accounting Accounting, bool Existed);

/// <summary>
/// The main job, in the order of docs/design.md's diagram: platform content + each person's choice + a policy → a
/// corpus that holds only what is allowed, every item accounted for. The file to open first.
/// </summary>
public static class Pipeline
{
    /// <summary>
    /// Builds a release: complete, or absent. Two builds of one corpus exclude each other; a build that was killed
    /// leaves only working files, which the next one removes.
    /// </summary>
    /// <exception cref="AvalException">Refused by the policy's dates; busy; bad input.</exception>
    public static BuildOutcome Build(Workspace workspace, BuildRequest request, Action<BuildProgress> watch)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(watch);
        RefuseReplayOnly(request.Policy);
        RefuseBefore(request.Policy, request.AsOf);
        RefuseAhead(request.AsOf, request.Clock.UtcNow());
        RefuseOtherBuckets(workspace);

        // Read first: who has no key is told before an hour of work, not after it.
        var vrf = VrfKey.Read(workspace.VrfKeyFile);
        using var folder = BuildFolder.Begin(workspace, request.Corpus);
        var commit = new Commit(workspace, request, folder);
        while (true)
        {
            using var engine = Engine.Open(folder.Working, request.Limits, workspace.ReadKey());
            var loaded = LoadStage.Run(engine, workspace, request, folder, watch);
            var parts = Admit(engine, workspace, request, folder, loaded, watch);
            var accounting = Count(request.Policy, loaded, parts);
            var authors = Authors(engine, workspace, request, folder, vrf, parts, watch);
            if (!commit.IsOvertaken(loaded.Inputs))
                return commit.Make(loaded.Inputs, accounting, parts, authors);
            // An erasure came meanwhile. Only the buckets that it touches read anything new.
            folder.Again();
        }
    }

    /// <summary>Where a corpus's build works: what its tasks are told.</summary>
    public static string WorkingFolder(Workspace workspace, CorpusName corpus)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(corpus);
        return BuildFolder.WorkingOf(workspace, corpus);
    }

    // decide → write → count, by bucket. What was made from the same before is not made again.
    private static IReadOnlyList<FinishedPart> Admit(
        Engine engine, Workspace workspace, BuildRequest request, BuildFolder folder, Loaded loaded, Action<BuildProgress> watch)
    {
        var plan = loaded.Plan;
        var (releases, lineages) = (Path.Combine(workspace.Corpus, request.Corpus.Text), Path.Combine(workspace.Lineage, request.Corpus.Text));
        var there = plan.Parts.Select(planned => FinishedParts.Find(folder.Working, plan, planned)
            ?? FinishedParts.TakeOver(releases, lineages, folder.Working, plan, planned)).OfType<FinishedPart>().ToArray();
        var missing = plan.Parts.ExceptBy(there.Select(part => part.Bucket), planned => planned.Bucket).ToArray();
        PartTask.KeepKey(folder.Working, workspace.ReadKey());
        var made = request.Executor.Make(
            new PartsToMake(folder.Working, plan, loaded.Decisions, missing, engine, request.Limits),
            done => watch(new BuildProgress("write", (double)(there.Length + done) / plan.Parts.Count)));
        folder.RemoveUnnamed();
        return [.. there.Concat(made).OrderBy(part => part.Bucket)];
    }

    private static ReleaseAuthors Authors(
        Engine engine, Workspace workspace, BuildRequest request, BuildFolder folder, VrfKey vrf, IReadOnlyList<FinishedPart> parts,
        Action<BuildProgress> watch)
    {
        var outputs = new AuthorOutputs(
            workspace.Lineage, request.Corpus, workspace.Settings.Buckets, vrf, workspace.Settings.Origin);
        var traced = parts.Select(part => part.Lineage)
            .Select(file => file with { Path = Path.Combine(folder.Lineage, Path.GetFileName(file.Path)) });
        return ReleaseAuthors.Write(
            engine, outputs, [.. traced], folder.Authors, folder.Working, request.Limits.Threads,
            (made, total) => watch(new BuildProgress("authors", (double)made / total)));
    }

    // A release is something to train on; a line in its card that says otherwise would be read by nobody.
    private static void RefuseReplayOnly(Policy policy)
    {
        if (policy.ReplayOnly)
            throw AvalException.Refused($"The policy \"{policy.Name}\" is replay-only: it can be compared, and nothing "
                + "may be trained on what it admits. No release was made. See what it would admit with: aval compare "
                + $"{policy.Name} opt-out. Decide every item with: aval decisions --policy {policy.Name} --out FILE");
    }

    /// <summary>A policy's dates are obeyed.</summary>
    public static void RefuseBefore(Policy policy, DateTimeOffset asOf)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (asOf < policy.AppliesFrom)
            throw AvalException.Refused($"The policy \"{policy.Name}\" applies from {policy.AppliesFrom.ToText()}, and the build is as of {asOf.ToText()}. Nothing was built. Choose a later --as-of, or the policy that applied then.");
    }

    /// <summary>Whether an instant lies more than a day ahead of the clock: clocks differ, and by less than that.</summary>
    public static bool IsAhead(DateTimeOffset asOf, DateTimeOffset now) => asOf > now.AddDays(1);

    /// <summary>What decisions of the future are, in a sentence; null when an instant is none.</summary>
    public static string? Outlook(DateTimeOffset asOf, DateTimeOffset now) => IsAhead(asOf, now)
        ? $"This looks ahead: it is {now.ToText()} now, and until {asOf.ToText()} people may object, withdraw and publish. Nothing can be built as of then yet."
        : null;

    // Until then people have time to object, and children to grow up: a release as of tomorrow takes that time from them.
    private static void RefuseAhead(DateTimeOffset asOf, DateTimeOffset now)
    {
        if (IsAhead(asOf, now))
            throw AvalException.Refused(
                $"--as-of {asOf.ToText()} lies more than a day ahead of the clock, which says {now.ToText()}: waiting periods and ages that are not "
                + "over would count as over. Nothing was built. Choose an instant that is past, set the clock, or look ahead with aval compare.");
    }

    // With another number every account's rows would be in another shard: recall and retraining go by shards.
    private static void RefuseOtherBuckets(Workspace workspace)
    {
        if (!Directory.Exists(workspace.Corpus))
            return;
        foreach (var corpus in Directory.EnumerateDirectories(workspace.Corpus))
        {
            var last = ReleaseName.Releases(corpus).MaxBy(Path.GetFileName, StringComparer.Ordinal);
            if (last is not null && Manifest.BucketsOf(last) is { } buckets && buckets != workspace.Settings.Buckets
                && !Compaction.HasSplit(workspace))
                throw AvalException.BadInput($"{Path.Combine(workspace.Root, Workspace.FileName)}: buckets "
                    + $"is {workspace.Settings.Buckets}, and the release {last} has {buckets}: a row's shard follows "
                    + $"from it, so it is not simply changed. Nothing was built. Write buckets: {buckets} again; "
                    + $"to have twice as many, run: aval compact --buckets {2 * buckets}");
        }
    }

    // Three counts made in three ways: of the content, of the decisions, and of what lies on disk.
    private static Accounting Count(Policy policy, Loaded loaded, IReadOnlyList<FinishedPart> parts)
    {
        var accounting = Accounting.Of(
            policy, loaded.Decisions, [.. loaded.Gathered, .. parts.SelectMany(part => part.Cells)], loaded.Inputs.Content.RejectedLines) with
        {
            UnmatchedChoices = loaded.UnmatchedChoices,
        };
        var rows = parts.Sum(part => part.Shard.Rows ?? 0);
        var traced = parts.Sum(part => part.Lineage.Rows ?? 0);
        if (!accounting.Closes || loaded.Read != accounting.Total.Read || rows != accounting.Total.Admitted || traced != rows)
        {
            throw new InvalidOperationException($"The sums do not close: {loaded.Read} items in the content, "
                + $"{accounting.Total.Read} decided, {accounting.Total.Admitted} admitted, {rows} rows in shards, {traced} in lineage. "
                + "Nothing was published.");
        }

        return accounting;
    }
}
