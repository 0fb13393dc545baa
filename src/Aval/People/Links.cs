using Aval.Storage;

namespace Aval.People;

/// <summary>An account that is the same person as another one, and how that is known.</summary>
/// <param name="Account">The account.</param>
/// <param name="Chain">From the other account to this one: accounts and the link values that they share, in
/// turn.</param>
internal sealed record LinkedAccount(Account Account, IReadOnlyList<string> Chain);

/// <summary>
/// Which accounts are one person: all that the link values (<c>person</c>) of any version ever observed connect,
/// directly or over others. Accounts and link values are the nodes of one graph, so an account that is named as
/// somebody's person is in that group, whatever its own rows say or do not say.
/// <para>
/// Everything starts from the accounts that are asked about and touches no others: of 400 million links, those few.
/// </para>
/// </summary>
internal static class Links
{
    /// <summary>
    /// Makes the table <paramref name="target"/> (account, person): every link of every person whom one of the seeds
    /// is.
    /// </summary>
    /// <param name="engine">Has <c>account_versions</c>.</param>
    /// <param name="seeds">SQL that answers a column <c>account</c>.</param>
    /// <param name="target">The table that is made.</param>
    public static void Gather(Engine engine, string seeds, string target)
    {
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE {target} (account VARCHAR, person VARCHAR);
            CREATE OR REPLACE TEMP TABLE link_groups (person VARCHAR);
            CREATE OR REPLACE TEMP TABLE link_seen AS SELECT DISTINCT account FROM ({seeds});
            CREATE OR REPLACE TEMP TABLE link_frontier AS FROM link_seen;
            """);
        while (engine.Scalar<bool>("SELECT count(*) > 0 FROM link_frontier"))
            engine.Execute(Step(target));
    }

    // From accounts to the groups they were ever in, and from those to everybody who was ever in them.
    private static string Step(string target) => $"""
        CREATE OR REPLACE TEMP TABLE link_new_groups AS
        SELECT person FROM (
            SELECT account AS person FROM link_frontier
            UNION SELECT person FROM account_versions SEMI JOIN link_frontier USING (account) WHERE person <> '')
        ANTI JOIN link_groups USING (person);

        INSERT INTO link_groups FROM link_new_groups;

        CREATE OR REPLACE TEMP TABLE link_new AS
        SELECT DISTINCT account, person FROM account_versions SEMI JOIN link_new_groups USING (person)
        WHERE person <> '';

        INSERT INTO {target} FROM link_new;

        -- Who is named as a person may be an account with groups of its own.
        CREATE OR REPLACE TEMP TABLE link_frontier AS
        SELECT account FROM (
            SELECT account FROM link_new
            UNION SELECT person FROM link_new_groups WHERE position(':' IN person) > 1)
        ANTI JOIN link_seen USING (account);

        INSERT INTO link_seen FROM link_frontier
        """;

    /// <summary>
    /// Makes the table <paramref name="target"/> (node, label): every account and link value of
    /// <paramref name="links"/>, where those that are connected have one label.
    /// </summary>
    /// <param name="engine">Where.</param>
    /// <param name="links">A table (account, person).</param>
    /// <param name="target">The table that is made.</param>
    public static void Connect(Engine engine, string links, string target)
    {
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE {target} AS
            SELECT account AS node, min(person) AS label FROM (
                SELECT account, person FROM {links} UNION ALL SELECT account, account FROM {links}
                UNION ALL SELECT person, person FROM {links})
            GROUP BY node
            """);
        // The least label of the neighbours, then the label of one's label: with the second step the number of rounds
        // grows with the logarithm of a chain's length and not with the length.
        while (engine.Scalar<bool>($"SELECT count(*) > 0 FROM ({Closer(links, target)}) AS closer JOIN {target} AS now "
            + "USING (node) WHERE closer.label <> now.label"))
            engine.Execute($"CREATE OR REPLACE TEMP TABLE {target} AS {Closer(links, target)}");
    }

    /// <summary>
    /// Makes the table <paramref name="target"/> (account, person): of every account that any link connects to
    /// something, the person, who is the least account among all that are connected.
    /// </summary>
    /// <param name="engine">Has <c>account_versions</c>.</param>
    /// <param name="target">The table that is made.</param>
    public static void Least(Engine engine, string target)
    {
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE {target}_links AS
            SELECT DISTINCT account, person FROM account_versions WHERE person <> ''
            """);
        Connect(engine, $"{target}_links", $"{target}_nodes");
        // Link values are no accounts, and one that a single account bears makes nobody somebody else.
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE {target} AS
            SELECT node AS account, min(node) OVER (PARTITION BY label) AS person FROM {target}_nodes
            WHERE position(':' IN node) > 1;

            DROP TABLE {target}_links;
            DROP TABLE {target}_nodes
            """);
    }

    private static string Closer(string links, string labels) => $"""
        WITH nearest AS (
            SELECT node, min(label) AS label FROM (
                SELECT account AS node, label FROM {links} JOIN {labels} ON node = person
                UNION ALL SELECT person, label FROM {links} JOIN {labels} ON node = account
                UNION ALL SELECT node, label FROM {labels})
            GROUP BY node
        )
        SELECT nearest.node, beyond.label FROM nearest JOIN nearest AS beyond ON beyond.node = nearest.label
        """;

    /// <summary>
    /// The accounts that are the same person as one, in order, each with the shortest chain that shows it.
    /// </summary>
    public static IReadOnlyList<LinkedAccount> Of(Engine engine, string account)
    {
        Gather(engine, $"SELECT {Engine.Literal(account)} AS account", "links_of_one");
        var links = engine.Query(
            "SELECT account, person FROM links_of_one ORDER BY ALL",
            row => (Account: row.GetString(0), Person: row.GetString(1)));
        var known = links.Select(link => link.Account).ToHashSet(StringComparer.Ordinal);
        var neighbours = links.Concat(links.Select(link => (Account: link.Person, Person: link.Account)))
            .ToLookup(link => link.Account, link => link.Person, StringComparer.Ordinal);
        var before = new Dictionary<string, string?>(StringComparer.Ordinal) { [account] = null };
        var next = new Queue<string>([account]);
        while (next.TryDequeue(out var at))
        {
            foreach (var neighbour in neighbours[at].Order(StringComparer.Ordinal))
            {
                if (before.TryAdd(neighbour, at))
                    next.Enqueue(neighbour);
            }
        }

        return
        [
            .. before.Keys.Where(node => node != account).Order(StringComparer.Ordinal)
                .SelectMany(node => Account.TryParse(node, out var linked)
                    ? [new LinkedAccount(linked, Chain(node))]
                    : Array.Empty<LinkedAccount>()),
        ];

        IReadOnlyList<string> Chain(string to)
        {
            var chain = new List<string>();
            for (var at = to; at is not null; at = before[at])
                chain.Add(known.Contains(at) || Account.TryParse(at, out _) ? at : $"person {at}");
            chain.Reverse();
            return chain;
        }
    }
}
