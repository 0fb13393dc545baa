using System.Globalization;
using System.Net;
using System.Text;
using Aval.Requests;

namespace Aval.Cases;

/// <summary>A bundle's index: one page that needs nothing else, no script, no font, no request.</summary>
internal static class CasePage
{
    private const string Style = """
        body{font:16px/1.5 system-ui,sans-serif;margin:0;color:#1b1b1b;background:#fff}
        main{max-width:60rem;margin:auto;padding:1rem}
        table{border-collapse:collapse;width:100%}
        th,td{border-bottom:1px solid #ccc;padding:.3rem .5rem;text-align:left;vertical-align:top}
        code{overflow-wrap:anywhere}li{margin-bottom:.8rem}
        """;

    /// <summary>The page's HTML.</summary>
    /// <param name="whole">The case.</param>
    /// <param name="keyFile">Where a key lies in the bundle.</param>
    public static string Of(Case whole, Func<string, string> keyFile)
    {
        ArgumentNullException.ThrowIfNull(whole);
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Text(whole.Title)}</title><style>{Style}</style></head><body><main>
            <h1>{Text(whole.Title)}</h1>
            <p>{Text(RequestWords.Kebab(whole.Kind))}, {Text(whole.Jurisdiction)}; {Text(whole.Footing.Cited())}</p>
            <p>To check all of this, offline: <code>sh verify.sh</code>. Without it, each command below does for one
            piece of evidence, run in this folder.</p>
            <h2>Parties</h2>
            <ul>

            """);
        foreach (var party in whole.Parties)
            page.Append(CultureInfo.InvariantCulture, $"<li>{Text(RequestWords.Kebab(party.Role))}: ")
                .Append(Text(party.Name)).Append("</li>\n");
        page.Append("</ul>\n<h2>Allegations</h2>\n<ol>\n");
        foreach (var one in whole.Allegations)
            page.Append(Allegation(whole, one));
        page.Append("</ol>\n<h2>Remedies asked for</h2>\n<ol>\n");
        foreach (var remedy in whole.Remedies)
            page.Append(CultureInfo.InvariantCulture, $"<li>{Text(remedy.Text)}{Penalty(remedy.Penalty)}</li>\n");
        page.Append("</ol>\n<h2>Evidence</h2>\n<table><thead><tr><th>id</th><th>what it is</th><th>what it shows</th>"
            + "<th>files</th><th>how to verify it</th></tr></thead><tbody>\n");
        foreach (var one in whole.Evidence)
            page.Append(Row(one, keyFile));
        page.Append("</tbody></table>\n<h2>History</h2>\n<ol>\n");
        foreach (var step in whole.History)
            page.Append(CultureInfo.InvariantCulture, $"<li>{step.At.ToText()}: {Text(step.What)}</li>\n");
        page.Append("</ol>\n</main></body></html>\n");
        return page.ToString().ReplaceLineEndings("\n");
    }

    private static string Allegation(Case whole, Allegation one)
    {
        var shown = one.Evidence.Count == 0
            ? "<strong>no evidence</strong>"
            : string.Join(", ", one.Evidence.Select(id => $"<a href=\"#{id}\">{id}</a>"));
        var answered = whole.Standing.TryGetValue(one.Number, out var answer)
            ? $"<br>Answered: {RequestWords.Kebab(answer.Kind)}. {Text(answer.Text)}"
            : "";
        return $"<li>{Text(one.Text)}<br>{Text(string.Join("; ", one.Law))}<br>Evidence: {shown}{answered}</li>\n";
    }

    private static string Row(Evidence one, Func<string, string> keyFile)
    {
        var files = string.Join("<br>", one.Files.Select(file =>
            $"<a href=\"{Text($"{Verifying.FolderOf(one)}/{Uri.EscapeDataString(file.Name)}")}\">{Text(file.Name)}</a> "
                + $"<code>{file.Sha256}</code>"));
        var how = Verifying.Command(one, keyFile) is { } command
            ? $"<code>{Text(command)}</code>"
            : "its bytes alone (SHA-256); nobody looked into what is no text";
        return $"<tr id=\"{one.Id}\"><td>{one.Id}</td><td>{RequestWords.Kebab(one.Kind)}: {Text(one.Title)}</td>"
            + $"<td>{Text(one.Shows)}</td><td>{files}</td><td>{how}</td></tr>\n";
    }

    private static string Penalty(string? penalty) => penalty is null ? "" : $" (for each breach: {Text(penalty)})";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
