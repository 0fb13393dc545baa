using System.Security.Cryptography;
using System.Text;
using Aval.Choices;
using Aval.Portal.Doors;
using Aval.Portal.Words;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Person;

/// <summary>
/// What the link of a notice opens: a no, recorded by one tap. The link itself is what authorises it, so there is no
/// cookie that another site could make a browser send along.
/// </summary>
internal static class NoticeDoor
{
    /// <summary>The link of this address; null = nobody here made it, or its version was revoked.</summary>
    public static NoticeLink? Open(Visit visit) =>
        visit.Desk.Links.Read(visit.Route("letters")) is { } link
        && !visit.Desk.Settings.Revoked.Contains(link.Version)
            ? link
            : null;

    /// <summary>The answer to a link that opens nothing: the same whatever is wrong with it.</summary>
    public static IResult Dead(Visit visit) => Page.Problem(
        visit, visit.Text.LinkDead,
        PortalText.Fill(visit.Text.LinkDeadText, ("contact", visit.Desk.Settings.Contact)),
        StatusCodes.Status404NotFound);

    /// <summary><c>POST /n/LETTERS/object</c>.</summary>
    public static Task<IResult> Object(Visit visit) => Say(visit, ChoiceKind.Objection);

    /// <summary><c>POST /n/LETTERS/refuse</c>.</summary>
    public static Task<IResult> Refuse(Visit visit) => Say(visit, ChoiceKind.Refusal);

    private static async Task<IResult> Say(Visit visit, ChoiceKind kind)
    {
        if (Open(visit) is not { } link)
            return Dead(visit);
        var (now, purpose) = (visit.Desk.Clock.UtcNow(), visit.Desk.Settings.Policy.Purpose);
        var evidence = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(visit.Route("letters"))));
        var acknowledged = await visit.Desk.Say(new Choice(
            kind, link.Account, purpose, Scope.Everything, now, now,
            Channel: $"portal, link of notice {link.Version}", Evidence: evidence)).ConfigureAwait(false);
        return ReceiptPage.SeeOther(visit, acknowledged);
    }
}
