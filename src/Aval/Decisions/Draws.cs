using System.Globalization;
using Aval.People;
using Aval.Policies;
using Aval.Storage;

namespace Aval.Decisions;

/// <summary>
/// Where a draw puts each author (<see cref="Rule.Share"/>): a keyed hash of the person, who is the least account among
/// all that links as of the release connect, so that linked accounts fall together. It depends on nothing that anybody
/// says, so a recall draws whom the release drew; and whoever decides few buckets needs no more than their links.
/// </summary>
internal static class Draws
{
    /// <summary>The table: <c>account, draw</c>.</summary>
    public const string Table = "draws";

    /// <summary>
    /// Makes it, for the accounts that are known and for all authors; empty where the policy draws nobody. Needs the
    /// views of the content and its functions.
    /// </summary>
    public static void Make(Engine engine, Policy policy)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(policy);
        if (policy.Rules.OfType<Rule.Share>().SingleOrDefault() is not { } share)
        {
            MakeNone(engine);
            return;
        }

        engine.Execute("""
            CREATE OR REPLACE TEMP TABLE drawing_links AS
            SELECT DISTINCT account, person FROM account_versions WHERE person <> ''
            """);
        Links.Connect(engine, "drawing_links", "drawing_nodes");
        // Link values are no accounts, and one that a single account bears makes nobody somebody else.
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE {Table} AS
            WITH persons AS (
                SELECT label, min(node) AS person FROM drawing_nodes WHERE position(':' IN node) > 1 GROUP BY label
            )
            SELECT account, draw_of({Engine.Literal(share.Seed.ToString(CultureInfo.InvariantCulture))},
                coalesce(person, account)) AS draw
            FROM (SELECT account FROM accounts_now UNION SELECT account FROM item_authors)
            LEFT JOIN drawing_nodes ON node = account
            LEFT JOIN persons USING (label)
            """);
    }

    /// <summary>Makes it, where nobody asks who is drawn.</summary>
    public static void MakeNone(Engine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        engine.Execute($"CREATE OR REPLACE TEMP TABLE {Table} (account VARCHAR, draw {Fact.Draw.Type})");
    }
}
