using Aval.Portal.Person;
using Aval.Requests;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Officer;

/// <summary>
/// The officer's side by the organisation's own login (OpenID Connect). Who may enter, and as what, stands in
/// portal.yaml: that the provider knows somebody is not enough.
/// </summary>
internal static class OfficersDoor
{
    /// <summary>Where the provider sends officers back to.</summary>
    public const string Return = "/officer/login/return";

    /// <summary><c>GET /officer/login</c>.</summary>
    public static Task<IResult> Go(Visit visit) => OpenIdDoor.Go(visit, visit.Desk.OfficersLogin);

    /// <summary><c>GET /officer/login/return?code=…&amp;state=…</c>: an act of the trail, as by a link.</summary>
    public static Task<IResult> Back(Visit visit) => OpenIdDoor.Back(
        visit, visit.Desk.OfficersLogin, async answer =>
        {
            if (!visit.Desk.Settings.Officers!.Who.TryGetValue(answer.Id, out var who))
                return null;
            await visit.Desk.Enter(new SignedIn(visit.Desk.Clock.UtcNow(), who.By)).ConfigureAwait(false);
            return OpenIdDoor.Entered(
                visit, who.MaySee ? "/officer" : "/officer/type", fresh => fresh with { Officer = who });
        });
}
