using Aval.Portal.Words;
using Aval.Requests;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Person;

/// <summary>
/// The request of somebody without an account, by the address that was given when it was recorded. It shows how far it
/// is, and not what was written.
/// </summary>
internal static class FollowedPage
{
    /// <summary><c>GET /request/LETTERS</c>.</summary>
    public static IResult Get(Visit visit)
    {
        if (visit.Desk.RequestTickets.Read(visit.Route("letters")) is not { } index
            || RequestBook.Find(visit.Desk.Workspace, index) is not { Account: null } request)
            return Problems.NotFound(visit);
        var text = visit.Text;
        return Page.Of(visit, request.IsOpen ? text.RequestDone : text.MyRequests, Html.Of($"""
            {(request.IsOpen ? Recorded(visit, request) : Html.None)}
            {RequestView.Of(visit, request with { Text = null }, Question(visit, request), showsAnswers: false)}
            <p>{PortalText.Fill(text.Complain, ("authority", visit.Desk.Settings.Authority))}</p>
            """));
    }

    /// <summary><c>POST /request/LETTERS/answer</c>: what was asked of whoever has its address, which nobody else can
    /// know.</summary>
    public static async Task<IResult> Answer(Visit visit)
    {
        if (visit.Desk.RequestTickets.Read(visit.Route("letters")) is not { } index
            || RequestBook.Find(visit.Desk.Workspace, index) is not { Account: null } request)
            return Problems.NotFound(visit);
        if (await MyRequestsPage.Words(visit).ConfigureAwait(false) is not { Length: > 0 } words)
            return MyRequestsPage.Missing(visit);
        await visit.Desk.Enter(new ActionPerformed(visit.Desk.Clock.UtcNow(), "person", request.Index.Value)
        {
            Text = words,
        }).ConfigureAwait(false);
        return new Redirect(visit.Link($"/request/{visit.Route("letters")}"));
    }

    private static Html Question(Visit visit, Request request) => !request.IsAsked ? Html.None : Html.Of($"""
        <form method="post" action="{visit.Link($"/request/{visit.Route("letters")}/answer")}">
        {MyRequestsPage.Field(visit, $"words-{request.Index}", visit.Text.WhatYouWrite)}
        <button>{visit.Text.SendRequest}</button></form>
        """);

    private static Html Recorded(Visit visit, Request request) => Html.Of($"""
        <p class="said">{PortalText.Fill(
            visit.Text.RequestDoneText, ("number", request.Index.ToString()),
            ("date", visit.Text.Day(request.LastDay)))}</p>
        <p>{visit.Text.RequestKeep}</p>
        """);
}
