using System.Globalization;
using Aval.Portal.Doors;
using Aval.Requests;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Officer;

/// <summary>The audit trail: every act, each an entry of the ledger.</summary>
internal static class TrailPage
{
    private const int Rows = 200;

    /// <summary><c>GET /officer/trail[?before=ENTRY]</c>.</summary>
    public static Task<IResult> Get(Visit visit, ShownOfficer who)
    {
        var before = long.TryParse(
            visit.Http.Request.Query["before"], NumberStyles.None, CultureInfo.InvariantCulture, out var entry)
                ? entry
                : long.MaxValue;
        var trail = RequestBook.Trail(visit.Desk.Workspace, before).Take(Rows).ToArray();
        return Task.FromResult(OfficerPage.Of(visit, who, "Trail of acts", Html.Of($"""
            <p>Each is an entry of the ledger (kind 0x06), which says nothing of it to anybody else. <a
            href="/officer/trail.csv" download>All as CSV</a></p>
            {OfficerPage.Table("Acts, the newest first", ["#Entry", "When", "Who", "What", "About"], trail.Select(one =>
                new[]
                {
                    OfficerPage.Cell(one.Index.Value), OfficerPage.Date(OfficerPage.Minute(one.Doing.At)),
                    OfficerPage.Cell(one.Doing.By), OfficerPage.Cell(one.Doing.Word), About(one.Doing),
                }))}
            {(trail.Length == Rows ? Html.Of(
                $"<p><a href=\"/officer/trail?before={trail[^1].Index.Value}\">Older ones</a></p>") : Html.None)}
            """)));
    }

    /// <summary><c>GET /officer/trail.csv</c>.</summary>
    public static async Task<IResult> Csv(Visit visit, ShownOfficer who)
    {
        await visit.Desk.Enter(new ListTaken(visit.Desk.Clock.UtcNow(), who.By, "trail")).ConfigureAwait(false);
        return OfficerPage.Csv(
            "trail.csv", ["entry", "at", "by", "act", "request"],
            RequestBook.Trail(visit.Desk.Workspace).Select(one => new[]
            {
                one.Index.ToString(), one.Doing.At.ToText(), one.Doing.By, one.Doing.Word,
                one.Doing.StepOf?.ToString(),
            }));
    }

    private static Html About(Doing doing) => doing switch
    {
        Asked asked => Html.Of($"{asked.Right.ToText()}"),
        Step step => Html.Of($"<a href=\"/officer/requests/{step.Request}\">request {step.Request}</a>"),
        ChoiceTyped typed => Html.Of($"entry {typed.Choice}"),
        CountsReconciled counts =>
            Html.Of($"{counts.Differing} of {counts.Rows} differ; file {counts.Sha256[..12]}…"),
        LedgerVerified check => Html.Of($"{(check.IsWhole ? $"{check.Size} entries, whole" : "broken")}"),
        ListTaken list => Html.Of($"{list.List}"),
        PaperSigned signed => Html.Of($"{signed.Paper} for {signed.Policy}; file {signed.Sha256[..12]}…"),
        _ => Html.None,
    };
}
