using Aval.Documents;

namespace Aval.Portal.Telling;

/// <summary>
/// The sentences of an information notice in one language: one file a language. English, French and German are written
/// with care; the others were drafted by a machine and say so.
/// </summary>
internal sealed class NoticeWords
{
    private static readonly WordFiles<NoticeWords> Texts = new("notices/", text => text.Language);

    /// <summary>The languages that there is one in.</summary>
    public static IReadOnlyList<string> Available => Texts.Languages;

    /// <summary>The sentences in a language; null = there are none.</summary>
    public static NoticeWords? Of(string language) => Texts.Of(language);

    /// <summary>Its code (BCP 47).</summary>
    public required string Language { get; init; }

    /// <summary>A person who knows the language has read them.</summary>
    public required bool Reviewed { get; init; }

    /// <summary>You may object</summary>
    public required string ObjectHeading { get; init; }

    /// <summary>At any time, without a reason … {link}</summary>
    public required string ObjectText { get; init; }

    /// <summary>You decide</summary>
    public required string AskHeading { get; init; }

    /// <summary>Nothing is used without your yes … {link}</summary>
    public required string AskText { get; init; }

    /// <summary>{controller}, {address}</summary>
    public required string WhoText { get; init; }

    /// <summary>Representative in the Union: {text}</summary>
    public required string Representative { get; init; }

    /// <summary>Data protection officer: {text}</summary>
    public required string Officer { get; init; }

    /// <summary>The legitimate interests pursued: {text}</summary>
    public required string Interests { get; init; }

    /// <summary>From {date} on.</summary>
    public required string SinceText { get; init; }

    /// <summary>{days} days after you were told, at the earliest.</summary>
    public required string Waiting { get; init; }

    /// <summary>Which data, and from where</summary>
    public required string DataHeading { get; init; }

    /// <summary>Where they come from: {text}</summary>
    public required string Sources { get; init; }

    /// <summary>Who receives them</summary>
    public required string RecipientsHeading { get; init; }

    /// <summary>Outside the European Economic Area: {text}</summary>
    public required string Transfers { get; init; }

    /// <summary>They do not leave the European Economic Area.</summary>
    public required string NoTransfers { get; init; }

    /// <summary>For how long they are kept</summary>
    public required string KeptHeading { get; init; }

    /// <summary>Your rights</summary>
    public required string RightsHeading { get; init; }

    /// <summary>Access, rectification, erasure, restriction, portability … {contact}</summary>
    public required string RightsText { get; init; }

    /// <summary>A yes can be taken back at any time …</summary>
    public required string WithdrawText { get; init; }

    /// <summary>You may complain to {authority}.</summary>
    public required string ComplaintText { get; init; }

    /// <summary>You need not provide anything …</summary>
    public required string NeedText { get; init; }

    /// <summary>No decision about you is made by this alone.</summary>
    public required string NoDecisions { get; init; }

    /// <summary>Version {version} of this notice.</summary>
    public required string VersionText { get; init; }
}
