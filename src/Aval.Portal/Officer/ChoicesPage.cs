using System.Globalization;
using Aval.Choices;
using Aval.Portal.Doors;
using Aval.Requests;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Officer;

/// <summary>Choices over time, by kind and channel, and objections by country.</summary>
internal static class ChoicesPage
{
    private const int Weeks = 52;

    /// <summary><c>GET /officer/choices</c>.</summary>
    public static Task<IResult> Get(Visit visit, ShownOfficer who) => visit.Desk.Look(
        () =>
        {
            var (counts, figures) = (visit.Desk.Figures.Choices(), visit.Desk.Figures.Figures());
            var today = DateOnly.FromDateTime(visit.Desk.Clock.UtcNow().UtcDateTime);
            return OfficerPage.Of(visit, who, "Choices", Html.Of($"""
                <p>By the day on which they were received (UTC). <a href="/officer/choices.csv" download>As CSV, by day,
                kind and channel</a></p>
                <section><h2>In the last {Weeks} weeks</h2>
                {Over(counts, today, Weeks)}</section>
                <section><h2>By kind</h2>
                {Shares("Choices by kind", "Kind", counts.GroupBy(one => one.Kind.ToText()))}</section>
                <section><h2>Objections by channel</h2>
                {Shares("Objections by channel", "Channel", counts.Where(one => one.Kind is ChoiceKind.Objection)
                    .GroupBy(one => one.Channel ?? "not stated"))}</section>
                <section><h2>Objections by country</h2>
                <p class="note">The last declared residence of the account; what was forgotten is not among them.</p>
                {Countries(figures)}</section>
                """));
        },
        visit.Http.RequestAborted);

    /// <summary><c>GET /officer/choices.csv</c>: numbers, and nobody's name.</summary>
    public static Task<IResult> Csv(Visit visit, ShownOfficer who) => visit.Desk.Look(
        () => OfficerPage.Csv(
            "choices.csv", ["day", "kind", "channel", "count"],
            visit.Desk.Figures.Choices().Select(one => new[]
            {
                RequestJson.Day(one.Day), one.Kind.ToText(), one.Channel,
                one.Count.ToString(CultureInfo.InvariantCulture),
            })),
        visit.Http.RequestAborted);

    /// <summary>What came in each of the last weeks, as a chart and a table.</summary>
    public static Html Over(IReadOnlyList<ChoiceCount> counts, DateOnly today, int weeks)
    {
        var first = Monday(today).AddDays(-7 * (weeks - 1));
        var byWeek = counts.Where(one => one.Day >= first && one.Day <= today).ToLookup(one => Monday(one.Day));
        Charts.Column[] columns =
        [
            .. Enumerable.Range(0, weeks).Select(week => first.AddDays(7 * week)).Select(week => new Charts.Column(
                RequestJson.Day(week), byWeek[week].Where(one => !one.Kind.IsPermissive()).Sum(one => one.Count),
                byWeek[week].Where(one => one.Kind.IsPermissive()).Sum(one => one.Count))),
        ];
        return Html.Of($"""
            {Charts.Columns($"Choices in each of the last {weeks} weeks", columns)}
            <details><summary>As a table</summary>
            {OfficerPage.Table("Choices by week", ["Week from", "#Protect", "#Permit"], columns.Reverse().Select(one =>
                new[] { OfficerPage.Cell(one.Label), OfficerPage.Cell(one.Protect), OfficerPage.Cell(one.Permit) }))}
            </details>
            """);
    }

    private static Html Shares(string caption, string name, IEnumerable<IGrouping<string, ChoiceCount>> groups)
    {
        var rows = groups.Select(group => (group.Key, Count: group.Sum(one => one.Count)))
            .OrderByDescending(row => row.Count).ThenBy(row => row.Key, StringComparer.Ordinal).ToArray();
        var most = rows.Select(row => row.Count).DefaultIfEmpty(0).Max();
        return OfficerPage.Table(caption, [name, "#Choices", ""], rows.Select(row =>
            new[] { OfficerPage.Cell(row.Key), OfficerPage.Cell(row.Count), Charts.Bar(row.Count, most) }));
    }

    private static Html Countries(Figures figures)
    {
        var most = figures.Countries.Select(row => row.Objections).DefaultIfEmpty(0).Max();
        return OfficerPage.Table(
            "Objections by country", ["Country", "#Objections", ""], figures.Countries.Select(row => new[]
            {
                OfficerPage.Cell(row.Country.Length == 0 ? "not known" : row.Country),
                OfficerPage.Cell(row.Objections), Charts.Bar(row.Objections, most),
            }));
    }

    private static DateOnly Monday(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
}
