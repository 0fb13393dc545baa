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
            {RequestView.Of(visit, request with { Text = null }, Html.None)}
            <p>{PortalText.Fill(text.Complain, ("authority", visit.Desk.Settings.Authority))}</p>
            """));
    }

    private static Html Recorded(Visit visit, Request request) => Html.Of($"""
        <p class="said">{PortalText.Fill(
            visit.Text.RequestDoneText, ("number", request.Index.ToString()),
            ("date", visit.Text.Day(request.LastDay)))}</p>
        <p>{visit.Text.RequestKeep}</p>
        """);
}
