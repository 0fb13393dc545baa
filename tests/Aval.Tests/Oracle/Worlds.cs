using Aval.Choices;
using Aval.Content;
using CsCheck;

namespace Aval.Tests.Oracles;

/// <summary>
/// Worlds that live in the corners: so few accounts, persons, services and instants that links, ties, scopes that
/// meet and statements that cross happen all the time. Instants lie around 31 December 2024, when those born in 2006
/// turn adult, and every date is past for a real clock, so that a world can also be imported.
/// </summary>
public static class Worlds
{
    private static readonly DateTimeOffset FirstDay = new(2024, 12, 27, 0, 0, 0, TimeSpan.Zero);

    private static readonly string[] ServiceNames = ["facebook", "instagram", "whatsapp"];

    // Ids that differ by a dot, a service or by case where case tells (WhatsApp states no form) are different people,
    // and an id may hold what separates scopes.
    private static readonly Account[] Accounts =
    [
        new("facebook", "a"), new("facebook", "a."), new("instagram", "a"), new("whatsapp", "É;%3B:x"),
        new("whatsapp", "é;%3B:x"), new("whatsapp", "a"),
    ];

    private static readonly Account Stranger = new(Account.Outside, "o");

    private static readonly string[] ItemIds = ["1", "2", "x;%3B'\"\\"];

    // An account may bear another account's name as its person; "p" and "P" are two groups.
    private static readonly string?[] Persons = [null, "", "p", "p", "q", "P", "facebook:a", "instagram:a"];

    /// <summary>Words that reveal health, and just so.</summary>
    internal const string Revealing = "My chemo starts on Monday.";

    // What looks empty and is not, and what is empty and does not look so.
    private static readonly string?[] Texts = [
        "hello", "hello", "hello", "hello", "hello", "héé", "héé", null, "", " ", "\u3000\u00A0", "\u0085\t\u2028",
        "\u200B", "\uFEFF", "\u001F", Revealing, Revealing, Revealing, Revealing,
    ];

    private static readonly Gen<DateTimeOffset> Instants = Within(0, 9);

    private static readonly Gen<DateTimeOffset> CreatedAt = Gen.Frequency<DateTimeOffset>(
        (6, Instants), (1, Gen.Const(FirstDay.AddYears(-9))));

    private static readonly Gen<DateTimeOffset> ObservedAt = Gen.Frequency<DateTimeOffset>(
        (2, Gen.Const(FirstDay)), (3, Instants));

    // One of them is the hero: statements must meet on one account to decide between them.
    private static readonly Gen<Account> AnAccount = Gen.Frequency(
        (6, Accounts[0]), (1, Accounts[1]), (2, Accounts[2]), (1, Accounts[3]), (1, Accounts[4]), (1, Accounts[5]));

    private static readonly Gen<ItemVersion> AnItemVersion = Gen.Select(
        Gen.Select(
            AnAccount, Gen.OneOf(ItemIds), Gen.OneOf([.. Vocabulary.Kinds]),
            Gen.Frequency((6, "public"), (1, "friends"), (1, "assistant"), (1, "unknown"), (1, null))),
        Gen.Select(OrUnknown(CreatedAt), OrUnknown(Instants)),
        Gen.Select(
            Gen.OneOf(Texts), Gen.Frequency((4, false), (1, true)), Gen.Frequency((11, false), (1, true)), ObservedAt),
        (what, when, state) => new ItemVersion(
            new Item(what.Item1.Service, what.Item2), what.Item1, what.Item3, what.Item4, when.Item1, when.Item2,
            state.Item1, state.Item2, state.Item3, state.Item4));

    private static readonly Gen<AccountVersion> AnAccountVersion = Gen.Select(
        AnAccount,
        Gen.OneOf(Persons),
        Gen.OneOf("FR", "DE", "US", null),
        Gen.OneOf<int?>(1950, 2005, 2006, 2007, 2010, null),
        ObservedAt,
        (account, person, country, year, observed) => new AccountVersion(account, person, country, year, observed));

    private static readonly Gen<NoticeDelivery> ANotice = Gen.Select(
        AnAccount,
        Gen.OneOf("v1", "v2"),
        OrUnknown(Instants),
        OrUnknown(Instants),
        (account, version, sent, delivered) => new NoticeDelivery(account, version, sent, delivered));

    private static readonly Gen<Item> AnItem = Gen.Select(
        Gen.OneOf(ServiceNames), Gen.OneOf(ItemIds), (service, id) => new Item(service, id));

    private static readonly Gen<Scope> ItemScope = AnItem.Array[1, 2].Select(
        items => Scope.Of(items.Select(item => new ScopePart.OneItem(item))));

    private static readonly Gen<Scope> AScope = Gen.Frequency<Scope>(
        (9, Gen.Const(Scope.Everything)),
        (2, Gen.OneOf(ServiceNames).Select(service => Scope.Of(new ScopePart.OnService(service)))),
        (2, ItemScope),
        (1, Gen.Select(
            Gen.OneOf(ServiceNames), AnItem,
            (service, item) => Scope.Of(new ScopePart.OnService(service), new ScopePart.OneItem(item)))));

    private static readonly Gen<Scope> AboutMe = Gen.Const(Scope.Of(new ScopePart.AboutMe()));

    /// <summary>What people talk about in one world, who does, and about what.</summary>
    private sealed record Topic(Gen<ChoiceKind> Kinds, Gen<Account> Accounts, Gen<Scope> Scopes);

    // Everything, or one pair over and over and mostly by the hero, so that its statements cross and tie.
    private static readonly Gen<Topic> ATopic = Gen.Frequency(
        (3, new Topic(Gen.OneOf(Enum.GetValues<ChoiceKind>()), AnAccount, AScope)),
        (3, Focused(
            ChoiceKind.Objection, ChoiceKind.Objection, ChoiceKind.Objection, ChoiceKind.ObjectionLifted,
            ChoiceKind.ObjectionLifted, ChoiceKind.Consent)),
        (2, Focused(
            ChoiceKind.Consent, ChoiceKind.Consent, ChoiceKind.Consent, ChoiceKind.Withdrawal, ChoiceKind.Refusal)),
        (1, Focused(ChoiceKind.Restriction, ChoiceKind.RestrictionLifted, ChoiceKind.Erasure)));

    private static Topic Focused(params ChoiceKind[] kinds) => new(
        Gen.OneOf(kinds),
        Gen.Frequency<Account>((2, Gen.Const(Accounts[0])), (1, AnAccount)),
        Gen.Frequency<Scope>((2, Gen.Const(Scope.Everything)), (1, AScope)));

    private static Gen<Choice> AChoice(Topic topic) =>
        from kind in topic.Kinds
        from account in kind == ChoiceKind.Removal ? Gen.OneOf([.. Accounts, Stranger]) : topic.Accounts
        from purpose in Gen.Frequency(
            (5, Purpose.TrainGenerativeAi), (1, Purpose.CombineServices), (2, Purpose.SpecialCategories))
        from scope in kind switch
        {
            ChoiceKind.Removal => ItemScope,
            ChoiceKind.MandateRevoked => Gen.Const(Scope.Everything),
            ChoiceKind.Objection or ChoiceKind.Erasure => Gen.Frequency<Scope>((9, topic.Scopes), (1, AboutMe)),
            _ => topic.Scopes,
        }
        from made in Gen.Frequency<DateTimeOffset>((3, Within(3, 4)), (2, Within(2, 5)), (1, Instants))
        from received in Gen.Frequency<DateTimeOffset>((4, Gen.Const(made)), (1, Instants))
        from until in kind is ChoiceKind.Consent or ChoiceKind.Mandate
            ? OrUnknown(Gen.Int[1, 6].Select(days => made.AddDays(days)))
            : Gen.Const((DateTimeOffset?)null)
        select new Choice(
            kind, account, purpose, scope, made, received, until,
            Actor: kind switch
            {
                ChoiceKind.RestrictionLifted => Actor.Controller,
                ChoiceKind.Removal => Actor.Anyone,
                _ => Actor.Person,
            },
            Notice: kind == ChoiceKind.Consent ? "v1" : null,
            Association: kind == ChoiceKind.Mandate ? "rights.example" : null);

    /// <summary>
    /// A few accounts and what happened to them. Between versions of one instant nothing but the documented order
    /// decides.
    /// </summary>
    public static Gen<World> World { get; } = Gen.Select(
        AnItemVersion.Array[0, 9],
        AnAccountVersion.Array[0, 8],
        ANotice.Array[0, 4],
        ATopic.SelectMany(topic => AChoice(topic).Array[0, 12]),
        (items, accounts, notices, choices) => new World
        {
            Items = [.. items.DistinctBy(
                item => (item.Item, item.ObservedAt, item.Deleted, item.Audience == "public"))],
            Accounts =
            [
                .. accounts.GroupBy(account => (account.Account, account.ObservedAt))
                    .SelectMany(versions => versions.Select(version =>
                        version with { Country = versions.First().Country, BirthYear = versions.First().BirthYear })),
            ],
            Notices = notices,
            Choices = choices,
        });

    /// <summary>
    /// One of the instants that worlds and regimes share, so that they tie: midnight of a day, or a microsecond beside
    /// it.
    /// </summary>
    internal static Gen<DateTimeOffset> Within(int firstDay, int lastDay) => Gen.Select(
        Gen.Int[firstDay, lastDay],
        Gen.Frequency((12, 0), (1, -1), (1, 1)),
        (day, offset) => FirstDay.AddDays(day).AddTicks(offset * TimeSpan.TicksPerMicrosecond));

    private static Gen<DateTimeOffset?> OrUnknown(Gen<DateTimeOffset> instant) => Gen.Nullable(instant, 0.25);
}
