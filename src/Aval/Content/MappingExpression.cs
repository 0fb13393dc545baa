using System.Text.Json;
using Aval.Storage;

namespace Aval.Content;

/// <summary>
/// Whether a text is one expression over a row, judged on the engine's own parse of it: a word list would refuse
/// <c>'from home'</c> and let a query in parentheses through.
/// </summary>
internal static class MappingExpression
{
    // What else a SELECT can have. Without these, and with nothing to select from, it is only its expression.
    private static readonly string[] Clauses = ["where_clause", "having", "sample", "qualify"];
    private static readonly HashSet<string> Clocks = new(["current_date", "current_time", "current_timestamp", "localtime", "localtimestamp"], StringComparer.OrdinalIgnoreCase);
    private static readonly string[] Lists = ["modifiers", "group_expressions", "group_sets"];

    /// <summary>Whether <paramref name="sql"/> is one scalar expression that depends on nothing but its row.</summary>
    public static bool IsOne(Engine engine, string sql) =>
        // Bare as well as in parentheses, as it will stand: "a) + (b" is balanced in one of them only. A comment at
        // the end swallows the parenthesis.
        Parse(engine, $"SELECT {sql}") && Parse(engine, $"SELECT ({sql})");

    private static bool Parse(Engine engine, string query)
    {
        using var parsed = JsonDocument.Parse(engine.Scalar<string>($"SELECT json_serialize_sql({Engine.Literal(query)})::VARCHAR"), new JsonDocumentOptions { MaxDepth = 1000 });
        return parsed.RootElement.GetProperty("error").ValueKind is JsonValueKind.False
            && parsed.RootElement.GetProperty("statements") is var statements && statements.GetArrayLength() == 1
            && statements[0].GetProperty("node") is var select && select.GetProperty("type").GetString() == "SELECT_NODE"
            && select.GetProperty("from_table").GetProperty("type").GetString() == "EMPTY"
            && Clauses.All(clause => !select.TryGetProperty(clause, out var value) || value.ValueKind is JsonValueKind.Null)
            && Lists.All(list => !select.TryGetProperty(list, out var value) || value.GetArrayLength() == 0)
            && select.GetProperty("select_list") is var columns && columns.GetArrayLength() == 1
            && !Any(columns[0], node => Reaches(engine, node));
    }

    private static bool Reaches(Engine engine, JsonElement node) => Text(node, "class") switch
    {
        "SUBQUERY" or "WINDOW" or "STAR" or "PARAMETER" or "DEFAULT" => true,
        // Names that the parser takes for columns, and the engine for the clock.
        "COLUMN_REF" => node.GetProperty("column_names") is var names && names.GetArrayLength() == 1 && Clocks.Contains(names[0].GetString()!),
        // now() and random() would make another item of the same row; an aggregate is of many rows.
        "FUNCTION" => Text(node, "function_name") is { } name && engine.Scalar<bool>(
            "SELECT count(*) > 0 FROM duckdb_functions() WHERE function_name = lower($name) AND (function_type NOT IN ('scalar', 'macro') OR stability IN ('VOLATILE', 'CONSISTENT_WITHIN_QUERY'))", ("name", name)),
        _ => false,
    };

    private static string? Text(JsonElement node, string name) =>
        node.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static bool Any(JsonElement node, Func<JsonElement, bool> found) => node.ValueKind switch
    {
        JsonValueKind.Object => found(node) || node.EnumerateObject().Any(member => Any(member.Value, found)),
        JsonValueKind.Array => node.EnumerateArray().Any(element => Any(element, found)),
        _ => false,
    };
}
