using Aval.Requests;

namespace Aval.Cases;

/// <summary>What a case is.</summary>
internal enum CaseKind
{
    /// <summary>Before any court: stop, or be sued (mise en demeure).</summary>
    FormalNotice,

    /// <summary>To a supervisory authority (GDPR Art. 77).</summary>
    Complaint,

    /// <summary>A court is asked to forbid.</summary>
    Injunction,

    /// <summary>Many people's, by one who may sue for them.</summary>
    CollectiveAction,

    /// <summary>An authority asks by itself.</summary>
    Inquiry,
}

/// <summary>On what whoever acts stands. What the member state has made of it is for the lawyer to say, in
/// <c>national</c>.</summary>
internal enum Footing
{
    /// <summary>Their own right.</summary>
    OwnRight,

    /// <summary>A mandate (GDPR Art. 80(1)).</summary>
    Mandate,

    /// <summary>No mandate, where the member state provides it (GDPR Art. 80(2)).</summary>
    WithoutMandate,

    /// <summary>A qualified entity (Directive (EU) 2020/1828; its operative articles were not read).</summary>
    RepresentativeAction,
}

/// <summary>Who somebody is in a case.</summary>
internal enum PartyRole
{
    /// <summary>Who asks.</summary>
    Claimant,

    /// <summary>Of whom it is asked.</summary>
    Respondent,

    /// <summary>For whom the claimant acts.</summary>
    Represented,

    /// <summary>A supervisory authority.</summary>
    Authority,

    /// <summary>A court.</summary>
    Court,
}

/// <summary>What a piece of evidence is; each is checked in its own way.</summary>
internal enum EvidenceKind
{
    /// <summary>Of a choice: verified.</summary>
    Receipt,

    /// <summary>That an account is in a release: verified.</summary>
    PresenceProof,

    /// <summary>A receipt, a proof and a manifest: the verdict is computed again.</summary>
    ViolationVerdict,

    /// <summary>Of a release: verified to be an entry of the ledger.</summary>
    Manifest,

    /// <summary>A policy's text: read.</summary>
    Policy,

    /// <summary>What <c>aval compare --json</c> printed: its shape is checked, its numbers are whoever's who made
    /// it.</summary>
    Comparison,

    /// <summary>A study.json: likewise.</summary>
    Study,

    /// <summary>Of a ledger: verified.</summary>
    Checkpoint,

    /// <summary>Notices as they were delivered, CSV with account and delivered_at: its columns are checked.</summary>
    NoticeDelivery,

    /// <summary>The members of a collective action, without their names: verified.</summary>
    MemberList,

    /// <summary>Anything else; nothing but its bytes is checked.</summary>
    Document,
}

/// <summary>What is said to an allegation.</summary>
internal enum AnswerKind
{
    /// <summary>It is so.</summary>
    Admit,

    /// <summary>It is not so, and this shows it.</summary>
    Contest,

    /// <summary>Whatever it is, this is what will be done.</summary>
    Undertake,
}

/// <summary>What an undertaking does, by the words of orders.</summary>
internal enum UndertakingEffect
{
    /// <summary>No build, export or run.</summary>
    Stop,

    /// <summary>Items stay out.</summary>
    Exclude,

    /// <summary>A release is not used.</summary>
    SuspendRelease,

    /// <summary>Nothing is erased or pruned.</summary>
    Preserve,

    /// <summary>Something is deleted.</summary>
    Delete,

    /// <summary>Somebody is told.</summary>
    Report,
}

/// <summary>How these are written.</summary>
internal static class CaseWords
{
    /// <summary>The words of a vocabulary, joined.</summary>
    public static string List<T>()
        where T : struct, Enum => string.Join(", ", All<T>().Select(one => one.Name));

    /// <summary>Each word and what it means.</summary>
    public static (string Name, T Value)[] All<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(value => (RequestWords.Kebab(value), value))];

    /// <summary>The provision on which somebody stands.</summary>
    public static string Cited(this Footing footing) => footing switch
    {
        Footing.OwnRight => "own right",
        Footing.Mandate => "mandate, GDPR Art. 80(1)",
        Footing.WithoutMandate => "without a mandate, GDPR Art. 80(2)",
        Footing.RepresentativeAction => "Directive (EU) 2020/1828",
    };
}
