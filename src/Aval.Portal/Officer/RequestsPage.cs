using Aval.Portal.Doors;
using Aval.Portal.Person;
using Aval.Requests;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Officer;

/// <summary>Requests with their clocks, those that end first at the top; and one that came by letter.</summary>
internal static class RequestsPage
{
    private const int MostRows = 500;

    // The form offers what is no choice: a choice is typed on its own page.
    private static readonly Right[] Recorded =
        [Right.Access, Right.Rectification, Right.Portability, Right.Objection];

    /// <summary><c>GET /officer/requests[?all]</c>.</summary>
    public static Task<IResult> Get(Visit visit, ShownOfficer who)
    {
        var now = visit.Desk.Clock.UtcNow();
        var (requests, forgotten) = RequestBook.Read(visit.Desk.Workspace);
        var all = visit.Http.Request.Query.ContainsKey("all");
        return Task.FromResult(OfficerPage.Of(visit, who, "Requests", Html.Of($"""
            <p>An answer is due one month after the receipt, and three where the person was told why within the first
            (Art. 12(3) GDPR). {(all
                ? Html.Of($"<a href=\"/officer/requests\">Open ones only</a>")
                : Html.Of($"<a href=\"/officer/requests?all\">Closed ones too</a>"))} ·
            <a href="/officer/requests.csv" download>All as CSV</a></p>
            {Listed([.. requests.Where(request => all || request.IsOpen)], now)}
            {AnsweredAfter(requests)}
            {(forgotten == 0 ? Html.None : Html.Of(
                $"<p class=\"note\">{forgotten} of people who are erased say nothing any more.</p>"))}
            {(who.MayAct ? Form(visit) : Html.None)}
            """)));
    }

    /// <summary><c>GET /officer/requests.csv</c>.</summary>
    public static async Task<IResult> Csv(Visit visit, ShownOfficer who)
    {
        var now = visit.Desk.Clock.UtcNow();
        await visit.Desk.Enter(new ListTaken(now, who.By, "requests")).ConfigureAwait(false);
        return OfficerPage.Csv(
            "requests.csv",
            ["request", "right", "account", "received_at", "state", "last_day", "late", "channel", "closed_at"],
            RequestBook.Read(visit.Desk.Workspace).Requests.Select(request => new[]
            {
                request.Index.ToString(), request.Right.ToText(), request.Account?.ToString(),
                request.ReceivedAt.ToText(), request.State.ToText(), RequestJson.Day(request.LastDay),
                request.IsLate(now) ? "late" : "", request.Channel, request.ClosedAt?.ToText(),
            }));
    }

    /// <summary><c>POST /officer/requests/record</c>.</summary>
    public static async Task<IResult> Record(Visit visit, ShownOfficer who)
    {
        var (form, now) = (await visit.Form().ConfigureAwait(false), visit.Desk.Clock.UtcNow());
        var right = RequestWords.Parse<Right>("What is asked for", form.GetValueOrDefault("right"));
        if (!Recorded.Contains(right))
            throw AvalException.Usage($"{right.ToText()} is a choice, which takes effect by being recorded: type it. "
                + "Nothing was recorded.");
        var text = form.GetValueOrDefault("words", "").Trim();
        if (text.Length is 0 or > MyRequestsPage.MostLetters)
            throw AvalException.Usage("Write what the person asks, in at most 2,000 letters. Nothing was recorded.");
        var account = form.GetValueOrDefault("account", "").Trim();
        if (right is Right.Objection && account.Length > 0)
            throw AvalException.Usage("The objection of an account is a choice, which takes effect by being recorded: "
                + "type it (Type a choice). Nothing was recorded.");
        var received = Received(form.GetValueOrDefault("received", ""), now);
        var index = await visit.Desk.Enter(new Asked(
            now, who.By, right,
            account.Length == 0 ? null : Account.Parse(account, visit.Desk.Workspace.Settings.Services), received,
            form.GetValueOrDefault("channel", "letter"), IsAcknowledged: false)
        {
            Text = text,
        }).ConfigureAwait(false);
        return new Redirect($"/officer/requests/{index}");
    }

    /// <summary>A table of requests.</summary>
    public static Html Table(IEnumerable<Request> requests, DateTimeOffset now) => OfficerPage.Table(
        "Requests", ["#Number", "Asks for", "By", "Received", "State", "Answer by", "Clock"],
        requests.Select(request => new[]
        {
            Html.Of($"<a href=\"/officer/requests/{request.Index.Value}\">{request.Index.Value}</a>"),
            Html.Of($"{request.Right.ToText()} <span class=\"quiet\">{request.Right.Article()}</span>"),
            OfficerPage.Cell(request.Account?.ToString() ?? (request.IsNameless ? "erased" : "no account")),
            OfficerPage.Date(OfficerPage.Day(request.ReceivedAt)),
            OfficerPage.Cell(request.State.ToText()),
            OfficerPage.Date(RequestJson.Day(request.LastDay)),
            Clock(request, now),
        }));

    /// <summary>Those whose person answered a question after they were closed, the latest first.</summary>
    public static Html AnsweredAfter(IEnumerable<Request> requests)
    {
        var answered = requests.Where(request => request.AnsweredAfter is not null)
            .OrderByDescending(request => request.AnsweredAfter!.At).ToArray();
        return answered.Length == 0 ? Html.None : Html.Of($"""
            <section><h2>Answered by the person after they were closed</h2>
            {OfficerPage.Table(
                "Answers after the end", ["#Number", "Asks for", "By", "Closed", "Answered"],
                answered.Take(MostRows).Select(request => new[]
                {
                    Html.Of($"<a href=\"/officer/requests/{request.Index.Value}\">{request.Index.Value}</a>"),
                    OfficerPage.Cell(request.Right.ToText()), OfficerPage.Cell(request.By),
                    OfficerPage.Date(OfficerPage.Minute(request.ClosedAt!.Value)),
                    OfficerPage.Date(OfficerPage.Minute(request.AnsweredAfter!.At)),
                }))}
            <p class="note">The answer is on the page of the request. Where it changes something, record a request that
            says so: a closed one is not opened again.</p></section>
            """);
    }

    private static Html Listed(Request[] requests, DateTimeOffset now) => Html.Of($"""
        {Table(requests.Take(MostRows), now)}
        {(requests.Length <= MostRows ? Html.None : Html.Of(
            $"<p>{OfficerPage.Number(requests.Length - MostRows)} more, whose clocks end later, are in the file.</p>"))}
        """);

    /// <summary>How much of a clock is left.</summary>
    public static Html Clock(Request request, DateTimeOffset now)
    {
        var days = request.LastDay.DayNumber - DateOnly.FromDateTime(now.UtcDateTime).DayNumber;
        return (request.IsOpen, request.IsLate(now)) switch
        {
            (false, true) => Html.Of($"<strong class=\"bad\">answered late</strong>"),
            (false, false) => Html.Of($"answered in time"),
            (true, true) => Html.Of($"<strong class=\"bad\">late by {Days(-days)}</strong>"),
            (true, false) => Html.Of($"{Days(days)} left{(request.IsExtended ? ", extended" : "")}"),
        };
    }

    private static string Days(int days) => days == 1 ? "1 day" : $"{days} days";

    // A day says when a letter came; the clock counts days.
    internal static DateTimeOffset Received(string day, DateTimeOffset now)
    {
        if (day.Length == 0)
            return now;
        var at = Instant.Parse($"{day}T00:00:00Z", "The day of receipt");
        return at <= now ? at : throw AvalException.Usage($"{day} has not come yet. Nothing was recorded.");
    }

    private static Html Form(Visit visit) => Html.Of($"""
        <details><summary>Record a request that came by letter, e-mail or telephone</summary>
        <form method="post" action="/officer/requests/record">{Forms.Field(visit)}
        <p><label for="right">Asks for</label><select id="right" name="right">{Recorded.Select(right =>
            Html.Of($"<option value=\"{right.ToText()}\">{right.ToText()} ({right.Article()})</option>"))}</select></p>
        <p><label for="account">Account, service:id (empty: somebody without one)</label>
        <input id="account" name="account" type="text" maxlength="300" autocomplete="off"></p>
        <p><label for="received">Day of receipt (empty: today)</label>
        <input id="received" name="received" type="date"></p>
        <p><label for="channel">By what way</label>
        <input id="channel" name="channel" type="text" value="letter" maxlength="100"></p>
        <p><label for="words">In their words</label>
        <textarea id="words" name="words" rows="4" maxlength="2000" required></textarea></p>
        <button>Record</button></form></details>
        """);
}
