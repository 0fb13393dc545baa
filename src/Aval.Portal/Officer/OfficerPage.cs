using System.Globalization;
using System.Text;
using Aval.Portal.Doors;
using Aval.Portal.Person;
using Microsoft.AspNetCore.Http;

namespace Aval.Portal.Officer;

/// <summary>A page of the officer's side. These are in English alone: they are for people at work.</summary>
internal static class OfficerPage
{
    private static readonly (string Path, string Name)[] Places =
    [
        ("/officer", "Overview"), ("/officer/requests", "Requests"), ("/officer/choices", "Choices"),
        ("/officer/unmatched", "Unmatched"), ("/officer/notices", "Notices"), ("/officer/reconcile", "Reconcile"),
        ("/officer/releases", "Releases"), ("/officer/models", "Models"), ("/officer/compare", "Compare"),
        ("/officer/ledger", "Ledger"), ("/officer/trail", "Trail"),
    ];

    /// <summary>A page.</summary>
    public static IResult Of(
        Visit visit, ShownOfficer who, string heading, Html body, int status = StatusCodes.Status200OK)
    {
        ArgumentNullException.ThrowIfNull(visit);
        ArgumentNullException.ThrowIfNull(who);
        var controller = visit.Desk.Workspace.Settings.Controller;
        return Results.Text(
            Html.Of($"""
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>{heading}, {controller}</title>
                <link rel="stylesheet" href="{Assets.Css}">
                <link rel="stylesheet" href="{Assets.OfficerCss}">
                <link rel="icon" href="data:,">
                </head>
                <body class="officer">
                <a class="skip" href="#content">To the content</a>
                <header><p>{controller}</p>
                <form method="post" action="/officer/leave">{Forms.Field(visit)}
                <span>{who.By}</span> <button class="quiet">Leave</button></form></header>
                {Navigation(visit, who)}
                <main id="content">
                <h1>{heading}</h1>
                {body}
                </main>
                </body>
                </html>

                """).ToString(),
            "text/html; charset=utf-8", Encoding.UTF8, status);
    }

    /// <summary>That something was not done.</summary>
    public static IResult Problem(Visit visit, ShownOfficer who, string heading, string sentence, int status) =>
        Of(visit, who, heading, Html.Of($"<p class=\"lines\" role=\"alert\">{sentence}</p>"), status);

    /// <summary>What somebody of this role may not see or do.</summary>
    public static IResult NotYours(Visit visit, ShownOfficer who) => Problem(
        visit, who, "Not yours to do", $"This is not for {who.By}. Nothing was done.", StatusCodes.Status403Forbidden);

    /// <summary>There is no such thing.</summary>
    public static IResult NotFound(Visit visit, ShownOfficer who) => Problem(
        visit, who, "There is nothing here", "There is none of this name or number. Nothing was done.",
        StatusCodes.Status404NotFound);

    /// <summary>A table that can be scrolled by itself, on a phone, with the keyboard too.</summary>
    /// <param name="caption">What it shows.</param>
    /// <param name="head">The columns; those that begin with # hold numbers.</param>
    /// <param name="rows">The cells of each row.</param>
    public static Html Table(string caption, string[] head, IEnumerable<Html[]> rows)
    {
        ArgumentNullException.ThrowIfNull(head);
        var all = rows.ToArray();
        if (all.Length == 0)
            return Html.Of($"<p class=\"note\">{caption}: none.</p>");
        string Class(int column) => head[column].StartsWith('#') ? "number" : "text";
        return Html.Of($"""
            <div class="table" tabindex="0" role="region" aria-label="{caption}"><table>
            <caption>{caption}</caption>
            <thead><tr>{head.Select((name, column) => name.Length == 0
                ? Html.Of($"<td></td>")
                : Html.Of($"<th scope=\"col\" class=\"{Class(column)}\">{name.TrimStart('#')}</th>"))}</tr></thead>
            <tbody>{all.Select(row => Html.Of($"<tr>{row.Select((cell, column) => column == 0
                ? Html.Of($"<th scope=\"row\" class=\"{Class(column)}\">{cell}</th>")
                : Html.Of($"<td class=\"{Class(column)}\">{cell}</td>"))}</tr>"))}</tbody>
            </table></div>
            """);
    }

    /// <summary>A cell.</summary>
    public static Html Cell(string? text) => Html.Of($"{text}");

    /// <summary>A cell.</summary>
    public static Html Cell(long number) => Html.Of($"{Number(number)}");

    /// <summary>A cell with a date: on one line.</summary>
    public static Html Date(string day) => Html.Of($"<span class=\"day\">{day}</span>");

    /// <summary>A number that people read: by thousands.</summary>
    public static string Number(long number) =>
        number.ToString("#,0", CultureInfo.InvariantCulture).Replace(",", "\u202f", StringComparison.Ordinal);

    /// <summary>A day.</summary>
    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A day and the minute, UTC.</summary>
    public static string Minute(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC";

    /// <summary>A list as a file (RFC 4180); what a spreadsheet would take for a formula is a text.</summary>
    public static IResult Csv(string name, string[] head, IEnumerable<string?[]> rows) => Results.Bytes(
        Encoding.UTF8.GetBytes(string.Concat(
            rows.Prepend(head).Select(row => string.Join(',', row.Select(CsvCell)) + "\r\n"))),
        "text/csv; charset=utf-8", name);

    private static string CsvCell(string? value)
    {
        if (string.IsNullOrEmpty(value))
            return "";
        var text = "=+-@\t\r".Contains(value[0], StringComparison.Ordinal) ? "'" + value : value;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0
            ? text
            : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static Html Navigation(Visit visit, ShownOfficer who)
    {
        var places = (who.MaySee ? Places : []).Concat(who.MayType ? [("/officer/type", "Type a choice")] : []);
        return Html.Of($"""
            <nav class="places" aria-label="Pages"><ul>{places.Select(place => Html.Of($"<li><a href=\"{place.Path}\""
                + $"{Current(place.Path, visit.Http.Request.Path)}>{place.Name}</a></li>"))}</ul></nav>
            """);
    }

    // A page below one of these shows where it belongs.
    private static Html Current(string place, PathString here) => here == place
        ? Html.Of($" aria-current=\"page\"")
        : place != "/officer" && here.StartsWithSegments(place, StringComparison.Ordinal)
            ? Html.Of($" aria-current=\"true\"")
            : Html.None;
}
