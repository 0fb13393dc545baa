using Aval.Choices;

namespace Aval.Policies;

public abstract partial record Rule
{
    /// <summary>GDPR Art. 21.</summary>
    /// <param name="Law">The article.</param>
    /// <param name="ForwardFrom">When set, an objection made at or after this instant excludes only what was written at
    /// or after it (what was announced for May 2025). When null, objections reach past and future alike.</param>
    public sealed record Objection(string? Law, DateTimeOffset? ForwardFrom) : Excluding(Form, Law)
    {
        private static readonly Why Objected = new(Reason.Objected, "its author objected", Cites.Objection);
        private static readonly RuleKey.Date Forward = new("forward-from", Required: false);

        internal static RuleForm Form { get; } = new RuleForm
        {
            Id = "objection",
            Article = "GDPR Art. 21",
            Means = "out when its author objected. With forward-from, later objections reach only later content.",
            Reasons = [Objected],
            Keys = [Forward],
            Read = (law, fields) => new Objection(law, Forward.Of(fields)),
        };

        internal override string ToSentence() => ForwardFrom is { } from
            ? $"Items of an author who objected before {Wording.Day(from)} stay out; an objection made since then "
                + "keeps out only what was written at or after it, or at an unknown date."
            : "Items of an author who objected stay out, past and future ones alike, until that person lifts the "
                + "objection.";

        internal override IEnumerable<Exclusion> Exclusions(Policy policy) => ForwardFrom is { } from
            ?
            [
                new(Objected, $"""
                    {Fact.ObjectedSince} IS NOT NULL
                    AND ({Fact.ObjectedSince} < {from} OR {Fact.CreatedAt} IS NULL
                         OR {Fact.CreatedAt} >= {Fact.ObjectedSince})
                    """),
            ]
            : [new(Objected, $"{Fact.ObjectedSince} IS NOT NULL")];
    }
}
