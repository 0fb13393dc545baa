using Aval.Content;
using Aval.Content.Tables;
using Aval.Storage;
using DuckDB.NET.Data;

namespace Aval.Choices;

/// <summary>
/// Choices in a table of somebody else's columns (CSV, JSON Lines, Parquet), made by a mapping: each column of a choice
/// as an SQL expression over one row, and <c>rows</c>, which says of each row whether it is a choice at all. A row of
/// which it says neither is a fault: what nobody decided about must not be passed over in silence.
/// </summary>
internal sealed class MappedChoices : IChoiceLines
{
    /// <summary>The expression, beside the columns of choices, that tells which rows are choices.</summary>
    public const string Rows = "rows";

    private const string Never = "9999-12-31T23:59:59Z";
    private const string NothingRecorded = "No choice from this file was recorded.";

    // What each is taken for where it is empty: a mapping that names it and says nothing would say that by accident.
    private static readonly Dictionary<string, string> TakenFor = new(StringComparer.Ordinal)
    {
        ["purpose"] = "the widest",
        ["scope"] = "the widest",
        ["made_at"] = "said when it was received, or now",
        ["received_at"] = "received now",
        ["until"] = "without an end",
        ["actor"] = "said by the person",
    };

    private static readonly string[] Instants = ["made_at", "received_at", "until"];

    private readonly string _path;
    private readonly string _temporary;
    private readonly bool _isParquet;
    private readonly Mapping _mapping;
    private long _all;
    private long _read;

    public MappedChoices(string path, string mapping, string temporary)
    {
        (_path, _temporary) = (Path.GetFullPath(path), temporary);
        _isParquet = InOurWords(() => TableSource.IsParquet(_path));
        _mapping = InOurWords(() => Mapping.Read(mapping, [.. ChoiceText.Columns, Rows], "column of a choice"));
        // Says what is missing, and what is wrong with the file's name, before anything is read.
        _ = ChoiceLines.Places(mapping, [.. Columns]);
        ExpandedFile.Open(path).Dispose();
    }

    public string Unit => _isParquet ? "row" : "line";

    public double Done => _all == 0 ? 0 : (double)_read / _all;

    public long PassedOver { get; private set; }

    private IEnumerable<string> Columns => _mapping.Expressions.Keys.Where(column => column != Rows);

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
        using var engine = Engine.Open(_temporary, EngineLimits.Default with { Threads = 1 });
        if (_isParquet)
            InOurWords(() => TableShapes.RequireAlike(engine, [_path], ContentKind.Notices, _mapping));
        var source = InOurWords(() => _isParquet
            ? TableSource.OfParquet(engine, [_path])
            : TableSource.OfText(engine, [_path], ContentKind.Notices, _mapping, _ => { }));
        LockDown(engine);
        string[] columns = [.. Columns];
        var places = ChoiceLines.Places(_path, columns);
        var made = InOurWords(() => columns.Select(column => Text(engine, source, column)).ToArray());
        var isChoice = InOurWords(() => IsChoice(engine, source));
        _all = Guarded(() => engine.Scalar<long>(
            "SELECT (SELECT count(*) FROM source) + (SELECT count(*) FROM broken)"));
        using var command = engine.Connection.CreateCommand();
        // In the order of the file, so that the choices' indices are in it too.
        command.CommandText = $"""
            SELECT aval_line, {Broken("aval_fault.\"column\"", "aval_fault.reason")} AS broken,
                ({isChoice}) AS is_choice, {string.Join(", ", made)} FROM source
            UNION ALL
            SELECT aval_line, {Broken("\"column\"", "reason")}, NULL, {string.Join(", ", made.Select(_ => "NULL"))}
            FROM broken ORDER BY aval_line
            """;
        command.UseStreamingMode = true;
        using var rows = Guarded(command.ExecuteReader);
        while (Guarded(rows.Read))
        {
            _read++;
            if (Line(rows, places) is { } line)
                yield return line;
        }
    }

    // Null: the row is no choice.
    private ChoiceLine? Line(DuckDBDataReader row, int[] places)
    {
        var number = row.GetInt64(0);
        if (!row.IsDBNull(1))
            return new ChoiceLine(number, null, row.GetString(1));
        if (row.IsDBNull(2))
        {
            return new ChoiceLine(
                number, null,
                $"whether it is a choice is not known: the mapping's \"{Rows}\" is neither true nor false of it");
        }

        if (!row.GetBoolean(2))
        {
            PassedOver++;
            return null;
        }

        var text = new ChoiceText();
        var said = places.Select((_, column) => row.IsDBNull(column + 3) ? "" : row.GetString(column + 3)).ToArray();
        var kind = said[Array.IndexOf(places, ChoiceLines.IndexOf("kind"))];
        foreach (var (place, value) in places.Zip(said))
        {
            var column = ChoiceText.Columns[place];
            // Left out of the mapping they have their defaults; a CASE without ELSE means none.
            if (value.Length == 0 && TakenFor.TryGetValue(column, out var takenFor) && !IsRightlyEmpty(column, kind))
            {
                return new ChoiceLine(
                    number, null,
                    $"the mapping's \"{column}\" is null of it, or empty, which would be taken for {takenFor}: say "
                        + $"what it is{(column == "until" ? $" ({Never}: it does not end)" : "")}, or that it is no "
                        + "choice (\"rows\")");
            }

            text.Set(place, value);
        }

        return new ChoiceLine(number, text);
    }

    // Only a consent and a mandate end, and whoever lifts a restriction is the controller.
    private static bool IsRightlyEmpty(string column, string kind) => column switch
    {
        "until" => kind != ChoiceKind.Consent.ToText() && kind != ChoiceKind.Mandate.ToText(),
        "actor" => kind == ChoiceKind.RestrictionLifted.ToText(),
        _ => false,
    };

    // What is wrong with a line, of which the rest can be read or not; null = nothing.
    private static string Broken(string column, string reason) =>
        $"""CASE {column} WHEN '' THEN '' ELSE 'column "' || {column} || '" ' END || 'should hold ' || {reason}""";

    // A mapping's expressions are somebody's SQL: from here on the engine reaches the file, and nothing else.
    private void LockDown(Engine engine) => engine.Execute($"""
        SET allowed_paths = {Engine.Literal(ParquetFiles.Spellings([_path]))};
        SET allowed_directories = {Engine.Literal(ParquetFiles.Spellings([_temporary + "/"]))};
        SET enable_external_access = false
        """);

    private string Text(Engine engine, TableSource source, string column)
    {
        var (sql, where) = _mapping.Expressions[column];
        var type = Mapping.TypeOf(engine, column, sql, source.Columns.Keys, where);
        return (type, Instants.Contains(column)) switch
        {
            ("VARCHAR" or "\"NULL\"", _) => $"({sql}\n)::VARCHAR",
            // What is finer would be cut without a word; put so, it is told with its line.
            ("TIMESTAMP WITH TIME ZONE", true) when Mapping.IsCut(sql, source.Columns) is { } cut =>
                $"CASE WHEN {cut} THEN 'something finer than a microsecond' ELSE strftime(({sql}\n"
                + ")::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%fZ') END",
            // UTC, so taking the zone off moves nothing.
            ("TIMESTAMP WITH TIME ZONE", true) => $"strftime(({sql}\n)::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%fZ')",
            (_, true) => throw AvalException.BadInput(
                $"{where}: \"{column}\" should be text with a zone, or a timestamp in UTC, but this makes {type}: "
                + $"{sql}. Nothing was imported. One without a zone names no instant; where the zone is known, say it: "
                + "AT TIME ZONE 'UTC'."),
            (_, false) => throw AvalException.BadInput(
                $"{where}: \"{column}\" should be text, but this makes {type}: {sql}. Nothing was imported. "
                + $"Convert it: ({sql})::VARCHAR."),
        };
    }

    private string IsChoice(Engine engine, TableSource source)
    {
        if (!_mapping.Expressions.TryGetValue(Rows, out var rows))
            return "true";
        var type = Mapping.TypeOf(engine, Rows, rows.Sql, source.Columns.Keys, rows.Where);
        return type == "BOOLEAN"
            ? $"{rows.Sql}\n"
            : throw AvalException.BadInput(
                $"{rows.Where}: \"{Rows}\" should be true or false of a row, but this makes {type}: {rows.Sql}. "
                + "Nothing was imported. Compare something, as in preference = 'opt_out'.");
    }

    // What tables and mappings say of themselves is said of an import; here it is a file of choices.
    private static T InOurWords<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (AvalException refused) when (refused.Exit == ExitCode.BadInput)
        {
            throw AvalException.BadInput(
                refused.Message.Replace("Nothing was imported.", NothingRecorded, StringComparison.Ordinal), refused);
        }
    }

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DuckDBException broken) when (!FileFailure.IsOfTheMachine(broken))
        {
            throw AvalException.BadInput(
                $"{_path}: expected rows that fit the mapping, but reading ended with: {broken.Message.Split('\n')[0]} "
                + $"{NothingRecorded} Fetch the file again, or correct the mapping, and run the import again.",
                broken);
        }
    }
}
