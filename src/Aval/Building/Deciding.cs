using System.Security.Cryptography;
using System.Text;
using Aval.Choices;
using Aval.Decisions;
using Aval.Orders;
using Aval.Policies;
using Aval.Storage;
using Aval.Text;

namespace Aval.Building;

/// <summary>What a release's decisions are asked for.</summary>
/// <param name="AsOf">T: content, ages and waiting periods count as of it, and all that permits.</param>
/// <param name="ProtectUntil">What protects counts until it; at least <paramref name="AsOf"/>.</param>
/// <param name="AtCheckpoint">The ledger size to honour; null = all there is.</param>
/// <param name="ErasedTo">The ledger size to honour erasures at; null = all there are.</param>
/// <param name="Imports">The imports to read; null = all there are.</param>
/// <param name="Orders">The entries of the orders that count; null = those in force at any of these instants.</param>
internal sealed record DecidedAt(
    DateTimeOffset AsOf, DateTimeOffset ProtectUntil, TreeSize? AtCheckpoint, TreeSize? ErasedTo,
    IReadOnlyList<string>? Imports = null, IReadOnlyList<long>? Orders = null)
{
    /// <summary>Whether anything counts that did not as of the release.</summary>
    public bool IsRecalled => ProtectUntil > AsOf;

    /// <summary>A policy, with what the orders that count keep out.</summary>
    /// <exception cref="AvalException">Bad input: the text of an order is gone or is another one.</exception>
    public OrderedPolicy Order(Workspace workspace, Policy policy) => Orders is { } stated
        ? OrderedPolicy.Again(workspace, policy, stated)
        : OrderedPolicy.Of(workspace, policy, AsOf, ProtectUntil);
}

/// <summary>
/// What a release's decisions are made from, loaded into an engine, and these decisions: one place for whoever builds a
/// release and for whoever decides one again.
/// </summary>
/// <param name="Inputs">The inputs; of a recalled release the choices are counted until its <c>protect_until</c>, and
/// the content's hash is of both instants.</param>
/// <param name="Decisions">The decisions.</param>
/// <param name="Ordered">The policy that they carry out, with the orders that count.</param>
internal sealed record Deciding(Inputs Inputs, ItemDecisions Decisions, OrderedPolicy Ordered)
{
    private readonly long? _unmatched;

    /// <summary>Loads and decides.</summary>
    /// <param name="engine">An empty engine of this workspace.</param>
    /// <param name="workspace">Where the inputs lie.</param>
    /// <param name="policy">The regime.</param>
    /// <param name="buckets">How many buckets accounts are spread over.</param>
    /// <param name="at">Which inputs.</param>
    /// <param name="prepare">Makes the decisions of the policy with the orders that count, once the inputs are loaded;
    /// told what was found out later.</param>
    /// <exception cref="AvalException">As for <see cref="Inputs.Load"/> and <see cref="DecidedAt.Order"/>.</exception>
    public static Deciding Load(
        Engine engine, Workspace workspace, Policy policy, int buckets, DecidedAt at,
        Func<Policy, Protection?, ItemDecisions> prepare)
    {
        ArgumentNullException.ThrowIfNull(at);
        ArgumentNullException.ThrowIfNull(prepare);
        var ordered = at.Order(workspace, policy);
        return at.IsRecalled
            ? Recalled(engine, workspace, ordered, buckets, at, prepare)
            : AsOf(engine, workspace, ordered, at, prepare);
    }

    /// <summary>How many of the choices that count are about what the content does not know.</summary>
    public long Unmatched(Engine engine) => _unmatched ?? UnmatchedChoices.Find(engine);

    /// <summary>Decides, of a release that is recalled, the buckets that something touches, and loads no others. As of
    /// both instants the content is one.</summary>
    /// <param name="engine">In which they were found.</param>
    /// <param name="workspace">Where the inputs lie.</param>
    /// <param name="policy">The regime.</param>
    /// <param name="at">Which inputs.</param>
    /// <param name="touched">The buckets.</param>
    /// <param name="prepare">As for <see cref="Load"/>.</param>
    public static Deciding Touched(
        Engine engine, Workspace workspace, Policy policy, DecidedAt at, TouchedBuckets touched,
        Func<Policy, Protection?, ItemDecisions> prepare)
    {
        ArgumentNullException.ThrowIfNull(at);
        ArgumentNullException.ThrowIfNull(touched);
        ArgumentNullException.ThrowIfNull(prepare);
        var ordered = at.Order(workspace, policy);
        Inputs.SetInstants(engine, asOf: at.AsOf, knownAt: at.ProtectUntil);
        Stances.Load(engine, touched.Choices, [], at.ProtectUntil);
        Stances.ResolveNear(engine, policy.Purpose);
        var protection = Treatments.Protect(engine, ordered.Policy, workspace.Settings.Buckets);
        Inputs.SetInstants(engine, asOf: at.AsOf, knownAt: at.AsOf);
        Stances.LoadSooner(engine, [], at.AsOf);
        Stances.ResolveSooner(engine, policy.Purpose);
        var inputs = Inputs.Touched(touched, at.AsOf, touched.Counted);
        return new Deciding(
            inputs with { Content = Both(touched.Content, touched.Content) }, prepare(ordered.Policy, protection),
            ordered, touched.Unmatched);
    }

    private static Deciding AsOf(
        Engine engine, Workspace workspace, OrderedPolicy ordered, DecidedAt at,
        Func<Policy, Protection?, ItemDecisions> prepare)
    {
        var inputs = Inputs.Load(engine, workspace, at.AsOf, at.AtCheckpoint, at.Imports, at.ErasedTo);
        Stances.Resolve(engine, ordered.Policy.Purpose);
        return new Deciding(inputs, prepare(ordered.Policy, null), ordered);
    }

    // What protects is loaded first, and content as of the release over it. Both are of one moment: what is imported in
    // between would be in one of them.
    private static Deciding Recalled(
        Engine engine, Workspace workspace, OrderedPolicy ordered, int buckets, DecidedAt at,
        Func<Policy, Protection?, ItemDecisions> prepare)
    {
        var policy = ordered.Policy;
        while (true)
        {
            var known = Inputs.Load(
                engine, workspace, at.ProtectUntil, at.AtCheckpoint, at.Imports, at.ErasedTo, reckonedAt: at.AsOf);
            Stances.Resolve(engine, policy.Purpose);
            var unmatched = UnmatchedChoices.Find(engine);
            var protection = Treatments.Protect(engine, policy, buckets);
            var now = known.LoadSooner(
                engine, workspace, at.AsOf, at.Imports, at.ErasedTo ?? Later(known.LedgerSize, known.StoreSize));
            Stances.Resolve(engine, policy.Purpose);
            if (now.Imports.SequenceEqual(known.Content.Imports))
                return new Deciding(
                    known with { AsOf = at.AsOf, Content = Both(now, known.Content) }, prepare(policy, protection),
                    ordered, unmatched);
        }
    }

    private Deciding(Inputs inputs, ItemDecisions decisions, OrderedPolicy ordered, long unmatched)
        : this(inputs, decisions, ordered) => _unmatched = unmatched;

    private static TreeSize Later(TreeSize one, TreeSize other) => one.Value > other.Value ? one : other;

    // The layout is that of the content as of the release, which parts read.
    private static Content.ContentSnapshot Both(Content.ContentSnapshot now, Content.ContentSnapshot later) => now with
    {
        Sha = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{now.Sha}\n{later.Sha}\n"))),
    };
}
