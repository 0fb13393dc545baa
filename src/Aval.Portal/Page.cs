using Aval.Portal.Words;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal;

/// <summary>An answer that people read.</summary>
internal sealed class Page : IResult
{
    private readonly Html _page;
    private readonly int _status;

    private Page(Html page, int status) => (_page, _status) = (page, status);

    /// <summary>A page.</summary>
    /// <param name="visit">For whom.</param>
    /// <param name="heading">Its heading, and its title.</param>
    /// <param name="body">What follows it.</param>
    /// <param name="status">The status code.</param>
    public static Page Of(Visit visit, string heading, Html body, int status = StatusCodes.Status200OK)
    {
        ArgumentNullException.ThrowIfNull(visit);
        var text = visit.Text;
        return new Page(
            Html.Of($"""
            <!doctype html>
            <html lang="{text.Language}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{heading}</title>
            <link rel="stylesheet" href="{Assets.Css}">
            <link rel="icon" href="data:,">
            </head>
            <body>
            <header><a href="{visit.Link("/")}">{visit.Desk.Workspace.Settings.Controller}</a>{Navigation(visit)}
            </header>
            <main>
            <h1>{heading}</h1>
            {body}
            </main>
            <footer>
            <p>{text.Footer}</p>
            <nav aria-label="{text.ChooseLanguage}">{PortalText.Available.Select(language => Other(visit, language))}
            </nav>
            </footer>
            </body>
            </html>

            """),
            status);
    }

    /// <summary>A page that says that something was not done.</summary>
    public static Page Problem(Visit visit, string heading, string sentence, int status) =>
        Of(visit, heading, Html.Of($"<p>{sentence}</p><p><a href=\"{visit.Link("/")}\">{visit.Text.Back}</a></p>"),
            status);

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        httpContext.Response.StatusCode = _status;
        httpContext.Response.ContentType = "text/html; charset=utf-8";
        return httpContext.Response.WriteAsync(_page.ToString(), httpContext.RequestAborted);
    }

    private static Html Navigation(Visit visit) => visit.Login is null || visit.Session is not { } session
        ? Html.None
        : Html.Of($"""
            <nav><a href="{visit.Link("/me")}">{visit.Text.MyChoices}</a> <a href="{visit.Link("/me/data")}">
            {visit.Text.MyData}</a> <a href="{visit.Link("/me/requests")}">{visit.Text.MyRequests}</a>
            <form method="post" action="{visit.Link("/logout")}">
            <input type="hidden" name="form" value="{session.Form}"><button class="quiet">{visit.Text.LogOut}</button>
            </form></nav>
            """);

    private static Html Other(Visit visit, string language) => language == visit.Text.Language
        ? Html.Of($"<span aria-current=\"true\" lang=\"{language}\">{PortalText.Of(language).Name}</span> ")
        : Html.Of($"<a href=\"{visit.Http.Request.Path.ToUriComponent()}?lang={language}\" lang=\"{language}\" "
            + $"hreflang=\"{language}\">{PortalText.Of(language).Name}</a> ");
}
