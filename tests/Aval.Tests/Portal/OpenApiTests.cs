using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Aval.Portal.Api;
using NJsonSchema;

namespace Aval.Tests.Portal;

/// <summary>What openapi.json says is what the portal does, and the other way round.</summary>
public sealed class OpenApiTests
{
    [Fact]
    public async Task The_document_names_every_route_for_programs_and_no_other()
    {
        await using var portal = PortalWorld.Open();
        var document = await Document(portal);
        var described = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()
            .Select(operation => (operation.Key.ToUpperInvariant(), path.Key)));
        var served = portal.Routes
            .Where(one => one.Route.StartsWith("/api/", StringComparison.Ordinal)
                || one.Route.StartsWith("/ledger/", StringComparison.Ordinal))
            .Select(one => (one.Method, one.Route.Replace("{**path}", "{path}", StringComparison.Ordinal)));
        Assert.Equal(served.Order(), described.Order());
    }

    [Fact]
    public async Task Every_operation_names_one_scope_and_together_they_name_all()
    {
        await using var portal = PortalWorld.Open();
        var document = await Document(portal);
        var scopes = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject())
            .SelectMany(operation => operation.Value!["security"]!.AsArray())
            .Select(needed => Assert.Single(needed!["token"]!.AsArray())!.GetValue<string>()).Distinct();
        Assert.Equal(AgentScopes.All.Order(), scopes.Order());
    }

    [Fact]
    public async Task What_is_answered_has_the_form_that_the_document_says()
    {
        await using var portal = PortalWorld.With(("all", Enum.GetValues<AgentScope>()), ("none", []));
        using var agent = portal.Caller("all");
        using var none = portal.Caller("none");
        using var stranger = portal.Browser();
        var document = await Document(portal);
        const string objection = """{"kind":"objection","account":"facebook:7"}""";
        async Task Is(string method, string template, Task<HttpResponseMessage> asked, int status)
        {
            using var answer = await asked;
            Assert.Equal((HttpStatusCode)status, answer.StatusCode);
            await RequireForm(document, method, template, answer);
        }

        StringContent Body(string text, string type = "application/json") => new(text, Encoding.UTF8, type);
        const string choices = "/api/v1/choices";
        await Is("post", choices, agent.Post(choices, Body(objection)), 200);
        await Is("post", choices, agent.Post(choices, Body(objection, "application/x-ndjson")), 200);
        const string erasure = """{"kind":"erasure","account":"facebook:8"}""";
        await Is("post", choices, agent.Post(choices, Body(erasure)), 200);
        await Is("post", choices, agent.Post(choices, Body("[]")), 422);
        await Is("post", choices, agent.Post($"{choices}?x=1", Body(objection)), 400);
        await Is("post", choices, none.Post(choices, Body(objection)), 403);
        await Is("post", choices, stranger.Post(choices, Body(objection)), 401);
        await Is("get", choices, agent.Get(choices), 200);
        await Is("get", choices, agent.Get($"{choices}?cursor=x"), 400);
        await Is("get", $"{choices}/{{index}}", agent.Get($"{choices}/{portal.AllChoices() - 1}"), 200);
        await Is("get", $"{choices}/{{index}}", agent.Get($"{choices}/0"), 404);
        await Is("get", $"{choices}/{{index}}/receipt", agent.Get($"{choices}/{portal.AllChoices() - 1}/receipt"), 200);
        await Is("get", "/api/v1/stances", agent.Get("/api/v1/stances?account=facebook:7"), 200);
        await Is("get", "/api/v1/stances", agent.Get("/api/v1/stances?account=nobody"), 400);
        await Is("get", "/api/v1/requests", agent.Get("/api/v1/requests"), 200);
        await Is("get", "/api/v1/requests", agent.Get("/api/v1/requests?open=no"), 400);
        await Is("get", "/api/v1/releases", agent.Get("/api/v1/releases"), 200);
        const string release = "/api/v1/releases/{corpus}/{release}";
        await Is("get", release, agent.Get($"/api/v1/releases/{portal.Release}"), 200);
        await Is("get", release, agent.Get("/api/v1/releases/no/such"), 404);
        await Is(
            "get", $"{release}/proof", agent.Get($"/api/v1/releases/{portal.Release}/proof?account=facebook:7"), 200);
        await Is("get", "/ledger/checkpoint", stranger.Get("/ledger/checkpoint"), 200);
        await Is("get", "/ledger/tile/{path}", stranger.Get("/ledger/tile/0/999"), 404);
    }

    // The status is one of those that the operation names, the type is its type, and JSON has the form of its schema.
    private static async Task RequireForm(
        JsonNode document, string method, string template, HttpResponseMessage answer)
    {
        var status = ((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var said = document["paths"]![template]![method]!["responses"]![status];
        Assert.True(said is not null, $"{method} {template}: {status} is not described.");
        if (said["$ref"]?.GetValue<string>() is { } reference)
            said = document["components"]!["responses"]![reference.Split('/')[^1]]!;
        if (said["content"] is not JsonObject content)
            return;
        var type = answer.Content.Headers.ContentType!.MediaType!;
        Assert.True(content.ContainsKey(type), $"{method} {template} {status}: {type} is not described.");
        if (!type.EndsWith("json", StringComparison.Ordinal))
            return;
        var schema = new JsonObject
        {
            ["definitions"] = document["components"]!["schemas"]!.DeepClone(),
            ["allOf"] = new JsonArray(content[type]!["schema"]!.DeepClone()),
        };
        var form = await JsonSchema.FromJsonAsync(
            schema.ToJsonString().Replace("#/components/schemas/", "#/definitions/", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        var text = await Browser.TextOf(answer);
        var wrong = form.Validate(text);
        Assert.True(wrong.Count == 0, $"{method} {template} {status}: {string.Join("; ", wrong)}\n{text}");
    }

    private static async Task<JsonNode> Document(PortalWorld portal)
    {
        using var browser = portal.Browser();
        return JsonNode.Parse(await browser.Read("/api/v1/openapi.json"))!;
    }
}
