using System.Globalization;
using System.Net;
using System.Text;

namespace Aval.Studies;

/// <summary>
/// A result as one page that needs nothing else: no script, no font, no request. Whatever is drawn stands in a table
/// too. It names nobody, and tells no kind of people apart that has few.
/// </summary>
internal static class StudyPage
{
    private const string Style = """
        :root{color-scheme:light dark;--ink:#1b1b1b;--back:#fff;--line:#767676;--soft:#cfe0f3;--own:#0b5cad;
          --yes:#1a7f37;--no:#b42318}
        @media (prefers-color-scheme:dark){:root{--ink:#eee;--back:#161616;--line:#a0a0a0;--soft:#1f3a57;--own:#7db7f0;
          --yes:#5fcf7f;--no:#ff8a80}}
        body{font:16px/1.5 system-ui,sans-serif;margin:0;color:var(--ink);background:var(--back)}
        main{max-width:62rem;margin:auto;padding:1rem}
        table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
        th,td{border-bottom:1px solid var(--line);padding:.25rem .5rem;text-align:left}
        .scroll{overflow-x:auto}
        .curves{display:grid;grid-template-columns:repeat(auto-fill,minmax(18rem,1fr));gap:1rem}
        figure{margin:0}svg{max-width:100%;height:auto}
        .interval{stroke-width:3;stroke:var(--line)}
        line.sufficient{stroke:var(--yes)}circle.sufficient{fill:var(--yes)}
        line.insufficient{stroke:var(--no)}rect.insufficient{fill:var(--no)}
        circle.not-shown{fill:var(--back);stroke:var(--line);stroke-width:2}
        .banner{border:2px solid var(--no);padding:.5rem 1rem;font-weight:600}
        @media print{.banner{position:fixed;top:0;left:0;right:0;background:#fff;font-size:11px;padding:.1rem .5rem}
          main{padding-top:2.5rem}figure,tr{break-inside:avoid}}
        """;

    /// <summary>The page's HTML.</summary>
    public static string Of(StudyResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var plan = result.Plan;
        var page = new StringBuilder();
        page.Append($"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Study: {Text(plan.Name)}</title><style>{Style}{StudyCharts.Shapes}</style></head><body><main>
            <h1>{Text(plan.Question)}</h1>

            """);
        foreach (var banner in Banners(result))
            page.Append($"<p class=\"banner\" role=\"note\">{Text(banner)}</p>\n");
        foreach (var paragraph in StudyText.Paragraphs(result, StudyWords.English))
            page.Append($"<p>{Text(paragraph)}</p>\n");
        if (result.Together.Count > 0)
            page.Append($"<figure>{StudyCharts.Together(result, isFile: false)}<figcaption>All languages together, "
                + "with the interval over people; dotted are the shares that are judged.</figcaption></figure>\n");
        foreach (var share in plan.Judged)
        {
            if (!result.Languages.Any(language => language.Curve.Count > 0))
                continue;
            page.Append($"<h2>{share.ToPercent()} of the people</h2>\n<figure>"
                + $"{StudyCharts.Gaps(plan, result.Languages, share)}<figcaption>Round and full: sufficient; square: "
                + "insufficient; round and empty: not shown. Dashed: nothing, and the margin.</figcaption>"
                + "</figure>\n");
            Table(page, $"{share.ToPercent()} of the people, by language", ["language", "people", "held out", "gap",
                "interval", "smallest gap that could be found", "p (Holm)", "verdict",
                "gap at the platform's size, if the curve goes on"], result.Languages.Select(language =>
                    Row(language, language.Shares.First(one => one.Share == share))));
        }

        Curves(page, result);
        Consenting(page, result);
        Controls(page, result);
        page.Append("</main></body></html>\n");
        return page.ToString().ReplaceLineEndings("\n");
    }

    /// <summary>What every page says first; nothing where there is nothing to warn of.</summary>
    public static IEnumerable<string> Banners(StudyResult result)
    {
        if (result.Standing.IsExploratory)
            yield return string.Create(CultureInfo.InvariantCulture, $"Exploratory: a result about the same people "
                + $"(entry {result.Standing.EarlierResult}) was there before this plan (entry "
                + $"{result.Standing.PlanEntry}). What it finds is a question for a study to come.");
        if (!result.Shows)
            yield return "This study shows nothing: a control failed.";
    }

    /// <summary>A part for people: 3.1 %.</summary>
    // What rounds to nothing is nothing, without a sign.
    public static string Percent(double part) =>
        (Math.Round(part * 100, 1) + 0.0).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    /// <summary>What comes from outside, so that it is text.</summary>
    public static string Text(string text) =>
        WebUtility.HtmlEncode(text).Replace(" %", "&nbsp;%", StringComparison.Ordinal);

    private static string[] Row(LanguageResult language, JudgedShare share)
    {
        var gap = language.Curve.FirstOrDefault(point => point.Share == share.Share)?.Gap;
        var isMeasured = gap is not null && !double.IsInfinity(share.Judged.Claim.Smallest);
        return
        [
            language.Language, Count(language.People), Count(language.HeldOut),
            gap is null ? "too few people" : Percent(gap.Value), gap is null ? "" : Interval(gap),
            isMeasured ? Percent(share.Judged.Claim.Smallest) : "",
            isMeasured ? share.Judged.Adjusted.ToString("0.0000", CultureInfo.InvariantCulture) : "",
            Words(share.Judged.Verdict),
            share.AtPlatform is { } platform ? $"{Percent(platform.Value)} ({Interval(platform)})" : "",
        ];
    }

    private static void Curves(StringBuilder page, StudyResult result)
    {
        var measured = result.Languages.Where(language => language.Curve.Count > 0).ToArray();
        if (measured.Length == 0)
            return;
        page.Append("<h2>How much each share brings</h2>\n<p>Bits that a byte of the texts held out takes: the fewer, "
            + "the better they are foretold. The band is the interval over people; dotted are the shares that are "
            + "judged, dashed is the margin; a cross is those who consented.</p>\n<div class=\"curves\">\n");
        foreach (var language in measured)
            page.Append($"<figure>{StudyCharts.Curve(result.Plan, language)}<figcaption>{Text(language.Language)}, "
                + $"{Count(language.People)} people</figcaption></figure>\n");
        page.Append("</div>\n");
        Table(page, "All that was measured", ["language", "of", "people", "bytes", "bits a byte", "interval",
            "gap", "interval"], measured.SelectMany(language => language.Curve.Concat(language.Others)
                .Select(point => (string[])
                [
                    language.Language, point.Share?.ToPercent() ?? Words(point.Name), Count(point.People),
                    Count(point.Bytes), Bits(point.Level.Value), $"{Bits(point.Level.Low)} to {Bits(point.Level.High)}",
                    Percent(point.Gap.Value), Interval(point.Gap),
                ])));
    }

    private static void Consenting(StringBuilder page, StudyResult result)
    {
        var composition = result.Composition;
        page.Append("<h2>Who consents is no random share</h2>\n");
        foreach (var paragraph in StudyText.Consenting(result, StudyWords.English))
            page.Append($"<p>{Text(paragraph)}</p>\n");
        Table(page, "People by kind (of ten or more)", ["by", "", "people", "of whom consented"], composition.Kinds
            .Where(kind => kind.Everybody >= StudyJson.LeastTold)
            .Select(kind => (string[])
            [
                kind.By, kind.Value.Length == 0 ? "unknown" : kind.Value, Count(kind.Everybody),
                Percent((double)kind.Consenting / kind.Everybody),
            ]));
    }

    private static void Controls(StringBuilder page, StudyResult result)
    {
        string[] Row(string what, string must, Control control) =>
        [
            what, must, control.Gap is { } gap ? $"{Percent(gap.Value)} ({Interval(gap)})" : "nothing was measured",
            control.Holds ? "holds" : "FAILS",
        ];
        page.Append("<h2>Controls and origin</h2>\n");
        Table(page, "Controls, over all languages", ["control", "must come out", "found", ""],
        [
            Row($"{result.Plan.TooSmall.ToPercent()} of the people: known to be too few", "insufficient",
                result.TooSmall),
            Row("one half of the people against the other", "equal, within the margin", result.Halves),
        ]);
        page.Append(string.Create(CultureInfo.InvariantCulture, $"<p>Plan: SHA-256 <code>{result.Plan.Sha256}</code>, "
            + $"entry {result.Standing.PlanEntry} of the ledger. Release: {Text(result.Release)}, manifest "
            + $"<code>{result.Manifest}</code>. Numbers: study.json beside this page.</p>\n<details><summary>The plan"
            + $"</summary><pre>{Text(result.Plan.Text)}</pre></details>\n"));
    }

    private static void Table(StringBuilder page, string title, string[] head, IEnumerable<string[]> rows)
    {
        page.Append($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{Text(title)}\"><table>"
            + $"<caption>{Text(title)}</caption><thead><tr>"
            + $"{string.Concat(head.Select(cell => $"<th scope=\"col\">{Text(cell)}</th>"))}</tr></thead><tbody>\n");
        foreach (var row in rows)
            page.Append($"<tr><th scope=\"row\">{Text(row[0])}</th>"
                + $"{string.Concat(row.Skip(1).Select(cell => $"<td>{Text(cell)}</td>"))}</tr>\n");
        page.Append("</tbody></table></div>\n");
    }

    private static string Interval(Estimate estimate) => $"{Percent(estimate.Low)} to {Percent(estimate.High)}";

    private static string Bits(double bits) => bits.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Words(Verdict verdict) => StudyWords.English.Of(verdict);

    private static string Words(string arm) => arm switch
    {
        MeasuredLanguage.Consenting => "those who consented",
        MeasuredLanguage.AsMany => "as many, drawn",
        MeasuredLanguage.Alike => "as many, drawn to be alike",
        MeasuredLanguage.PublicDomain => "public-domain text",
        _ => arm,
    };
}
