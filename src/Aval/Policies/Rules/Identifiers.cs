namespace Aval.Policies;

public abstract partial record Rule
{
    /// <summary>Telephone numbers, addresses and the like, whoever they belong to.</summary>
    /// <param name="Law">The article.</param>
    /// <param name="Masked">Which are masked; all others stay.</param>
    public sealed record Identifiers(string? Law, IReadOnlyList<string> Masked) : Masking(Form, Law)
    {
        /// <summary>All kinds that there are, in the order in which they are told.</summary>
        internal static IReadOnlyList<string> AllKinds { get; } =
        [
            "email", "phone", "iban", "card", "national-id", "tax-id", "plate", "address", "ip", "mac", "crypto",
            "coordinates", "url", "handle", "profile",
        ];

        private static readonly RuleKey.Choice<bool> Action = new(
            "action", new RuleKey.Choice<bool>.Option("mask", true));
        private static readonly RuleKey.Words Listed = new("kinds", WordForm.OneOf("a kind of identifier", AllKinds));

        internal static RuleForm Form { get; } = new RuleForm
        {
            Id = "identifiers",
            Article = null,
            Means = "telephone numbers, addresses and the like are replaced by the name of their kind.",
            Reasons = [],
            Keys = [Action, Listed],
            Read = Read,
        };

        private static Identifiers? Read(string? law, YamlFields fields)
        {
            var kinds = Listed.Of(fields);
            return Action.Of(fields) is null ? null : new Identifiers(law, kinds);
        }

        internal override string ToSentence() =>
            $"In the text of what enters, what has the form of {(Masked.Count == 1 ? "this" : "one of these")} is "
            + $"replaced by the name of its kind: {Wording.Names(Masked)}.";
    }
}
