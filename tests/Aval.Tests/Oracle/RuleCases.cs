using Aval.Choices;
using Aval.Policies;
using static Aval.Tests.Oracles.Cast;

namespace Aval.Tests.Oracles;

/// <summary>docs/design.md, "Policy", rule by rule, and which version of an item is the item.</summary>
public static class RuleCases
{
    private static readonly Policy Nothing = Under();
    private static readonly ItemVersion Anns = Post("1", Ann);

    public static IReadOnlyList<LawCase> All { get; } =
        [.. Versions(), .. BuiltIn(), .. Order(), .. Admitting(), .. Ages(), .. Notices(), .. Combining(), .. Places(),
        .. Revealing(), .. Drawing(),
    ];

    private static World One(ItemVersion item) => new() { Items = [item], Accounts = [Known(Ann)] };

    private static IEnumerable<LawCase> Versions()
    {
        var publicOnly = Under(new Rule.Audience(null, ["public"]));
        yield return Case(
            "The version observed last is the item",
            new World { Items = [Anns with { Audience = "friends", ObservedAt = Day(12) }, Anns] }, publicOnly,
            Out(Anns, Reason.NotPublic, "audience"));
        yield return Case(
            "A version observed after T is not the item yet",
            new World { Items = [Anns, Anns with { Audience = "friends", ObservedAt = Day(21) }] }, publicOnly,
            In(Anns));
        yield return Case(
            "A version observed at T is the item",
            new World { Items = [Anns, Anns with { Audience = "friends", ObservedAt = T }] }, publicOnly,
            Out(Anns, Reason.NotPublic, "audience"));
        yield return Case(
            "An item first observed after T is not there", new World { Items = [Anns with { ObservedAt = Day(21) }] },
            Nothing);
        yield return Case("What is observed again counts from then", new World
        {
            Items =
                [Anns, Anns with { Audience = "friends", ObservedAt = Day(12) }, Anns with { ObservedAt = Day(13) }],
        }, publicOnly, In(Anns));
        yield return Case(
            "At one instant a deletion wins",
            new World { Items = [Anns with { Deleted = true }, Anns with { Audience = "friends" }, Anns] }, Nothing,
            Out(Anns, Reason.DeletedAtSource, "deleted-at-source"));
        yield return Case(
            "At one instant what is not public wins", new World { Items = [Anns, Anns with { Audience = "friends" }] },
            publicOnly, Out(Anns, Reason.NotPublic, "audience"));
        yield return Case(
            "At one instant an unknown audience wins over a public one",
            new World { Items = [Anns with { Audience = null }, Anns] }, publicOnly,
            Out(Anns, Reason.AudienceUnknown, "audience"));
        yield return Case(
            "An item is restored by a later version",
            new World { Items = [Anns with { Deleted = true }, Anns with { ObservedAt = Day(12) }] }, Nothing,
            In(Anns));
        yield return Case(
            "Who permits is the author of the version that counts",
            new World
            {
                Items = [Anns, Anns with { Author = Bob, ObservedAt = Day(12) }],
                Choices = [Said(ChoiceKind.Consent, Ann, Day(13))],
            },
            Under(new Rule.Consent(null)),
            Out(Anns with { Author = Bob }, Reason.NoConsent, "consent"));
    }

    private static IEnumerable<LawCase> BuiltIn()
    {
        yield return Case("An empty policy admits what has something in it", One(Anns), Nothing, In(Anns));
        yield return Case(
            "What has no text and no media is empty", One(Anns with { Text = null }), Nothing,
            Out(Anns, Reason.Empty, "empty"));
        yield return Case(
            "White space of any script is empty", One(Anns with { Text = "\t\u00A0\u2003\u3000\u0085" }), Nothing,
            Out(Anns, Reason.Empty, "empty"));
        yield return Case(
            "A zero-width space is not white space", One(Anns with { Text = "\u200B" }), Nothing, In(Anns));
        yield return Case(
            "A separator of information is not white space either", One(Anns with { Text = "\u001F" }), Nothing,
            In(Anns));
        yield return Case(
            "A picture without words is not empty", One(Anns with { Text = " ", HasMedia = true }), Nothing, In(Anns));
        yield return Case(
            "Deletion comes before every rule and emptiness after", One(Anns with { Deleted = true, Text = null }),
            Under(new Rule.Informed(null)),
            Out(Anns, Reason.DeletedAtSource, "deleted-at-source", "informed", "empty"));
        yield return Case(
            "A rule gives the reason before emptiness does", One(Anns with { Text = "" }),
            Under(new Rule.Informed(null)), Out(Anns, Reason.NotInformed, "informed", "empty"));
    }

    private static IEnumerable<LawCase> Order()
    {
        var world = One(Anns with { Kind = "reply", Audience = "group" });
        Rule kinds = new Rule.Kinds(null, ["post"]), audience = new Rule.Audience(null, ["public"]);
        yield return Case(
            "The first rule that excludes gives the reason", world, Under(kinds, audience),
            Out(Anns, Reason.KindNotAdmitted, "kinds", "audience"));
        yield return Case(
            "The policy's order is the order", world, Under(audience, kinds),
            Out(Anns, Reason.NotPublic, "audience", "kinds"));
        yield return Case(
            "A rule that is off excludes nothing", world,
            Under(new Rule.Off("kinds", null, "the case says so"), audience), Out(Anns, Reason.NotPublic, "audience"));
    }

    private static IEnumerable<LawCase> Admitting()
    {
        yield return Case(
            "A service that is not admitted is out", One(Anns), Under(new Rule.Services(null, ["instagram"])),
            Out(Anns, Reason.ServiceNotAdmitted, "services"));
        yield return Case(
            "A service that is admitted is in", One(Anns), Under(new Rule.Services(null, ["instagram", "facebook"])),
            In(Anns));
        yield return Case(
            "A kind that is not admitted is out", One(Anns with { Kind = "ai-interaction" }),
            Under(new Rule.Kinds(null, ["post"])), Out(Anns, Reason.KindNotAdmitted, "kinds"));
        yield return Case(
            "An audience that is not admitted is out", One(Anns with { Audience = "assistant" }),
            Under(new Rule.Audience(null, ["public"])), Out(Anns, Reason.NotPublic, "audience"));
        yield return Case(
            "What was said to the assistant is in where that is admitted", One(Anns with { Audience = "assistant" }),
            Under(new Rule.Audience(null, ["public", "assistant"])), In(Anns));
        yield return Case(
            "An unknown audience is never public", One(Anns with { Audience = null }),
            Under(new Rule.Audience(null, ["public"])), Out(Anns, Reason.AudienceUnknown, "audience"));
        yield return Case(
            "An audience stated as unknown is unknown", One(Anns with { Audience = "unknown" }),
            Under(new Rule.Audience(null, ["public"])), Out(Anns, Reason.AudienceUnknown, "audience"));
        yield return Case(
            "What became public at the cut-off is in", One(Anns with { PublicSince = Day(10) }),
            Under(new Rule.PublicSince(null, Day(10))), In(Anns));
        yield return Case(
            "What became public before the cut-off is out",
            One(Anns with { PublicSince = Day(10).AddMicroseconds(-1) }), Under(new Rule.PublicSince(null, Day(10))),
            Out(Anns, Reason.PublicBeforeCutoff, "public-since"));
        yield return Case(
            "What became public nobody knows when is out", One(Anns with { PublicSince = null }),
            Under(new Rule.PublicSince(null, Day(10))), Out(Anns, Reason.PublicBeforeCutoff, "public-since"));
    }

    private static IEnumerable<LawCase> Ages()
    {
        // Born in 2006, taken as 31 December of it: adult from 31 December 2024, 00:00 UTC.
        var adult = At("2024-12-31T00:00:00Z");
        World Born(int? year, DateTimeOffset? created) => new()
        {
            Items = [Anns with { CreatedAt = created, ObservedAt = At("2024-12-01T00:00:00Z") }],
            Accounts = [Known(Ann) with { BirthYear = year, ObservedAt = At("2024-12-01T00:00:00Z") }],
        };
        Policy both = Under(new Rule.Age(null, 18, true, true)), written =
            Under(new Rule.Age(null, 18, true, false)), build = Under(new Rule.Age(null, 18, false, true));
        var childhood = At("2019-06-01T00:00:00Z");
        yield return Case(
            "Childhood posts do not grow up", Born(2006, childhood), both, Out(Anns, Reason.Minor, "age"));
        yield return Case(
            "At the build alone the author's age then is of no account", Born(2006, childhood), build, In(Anns));
        yield return Case("Adult from the very instant: at the build", Born(2006, childhood), build, In(Anns))
            .AsOf(adult);
        yield return Case(
            "A minor until that instant: at the build", Born(2006, childhood), build, Out(Anns, Reason.Minor, "age"))
            .AsOf(adult.AddMicroseconds(-1));
        yield return Case("Adult from the very instant: when written", Born(2006, adult), written, In(Anns));
        yield return Case(
            "A minor until that instant: when written", Born(2006, adult.AddMicroseconds(-1)), written,
            Out(Anns, Reason.Minor, "age"));
        yield return Case(
            "An unknown birth year is unknown age", Born(null, Day(10)), both, Out(Anns, Reason.AgeUnknown, "age"));
        yield return Case(
            "An author without a row is of unknown age", new World { Items = [Anns] }, build,
            Out(Anns, Reason.AgeUnknown, "age"));
        yield return Case(
            "A post without a date is of unknown age when written", Born(1980, null), written,
            Out(Anns, Reason.AgeUnknown, "age"));
        yield return Case(
            "A post without a date needs none for the age at the build", Born(1980, null), build, In(Anns));
        yield return Case(
            "A post dated after T has no date", Born(1980, T.AddMicroseconds(1)), written,
            Out(Anns, Reason.AgeUnknown, "age"));
        yield return Case(
            "A minor is a minor although the post has no date", Born(2010, null), both, Out(Anns, Reason.Minor, "age"));
        yield return Case("The birth year observed last by T counts", new World
        {
            Items = [Anns],
            Accounts = [
                Known(Ann) with { BirthYear = 2010, ObservedAt = Day(2) },
                Known(Ann),
                Known(Ann) with { ObservedAt = Day(21) },
            ],
        }, build, Out(Anns, Reason.Minor, "age"));
        yield return Case("A linked account's age is not this account's", new World
        {
            Items = [Anns],
            Accounts = [Known(Ann, "ann") with { BirthYear = null }, Known(AnnPhotos, "ann")],
        }, build, Out(Anns, Reason.AgeUnknown, "age"));
    }

    private static IEnumerable<LawCase> Notices()
    {
        Policy informed = Under(new Rule.Informed(null)), waiting = Under(new Rule.WaitingPeriod(null, 5));
        World Delivered(params DateTimeOffset?[] delivered) =>
            new() { Items = [Anns], Accounts = [Known(Ann)], Notices = [.. delivered.Select(at => Notice(Ann, at))] };
        yield return Case("A delivered notice informs", Delivered(Day(12)), informed, In(Anns));
        yield return Case(
            "A notice that was sent and never delivered informs nobody", Delivered((DateTimeOffset?)null), informed,
            Out(Anns, Reason.NotInformed, "informed"));
        yield return Case(
            "A notice delivered after T has not informed yet", Delivered(T.AddMicroseconds(1)), informed,
            Out(Anns, Reason.NotInformed, "informed"));
        yield return Case("A notice to a linked account does not inform this one", new World
        {
            Items = [Anns],
            Accounts = [Known(Ann, "ann"), Known(AnnPhotos, "ann")],
            Notices = [Notice(AnnPhotos, Day(12))],
        }, informed, Out(Anns, Reason.NotInformed, "informed"));
        yield return Case(
            "Whom a notice reached is informed although no row tells of the account",
            new World { Items = [Anns], Notices = [Notice(Ann, Day(12))] }, informed, In(Anns));
        yield return Case("The waiting period has passed at its last instant", Delivered(Day(15)), waiting, In(Anns));
        yield return Case(
            "The waiting period has not passed just before", Delivered(Day(15).AddMicroseconds(1)), waiting,
            Out(Anns, Reason.WaitingPeriod, "waiting-period"));
        yield return Case(
            "The waiting period runs from the first delivery", Delivered(Day(19), Day(12), null), waiting, In(Anns));
        yield return Case(
            "Without delivery the waiting period never passes", Delivered(), waiting,
            Out(Anns, Reason.WaitingPeriod, "waiting-period"));
    }

    private static IEnumerable<LawCase> Combining()
    {
        var photo = Post("2", AnnPhotos);
        Rule strict = new Rule.CombineServices("DMA 5(2)(b)", CombineReading.Strict, "facebook");
        World Of(params IReadOnlyList<Choice> choices) =>
            new() { Items = [Anns, photo], Accounts = [Known(Ann, "ann"), Known(AnnPhotos, "ann")], Choices = choices };
        var agreed = Said(ChoiceKind.Consent, AnnPhotos, Day(12)).ForCombining();
        var combined = Out(photo, Reason.ServicesCombined, "combine-services");
        yield return Case(
            "Strict: without consent to combination only the primary service enters", Of(), Under(strict), In(Anns),
            combined);
        yield return Case(
            "Strict: consent to combination opens the other service", Of(agreed), Under(strict), In(Anns), In(photo));
        yield return Case(
            "Strict: consent to training is not consent to combination",
            Of(Said(ChoiceKind.Consent, AnnPhotos, Day(12))), Under(strict), In(Anns), combined);
        yield return Case(
            "Strict: a linked account's consent does not help",
            Of(Said(ChoiceKind.Consent, Ann, Day(12)).ForCombining()), Under(strict), In(Anns), combined);
        yield return Case(
            "Strict: a linked account's withdrawal ends it",
            Of(agreed, Said(ChoiceKind.Withdrawal, Ann, Day(13)).ForCombining()), Under(strict), In(Anns), combined);
        var opposed = Said(ChoiceKind.Objection, AnnPhotos, Day(13)).ForCombining();
        yield return Case(
            "Strict: an objection to combination stops it", Of(agreed, opposed), Under(strict), In(Anns), combined);
        yield return Case(
            "Strict: an objection to training says nothing of combination",
            Of(agreed, Said(ChoiceKind.Objection, AnnPhotos, Day(13))), Under(strict), In(Anns), In(photo));
        yield return Case(
            "Strict: a linked account's objection to combination stops it",
            Of(agreed, Said(ChoiceKind.Objection, Ann, Day(13)).ForCombining()), Under(strict), In(Anns), combined);
        yield return Case(
            "Strict: a later consent does not void an objection to combination",
            Of(opposed, agreed with { MadeAt = Day(14), ReceivedAt = Day(14) }), Under(strict), In(Anns), combined);
        yield return Case(
            "Strict: an objection to combination holds until it is lifted",
            Of(agreed, opposed, Said(ChoiceKind.ObjectionLifted, AnnPhotos, Day(14)).ForCombining()), Under(strict),
            In(Anns), In(photo));
        yield return Case(
            "Strict: an objection to combination and its lifting at one instant: the objection holds",
            Of(agreed, opposed, Said(ChoiceKind.ObjectionLifted, AnnPhotos, Day(13)).ForCombining()), Under(strict),
            In(Anns), combined);
        yield return Case(
            "Strict: an expired consent is none", Of(agreed with { Until = T }), Under(strict), In(Anns), combined);
        yield return Case(
            "Strict: the consent must cover the item",
            Of(agreed with { Scope = Scope.Of(new ScopePart.OneItem(new Item("instagram", "9"))) }), Under(strict),
            In(Anns), combined);
        yield return Case(
            "Strict: a release of one service mixes nothing", Of(),
            Under(strict, new Rule.Services(null, ["instagram"])), Out(Anns, Reason.ServiceNotAdmitted, "services"),
            In(photo));
        yield return Case(
            "Strict: a services rule that is off admits every service", Of(),
            Under(strict, new Rule.Off("services", null, "the case says so")), In(Anns), combined);
        yield return Case(
            "Strict: two admitted services are mixed", Of(),
            Under(new Rule.Services(null, ["instagram", "facebook"]), strict), In(Anns), combined);
        yield return Case(
            "Same person: mixing is allowed", Of(),
            Under(new Rule.CombineServices(null, CombineReading.SamePerson, null)), In(Anns), In(photo));
    }

    private static IEnumerable<LawCase> Revealing()
    {
        var ill = Anns with { Text = Worlds.Revealing };
        Rule exclude = new Rule.SpecialCategories("GDPR 9", RevealingAction.Exclude, new(5, 10), SpecialCategories.All);
        Rule keep = new Rule.SpecialCategories(
            "GDPR 9(2)(a)", RevealingAction.KeepWithExplicitConsent, new(5, 10), SpecialCategories.All);
        World Of(params IReadOnlyList<Choice> choices) =>
            new() { Items = [ill], Accounts = [Known(Ann, "ann"), Known(AnnPhotos, "ann")], Choices = choices };
        var agreed = Said(ChoiceKind.Consent, Ann, Day(12)).ForRevealing();
        var revealed = Out(ill, Reason.SpecialCategory, "special-categories");
        yield return Case("What reveals special categories is out", Of(), Under(exclude), revealed);
        yield return Case("What reveals nothing is in", One(Anns), Under(exclude), In(Anns));
        yield return Case(
            "A policy may ask for more confidence", Of(),
            Under(new Rule.SpecialCategories(null, RevealingAction.Exclude, new(51, 100), SpecialCategories.All)),
            In(ill));
        yield return Case(
            "A policy may ask for some categories alone", Of(),
            Under(new Rule.SpecialCategories(null, RevealingAction.Exclude, new(5, 10), [SpecialCategory.Religion])),
            In(ill));
        yield return Case(
            "Explicit consent changes nothing where all that reveals is excluded", Of(agreed), Under(exclude),
            revealed);
        yield return Case("Without explicit consent it is out", Of(), Under(keep), revealed);
        yield return Case("With explicit consent it is in", Of(agreed), Under(keep), In(ill));
        yield return Case(
            "Consent to training is no explicit consent", Of(Said(ChoiceKind.Consent, Ann, Day(12))), Under(keep),
            revealed);
        yield return Case(
            "A linked account's explicit consent does not help",
            Of(Said(ChoiceKind.Consent, AnnPhotos, Day(12)).ForRevealing()), Under(keep), revealed);
        yield return Case(
            "A linked account's withdrawal ends explicit consent",
            Of(agreed, Said(ChoiceKind.Withdrawal, AnnPhotos, Day(13)).ForRevealing()), Under(keep), revealed);
        yield return Case(
            "An objection to such use holds against explicit consent",
            Of(Said(ChoiceKind.Objection, Ann, Day(11)).ForRevealing(), agreed), Under(keep), revealed);
        yield return Case(
            "Explicit consent that has ended is none", Of(agreed with { Until = T }), Under(keep), revealed);
        yield return Case(
            "Explicit consent must cover the item",
            Of(agreed with { Scope = Scope.Of(new ScopePart.OneItem(new Item("facebook", "9"))) }), Under(keep),
            revealed);
    }

    private static IEnumerable<LawCase> Places()
    {
        var europe = Under(new Rule.Residence(null, ["DE", "FR"]));
        World Living(string? country) => new() { Items = [Anns], Accounts = [Known(Ann) with { Country = country }] };
        yield return Case("Who lives where the corpus is about is in", Living("FR"), europe, In(Anns));
        yield return Case(
            "Who lives elsewhere is out", Living("US"), europe, Out(Anns, Reason.OutsideScope, "residence"));
        yield return Case(
            "Unknown residence is never inside", Living(null), europe, Out(Anns, Reason.ResidenceUnknown, "residence"));
        yield return Case(
            "An author without a row lives nobody knows where", new World { Items = [Anns] }, europe,
            Out(Anns, Reason.ResidenceUnknown, "residence"));
        yield return Case("The residence observed last by T counts", new World
        {
            Items = [Anns],
            Accounts = [
                Known(Ann),
                Known(Ann) with { Country = "US", ObservedAt = Day(2) },
                Known(Ann) with { ObservedAt = Day(21) },
            ],
        }, europe, Out(Anns, Reason.OutsideScope, "residence"));
    }

    private static IEnumerable<LawCase> Drawing()
    {
        var (anns, bobs) = (Draw.OneHalf("facebook:ann", "facebook:bob"), Draw.OneHalf("facebook:bob", "facebook:ann"));
        var both = new World { Items = [Anns, Post("2", Bob)], Accounts = [Known(Ann), Known(Bob)] };
        yield return Case(
            "What others than those who are drawn wrote is out", both, Under(anns), In(Anns),
            Out(Post("2", Bob), Reason.NotDrawn, "share"));
        yield return Case(
            "Another seed draws others", both, Under(bobs), Out(Anns, Reason.NotDrawn, "share"), In(Post("2", Bob)));
        yield return Case(
            "An author whom no row tells of is drawn like anybody", both with { Accounts = [] }, Under(anns), In(Anns),
            Out(Post("2", Bob), Reason.NotDrawn, "share"));
        yield return Case("Linked accounts are drawn together, as the least of them", new World
        {
            Items = [Anns, Post("2", AnnPhotos)],
            Accounts = [Known(Ann, "p"), Known(AnnPhotos, "p")],
        }, Under(Draw.OneHalf("facebook:ann", "instagram:ann.photos")), In(Anns), In(Post("2", AnnPhotos)));
        yield return Case(
            "A link value that one account bears alone makes nobody somebody else",
            One(Anns) with { Accounts = [Known(Ann, "a")] }, Under(Draw.OneHalf("facebook:ann", "a")), In(Anns));
        yield return Case(
            "A share is asked last, wherever it stands",
            new World { Items = [Anns with { Text = " " }], Accounts = [Known(Ann)] },
            Under(bobs, new Rule.Kinds(null, ["comment"])),
            Out(Anns with { Text = " " }, Reason.KindNotAdmitted, "kinds", "empty", "share"));
    }
}
