namespace Aval.Requests;

/// <summary>What a person asks for (GDPR Chapter III).</summary>
internal enum Right
{
    /// <summary>Art. 15: what is held, what is done with it, and a copy.</summary>
    Access,

    /// <summary>Art. 16: what is wrong is put right.</summary>
    Rectification,

    /// <summary>Art. 17.</summary>
    Erasure,

    /// <summary>Art. 18.</summary>
    Restriction,

    /// <summary>Art. 20: a copy that another service can read.</summary>
    Portability,

    /// <summary>Art. 21, of somebody who has no account here and is only mentioned: whoever has one objects by a
    /// choice, which nobody has to answer.</summary>
    Objection,

    /// <summary>Art. 9, 17: that one item is kept out, by anyone.</summary>
    Removal,
}

/// <summary>How far a request is: the terms of the Data Privacy Vocabulary (W3C DPV 2.3).</summary>
internal enum RequestState
{
    /// <summary>It came in.</summary>
    Requested,

    /// <summary>The person knows that it came in.</summary>
    Acknowledged,

    /// <summary>The person is asked for something first.</summary>
    RequiresAction,

    /// <summary>The person did what was asked for.</summary>
    ActionPerformed,

    /// <summary>It will be done.</summary>
    Accepted,

    /// <summary>It takes up to two months more, and the person knows why.</summary>
    Delayed,

    /// <summary>It will not be done, and the person knows why, and where to complain.</summary>
    Rejected,

    /// <summary>It was done, and the person was told.</summary>
    Fulfilled,
}

/// <summary>
/// Why an answer takes longer: what Art. 12(3) GDPR allows, the complexity and the number of requests, and nothing
/// else.
/// </summary>
internal enum DelayReason
{
    /// <summary>dpv: ComplexityOfProcess.</summary>
    ComplexityOfProcess,

    /// <summary>dpv: HighVolumeOfProcesses.</summary>
    HighVolumeOfProcesses,
}

/// <summary>
/// Why a request is refused. An override by the controller's own interest is not among them: an objection is honoured
/// without asking for grounds (EDPB 28/2024 §102b).
/// </summary>
internal enum RefusalReason
{
    /// <summary>Manifestly unfounded, Art. 12(5)(b); the burden of showing it is the controller's.</summary>
    ProcessUnfounded,

    /// <summary>Excessive, in particular because it repeats itself, Art. 12(5)(b).</summary>
    ProcessExcessive,

    /// <summary>The person cannot be identified, Art. 11, 12(2), 12(6).</summary>
    IdentityVerificationFailure,

    /// <summary>It cannot be done.</summary>
    FulfilmentImpossible,

    /// <summary>Others' freedom of expression and information, Art. 17(3)(a).</summary>
    FreedomOfExpressionImpaired,

    /// <summary>Legal claims, Art. 17(3)(e).</summary>
    LegalClaimImpaired,
}

/// <summary>How these are written.</summary>
internal static class RequestWords
{
    /// <summary>The stable, kebab-case name.</summary>
    public static string ToText(this Right right) => right switch
    {
        Right.Access => "access",
        Right.Rectification => "rectification",
        Right.Erasure => "erasure",
        Right.Restriction => "restriction",
        Right.Portability => "portability",
        Right.Objection => "objection",
        Right.Removal => "removal",
    };

    /// <summary>The article that gives the right.</summary>
    public static string Article(this Right right) => right switch
    {
        Right.Access => "GDPR 15",
        Right.Rectification => "GDPR 16",
        Right.Erasure => "GDPR 17",
        Right.Restriction => "GDPR 18",
        Right.Portability => "GDPR 20",
        Right.Objection => "GDPR 21",
        Right.Removal => "GDPR 9, 17",
    };

    /// <summary>The stable, kebab-case name.</summary>
    public static string ToText(this RequestState state) => state switch
    {
        RequestState.Requested => "requested",
        RequestState.Acknowledged => "acknowledged",
        RequestState.RequiresAction => "requires-action",
        RequestState.ActionPerformed => "action-performed",
        RequestState.Accepted => "accepted",
        RequestState.Delayed => "delayed",
        RequestState.Rejected => "rejected",
        RequestState.Fulfilled => "fulfilled",
    };

    /// <summary>The term of the Data Privacy Vocabulary.</summary>
    public static string ToDpv(this RequestState state) => state switch
    {
        RequestState.Requested => "dpv:RequestInitiated",
        RequestState.Acknowledged => "dpv:RequestAcknowledged",
        RequestState.RequiresAction => "dpv:RequestRequiresAction",
        RequestState.ActionPerformed => "dpv:RequestRequiredActionPerformed",
        RequestState.Accepted => "dpv:RequestAccepted",
        RequestState.Delayed => "dpv:RequestActionDelayed",
        RequestState.Rejected => "dpv:RequestRejected",
        RequestState.Fulfilled => "dpv:RequestFulfilled",
    };

    /// <summary>Reads a word of one of these enumerations.</summary>
    /// <exception cref="AvalException">Usage: it is none of them.</exception>
    public static T Parse<T>(string what, string? text)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (Kebab(value) == text)
                return value;
        }

        throw AvalException.Usage($"{what} is one of {string.Join(", ", Enum.GetValues<T>().Select(Kebab))}, but "
            + $"\"{Shown.Of(text ?? "")}\" was found. Nothing was recorded.");
    }

    /// <summary>A word of one of these enumerations, in kebab-case.</summary>
    public static string Kebab<T>(T value)
        where T : struct, Enum =>
        System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
