using Aval.Portal.Doors;
using Aval.Portal.Words;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal;

/// <summary>One request, by whom, and in which language.</summary>
internal sealed class Visit
{
    private readonly string? _asked;

    /// <summary>What came, at this desk.</summary>
    public Visit(HttpContext http, Desk desk)
    {
        (Http, Desk) = (http, desk);
        _asked = http.Request.Query["lang"] is [{ } asked] && PortalText.Available.Contains(asked) ? asked : null;
        Text = PortalText.Of(_asked ?? PortalText.Preferred(http.Request.Headers.AcceptLanguage));
        Session = desk.Sessions.Find(http.Request.Cookies[desk.Cookie]);
    }

    /// <summary>The request.</summary>
    public HttpContext Http { get; }

    /// <summary>Where everything is.</summary>
    public Desk Desk { get; }

    /// <summary>The language's sentences.</summary>
    public PortalText Text { get; }

    /// <summary>The visit; null = none was begun, or it has ended.</summary>
    public Session? Session { get; private set; }

    /// <summary>Who logged in; null = nobody did.</summary>
    public ShownLogin? Login => Session?.Login;

    /// <summary>A part of the address.</summary>
    public string Route(string name) => (string)Http.Request.RouteValues[name]!;

    /// <summary>A place in the portal, in the language that was asked for.</summary>
    public string Link(string path) => _asked is null ? path : $"{path}?lang={_asked}";

    /// <summary>Fields of the form that was sent; each once.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Form()
    {
        var form = await Http.Request.ReadFormAsync(Http.RequestAborted).ConfigureAwait(false);
        return form.Where(field => field.Value.Count == 1)
            .ToDictionary(field => field.Key, field => field.Value[0] ?? "", StringComparer.Ordinal);
    }

    /// <summary>Gives the visit that is answered a cookie.</summary>
    public void Give(Session session)
    {
        Session = session;
        Http.Response.Cookies.Append(Desk.Cookie, session.Id, Desk.CookieOptions);
    }

    /// <summary>Ends the visit.</summary>
    public void End()
    {
        if (Session is { } session)
            Desk.Sessions.End(session);
        Session = null;
        Http.Response.Cookies.Delete(Desk.Cookie, Desk.CookieOptions);
    }
}
