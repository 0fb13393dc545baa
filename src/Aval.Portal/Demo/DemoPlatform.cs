using Aval.Ledger;
using Aval.Policies;
using Aval.Portal.Doors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Aval.Portal.Demo;

/// <summary>
/// The login of the demo's platform, which exists nowhere: it lets anybody in as any of its invented people. It is
/// there for the demo and for tests alone, has a key of its own that dies with the process, and no workspace but theirs
/// is asked to believe it.
/// </summary>
internal sealed class DemoPlatform
{
    private const string Name = "example.com/login";
    private readonly SigningKey _key = SigningKey.Generate(Name);
    private readonly string _address;

    /// <summary>At the address of a portal.</summary>
    public DemoPlatform(string address) => _address = address;

    /// <summary>Whom it knows.</summary>
    public static IReadOnlyList<string> People { get; } =
        ["facebook:1000001", "facebook:1000002", "facebook:1000003", "facebook:1000004", "facebook:1000005"];

    /// <summary>What portal.yaml would say.</summary>
    /// <param name="policy">The regime that people are asked under.</param>
    public PortalSettings Settings(Policy policy) => new(
        new Uri(_address), policy, "2025-04", "privacy@example.com", "your data protection authority")
    {
        Login = new LoginSettings("Example (fictional)", $"{_address}/demo/platform", _key.Verifier),
    };

    /// <summary>Serves it.</summary>
    public void Map(WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapGet("/demo/platform", http => Choose(http).ExecuteAsync(http));
    }

    private IResult Choose(HttpContext http)
    {
        var query = http.Request.Query;
        var (nonce, back) = (query["nonce"].ToString(), query["return"].ToString());
        // Back to the portal alone, as a platform answers the addresses that it was told beforehand.
        if (!back.StartsWith(_address + "/", StringComparison.Ordinal))
            return Results.BadRequest();
        var links = People.Select(account => Html.Of($"""
            <li><a href="{QueryHelpers.AddQueryString(back, "assertion", Assert(account, nonce))}">{account}</a></li>
            """));
        return Results.Text(
            Html.Of($"""
                <!doctype html>
                <html lang="en"><head><meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>Example (fictional): log in</title><link rel="stylesheet" href="{Assets.Css}"></head>
                <body><main><h1>Example (fictional): log in</h1><p>This stands for the platform’s own login.</p><ul>
                {links}</ul></main></body></html>

                """).ToString(),
            "text/html; charset=utf-8");
    }

    private string Assert(string account, string nonce) =>
        PlatformLogin.Assert(_key.SignBytes, _address, account, nonce, TimeProvider.System.UtcNow());
}
