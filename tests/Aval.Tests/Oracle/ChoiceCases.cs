using Aval.Choices;
using Aval.Policies;
using static Aval.ChoiceKind;
using static Aval.Tests.Oracles.Cast;

namespace Aval.Tests.Oracles;

/// <summary>docs/design.md, "Choices and stance", point by point.</summary>
public static class ChoiceCases
{
    private static readonly Policy Objections = Under(new Rule.Objection("GDPR 21", null));
    private static readonly Policy Consents = Under(new Rule.Consent("GDPR 6(1)(a)"));
    private static readonly Policy Erasures = Under(new Rule.Erasure("GDPR 17"));
    private static readonly Policy Restrictions = Under(new Rule.Restriction("GDPR 18"));
    private static readonly Policy Removals = Under(new Rule.Removal("GDPR 9, 17"));

    private static readonly ItemVersion Anns = Post("1", Ann);
    private static readonly ItemVersion Photo = Post("2", AnnPhotos) with { Kind = "caption" };

    /// <summary>Ann's two accounts are one accounts centre.</summary>
    private static readonly AccountVersion[] Centre = [Known(Ann, "ann"), Known(AnnPhotos, "ann")];

    public static IReadOnlyList<LawCase> All { get; } = [
        .. Reach(), .. Scopes(), .. Time(), .. Objecting(), .. Consenting(), .. Erasing(), .. Restricting(),
        .. Removing(),
    ];

    private static World One(params IReadOnlyList<Choice> choices) =>
        new() { Items = [Anns], Accounts = [Known(Ann)], Choices = choices };

    private static World Both(params IReadOnlyList<Choice> choices) =>
        new() { Items = [Anns, Photo], Accounts = Centre, Choices = choices };

    private static IEnumerable<LawCase> Reach()
    {
        yield return Case(
            "An objection holds for every linked account", Both(Said(Objection, Ann, Day(12))), Objections,
            Out(Anns, Reason.Objected, "objection"), Out(Photo, Reason.Objected, "objection"));
        yield return Case(
            "Lifting an objection helps only the account it is said on",
            Both(Said(Objection, Ann, Day(12)), Said(ObjectionLifted, Ann, Day(13))), Objections, In(Anns),
            Out(Photo, Reason.Objected, "objection"));
        yield return Case(
            "A linked account's lifting does not help",
            Both(Said(Objection, Ann, Day(12)), Said(ObjectionLifted, AnnPhotos, Day(13))), Objections,
            Out(Anns, Reason.Objected, "objection"), In(Photo));
        yield return Case(
            "A linked account's consent does not help", Both(Said(Consent, Ann, Day(12))), Consents, In(Anns),
            Out(Photo, Reason.NoConsent, "consent"));
        yield return Case(
            "A linked account's withdrawal ends a consent",
            Both(Said(Consent, AnnPhotos, Day(12)), Said(Withdrawal, Ann, Day(13))), Consents,
            Out(Anns, Reason.ConsentWithdrawn, "consent"), Out(Photo, Reason.ConsentWithdrawn, "consent"));
        yield return Case("Accounts that share nothing are not linked", new World
        {
            Items = [Anns],
            Accounts = [Known(Ann, "ann"), Known(Bob, "bob")],
            Choices = [Said(Objection, Bob, Day(12))],
        }, Objections, In(Anns));
        yield return Case(
            "A link holds although it was undone before the objection",
            new World
            {
                Items = [Photo],
                Accounts = [.. Centre, Known(AnnPhotos) with { ObservedAt = Day(5) }],
                Choices = [Said(Objection, Ann, Day(12))],
            },
            Objections,
            Out(Photo, Reason.Objected, "objection"));
        yield return Case(
            "A link holds although it came after the objection",
            new World
            {
                Items = [Photo],
                Accounts = [Known(Ann, "ann"), Known(AnnPhotos), Known(AnnPhotos, "ann") with { ObservedAt = Day(15) }],
                Choices = [Said(Objection, Ann, Day(12))],
            },
            Objections,
            Out(Photo, Reason.Objected, "objection"));
        yield return Case(
            "A link that is observed after T is not known yet",
            new World
            {
                Items = [Photo],
                Accounts = [Known(Ann, "ann"), Known(AnnPhotos), Known(AnnPhotos, "ann") with { ObservedAt = Day(21) }],
                Choices = [Said(Objection, Ann, Day(12))],
            },
            Objections,
            In(Photo));
        yield return Case(
            "Two accounts that were in one group at different times are linked",
            new World
            {
                Items = [Photo],
                Accounts = [
                    Known(Ann, "ann"),
                    Known(Ann, "alone") with { ObservedAt = Day(5) },
                    Known(AnnPhotos, "ann") with { ObservedAt = Day(6) },
                ],
                Choices = [Said(Objection, Ann, Day(12))],
            },
            Objections,
            Out(Photo, Reason.Objected, "objection"));
        yield return Case(
            "A chain of links is one person",
            new World
            {
                Items = [Anns, Photo],
                Accounts = [Known(Ann, "x"), Known(AnnOld, "x"), Known(AnnOld, "y") with { ObservedAt = Day(5) }, Known(
                    AnnPhotos, "y"), Known(Bob, "z")],
                Choices = [Said(Objection, Ann, Day(12))],
            },
            Objections,
            Out(Anns, Reason.Objected, "objection"),
            Out(Photo, Reason.Objected, "objection"));
        yield return Case(
            "A chain of links carries no lifting",
            new World
            {
                Items = [Photo],
                Accounts = [Known(Ann, "x"), Known(AnnOld, "x"), Known(AnnOld, "y") with { ObservedAt = Day(5) }, Known(
                    AnnPhotos, "y")],
                Choices = [Said(Objection, AnnPhotos, Day(12)), Said(ObjectionLifted, Ann, Day(13))],
            },
            Objections,
            Out(Photo, Reason.Objected, "objection"));
        yield return Case(
            "A chain passes over an account that only others name",
            new World
            {
                Items = [Photo],
                Accounts = [Known(AnnPhotos, "facebook:ann.old"), Known(Ann, "facebook:ann.old")],
                Choices = [Said(Objection, Ann, Day(12))],
            },
            Objections,
            Out(Photo, Reason.Objected, "objection"));
        yield return Case(
            "An account that is named as a person belongs to that group",
            new World
            {
                Items = [Anns, Photo],
                Accounts = [Known(Ann), Known(AnnPhotos, "facebook:ann")],
                Choices = [Said(Objection, Ann, Day(12))],
            },
            Objections,
            Out(Anns, Reason.Objected, "objection"),
            Out(Photo, Reason.Objected, "objection"));
        yield return Case(
            "An account that is named as a person belongs to that group although it has a group of its own",
            new World
            {
                Items = [Anns],
                Accounts = [Known(Ann, "ann"), Known(AnnPhotos, "facebook:ann")],
                Choices = [Said(Objection, AnnPhotos, Day(12))],
            },
            Objections,
            Out(Anns, Reason.Objected, "objection"));
        yield return Case(
            "An account that is named as a person belongs to that group although it has no row",
            new World
            {
                Items = [Anns],
                Accounts = [Known(AnnPhotos, "facebook:ann")],
                Choices = [Said(Objection, AnnPhotos, Day(12))],
            },
            Objections,
            Out(Anns, Reason.Objected, "objection"));
        yield return Case(
            "An empty person links nobody",
            new World
            {
                Items = [Photo],
                Accounts = [Known(Ann, ""), Known(AnnPhotos, "")],
                Choices = [Said(Objection, Ann, Day(12))],
            },
            Objections,
            In(Photo));
        yield return Case(
            "Persons that differ by case are two",
            new World
            {
                Items = [Photo],
                Accounts = [Known(Ann, "ann"), Known(AnnPhotos, "Ann")],
                Choices = [Said(Objection, Ann, Day(12))],
            },
            Objections,
            In(Photo));
        yield return Case(
            "An account without a row is still reached by its own choices",
            new World { Items = [Anns], Choices = [Said(Objection, Ann, Day(12))] }, Objections,
            Out(Anns, Reason.Objected, "objection"));
    }

    private static IEnumerable<LawCase> Scopes()
    {
        yield return Case(
            "A scope of one service leaves the others alone", Both(Said(Objection, Ann, Day(12), "service:instagram")),
            Objections, In(Anns), Out(Photo, Reason.Objected, "objection"));
        yield return Case(
            "A scope of one item leaves the others alone", One(Said(Objection, Ann, Day(12), "item:facebook:9")),
            Objections, In(Anns));
        yield return Case(
            "A scope covers what any of its parts covers",
            Both(Said(Objection, Ann, Day(12), "item:facebook:1;service:instagram")), Objections,
            Out(Anns, Reason.Objected, "objection"), Out(Photo, Reason.Objected, "objection"));
        yield return Case(
            "An item of the same id on another service is another item",
            Both(Said(Objection, Ann, Day(12), "item:instagram:1")), Objections, In(Anns), In(Photo));
        yield return Case("An objection about somebody else's item is not a removal", new World
        {
            Items = [Anns],
            Accounts = [Known(Ann), Known(Bob)],
            Choices = [Said(Objection, Bob, Day(12), "item:facebook:1")],
        }, Objections, In(Anns));
        yield return Case(
            "An objection to content about me says nothing of my own", One(Said(Objection, Ann, Day(12), "about-me")),
            Objections, In(Anns));
        yield return Case(
            "A later narrow lifting opens its item and no other",
            Both(Said(Objection, Ann, Day(12)), Said(Objection, AnnPhotos, Day(12)), Said(
                ObjectionLifted, AnnPhotos, Day(13), "item:instagram:2")),
            Objections, Out(Anns, Reason.Objected, "objection"), In(Photo));
        yield return Case(
            "A later wide refusal closes a narrow consent",
            One(Said(Consent, Ann, Day(12), "item:facebook:1"), Said(Refusal, Ann, Day(13))), Consents,
            Out(Anns, Reason.Refused, "consent"));
        yield return Case(
            "A later narrow consent opens its item after a wide refusal",
            One(Said(Refusal, Ann, Day(12)), Said(Consent, Ann, Day(13), "item:facebook:1")), Consents, In(Anns));
        yield return Case(
            "A permissive statement names services of its own account only",
            Both(Said(Consent, Ann, Day(12), "service:instagram")), Consents, Out(Anns, Reason.NoConsent, "consent"),
            Out(Photo, Reason.NoConsent, "consent"));
    }

    private static IEnumerable<LawCase> Time()
    {
        yield return Case(
            "A choice that is received at T counts", One(Said(Objection, Ann, T)), Objections,
            Out(Anns, Reason.Objected, "objection"));
        yield return Case(
            "A choice that is received after T does not count yet",
            One(Said(Objection, Ann, Day(12)) with { ReceivedAt = T.AddMicroseconds(1) }), Objections, In(Anns));
        yield return Case(
            "A choice that is made after T does not count yet",
            One(Said(Objection, Ann, T.AddMicroseconds(1)) with { ReceivedAt = Day(12) }), Objections, In(Anns));
        yield return Case(
            "A choice that is received before it is made counts from when it is made",
            One(Said(Objection, Ann, Day(19)) with { ReceivedAt = Day(18) }), Objections,
            Out(Anns, Reason.Objected, "objection"));
        yield return Case(
            "A choice beyond the honoured ledger size does not count",
            One(Said(Consent, Ann, Day(12)), Said(Withdrawal, Ann, Day(13))), Consents, In(Anns))
            .AtLedgerSize(1);
        yield return Case(
            "At ledger size 0 nobody has said anything", One(Said(Consent, Ann, Day(12))), Consents,
            Out(Anns, Reason.NoConsent, "consent"))
            .AtLedgerSize(0);
        yield return Case(
            "The order of arrival decides nothing",
            One(Said(ObjectionLifted, Ann, Day(13)), Said(Objection, Ann, Day(12)) with { ReceivedAt = Day(19) }),
            Objections, In(Anns));
        yield return Case(
            "A choice for another purpose says nothing here", One(Said(Objection, Ann, Day(12)).ForCombining()),
            Objections, In(Anns));
    }

    private static IEnumerable<LawCase> Objecting()
    {
        var announced = Under(new Rule.Objection("announced", Day(12)));
        yield return Case(
            "An objection reaches past and future content alike", One(Said(Objection, Ann, Day(19))), Objections,
            Out(Anns, Reason.Objected, "objection"));
        yield return Case(
            "An objection and its lifting at one instant: the objection holds",
            One(Said(ObjectionLifted, Ann, Day(12)), Said(Objection, Ann, Day(12))), Objections,
            Out(Anns, Reason.Objected, "objection"));
        yield return Case(
            "A later consent alone does not void an objection",
            One(Said(Objection, Ann, Day(12)), Said(Consent, Ann, Day(13))), Objections,
            Out(Anns, Reason.Objected, "objection"));
        yield return Case(
            "Announced: an objection before the cut-off reaches what was there", One(Said(Objection, Ann, Day(11))),
            announced, Out(Anns, Reason.Objected, "objection"));
        yield return Case(
            "Announced: an objection at the cut-off no longer reaches what was there",
            One(Said(Objection, Ann, Day(12))), announced, In(Anns));
        yield return Case(
            "Announced: a late objection excludes what is written at its very instant",
            new World { Items = [Anns with { CreatedAt = Day(12) }], Choices = [Said(Objection, Ann, Day(12))] },
            announced, Out(Anns, Reason.Objected, "objection"));
        yield return Case(
            "Announced: a late objection excludes what has no date",
            new World { Items = [Anns with { CreatedAt = null }], Choices = [Said(Objection, Ann, Day(12))] },
            announced, Out(Anns, Reason.Objected, "objection"));
        yield return Case("Announced: a date after T is no date", new World
        {
            Items = [Anns with { CreatedAt = T.AddMicroseconds(1) }],
            Choices = [Said(Objection, Ann, Day(12))],
        }, announced, Out(Anns, Reason.Objected, "objection"));
        yield return Case(
            "Announced: repeating an early objection does not make it late",
            One(Said(Objection, Ann, Day(11)), Said(Objection, Ann, Day(15))), announced,
            Out(Anns, Reason.Objected, "objection"));
        yield return Case(
            "Announced: an early objection that was lifted does not make a later one early",
            One(Said(Objection, Ann, Day(10)), Said(ObjectionLifted, Ann, Day(11)), Said(Objection, Ann, Day(15))),
            announced, In(Anns));
        yield return Case(
            "Announced: an objection at the instant of the lifting still counts as made then",
            One(Said(ObjectionLifted, Ann, Day(11)), Said(Objection, Ann, Day(11)), Said(Objection, Ann, Day(15))),
            announced, Out(Anns, Reason.Objected, "objection"));
    }

    private static IEnumerable<LawCase> Consenting()
    {
        var withdrawals = Under(new Rule.Withdrawal("GDPR 7(3)"));
        yield return Case("Without consent there is none", One(), Consents, Out(Anns, Reason.NoConsent, "consent"));
        yield return Case("Consent admits", One(Said(Consent, Ann, Day(12))), Consents, In(Anns));
        yield return Case(
            "A refusal counts as a withdrawal", One(Said(Consent, Ann, Day(12)), Said(Refusal, Ann, Day(13))), Consents,
            Out(Anns, Reason.Refused, "consent"));
        yield return Case(
            "A new consent after a withdrawal holds", One(Said(Withdrawal, Ann, Day(12)), Said(Consent, Ann, Day(13))),
            Consents, In(Anns));
        yield return Case(
            "A consent that ends at T has ended", One(Said(Consent, Ann, Day(12), until: T)), Consents,
            Out(Anns, Reason.ConsentExpired, "consent"));
        yield return Case(
            "A consent that ends just after T holds", One(Said(Consent, Ann, Day(12), until: T.AddMicroseconds(1))),
            Consents, In(Anns));
        yield return Case(
            "An expired consent is none although an older one has not ended",
            One(Said(Consent, Ann, Day(12)), Said(Consent, Ann, Day(13), until: Day(14))), Consents,
            Out(Anns, Reason.ConsentExpired, "consent"));
        yield return Case("Of two consents at one instant the one that ends first decides", One(
            Said(Consent, Ann, Day(12)),
            Said(Consent, Ann, Day(12), until: Day(14)),
            Said(Consent, Ann, Day(12), until: Day(25))), Consents, Out(Anns, Reason.ConsentExpired, "consent"));
        yield return Case(
            "Consent, refusal and withdrawal at one instant: the withdrawal decides",
            One(Said(Consent, Ann, Day(12)), Said(Refusal, Ann, Day(12)), Said(Withdrawal, Ann, Day(12))), Consents,
            Out(Anns, Reason.ConsentWithdrawn, "consent"));
        yield return Case(
            "Consent and refusal at one instant: the refusal decides",
            One(Said(Refusal, Ann, Day(12)), Said(Consent, Ann, Day(12))), Consents,
            Out(Anns, Reason.Refused, "consent"));
        yield return Case("The withdrawal rule excludes nobody who never said anything", One(), withdrawals, In(Anns));
        yield return Case(
            "The withdrawal rule tells a withdrawal", One(Said(Withdrawal, Ann, Day(12))), withdrawals,
            Out(Anns, Reason.ConsentWithdrawn, "withdrawal"));
        yield return Case(
            "The withdrawal rule tells a refusal", One(Said(Refusal, Ann, Day(12))), withdrawals,
            Out(Anns, Reason.Refused, "withdrawal"));
        yield return Case(
            "Both rules match a withdrawal, the first gives the reason", One(Said(Withdrawal, Ann, Day(12))),
            Under(new Rule.Consent(null), new Rule.Withdrawal(null)),
            Out(Anns, Reason.ConsentWithdrawn, "consent", "withdrawal"));
    }

    private static IEnumerable<LawCase> Erasing()
    {
        yield return Case(
            "An erasure takes what was created at its very instant", One(Said(Erasure, Ann, Day(10))), Erasures,
            Out(Anns, Reason.Erased, "erasure"));
        yield return Case(
            "An erasure leaves what was created later", One(Said(Erasure, Ann, Day(10).AddMicroseconds(-1))), Erasures,
            In(Anns));
        yield return Case(
            "An erasure takes what has no date",
            new World { Items = [Anns with { CreatedAt = null }], Choices = [Said(Erasure, Ann, Day(2))] }, Erasures,
            Out(Anns, Reason.Erased, "erasure"));
        yield return Case(
            "An erasure takes what bears a date after T, for that is no date",
            new World { Items = [Anns with { CreatedAt = Day(21) }], Choices = [Said(Erasure, Ann, Day(2))] }, Erasures,
            Out(Anns, Reason.Erased, "erasure"));
        yield return Case(
            "An erasure holds for linked accounts", Both(Said(Erasure, Ann, Day(12))), Erasures,
            Out(Anns, Reason.Erased, "erasure"), Out(Photo, Reason.Erased, "erasure"));
        yield return Case("Nothing said later undoes an erasure", One(
            Said(Erasure, Ann, Day(12)), Said(ObjectionLifted, Ann, Day(13)), Said(RestrictionLifted, Ann, Day(13)),
            Said(Consent, Ann, Day(13))), Erasures, Out(Anns, Reason.Erased, "erasure"));
        yield return Case(
            "An erasure holds whatever its purpose", One(Said(Erasure, Ann, Day(12)).ForCombining()), Erasures,
            Out(Anns, Reason.Erased, "erasure"));
        yield return Case(
            "Any erasure is enough, not only the last",
            One(Said(Erasure, Ann, Day(12)), Said(Erasure, Ann, Day(13), "item:facebook:9")), Erasures,
            Out(Anns, Reason.Erased, "erasure"));
        var back = Anns with { CreatedAt = Day(14), ObservedAt = Day(15) };
        World Versions(params IReadOnlyList<ItemVersion> versions) =>
            new() { Items = versions, Choices = [Said(Erasure, Ann, Day(12))] };
        var bobs = back with { Author = new Account("facebook", "bob") };
        yield return Case(
            "What an erasure took stays out under a later date", Versions(Anns, back), Erasures,
            Out(back, Reason.Erased, "erasure"));
        yield return Case(
            "What an erasure took stays out as somebody else's", Versions(Anns, bobs), Erasures,
            Out(bobs, Reason.Erased, "erasure"));
        World Taken(params IReadOnlyList<Choice> choices) => new() { Items = [Anns, bobs], Choices = choices };
        yield return Case(
            "An objection of whoever was named as the author before keeps it out", Taken(Said(Objection, Ann, Day(12))),
            Objections,
            Out(bobs, Reason.Objected, "objection"));
        yield return Case(
            "An objection of whoever was named before is lifted by nobody else",
            Taken(Said(Objection, Ann, Day(12)), Said(ObjectionLifted, bobs.Author, Day(13))), Objections,
            Out(bobs, Reason.Objected, "objection"));
        yield return Case(
            "An objection of whoever was named before ends when it is lifted",
            Taken(Said(Objection, Ann, Day(12)), Said(ObjectionLifted, Ann, Day(13))), Objections, In(bobs));
        yield return Case(
            "What an erasure took for want of a date stays out with one",
            Versions(Anns with { CreatedAt = null, ObservedAt = Day(13) }, back), Erasures,
            Out(back, Reason.Erased, "erasure"));
        yield return Case(
            "What was seen before an erasure was there", Versions(back with { ObservedAt = Day(12) }), Erasures,
            Out(back, Reason.Erased, "erasure"));
        yield return Case(
            "That something was gone says nothing of when it was written",
            Versions(back with { CreatedAt = null, Deleted = true, ObservedAt = Day(13) }, back), Erasures, In(back));
    }

    private static IEnumerable<LawCase> Restricting()
    {
        yield return Case(
            "A restriction holds for linked accounts", Both(Said(Restriction, Ann, Day(12))), Restrictions,
            Out(Anns, Reason.Restricted, "restriction"), Out(Photo, Reason.Restricted, "restriction"));
        yield return Case(
            "Lifting a restriction helps only its account",
            Both(Said(Restriction, Ann, Day(12)), Said(RestrictionLifted, Ann, Day(13))), Restrictions, In(Anns),
            Out(Photo, Reason.Restricted, "restriction"));
        yield return Case(
            "A restriction and its lifting at one instant: the restriction holds",
            One(Said(RestrictionLifted, Ann, Day(12)), Said(Restriction, Ann, Day(12))), Restrictions,
            Out(Anns, Reason.Restricted, "restriction"));
    }

    private static IEnumerable<LawCase> Removing()
    {
        yield return Case(
            "Anyone's removal excludes the item it names",
            new World { Items = [Anns, Post("9", Ann)], Choices = [Said(Removal, Passer, Day(12), "item:facebook:1")] },
            Removals, Out(Anns, Reason.RemovalRequested, "removal"), In(Post("9", Ann)));
        yield return Case(
            "A removal holds whatever its purpose", One(Said(Removal, Bob, Day(12), "item:facebook:1").ForCombining()),
            Removals, Out(Anns, Reason.RemovalRequested, "removal"));
        yield return Case(
            "A removal received after T does not count yet",
            One(Said(Removal, Bob, Day(12), "item:facebook:1") with { ReceivedAt = Day(21) }), Removals, In(Anns));
        yield return Case(
            "A removal of an item does not touch the same id elsewhere",
            One(Said(Removal, Bob, Day(12), "item:instagram:1")), Removals, In(Anns));
    }
}
