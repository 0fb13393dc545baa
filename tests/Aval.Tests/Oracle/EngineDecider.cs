using System.Text.Json;
using Aval.Choices;
using Aval.Policies;

namespace Aval.Tests.Oracles;

/// <summary>
/// The engine behind the oracle's signature. The world is put where imports would have put it; which version of an item
/// counts is the content views' affair, so here each item comes as the version that does, and its older ones beside it.
/// </summary>
internal static class EngineDecider
{
    public static IReadOnlyList<ExpectedDecision> Decide(
        World world, Policy policy, DateTimeOffset asOf, long ledgerSize) =>
        Decide(world, policy, asOf, world.Choices.Take((int)Math.Min(ledgerSize, world.Choices.Count))
            .Select((choice, at) => new Recorded(new EntryIndex(at), choice)), []);

    /// <summary>With other choices than the world's: after some of them were forgotten.</summary>
    public static IReadOnlyList<ExpectedDecision> Decide(
        World world, Policy policy, DateTimeOffset asOf, IEnumerable<Recorded> choices,
        IEnumerable<Suppression> suppressions)
    {
        using var engine = new EngineWorld(asOf);
        var items = Oracle.ItemsAt(world, asOf).ToList();
        var accounts = world.Accounts.Where(account => account.ObservedAt <= asOf).ToList();
        engine.Engine.Execute(Items("items_now"), ("rows", Rows(items.Select(Row))));
        engine.Engine.Execute(
            Items("older_versions"),
            ("rows", Rows(world.Items.Where(item => item.ObservedAt <= asOf).Except(items).Select(Row))));
        engine.Engine.Execute(AccountVersions, ("rows", Rows(accounts.Select(Row))));
        engine.Engine.Execute(AccountsNow, ("rows", Rows(accounts.Select(account => account.Account)
            .Distinct()
            .Select(account => Row(Facts.LatestOf(account, world, asOf)!)))));
        engine.Engine.Execute(Notices, ("rows", Rows(world.Notices.Select(notice =>
            new { account = notice.Account.ToString(), delivered_at = notice.DeliveredAt?.ToMicroseconds() }))));
        foreach (var choice in choices)
            engine.Choose(choice);
        engine.Suppressions.AddRange(suppressions);

        var authors = items.ToDictionary(item => item.Item, item => item.Author);
        return
        [
            .. engine.Decide(policy).Select(decided =>
            {
                var item = new Item(decided.Service, decided.ItemId);
                return new ExpectedDecision(
                    item, authors[item], decided.Reason is null, decided.Reason, decided.Rule, decided.Rules);
            }),
        ];
    }

    private static string Items(string table) => $$"""
        INSERT INTO {{table}} BY NAME
        SELECT service, item_id, kind, author, audience, make_timestamp(created_at) AS created_at,
            make_timestamp(public_since) AS public_since, text,
            CASE WHEN media THEN [{'uri': 'a.jpg', 'sha256': NULL::VARCHAR, 'kind': 'photo'}] END AS media, deleted,
            make_timestamp(observed_at) AS observed_at
        FROM (SELECT unnest(from_json($rows,
            '[{"service": "VARCHAR", "item_id": "VARCHAR", "kind": "VARCHAR", "author": "VARCHAR", "audience": "VARCHAR",
            "created_at": "BIGINT", "public_since": "BIGINT", "text": "VARCHAR", "media": "BOOLEAN", "deleted": "BOOLEAN",
            "observed_at": "BIGINT"}]'), recursive := true))
        """;

    private const string AccountVersions = """
        INSERT INTO account_versions BY NAME
        SELECT account, person, country, birth_year, make_timestamp(observed_at) AS observed_at
        FROM (SELECT unnest(from_json($rows,
            '[{"account": "VARCHAR", "person": "VARCHAR", "country": "VARCHAR", "birth_year": "INTEGER", "observed_at": "BIGINT"}]'), recursive := true))
        """;

    private const string AccountsNow = """
        INSERT INTO accounts_now BY NAME
        SELECT account, person, country, birth_year
        FROM (SELECT unnest(from_json($rows,
            '[{"account": "VARCHAR", "person": "VARCHAR", "country": "VARCHAR", "birth_year": "INTEGER", "observed_at": "BIGINT"}]'), recursive := true))
        """;

    // Also what is delivered after T: that it does not count yet is a rule's affair.
    private const string Notices = """
        INSERT INTO notices_now BY NAME
        SELECT account, make_timestamp(delivered_at) AS delivered_at
        FROM (SELECT unnest(from_json($rows, '[{"account": "VARCHAR", "delivered_at": "BIGINT"}]'), recursive := true))
        """;

    private static object Row(ItemVersion item) => new
    {
        service = item.Item.Service,
        item_id = item.Item.Id,
        kind = item.Kind,
        author = item.Author.ToString(),
        audience = item.Audience ?? "unknown", // As the import writes it.
        created_at = item.CreatedAt?.ToMicroseconds(),
        public_since = item.PublicSince?.ToMicroseconds(),
        text = item.Text,
        media = item.HasMedia,
        deleted = item.Deleted,
        observed_at = item.ObservedAt.ToMicroseconds(),
    };

    private static object Row(AccountVersion account) => new
    {
        account = account.Account.ToString(),
        person = account.Person,
        country = account.Country,
        birth_year = account.BirthYear,
        observed_at = account.ObservedAt.ToMicroseconds(),
    };

    private static string Rows(IEnumerable<object> rows) => JsonSerializer.Serialize(rows);
}
