using Aval.Choices;
using CsCheck;
using static Aval.Tests.Choices.ValidChoices;

namespace Aval.Tests.Choices;

/// <summary>What may be recorded, and what a refusal says.</summary>
public class ChoiceRulesTests
{
    private static readonly ChoiceRules Rules = new(Settings.Default);

    [Theory]
    [InlineData("objection")]
    [InlineData("objection scope=about-me")]
    [InlineData("objection scope=service:facebook;item:instagram:7")]
    [InlineData("objection account=outside:anna scope=about-me")]
    // on the telephone: it protects, so it is taken from anybody who can answer for it
    [InlineData("objection actor=controller")]
    [InlineData("objection-lifted actor=agent")]
    [InlineData("consent notice=v1")]
    // over already, and a fact all the same
    [InlineData("consent notice=v1 made_at=2025-01-01T00:00:00Z until=2025-01-01T00:00:00.000001Z")]
    [InlineData("consent notice=v1 purpose=combine-services")]
    [InlineData("consent notice=v1 purpose=special-categories")]
    [InlineData("withdrawal")]
    [InlineData("refusal actor=agent channel=portal")]
    [InlineData("restriction actor=controller")]
    [InlineData("restriction-lifted")] // whose actor is the controller without saying so
    [InlineData("erasure scope=about-me")]
    [InlineData("mandate association=rights.example until=2027-01-01T00:00:00Z")]
    [InlineData("mandate association=a account=outside:anna scope=about-me")]
    [InlineData(
        "mandate association=rights.example actor=agent "
            + "evidence=00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")]
    [InlineData("mandate-revoked")] // of whatever association
    [InlineData("mandate-revoked association=rights.example actor=agent")]
    [InlineData("mandate-revoked account=outside:anna scope=about-me")]
    [InlineData("removal scope=item:facebook:9 actor=anyone")]
    [InlineData("removal account= scope=item:facebook:9 actor=anyone")] // nobody has to say who he is
    [InlineData("removal account=outside:anyone scope=item:facebook:9 actor=anyone")]
    [InlineData("removal account=outside:anna scope=item:facebook:9;item:instagram:8")]
    [InlineData("objection evidence=00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff")]
    [InlineData("objection made_at=2026-01-16T12:00:00Z received_at=2026-01-16T12:00:00Z")] // a day ahead, and no more
    [InlineData("objection made_at=2020-02-29T23:59:59+01:00")]
    [InlineData("objection made_at=0001-01-01T00:00:00Z")]
    public void It_may_be_recorded(string row) => Assert.Empty(Faults(row));

    [Theory]
    [InlineData("complaint", "kind should hold one of objection, objection-lifted, consent, withdrawal, refusal, "
        + "restriction, restriction-lifted, erasure, removal, mandate, mandate-revoked, but holds \"complaint\".")]
    [InlineData("Objection", "kind should hold one of objection, objection-lifted, consent, withdrawal, refusal, "
        + "restriction, restriction-lifted, erasure, removal, mandate, mandate-revoked, but holds \"Objection\".")]
    [InlineData("objection account=", "account should hold service:id (for example facebook:100044), but is empty.")]
    [InlineData("removal account= scope=item:facebook:9", "account should hold service:id (for example "
        + "facebook:100044), or be empty where the actor is anyone, but is empty.")]
    [InlineData("removal account=outside:anyone scope=item:facebook:9", "account should name whom it is about, since "
        + "this stands for whoever asks for a removal and gives no name, but holds \"outside:anyone\".")]
    [InlineData("objection account=outside:anyone scope=about-me", "account should name whom it is about, since this "
        + "stands for whoever asks for a removal and gives no name, but holds \"outside:anyone\".")]
    [InlineData(
        "objection account=ann@example.org",
        "account should hold service:id (for example facebook:100044), but holds \"ann@example.org\".")]
    [InlineData(
        "objection account=Facebook:1",
        "account should hold service:id (for example facebook:100044), but holds \"Facebook:1\".")]
    [InlineData(
        "objection purpose=advertising",
        "purpose should hold one of train-generative-ai, combine-services, "
            + "special-categories, but holds \"advertising\".")]
    [InlineData("objection scope=all", "scope should hold everything, about-me, service:NAME or item:SERVICE:ID, "
        + "several joined by ;, but holds \"all\".")]
    [InlineData("objection scope=service:Facebook", "scope should hold everything, about-me, service:NAME or "
        + "item:SERVICE:ID, several joined by ;, but holds \"service:Facebook\".")]
    [InlineData("objection scope=everything;", "scope should hold everything, about-me, service:NAME or "
        + "item:SERVICE:ID, several joined by ;, but holds \"everything;\".")]
    [InlineData("objection made_at=2025-05-27", "made_at should hold an instant with its zone and at most six digits "
        + "of a second (UTC, for example 2025-05-27T00:00:00Z), but holds \"2025-05-27\".")]
    [InlineData(
        "objection received_at=2025-05-27T00:00:00.1234567Z",
        "received_at should hold an instant with its zone and at most six digits of a second (UTC, for example "
            + "2025-05-27T00:00:00Z), but holds \"2025-05-27T00:00:00.1234567Z\".")]
    [InlineData("objection made_at=2026-01-16T12:00:00.000001Z", "made_at should hold an instant that is not more than "
        + "a day after the clock (2026-01-15T12:00:00.000000Z), but holds \"2026-01-16T12:00:00.000001Z\".")]
    [InlineData(
        "objection made_at=2025-01-01T00:00:00Z received_at=9999-12-31T23:59:59Z",
        "received_at should hold an instant that is not more than a day after the clock (2026-01-15T12:00:00.000000Z), "
            + "but holds \"9999-12-31T23:59:59.000000Z\".")]
    [InlineData("consent notice=v1 until=tomorrow", "until should hold an instant with its zone and at most six digits "
        + "of a second (UTC, for example 2025-05-27T00:00:00Z), but holds \"tomorrow\".")]
    [InlineData(
        "consent notice=v1 made_at=2025-01-01T00:00:00Z until=2025-01-01T00:00:00Z",
        "until should hold an instant after the consent was made (2025-01-01T00:00:00.000000Z), but holds "
            + "\"2025-01-01T00:00:00.000000Z\".")]
    [InlineData("withdrawal until=2027-01-01T00:00:00Z", "until should be empty, since only a consent or "
        + "a mandate ends and this is "
        + "a withdrawal, but holds \"2027-01-01T00:00:00.000000Z\".")]
    [InlineData(
        "objection actor=mother", "actor should hold one of person, agent, controller, anyone, but holds \"mother\".")]
    [InlineData("consent notice=v1 actor=controller", "actor should hold person or agent, since a controller cannot "
        + "consent to its own use (GDPR Art. 4(11)), but holds \"controller\".")]
    [InlineData("objection-lifted actor=controller", "actor should hold person or agent, since only who objected can "
        + "lift an objection (GDPR Art. 21), but holds \"controller\".")]
    [InlineData("restriction-lifted actor=person", "actor should hold controller, who lifts a restriction after "
        + "telling the person (GDPR Art. 18(3)), but holds \"person\".")]
    [InlineData("erasure actor=anyone", "actor should hold person, agent or controller, since an erasure is about the "
        + "account's own person, but holds \"anyone\".")]
    [InlineData("consent", "notice should hold the version of the information notice that the consent answers "
        + "(GDPR Art. 7(1)), but is empty.")]
    [InlineData(
        "objection notice=v1",
        "notice should be empty, since only a consent answers a notice and this is an objection, but holds \"v1\".")]
    [InlineData("mandate", "association should hold the id of the association that the person mandates, but is empty.")]
    [InlineData("mandate association=Rights", "association should hold an association's id of 1-64 of a-z, 0-9, '.' "
        + "and '-' that begins and ends with a letter or digit, such as rights.example, but holds \"Rights\".")]
    [InlineData("objection association=a", "association should be empty, since only a mandate names one and this is an "
        + "objection, but holds \"a\".")]
    [InlineData("mandate association=a actor=agent", "evidence should hold the SHA-256 of what the person signed, "
        + "since an agent brings it, but is empty.")]
    [InlineData("mandate association=a actor=controller", "actor should hold person or agent, since a mandate is the "
        + "person's to give and to end (GDPR Art. 80(1)), but holds \"controller\".")]
    [InlineData("mandate-revoked actor=controller", "actor should hold person or agent, since a mandate is the "
        + "person's to give and to end (GDPR Art. 80(1)), but holds \"controller\".")]
    [InlineData("mandate-revoked scope=service:facebook", "scope should hold everything, since a mandate ends as a "
        + "whole, but holds \"service:facebook\".")]
    [InlineData(
        "removal",
        "scope should name the item to remove (item:SERVICE:ID; several are joined by ;), but holds \"everything\".")]
    [InlineData("removal scope=item:facebook:9;about-me", "scope should name the item to remove (item:SERVICE:ID; "
        + "several are joined by ;), but holds \"about-me;item:facebook:9\".")]
    [InlineData(
        "objection account=outside:anna",
        "scope should hold about-me, since somebody outside has published nothing here, but holds \"everything\".")]
    [InlineData("erasure account=outside:anna scope=about-me;item:facebook:1", "scope should hold about-me, "
        + "since somebody outside has published nothing here, but holds \"about-me;item:facebook:1\".")]
    [InlineData(
        "objection evidence=1234", "evidence should hold a SHA-256 in 64 hexadecimal digits, but holds \"1234\".")]
    [InlineData(
        "objection evidence=zz112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
        "evidence should hold a SHA-256 in 64 hexadecimal digits, but holds "
            + "\"zz112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\".")]
    public void It_is_refused_and_says_why(string row, string says) => Assert.Equal([says], Faults(row));

    [Fact]
    public void All_that_is_wrong_is_said_at_once() =>
        Assert.Equal([
            "kind", "account", "purpose", "scope", "received_at", "made_at", "until", "actor",
        ], Read("x account=x purpose=x scope=x made_at=x received_at=x until=x actor=x").Select(fault => fault.Column));

    [Fact]
    public void Text_is_at_most_1024_bytes_without_control_characters()
    {
        Assert.Empty(Faults(("channel", new string('é', 512))));
        Assert.Equal(
            $"channel should hold at most 1024 bytes, but holds \"{new string('é', 80)}…\".",
            Assert.Single(Faults(("channel", new string('é', 513)))));
        Assert.Equal(
            "channel should hold no control characters, but holds \"a\\u001b[31mb\".",
            Assert.Single(Faults(("channel", "a\u001b[31mb"))));
        Assert.Equal(
            "channel should hold text that has a UTF-8 form, but holds \"a\ufffd\ufffdb\".",
            Assert.Single(Faults(("channel", "a\ufffd\ud800b"))));
        Assert.Contains(
            "scope should hold at most 1024 bytes",
            Assert.Single(
                Faults(("scope", string.Join(';', Enumerable.Range(0, 50).Select(at => $"item:facebook:{at:D20}"))))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_steers_a_terminal_is_shown_without_its_power() =>
        Assert.Equal(
            "account should hold an id without white space or invisible characters (U+202E stands at its beginning: "
                + "remove it where the id comes from), but holds \"\\u202eevil\\u0007\".",
            Assert.Single(Faults(("account", "\u202eevil\u0007"))));

    [Fact]
    public void A_purpose_that_the_workspace_does_not_list_is_refused()
    {
        var rules = new ChoiceRules(Settings.Default with { Purposes = [Purpose.TrainGenerativeAi.Name] });
        var choice = new Choice(
            ChoiceKind.Objection, Account.Parse("facebook:1"), Purpose.CombineServices, Scope.Everything, Now, Now);
        Assert.Equal(
            "purpose should hold a purpose that aval.yaml lists (train-generative-ai), but holds \"combine-services\".",
            Assert.Single(rules.Faults(choice, Now)).Describe("purpose"));
    }

    [Fact]
    public void An_instant_finer_than_what_is_stored_is_refused()
    {
        var choice = new Choice(
            ChoiceKind.Objection, Account.Parse("facebook:1"), Purpose.TrainGenerativeAi, Scope.Everything,
            Now.AddTicks(1), Now);
        Assert.Equal("made_at", Assert.Single(Rules.Faults(choice, Now)).Column);
    }

    [Fact]
    public void An_account_that_was_put_together_wrongly_is_refused()
    {
        var choice = new Choice(
            ChoiceKind.Objection, new Account("Face:book", "1"), Purpose.TrainGenerativeAi, Scope.Everything, Now, Now);
        Assert.Equal("account", Assert.Single(Rules.Faults(choice, Now)).Column);
    }

    [Fact]
    public void Defaults_are_those_of_the_documentation()
    {
        var faults = new List<ChoiceFault>();
        var choice = ChoiceText.Of(("kind", "objection"), ("account", "facebook:1")).Read(Rules, Now, faults);
        Assert.Equal(new Choice(
            ChoiceKind.Objection, Account.Parse("facebook:1"), Purpose.TrainGenerativeAi, Scope.Everything, Now,
            Now), choice);
        var received = Now.AddDays(-3);
        var late = ChoiceText.Of(("kind", "objection"), ("account", "facebook:1"), ("received_at", received.ToText()))
            .Read(Rules, Now, faults);
        Assert.Equal((received, received), (late!.MadeAt, late.ReceivedAt));
        Assert.Equal(
            Actor.Controller,
            ChoiceText.Of(("kind", "restriction-lifted"), ("account", "facebook:1")).Read(Rules, Now, faults)!.Actor);
    }

    [Fact]
    public void Any_valid_choice_is_valid() => Any.Sample(choice => !Rules.Faults(choice, Now).Any());

    [Fact]
    public void Any_valid_choice_has_a_meaning_and_counts_when_it_was_made_and_received() => Any.Sample(choice =>
        choice.Meaning().Length > 20 && choice.CountsFrom() >= choice.MadeAt && choice.CountsFrom() >= choice.ReceivedAt
        && (choice.CountsFrom() == choice.MadeAt || choice.CountsFrom() == choice.ReceivedAt));

    [Fact]
    public void Anyone_may_ask_for_a_removal_without_saying_who_it_is()
    {
        var choice = ChoiceText.Of(("kind", "removal"), ("scope", "item:facebook:9"), ("actor", "anyone"))
            .Read(Rules, Now, []);
        Assert.Equal((Account.Anyone, Actor.Anyone), (choice!.Account, choice.Actor));
    }

    private static IEnumerable<string> Faults(string row) => Read(row).Select(fault => fault.Describe(fault.Column));

    private static IEnumerable<string> Faults((string Column, string Text) cell) =>
        Read([("kind", "objection"), ("account", "facebook:1"), cell]).Select(fault => fault.Describe(fault.Column));

    private static List<ChoiceFault> Read(string row)
    {
        var words = row.Split(' ');
        return Read([("kind", words[0]), ("account",
            "facebook:1"), .. words.Skip(1).Select(word => word.Split('=', 2)).Select(pair => (pair[0], pair[1]))]);
    }

    private static List<ChoiceFault> Read(IEnumerable<(string, string?)> cells)
    {
        var faults = new List<ChoiceFault>();
        var choice = ChoiceText.Of(cells).Read(Rules, Now, faults);
        Assert.Equal(choice is null, faults.Count > 0);
        return faults;
    }
}
