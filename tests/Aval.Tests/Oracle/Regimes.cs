using Aval.Content;
using Aval.Policies;
using CsCheck;

namespace Aval.Tests.Oracles;

/// <summary>Policies with any of the rules, each on, off or absent, in any order.</summary>
public static class Regimes
{
    private static readonly Gen<Rule> Objection = Gen.Nullable(Worlds.Within(3, 5), 0.4)
        .Select(from => (Rule)new Rule.Objection("GDPR 21", from));

    private static readonly Gen<Rule> Services = Some("facebook", "instagram", "whatsapp")
        .Select(admit => (Rule)new Rule.Services(null, admit));

    private static readonly Gen<Rule> Kinds = Some([.. Vocabulary.Kinds])
        .Select(admit => (Rule)new Rule.Kinds(null, admit));

    // Unknown never means allowed: the policy reader admits no "unknown".
    private static readonly Gen<Rule> Audience = Some(
        [.. Vocabulary.Audiences.Where(audience => audience != "unknown")])
        .Select(admit => (Rule)new Rule.Audience(null, admit));

    private static readonly Gen<Rule> Age = Gen.Select(
        Gen.OneOf(16, 18, 19),
        Gen.OneOf((true, true), (true, false), (false, true)),
        (atLeast, when) => (Rule)new Rule.Age(null, atLeast, WhenWritten: when.Item1, AtBuild: when.Item2));

    private static readonly Gen<Rule> WaitingPeriod = Gen.Int[1, 4].Select(
        days => (Rule)new Rule.WaitingPeriod(null, days));

    private static readonly Gen<Rule> CombineServices = Gen.Frequency<Rule>(
        (3, Gen.OneOf("facebook", "instagram")
            .Select(primary => (Rule)new Rule.CombineServices(null, CombineReading.Strict, primary))),
        (1, Gen.Const<Rule>(new Rule.CombineServices(null, CombineReading.SamePerson, null))));

    private static readonly Gen<Rule> Residence = Some("FR", "DE")
        .Select(admit => (Rule)new Rule.Residence(null, admit));

    private static readonly Gen<Rule> PublicSince = Worlds.Within(0, 9)
        .Select(from => (Rule)new Rule.PublicSince(null, from));

    private static readonly Gen<Rule> Special = Gen.Select(
        Gen.OneOf(RevealingAction.Exclude, RevealingAction.KeepWithExplicitConsent),
        // Mostly so that what reveals is found: what follows from it is seen in no other policy.
        Gen.Frequency((3, new Ratio(5, 10)), (1, new Ratio(51, 100))),
        Gen.Frequency<IReadOnlyList<SpecialCategory>>(
            (3, Gen.Const(SpecialCategories.All)),
            (1, Gen.Const<IReadOnlyList<SpecialCategory>>([SpecialCategory.Religion]))),
        (action, atLeast, categories) => (Rule)new Rule.SpecialCategories(null, action, atLeast, categories));

    private static readonly Gen<Rule>[] OfChoices =
    [
        Gen.Const<Rule>(new Rule.Erasure("GDPR 17")), Gen.Const<Rule>(new Rule.Restriction("GDPR 18")), Objection,
        Gen.Const<Rule>(new Rule.Withdrawal("GDPR 7(3)")),
        Gen.Const<Rule>(new Rule.Consent("GDPR 6(1)(a), 7")), Gen.Const<Rule>(new Rule.Removal(null)), CombineServices,
    ];

    private static readonly Gen<Rule>[] OfContent = [
        Services, Kinds, Audience, Age, Gen.Const<Rule>(new Rule.Informed(null)), WaitingPeriod, Residence, PublicSince,
        Special,
    ];

    private static readonly Gen<Rule[]> Share = Gen.Frequency(
        (3, Gen.Const(Array.Empty<Rule>())),
        (1, Gen.Select(Gen.OneOf(new Ratio(5, 10), new Ratio(8, 10), new Ratio(3333, 10_000)), Gen.Int[1, 99])
            .Select((atMost, seed) => new Rule[] { new Rule.Share("GDPR 5(1)(c)", atMost, DrawnOf.Persons, seed) })));

    private enum Presence
    {
        On,
        Off,
        Absent,
    }

    /// <summary>Any policy; the purpose is usually training.</summary>
    public static Gen<Policy> Policy { get; } =
        // A thin policy leaves more in, so that what a rule lets pass shows as well as what it stops.
        from absent in Gen.OneOf(2, 12, 60)
        from ofChoices in Gen.Select(All(OfChoices), APresence(absent / 3).Array[OfChoices.Length])
        from ofContent in Gen.Select(All(OfContent), APresence(absent).Array[OfContent.Length])
        from rules in Gen.Shuffle(
            ofChoices.Item1.Zip(ofChoices.Item2).Concat(ofContent.Item1.Zip(ofContent.Item2)).ToArray())
        from share in Share
        from first in Gen.Bool
        from purpose in Gen.Frequency((7, Purpose.TrainGenerativeAi), (1, Purpose.CombineServices))
        select Of(purpose,
        [
            .. first ? share : [],
            .. rules
                .Where(rule => rule.Second != Presence.Absent)
                .Select(rule => rule.Second == Presence.On
                    ? rule.First
                    : new Rule.Off(rule.First.Id, null, "this test is not about it")),
            .. first ? [] : share,
        ]);

    /// <summary>A policy of nothing but these rules.</summary>
    public static Policy Of(Purpose purpose, params IReadOnlyList<Rule> rules) => new(
        "generated", "A policy that a test made", purpose, LegalBasis.LegitimateInterest,
        new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero),
        ReplayOnly: false, Sources: [], rules, Text: "policy: generated\n", Sha256: new string('0', 64));

    private static Gen<Presence> APresence(int absent) =>
        Gen.Frequency((6, Presence.On), (1, Presence.Off), (absent, Presence.Absent));

    private static Gen<string[]> Some(params string[] known) => Gen.Shuffle(known, 1, known.Length);

    private static Gen<Rule[]> All(Gen<Rule>[] gens) => gens.Aggregate(
        Gen.Const(Array.Empty<Rule>()),
        (before, next) => Gen.Select(before, next, (rules, rule) => (Rule[])[.. rules, rule]));
}
