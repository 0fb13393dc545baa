using Aval.Choices;
using Aval.Policies;

namespace Aval.Tests.Text.AboutMe;

/// <summary>Persons who have no account, and tags that are nothing but a name.</summary>
public sealed class OutsidePersonTests : IDisposable
{
    private static readonly Rule Mask = new Rule.AboutMe(null, Protected.Objectors, MentionAction.Mask);
    private static readonly Rule Exclude = new Rule.AboutMe(null, Protected.Objectors, MentionAction.Exclude);

    private readonly EngineWorld _world = new(EngineWorld.Day("2025-12-01"));

    public OutsidePersonTests() => _world.Account("facebook:8", handle: "ada.fictive", shown: "Ada Fictive");

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Registered_names_and_handles_of_somebody_outside_are_masked()
    {
        _world.Account("outside:case-17", shown: "Dóra Fictive");
        _world.Account("outside:case-17", shown: "Dodo F.");
        _world.Account("outside:case-17", handle: "facebook:dora.fictive");
        _world.Account("outside:case-17", handle: "instagram:dodo_f");
        Objects("outside:case-17");
        _world.Item("handle", "facebook:8", text: "with @dora.fictive, that is Dóra Fictive or Dodo F.!");
        _world.Item("link", "facebook:8", text: "see https://instagram.com/dodo_f today");
        _world.Item("other", "facebook:8", text: "with @dodo_f");
        _world.Item("tagged", "facebook:8", text: "DÓRA fictive and I", mentioned: "outside:Dóra_Fictive");
        _world.Item("free", "facebook:8", text: "Dóra Fictive stands free");

        var texts = _world.Texts(Mask);

        Assert.Equal("with <PERSON>, that is <PERSON> or <PERSON>!", texts["handle"]);
        Assert.Equal("see <PERSON> today", texts["link"]);
        Assert.Equal("with @dodo_f", texts["other"]);
        Assert.Equal("<PERSON> and I", texts["tagged"]);
        Assert.Equal("Dóra Fictive stands free", texts["free"]);
        Assert.Equal(Reason.MentionsObjector, _world.ReasonFor("tagged", Exclude));
        Assert.Null(_world.ReasonFor("free", Exclude));
    }

    [Fact]
    public void Nobody_registered_is_masked_without_a_choice()
    {
        _world.Account("outside:case-17", shown: "Dóra Fictive");
        _world.Item("i", "facebook:8", text: "Dóra Fictive and I", mentioned: "outside:Dóra_Fictive");

        Assert.Equal("Dóra Fictive and I", _world.Texts(Mask)["i"]);
    }

    [Fact]
    public void Whoever_is_tagged_by_name_and_objects_under_it_is_masked_though_nothing_was_registered()
    {
        Objects("outside:Dóra_Fictive");
        _world.Item("i", "facebook:8", text: "Dora\u0301 Dóra  Fictive and I", mentioned: "outside:Dóra_Fictive");

        Assert.Equal("Dora\u0301 <PERSON> and I", _world.Texts(Mask)["i"]);
    }

    /// <summary>Forgotten too, and where it was forgotten when a token stood for these very letters.</summary>
    [Theory]
    [InlineData("outside:dóra_FICTIVE", false)]
    [InlineData("outside:Dóra_Fictive", true)]
    public void A_tag_in_other_letters_than_the_choice_is_masked(string said, bool isOlder)
    {
        Objects(said);
        _world.Item("i", "facebook:8", text: "Dóra Fictive and I", mentioned: "outside:Dóra_Fictive");

        Assert.Equal("<PERSON> and I", _world.Texts(Mask)["i"]);

        var choice = Assert.Single(_world.TakeChoices());
        var token = new SuppressionTokens(EngineWorld.Key).Of(choice);
        _world.Suppressions.Add(isOlder
            ? token with { Account = new SuppressionTokens(EngineWorld.Key).OfAccount(said) }
            : token);

        Assert.Equal("<PERSON> and I", _world.Texts(Mask)["i"]);
    }

    [Fact]
    public void What_one_spelling_permits_is_nothing_that_another_said_when_it_is_forgotten_either()
    {
        Objects("outside:Dóra_Fictive");
        _world.Item("i", "facebook:8", text: "Dóra Fictive and I", mentioned: "outside:Dóra_Fictive");
        _world.Choose(
            ChoiceKind.ObjectionLifted, "outside:dóra_fictive", EngineWorld.Day("2025-07-01"), "about-me");
        var said = _world.TakeChoices();
        _world.Choose(said[0]);
        _world.Suppressions.Add(new SuppressionTokens(EngineWorld.Key).Of(said[1]));

        Assert.Equal("<PERSON> and I", _world.Texts(Mask)["i"]);
    }

    [Fact]
    public void An_objection_that_was_lifted_does_not_come_back_for_another_spelling_when_it_is_forgotten()
    {
        Objects("outside:dóra_fictive");
        _world.Choose(
            ChoiceKind.ObjectionLifted, "outside:dóra_fictive", EngineWorld.Day("2025-07-01"), "about-me");
        _world.Item("i", "facebook:8", text: "Dóra Fictive and I", mentioned: "outside:Dóra_Fictive");
        var said = _world.TakeChoices();
        _world.Choose(said[1]);
        _world.Suppressions.Add(new SuppressionTokens(EngineWorld.Key).Of(said[0]));

        Assert.Equal("Dóra Fictive and I", _world.Texts(Mask)["i"]);
    }

    [Fact]
    public void An_objection_decides_against_a_lifting_of_the_same_instant_when_it_is_forgotten_too()
    {
        Objects("outside:Dóra_Fictive");
        _world.Item("i", "facebook:8", text: "Dóra Fictive and I", mentioned: "outside:Dóra_Fictive");
        var objection = Assert.Single(_world.TakeChoices());
        _world.Choose(objection);
        _world.Choose(
            ChoiceKind.ObjectionLifted, "outside:Dóra_Fictive", objection.Choice.MadeAt, "about-me");
        Assert.Equal("<PERSON> and I", _world.Texts(Mask)["i"]);

        var said = _world.TakeChoices();
        _world.Choose(said[1]);
        _world.Suppressions.Add(new SuppressionTokens(EngineWorld.Key).Of(said[0]));
        Assert.Equal("<PERSON> and I", _world.Texts(Mask)["i"]);
    }

    /// <summary>Facebook's exports tag by name alone; who the name is shown by on that service may be meant.</summary>
    [Fact]
    public void A_tag_by_name_points_at_whoever_shows_that_name_on_the_service()
    {
        _world.Account("facebook:7", shown: "Kim Fictive");
        _world.Account("instagram:k", shown: "Ben Fictive");
        Objects("facebook:7");
        Objects("instagram:k");
        _world.Item("kim", "facebook:8", text: "Kim Fictive and I", mentioned: "outside:Kim_Fictive");
        _world.Item("ben", "facebook:8", text: "Ben Fictive and I", mentioned: "outside:Ben_Fictive");

        var texts = _world.Texts(Mask);

        Assert.Equal("<PERSON> and I", texts["kim"]);
        Assert.Equal("Ben Fictive and I", texts["ben"]);
    }

    [Theory]
    [InlineData(Protected.Everyone)]
    [InlineData(Protected.AllButConsenting)]
    public void A_tag_by_name_of_nobody_known_is_masked_where_all_are_protected(Protected protect)
    {
        _world.Item("i", "facebook:8", text: "Eve Fictive and I", mentioned: "outside:Eve_Fictive");

        Assert.Equal("<PERSON> and I", _world.Texts(new Rule.AboutMe(null, protect, MentionAction.Mask))["i"]);
    }

    private void Objects(string account) =>
        _world.Choose(ChoiceKind.Objection, account, EngineWorld.Day("2025-06-01"), "about-me");
}
