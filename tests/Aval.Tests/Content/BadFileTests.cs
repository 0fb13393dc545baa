using System.Text;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.ContentStore;

/// <summary>A malformed file imports nothing, and leaves nothing behind.</summary>
public sealed class BadFileTests
{
    private static readonly byte[] Png = [0x89, .. "PNG\r\n\x1a\n"u8, 0, 0, 0, 13, .. "IHDR"u8, .. new byte[400]];

    private static byte[] ManyLines => Encoding.UTF8.GetBytes(
        string.Join('\n', Enumerable.Range(0, 20_000).Select(at => Item($"{at * 7919L % 1_000_003}"))));

    public static TheoryData<string> Files =>
    [
        "truncated.jsonl.gz", "truncated.jsonl.zst", "truncated.parquet", "torn-middle.parquet", "bomb.jsonl.gz",
        "bomb.jsonl.zst", "png.parquet", "png.csv", "png.jsonl.gz", "png.jsonl.zst", "json.csv", "csv.parquet",
        "empty.csv", "empty.parquet",
        "empty.jsonl.gz", "empty.jsonl.zst", "twice.csv", "noname.csv", "unclosed.csv", "missing-column.jsonl",
        "zip.zip", "absent.csv", "folder.csv", "absent-*.parquet", "zoneless.parquet", "nanoseconds.parquet",
        "date.parquet", "double-id.parquet",
        "blob-text.parquet", "text-persons.parquet", "number-time.parquet",
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_malformed_file_imports_nothing_and_is_named(string name)
    {
        using var world = new ContentWorld();
        world.Import(world.Lines(Item("there")));
        var path = Make(world, name);
        var refused = world.Refused(() => world.Import(path));

        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Equal(["there | words"], world.Texts());
    }

    private static string Make(ContentWorld world, string name)
    {
        var bomb = new byte[100 << 20];
        bomb.AsSpan().Fill((byte)'x');
        var parquet = File.ReadAllBytes(
            world.Parquet("whole.parquet", Row("'words' || range AS text") + " FROM range(50000)"));
        var torn = parquet.ToArray();
        torn.AsSpan(100, 2000).Fill(0xEE);
        return name switch
        {
            "truncated.jsonl.gz" => Cut(world, world.Gzip(name, ManyLines)),
            "truncated.jsonl.zst" => Cut(world, world.Zstandard(name, ManyLines)),
            "truncated.parquet" => world.Write(name, parquet[..(parquet.Length / 2)]),
            "torn-middle.parquet" => world.Write(name, torn),
            "bomb.jsonl.gz" => world.Gzip(name, bomb),
            "bomb.jsonl.zst" => world.Zstandard(name, bomb),
            "json.csv" => world.Write(name, Item("1") + "\n" + Item("2")),
            "csv.parquet" => world.Write(name, "item_id,service\n1,facebook\n"),
            "twice.csv" => world.Write(
                name, "item_id,service,kind,author,author\n1,facebook,post,facebook:ann,facebook:bob\n"),
            "noname.csv" => world.Write(name, "item_id,,service,kind,author\n1,x,facebook,post,facebook:ann\n"),
            "unclosed.csv" => world.Write(
                name, "item_id,service,kind,author,text\n1,facebook,post,facebook:ann,\"" + new string('x', 17 << 20)),
            "missing-column.jsonl" => world.Write(name, Item("1", ("author", null))),
            "zip.zip" => world.Write(name, "PK\x3\x4"),
            "absent.csv" or "absent-*.parquet" => world.File(name),
            "folder.csv" => Directory.CreateDirectory(world.File(name)).FullName,
            "zoneless.parquet" => world.Parquet(name, Row("TIMESTAMP '2025-01-01 00:00:00' AS created_at")),
            "nanoseconds.parquet" => world.Parquet(name, Row("'2025-01-01 00:00:00'::TIMESTAMP_NS AS created_at")),
            "date.parquet" => world.Parquet(name, Row("DATE '2025-01-01' AS created_at")),
            "number-time.parquet" => world.Parquet(name, Row("1735689600::BIGINT AS created_at")),
            "double-id.parquet" => world.Parquet(
                name,
                "SELECT 1e17::DOUBLE AS item_id, 'facebook' AS service, 'post' AS kind, 'facebook:ann' AS author"),
            "blob-text.parquet" => world.Parquet(name, Row("'abc'::BLOB AS text")),
            "text-persons.parquet" => world.Parquet(name, Row("['facebook:bob'] AS persons")),
            _ when name.StartsWith("png", StringComparison.Ordinal) => world.Write(name, Png),
            _ when name.StartsWith("empty", StringComparison.Ordinal) => world.Write(name, ""),
            _ => throw new ArgumentException(name),
        };
    }

    private static string Row(string more) =>
        $"SELECT '1' AS item_id, 'facebook' AS service, 'post' AS kind, 'facebook:ann' AS author, {more}";

    private static string Cut(ContentWorld world, string path)
    {
        var whole = File.ReadAllBytes(path);
        return world.Write(Path.GetFileName(path), whole[..(whole.Length * 2 / 3)]);
    }
}
