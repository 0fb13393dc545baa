namespace Aval;

/// <summary>What a person can say (docs/design.md, "Choices and stance").</summary>
public enum ChoiceKind
{
    /// <summary>GDPR Art. 21: protective, holds until lifted.</summary>
    Objection,

    /// <summary>The person's own lifting of an objection: permissive.</summary>
    ObjectionLifted,

    /// <summary>GDPR Art. 6(1)(a), 7: permissive; names the notice it answers.</summary>
    Consent,

    /// <summary>GDPR Art. 7(3): protective.</summary>
    Withdrawal,

    /// <summary>A no to the question; counts as a withdrawal: protective.</summary>
    Refusal,

    /// <summary>GDPR Art. 18: protective, out at once.</summary>
    Restriction,

    /// <summary>The controller's lifting after telling the person (Art. 18(3)): permissive.</summary>
    RestrictionLifted,

    /// <summary>GDPR Art. 17: protective; cannot be undone for items created at or before it.</summary>
    Erasure,

    /// <summary>By anyone, about one item (GDPR Art. 9, 17).</summary>
    Removal,

    /// <summary>
    /// An association may act for the person (GDPR Art. 80(1)). It permits and forbids nothing: no stance knows it.
    /// </summary>
    Mandate,

    /// <summary>The end of mandates: of one association, or of all.</summary>
    MandateRevoked,
}

/// <summary>Who made a statement.</summary>
public enum Actor
{
    /// <summary>The data subject.</summary>
    Person,

    /// <summary>Somebody who may speak for the person.</summary>
    Agent,

    /// <summary>The controller (liftings of restrictions).</summary>
    Controller,

    /// <summary>Anyone (removals).</summary>
    Anyone,
}

/// <summary>How kinds and actors are written, and what each kind does.</summary>
public static class ChoiceKinds
{
    /// <summary>The stable, kebab-case name.</summary>
    public static string ToText(this ChoiceKind kind) => kind switch
    {
        ChoiceKind.Objection => "objection",
        ChoiceKind.ObjectionLifted => "objection-lifted",
        ChoiceKind.Consent => "consent",
        ChoiceKind.Withdrawal => "withdrawal",
        ChoiceKind.Refusal => "refusal",
        ChoiceKind.Restriction => "restriction",
        ChoiceKind.RestrictionLifted => "restriction-lifted",
        ChoiceKind.Erasure => "erasure",
        ChoiceKind.Removal => "removal",
        ChoiceKind.Mandate => "mandate",
        ChoiceKind.MandateRevoked => "mandate-revoked",
    };

    /// <summary>Reads a kind's name; <see langword="false"/> when it is none.</summary>
    public static bool TryParse(string? text, out ChoiceKind kind)
    {
        foreach (var known in Enum.GetValues<ChoiceKind>())
        {
            if (known.ToText() == text)
            {
                kind = known;
                return true;
            }
        }

        kind = default;
        return false;
    }

    /// <summary>
    /// Protective statements reach every account ever observed linked to the one they were made on. Permissive ones
    /// hold for that account alone. A removal names its item and needs no account to reach it.
    /// </summary>
    public static bool IsProtective(this ChoiceKind kind) => kind switch
    {
        ChoiceKind.Objection or ChoiceKind.Withdrawal or ChoiceKind.Refusal or ChoiceKind.Restriction
            or ChoiceKind.Erasure => true,
        ChoiceKind.ObjectionLifted or ChoiceKind.Consent or ChoiceKind.RestrictionLifted or ChoiceKind.Removal
            or ChoiceKind.Mandate or ChoiceKind.MandateRevoked => false,
    };

    /// <summary>A consent or a lifting: what it says has to be shown (GDPR Art. 7(1)).</summary>
    public static bool IsPermissive(this ChoiceKind kind) => kind switch
    {
        ChoiceKind.ObjectionLifted or ChoiceKind.Consent or ChoiceKind.RestrictionLifted => true,
        ChoiceKind.Objection or ChoiceKind.Withdrawal or ChoiceKind.Refusal or ChoiceKind.Restriction
            or ChoiceKind.Erasure or ChoiceKind.Removal or ChoiceKind.Mandate or ChoiceKind.MandateRevoked => false,
    };

    /// <summary>
    /// Whether it says anything of what may be used. A mandate says who may speak for somebody and nothing of what they
    /// want, so that no stance, no release and no number of one knows it.
    /// </summary>
    public static bool BearsOnStance(this ChoiceKind kind) => kind switch
    {
        ChoiceKind.Objection or ChoiceKind.ObjectionLifted or ChoiceKind.Consent or ChoiceKind.Withdrawal
            or ChoiceKind.Refusal or ChoiceKind.Restriction or ChoiceKind.RestrictionLifted or ChoiceKind.Erasure
            or ChoiceKind.Removal => true,
        ChoiceKind.Mandate or ChoiceKind.MandateRevoked => false,
    };

    /// <summary>The stable, kebab-case name of an actor.</summary>
    public static string ToText(this Actor actor) => actor switch
    {
        Actor.Person => "person",
        Actor.Agent => "agent",
        Actor.Controller => "controller",
        Actor.Anyone => "anyone",
    };

    /// <summary>Reads an actor's name; <see langword="false"/> when it is none.</summary>
    public static bool TryParse(string? text, out Actor actor)
    {
        foreach (var known in Enum.GetValues<Actor>())
        {
            if (known.ToText() == text)
            {
                actor = known;
                return true;
            }
        }

        actor = default;
        return false;
    }
}
