using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Aval.Portal.Api;
using Aval.Portal.Person;
using Aval.Recording;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Routing;

namespace Aval.Portal.Safety;

/// <summary>What happens around every answer, whatever is asked for.</summary>
internal static class Answering
{
    private const int MostOfAForm = 64 << 10;

    // Of this process alone: whoever tries again and again is seen to be the same, and nobody can tell who it is.
    private static readonly byte[] Pseudonyms = RandomNumberGenerator.GetBytes(32);

    /// <summary>Puts it around all that follows.</summary>
    public static void Around(WebApplication app, Desk desk)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(desk);
        if (desk.Settings.TrustedProxies.Count > 0)
            app.UseForwardedHeaders(Forwarding(desk.Settings));
        app.Use((http, next) => Observed(http, next, desk));
        app.Use((http, next) => Guarded(http, next, desk.IsSecure));
        app.Use((http, next) => Answered(http, next, desk));
    }

    // Where a request came from, as the nearest trusted proxy says: from the right, up to the first address that is no
    // trusted proxy's. What stands left of it, anybody can have written. Host and scheme are never taken from there:
    // portal.yaml says them.
    private static ForwardedHeadersOptions Forwarding(PortalSettings settings)
    {
        var forwarding = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor,
            ForwardLimit = null,
        };
        forwarding.KnownProxies.Clear();
        forwarding.KnownIPNetworks.Clear();
        foreach (var network in settings.TrustedProxies)
            forwarding.KnownIPNetworks.Add(network);
        return forwarding;
    }

    // Told to the operator and to whoever traces: by route, never by address.
    private static async Task Observed(HttpContext http, RequestDelegate next, Desk desk)
    {
        var began = Stopwatch.GetTimestamp();
        using var activity = Telemetry.Source.StartActivity("request", ActivityKind.Server);
        try
        {
            await next(http).ConfigureAwait(false);
        }
        finally
        {
            var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
            var status = http.RequestAborted.IsCancellationRequested ? 499 : http.Response.StatusCode;
            // The method is one of those that routes have, or anything that somebody sent.
            var method = HttpMethods.IsPost(http.Request.Method) ? "POST"
                : HttpMethods.IsGet(http.Request.Method) ? "GET"
                : "other";
            activity?.SetTag("http.request.method", method).SetTag("http.route", route)
                .SetTag("http.response.status_code", status);
            if (route is not "/healthz" and not "/readyz")
                desk.Log.Tell("request", json =>
                {
                    json.WriteString("method", method);
                    json.WriteString("route", route);
                    json.WriteNumber("status", status);
                    json.WriteNumber("ms", Math.Round(Stopwatch.GetElapsedTime(began).TotalMilliseconds, 1));
                    json.WriteString("client", Pseudonym(http));
                    if (http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
                        json.WriteString("agent", desk.Agents.Of(http)?.Name);
                });
        }
    }

    private static string Pseudonym(HttpContext http) => Convert.ToHexStringLower(HMACSHA256.HashData(
        Pseudonyms, Encoding.UTF8.GetBytes(RateLimits.Client(http.Connection.RemoteIpAddress)))[..6]);

    // What every answer says to browsers (docs/security.md, V3.4): nothing from elsewhere, in no frame, and no address
    // given away.
    private static Task Guarded(HttpContext http, RequestDelegate next, bool isSecure)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' "
            + "data:; object-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        headers.CacheControl = "no-store";
        // A form of a person is short; what agents bring is not.
        if (!http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
            && http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
            body.MaxRequestBodySize = MostOfAForm;
        // A proxy speaks https to the world, so what reaches this process is http.
        if (isSecure)
            headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        return next(http);
    }

    // What is not acknowledged may be in the store all the same, without a checkpoint yet, so nobody is told that it is
    // not there; and nothing of what went wrong is told to strangers: messages name files and accounts.
    private static async Task Answered(HttpContext http, RequestDelegate next, Desk desk)
    {
        try
        {
            await next(http).ConfigureAwait(false);
        }
        catch (AvalException refused) when (!http.Response.HasStarted)
        {
            var isClock = refused is ClockBehindException;
            desk.Log.Tell(isClock ? "clock behind" : "not done", json => json.WriteNumber("exit", (int)refused.Exit));
            http.Response.Headers.RetryAfter = "60";
            var isApi = http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal);
            var answer = (isApi, isClock) switch
            {
                (true, true) => ApiProblems.ClockBehind(),
                (true, false) => ApiProblems.NotConfirmed(),
                _ => Problems.Busy(new Visit(http, desk)),
            };
            await answer.ExecuteAsync(http).ConfigureAwait(false);
        }
        catch (BadHttpRequestException unread) when (!http.Response.HasStarted)
        {
            http.Response.StatusCode = unread.StatusCode;
        }
        catch (Exception bug) when (bug is not OperationCanceledException && !http.Response.HasStarted)
        {
            // Its message may name somebody; where it happened does not.
            desk.Log.Tell("bug", json =>
            {
                json.WriteString("type", bug.GetType().FullName);
                json.WriteString("stack", bug.StackTrace);
            });
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }
}
