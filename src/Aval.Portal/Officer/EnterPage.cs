using Aval.Portal.Doors;
using Aval.Portal.Person;
using Aval.Requests;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Officer;

/// <summary>
/// The local door: a link that was printed at the start. Looking at it uses nothing up; the button on it does, gives
/// the visit a new cookie, and is an act of the trail.
/// </summary>
internal static class EnterPage
{
    /// <summary><c>GET /officer/enter/LETTERS</c>.</summary>
    public static IResult Get(Visit visit) => visit.Desk.OfficerLinks.Look(visit.Route("letters")) is not { } who
        ? Problems.NotFound(visit)
        : Page.Of(visit, "The officer’s side", Html.Of($"""
            <p>This link is for {who.By}. It is good once.</p>
            <form method="post" action="/officer/enter/{visit.Route("letters")}"><button>Enter</button></form>
            """));

    /// <summary><c>POST /officer/enter/LETTERS</c>.</summary>
    public static async Task<IResult> Enter(Visit visit)
    {
        if (visit.Desk.OfficerLinks.Take(visit.Route("letters")) is not { } who)
            return Problems.NotFound(visit);
        visit.End();
        await visit.Desk.Enter(new SignedIn(visit.Desk.Clock.UtcNow(), who.By)).ConfigureAwait(false);
        visit.Give(visit.Desk.Sessions.Begin(fresh => fresh with { Officer = who }));
        return new Redirect(who.MaySee ? "/officer" : "/officer/type");
    }

    /// <summary><c>POST /officer/leave</c>.</summary>
    public static async Task<IResult> Leave(Visit visit, ShownOfficer who)
    {
        visit.End();
        await visit.Desk.Enter(new SignedOut(visit.Desk.Clock.UtcNow(), who.By)).ConfigureAwait(false);
        return new Redirect("/");
    }
}
