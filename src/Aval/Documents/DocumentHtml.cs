using System.Globalization;
using System.Net;
using System.Text;

namespace Aval.Documents;

/// <summary>
/// A document as one page that needs nothing else: no script, no font, no request. A screen reader finds its language,
/// its headings, its tables' headers; on paper it breaks between rows.
/// </summary>
internal sealed class DocumentHtml
{
    private const string Style = """
        :root{color-scheme:light dark;--ink:#1b1b1b;--back:#fff;--line:#767676;--link:#0b5cad;--blank:#fff3b0;
          --on-blank:#3d2f00}
        @media (prefers-color-scheme:dark){:root{--ink:#eee;--back:#161616;--line:#a0a0a0;--link:#7db7f0;
          --blank:#4d4000;--on-blank:#fff3b0}}
        body{font:16px/1.5 system-ui,sans-serif;margin:0;color:var(--ink);background:var(--back);
          overflow-wrap:break-word}
        main{max-width:52rem;margin:auto;padding:1rem}
        h1{font-size:1.7rem;line-height:1.25}h2{font-size:1.35rem}h3{font-size:1.15rem}h4{font-size:1rem}
        a{color:var(--link)}code{font-size:.9em}
        table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
        caption{text-align:left;font-weight:600;padding:.25rem 0}
        th,td{border-bottom:1px solid var(--line);padding:.25rem .5rem;text-align:left;vertical-align:top}
        .scroll{overflow-x:auto;margin:1rem 0}
        mark{background:var(--blank);color:var(--on-blank);padding:0 .2em;font-weight:600}
        @media print{nav{display:none}tr,li{break-inside:avoid}h2,h3,h4{break-after:avoid}}
        """;

    private readonly StringBuilder _page = new();
    private readonly DocumentText _text;
    private readonly IReadOnlyList<string> _sources;
    private readonly HashSet<int> _referred = [];
    private int _figures;

    private DocumentHtml(Document document) =>
        (_text, _sources) = (DocumentText.Of(document.Language), document.Sources);

    /// <summary>The page's HTML.</summary>
    public static string Of(Document document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return new DocumentHtml(document).Write(document);
    }

    private string Write(Document document)
    {
        _page.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="{_text.Language}"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Html(document.Title)}</title><style>{Style}</style></head><body><main>
            <h1>{Html(document.Title)}</h1>

            """);
        Headings(document);
        var numbers = new HeadingNumbers();
        var heading = 0;
        foreach (var block in document.Blocks)
        {
            if (block is Heading one)
                _page.Append(CultureInfo.InvariantCulture, $"<h{one.Level + 1} id=\"h{++heading}\">"
                    + $"{Html(numbers.Next(one))} {Html(one.Text)}</h{one.Level + 1}>\n");
            else
                Append(block);
        }

        Notes();
        _page.Append("</main></body></html>\n");
        return _page.ToString().ReplaceLineEndings("\n");
    }

    private void Headings(Document document)
    {
        var numbers = new HeadingNumbers();
        var all = document.Blocks.OfType<Heading>()
            .Select((heading, at) => (heading, at: at + 1, number: numbers.Next(heading)))
            .Where(one => one.heading.Level == 1).ToArray();
        if (all.Length < 3)
            return;
        _page.Append(CultureInfo.InvariantCulture, $"<nav aria-label=\"{Html(_text.Contents)}\"><ul>\n");
        foreach (var (heading, at, number) in all)
            _page.Append(CultureInfo.InvariantCulture,
                $"<li><a href=\"#h{at}\">{Html(number)} {Html(heading.Text)}</a></li>\n");
        _page.Append("</ul></nav>\n");
    }

    private void Append(Block block)
    {
        switch (block)
        {
            case Paragraph paragraph:
                _page.Append("<p>").Append(Of(paragraph.Pieces)).Append("</p>\n");
                break;
            case NumberedList list:
                _page.Append("<ol>\n");
                foreach (var item in list.Items)
                    _page.Append("<li>").Append(Of(item.Pieces))
                        .AppendJoin("", item.Below.Select(below => $"<p>{Of(below)}</p>")).Append("</li>\n");
                _page.Append("</ol>\n");
                break;
            case BulletList list:
                _page.Append("<ul>\n").AppendJoin("", list.Items.Select(item => $"<li>{Of(item)}</li>\n"))
                    .Append("</ul>\n");
                break;
            case Table table:
                Append(table);
                break;
            default:
                throw new InvalidOperationException($"A page has no {block.GetType().Name}.");
        }
    }

    private void Append(Table table)
    {
        _page.Append(CultureInfo.InvariantCulture, $"<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
            + $"aria-label=\"{Html(table.Caption)}\"><table><caption>{Html(table.Caption)}</caption><thead><tr>");
        _page.AppendJoin("", table.Head.Select(cell => $"<th scope=\"col\">{Html(cell)}</th>"));
        _page.Append("</tr></thead><tbody>\n");
        foreach (var row in table.Rows)
            _page.Append("<tr>").AppendJoin("", row.Select((cell, at) =>
                at == 0 ? $"<th scope=\"row\">{Of(cell)}</th>" : $"<td>{Of(cell)}</td>")).Append("</tr>\n");
        _page.Append("</tbody></table></div>\n");
    }

    private void Notes()
    {
        if (_sources.Count == 0)
            return;
        _page.Append(CultureInfo.InvariantCulture, $"<h2>{Html(_text.Sources)}</h2>\n<ol>\n");
        for (var note = 1; note <= _sources.Count; note++)
            _page.Append(CultureInfo.InvariantCulture,
                $"<li id=\"n{note}\"><a href=\"#r{note}\"><code>{Html(_sources[note - 1])}</code></a></li>\n");
        _page.Append("</ol>\n");
    }

    private string Of(IReadOnlyList<Piece> pieces) => string.Concat(pieces.Select(Of));

    private string Of(Piece piece)
    {
        var shown = Html(_text.Of(piece)).Replace("\n", "<br>", StringComparison.Ordinal);
        var marked = piece.Kind switch
        {
            PieceKind.Plain => shown,
            PieceKind.Strong => $"<strong>{shown}</strong>",
            PieceKind.Code => $"<code>{shown}</code>",
            PieceKind.Blank => $"<mark>{shown}</mark>",
        };
        return piece.Source is { } source
            ? string.Create(CultureInfo.InvariantCulture, $"<span id=\"f{++_figures}\">{marked}</span>")
                + Reference(source)
            : marked;
    }

    private string Reference(string source)
    {
        var note = 1 + Enumerable.Range(0, _sources.Count).First(at => _sources[at] == source);
        // The note leads back to where it is referred to first.
        var id = _referred.Add(note) ? $" id=\"r{note}\"" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"<sup><a href=\"#n{note}\"{id} aria-label=\"{Html(_text.Source)} {note}\">[{note}]</a></sup>");
    }

    private static string Html(string text) => WebUtility.HtmlEncode(DocumentText.Safe(text));
}
