using System.Text.Json;
using Aval.Runs;

namespace Aval.Tests.Runs;

/// <summary>
/// What a trainer gets: the rows that were asked for, in an order that a seed decides, and nothing else.
/// </summary>
public sealed class ExportRowsTests(SharedRunsWorld shared) : IClassFixture<SharedRunsWorld>
{
    private readonly RunsWorld _world = shared.World;

    [Fact]
    public void A_seed_decides_the_order_and_threads_do_not()
    {
        ExportRequest Seeded(string seed, string folder) =>
            new(_world.Name, _world.Folder(folder), ExportFormat.Jsonl) { Seed = seed };
        var once = Data(_world.Export(Seeded("7", "once"), threads: 1));
        Assert.Equal(once, Data(_world.Export(Seeded("7", "again"), threads: 4)));
        var other = Data(_world.Export(Seeded("8", "other")));
        Assert.NotEqual(once, other);
        Assert.Equal(once.Order(), other.Order());
        Assert.Equal(RunsWorld.Rows, once.Length);
        // Shuffled over all shards: no run of rows is of one language, as it is in a shard.
        Assert.True(once.Take(20).Select(Language).Distinct().Count() > 1);
        Assert.Equal(
            ["de", "en", "fr"], Data(_world.Export("plain", ExportFormat.Jsonl)).Select(Language).Distinct());
    }

    [Fact]
    public void Nobody_straddles_the_parts_and_linked_accounts_are_one_person()
    {
        var outcome = _world.Export(new ExportRequest(_world.Name, _world.Folder("parts"), ExportFormat.Parquet)
        {
            Splits = ExportRequest.ParseSplits("train=0.5,test=0.5"),
        });
        Assert.All(outcome.Made.Splits, split => Assert.InRange(split.Rows, 20, RunsWorld.Rows - 20));
        Assert.Equal(RunsWorld.Rows, outcome.Made.Splits.Sum(split => split.Rows));
        // Written in the account's own number here: facebook:7 and instagram:u7 are person p7.
        Assert.Equal(0, _world.Ask<long>($"""
            SELECT count(*) FROM (
                SELECT regexp_extract(account, '[0-9]+$') AS person
                FROM read_parquet('{_world.Folder("parts")}/data/*.parquet', filename = true) AS rows
                JOIN read_parquet({_world.LineageFiles()}) AS lineage USING (row_key)
                GROUP BY person HAVING count(DISTINCT rows.filename) > 1)
            """));
        Assert.True(_world.Ask<long>($"""
            SELECT count(DISTINCT account) FROM read_parquet('{_world.Folder("parts")}/data/test.parquet') AS rows
            JOIN read_parquet({_world.LineageFiles()}) AS lineage USING (row_key)
            WHERE lineage.service = 'instagram'
            """) > 0);
    }

    [Fact]
    public void Text_is_one_item_a_line_and_languages_are_those_asked_for()
    {
        var outcome = _world.Export(new ExportRequest(_world.Name, _world.Folder("text"), ExportFormat.Text)
        {
            Languages = ["fr"],
            Seed = "1",
        });
        var lines = File.ReadAllLines(Path.Combine(_world.Folder("text"), "data", "train.txt"));
        Assert.Equal(60, lines.Length); // Twenty of sixty authors with two items, and all of instagram.
        Assert.Equal(60, outcome.Made.Splits.Single().Rows);
        Assert.Equal(lines.Sum(line => Tokens.Count(line.Replace(" ligne", "\nligne", StringComparison.Ordinal))),
            outcome.Made.Splits.Single().Tokens);
        Assert.Contains("texte 3 ligne 1", lines);
        var none = Assert.Throws<AvalException>(() => _world.Export(
            new ExportRequest(_world.Name, _world.Folder("none"), ExportFormat.Text) { Languages = ["pt"] }));
        Assert.Contains("--language pt", none.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(_world.Folder("none")));
    }

    [Fact]
    public void Croissant_names_every_file_with_its_hash_and_every_column()
    {
        var outcome = _world.Export("croissant");
        using var document = JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(_world.Folder("croissant"), "croissant.json")));
        var root = document.RootElement;
        Assert.Equal("http://mlcommons.org/croissant/1.1", root.GetProperty("conformsTo").GetString());
        foreach (var required in new[] { "@context", "@type", "name", "description", "license", "url", "creator",
            "datePublished", "distribution" })
            Assert.True(root.TryGetProperty(required, out _), required);
        var file = Assert.Single(root.GetProperty("distribution").EnumerateArray());
        Assert.Equal("data/train.parquet", file.GetProperty("contentUrl").GetString());
        Assert.Equal(outcome.Files[0].Sha256, file.GetProperty("sha256").GetString());
        var columns = root.GetProperty("recordSet")[0].GetProperty("field").EnumerateArray()
            .Select(field => field.GetProperty("source").GetProperty("extract").GetProperty("column").GetString());
        Assert.Equal(
            _world.Ask<string>("SELECT string_agg(column_name, ' ') FROM (DESCRIBE SELECT * EXCLUDE (media) "
                + $"FROM read_parquet('{_world.Folder("croissant")}/data/train.parquet'))"),
            string.Join(' ', columns));
    }

    [Fact]
    public void Tokens_are_those_of_the_named_vocabulary_and_a_text_without_a_break_is_counted_in_pieces()
    {
        Assert.Equal(2, Tokens.Count("hello world"));
        Assert.Equal(0, Tokens.Count(""));
        var sentence = string.Concat(Enumerable.Repeat("un message inventé pour un essai ", 500)).TrimEnd();
        Assert.Equal(
            Microsoft.ML.Tokenizers.TiktokenTokenizer.CreateForEncoding(Tokens.Vocabulary).CountTokens(sentence),
            Tokens.Count(sentence));
        Assert.InRange(Tokens.Count(new string('a', 100_000)), 12_500, 12_600);
    }

    [Fact]
    public void A_reader_of_Parquet_that_is_written_in_JavaScript_reads_the_same_rows()
    {
        var reader = JavaScriptReader.Install(_world.Folder("js"));
        _world.Export("javascript");
        var expected = Data(_world.Export("beside", ExportFormat.Jsonl)).Select(line => Shape(
            JsonDocument.Parse(line).RootElement));
        using var read = JsonDocument.Parse(reader.Read(_world.Folder("javascript/data/train.parquet")));
        Assert.Equal(expected, read.RootElement.EnumerateArray().Select(Shape));

        static string Shape(JsonElement row) => string.Join('|', row.EnumerateObject()
            .OrderBy(member => member.Name, StringComparer.Ordinal).Select(member => $"{member.Name}={member.Value}"));
    }

    private static string[] Data(ExportOutcome outcome) =>
        File.ReadAllLines(Path.Combine(outcome.Made.Folder, outcome.Files[0].Path));

    private static string Language(string line) =>
        JsonDocument.Parse(line).RootElement.GetProperty("language").GetString()!;
}
