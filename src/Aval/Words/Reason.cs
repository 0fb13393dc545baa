namespace Aval;

/// <summary>
/// Why an item is out. Stable, kebab-case outside the code (<see cref="Reasons.ToText"/>). The order is that of
/// docs/design.md and decides nothing: the policy's order of rules does. The sentence of a reason stands with the rule
/// that gives it.
/// </summary>
public enum Reason
{
#pragma warning disable CS1591 // The names are the documentation; docs/design.md explains each.
    DeletedAtSource,
    Erased,
    Restricted,
    Objected,
    ConsentWithdrawn,
    Refused,
    NoConsent,
    ConsentExpired,
    Ordered,
    RemovalRequested,
    ServiceNotAdmitted,
    KindNotAdmitted,
    NotPublic,
    AudienceUnknown,
    UnreadableUpdate,
    NotDrawn,
    Minor,
    AgeUnknown,
    NotInformed,
    WaitingPeriod,
    PublicBeforeCutoff,
    OutsideScope,
    ResidenceUnknown,
    PreferenceDisallows,
    ServicesCombined,
    SpecialCategory,
    MentionsMinor,
    MentionsObjector,
    CopyOfExcluded,
    Duplicate,
    LanguageNotAdmitted,
    Empty,
#pragma warning restore CS1591
}

/// <summary>How reasons are written.</summary>
internal static class Reasons
{
    /// <summary>The stable, kebab-case name: what stands in files and on the terminal.</summary>
    public static string ToText(this Reason reason) => reason switch
    {
        Reason.DeletedAtSource => "deleted-at-source",
        Reason.Erased => "erased",
        Reason.Restricted => "restricted",
        Reason.Objected => "objected",
        Reason.ConsentWithdrawn => "consent-withdrawn",
        Reason.Refused => "refused",
        Reason.NoConsent => "no-consent",
        Reason.ConsentExpired => "consent-expired",
        Reason.Ordered => "ordered",
        Reason.RemovalRequested => "removal-requested",
        Reason.ServiceNotAdmitted => "service-not-admitted",
        Reason.KindNotAdmitted => "kind-not-admitted",
        Reason.NotPublic => "not-public",
        Reason.AudienceUnknown => "audience-unknown",
        Reason.UnreadableUpdate => "unreadable-update",
        Reason.NotDrawn => "not-drawn",
        Reason.Minor => "minor",
        Reason.AgeUnknown => "age-unknown",
        Reason.NotInformed => "not-informed",
        Reason.WaitingPeriod => "waiting-period",
        Reason.PublicBeforeCutoff => "public-before-cutoff",
        Reason.OutsideScope => "outside-scope",
        Reason.ResidenceUnknown => "residence-unknown",
        Reason.PreferenceDisallows => "preference-disallows",
        Reason.ServicesCombined => "services-combined",
        Reason.SpecialCategory => "special-category",
        Reason.MentionsMinor => "mentions-minor",
        Reason.MentionsObjector => "mentions-objector",
        Reason.CopyOfExcluded => "copy-of-excluded",
        Reason.Duplicate => "duplicate",
        Reason.LanguageNotAdmitted => "language-not-admitted",
        Reason.Empty => "empty",
    };
}
