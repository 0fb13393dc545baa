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

        Links.Least(engine, "drawing_persons");
        engine.Execute($"""
            CREATE OR REPLACE TEMP TABLE {Table} AS
            SELECT account, draw_of({Engine.Literal(share.Seed.ToString(CultureInfo.InvariantCulture))},
                coalesce(person, account)) AS draw
            FROM (SELECT account FROM accounts_now UNION SELECT account FROM item_authors)
            LEFT JOIN drawing_persons USING (account);

            DROP TABLE drawing_persons
            """);
    }

    /// <summary>Makes it, where nobody asks who is drawn.</summary>
    public static void MakeNone(Engine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        engine.Execute($"CREATE OR REPLACE TEMP TABLE {Table} (account VARCHAR, draw {Fact.Draw.Type})");
    }
}
