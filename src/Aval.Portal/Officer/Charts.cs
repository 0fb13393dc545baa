using System.Globalization;

namespace Aval.Portal.Officer;

/// <summary>
/// Charts as SVG, drawn on the server. Each stands beside a table of the same numbers, so none has to be read off; no
/// attribute holds a style, for the pages' policy forbids that.
/// </summary>
internal static class Charts
{
    private const int Width = 720, Height = 200, Left = 48, Bottom = 26, Top = 10;

    /// <summary>One column: how many protect, and how many permit.</summary>
    internal sealed record Column(string Label, long Protect, long Permit);

    /// <summary>Columns over time.</summary>
    /// <param name="label">What it shows.</param>
    /// <param name="columns">From the oldest to the newest.</param>
    public static Html Columns(string label, IReadOnlyList<Column> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var most = Round(columns.Select(one => one.Protect + one.Permit).DefaultIfEmpty(0).Max());
        var step = (double)(Width - Left) / Math.Max(1, columns.Count);
        double Y(double value) => Top + ((Height - Top - Bottom) * (1 - (value / most)));
        return Html.Of($"""
            <figure><div class="wide" tabindex="0" role="region" aria-label="{label}, a chart">
            <svg class="chart" role="img" aria-label="{label}" viewBox="0 0 {Width} {Height}">
            {new[] { 0d, most / 2d, most }.Distinct().Select(line => Html.Of($"""
                <path class="grid" d="M{Left} {At(Y(line))}H{Width}"/>
                <text class="y" x="{Left - 8}" y="{At(Y(line) + 4)}">{OfficerPage.Number((long)line)}</text>
                """))}
            {columns.Select((one, at) => Html.All(
            [
                Bar("protect", Left + (at * step), step, Y(one.Protect), Y(0)),
                Bar("permit", Left + (at * step), step, Y(one.Protect + one.Permit), Y(one.Protect)),
                at % Math.Max(1, (columns.Count + 5) / 6) == 0
                    ? Html.Of($"<text x=\"{At(Left + (at * step))}\" y=\"{Height - 8}\">{one.Label}</text>")
                    : Html.None,
            ]))}
            </svg></div><figcaption><span class="key protect"></span> protect (objection, withdrawal, refusal,
            restriction, erasure, removal) <span class="key permit"></span> permit (consent, liftings)</figcaption>
            </figure>
            """);
    }

    /// <summary>A bar in a cell of a table, beside its number.</summary>
    public static Html Bar(long value, long most) => Html.Of($"""
        <svg class="share" aria-hidden="true" viewBox="0 0 100 8" preserveAspectRatio="none">
        <rect class="protect" width="{At(value == 0 || most == 0 ? 0 : Math.Max(0.7, 100.0 * value / most))}"
        height="8"/></svg>
        """);

    // Something is never drawn as nothing.
    private static Html Bar(string what, double x, double step, double from, double to) => to - from <= 0
        ? Html.None
        : Html.Of($"<rect class=\"{what}\" x=\"{At(x + (step * 0.12))}\" width=\"{At(step * 0.76)}\" "
            + $"y=\"{At(Math.Min(from, to - 1))}\" height=\"{At(Math.Max(1, to - from))}\"/>");

    private static string At(double place) => place.ToString("0.##", CultureInfo.InvariantCulture);

    // The next of 1, 2, 4, 10, 20, 40, …, whose half is a whole number from 2 on.
    private static long Round(long value)
    {
        for (long power = 1; ; power *= 10)
        {
            foreach (var top in new[] { power, 2 * power, 4 * power })
            {
                if (value <= top)
                    return top;
            }
        }
    }
}
