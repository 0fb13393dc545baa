using Aval.Choices;

namespace Aval.Policies;

public abstract partial record Rule
{
    /// <summary>Days since the first delivery of a notice (EDPB 28/2024 §102a).</summary>
    public sealed record WaitingPeriod(string? Law, int Days) : Excluding(Form, Law)
    {
        private static readonly Why NotOver = new(
            Reason.WaitingPeriod, "the waiting period since the information notice has not passed", Cites.Nothing);

        // A year of waiting is long, ten are a mistake; zero would be "off" in disguise.
        private static readonly RuleKey.Whole Length = new("days", 1, 3650);

        internal static RuleForm Form { get; } = new RuleForm
        {
            Id = "waiting-period",
            Article = "EDPB 28/2024 §102a",
            Means = "days since the first delivery of an information notice.",
            Reasons = [NotOver],
            Keys = [Length, RuleKey.Unknown],
            Read = (law, fields) => Length.Of(fields) is { } days ? new WaitingPeriod(law, days) : null,
        };

        internal override string ToSentence() =>
            $"Items enter only when {(Days == 1 ? "1 day has" : $"{Days} days have")} passed since the first "
            + "information notice was delivered to their author; where no delivery is known, they stay out.";

        internal override IEnumerable<Exclusion> Exclusions(Policy policy) =>
        [
            new(NotOver, $"{Fact.DeliveredAt} IS NULL OR {Fact.DeliveredAt} + to_days({Days}) > as_of()"),
        ];
    }
}
