using System.Globalization;
using Aval.Portal.Api;
using Aval.Portal.Officer;
using Aval.Portal.Person;
using Aval.Portal.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aval.Portal;

/// <summary>
/// A running portal. The file to open first in this room: <see cref="Pages"/> lists all that it answers to.
/// </summary>
internal sealed class PortalHost : IAsyncDisposable
{
    private const int MostOfAForm = 64 << 10;

    private readonly WebApplication _app;
    private readonly Desk _desk;
    private readonly Deliveries _deliveries;

    private PortalHost(WebApplication app, Desk desk, Deliveries deliveries) =>
        (_app, _desk, _deliveries) = (app, desk, deliveries);

    /// <summary>Where it listens.</summary>
    public string Address => _app.Urls.First();

    /// <summary>The links in notices, as this portal reads them.</summary>
    public Doors.NoticeLinks Links => _desk.Links;

    /// <summary>The links to the officer's side.</summary>
    public Doors.OfficerLinks Officers => _desk.OfficerLinks;

    /// <summary>All that it answers to, for whoever checks that nothing is left out.</summary>
    internal IEnumerable<(string Method, string Route)> Routes => ((IEndpointRouteBuilder)_app).DataSources
        .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .SelectMany(one => one.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods
            .Select(method => (method, one.RoutePattern.RawText ?? "")) ?? []);

    /// <summary>Starts it.</summary>
    /// <param name="workspace">Whose choices are recorded.</param>
    /// <param name="settings">What people are asked.</param>
    /// <param name="listen">An address such as <c>http://127.0.0.1:8080</c>; port 0 = any that is free.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="also">Further endpoints: the demo's platform.</param>
    /// <exception cref="AvalException">Usage: it cannot listen there.</exception>
    public static async Task<PortalHost> Start(
        Workspace workspace, PortalSettings settings, string listen, TimeProvider clock,
        Action<WebApplication>? also = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(listen).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 16 << 20;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 << 10;
        });
        // Addresses hold links and tickets, so no request is logged by its address.
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        var desk = new Desk(workspace, settings, clock);
        builder.Services.AddRateLimiter(limits => RateLimits.Set(limits, desk.Agents));
        var app = builder.Build();
        if (settings.TrustedProxies.Count > 0)
            app.UseForwardedHeaders(Forwarding(settings));
        app.Use((http, next) => Guard(http, next, desk.IsSecure));
        app.Use((http, next) => Answered(http, next, desk));
        app.UseRouting();
        app.UseRateLimiter();
        Pages(app, desk);
        also?.Invoke(app);
        var deliveries = Deliveries.Start(
            workspace, settings.Webhooks, new WebhookSender(settings.WebhookNetworks), clock);
        try
        {
            await app.StartAsync().ConfigureAwait(false);
        }
        catch (IOException taken)
        {
            await deliveries.DisposeAsync().ConfigureAwait(false);
            desk.Dispose();
            throw AvalException.Usage($"--listen {listen}: {taken.Message} Nothing was started.");
        }

        return new PortalHost(app, desk, deliveries);
    }

    /// <summary>Runs until it is told to stop: what was acknowledged is recorded.</summary>
    public Task Run(CancellationToken stopping) => _app.WaitForShutdownAsync(stopping);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
        await _deliveries.DisposeAsync().ConfigureAwait(false);
        _desk.Dispose();
    }

    private static void Pages(WebApplication app, Desk desk)
    {
        void Get(string route, Func<Visit, IResult> answer) =>
            app.MapGet(route, http => answer(new Visit(http, desk)).ExecuteAsync(http))
                .RequireRateLimiting(RateLimits.Pages);

        void Look(string route, Func<Visit, Task<IResult>> answer) =>
            app.MapGet(route, http => Answer(answer, http)).RequireRateLimiting(RateLimits.Pages);

        void Post(string route, Func<Visit, Task<IResult>> answer) =>
            app.MapPost(route, http => Answer(answer, http)).RequireRateLimiting(RateLimits.Choices);

        async Task Answer(Func<Visit, Task<IResult>> answer, HttpContext http) =>
            await (await answer(new Visit(http, desk)).ConfigureAwait(false)).ExecuteAsync(http).ConfigureAwait(false);

        Get("/", FirstPage.Get);
        Get("/n/{letters}", FirstPage.ByLink);
        Post("/n/{letters}/object", NoticeDoor.Object);
        Post("/n/{letters}/refuse", NoticeDoor.Refuse);
        Get("/receipt/{letters}", ReceiptPage.Get);
        Get("/receipt/{letters}/{number}", ReceiptPage.File);
        Get("/check", CheckPage.Get);
        Get("/check/offline", CheckPage.Offline);
        Get("/someone-else", SomeoneElsePage.Get);
        Post("/someone-else", SomeoneElsePage.Ask);
        Post("/someone-else/objection", SomeoneElsePage.Object);
        Get("/request/{letters}", FollowedPage.Get);
        Get("/login", LoginDoor.Go);
        Get("/login/return", LoginDoor.Return);
        Look("/login/openid", OpenIdDoor.Go);
        Look(OpenIdDoor.Return, OpenIdDoor.Back);
        Get("/login/mail", MailDoor.Get);
        Post("/login/mail", MailDoor.Ask);
        Get("/login/mail/{letters}", MailDoor.Look);
        Post("/login/mail/{letters}", MailDoor.Use);
        Post("/logout", LoginDoor.End);
        Look("/me", MyChoicesPage.Get);
        Post("/me/answer", Saying.Answer);
        Post("/me/{what}", Saying.Say);
        Get("/me/requests", MyRequestsPage.Get);
        Post("/me/requests/ask/{right}", MyRequestsPage.Ask);
        Post("/me/requests/{number}/answer", MyRequestsPage.Answer);
        Look("/me/data", MyDataPage.Get);
        Look("/me/data.json", MyDataPage.Json);
        Look("/me/data.csv", MyDataPage.Csv);
        Look("/me/proof/{corpus}/{release}", MyDataPage.Proof);
        Counter.Map(app, desk); // The officer's side, with its own list.
        ApiRoutes.Map(app, desk);
        LedgerEndpoint.Map(app, desk);
        Assets.Map(app);
        app.MapGet("/healthz", () => Results.Text("ok\n"));
        app.MapFallback((HttpContext http) => Problems.NotFound(new Visit(http, desk)));
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

    // What every answer says to browsers (OWASP ASVS V14.4): nothing from elsewhere, in no frame, and no address given
    // away.
    private static Task Guard(HttpContext http, RequestDelegate next, bool isSecure)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' "
            + "data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
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
            headers.StrictTransportSecurity = "max-age=31536000";
        return next(http);
    }

    // What is not acknowledged may be in the store all the same, without a checkpoint yet, so nobody is told that it is
    // not there; and nothing of what went wrong is told to strangers: messages name files and
    // accounts.
    private static async Task Answered(HttpContext http, RequestDelegate next, Desk desk)
    {
        try
        {
            await next(http).ConfigureAwait(false);
        }
        catch (AvalException refused) when (!http.Response.HasStarted)
        {
            await Console.Error.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{http.Request.Method}: not done, exit code {(int)refused.Exit}"))
                .ConfigureAwait(false);
            http.Response.Headers.RetryAfter = "60";
            var isApi = http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal);
            var answer = isApi
                ? ApiProblems.Problem(
                    StatusCodes.Status503ServiceUnavailable, "Not confirmed",
                    "Something here is busy or broken, and it is not certain that it was recorded. Send it again in a "
                        + "minute: the same twice adds up to the same.")
                : Problems.Busy(new Visit(http, desk));
            await answer.ExecuteAsync(http).ConfigureAwait(false);
        }
        catch (Exception bug) when (bug is not BadHttpRequestException and not OperationCanceledException
            && !http.Response.HasStarted)
        {
            // Its message may name somebody; where it happened does not.
            await Console.Error.WriteLineAsync($"This is a bug in Aval: {bug.GetType()}\n{bug.StackTrace}")
                .ConfigureAwait(false);
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
        catch (BadHttpRequestException unread) when (!http.Response.HasStarted)
        {
            http.Response.StatusCode = unread.StatusCode;
        }
    }
}
