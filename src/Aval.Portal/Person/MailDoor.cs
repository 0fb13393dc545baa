using Aval.Portal.Doors;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Person;

/// <summary>
/// A login by a link that is mailed to the address an account carries. The answer is the same whether one does or not,
/// and a GET uses nothing, since mail scanners follow links.
/// </summary>
internal static class MailDoor
{
    /// <summary><c>GET /login/mail</c>.</summary>
    public static IResult Get(Visit visit)
    {
        var text = visit.Text;
        return visit.Desk.Mail is null
            ? Problems.NotFound(visit)
            : Page.Of(visit, text.MailHeading, Html.Of($"""
                <p>{text.MailAsk}</p>
                <form method="post" action="{visit.Link("/login/mail")}">
                <p><label for="address">{text.MailAddress}</label>
                <input id="address" name="address" type="email" required maxlength="254" autocomplete="email"></p>
                <button>{text.MailSend}</button>
                </form>
                """));
    }

    /// <summary><c>POST /login/mail</c>.</summary>
    public static async Task<IResult> Ask(Visit visit)
    {
        if (visit.Desk.Mail is not { } mail)
            return Problems.NotFound(visit);
        var form = await visit.Form().ConfigureAwait(false);
        if (ContactKey.Canonical(form.GetValueOrDefault("address")) is not { } address)
            return Page.Problem(
                visit, visit.Text.MailHeading, visit.Text.MailWrong, StatusCodes.Status422UnprocessableEntity);
        mail.Ask(address, visit.Text);
        return Page.Of(visit, visit.Text.MailHeading, Html.Of($"<p>{visit.Text.MailSent}</p>"));
    }

    /// <summary><c>GET /login/mail/LETTERS</c>: a button, of a visit of its own, so that no other site can press
    /// it.</summary>
    public static IResult Look(Visit visit)
    {
        if (visit.Desk.Mail?.Tickets.Read(visit.Route("letters")) is null)
            return Failed(visit);
        visit.End();
        visit.Give(visit.Desk.Sessions.Begin());
        return Page.Of(visit, visit.Text.MailHeading, Html.Of($"""
            <form method="post" action="{visit.Link($"/login/mail/{visit.Route("letters")}")}">{Forms.Field(visit)}
            <button>{visit.Text.MailLogIn}</button></form>
            """));
    }

    /// <summary><c>POST /login/mail/LETTERS</c>.</summary>
    public static async Task<IResult> Use(Visit visit)
    {
        if (visit.Desk.Mail is not { } mail || visit.Session is not { } asked
            || !await Forms.AreOurs(visit).ConfigureAwait(false)
            || mail.Tickets.Use(visit.Route("letters")) is not { } account)
            return Failed(visit);
        var shown = new ShownLogin(account, ShownLogin.EvidenceOf(visit.Route("letters"))) { Way = "link by e-mail" };
        if (visit.Desk.Sessions.Renew(asked, fresh => fresh with { Login = shown }) is not { } session)
            return Failed(visit);
        visit.Give(session);
        return new Redirect(visit.Link("/me"));
    }

    private static Page Failed(Visit visit) => Page.Problem(
        visit, visit.Text.LogInFailed, visit.Text.LogInFailedText, StatusCodes.Status403Forbidden);
}
