using System.Globalization;
using Aval.Choices;
using Aval.Recording;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Api;

/// <summary>
/// What an agent brought, for the same agent alone: <c>GET /api/v1/choices</c>, one of them, and its receipt. What is
/// another's, what was forgotten and what was never there are answered alike.
/// </summary>
internal static class BroughtEndpoint
{
    private const int Usual = 100, Most = 1_000;

    // Of a ledger in which others brought more: a page ends here, with fewer than were asked for, and goes on.
    private const int MostLookedAt = 20_000;

    /// <summary>A page of them, in the order of the ledger.</summary>
    public static Task<IResult> List(Call call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Unknown("cursor", "limit") is { } unknown)
            return Task.FromResult(unknown);
        if (call.Limit(Usual, Most) is not { } limit
            || call.Desk.Cursors.Asked(call, "choices", "0") is not { } place)
            return Task.FromResult(Cursors.Refused());
        using var choices = CommittedChoices.Open(call.Desk.Workspace);
        var next = long.Parse(place, CultureInfo.InvariantCulture);
        var size = choices.Store.ChoicesSize;
        var own = new List<Recorded>();
        var looked = 0;
        foreach (var one in choices.Store.Read(new EntryIndex(next), size).Take(MostLookedAt))
        {
            (next, looked) = (one.Index.Value + 1, looked + 1);
            if (one.Choice.Channel == call.Channel)
                own.Add(one);
            if (own.Count == limit)
                break;
        }

        // What comes after the last that was read was forgotten, or is no choice.
        if (looked < MostLookedAt && own.Count < limit)
            next = Math.Max(next, size.Value);
        return Task.FromResult(Call.Json(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("choices");
            foreach (var one in own)
                Write(json, one.Index, one.Choice);
            json.WriteEndArray();
            json.WriteString(
                "next", call.Desk.Cursors.At(call, "choices", next.ToString(CultureInfo.InvariantCulture)));
            json.WriteBoolean("more", next < size.Value);
            json.WriteEndObject();
        }));
    }

    /// <summary>One of them.</summary>
    public static Task<IResult> One(Call call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Unknown() is { } unknown)
            return Task.FromResult(unknown);
        using var choices = CommittedChoices.Open(call.Desk.Workspace);
        return Task.FromResult(Own(call, choices.Store) is { } own
            ? Call.Json(json => Write(json, own.Index, own.Choice))
            : ApiProblems.NotFound());
    }

    /// <summary>Its receipt, as a file (docs/formats/receipt.md).</summary>
    public static Task<IResult> Receipt(Call call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Unknown() is { } unknown)
            return Task.FromResult(unknown);
        using (var choices = CommittedChoices.Open(call.Desk.Workspace))
        {
            if (Own(call, choices.Store) is not { } own)
                return Task.FromResult(ApiProblems.NotFound());
            using var receipts = Receipts.Open(call.Desk.Workspace);
            return Task.FromResult(Results.Bytes(receipts.Of(own.Index).ToFile(), "text/plain; charset=utf-8"));
        }
    }

    private static Recorded? Own(Call call, IChoiceStore store) =>
        long.TryParse(call.Route("index"), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && store.Opened(new EntryIndex(number)) is { Choice: var choice } && choice.Channel == call.Channel
            ? new Recorded(new EntryIndex(number), choice)
            : null;

    private static void Write(System.Text.Json.Utf8JsonWriter json, EntryIndex index, Choice choice)
    {
        json.WriteStartObject();
        json.WriteNumber("index", index.Value);
        json.WritePropertyName("choice");
        json.WriteRawValue(ChoiceJson.Of(choice));
        json.WriteEndObject();
    }
}
