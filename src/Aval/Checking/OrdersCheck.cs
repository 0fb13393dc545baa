using Aval.Orders;

namespace Aval.Checking;

/// <summary>Whether every order that the ledger has can be read: one whose text is gone binds nobody who does not know
/// of it, so everything that asks for orders stops, and this says so first. And whether it names whom it named: a list
/// that was served under other forms of ids is told.</summary>
internal static class OrdersCheck
{
    public static IEnumerable<string> Faults(Workspace workspace)
    {
        try
        {
            return
            [
                .. OrderBook.Read(workspace).Where(order => order.Lifted is null)
                    .Select(order => ListedAuthors.Other(order, workspace.Settings.Services)).OfType<string>(),
            ];
        }
        catch (AvalException broken)
        {
            return [broken.Message];
        }
    }
}
