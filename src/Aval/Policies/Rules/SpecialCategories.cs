using Aval.Choices;

namespace Aval.Policies;

public abstract partial record Rule
{
    /// <summary>GDPR Art. 9, 10: what reveals health, belief and the like.</summary>
    internal static class SpecialCategories
    {
        internal static RuleForm Form { get; } = new RuleForm.NotYet
        {
            Id = "special-categories",
            Article = "GDPR Art. 9, 10",
            Means = "what reveals special-category data.",
            Treatments =
            [
                new Treatment.Excludes(
                    new Why(Reason.SpecialCategory, "it reveals special-category data", Cites.Nothing)),
            ],
        };
    }
}
