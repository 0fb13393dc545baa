using Aval.Portal.Doors;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Person;

/// <summary>A login by OpenID Connect: there, with what this visit alone knows, and back with a code.</summary>
internal static class OpenIdDoor
{
    /// <summary>Where a provider sends people back to.</summary>
    public const string Return = "/login/openid/return";

    /// <summary><c>GET /login/openid</c>.</summary>
    public static async Task<IResult> Go(Visit visit)
    {
        if (visit.Desk.OpenId is not { } provider)
            return Problems.NotFound(visit);
        var request = OpenIdRequest.Make();
        try
        {
            var address = await provider.Address(request, visit.Text.Language, visit.Http.RequestAborted)
                .ConfigureAwait(false);
            visit.End();
            visit.Give(visit.Desk.Sessions.Begin(fresh => fresh with { OpenId = request }));
            return new Redirect(address);
        }
        catch (HttpRequestException)
        {
            return Silent(visit);
        }
    }

    /// <summary><c>GET /login/openid/return?code=…&amp;state=…</c>.</summary>
    public static async Task<IResult> Back(Visit visit)
    {
        var query = visit.Http.Request.Query;
        if (visit.Desk.OpenId is not { } provider || visit.Session is not { OpenId: { } request } asked
            || query["code"] is not [{ Length: > 0 } code] || query["state"] is not [{ } state]
            // A code is redeemed once, so this visit asks once: two answers at a time find one of them ended.
            || !visit.Desk.Sessions.Take(asked))
            return Failed(visit);
        try
        {
            var issuer = query["iss"] is [{ } named] ? named : null;
            var shown = await provider.Check(
                request, state, issuer, code, visit.Desk.Clock.UtcNow(), visit.Http.RequestAborted)
                .ConfigureAwait(false);
            if (shown is null)
                return Failed(visit);
            visit.Give(visit.Desk.Sessions.Begin(fresh => fresh with { Login = shown }));
            return new Redirect(visit.Link("/me"));
        }
        catch (HttpRequestException)
        {
            return Silent(visit);
        }
    }

    private static Page Failed(Visit visit) => Page.Problem(
        visit, visit.Text.LogInFailed, visit.Text.LogInFailedText, StatusCodes.Status403Forbidden);

    private static Page Silent(Visit visit) => Page.Problem(
        visit, visit.Text.LogInFailed, visit.Text.LogInFailedText, StatusCodes.Status502BadGateway);
}
