using Aval.Portal.Doors;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Person;

/// <summary>A login by OpenID Connect: there, with what this visit alone knows, and back with a code.</summary>
internal static class OpenIdDoor
{
    /// <summary>Where a provider sends people back to.</summary>
    public const string Return = "/login/openid/return";

    /// <summary><c>GET /login/openid</c>.</summary>
    public static Task<IResult> Go(Visit visit) => Go(visit, visit.Desk.OpenId);

    /// <summary><c>GET /login/openid/return?code=…&amp;state=…</c>.</summary>
    public static Task<IResult> Back(Visit visit) => Back(visit, visit.Desk.OpenId, answer =>
        Task.FromResult(Of(visit, answer) is { } shown
            ? Entered(visit, visit.Link("/me"), fresh => fresh with { Login = shown })
            : null));

    /// <summary>Sends a visit to a provider.</summary>
    /// <param name="visit">The visit.</param>
    /// <param name="provider">Which; null = there is none.</param>
    public static async Task<IResult> Go(Visit visit, OpenIdLogin? provider)
    {
        if (provider is null)
            return Problems.NotFound(visit);
        var request = provider.Ask();
        try
        {
            var address = await provider.Address(request, visit.Text.Language, visit.Http.RequestAborted)
                .ConfigureAwait(false);
            visit.End();
            visit.Give(visit.Desk.Sessions.Begin(fresh => fresh with { OpenId = request }));
            return new Redirect(address);
        }
        catch (Exception silent) when (IsSilent(visit, silent))
        {
            return Silent(visit);
        }
    }

    /// <summary>Takes a visit back from a provider.</summary>
    /// <param name="visit">The visit.</param>
    /// <param name="provider">Which; null = there is none.</param>
    /// <param name="enter">Lets in whom it showed; null = they may not.</param>
    public static async Task<IResult> Back(
        Visit visit, OpenIdLogin? provider, Func<OpenIdAnswer, Task<IResult?>> enter)
    {
        ArgumentNullException.ThrowIfNull(enter);
        var query = visit.Http.Request.Query;
        if (provider is null || visit.Session is not { OpenId: { } request } asked
            || query["code"] is not [{ Length: > 0 } code] || query["state"] is not [{ } state]
            // A code is redeemed once, so this visit asks once: two answers at a time find one of them ended.
            || !visit.Desk.Sessions.Take(asked))
            return Failed(visit);
        try
        {
            var issuer = query["iss"] is [{ } named] ? named : null;
            return await provider.Check(
                    request, state, issuer, code, visit.Desk.Clock.UtcNow(), visit.Http.RequestAborted)
                    .ConfigureAwait(false) is { } answer
                && await enter(answer).ConfigureAwait(false) is { } entered
                    ? entered
                    : Failed(visit);
        }
        catch (Exception silent) when (IsSilent(visit, silent))
        {
            return Silent(visit);
        }
    }

    /// <summary>Begins the visit of somebody who showed who they are, under a new cookie.</summary>
    public static IResult Entered(Visit visit, string place, Func<Session, Session> with)
    {
        visit.Give(visit.Desk.Sessions.Begin(with));
        return new Redirect(place);
    }

    // A provider that is away, and one that takes too long: the client then cancels, though the visitor waits.
    private static bool IsSilent(Visit visit, Exception failure) => failure is HttpRequestException
        || (failure is OperationCanceledException && !visit.Http.RequestAborted.IsCancellationRequested);

    private static ShownLogin? Of(Visit visit, OpenIdAnswer answer) => Account.TryParse(
        $"{visit.Desk.Settings.OpenId!.Service}:{answer.Id}", visit.Desk.Workspace.Settings.Services,
        out var account, out _)
            ? new ShownLogin(account, ShownLogin.EvidenceOf(answer.Token)) { Way = "OpenID Connect" }
            : null;

    private static Page Failed(Visit visit) => Page.Problem(
        visit, visit.Text.LogInFailed, visit.Text.LogInFailedText, StatusCodes.Status403Forbidden);

    private static Page Silent(Visit visit) => Page.Problem(
        visit, visit.Text.LogInFailed, visit.Text.LogInFailedText, StatusCodes.Status502BadGateway);
}
