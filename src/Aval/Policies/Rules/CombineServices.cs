using Aval.Choices;

namespace Aval.Policies;

/// <summary>How DMA Art. 5(2)(b) is read.</summary>
public enum CombineReading
{
    /// <summary>No mixing of services without the account's consent to combination.</summary>
    Strict,

    /// <summary>
    /// Mixing is allowed, since nothing in a release links one person's accounts (OLG Köln 15 UKl 2/25).
    /// </summary>
    SamePerson,
}

public abstract partial record Rule
{
    /// <summary>DMA Art. 5(2)(b).</summary>
    /// <param name="Law">The article.</param>
    /// <param name="Reading"><see cref="CombineReading"/>.</param>
    /// <param name="Primary">Under <see cref="CombineReading.Strict"/>: the one service that needs no consent to
    /// combination.</param>
    public sealed record CombineServices(string? Law, CombineReading Reading, string? Primary) : Excluding(Form, Law)
    {
        private static readonly Why Combined = new(
            Reason.ServicesCombined, "its author has not consented to combining services", Cites.Combining);

        private static readonly RuleKey.Word First = new("primary", WordForm.Service);

        private static readonly RuleKey.Choice<CombineReading> Readings = new(
            "reading",
            new("strict", CombineReading.Strict, (First, "the one service that needs no consent to combination")),
            new("same-person", CombineReading.SamePerson));

        internal static RuleForm Form { get; } = new RuleForm
        {
            Id = "combine-services",
            Article = "DMA Art. 5(2)(b)",
            Means = "strict: other services than the primary one need consent to combination. same-person: services "
                + "may be mixed, since nothing in a release links one person's accounts.",
            Reasons = [Combined],
            Keys = [Readings, First],
            Read = Read,
        };

        private static CombineServices? Read(string? law, YamlFields fields)
        {
            var reading = Readings.Of(fields);
            var primary = First.Of(fields);
            return reading is { } read ? new CombineServices(law, read, primary) : null;
        }

        internal override string ToSentence() => Reading switch
        {
            CombineReading.Strict =>
                $"In a release that mixes services, items of other services than {Primary} enter only with their "
                + "author's consent to combining services.",
            CombineReading.SamePerson =>
                "Services may be mixed, since nothing in a release links one person's accounts.",
        };

        internal override IEnumerable<Exclusion> Exclusions(Policy policy) => Reading switch
        {
            CombineReading.Strict when MixesServices(policy) =>
            [
                new(Combined, $"{Fact.Service} <> {Primary ?? ""} AND NOT coalesce({Fact.MayCombine}, false)"),
            ],
            CombineReading.Strict or CombineReading.SamePerson => [],
        };

        // A release of one service combines nothing, whatever its policy says about combining.
        private static bool MixesServices(Policy policy) =>
            policy.Rules.OfType<Services>().All(services => services.Admit.Distinct().Count() > 1);
    }
}
