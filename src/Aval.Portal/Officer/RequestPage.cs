using System.Globalization;
using Aval.Portal.Doors;
using Aval.Portal.Person;
using Aval.Recall.Erasing;
using Aval.Requests;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Officer;

/// <summary>One request: what was asked, what was done, and what can be done next.</summary>
internal static class RequestPage
{
    /// <summary><c>GET /officer/requests/NUMBER</c>.</summary>
    public static Task<IResult> Get(Visit visit, ShownOfficer who)
    {
        var now = visit.Desk.Clock.UtcNow();
        return Task.FromResult(Find(visit) is not { } request ? OfficerPage.NotFound(visit, who) : OfficerPage.Of(
            visit, who, $"Request {request.Index.Value}: {request.Right.ToText()}", Html.Of($"""
            <dl>
            <dt>By</dt><dd>{request.By}</dd>
            <dt>Received</dt><dd>{OfficerPage.Minute(request.ReceivedAt)}, {request.Channel ?? "way not stated"}</dd>
            <dt>State</dt><dd>{request.State.ToText()} <span class="quiet">{request.State.ToDpv()}</span></dd>
            <dt>Answer by</dt><dd>{RequestJson.Day(request.LastDay)}, {RequestsPage.Clock(request, now)}</dd>
            {(request is { IsChoice: true, Text: { } scope }
                ? Html.Of($"<dt>About</dt><dd>{scope}</dd>") : Html.None)}
            {(request.Reach is { } reach ? Html.Of($"<dt>To be reached at</dt><dd>{reach}</dd>") : Html.None)}
            </dl>
            {(request is { IsChoice: false, Text: { } text }
                ? Html.Of($"<blockquote>{text}</blockquote>") : Html.None)}
            <h2>What was done</h2>
            {OfficerPage.Table(
                "Steps taken", ["#Entry", "When", "Who", "Step", "Reason", "Told"], request.Steps.Select(Row))}
            {(who.MayAct && request.IsOpen ? Steps(visit, request, now) : Html.None)}
            <p><a href="/officer/requests">All requests</a></p>
            """)));
    }

    /// <summary><c>POST /officer/requests/NUMBER/STEP</c>.</summary>
    public static async Task<IResult> Take(Visit visit, ShownOfficer who)
    {
        if (Find(visit) is not { } request)
            return OfficerPage.NotFound(visit, who);
        var form = await visit.Form().ConfigureAwait(false);
        var (now, number) = (visit.Desk.Clock.UtcNow(), request.Index.Value);
        Step? step = visit.Route("step") switch
        {
            "accept" => new Accepted(now, who.By, number),
            "ask" => new ActionRequired(now, who.By, number),
            "answered" => new ActionPerformed(now, who.By, number),
            "answer" => new Fulfilled(now, who.By, number),
            "extend" => new Delayed(
                now, who.By, number, RequestWords.Parse<DelayReason>("The reason", form.GetValueOrDefault("reason"))),
            "refuse" => new Rejected(
                now, who.By, number, RequestWords.Parse<RefusalReason>("The reason", form.GetValueOrDefault("reason")),
                visit.Desk.Settings.Authority),
            _ => null,
        };
        if (step is null)
            return OfficerPage.NotFound(visit, who);
        var words = form.GetValueOrDefault("words", "").Trim();
        if (words.Length is 0 or > MyRequestsPage.MostLetters)
            throw AvalException.Usage("Write what the person is told, or has answered, in at most 2,000 letters. "
                + "Nothing was recorded.");
        step = step with { Account = request.Account, Text = words };
        _ = RequestBook.Next(request, step);
        if (step is Fulfilled)
            await visit.Desk.Look(
                () =>
                {
                    AskedErasures.RequireCarriedOut(visit.Desk.Workspace, request, visit.Desk.Clock);
                    return true;
                },
                visit.Http.RequestAborted).ConfigureAwait(false);
        var entry = await visit.Desk.Enter(step).ConfigureAwait(false);
        try
        {
            RequestBook.Settle(visit.Desk.Workspace, request.Index, entry);
        }
        catch (AvalException settled)
        {
            // Whoever reads that it was not done takes the step again, and tells the person twice.
            return OfficerPage.Problem(
                visit, who, "It is on record", settled.Message, StatusCodes.Status409Conflict);
        }

        return new Redirect($"/officer/requests/{request.Index.Value}");
    }

    private static Request? Find(Visit visit) => long.TryParse(
        visit.Route("number"), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? RequestBook.Find(visit.Desk.Workspace, new EntryIndex(number))
            : null;

    private static Html[] Row(TakenStep taken) =>
    [
        OfficerPage.Cell(taken.Index.Value), OfficerPage.Date(OfficerPage.Minute(taken.Step.At)),
        OfficerPage.Cell(taken.Step.By),
        Html.Of($"{taken.Step.Word}{(taken.Counts ? "" : ", without effect")}"),
        OfficerPage.Cell(RequestJson.Reason(taken.Step)),
        Html.Of($"""
            <span class="lines">{taken.Step.Text}</span>{(taken.Step is Rejected refused
                ? Html.Of($" <span class=\"note\">Complaint: {refused.Authority} (Art. 77); court (Art. 79).</span>")
                : Html.None)}
            """),
    ];

    private static Html Steps(Visit visit, Request request, DateTimeOffset now) => Html.Of($"""
        <h2>What next</h2>
        {Form(visit, request, "answer", "It is done: answer", request.Right is Right.Erasure
            ? "An erasure has to be carried out first: aval erase." : null, Html.None)}
        {(request.State is RequestState.Accepted ? Html.None
            : Form(visit, request, "accept", "Accept: it will be done", null, Html.None))}
        {Form(visit, request, "ask", "Ask the person for something first", "The clock goes on.", Html.None)}
        {(!request.IsAsked ? Html.None
            : Form(visit, request, "answered", "Record what the person answered", "By letter or on the telephone.",
                Html.None, "What the person answered"))}
        {(request.IsExtended || now >= Deadline.End(request.LastDayToExtend) ? Html.None
            : Form(visit, request, "extend", "Take two months more", "Once, until "
                + $"{RequestJson.Day(request.LastDayToExtend)} (Art. 12(3)).", Reasons<DelayReason>("extend")))}
        {(request.IsChoice ? Html.None
            : Form(visit, request, "refuse", "Refuse", "The person is told where to complain "
                + $"({visit.Desk.Settings.Authority}) and that there are courts.", Reasons<RefusalReason>("refuse")))}
        """);

    private static Html Form(
        Visit visit, Request request, string step, string label, string? note, Html more,
        string words = "What the person is told") => Html.Of($"""
        <details><summary>{label}</summary>{(note is null ? Html.None : Html.Of($"<p class=\"note\">{note}</p>"))}
        <form method="post" action="/officer/requests/{request.Index.Value}/{step}">{Forms.Field(visit)}
        {more}
        <p><label for="words-{step}">{words}</label>
        <textarea id="words-{step}" name="words" rows="3" maxlength="2000" required></textarea></p>
        <button>{label}</button></form></details>
        """);

    private static Html Reasons<T>(string step)
        where T : struct, Enum => Html.Of($"""
        <p><label for="reason-{step}">Reason</label><select id="reason-{step}" name="reason">{Enum.GetValues<T>()
            .Select(RequestWords.Kebab).Select(reason => Html.Of($"<option>{reason}</option>"))}</select></p>
        """);
}
