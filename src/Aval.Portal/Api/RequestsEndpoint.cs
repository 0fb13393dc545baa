using System.Globalization;
using Aval.Requests;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Api;

/// <summary>
/// <c>GET /api/v1/requests</c>: what people asked for, each with its state and its clock, in the order in which it
/// came. For the controller's own systems: requests hold people's words.
/// </summary>
internal static class RequestsEndpoint
{
    private const int Usual = 100, Most = 1_000;

    /// <summary>A page of them; with <c>open=true</c> those alone that nobody has closed.</summary>
    public static Task<IResult> List(Call call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Unknown("open", "cursor", "limit") is { } unknown)
            return Task.FromResult(unknown);
        if (call.Asked("open") is not (null or "true"))
            return Task.FromResult(ApiProblems.Problem(
                StatusCodes.Status400BadRequest, "Not a question", "open should hold true, or not be there."));
        if (call.Limit(Usual, Most) is not { } limit
            || call.Desk.Cursors.Asked(call, "requests", "-1") is not { } place)
            return Task.FromResult(Cursors.Refused());
        var after = long.Parse(place, CultureInfo.InvariantCulture);
        var rest = RequestBook.Read(call.Desk.Workspace).Requests
            .Where(one => one.Index.Value > after && (one.IsOpen || call.Asked("open") is null))
            .OrderBy(one => one.Index.Value).Take(limit + 1).ToArray();
        var page = rest.Take(limit).ToArray();
        var now = call.Desk.Clock.UtcNow();
        return Task.FromResult(Call.Json(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("requests");
            foreach (var one in page)
                RequestJson.Write(json, one, now);
            json.WriteEndArray();
            var next = page.Length > 0 ? page[^1].Index.Value : after;
            json.WriteString(
                "next", call.Desk.Cursors.At(call, "requests", next.ToString(CultureInfo.InvariantCulture)));
            json.WriteBoolean("more", rest.Length > limit);
            json.WriteEndObject();
        }));
    }
}
