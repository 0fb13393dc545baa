using Aval.Choices;

namespace Aval.Policies;

public abstract partial record Rule
{
    /// <summary>An excluded item's text, posted by someone else.</summary>
    internal static class Copies
    {
        internal static RuleForm Form { get; } = new RuleForm.NotYet
        {
            Id = "copies",
            Article = null,
            Means = "An excluded item's text, posted by someone else.",
            Whys = [new Why(Reason.CopyOfExcluded, "it copies an excluded item", Cites.Nothing)],
        };
    }
}
