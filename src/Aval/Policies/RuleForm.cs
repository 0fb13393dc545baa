namespace Aval.Policies;

/// <summary>A rule as it is in every policy: what a policy may write of it, and why it may exclude.</summary>
internal sealed record RuleForm
{
    /// <summary>Its kebab-case name.</summary>
    public required string Id { get; init; }

    /// <summary>The article or source that asks for it; null where a regime chooses what a corpus is about.</summary>
    public required string? Article { get; init; }

    /// <summary>What it is, in a sentence for whoever writes a policy in an editor.</summary>
    public required string Means { get; init; }

    /// <summary>Every reason that it can give.</summary>
    public required IReadOnlyList<Why> Reasons { get; init; }

    /// <summary>Its keys beside <c>id</c>, <c>law</c> and <c>off</c>.</summary>
    public required IReadOnlyList<RuleKey> Keys { get; init; }

    /// <summary>
    /// Reads it, of its law and its keys; null when a key is missing or wrong, and then the problems say so.
    /// </summary>
    public required Func<string?, YamlFields, Rule?> Read { get; init; }
}

/// <summary>All rules that a policy may speak about.</summary>
internal static class RuleForms
{
    /// <summary>In the order in which they are told to whoever misspells one.</summary>
    public static IReadOnlyList<RuleForm> All { get; } =
    [
        Rule.Erasure.Form, Rule.Restriction.Form, Rule.Objection.Form, Rule.Withdrawal.Form, Rule.Consent.Form,
        Rule.Removal.Form, Rule.Services.Form, Rule.Kinds.Form, Rule.Audience.Form, Rule.Age.Form, Rule.Informed.Form,
        Rule.WaitingPeriod.Form, Rule.CombineServices.Form, Rule.Residence.Form, Rule.PublicSince.Form,
        Rule.SpecialCategories.Form, Rule.AboutMe.Form, Rule.Copies.Form, Rule.Identifiers.Form, Rule.Duplicates.Form,
        Rule.Language.Form, Rule.Share.Form, Rule.Assessment.Form,
    ];
}
