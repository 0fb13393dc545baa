using System.Globalization;
using System.Text;
using Aval.Policies;

namespace Aval.Answers;

/// <summary>
/// A comparison as one picture (SVG), for a document: what each regime admits of the same items, and for which reasons
/// it leaves out the rest. Its figures are written beside the bars, so that nothing has to be measured.
/// </summary>
internal static class ComparisonChart
{
    // Reasons with a row of their own; the rest share the last one.
    private const int Reasons = 8;

    private const int Width = 800;
    private const int Top = 84;
    private const int RowHeight = 36;
    private const int Left = 168;
    private const int Longest = 520;

    /// <summary>One row: items of the first and of the second regime.</summary>
    private sealed record Row(string Name, long First, long Second);

    /// <summary>The picture.</summary>
    public static string Of(Comparison comparison)
    {
        var rows = Rows(comparison);
        var widest = Math.Max(1, rows.Max(row => Math.Max(row.First, row.Second)));
        var (first, second) = (comparison.First, comparison.Second);
        var items = ComparisonPage.Number(comparison.Read.Items);
        var said = $"{items} items as of {comparison.AsOf.ToText()}, decided under {first.Name} and {second.Name}";
        var svg = new StringBuilder();
        svg.Append($"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Top + (rows.Count * RowHeight)}" role="img">
            <title>{Shown.InHtml(said)}</title>
            <style>{Style}</style>
            <text class="head" x="0" y="20">The same {items} items under two regimes</text>
            {Legend("a", 46, first.Name, first.Title)}
            {Legend("b", 68, second.Name, second.Title)}

            """);
        for (var at = 0; at < rows.Count; at++)
        {
            var (row, y, name) = (rows[at], Top + (at * RowHeight), at == 0 ? "in" : "out");
            svg.Append($"<text class=\"{name}\" x=\"{Left - 10}\" y=\"{y + 19}\">{row.Name}</text>\n");
            svg.Append(Bar("a", y, row.First, widest)).Append(Bar("b", y + 15, row.Second, widest));
        }

        svg.Append("</svg>\n");
        return svg.ToString().ReplaceLineEndings("\n");
    }

    // What is admitted first, then the reasons by the most items under either, ties by the reasons' order.
    private static List<Row> Rows(Comparison comparison)
    {
        long Under(Func<Move, Reason?> side, Reason? reason) =>
            comparison.Moves.Where(move => side(move) == reason).Sum(move => move.Items);
        Row Of(Reason reason) =>
            new(reason.ToText(), Under(move => move.First?.Reason, reason), Under(move => move.Second?.Reason, reason));
        var reasons = comparison.Moves.SelectMany(move => new[] { move.First, move.Second })
            .OfType<Why>().Select(why => why.Reason).Distinct()
            .Select(reason => (Reason: reason, Row: Of(reason)))
            .OrderByDescending(named => Math.Max(named.Row.First, named.Row.Second)).ThenBy(named => named.Reason)
            .Select(named => named.Row).ToList();
        var rows = new List<Row> { new("admitted", comparison.Total.First.Items, comparison.Total.Second.Items) };
        rows.AddRange(reasons.Take(Reasons));
        if (reasons.Skip(Reasons).ToArray() is { Length: > 0 } rest)
            rows.Add(new Row($"{rest.Length} other reasons", rest.Sum(row => row.First), rest.Sum(row => row.Second)));
        return rows;
    }

    private static string Legend(string regime, int y, string name, string title) =>
        $"<rect class=\"{regime}\" x=\"0\" y=\"{y - 11}\" width=\"12\" height=\"12\"/>"
        + $"<text x=\"20\" y=\"{y}\"><tspan>{Shown.InHtml(name)}</tspan> {Shown.InHtml(title)}</text>";

    // Something is never drawn as nothing.
    private static string Bar(string regime, int y, long value, long widest)
    {
        var length = value == 0 ? 0 : Math.Max(1.0, (double)Longest * value / widest);
        var (width, end) = (Text(length), Text(Left + length + 6));
        return $"<rect class=\"{regime}\" x=\"{Left}\" y=\"{y + 1}\" width=\"{width}\" height=\"13\"/>"
            + $"<text class=\"n\" x=\"{end}\" y=\"{y + 12}\">{ComparisonPage.Number(value)}</text>\n";
    }

    private static string Text(double length) => length.ToString("0.#", CultureInfo.InvariantCulture);

    private const string Style = """
        text{font:14px system-ui,sans-serif;fill:#1f2328}.head{font-size:18px;font-weight:600}.n{font-size:12px}
        .in,.out{text-anchor:end}.in,tspan{font-weight:600}rect.a{fill:#1b6ca8}rect.b{fill:#c4661f}
        @media(prefers-color-scheme:dark){text{fill:#e6edf3}rect.a{fill:#4a9fdc}rect.b{fill:#e28743}}
        """;
}
