using Aval.Portal.Words;
using Aval.Requests;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Person;

/// <summary>
/// What a person asked for, how far it is and by when there is an answer; and the asking itself (GDPR Art. 15, 16, 20).
/// Whose requests they are follows from the login, never from the address.
/// </summary>
internal static class MyRequestsPage
{
    /// <summary>The most letters that somebody may write.</summary>
    public const int MostLetters = 2_000;

    /// <summary><c>GET /me/requests</c>.</summary>
    public static IResult Get(Visit visit)
    {
        if (visit.Login is not { } login)
            return Problems.Expired(visit);
        var (text, requests) = (visit.Text, RequestBook.Of(visit.Desk.Workspace, login.Account));
        return Page.Of(visit, text.MyRequests, Html.Of($"""
            <p>{text.RequestsIntro}</p>
            {(requests.Count == 0 ? Html.Of($"<p>{text.NoRequests}</p>") : Html.None)}
            {requests.Select(request => RequestView.Of(visit, request, Question(visit, request)))}
            <h2>{text.Requests}</h2>
            {Ask(visit, "access", text.AskAccess, text.AskAccessText)}
            {Ask(visit, "portability", text.AskPortability, text.AskPortabilityText)}
            {Ask(visit, "rectification", text.AskRectification, text.AskRectificationText)}
            <p>{PortalText.Fill(text.Due, ("date", text.Day(Deadline.LastDay(
                visit.Desk.Clock.UtcNow(), Deadline.Months,
                visit.Desk.Workspace.Settings.WorkingDays))))} {PortalText.Fill(text.Complain, ("authority",
                    visit.Desk.Settings.Authority))}</p>
            """));
    }

    /// <summary><c>POST /me/requests/ask/RIGHT</c>.</summary>
    public static async Task<IResult> Ask(Visit visit)
    {
        if (visit.Login is not { } login || !await Forms.AreOurs(visit).ConfigureAwait(false))
            return Problems.Expired(visit);
        var right = visit.Route("right") switch
        {
            "access" => Right.Access,
            "portability" => Right.Portability,
            "rectification" => Right.Rectification,
            _ => (Right?)null,
        };
        if (right is not { } asked)
            return Problems.NotFound(visit);
        var words = await Words(visit).ConfigureAwait(false);
        if (words is null || (words.Length == 0 && asked is Right.Rectification))
            return Missing(visit);
        var now = visit.Desk.Clock.UtcNow();
        await visit.Desk.Enter(new Asked(
            now, "person", asked, login.Account, now, $"portal, {login.Way}", IsAcknowledged: true)
        {
            Evidence = login.Evidence,
            Text = words.Length == 0 ? null : words,
        }).ConfigureAwait(false);
        return new Redirect(visit.Link("/me/requests"));
    }

    /// <summary><c>POST /me/requests/NUMBER/answer</c>: what was asked of the person.</summary>
    public static async Task<IResult> Answer(Visit visit)
    {
        if (visit.Login is not { } login || !await Forms.AreOurs(visit).ConfigureAwait(false))
            return Problems.Expired(visit);
        // Somebody else's request and one that is not there are answered alike.
        if (RequestBook.Of(visit.Desk.Workspace, login.Account)
            .FirstOrDefault(one => one.Index.ToString() == visit.Route("number")) is not { } request)
            return Problems.NotFound(visit);
        if (await Words(visit).ConfigureAwait(false) is not { Length: > 0 } words)
            return Missing(visit);
        var step = new ActionPerformed(visit.Desk.Clock.UtcNow(), "person", request.Index.Value)
        {
            Account = login.Account,
            Text = words,
        };
        // Whatever has become of the request meanwhile: what somebody wrote is kept, and shown to whoever asked.
        await visit.Desk.Enter(step).ConfigureAwait(false);
        return new Redirect(visit.Link("/me/requests"));
    }

    /// <summary>What somebody wrote; null = more than may be written.</summary>
    public static async Task<string?> Words(Visit visit)
    {
        var form = await visit.Form().ConfigureAwait(false);
        var words = form.GetValueOrDefault("words", "").Trim();
        return words.Length <= MostLetters ? words : null;
    }

    /// <summary>Nothing was written, or too much.</summary>
    public static IResult Missing(Visit visit) => Page.Problem(
        visit, visit.Text.MyRequests, visit.Text.TextMissing, StatusCodes.Status422UnprocessableEntity);

    private static Html Question(Visit visit, Request request) => request.IsAsked
        ? Html.Of($"""
            <form method="post" action="{visit.Link($"/me/requests/{request.Index}/answer")}">{Forms.Field(visit)}
            {Field(visit, $"words-{request.Index}", visit.Text.WhatYouWrite)}
            <button>{visit.Text.SendRequest}</button></form>
            """)
        : Html.None;

    private static Html Ask(Visit visit, string right, string label, string note) => Html.Of($"""
        <details><summary>{label}</summary><p>{note}</p>
        <form method="post" action="{visit.Link($"/me/requests/ask/{right}")}">{Forms.Field(visit)}
        {Field(visit, $"words-{right}", visit.Text.WhatYouWrite)}
        <p><button>{visit.Text.SendRequest}</button></p></form></details>
        """);

    /// <summary>A field to write in.</summary>
    public static Html Field(Visit visit, string id, string label) => Html.Of($"""
        <p><label for="{id}">{label}</label>
        <textarea id="{id}" name="words" rows="4" maxlength="{MostLetters}"></textarea></p>
        """);
}

/// <summary>A request as its person sees it.</summary>
internal static class RequestView
{
    /// <summary>The request, and what follows it.</summary>
    /// <param name="visit">To whom it is shown.</param>
    /// <param name="request">The request.</param>
    /// <param name="after">What follows it.</param>
    /// <param name="showsAnswers">What the person wrote is shown, too.</param>
    public static Html Of(Visit visit, Request request, Html after, bool showsAnswers = true)
    {
        var text = visit.Text;
        return Html.Of($"""
            <section class="request">
            <h2>{PortalText.Fill(text.RequestHeading, ("number", request.Index.ToString()), ("what",
                What(text, request.Right)))}</h2>
            <p><strong class="state">{State(text, request.State)}</strong>
            {PortalText.Fill(text.AskedOn, ("date", text.Day(request.ReceivedAt)))}</p>
            {Clock(visit, request)}
            {(request is { Text: { } words, IsChoice: false }
                ? Html.Of($"<blockquote>{words}</blockquote>") : Html.None)}
            {request.Steps.Where(taken => Shows(taken) && (showsAnswers || taken.Step is not ActionPerformed))
                .Select(taken => Said(visit, taken.Step))}
            {after}
            </section>
            """);
    }

    // What the person wrote is shown whatever became of it.
    private static bool Shows(TakenStep taken) =>
        taken.Step.Text is not null && (taken.Counts || taken.Step is ActionPerformed);

    /// <summary>What is asked for, in a few words.</summary>
    public static string What(PortalText text, Right right) => right switch
    {
        Right.Access => text.RightAccess,
        Right.Rectification => text.RightRectification,
        Right.Erasure => text.RightErasure,
        Right.Restriction => text.RightRestriction,
        Right.Portability => text.RightPortability,
        Right.Objection => text.RightObjection,
        Right.Removal => text.RightRemoval,
    };

    private static string State(PortalText text, RequestState state) => state switch
    {
        RequestState.Requested or RequestState.Acknowledged or RequestState.ActionPerformed => text.StateReceived,
        RequestState.RequiresAction => text.StateQuestion,
        RequestState.Accepted => text.StateAccepted,
        RequestState.Delayed => text.StateLonger,
        RequestState.Rejected => text.StateRefused,
        RequestState.Fulfilled => text.StateDone,
    };

    private static Html Clock(Visit visit, Request request)
    {
        var (text, day) = (visit.Text, visit.Text.Day(request.LastDay));
        return request.ClosedAt is { } closed
            ? Html.Of($"<p>{PortalText.Fill(text.AnsweredOn, ("date", text.Day(closed)))}</p>")
            : Html.Of($"<p>{PortalText.Fill(
                request.IsLate(visit.Desk.Clock.UtcNow()) ? text.AnswerLate : text.AnswerBy, ("date", day))}</p>");
    }

    // Art. 12(4): a refusal says why, where to complain, and that there are courts.
    private static Html Said(Visit visit, Step step) => Html.Of($"""
        <p class="said"><span class="note">{visit.Text.Day(step.At)}</span><br>{step.Text}{(step is Rejected refused
            ? Html.Of($"<br>{PortalText.Fill(visit.Text.Complain, ("authority", refused.Authority))}")
            : Html.None)}</p>
        """);
}
