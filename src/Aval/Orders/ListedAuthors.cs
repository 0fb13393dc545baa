namespace Aval.Orders;

/// <summary>
/// The authors that an order lists, as its text holds them. Nobody can say of a hash how the account is spelled under
/// another form of its service's ids, so that is said when the order is served.
/// </summary>
/// <param name="Hashes">A keyed hash of each account in the form of its service, ascending.</param>
/// <param name="Ids">By service, of those whose accounts are listed, the form of its ids then.</param>
/// <param name="Folded">By service the hashes of accounts that are spelled otherwise in lower case, each with the hash
/// of that; null = there are none.</param>
internal sealed record ListedAuthors(
    IReadOnlyList<string> Hashes, IReadOnlyDictionary<string, string> Ids,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>? Folded)
{
    private const string LowerCase = ", lower case";

    /// <summary>Of accounts in the form of their services.</summary>
    public static ListedAuthors Of(Workspace workspace, IReadOnlyCollection<Account> accounts)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(accounts);
        var (key, forms) = (AuthorList.Key(workspace.ReadKey()), workspace.Settings.Services);
        var ids = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var folded = new SortedDictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var service in accounts.GroupBy(account => account.Service))
        {
            var form = FormOf(forms, service.Key);
            ids.Add(service.Key, Text(form));
            var lower = forms.With(service.Key, form with { LowerCase = true });
            var others = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var account in service.Select(account => account.ToString()))
            {
                if (lower.Account(account).Value is { } other && other != account)
                    others[AuthorList.HashOf(key, account)] = AuthorList.HashOf(key, other);
            }

            if (others.Count > 0)
                folded.Add(service.Key, others);
        }

        return new ListedAuthors(
            AuthorList.HashesOf(workspace, accounts), ids, folded.Count > 0 ? folded : null);
    }

    /// <summary>An order with its lists as the forms of ids have them now, where that can be told.</summary>
    public static Order Formed(Order order, ServiceForms forms)
    {
        ArgumentNullException.ThrowIfNull(order);
        return order.Effects.OfType<OrderEffect.OfItems>().Any(items => items.Folded is not null)
            ? order with { Effects = [.. order.Effects.Select(effect => Formed(effect, forms))] }
            : order;
    }

    /// <summary>
    /// A sentence on an order whose lists were served under other forms of ids, which <see cref="Formed(Order,
    /// ServiceForms)"/> maps or <see cref="Require"/> refuses; null = they are as they were.
    /// </summary>
    public static string? Other(ServedOrder order, ServiceForms forms)
    {
        ArgumentNullException.ThrowIfNull(order);
        var others = Others(order.Order, forms).ToArray();
        if (others.Length == 0)
            return null;
        var changed = string.Join("; ", others.Select(one => $"the ids of {one.Service} were \"{one.Then}\" and are "
            + $"\"{one.Now}\" in aval.yaml now"));
        return $"Entry {order.Index}: its list of authors was served when {changed}"
            + (others.All(one => one.IsMapped)
                ? ". It is taken in lower case. If that is not whom it means, serve it again: "
                : ", so that nobody can tell whom it names. Serve it again: ")
            + $"aval order lift {order.Index}, and then aval order serve.";
    }

    /// <summary>Refuses to decide anything under an order whose lists name nobody can tell whom.</summary>
    /// <exception cref="AvalException">Bad input.</exception>
    public static void Require(IEnumerable<ServedOrder> orders, ServiceForms forms)
    {
        ArgumentNullException.ThrowIfNull(orders);
        if (orders.FirstOrDefault(order => Others(order.Order, forms).Any(one => !one.IsMapped)) is { } lost)
            throw AvalException.BadInput(
                $"{Other(lost, forms)} Or give aval.yaml the forms back (services). Nothing was done.");
    }

    // Only what told upper from lower case, and does no more, has one spelling now for each that it had.
    private static IEnumerable<(string Service, string Then, string Now, bool IsMapped)> Others(
        Order order, ServiceForms forms)
    {
        foreach (var (service, then) in order.Effects.OfType<OrderEffect.OfItems>()
            .SelectMany(items => items.Ids ?? new Dictionary<string, string>()).Distinct())
        {
            var form = FormOf(forms, service);
            var (now, asIs) = (Text(form), Text(form with { LowerCase = false }));
            if (now != then)
                yield return (service, then, now, form.LowerCase && !then.EndsWith(LowerCase, StringComparison.Ordinal)
                    && (asIs == then || form.Ids is IdForm.Text));
        }
    }

    private static OrderEffect Formed(OrderEffect effect, ServiceForms forms)
    {
        if (effect is not OrderEffect.OfItems { Folded: { } folded } items)
            return effect;
        var other = folded.Where(service => FormOf(forms, service.Key).LowerCase).SelectMany(service => service.Value)
            .ToDictionary(StringComparer.Ordinal);
        return items with
        {
            Authors =
            [
                .. items.Authors.Select(hash => other.GetValueOrDefault(hash, hash)).Distinct()
                    .Order(StringComparer.Ordinal),
            ],
        };
    }

    private static ServiceForm FormOf(ServiceForms forms, string service) =>
        forms.Stated.Where(stated => stated.Key == service).Select(stated => stated.Value)
            .FirstOrDefault(ServiceForm.Unstated);

    private static string Text(ServiceForm form) =>
        ServiceForms.WordOf(form.Ids) + (form.LowerCase ? LowerCase : "");
}
