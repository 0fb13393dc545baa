using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Api;

/// <summary>
/// All that the API answers to, each with what a token has to open for it. <c>openapi.json</c> describes the same, and
/// a test holds the two against each other.
/// </summary>
internal static class ApiRoutes
{
    /// <summary>Where the API is.</summary>
    public const string Root = "/api/v1";

    private static readonly byte[] Document = Assets.Read("openapi.json");

    /// <summary>Serves it.</summary>
    public static void Map(WebApplication app, Desk desk)
    {
        ArgumentNullException.ThrowIfNull(app);
        void Get(string route, AgentScope scope, Func<Call, Task<IResult>> answer) =>
            app.MapGet(Root + route, http => Answer(http, desk, scope, answer)).RequireRateLimiting(RateLimits.Agents);

        void Post(string route, AgentScope scope, Func<Call, Task<IResult>> answer) =>
            app.MapPost(Root + route, http => Answer(http, desk, scope, answer)).RequireRateLimiting(RateLimits.Agents);

        Post("/choices", AgentScope.WriteChoices, ChoicesEndpoint.Post);
        Get("/choices", AgentScope.ReadChoices, BroughtEndpoint.List);
        Get("/choices/{index}", AgentScope.ReadChoices, BroughtEndpoint.One);
        Get("/choices/{index}/receipt", AgentScope.ReadChoices, BroughtEndpoint.Receipt);
        Get("/stances", AgentScope.ReadStances, StancesEndpoint.Get);
        Get("/requests", AgentScope.ReadRequests, RequestsEndpoint.List);
        Get("/releases", AgentScope.ReadReleases, ReleasesEndpoint.List);
        Get("/releases/{corpus}/{release}", AgentScope.ReadReleases, ReleasesEndpoint.One);
        Get("/releases/{corpus}/{release}/proof", AgentScope.ReadProofs, ReleasesEndpoint.Proof);
        app.MapGet(Root + "/openapi.json", () => Results.Bytes(Document, "application/json; charset=utf-8"))
            .RequireRateLimiting(RateLimits.Pages);
        app.MapFallback("/api/{**rest}", () => ApiProblems.NotFound());
    }

    private static async Task Answer(
        HttpContext http, Desk desk, AgentScope scope, Func<Call, Task<IResult>> answer)
    {
        var result = desk.Agents.Of(http) is not { } agent ? Stranger(http)
            : !agent.Scopes.Contains(scope) ? NotOpened(http, scope)
            : await answer(new Call(http, desk, agent)).ConfigureAwait(false);
        await result.ExecuteAsync(http).ConfigureAwait(false);
    }

    private static IResult Stranger(HttpContext http)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return ApiProblems.Problem(
            StatusCodes.Status401Unauthorized, "No agent's token", "Nothing was done. Send a token that portal.yaml "
                + "knows: Authorization: Bearer TOKEN.");
    }

    // RFC 6750 §3.1.
    private static IResult NotOpened(HttpContext http, AgentScope scope)
    {
        http.Response.Headers.WWWAuthenticate = $"Bearer error=\"insufficient_scope\", scope=\"{scope.ToText()}\"";
        return ApiProblems.Problem(
            StatusCodes.Status403Forbidden, "Not with this token", $"Nothing was done. This needs the scope "
                + $"{scope.ToText()}, which portal.yaml does not give to this agent.");
    }
}
