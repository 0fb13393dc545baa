using Aval.Choices;

namespace Aval.Policies;

/// <summary>Of what a share is drawn.</summary>
public enum DrawnOf
{
    /// <summary>Of people: all accounts that links connect are drawn together, or none of them.</summary>
    Persons,
}

public abstract partial record Rule
{
    /// <summary>
    /// A corpus of no more people than it takes (GDPR Art. 5(1)(c)): each is drawn, or is not, by a hash of the person
    /// under a key of the workspace and the seed. So a smaller share is within a larger one of the same seed, and
    /// nothing that anybody else says or writes changes who is drawn.
    /// </summary>
    /// <param name="Law">The article and source it rests on.</param>
    /// <param name="AtMost">The part of all possible hashes that is drawn.</param>
    /// <param name="Of">Of what.</param>
    /// <param name="Seed">Another seed draws others.</param>
    public sealed record Share(string? Law, Ratio AtMost, DrawnOf Of, int Seed) : Excluding(Form, Law)
    {
        /// <summary>A draw is below 2 to the power of this: a whole number that every engine compares alike.</summary>
        internal const int Bits = 62;

        private static readonly Why NotDrawn = new(
            Reason.NotDrawn, "a share of the people alone was drawn for this corpus, and its author is not among them",
            Cites.Nothing);

        private static readonly RuleKey.Part Part = new(
            "at-most", new Ratio(1, 10_000), new Ratio(1, 1), Required: true);

        private static readonly RuleKey.Choice<DrawnOf> Drawn = new(
            "draw", new RuleKey.Choice<DrawnOf>.Option("persons", DrawnOf.Persons));

        private static readonly RuleKey.Whole Seeded = new("seed", 1, int.MaxValue);

        internal static RuleForm Form { get; } = new RuleForm
        {
            Id = "share",
            Article = "GDPR 5(1)(c)",
            Means = "a share of the people alone, drawn by a keyed hash. Asked last, wherever it stands.",
            Reasons = [NotDrawn],
            Keys = [Part, Drawn, Seeded],
            Read = (law, fields) =>
            {
                var (part, drawn, seed) = (Part.Of(fields), Drawn.Of(fields), Seeded.Of(fields));
                return part is { } atMost && drawn is { } of && seed is { } chosen
                    ? new Share(law, atMost, of, chosen)
                    : null;
            },
        };

        /// <summary>The first draw that is none: exact, since a share that is rounded twice is two shares.</summary>
        internal long Bound => (long)(((UInt128)(uint)AtMost.Part << Bits) / (uint)AtMost.Whole);

        internal override string ToSentence() =>
            $"Of all people {AtMost.ToPercent()} are drawn by a keyed hash of each, with the seed {Seed}, and with a "
            + "person all linked accounts; what others wrote is out. This is asked last: only what every other rule "
            + "lets in is out because its author was not drawn, and copies and duplicates are looked for among those "
            + "who were.";

        internal override IEnumerable<Exclusion> Exclusions(Policy policy) =>
            [new(NotDrawn, $"{Fact.Draw} IS NULL OR {Fact.Draw} >= {Bound}")];
    }
}
