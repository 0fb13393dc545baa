using System.Text;
using Aval.Content;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.ContentStore;

/// <summary>A malformed line never stops an import and is always told of; a malformed file imports nothing.</summary>
public sealed class BadTableTests
{
    /// <summary>Members of an item, and the column that is at fault.</summary>
    public static TheoryData<string, string, string> BadMembers => new()
    {
        { "item_id", "\"\"", "item_id" },
        { "item_id", "null", "item_id" },
        { "item_id", "\"" + new string('x', 257) + "\"", "item_id" },
        { "item_id", "\"" + new string('é', 150) + "\"", "item_id" },
        { "item_id", "\"a\\tb\"", "item_id" },
        { "item_id", "\"a\\u0000b\"", "item_id" },
        { "item_id", "{\"id\": 1}", "item_id" },
        { "item_id", "[1]", "item_id" },
        { "service", "\"Facebook\"", "service" },
        { "service", "\"face:book\"", "service" },
        { "kind", "\"poem\"", "kind" },
        { "kind", "null", "kind" },
        { "author", "\"ann\"", "author" },
        { "author", "\"facebook:\"", "author" },
        { "author", "\"instagram:ann\"", "author" },
        { "author", "\"outside:ann\"", "author" },
        { "author", "\"facebook:" + new string('x', 257) + "\"", "author" },
        { "audience", "\"everyone\"", "audience" },
        { "created_at", "\"2025-01-01\"", "created_at" },
        { "created_at", "\"2025-01-01T00:00:00\"", "created_at" },
        { "created_at", "\"2025-01-01T00:00:00.1234567Z\"", "created_at" },
        { "created_at", "\"2025-02-30T00:00:00Z\"", "created_at" },
        { "created_at", "\"infinity\"", "created_at" },
        { "created_at", "\"-infinity\"", "created_at" },
        { "created_at", "\"2025-01-01T00:00:00Z\\n\"", "created_at" },
        { "created_at", "\"0000-01-01T00:00:00Z\"", "created_at" },
        { "created_at", "1735689600", "created_at" },
        { "public_since", "\"yesterday\"", "public_since" },
        { "observed_at", "\"9999-01-01T00:00:00Z\"", "observed_at" },
        { "observed_at", "\"0000-01-01T00:00:00Z\"", "observed_at" },
        { "observed_at", "\"2026-01-16T12:00:01Z\"", "observed_at" },
        { "text", "\"a\\u0000b\"", "text" },
        { "text", "{\"a\": 1}", "text" },
        { "text", "[\"a\"]", "text" },
        { "deleted", "\"perhaps\"", "deleted" },
        { "deleted", "2", "deleted" },
        { "persons", "\"facebook:bob\"", "persons" },
        { "persons", "{}", "persons" },
        { "persons", "[\"facebook:bob\"]", "persons" },
        { "persons", "[{\"account\": \"facebook:bob\", \"role\": \"friend\"}]", "persons" },
        { "persons", "[{\"account\": \"bob\", \"role\": \"tagged\"}]", "persons" },
        { "persons", "[{\"account\": \"facebook:bob\"}]", "persons" },
        { "persons", "[null]", "persons" },
        { "persons", "[{\"account\": \"facebook:" + new string('x', 300) + "\", \"role\": \"tagged\"}]", "persons" },
        { "media", "[{\"kind\": \"photo\"}]", "media" },
        { "media", "[1]", "media" },
    };

    /// <summary>Lines that are no rows at all.</summary>
    public static TheoryData<string> BadLines =>
    [
        "not json", "[]", "{", "\"text\"", "null", "{\"item_id\": \"1\"} {}",
        Item("1").Insert(1, "\"item_id\": \"2\", "), Item("\\ud800"), Item("1", ("text", "\"\\ud800\"")),
        Item("1", ("text", "\u0001")), Item("1", ("text", "\"a\0b\"")), new string('[', 1000),
        Item("1", ("extra", new string('[', 100) + new string(']', 100))),
        Item("1").Replace("\"item_id\"", "\"item_id\\ud800\"", StringComparison.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(BadMembers))]
    public void A_value_that_cannot_be_taken_is_told_with_file_line_and_column_and_the_rest_is_imported(
        string name, string json, string column)
    {
        using var world = new ContentWorld();
        var path = world.Lines(Item("before"), Item("bad", (name, json)), Item("after"));
        var outcome = world.Import(path);

        var reject = Assert.Single(outcome.Rejects);
        Assert.Equal((path, 2L, column), (reject.File, reject.Line, reject.Column));
        Assert.NotEmpty(reject.Reason);
        Assert.True(reject.Found.Length <= 80);
        Assert.Equal(["after", "before"], world.Query("SELECT item_id FROM items_now"));
        Assert.Contains("\"line\":2", File.ReadAllText(outcome.RejectsFile!), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BadLines))]
    public void A_line_that_is_no_row_is_told_and_the_rest_is_imported(string line)
    {
        using var world = new ContentWorld();
        var path = world.Lines(Item("before"), line, Item("after"));
        var outcome = world.Import(path);

        var reject = Assert.Single(outcome.Rejects);
        Assert.Equal((path, 2L), (reject.File, reject.Line));
        Assert.Equal(3, outcome.Record.Counts.Read);
        Assert.Equal(["after", "before"], world.Query("SELECT item_id FROM items_now"));
    }

    [Fact]
    public void A_line_that_is_not_UTF8_is_told_and_the_rest_is_imported()
    {
        using var world = new ContentWorld();
        var outcome = world.Import(world.Write(
            "latin.jsonl",
            [.. Encoding.UTF8.GetBytes(Item("1") + "\n"), .. Encoding.Latin1.GetBytes(Item("2", ("text", "\"é\""))
                + "\n"), .. Encoding.UTF8.GetBytes(Item("3"))]));

        Assert.Equal(2, Assert.Single(outcome.Rejects).Line);
        Assert.Equal(["1", "3"], world.Query("SELECT item_id FROM items_now"));
    }

    [Fact]
    public void A_line_of_100_MB_is_passed_over()
    {
        using var world = new ContentWorld();
        using (var stream = File.Create(world.File("long.jsonl")))
        {
            stream.Write(Encoding.UTF8.GetBytes(Item("1") + "\n{\"text\": \""));
            var block = new byte[1 << 20];
            block.AsSpan().Fill((byte)'x');
            for (var written = 0; written < 100; written++)
                stream.Write(block);
            stream.Write(Encoding.UTF8.GetBytes("\"}\n" + Item("3") + "\n"));
        }

        var outcome = world.Import(world.File("long.jsonl"));

        Assert.Equal(
            (2L, "a line of at most 16 MiB"), (Assert.Single(outcome.Rejects).Line, outcome.Rejects[0].Reason));
        Assert.Equal(["1", "3"], world.Query("SELECT item_id FROM items_now"));
    }

    /// <summary>CSV rows below a header of item_id,service,kind,author,text.</summary>
    [Theory]
    [InlineData("2,facebook,post,facebook:ann")]
    [InlineData("2,facebook,post,facebook:ann,words,more")]
    [InlineData("2,facebook,poem,facebook:ann,words")]
    [InlineData("2,facebook,post,facebook:ann,wo\0rds")]
    [InlineData("2,facebook,poem,facebook:ann,\"two\nlines\"")]
    [InlineData("2,facebook,post,facebook:ann,\"wo\"rds")]
    public void A_row_of_CSV_that_cannot_be_taken_is_told_and_the_rest_is_imported(string row)
    {
        using var world = new ContentWorld();
        var outcome = world.Import(world.Write(
            "rows.csv",
            $"item_id,service,kind,author,text\n1,facebook,post,facebook:ann,\"two\nlines\"\n{row}\n"
                + "3,facebook,post,facebook:ann,words\n"));

        Assert.Equal(4, Assert.Single(outcome.Rejects).Line);
        Assert.Equal(["1", "3"], world.Query("SELECT item_id FROM items_now"));
    }

    [Theory]
    [InlineData("account,birth_year\nfacebook:a,9999\n", "birth_year")]
    [InlineData("account,birth_year\nfacebook:a,1899\n", "birth_year")]
    [InlineData("account,birth_year\nfacebook:a,2027\n", "birth_year")]
    [InlineData("account,birth_year\nfacebook:a,19x0\n", "birth_year")]
    [InlineData("account,country\nfacebook:a,Germany\n", "country")]
    [InlineData("account,country\nfacebook:a,de\n", "country")]
    [InlineData("account,service\nfacebook:a,instagram\n", "service")]
    [InlineData("account,observed_at\nfacebook:a,9999-01-01T00:00:00Z\n", "observed_at")]
    public void An_impossible_account_is_told(string csv, string column)
    {
        using var world = new ContentWorld();
        var outcome = world.Import(world.Write("accounts.csv", csv), ContentKind.Accounts);

        Assert.Equal(column, Assert.Single(outcome.Rejects).Column);
        Assert.Empty(world.Query("SELECT account FROM accounts_now WHERE NOT unreadable"));
    }

    [Fact]
    public void A_table_of_nothing_but_a_header_is_imported()
    {
        using var world = new ContentWorld();

        Assert.Equal(0, world.Import(world.Write("none.csv", "item_id,service,kind,author\n")).Record.Counts.Read);
    }

    [Fact]
    public void A_column_of_CSV_that_is_empty_throughout_is_there_for_a_mapping()
    {
        using var world = new ContentWorld();
        world.Import(
            world.Write("a.csv", "who,region\nann,\n"), ContentKind.Accounts,
            mapping: "account: \"'facebook:' || who\"\ncountry: upper(region)\n");

        Assert.Equal(["facebook:ann | null"], world.Query("SELECT account, country FROM accounts_now"));
    }

    [Theory]
    [InlineData("aval_file")]
    [InlineData("AVAL_LINE")]
    [InlineData("aval_fields")]
    [InlineData("aval_name")]
    [InlineData("file_row_number")]
    [InlineData("filename")]
    [InlineData("")]
    [InlineData("we\\\"ird.[0]$*'")]
    [InlineData("shade")]
    public void A_column_of_any_other_name_is_passed_over(string name)
    {
        using var world = new ContentWorld();
        world.Import(world.Lines(
            Item("1"), Item("2").Insert(1, $"{System.Text.Json.JsonSerializer.Serialize(name)}: \"odd\", ")));

        Assert.Equal(["1 | words", "2 | words"], world.Texts());
    }

    [Theory]
    [InlineData("aval_file")]
    [InlineData("aval_line")]
    [InlineData("aval_name")]
    [InlineData("file_row_number")]
    [InlineData("filename")]
    public void A_Parquet_column_of_any_other_name_is_passed_over_or_refused(string name)
    {
        using var world = new ContentWorld();
        var path = world.Parquet(
            "odd.parquet",
            $"SELECT '1' AS item_id, 'facebook' AS service, 'post' AS kind, 'facebook:ann' AS author, 7 AS \"{name}\", "
                + "'words' AS text");
        try
        {
            world.Import(path);
            Assert.Equal(["1 | words"], world.Texts());
        }
        catch (AvalException refused)
        {
            Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("it's [1]*.parquet")]
    [InlineData("a?b{c,d}.parquet")]
    [InlineData("$(x) \"y\" ü.parquet")]
    public void A_Parquet_file_of_any_name_is_read_copied_and_in_place(string name)
    {
        using var world = new ContentWorld();
        world.ParquetItems("its 1.parquet", "('decoy', 'a', NULL::VARCHAR)");
        var path = world.ParquetItems(name, "('1', 'words', NULL::VARCHAR)");
        world.Import(path, inPlace: true);
        Assert.Equal(["1 | words"], world.Texts());
        world.Import(path);

        Assert.Equal(["1 | words"], world.Texts());
    }

    [Theory]
    [InlineData("lines[1]'*.jsonl")]
    [InlineData("a \"b\".jsonl")]
    public void A_text_file_of_any_name_is_read(string name)
    {
        using var world = new ContentWorld();
        Assert.Equal(world.File(name), Assert.Single(world.Import(world.Write(name, "x\n" + Item("1"))).Rejects).File);
    }

    [Fact]
    public void Text_comes_out_as_it_went_in()
    {
        const string Odd =
            "\u0001\u0007\t\r\n\"'\\;--/*\u007f\u0085\u2028\u2029\ufeff\ufffd\uffff\u202e👩‍👩‍👧 é e\u0301 𝒳";
        using var world = new ContentWorld();
        world.Import(world.Lines(Item("1", ("text", System.Text.Json.JsonSerializer.Serialize(Odd)))));
        world.Import(world.Write(
            "odd.csv",
            "item_id,service,kind,author,text\n"
                + $"2,facebook,post,facebook:ann,\"{Odd.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n"));

        Assert.Equal([$"1 | {Odd}", $"2 | {Odd}"], world.Texts());
    }

    [Theory]
    [InlineData("12345678901234567890123")]
    [InlineData("18446744073709551616")]
    [InlineData("10000000000000000001")]
    public void An_id_that_is_written_as_a_long_number_is_kept_to_the_digit_or_rejected(string id)
    {
        using var world = new ContentWorld();
        var outcome = world.Import(world.Lines(Item("1", ("item_id", id))));

        if (outcome.Rejects.Count == 0)
            Assert.Equal([id], world.Query("SELECT item_id FROM items_now"));
    }
}
