using Aval.Choices;
using Aval.Policies;

namespace Aval.Tests.Text.AboutMe;

/// <summary>Protected persons in what others wrote.</summary>
public sealed class NamedPersonsTests : IDisposable
{
    private static readonly Rule Mask = new Rule.AboutMe(null, Protected.Objectors, MentionAction.Mask);
    private static readonly Rule Exclude = new Rule.AboutMe(null, Protected.Objectors, MentionAction.Exclude);

    private readonly EngineWorld _world = new(EngineWorld.Day("2025-12-01"));

    public NamedPersonsTests()
    {
        _world.Account("facebook:7", handle: "kim.fictive", shown: "Kim Fictive");
        _world.Account("facebook:8", handle: "ada.fictive", shown: "Ada Fictive");
        _world.Account("facebook:9", handle: "ben.fictive", shown: "Ben Fictive");
    }

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("everything")]
    [InlineData("about-me")]
    public void Whoever_objected_is_masked_in_what_others_write(string scope)
    {
        _world.Choose(ChoiceKind.Objection, "facebook:7", EngineWorld.Day("2025-06-01"), scope);
        _world.Item("tagged", "facebook:8", text: "Kim Fictive and Ben Fictive", mentioned: "facebook:7");
        _world.Item("handle", "facebook:8", text: "with @kim.fictive and @ben.fictive");
        _world.Item("free", "facebook:8", text: "Kim Fictive is not tagged here");

        var texts = _world.Texts(Mask);

        Assert.Equal("<PERSON> and Ben Fictive", texts["tagged"]);
        Assert.Equal("with <PERSON> and @ben.fictive", texts["handle"]);
        Assert.Equal("Kim Fictive is not tagged here", texts["free"]);
    }

    [Fact]
    public void Whoever_is_answered_is_masked_where_the_answer_calls_her_by_her_name()
    {
        _world.Choose(ChoiceKind.Objection, "facebook:7", EngineWorld.Day("2025-06-01"));
        _world.Item("post", "facebook:7", text: "who comes?");
        _world.Item("named", "facebook:8", text: "I do, Kim Fictive! And Ben Fictive.", inReplyTo: "post");
        _world.Item("unnamed", "facebook:8", text: "I do!", inReplyTo: "post");
        _world.Item("elsewhere", "instagram:8", service: "instagram", text: "Kim Fictive", inReplyTo: "post");

        var texts = _world.Texts(Mask);

        Assert.Equal("I do, <PERSON>! And Ben Fictive.", texts["named"]);
        Assert.Equal("Kim Fictive", texts["elsewhere"]);
        Assert.Equal(Reason.MentionsObjector, _world.ReasonFor("named", Exclude));
        Assert.Null(_world.ReasonFor("unnamed", Exclude));
    }

    /// <summary>An export that names its handles as ids, and of which the accounts were not imported.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Where_ids_are_handles_whoever_objected_is_found_by_either_without_a_row(bool isForgotten)
    {
        _world.Choose(ChoiceKind.Objection, "instagram:kim.fictive", EngineWorld.Day("2025-06-01"));
        _world.Item("i", "instagram:ada", "instagram", text: "with @[Kim.Fictive:1:Kim], @kim.fictive and @ben_f");
        _world.Item("elsewhere", "facebook:8", text: "another @[Kim.Fictive:1:Kim]");
        if (isForgotten)
            Forget();

        var texts = _world.Texts(Mask);

        Assert.Equal("with <PERSON>, <PERSON> and @ben_f", texts["i"]);
        Assert.Equal("another @[Kim.Fictive:1:Kim]", texts["elsewhere"]);
    }

    /// <summary>Facebook reads a name without its dots and without case; of one that was forgotten a token of one
    /// spelling is left, which some text has to write.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_name_with_dots_is_found_however_a_text_writes_it(bool isForgotten)
    {
        _world.Choose(ChoiceKind.Objection, "facebook:nia.fictive", EngineWorld.Day("2025-06-01"));
        _world.Item("dots", "facebook:8", text: "with @nia.fictive");
        _world.Item("link", "facebook:8", text: "see https://facebook.com/Nia.Fictive");
        _world.Item("none", "facebook:8", text: "with @niafictive");
        if (isForgotten)
            Forget();

        var texts = _world.Texts(Mask);

        Assert.Equal("with <PERSON>", texts["dots"]);
        Assert.Equal("see <PERSON>", texts["link"]);
        Assert.Equal("with <PERSON>", texts["none"]);
    }

    /// <summary>What is forgotten is the objection; what was said after it is not.</summary>
    [Fact]
    public void Who_lifted_an_objection_that_was_forgotten_is_named_in_every_spelling()
    {
        _world.Choose(ChoiceKind.Objection, "facebook:nia.fictive", EngineWorld.Day("2025-06-01"));
        _world.Item("i", "facebook:8", text: "with @nia.fictive and @niafictive");
        Forget();
        _world.Choose(ChoiceKind.ObjectionLifted, "facebook:nia.fictive", EngineWorld.Day("2025-07-01"));

        Assert.Equal("with @nia.fictive and @niafictive", _world.Texts(Mask)["i"]);
    }

    [Theory]
    [InlineData("fb: @facebook.com/kim.fictive", "fb: @<PERSON>")]
    [InlineData("fb: @www.facebook.com/kim.fictive", "fb: @<PERSON>")]
    public void A_link_is_one_behind_a_sign_too(string text, string masked)
    {
        _world.Choose(ChoiceKind.Objection, "facebook:7", EngineWorld.Day("2025-06-01"));
        _world.Item("i", "facebook:8", text: text);

        Assert.Equal(masked, _world.Texts(Mask)["i"]);
        Assert.Equal(Reason.MentionsObjector, _world.ReasonFor("i", Exclude));
    }

    [Fact]
    public void An_objection_to_one_service_says_nothing_about_what_others_write()
    {
        _world.Choose(ChoiceKind.Objection, "facebook:7", EngineWorld.Day("2025-06-01"), "service:facebook");
        _world.Item("i", "facebook:8", text: "@kim.fictive", mentioned: "facebook:7");

        Assert.Equal("@kim.fictive", _world.Texts(Mask)["i"]);
    }

    [Fact]
    public void Whoever_lifts_the_objection_is_named_again()
    {
        _world.Choose(ChoiceKind.Objection, "facebook:7", EngineWorld.Day("2025-06-01"), "about-me");
        _world.Choose(ChoiceKind.ObjectionLifted, "facebook:7", EngineWorld.Day("2025-07-01"), "about-me");
        _world.Item("i", "facebook:8", text: "dear @kim.fictive");

        Assert.Equal("dear @kim.fictive", _world.Texts(Mask)["i"]);
    }

    [Theory]
    [InlineData(ChoiceKind.Restriction)]
    [InlineData(ChoiceKind.Erasure)]
    public void Whoever_is_restricted_or_had_content_erased_is_protected_too(ChoiceKind kind)
    {
        _world.Choose(kind, "facebook:7", EngineWorld.Day("2025-06-01"));
        _world.Item("i", "facebook:8", text: "dear @kim.fictive");

        Assert.Equal("dear <PERSON>", _world.Texts(Mask)["i"]);
        Assert.Equal(Reason.MentionsObjector, _world.ReasonFor("i", Exclude));
    }

    [Fact]
    public void The_objection_of_a_linked_account_protects_all_accounts_of_the_person()
    {
        _world.Account("instagram:k", person: "p", handle: "kim.on.insta", shown: "Kim");
        _world.Account("facebook:7", person: "p", handle: "kim.fictive", shown: "Kim Fictive");
        _world.Choose(ChoiceKind.Objection, "instagram:k", EngineWorld.Day("2025-06-01"));
        _world.Item("i", "facebook:8", text: "dear @kim.fictive, see https://instagram.com/kim.on.insta");

        Assert.Equal("dear <PERSON>, see <PERSON>", _world.Texts(Mask)["i"]);
    }

    [Fact]
    public void A_handle_that_the_person_had_once_protects_her_still()
    {
        _world.Account("facebook:7", handle: "kim.renamed", shown: "Kim Fictive");
        _world.Choose(ChoiceKind.Objection, "facebook:7", EngineWorld.Day("2025-06-01"));
        _world.Item("i", "facebook:8", text: "dear @kim.fictive");

        Assert.Equal("dear <PERSON>", _world.Texts(Mask)["i"]);
    }

    [Fact]
    public void A_minor_who_is_tagged_is_protected_under_every_setting_and_an_unknown_age_is_no_minority()
    {
        _world.Account("facebook:7", birthYear: 2010, handle: "kim.fictive", shown: "Kim Fictive");
        _world.Account("facebook:9", birthYear: null, handle: "ben.fictive", shown: "Ben Fictive");
        _world.Item("minor", "facebook:8", text: "Kim Fictive", mentioned: "facebook:7");
        _world.Item("unknown", "facebook:8", text: "Ben Fictive sings", mentioned: "facebook:9");

        Assert.Equal(Reason.MentionsMinor, _world.ReasonFor("minor", Exclude));
        Assert.Null(_world.ReasonFor("unknown", Exclude));
        Assert.Equal("Ben Fictive sings", _world.Texts(Mask)["unknown"]);
    }

    [Fact]
    public void Who_is_known_to_be_a_minor_stays_one_where_a_later_row_says_no_year_and_not_where_it_says_another()
    {
        foreach (var account in new[] { "facebook:7", "facebook:9" })
            _world.Account(account, birthYear: 2010);
        _world.Account("facebook:7", birthYear: null, handle: "kim.fictive", shown: "Kim Fictive");
        _world.Account("facebook:9", birthYear: 1990, handle: "ben.fictive", shown: "Ben Fictive");
        // What is observed again is not kept again: the row of now has the year.
        _world.Account("facebook:8", birthYear: 1990, handle: "ada.fictive", shown: "Ada Fictive");
        _world.Engine.Execute("UPDATE accounts_now SET birth_year = 2012 WHERE account = 'facebook:8'");
        _world.Item("again", "facebook:9", text: "Ada Fictive", mentioned: "facebook:8");
        Assert.Equal(Reason.MentionsMinor, _world.ReasonFor("again", Exclude));
        _world.Item("minor", "facebook:8", text: "Kim Fictive", mentioned: "facebook:7");
        _world.Item("adult", "facebook:8", text: "Ben Fictive", mentioned: "facebook:9");

        Assert.Equal(Reason.MentionsMinor, _world.ReasonFor("minor", Exclude));
        Assert.Null(_world.ReasonFor("adult", Exclude));
    }

    [Theory]
    [InlineData("facebook:kim.fictive")]
    [InlineData("facebook:Kim.Fictive")]
    [InlineData("facebook:kimfictive")]
    public void A_tag_whose_id_is_a_user_name_points_at_whoever_has_it_as_a_handle(string tag)
    {
        _world.Choose(ChoiceKind.Objection, "facebook:7", EngineWorld.Day("2025-06-01"));
        _world.Item("i", "facebook:8", text: "Kim Fictive and I", mentioned: tag);

        Assert.Equal("<PERSON> and I", _world.Texts(Mask)["i"]);
        Assert.Equal(Reason.MentionsObjector, _world.ReasonFor("i", Exclude));
    }

    [Fact]
    public void What_is_nothing_but_a_name_is_empty_when_the_name_is_gone()
    {
        _world.Choose(ChoiceKind.Objection, "facebook:7", EngineWorld.Day("2025-06-01"));
        _world.Item("i", "facebook:8", text: "@kim.fictive \n Kim Fictive", mentioned: "facebook:7");
        _world.Item("picture", "facebook:8", text: "@kim.fictive", media: true);

        Assert.Equal(Reason.Empty, _world.ReasonFor("i", Mask));
        Assert.Equal("<PERSON>", _world.Texts(Mask)["picture"]);
    }

    [Fact]
    public void Whoever_names_himself_is_not_masked()
    {
        _world.Choose(ChoiceKind.Objection, "facebook:8", EngineWorld.Day("2025-06-01"), "about-me");
        _world.Item("i", "facebook:8", text: "follow @ada.fictive", mentioned: "facebook:8");

        Assert.Equal("follow @ada.fictive", _world.Texts(Mask)["i"]);
    }

    [Fact]
    public void Under_all_but_consenting_a_consent_is_what_lets_a_name_stand()
    {
        var rule = new Rule.AboutMe(null, Protected.AllButConsenting, MentionAction.Mask);
        _world.Choose(ChoiceKind.Consent, "facebook:7", EngineWorld.Day("2025-06-01"));
        _world.Item("i", "facebook:8", text: "@kim.fictive @ben.fictive @[11:1:Cleo]", mentioned: "facebook:9");
        _world.Item("strange", "facebook:8", text: "see @[12:1:Dora]", mentioned: "facebook:12");

        Assert.Equal("@kim.fictive <PERSON> <PERSON>", _world.Texts(rule)["i"]);
        Assert.Equal("see <PERSON>", _world.Texts(rule)["strange"]);
        Assert.Equal(
            "<PERSON> <PERSON> <PERSON> x",
            With("x", "@kim.fictive @ben.fictive @[11:1:Cleo] x", Protected.Everyone));
    }

    [Fact]
    public void An_excluded_item_is_not_masked_and_what_it_matches_is_counted()
    {
        _world.Choose(ChoiceKind.Objection, "facebook:7", EngineWorld.Day("2025-06-01"));
        _world.Item("i", "facebook:8", text: "dear @kim.fictive", audience: "private");

        var decided = Assert.Single(_world.Decide(new Rule.Audience(null, ["public"]), Exclude));

        Assert.Equal(["audience", "about-me"], decided.Rules);
    }

    [Fact]
    public void A_handle_with_dots_that_stands_free_is_masked_where_the_person_is_tagged()
    {
        _world.Choose(ChoiceKind.Objection, "facebook:7", EngineWorld.Day("2025-06-01"));
        _world.Item("i", "facebook:8", text: "Ann (kim.fictive, kimfictive)", mentioned: "facebook:7");

        Assert.Equal("Ann (<PERSON>, <PERSON>)", _world.Texts(Mask)["i"]);
    }

    private void Forget()
    {
        var tokens = new SuppressionTokens(EngineWorld.Key);
        foreach (var choice in _world.TakeChoices())
            _world.Suppressions.Add(tokens.Of(choice));
    }

    private string With(string id, string text, Protected protect)
    {
        _world.Item(id, "facebook:8", text: text);
        return _world.Texts(new Rule.AboutMe(null, protect, MentionAction.Mask))[id];
    }
}
