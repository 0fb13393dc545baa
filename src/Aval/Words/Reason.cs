namespace Aval;

/// <summary>
/// Why an item is out. Stable, kebab-case outside the code (<see cref="Reasons.ToText"/>). The order is that of
/// docs/design.md and decides nothing: the policy's order of rules does.
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

/// <summary>How reasons are written and explained.</summary>
public static class Reasons
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

    /// <summary>The reason as the end of "It is out because …", for people who know no code.</summary>
    public static string ToSentence(this Reason reason) => reason switch
    {
        Reason.DeletedAtSource => "it was deleted where it was published",
        Reason.Erased => "its author had it erased",
        Reason.Restricted => "its author had its use restricted while something is examined",
        Reason.Objected => "its author objected",
        Reason.ConsentWithdrawn => "its author withdrew the consent",
        Reason.Refused => "its author refused consent",
        Reason.NoConsent => "its author has not consented",
        Reason.ConsentExpired => "its author's consent has ended",
        Reason.Ordered => "an order holds it back",
        Reason.RemovalRequested => "somebody asked for its removal",
        Reason.ServiceNotAdmitted => "its service is not admitted",
        Reason.KindNotAdmitted => "items of its kind are not admitted",
        Reason.NotPublic => "it was not published to everyone",
        Reason.AudienceUnknown => "nobody knows to whom it was published",
        Reason.UnreadableUpdate => "the last that was observed of it or of its author could not be read",
        Reason.Minor => "its author was or is a minor",
        Reason.AgeUnknown => "its author's age, or the date it was written, is unknown",
        Reason.NotInformed => "no information notice has reached its author",
        Reason.WaitingPeriod => "the waiting period since the information notice has not passed",
        Reason.PublicBeforeCutoff => "it was public before the cut-off date, or nobody knows since when",
        Reason.OutsideScope => "its author lives outside what this corpus is about",
        Reason.ResidenceUnknown => "its author's residence is unknown",
        Reason.PreferenceDisallows => "a machine-readable preference on it disallows this use",
        Reason.ServicesCombined => "its author has not consented to combining services",
        Reason.SpecialCategory => "it reveals special-category data",
        Reason.MentionsMinor => "it mentions a minor",
        Reason.MentionsObjector => "it mentions somebody who objected",
        Reason.CopyOfExcluded => "it copies an excluded item",
        Reason.Duplicate => "it duplicates another item",
        Reason.LanguageNotAdmitted => "its language is not admitted",
        Reason.Empty => "there is nothing in it",
    };
}
