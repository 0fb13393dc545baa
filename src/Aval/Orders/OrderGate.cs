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
    /// <param name="policyText">The release's policy.</param>
    /// <param name="corpus">Its corpus.</param>
    /// <param name="release">Its id.</param>
    /// <param name="undone">What therefore did not happen, as a sentence.</param>
    /// <param name="now">The clock's instant.</param>
    /// <exception cref="AvalException">As for <see cref="RequireBuild"/>.</exception>
    public static void RequireUse(
        Workspace workspace, string policyText, string corpus, string release, string undone, DateTimeOffset now)
    {
        var orders = Binding(workspace, now);
        if (orders.Count == 0)
            return;
        var name = $"{corpus}/{release}";
        if (orders.FirstOrDefault(one => one.Order.Effects.OfType<OrderEffect.SuspendRelease>()
            .Any(effect => effect.Releases.Contains(name))) is { } suspending)
            throw AvalException.Refused(
                $"{name}: this release is suspended by {suspending.Citation}. {undone} {Say(suspending)}");
        if (Stopping(orders, PolicyReader.Parse(policyText, name), corpus) is { } order)
            throw AvalException.Refused($"{name}: its use is stopped by {order.Citation}. {undone} {Say(order)}");
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

    /// <summary>The orders in force at an instant.</summary>
    public static IReadOnlyList<ServedOrder> InForce(Workspace workspace, DateTimeOffset now) =>
        [.. OrderBook.Read(workspace).Where(order => order.IsInForce(now))];

    // What was entered tells how late it is at least: a clock that was set back unsays no order.
    private static IReadOnlyList<ServedOrder> Binding(Workspace workspace, DateTimeOffset now)
    {
        var orders = OrderBook.Read(workspace);
        var latest = orders.Select(order => order.Lifted?.At ?? order.ServedAt).Append(now).Max();
        return [.. orders.Where(order => order.IsInForce(latest))];
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
