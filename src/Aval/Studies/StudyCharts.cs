using System.Globalization;
using System.Text;
using Aval.Policies;

namespace Aval.Studies;

/// <summary>A study's pictures, as SVG that needs nothing else. What each shows stands in a table too.</summary>
internal static class StudyCharts
{
    /// <summary>How what is drawn looks, in the page's colours.</summary>
    public const string Shapes = """
        text{font:13px system-ui,sans-serif;fill:var(--ink)}
        .tick{font-size:11px}.mark{stroke:var(--line);stroke-dasharray:2 3}
        .margin{stroke:var(--no);stroke-dasharray:6 3}.band{fill:var(--soft)}
        .curve{fill:none;stroke:var(--own);stroke-width:2}circle{fill:var(--own)}
        .cross{stroke:var(--ink);stroke-width:2;fill:none}
        """;

    private const int Width = 340;
    private const int Height = 220;
    private const int Left = 46;
    private const int Right = 12;
    private const int Top = 14;
    private const int Bottom = 34;

    /// <summary>
    /// One language: bits a byte by the share of people, on a scale of powers of ten, with the interval as a band.
    /// </summary>
    public static string Curve(StudyPlan plan, LanguageResult language)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(language);
        var points = language.Curve.Where(point => point.Share is not null).ToArray();
        var everybody = points[^1].Level.Value;
        var enough = everybody * (1 + StudyPlan.Number(plan.Margin));
        var least = Math.Min(everybody * 0.98, points.Min(point => point.Level.Low));
        var most = Math.Max(enough * 1.02, points.Max(point => point.Level.High));
        var smallest = Math.Log10(StudyPlan.Number(points[0].Share!.Value));
        double X(double share) => Left + ((1 - (Math.Log10(share) / smallest)) * (Width - Left - Right));
        double Y(double bits) => Top + ((most - bits) / (most - least) * (Height - Top - Bottom));
        string At(double share, double bits) => $"{Number(X(share))},{Number(Y(bits))}";
        double Share(CurvePoint point) => StudyPlan.Number(point.Share!.Value);
        var svg = new StringBuilder();
        var id = $"curve-{language.Language}";
        svg.Append(CultureInfo.InvariantCulture, $"<svg role=\"img\" aria-labelledby=\"{id}\" "
            + $"viewBox=\"0 0 {Width} {Height}\"><title id=\"{id}\">{StudyPage.Text(language.Language)}: bits a byte "
            + $"by the share of {language.People} people, with intervals</title>");
        foreach (var marked in plan.Judged)
        {
            var x = Number(X(StudyPlan.Number(marked)));
            svg.Append($"<line class=\"mark\" x1=\"{x}\" y1=\"{Top}\" x2=\"{x}\" y2=\"{Height - Bottom}\"/>");
        }

        svg.Append($"<line class=\"margin\" x1=\"{Left}\" y1=\"{Number(Y(enough))}\" x2=\"{Width - Right}\" "
            + $"y2=\"{Number(Y(enough))}\"/>");
        var band = points.Select(point => At(Share(point), point.Level.High))
            .Concat(points.Reverse().Select(point => At(Share(point), point.Level.Low)));
        svg.Append($"<polygon class=\"band\" points=\"{string.Join(' ', band)}\"/>");
        svg.Append("<polyline class=\"curve\" points=\""
            + $"{string.Join(' ', points.Select(point => At(Share(point), point.Level.Value)))}\"/>");
        foreach (var point in points)
            svg.Append($"<circle cx=\"{Number(X(Share(point)))}\" cy=\"{Number(Y(point.Level.Value))}\" r=\"2.5\"/>");
        if (language.Others.FirstOrDefault(one => one.Name == MeasuredLanguage.Consenting) is { } own
            && own.Level.Value <= most)
            svg.Append(Cross(X(Math.Max(Share(points[0]), (double)own.People / language.People)), Y(own.Level.Value)));
        Axes(svg, plan, points, X, Y, least, most);
        return svg.Append("</svg>").ToString();
    }

    /// <summary>
    /// All languages together: the gap to everybody by the share of people, with its interval, beside the margin.
    /// </summary>
    /// <param name="result">What was found.</param>
    /// <param name="isFile">It stands alone, and brings its own colours.</param>
    public static string Together(StudyResult result, bool isFile)
    {
        ArgumentNullException.ThrowIfNull(result);
        (Ratio Share, Estimate Gap)[] points =
            [.. result.Together, (new Ratio(1, 1), Estimate.Of(0, [0], 0.5))];
        var margin = StudyPlan.Number(result.Plan.Margin);
        var most = Math.Max(2 * margin, points.Max(point => point.Gap.High)) * 1.05;
        const int wide = 720;
        const int high = 300;
        var smallest = Math.Log10(StudyPlan.Number(points[0].Share));
        double X(Ratio share) => 60 + ((1 - (Math.Log10(StudyPlan.Number(share)) / smallest)) * (wide - 90));
        double Y(double gap) => 20 + ((most - Math.Max(0, gap)) / most * (high - 70));
        string At(Ratio share, double gap) => $"{Number(X(share))},{Number(Y(gap))}";
        var svg = new StringBuilder("<svg role=\"img\" aria-labelledby=\"together\" "
            + (isFile ? "xmlns=\"http://www.w3.org/2000/svg\" " : "") + $"viewBox=\"0 0 {wide} {high}\">"
            + "<title id=\"together\">How much more bits models of a share of the people need than one of everybody, "
            + $"over all languages, beside the margin of {result.Plan.Margin.ToPercent()}</title>");
        if (isFile)
            svg.Append("<style>:root{--ink:#1b1b1b;--line:#767676;--soft:#cfe0f3;--own:#0b5cad;--no:#b42318}"
                + $"{Shapes}</style><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>");
        foreach (var judged in result.Plan.Judged)
            svg.Append($"<line class=\"mark\" x1=\"{Number(X(judged))}\" y1=\"20\" x2=\"{Number(X(judged))}\" "
                + $"y2=\"{high - 50}\"/>");
        svg.Append($"<line class=\"margin\" x1=\"60\" y1=\"{Number(Y(margin))}\" x2=\"{wide - 30}\" "
            + $"y2=\"{Number(Y(margin))}\"/><polygon class=\"band\" points=\""
            + string.Join(' ', points.Select(point => At(point.Share, point.Gap.High))
                .Concat(points.Reverse().Select(point => At(point.Share, point.Gap.Low))))
            + "\"/><polyline class=\"curve\" points=\""
            + $"{string.Join(' ', points.Select(point => At(point.Share, point.Gap.Value)))}\"/>");
        foreach (var (share, gap) in points)
            svg.Append($"<circle cx=\"{Number(X(share))}\" cy=\"{Number(Y(gap.Value))}\" r=\"4\"/><text class=\"tick\" "
                + $"x=\"{Number(X(share))}\" y=\"{high - 32}\" text-anchor=\"middle\">{share.ToPercent()}</text>");
        foreach (var gap in new[] { 0, margin, most / 1.05 })
            svg.Append($"<text class=\"tick\" x=\"54\" y=\"{Number(Y(gap) + 4)}\" text-anchor=\"end\">"
                + $"{StudyPage.Percent(gap)}</text>");
        return svg.Append($"<text class=\"tick\" x=\"{wide - 30}\" y=\"{high - 10}\" text-anchor=\"end\">share of the "
            + "people; dashed: the margin</text></svg>").ToString();
    }

    /// <summary>All languages: the gap of a share with its interval, beside the margin.</summary>
    public static string Gaps(StudyPlan plan, IReadOnlyList<LanguageResult> languages, Ratio share)
    {
        ArgumentNullException.ThrowIfNull(plan);
        (string Language, Estimate Gap, Verdict Verdict)[] rows =
        [
            .. languages.Where(language => language.Curve.Count > 0).Select(language => (
                language.Language, language.Curve.First(point => point.Share == share).Gap,
                language.Shares.First(one => one.Share == share).Judged.Verdict)),
        ];
        var margin = StudyPlan.Number(plan.Margin);
        var most = Math.Max(margin * 2, rows.Max(row => row.Gap.High)) * 1.05;
        var least = Math.Min(0, rows.Min(row => row.Gap.Low)) * 1.05;
        const int wide = 720;
        var high = (rows.Length * 20) + 50;
        double X(double gap) => 40 + ((gap - least) / (most - least) * (wide - 60));
        var id = $"gaps-{share.Part}-{share.Whole}";
        var svg = new StringBuilder($"<svg role=\"img\" aria-labelledby=\"{id}\" viewBox=\"0 0 {wide} {high}\">"
            + $"<title id=\"{id}\">How much more bits a model of {share.ToPercent()} of the people needs than one of "
            + $"everybody, by language, beside the margin of {plan.Margin.ToPercent()}</title>");
        foreach (var (at, name) in new[] { (0.0, "mark"), (margin, "margin") })
            svg.Append($"<line class=\"{name}\" x1=\"{Number(X(at))}\" y1=\"8\" x2=\"{Number(X(at))}\" "
                + $"y2=\"{high - 34}\"/>");
        foreach (var ((language, gap, verdict), row) in rows.Select((row, at) => (row, at)))
        {
            var y = Number(20 + (row * 20));
            svg.Append($"<text x=\"4\" y=\"{Number(24 + (row * 20))}\">{StudyPage.Text(language)}</text>"
                + $"<line class=\"interval {StudyJson.Word(verdict)}\" x1=\"{Number(X(gap.Low))}\" y1=\"{y}\" "
                + $"x2=\"{Number(X(gap.High))}\" y2=\"{y}\"/>" + Mark(verdict, X(gap.Value), 20 + (row * 20)));
        }

        // To either side, since a small margin stands beside nothing.
        foreach (var (at, anchor) in new[] { (0.0, "end"), (margin, "start"), (most / 1.05, "middle") })
            svg.Append($"<text class=\"tick\" x=\"{Number(X(at))}\" y=\"{high - 16}\" text-anchor=\"{anchor}\">"
                + $"{StudyPage.Percent(at)}</text>");
        return svg.Append("</svg>").ToString();
    }

    private static void Axes(
        StringBuilder svg, StudyPlan plan, CurvePoint[] points, Func<double, double> x, Func<double, double> y,
        double least, double most)
    {
        var shares = plan.Judged.Append(points[0].Share!.Value).Append(new Ratio(1, 1)).Distinct();
        foreach (var share in shares.Where(share => share != new Ratio(7, 100)))
            svg.Append($"<text class=\"tick\" x=\"{Number(x(StudyPlan.Number(share)))}\" y=\"{Height - 18}\" "
                + $"text-anchor=\"middle\">{share.ToPercent()}</text>");
        svg.Append($"<text class=\"tick\" x=\"{Width - Right}\" y=\"{Height - 4}\" text-anchor=\"end\">share of the "
            + $"people</text><text class=\"tick\" x=\"4\" y=\"10\">bits a byte</text>");
        foreach (var bits in new[] { least, (least + most) / 2, most })
            svg.Append($"<text class=\"tick\" x=\"{Left - 6}\" y=\"{Number(y(bits) + 4)}\" text-anchor=\"end\">"
                + $"{bits.ToString("0.00", CultureInfo.InvariantCulture)}</text>");
    }

    private static string Cross(double x, double y) =>
        $"<path class=\"cross\" d=\"M{Number(x - 4)},{Number(y - 4)}l8,8m0,-8l-8,8\"/>";

    // A shape each, so that nobody has to tell colours apart.
    private static string Mark(Verdict verdict, double x, double y) => verdict switch
    {
        Verdict.Sufficient => $"<circle class=\"sufficient\" cx=\"{Number(x)}\" cy=\"{Number(y)}\" r=\"5\"/>",
        Verdict.Insufficient =>
            $"<rect class=\"insufficient\" x=\"{Number(x - 5)}\" y=\"{Number(y - 5)}\" width=\"10\" height=\"10\"/>",
        Verdict.NotShown => $"<circle class=\"not-shown\" cx=\"{Number(x)}\" cy=\"{Number(y)}\" r=\"4\"/>",
    };

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
