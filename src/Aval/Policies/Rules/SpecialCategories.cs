using Aval.Choices;

namespace Aval.Policies;

/// <summary>What becomes of an item that reveals special categories.</summary>
public enum RevealingAction
{
    /// <summary>It is out.</summary>
    Exclude,

    /// <summary>It is out unless its author gave explicit consent to such use (GDPR Art. 9(2)(a)).</summary>
    KeepWithExplicitConsent,
}

public abstract partial record Rule
{
    /// <summary>GDPR Art. 9, 10: what reveals health, belief and the like.</summary>
    /// <param name="Law">The article.</param>
    /// <param name="Action">What becomes of what was found.</param>
    /// <param name="AtLeast">From which confidence on, at least 0.05.</param>
    /// <param name="Categories">Which; in their order.</param>
    public sealed record SpecialCategories(
        string? Law, RevealingAction Action, Ratio AtLeast, IReadOnlyList<SpecialCategory> Categories)
        : Excluding(Form, Law)
    {
        /// <summary>The confidence that is asked for where a policy says nothing.</summary>
        public static readonly Ratio Usual = new(5, 10);

        // The engine's function counts confidence in so many points (docs/text.md).
        private const int Points = 20;

        private static readonly Why Revealing = new(
            Reason.SpecialCategory, "it reveals special-category data", Cites.Nothing);

        private static readonly RuleKey.Choice<RevealingAction> Actions = new(
            "action",
            new("exclude", RevealingAction.Exclude),
            new("keep-with-explicit-consent", RevealingAction.KeepWithExplicitConsent));

        private static readonly RuleKey.Part Least = new(
            "at-least", new Ratio(5, 100), new Ratio(1, 1), Required: false);

        private static readonly RuleKey.Words Some = new(
            "categories",
            WordForm.OneOf(
                "a special category", [.. Aval.SpecialCategories.All.Select(category => category.ToText())]),
            Required: false);

        internal static RuleForm Form { get; } = new RuleForm
        {
            Id = "special-categories",
            Article = "GDPR Art. 9, 10",
            Means = "out when its words reveal special-category data, about whomever. keep-with-explicit-consent: "
                + "unless its author consented to the purpose special-categories. at-least: the confidence that is "
                + "asked for, 0.5 when it says nothing. categories: only these.",
            Reasons = [Revealing],
            Keys = [Actions, Least, Some],
            Read = Read,
        };

        private static SpecialCategories? Read(string? law, YamlFields fields)
        {
            var action = Actions.Of(fields);
            var least = Least.Of(fields) ?? Usual;
            var named = Some.Of(fields);
            var categories = Aval.SpecialCategories.All
                .Where(category => named.Count == 0 || named.Contains(category.ToText()));
            return action is { } read ? new SpecialCategories(law, read, least, [.. categories]) : null;
        }

        internal override string ToSentence() =>
            "Items whose words reveal "
            + (Categories.Count == Aval.SpecialCategories.All.Count
                ? "special categories of data or offences"
                : Wording.Names([.. Categories.Select(category => category.ToText())]))
            + $", with a confidence of at least {AtLeast.ToPercent()}, stay out"
            + Action switch
            {
                RevealingAction.Exclude => ".",
                RevealingAction.KeepWithExplicitConsent => " unless their author consented explicitly to such use "
                    + "(purpose special-categories).",
            }
            + $" Words are looked for in {Wording.Names(Aval.SpecialCategories.Languages)}; what is written in other "
            + "languages, and what a picture shows, is not looked through. No category is kept of anybody.";

        internal override IEnumerable<Exclusion> Exclusions(Policy policy) => Action switch
        {
            RevealingAction.Exclude => [new(Revealing, Reveals())],
            // A CASE, so that no text is looked through that its author lets be used.
            RevealingAction.KeepWithExplicitConsent =>
                [new(Revealing, $"CASE WHEN coalesce({Fact.MayReveal}, false) THEN false ELSE {Reveals()} END")],
        };

        // Where nothing is written nothing is revealed.
        private FactSql Reveals()
        {
            var bits = Aval.SpecialCategories.Bits(Categories);
            var least = ((Points * AtLeast.Part) + AtLeast.Whole - 1) / AtLeast.Whole;
            return $"""
                CASE WHEN coalesce({Fact.Text}, '') = '' THEN false
                    ELSE special_points({Fact.Text}, {Fact.Language}, {bits}) >= {least} END
                """;
        }
    }
}
