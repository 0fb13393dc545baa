using Aval.Answers;
using Aval.Storage;
using Aval.Tests.ContentStore;

namespace Aval.Tests.Releases;

/// <summary><c>aval query</c> reads its relations, by functions of a closed list.</summary>
public sealed class QueryFunctionTests : IDisposable
{
    private static readonly EngineLimits Small = new(1, 1_000_000_000);
    private static readonly string[] MakeRows = ["generate_series", "range", "repeat", "unnest"];
    private readonly ContentWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("SELECT * FROM enable_logging()", "enable_logging()")]
    [InlineData("SELECT * FROM (SELECT * FROM enable_logging('QueryLog'))", "enable_logging()")]
    [InlineData("SELECT 1 WHERE EXISTS (FROM truncate_duckdb_logs())", "truncate_duckdb_logs()")]
    [InlineData("WITH x AS (FROM duckdb_settings()) SELECT count(*) FROM x", "duckdb_settings()")]
    [InlineData("SELECT * FROM pragma_database_size()", "pragma_database_size()")]
    [InlineData("SELECT * FROM read_parquet('x')", "read_parquet()")]
    [InlineData("SELECT * FROM glob('/*')", "glob()")]
    [InlineData("SELECT * FROM sniff_csv('x')", "sniff_csv()")]
    [InlineData("SELECT * FROM query('FROM duckdb_settings()')", "query()")]
    [InlineData("SELECT * FROM query_table('items')", "query_table()")]
    [InlineData("SELECT (SELECT list(x) FROM json_execute_serialized_sql('{}') t(x))", "json_execute_serialized_sql()")]
    [InlineData("SELECT list_transform([1], x -> current_setting('secret_directory'))", "current_setting()")]
    [InlineData("SELECT sum(x) FILTER (getvariable('a')) FROM range(3) t(x)", "getvariable()")]
    [InlineData("SELECT account_token(account) FROM accounts", "account_token()")]
    [InlineData("SELECT * FROM '/etc/passwd.csv'", "none of its relations")]
    [InlineData("FROM statements", "none of its relations")]
    [InlineData("FROM duckdb_tables", "none of its relations")]
    [InlineData("FROM information_schema.tables", "none of its relations")]
    [InlineData("SELECT 1; SELECT 2", "not one statement")]
    [InlineData("PRAGMA database_list", "SELECT")]
    [InlineData("SET threads = 1", "SELECT")]
    [InlineData("ATTACH 'x'", "SELECT")]
    [InlineData("CALL enable_logging()", "SELECT")]
    public void What_is_not_on_the_list_is_refused_by_its_name(string sql, string told)
    {
        var refused = Assert.Throws<AvalException>(() => Answer(sql));

        Assert.Equal(ExitCode.Usage, refused.Exit);
        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT count(*) FROM items", "0")]
    [InlineData(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT sum(i) FROM n", "6")]
    [InlineData("WITH one AS (SELECT x, row_number() OVER (ORDER BY x DESC) AS place FROM range(3) t(x)) "
        + "SELECT string_agg(x || ':' || place, ',' ORDER BY x) FROM one", "0:3,1:2,2:1")]
    [InlineData("SELECT max(a.x) FROM unnest([1, 2]) a(x) LEFT JOIN accounts ON account = 'facebook:' || x", "2")]
    [InlineData("SELECT extract(year FROM as_of())", "2026")]
    public void What_is_on_it_answers(string sql, string answer) => Assert.Equal([answer], Answer(sql));

    [Fact]
    public void No_function_that_makes_rows_of_something_else_than_its_arguments_is_on_the_list()
    {
        using var engine = Engine.Open(_world.Workspace.Temporary, Small);
        var tables = engine.Query(
            "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type IN ('table', 'table_macro', "
                + "'pragma') ORDER BY 1",
            row => row.GetString(0));
        Assert.True(tables.Count > 100, $"{tables.Count}");
        Assert.Equal(MakeRows, tables.Where(name => OpenQuery.Fault(engine, $"FROM \"{name}\"(1)") is null));
    }

    private List<string?> Answer(string sql)
    {
        using var query = OpenQuery.Prepare(_world.Workspace, sql, null, ContentWorld.Today, Small);
        return [.. query.Rows(sql).Skip(1).Select(row => row[0])];
    }
}
