using System.Text.Json;
using Aval.Ledger;
using Aval.Recording;
using Aval.Storage;

namespace Aval.Orders;

/// <summary>
/// The orders of a workspace: entries of kind 0x03, whose texts are kept beside the ledger. The file to open first in
/// this room.
/// <para>
/// A text is on disk before its entry is; a kill in between leaves a text that nothing refers to and an order that was
/// not acknowledged. What an entry commits to and is not there any more stops whoever asks what is in force: an order
/// is not lost by losing its file.
/// </para>
/// </summary>
internal static class OrderBook
{
    /// <summary>Enters an order into the ledger.</summary>
    /// <returns>The order as it stands there.</returns>
    /// <exception cref="AvalException">Usage: it was served before and is not lifted. Busy: another process
    /// writes.</exception>
    public static ServedOrder Serve(Workspace workspace, Order order, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(clock);
        using var held = Hold(workspace);
        if (Read(workspace).FirstOrDefault(one => one.Lifted is null && one.Order.Name == order.Name
            && one.Order.File == order.File && one.Order.Document == order.Document) is { } before)
            throw AvalException.Usage($"File {order.File} of {order.Name} was served before, on "
                + $"{before.ServedAt.ToText()} (ledger entry {before.Index}), and is not lifted. Nothing was recorded. "
                + $"Where it says something else now, lift that one first: aval order lift {before.Index}");
        var at = clock.UtcNow();
        var index = Enter(workspace, new OrderJson(OrderJson.Current, at, order, null, null));
        return new ServedOrder(index, at, order, null);
    }

    /// <summary>Enters that an order is lifted.</summary>
    /// <param name="workspace">Whose.</param>
    /// <param name="index">The order's entry.</param>
    /// <param name="because">Who lifted it, and by what.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="AvalException">Usage: there is no such order, or it is lifted already.</exception>
    public static ServedOrder Lift(Workspace workspace, EntryIndex index, string because, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentException.ThrowIfNullOrWhiteSpace(because);
        ArgumentNullException.ThrowIfNull(clock);
        using var held = Hold(workspace);
        var order = Read(workspace).FirstOrDefault(one => one.Index == index)
            ?? throw AvalException.Usage($"{index}: no order was served with this entry of the ledger. Nothing was "
                + "recorded. List them: aval order list");
        if (order.Lifted is { } before)
            throw AvalException.Usage($"{index}: {order.Citation} was lifted on {before.At.ToText()} (ledger entry "
                + $"{before.Index}). Nothing was recorded.");
        var at = clock.UtcNow();
        var lifting = Enter(workspace, new OrderJson(OrderJson.Current, at, null, index.Value, because));
        return order with { Lifted = new Lifting(lifting, at, because) };
    }

    /// <summary>Enters that an order that preserves gives way to one that deletes.</summary>
    /// <param name="workspace">Whose.</param>
    /// <param name="preserve">The entry of the one that gives way.</param>
    /// <param name="delete">The entry of the one that it gives way to.</param>
    /// <param name="because">Who resolved it, and why.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="AvalException">Usage: one of them is no such order, or is lifted; or it gave way
    /// already.</exception>
    public static ServedOrder Resolve(
        Workspace workspace, EntryIndex preserve, EntryIndex delete, string because, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentException.ThrowIfNullOrWhiteSpace(because);
        ArgumentNullException.ThrowIfNull(clock);
        using var held = Hold(workspace);
        var orders = Read(workspace);
        ServedOrder Find<T>(EntryIndex index, string effect)
            where T : OrderEffect => orders.FirstOrDefault(one => one.Index == index && one.Lifted is null
                && one.Order.Effects.OfType<T>().Any())
                ?? throw AvalException.Usage($"{index}: expected the entry of an order with the effect {effect} that "
                    + "is not lifted. Nothing was recorded. List them: aval order list");
        var (yielding, deleting) = (
            Find<OrderEffect.Preserve>(preserve, "preserve"), Find<OrderEffect.Delete>(delete, "delete"));
        if (yielding.YieldsTo.Contains(delete.Value))
            throw AvalException.Usage($"{preserve}: {yielding.Citation} gives way to {deleting.Citation} already. "
                + "Nothing was recorded.");
        _ = Enter(workspace, new OrderJson(OrderJson.Current, clock.UtcNow(), null, null, because)
        {
            Yields = preserve.Value,
            To = delete.Value,
        });
        return yielding with { YieldsTo = [.. yielding.YieldsTo, delete.Value] };
    }

    /// <summary>All orders, in the order in which they were served, their lists of authors as the forms of ids have
    /// them now (<see cref="ListedAuthors"/>).</summary>
    /// <param name="workspace">Whose.</param>
    /// <param name="below">As the ledger was at this size; null = as it is.</param>
    /// <exception cref="AvalException">Bad input: the text of one is gone or is another one.</exception>
    public static IReadOnlyList<ServedOrder> Read(Workspace workspace, TreeSize? below = null)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        using IEntryStore store = CommittedChoices.OpenStore(workspace);
        var orders = new List<ServedOrder>();
        foreach (var (index, digest) in store.OfKind(EntryKind.Order))
        {
            if (below is { } size && index.Value >= size.Value)
                continue;
            var text = Text(workspace, index, digest);
            if (text.Order is { } order)
                orders.Add(new ServedOrder(
                    index, text.At, ListedAuthors.Formed(order, workspace.Settings.Services), null));
            else if (orders.FindIndex(one => one.Index.Value == text.Lifts) is >= 0 and var at)
                orders[at] = orders[at] with { Lifted = new Lifting(index, text.At, text.Because ?? "") };
            else if (text.To is { } delete
                && orders.FindIndex(one => one.Index.Value == text.Yields) is >= 0 and var yielding)
            {
                orders[yielding] =
                    orders[yielding] with { YieldsTo = [.. orders[yielding].YieldsTo, delete] };
            }
        }

        return orders;
    }

    private static OrderJson Text(Workspace workspace, EntryIndex index, Hash digest)
    {
        try
        {
            return OrderJson.Read(LedgerRecords.Read(workspace, digest)
                ?? throw new JsonException("it is not there, or was changed"));
        }
        catch (JsonException broken)
        {
            throw AvalException.BadInput($"{LedgerRecords.PathOf(workspace, digest)}: expected the order that entry "
                + $"{index} of the ledger commits to, but {broken.Message}. Nothing was done: nobody can tell what it "
                + "forbids. Restore ledger/records from your backup.", broken);
        }
    }

    private static EntryIndex Enter(Workspace workspace, OrderJson text)
    {
        var bytes = text.ToBytes();
        LedgerRecords.Keep(workspace, bytes);
        using IEntryStore store = CommittedChoices.OpenStore(workspace);
        var index = store.Append(new LedgerEntry(EntryKind.Order, Hash.Of(bytes)));
        new Integrator(workspace, SigningKey.Read(workspace.SigningKeyFile))
            .Publish(store, new TreeSize(index.Value + 1), Integrator.Patience);
        return index;
    }

    // Two at once would each find that the other has not served it.
    private static FileLock Hold(Workspace workspace)
    {
        FileModes.MakeReadableFolder(workspace.Ledger);
        return FileLock.Acquire(
            Path.Combine(workspace.Ledger, ".orders.lock"), "the orders of this workspace", TimeSpan.FromMinutes(1));
    }
}
