using System.Globalization;
using System.Text;

namespace Aval.Runs;

/// <summary>
/// An impact as one page that needs nothing else: no script, no font, no request. A drawing from releases over exports
/// and runs to models and recipients, and all of it as a table too. It names nobody.
/// </summary>
internal static class ImpactPage
{
    private const int ColumnWidth = 260;
    private const int BoxWidth = 220;
    private const int BoxHeight = 44;
    private const int RowHeight = 64;

    private const string Style = """
        body{font:16px/1.5 system-ui,sans-serif;margin:0;color:#1b1b1b;background:#fff}
        main{max-width:75rem;margin:auto;padding:1rem}
        table{border-collapse:collapse;width:100%}
        th,td{border-bottom:1px solid #ccc;padding:.3rem .5rem;text-align:left}
        svg{max-width:100%;height:auto}text{font:13px system-ui,sans-serif}
        .not-affected,.retrained,.replaced{fill:#dff0df}.mitigated-only{fill:#fdf1cf}
        .outstanding,.not-recallable{fill:#f8d7d4}
        """;

    /// <summary>The page's HTML.</summary>
    public static string Of(Impact impact, RegisteredModels models)
    {
        ArgumentNullException.ThrowIfNull(impact);
        ArgumentNullException.ThrowIfNull(models);
        var page = new StringBuilder();
        page.Append($"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Impact</title><style>{Style}</style></head><body><main>
            <h1>Impact</h1>
            <p>Of {Text(impact.Question)}. What was registered is found; a copy that nobody declared is not.</p>

            """);
        page.Append(Drawing(impact, models));
        Table(page, "Releases", ["release", "rows"],
            impact.Releases.Select(one => (string[])[one.Name, Rows(one.Rows)]));
        Table(page, "Exports", ["export", "release", "recipient", "rows", "from slice"],
            impact.Exports.Select(one => (string[])[one.Export.Export, one.Export.Release,
                one.Export.Recipient ?? "(stays here)", Rows(one.Rows), Slice(one.FirstSlice)]));
        Table(page, "Runs", ["run", "name", "release", "rows"],
            impact.Runs.Select(one => (string[])[one.Run.Run, one.Run.Name, one.Run.Release, Rows(one.Rows)]));
        Table(page, "Models", ["model", "outcome", "in its place", "rows", "to be trained again from slice"],
            impact.Models.Select(one => (string[])[one.Model.Name, Words(one.Outcome), one.Successor?.Name ?? "",
                Rows(one.Rows), Slice(one.FirstSlice)]));
        Table(page, "Notices (GDPR Art. 17(2), 19)", ["notice", "to", "about", "written", "acknowledged"],
            impact.Notices.Select(one => (string[])[one.Id, one.Recipient, one.About, one.WrittenAt?.ToText() ?? "no",
                one.AcknowledgedAt?.ToText() ?? "no"]));
        page.Append("</main></body></html>\n");
        return page.ToString().ReplaceLineEndings("\n");
    }

    private static string Slice(int? slice) => slice?.ToString(CultureInfo.InvariantCulture) ?? "";

    /// <summary>An outcome for people.</summary>
    public static string Words(Outcome outcome) => outcome switch
    {
        Outcome.NotAffected => "not affected",
        Outcome.Retrained => "retrained",
        Outcome.Replaced => "replaced",
        Outcome.MitigatedOnly => "mitigated only",
        Outcome.Outstanding => "outstanding",
        Outcome.NotRecallable => "not recallable (open weights)",
    };

    /// <summary>A number of rows for people.</summary>
    public static string Rows(long? rows) =>
        rows is { } known ? known.ToString(CultureInfo.InvariantCulture) : "cannot be told";

    /// <summary>The drawing alone (SVG), for a page that says the same in tables: what comes from outside is
    /// encoded.</summary>
    public static string Drawing(Impact impact, RegisteredModels models)
    {
        var boxes = new Dictionary<string, (int X, int Y)>(StringComparer.Ordinal);
        var shapes = new StringBuilder();
        void Column(int at, IEnumerable<(string Key, string First, string Second, string Class)> column)
        {
            foreach (var ((key, first, second, name), row) in column.Select((one, row) => (one, row)))
            {
                boxes[key] = (at * ColumnWidth, row * RowHeight);
                shapes.Append(Box(boxes[key], first, second, name));
            }
        }

        Column(0, impact.Releases.Select(one =>
            ($"release {one.Name}", one.Name, $"{Rows(one.Rows)} rows", "release")));
        Column(1, [
            .. impact.Exports.Select(one =>
                ($"export {one.Export.Export}", one.Export.Export, $"{Rows(one.Rows)} rows", "export")),
            .. impact.Runs.Select(one => ($"run {one.Run.Run}", one.Run.Name, $"{Rows(one.Rows)} rows", "run")),
        ]);
        Column(2, impact.Models.Select(one => ($"model {one.Model.Name}", one.Model.Name, Words(one.Outcome),
            Registering.ToText(one.Outcome))));
        Column(3, impact.Notices.Select(one => one.Recipient).Distinct()
            .Select(recipient => ($"recipient {recipient}", recipient, "recipient", "recipient")));
        var lines = string.Concat(Edges(impact, models).Distinct()
            .Where(edge => boxes.ContainsKey(edge.From) && boxes.ContainsKey(edge.To))
            .Select(edge => Line(boxes[edge.From], boxes[edge.To])));
        var height = boxes.Values.Select(box => box.Y).DefaultIfEmpty(0).Max() + RowHeight;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"<svg role=\"img\" aria-label=\"The tables below, drawn\" viewBox=\"0 0 {4 * ColumnWidth} {height}\">"
                + $"{lines}{shapes}</svg>\n");
    }

    private static IEnumerable<(string From, string To)> Edges(Impact impact, RegisteredModels models)
    {
        foreach (var export in impact.Exports)
            yield return ($"release {export.Export.Release}", $"export {export.Export.Export}");
        foreach (var run in impact.Runs)
            yield return run.Run.Export is { } export
                ? ($"export {export}", $"run {run.Run.Run}")
                : ($"release {run.Run.Release}", $"run {run.Run.Run}");
        foreach (var model in impact.Models)
        {
            if (model.Model.Registered.Run is { } run)
                yield return ($"run {run}", $"model {model.Model.Name}");
            foreach (var from in model.Model.Registered.From)
                yield return ($"model {from}", $"model {model.Model.Name}");
            foreach (var release in model.Model.Registered.Releases)
                yield return ($"release {release}", $"model {model.Model.Name}");
        }

        foreach (var notice in impact.Notices)
            yield return (
                $"{(notice.IsExport || models.Find(notice.About) is null ? "export" : "model")} {notice.About}",
                $"recipient {notice.Recipient}");
    }

    private static string Box((int X, int Y) at, string first, string second, string name) => string.Create(
        CultureInfo.InvariantCulture,
        $"<rect class=\"{name}\" x=\"{at.X}\" y=\"{at.Y}\" width=\"{BoxWidth}\" height=\"{BoxHeight}\" rx=\"4\" "
            + $"fill=\"#eee\" stroke=\"#666\"/><text x=\"{at.X + 8}\" y=\"{at.Y + 18}\">{Text(Short(first))}</text>"
            + $"<text x=\"{at.X + 8}\" y=\"{at.Y + 36}\">{Text(second)}</text>");

    private static string Line((int X, int Y) from, (int X, int Y) to) => string.Create(
        CultureInfo.InvariantCulture,
        $"<line x1=\"{from.X + BoxWidth}\" y1=\"{from.Y + (BoxHeight / 2)}\" x2=\"{to.X}\" "
            + $"y2=\"{to.Y + (BoxHeight / 2)}\" stroke=\"#666\"/>");

    private static string Short(string text) => text.Length <= 30 ? text : text[..29] + "…";

    private static void Table(StringBuilder page, string title, string[] head, IEnumerable<string[]> rows)
    {
        var all = rows.ToList();
        page.Append($"<h2>{title}</h2>");
        if (all.Count == 0)
        {
            page.Append("<p>None.</p>\n");
            return;
        }

        page.Append("<table><thead><tr>");
        page.AppendJoin("", head.Select(cell => $"<th>{cell}</th>"));
        page.Append("</tr></thead><tbody>\n");
        foreach (var row in all)
            page.Append("<tr>").AppendJoin("", row.Select(cell => $"<td>{Text(cell)}</td>")).Append("</tr>\n");
        page.Append("</tbody></table>\n");
    }

    private static string Text(string text) => Shown.InHtml(text);
}
