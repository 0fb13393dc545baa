namespace Aval.Orders;

/// <summary>Who can order something.</summary>
internal enum OrderedBy
{
    /// <summary>A court.</summary>
    Court,

    /// <summary>A supervisory or another authority.</summary>
    Authority,

    /// <summary>The controller itself: a pause that it announced, or an undertaking that it gave.</summary>
    Self,
}

/// <summary>
/// What a court, an authority or the controller itself ordered, as an entry of kind 0x03 commits to it. It is as public
/// as the ledger, so it names no person: not in its text either.
/// </summary>
/// <param name="By">Of what kind whoever ordered is.</param>
/// <param name="Name">What they are called.</param>
/// <param name="File">The file number; of an order by the controller itself, what it calls it.</param>
/// <param name="Document">SHA-256 of the document, as 64 hexadecimal digits; null = the controller's own order has
/// none.</param>
/// <param name="From">From when on it is in force.</param>
/// <param name="Until">From when on it is no more; null = until it is lifted.</param>
/// <param name="Text">The operative part, in its own words.</param>
/// <param name="Effects">What it does here; at least one.</param>
internal sealed record Order(
    OrderedBy By, string Name, string File, string? Document, DateTimeOffset From, DateTimeOffset? Until, string Text,
    IReadOnlyList<OrderEffect> Effects)
{
    /// <summary>Whether its dates hold it in force at an instant.</summary>
    public bool IsDue(DateTimeOffset now) => From <= now && (Until is null || now < Until);
}

/// <summary>An order as it stands in the ledger.</summary>
/// <param name="Index">Its entry.</param>
/// <param name="ServedAt">When it was entered.</param>
/// <param name="Order">The order.</param>
/// <param name="Lifted">How it was lifted; null = it was not.</param>
internal sealed record ServedOrder(EntryIndex Index, DateTimeOffset ServedAt, Order Order, Lifting? Lifted)
{
    /// <summary>Of an order that preserves: the entries of the orders to delete that it gives way to.</summary>
    public IReadOnlyList<long> YieldsTo { get; init; } = [];

    /// <summary>Whether it is in force at an instant.</summary>
    public bool IsInForce(DateTimeOffset now) => Order.IsDue(now) && Lifted is null;

    /// <summary>What it is called wherever it refuses something: who, file number, date, entry.</summary>
    public string Citation => $"the order of {Order.Name}, file {Order.File}, in force from {Order.From.ToText()} "
        + (Order.Until is { } until ? $"until {until.ToText()}" : "until it is lifted") + $" (ledger entry {Index})";
}

/// <summary>That an order was lifted, an entry of its own.</summary>
/// <param name="Index">Its entry.</param>
/// <param name="At">When it was entered.</param>
/// <param name="Because">Why: who lifted it, and by what.</param>
internal sealed record Lifting(EntryIndex Index, DateTimeOffset At, string Because);
