using Aval.Policies;

namespace Aval.Tests.Policies;

/// <summary>At least one rule of each kind, and one of each way in which it can read.</summary>
internal static class RuleSamples
{
    private static readonly DateTimeOffset Day = new(2025, 5, 27, 0, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<Rule> All { get; } =
    [
        new Rule.Erasure(null), new Rule.Restriction(null), new Rule.Objection(null, null),
        new Rule.Objection(null, Day), new Rule.Withdrawal(null), new Rule.Consent(null), new Rule.Removal(null),
        new Rule.Services(null, ["facebook", "instagram"]), new Rule.Kinds(null, ["post"]),
        new Rule.Kinds(null, ["post", "reply"]), new Rule.Audience(null, ["public"]),
        new Rule.Age(null, 18, WhenWritten: true, AtBuild: false),
        new Rule.Age(null, 18, WhenWritten: false, AtBuild: true), new Rule.Informed(null),
        new Rule.WaitingPeriod(null, 1), new Rule.WaitingPeriod(null, 30),
        new Rule.CombineServices(null, CombineReading.Strict, "facebook"),
        new Rule.CombineServices(null, CombineReading.SamePerson, null), new Rule.Residence(null, ["FR"]),
        new Rule.PublicSince(null, Day.AddHours(1)),
        new Rule.Language(null, []), new Rule.Language(null, ["de", "fr"]),
        new Rule.Identifiers(null, ["email"]), new Rule.Identifiers(null, ["phone", "iban"]),
        new Rule.AboutMe(null, Protected.Objectors, MentionAction.Mask),
        new Rule.AboutMe(null, Protected.AllButConsenting, MentionAction.Exclude),
        new Rule.AboutMe(null, Protected.Everyone, MentionAction.Exclude),
        new Rule.SpecialCategories(null, RevealingAction.Exclude, new(5, 10), SpecialCategories.All),
        new Rule.SpecialCategories(
            null, RevealingAction.KeepWithExplicitConsent, new(75, 100), [SpecialCategory.Health]),
        new Rule.Copies(null, new Ratio(8, 10), 60, 50), new Rule.Duplicates(null, KeptDuplicates.First, new(8, 10)),
        new Rule.Duplicates(null, KeptDuplicates.OnePerAuthor, new(85, 100)),
        new Rule.Duplicates(null, KeptDuplicates.All, new(1, 1)),
        new Rule.Share(null, new Ratio(1, 10), DrawnOf.Persons, 7), new Rule.Assessment(null, ["lia"], 1),
        new Rule.Assessment(null, ["lia", "dpia"], 365),
    ];

    /// <summary>What they exclude by, under a policy that mixes services.</summary>
    public static IEnumerable<(string Rule, Exclusion Exclusion)> Exclusions() => All.OfType<Rule.Excluding>()
        .SelectMany(rule => rule.Exclusions(EngineWorld.Policy(rule)).Select(exclusion => (rule.Id, exclusion)))
        .Concat(StandingRule.First.Concat(StandingRule.Last)
            .SelectMany(rule => rule.Exclusions.Select(exclusion => (rule.Id, exclusion))));
}
