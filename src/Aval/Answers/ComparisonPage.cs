using System.Globalization;
using System.Text;
using Aval.Policies;

namespace Aval.Answers;

/// <summary>
/// A comparison as one page that needs nothing else: no script, no font, no request, readable on a phone, on paper and
/// by a screen reader (every chart's figures stand in a table too).
/// </summary>
internal static class ComparisonPage
{
    /// <summary>The page's HTML.</summary>
    public static string Of(Comparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        var (first, second) = (Text(comparison.First.Name), Text(comparison.Second.Name));
        var page = new StringBuilder();
        page.Append($"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{first} against {second}</title>
            <style>{Style}</style></head><body><main>
            <h1><span class="a">{first}</span> against <span class="b">{second}</span></h1>
            <p>The same content and the same choices, decided under two regimes as of {comparison.AsOf.ToText()}.{(comparison.Outlook is { } outlook ? $" <strong>{outlook}</strong>" : "")}</p>
            <dl><dt class="a">{first}</dt><dd>{Text(comparison.First.Title)}</dd><dt class="b">{second}</dt><dd>{Text(comparison.Second.Title)}</dd></dl>

            """);
        Totals(page, comparison, first, second);
        Slices(page, "Languages", "language", comparison.Languages, first, second);
        Slices(page, "Services", "service", comparison.Services, first, second);
        Moves(page, comparison, first, second);
        Rules(page, comparison, first, second);
        page.Append("</main></body></html>\n");
        return page.ToString().ReplaceLineEndings("\n");
    }

    private static void Totals(StringBuilder page, Comparison comparison, string first, string second)
    {
        page.Append($"<h2>What each admits</h2><table><thead><tr><th></th><th>all</th><th class=\"a\">{first}</th><th "
            + $"class=\"b\">{second}</th><th class=\"chart\">share of all</th></tr></thead><tbody>\n");
        foreach (var (name, count) in new (string, Func<Admitted, long>)[]
        {
            ("people", admitted => admitted.People),
            ("items", admitted => admitted.Items),
            ("characters", admitted => admitted.Characters),
        })
        {
            var (all, one, other) =
                (count(comparison.Read), count(comparison.Total.First), count(comparison.Total.Second));
            page.Append($"<tr><th>{name}</th><td>{Number(all)}</td><td>{Number(one)} "
                + $"({Percent(one, all)})</td><td>{Number(other)} ({Percent(other, all)})</td><td "
                + $"class=\"chart\">{Bars(one, other, all)}</td></tr>\n");
        }

        page.Append("</tbody></table>\n");
    }

    private static void Slices(
        StringBuilder page, string title, string name,
        IReadOnlyList<(string Slice, Admitted Read, Admitted First, Admitted Second)> slices, string first,
        string second)
    {
        var widest = slices.Select(slice => Math.Max(slice.First.Items, slice.Second.Items)).DefaultIfEmpty(0).Max();
        page.Append($"<h2>{title}</h2><table><thead><tr><th>{name}</th><th>items</th><th class=\"a\">{first}</th><th "
            + $"class=\"b\">{second}</th><th>people</th><th class=\"a\">{first}</th><th class=\"b\">{second}</th><th "
            + $"class=\"chart\">admitted items</th></tr></thead><tbody>\n");
        foreach (var (slice, read, one, other) in slices
            .OrderByDescending(slice => Math.Max(slice.First.Items, slice.Second.Items))
            .ThenBy(slice => slice.Slice, StringComparer.Ordinal))
        {
            page.Append($"<tr><th>{Text(slice)}</th><td>{Number(read.Items)}</td><td>{Number(one.Items)}</td><td>"
                + $"{Number(other.Items)}</td><td>{Number(read.People)}</td><td>{Number(one.People)}</td><td>"
                + $"{Number(other.People)}</td><td class=\"chart\">{Bars(one.Items, other.Items, widest)}</td></tr>\n");
        }

        page.Append("</tbody></table>\n");
    }

    private static void Moves(StringBuilder page, Comparison comparison, string first, string second)
    {
        var widest = comparison.Moves.Select(move => move.Items).DefaultIfEmpty(0).Max();
        page.Append(
            $"<h2>Who moves, and why</h2><p>Items by their decision under both. What both admit, or both exclude for "
            + $"the same reason, does not move.</p>\n<table><thead><tr><th class=\"a\">under {first}</th><th "
            + $"class=\"b\">under {second}</th><th>people</th><th>items</th><th>characters</th><th "
            + $"class=\"chart\">items</th></tr></thead><tbody>\n");
        foreach (var move in comparison.Moves)
        {
            var moved = move.First == move.Second ? "still" : "moved";
            page.Append($"<tr class=\"{moved}\"><td class=\"name\">{Name(move.First)}</td><td "
                + $"class=\"name\">{Name(move.Second)}</td><td>{Number(move.People)}</td><td>{Number(move.Items)}"
                + $"</td><td>{Number(move.Characters)}</td><td class=\"chart\">{Bar(move.Items, widest)}</td></tr>\n");
        }

        page.Append("</tbody></table>\n");
    }

    private static void Rules(StringBuilder page, Comparison comparison, string first, string second)
    {
        page.Append($"<h2>The rules</h2><div class=\"two\"><section><h3 "
            + $"class=\"a\">{first}</h3>{List(comparison.First)}</section><section><h3 "
            + $"class=\"b\">{second}</h3>{List(comparison.Second)}</section></div>\n");
        static string List(Policy policy) => "<ol>" + string.Concat(policy.Rules.Select(rule => rule is Rule.Off off
            ? $"<li class=\"off\"><b>{Text(off.Id)}</b> off: {Text(off.Because)}</li>"
            : $"<li><b>{Text(rule.Id)}</b> "
                + $"{Text(rule.ToSentence())}{(rule.Law is null ? "" : $" <i>{Text(rule.Law)}</i>")}</li>")) + "</ol>";
    }

    private static string Bars(long one, long other, long of) =>
        $"<svg viewBox=\"0 0 200 18\" role=\"img\" aria-label=\"{Number(one)} and {Number(other)} of "
        + $"{Number(of)}\"><rect class=\"a\" y=\"1\" height=\"7\" width=\"{Width(one, of)}\"/><rect class=\"b\" "
        + $"y=\"10\" height=\"7\" width=\"{Width(other, of)}\"/></svg>";

    private static string Bar(long value, long of) =>
        $"<svg viewBox=\"0 0 200 18\" role=\"img\" aria-label=\"{Number(value)} of {Number(of)}\"><rect class=\"c\" "
        + $"y=\"4\" height=\"10\" width=\"{Width(value, of)}\"/></svg>";

    // Something is never drawn as nothing.
    private static string Width(long value, long of) =>
        (value == 0 || of == 0 ? 0 : Math.Max(0.5, 200.0 * value / of)).ToString("0.##", CultureInfo.InvariantCulture);

    private static string Percent(long value, long of) =>
        of == 0 ? "0 %" : (100.0 * value / of).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private static string Name(Why? why) => why is null
        ? "<b>admitted</b>"
        : $"{why.Reason.ToText()} <small>{Text(why.Sentence)}</small>";

    private static string Text(string text) => Shown.InHtml(text);

    internal static string Number(long value) =>
        value.ToString("#,0", CultureInfo.InvariantCulture).Replace(",", "\u202f", StringComparison.Ordinal);

    private const string Style = """
        :root{color-scheme:light dark;--a:#1b6ca8;--b:#c4661f;--c:#6b7280;--line:#8884}
        body{font:16px/1.5 system-ui,sans-serif;margin:0}main{max-width:70rem;margin:0 auto;padding:1rem}
        h1{font-size:1.8rem}h1 .a,th.a,dt.a,h3.a{color:var(--a)}h1 .b,th.b,dt.b,h3.b{color:var(--b)}
        table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th,td{padding:.25rem .5rem;border-bottom:1px solid var(--line);text-align:right;vertical-align:top}
        th:first-child,td.name,.chart{text-align:left}.chart{min-width:10rem}svg{width:100%;height:18px;display:block}rect.a{fill:var(--a)}rect.b{fill:var(--b)}rect.c{fill:var(--c)}
        small{color:var(--c);display:block}.still{opacity:.6}.off{color:var(--c)}dt{font-weight:600}dd{margin:0 0 .5rem}.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(20rem,1fr));gap:1rem}
        @media(max-width:40rem){table{display:block;overflow-x:auto}}@media print{.still{opacity:1}}
        """;
}
