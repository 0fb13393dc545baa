namespace Aval.Policies;

/// <summary>
/// What no policy may be silent about: silence keeps a regime that forgot apart from one that decided. Speaking
/// includes "off" with its reason.
/// </summary>
/// <param name="Under">The basis under which it must be spoken about; null = any.</param>
/// <param name="Rules">One of these rules must stand in the policy.</param>
internal sealed record MustSpeak(LegalBasis? Under, params IReadOnlyList<RuleForm> Rules)
{
    /// <summary>All that must be spoken about.</summary>
    public static IReadOnlyList<MustSpeak> All { get; } =
    [
        // What people say of their own accord: without the rule it would be recorded, receipted, and without effect.
        new(null, Rule.Erasure.Form),
        new(null, Rule.Restriction.Form),
        new(null, Rule.Removal.Form),
        new(null, Rule.Objection.Form, Rule.Consent.Form),
        new(LegalBasis.LegitimateInterest, Rule.Informed.Form),
        // On the basis of consent, a forgotten rule would admit those who never consented, and nobody would have been
        // informed either.
        new(LegalBasis.Consent, Rule.Consent.Form),
        new(null, Rule.SpecialCategories.Form),
        new(null, Rule.AboutMe.Form),
        new(null, Rule.CombineServices.Form),
    ];
}
