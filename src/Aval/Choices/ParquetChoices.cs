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
        var columns = Guarded(() => engine.Query($"SELECT column_name, column_type FROM (DESCRIBE FROM {rows})", row => (Name: row.GetString(0), Type: row.GetString(1))));
        var places = ChoiceLines.Places(_path, [.. columns.Select(column => column.Name)]);
        _rows = Guarded(() => engine.Scalar<long>($"SELECT count(*) FROM {rows}"));
        using var command = engine.Connection.CreateCommand();
        command.CommandText = $"SELECT {string.Join(", ", columns.Select(column => AsText(column.Name, column.Type)))} FROM {rows}";
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

    private string AsText(string column, string type) => (type, IsInstant: column is "made_at" or "received_at" or "until") switch
    {
        ("VARCHAR", _) => Engine.Identifier(column),
        // UTC, so taking the zone off moves nothing; a year beyond four digits no longer reads as an instant.
        ("TIMESTAMP WITH TIME ZONE", true) => $"strftime({Engine.Identifier(column)}::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%fZ')",
        ("TIMESTAMP" or "TIMESTAMP_NS" or "TIMESTAMP_MS" or "TIMESTAMP_S" or "DATE", true) => throw Wrong(column, type, "text or a timestamp in UTC with microseconds (isAdjustedToUTC): one without a zone, or a finer one, cannot be placed in time"),
        (_, true) => throw Wrong(column, type, "text or a timestamp in UTC with microseconds"),
        (_, false) => throw Wrong(column, type, "text"),
    };

    private AvalException Wrong(string column, string type, string expected) =>
        AvalException.BadInput($"{_path}: column \"{column}\" should hold {expected}, but holds {type}. No choice from this file was recorded. Convert the column and run the import again.");

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DuckDBException broken)
        {
            throw AvalException.BadInput($"{_path}: expected a whole Parquet file, but it cannot be read: {broken.Message.Split('\n')[0]} No choice from this file was recorded. Fetch it again and run the import again.", broken);
        }
    }
}
