using System.IO.Compression;
using System.Text;
using System.Xml.Linq;
using Aval.Documents;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;

namespace Aval.Tests.Documents;

public sealed class DocumentTests
{
    private static readonly DateTimeOffset At = new(2025, 5, 14, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    [InlineData("de")]
    public void A_word_processors_file_is_valid_in_every_language(string language) =>
        Assert.Empty(Errors(DocumentDocx.Of(Everything(language))));

    [Fact]
    public void The_same_document_has_the_same_bytes()
    {
        var first = DocumentDocx.Of(Everything("fr"));
        Assert.Equal(first, DocumentDocx.Of(Everything("fr")));
        using var zip = new ZipArchive(new MemoryStream(first));
        Assert.Equal("[Content_Types].xml", zip.Entries[0].FullName);
        Assert.All(zip.Entries, part => Assert.Equal(1980, part.LastWriteTime.Year));
        Assert.Equal(DocumentHtml.Of(Everything("fr")), DocumentHtml.Of(Everything("fr")));
        Assert.NotEqual(first, DocumentDocx.Of(Everything("fr") with { At = At.AddDays(1) }));
    }

    [Theory]
    [InlineData("<script>alert(1)</script> & \"x\"")]
    [InlineData("\u0000\u0001\u001b[31m\u007f\r\n\v\f")]
    [InlineData("\u202eevil\u2066 \u200b\ufeff")]
    [InlineData("half a pair \ud800, no character \uffff \ufffe")]
    [InlineData("{what} ]]> <!-- %1. w:val=\"\"")]
    public void Whatever_a_text_holds_it_is_shown_as_text(string hostile)
    {
        var document = new Document("en", hostile, At,
        [
            new Heading(1, hostile), new Heading(2, hostile, hostile), new Paragraph(hostile),
            new NumberedList([new ListItem([Piece.Strong(hostile)], [[Piece.Code(hostile)]])]),
            new BulletList([[Piece.Blank(hostile)]]),
            new Table(hostile, [hostile, hostile], [[[Piece.Plain(hostile)], [Piece.Figure(hostile, hostile)]]]),
        ]);
        var docx = DocumentDocx.Of(document);
        Assert.Empty(Errors(docx));
        var (page, body) = (DocumentHtml.Of(document), Body(docx));
        foreach (var text in new[] { page, body })
        {
            Assert.DoesNotContain(text.EnumerateRunes(), rune => rune.Value is not ('\n' or '\t')
                && Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.Control
                    or System.Globalization.UnicodeCategory.Format);
            Assert.DoesNotContain("<script", text, StringComparison.Ordinal);
            Assert.DoesNotContain("<!--", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Headings_are_numbered_by_their_place_or_by_a_template()
    {
        var page = DocumentHtml.Of(Everything("en"));
        Assert.Contains("<h2 id=\"h1\">1 Facts</h2>", page, StringComparison.Ordinal);
        Assert.Contains("<h3 id=\"h2\">1.1 The release</h3>", page, StringComparison.Ordinal);
        Assert.Contains("<h2 id=\"h3\">2 Requests</h2>", page, StringComparison.Ordinal);
        Assert.Contains("<h2 id=\"h4\">0 Header</h2>", page, StringComparison.Ordinal);

        using var docx = WordprocessingDocument.Open(new MemoryStream(DocumentDocx.Of(Everything("en"))), false);
        var styles = docx.MainDocumentPart!.Document!.Body!
            .Elements<DocumentFormat.OpenXml.Wordprocessing.Paragraph>()
            .Where(one => one.ParagraphProperties?.ParagraphStyleId?.Val?.Value?.StartsWith(
                "Heading", StringComparison.Ordinal) == true)
            .Select(one => (one.ParagraphProperties!.ParagraphStyleId!.Val!.Value, one.InnerText)).ToArray();
        // Its own numbers are in the style; only a template's stands in the text.
        Assert.Equal(
            [
                ("Heading1", "Facts"), ("Heading2", "The release"), ("Heading1", "Requests"),
                ("Heading1", "0 Header"), ("Heading1", "Where the figures come from"),
            ],
            styles);
    }

    [Fact]
    public void Each_numbered_list_begins_with_1()
    {
        using var docx = WordprocessingDocument.Open(new MemoryStream(DocumentDocx.Of(Everything("en"))), false);
        var used = docx.MainDocumentPart!.Document!
            .Descendants<DocumentFormat.OpenXml.Wordprocessing.NumberingId>().Select(one => one.Val!.Value)
            .Where(one => one >= 3).Distinct().ToArray();
        Assert.Equal([3, 4], used);
        var numbering = docx.MainDocumentPart!.NumberingDefinitionsPart!.Numbering!;
        Assert.Equal(2, numbering.Descendants<DocumentFormat.OpenXml.Wordprocessing.StartOverrideNumberingValue>()
            .Count());
    }

    [Fact]
    public void A_tables_header_row_is_one_in_both_forms()
    {
        Assert.Contains("<thead><tr><th scope=\"col\">what</th>", DocumentHtml.Of(Everything("en")),
            StringComparison.Ordinal);
        var body = XElement.Parse(Body(DocumentDocx.Of(Everything("en"))));
        XNamespace w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
        var rows = body.Descendants(w + "tr").ToArray();
        Assert.NotNull(rows[0].Element(w + "trPr")?.Element(w + "tblHeader"));
        Assert.Null(rows[1].Element(w + "trPr")?.Element(w + "tblHeader"));
    }

    [Fact]
    public void A_figure_leads_to_its_note_and_the_same_source_has_one_note()
    {
        var document = Everything("en");
        Assert.Equal(["release.json#/items", "ledger, entry 12"], document.Sources);
        var page = DocumentHtml.Of(document);
        Assert.Equal(2, page.Split("href=\"#n1\"").Length - 1);
        Assert.Single(page.Split('\n'), line => line.StartsWith("<li id=\"n1\"", StringComparison.Ordinal));
        Assert.Equal(page.Split(" id=\"").Length - 1, page.Split(" id=\"").Skip(1)
            .Select(rest => rest.Split('"')[0]).Distinct().Count());
    }

    [Fact]
    public void A_blank_is_marked_in_words_and_in_colour()
    {
        var document = Everything("fr");
        Assert.Equal(["name of counsel"], document.Blanks);
        Assert.Contains("<mark>[&#224; compl&#233;ter&#160;: name of counsel]</mark>", DocumentHtml.Of(document),
            StringComparison.Ordinal);
        Assert.Contains("w:highlight w:val=\"yellow\"", Body(DocumentDocx.Of(document)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "1 May 2025", "1,234,567", "1,234.5")]
    [InlineData("fr", "1er mai 2025", "1\u202f234\u202f567", "1\u202f234,5")]
    [InlineData("de", "1. Mai 2025", "1.234.567", "1.234,5")]
    public void Days_and_numbers_are_written_as_in_the_language(
        string language, string day, string count, string number)
    {
        var text = DocumentText.Of(language);
        Assert.Equal(day, text.Day(new DateOnly(2025, 5, 1)));
        Assert.Equal(count, text.Count(1234567));
        Assert.Equal(number, text.Number(1234.5));
    }

    [Fact]
    public void What_is_put_into_a_sentence_is_not_looked_through_for_braces() =>
        Assert.Equal("{b} and 2", DocumentText.Fill("{a} and {b}", ("a", "{b}"), ("b", "2")));

    [Fact]
    public void The_ending_says_the_form_and_another_is_refused_before_anything_is_written()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "a.html", "a.docx" })
        {
            var path = folder.File(name);
            DocumentFile.Write(path, Everything("en"));
            Assert.False(Aval.Storage.FileModes.IsOpenToOthers(path));
        }

        var pdf = folder.File("a.pdf");
        var refused = Assert.Throws<AvalException>(() => DocumentFile.Write(pdf, Everything("en")));
        Assert.Equal(ExitCode.Usage, refused.Exit);
        Assert.Contains(".html or .docx", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(pdf));
    }

    [Theory]
    [InlineData("a.html")]
    [InlineData("a.docx")]
    public void The_figures_of_a_file_are_read_back(string name)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File(name);
        DocumentFile.Write(path, Everything("fr"));
        var read = DocumentFigures.Read(path);
        Assert.Equal(["1,234", "1,234", "5"], Enumerable.Range(1, read.Count).Select(figure => read[figure]));
    }

    [Theory]
    [InlineData("a.html")]
    [InlineData("a.docx")]
    public void What_is_no_document_is_refused(string name)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(ExitCode.BadInput,
            Assert.Throws<AvalException>(() => DocumentFigures.Read(folder.File(name))).Exit);
        Aval.Storage.Durable.Replace(folder.File("a.docx"), "no zip");
        Assert.Equal(ExitCode.BadInput,
            Assert.Throws<AvalException>(() => DocumentFigures.Read(folder.File("a.docx"))).Exit);
    }

    [Fact]
    public void A_language_that_there_is_none_of_is_refused() =>
        Assert.Contains("de, en, fr", Assert.Throws<AvalException>(() => DocumentHtml.Of(Everything("xx"))).Message,
            StringComparison.Ordinal);

    private static Document Everything(string language) => new(language, "Record – a title", At,
    [
        new Heading(1, "Facts"),
        new Paragraph(
        [
            Piece.Plain("There are "), Piece.Figure("1,234", "release.json#/items"), Piece.Plain(" items, "),
            Piece.Strong("all"), Piece.Plain(" of them. "), Piece.Blank("name of counsel"),
        ]),
        new Heading(2, "The release"),
        new NumberedList(
        [
            new ListItem([Piece.Plain("One")], [[Piece.Plain("Verify: "), Piece.Code("aval verify r.json")]]),
            new ListItem([Piece.Plain("Two\nin two lines")], []),
        ]),
        new Heading(1, "Requests"),
        new NumberedList([new ListItem([Piece.Plain("Again one")], [])]),
        new BulletList([[Piece.Plain("a point")]]),
        new Table("What there is", ["what", "how many"],
        [
            [[Piece.Plain("items")], [Piece.Figure("1,234", "release.json#/items")]],
            [[Piece.Plain("objections")], [Piece.Figure("5", "ledger, entry 12")]],
        ], [3, 1]),
        new Heading(1, "Header", "0"),
    ]);

    private static string[] Errors(byte[] docx)
    {
        using var package = WordprocessingDocument.Open(new MemoryStream(docx), false);
        return
        [
            .. new[] { FileFormatVersions.Office2007, FileFormatVersions.Microsoft365 }
                .SelectMany(edition => new OpenXmlValidator(edition).Validate(
                    package, TestContext.Current.CancellationToken))
                .Select(error => $"{error.Part?.Uri}{error.Path?.XPath}: {error.Description}"),
        ];
    }

    private static string Body(byte[] docx)
    {
        using var zip = new ZipArchive(new MemoryStream(docx));
        using var part = new StreamReader(zip.GetEntry("word/document.xml")!.Open());
        return part.ReadToEnd();
    }
}
