using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Aval.Portal.Person;

/// <summary>
/// The platform's login: there, with a number used once that this visit alone knows, and back with the platform's
/// signed answer to it. Who was logged in elsewhere cannot be logged in here by a link.
/// </summary>
internal static class LoginDoor
{
    /// <summary><c>GET /login</c>.</summary>
    public static IResult Go(Visit visit)
    {
        if (visit.Desk.Settings.Login is not { } login)
            return Problems.NotFound(visit);
        visit.End();
        var session = visit.Desk.Sessions.Begin(fresh => fresh with { Nonce = Doors.Sessions.Letters() });
        visit.Give(session);
        return new Redirect(QueryHelpers.AddQueryString(login.Url, new Dictionary<string, string?>
        {
            ["nonce"] = session.Nonce,
            ["return"] = visit.Desk.Settings.Address + visit.Link("/login/return"),
        }));
    }

    /// <summary><c>GET /login/return?assertion=…</c>.</summary>
    public static IResult Return(Visit visit)
    {
        var assertion = visit.Http.Request.Query["assertion"].ToString();
        if (visit.Desk.Login is null || visit.Session is not { Nonce: { } nonce } asked
            || visit.Desk.Login.Check(assertion, nonce, visit.Desk.Clock.UtcNow()) is not { } shown
            || visit.Desk.Sessions.Renew(asked, fresh => fresh with { Login = shown }) is not { } session)
            return Page.Problem(
                visit, visit.Text.LogInFailed, visit.Text.LogInFailedText, StatusCodes.Status403Forbidden);
        visit.Give(session);
        return new Redirect(visit.Link("/me"));
    }

    /// <summary><c>POST /logout</c>.</summary>
    public static async Task<IResult> End(Visit visit)
    {
        if (!await Forms.AreOurs(visit).ConfigureAwait(false))
            return Problems.Expired(visit);
        visit.End();
        return new Redirect(visit.Link("/"));
    }
}
