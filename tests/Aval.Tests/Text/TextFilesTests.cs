using System.Text;
using Aval.Storage;
using Aval.Text;

namespace Aval.Tests.TextInputs;

/// <summary>Texts of files, for whoever has no workspace.</summary>
public sealed class TextFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Plain_text_is_one_text_a_line() => Assert.Equal(
        [(1, "one"), (2, ""), (3, "{\"text\": \"three\"}")],
        Read(Write("a.txt", "one\r\n\n{\"text\": \"three\"}\n")));

    [Fact]
    public void Standard_input_is_plain_text_until_a_member_is_named()
    {
        const string Line = "{\"said\": \"caf\\u00e9\"}\n";
        Assert.Equal([(1, Line.Trim())], Read("-", input: Line));
        Assert.Equal([(1, "café")], Read("-", field: "said", input: Line));
    }

    [Fact]
    public void Json_lines_give_a_member_and_blank_lines_none() => Assert.Equal(
        [(1, "one"), (3, ""), (4, "two")],
        Read(Write(
            "a.jsonl",
            "{\"id\": [1], \"text\": \"one\"}\n\n{\"text\": null}\n{\"text\": \"two\", \"x\": {}}\n")));

    [Theory]
    [InlineData("{\"said\": \"two\"}", "line 2: expected a member \"text\"")]
    [InlineData("[1]", "line 2: expected one JSON object")]
    [InlineData("{\"text\": \"two\"} more", "line 2: expected one JSON object")]
    [InlineData("{\"text\": 2}", "line 2: \"text\" should hold a string or null")]
    [InlineData("{\"text\": \"\\ud83d\"}", "line 2: expected text in UTF-8")]
    public void What_is_wrong_with_a_line_is_said_with_its_place(string line, string said)
    {
        var path = Write("a.jsonl", "{\"text\": \"one\"}\n" + line + "\n");
        var refused = Assert.Throws<AvalException>(() => Read(path));
        Assert.Contains($"{path}, {said}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, refused.Exit);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused_with_their_line()
    {
        var path = _folder.File("a.txt");
        Durable.Replace(path, [(byte)'a', (byte)'\n', 0xFF, (byte)'\n']);
        Assert.Contains(
            $"{path}, line 2: expected text in UTF-8", Assert.Throws<AvalException>(() => Read(path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Parquet_gives_a_column_in_the_order_of_its_rows()
    {
        var path = _folder.File("a.parquet");
        using (var engine = Engine.Open(_folder.File("spill"), new EngineLimits(1, 1_000_000_000)))
        {
            engine.Execute($"""
                COPY (FROM (VALUES (1, 'one'), (2, NULL), (3, 'three')) AS t(id, "Text of it"))
                TO {Engine.Literal(path)}
                """);
        }

        Assert.Equal([(1, "one"), (2, ""), (3, "three")], Read(path, column: "Text of it"));
        Assert.Contains(
            "expected a column \"text\", but there are id, Text of it",
            Assert.Throws<AvalException>(() => Read(path)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "column \"id\" should hold text, but holds INTEGER",
            Assert.Throws<AvalException>(() => Read(path, column: "id")).Message, StringComparison.Ordinal);
    }

    private string Write(string name, string content)
    {
        var path = _folder.File(name);
        Durable.Replace(path, Encoding.UTF8.GetBytes(content));
        return path;
    }

    private static (long, string)[] Read(
        string path, string? field = null, string? column = null, string input = "") =>
        [.. TextFiles.Read(path, () => new MemoryStream(Encoding.UTF8.GetBytes(input)), field, column)
            .Select(text => (text.Number, text.Text))];
}
