using System.Net;
using Aval.Choices;
using Aval.Requests;

namespace Aval.Tests.Portal;

/// <summary>What people ask for in the portal, and what they see of it.</summary>
public sealed class RequestPagesTests
{
    [Fact]
    public async Task A_request_shows_its_clock_its_answer_and_where_to_complain()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser("en");
        var form = await portal.LogIn(browser, "facebook:7");
        using var asked = await browser.Send(
            "/me/requests/ask/rectification", ("form", form), ("words", "I was born in 1990 <b>not</b> 1980"));
        Assert.Equal(HttpStatusCode.SeeOther, asked.StatusCode);
        var request = Assert.Single(RequestBook.Of(portal.Workspace, Account.Parse("facebook:7")));
        Assert.Equal((Right.Rectification, RequestState.Acknowledged), (request.Right, request.State));
        var page = await browser.Read("/me/requests");
        Assert.Contains("I was born in 1990 &lt;b&gt;not&lt;/b&gt; 1980", page, StringComparison.Ordinal);
        Assert.Contains("You have an answer by", page, StringComparison.Ordinal);
        // It is held about the person, so it is among what is held (Art. 15).
        using (var held = System.Text.Json.JsonDocument.Parse(await browser.Read("/me/data.json")))
            Assert.Equal("I was born in 1990 <b>not</b> 1980",
                held.RootElement.GetProperty("requests")[0].GetProperty("text").GetString());
        portal.Clock.Now += TimeSpan.FromDays(3);
        await portal.LogIn(browser, "facebook:7");
        Enter(portal, request, new Rejected(
            portal.Clock.Now, "officer x", request.Index.Value, RefusalReason.IdentityVerificationFailure, "the DPA")
        {
            Text = "We cannot tell.",
        });
        page = await browser.Read("/me/requests");
        Assert.Contains("We cannot tell.", page, StringComparison.Ordinal);
        Assert.Contains("You may complain to the DPA, and you may go to court.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_whose_day_has_passed_says_that_its_answer_is_late()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser("en");
        var form = await portal.LogIn(browser, "facebook:7");
        using var asked = await browser.Send("/me/requests/ask/access", ("form", form));
        portal.Clock.Now += TimeSpan.FromDays(34);
        await portal.LogIn(browser, "facebook:7");
        Assert.Contains("It is late.", await browser.Read("/me/requests"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_sees_or_answers_the_request_of_somebody_else()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser("en");
        using var other = portal.Browser("en");
        var form = await portal.LogIn(browser, "facebook:7");
        using var asked = await browser.Send(
            "/me/requests/ask/access", ("form", form), ("words", "the words of seven"), ("account", "facebook:8"));
        var request = Assert.Single(RequestBook.Of(portal.Workspace, Account.Parse("facebook:7")));
        var question = new ActionRequired(portal.Clock.Now, "officer", request.Index.Value) { Text = "which?" };
        Enter(portal, request, question);
        var foreign = await portal.LogIn(other, "facebook:8");
        Assert.DoesNotContain("the words of seven", await other.Read("/me/requests"), StringComparison.Ordinal);
        using var stolen = await other.Send(
            $"/me/requests/{request.Index}/answer", ("form", foreign), ("words", "mine"));
        using var missing = await other.Send("/me/requests/999/answer", ("form", foreign), ("words", "mine"));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (stolen.StatusCode, missing.StatusCode));
        Assert.Equal(RequestState.RequiresAction, RequestBook.Require(portal.Workspace, request.Index).State);
        using var own = await browser.Send($"/me/requests/{request.Index}/answer", ("form", form), ("words", "that"));
        Assert.Equal(RequestState.ActionPerformed, RequestBook.Require(portal.Workspace, request.Index).State);
    }

    [Fact]
    public async Task What_was_asked_of_somebody_can_be_answered_whatever_was_done_meanwhile()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser("en");
        var form = await portal.LogIn(browser, "facebook:7");
        using var asked = await browser.Send("/me/requests/ask/access", ("form", form));
        var request = Assert.Single(RequestBook.Of(portal.Workspace, Account.Parse("facebook:7")));
        Request Now() => RequestBook.Require(portal.Workspace, request.Index);
        var place = $"/me/requests/{request.Index}/answer";
        Enter(portal, Now(), new ActionRequired(portal.Clock.Now, "officer x", request.Index.Value) { Text = "what?" });
        Enter(portal, Now(), new Accepted(portal.Clock.Now, "officer x", request.Index.Value) { Text = "yes" });
        Assert.True(Now().IsAsked);
        Assert.Contains(place, await browser.Read("/me/requests"), StringComparison.Ordinal);
        using var said = await browser.Send(place, ("form", form), ("words", "that one"));
        Assert.True(Now().Steps[^1].Counts);
        Assert.False(Now().IsAsked);
        Assert.DoesNotContain(place, await browser.Read("/me/requests"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_login_or_with_a_form_of_another_site_nothing_is_asked()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser();
        using var stranger = await browser.Send("/me/requests/ask/access", ("form", "x"));
        using var page = await browser.Get("/me/requests");
        await portal.LogIn(browser, "facebook:7");
        using var foreign = await browser.Send("/me/requests/ask/access", ("form", "x"));
        Assert.All(
            new[] { stranger, page, foreign }, answer => Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode));
        Assert.Empty(RequestBook.Of(portal.Workspace, Account.Parse("facebook:7")));
    }

    [Fact]
    public async Task Somebody_who_is_only_mentioned_objects_and_follows_it_by_an_address_that_nobody_can_guess()
    {
        await using var portal = PortalWorld.Open();
        using var browser = portal.Browser("en");
        using var empty = await browser.Send("/someone-else/objection", ("words", " "));
        using var long_ = await browser.Send("/someone-else/objection", ("words", new string('x', 2_001)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, empty.StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, long_.StatusCode);
        using var asked = await browser.Send(
            "/someone-else/objection", ("words", "Ada Invented"), ("reach", "a@example.com"));
        Assert.Equal(HttpStatusCode.SeeOther, asked.StatusCode);
        var place = asked.Headers.Location!.ToString();
        var page = await browser.Read(place);
        var request = Assert.Single(RequestBook.Read(portal.Workspace).Requests);
        Assert.Equal(
            (Right.Objection, null, "Ada Invented", "a@example.com"),
            (request.Right, request.Account, request.Text, request.Reach));
        Assert.Contains($"number {request.Index}", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Ada", page, StringComparison.Ordinal);
        foreach (var guess in new[] { request.Index.ToString(), place[9..^1], "x" })
        {
            using var answer = await browser.Get($"/request/{guess}");
            using var said = await browser.Send($"/request/{guess}/answer", ("words", "x"));
            Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (answer.StatusCode, said.StatusCode));
        }

        // What is asked of them is answered there too, and shown to nobody who finds the address afterwards.
        Enter(
            portal, request, new ActionRequired(portal.Clock.Now, "officer x", request.Index.Value) { Text = "who?" });
        Assert.Contains($"{place}/answer", await browser.Read(place), StringComparison.Ordinal);
        using var told = await browser.Send($"{place}/answer", ("words", "in the picture of May"));
        Assert.Equal(HttpStatusCode.SeeOther, told.StatusCode);
        var step = RequestBook.Require(portal.Workspace, request.Index).Steps[^1];
        Assert.Equal((true, "in the picture of May"), (step.Counts, step.Step.Text));
        page = await browser.Read(place);
        Assert.DoesNotContain("picture of May", page, StringComparison.Ordinal);
        Assert.Contains("who?", page, StringComparison.Ordinal);
    }

    [Fact]
    public void An_objection_to_many_posts_is_several_that_can_be_recorded()
    {
        ScopePart[] picked = [.. Enumerable.Range(0, 50).Select(at =>
            new ScopePart.OneItem(new Item("facebook", $"pfbid{new string('x', 60)}{at}")))];

        var scopes = Aval.Portal.Person.MyItemsPage.Scopes(picked).ToArray();

        Assert.Equal(picked, scopes.SelectMany(scope => scope.Parts).OrderBy(part => Array.IndexOf(picked, part)));
        Assert.All(scopes, scope => Assert.InRange(
            System.Text.Encoding.UTF8.GetByteCount(scope.ToString()), 1, ChoiceRules.MaxTextBytes));
        Assert.Equal([], Aval.Portal.Person.MyItemsPage.Scopes([]));
    }

    private static void Enter(PortalWorld portal, Request request, Step step) => Aval.Recording.Recorder.EnterOnce(
        portal.Workspace, RequestBook.Next(request, step with { Account = request.Account }));
}
