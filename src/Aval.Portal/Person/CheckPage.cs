using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Person;

/// <summary>
/// Checks a receipt in the browser, with nothing but the receipt and the ledger's key: what is computed can be read in
/// one small script, and the page can be saved and used without a connection.
/// </summary>
internal static class CheckPage
{
    /// <summary><c>GET /check</c>.</summary>
    public static IResult Get(Visit visit) => Page.Of(visit, visit.Text.Check, Html.Of($"""
        <p>{visit.Text.CheckText}</p>
        {Form(visit)}
        <p><a href="{visit.Link("/check/offline")}" download="check.html">{visit.Text.CheckOffline}</a></p>
        <script src="{Assets.Script}" defer></script>
        """));

    /// <summary><c>GET /check/offline</c>: the same as one file that needs nothing else.</summary>
    public static IResult Offline(Visit visit) => Results.Bytes(
        System.Text.Encoding.UTF8.GetBytes(Html.Of($"""
            <!doctype html>
            <html lang="{visit.Text.Language}"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{visit.Text.Check}</title><style>{Html.Trusted(Assets.CssText)}</style></head>
            <body><main><h1>{visit.Text.Check}</h1><p>{visit.Text.CheckText}</p>{Form(visit)}</main>
            <script>{Html.Trusted(Assets.ScriptText)}</script></body></html>

            """).ToString()),
        "text/html; charset=utf-8", "check.html");

    private static Html Form(Visit visit) => Html.Of($"""
        <form id="check" data-good="{visit.Text.CheckGood}" data-bad="{visit.Text.CheckBad}">
        <p><label for="receipt">{visit.Text.CheckFile}</label><input id="receipt" type="file" required></p>
        <p><label for="key">{visit.Text.CheckKey}</label>
        <input id="key" type="text" value="{visit.Desk.LedgerKey.ToString()}"
            autocomplete="off" spellcheck="false" required></p>
        <p><button>{visit.Text.CheckButton}</button></p>
        <p id="verdict" role="status"></p>
        </form>
        <noscript><p>{visit.Text.CheckNoScript}</p></noscript>
        """);
}
