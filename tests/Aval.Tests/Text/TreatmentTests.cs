using Aval.Policies;
using Aval.Text;
using Aval.Text.Identifiers;
using Aval.Text.Languages;

namespace Aval.Tests.Text;

/// <summary>What is done to texts between the decision and the shard.</summary>
public sealed class TreatmentTests : IDisposable
{
    private static readonly Rule Identifiers = new Rule.Identifiers(null, ["email", "handle", "phone"]);

    private readonly EngineWorld _world = new(EngineWorld.Day("2025-12-01"));

    public void Dispose() => _world.Dispose();

    [Fact]
    public void The_kinds_that_a_policy_names_are_masked_and_no_others()
    {
        _world.Item("i", "facebook:8", text: "write to kim@example.org or 2001:db8::1, @kim");

        Assert.Equal("write to <EMAIL> or 2001:db8::1, <HANDLE>", _world.Texts(Identifiers)["i"]);
    }

    [Fact]
    public void The_author_s_country_says_how_numbers_are_read()
    {
        _world.Account("facebook:8", country: "DE");
        _world.Account("facebook:9", country: null);
        _world.Item("de", "facebook:8", text: "Tel. 030 901820 ist neu");
        _world.Item("unknown", "facebook:9", text: "+49 30 901820 ist neu");

        var texts = _world.Texts(Identifiers);

        Assert.Equal("Tel. <PHONE> ist neu", texts["de"]);
        Assert.Equal("<PHONE> ist neu", texts["unknown"]);
    }

    [Fact]
    public void A_protected_person_s_handle_is_replaced_as_a_person_whatever_else_it_looks_like()
    {
        _world.Account("facebook:7", handle: "kim.fictive", shown: "Kim Fictive");
        _world.Choose(ChoiceKind.Objection, "facebook:7", EngineWorld.Day("2025-06-01"));
        _world.Item("i", "facebook:8", text: "dear @kim.fictive and @ada.fictive");

        Assert.Equal(
            "dear <PERSON> and <HANDLE>",
            _world.Texts(new Rule.AboutMe(null, Protected.Objectors, MentionAction.Mask), Identifiers)["i"]);
    }

    [Fact]
    public void A_name_that_ran_into_an_address_is_masked_too()
    {
        _world.Account("facebook:7", handle: "kim.fictive", shown: "Kim Fictive");
        _world.Choose(ChoiceKind.Objection, "facebook:7", EngineWorld.Day("2025-06-01"));
        _world.Item("i", "facebook:8", text: "me@example.org\u0301Kim Fictive", mentioned: "facebook:7");

        Assert.Equal(
            "<EMAIL>\u0301<PERSON>",
            _world.Texts(new Rule.AboutMe(null, Protected.Objectors, MentionAction.Mask), Identifiers)["i"]);
    }

    [Fact]
    public void What_holds_an_identifier_and_nothing_else_is_empty()
    {
        _world.Item("i", "facebook:8", text: "kim@example.org");
        _world.Item("none", "facebook:8", text: null, media: true);

        Assert.Equal(Reason.Empty, _world.ReasonFor("i", Identifiers));
        Assert.Null(_world.ReasonFor("none", Identifiers));
    }

    [Fact]
    public void A_language_is_found_in_the_text_and_one_that_is_not_admitted_is_out()
    {
        var rule = new Rule.Language(null, ["de"]);
        _world.Item("de", "facebook:8", text: "Heute haben wir im Garten gegessen und lange geredet.", language: null);
        _world.Item("fr", "facebook:8", text: "Nous avons mangé dans le jardin et parlé longtemps.", language: "de");
        _world.Item("und", "facebook:8", text: "12345 !!!", language: null);

        Assert.Null(_world.ReasonFor("de", rule));
        Assert.Equal(Reason.LanguageNotAdmitted, _world.ReasonFor("fr", rule));
        Assert.Equal(Reason.LanguageNotAdmitted, _world.ReasonFor("und", rule));
    }

    [Fact]
    public void A_policy_may_name_the_languages_that_the_model_knows() =>
        Assert.Equal(LanguageModel.Shipped.Codes, KnownLanguages.Known);

    [Fact]
    public void The_rule_knows_the_kinds_that_are_found() => Assert.Equal(
        IdentifierKindNames.All.Select(kind => kind.ToText()).Order(), Rule.Identifiers.AllKinds.Order());

    [Theory]
    [InlineData("a", "<EMAIL> <EMAIL> <PERSON>", "email:2 person:1")]
    [InlineData("said <EMAIL>", "said <EMAIL> <IP>", "ip:1")]
    [InlineData("same", "same", "")]
    public void What_was_replaced_is_counted_by_kind(string text, string treated, string counts)
    {
        Assert.Equal(counts, MaskCounts.Added(text, treated));
        Assert.Equal(counts, string.Join(' ', MaskCounts.Read(counts).Select(of => $"{of.Kind}:{of.Count}")));
    }
}
