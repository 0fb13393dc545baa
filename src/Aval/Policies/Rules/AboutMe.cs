using Aval.Choices;

namespace Aval.Policies;

public abstract partial record Rule
{
    /// <summary>GDPR Art. 21(1): a protected person in what others wrote.</summary>
    internal static class AboutMe
    {
        internal static RuleForm Form { get; } = new RuleForm.NotYet
        {
            Id = "about-me",
            Article = "GDPR Art. 21(1)",
            Means = "protected persons in what others wrote.",
            Treatments =
            [
                new Treatment.Masks(),
                new Treatment.Excludes(
                    new Why(Reason.MentionsObjector, "it mentions somebody who objected", Cites.Nothing),
                    new Why(Reason.MentionsMinor, "it mentions a minor", Cites.Nothing)),
            ],
        };
    }
}
