using System.Globalization;
using Aval.Choices;

namespace Aval.Sample;

/// <summary>What the fictional people said about the use of what they wrote.</summary>
internal static class Statements
{
    private const int Outsiders = 60;
    private const int Removals = 70;

    private enum Will
    {
        Silent,
        Object,
        Consent,
        Refuse,
        Erase,
        Restrict,
    }

    /// <summary>Somebody who has no account here and is in others' pictures.</summary>
    public static Account Outsider(Draw draw) => new(Account.Outside, (900_001 + draw.Below(Outsiders)).ToString(CultureInfo.InvariantCulture));

    /// <summary>Whether the person answers the question for consent.</summary>
    public static bool Answers(Person person) => WillOf(person) is Will.Consent or Will.Refuse;

    /// <summary>Whether the person was asked for consent: whoever answers was, and some who did not answer.</summary>
    public static bool IsAsked(Person person) => Answers(person) || Draw.Of("asked", person.Number).Percent(25);

    /// <summary>All statements of these people, and of others about these items.</summary>
    public static IEnumerable<Choice> Of(IReadOnlyList<Person> persons, IReadOnlyList<ItemVersion> items)
    {
        var itemsOf = items.Where(item => item.ObservedAt == Calendar.Observed).ToLookup(item => item.Row.Author, item => new Item(item.Row.Service, item.Row.ItemId), StringComparer.Ordinal);
        return [.. persons.SelectMany(person => Of(person, itemsOf)), .. RemovalsOf(persons, items), .. ByOutsiders()];
    }

    private static Will WillOf(Person person) => Draw.Of("will", person.Number)
        .Weighted([(Will.Object, 105), (Will.Consent, 82), (Will.Refuse, 40), (Will.Erase, 9), (Will.Restrict, 9), (Will.Silent, 755)]);

    private static IEnumerable<Choice> Of(Person person, ILookup<string, Item> itemsOf)
    {
        var draw = Draw.Of("choices", person.Number);
        var account = draw.Pick(person.Accounts).Account;
        return WillOf(person) switch
        {
            Will.Silent => [],
            Will.Object => Objections(person, account, [.. itemsOf[account.ToString()]], draw),
            Will.Consent => Consents(person, Calendar.Asked, draw),
            Will.Refuse => [Made(ChoiceKind.Refusal, account, draw.Instant(Calendar.Asked, Calendar.LastChoice), draw)],
            Will.Erase => [Made(ChoiceKind.Erasure, account, draw.Instant(Calendar.Announced, Calendar.LastChoice), draw)],
            Will.Restrict => Restrictions(account, draw),
        };
    }

    private static IEnumerable<Choice> Objections(Person person, Account account, IReadOnlyList<Item> items, Draw draw)
    {
        var made = draw.Weighted([(0, 33), (1, 47), (2, 20)]) switch
        {
            0 => draw.Instant(Calendar.FirstAnnounced, Calendar.FirstAnnounced.AddDays(110)),
            1 => draw.Instant(Calendar.Announced, Calendar.Started),
            _ => draw.Instant(Calendar.Started, Calendar.LastChoice),
        };
        var scope = draw.Weighted([(0, 82), (1, 7), (2, 6), (3, 5)]) switch
        {
            1 => Scope.Of(new ScopePart.OnService(account.Service)),
            2 when items.Count > 0 => Scope.Of(new ScopePart.OneItem(draw.Pick(items))),
            3 => Scope.Of(new ScopePart.Everything(), new ScopePart.AboutMe()),
            _ => Scope.Everything,
        };
        yield return Made(ChoiceKind.Objection, account, made, draw) with { Scope = scope };
        if (person.Link != Link.Linked && person.Accounts.Count > 1 && draw.Percent(50))
            yield return Made(ChoiceKind.Objection, person.Accounts.First(other => other.Account != account).Account, made.AddMinutes(7), draw);
        if (!draw.Percent(9))
            yield break;
        // Second thoughts: lifted on the account it was made on, and on no other; some then consent.
        var lifted = draw.Instant(made > Calendar.Asked ? made : Calendar.Asked, Calendar.LastChoice);
        yield return Made(ChoiceKind.ObjectionLifted, account, lifted, draw) with { Scope = scope, Actor = Actor.Person };
        if (IsAsked(person) && draw.Percent(60))
            yield return Consent(account, Purpose.TrainGenerativeAi, lifted, draw);
    }

    private static IEnumerable<Choice> Consents(Person person, DateTimeOffset from, Draw draw)
    {
        var made = draw.Instant(from, Calendar.LastChoice.AddDays(-7));
        var combines = draw.Percent(45);
        var ends = draw.Weighted([(0, 82), (1, 10), (2, 8)]);
        var given = person.Accounts.Where(member => member.Account.Service != "whatsapp" && draw.Percent(88)).ToArray();
        foreach (var member in given)
        {
            DateTimeOffset? until = ends switch { 0 => null, 1 => made.AddDays(30), _ => Calendar.At("2027-01-01") };
            yield return Consent(member.Account, Purpose.TrainGenerativeAi, made, draw) with
            {
                Until = until,
                Scope = draw.Percent(8) ? Scope.Of(new ScopePart.OnService(member.Account.Service)) : Scope.Everything,
            };
            if (combines)
                yield return Consent(member.Account, Purpose.CombineServices, made, draw) with { Until = until };
        }

        if (given.Length > 0 && draw.Percent(12))
            yield return Made(ChoiceKind.Withdrawal, draw.Pick(given).Account, draw.Instant(made.AddDays(1), Calendar.LastChoice), draw);
    }

    private static IEnumerable<Choice> Restrictions(Account account, Draw draw)
    {
        var made = draw.Instant(Calendar.Announced, Calendar.LastChoice.AddDays(-20));
        yield return Made(ChoiceKind.Restriction, account, made, draw);
        if (draw.Percent(50))
            yield return Made(ChoiceKind.RestrictionLifted, account, made.AddDays(14), draw) with { Actor = Actor.Controller, Channel = "case" };
    }

    // Anyone may ask: a stranger, a relative, somebody without an account.
    private static IEnumerable<Choice> RemovalsOf(IReadOnlyList<Person> persons, IReadOnlyList<ItemVersion> items)
    {
        for (var number = 0; number < Removals; number++)
        {
            var draw = Draw.Of("removal", number);
            var item = draw.Pick(items).Row;
            var by = draw.Percent(60) ? Outsider(draw) : draw.Pick(draw.Pick(persons).Accounts).Account;
            yield return Made(ChoiceKind.Removal, by, draw.Instant(Calendar.Announced, Calendar.LastChoice), draw) with
            {
                Scope = Scope.Of(new ScopePart.OneItem(new Item(item.Service, item.ItemId))),
                Actor = Actor.Anyone,
            };
        }
    }

    private static IEnumerable<Choice> ByOutsiders()
    {
        for (var number = 0; number < Outsiders; number += 3)
        {
            var draw = Draw.Of("outsider", number);
            var account = new Account(Account.Outside, (900_001 + number).ToString(CultureInfo.InvariantCulture));
            yield return Made(ChoiceKind.Objection, account, draw.Instant(Calendar.Announced, Calendar.LastChoice), draw) with { Scope = Scope.Of(new ScopePart.AboutMe()) };
        }
    }

    private static Choice Consent(Account account, Purpose purpose, DateTimeOffset made, Draw draw) =>
        Made(ChoiceKind.Consent, account, made, draw) with { Purpose = purpose, Notice = Calendar.ConsentNotice, Actor = Actor.Person, Channel = "portal" };

    private static Choice Made(ChoiceKind kind, Account account, DateTimeOffset made, Draw draw)
    {
        var agent = draw.Percent(5);
        // Most statements arrive while the person looks at the page; letters and lists take days.
        var arrives = draw.Percent(85) ? TimeSpan.FromSeconds(draw.Below(20)) : TimeSpan.FromMinutes(draw.Below(3 * 24 * 60));
        return new Choice(
            kind, account, Purpose.TrainGenerativeAi, Scope.Everything, made, made + arrives,
            Actor: agent ? Actor.Agent : Actor.Person,
            Channel: agent ? "agent-list" : draw.Weighted([("form", 60), ("e-mail", 15), ("portal", 25)]));
    }
}
