using Aval.Choices;

namespace Aval.Policies;

public abstract partial record Rule
{
    /// <summary>Each item's language is found out, and a corpus may hold some languages alone.</summary>
    /// <param name="Law">The article.</param>
    /// <param name="Admit">The languages that enter, as ISO 639 codes; empty = all, and texts of no known language
    /// too.</param>
    public sealed record Language(string? Law, IReadOnlyList<string> Admit) : Excluding(Form, Law)
    {
        private static readonly Why Other = new(
            Reason.LanguageNotAdmitted, "its language is not admitted", Cites.Nothing);

        private static readonly WordForm Known = WordForm.OneOf("a language", KnownLanguages.Known);

        private static readonly RuleKey.Words Admitted = new(
            "admit",
            Known with
            {
                Refusal = word => word == KnownLanguages.Undetermined
                    ? "a language that nobody can tell cannot be admitted beside others: unknown never means allowed. "
                        + "Without \"admit\" every language enters, and these texts too"
                    : Known.Refusal(word),
            },
            Required: false);

        internal static RuleForm Form { get; } = new RuleForm
        {
            Id = "language",
            Article = null,
            Means = "each item's language is found out from its text. With admit, only these languages enter.",
            Reasons = [Other],
            Keys = [Admitted],
            Read = (law, fields) => new Language(law, Admitted.Of(fields)),
        };

        internal override string ToSentence() => Admit.Count == 0
            ? "The language of each item is found out from its text; items of every language enter."
            : $"The language of each item is found out from its text. Only items in {Wording.Names(Admit)} enter; an "
                + "item whose language nobody can tell stays out.";

        internal override IEnumerable<Exclusion> Exclusions(Policy policy) =>
            Admit.Count == 0 ? [] : [new(Other, $"{Fact.Language} NOT IN {Admit}")];
    }
}
