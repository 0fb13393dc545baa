using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml.Linq;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using Words = DocumentFormat.OpenXml.Wordprocessing;

namespace Aval.Documents;

/// <summary>
/// A document for a word processor (ISO/IEC 29500, WordprocessingML): headings by style and numbered by the processor,
/// tables whose header rows are repeated, the language stated. The same document has the same bytes on every machine:
/// parts stand in one order, under one time, and are not compressed, since compression is another one with each
/// library.
/// </summary>
internal static class DocumentDocx
{
    // The earliest time that a zip file can hold.
    private static readonly DateTimeOffset EveryPart = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The file's bytes.</summary>
    public static byte[] Of(Document document)
    {
        ArgumentNullException.ThrowIfNull(document);
        using var made = new MemoryStream();
        using (var package = WordprocessingDocument.Create(made, WordprocessingDocumentType.Document))
            Fill(package, document);
        return Fixed(made);
    }

    private static void Fill(WordprocessingDocument package, Document document)
    {
        var text = DocumentText.Of(document.Language);
        // Names of relations are given: those that the library thinks of are others each time.
        var main = package.AddMainDocumentPart();
        package.ChangeIdOfPart(main, "rMain");
        var numbering = main.AddNewPart<NumberingDefinitionsPart>("rNumbering");
        var body = new DocxBody(document, text);
        main.Document = new Words.Document(body.Write());
        numbering.Numbering = DocxNumbering.Of(body.Lists);
        main.AddNewPart<StyleDefinitionsPart>("rStyles").Styles = DocxStyles.Of(text.Locale);
        main.AddNewPart<DocumentSettingsPart>("rSettings").Settings = new Words.Settings(
            new Words.ThemeFontLanguages { Val = text.Locale });
        package.AddNewPart<CoreFilePropertiesPart>("rProperties").FeedData(
            new MemoryStream(Properties(document)));
    }

    private static byte[] Properties(Document document)
    {
        XNamespace core = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties";
        XNamespace dc = "http://purl.org/dc/elements/1.1/";
        XNamespace terms = "http://purl.org/dc/terms/";
        XNamespace types = "http://www.w3.org/2001/XMLSchema-instance";
        var at = document.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var dated = new XAttribute(types + "type", "dcterms:W3CDTF");
        var properties = new XElement(core + "coreProperties",
            new XAttribute(XNamespace.Xmlns + "cp", core), new XAttribute(XNamespace.Xmlns + "dc", dc),
            new XAttribute(XNamespace.Xmlns + "dcterms", terms), new XAttribute(XNamespace.Xmlns + "xsi", types),
            new XElement(dc + "title", DocumentText.Safe(document.Title)),
            new XElement(dc + "language", document.Language),
            new XElement(terms + "created", dated, at), new XElement(terms + "modified", dated, at));
        return Encoding.UTF8.GetBytes(properties.ToString(SaveOptions.DisableFormatting));
    }

    private static byte[] Fixed(MemoryStream made)
    {
        using var fixedOnes = new MemoryStream();
        using (var from = new ZipArchive(made, ZipArchiveMode.Read, leaveOpen: true))
        using (var to = new ZipArchive(fixedOnes, ZipArchiveMode.Create, leaveOpen: true))
        {
            // A reader that streams wants the types first.
            foreach (var part in from.Entries.OrderBy(part => part.FullName != "[Content_Types].xml")
                .ThenBy(part => part.FullName, StringComparer.Ordinal))
            {
                var entry = to.CreateEntry(part.FullName, CompressionLevel.NoCompression);
                entry.LastWriteTime = EveryPart;
                using var read = part.Open();
                using var write = entry.Open();
                read.CopyTo(write);
            }
        }

        return fixedOnes.ToArray();
    }
}
