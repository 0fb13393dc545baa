using System.Globalization;
using Aval.Choices;

namespace Aval.Policies;

public abstract partial record Rule
{
    /// <summary>An excluded item's text, posted by someone else.</summary>
    /// <param name="Law">The article and source it rests on.</param>
    /// <param name="Similarity">The part of what is in either text that is in both, from which it is a copy.</param>
    /// <param name="MinCharacters">What is shorter is nobody's.</param>
    /// <param name="CommonAfter">What more unrelated people than that wrote is nobody's.</param>
    public sealed record Copies(string? Law, Ratio Similarity, int MinCharacters, int CommonAfter)
        : Excluding(Form, Law)
    {
        private static readonly Why Copy = new(
            Reason.CopyOfExcluded, "it copies an excluded item", Cites.Nothing);

        private static readonly RuleKey.Word Action = new("action", WordForm.OneOf("an action", "exclude"));

        // Below one half, texts that share a subject are taken for each other's copies.
        private static readonly RuleKey.Part Alike = new(
            "similarity", new Ratio(5, 10), new Ratio(1, 1), Required: true);

        // A greeting is nobody's; what fills a page is somebody's.
        private static readonly RuleKey.Whole Least = new("min-characters", 20, 1000);

        private static readonly RuleKey.Whole Common = new("common-after", 1, 1_000_000);

        internal static RuleForm Form { get; } = new RuleForm
        {
            Id = "copies",
            Article = null,
            Means = "An excluded item's text, posted by someone else.",
            Reasons = [Copy],
            Keys = [Action, Alike, Least, Common],
            Read = (law, fields) =>
            {
                Action.Of(fields);
                var (alike, least, common) = (Alike.Of(fields), Least.Of(fields), Common.Of(fields));
                return alike is { } ratio && least is { } characters && common is { } people
                    ? new Copies(law, ratio, characters, people)
                    : null;
            },
        };

        internal override string ToSentence() => string.Create(
            CultureInfo.InvariantCulture,
            $"Where somebody's will or protection keeps an item out, or it was never public, its text stays out also "
            + $"where somebody else posted it: the same, alike in at least {Similarity.ToPercent()} of its parts, "
            + $"or quoted in a longer item. A text of fewer than {MinCharacters} characters, or that more than "
            + $"{CommonAfter} unrelated people wrote, is nobody's.");

        internal override IEnumerable<Exclusion> Exclusions(Policy policy) => [new(Copy, $"{Fact.IsCopy}")];
    }
}
