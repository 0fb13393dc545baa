using Aval.Choices;
using CsCheck;

namespace Aval.Tests.Oracles;

/// <summary>
/// Generated scenarios: one small world, or a crowd of them decided at once because an engine's start is dear.
/// </summary>
public static class Scenarios
{
    /// <summary>One small world, seen at one instant under one policy.</summary>
    public static Gen<Scenario> Small { get; } = Crowd(1);

    /// <summary>
    /// Several small worlds that know nothing of each other, side by side in one. Their choices interleave, so that a
    /// ledger size cuts through all of them.
    /// </summary>
    public static Gen<Scenario> Crowd(int worlds) =>
        from crowd in Worlds.World.Array[worlds]
        let world = SideBySide(crowd)
        from policy in Regimes.Policy
        from asOf in Gen.Frequency<DateTimeOffset>((1, Worlds.Within(0, 4)), (4, Worlds.Within(4, 9)))
        from ledgerSize in Gen.Frequency<int>(
            (3, Gen.Const(world.Choices.Count)), (1, Gen.Int[0, world.Choices.Count + 1]))
        select new Scenario(world, policy, asOf, ledgerSize);

    /// <summary>The same scenario for the same numbers, on every machine.</summary>
    public static Scenario Numbered(this Gen<Scenario> scenarios, uint number, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(scenarios);
        return scenarios.Generate(new PCG(number, seed), null, out _);
    }

    /// <summary>
    /// A crowd's worlds, each alone: the oracle is quadratic, a crowd of thousands it decides in parts.
    /// </summary>
    public static IEnumerable<Scenario> Apart(Scenario crowd)
    {
        ArgumentNullException.ThrowIfNull(crowd);
        var items = crowd.World.Items.ToLookup(item => MarkOf(item.Author));
        var accounts = crowd.World.Accounts.ToLookup(account => MarkOf(account.Account));
        var notices = crowd.World.Notices.ToLookup(notice => MarkOf(notice.Account));
        var choices = crowd.World.Choices.Take((int)Math.Min(crowd.LedgerSize, crowd.World.Choices.Count))
            .ToLookup(choice => MarkOf(choice.Account));
        return items.Select(world => crowd with
        {
            World = new World
            {
                Items = [.. world],
                Accounts = [.. accounts[world.Key]],
                Notices = [.. notices[world.Key]],
                Choices = [.. choices[world.Key]],
            },
            LedgerSize = choices[world.Key].Count(),
        });
    }

    private static string MarkOf(Account account) => account.Id[account.Id.LastIndexOf('_')..];

    private static World SideBySide(World[] crowd)
    {
        var marked = crowd.Select((world, number) => Marked(world, $"_{number}")).ToList();
        return new World
        {
            Items = [.. marked.SelectMany(world => world.Items)],
            Accounts = [.. marked.SelectMany(world => world.Accounts)],
            Notices = [.. marked.SelectMany(world => world.Notices)],
            Choices = [.. marked.SelectMany(world => world.Choices.Select((choice, turn) => (choice, turn)))
                .OrderBy(said => said.turn)
                .Select(said => said.choice)],
        };
    }

    private static World Marked(World world, string mark) => new()
    {
        Items = [.. world.Items.Select(
            item => item with { Item = Marked(item.Item, mark), Author = Marked(item.Author, mark) })],
        // A person may bear an account's name, so both get the same mark; the empty name stays empty.
        Accounts = [.. world.Accounts.Select(account => account with
        {
            Account = Marked(account.Account, mark),
            Person = string.IsNullOrEmpty(account.Person) ? account.Person : account.Person + mark,
        })],
        Notices = [.. world.Notices.Select(notice => notice with { Account = Marked(notice.Account, mark) })],
        Choices =
        [
            .. world.Choices.Select(choice => choice with
            {
                Account = Marked(choice.Account, mark),
                Scope = Scope.Of(choice.Scope.Parts.Select(
                    part => part is ScopePart.OneItem one ? new ScopePart.OneItem(Marked(one.Item, mark)) : part)),
            }),
        ],
    };

    private static Account Marked(Account account, string mark) => account with { Id = account.Id + mark };

    private static Item Marked(Item item, string mark) => item with { Id = item.Id + mark };
}
