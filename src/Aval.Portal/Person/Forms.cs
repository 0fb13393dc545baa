using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Person;

/// <summary>Whether what was sent came from a page of this visit.</summary>
internal static class Forms
{
    /// <summary>The hidden field that every form of a visit has.</summary>
    public static Html Field(Visit visit) =>
        Html.Of($"<input type=\"hidden\" name=\"form\" value=\"{visit.Session?.Form}\">");

    /// <summary>Whether the form that was sent has it.</summary>
    public static async Task<bool> AreOurs(Visit visit)
    {
        var form = await visit.Form().ConfigureAwait(false);
        return visit.Session is { } session && form.TryGetValue("form", out var sent)
            && CryptographicOperations.FixedTimeEquals(
                Encoding.UTF8.GetBytes(sent), Encoding.UTF8.GetBytes(session.Form));
    }
}

/// <summary>What is said when something was not done.</summary>
internal static class Problems
{
    /// <summary>There is no such page.</summary>
    public static IResult NotFound(Visit visit) => Page.Problem(
        visit, visit.Text.NotFound, visit.Text.NotFoundText, StatusCodes.Status404NotFound);

    /// <summary>The visit has ended, or the form is not of it.</summary>
    public static IResult Expired(Visit visit) => Page.Problem(
        visit, visit.Text.Expired, visit.Text.ExpiredText, StatusCodes.Status403Forbidden);

    /// <summary>It could not be recorded.</summary>
    public static IResult Busy(Visit visit) => Page.Problem(
        visit, visit.Text.Busy, visit.Text.BusyText, StatusCodes.Status503ServiceUnavailable);
}
