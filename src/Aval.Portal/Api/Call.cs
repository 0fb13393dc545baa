using System.Globalization;
using Aval.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Aval.Portal.Api;

/// <summary>One call of the API, by an agent whose token opens what is asked for.</summary>
/// <param name="Http">What came.</param>
/// <param name="Desk">Where everything is.</param>
/// <param name="Agent">Who asks.</param>
internal sealed record Call(HttpContext Http, Desk Desk, AgentSettings Agent)
{
    /// <summary>The channel of what the agent brings, by which its own choices are known again.</summary>
    public string Channel => $"api, {Agent.Name}";

    /// <summary>A part of the address.</summary>
    public string Route(string name) => (string)Http.Request.RouteValues[name]!;

    /// <summary>A parameter of the address; null = it is not there.</summary>
    public string? Asked(string name) => Http.Request.Query[name] is [{ Length: > 0 } value] ? value : null;

    /// <summary>
    /// Refuses parameters that are unknown or there twice: a filter that is misspelt would otherwise answer more than
    /// was asked for. Null = all are known.
    /// </summary>
    public IResult? Unknown(params IReadOnlyCollection<string> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        foreach (var (name, values) in Http.Request.Query)
        {
            if (!known.Contains(name) || StringValues.IsNullOrEmpty(values) || values.Count != 1)
                return ApiProblems.Problem(
                    StatusCodes.Status400BadRequest, "Not such a parameter",
                    $"\"{Shown.Of(name)}\" is not a parameter of this address, is empty, or is there twice. "
                        + (known.Count == 0 ? "It has none." : $"Known are {string.Join(", ", known)}."));
        }

        return null;
    }

    /// <summary>How many are wanted at once; null = what was asked for is no number from 1 to
    /// <paramref name="most"/>.</summary>
    public int? Limit(int usual, int most) => Asked("limit") is not { } asked ? usual
        : int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit >= 1
            && limit <= most ? limit : null;

    /// <summary>An answer in JSON.</summary>
    public static IResult Json(Action<System.Text.Json.Utf8JsonWriter> document) =>
        Results.Bytes(JsonText.WriteCompact(document), "application/json; charset=utf-8");
}
