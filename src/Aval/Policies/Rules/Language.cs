using Aval.Choices;

namespace Aval.Policies;

public abstract partial record Rule
{
    /// <summary>Which languages a corpus may hold.</summary>
    internal static class Language
    {
        internal static RuleForm Form { get; } = new RuleForm.NotYet
        {
            Id = "language",
            Article = null,
            Means = "Which languages a corpus may hold.",
            Treatments =
            [
                new Treatment.Excludes(
                    new Why(Reason.LanguageNotAdmitted, "its language is not admitted", Cites.Nothing)),
            ],
        };
    }
}
