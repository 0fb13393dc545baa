using Aval.Choices;

namespace Aval.Policies;

public abstract partial record Rule
{
    /// <summary>Only what became public at or after an instant (a cut-off by reasonable expectation).</summary>
    public sealed record PublicSince(string? Law, DateTimeOffset From) : Excluding(Form, Law)
    {
        private static readonly Why Before = new(
            Reason.PublicBeforeCutoff, "it was public before the cut-off date, or nobody knows since when",
            Cites.Nothing);

        private static readonly RuleKey.Date Cutoff = new("from", Required: true);

        internal static RuleForm Form { get; } = new RuleForm
        {
            Id = "public-since",
            Article = null,
            Means = "Only what became public at or after an instant.",
            Reasons = [Before],
            Keys = [Cutoff, RuleKey.Unknown],
            Read = (law, fields) => Cutoff.Of(fields) is { } from ? new PublicSince(law, from) : null,
        };

        internal override string ToSentence() =>
            $"Only items that became public on or after {Wording.Day(From)} enter; an item of which nobody knows since "
            + "when it is public stays out.";

        internal override IEnumerable<Exclusion> Exclusions(Policy policy) =>
            [new(Before, $"{Fact.PublicSince} IS NULL OR {Fact.PublicSince} < {From}")];
    }
}
