using System.Text.Json;
using Aval.Storage;

namespace Aval.Content.Tables;

/// <summary>
/// Holds a mapping's expression to being one: a value made of one row's columns, the same whenever it is asked. The
/// engine's own parser says what it is made of, so that a query hidden in a function's argument is seen, and the word
/// "from" in a text is no query.
/// </summary>
internal static class MappingExpression
{
    /// <summary>
    /// The kinds of nodes, as the engine's parser names them. No star, subquery, window, parameter or default is among
    /// them.
    /// </summary>
    private static readonly HashSet<string> Allowed = new(StringComparer.Ordinal)
    {
        "BETWEEN", "CASE", "CAST", "COLLATE", "COLUMN_REF", "COMPARISON", "CONJUNCTION", "CONSTANT", "FUNCTION",
        "LAMBDA", "LAMBDA_REF", "OPERATOR",
    };

    /// <summary>SQL knows these without parentheses; they parse as columns.</summary>
    private static readonly HashSet<string> Clocks = new(StringComparer.OrdinalIgnoreCase)
    {
        "current_catalog", "current_date", "current_role", "current_schema", "current_time", "current_timestamp",
        "current_user", "localtime", "localtimestamp", "session_user", "user",
    };

    private static readonly string[] Clauses = ["where_clause", "having", "qualify", "sample"];

    /// <summary>What is wrong with an expression, for people; null = nothing.</summary>
    /// <param name="engine">Whose parser and functions.</param>
    /// <param name="sql">The expression.</param>
    /// <param name="columns">The source's columns.</param>
    public static string? Fault(Engine engine, string sql, IEnumerable<string> columns)
    {
        if (sql.Contains('\0', StringComparison.Ordinal))
            return "it holds a NUL character";
        // Bare first: "a) || (b" is balanced only by the parentheses that it will stand in.
        using var bare = Parse(engine, $"SELECT {sql}\n FROM source");
        using var parsed = Parse(engine, $"SELECT ({sql}\n) FROM source");
        var root = parsed.RootElement;
        if (new[] { bare, parsed }
            .FirstOrDefault(parse => parse.RootElement.GetProperty("error").GetBoolean()) is { } broken)
            return broken.RootElement.GetProperty("error_message").GetString();
        var statements = root.GetProperty("statements");
        if (statements.GetArrayLength() != 1 || !IsOneValueOfTheSource(statements[0].GetProperty("node")))
            return "it is more than one expression";
        var expression = statements[0].GetProperty("node").GetProperty("select_list")[0];
        var nodes = Nodes(expression).ToArray();
        if (nodes.Select(node => node.GetProperty("class").GetString()!)
            .FirstOrDefault(@class => !Allowed.Contains(@class)) is { } foreign)
            return $"it has a {foreign.ToLowerInvariant()} in it, but is made of one row's columns only";
        if (ColumnsOf(nodes)
            .Except(columns, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(Clocks.Contains) is { } clock)
            return $"{clock} is another each time it is asked";
        return nodes.Where(node => node.GetProperty("class").ValueEquals("FUNCTION"))
            .Select(node => node.GetProperty("function_name").GetString()!)
            .FirstOrDefault(name => !PureFunctions.Names.Contains(name)) is { } other
            ? $"{Shown.Of(other)}() is none of the functions that make a value of one row's columns alone, the same "
                + $"whenever it is asked{PureFunctions.Nearest(engine, other, PureFunctions.Names)}; "
                + "docs/formats/table.md lists them"
            : null;
    }

    private static IEnumerable<string> ColumnsOf(IEnumerable<JsonElement> nodes) => nodes
        .Where(node => node.GetProperty("class").ValueEquals("COLUMN_REF"))
        .SelectMany(node => node.GetProperty("column_names").EnumerateArray().Take(1))
        .Select(name => name.GetString()!);

    // As text between quotes of ours: only the parser reads it here, and nothing runs.
    private static JsonDocument Parse(Engine engine, string query) =>
        JsonDocument.Parse(engine.Scalar<string>($"SELECT json_serialize_sql({Engine.Literal(query)})::VARCHAR"));

    private static bool IsOneValueOfTheSource(JsonElement node) =>
        node.GetProperty("type").ValueEquals("SELECT_NODE")
        && node.GetProperty("modifiers").GetArrayLength() == 0
        && node.GetProperty("cte_map").GetProperty("map").GetArrayLength() == 0
        && node.GetProperty("select_list").GetArrayLength() == 1
        && node.GetProperty("from_table") is var from && from.GetProperty("type").ValueEquals("BASE_TABLE")
        && from.GetProperty("table_name").ValueEquals("source")
        && Clauses.All(clause => node.GetProperty(clause).ValueKind == JsonValueKind.Null)
        && node.GetProperty("group_expressions").GetArrayLength() == 0;

    private static IEnumerable<JsonElement> Nodes(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => (element.TryGetProperty("class", out var @class)
            && @class.ValueKind == JsonValueKind.String ? [element] : Enumerable.Empty<JsonElement>())
            .Concat(element.EnumerateObject().SelectMany(member => Nodes(member.Value))),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Nodes),
        _ => [],
    };
}
