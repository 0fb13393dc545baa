namespace Aval.Policies;

public abstract partial record Rule
{
    /// <summary>
    /// Assessments that must have been signed before anything is built (GDPR Art. 6(1)(f), 35). It keeps no item out:
    /// without them there is no build.
    /// </summary>
    /// <param name="Law">The article and source it rests on.</param>
    /// <param name="Papers">Which: <c>lia</c>, <c>dpia</c>.</param>
    /// <param name="Days">How old the signature may be.</param>
    public sealed record Assessment(string? Law, IReadOnlyList<string> Papers, int Days) : Requiring(Form, Law)
    {
        /// <summary>The assessment of the legitimate interest (<c>aval papers assessment</c>).</summary>
        internal const string Lia = "lia";

        /// <summary>The data-protection impact assessment (<c>aval papers impact</c>).</summary>
        internal const string Dpia = "dpia";

        private static readonly RuleKey.Words Required = new(
            "require", WordForm.OneOf("a paper that can be required", Lia, Dpia));

        private static readonly RuleKey.Days Oldest = new("max-age");

        internal static RuleForm Form { get; } = new RuleForm
        {
            Id = "assessment",
            Article = "GDPR 6(1)(f), 35",
            Means = "assessments that must be signed before anything is built, for this text of the policy and not "
                + "longer ago than that. It keeps no item out.",
            Reasons = [],
            Keys = [Required, Oldest],
            Read = (law, fields) =>
            {
                var (papers, days) = (Required.Of(fields), Oldest.Of(fields));
                return days is { } most ? new Assessment(law, papers, most) : null;
            },
        };

        internal override string ToSentence() =>
            $"Nothing is built unless {Wording.Names([.. Papers.Select(NameOf)])} "
            + $"{(Papers.Count == 1 ? "was" : "were")} signed for this text of the policy, "
            + $"{(Days == 1 ? "1 day" : $"{Days} days")} ago at most. This keeps no item out.";

        private static string NameOf(string paper) => paper == Lia
            ? "the assessment of the legitimate interest (lia)"
            : "the data-protection impact assessment (dpia)";
    }
}
