using Aval.Policies;

namespace Aval.Orders;

/// <summary>
/// A policy with what orders keep out, for the decisions of one release. An order counts from the day it is in force
/// and was served, so that a release as of an earlier instant is made again as it was made then; and one that counted
/// as of the release counts in every recall of it, though it was lifted since, since a recall lets nothing in.
/// </summary>
/// <param name="Policy">The policy.</param>
/// <param name="Orders">The entries of all orders that counted, of whatever effect, ascending: what the manifest
/// names.</param>
internal sealed record OrderedPolicy(Policy Policy, IReadOnlyList<long> Orders)
{
    /// <summary>Under the orders that were in force at any instant from one to another.</summary>
    /// <param name="workspace">Whose orders.</param>
    /// <param name="policy">The regime.</param>
    /// <param name="asOf">The release's instant.</param>
    /// <param name="until">Until when what protects counts.</param>
    /// <exception cref="AvalException">Bad input: the text of an order is gone or is another one, or a list of its
    /// authors was served under other forms of ids and names nobody can tell whom.</exception>
    public static OrderedPolicy Of(
        Workspace workspace, Policy policy, DateTimeOffset asOf, DateTimeOffset until) =>
        Under(workspace, policy, OrderBook.Read(workspace).Where(order => Counts(order, asOf, until)));

    /// <summary>Under the orders that a release states.</summary>
    /// <param name="workspace">Whose orders.</param>
    /// <param name="policy">The regime.</param>
    /// <param name="stated">Their entries.</param>
    /// <exception cref="AvalException">Bad input: one is not there, or its text is gone or another one.</exception>
    public static OrderedPolicy Again(Workspace workspace, Policy policy, IReadOnlyList<long> stated)
    {
        ArgumentNullException.ThrowIfNull(stated);
        if (stated.Count == 0)
            return new OrderedPolicy(policy, []);
        var orders = OrderBook.Read(workspace).Where(order => stated.Contains(order.Index.Value)).ToArray();
        return orders.Length == stated.Count
            ? Under(workspace, policy, orders)
            : throw AvalException.BadInput($"{workspace.Ledger}: expected the orders {string.Join(", ", stated)} that "
                + $"the release states, but {orders.Length} of them are there. Its decisions cannot be told. Restore "
                + "the workspace from your backup.");
    }

    private static bool Counts(ServedOrder order, DateTimeOffset asOf, DateTimeOffset until) =>
        order.ServedAt <= until && order.Order.From <= until && (order.Order.Until is not { } end || end > asOf)
            && (order.Lifted is not { } lifted || lifted.At > asOf);

    private static OrderedPolicy Under(Workspace workspace, Policy policy, IEnumerable<ServedOrder> counting)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var orders = counting.OrderBy(order => order.Index.Value).ToArray();
        ListedAuthors.Require(orders, workspace.Settings.Services);
        return new OrderedPolicy(
            policy with { Ordered = Out<OrderEffect.OfItems>(orders) },
            [.. orders.Select(order => order.Index.Value)]);
    }

    /// <summary>What orders keep out by some of their effects; the others of them are left out.</summary>
    /// <typeparam name="T">Those effects.</typeparam>
    public static IReadOnlyList<OrderedOut> Out<T>(IEnumerable<ServedOrder> orders)
        where T : OrderEffect.OfItems
    {
        var lists = 0;
        OrderedItems Items(OrderEffect.OfItems items) => new(
            items.Services, items.Kinds, items.Countries, items.From, items.Until,
            items.Authors.Count == 0 ? null : lists++)
        {
            Authors = items.Authors,
        };
        return
        [
            .. orders.Where(order => order.Order.Effects.OfType<T>().Any())
                .Select(order => new OrderedOut(
                    order.Index.Value, order.Citation, [.. order.Order.Effects.OfType<T>().Select(Items)])),
        ];
    }
}
