using Aval.Choices;
using Aval.Content;
using Aval.Policies;
using Aval.Storage;

namespace Aval.Orders;

/// <summary>An order that names what the workspace does not know, so that this part of it has no effect yet.</summary>
/// <param name="Order">The order.</param>
/// <param name="Listed">How many authors its lists name.</param>
/// <param name="Authors">How many of them the content does not know.</param>
/// <param name="Named">Those of them whose name is known to whoever asks: an order holds hashes.</param>
/// <param name="Services">Services of which there is no item.</param>
/// <param name="Releases">Releases to suspend that are not there.</param>
/// <param name="Stopped">Services to stop of which there is no item: a policy that names no services is stopped all the
/// same.</param>
/// <param name="Policies">Policies to stop that are neither shipped nor any release's.</param>
/// <param name="Corpora">Corpora to stop that have no release, and are named as no shipped policy.</param>
internal sealed record UnmatchedOrder(
    ServedOrder Order, long Listed, long Authors, IReadOnlyList<UnknownAccount> Named, IReadOnlyList<string> Services,
    IReadOnlyList<string> Releases, IReadOnlyList<string> Stopped, IReadOnlyList<string> Policies,
    IReadOnlyList<string> Corpora)
{
    /// <summary>Whether it names anything that the workspace does not know.</summary>
    public bool IsAny =>
        Authors + Services.Count + Releases.Count + Stopped.Count + Policies.Count + Corpora.Count > 0;
}

/// <summary>
/// What orders name and the workspace does not know. It may come with the next import, so it is entered as it was
/// ordered; but nobody is to believe that an order is obeyed when a slip of the keyboard keeps it from everything. An
/// account is known as it is to a choice (<see cref="UnmatchedChoices"/>).
/// </summary>
internal static class UnmatchedOrders
{
    /// <summary>Looks for what orders name that are neither lifted nor over.</summary>
    /// <param name="workspace">Whose content.</param>
    /// <param name="orders">The orders.</param>
    /// <param name="listed">Accounts that their lists may name: what is hashed can be told of these alone.</param>
    /// <param name="policies">The names of the policies of all releases: asked where an order stops one that is not
    /// shipped.</param>
    /// <param name="now">The clock's instant.</param>
    /// <returns>Those that name anything unknown.</returns>
    public static IReadOnlyList<UnmatchedOrder> Among(
        Workspace workspace, IEnumerable<ServedOrder> orders, IReadOnlyCollection<Account> listed,
        Lazy<IReadOnlySet<string>> policies, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(orders);
        ArgumentNullException.ThrowIfNull(policies);
        ArgumentNullException.ThrowIfNull(listed);
        ServedOrder[] asked = [.. orders.Where(one => one.Lifted is null && !(one.Order.Until <= now))];
        if (!asked.Any(one => one.Order.Effects.Any(
            effect => effect is OrderEffect.OfItems or OrderEffect.SuspendRelease or OrderEffect.Stop)))
            return [];
        var key = AuthorList.Key(workspace.ReadKey());
        var names = listed.ToLookup(account => AuthorList.HashOf(key, account.ToString()), StringComparer.Ordinal);
        var (services, unknown) = Unknown(workspace, key, [.. asked.SelectMany(Authors)], now);
        var told = UnmatchedChoices.Unknown(workspace, unknown.SelectMany(hash => names[hash]), now)
            .ToDictionary(one => AuthorList.HashOf(key, one.Account), StringComparer.Ordinal);
        // Whose items an erasure took is known by that.
        unknown.RemoveWhere(hash => names.Contains(hash) && !told.ContainsKey(hash));
        return [.. asked.Select(one => Of(workspace, one, unknown, told, services, policies)).Where(one => one.IsAny)];
    }

    private static UnmatchedOrder Of(
        Workspace workspace, ServedOrder order, HashSet<string> unknown, Dictionary<string, UnknownAccount> told,
        HashSet<string> services, Lazy<IReadOnlySet<string>> policies)
    {
        string[] authors = [.. Authors(order).Distinct(StringComparer.Ordinal)];
        string[] missing = [.. authors.Where(unknown.Contains)];
        return new UnmatchedOrder(
            order, authors.Length, missing.Length,
            [
                .. missing.Where(told.ContainsKey).Select(hash => told[hash])
                    .OrderBy(one => one.Account, StringComparer.Ordinal),
            ],
            [
                .. order.Order.Effects.OfType<OrderEffect.OfItems>().SelectMany(items => items.Services).Distinct()
                    .Where(service => !services.Contains(service)),
            ],
            [
                .. order.Order.Effects.OfType<OrderEffect.SuspendRelease>().SelectMany(one => one.Releases).Distinct()
                    .Where(release => !Directory.Exists(Path.Combine(workspace.Corpus, release))),
            ],
            [
                .. Stops(order).SelectMany(stop => stop.Services).Distinct()
                    .Where(service => !services.Contains(service)),
            ],
            [
                .. Stops(order).SelectMany(stop => stop.Policies).Distinct()
                    .Except(PolicyReader.Shipped, StringComparer.Ordinal)
                    .Where(policy => !policies.Value.Contains(policy)),
            ],
            [
                .. Stops(order).SelectMany(stop => stop.Corpora).Distinct()
                    .Where(corpus => !Directory.Exists(Path.Combine(workspace.Corpus, corpus)))
                    .Except(PolicyReader.Shipped, StringComparer.Ordinal),
            ]);
    }

    private static IEnumerable<OrderEffect.Stop> Stops(ServedOrder order) =>
        order.Order.Effects.OfType<OrderEffect.Stop>();

    private static IEnumerable<string> Authors(ServedOrder order) =>
        order.Order.Effects.OfType<OrderEffect.OfItems>().SelectMany(items => items.Authors);

    // The services of which there are items, and of the hashes those of nobody.
    private static (HashSet<string> Services, HashSet<string> Unknown) Unknown(
        Workspace workspace, byte[] key, HashSet<string> hashes, DateTimeOffset now)
    {
        using var engine = Engine.Open(workspace.Temporary, EngineLimits.Default, workspace.ReadKey());
        ContentViews.Create(engine, workspace, now);
        var services = engine.Query("SELECT DISTINCT service FROM items_now", row => row.GetString(0)).ToHashSet();
        // Most orders list nobody, and then nobody is hashed.
        foreach (var account in hashes.Count == 0 ? [] : engine.Stream(Known, row => row.GetString(0)))
            hashes.Remove(AuthorList.HashOf(key, account));
        return (services, hashes);
    }

    private const string Known = """
        SELECT account FROM account_versions
        UNION SELECT person FROM account_versions WHERE person IS NOT NULL
        UNION SELECT author FROM item_versions
        UNION SELECT unnest(persons).account FROM item_versions WHERE len(persons) > 0
        """;
}
