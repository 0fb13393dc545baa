using Aval.Portal.Doors;
using Aval.Portal.Person;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Officer;

/// <summary>
/// The officer's side: the list of its pages, each with who may see it or act on it. Whoever may not is told so before
/// anything is read, and what an act is about is checked by the page.
/// </summary>
internal static class Counter
{
    // A file of counts has a line for each day and channel.
    private const int MostOfAFile = 1 << 20;

    /// <summary>Serves them.</summary>
    public static void Map(WebApplication app, Desk desk)
    {
        ArgumentNullException.ThrowIfNull(app);
        void See(string route, Func<Visit, ShownOfficer, Task<IResult>> answer) => app.MapGet(
            $"/officer{route}", http => Answer(http, desk, who => who.MaySee, answer))
            .RequireRateLimiting(RateLimits.Pages);

        void Act(string route, Func<Visit, ShownOfficer, Task<IResult>> answer) => app.MapPost(
            $"/officer{route}", http => Post(http, desk, who => who.MayAct, answer))
            .RequireRateLimiting(RateLimits.Choices);

        void Type(string route, Func<Visit, ShownOfficer, Task<IResult>> answer) => app.MapPost(
            $"/officer{route}", http => Post(http, desk, who => who.MayType, answer))
            .RequireRateLimiting(RateLimits.Choices);

        See("", OverviewPage.Get);
        See("/requests", RequestsPage.Get);
        See("/requests.csv", RequestsPage.Csv);
        Act("/requests/record", RequestsPage.Record);
        See("/requests/{number}", RequestPage.Get);
        Act("/requests/{number}/{step}", RequestPage.Take);
        See("/choices", ChoicesPage.Get);
        See("/choices.csv", ChoicesPage.Csv);
        See("/unmatched", UnmatchedPage.Get);
        See("/unmatched.csv", UnmatchedPage.Csv);
        See("/notices", NoticesPage.Get);
        See("/notices.csv", NoticesPage.Csv);
        See("/reconcile", ReconcilePage.Get);
        Act("/reconcile", ReconcilePage.Compare);
        See("/releases", ReleasesPage.Get);
        See("/releases/{corpus}/{release}", ReleasePage.Get);
        See("/models", ModelsPage.Get);
        See("/compare", ComparePage.Get);
        See("/ledger", LedgerPage.Get);
        Act("/ledger/check", LedgerPage.Check);
        See("/trail", TrailPage.Get);
        See("/trail.csv", TrailPage.Csv);
        app.MapGet("/officer/type", http => Answer(http, desk, who => who.MayType, TypePage.Get))
            .RequireRateLimiting(RateLimits.Pages);
        Type("/type", TypePage.Record);
        void Door(string route, Func<Visit, Task<IResult>> answer) => app.MapGet(route, async http =>
            await (await answer(new Visit(http, desk)).ConfigureAwait(false)).ExecuteAsync(http)
                .ConfigureAwait(false)).RequireRateLimiting(RateLimits.Pages);

        Door("/officer/login", OfficersDoor.Go);
        Door(OfficersDoor.Return, OfficersDoor.Back);
        app.MapGet("/officer/enter/{letters}", http => EnterPage.Get(new Visit(http, desk)).ExecuteAsync(http))
            .RequireRateLimiting(RateLimits.Pages);
        app.MapPost("/officer/enter/{letters}", async http =>
            await (await EnterPage.Enter(new Visit(http, desk)).ConfigureAwait(false)).ExecuteAsync(http)
                .ConfigureAwait(false)).RequireRateLimiting(RateLimits.Choices);
        app.MapPost("/officer/leave", http => Post(http, desk, _ => true, EnterPage.Leave))
            .RequireRateLimiting(RateLimits.Choices);
    }

    private static async Task Answer(
        HttpContext http, Desk desk, Func<ShownOfficer, bool> may, Func<Visit, ShownOfficer, Task<IResult>> answer)
    {
        var visit = new Visit(http, desk);
        var result = visit.Session?.Officer switch
        {
            null when desk.OfficersLogin is not null && HttpMethods.IsGet(http.Request.Method) =>
                new Redirect("/officer/login"),
            null => Problems.Expired(visit),
            var who when !may(who) => OfficerPage.NotYours(visit, who),
            var who => await Told(visit, who, answer).ConfigureAwait(false),
        };
        await result.ExecuteAsync(http).ConfigureAwait(false);
    }

    private static Task Post(
        HttpContext http, Desk desk, Func<ShownOfficer, bool> may, Func<Visit, ShownOfficer, Task<IResult>> answer)
    {
        if (http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>()
            is { IsReadOnly: false } body)
            body.MaxRequestBodySize = MostOfAFile;
        return Answer(http, desk, may, async (visit, who) => await Forms.AreOurs(visit).ConfigureAwait(false)
            ? await answer(visit, who).ConfigureAwait(false)
            : Problems.Expired(visit));
    }

    // An officer is told what is wrong, as on the command line: messages name files and accounts, and who reads them
    // here may.
    private static async Task<IResult> Told(
        Visit visit, ShownOfficer who, Func<Visit, ShownOfficer, Task<IResult>> answer)
    {
        try
        {
            return await answer(visit, who).ConfigureAwait(false);
        }
        catch (AvalException refused)
        {
            return OfficerPage.Problem(visit, who, "Not done", refused.Message, refused.Exit switch
            {
                ExitCode.Usage or ExitCode.BadInput => StatusCodes.Status422UnprocessableEntity,
                ExitCode.Refused => StatusCodes.Status409Conflict,
                ExitCode.Busy => StatusCodes.Status503ServiceUnavailable,
                ExitCode.Done or ExitCode.No or ExitCode.Bug => StatusCodes.Status500InternalServerError,
            });
        }
    }
}
