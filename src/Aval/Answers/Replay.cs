using System.Globalization;
using Aval.Building;
using Aval.Choices;
using Aval.Content;
using Aval.Corpus;
using Aval.Decisions;
using Aval.Policies;
using Aval.Storage;
using Aval.Text;

namespace Aval.Answers;

/// <summary>
/// A release's decisions, made again from the inputs its manifest names and held against its accounting. A release
/// keeps what it admitted; what it excluded, and why, is known only by asking again.
/// </summary>
internal sealed class Replay : IDisposable
{
    private const string AccountingFile = "accounting.json";

    // An item would be in by itself, and its row is missing.
    private bool _isIncomplete;

    private Replay(Engine engine, Manifest manifest, Policy policy, ItemDecisions decisions)
    {
        Engine = engine;
        Manifest = manifest;
        Policy = policy;
        Decisions = decisions;
    }

    /// <summary>Holds the content's views, the stances and <c>decided</c>: one row an item with its mask.</summary>
    public Engine Engine { get; }

    /// <summary>The release's manifest.</summary>
    public Manifest Manifest { get; }

    /// <summary>The policy, as the manifest has it.</summary>
    public Policy Policy { get; }

    /// <summary>What it had decided of items that were erased since, and that are not among <c>decided</c>; and of
    /// such as are changed since.</summary>
    public ErasedSums Erased { get; private set; } = new(0, [], []);

    /// <summary>What the masks mean.</summary>
    public ItemDecisions Decisions { get; }

    /// <summary>Decides again.</summary>
    /// <exception cref="AvalException">No: the decisions differ from what the release says. Bad input: an input is
    /// gone.</exception>
    public static Replay Of(Workspace workspace, string release, EngineLimits limits) =>
        Of(workspace, release, limits, few: null, isCompared: true);

    /// <summary>Decides one item again, and holds it against the shard of its bucket: of the content no more is read
    /// than where it lies.</summary>
    /// <inheritdoc cref="Of(Workspace, string, EngineLimits)"/>
    public static Replay Of(Workspace workspace, string release, EngineLimits limits, Item item) => OfFew(
        workspace, release, limits,
        engine => $"(FROM {ItemFinding.Now(engine, item)} AS now WHERE service = {Engine.Literal(item.Service)} "
            + $"AND item_id = {Engine.Literal(item.Id)})");

    /// <summary>The same for the items of one account.</summary>
    /// <inheritdoc cref="Of(Workspace, string, EngineLimits)"/>
    public static Replay Of(Workspace workspace, string release, EngineLimits limits, Account account) => OfFew(
        workspace, release, limits,
        engine => $"(FROM {ItemFinding.Now(engine, account)} AS now "
            + $"WHERE author = {Engine.Literal(account.ToString())})");

    // What is said of an item by itself explains it, unless it would be in and its row is missing: then it says what
    // another item says, and only a comparison of all can tell.
    private static Replay OfFew(Workspace workspace, string release, EngineLimits limits, Func<Engine, string> few)
    {
        var replay = Of(workspace, release, limits, few, isCompared: false);
        if (!replay._isIncomplete)
            return replay;
        replay.Dispose();
        return Of(workspace, release, limits, few, isCompared: true);
    }

    private static Replay Of(
        Workspace workspace, string release, EngineLimits limits, Func<Engine, string>? few, bool isCompared)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var manifest = Manifest.Read(release);
        var policy = PolicyReader.Parse(manifest.PolicyText, Path.Combine(release, Manifest.FileName));
        var engine = Engine.Open(workspace.Temporary, limits, workspace.ReadKey());
        return Ownership.Hand(engine, () =>
        {
            // Another version may give another reason, and then only the sums of all show it.
            var items = manifest.Engine == EngineVersion.Text ? few : null;
            RowKeys.Provide(engine);
            var deciding = Deciding.Load(
                engine, workspace, policy, manifest.Buckets, At(manifest),
                (ordered, protection) => isCompared || items is null
                    ? Matching.Prepare(
                        engine, ordered, manifest.Buckets, items: items?.Invoke(engine) ?? "items_now",
                        protection: protection)
                    : Treatments.Prepare(
                        engine, ordered, manifest.Buckets, items: items(engine), protection: protection));
            var replay = new Replay(engine, manifest, deciding.Ordered.Policy, deciding.Decisions);
            replay.RequireContent(release, deciding.Inputs);
            DecidedItems.Keep(engine, deciding.Decisions.Relation);
            PlacedFiles.RequireUnchanged(engine, workspace);
            if (items is null)
                replay.Agree(release, deciding, workspace);
            else
                replay.AgreeOnFew(release, isCompared || MatchRules.Of(policy) is null);
            return replay;
        });
    }

    /// <summary>
    /// Names what each mask means, for queries over <c>decided</c>: <c>masks(mask, decision, reason, rule, rules)</c>.
    /// </summary>
    public void NameMasks() => DecidedItems.NameMasks(Engine, Decisions);

    /// <summary>
    /// Every item with its decision, as <c>aval decisions</c> writes it and <c>aval query</c> shows it. Needs
    /// <see cref="NameMasks"/>.
    /// </summary>
    public string DecisionsSql => DecidedItems.Sql(Manifest.Buckets);

    /// <inheritdoc/>
    public void Dispose() => Engine.Dispose();

    private void RequireContent(string release, Inputs inputs)
    {
        if (inputs.Content.Sha != Manifest.Content)
            throw new AvalException(
                ExitCode.No,
                $"{release}: the content that this release was made from was {Manifest.Content}; what those imports "
                    + $"hold now is {inputs.Content.Sha} (links.no-person in aval.yaml is a part of it). "
                    + "Its decisions cannot be told. Restore the content and the setting, or build a new release.");
    }

    // An item is in when its row is in the shard of its bucket, which the manifest tells from any other file. One that
    // was not compared with others may be out all the same.
    private void AgreeOnFew(string release, bool isCompared)
    {
        RequireAsMade(release, AccountingFile);
        foreach (var bucket in Engine.Query(
            $"SELECT DISTINCT {Bucket} FROM decided ORDER BY ALL", row => row.GetInt32(0)))
        {
            var shard = RequireAsMade(
                release, string.Create(CultureInfo.InvariantCulture, $"shards/b{bucket:D3}.parquet"));
            var (lacking, beside) = Engine.Query(
                $"""
                SELECT count(*) FILTER (admitted AND is_in IS NULL), count(*) FILTER (NOT admitted AND is_in)
                FROM (SELECT mask = 0 AS admitted, row_key(service, item_id) AS row_key FROM decided
                      WHERE {Bucket} = $bucket)
                LEFT JOIN (SELECT row_key, true AS is_in FROM {ParquetFiles.Rows(shard)}) USING (row_key)
                """,
                row => (row.GetInt64(0), row.GetInt64(1)), ("bucket", bucket)).Single();
            _isIncomplete |= lacking > 0 && !isCompared;
            var differ = isCompared ? lacking + beside : beside;
            if (differ > 0)
                throw new AvalException(
                    ExitCode.No,
                    $"{shard}: what is decided again from the manifest's inputs is not what this file says, of "
                        + $"{differ} items that were asked for. Its decisions cannot be told. An input was changed: "
                        + "aval check names what is not as it was.");
        }
    }

    // What was decided of items that are gone, nobody can say any more.
    private AvalException? Untold(string release, long read, IReadOnlyList<ContentErasure> erasures) =>
        Manifest.ItemsRead - read is var gone and > 0 && gone <= erasures.Sum(erasure => erasure.Items)
            ? new AvalException(
                ExitCode.No,
                $"{release}: it was decided over {Manifest.ItemsRead} items, and {gone} of them have been erased "
                    + $"since (aval erase, last on {erasures[^1].ErasedAt}), so its decisions as a whole cannot be "
                    + "told again; its rows are as they were. Ask for one item or one account (aval explain), or "
                    + "build a release of today.")
            : null;

    private string Bucket => $"coalesce(bucket, bucket_of(account, {Manifest.Buckets}))";

    private string RequireAsMade(string release, string name)
    {
        var path = Path.Combine(release, name);
        return Manifest.Files.Any(file => file.Path == name && HashedFile.Is(path, file.Sha256))
            ? path
            : throw new AvalException(
                ExitCode.No,
                $"{path}: this is not the file that the manifest names, or it is gone. The release's decisions cannot "
                    + "be told. Restore the release, or build it again.");
    }

    /// <summary>
    /// Loads what was said and linked until the release's <c>protect_until</c>, for whoever asks which choice is behind
    /// a decision. Items and accounts are from then on those of that instant; what was decided stays.
    /// </summary>
    public void LoadWhatProtects(Workspace workspace)
    {
        var at = At(Manifest);
        if (!at.IsRecalled)
            return;
        Inputs.Load(
            Engine, workspace, at.ProtectUntil, at.AtCheckpoint, at.Imports, at.ErasedTo, reckonedAt: at.AsOf);
        Stances.Resolve(Engine, Policy.Purpose);
    }

    private static DecidedAt At(Manifest manifest) => new(
        manifest.AsOf, manifest.ProtectUntil, manifest.LedgerSize, manifest.ErasedTo, manifest.Imports,
        manifest.Orders);

    private void Agree(string release, Deciding deciding, Workspace workspace)
    {
        var erasures = ImportLog.ReadAll(workspace).Erasures;
        Erased = ErasedSums.Of(workspace, Manifest, erasures);
        // Now and what was erased since are what there was.
        Cell[] cells =
        [
            .. Engine.Query(
                $"SELECT mask, service, kind, language, count(*) FROM {Erased.Left} GROUP BY ALL ORDER BY ALL",
                row => new Cell(
                    row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4))),
            .. Erased.Cells.Select(one => one.Cell),
        ];
        var again = Accounting.Of(
            Policy, Decisions, DecisionCounts.Of(cells), deciding.Inputs.Content.RejectedLines) with
        {
            UnmatchedChoices = deciding.Unmatched(Engine),
            Masked = Masked.Add([.. Shards.CountMasked(Engine, Erased.Left), .. Erased.Masks]),
        };
        var file = Path.Combine(release, AccountingFile);
        if (!File.Exists(file) || !again.ToJson().AsSpan().SequenceEqual(File.ReadAllBytes(file)))
            throw Untold(release, again.Total.Read, erasures) ?? new AvalException(
                ExitCode.No,
                $"{file}: the decisions made again from the manifest's inputs do not add up to this file. "
                    + "Its decisions cannot be told. The file was changed, or another version of Aval made it "
                    + $"({Manifest.Engine}; this is {EngineVersion.Text}).");
    }
}
