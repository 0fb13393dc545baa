using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Aval.Documents;

/// <summary>
/// Reads the figures back out of a file that was written, and edited since perhaps: a figure keeps its mark where
/// somebody fills blanks around it or types over it.
/// </summary>
internal static partial class DocumentFigures
{
    // A paper has some hundred kilobytes; this is no paper.
    private const long Largest = 64 << 20;

    private static readonly XNamespace Word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

    /// <summary>What marks a figure in a word processor's file.</summary>
    public static string NameOf(int figure) => string.Create(CultureInfo.InvariantCulture, $"figure{figure}");

    /// <summary>What a file says now in the place of each figure, by its number; one whose sentence was taken out is
    /// not there.</summary>
    /// <exception cref="AvalException">Bad input: it is no document.</exception>
    public static IReadOnlyDictionary<int, string> Read(string path) => Reading(path, file =>
        Path.GetExtension(file) == ".docx" ? InDocx(file) : InHtml(File.ReadAllText(file)));

    /// <summary>All that a file says, as text: to look for what must not be in it any more.</summary>
    /// <exception cref="AvalException">Bad input: it is no document.</exception>
    public static string TextOf(string path) => Reading(path, file => Path.GetExtension(file) == ".docx"
        ? string.Concat(Parts(file).Where(element => element.Name == Word + "t").Select(element => element.Value))
        : WebUtility.HtmlDecode(Tag().Replace(File.ReadAllText(file), "")));

    private static T Reading<T>(string path, Func<string, T> read)
    {
        DocumentFile.Require(path);
        try
        {
            return new FileInfo(path).Length > Largest
                ? throw new InvalidDataException("it is larger than a paper can be")
                : read(path);
        }
        catch (Exception broken) when (broken is InvalidDataException or XmlException or FileNotFoundException
            or DirectoryNotFoundException)
        {
            throw AvalException.BadInput(
                $"{path}: expected a paper that aval wrote, but {broken.Message} Nothing was checked.", broken);
        }
    }

    private static Dictionary<int, string> InHtml(string page)
    {
        var figures = new Dictionary<int, string>();
        foreach (Match match in Span().Matches(page))
            figures.TryAdd(
                int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture),
                WebUtility.HtmlDecode(Tag().Replace(match.Groups[2].Value, "")));
        return figures;
    }

    private static IEnumerable<XElement> Parts(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        var part = zip.GetEntry("word/document.xml") is { Length: <= Largest } entry
            ? entry
            : throw new InvalidDataException("it has no text");
        using var stream = part.Open();
        // Without entities: System.Xml refuses a document type here.
        using var reader = XmlReader.Create(stream);
        return XDocument.Load(reader).Descendants();
    }

    private static Dictionary<int, string> InDocx(string path)
    {
        var (figures, open) = (new Dictionary<int, StringBuilder>(), new Dictionary<string, int>());
        foreach (var element in Parts(path))
        {
            var id = element.Attribute(Word + "id")?.Value ?? "";
            if (element.Name == Word + "bookmarkStart"
                && Name().Match(element.Attribute(Word + "name")?.Value ?? "") is { Success: true } name
                && int.Parse(name.Groups[1].ValueSpan, CultureInfo.InvariantCulture) is var figure
                && figures.TryAdd(figure, new StringBuilder()))
                open[id] = figure;
            else if (element.Name == Word + "bookmarkEnd")
                open.Remove(id);
            else if (element.Name == Word + "t")
                foreach (var one in open.Values)
                    figures[one].Append(element.Value);
        }

        return figures.ToDictionary(one => one.Key, one => one.Value.ToString());
    }

    [GeneratedRegex(
        """<span id="f([0-9]{1,6})">(.*?)</span>""", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Span();

    [GeneratedRegex("<[^>]*>", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();

    [GeneratedRegex("^figure([0-9]{1,6})\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
