using Aval.Corpus;
using Aval.Decisions;
using Aval.Leases;
using Aval.Policies;
using Aval.Storage;

namespace Aval.Building;

/// <summary>What to build.</summary>
/// <param name="Policy">The regime.</param>
/// <param name="Corpus">The corpus the release belongs to.</param>
/// <param name="AsOf">The instant it is made for.</param>
/// <param name="AtCheckpoint">The ledger size to honour; null = all choices there are.</param>
/// <param name="Limits">How much of the machine it may use; never shows in a release.</param>
internal sealed record BuildRequest(
    Policy Policy, CorpusName Corpus, DateTimeOffset AsOf, TreeSize? AtCheckpoint, EngineLimits Limits)
{
    /// <summary>
    /// The ledger size to honour erasures at, at least <see cref="AtCheckpoint"/>; null = all erasures there are.
    /// </summary>
    public TreeSize? ErasedTo { get; init; }

    /// <summary>Until when what protects counts; null = until <see cref="AsOf"/>.</summary>
    public DateTimeOffset? ProtectUntil { get; init; }

    /// <summary>Who makes the parts; never shows in a release.</summary>
    public IPartExecutor Executor { get; init; } = LocalExecutor.Instance;

    /// <summary>Looks at the release when it is made, and says what becomes of it; null = it is committed. Only in the
    /// process that builds.</summary>
    public Func<MadeRelease, Reviewed>? Review { get; init; }

    /// <summary>Asked when the corpus is this build's: whether it is to be made still, which whoever had the corpus
    /// until then may have changed; null = it is.</summary>
    public Func<bool>? IsStillWanted { get; init; }

    /// <summary>
    /// A release of the same corpus, policy and instant, of which what nothing touches is taken over without being
    /// looked at; never shows in a release. null = there is none.
    /// </summary>
    public BaseRelease? Base { get; init; }

    /// <summary>
    /// Nothing enters that its base or the release that it replaces did not hold, but stand-ins: an order that stops
    /// the making of releases does not stop it, since it would keep people in. Whether its result may be used is asked
    /// when it is used.
    /// </summary>
    public bool OnlyTakesOut { get; init; }

    /// <summary>The clock that <see cref="AsOf"/> must not run ahead of.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>What runs this build again, for whoever finds it killed or failed.</summary>
    public string Command { get; init; } = "aval build";

    /// <summary>Which inputs its decisions are made from.</summary>
    internal DecidedAt At => new(AsOf, ProtectUntil ?? AsOf, AtCheckpoint, ErasedTo);

    /// <summary>The lease under which it is built.</summary>
    internal Lease Lease() => new(
        Corpus.Text, Policy.Name, AsOf.ToText(), Clock.UtcNow().ToText(), Command, ProcessIdentity.Own);
}

/// <summary>What a build made.</summary>
/// <param name="Directory">The release.</param>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Accounting">Every item, accounted for.</param>
/// <param name="Existed">The same release was there already, byte for byte; nothing was written.</param>
internal sealed record BuildOutcome(string Directory, Manifest Manifest, Accounting Accounting, bool Existed)
{
    /// <summary>How long each stage took here: said to who builds, and in no file of a release, which is the same
    /// however long it took.</summary>
    public IReadOnlyList<StageTime> Stages { get; init; } = [];
}

/// <summary>
/// The main job, in the order of docs/design.md's diagram: platform content + each person's choice + a policy → a
/// corpus that holds only what is allowed, every item accounted for. The file to open first.
/// </summary>
internal static partial class Pipeline
{
    /// <summary>The stages of a build, in order; what crosses between them is files (docs/formats/stages.md).</summary>
    internal static IReadOnlyList<Stage> Stages { get; } =
    [
        // Content as of T, the choices up to a ledger size and the policy → what is known of each account and item.
        new("load", Partition.One, run => run.Load()),

        // Content that was left in place lies by nothing: decided, and brought together by bucket.
        new("gather", Partition.One, run => run.Gather()),

        // The facts and the plan, by bucket: from here on a part reads its slice.
        new("plan", Partition.One, run => run.Plan()),

        // Where the policy compares texts: numbers that stand for what is admitted and for what casts a shadow.
        new("sketch", Partition.Bucket, run => run.Sketch()),

        // Whose words stand elsewhere: copies of what is excluded, then duplicates of what is left.
        new("match", Partition.One, run => run.Match()),

        // decide → treat → write of a bucket, with what was matched.
        new("admit", Partition.Bucket, run => run.Admit()),

        // Three counts made in three ways must agree.
        new("count", Partition.One, run => run.Count()),

        // Whose rows they are, as a tree of which proofs can be given.
        new("authors", Partition.Bucket, run => run.WriteAuthors()),

        // Signed, entered into the ledger, and only then visible. Refuses when an erasure overtook it.
        new("commit", Partition.One, run => run.Commit()),
    ];

    /// <summary>
    /// Builds a release: complete, or absent. Two builds of one corpus exclude each other; a build that was killed
    /// leaves its finished parts, from which the next one goes on.
    /// </summary>
    /// <exception cref="AvalException">Refused by the policy's dates; busy; bad input.</exception>
    public static BuildOutcome Build(Workspace workspace, BuildRequest request, Action<BuildProgress> watch) =>
        BuildReviewed(workspace, request, watch)
            ?? throw new InvalidOperationException("The build's review did not want it, and nobody asked.");

    /// <summary>The same; null = the request did not want it any more, or its review did not want what was made, and
    /// nothing of it is left.</summary>
    /// <inheritdoc cref="Build"/>
    public static BuildOutcome? BuildReviewed(Workspace workspace, BuildRequest request, Action<BuildProgress> watch)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(watch);
        var vrf = Require(workspace, request);
        using var folder = BuildFolder.Begin(workspace, request.Lease());
        return request.IsStillWanted?.Invoke() is false
            ? null
            : Passages(workspace, request, folder, vrf, watch);
    }

    /// <summary>Where a corpus's build works: what its tasks are told.</summary>
    public static string WorkingFolder(Workspace workspace, CorpusName corpus)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(corpus);
        return BuildFolder.WorkingOf(workspace, corpus);
    }
}
