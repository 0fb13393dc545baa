using Aval.Choices;

namespace Aval.Policies;

public abstract partial record Rule
{
    /// <summary>GDPR Art. 6(1)(a), 7: only what its author consents to.</summary>
    public sealed record Consent(string? Law) : Excluding(Form, Law)
    {
        private static readonly Why Expired = new(
            Reason.ConsentExpired, "its author's consent has ended", Cites.Consent);
        private static readonly Why Missing = new(Reason.NoConsent, "its author has not consented", Cites.Nothing);

        internal static RuleForm Form { get; } = new RuleForm
        {
            Id = "consent",
            Article = "GDPR Art. 6(1)(a), 7",
            Means = "in only when the latest word on consent is a yes that has not ended.",
            Reasons = [Withdrawal.Withdrawn, Withdrawal.Refused, Expired, Missing],
            Keys = [],
            Read = (law, _) => new Consent(law),
        };

        internal override string ToSentence() =>
            "Only items whose author consents enter: the latest word on consent is a yes that has not ended. "
            + "Nothing said is no consent.";

        internal override IEnumerable<Exclusion> Exclusions(Policy policy) =>
        [
            .. Withdrawal.TakenBack,
            // A consent that ends at the very instant of the build has ended: "until midnight" must not reach
            // midnight's release; and one that has ended when a release is recalled has ended for it too.
            new(Expired, $"""
                {Fact.ConsentKind} IS NOT DISTINCT FROM 'consent'
                AND {Fact.ConsentUntil} IS NOT NULL AND {Fact.ConsentUntil} <= known_at()
                """),
            new(Missing, $"{Fact.ConsentKind} IS NULL"),
        ];
    }
}
