using System.Text;
using Aval.Choices;
using Aval.Choices.Stores;
using Aval.Recording;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.ContentStore;

/// <summary>What spreadsheets write when they are asked for CSV, as content and as choices.</summary>
public sealed class SpreadsheetTests : IDisposable
{
    private readonly ContentWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(",")]
    [InlineData(";")]
    [InlineData("\t")]
    public void The_separator_is_the_one_that_stands_in_the_header(string separator)
    {
        var items = Rows(
            separator, ["item_id", "service", "kind", "author", "audience", "text"],
            ["1", "facebook", "post", "facebook:7", "public", "\"a, b; c\td\""]);
        var choices = Rows(separator, ["kind", "account", "channel"], ["objection", "facebook:7", "\"a, b; c\""]);

        Assert.Empty(_world.Import(_world.Write("items.csv", items)).Rejects);
        Record(_world.Write("choices.csv", choices));

        Assert.Equal(["a, b; c\td"], _world.Query("SELECT text FROM items_now"));
        Assert.Equal("a, b; c", Assert.Single(Choices()).Channel);
    }

    [Fact]
    public void A_header_with_two_kinds_of_separator_is_refused_by_name()
    {
        var path = _world.Write("a.csv", "item_id;service,kind\n");

        foreach (var refused in (AvalException[])[_world.Refused(() =>
            _world.Import(path)), Assert.Throws<AvalException>(() => Record(path))])
        {
            Assert.Equal(ExitCode.BadInput, refused.Exit);
            Assert.Contains("a.csv, line 1", refused.Message, StringComparison.Ordinal);
            Assert.Contains("semicolon", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Rows_and_last_columns_of_nothing_but_separators_are_nothing()
    {
        var items = _world.Write(
            "items.csv",
            "item_id;service;kind;author;;\n1;facebook;post;facebook:7;;\n;;;;;\n\"\";;;;;\n"
                + "2;facebook;post;facebook:7;;\n");
        var choices = _world.Write(
            "choices.csv", "kind;account;;\nobjection;facebook:7;;\n;;;\nobjection;facebook:8;;\n;;;\n");

        var outcome = _world.Import(items);
        Record(choices);

        Assert.Empty(outcome.Rejects);
        Assert.Equal(2, outcome.Record.Counts.Read);
        Assert.Equal(["facebook:7", "facebook:8"], Choices().Select(choice => choice.Account.ToString()));
    }

    [Fact]
    public void What_stands_below_no_name_is_told_and_never_dropped()
    {
        var items = _world.Write(
            "items.csv",
            "item_id,service,kind,author,\n1,facebook,post,facebook:7,\n2,facebook,post,facebook:7,deleted\n");
        var choices = _world.Write("choices.csv", "kind,account,\nobjection,facebook:7,until May\n");

        Assert.Equal(3, Assert.Single(_world.Import(items).Rejects).Line);
        Assert.Contains(
            "choices.csv, line 2", Assert.Throws<AvalException>(() => Record(choices)).Message,
            StringComparison.Ordinal);
        Assert.Empty(Choices());
    }

    [Fact]
    public void An_ending_may_be_in_capitals()
    {
        _world.Import(_world.Write("ITEMS.CSV", "item_id,service,kind,author\n1,facebook,post,facebook:7\n"));
        _world.Import(_world.Gzip("MORE.JSONL.GZ", Encoding.UTF8.GetBytes(Item("2") + "\n")));
        _world.ParquetItems("LAST.Parquet", "('3', 'words', '2025-01-01T00:00:00Z')");
        _world.Import(_world.File("LAST.Parquet"));
        Record(_world.Write("CHOICES.CSV", "kind,account\nobjection,facebook:7\n"));

        Assert.Equal(["1", "2", "3"], _world.Query("SELECT item_id FROM items_now"));
        Assert.Single(Choices());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void UTF16_with_its_byte_order_mark_is_read_everywhere(bool bigEndian)
    {
        var wide = new UnicodeEncoding(bigEndian, byteOrderMark: true);
        byte[] Wide(string text) => [.. wide.GetPreamble(), .. wide.GetBytes(text)];
        var lines = Item("1", ("text", "\"é 😀\""));

        _world.Import(_world.Write("a.jsonl", Wide(lines + "\n")));
        _world.Import(_world.Gzip(
            "b.csv.gz", Wide("item_id\tservice\tkind\tauthor\ttext\r\n2\tfacebook\tpost\tfacebook:7\té 😀\r\n")));
        Record(_world.Write("c.csv", Wide("kind;account;channel\r\nobjection;facebook:7;é 😀\r\n")));
        Record(_world.Write(
            "d.jsonl", Wide("{\"kind\":\"objection\",\"account\":\"facebook:8\",\"channel\":\"é 😀\"}\n")));

        Assert.Equal(["1 | é 😀", "2 | é 😀"], _world.Texts());
        Assert.All(Choices(), choice => Assert.Equal("é 😀", choice.Channel));
        Assert.Equal(2, Choices().Count);
    }

    [Fact]
    public void Deeply_nested_YAML_is_refused_and_ends_no_process()
    {
        foreach (var deep in (string[])[new string('[', 100_000), string.Concat(
            Enumerable.Repeat("{a: ", 100_000)), "item_id: " + new string('[', 100_000) + new string(']', 100_000)])
        {
            var path = _world.Write("a.csv", "item_id\n1\n");
            Assert.Contains(
                "the mapping cannot be read", _world.Refused(() => _world.Import(path, mapping: deep)).Message,
                StringComparison.Ordinal);
            _world.Write("aval.yaml", deep);
            Assert.Equal(
                ExitCode.BadInput, Assert.Throws<AvalException>(() => Settings.Read(_world.File("aval.yaml"))).Exit);
        }
    }

    private static string Rows(string separator, params string[][] rows) =>
        string.Concat(rows.Select(row => string.Join(separator, row) + "\r\n"));

    private void Record(string path) => ChoiceFile.Record(_world.Workspace, path, Today);

    private IReadOnlyList<Choice> Choices()
    {
        using var store = ChoiceStores.Open(_world.Workspace);
        return [.. store.Read(store.Size).Select(recorded => recorded.Choice)];
    }
}
