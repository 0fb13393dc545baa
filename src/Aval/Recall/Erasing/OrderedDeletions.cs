using System.Globalization;
using Aval.Decisions;
using Aval.Orders;
using Aval.Policies;
using Aval.Storage;

namespace Aval.Recall.Erasing;

/// <summary>The items of the content that orders to delete cover.</summary>
internal static class OrderedDeletions
{
    /// <summary>
    /// Leaves <c>erasing_ordered</c> (service, item_id, idx, made_at), where idx is the order's entry and made_at when
    /// it was served, and adds its items to <c>erasing_candidates</c>; and <c>erasing_undecided</c> (service, item_id,
    /// idx), the items that an order may cover, of which that is not known. Needs the content's views and
    /// <see cref="Aval.Choices.Stances"/>' tables.
    /// </summary>
    public static void Find(Engine engine, IReadOnlyList<ServedOrder> deleting)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(deleting);
        engine.Execute("""
            CREATE OR REPLACE TEMP TABLE erasing_ordered
                (service VARCHAR, item_id VARCHAR, idx BIGINT, made_at TIMESTAMP);
            CREATE OR REPLACE TEMP TABLE erasing_undecided (service VARCHAR, item_id VARCHAR, idx BIGINT)
            """);
        var served = deleting.ToDictionary(order => order.Index.Value, order => order.ServedAt);
        // By their effects that delete alone: what they exclude beside stays where it is.
        var ordered = OrderedPolicy.Out<OrderEffect.Delete>(deleting);
        OrderedAuthors.Make(engine, ordered);
        foreach (var order in ordered)
        {
            engine.Execute(Covered(order, served[order.Entry]));
            engine.Execute(Undecided(order));
        }

        engine.Execute("""
            INSERT INTO erasing_candidates
            SELECT DISTINCT service, item_id FROM erasing_ordered ANTI JOIN erasing_candidates USING (service, item_id)
            """);
    }

    // What is not known of an item keeps it out of releases, and destroys nothing: that cannot be undone.
    private static string Covered(OrderedOut order, DateTimeOffset servedAt) => $"""
        INSERT INTO erasing_ordered
        SELECT service, item_id, {Entry(order)}, {Engine.Literal(servedAt)} FROM {Facts} WHERE {order.WhenKnown}
        """;

    private static string Undecided(OrderedOut order) => $"""
        INSERT INTO erasing_undecided
        SELECT service, item_id, {Entry(order)} FROM {Facts} WHERE {order.WhenUndecided}
        """;

    private static string Entry(OrderedOut order) => order.Entry.ToString(CultureInfo.InvariantCulture);

    // Of an item whose versions name several authors, the lists that name any of them.
    private static readonly string Facts = $"""
        (
            SELECT item.service, item.item_id, item.kind, country,
                coalesce(several.ordered_in, ordered.ordered_in) AS ordered_in,
                CASE WHEN item.created_at <= as_of() THEN item.created_at END AS created_at
            FROM items_now AS item
            LEFT JOIN (SELECT account, country FROM accounts_now) AS account ON account.account = item.author
            LEFT JOIN {OrderedAuthors.Table} AS ordered ON ordered.account = item.author
            LEFT JOIN ({OrderedAuthors.OfNamedItems}) AS several
                ON several.service = item.service AND several.item_id = item.item_id
        )
        """;
}
