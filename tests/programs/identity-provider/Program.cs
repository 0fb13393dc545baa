using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Aval.IdentityProvider;

/// <summary>
/// An OpenID provider on loopback, for tests: OpenIddict, with one client and no passwords. Who is logged in stands in
/// the cookie "who", as a test sets it. <c>Aval.IdentityProvider URL CLIENT SECRET REDIRECT…</c>
/// </summary>
internal static class Provider
{
    private static async Task<int> Main(string[] args)
    {
        if (args is not [var url, var client, var secret, .. { Length: > 0 } redirects])
        {
            Console.Error.WriteLine("usage: Aval.IdentityProvider URL CLIENT SECRET REDIRECT… Nothing was started.");
            return 2;
        }

        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.SetIssuer(new Uri(url));
            server.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token");
            server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
            server.AddEphemeralEncryptionKey().AddEphemeralSigningKey();
            // Without a database: the two things that one would be asked are answered here.
            server.EnableDegradedMode();
            server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(asked =>
            {
                if (asked.ClientId != client || !redirects.Contains(asked.RedirectUri))
                    asked.Reject(Errors.InvalidClient, "No such client.");
                return default;
            }));
            server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(asked =>
            {
                if (asked.ClientId != client || asked.ClientSecret != secret)
                    asked.Reject(Errors.InvalidClient, "No such client.");
                return default;
            }));
            server.UseAspNetCore().DisableTransportSecurityRequirement().EnableAuthorizationEndpointPassthrough()
                .EnableTokenEndpointPassthrough();
        });
        var app = builder.Build();
        app.Urls.Add(url);
        app.UseAuthentication();
        app.MapGet("/authorize", (HttpContext http) =>
        {
            var identity = new ClaimsIdentity(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
            identity.AddClaim(new Claim(Claims.Subject, http.Request.Cookies["who"] ?? "nobody")
                .SetDestinations(Destinations.IdentityToken, Destinations.AccessToken));
            var principal = new ClaimsPrincipal(identity);
            principal.SetScopes(http.GetOpenIddictServerRequest()!.GetScopes());
            return Results.SignIn(
                principal, authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        });
        app.MapPost("/token", async (HttpContext http) =>
        {
            var shown = await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
            return Results.SignIn(
                shown.Principal!, authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        });
        await app.StartAsync();
        Console.WriteLine("ready");
        await ((IHost)app).WaitForShutdownAsync();
        return 0;
    }
}
