using Aval.Orders;
using Aval.Policies;
using Aval.Storage;

namespace Aval.Decisions;

/// <summary>
/// Which authors the lists of orders name. An order is as public as the ledger, so it names them by keyed hash, and
/// here every author is hashed to see who is meant.
/// </summary>
internal static class OrderedAuthors
{
    /// <summary>The table: <c>account, ordered_in</c>.</summary>
    public const string Table = "ordered_authors";

    /// <summary>
    /// Makes it, for the accounts that are known and for all authors; empty where no order lists any. Needs the views
    /// of the content and <c>co_authors</c>.
    /// </summary>
    public static void Make(Engine engine, IReadOnlyList<OrderedOut> orders)
    {
        ArgumentNullException.ThrowIfNull(orders);
        MakeNone(engine);
        var lists = orders.SelectMany(order => order.Items).Where(items => items.List is not null).ToArray();
        if (lists.Length == 0)
            return;
        var named = lists.SelectMany(list => list.Authors.Select(author => (Author: author, List: list.List!.Value)))
            .ToLookup(one => one.Author, one => one.List, StringComparer.Ordinal);
        var key = AuthorList.Key(engine.Key);
        var found = engine
            .Stream(
                "SELECT account FROM accounts_now UNION SELECT account FROM item_authors "
                    + "UNION SELECT author FROM co_authors",
                row => row.GetString(0))
            .Select(account => (Account: account, Lists: named[AuthorList.HashOf(key, account)]))
            .Where(one => one.Lists.Any())
            .ToArray();
        foreach (var some in found.Chunk(1024))
        {
            engine.Execute($"INSERT INTO {Table} VALUES " + string.Join(", ", some.Select(one =>
                $"({Engine.Literal(one.Account)}, [{string.Join(", ", one.Lists.Distinct().Order())}])")));
        }
    }

    /// <summary>
    /// SQL of <c>service, item_id, ordered_in</c> of each item in <c>named_items</c>: of one whose versions name
    /// several authors, the lists that name any of them. Needs the table, and <c>co_authors</c>.
    /// </summary>
    public static string OfNamedItems => $"""
        SELECT service, item_id, list_sort(list_distinct(flatten(list({Fact.OrderedIn})))) AS {Fact.OrderedIn}
        FROM (SELECT service, item_id, author FROM named_items
              UNION SELECT service, item_id, author FROM co_authors) AS written
        JOIN {Table} ON account = author
        GROUP BY service, item_id
        """;

    /// <summary>Makes it, where no order lists anybody.</summary>
    public static void MakeNone(Engine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        engine.Execute(
            $"CREATE OR REPLACE TEMP TABLE {Table} (account VARCHAR, {Fact.OrderedIn} {Fact.OrderedIn.Type})");
    }
}
