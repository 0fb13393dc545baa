using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Aval.Storage;
using CsvHelper;
using DuckDB.NET.Data.Mapping;

namespace Aval.Content.Tables;

/// <summary>
/// A row of a text file as a JSON object; or what is wrong with it. A JSON object with a fault in one column keeps its
/// JSON: what it names can still be read.
/// </summary>
internal sealed record TextLine(
    int File, long Line, string? Json, string? Column = null, string? Reason = null, string? Found = null);

internal sealed class TextLineMap : DuckDBAppenderMap<TextLine>
{
    public TextLineMap()
    {
        Map(row => row.File);
        Map(row => row.Line);
        Map(row => row.Json);
        Map(row => row.Column);
        Map(row => row.Reason);
        Map(row => row.Found);
    }
}

/// <summary>
/// The rows of JSON Lines and CSV files, plain or compressed, each as a JSON object with its line. A row that is none
/// comes as what is wrong with it; a file that is torn is refused whole. No more than one row is held.
/// </summary>
internal static class TextLines
{
    /// <summary>The longest row, in bytes.</summary>
    public const int MaxBytes = 16 << 20;

    /// <summary>
    /// How many rows of a CSV file may be malformed one after the other, before it is something else than CSV.
    /// </summary>
    public const int MaxMalformedInARow = 1_000_000;

    private static readonly JsonWriterOptions Unescaped =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="path">The file.</param>
    /// <param name="file">Its place among the import's files.</param>
    /// <param name="plain">Columns that hold no object and no list: a line in which one does is rejected.</param>
    /// <param name="ids">Columns that hold ids: a line in which one is a number with a fraction or an exponent, or a
    /// flag, is rejected.</param>
    /// <param name="named">Takes the columns that a header names, whether or not a row holds something in them.</param>
    /// <param name="watch">Told how much of it is done, 0–1.</param>
    public static IEnumerable<TextLine> Read(
        string path, int file, IReadOnlySet<string> plain, IReadOnlySet<string> ids, ISet<string> named,
        Action<double> watch)
    {
        using var expanded = ExpandedFile.Open(path);
        var rows = FileEnding.Of(path).Format == ".csv"
            ? Csv(expanded, path, file, named)
            : JsonLines(expanded, file, plain, ids);
        var count = 0;
        foreach (var row in rows)
        {
            if (++count % 16_384 == 0)
                watch(expanded.Done);
            yield return row;
        }
    }

    private static IEnumerable<TextLine> JsonLines(
        ExpandedFile expanded, int file, IReadOnlySet<string> plain, IReadOnlySet<string> ids)
    {
        var lines = new ByteLines(expanded, MaxBytes);
        while (lines.Next())
        {
            if (lines.IsBlank)
                continue;
            yield return Fault(lines, plain, ids) is { } fault
                ? new TextLine(
                    file, lines.Number, fault.Column.Length > 0 ? Encoding.UTF8.GetString(lines.Current) : null,
                    fault.Column, fault.Expected, lines.IsTooLong ? "" : Cut(lines.Current))
                : new TextLine(file, lines.Number, Encoding.UTF8.GetString(lines.Current));
        }
    }

    private static (string Column, string Expected)? Fault(
        ByteLines lines, IReadOnlySet<string> plain, IReadOnlySet<string> ids)
    {
        if (lines.IsTooLong)
            return ("", $"a line of at most {MaxBytes >> 20} MiB");
        if (!Utf8.IsValid(lines.Current))
            return ("", "UTF-8");
        if (lines.Current.Contains((byte)0))
            return ("", "a line without NUL bytes");
        try
        {
            var reader = new Utf8JsonReader(lines.Current);
            return !reader.Read() || reader.TokenType != JsonTokenType.StartObject
                ? ("", "one JSON object")
                : Fault(ref reader, plain, ids);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return ("", "one JSON object");
        }
    }

    private static (string Column, string Expected)? Fault(
        ref Utf8JsonReader reader, IReadOnlySet<string> plain, IReadOnlySet<string> ids)
    {
        var open = new List<HashSet<string>> { new(StringComparer.Ordinal) }; // The keys of the object at each depth.
        string? column = null; // The one that is being read.
        string? name = null; // The key whose value comes next.
        (string, string)? fault = null;
        while (reader.Read())
        {
            // The reader passes over escapes; half a surrogate pair is no text, and the engine would refuse the whole
            // import for it.
            if (reader.ValueIsEscaped)
                _ = reader.GetString();
            if (name is not null && reader.TokenType is (JsonTokenType.StartObject or JsonTokenType.StartArray)
                && plain.Contains(name))
                fault ??= (name, "one value, no object and no list");
            if (name is not null && ids.Contains(name) && !IsSpelled(ref reader))
                fault ??= (name, "an id as text or as a whole number");
            name = reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1
                ? reader.GetString()
                : null;
            column = name ?? column;
            if (reader.TokenType == JsonTokenType.StartObject)
                Open(open, reader.CurrentDepth);
            // Of two values of one key one would be read, and whom the other names is gone.
            else if (reader.TokenType == JsonTokenType.PropertyName
                && !open[reader.CurrentDepth - 1].Add(name ?? reader.GetString()!))
                fault ??= (column!, "one value, but the key stands twice");
        }

        return fault; // After the last token: what is no JSON at all is told as that.
    }

    private static void Open(List<HashSet<string>> open, int depth)
    {
        while (open.Count <= depth)
            open.Add(new HashSet<string>(StringComparer.Ordinal));
        open[depth].Clear();
    }

    // 1e14 and 100.0 are one number and many texts; true is none of anybody's.
    private static bool IsSpelled(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.True or JsonTokenType.False => false,
        JsonTokenType.Number => !reader.ValueSpan.ContainsAny(".eE-"u8),
        _ => true,
    };

    private static IEnumerable<TextLine> Csv(ExpandedFile expanded, string path, int file, ISet<string> named)
    {
        var malformed = new List<TextLine>(); // Since the last row that was none of them.
        using var reader = CsvReader.Create(expanded, new CsvReaderOptions
        {
            Separator = CsvDialect.SeparatorOf(path),
            MaxRecordSize = MaxBytes,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Skip,
            FieldCountMismatch = CsvFieldCountHandling.Skip,
            OnMalformedRecord = record =>
            {
                malformed.Add(new TextLine(
                    file, record.LineNumber, null, "", "a row of RFC 4180 with as many fields as the header",
                    record.Reason.ToString()));
                if (malformed.Count > MaxMalformedInARow)
                    throw AvalException.BadInput($"{path}, line {record.LineNumber}: more than {MaxMalformedInARow} "
                        + $"rows one after the other are not of RFC 4180 with as many fields as the header. "
                        + $"Nothing was imported. Check that this is CSV with a header, and run the import again.");
            },
        }, leaveOpen: true);
        Guarded(path, () =>
        {
            reader.ReadHeader();
            return true;
        });
        var header = CsvDialect.Named(reader.Headers);
        if (header.Length == 0 || header.Distinct(StringComparer.Ordinal).Count() != header.Length
            || header.Any(name => string.IsNullOrWhiteSpace(name) || name.Contains('\0', StringComparison.Ordinal)))
            throw AvalException.BadInput($"{path}, line 1: expected a header of distinct column names. "
                + "Nothing was imported. Correct it and run the import again.");
        named.UnionWith(header);
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Unescaped);
        bool more;
        do
        {
            more = Guarded(path, reader.Read);
            foreach (var row in malformed)
                yield return row;
            malformed.Clear();
            if (!more || CsvDialect.IsEmpty(reader))
                continue;
            if (!CsvDialect.IsEmptyFrom(reader, header.Length))
            {
                yield return new TextLine(
                    file, reader.LineNumber, null, "", "nothing in a column whose header has no name", "");
                continue;
            }

            yield return Utf8.IsValid(reader.RawRecord) && !reader.RawRecord.Contains((byte)0)
                ? new TextLine(file, reader.LineNumber, Row(reader, header, json, buffer))
                : new TextLine(file, reader.LineNumber, null, "", "UTF-8 without NUL bytes", "");
        }
        while (more);
    }

    // An empty field is null: CSV knows no other way to say unknown.
    private static string Row(
        CsvReader reader, string[] header, Utf8JsonWriter json, System.Buffers.ArrayBufferWriter<byte> buffer)
    {
        buffer.ResetWrittenCount();
        json.Reset(buffer);
        json.WriteStartObject();
        for (var field = 0; field < header.Length; field++)
        {
            if (!reader.IsEmpty(field))
                json.WriteString(header[field], reader.GetString(field));
        }

        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CsvFormatException tooLarge)
        {
            throw AvalException.BadInput(
                $"{path}, line {tooLarge.LineNumber}: this row is longer than {MaxBytes >> 20} MiB or never ends. "
                    + "Nothing was imported. Look for an unclosed quote and run the import again.",
                tooLarge);
        }
    }

    private static string Cut(ReadOnlySpan<byte> line)
    {
        var text = Encoding.UTF8.GetString(line[..Math.Min(line.Length, 320)]).Replace('\0', '\uFFFD');
        return text.Length <= 80 ? text : text[..80];
    }
}
