using Aval.Choices;

namespace Aval.Policies;

public abstract partial record Rule
{
    /// <summary>GDPR Art. 9, 17: anyone, about one item.</summary>
    public sealed record Removal(string? Law) : Excluding(Form, Law)
    {
        private static readonly Why Requested = new(
            Reason.RemovalRequested, "somebody asked for its removal", Cites.Removal);

        internal static RuleForm Form { get; } = new RuleForm
        {
            Id = "removal",
            Article = "GDPR Art. 9, 17",
            Means = "out when anyone asked for this item's removal.",
            Reasons = [Requested],
            Keys = [],
            Read = (law, _) => new Removal(law),
        };

        internal override string ToSentence() => "An item that anyone asked to have removed stays out.";

        internal override IEnumerable<Exclusion> Exclusions(Policy policy) =>
            [new(Requested, $"coalesce({Fact.Removed}, false)")];
    }
}
