using Aval.Choices;

namespace Aval.Policies;

public abstract partial record Rule
{
    /// <summary>Which services a corpus may hold.</summary>
    public sealed record Services(string? Law, IReadOnlyList<string> Admit) : Excluding(Form, Law)
    {
        private static readonly Why NotAdmitted = new(
            Reason.ServiceNotAdmitted, "its service is not admitted", Cites.Nothing);
        private static readonly RuleKey.Words Admitted = new("admit", WordForm.Service);

        internal static RuleForm Form { get; } = new RuleForm
        {
            Id = "services",
            Article = null,
            Means = "Which services a corpus may hold.",
            Reasons = [NotAdmitted],
            Keys = [Admitted],
            Read = (law, fields) => new Services(law, Admitted.Of(fields)),
        };

        internal override string ToSentence() => $"Only items of {Wording.Names(Admit)} enter.";

        internal override IEnumerable<Exclusion> Exclusions(Policy policy) =>
            [new(NotAdmitted, $"{Fact.Service} NOT IN {Admit}")];
    }
}
