using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Aval.Tests.Oracles;

/// <summary>
/// Who is one person as of an instant: found out for each account once a world, since the oracle asks it of every
/// choice and item.
/// </summary>
internal sealed class Persons
{
    // By the accounts' list, which no world changes.
    private static readonly ConditionalWeakTable<
        IReadOnlyList<AccountVersion>, ConcurrentDictionary<DateTimeOffset, Persons>> Found = [];

    private readonly ILookup<Account, string> _groups;
    private readonly Account[] _known;
    private readonly ConcurrentDictionary<Account, HashSet<Account>> _persons = new();

    private Persons(IEnumerable<AccountVersion> versions, DateTimeOffset asOf)
    {
        AccountVersion[] observed = [.. versions.Where(version => version.ObservedAt <= asOf)];
        _known = [.. observed.Select(version => version.Account).Distinct()];
        _groups = observed.Where(version => !string.IsNullOrEmpty(version.Person))
            .ToLookup(version => version.Account, version => version.Person!);
    }

    public static Persons Of(World world, DateTimeOffset asOf) =>
        Found.GetOrCreateValue(world.Accounts).GetOrAdd(asOf, _ => new Persons(world.Accounts, asOf));

    /// <summary>
    /// A chain of shared groups leads from one to the other, in whatever versions and over whomever: one person.
    /// </summary>
    public bool AreLinked(Account one, Account other) => one == other
        || _persons.GetOrAdd(one, WithAllWhoJoin) is var person
            && (person.Contains(other) || person.Any(member => ShareAGroup(member, other)));

    /// <summary>They share a group in some version each, or one bears the name of a group of the other.</summary>
    public bool ShareAGroup(Account one, Account other) =>
        GroupsOf(one).Intersect(GroupsOf(other), StringComparer.Ordinal).Any();

    // Whoever shares a group with somebody of the person is of the person too, until nobody joins.
    private HashSet<Account> WithAllWhoJoin(Account one)
    {
        var person = new HashSet<Account> { one };
        while (_known.FirstOrDefault(account => !person.Contains(account)
            && person.Any(member => ShareAGroup(member, account))) is { Id: not null } joining)
            person.Add(joining);
        return person;
    }

    // Every group the account was ever observed in, and the one that bears its own name: who is named as a person
    // belongs to it.
    private IEnumerable<string> GroupsOf(Account account) => _groups[account].Append(account.ToString());
}
