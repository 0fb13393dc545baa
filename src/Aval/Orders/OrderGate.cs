using Aval.Policies;

namespace Aval.Orders;

/// <summary>
/// What orders in force forbid: asked before a release is made and before it is committed, before one leaves or is
/// trained on, and before anything is destroyed. Every refusal names the order.
/// </summary>
internal static class OrderGate
{
    /// <summary>Refuses to make a release under a policy that is stopped.</summary>
    /// <exception cref="AvalException">Refused: an order in force stops it. Bad input: nobody can tell.</exception>
    public static void RequireBuild(Workspace workspace, Policy policy, string corpus, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (Stopping(Binding(workspace, now), policy, corpus) is { } order)
            throw AvalException.Refused($"A release of {corpus} under the policy \"{policy.Name}\" is stopped by "
                + $"{order.Citation}. No release was made. {Say(order)}");
    }

    /// <summary>Refuses to let a release leave or be trained on that is stopped or suspended.</summary>
    /// <param name="workspace">Whose orders.</param>
    /// <param name="release">The release.</param>
    /// <param name="undone">What therefore did not happen, as a sentence.</param>
    /// <param name="now">The clock's instant.</param>
    /// <exception cref="AvalException">As for <see cref="RequireBuild"/>.</exception>
    public static void RequireUse(Workspace workspace, GatedRelease release, string undone, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(release);
        RequireStanding(workspace, release, undone, now);
        var (orders, name) = (Binding(workspace, now), $"{release.Corpus}/{release.Id}");
        if (orders.Count == 0)
            return;
        var policy = PolicyReader.Parse(release.PolicyText, name);
        if (Unhonoured(orders, policy, release.Orders).FirstOrDefault() is { } excluding)
            throw AvalException.Refused($"{name}: this release was made without regard to {excluding.Citation}, which "
                + $"keeps items out. {undone} Take them out: aval recall --corpus {release.Corpus}. {Say(excluding)}");
    }

    /// <summary>The same without orders that keep items out: what left a release may leave again so that it is
    /// forgotten, unless the release is stopped or suspended.</summary>
    /// <inheritdoc cref="RequireUse"/>
    public static void RequireStanding(Workspace workspace, GatedRelease release, string undone, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(release);
        var orders = Binding(workspace, now);
        if (orders.Count == 0)
            return;
        var name = $"{release.Corpus}/{release.Id}";
        if (orders.FirstOrDefault(one => one.Order.Effects.OfType<OrderEffect.SuspendRelease>()
            .Any(effect => effect.Releases.Contains(name) || effect.Releases.Intersect(release.Replaced()).Any()))
            is { } suspending)
            throw AvalException.Refused(
                $"{name}: this release is suspended by {suspending.Citation}. {undone} {Say(suspending)}");
        var policy = PolicyReader.Parse(release.PolicyText, name);
        if (Stopping(orders, policy, release.Corpus) is { } order)
            throw AvalException.Refused($"{name}: its use is stopped by {order.Citation}. {undone} {Say(order)}");
    }

    /// <summary>The orders in force that keep items out of releases under a policy, and that a release does not
    /// state.</summary>
    /// <param name="workspace">Whose orders.</param>
    /// <param name="policy">The release's policy.</param>
    /// <param name="stated">The entries of the orders that it honours.</param>
    /// <param name="now">The clock's instant.</param>
    public static IReadOnlyList<ServedOrder> Unhonoured(
        Workspace workspace, Policy policy, IReadOnlyList<long> stated, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(stated);
        return [.. Unhonoured(Binding(workspace, now), policy, stated)];
    }

    private static IEnumerable<ServedOrder> Unhonoured(
        IReadOnlyList<ServedOrder> orders, Policy policy, IReadOnlyList<long> stated) =>
        orders.Where(order => !stated.Contains(order.Index.Value)
            && order.Order.Effects.OfType<OrderEffect.OfItems>().Any(items => Concerns(items, policy)));

    // Of a service or kind of which the policy admits none there is nothing to take out.
    private static bool Concerns(OrderEffect.OfItems items, Policy policy)
    {
        static bool Meet(IReadOnlyList<string> named, IReadOnlyList<string>? admitted) =>
            named.Count == 0 || admitted is null || named.Any(admitted.Contains);
        return Meet(items.Services, policy.Rules.OfType<Rule.Services>().SingleOrDefault()?.Admit)
            && Meet(items.Kinds, policy.Rules.OfType<Rule.Kinds>().SingleOrDefault()?.Admit);
    }

    /// <summary>Refuses to destroy anything while an order preserves it.</summary>
    /// <param name="workspace">Whose orders.</param>
    /// <param name="what">What was to be done, as the beginning of a sentence: <c>"An erasure"</c>.</param>
    /// <param name="undone">What therefore did not happen, and what holds meanwhile.</param>
    /// <param name="now">The clock's instant.</param>
    /// <exception cref="AvalException">As for <see cref="RequireBuild"/>.</exception>
    public static void RequireDestruction(Workspace workspace, string what, string undone, DateTimeOffset now)
    {
        if (Binding(workspace, now).FirstOrDefault(one => one.Order.Effects.OfType<OrderEffect.Preserve>().Any())
            is { } order)
            throw AvalException.Refused($"{what} is refused by {order.Citation}, which preserves what there is (GDPR "
                + $"Art. 17(3)(e), 18(2)). {undone} {Say(order)}");
    }

    /// <summary>What may be destroyed at an instant.</summary>
    public static Destroyable Destroyable(Workspace workspace, DateTimeOffset now)
    {
        var orders = Binding(workspace, now);
        var preserving = orders.Where(order => order.Order.Effects.OfType<OrderEffect.Preserve>().Any()).ToArray();
        // What cannot be undone is done by the later clock alone: an order that it ends is carried out no more.
        var latest = Latest(OrderBook.Read(workspace), now);
        var deleting = orders.Where(order => order.IsInForce(latest)
            && order.Order.Effects.OfType<OrderEffect.Delete>().Any()).ToArray();
        return new Destroyable(
            preserving,
            [.. deleting.Where(delete => preserving.All(one => one.YieldsTo.Contains(delete.Index.Value)))],
            [.. deleting.Where(delete => !preserving.All(one => one.YieldsTo.Contains(delete.Index.Value)))]);
    }

    /// <summary>The same, refused where that is nothing.</summary>
    /// <inheritdoc cref="RequireDestruction"/>
    public static Destroyable RequireAnyDestruction(
        Workspace workspace, string what, string undone, DateTimeOffset now)
    {
        var destroyable = Destroyable(workspace, now);
        if (!destroyable.IsNothing)
            return destroyable;
        if (destroyable.Contested is [var delete, ..]
            && destroyable.Preserving.First(one => !one.YieldsTo.Contains(delete.Index.Value)) is var preserve)
            throw AvalException.Refused($"{what} is ordered by {delete.Citation} and refused by {preserve.Citation}: "
                + $"nobody can obey both. {undone} An officer resolves which gives way; that the order to preserve "
                + $"does: aval order resolve {preserve.Index} --yields-to {delete.Index} --because TEXT. The other "
                + $"way, lift the order to delete once whoever gave it agrees. {Say(delete)}");
        RequireDestruction(workspace, what, undone, now);
        throw new InvalidOperationException("Nothing may be destroyed, and no order preserves it.");
    }

    /// <summary>The orders in force at an instant.</summary>
    public static IReadOnlyList<ServedOrder> InForce(Workspace workspace, DateTimeOffset now) =>
        [.. OrderBook.Read(workspace).Where(order => order.IsInForce(now))];

    /// <summary>The clock's instant, or the one at which the last order was entered or lifted where that is later: a
    /// clock that was set back unsays no order.</summary>
    public static DateTimeOffset NotBefore(Workspace workspace, DateTimeOffset now) =>
        Latest(OrderBook.Read(workspace), now);

    private static DateTimeOffset Latest(IReadOnlyList<ServedOrder> orders, DateTimeOffset now) =>
        orders.Select(order => order.Lifted?.At ?? order.ServedAt).Append(now).Max();

    // Begun by the later of two clocks, ended by this one's: a clock that was set back unsays no order, and one that
    // was ahead once, when any order was entered, ends none.
    private static IReadOnlyList<ServedOrder> Binding(Workspace workspace, DateTimeOffset now)
    {
        var orders = OrderBook.Read(workspace);
        var latest = Latest(orders, now);
        return
        [
            .. orders.Where(order => order.Lifted is null && order.Order.From <= latest
                && (order.Order.Until is not { } until || now < until)),
        ];
    }

    /// <summary>The first of these orders that stops a release under a policy; null = none does.</summary>
    public static ServedOrder? Stopping(IReadOnlyList<ServedOrder> orders, Policy policy, string corpus)
    {
        ArgumentNullException.ThrowIfNull(orders);
        ArgumentNullException.ThrowIfNull(policy);
        return orders.FirstOrDefault(order =>
            order.Order.Effects.OfType<OrderEffect.Stop>().Any(stop => Stops(stop, policy, corpus)));
    }

    private static bool Stops(OrderEffect.Stop stop, Policy policy, string corpus)
    {
        if (stop.Policies.Count + stop.Corpora.Count + stop.Services.Count + stop.Countries.Count == 0)
            return true;
        // A policy that names no services admits them all; one that names no residences holds everybody's people.
        var services = policy.Rules.OfType<Rule.Services>().SingleOrDefault()?.Admit;
        var countries = policy.Rules.OfType<Rule.Residence>().SingleOrDefault()?.Admit;
        return stop.Policies.Contains(policy.Name) || stop.Corpora.Contains(corpus)
            || stop.Services.Any(service => services is null || services.Contains(service))
            || stop.Countries.Any(country => countries is null || countries.Contains(country));
    }

    private static string Say(ServedOrder order) => $"What it says: aval order show {order.Index}";
}

/// <summary>A release that is to be used.</summary>
/// <param name="Corpus">Its corpus.</param>
/// <param name="Id">Its id.</param>
/// <param name="PolicyText">Its policy.</param>
/// <param name="Orders">The entries of the orders that it states.</param>
/// <param name="Replaced">NAME/ID of the releases in whose place it was made by erasures: what is ordered of them holds
/// for it.</param>
internal sealed record GatedRelease(
    string Corpus, string Id, string PolicyText, IReadOnlyList<long> Orders, Func<IReadOnlyList<string>> Replaced);

/// <summary>What may be destroyed.</summary>
/// <param name="Preserving">The orders in force that preserve what there is; none = whatever is due may be.</param>
/// <param name="Deleting">The orders in force that delete, and that nothing stands against.</param>
/// <param name="Contested">The orders in force that delete, and that an order which preserves stands against.</param>
internal sealed record Destroyable(
    IReadOnlyList<ServedOrder> Preserving, IReadOnlyList<ServedOrder> Deleting, IReadOnlyList<ServedOrder> Contested)
{
    /// <summary>Nothing stands against anything, and nothing is ordered.</summary>
    public static Destroyable WhateverIsDue { get; } = new([], [], []);

    /// <summary>Whether what people asked to be erased may be, and not only what orders delete.</summary>
    public bool IsWhateverIsDue => Preserving.Count == 0;

    /// <summary>Whether nothing may be.</summary>
    public bool IsNothing => Preserving.Count > 0 && Deleting.Count == 0;
}
