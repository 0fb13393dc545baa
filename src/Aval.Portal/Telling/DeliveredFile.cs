using System.Text;
using Aval.Portal.Doors;
using Aval.Storage;
using CsvHelper;

namespace Aval.Portal.Telling;

/// <summary>What came of a mailer's report.</summary>
/// <param name="Rows">How many deliveries it reports.</param>
/// <param name="Unknown">How many of their links nobody here made.</param>
/// <param name="FirstUnknown">The line of the first of these; 0 = there is none.</param>
internal sealed record Translated(long Rows, long Unknown, long FirstUnknown);

/// <summary>
/// What the platform's mailer brings back: CSV with a column <c>link</c>, and columns of notices beside it
/// (docs/formats/table.md), of which <c>delivered_at</c> counts. A mailer need not know whose a link is: here each
/// becomes <c>account,version</c> again, so that the rows can be imported as notices.
/// </summary>
internal static class DeliveredFile
{
    private const string Link = "link";
    private const int MaxLineBytes = 64 << 10;
    private const string Nothing = "Nothing was imported.";

    /// <summary>Writes the notices, one after the other, and holds none. A row whose link nobody here made names no
    /// account, which an import rejects and counts.</summary>
    /// <param name="path">The report; gzip and Zstandard by its ending.</param>
    /// <param name="links">The links of the workspace.</param>
    /// <param name="output">Where the notices go.</param>
    /// <param name="watch">Told how much of the report is read (0–1).</param>
    /// <exception cref="AvalException">Bad input: it is no CSV, or has no links, with file and line.</exception>
    public static Translated Write(string path, NoticeLinks links, TextWriter output, Action<double> watch)
    {
        ArgumentNullException.ThrowIfNull(links);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(watch);
        using var file = ExpandedFile.Open(path);
        using var reader = CsvReader.Create(file, new CsvReaderOptions
        {
            Separator = CsvDialect.SeparatorOf(path),
            MaxRecordSize = MaxLineBytes,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
            FieldCountMismatch = CsvFieldCountHandling.Throw,
        }, leaveOpen: true);
        try
        {
            reader.ReadHeader();
            var columns = CsvDialect.Named(reader.Headers);
            var at = Array.IndexOf(columns, Link);
            if (at < 0 || !columns.Contains("delivered_at") || columns.Contains("account")
                || columns.Contains("version"))
                throw AvalException.BadInput($"{path}, line 1: expected columns link and delivered_at, and neither "
                    + $"account nor version, but found {Shown.Of(string.Join(", ", columns))}. {Nothing} Notices that "
                    + "name accounts come in by: aval import table FILE --as notices");
            Row(output, columns.Select((column, place) => place == at ? "account,version" : Cell(column)));
            return Rows(reader, columns, at, links, output, () => watch(file.Done));
        }
        catch (CsvFormatException broken)
        {
            throw AvalException.BadInput($"{path}, line {broken.LineNumber}: it is not CSV (RFC 4180) of at most "
                + $"{MaxLineBytes >> 10} KiB a row with as many fields as the header has. {Nothing}", broken);
        }
    }

    private static Translated Rows(
        CsvReader reader, string[] columns, int at, NoticeLinks links, TextWriter output, Action watch)
    {
        var (rows, unknown, first) = (0L, 0L, 0L);
        var bounced = Array.IndexOf(columns, "bounced_at");
        while (reader.Read())
        {
            if (CsvDialect.IsEmpty(reader))
                continue;
            var letters = reader.GetString(at);
            var link = links.Read(letters[(letters.LastIndexOf('/') + 1)..]);
            if (link is null)
            {
                unknown++;
                first = first == 0 ? reader.LineNumber : first;
            }

            // A bounce of nobody's keeps nobody from being informed, and what comes back to somebody is not refused for
            // it.
            Row(output, Enumerable.Range(0, columns.Length).Select(place => place == at
                ? $"{Cell(link?.Account.ToString() ?? "")},{Cell(link?.Version ?? "")}"
                : link is null && place == bounced ? "" : Cell(reader.GetString(place))));
            if (++rows % 10_000 == 0)
                watch();
        }

        return new Translated(rows, unknown, first);
    }

    private static void Row(TextWriter output, IEnumerable<string> cells)
    {
        output.Write(string.Join(',', cells));
        output.Write('\n');
    }

    private static string Cell(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0
        ? text
        : new StringBuilder("\"").Append(text).Replace("\"", "\"\"", 1, text.Length).Append('"').ToString();
}
