using Aval.Content;
using Aval.Storage;

namespace Aval.People;

/// <summary>More accounts that links make one person than aval.yaml allows.</summary>
/// <param name="Value">The link value that most of them share.</param>
/// <param name="Sharing">How many share it.</param>
/// <param name="Accounts">How many accounts links connect.</param>
internal sealed record LinkCrowd(string Value, long Sharing, long Accounts)
{
    /// <summary>In sentences: what was found, and what to write.</summary>
    public string Describe(LinkSettings links)
    {
        var none = links with { NoPerson = [.. links.NoPerson, Value] };
        var size = links with { Confirmed = new Dictionary<string, long>(links.Confirmed) { [Value] = Accounts } };
        return $"{Accounts} accounts are linked into one person, {Sharing} of them by the link value "
            + $"\"{Shown.Of(Value)}\", so that the objection of one would hold for all (at most {links.AtMost} are "
            + $"taken for one person unasked). If that value names no person, write into aval.yaml: {none.ToYaml()}\n"
            + $"If all of them are one person, confirm it: {size.ToYaml()}";
    }
}

/// <summary>
/// Looks for link values that make strangers one person (<c>0</c>, <c>unknown</c>, an agency's number): protective
/// choices pass over links, so that one junk value would silence a whole platform, or let nobody notice that it does.
/// </summary>
internal static class LinkCrowds
{
    /// <summary>Refuses content in which a person has more accounts than allowed.</summary>
    /// <exception cref="AvalException">Refused, naming the commonest value and what to write.</exception>
    public static void Require(Engine engine, LinkSettings links)
    {
        if (Find(engine, links) is [var crowd, ..])
            throw AvalException.Refused($"{crowd.Describe(links)}\nNothing was done.");
    }

    /// <summary>The same for the content as it is now; empty when all is well.</summary>
    public static IReadOnlyList<LinkCrowd> Find(Workspace workspace, DateTimeOffset now)
    {
        using var engine = Engine.Open(workspace.Temporary, EngineLimits.Default, workspace.ReadKey());
        ContentViews.Create(engine, workspace, now);
        return Find(engine, workspace.Settings.Links);
    }

    /// <summary>Those that were not confirmed, the largest first.</summary>
    public static IReadOnlyList<LinkCrowd> Find(Engine engine, LinkSettings links)
    {
        engine.Execute("SET VARIABLE links_at_most = $at_most", ("at_most", (long)links.AtMost));
        engine.Execute(Bridges);
        // Most accounts are in one group all their life, and then no two groups are one person.
        if (engine.Scalar<bool>("SELECT count(*) > 0 FROM link_bridges"))
            Links.Connect(engine, "link_bridges", "link_bridged");
        else
            engine.Execute("CREATE OR REPLACE TEMP TABLE link_bridged AS SELECT ''::VARCHAR AS node, "
                + "''::VARCHAR AS label WHERE false");
        return
        [
            .. engine.Query(Crowds, row => new LinkCrowd(row.GetString(0), row.GetInt64(1), row.GetInt64(2)))
                .Where(crowd => !links.Confirmed.TryGetValue(crowd.Value, out var confirmed)
                    || crowd.Accounts > confirmed),
        ];
    }

    // Accounts that hold groups together: they were in several, or in one while others name them as their person.
    private const string Bridges = """
        CREATE OR REPLACE TEMP TABLE link_bridges AS
        WITH bridging AS (
            SELECT account FROM account_versions WHERE person <> '' GROUP BY account HAVING min(person) <> max(person)
            UNION
            SELECT account FROM account_versions
            SEMI JOIN (SELECT person AS account FROM account_versions WHERE person <> '' AND person <> account) AS named
                USING (account)
            WHERE person <> '' AND person <> account
        )
        SELECT DISTINCT account, person FROM account_versions SEMI JOIN bridging USING (account) WHERE person <> ''
        """;

    // A group's name is its person's label, unless a bridge joined it to others. Rows are counted first and accounts
    // only where there are many: a version more makes nobody somebody else.
    private const string Crowds = """
        WITH sizes AS (
            SELECT person, count(*) AS versions FROM account_versions WHERE person <> '' GROUP BY person
        ), large AS (
            SELECT coalesce(label, person) AS crowd, sum(versions) AS versions
            FROM sizes LEFT JOIN link_bridged ON node = person
            GROUP BY crowd HAVING sum(versions) > getvariable('links_at_most')
        ), shared AS (
            SELECT DISTINCT crowd, person, account
            FROM (FROM large
                JOIN (SELECT person, coalesce(label, person) AS crowd FROM sizes
                    LEFT JOIN link_bridged ON node = person) USING (crowd))
            JOIN account_versions USING (person)
        ), commonest AS (
            SELECT crowd, person, count(*) AS sharing FROM shared GROUP BY crowd, person
            QUALIFY row_number() OVER (PARTITION BY crowd ORDER BY sharing DESC, person) = 1
        ), accounts AS (
            SELECT crowd, count(DISTINCT account) AS accounts FROM shared GROUP BY crowd
        )
        SELECT person, sharing, accounts FROM commonest JOIN accounts USING (crowd)
        WHERE accounts > getvariable('links_at_most') ORDER BY accounts DESC, person
        """;
}
