using Aval.Choices;

namespace Aval.Policies;

public abstract partial record Rule
{
    /// <summary>GDPR Art. 18.</summary>
    public sealed record Restriction(string? Law) : Excluding(Form, Law)
    {
        private static readonly Why Restricted = new(
            Reason.Restricted, "its author had its use restricted while something is examined", Cites.Restriction);

        internal static RuleForm Form { get; } = new RuleForm
        {
            Id = "restriction",
            Article = "GDPR Art. 18",
            Means = "out while a restriction stands.",
            Reasons = [Restricted],
            Keys = [],
            Read = (law, _) => new Restriction(law),
        };

        internal override string ToSentence() =>
            "Items of an author with a standing restriction stay out until the controller has lifted it.";

        internal override IEnumerable<Exclusion> Exclusions(Policy policy) =>
            [new(Restricted, $"{Fact.RestrictedAt} IS NOT NULL")];
    }
}
