using System.Globalization;
using Aval.Decisions;
using Aval.Policies;
using Aval.Text.SpecialCategories;
using static Aval.Tests.EngineWorld;

namespace Aval.Tests.SpecialCategoryTexts;

/// <summary>The rule on the real engine: what it decides, how it counts, and what it leaves behind.</summary>
public sealed class SpecialCategoryRuleTests : IDisposable
{
    private static readonly Rule Exclude =
        new Rule.SpecialCategories("GDPR 9", RevealingAction.Exclude, new(5, 10), SpecialCategories.All);

    private static readonly Rule Keep =
        new Rule.SpecialCategories(
            "GDPR 9", RevealingAction.KeepWithExplicitConsent, new(5, 10), SpecialCategories.All);

    private readonly EngineWorld _world = new(Day("2025-12-01"));

    public void Dispose() => _world.Dispose();

    [Fact]
    public void What_reveals_is_out_and_what_is_written_in_the_same_words_about_something_else_is_in()
    {
        _world.Item("ill", "facebook:1", text: "My chemo starts on Monday.");
        _world.Item("sign", "facebook:1", text: "I was born in July, cancer season!");
        _world.Item("photo", "facebook:1", text: null, media: true);
        _world.Item("german", "facebook:1", text: "Ich bin schwul.", language: "de");

        Assert.Equal(Reason.SpecialCategory, _world.ReasonFor("ill", Exclude));
        Assert.Null(_world.ReasonFor("sign", Exclude));
        Assert.Null(_world.ReasonFor("photo", Exclude));
        Assert.Equal(Reason.SpecialCategory, _world.ReasonFor("german", Exclude));
    }

    [Fact]
    public void Only_explicit_consent_keeps_what_reveals_and_only_while_it_stands()
    {
        _world.Item("ill", "facebook:1", text: "My chemo starts on Monday.");
        Assert.Equal(Reason.SpecialCategory, _world.ReasonFor("ill", Keep));

        _world.Choose(ChoiceKind.Consent, "facebook:1", Day("2025-05-01"));
        Assert.Equal(Reason.SpecialCategory, _world.ReasonFor("ill", Keep));

        _world.Choose(ChoiceKind.Consent, "facebook:1", Day("2025-05-02"), purpose: Purpose.SpecialCategories);
        Assert.Null(_world.ReasonFor("ill", Keep));
        Assert.Equal(Reason.SpecialCategory, _world.ReasonFor("ill", Exclude));

        _world.Choose(ChoiceKind.Withdrawal, "facebook:1", Day("2025-05-03"), purpose: Purpose.SpecialCategories);
        Assert.Equal(Reason.SpecialCategory, _world.ReasonFor("ill", Keep));
    }

    [Fact]
    public void Explicit_consent_to_one_item_keeps_that_one()
    {
        _world.Item("ill", "facebook:1", text: "My chemo starts on Monday.");
        _world.Item("ill2", "facebook:1", text: "My chemo starts on Monday.");
        _world.Choose(
            ChoiceKind.Consent, "facebook:1", Day("2025-05-02"), "item:facebook:ill", Purpose.SpecialCategories);

        Assert.Null(_world.ReasonFor("ill", Keep));
        Assert.Equal(Reason.SpecialCategory, _world.ReasonFor("ill2", Keep));
    }

    /// <summary>Matches and only are exact also where another rule holds, and every sum closes.</summary>
    [Fact]
    public void The_sums_close_and_what_the_rule_would_do_alone_is_counted()
    {
        for (var item = 0; item < 3_000; item++)
        {
            _world.Item(
                item.ToString(CultureInfo.InvariantCulture), "facebook:1", kind: item % 2 == 0 ? "post" : "comment",
                text: item % 3 == 0 ? "My chemo starts on Monday." : "The weather is fine.");
        }

        var policy = EngineWorld.Policy(new Rule.Kinds(null, ["post"]), Exclude);
        var decisions = _world.Prepare(policy);
        var cells = _world.Engine.Query(
            $"SELECT mask, service, kind, 'en', count(*) FROM ({decisions.Relation}) GROUP BY ALL",
            row => new Cell(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4)));
        var accounting = Accounting.Of(policy, decisions, DecisionCounts.Of(cells), 0);

        Assert.True(accounting.Closes);
        var rule = accounting.Rules.Single(rule => rule.Rule == "special-categories");
        Assert.Equal((500, 1_000, 500), (rule.Excluded, rule.Matches, rule.Only));
        Assert.Equal(500, accounting.Total.Excluded[Reason.SpecialCategory]);
        Assert.Equal(1_000, accounting.Total.Admitted);
    }

    /// <summary>Art. 9 forbids the list of who is what: what a decision leaves says no more than that a rule
    /// held.</summary>
    [Fact]
    public void Which_category_a_text_reveals_is_in_nothing_that_a_decision_leaves()
    {
        _world.Item("ill", "facebook:1", text: "My chemo starts on Monday.");
        _world.Item("faith", "facebook:1", text: "I am a Catholic.");

        var decided = _world.Decide(Exclude);

        Assert.Single(decided.Select(item => item.Mask).Distinct());
        Assert.All(decided, item => Assert.Equal(["special-categories"], item.Rules));
        SpecialCategoryFunction.Provide(_world.Engine);
        Assert.Equal(
            _world.Engine.Scalar<int>("SELECT special_points('My chemo starts on Monday.', 'en', 255)"),
            _world.Engine.Scalar<int>("SELECT special_points('I am a Catholic.', 'en', 255)"));
    }

    [Fact]
    public void The_sentence_says_what_is_looked_for_where_and_what_is_not()
    {
        var sentence = Keep.ToSentence();

        Assert.Contains("at least 50 %", sentence, StringComparison.Ordinal);
        Assert.Contains("unless their author consented explicitly", sentence, StringComparison.Ordinal);
        Assert.Contains("de, en, es, fr, it and pl", sentence, StringComparison.Ordinal);
        Assert.Contains("is not looked through", sentence, StringComparison.Ordinal);
        Assert.Contains(
            "health and religion",
            new Rule.SpecialCategories(
                null, RevealingAction.Exclude, new(5, 10), [SpecialCategory.Health, SpecialCategory.Religion])
                .ToSentence(),
            StringComparison.Ordinal);
    }
}
