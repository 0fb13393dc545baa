using Aval.Building;
using Aval.Choices;
using Aval.Corpus;
using Aval.Decisions;
using Aval.Policies;
using Aval.Storage;

namespace Aval.Answers;

/// <summary>
/// A release's decisions, made again from the inputs its manifest names and held against its accounting. A release
/// keeps what it admitted; what it excluded, and why, is known only by asking again.
/// </summary>
internal sealed class Replay : IDisposable
{
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

    /// <summary>What the masks mean.</summary>
    public ItemDecisions Decisions { get; }

    /// <summary>Decides again.</summary>
    /// <exception cref="AvalException">No: the decisions differ from what the release says. Bad input: an input is
    /// gone.</exception>
    public static Replay Of(Workspace workspace, string release, EngineLimits limits)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var manifest = Manifest.Read(release);
        var policy = PolicyReader.Parse(manifest.PolicyText, Path.Combine(release, Manifest.FileName));
        var engine = Engine.Open(workspace.Temporary, limits, workspace.ReadKey());
        return Ownership.Hand(engine, () =>
        {
            var inputs = Inputs.Load(
                engine, workspace, manifest.AsOf, manifest.LedgerSize, manifest.Imports, manifest.ErasedTo);
            Stances.Resolve(engine, policy.Purpose);
            var decisions = ItemDecisions.Prepare(engine, policy, manifest.Buckets);
            DecidedItems.Keep(engine, decisions);
            var replay = new Replay(engine, manifest, policy, decisions);
            replay.Agree(release, inputs);
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

    private void Agree(string release, Inputs inputs)
    {
        if (inputs.Content.Sha != Manifest.Content)
            throw new AvalException(
                ExitCode.No,
                $"{release}: the content that this release was made from was {Manifest.Content}; what those imports "
                    + $"hold now is {inputs.Content.Sha} (links.no-person in aval.yaml is a part of it). "
                    + "Its decisions cannot be told. Restore the content and the setting, or build a new release.");
        var cells = Engine.Query(
            "SELECT mask, service, kind, language, count(*) FROM decided GROUP BY ALL ORDER BY ALL",
            row => new Cell(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4)));
        var again = Accounting.Of(Policy, Decisions, cells, inputs.Content.RejectedLines) with
        {
            UnmatchedChoices = UnmatchedChoices.Find(Engine),
        };
        var file = Path.Combine(release, "accounting.json");
        if (!File.Exists(file) || !again.ToJson().AsSpan().SequenceEqual(File.ReadAllBytes(file)))
            throw new AvalException(
                ExitCode.No,
                $"{file}: the decisions made again from the manifest's inputs do not add up to this file. "
                    + "Its decisions cannot be told. The file was changed, or another version of Aval made it "
                    + $"({Manifest.Engine}; this is {EngineVersion.Text}).");
    }
}
