using Aval.Portal.Api;
using Aval.Portal.Officer;
using Aval.Portal.Person;
using Aval.Portal.Safety;
using Aval.Portal.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aval.Portal;

/// <summary>
/// A running portal. The file to open first in this room: <see cref="Pages"/> lists all that it answers to.
/// </summary>
internal sealed class PortalHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Desk _desk;
    private readonly Deliveries _deliveries;
    private readonly Exporting _exporting;

    private PortalHost(WebApplication app, Desk desk, Deliveries deliveries, Exporting exporting) =>
        (_app, _desk, _deliveries, _exporting) = (app, desk, deliveries, exporting);

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
    /// <param name="log">Where the operator is told what happens; null = the error stream.</param>
    /// <exception cref="AvalException">Usage: it cannot listen there.</exception>
    public static async Task<PortalHost> Start(
        Workspace workspace, PortalSettings settings, string listen, TimeProvider clock,
        Action<WebApplication>? also = null, TextWriter? log = null)
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
        var desk = new Desk(workspace, settings, clock, new PortalLog(log ?? Error(), clock));
        builder.Services.AddRateLimiter(limits => RateLimits.Set(limits, desk.Agents));
        var app = builder.Build();
        Answering.Around(app, desk);
        app.UseRouting();
        app.UseRateLimiter();
        Pages(app, desk);
        also?.Invoke(app);
        var deliveries = Deliveries.Start(
            workspace, settings.Webhooks, new WebhookSender(settings.WebhookNetworks), clock, desk.Log);
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

        return new PortalHost(
            app, desk, deliveries,
            Exporting.Start(new ConfigurationBuilder().AddEnvironmentVariables().Build()));
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
        await _desk.Log.DisposeAsync().ConfigureAwait(false);
        _exporting.Dispose();
    }

    // Not the console's own, which writes each line by itself.
    private static StreamWriter Error() => new(Console.OpenStandardError(), bufferSize: 64 << 10);

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
        Post("/request/{letters}/answer", FollowedPage.Answer);
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
        Look(MyItemsPage.Path, MyItemsPage.Get);
        Post(MyItemsPage.Path, MyItemsPage.Narrow);
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
        Health.Map(app, desk);
        app.MapFallback((HttpContext http) => Problems.NotFound(new Visit(http, desk)));
    }
}
