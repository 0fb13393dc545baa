using System.Globalization;
using Aval.Policies;

namespace Aval.Text.Copies;

/// <summary>On whose items an excluded item's shadow falls: where its words stand, they are out too.</summary>
internal enum Shadow
{
    /// <summary>On none: why it is out says nothing about its words.</summary>
    None,

    /// <summary>On what others posted, unless it was public: it was never theirs to publish.</summary>
    OnOthersUnlessPublic,

    /// <summary>On what others posted: its author's will, or protection. What the author posts again has a decision of
    /// its own.</summary>
    OnOthers,

    /// <summary>On what anybody posted, its author too: what was asked for is that these words are out.</summary>
    OnEverybody,
}

/// <summary>What casts a shadow.</summary>
internal static class Shadows
{
    /// <summary>The shadow of an item that is out for a reason, whatever other reasons it is out for.</summary>
    public static Shadow Of(Reason reason) => reason switch
    {
        Reason.RemovalRequested or Reason.Ordered => Shadow.OnEverybody,
        Reason.Erased or Reason.Restricted or Reason.Objected or Reason.ConsentWithdrawn or Reason.Refused
            or Reason.NoConsent or Reason.ConsentExpired or Reason.Minor => Shadow.OnOthers,
        Reason.ServiceNotAdmitted or Reason.NotPublic or Reason.AudienceUnknown => Shadow.OnOthersUnlessPublic,
        // Who was not drawn said no to nothing.
        Reason.NotDrawn or
        Reason.DeletedAtSource or Reason.KindNotAdmitted or Reason.UnreadableUpdate or Reason.AgeUnknown
            or Reason.NotInformed or Reason.WaitingPeriod or Reason.PublicBeforeCutoff or Reason.OutsideScope
            or Reason.ResidenceUnknown or Reason.PreferenceDisallows or Reason.ServicesCombined
            or Reason.SpecialCategory or Reason.MentionsMinor or Reason.MentionsObjector or Reason.CopyOfExcluded
            or Reason.Duplicate or Reason.LanguageNotAdmitted or Reason.Empty => Shadow.None,
    };

    /// <summary>
    /// SQL over <c>mask</c>: whether the item's author is one of those who say what it says. Not where it is out for
    /// what no choice changes, whatever else it is out for: so no objection makes anybody count who did not, and what a
    /// choice adds to a mask makes nothing common.
    /// </summary>
    public static string Counts(IReadOnlyList<Ground> grounds)
    {
        var aside = grounds.Where(ground => ground.Reason is not (Reason.NotPublic or Reason.AudienceUnknown)
            && Of(ground.Reason) is (Shadow.None or Shadow.OnOthersUnlessPublic));
        return string.Create(CultureInfo.InvariantCulture, $"(mask & {aside.Sum(ground => 1L << ground.Bit)}) = 0");
    }

    /// <summary>
    /// SQL over <c>mask, audience</c>: 0 = none, 1 = on others' items, 2 = on everybody's. Every ground that holds
    /// counts, not only the first, which gives the reason.
    /// </summary>
    public static string Sql(IReadOnlyList<Ground> grounds)
    {
        string Any(Shadow shadow) => string.Create(
            CultureInfo.InvariantCulture,
            $"(mask & {grounds.Where(ground => Of(ground.Reason) == shadow).Sum(ground => 1L << ground.Bit)}) <> 0");
        return $"""
            CASE WHEN {Any(Shadow.OnEverybody)} THEN 2
                 WHEN {Any(Shadow.OnOthers)} THEN 1
                 WHEN {Any(Shadow.OnOthersUnlessPublic)} AND audience IS DISTINCT FROM 'public' THEN 1
                 ELSE 0 END
            """;
    }
}
