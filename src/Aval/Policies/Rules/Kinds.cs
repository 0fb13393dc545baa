using Aval.Choices;
using Aval.Content;

namespace Aval.Policies;

public abstract partial record Rule
{
    /// <summary>Which kinds of items.</summary>
    public sealed record Kinds(string? Law, IReadOnlyList<string> Admit) : Excluding(Form, Law)
    {
        private static readonly Why NotAdmitted = new(
            Reason.KindNotAdmitted, "items of its kind are not admitted", Cites.Nothing);

        private static readonly RuleKey.Words Admitted = new("admit", WordForm.OneOf("a kind", Vocabulary.Kinds));

        internal static RuleForm Form { get; } = new RuleForm
        {
            Id = "kinds",
            Article = null,
            Means = "Which kinds of items a corpus may hold.",
            Reasons = [NotAdmitted],
            Keys = [Admitted],
            Read = (law, fields) => new Kinds(law, Admitted.Of(fields)),
        };

        internal override string ToSentence() =>
            $"Only items of {(Admit.Count == 1 ? "this kind" : "these kinds")} enter: {Wording.Names(Admit)}.";

        internal override IEnumerable<Exclusion> Exclusions(Policy policy) =>
            [new(NotAdmitted, $"{Fact.Kind} NOT IN {Admit}")];
    }
}
