using System.Globalization;
using Aval.Choices;
using Aval.Recording;
using Aval.Storage;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Api;

/// <summary>
/// <c>POST /api/v1/choices</c>: an agent brings what people said, with the token that it was given. The body is a
/// choice as docs/formats/choices.md has it, or, as <c>application/x-ndjson</c>, up to 10,000 of them, one a line: all
/// are recorded, or none. The answer comes when a signed checkpoint covers it, and holds the receipt. What is sent
/// again under the same <c>Idempotency-Key</c> is answered again and recorded once.
/// </summary>
internal static class ChoicesEndpoint
{
    /// <summary>The most lines of one request.</summary>
    public const int MostLines = ParcelKeys.MostChoices;

    private const int MostBytes = 16 << 20;
    private const int MostOfAKey = 255;
    private const string ManyType = "application/x-ndjson";

    private static readonly string KeyForm = string.Create(
        CultureInfo.InvariantCulture,
        $"Idempotency-Key is one text of at most {MostOfAKey} visible ASCII letters, such as a UUID.");

    /// <summary>Records what was brought.</summary>
    public static async Task<IResult> Post(Call call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var (http, desk, agent) = call;
        if (call.Unknown() is { } unknown)
            return unknown;
        if (desk.IsFull)
            return ApiProblems.TooMany(http);
        if (!TryKey(http, out var named))
            return ApiProblems.Problem(
                StatusCodes.Status400BadRequest, "Not a key", $"Nothing was recorded. {KeyForm}");
        if (await Body(http).ConfigureAwait(false) is not { } body)
            return ApiProblems.Problem(
                StatusCodes.Status413PayloadTooLarge, "Too long",
                string.Create(
                    CultureInfo.InvariantCulture, $"Nothing was recorded. A request has at most {MostBytes} bytes."));
        var many = http.Request.ContentType?.StartsWith(ManyType, StringComparison.Ordinal) == true;
        var act = new List<Choice>();
        var saidNow = new List<int>();
        if (Faults(call, body, many, act, saidNow) is { } faults)
            return faults;
        // What says no instant was said now, to whoever brings it.
        foreach (var (at, said) in saidNow.Zip(desk.MadeNow([.. saidNow.Select(at => act[at])])))
            act[at] = said;
        var key = named is null ? null : desk.ParcelKeys.Of($"agent {agent.Name}", named, many ? "many" : "one", body);
        if (agent.Association is { } association
            && await Unmandated(call, act, association).ConfigureAwait(false) is { } refused)
        {
            // What was recorded while a mandate was in force is recorded, and its answer may have been lost.
            return key is not null && await desk.Again(key).ConfigureAwait(false) is var before and not Brought.NotThere
                ? Answer(http, desk, before, many)
                : refused;
        }

        return Answer(http, desk, await desk.Bring(act, key).ConfigureAwait(false), many);
    }

    private static IResult Answer(HttpContext http, Desk desk, Brought brought, bool many) =>
        brought switch
        {
            Brought.Acknowledged acknowledged => Answer(http, desk, acknowledged, many),
            Brought.KeyOfAnother => ApiProblems.Problem(
                StatusCodes.Status422UnprocessableEntity, "The key of something else", "Nothing was recorded. "
                    + "Something else was recorded under this Idempotency-Key. Take a new key for it."),
            _ => ApiProblems.Problem(
                StatusCodes.Status410Gone, "Forgotten", "Nothing was recorded. What was recorded under this "
                    + "Idempotency-Key has been forgotten since. To record it again, take a new key."),
        };

    // An association works by mandates alone: whoever gave it none, or took it back, is not spoken for.
    private static async Task<IResult?> Unmandated(Call call, List<Choice> act, string association)
    {
        var desk = call.Desk;
        var at = desk.Clock.UtcNow();
        var given = await desk.Look(
            () => MandateBook.InForce(
                desk.Workspace, CommittedChoices.NotBefore(desk.Workspace, at),
                act.Select(choice => choice.Account).ToHashSet()),
            call.Http.RequestAborted).ConfigureAwait(false);
        var mandates = given.Select(one => one.Recorded.Choice).Where(one => one.Association == association)
            .ToLookup(one => one.Account);
        foreach (var (line, choice) in act.Index())
        {
            // It may lay down what it was given.
            if (choice.Kind == ChoiceKind.MandateRevoked && choice.Association == association)
                continue;
            if (!mandates[choice.Account].Any(mandate => Mandates.Covers(mandate, choice)))
                return ApiProblems.Problem(
                    StatusCodes.Status403Forbidden, "No mandate", string.Create(
                        CultureInfo.InvariantCulture,
                        $"Nothing was recorded. Line {line + 1}: no mandate of {choice.Account} to {association} is in "
                            + $"force that covers {choice.Kind.ToText()} of {choice.Scope} for {choice.Purpose}. ")
                        + "A mandate is given and revoked by the person, and covers objection, withdrawal, refusal, "
                        + "restriction and removal.");
        }

        return null;
    }

    private static IResult Answer(HttpContext http, Desk desk, Brought.Acknowledged acknowledged, bool many)
    {
        var act = acknowledged.Act;
        if (acknowledged.IsRepeat)
            http.Response.Headers["Idempotent-Replayed"] = "true";
        return Results.Bytes(
            JsonText.WriteCompact(json =>
            {
                json.WriteStartObject();
                json.WriteNumber("index", act.Entries.First.Value);
                json.WriteNumber("count", act.Entries.Count);
                json.WriteNumber("checkpoint_size", act.Published.Size.Value);
                // Of many choices the receipts are asked for afterwards, each by its index.
                if (!many)
                    json.WriteString("receipt", desk.Issuer.File(act, 0));
                json.WriteEndObject();
            }),
            "application/json; charset=utf-8");
    }

    // A structured field's string (RFC 9651 §3.3.3), or the same without its quotes, as many clients send it.
    private static bool TryKey(HttpContext http, out string? key)
    {
        key = null;
        if (!http.Request.Headers.TryGetValue("Idempotency-Key", out var sent))
            return true;
        if (sent is not [{ Length: > 0 } text])
            return false;
        key = text is ['"', .. var quoted, '"'] ? quoted : text;
        return key.Length is > 0 and <= MostOfAKey
            && key.All(letter => letter is > ' ' and <= '~' and not '"' and not '\\');
    }

    private static IResult? Faults(Call call, byte[] body, bool many, List<Choice> act, List<int> saidNow)
    {
        var rules = call.Desk.Rules;
        var now = call.Desk.Clock.UtcNow();
        foreach (var line in JsonlChoices.Of(body, many))
        {
            if (act.Count == MostLines)
                return ApiProblems.Problem(
                    StatusCodes.Status413PayloadTooLarge, "Too many",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Nothing was recorded. A request brings at most {MostLines} choices."));
            var (choice, wrong) = Read(line, rules, now, call.Channel);
            if (choice is null)
                return ApiProblems.Problem(
                    StatusCodes.Status422UnprocessableEntity, "Not a choice that can be recorded",
                    string.Create(CultureInfo.InvariantCulture, $"Nothing was recorded. Line {line.Number}: {wrong}"));
            // What says that it was said after now was said now as well.
            if (line.Text is { SaysWhen: false } || choice.MadeAt == now)
                saidNow.Add(act.Count);
            act.Add(choice);
        }

        return act.Count == 0
            ? ApiProblems.Problem(
                StatusCodes.Status422UnprocessableEntity, "Nothing there",
                "Nothing was recorded: there was no choice in the request.")
            : null;
    }

    private static (Choice? Choice, string? Wrong) Read(
        ChoiceLine line, ChoiceRules rules, DateTimeOffset now, string channel)
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
                Channel = channel,
            };
            faults.AddRange(rules.Faults(brought, now));
            if (faults.Count == 0)
                return (brought, null);
        }

        return (null, string.Join(' ', faults.Select(fault => fault.Describe($"\"{fault.Column}\""))));
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
}
