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
        return Page.Of(visit, text.RequestDone, Html.Of($"""
            <p class="said">{PortalText.Fill(
                text.RequestDoneText, ("number", request.Index.ToString()), ("date", text.Day(request.LastDay)))}</p>
            <p>{text.RequestKeep}</p>
            {RequestView.Of(visit, request with { Text = null }, Html.None)}
            <p>{PortalText.Fill(text.Complain, ("authority", visit.Desk.Settings.Authority))}</p>
            """));
    }
}
