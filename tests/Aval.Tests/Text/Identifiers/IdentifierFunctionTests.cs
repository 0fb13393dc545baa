using Aval.Storage;
using Aval.Text.Identifiers;

namespace Aval.Tests.Identifiers;

public sealed class IdentifierFunctionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_engine_masks_a_column_and_counts_kinds_set_wise()
    {
        using var engine = Engine.Open(_folder.Path, new EngineLimits(2, 500_000_000));
        IdentifierFunctions.Provide(engine);
        engine.Execute("""
            CREATE TABLE posts AS SELECT i, CASE i % 3
                WHEN 0 THEN 'write to kim@example.org or lee@example.org'
                WHEN 1 THEN 'ruf an: 0151 23456789 😀'
                ELSE 'nothing here' END AS text
            FROM range(6000) AS numbers(i);
            CREATE TABLE masked AS SELECT i, mask_identifiers(text, 'DE', 'email,phone') AS answer FROM posts;
            """);
        Assert.Equal(
            ["write to <EMAIL> or <EMAIL>", "ruf an: <PHONE> 😀", "nothing here"],
            engine.Query("SELECT answer[1] FROM masked WHERE i < 3 ORDER BY i", row => row.GetString(0)));
        Assert.Equal(
            [("email", 4000L), ("phone", 2000L)],
            engine.Query(
                "SELECT kind, count(*) FROM (SELECT unnest(answer[2:]) AS kind FROM masked) GROUP BY kind ORDER BY 1",
                row => (row.GetString(0), row.GetInt64(1))));
        Assert.Equal(
            0, engine.Scalar<long>(
                "SELECT count(*) FROM posts JOIN masked USING (i) "
                + "WHERE masked_text(text, 'DE', 'email,phone') IS DISTINCT FROM answer[1]"));
        Assert.Equal(
            "ruf an: 0151 23456789", engine.Scalar<string>(
                "SELECT mask_identifiers('ruf an: 0151 23456789', '', 'email')[1]"));
    }

    [Fact]
    public void A_column_is_masked_where_it_lies_as_each_text_is_by_itself()
    {
        using var engine = Engine.Open(_folder.Path, new EngineLimits(2, 500_000_000));
        IdentifierFunctions.Provide(engine);
        engine.Execute("""
            CREATE TABLE posts AS SELECT i, CASE i % 7
                WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN 'x@y.org' WHEN 3 THEN 'αβγ 😀 🙂'
                WHEN 4 THEN repeat('nothing 😀 ', i % 700) WHEN 5 THEN repeat('0494 92 82 32, ', i % 99)
                ELSE 'Tel. 0151 23456789 ' || repeat('ł', i % 300) END AS text,
                CASE i % 3 WHEN 0 THEN 'DE' WHEN 1 THEN '' WHEN 2 THEN 'BE' END AS country,
                CASE WHEN i % 2 = 0 THEN 'all' ELSE 'email' END AS kinds
            FROM range(9000) AS numbers(i)
            """);
        Assert.Equal(
            (1286L, 0L), engine.Query(
                """
                SELECT count(*) FILTER (masked_text(text, country, kinds) IS NULL), count(*) FILTER (
                    masked_text(text, country, kinds) IS DISTINCT FROM mask_identifiers(text, country, kinds)[1])
                FROM posts
                """,
                row => (row.GetInt64(0), row.GetInt64(1))).Single());
    }
}
