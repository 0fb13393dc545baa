using Aval.Portal.Words;

namespace Aval.Portal.Person;

/// <summary>The ways to log in that this portal has, in the order in which they are offered.</summary>
internal static class WaysIn
{
    /// <summary>Each as a button; nothing where there is none.</summary>
    public static Html Buttons(Visit visit) => Html.Of($"""
        {All(visit).Select(way => Html.Of(
            $"<p><a class=\"button quiet\" href=\"{visit.Link(way.Path)}\">{way.Label}</a></p>"))}
        """);

    /// <summary>The first of them, under another name; nothing where there is none.</summary>
    public static Html First(Visit visit, string label) => All(visit).Take(1).Select(way => Html.Of(
        $"<a class=\"button\" href=\"{visit.Link(way.Path)}\">{label}</a>")).SingleOrDefault(Html.None);

    private static IEnumerable<(string Path, string Label)> All(Visit visit)
    {
        var (text, settings) = (visit.Text, visit.Desk.Settings);
        if (settings.Login is { } login)
            yield return ("/login", PortalText.Fill(text.LogIn, ("name", login.Name)));
        if (settings.OpenId is { } provider)
            yield return ("/login/openid", PortalText.Fill(text.LogIn, ("name", provider.Provider.Name)));
        if (settings.Mail is not null)
            yield return ("/login/mail", text.MailHeading);
    }
}
