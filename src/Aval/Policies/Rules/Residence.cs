using Aval.Choices;

namespace Aval.Policies;

public abstract partial record Rule
{
    /// <summary>What a corpus is about, by the author's residence; it never lowers a protection.</summary>
    /// <param name="Law">The article.</param>
    /// <param name="Admit">ISO 3166 alpha-2 codes; the groups EU and EEA are already written out.</param>
    public sealed record Residence(string? Law, IReadOnlyList<string> Admit) : Excluding(Form, Law)
    {
        private static readonly Why Outside = new(
            Reason.OutsideScope, "its author lives outside what this corpus is about", Cites.Nothing);

        private static readonly Why Unknown = new(

            Reason.ResidenceUnknown, "its author's residence is unknown", Cites.Nothing);
        private static readonly RuleKey.Words Admitted = new("admit", Residences.Form);

        internal static RuleForm Form { get; } = new RuleForm
        {
            Id = "residence",
            Article = null,
            Means = "ISO 3166-1 alpha-2 codes (and XK), or a group.",
            Reasons = [Unknown, Outside],
            Keys = [Admitted, RuleKey.Unknown],
            Read = (law, fields) => new Residence(law, Residences.WrittenOut(Admitted.Of(fields))),
        };

        internal override string ToSentence() =>
            $"The corpus is about authors who live in {Wording.Names(Admit)}; an author of unknown residence stays "
            + "out. This selects, and never lowers a protection.";

        internal override IEnumerable<Exclusion> Exclusions(Policy policy) =>
        [
            new(Unknown, $"{Fact.Country} IS NULL"),
            new(Outside, $"{Fact.Country} IS NOT NULL AND {Fact.Country} NOT IN {Admit}"),
        ];
    }
}
