using Aval.Choices;
using Aval.Policies;

namespace Aval.Tests.Oracles;

/// <summary>
/// Mistakes that an engine could make, each as the oracle on a scenario that was bent first. Whoever checks an engine
/// by the generated scenarios must know that they would show these.
/// </summary>
internal static class Misreadings
{
    // Finer than any instant there is, so it only breaks ties.
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    public static IReadOnlyDictionary<string, Func<Scenario, Scenario>> All { get; } =
        new Dictionary<string, Func<Scenario, Scenario>>
        {
            // Links.
            ["Links are forgotten"] = Accounts((account, _) => account with { Person = null }),
            ["Only the latest link counts"] = at => at with
            {
                World = at.World with
                {
                    Accounts = [.. at.World.Accounts.Where(account => account.ObservedAt <= at.AsOf)
                        .GroupBy(account => account.Account)
                        .SelectMany(LastLinkOnly)],
                },
            },
            ["Links observed after T count"] = at => at with
            {
                World = at.World with
                {
                    Accounts = [.. at.World.Accounts.Select((account, turn) => account.ObservedAt > at.AsOf
                        && at.World.Accounts.Any(
                            other => other.Account == account.Account && other.ObservedAt <= at.AsOf)
                        ? account with { ObservedAt = DateTimeOffset.UnixEpoch + turn * Tick }
                        : account)],
                },
            },
            ["Links are followed one step and no further"] = OneStep,
            ["An account named as a person is not in its group"] = Accounts((account, _) =>
                account.Person is { Length: > 0 } person ? account with { Person = "group of " + person } : account),
            ["An account in another's group is none of its own name's"] = at => at with
            {
                World = at.World with
                {
                    Accounts = [.. at.World.Accounts.Select(account => account.Person is { Length: > 0 } person
                        && at.World.Accounts.Any(other => other.Account.ToString() == person
                            && !string.IsNullOrEmpty(other.Person) && other.Person != person)
                        ? account with { Person = "group of " + person }
                        : account)],
                },
            },
            ["An account that no row tells of is named by nobody"] = Accounts((account, at) =>
                account.Person is { Length: > 0 } person && person.Contains(':', StringComparison.Ordinal)
                && at.World.Accounts.All(other => other.Account.ToString() != person || other.ObservedAt > at.AsOf)
                    ? account with { Person = "group of " + person }
                    : account),
            ["All empty persons are one"] = Accounts((account, _) =>
                account with { Person = string.IsNullOrEmpty(account.Person) ? "nobody" : account.Person }),
            ["Persons that differ by case are one"] = Accounts(
                (account, _) => account with { Person = account.Person?.ToLowerInvariant() }),
            ["Linked accounts' consents help"] = Helping(ChoiceKind.Consent),
            ["Linked accounts' liftings of objections help"] = Helping(ChoiceKind.ObjectionLifted),
            ["Linked accounts' liftings of restrictions help"] = Helping(ChoiceKind.RestrictionLifted),

            ["Only the last author protects"] = at => at with
            {
                World = at.World with
                {
                    Items =
                    [
                        .. at.World.Items.Where(version => version.ObservedAt > at.AsOf
                            || Oracle.ItemsAt(at.World, at.AsOf)
                                .Single(item => item.Item == version.Item).Author == version.Author),
                    ],
                },
            },

            // Shares.
            ["A seed changes nothing"] = Shares(share => share with { Seed = 1 }),
            ["A share is no part but all"] = Shares(share => share with { AtMost = new(1, 1) }),

            // Which choices count.
            ["The ledger size is forgotten"] = at => at with { LedgerSize = long.MaxValue },
            ["The ledger size is one too many"] = at => at with { LedgerSize = at.LedgerSize + 1 },
            ["When a choice was received is forgotten"] = Choices(
                (choice, _) => choice with { ReceivedAt = choice.MadeAt }),
            ["What is received at T is too late"] = Choices(
                (choice, at) => choice.ReceivedAt == at.AsOf ? choice with { ReceivedAt = at.AsOf + Tick } : choice),
            ["What is made at T is too late"] = Choices(
                (choice, at) => choice.MadeAt == at.AsOf ? choice with { MadeAt = at.AsOf + Tick } : choice),
            ["A choice made after T counts"] = Choices(
                (choice, at) => choice.MadeAt > at.AsOf ? choice with { MadeAt = at.AsOf } : choice),
            ["The latest to arrive decides"] = Choices((choice, _) => choice with { MadeAt = choice.ReceivedAt }),
            ["Every purpose is the policy's"] = Choices((choice, at) => choice with { Purpose = at.Policy.Purpose }),
            ["Erasures are for a purpose"] = Without(
                (choice, at) => choice.Kind == ChoiceKind.Erasure && choice.Purpose != at.Policy.Purpose),
            ["Removals are for a purpose"] = Without(
                (choice, at) => choice.Kind == ChoiceKind.Removal && choice.Purpose != at.Policy.Purpose),
            ["Only the author asks for a removal"] = Without((choice, at) => choice.Kind == ChoiceKind.Removal
                && !at.World.Items.Any(item => item.Author == choice.Account)),

            // Scopes.
            ["About me is everything"] = Scopes(part => part is ScopePart.AboutMe ? new ScopePart.Everything() : part),
            ["A service is everything"] = Scopes(
                part => part is ScopePart.OnService ? new ScopePart.Everything() : part),
            ["An item is its service"] = Scopes(
                part => part is ScopePart.OneItem one ? new ScopePart.OnService(one.Item.Service) : part),
            ["An item is named by its id alone"] = Choices((choice, _) => choice with
            {
                Scope = Scope.Of(choice.Scope.Parts.SelectMany(part => part is ScopePart.OneItem one
                    ? new[] { "facebook", "instagram", "whatsapp" }
                        .Select(ScopePart (service) => new ScopePart.OneItem(one.Item with { Service = service }))
                    : [part])),
            }),
            ["Only the first part of a scope counts"] = Choices(
                (choice, _) => choice with { Scope = Scope.Of(choice.Scope.Parts[0]) }),

            // The latest statement, and ties.
            ["Any objection holds, lifted or not"] = Without((choice, _) => choice.Kind == ChoiceKind.ObjectionLifted),
            ["Any restriction holds, lifted or not"] = Without(
                (choice, _) => choice.Kind == ChoiceKind.RestrictionLifted),
            ["A tie of objection and lifting lifts"] = TieLost(ChoiceKind.ObjectionLifted),
            ["A tie of restriction and lifting lifts"] = TieLost(ChoiceKind.RestrictionLifted),
            ["A tie of consent and withdrawal consents"] = TieLost(ChoiceKind.Consent),
            ["A tie of refusal and withdrawal refuses"] = Choices((choice, at) => choice.Kind == ChoiceKind.Refusal
                && choice.MadeAt < at.AsOf ? choice with { MadeAt = choice.MadeAt + Tick } : choice),
            ["Of consents at one instant the unlimited one decides"] = Choices(
                (choice, at) => choice is { Kind: ChoiceKind.Consent, Until: not null }
                    && at.World.Choices.Any(other => other is { Kind: ChoiceKind.Consent, Until: null }
                        && other.MadeAt == choice.MadeAt && other.Account == choice.Account)
                    ? choice with { MadeAt = choice.MadeAt - Tick }
                    : choice),
            ["Behind an expired consent the older one holds"] = Without((choice, at) => choice.Until <= at.AsOf),
            ["A consent that ends at T still holds"] = Choices(
                (choice, at) => choice.Until == at.AsOf ? choice with { Until = at.AsOf + Tick } : choice),
            ["Consents never end"] = Choices((choice, _) => choice with { Until = null }),
            ["A refusal is no withdrawal"] = Without((choice, _) => choice.Kind == ChoiceKind.Refusal),
            ["Behind a refusal or withdrawal there is simply no consent"] = Without(
                (choice, _) => choice.Kind is ChoiceKind.Refusal or ChoiceKind.Withdrawal or ChoiceKind.Consent),

            // Versions.
            ["A tie of deletion and content keeps the content"] = Items(
                (item, _) => item.Deleted ? item with { ObservedAt = item.ObservedAt - Tick } : item),
            ["A tie of audiences is public"] = Items((item, _) =>
                !item.Deleted && item.Audience != "public" ? item with { ObservedAt = item.ObservedAt - Tick } : item),
            ["Versions observed after T count"] = at => at with
            {
                World = at.World with
                {
                    Items = [.. at.World.Items
                        .Select(item => item.ObservedAt > at.AsOf ? item with { ObservedAt = at.AsOf } : item)
                        .DistinctBy(Undecided)],
                },
            },
            ["A version observed at T is too late"] = Items(
                (item, at) => item.ObservedAt == at.AsOf ? item with { ObservedAt = at.AsOf + Tick } : item),
            ["The first version stays"] = at => at with
            {
                World = at.World with
                {
                    Items = [.. at.World.Items.OrderBy(item => item.ObservedAt).DistinctBy(item => item.Item)],
                },
            },
            ["A deletion once is a deletion for ever"] = at => at with
            {
                World = at.World with
                {
                    Items = [.. at.World.Items.Select(item => item with
                    {
                        Deleted = at.World.Items.Any(
                            other => other.Item == item.Item && other.Deleted && other.ObservedAt <= item.ObservedAt),
                    }).DistinctBy(Undecided)],
                },
            },
            ["Deleted items are not judged by the other rules"] = Items(
                (item, _) => item.Deleted ? item with { HasMedia = true } : item),

            // Unknowns and instants.
            ["A date after T is as good as T"] = Items(
                (item, at) => item.CreatedAt > at.AsOf ? item with { CreatedAt = at.AsOf } : item),
            ["What has no date is of T"] = Items((item, at) => item with { CreatedAt = item.CreatedAt ?? at.AsOf }),
            ["What has no date is old"] = Items(
                (item, _) => item with { CreatedAt = item.CreatedAt ?? DateTimeOffset.UnixEpoch }),
            ["What was created at an instant was created before it"] = Items(
                (item, _) => item with { CreatedAt = item.CreatedAt - Tick }),
            ["What was created at an instant was created after it"] = Items(
                (item, at) => item.CreatedAt < at.AsOf ? item with { CreatedAt = item.CreatedAt + Tick } : item),
            ["An unknown audience is public"] = at => at with
            {
                World = at.World with
                {
                    Items = [.. at.World.Items
                        .Select(item =>
                            item with { Audience = item.Audience is null or "unknown" ? "public" : item.Audience })
                        .DistinctBy(Undecided)],
                },
            },
            ["An audience stated as unknown is an audience"] = Items(
                (item, _) => item.Audience == "unknown" ? item with { Audience = "nobody" } : item),
            ["Public since nobody knows when is old enough"] = Items(
                (item, _) => item with { PublicSince = item.PublicSince ?? DateTimeOffset.MaxValue }),
            ["Public at the cut-off is public before it"] = Items(
                (item, _) => item with { PublicSince = item.PublicSince - Tick }),
            ["An unknown birth year is an adult's"] = Accounts(
                (account, _) => account with { BirthYear = account.BirthYear ?? 1950 }),
            ["Adult from 1 January of the year"] = Accounts(
                (account, _) => account with { BirthYear = account.BirthYear - 1 }),
            ["Adult a moment after the instant"] = at => at with
            {
                AsOf = at.AsOf == new DateTimeOffset(2024, 12, 31, 0, 0, 0, TimeSpan.Zero) ? at.AsOf - Tick : at.AsOf,
            },
            ["An unknown country is inside"] = Accounts(
                (account, _) => account with { Country = account.Country ?? "FR" }),
            ["The first account version stays"] = at => at with
            {
                World = at.World with
                {
                    Accounts = [.. at.World.Accounts.Select(account => account with
                    {
                        Country = First(at, account).Country,
                        BirthYear = First(at, account).BirthYear,
                    })],
                },
            },
            ["A sent notice informs"] = Notices(
                (notice, _) => notice with { DeliveredAt = notice.DeliveredAt ?? notice.SentAt }),
            ["A notice delivered after T informs"] = Notices(
                (notice, at) => notice.DeliveredAt > at.AsOf ? notice with { DeliveredAt = at.AsOf } : notice),
            ["Notices reach linked accounts"] = at => at with
            {
                World = at.World with
                {
                    Notices = [.. at.World.Notices.SelectMany(
                        notice => LinkedTo(notice.Account, at).Select(account => notice with { Account = account }))],
                },
            },
            ["The waiting period runs from the last delivery"] = at => at with
            {
                World = at.World with
                {
                    Notices = [.. at.World.Notices.Where(notice => notice.DeliveredAt <= at.AsOf)
                        .GroupBy(notice => notice.Account)
                        .Select(all => all.MaxBy(notice => notice.DeliveredAt)!)],
                },
            },
            ["The waiting period passes a moment later"] = Notices((notice, at) =>
                notice.DeliveredAt < at.AsOf ? notice with { DeliveredAt = notice.DeliveredAt + Tick } : notice),
            ["Text of foreign white space is text"] = Items((item, _) =>
                item.Text?.Contains('\u3000', StringComparison.Ordinal) == true ? item with { Text = "x" } : item),
            ["Text of zero-width spaces is empty"] = Items(
                (item, _) => item.Text is "\u200B" or "\uFEFF" ? item with { Text = "" } : item),
            ["A separator of information is white space"] = Items(
                (item, _) => item.Text is "\u001F" ? item with { Text = "" } : item),
            ["A picture without words is empty"] = Items((item, _) => item with { HasMedia = false }),

            // Rules.
            ["Rules are taken by name"] = Rules((rules, _) => rules.OrderBy(rule => rule.Id, StringComparer.Ordinal)),
            ["Objections reach back in every regime"] = Rule<Rule.Objection>(rule => rule with { ForwardFrom = null }),
            ["An objection at the cut-off is early"] = Rule<Rule.Objection>(
                rule => rule with { ForwardFrom = rule.ForwardFrom + Tick }),
            ["Objections reach forward in every case"] = Rule<Rule.Objection>(
                rule => rule with { ForwardFrom = rule.ForwardFrom is null ? null : DateTimeOffset.MinValue }),
            ["An objection is as old as one that was lifted"] = at => at with
            {
                World = at.World with
                {
                    Choices = [.. at.World.Choices.Select(choice => choice.Kind == ChoiceKind.ObjectionLifted
                        && at.World.Choices.Any(other => other.Kind == ChoiceKind.Objection
                            && other.MadeAt >= choice.MadeAt && other.MadeAt <= at.AsOf && other.ReceivedAt <= at.AsOf
                            && other.Account == choice.Account && other.Purpose == choice.Purpose
                            && other.Scope.Equals(choice.Scope))
                        ? choice with { MadeAt = DateTimeOffset.UnixEpoch }
                        : choice)],
                },
            },
            ["An objection is as young as its last repetition"] = Without(
                (choice, at) => choice.Kind == ChoiceKind.Objection
                    && at.World.Choices.Take((int)at.LedgerSize)
                        .Any(other => other.Kind == ChoiceKind.Objection && other.MadeAt > choice.MadeAt
                            && other.MadeAt <= at.AsOf && other.ReceivedAt <= at.AsOf && other.Account == choice.Account
                            && other.Purpose == choice.Purpose && other.Scope.Equals(choice.Scope))),
            ["A release of one service is mixed"] = Rule<Rule.Services>(
                rule => rule with { Admit = [.. rule.Admit, "none", "other"] }),
            ["A consent to the policy's purpose is one to combination"] = at => at with
            {
                World = at.World with
                {
                    Choices = [.. at.World.Choices.SelectMany(
                        choice => new[] { choice, choice with { Purpose = Purpose.CombineServices } })],
                },
                LedgerSize = at.LedgerSize * 2,
            },
            ["An objection to combination says nothing"] = Without(
                (choice, _) => choice.Kind == ChoiceKind.Objection && choice.Purpose == Purpose.CombineServices),
            ["A later consent voids an objection to combination"] = Without(
                (choice, at) => choice.Kind == ChoiceKind.Objection && choice.Purpose == Purpose.CombineServices
                    && at.World.Choices.Any(other => other.Kind == ChoiceKind.Consent && other.Purpose == choice.Purpose
                        && other.Account == choice.Account && other.MadeAt > choice.MadeAt)),
            ["What reveals special categories reveals nothing"] = Items(
                (item, _) => item.Text == Worlds.Revealing ? item with { Text = "x" } : item),
            ["Explicit consent is ignored"] = Rule<Rule.SpecialCategories>(
                rule => rule with { Action = RevealingAction.Exclude }),
            ["What reveals is always kept with explicit consent"] = Rule<Rule.SpecialCategories>(
                rule => rule with { Action = RevealingAction.KeepWithExplicitConsent }),
            ["A consent to the policy's purpose is explicit consent"] = at => at with
            {
                World = at.World with
                {
                    Choices = [.. at.World.Choices.SelectMany(
                        choice => new[] { choice, choice with { Purpose = Purpose.SpecialCategories } })],
                },
                LedgerSize = at.LedgerSize * 2,
            },
            ["An objection to the use of special categories says nothing"] = Without(
                (choice, _) => choice.Kind == ChoiceKind.Objection && choice.Purpose == Purpose.SpecialCategories),
            ["Any confidence is enough"] = Rule<Rule.SpecialCategories>(rule => rule with { AtLeast = new(5, 100) }),
            ["Any category is meant"] = Rule<Rule.SpecialCategories>(
                rule => rule with { Categories = SpecialCategories.All }),

            ["The primary service needs consent too"] = Rule<Rule.CombineServices>(
                rule => rule with { Primary = "none" }),
            ["Same person is strict"] = Rule<Rule.CombineServices>(rule => rule.Reading == CombineReading.SamePerson
                ? rule with { Reading = CombineReading.Strict, Primary = "facebook" }
                : rule),
            ["When written is at the build"] = Rule<Rule.Age>(
                rule => rule with { WhenWritten = false, AtBuild = true }),
            ["At the build is when written"] = Rule<Rule.Age>(
                rule => rule with { WhenWritten = true, AtBuild = false }),
        };

    private static Func<Scenario, Scenario> Items(Func<ItemVersion, Scenario, ItemVersion> bend) =>
        at => at with { World = at.World with { Items = [.. at.World.Items.Select(item => bend(item, at))] } };

    private static Func<Scenario, Scenario> Accounts(Func<AccountVersion, Scenario, AccountVersion> bend) => at =>
        at with { World = at.World with { Accounts = [.. at.World.Accounts.Select(account => bend(account, at))] } };

    private static Func<Scenario, Scenario> Notices(Func<NoticeDelivery, Scenario, NoticeDelivery> bend) =>
        at => at with { World = at.World with { Notices = [.. at.World.Notices.Select(notice => bend(notice, at))] } };

    private static Func<Scenario, Scenario> Choices(Func<Choice, Scenario, Choice> bend) =>
        at => at with { World = at.World with { Choices = [.. at.World.Choices.Select(choice => bend(choice, at))] } };

    private static Func<Scenario, Scenario> Rules(Func<IReadOnlyList<Rule>, Scenario, IEnumerable<Rule>> bend) =>
        at => at with { Policy = at.Policy with { Rules = [.. bend(at.Policy.Rules, at)] } };

    private static Func<Scenario, Scenario> Rule<TRule>(Func<TRule, TRule> bend)
        where TRule : Rule => Rules((rules, _) => rules.Select(rule => rule is TRule one ? bend(one) : rule));

    private static Func<Scenario, Scenario> Scopes(Func<ScopePart, ScopePart> bend) =>
        Choices((choice, _) => choice with { Scope = Scope.Of(choice.Scope.Parts.Select(bend)) });

    // Left in its place, so that the ledger size still cuts where it did, and never received.
    private static Func<Scenario, Scenario> Without(Func<Choice, Scenario, bool> forgotten) =>
        Choices((choice, at) => forgotten(choice, at) ? choice with { ReceivedAt = DateTimeOffset.MaxValue } : choice);

    // Not at T itself, where a moment later would be too late and so forget the choice instead.
    private static Func<Scenario, Scenario> TieLost(ChoiceKind permissive) => Choices((choice, at) =>
        choice.Kind == permissive && choice.MadeAt < at.AsOf ? choice with { MadeAt = choice.MadeAt + Tick } : choice);

    private static Func<Scenario, Scenario> Helping(ChoiceKind kind) => at =>
    {
        var honoured = at.World.Choices.Take((int)Math.Min(at.LedgerSize, int.MaxValue)).ToList();
        List<Choice> bent = [.. honoured, .. honoured.Where(choice => choice.Kind == kind)
            .SelectMany(choice => LinkedTo(choice.Account, at).Select(account => choice with { Account = account }))];
        return at with { World = at.World with { Choices = bent }, LedgerSize = bent.Count };
    };

    private static IEnumerable<Account> LinkedTo(Account account, Scenario at) =>
        Everybody(account, at).Where(other => Persons.Of(at.World, at.AsOf).AreLinked(account, other));

    private static IEnumerable<Account> Everybody(Account account, Scenario at) =>
        at.World.Items.Select(item => item.Author)
            .Concat(at.World.Accounts.Select(other => other.Account))
            .Append(account).Distinct();

    private static IEnumerable<AccountVersion> LastLinkOnly(IEnumerable<AccountVersion> versions)
    {
        var last = versions.MaxBy(version => version.ObservedAt)!;
        return versions.Select(
            version => version.ObservedAt == last.ObservedAt ? version : version with { Person = null });
    }

    // Everybody who shares a group with who said it says it too, and then nobody is linked to anybody.
    private static Scenario OneStep(Scenario at)
    {
        var honoured = at.World.Choices.Take((int)Math.Min(at.LedgerSize, int.MaxValue)).ToList();
        List<Choice> bent = [.. honoured, .. honoured.Where(choice => choice.Kind.IsProtective())
            .SelectMany(choice => Everybody(choice.Account, at)
                .Where(other => other != choice.Account
                    && Persons.Of(at.World, at.AsOf).ShareAGroup(choice.Account, other))
                .Select(account => choice with { Account = account }))];
        return at with
        {
            World = at.World with
            {
                Choices = bent,
                Accounts = [.. at.World.Accounts.Select(account => account with { Person = null })],
            },
            LedgerSize = bent.Count,
        };
    }

    private static AccountVersion First(Scenario at, AccountVersion account) =>
        at.World.Accounts.Where(other => other.Account == account.Account).MinBy(other => other.ObservedAt)!;

    private static (Item Item, DateTimeOffset ObservedAt, bool Deleted, bool Public) Undecided(ItemVersion item) =>
        (item.Item, item.ObservedAt, item.Deleted, item.Audience == "public");

    private static Func<Scenario, Scenario> Shares(Func<Rule.Share, Rule.Share> other) => at => at with
    {
        Policy = at.Policy with
        {
            Rules = [.. at.Policy.Rules.Select(rule => rule is Rule.Share share ? other(share) : rule)],
        },
    };
}
