using System.Text.Unicode;
using Aval.Storage;
using CsvHelper;

namespace Aval.Choices;

/// <summary>Choices in CSV: RFC 4180 with comma, semicolon or tab, and a header.</summary>
internal sealed class CsvChoices(string path) : IChoiceLines
{
    private readonly ExpandedFile _file = ExpandedFile.Open(path);

    public string Unit => "line";

    public double Done => _file.Done;

    public string ReadHash() => _file.ReadHash();

    public void Dispose() => _file.Dispose();

    public IEnumerable<ChoiceLine> Read()
    {
        // Skipped records are handed over here: the reader would rather repair them, and a repaired objection is a
        // guess.
        var broken = new Queue<ChoiceLine>();
        using var reader = CsvReader.Create(_file, new CsvReaderOptions
        {
            Separator = CsvDialect.SeparatorOf(path),
            MaxRecordSize = ChoiceLines.MaxLineBytes,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Skip,
            FieldCountMismatch = CsvFieldCountHandling.Skip,
            OnMalformedRecord = record => broken.Enqueue(
                new ChoiceLine(record.LineNumber, null, Reason(record.Reason))),
        }, leaveOpen: true);
        Guarded(() => reader.ReadHeader());
        if (broken.Count > 0)
            throw AvalException.BadInput($"{path}, line 1: {broken.Dequeue().Broken}. "
                + "No choice from this file was recorded. Correct it and run the import again.");
        var places = ChoiceLines.Places($"{path}, line 1", CsvDialect.Named(reader.Headers));
        while (true)
        {
            var there = Guarded(reader.Read);
            while (broken.TryDequeue(out var line))
                yield return line;
            if (!there)
                yield break;
            if (!CsvDialect.IsEmpty(reader))
                yield return Line(reader, places);
        }
    }

    private static ChoiceLine Line(CsvReader reader, int[] places)
    {
        if (!Utf8.IsValid(reader.RawRecord))
            return new ChoiceLine(reader.LineNumber, null, "it holds bytes that are not UTF-8");
        if (!CsvDialect.IsEmptyFrom(reader, places.Length))
            return new ChoiceLine(reader.LineNumber, null, "it holds something in a column whose header has no name");
        var text = new ChoiceText();
        for (var field = 0; field < places.Length; field++)
        {
            if (!reader.IsEmpty(field))
                text.Set(places[field], reader.GetString(field));
        }

        return new ChoiceLine(reader.LineNumber, text);
    }

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CsvFormatException tooLarge)
        {
            throw AvalException.BadInput($"{path}, line {tooLarge.LineNumber}: this row is longer than "
                + $"{ChoiceLines.MaxLineBytes >> 20} MiB or never ends. No choice from this file was recorded. "
                + "Look for an unclosed quote and run the import again.", tooLarge);
        }
    }

    private void Guarded(Action read) => Guarded(() =>
    {
        read();
        return true;
    });

    private static string Reason(CsvMalformedReason reason) => reason switch
    {
        CsvMalformedReason.StrayQuote => "it has a quote inside a field that is not quoted",
        CsvMalformedReason.TextAfterClosingQuote => "it has text after a closing quote",
        CsvMalformedReason.UnterminatedQuote => "it has a quote that is never closed",
        CsvMalformedReason.FieldCountMismatch => "it has more or fewer fields than the header",
        CsvMalformedReason.LineBreakInQuotes or CsvMalformedReason.TrailingEscape => "it is not CSV (RFC 4180)",
    };
}
