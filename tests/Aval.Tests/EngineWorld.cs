using System.Globalization;
using Aval.Choices;
using Aval.Decisions;
using Aval.Policies;
using Aval.Storage;
using Aval.Text;

namespace Aval.Tests;

/// <summary>One item as the engine decided it.</summary>
internal sealed record Decided(
    string Service, string ItemId, long Mask, Reason? Reason, string? Rule, IReadOnlyList<string> Rules);

/// <summary>
/// A small world put straight into the engine's views, where imports would have put it: for tests of what decisions
/// mean, thousands of which run in the time that one import takes.
/// </summary>
internal sealed class EngineWorld : IDisposable
{
    public static readonly WorkspaceKey Key = new(new byte[WorkspaceKey.Size]);
    private readonly TemporaryFolder _folder = new();
    private readonly List<Recorded> _choices = [];
    private int _versions;

    public EngineWorld(DateTimeOffset asOf)
    {
        AsOf = asOf;
        Engine = Engine.Open(_folder.Path, new EngineLimits(1, 1_000_000_000), Key);
        Engine.Execute($"""
            CREATE OR REPLACE MACRO as_of() AS {Engine.Literal(asOf)};
            CREATE OR REPLACE MACRO known_at() AS {Engine.Literal(asOf)};
            CREATE TABLE items_now (service VARCHAR, item_id VARCHAR, kind VARCHAR, author VARCHAR, audience VARCHAR,
                created_at TIMESTAMP, public_since TIMESTAMP,
                text VARCHAR, language_hint VARCHAR, media STRUCT(uri VARCHAR, sha256 VARCHAR, kind VARCHAR)[],
                deleted BOOLEAN, unreadable BOOLEAN DEFAULT false,
                persons STRUCT(account VARCHAR, role VARCHAR)[], observed_at TIMESTAMP DEFAULT {Engine.Literal(asOf)},
                in_reply_to VARCHAR);
            CREATE TABLE older_versions AS FROM items_now;
            CREATE VIEW item_versions AS FROM items_now UNION ALL FROM older_versions;
            CREATE VIEW item_authors AS SELECT DISTINCT author AS account FROM item_versions;
            CREATE VIEW contested_items AS SELECT DISTINCT service, item_id FROM older_versions;
            CREATE TABLE account_versions (account VARCHAR, person VARCHAR, country VARCHAR, birth_year INTEGER,
                observed_at TIMESTAMP, handle VARCHAR, display_name VARCHAR);
            CREATE TABLE accounts_now (account VARCHAR, person VARCHAR, country VARCHAR, birth_year INTEGER,
                unreadable BOOLEAN DEFAULT false);
            CREATE TABLE erased_tokens (kind VARCHAR, token VARCHAR, person VARCHAR);
            CREATE TABLE restated_items (place BIGINT, again UUID);
            CREATE TABLE notices_now (account VARCHAR, version VARCHAR DEFAULT 'v1', delivered_at TIMESTAMP,
                bounced_at TIMESTAMP);
            """);
    }

    public Engine Engine { get; }

    public DateTimeOffset AsOf { get; }

    public void Item(
        string id, string author, string service = "facebook", string kind = "post", string audience = "public",
        DateTimeOffset? createdAt = null,
        DateTimeOffset? publicSince = null, string? text = "words", string? language = "en", bool media = false,
        bool deleted = false, string? mentioned = null, string? inReplyTo = null) =>
        Engine.Execute(
            "INSERT INTO items_now (service, item_id, kind, author, audience, created_at, public_since, text, "
                + "language_hint, media, deleted, in_reply_to, persons) "
                + "VALUES ($service, $id, $kind, $author, $audience, "
                + $"{Time(createdAt)}, {Time(publicSince)}, $text, $language, "
                + $"{(media ? "[{'uri': 'a.jpg', 'sha256': NULL, 'kind': 'photo'}]" : "NULL")}, "
                + "$deleted, $in_reply_to, "
                + (mentioned is null ? "NULL" : $"[{{'account': {Engine.Literal(mentioned)}, 'role': 'mentioned'}}]")
                + ")",
            ("service", service), ("id", id), ("kind", kind), ("author", author), ("audience", audience),
            ("text", text), ("language", language), ("deleted", deleted), ("in_reply_to", inReplyTo));

    /// <summary>The last version given is the one observed last; all of them are kept as links.</summary>
    public void Account(
        string account, string? person = null, string? country = null, int? birthYear = 1980, string? handle = null,
        string? shown = null)
    {
        Engine.Execute("DELETE FROM accounts_now WHERE account = $account", ("account", account));
        Engine.Execute(
            "INSERT INTO accounts_now VALUES ($account, $person, $country, $year, false)", ("account", account),
            ("person", person), ("country", country), ("year", birthYear));
        Engine.Execute(
            "INSERT INTO account_versions VALUES ($account, $person, $country, $year, "
                + $"{Time(AsOf.AddYears(-1).AddSeconds(_versions++))}, $handle, $shown)",
            ("account", account), ("person", person), ("country", country), ("year", birthYear),
            ("handle", handle), ("shown", shown));
    }

    public void Notice(string account, DateTimeOffset? deliveredAt) =>
        Engine.Execute(
            $"INSERT INTO notices_now (account, delivered_at) VALUES ($account, {Time(deliveredAt)})",
            ("account", account));

    public void Choose(
        ChoiceKind kind, string account, DateTimeOffset madeAt, string scope = "everything", Purpose? purpose = null,
        DateTimeOffset? until = null, DateTimeOffset? receivedAt = null) =>
        Choose(new Choice(
            kind, Aval.Account.Parse(account), purpose ?? Purpose.TrainGenerativeAi,
            Scope.TryParse(scope, out var parsed) ? parsed : throw new ArgumentException(scope),
            madeAt, receivedAt ?? madeAt, until, Notice: kind == ChoiceKind.Consent ? "v1" : null));

    /// <summary>Of choices that were forgotten.</summary>
    public List<Suppression> Suppressions { get; } = [];

    public void Choose(Recorded recorded) => _choices.Add(recorded);

    public void Choose(Choice choice) => _choices.Add(new Recorded(new EntryIndex(_choices.Count), choice));

    /// <summary>What was said so far, which from now on was not.</summary>
    public IReadOnlyList<Recorded> TakeChoices()
    {
        Recorded[] taken = [.. _choices];
        _choices.Clear();
        return taken;
    }

    /// <summary>Decides every item under a policy of these rules.</summary>
    public IReadOnlyList<Decided> Decide(params Rule[] rules) => Decide(Policy(rules));

    public IReadOnlyList<Decided> Decide(Policy policy)
    {
        var decisions = Prepare(policy);
        return Engine.Query(
            $"SELECT service, item_id, mask FROM ({decisions.Relation}) ORDER BY ALL",
            row => (Service: row.GetString(0), Id: row.GetString(1), Mask: row.GetInt64(2)))
            .Select(row => new Decided(
                row.Service, row.Id, row.Mask, decisions.First(row.Mask)?.Reason, decisions.First(row.Mask)?.RuleId,
                [.. decisions.RulesOf(row.Mask)]))
            .ToList();
    }

    /// <summary>The texts of what a policy of these rules admits, as shards would hold them, by item.</summary>
    public IReadOnlyDictionary<string, string> Texts(params Rule[] rules) => Engine.Query(
        $"SELECT item_id, text FROM ({Prepare(Policy(rules)).Relation}) WHERE mask = 0",
        row => (Id: row.GetString(0), Text: row.GetString(1))).ToDictionary(row => row.Id, row => row.Text);

    public ItemDecisions Prepare(Policy policy)
    {
        Stances.Load(Engine, _choices, Suppressions, AsOf);
        Stances.Resolve(Engine, policy.Purpose);
        return Treatments.Prepare(Engine, policy, 4);
    }

    /// <summary>The reason for the only item, or for the named one; null = admitted.</summary>
    public Reason? ReasonFor(string id, params Rule[] rules) => Decide(rules).Single(item => item.ItemId == id).Reason;

    public static Policy Policy(params Rule[] rules) => new(
        "test", "A test", Purpose.TrainGenerativeAi, LegalBasis.LegitimateInterest, DateTimeOffset.UnixEpoch,
        ReplayOnly: false, [], rules, "", new string('0', 64));

    public void Dispose()
    {
        Engine.Dispose();
        _folder.Dispose();
    }

    private static string Time(DateTimeOffset? instant) => instant is { } at ? Engine.Literal(at) : "NULL";

    /// <summary>A day of 2025, for tests that read better with short dates.</summary>
    public static DateTimeOffset Day(string date) =>
        DateTimeOffset.Parse(date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
