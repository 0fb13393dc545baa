using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aval.Choices;
using Aval.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Api;

/// <summary>
/// <c>POST /api/v1/choices</c>: an agent brings what people said, with the token that it was given. The body is a
/// choice as docs/formats/choices.md has it, or, as <c>application/x-ndjson</c>, up to 10,000 of them, one a line: all
/// are recorded, or none. The answer comes when a signed checkpoint covers it, and holds the receipt.
/// </summary>
internal static class ChoicesEndpoint
{
    /// <summary>The most lines of one request.</summary>
    public const int MostLines = 10_000;

    private const int MostBytes = 16 << 20;

    /// <summary>Serves it.</summary>
    public static void Map(WebApplication app, Desk desk) =>
        app.MapPost("/api/v1/choices", async http =>
            await (await Post(http, desk).ConfigureAwait(false)).ExecuteAsync(http).ConfigureAwait(false));

    private static async Task<IResult> Post(HttpContext http, Desk desk)
    {
        if (Agent(http, desk.Settings) is not { } agent)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return Problem(StatusCodes.Status401Unauthorized, "No agent's token", "Nothing was recorded. Send the "
                + "token that portal.yaml knows: Authorization: Bearer TOKEN.");
        }

        if (desk.Waiting >= Desk.MostWaiting)
            return ApiProblems.TooMany(http);
        if (await Body(http).ConfigureAwait(false) is not { } body)
            return Problem(
                StatusCodes.Status413PayloadTooLarge, "Too long",
                string.Create(
                    CultureInfo.InvariantCulture, $"Nothing was recorded. A request has at most {MostBytes} bytes."));
        var many = http.Request.ContentType?.StartsWith("application/x-ndjson", StringComparison.Ordinal) == true;
        var act = new List<Choice>();
        if (Faults(desk, agent, body, many, act) is { } faults)
            return faults;
        var acknowledged = await desk.Record(act).ConfigureAwait(false);
        return Results.Bytes(
            JsonText.WriteCompact(json =>
            {
                json.WriteStartObject();
                json.WriteNumber("index", acknowledged.Entries.First.Value);
                json.WriteNumber("count", acknowledged.Entries.Count);
                json.WriteNumber("checkpoint_size", acknowledged.Published.Size.Value);
                // Of many choices the receipts are asked for afterwards: aval receipt, or each by its index.
                if (!many)
                    json.WriteString("receipt", Encoding.UTF8.GetString(desk.Issuer.Of(acknowledged)[0].ToFile()));
                json.WriteEndObject();
            }),
            "application/json; charset=utf-8");
    }

    private static IResult? Faults(Desk desk, AgentSettings agent, byte[] body, bool many, List<Choice> act)
    {
        var rules = new ChoiceRules(desk.Workspace.Settings);
        var now = desk.Clock.UtcNow();
        foreach (var line in JsonlChoices.Of(body, many))
        {
            if (act.Count == MostLines)
                return Problem(
                    StatusCodes.Status413PayloadTooLarge, "Too many",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Nothing was recorded. A request brings at most {MostLines} choices."));
            var (choice, wrong) = Read(line, rules, now, agent);
            if (choice is null)
                return Problem(
                    StatusCodes.Status422UnprocessableEntity, "Not a choice that can be recorded",
                    string.Create(CultureInfo.InvariantCulture, $"Nothing was recorded. Line {line.Number}: {wrong}"));
            act.Add(choice);
        }

        return act.Count == 0
            ? Problem(StatusCodes.Status422UnprocessableEntity, "Nothing there", "Nothing was recorded: there was no "
                + "choice in the request.")
            : null;
    }

    private static (Choice? Choice, string? Wrong) Read(
        ChoiceLine line, ChoiceRules rules, DateTimeOffset now, AgentSettings agent)
    {
        if (line.Text is not { } text || line.Broken is not null)
            return (null, line.Broken);
        if (text.Handle is not null)
            return (null, "a handle names nobody here: say the account");
        var faults = new List<ChoiceFault>();
        if (text.Read(rules, now, faults) is { } said)
        {
            // It reached the controller now, through this agent, whatever the line says of that.
            var brought = said with
            {
                ReceivedAt = now,
                MadeAt = said.MadeAt > now ? now : said.MadeAt,
                Actor = said.Actor is Actor.Anyone ? Actor.Anyone : Actor.Agent,
                Channel = $"api, {agent.Name}",
            };
            faults.AddRange(rules.Faults(brought, now));
            if (faults.Count == 0)
                return (brought, null);
        }

        return (null, string.Join(' ', faults.Select(fault => fault.Describe($"\"{fault.Column}\""))));
    }

    // Compared by hash, and all of them: neither the time nor the message tells how near a token came.
    private static AgentSettings? Agent(HttpContext http, PortalSettings settings)
    {
        var header = http.Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.Ordinal))
            return null;
        var sha = Encoding.ASCII.GetBytes(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(header["Bearer ".Length..]))));
        AgentSettings? found = null;
        foreach (var agent in settings.Agents)
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(agent.TokenSha256), sha))
                found = agent;
        }

        return found;
    }

    private static async Task<byte[]?> Body(HttpContext http)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 << 10];
        for (int read;
            (read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted).ConfigureAwait(false)) > 0;)
        {
            if (body.Length + read > MostBytes)
                return null;
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    /// <summary>What went wrong (RFC 9457).</summary>
    internal static IResult Problem(int status, string title, string detail) =>
        Results.Bytes(
            JsonText.WriteCompact(json =>
            {
                json.WriteStartObject();
                json.WriteString("type", "about:blank");
                json.WriteString("title", title);
                json.WriteNumber("status", status);
                json.WriteString("detail", detail);
                json.WriteEndObject();
            }),
            "application/problem+json").WithStatus(status);
}

/// <summary>Answers that say to come again.</summary>
internal static class ApiProblems
{
    /// <summary>More are waiting than can be recorded soon.</summary>
    public static IResult TooMany(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "1";
        return ChoicesEndpoint.Problem(
            StatusCodes.Status429TooManyRequests, "Too many at once", "Nothing was recorded. Come again in a second.");
    }

    /// <summary>The same answer under another status code.</summary>
    public static IResult WithStatus(this IResult answer, int status) => new Stated(answer, status);

    private sealed class Stated(IResult answer, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            return answer.ExecuteAsync(httpContext);
        }
    }
}
