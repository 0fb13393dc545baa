using Aval.Content;
namespace Aval.Tests.ContentStore;

/// <summary>Canonical columns made from whatever a source has.</summary>
public sealed class MappingTests
{
    private const string Posts = "item_id: id\nservice: \"'facebook'\"\n"
        + "kind: CASE WHEN reply = 'yes' THEN 'reply' ELSE 'post' END\nauthor: \"'facebook:' || who\"\n"
        + "audience: lower(seen_by)\n";

    private static string With(string expression) => "item_id: id\nservice: \"'facebook'\"\nkind: \"'post'\"\n"
        + $"author: \"'facebook:ann'\"\ntext: {System.Text.Json.JsonSerializer.Serialize(expression)}\n";

    [Theory]
    [InlineData("posts.jsonl", "{\"id\": 7, \"who\": \"ann\", \"reply\": \"yes\", \"seen_by\": \"Public\"}")]
    [InlineData("posts.csv", "id,who,reply,seen_by\n7,ann,yes,Public\n")]
    [InlineData("posts.parquet", "SELECT 7 AS id, 'ann' AS who, 'yes' AS reply, 'Public' AS seen_by")]
    public void The_same_mapping_makes_the_same_item_of_every_format(string name, string content)
    {
        using var world = new ContentWorld();
        world.Import(name.EndsWith(".parquet", StringComparison.Ordinal)
            ? world.Parquet(name, content)
            : world.Write(name, content), mapping: Posts);

        Assert.Equal(
            ["facebook | 7 | reply | facebook:ann | public"],
            world.Query("SELECT service, item_id, kind, author, audience FROM items_now"));
    }

    [Fact]
    public void Zoneless_instants_and_lists_are_mapped()
    {
        using var world = new ContentWorld();
        var path = world.Parquet(
            "a.parquet", "SELECT '1' AS id, TIMESTAMP '2025-01-01 10:00:00' AS made, ['bob', 'cem'] AS tagged");
        var mapping = With("'words'")
            + "created_at: made AT TIME ZONE 'UTC'\npersons: \"list_transform(tagged, t -> {'account': 'facebook:' || "
            + "t, 'role': 'tagged'})\"\n";
        world.Import(path, mapping: mapping);
        world.Import(path, mapping: mapping, inPlace: true);

        Assert.Equal(["2025-01-01 10:00:00 | facebook:bob,facebook:cem"], world.Query(
            "SELECT created_at::VARCHAR, array_to_string(list_transform(persons, p -> p.account), ',') "
            + "FROM items_now"));
    }

    [Theory]
    [InlineData("id || ' from -- home; /* select */'")]
    [InlineData("trim(substring(id, 1, 3))")]
    [InlineData("regexp_replace(id, 'a', 'b')")]
    [InlineData("coalesce(TRY_CAST(id AS INTEGER), 1)")]
    [InlineData("NULL")]
    public void An_expression_over_a_row_is_taken(string expression)
    {
        using var world = new ContentWorld();

        Assert.Equal(1, world.Import(world.Lines("{\"id\": \"1\"}"), mapping: With(expression)).Record.Counts.New);
    }

    [Theory]
    [InlineData("(SELECT content FROM read_text('SECRET'))")]
    [InlineData("trim((SELECT content FROM read_text('SECRET')))")]
    [InlineData("(FROM read_text('SECRET') SELECT content)")]
    [InlineData("(TABLE text_lines)")]
    [InlineData("(VALUES (1))")]
    [InlineData("EXISTS (FROM text_lines)")]
    [InlineData("id IN (FROM text_lines SELECT json)")]
    [InlineData("ARRAY(FROM text_lines SELECT json)")]
    [InlineData("id; DROP TABLE text_lines")]
    [InlineData("id) FROM source; DROP TABLE text_lines; SELECT (1")]
    [InlineData("id) || (id")]
    [InlineData("id) FROM text_lines WHERE (true")]
    [InlineData("id, id")]
    [InlineData("(id")]
    [InlineData("id)")]
    [InlineData("*")]
    [InlineData("COLUMNS(*)")]
    [InlineData("max(id)")]
    [InlineData("count(*)")]
    [InlineData("row_number() OVER ()")]
    [InlineData("unnest([id, id])")]
    [InlineData("random()")]
    [InlineData("now()")]
    [InlineData("uuid()")]
    [InlineData("current_timestamp")]
    [InlineData("read_text('SECRET')")]
    [InlineData("absent")]
    [InlineData("$1")]
    [InlineData("id AS other")]
    [InlineData("Current_Date")]
    [InlineData("today()")]
    [InlineData("CAST(id AS INTEGER)")]
    public void An_expression_that_reads_more_than_its_row_or_does_not_fit_is_refused(string expression)
    {
        using var world = new ContentWorld();
        var secret = world.Write("secret.txt", "nobody may read this");
        var refused = world.Refused(() => world.Import(
            world.Lines("{\"id\": \"x\"}"),
            mapping: With(expression.Replace("SECRET", secret, StringComparison.Ordinal))));

        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.DoesNotContain("nobody may read this", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_that_an_expression_does_not_fit_is_no_torn_file()
    {
        using var world = new ContentWorld();
        var refused = world.Refused(
            () => world.Import(world.Lines("{\"id\": \"x\"}"), mapping: With("CAST(id AS INTEGER)")));

        Assert.DoesNotContain("Parquet", refused.Message, StringComparison.Ordinal);
        Assert.Contains("TRY_CAST", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("item_id: id\nitem_di: id\n", "line 2, column 1")]
    [InlineData("item_id: [id]\n", "line 1, column 1")]
    [InlineData("item_id: id\nitem_id: id\n", "item_id")]
    [InlineData("- item_id\n", "expected canonical columns")]
    [InlineData("item_id: \"unclosed\n", "cannot be read")]
    [InlineData("", "expected canonical columns")]
    [InlineData("item_id: id\nservice: upper(\n", "line 2, column 1")]
    public void A_mistake_in_a_mapping_is_told_with_its_place(string mapping, string told)
    {
        using var world = new ContentWorld();
        var refused = world.Refused(() => world.Import(world.Lines("{\"id\": \"1\"}"), mapping: mapping));

        Assert.Contains("mapping-", refused.Message, StringComparison.Ordinal);
        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_mapping_of_the_same_file_is_another_import()
    {
        using var world = new ContentWorld();
        var path = world.Lines("{\"id\": \"1\"}");
        world.Import(path, mapping: With("'a'"));

        Assert.True(world.Import(path, mapping: With("'a'")).Known);
        Assert.False(world.Import(path, mapping: With("'b'")).Known);
    }

    [Fact]
    public void A_mapping_may_leave_a_column_without_a_value()
    {
        using var world = new ContentWorld();
        world.Import(
            world.Lines("{\"id\": \"1\"}"), ContentKind.Items,
            mapping: With("'a'") + "created_at: NULL::TIMESTAMPTZ\n");

        Assert.Equal(["null"], world.Query("SELECT created_at FROM items_now"));
    }
}
