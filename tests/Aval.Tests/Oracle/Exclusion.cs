using Aval.Choices;
using Aval.Policies;
using Aval.Text.SpecialCategories;

namespace Aval.Tests.Oracles;

/// <summary>Each rule, as a sentence of docs/design.md turned into an expression.</summary>
internal static class Exclusion
{
    /// <summary>Why this rule would exclude the item, were it the only one; null when it would not.</summary>
    public static Reason? By(Rule rule, Facts facts) => rule switch
    {
        Rule.Off => null,
        Rule.Erasure => Erased(facts) ? Reason.Erased : null,
        Rule.Restriction => Restricted(facts) || facts.Others.Any(Restricted) ? Reason.Restricted : null,
        Rule.Objection objection => Objected(facts, objection.ForwardFrom)
            || facts.Others.Any(other => Objected(other, objection.ForwardFrom)) ? Reason.Objected : null,
        Rule.Withdrawal => Withdrawn(facts) ?? WithdrawnByOthers(facts),
        Rule.Consent => Withdrawn(facts) ?? WithdrawnByOthers(facts) ?? NotConsented(facts),
        Rule.Removal => facts.RemovalAsked ? Reason.RemovalRequested : null,
        Rule.Services services => services.Admit.Contains(facts.Item.Item.Service) ? null : Reason.ServiceNotAdmitted,
        Rule.Kinds kinds => kinds.Admit.Contains(facts.Item.Kind) ? null : Reason.KindNotAdmitted,
        Rule.Audience audience => OutsideAudience(facts, audience),
        Rule.Age age => NotAdult(facts, age),
        Rule.Informed => facts.Delivered.Count == 0 ? Reason.NotInformed : null,
        Rule.WaitingPeriod waiting => facts.Delivered.Count == 0
            || facts.Delivered.Min().AddDays(waiting.Days) > facts.AsOf ? Reason.WaitingPeriod : null,
        Rule.CombineServices combine => Combined(facts, combine)
            || (Mixes(facts, combine)
                && facts.Others.Any(other => Refused(other, Purpose.CombineServices))) ? Reason.ServicesCombined : null,
        Rule.SpecialCategories special => Reveals(facts, special)
            && !(special.Action == RevealingAction.KeepWithExplicitConsent
                && Agreed(facts, Purpose.SpecialCategories)
                && !facts.Others.Any(other => Refused(other, Purpose.SpecialCategories)))
            ? Reason.SpecialCategory
            : null,
        Rule.Residence residence => OutsideResidence(facts, residence),
        Rule.PublicSince since =>
            facts.Item.PublicSince is { } instant && instant >= since.From ? null : Reason.PublicBeforeCutoff,
        _ => throw new InvalidOperationException($"The oracle knows no rule {rule.Id}."),
    };

    // Whatever its purpose, and whatever was said later: it cannot be undone for what was there when it was made. It
    // was there when any version says so by its date, or was seen by then, or has no date and so may be as old as any.
    private static bool Erased(Facts facts) => facts.Erasures.Any(erasure =>
        facts.CreatedAt is null
        || facts.Versions.Any(version => version.CreatedAt is { } created && created <= facts.AsOf
            ? created <= erasure.MadeAt || version.ObservedAt <= erasure.MadeAt
            : !version.Deleted || version.ObservedAt <= erasure.MadeAt));

    private static bool Restricted(Facts facts) => HoldsLast(
        Of(facts, facts.Policy.Purpose, ChoiceKind.Restriction, ChoiceKind.RestrictionLifted), ChoiceKind.Restriction);

    private static bool Objected(Facts facts, DateTimeOffset? forwardFrom)
    {
        var pair = Of(facts, facts.Policy.Purpose, ChoiceKind.Objection, ChoiceKind.ObjectionLifted);
        if (!HoldsLast(pair, ChoiceKind.Objection))
            return false;
        if (forwardFrom is null)
            return true;

        // The objection that holds is the first one since the person last lifted one: repeating it must not move it
        // later.
        var lifts = pair.Where(choice => choice.Kind == ChoiceKind.ObjectionLifted)
            .Select(choice => choice.MadeAt).ToList();
        var since = pair
            .Where(choice => choice.Kind == ChoiceKind.Objection && lifts.All(lift => choice.MadeAt >= lift))
            .Min(choice => choice.MadeAt);
        return since < forwardFrom || facts.CreatedAt is null || facts.CreatedAt >= since;
    }

    private static Reason? Withdrawn(Facts facts) => LastOfConsents(facts, facts.Policy.Purpose)?.Kind switch
    {
        ChoiceKind.Withdrawal => Reason.ConsentWithdrawn,
        ChoiceKind.Refusal => Reason.Refused,
        _ => null,
    };

    // A withdrawal is told before a refusal.
    private static Reason? WithdrawnByOthers(Facts facts)
    {
        var reasons = facts.Others.Select(Withdrawn).ToList();
        return reasons.Contains(Reason.ConsentWithdrawn)
            ? Reason.ConsentWithdrawn
            : reasons.FirstOrDefault(reason => reason is not null);
    }

    private static Reason? NotConsented(Facts facts) => LastOfConsents(facts, facts.Policy.Purpose) switch
    {
        null => Reason.NoConsent,
        { Kind: ChoiceKind.Withdrawal } => Reason.ConsentWithdrawn,
        { Kind: ChoiceKind.Refusal } => Reason.Refused,
        { Until: { } until } when until <= facts.AsOf => Reason.ConsentExpired,
        _ => null,
    };

    private static Reason? OutsideAudience(Facts facts, Rule.Audience audience)
    {
        if (facts.Item.Audience is null or "unknown")
            return Reason.AudienceUnknown;
        return audience.Admit.Contains(facts.Item.Audience) ? null : Reason.NotPublic;
    }

    private static Reason? NotAdult(Facts facts, Rule.Age age)
    {
        if (facts.Author?.BirthYear is not { } birthYear)
            return Reason.AgeUnknown;
        var adultFrom = new DateTimeOffset(birthYear + age.AtLeast, 12, 31, 0, 0, 0, TimeSpan.Zero);
        if (age.AtBuild && facts.AsOf < adultFrom)
            return Reason.Minor;
        if (!age.WhenWritten)
            return null;
        if (facts.CreatedAt is null)
            return Reason.AgeUnknown;
        return facts.CreatedAt < adultFrom ? Reason.Minor : null;
    }

    private static Reason? OutsideResidence(Facts facts, Rule.Residence residence)
    {
        if (facts.Author?.Country is not { } country)
            return Reason.ResidenceUnknown;
        return residence.Admit.Contains(country) ? null : Reason.OutsideScope;
    }

    private static bool Combined(Facts facts, Rule.CombineServices combine) =>
        Mixes(facts, combine) && !Agreed(facts, Purpose.CombineServices);

    // What words reveal is the finder's to say, and told of it in its own tests; what follows is the law's.
    private static bool Reveals(Facts facts, Rule.SpecialCategories special) =>
        SpecialCategoryFinder.Find(facts.Item.Text, "und")
            .Any(found => special.Categories.Contains(found.Category)
                && found.Points * special.AtLeast.Whole >= special.AtLeast.Part * SpecialCategoryFinder.Certain);

    // Like any objection one to a purpose holds until it is lifted, and a later consent alone does not void it.
    private static bool Agreed(Facts facts, Purpose purpose) =>
        !HoldsLast(Of(facts, purpose, ChoiceKind.Objection, ChoiceKind.ObjectionLifted), ChoiceKind.Objection)
        && LastOfConsents(facts, purpose) is { Kind: ChoiceKind.Consent } consent
        && (consent.Until is null || consent.Until > facts.AsOf);

    // A release of one service mixes nothing.
    private static bool Mixes(Facts facts, Rule.CombineServices combine) =>
        combine.Reading != CombineReading.SamePerson && facts.Item.Item.Service != combine.Primary
        && !facts.Policy.Rules.OfType<Rule.Services>().Any(services => services.Admit.Distinct().Count() < 2);

    private static bool Refused(Facts facts, Purpose purpose) =>
        HoldsLast(Of(facts, purpose, ChoiceKind.Objection, ChoiceKind.ObjectionLifted), ChoiceKind.Objection)
        || LastOfConsents(facts, purpose)?.Kind is ChoiceKind.Withdrawal or ChoiceKind.Refusal;

    /// <summary>
    /// The statement that decides; at equal instants withdrawal, refusal, then the consent that ends first.
    /// </summary>
    private static Choice? LastOfConsents(Facts facts, Purpose purpose) =>
        Of(facts, purpose, ChoiceKind.Withdrawal, ChoiceKind.Refusal, ChoiceKind.Consent)
            .OrderByDescending(choice => choice.MadeAt)
            .ThenByDescending(choice => choice.Kind == ChoiceKind.Withdrawal)
            .ThenByDescending(choice => choice.Kind == ChoiceKind.Refusal)
            .ThenBy(choice => choice.Until ?? DateTimeOffset.MaxValue)
            .FirstOrDefault();

    private static List<Choice> Of(Facts facts, Purpose purpose, params ChoiceKind[] kinds) =>
        [.. facts.Said.Where(choice => choice.Purpose == purpose && kinds.Contains(choice.Kind))];

    /// <summary>
    /// At the last instant at which anything of the pair was said, this was said, possibly beside the other.
    /// </summary>
    private static bool HoldsLast(List<Choice> pair, ChoiceKind kind) =>
        pair.Any(choice => choice.Kind == kind && choice.MadeAt == pair.Max(other => other.MadeAt));
}
