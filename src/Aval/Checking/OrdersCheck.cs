using Aval.Orders;

namespace Aval.Checking;

/// <summary>Whether every order that the ledger has can be read: one whose text is gone binds nobody who does not know
/// of it, so everything that asks for orders stops, and this says so first.</summary>
internal static class OrdersCheck
{
    public static IEnumerable<string> Faults(Workspace workspace)
    {
        string? fault = null;
        try
        {
            _ = OrderBook.Read(workspace);
        }
        catch (AvalException broken)
        {
            fault = broken.Message;
        }

        return fault is null ? [] : [fault];
    }
}
