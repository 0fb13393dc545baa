using System.Text.RegularExpressions;
using Aval.Content.Tables;
using Aval.Storage;

namespace Aval.Tests.ContentStore;

/// <summary>
/// A mapping's functions are a closed list of pure ones: every function that the engine knows is looked at.
/// </summary>
public sealed partial class PureFunctionTests : IDisposable
{
    // What a macro may call beside allowed functions, since it passes a name that is written in it.
    private static readonly string[] PureAggregates =
        ["string_agg", "any_value", "bool_and", "bool_or", "count", "first", "last", "max", "min", "sum"];

    private readonly TemporaryFolder _folder = new();
    private readonly Engine _engine;

    public PureFunctionTests() =>
        _engine = Engine.Open(_folder.Path, new EngineLimits(1, 500_000_000), EngineWorld.Key);

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Every_function_of_the_engine_is_pure_and_taken_or_else_refused()
    {
        var functions = Functions();
        Assert.True(functions.Count > 500, $"{functions.Count} functions: the engine's are more.");
        var (taken, refused) = (0, 0);
        foreach (var (name, forms) in functions)
        {
            var fault = MappingExpression.Fault(_engine, $"\"{name}\"(id, id)", ["id"]);
            if (fault is null)
            {
                Assert.All(forms, form => Assert.Null(Impure(name, form)));
                taken++;
            }
            else
            {
                Assert.Contains(name, fault, StringComparison.OrdinalIgnoreCase);
                refused++;
            }
        }

        Assert.True(taken > 300 && refused > 200, $"{taken} taken, {refused} refused");
        Assert.Empty(PureFunctions.Names.Except(functions.Keys, StringComparer.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("ago(INTERVAL 1 DAY)", "ago()")]
    [InlineData("pg_postmaster_start_time()", "pg_postmaster_start_time()")]
    [InlineData("pg_conf_load_time()", "pg_conf_load_time()")]
    [InlineData("age(made)", "age()")]
    [InlineData("user()", "user()")]
    [InlineData("user", "user")]
    [InlineData("main.now()", "now()")]
    [InlineData("system.main.random()", "random()")]
    [InlineData("current_localtimestamp()", "current_localtimestamp()")]
    [InlineData("list_transform([id], x -> ago(INTERVAL 1 DAY))", "ago()")]
    [InlineData("CASE WHEN id = '1' THEN getvariable('x') END", "getvariable()")]
    [InlineData("list_aggregate([id], 'reservoir_quantile')", "list_aggregate()")]
    [InlineData("current_date -> '$.a'", "current_date")]
    [InlineData("account_token(id)", "account_token()")]
    [InlineData("uper(id)", "did you mean upper?")]
    public void What_reaches_beyond_the_row_is_refused_by_its_name(string expression, string told) =>
        Assert.Contains(told, MappingExpression.Fault(_engine, expression, ["id", "made"])!, StringComparison.Ordinal);

    [Theory]
    [InlineData("list_transform(tagged, t -> {'account': 'facebook:' || t, 'role': 'tagged'})")]
    [InlineData("made AT TIME ZONE 'UTC'")]
    [InlineData("to_timestamp(TRY_CAST(id AS BIGINT))")]
    [InlineData("EXTRACT(year FROM made)::VARCHAR || '-' || upper(id)")]
    [InlineData("coalesce(nullif(trim(id), ''), id[1:2], CASE WHEN id LIKE 'a%' THEN 'b' END)")]
    [InlineData("made + INTERVAL 1 DAY")]
    [InlineData("id ->> '$.a'")]
    [InlineData("id -> '$.a'")]
    [InlineData("array_to_string(list_transform(tagged, (x, i) -> x || i), ',')")]
    [InlineData("TRY_STRPTIME(id, '%d.%m.%Y')")]
    public void What_a_row_gives_is_taken(string expression) =>
        Assert.Null(MappingExpression.Fault(_engine, expression, ["id", "made", "tagged"]));

    private SortedDictionary<string, List<(string Type, string? Stability, string? Macro)>> Functions()
    {
        var functions = new SortedDictionary<string, List<(string, string?, string?)>>(StringComparer.Ordinal);
        foreach (var (name, type, stability, macro) in _engine.Query(
            "SELECT DISTINCT lower(function_name), function_type, stability, macro_definition FROM duckdb_functions()",
            row => (row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2),
                row.IsDBNull(3) ? null : row.GetString(3))))
        {
            if (!functions.TryGetValue(name, out var forms))
                functions.Add(name, forms = []);
            forms.Add((type, stability, macro));
        }

        return functions;
    }

    // Judged apart from the list: by what the engine says of it, by what a macro is made of, and by what its name
    // tells.
    private string? Impure(string name, (string Type, string? Stability, string? Macro) form) => form switch
    {
        _ when OfTheProcess().IsMatch(name) => $"{name} tells of clock, chance, session or process",
        { Type: "scalar", Stability: "CONSISTENT" } => null,
        { Type: "scalar" } => $"{name} is {form.Stability}",
        { Type: "macro", Macro: { } macro } => ImpureMacro(name, macro),
        { Type: "table" } => null, // Nothing but a function of one row can stand where it would be called.
        _ => $"{name} is of type {form.Type}",
    };

    private string? ImpureMacro(string name, string macro)
    {
        var parsed = _engine.Scalar<string>(
            "SELECT json_serialize_sql($sql::VARCHAR)::VARCHAR", ("sql", $"SELECT {macro}"));
        Assert.Contains("\"error\":false", parsed.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        var called = FunctionName().Matches(parsed).Select(match => match.Groups[1].Value).Distinct().ToArray();
        Assert.DoesNotContain("current_", macro, StringComparison.Ordinal);
        var aggregated = Aggregated().Match(macro) is { Success: true } match ? match.Groups[1].Value : null;
        var foreign = called.Where(function => !PureFunctions.Names.Contains(function)
            && !(function == "list_aggr" && PureAggregates.Contains(aggregated))).ToArray();
        return foreign.Length == 0 ? null : $"{name} calls {string.Join(", ", foreign)}";
    }

    [GeneratedRegex(
        "^(current_.*|get_current.*|pg_.*|has_.*|inet_.*|txid.*|.*transaction.*|now|today|ago|age|user|session_user|version|random|.*uuid(v\\d)?|setseed|nextval|currval|getenv|getvariable|sleep.*|write_log|stats|in_search_path|query.*|sniff.*|read_.*|glob|.*_token|row_key|bucket_of|fingerprint|hash|error)$",
        RegexOptions.CultureInvariant)]
    private static partial Regex OfTheProcess();

    [GeneratedRegex("\"function_name\":\\s*\"([^\"]+)\"", RegexOptions.CultureInvariant)]
    private static partial Regex FunctionName();

    [GeneratedRegex("list_aggr\\(.*, '([a-z_]+)'", RegexOptions.CultureInvariant)]
    private static partial Regex Aggregated();
}
