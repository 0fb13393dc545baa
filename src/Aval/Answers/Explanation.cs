using Aval.Choices;
using Aval.People;
using Aval.Policies;
using Aval.Text;

namespace Aval.Answers;

/// <summary>One ground that holds against an item, with its article and the choice behind it.</summary>
internal sealed record Objecting(Ground Ground, string? Law, Citation? Choice);

/// <summary>Why an item is in a release or out of it.</summary>
/// <param name="Item">The item.</param>
/// <param name="Author">Who published it.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Bucket">The shard it is or would be in.</param>
/// <param name="RowKey">Its row; null when it is out.</param>
/// <param name="Against">What holds against it, the deciding ground first; empty = it is in.</param>
/// <param name="Masked">What was replaced in its text, by kind; empty where it is out.</param>
internal sealed record ItemExplanation(
    Item Item, Account Author, string Kind, int Bucket, Guid? RowKey, IReadOnlyList<Objecting> Against,
    IReadOnlyList<(string Kind, long Count)> Masked)
{
    /// <summary>The row that is kept in the place of a duplicate; null = it is none.</summary>
    public Guid? Kept { get; init; }
}

/// <summary>What became of an account's items, and what it said.</summary>
/// <param name="Account">The account.</param>
/// <param name="Linked">Accounts of the same person, each with the chain of links that shows it. For the operator's
/// eyes: no release tells.</param>
/// <param name="Stance">What the choices add up to.</param>
/// <param name="Covering">Those choices, latest first.</param>
/// <param name="Admitted">How many of its items are in.</param>
/// <param name="Excluded">How many are out, by reason.</param>
internal sealed record AccountExplanation(
    Account Account, IReadOnlyList<LinkedAccount> Linked, Stance Stance, IReadOnlyList<Citation> Covering,
    long Admitted, IReadOnlyList<(Why Why, string Rule, string? Law, Citation? Choice, long Items)> Excluded);

/// <summary>What was decided of one of an account's items.</summary>
/// <param name="Item">The item.</param>
/// <param name="Decided">The ground that keeps it out; null = it is in.</param>
/// <param name="Law">Of that ground's rule.</param>
internal sealed record DecidedItem(Item Item, Ground? Decided, string? Law);

/// <summary>Answers "why is this in, why is that out?" from a release's decisions, made again.</summary>
internal static class Explanations
{
    /// <summary>Explains one item; null when the release's content has no such item.</summary>
    public static ItemExplanation? Of(Replay replay, Item item)
    {
        ArgumentNullException.ThrowIfNull(replay);
        var found = replay.Engine.Query(
            $"""
            SELECT account, kind, mask, coalesce(bucket, bucket_of(account, {replay.Manifest.Buckets})),
                CASE WHEN mask = 0 THEN row_key(service, item_id) END, CASE WHEN mask = 0 THEN masked END
            FROM decided WHERE service = $service AND item_id = $id
            """,
            row => (Author: Account.Parse(row.GetString(0)), Kind: row.GetString(1), Mask: row.GetInt64(2),
                Bucket: row.GetInt32(3), RowKey: row.IsDBNull(4) ? (Guid?)null : row.GetGuid(4),
                Masked: row.IsDBNull(5) ? "" : row.GetString(5)),
            ("service", item.Service), ("id", item.Id))
                .Select(row =>
                    ((Account Author, string Kind, long Mask, int Bucket, Guid? RowKey, string Masked)?)row)
                .SingleOrDefault();
        if (found is not { } about)
            return null;
        var covering = Covering(replay, item, about.Author);
        var against = Against(replay, about.Mask, covering);
        return new ItemExplanation(
            item, about.Author, about.Kind, about.Bucket, about.RowKey, against,
            [.. MaskCounts.Read(about.Masked)])
        {
            Kept = KeptFor(replay, item),
        };
    }

    /// <summary>What was said that covers an item: where a statement names it, it has a stance of its own, and every
    /// other has its author's.</summary>
    internal static IReadOnlyList<Citation> Covering(Replay replay, Item item, Account author) =>
        Stances.Covering(replay.Engine, item.ToString()) is { Count: > 0 } own
            ? own
            : Stances.Covering(replay.Engine, author.ToString());

    /// <summary>What holds against an item, the deciding ground first, each with the choice behind it.</summary>
    internal static IReadOnlyList<Objecting> Against(Replay replay, long mask, IReadOnlyList<Citation> covering) =>
    [
        .. replay.Decisions.Grounds
            .Where(ground => (mask & (1L << ground.Bit)) != 0)
            .DistinctBy(ground => (ground.RuleId, ground.Reason))
            .Select(ground => new Objecting(
                ground, LawOf(replay.Policy, ground),
                Citation.Behind(ground.Why.Cites, covering, replay.Policy.Purpose))),
    ];

    // Of a copy nothing is told: whose words they are is nobody's to learn here.
    private static Guid? KeptFor(Replay replay, Item item) => replay.Decisions.MatchedTable is not { } matched
        ? null
        : replay.Engine.Query(
            $"SELECT kept FROM {matched} WHERE service = $service AND item_id = $id AND kept IS NOT NULL",
            row => (Guid?)row.GetGuid(0), ("service", item.Service), ("id", item.Id)).SingleOrDefault();

    /// <summary>
    /// Explains one account; null when the release's content knows nothing of it and it never said anything.
    /// </summary>
    public static AccountExplanation? Of(Replay replay, Account account)
    {
        ArgumentNullException.ThrowIfNull(replay);
        var name = account.ToString();
        var covering = Stances.Covering(replay.Engine, name);
        var masks = replay.Engine.Query(
            "SELECT mask, count(*) FROM decided WHERE account = $account GROUP BY mask ORDER BY count(*) DESC, mask",
            row => (Mask: row.GetInt64(0), Items: row.GetInt64(1)), ("account", name));
        var known = replay.Engine.Scalar<long>(
            "SELECT count(*) FROM accounts_now WHERE account = $account", ("account", name)) > 0;
        if (!known && masks.Count == 0 && covering.Count == 0)
            return null;
        var excluded = masks.Where(mask => mask.Mask != 0)
            .GroupBy(
                mask => (replay.Decisions.First(mask.Mask)!.Why, Ground: replay.Decisions.First(mask.Mask)!.RuleId))
            .Select(group => (group.Key.Why, group.Key.Ground,
                group.Key.Why.Law ?? LawOf(replay.Policy, group.Key.Ground),
                Citation.Behind(group.Key.Why.Cites, covering, replay.Policy.Purpose), group.Sum(mask => mask.Items)))
            .OrderByDescending(row => row.Item5);
        return new AccountExplanation(
            account, Links.Of(replay.Engine, name), Stances.Of(replay.Engine, name) ?? Stance.Nothing, covering,
            masks.Where(mask => mask.Mask == 0).Sum(mask => mask.Items), [.. excluded]);
    }

    /// <summary>What was decided of each item of an account, in order of service and id.</summary>
    public static IReadOnlyList<DecidedItem> EachOf(Replay replay, Account account)
    {
        ArgumentNullException.ThrowIfNull(replay);
        return replay.Engine.Query(
            "SELECT service, item_id, mask FROM decided WHERE account = $account ORDER BY service, item_id",
            row => (Item: new Item(row.GetString(0), row.GetString(1)), First: replay.Decisions.First(row.GetInt64(2))),
            ("account", account.ToString()))
            .Select(one => new DecidedItem(
                one.Item, one.First, one.First is { } ground ? LawOf(replay.Policy, ground) : null)).ToArray();
    }

    private static string? LawOf(Policy policy, Ground ground) => ground.Why.Law ?? LawOf(policy, ground.RuleId);

    private static string? LawOf(Policy policy, string rule) =>
        policy.Rules.FirstOrDefault(known => known.Id == rule)?.Law;
}
