using Aval.Choices;

namespace Aval.Policies;

public abstract partial record Rule
{
    /// <summary>The same text again.</summary>
    internal static class Duplicates
    {
        internal static RuleForm Form { get; } = new RuleForm.NotYet
        {
            Id = "duplicates",
            Article = null,
            Means = "The same text again.",
            Whys = [new Why(Reason.Duplicate, "it duplicates another item", Cites.Nothing)],
        };
    }
}
