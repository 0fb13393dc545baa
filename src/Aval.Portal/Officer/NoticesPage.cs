using System.Globalization;
using Aval.Portal.Doors;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Officer;

/// <summary>
/// Information notices: how many were sent and delivered, and came back. Only delivery counts (GDPR 13(3), 21(4)).
/// </summary>
internal static class NoticesPage
{
    /// <summary><c>GET /officer/notices</c>.</summary>
    public static Task<IResult> Get(Visit visit, ShownOfficer who) => visit.Desk.Look(
        () =>
        {
            var notices = visit.Desk.Figures.Figures().Notices;
            return OfficerPage.Of(visit, who, "Information notices", Html.Of($"""
                <p>Version {visit.Desk.Settings.Notice} is in force. <a href="/officer/notices.csv" download>As CSV</a>
                </p>
                {OfficerPage.Table(
                    "Notices by version and channel",
                    [
                        "Version", "Channel", "#Sent", "#Delivered", "Share", "#Came back", "First sent",
                        "Last delivered",
                    ],
                    notices.Select(one => new[]
                    {
                        OfficerPage.Cell(Named(one.Version)), OfficerPage.Cell(Named(one.Channel)),
                        OfficerPage.Cell(one.Sent), OfficerPage.Cell(one.Delivered),
                        Charts.Bar(one.Delivered, one.Sent), OfficerPage.Cell(one.CameBack),
                        OfficerPage.Date(one.First is { } first ? OfficerPage.Day(first) : ""),
                        OfficerPage.Date(one.Last is { } last ? OfficerPage.Day(last) : ""),
                    }))}
                """));
        },
        visit.Http.RequestAborted);

    /// <summary><c>GET /officer/notices.csv</c>: numbers, and nobody's name.</summary>
    public static Task<IResult> Csv(Visit visit, ShownOfficer who) => visit.Desk.Look(
        () => OfficerPage.Csv(
            "notices.csv",
            ["version", "channel", "sent", "delivered", "came_back", "first_sent_at", "last_delivered_at"],
            visit.Desk.Figures.Figures().Notices.Select(one => new[]
            {
                one.Version, one.Channel, one.Sent.ToString(CultureInfo.InvariantCulture),
                one.Delivered.ToString(CultureInfo.InvariantCulture),
                one.CameBack.ToString(CultureInfo.InvariantCulture), one.First?.ToText(), one.Last?.ToText(),
            })),
        visit.Http.RequestAborted);

    private static string Named(string text) => text.Length == 0 ? "not stated" : text;
}
