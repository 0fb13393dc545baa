using Aval.Authors;
using Aval.Content;
using Aval.Corpus;
using Aval.Decisions;
using Aval.Leases;
using Aval.Storage;
using Aval.Text;

namespace Aval.Building;

/// <summary>
/// One passage of a build through its stages, in the order of <see cref="Pipeline"/>: what each has found out for the
/// next ones. All that is large lies in files.
/// </summary>
internal sealed class BuildRun(
    Workspace workspace, BuildRequest request, BuildFolder folder, VrfKey vrf,
    Action<BuildProgress> watch) : IDisposable
{
    private readonly Engine _engine = Engine.Open(folder.Working, request.Limits, workspace.ReadKey());
    private readonly byte[] _seal = FinishedParts.Seal(workspace.ReadKey());
    private readonly AuthorOutputs _outputs = new(
        workspace.Lineage, request.Corpus, workspace.Settings.Buckets, vrf, workspace.Settings.Origin);
    private readonly MatchRules? _matching = MatchRules.Of(request.Policy);
    private readonly string _kept = KeptSketches.Of(workspace, request.Corpus);
    private Inputs? _inputs;
    private ItemDecisions? _decisions;
    private LoadedBuild? _loaded;
    private BuildPlan? _plan;
    private bool _isContinued;
    private IReadOnlyList<FinishedPart> _parts = [];
    private Accounting? _accounting;
    private ReleaseAuthors? _authors;
    private TouchedBuckets? _touched;

    /// <summary>What was made; null = nothing was published.</summary>
    public BuildOutcome? Outcome { get; private set; }

    /// <summary>Whether that is the end of it; otherwise an erasure overtook it.</summary>
    public bool IsOver { get; private set; }

    /// <summary>
    /// Loads the inputs, and finds out what is known of each account and of the items that choices name.
    /// </summary>
    public void Load()
    {
        watch(new BuildProgress("load", 0));
        RowKeys.Provide(_engine);
        var deciding = LoadTouched() ?? Deciding.Load(
            _engine, workspace, request.Policy, workspace.Settings.Buckets, request.At, Prepare);
        (_inputs, _decisions) = (deciding.Inputs, deciding.Decisions);
        // From here on with what orders keep out.
        request = request with { Policy = deciding.Ordered.Policy };
        var read = _touched?.Base.Manifest.ItemsRead ?? _engine.Scalar<long>("SELECT count(*) FROM items_now");
        _loaded = LoadedBuild.Of(workspace, request, _inputs, deciding.Unmatched(_engine), read) with
        {
            Orders = deciding.Ordered.Orders,
        };
    }

    private ItemDecisions Prepare(Policies.Policy policy, Protection? protection) =>
        Treatments.Prepare(_engine, policy, workspace.Settings.Buckets, protection: protection);

    // null = all is to be loaded.
    private Deciding? LoadTouched()
    {
        if (TouchedBuckets.Find(_engine, workspace, request, _seal) is not { } touched)
            return null;
        var deciding = Deciding.Touched(_engine, workspace, request.Policy, request.At, touched, Prepare);
        if (Planning.Common(deciding.Ordered.Policy, workspace.Settings.Buckets, deciding.Decisions)
            != touched.Last.Common)
            return null;
        _touched = touched;
        return deciding;
    }

    /// <summary>Decides content that was left in place, and brings what is admitted of it together by bucket.</summary>
    public void Gather()
    {
        SketchStage.ForgetApart(folder.Working);
        if (_matching is not null)
            SketchStage.OfGone(_engine, folder.Working, _decisions!, _matching);
        if (!_inputs!.Content.Items.InPlace)
            return;
        _loaded = _loaded! with
        {
            Gathered = Gathering.Run(
                _engine, folder.Working, request.Policy, _decisions!, workspace.Settings.Buckets, watch),
        };
        if (_matching is not null)
            SketchStage.OfPlaced(_engine, folder.Working, _decisions!, _matching);
    }

    /// <summary>Lays the facts out by bucket, and plans the parts.</summary>
    public void Plan() => _plan = Planning.Run(
        _engine, request, folder, workspace.Settings.Buckets, _inputs!.Content.Items, _decisions!, _seal,
        _touched?.Buckets);

    /// <summary>Sketches what is compared across buckets; nothing where the policy compares nothing.</summary>
    public void Sketch()
    {
        if (_matching is not null)
        {
            SketchStage.Run(
                _engine, folder.Working, _plan!, _decisions!, _matching, _seal, request.Limits.Threads,
                _kept, done => watch(new BuildProgress("sketch", done)));
        }
    }

    /// <summary>Finds copies and duplicates, and tells each bucket of its own.</summary>
    public void Match()
    {
        if (_matching is not null)
            Compare(_matching);
        // No later stage reads what was left in place: here it is known whether all that was read of it is what was
        // imported. Its owner may have written over a file in these hours, and what stands there now was never decided
        // as that person's.
        PlacedFiles.RequireUnchanged(_engine, workspace);
    }

    private void Compare(MatchRules matching)
    {
        watch(new BuildProgress("match", 0));
        _engine.Execute(string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"SET threads = {request.Limits.Threads}"));
        (_plan, var letIn) = MatchStage.Run(_engine, folder.Working, _plan!, matching, _seal, _kept);
        _loaded = _loaded! with { LetIn = letIn };
    }

    /// <summary>
    /// Makes every part that is not there: from this build before it was killed, or from the last release.
    /// </summary>
    public void Admit()
    {
        var work = Missing();
        var there = _parts.Count;
        if (request.Executor is not LocalExecutor)
            KeepKeys();
        var made = Make(
            work, done => watch(new BuildProgress("write", (double)(there + done) / workspace.Settings.Buckets)));
        _parts = [.. _parts.Concat(made).OrderBy(part => part.Bucket)];
        folder.RemoveUnnamed(_parts);
    }

    /// <summary>Gives the parts that are not there to jobs, and what is left to do to the last of them.</summary>
    /// <param name="submit">Gives them to a scheduler; answers its jobs.</param>
    public Submission Submit(Func<PartsToMake, IReadOnlyList<Job>> submit)
    {
        var work = Missing();
        _loaded!.Write(folder.Working, _seal);
        KeepKeys();
        var jobs = submit(work);
        folder.HandOver(jobs);
        return new Submission(folder.Held.Lease, work.Plan.Parts.Count, _parts.Count);
    }

    /// <summary>Goes on where another process stopped that had loaded and planned.</summary>
    public void Continue(LoadedBuild loaded, BuildPlan plan)
    {
        (_loaded, _plan, _decisions, _isContinued) = (loaded, plan, plan.Decisions(), true);
        RowKeys.Provide(_engine);
        _engine.Execute($"CREATE OR REPLACE MACRO as_of() AS {Engine.Literal(plan.Instant)}");
    }

    // What is there is kept for the stages to come; what is not is answered.
    private PartsToMake Missing()
    {
        var plan = _plan!;
        var (releases, lineages) =
            (Path.Combine(workspace.Corpus, request.Corpus.Text), Path.Combine(workspace.Lineage, request.Corpus.Text));
        var last = FinishedParts.OfLastRelease(lineages, _seal);
        _parts = [.. plan.Parts.Select(planned => FinishedParts.Find(folder.Working, plan, planned, _seal)
            ?? (last is null
                ? null
                : FinishedParts.TakeOver(last, releases, lineages, folder.Working, plan, planned, _seal)))
            .OfType<FinishedPart>()];
        var missing = plan.Parts.ExceptBy(_parts.Select(part => part.Bucket), planned => planned.Bucket).ToArray();
        _parts = [.. _parts, .. _touched?.TakeOverRest(workspace, plan) ?? []];
        return new PartsToMake(
            folder.Working, plan, _decisions!, missing, _seal, _outputs, _engine, folder.Held, request.Limits);
    }

    /// <summary>
    /// Adds up the decisions, and holds three counts against each other: of the content, of the decisions, and of what
    /// lies on disk.
    /// </summary>
    public void Count()
    {
        _accounting = Accounting.Of(
            request.Policy, _decisions! with { LetIn = _loaded!.LetIn },
            DecisionCounts.Add(_parts.Select(part => part.Counts).Prepend(_loaded.Gathered)),
            _loaded.RejectedLines) with
        {
            UnmatchedChoices = _loaded.Unmatched,
            Masked = Masked.Add(_parts.SelectMany(part => part.Masked)),
        };
        var rows = _parts.Sum(part => part.Shard.Rows ?? 0);
        var traced = _parts.Sum(part => part.Lineage.Rows ?? 0);
        if (!_accounting.Closes || _loaded.Items != _accounting.Total.Read || rows != _accounting.Total.Admitted
            || traced != rows)
        {
            throw new InvalidOperationException($"The sums do not close: {_loaded.Items} items in the content, "
                + $"{_accounting.Total.Read} decided, {_accounting.Total.Admitted} admitted, {rows} rows in shards, "
                + $"{traced} in lineage. Nothing was published.");
        }
    }

    /// <summary>Makes the authors' outputs that are missing, their tree, and the audit sidecar.</summary>
    public void WriteAuthors()
    {
        if (_outputs.Made > 0)
            watch(new BuildProgress("authors", 0)); // Most were made with the parts.
        var traced = _parts.Select(part => part.Lineage)
            .Select(file => file with { Path = Path.Combine(folder.Lineage, Path.GetFileName(file.Path)) });
        if (_touched is { } touched)
        {
            _authors = ReleaseAuthors.Patch(
                _engine, _outputs, touched.Base.Authors, touched.Tree, [.. traced],
                [.. _parts.Where(part => touched.Buckets.Contains(part.Bucket))
                    .Select(part => (part.Bucket, part.Outputs))],
                folder.Authors, request.Limits.Threads);
        }

        _authors ??= ReleaseAuthors.Write(
            _engine, _outputs, [.. traced], folder.Authors, folder.Working, request.Limits.Threads,
            (made, total) => watch(new BuildProgress("authors", (double)made / total)),
            [.. _parts.Select(part => part.Outputs)]);
    }

    /// <summary>Makes it a release, unless an erasure overtook it.</summary>
    public void Commit()
    {
        RequireParts();
        var commit = new Commit(workspace, request, folder);
        if (commit.IsOvertaken(_loaded!))
            return;
        RequireContent();
        Outcome = commit.Make(_loaded!, _plan!.Common, _accounting!, _parts, _authors!, _touched);
        if (Outcome is not null)
            KeptSketches.Keep(folder.Working, _kept, _matching is null ? null : _plan);
        IsOver = true;
    }

    private void KeepKeys() =>
        new TaskKeys(RowKeys.Derive(workspace.ReadKey()), _seal, vrf, workspace.Settings.Origin).Keep(folder.Working);

    // What machines of a cluster finished may have taken hours: the next build goes on from it, and their logs are
    // there to be read.
    private IReadOnlyList<FinishedPart> Make(PartsToMake work, Action<int> done)
    {
        try
        {
            return request.Executor.Make(work, done);
        }
        catch (AvalException failure) when (request.Executor is not LocalExecutor)
        {
            folder.Leave(failure.Message);
            throw;
        }
    }

    // Parts that others made lay open to whatever still ran elsewhere while the rest of the release was made.
    private void RequireParts()
    {
        if (request.Executor is LocalExecutor && !_isContinued)
            return;
        foreach (var planned in _plan!.Parts)
        {
            if (FinishedParts.Find(folder.Working, _plan, planned, _seal) is null)
                throw AvalException.Busy($"{folder.Release}: bucket {planned.Bucket} has changed since it was made: "
                    + "tasks of an earlier build may still run. No release was made. "
                    + "Run the command again when they are over.");
        }
    }

    // Parts read content by its path, long after it was held against its hashes. A file that is gone was erased or
    // folded meanwhile, which takes none from a part that has read it.
    private void RequireContent()
    {
        if (_inputs is not { Content.Items: var items })
            return; // It was loaded by another process.
        var checks = ContentChecks.Open(workspace);
        foreach (var rows in items.Layout.Files)
        {
            if (checks.Fault(rows.Writer, rows.File) is { } fault && File.Exists(items.PathOf(rows)))
                throw AvalException.BadInput($"{fault} It changed while the release was made. No release was made. "
                    + "Restore the file from your backup; aval check names everything that is not as it was.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();
}
