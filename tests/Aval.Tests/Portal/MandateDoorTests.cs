using System.Net;
using System.Text;
using System.Text.Json;
using Aval.Choices;
using Aval.Portal.Api;
using Aval.Recording;

namespace Aval.Tests.Portal;

/// <summary>An association at the agents' door: with a mandate, and with that alone.</summary>
public sealed class MandateDoorTests
{
    private const string To = "rights.example";
    private const string Choices = "/api/v1/choices";

    [Fact]
    public async Task An_association_says_what_a_mandate_covers_and_is_told_what_is_missing()
    {
        await using var portal = Portal();
        using var association = portal.Caller("association");
        await Refused(association, Objection("facebook:7"), "no mandate of facebook:7 to rights.example");
        Say(portal, ChoiceKind.Mandate, "facebook:7");
        Say(portal, ChoiceKind.Mandate, "facebook:8", "other.example");
        await Taken(association, Objection("facebook:7"));
        await Refused(association, Objection("facebook:8"), "Line 1: no mandate of facebook:8");
        // All of it or nothing.
        await Refused(association, Objection("facebook:7") + "\n" + Objection("facebook:9"), "Line 2");
        await Refused(
            association, """{"kind":"consent","account":"facebook:7","notice":"v2"}""", "covers consent of everything");
        await Refused(association, """{"kind":"erasure","account":"facebook:7"}""", "covers erasure");
        await Refused(
            association,
            """{"kind":"mandate","account":"facebook:9","association":"rights.example","evidence":"EVIDENCE"}"""
                .Replace("EVIDENCE", new string('a', 64), StringComparison.Ordinal),
            "given and revoked by the person");
        await Refused(
            association, """{"kind":"objection","account":"facebook:7","purpose":"combine-services"}""",
            "for combine-services");
        Assert.Equal(
            [ChoiceKind.Mandate, ChoiceKind.Objection], portal.Choices("facebook:7").Select(choice => choice.Kind));
        Assert.Equal(Actor.Agent, portal.Choices("facebook:7")[^1].Actor);
    }

    [Fact]
    public async Task A_mandate_that_was_revoked_on_a_linked_account_opens_nothing_any_more()
    {
        await using var portal = Portal();
        using var association = portal.Caller("association");
        Say(portal, ChoiceKind.Mandate, "facebook:7");
        Say(portal, ChoiceKind.Mandate, "facebook:30");
        await Taken(association, Objection("facebook:7"));
        Say(portal, ChoiceKind.MandateRevoked, "instagram:u7", association: null);
        await Refused(association, Objection("facebook:7"), "no mandate of facebook:7");
        await Taken(association, Objection("facebook:30"));
        // The association lays its own down, and nobody else's.
        await Refused(association, """{"kind":"mandate-revoked","account":"facebook:30"}""", "mandate-revoked");
        await Taken(
            association, """{"kind":"mandate-revoked","account":"facebook:30","association":"rights.example"}""");
        await Refused(association, Objection("facebook:30"), "no mandate of facebook:30");
    }

    [Fact]
    public async Task What_was_recorded_under_a_mandate_is_answered_again_though_the_mandate_has_ended_since()
    {
        await using var portal = Portal();
        using var association = portal.Caller("association");
        association.Headers.Add("Idempotency-Key", "one");
        Say(portal, ChoiceKind.Mandate, "facebook:7");
        using var first = await association.Post(Choices, Body(Objection("facebook:7")));
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Say(portal, ChoiceKind.MandateRevoked, "facebook:7", association: null);
        using var again = await association.Post(Choices, Body(Objection("facebook:7")));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotent-Replayed")));
        using var before = JsonDocument.Parse(await Browser.TextOf(first));
        using var after = JsonDocument.Parse(await Browser.TextOf(again));
        Assert.Equal(
            before.RootElement.GetProperty("index").GetInt64(), after.RootElement.GetProperty("index").GetInt64());
        // What was not recorded is not, under this key or another.
        using var other = await association.Post(Choices, Body(Objection("facebook:30")));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        association.Headers.Remove("Idempotency-Key");
        association.Headers.Add("Idempotency-Key", "two");
        await Refused(association, Objection("facebook:7"), "no mandate of facebook:7");
        await Refused(association, Objection("facebook:7"), "no mandate of facebook:7");
        Assert.Equal(3, portal.Choices("facebook:7").Count);
    }

    [Fact]
    public async Task An_agent_that_answers_for_itself_needs_no_mandate()
    {
        await using var portal = Portal();
        using var agent = portal.Caller("agent");
        await Taken(agent, Objection("facebook:7"));
    }

    [Fact]
    public async Task Whoever_gave_a_mandate_sees_it_and_ends_it_in_one_step()
    {
        await using var portal = Portal();
        using var browser = portal.Browser();
        Say(portal, ChoiceKind.Mandate, "facebook:7");
        var form = await portal.LogIn(browser, "facebook:7");
        Assert.Contains("Mandate to rights.example", await browser.Read("/me"), StringComparison.Ordinal);
        using var act = await browser.Send("/me/end-mandates", ("form", form));
        var receipt = await portal.ReceiptOf(browser, act);
        Assert.Equal(StatementKind.MandateRevoked, receipt.Statement.Kind);
        Assert.DoesNotContain("Mandate to rights.example", await browser.Read("/me"), StringComparison.Ordinal);
    }

    private static PortalWorld Portal() => PortalWorld.With(settings => settings with
    {
        Agents =
        [
            PortalWorld.Agent("association", AgentScope.WriteChoices) with { Association = To },
            PortalWorld.Agent("agent", AgentScope.WriteChoices),
        ],
    });

    private static string Objection(string account) => $$"""{"kind":"objection","account":"{{account}}"}""";

    private static void Say(PortalWorld portal, ChoiceKind kind, string account, string? association = To) =>
        Recorder.RecordOnce(portal.Workspace, portal.Clock.Now, new Choice(
            kind, Account.Parse(account), Purpose.TrainGenerativeAi, Scope.Everything, portal.Clock.Now,
            portal.Clock.Now, Association: association));

    private static async Task Taken(Browser caller, string body)
    {
        using var answer = await caller.Post(Choices, Body(body));
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await Browser.TextOf(answer));
    }

    private static async Task Refused(Browser caller, string body, string says)
    {
        using var answer = await caller.Post(Choices, Body(body));
        var text = await Browser.TextOf(answer);
        Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, text);
        Assert.Contains(says, text, StringComparison.Ordinal);
    }

    private static StringContent Body(string lines) => new(lines, Encoding.UTF8, "application/x-ndjson");
}
