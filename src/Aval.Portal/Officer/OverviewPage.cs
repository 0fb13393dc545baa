using Aval.Portal.Doors;
using Aval.Requests;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Officer;

/// <summary>What is happening, on one screen: what needs somebody first.</summary>
internal static class OverviewPage
{
    private const int Weeks = 12;
    private const int Rows = 8;

    /// <summary><c>GET /officer</c>.</summary>
    public static Task<IResult> Get(Visit visit, ShownOfficer who) => visit.Desk.Look(
        () =>
        {
            var (now, shelf) = (visit.Desk.Clock.UtcNow(), visit.Desk.Figures);
            var (figures, counts) = (shelf.Figures(), shelf.Choices());
            var requests = RequestBook.Read(visit.Desk.Workspace).Requests;
            Request[] open = [.. requests.Where(request => request.IsOpen)];
            var health = LedgerHealth.Of(visit.Desk);
            return OfficerPage.Of(visit, who, "Overview", Html.Of($"""
                <ul class="cards">
                {Requests(open, now)}
                {Card("Unmatched choices", figures.Unmatched, "known to no content",
                    figures.Unmatched == 0 ? "every choice reaches somebody" : "excluding nothing yet",
                    figures.Unmatched > 0, "/officer/unmatched")}
                {Recalls(figures, now)}
                {Ledger(health)}
                </ul>
                <section><h2>Requests, those due first</h2>
                {RequestsPage.Table(open.Take(Rows), now)}
                <p><a href="/officer/requests">All requests</a></p></section>
                {RequestsPage.AnsweredAfter(requests)}
                <section><h2>Choices without effect</h2>
                {UnmatchedPage.Table(figures.FirstUnmatched.Take(Rows))}
                <p><a href="/officer/unmatched">All unmatched choices</a></p></section>
                <section><h2>Choices in the last {Weeks} weeks</h2>
                {ChoicesPage.Over(counts, DateOnly.FromDateTime(now.UtcDateTime), Weeks)}
                <p><a href="/officer/choices">By channel and country</a></p></section>
                <p class="note">Content and choices as of {OfficerPage.Minute(figures.At)}. Small numbers about groups
                are for this desk alone.</p>
                """));
        },
        visit.Http.RequestAborted);

    private static Html Requests(Request[] open, DateTimeOffset now)
    {
        var late = open.Count(request => request.IsLate(now));
        var soon = open.Count(request => !request.IsLate(now)
            && request.LastDay <= DateOnly.FromDateTime(now.UtcDateTime).AddDays(7));
        return Card(
            "Open requests", open.Length, late > 0 ? $"{late} late" : "none is late",
            soon == 0 ? "none due within a week" : $"{soon} due within a week", late > 0, "/officer/requests");
    }

    private static Html Recalls(Figures figures, DateTimeOffset now)
    {
        var behind = figures.Recalls.Where(one => one.IsBehind).ToArray();
        var due = behind.Where(one => one.LastDay is not null).Select(one => one.LastDay!.Value)
            .DefaultIfEmpty(DateOnly.MaxValue).Min();
        return Card(
            "Recalls outstanding", behind.Length,
            behind.Length == 0 ? "every newest release honours all that was said"
                : $"{OfficerPage.Number(behind.Sum(one => one.Rows))} rows are excluded by now"
                    + (behind.Sum(one => one.Naming) is > 0 and var naming
                        ? $", {OfficerPage.Number(naming)} name somebody who is not to be named" : ""),
            due == DateOnly.MaxValue ? "" : $"due by {RequestJson.Day(due)}",
            due != DateOnly.MaxValue && Deadline.End(due) <= now, "/officer/models");
    }

    private static Html Ledger(LedgerHealth health) => Card(
        "Ledger", health.Published?.Value ?? 0, $"entries under a signed checkpoint, {health.Age}",
        health.Sentence, health.IsBad, "/officer/ledger");

    private static Html Card(
        string name, long number, string what, string then, bool isBad, string path) => Html.Of($"""
        <li class="card"><h2><a href="{path}">{name}</a></h2>
        <p class="figure{(isBad ? " bad" : "")}">{OfficerPage.Number(number)}</p>
        <p>{what}{(then.Length == 0 ? Html.None : Html.Of($"<br>{then}"))}</p></li>
        """);
}
