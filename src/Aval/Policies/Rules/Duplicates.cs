using Aval.Choices;

namespace Aval.Policies;

/// <summary>Which of several items that say the same are kept.</summary>
public enum KeptDuplicates
{
    /// <summary>The first.</summary>
    First,

    /// <summary>The first of each author.</summary>
    OnePerAuthor,

    /// <summary>All.</summary>
    All,
}

public abstract partial record Rule
{
    /// <summary>The same text again.</summary>
    /// <param name="Law">The article and source it rests on.</param>
    /// <param name="Keep">Which are kept.</param>
    /// <param name="Similarity">The part of what is in either text that is in both, from which they say the
    /// same.</param>
    public sealed record Duplicates(string? Law, KeptDuplicates Keep, Ratio Similarity) : Excluding(Form, Law)
    {
        private static readonly Why Again = new(Reason.Duplicate, "it duplicates another item", Cites.Nothing);

        private static readonly RuleKey.Choice<KeptDuplicates> Kept = new(
            "keep", new("first", KeptDuplicates.First), new("one-per-author", KeptDuplicates.OnePerAuthor),
            new("all", KeptDuplicates.All));

        private static readonly RuleKey.Part Alike = new(
            "similarity", new Ratio(5, 10), new Ratio(1, 1), Required: false);

        internal static RuleForm Form { get; } = new RuleForm
        {
            Id = "duplicates",
            Article = null,
            Means = "The same text again.",
            Reasons = [Again],
            Keys = [Kept, Alike],
            Read = (law, fields) =>
            {
                var (kept, alike) = (Kept.Of(fields), Alike.Of(fields));
                return kept is { } keep ? new Duplicates(law, keep, alike ?? Usual) : null;
            },
        };

        // What a policy that does not say has: typing errors and other greetings, and not the same subject.
        private static Ratio Usual => new(8, 10);

        internal override string ToSentence() => Keep switch
        {
            KeptDuplicates.First =>
                $"Of items that say the same, {Meaning}, the first stays and the others are out.",
            KeptDuplicates.OnePerAuthor =>
                $"Of items that say the same, {Meaning}, the first of each author stays and the others are out.",
            KeptDuplicates.All => "Items that say the same all stay.",
        };

        internal override IEnumerable<Exclusion> Exclusions(Policy policy) => [new(Again, $"{Fact.IsDuplicate}")];

        private string Meaning => $"alike in at least {Similarity.ToPercent()} of their parts";
    }
}
