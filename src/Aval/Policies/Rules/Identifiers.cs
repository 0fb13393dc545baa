namespace Aval.Policies;

public abstract partial record Rule
{
    /// <summary>Telephone numbers, addresses and the like, whoever they belong to.</summary>
    internal static class Identifiers
    {
        internal static RuleForm Form { get; } = new RuleForm.NotYet
        {
            Id = "identifiers",
            Article = null,
            Means = "Telephone numbers, addresses and the like.",
            Treatments = [new Treatment.Masks()],
        };
    }
}
