using Aval.Choices;

namespace Aval.Policies;

public abstract partial record Rule
{
    /// <summary>An information notice was delivered (GDPR Art. 13(3), 21(4)).</summary>
    public sealed record Informed(string? Law) : Excluding(Form, Law)
    {
        private static readonly Why NotInformed = new(
            Reason.NotInformed, "no information notice has reached its author", Cites.Nothing);

        internal static RuleForm Form { get; } = new RuleForm
        {
            Id = "informed",
            Article = "GDPR Art. 13(3), 21(4)",
            Means = "in only when an information notice was delivered to its author.",
            Reasons = [NotInformed],
            Keys = [RuleKey.Unknown],
            Read = (law, _) => new Informed(law),
        };

        internal override string ToSentence() =>
            "Only items of authors to whom an information notice was delivered enter; where no delivery is known, they "
            + "stay out.";

        internal override IEnumerable<Exclusion> Exclusions(Policy policy) =>
            [new(NotInformed, $"{Fact.DeliveredAt} IS NULL")];
    }
}
