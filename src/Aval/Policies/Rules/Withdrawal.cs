using Aval.Choices;

namespace Aval.Policies;

public abstract partial record Rule
{
    /// <summary>GDPR Art. 7(3): withdrawals and refusals.</summary>
    public sealed record Withdrawal(string? Law) : Excluding(Form, Law)
    {
        /// <summary>A yes was taken back.</summary>
        internal static readonly Why Withdrawn = new(
            Reason.ConsentWithdrawn, "its author withdrew the consent", Cites.Consent);

        /// <summary>A no was said to the question.</summary>
        internal static readonly Why Refused = new(Reason.Refused, "its author refused consent", Cites.Consent);

        internal static RuleForm Form { get; } = new RuleForm
        {
            Id = "withdrawal",
            Article = "GDPR Art. 7(3)",
            Means = "out when the latest word on consent is a withdrawal or a refusal.",
            Reasons = [Withdrawn, Refused],
            Keys = [],
            Read = (law, _) => new Withdrawal(law),
        };

        internal override string ToSentence() =>
            "Items of an author whose latest word on consent is a withdrawal or a refusal stay out.";

        internal override IEnumerable<Exclusion> Exclusions(Policy policy) => TakenBack;

        /// <summary>When the latest word on consent is a no.</summary>
        internal static IReadOnlyList<Exclusion> TakenBack =>
        [
            new(Withdrawn, $"{Fact.ConsentKind} IS NOT DISTINCT FROM 'withdrawal'"),
            new(Refused, $"{Fact.ConsentKind} IS NOT DISTINCT FROM 'refusal'"),
        ];
    }
}
