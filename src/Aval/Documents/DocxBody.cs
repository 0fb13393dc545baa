using System.Globalization;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Wordprocessing;
using Words = DocumentFormat.OpenXml.Wordprocessing;

namespace Aval.Documents;

/// <summary>What stands in a document for a word processor, from the title to the notes; A4, with margins of
/// 2 cm.</summary>
internal sealed class DocxBody(Document document, DocumentText text)
{
    // In twentieths of a point.
    private const int Width = 9638;

    private readonly HeadingNumbers _numbers = new();
    private readonly IReadOnlyList<string> _sources = document.Sources;

    private int _figures;

    /// <summary>How many numbered lists were written.</summary>
    public int Lists { get; private set; }

    /// <summary>Writes all.</summary>
    public Body Write()
    {
        var body = new Body(Styled(DocxStyles.Title, [Run(document.Title)]));
        foreach (var block in document.Blocks)
            body.Append(Of(block));
        if (_sources.Count > 0)
        {
            body.Append(Unnumbered(1, text.Sources));
            body.Append(Notes());
        }

        body.Append(new SectionProperties(
            new PageSize { Width = 11906, Height = 16838 },
            new PageMargin
            {
                Top = 1134,
                Right = 1134,
                Bottom = 1134,
                Left = 1134,
                Header = 567,
                Footer = 567,
                Gutter = 0,
            }));
        return body;
    }

    private IEnumerable<OpenXmlElement> Of(Block block) => block switch
    {
        Heading heading => [Of(heading)],
        Paragraph paragraph => [new Words.Paragraph(paragraph.Pieces.SelectMany(Of))],
        NumberedList list => Of(list),
        BulletList list => list.Items.Select(item => Item(DocxNumbering.Bullets, item)),
        // Two tables that touch are one: a paragraph stands after each.
        Table table => [Styled(DocxStyles.Caption, [Run(table.Caption)]), Of(table), new Words.Paragraph()],
        _ => throw new InvalidOperationException($"A word processor's file has no {block.GetType().Name}."),
    };

    private Words.Paragraph Of(Heading heading)
    {
        var number = _numbers.Next(heading);
        return heading.Number is null
            ? Styled(DocxStyles.HeadingOf(heading.Level), [Run(heading.Text)])
            : Unnumbered(heading.Level, $"{number} {heading.Text}");
    }

    // Of a heading's style, which counts; this one is not counted.
    private static Words.Paragraph Unnumbered(int level, string words) => new(
        new ParagraphProperties(
            new ParagraphStyleId { Val = DocxStyles.HeadingOf(level) },
            new NumberingProperties(new NumberingLevelReference { Val = 0 }, new NumberingId { Val = 0 })),
        Run(words));

    private List<OpenXmlElement> Of(NumberedList list)
    {
        var number = DocxNumbering.FirstList + Lists++;
        var all = new List<OpenXmlElement>();
        foreach (var item in list.Items)
        {
            all.Add(Item(number, item.Pieces));
            all.AddRange(item.Below.Select(below => Styled(DocxStyles.Below, below.SelectMany(Of))));
        }

        return all;
    }

    private Words.Paragraph Item(int number, IReadOnlyList<Piece> pieces)
    {
        var paragraph = new Words.Paragraph(new ParagraphProperties(
            new ParagraphStyleId { Val = DocxStyles.Item },
            new NumberingProperties(new NumberingLevelReference { Val = 0 }, new NumberingId { Val = number })));
        paragraph.Append(pieces.SelectMany(Of));
        return paragraph;
    }

    private Words.Table Of(Table table)
    {
        var shares = table.Widths ?? [.. Enumerable.Repeat(1, table.Head.Count)];
        string WidthOf(int column) =>
            (Width * shares[column] / shares.Sum()).ToString(CultureInfo.InvariantCulture);
        var made = new Words.Table(
            new TableProperties(
                new TableStyle { Val = DocxStyles.Grid },
                new TableWidth { Width = "5000", Type = TableWidthUnitValues.Pct },
                new TableLayout { Type = TableLayoutValues.Fixed },
                // As bits: the attributes in their place, and a caption here, are not of the first edition.
                new TableLook { Val = "0020" }),
            new TableGrid(table.Head.Select((_, at) => new GridColumn { Width = WidthOf(at) })));
        made.Append(Row(
            new TableRowProperties(new CantSplit(), new TableHeader()),
            table.Head.Select((cell, at) => Cell(WidthOf(at), [Run(cell, new Bold())]))));
        foreach (var row in table.Rows)
            made.Append(Row(
                new TableRowProperties(new CantSplit()),
                row.Select((cell, at) => Cell(WidthOf(at), cell.SelectMany(Of)))));
        return made;
    }

    private static TableRow Row(TableRowProperties properties, IEnumerable<TableCell> cells)
    {
        var row = new TableRow(properties);
        row.Append(cells);
        return row;
    }

    private static TableCell Cell(string width, IEnumerable<OpenXmlElement> words)
    {
        var paragraph = new Words.Paragraph(new ParagraphProperties(new SpacingBetweenLines { After = "0" }));
        paragraph.Append(words);
        return new TableCell(
            new TableCellProperties(new TableCellWidth { Width = width, Type = TableWidthUnitValues.Dxa }), paragraph);
    }

    private IEnumerable<OpenXmlElement> Notes() => _sources.Select((source, at) =>
    {
        var note = at + 1;
        var name = NameOf(note);
        var id = note.ToString(CultureInfo.InvariantCulture);
        return new Words.Paragraph(
            new BookmarkStart { Id = id, Name = name }, Run($"[{id}] "), new BookmarkEnd { Id = id },
            Run(source, Letters()));
    });

    private IEnumerable<OpenXmlElement> Of(Piece piece)
    {
        var shown = text.Of(piece);
        var run = piece.Kind switch
        {
            PieceKind.Plain => Run(shown),
            PieceKind.Strong => Run(shown, new Bold()),
            PieceKind.Code => Run(shown, Letters()),
            PieceKind.Blank => Run(shown, new Bold(), new Highlight { Val = HighlightColorValues.Yellow }),
        };
        if (piece.Source is not { } source)
        {
            yield return run;
            yield break;
        }

        var (figure, id) = (++_figures, (_sources.Count + _figures).ToString(CultureInfo.InvariantCulture));
        yield return new BookmarkStart { Id = id, Name = DocumentFigures.NameOf(figure) };
        yield return run;
        yield return new BookmarkEnd { Id = id };
        var note = 1 + Enumerable.Range(0, _sources.Count).First(at => _sources[at] == source);
        yield return new Hyperlink(Run(
            string.Create(CultureInfo.InvariantCulture, $"[{note}]"),
            new VerticalTextAlignment { Val = VerticalPositionValues.Superscript }))
        {
            Anchor = NameOf(note),
        };
    }

    private static string NameOf(int note) => string.Create(CultureInfo.InvariantCulture, $"note{note}");

    private static RunFonts Letters() => new() { Ascii = "Liberation Mono", HighAnsi = "Liberation Mono" };

    private static Words.Paragraph Styled(string style, IEnumerable<OpenXmlElement> words)
    {
        var paragraph = new Words.Paragraph(
            new ParagraphProperties(new ParagraphStyleId { Val = style }));
        paragraph.Append(words);
        return paragraph;
    }

    private static Words.Run Run(string words, params OpenXmlElement[] letters)
    {
        var run = new Words.Run();
        if (letters.Length > 0)
            run.Append(new RunProperties(letters));
        var lines = DocumentText.Safe(words).Split('\n');
        for (var line = 0; line < lines.Length; line++)
        {
            if (line > 0)
                run.Append(new Break());
            run.Append(new Words.Text(lines[line]) { Space = SpaceProcessingModeValues.Preserve });
        }

        return run;
    }
}
