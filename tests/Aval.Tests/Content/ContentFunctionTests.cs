using System.Globalization;
using System.Text;
using Aval.Content;
using Aval.Storage;
using CsCheck;

namespace Aval.Tests.ContentStore;

/// <summary>What the engine makes of texts where they lie is what the hash of their UTF-8 is.</summary>
public sealed class ContentFunctionTests : IDisposable
{
    private static readonly WorkspaceKey Key = new([.. Enumerable.Range(0, WorkspaceKey.Size).Select(at => (byte)at)]);

    private readonly TemporaryFolder _folder = new();
    private readonly Engine _engine;

    public ContentFunctionTests()
    {
        _engine = Engine.Open(_folder.File("tmp"), new EngineLimits(2, 500_000_000), Key);
        ContentFunctions.Provide(_engine);
    }

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Every_text_gets_the_hash_of_its_bytes() =>
        Gen.String[Gen.Char[' ', '\uD7FF'], 0, 40].Array[1, 20].Sample(
            texts =>
            {
                _engine.Execute("CREATE OR REPLACE TABLE texts (place INTEGER, said VARCHAR)");
                foreach (var (text, at) in texts.Select((text, at) => (text, at)))
                    _engine.Execute("INSERT INTO texts VALUES ($place, $said)", ("place", at), ("said", text));
                Assert.Equal(texts.Select(Expected), Asked("texts ORDER BY place"));
            },
            iter: 30,
            threads: 1);

    [Fact]
    public void Many_of_them_side_by_side_and_those_of_a_dictionary_and_of_a_slice_do_too()
    {
        _engine.Execute("""
            CREATE TABLE many AS
            SELECT i, CASE WHEN i % 3 = 0 THEN 'short' ELSE 'a text that is longer than twelve bytes ' || i % 500 END
                AS said
            FROM range(100000) t(i)
            """);
        var file = _folder.File("many.parquet");
        _engine.Execute($"COPY (FROM many ORDER BY i) TO {Engine.Literal(file)} (FORMAT parquet)");
        foreach (var from in (string[])["many", ParquetFiles.Rows(file)])
        {
            var asked = _engine.Query(
                $"SELECT DISTINCT said, {Functions} FROM {from} WHERE i % 7 <> 3 ORDER BY said",
                row => (Said: row.GetString(0), Answer: row.GetString(1)));
            Assert.Equal(501, asked.Count);
            Assert.Equal(asked.Select(one => Expected(one.Said)), asked.Select(one => one.Answer));
        }
    }

    [Fact]
    public void Of_no_text_there_is_no_hash() => Assert.Equal(
        ["true", "true", "false"],
        _engine.Query(
            """
            SELECT (bucket_of(said, buckets) IS NULL AND (fingerprint(said) IS NULL OR buckets IS NULL))::VARCHAR
            FROM (VALUES (1, NULL, 4), (2, 'a', NULL), (3, 'a', 4)) AS texts(place, said, buckets) ORDER BY place
            """,
            row => row.GetString(0)));

    private const string Functions = """
        concat_ws(' ', bucket_of(said, 4096), fingerprint(said), observation_low(said), observation_high(said),
            item_hash(said), account_hash(said))
        """;

    private List<string> Asked(string from) =>
        _engine.Query($"SELECT {Functions} FROM {from}", row => row.GetString(0));

    private static string Expected(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var observation = Key.Observations.Hash(bytes);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Key.Buckets.Hash(bytes).Low % 4096} {SipHash.ToGuid(Key.Fingerprints.Hash(bytes))} {observation.Low} "
                + $"{observation.High} {unchecked((long)Key.Places.Hash(bytes).Low)} "
                + $"{unchecked((long)Key.Naming.Hash(bytes).Low)}");
    }
}
