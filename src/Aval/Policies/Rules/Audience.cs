using Aval.Choices;
using Aval.Content;

namespace Aval.Policies;

public abstract partial record Rule
{
    /// <summary>Which audiences; never <c>unknown</c>.</summary>
    public sealed record Audience(string? Law, IReadOnlyList<string> Admit) : Excluding(Form, Law)
    {
        private static readonly Why NotPublic = new(
            Reason.NotPublic, "it was not published to everyone", Cites.Nothing);

        private static readonly Why Unknown = new(
            Reason.AudienceUnknown, "nobody knows to whom it was published", Cites.Nothing);

        private static readonly WordForm Known = WordForm.OneOf(
            "an audience", [.. Vocabulary.Audiences.Where(known => known != "unknown")]);

        private static readonly RuleKey.Words Admitted = new("admit", Known with
        {
            Refusal = word => word == "unknown"
                ? "an unknown audience cannot be admitted: unknown never means allowed"
                : Known.Refusal(word),
        });

        internal static RuleForm Form { get; } = new RuleForm
        {
            Id = "audience",
            Article = null,
            Means = "An unknown audience cannot be admitted.",
            Reasons = [Unknown, NotPublic],
            Keys = [Admitted, RuleKey.Unknown],
            Read = (law, fields) => new Audience(law, Admitted.Of(fields)),
        };

        internal override string ToSentence() =>
            $"Only items with {(Admit.Count == 1 ? "this audience" : "one of these audiences")} enter: "
            + $"{Wording.Names(Admit)}. An item whose audience is unknown stays out.";

        internal override IEnumerable<Exclusion> Exclusions(Policy policy) =>
        [
            new(Unknown, $"{Fact.Audience} IS NULL OR {Fact.Audience} = 'unknown'"),
            new(NotPublic, $"""
                {Fact.Audience} IS NOT NULL AND {Fact.Audience} <> 'unknown' AND {Fact.Audience} NOT IN {Admit}
                """),
        ];
    }
}
