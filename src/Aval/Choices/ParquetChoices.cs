using Aval.Storage;
using DuckDB.NET.Data;

namespace Aval.Choices;

/// <summary>Choices in Parquet: text columns; instants as text or as TIMESTAMP of UTC.</summary>
internal sealed class ParquetChoices : IChoiceLines
{
    private readonly string _path;
    private readonly string _temporary;
    private long _rows;
    private long _read;

    public ParquetChoices(string path, string temporary)
    {
        _path = path;
        _temporary = temporary;
        // Says what is wrong with the name in our words, before the engine does in its own.
        ExpandedFile.Open(path).Dispose();
    }

    public string Unit => "row";

    public double Done => _rows == 0 ? 0 : (double)_read / _rows;

    public string ReadHash()
    {
        using var file = ExpandedFile.Open(_path);
        return file.ReadHash();
    }

    public void Dispose()
    {
    }

    public IEnumerable<ChoiceLine> Read()
    {
        // One thread: rows then come in the order in which they lie, and the choices' indices with them.
        using var engine = Engine.Open(_temporary, EngineLimits.Default with { Threads = 1 });
        var rows = ParquetFiles.Rows(_path);
        if (Guarded(() => PageChecksums.FirstWrong(engine, _path)) is { } wrong)
            throw AvalException.BadInput($"{_path}: the page at byte {wrong} is not what was written: its checksum "
                + "does not match. No choice from this file was recorded. Fetch it again and run the import again.");
        var columns = Guarded(() => ParquetFiles.Columns(engine, _path));
        var places = ChoiceLines.Places(_path, [.. columns.Select(column => column.Name)]);
        _rows = Guarded(() => engine.Scalar<long>($"SELECT count(*) FROM {rows}"));
        using var command = engine.Connection.CreateCommand();
        command.CommandText = $"SELECT {string.Join(", ", columns.Select(column => AsText(column)))} FROM {rows}";
        command.UseStreamingMode = true;
        using var found = Guarded(command.ExecuteReader);
        while (Guarded(found.Read))
        {
            var text = new ChoiceText();
            for (var column = 0; column < places.Length; column++)
            {
                if (!found.IsDBNull(column))
                    text.Set(places[column], found.GetString(column));
            }

            yield return new ChoiceLine(++_read, text);
        }
    }

    private string AsText(ParquetColumn of) =>
        AsText(of.Name, of.IsCut ? "TIMESTAMP WITH TIME ZONE in nanoseconds" : of.Type);

    private string AsText(string column, string type) =>
        (type, IsInstant: column is "made_at" or "received_at" or "until") switch
        {
            ("VARCHAR", _) => Engine.Identifier(column),
            // UTC, so taking the zone off moves nothing; a year beyond four digits no longer reads as an instant.
            ("TIMESTAMP WITH TIME ZONE", true) =>
                $"strftime({Engine.Identifier(column)}::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%fZ')",
            ("TIMESTAMP" or "TIMESTAMP_NS" or "TIMESTAMP_MS" or "TIMESTAMP_S" or "DATE"
                or "TIMESTAMP WITH TIME ZONE in nanoseconds", true) => throw Wrong(
                    column, type,
                    "text or a timestamp in UTC with microseconds (isAdjustedToUTC): one without a zone, or a finer "
                        + "one, cannot be placed in time"),
            (_, true) => throw Wrong(column, type, "text or a timestamp in UTC with microseconds"),
            (_, false) => throw Wrong(column, type, "text"),
        };

    private AvalException Wrong(string column, string type, string expected) =>
        AvalException.BadInput($"{_path}: column \"{column}\" should hold {expected}, but holds {type}. "
            + "No choice from this file was recorded. Convert the column and run the import again.");

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DuckDBException broken) when (!FileFailure.IsOfTheMachine(broken))
        {
            throw AvalException.BadInput($"{_path}: {ParquetFiles.Words(broken)}. "
                + "No choice from this file was recorded. Then run the import again.", broken);
        }
    }
}
