using Aval.Content;
using Aval.Content.Tables;
using Aval.Founding;
using Aval.Storage;

namespace Aval.Tests.ContentStore;

/// <summary>
/// Lines, keys, instants and expressions that somebody wrote to break an import, or that another program wrote without
/// thinking of us.
/// </summary>
public sealed class HostileTableTests : IDisposable
{
    private const string Good =
        """{"item_id":"1","service":"facebook","kind":"post","author":"facebook:ann","audience":"public","text":"hello"}""";
    private static readonly EngineLimits Small = new(2, 1_000_000_000);
    private readonly TemporaryFolder _folder = new();
    private readonly Workspace _workspace;
    private int _files;

    public HostileTableTests() => _workspace = NewWorkspace.Create(_folder.File("workspace"), Settings.Default);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"item_id":"2","service":"facebook","kind":"post","author":"facebook:ann","text":"half \ud800"}""")]
    [InlineData("""{"item_id":"2","service":"facebook","kind":"post","author":"facebook:ann","half \udc00":"x"}""")]
    [InlineData(
        """{"item_id":"2","service":"facebook","kind":"post","author":"facebook:ann","deep":[{"x":"half \ud83d"}]}""")]
    public void Half_a_surrogate_pair_costs_its_line_and_no_other(string line)
    {
        var outcome = Import(Lines(Good, line));

        Assert.Equal(["1 | hello"], Texts());
        Assert.Equal(2, Assert.Single(outcome.Rejects).Line);
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("$.text")]
    [InlineData("a/b~c")]
    [InlineData("a\\\"b'c")]
    [InlineData("[0]")]
    [InlineData("nul \\u0000")]
    [InlineData("aval_file")]
    [InlineData("AVAL_LINE")]
    [InlineData("rowid")]
    public void A_key_of_any_spelling_is_no_reason_to_stop(string key)
    {
        var path = Lines(
            Good,
            $$"""{"item_id":"2","service":"facebook","kind":"post","author":"facebook:ann","text":"two","{{key}}":"x"}""");

        Assert.Empty(Import(path).Rejects);
        Assert.Equal(["1 | hello", "2 | two"], Texts());
    }

    [Fact]
    public void Keys_that_nobody_reads_may_differ_in_case()
    {
        var outcome = Import(Lines(
            Good,
            """{"item_id":"2","service":"facebook","kind":"post","author":"facebook:ann","text":"two","Shade":"not this","shade":"nor this"}"""));

        Assert.Equal(["1 | hello", "2 | two"], Texts());
        Assert.Equal(["Shade", "shade"], outcome.Ignored);
    }

    [Fact]
    public void A_mapping_cannot_choose_between_columns_that_differ_in_case()
    {
        var refused = Assert.Throws<AvalException>(() => Import(Csv("id,ID\n1,2\n"), Mapping("id")));

        Assert.Contains("\"ID\" and \"id\"", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("9999-12-31T23:59:59-14:00")]
    [InlineData("2025-05-27T24:00:00Z")]
    [InlineData("2025-05-27T00:00:60Z")]
    [InlineData("2025-05-27T00:00:00+99:59")]
    [InlineData("2025-05-27T00:00:00+14:01")]
    [InlineData("infinity")]
    public void An_instant_that_no_calendar_has_is_rejected_and_never_moved(string instant)
    {
        Assert.False(Instant.TryParse(instant, out _));
        foreach (var column in new[] { "created_at", "public_since", "observed_at" })
        {
            var outcome = Import(
                Lines(Good.Replace("\"text\"", $"\"{column}\":\"{instant}\",\"text\"", StringComparison.Ordinal)));
            Assert.Equal(column, Assert.Single(outcome.Rejects).Column);
        }

        Assert.Empty(Texts());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_timestamp_that_Parquet_can_hold_and_no_calendar_has_is_rejected(bool inPlace)
    {
        var path = Parquet("""
            SELECT id AS item_id, 'facebook' AS service, 'post' AS kind, 'facebook:ann' AS author, 'public' AS audience,
                id AS text, written AS created_at, seen AS observed_at
            FROM (VALUES
                ('good', TIMESTAMPTZ '2024-01-01 00:00:00Z', TIMESTAMPTZ '2025-01-01 00:00:00Z'),
                ('far', TIMESTAMPTZ '20000-01-01 00:00:00Z', NULL),
                ('never', TIMESTAMPTZ 'infinity', NULL),
                ('before', TIMESTAMPTZ '2024-01-01 00:00:00Z', TIMESTAMPTZ '0001-01-01 (BC) 00:00:00Z')) AS v(id,
                written, seen)
            """);

        var outcome = Import(path, inPlace: inPlace);

        Assert.Equal(
            [("created_at", 2L), ("created_at", 3L), ("observed_at", 4L)],
            outcome.Rejects.Select(reject => (reject.Column, reject.Line)));
        Assert.Equal(["good | good"], Texts());
    }

    [Fact]
    public void Nobody_is_mentioned_by_an_id_longer_than_an_account_can_have()
    {
        var outcome = Import(Lines(Good, Good.Replace("\"1\"", "\"2\"", StringComparison.Ordinal)
            .Replace(
                "\"text\"",
                $"\"persons\":[{{\"account\":\"facebook:{new string('x', 257)}\",\"role\":\"tagged\"}}],\"text\"",
                StringComparison.Ordinal)));

        Assert.Equal("persons", Assert.Single(outcome.Rejects).Column);
    }

    [Theory]
    [InlineData("trim((SELECT max(text) FROM text_lines))")]
    [InlineData("trim((SELECT content FROM read_text('/etc/hostname')))")]
    [InlineData("EXISTS (FROM source)")]
    [InlineData("1) AS a, (2")]
    [InlineData("id) FROM text_lines --")]
    [InlineData("id) FROM source WHERE (true")]
    [InlineData("id); DROP VIEW source; SELECT (1")]
    [InlineData("id /* never closed")]
    [InlineData("(id")]
    [InlineData("*")]
    [InlineData("COLUMNS(*)")]
    [InlineData("unnest([id, id])")]
    [InlineData("max(id)")]
    [InlineData("row_number() OVER ()")]
    [InlineData("$1")]
    [InlineData("random()::VARCHAR")]
    [InlineData("now()::VARCHAR")]
    [InlineData("uuid()::VARCHAR")]
    [InlineData("current_date")]
    [InlineData("CASE WHEN true THEN current_timestamp::VARCHAR END")]
    [InlineData("current_setting('threads')")]
    [InlineData("getvariable('x')")]
    [InlineData("no_such_column")]
    [InlineData("no_such_function(id)")]
    public void An_expression_is_made_of_one_rows_columns_and_always_says_the_same(string expression)
    {
        var refused = Assert.Throws<AvalException>(() => Import(Csv("id\n1\n"), Mapping(expression)));

        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains("line 1, column 1", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_workspace.Content, "imports.jsonl")));
    }

    [Theory]
    [InlineData("id")]
    [InlineData("id -- as it is")]
    [InlineData("id /* as it is */")]
    [InlineData("trim(id)")]
    [InlineData("CASE WHEN id <> 'select; from -- nowhere /*' THEN id END")]
    [InlineData("extract(year FROM DATE '2001-01-01') - 2000")]
    [InlineData("[x FOR x IN ['1', '2'] IF x = id][1]")]
    [InlineData("list_transform([id], x -> x)[1]")]
    [InlineData("coalesce(nullif(id, ''), 'none')")]
    [InlineData("coalesce(try_cast(id AS INTEGER), 0)")]
    public void An_expression_may_be_anything_that_is(string expression)
    {
        Import(Csv("id\n1\n"), Mapping(expression));

        Assert.Equal(["1 | mapped"], Texts());
    }

    [Fact]
    public void A_column_whose_name_is_also_a_clocks_is_a_column()
    {
        Import(Csv("user,current_date\n1,2\n"), Mapping("\"user\" || \"current_date\""));

        Assert.Equal(["12 | mapped"], Texts());
    }

    [Fact]
    public void What_is_told_of_a_line_or_a_key_cannot_steer_a_terminal()
    {
        var outcome = Import(Lines(
            Good.Replace("post", "\\u001b[2J\\u202e", StringComparison.Ordinal),
            Good.Replace("\"text\"", "\"k\\u001b[31m\"", StringComparison.Ordinal), "\u001b]0;title\a"));

        Assert.Equal(["k\\u001b[31m"], outcome.Ignored);
        Assert.All(outcome.Rejects, reject => Assert.DoesNotContain(reject.Describe(), char.IsControl));
        Assert.Contains("but holds \"\\u001b[2J\\u202e\"", outcome.Rejects[0].Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_broken_and_what_is_wrong_are_told_in_the_order_of_the_lines()
    {
        var outcome = Import(
            Lines("[", Good, "{}", Good.Replace("post", "novel", StringComparison.Ordinal), "\"", "null"));

        Assert.Equal([1, 3, 4, 5, 6], outcome.Rejects.Select(reject => reject.Line));
        Assert.Equal(5, outcome.Record.Counts.Rejected);
        Assert.Equal(6, outcome.Record.Counts.Read);
    }

    [Fact]
    public void Malformed_rows_of_CSV_are_each_told_and_good_ones_between_them_taken()
    {
        var outcome = Import(Csv(
            "item_id,service,kind,author\na\n1,facebook,post,facebook:ann\nb,c\n2,facebook,post,facebook:ann\nd\n"));

        Assert.Equal([2, 4, 6], outcome.Rejects.Select(reject => reject.Line));
        Assert.Equal(["1 | null", "2 | null"], Texts());
    }

    [Fact]
    public void A_million_malformed_rows_one_after_the_other_are_no_CSV()
    {
        var path = Csv("item_id,service,kind,author\n"
            + string.Concat(Enumerable.Repeat("a\n", TextLines.MaxMalformedInARow + 1)));

        Assert.Contains(
            "one after the other", Assert.Throws<AvalException>(() => Import(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_keys_than_a_mapping_can_choose_from_are_refused_and_without_one_passed_over()
    {
        var path = Lines([Good, .. Enumerable.Range(0, TableSource.MaxColumns).Select(at => $$"""{"key{{at}}":1}""")]);

        Assert.Contains(
            $"{TableSource.MaxColumns} different keys",
            Assert.Throws<AvalException>(() => Import(path, Mapping("item_id"))).Message, StringComparison.Ordinal);
        Assert.Equal(1, Import(path).Record.Counts.New);
    }

    private ImportOutcome Import(string path, string? mapping = null, bool inPlace = false) =>
        Importing.Tables(
            _workspace, [path], new ImportOptions(ContentKind.Items, null, false, inPlace, null, null, mapping, Small),
            TimeProvider.System, (_, _) => { });

    private string Mapping(string expression) => Write($"map-{++_files}.yaml", $"""
        item_id: {System.Text.Json.JsonSerializer.Serialize(expression)}
        service: "'facebook'"
        kind: "'post'"
        author: "'facebook:ann'"
        text: "'mapped'"

        """);

    private string Lines(params string[] lines) => Write($"lines-{++_files}.jsonl", string.Join('\n', lines) + "\n");

    private string Csv(string text) => Write($"table-{++_files}.csv", text);

    private string Write(string name, string text)
    {
        using var writer = new StreamWriter(_folder.File(name));
        writer.Write(text);
        return _folder.File(name);
    }

    private string Parquet(string query)
    {
        using var engine = Engine.Open(_folder.File("tmp"), Small);
        engine.Execute($"COPY ({query}) TO {Engine.Literal(_folder.File("rows.parquet"))} (FORMAT parquet)");
        return _folder.File("rows.parquet");
    }

    private List<string> Texts()
    {
        using var engine = Engine.Open(_workspace.Temporary, Small, _workspace.ReadKey());
        ContentViews.Create(engine, _workspace, TimeProvider.System.GetUtcNow());
        return engine.Query(
            "SELECT item_id, coalesce(text, 'null') FROM items_now ORDER BY item_id",
            row => $"{row.GetString(0)} | {row.GetString(1)}");
    }
}
