using System.Text.RegularExpressions;
using Aval.Storage;
using DuckDB.NET.Data;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Aval.Content.Tables;

/// <summary>How canonical columns are made from a source's: each an SQL expression over the source's columns.</summary>
/// <param name="File">The mapping file, for messages; null = the source has canonical columns itself.</param>
/// <param name="Expressions">Canonical column → expression.</param>
internal sealed record Mapping(string? File, IReadOnlyDictionary<string, (string Sql, string Where)> Expressions)
{
    /// <summary>Reads a mapping file.</summary>
    /// <exception cref="AvalException">Bad input, with line and column.</exception>
    public static Mapping Read(string path, ContentKind kind) =>
        Read(
            path, [.. CanonicalColumns.Of(kind).Select(column => column.Name)], $"canonical column of {kind.ToText()}");

    /// <summary>Reads a mapping file of other columns than those of content.</summary>
    /// <param name="path">The file.</param>
    /// <param name="known">The columns that it may make.</param>
    /// <param name="what">What one of them is called.</param>
    /// <exception cref="AvalException">Bad input, with line and column.</exception>
    public static Mapping Read(string path, IReadOnlyCollection<string> known, string what)
    {
        var expressions = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        try
        {
            var yaml = ShallowYaml.Load(path);
            if (yaml.Documents is not [{ RootNode: YamlMappingNode map }])
                throw AvalException.BadInput($"{path}: expected canonical columns with an SQL expression each, "
                    + "as in \"item_id: post_id\". Nothing was imported.");
            foreach (var (key, value) in map.Children)
            {
                var where = $"{path}, line {key.Start.Line}, column {key.Start.Column}";
                if (key is not YamlScalarNode { Value: { } name } || !known.Contains(name))
                    throw AvalException.BadInput($"{where}: \"{key}\" is no {what}; "
                        + $"those are {string.Join(", ", known)}. Nothing was imported.");
                if (value is not YamlScalarNode { Value: { Length: > 0 } sql })
                    throw AvalException.BadInput(
                        $"{where}: \"{name}\" should hold an SQL expression. Nothing was imported.");
                expressions.Add(name, (sql, where));
            }
        }
        catch (Exception broken) when (broken is YamlException or IOException or UnauthorizedAccessException)
        {
            throw AvalException.BadInput(
                $"{path}: the mapping cannot be read: {broken.Message.ReplaceLineEndings(" ")} Nothing was imported.",
                broken);
        }

        return new Mapping(path, expressions);
    }

    /// <summary>
    /// Whether an expression may read a column: its name stands in one, in whatever case. A word in a text counts too,
    /// which errs on the side of looking.
    /// </summary>
    public bool Names(string column) => Expressions.Values.Any(expression => Names(expression.Sql, column));

    private static bool Names(string sql, string column) => Regex.IsMatch(
        sql, $@"(?<!\w){Regex.Escape(column)}(?!\w)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>The mapping that a record keeps.</summary>
    public static Mapping Of(IReadOnlyDictionary<string, string> expressions) =>
        new("the import's mapping", expressions.ToDictionary(
            entry => entry.Key, entry => (entry.Value, $"the mapping of \"{entry.Key}\""), StringComparer.Ordinal));

    /// <summary>The same columns by their own names.</summary>
    public static Mapping Canonical(ContentKind kind, IReadOnlyDictionary<string, string> columns) => new(
        null, CanonicalColumns.Of(kind).Where(column => columns.ContainsKey(column.Name)).ToDictionary(
            column => column.Name, column => (Engine.Identifier(column.Name), column.Name), StringComparer.Ordinal));

    /// <summary>
    /// The readings of all canonical columns. Each expression is tried on its own first, so that a mistake is told with
    /// its place; it must be one scalar expression over the source (<see cref="MappingExpression"/>), and cannot reach
    /// anything else.
    /// </summary>
    public IReadOnlyList<ColumnReading> Readings(
        Engine engine, ContentKind kind, IReadOnlyDictionary<string, string> columns, Stated stated, string where)
    {
        var readings = new List<ColumnReading>();
        foreach (var column in CanonicalColumns.Of(kind))
        {
            if (!Expressions.TryGetValue(column.Name, out var expression))
            {
                // An account's service follows from its name.
                if (column is { Name: "service" } && kind == ContentKind.Accounts)
                {
                    readings.Add(new ColumnReading(column, "NULL::VARCHAR", "''", "false", ""));
                    continue;
                }

                if (column.Required)
                    throw AvalException.BadInput($"{where}: there is no column \"{column.Name}\", "
                        + $"which {kind.ToText()} need; there are {string.Join(", ", columns.Keys.Take(20))}. "
                        + "Nothing was imported. Name the columns so, or say how to make them with --mapping.");
                readings.Add(ColumnReadings.Of(column, null, column.Type, stated, where));
                continue;
            }

            var type = File is null
                ? columns[column.Name]
                : TypeOf(engine, column.Name, expression.Sql, columns.Keys, expression.Where);
            var reading = ColumnReadings.Of(
                column, File is null ? expression.Sql : $"({expression.Sql}\n)", type, stated,
                File is null ? where : expression.Where);
            readings.Add(column.Form is ColumnForm.Instant ? Uncut(reading, expression.Sql, columns) : reading);
        }

        return readings;
    }

    // What an expression makes of nanoseconds is cut to microseconds by the engine, without a word.
    private static ColumnReading Uncut(ColumnReading reading, string sql, IReadOnlyDictionary<string, string> columns)
    {
        if (IsCut(sql, columns) is not { } cut)
            return reading;
        var expected = $"{reading.Expected}, and nothing finer than a microsecond, which would be cut";
        return reading with
        {
            Wrong = $"({reading.Wrong} OR {cut})",
            Expected = expected,
            ExpectedSql = Engine.Literal(expected),
        };
    }

    /// <summary>
    /// SQL that is true where an expression over columns of nanoseconds would lose some; null = there are no such
    /// columns in it.
    /// </summary>
    internal static string? IsCut(string sql, IReadOnlyDictionary<string, string> columns)
    {
        var finer = columns.Where(column => column.Value is "TIMESTAMP_NS" && Names(sql, column.Key))
            .Select(column => $"coalesce(epoch_ns({Engine.Identifier(column.Key)}) % 1000 <> 0, false)").ToArray();
        return finer.Length == 0 ? null : $"({string.Join(" OR ", finer)})";
    }

    /// <summary>The type of one expression's values, once it is known to be one expression over one row.</summary>
    internal static string TypeOf(Engine engine, string column, string sql, IEnumerable<string> columns, string where)
    {
        try
        {
            if (MappingExpression.Fault(engine, sql, columns) is { } fault)
                throw AvalException.BadInput(
                    $"{where}: the expression for \"{column}\" should be one SQL expression over the source's columns, "
                    + $"but {fault}: {sql}. Nothing was imported. Correct it and run the import again.");
            var types = engine.Query(
                $"SELECT column_type FROM (DESCRIBE SELECT ({sql}\n) FROM source)", row => row.GetString(0));
            return types is [var type]
                ? type
                : throw AvalException.BadInput($"{where}: expected one SQL expression over the source's columns, "
                    + $"but it makes {types.Count} columns: {sql}. Nothing was imported.");
        }
        catch (DuckDBException refused)
        {
            throw AvalException.BadInput($"{where}: the expression for \"{column}\" does not fit the source: "
                + $"{refused.Message.Split('\n')[0]} Nothing was imported.", refused);
        }
    }
}
