using System.Globalization;
using System.Text.Json;

namespace Aval.Requests;

/// <summary>A request as JSON, the same wherever one is shown (docs/formats/requests.md).</summary>
internal static class RequestJson
{
    /// <summary>Writes it.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="request">The request.</param>
    /// <param name="now">By then it is late, or not.</param>
    public static void Write(Utf8JsonWriter json, Request request, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(request);
        json.WriteStartObject();
        json.WriteNumber("request", request.Index.Value);
        json.WriteString("right", request.Right.ToText());
        json.WriteString("law", request.Right.Article());
        if (request.Account is { } account)
            json.WriteString("account", account.ToString());
        json.WriteString("received_at", request.ReceivedAt.ToText());
        json.WriteString("state", request.State.ToText());
        json.WriteString("dpv", request.State.ToDpv());
        json.WriteBoolean("open", request.IsOpen);
        json.WriteString("last_day", Day(request.LastDay));
        json.WriteBoolean("extended", request.IsExtended);
        json.WriteBoolean("late", request.IsLate(now));
        if (request.AnsweredAfter is { } after)
            json.WriteString("answered_after_end", after.At.ToText());
        Text(json, "channel", request.Channel);
        Text(json, "text", request.Text);
        Text(json, "reach", request.Reach);
        json.WriteStartArray("steps");
        foreach (var step in request.Steps)
            Write(json, step);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>A day as ISO 8601 writes it.</summary>
    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Why a step was taken; null = it states none.</summary>
    public static string? Reason(Step step) => step switch
    {
        Delayed delayed => RequestWords.Kebab(delayed.Reason),
        Rejected rejected => RequestWords.Kebab(rejected.Reason),
        _ => null,
    };

    private static void Write(Utf8JsonWriter json, TakenStep taken)
    {
        json.WriteStartObject();
        json.WriteNumber("entry", taken.Index.Value);
        json.WriteString("step", taken.Step.Word);
        json.WriteString("at", taken.Step.At.ToText());
        json.WriteString("by", taken.Step.By);
        json.WriteBoolean("counts", taken.Counts);
        Text(json, "reason", Reason(taken.Step));
        Text(json, "text", taken.Step.Text);
        Text(json, "authority", (taken.Step as Rejected)?.Authority);
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
            json.WriteString(name, text);
    }
}
