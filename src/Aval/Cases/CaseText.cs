using Aval.Documents;

namespace Aval.Cases;

/// <summary>The sentences of a case's drafts in one language: one file a language (<c>Cases/Words/LANGUAGE.json</c>),
/// whose members are the properties below, each named after what it says.</summary>
internal sealed class CaseText
{
    private static readonly WordFiles<CaseText> Texts = new("cases/", text => text.Language);

    /// <summary>The languages.</summary>
    public static IReadOnlyList<string> Languages => Texts.Languages;

    /// <summary>Those of a language.</summary>
    /// <exception cref="AvalException">Usage: there is none.</exception>
    public static CaseText Of(string language) => Texts.Of(language)
        ?? throw AvalException.Usage($"Drafts are written in {string.Join(", ", Languages)}, but "
            + $"\"{Shown.Of(language)}\" was asked for. Nothing was written.");

    /// <summary>Its code.</summary>
    public required string Language { get; init; }

    /// <summary>Of each draft.</summary>
    public required IReadOnlyDictionary<string, string> Title { get; init; }

    /// <summary>The first sentence of each draft.</summary>
    public required IReadOnlyDictionary<string, string> Opening { get; init; }

    /// <summary>Who somebody is.</summary>
    public required IReadOnlyDictionary<string, string> Role { get; init; }

    /// <summary>On what whoever acts stands.</summary>
    public required IReadOnlyDictionary<string, string> Footing { get; init; }

    /// <summary>What is said to an allegation, with <c>{text}</c>.</summary>
    public required IReadOnlyDictionary<string, string> Answer { get; init; }

    /// <summary>That it is no legal advice; said once.</summary>
    public required string Advice { get; init; }

    /// <summary>A heading.</summary>
    public required string Parties { get; init; }

    /// <summary>A heading.</summary>
    public required string Standing { get; init; }

    /// <summary>A heading.</summary>
    public required string Facts { get; init; }

    /// <summary>A heading.</summary>
    public required string Allegations { get; init; }

    /// <summary>A heading.</summary>
    public required string Remedies { get; init; }

    /// <summary>A heading.</summary>
    public required string Undertakings { get; init; }

    /// <summary>A heading.</summary>
    public required string Deadline { get; init; }

    /// <summary>A heading.</summary>
    public required string Urgency { get; init; }

    /// <summary>A heading.</summary>
    public required string Signature { get; init; }

    /// <summary>The provisions, <c>{law}</c>.</summary>
    public required string Infringes { get; init; }

    /// <summary>A piece of evidence: <c>{id}</c>, <c>{kind}</c>, and what it <c>{shows}</c>.</summary>
    public required string Evidence { get; init; }

    /// <summary>Before a command.</summary>
    public required string Verify { get; init; }

    /// <summary>Before a hash.</summary>
    public required string Bytes { get; init; }

    /// <summary>A blank.</summary>
    public required string NoEvidence { get; init; }

    /// <summary>What a breach costs, <c>{penalty}</c>.</summary>
    public required string Penalty { get; init; }

    /// <summary>A blank.</summary>
    public required string NoPenalty { get; init; }

    /// <summary>The last day, <c>{date}</c>.</summary>
    public required string Until { get; init; }

    /// <summary>How it is counted: <c>{term}</c>, <c>{from}</c>, <c>{law}</c>.</summary>
    public required string Term { get; init; }

    /// <summary>A blank.</summary>
    public required string NoDeadline { get; init; }

    /// <summary>The urgency clock: <c>{from}</c>, <c>{date}</c>.</summary>
    public required string UrgentFrom { get; init; }

    /// <summary>An undertaking: <c>{date}</c>, <c>{text}</c>.</summary>
    public required string Promise { get; init; }

    /// <summary>One that is asked for: <c>{text}</c>.</summary>
    public required string Asked { get; init; }

    /// <summary>A blank.</summary>
    public required string NoAnswer { get; init; }

    /// <summary>A blank.</summary>
    public required string National { get; init; }

    /// <summary>A blank.</summary>
    public required string Court { get; init; }

    /// <summary>A blank.</summary>
    public required string Story { get; init; }

    /// <summary>A blank.</summary>
    public required string Reasons { get; init; }

    /// <summary>A blank.</summary>
    public required string Jurisdiction { get; init; }

    /// <summary>A blank.</summary>
    public required string Value { get; init; }

    /// <summary>A blank.</summary>
    public required string Signed { get; init; }

    /// <summary>A blank: <c>{name}</c>.</summary>
    public required string AddressOf { get; init; }

    /// <summary>A blank.</summary>
    public required string Nothing { get; init; }

    /// <summary>Of terms.</summary>
    public required IReadOnlyDictionary<string, string> Unit { get; init; }

    /// <summary>The rules of terms, as they are cited.</summary>
    public required IReadOnlyDictionary<string, string> Law { get; init; }

    /// <summary>Of evidence.</summary>
    public required IReadOnlyDictionary<string, string> Kind { get; init; }

    /// <summary>What stands between a name and what is said of it.</summary>
    public required string Colon { get; init; }

    /// <summary>A blank.</summary>
    public required string UrgentNote { get; init; }
}
