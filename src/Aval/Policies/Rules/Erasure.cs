using Aval.Choices;

namespace Aval.Policies;

public abstract partial record Rule
{
    /// <summary>GDPR Art. 17.</summary>
    public sealed record Erasure(string? Law) : Excluding(Form, Law)
    {
        private static readonly Why Erased = new(Reason.Erased, "its author had it erased", Cites.Erasure);

        internal static RuleForm Form { get; } = new RuleForm
        {
            Id = "erasure",
            Article = "GDPR Art. 17",
            Means = "what was created at or before an erasure stays out for good.",
            Reasons = [Erased],
            Keys = [],
            Read = (law, _) => new Erasure(law),
        };

        internal override string ToSentence() =>
            "What was created at or before an erasure that its author made stays out for good; "
            + "what has no known date counts as created before it.";

        // Unknown when it was written: nobody can say it came after the erasure.
        // What was observed at an instant was there then, whatever date it bears; what an erasure took once stays out.
        internal override IEnumerable<Exclusion> Exclusions(Policy policy) =>
        [
            new(Erased, $"""
                {Fact.ErasedBefore}
                OR ({Fact.ErasedTo} IS NOT NULL
                    AND ({Fact.CreatedAt} IS NULL OR {Fact.CreatedAt} <= {Fact.ErasedTo}
                         OR {Fact.ObservedAt} <= {Fact.ErasedTo}))
                """),
        ];
    }
}
