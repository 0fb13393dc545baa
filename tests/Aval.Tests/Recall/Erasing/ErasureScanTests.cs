using System.IO.Compression;
using System.Text;
using Aval.Recall.Erasing;
using Aval.Storage;

namespace Aval.Tests.Erasing;

/// <summary>A scan that found nothing is worth something only because it finds each kind of what is planted.</summary>
public sealed class ErasureScanTests : IDisposable
{
    private const string Words = "Something that Zoë \"Quill\" wrote\non a Monday, €5";
    private readonly ErasingWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void It_finds_each_kind_of_what_is_planted()
    {
        var raw = Encoding.UTF8.GetBytes($"x item:facebook:p1 {Words} facebook:zoe y");
        Plant("tmp/raw", raw);
        Plant("content/rejects.json", Encoding.UTF8.GetBytes(
            "\"Something that Zoë \\\"Quill\\\" wrote\\non a Monday, €5\" \"item:facebook:p1\" \"facebook:zoe\""));
        using (var gzip = new GZipStream(Create("tmp/raw.gz"), CompressionLevel.SmallestSize))
            gzip.Write(raw);
        using (var compressor = new ZstdSharp.Compressor())
            Plant("tmp/raw.zst", compressor.Wrap(raw).ToArray());
        Plant("lineage/across", [.. new byte[(1 << 20) - 9], .. raw, .. new byte[2 << 20]]);
        using (var engine = Engine.Open(_world.Workspace.Temporary, ErasingWorld.Small))
            engine.Execute($"""
                COPY (SELECT 'facebook' AS service, 'p1' AS item_id, {Engine.Literal(Words)} AS text,
                    [struct_pack(account := 'facebook:zoe')] AS persons)
                TO {Engine.Literal(Path.Combine(_world.Workspace.Root, "corpus", "rows.parquet"))} (FORMAT parquet)
                """);

        string[] all = ["account", "item", "text"];
        string[] files =
            ["content/rejects.json", "corpus/rows.parquet", "lineage/across", "tmp/raw", "tmp/raw.gz", "tmp/raw.zst"];
        Assert.Equal(
            files.SelectMany(file => all.Select(what => new ScanHit(file, what, 1))), Search());
    }

    [Fact]
    public void It_finds_what_lies_in_free_pages_and_in_the_write_ahead_log_of_a_database()
    {
        Plant("choices.db", [.. "SQLite format 3\0"u8, .. new byte[4080], .. Encoding.UTF8.GetBytes($"\0{Words}\0")]);
        Plant("choices.db-wal", Encoding.UTF8.GetBytes("\u0001facebook:zoe\u0002"));

        Assert.Equal([new("choices.db", "text", 1), new("choices.db-wal", "account", 1)], Search());
    }

    [Fact]
    public void It_finds_a_handle_however_it_is_written_and_what_answers_an_item()
    {
        Plant("tmp/raw", Encoding.UTF8.GetBytes("as @zoe.q said. but neither @zoe.q.other nor x@zoe.qx"));
        using (var engine = Engine.Open(_world.Workspace.Temporary, ErasingWorld.Small))
        {
            void Rows(string name, string sql) => engine.Execute($"COPY ({sql}) TO "
                + Engine.Literal(Path.Combine(_world.Workspace.Root, "corpus", name)) + " (FORMAT parquet)");
            Rows("texts.parquet", """
                SELECT 'instagram' AS service,
                    unnest(['hi @Zoe.Q!', 'instagram.com/zoe.q', 'zoe.q', '@zoe.q.s']) AS text
                """);
            Rows("others.parquet", "SELECT 'tumble' AS service, 'hi @zoe.q!' AS text");
            Rows("accounts.parquet", "SELECT 'instagram:9' AS account, 'Zoe.Q' AS handle");
            Rows("replies.parquet", "SELECT 'facebook' AS service, 'p9' AS item_id, 'p1' AS in_reply_to");
        }

        Assert.Equal(
            [
                new("corpus/accounts.parquet", "handle", 1), new("corpus/replies.parquet", "item", 1),
                new("corpus/texts.parquet", "handle", 2), new("tmp/raw", "handle", 1),
            ],
            ErasureScan.Of(
                _world.Workspace,
                Needles.None with
                {
                    Items = new HashSet<string> { "reply:facebook:p1" },
                    Handles = new HashSet<string> { Needles.HandleOf("instagram:@Zoe.Q") },
                },
                ErasingWorld.Small).Hits);
        Assert.All(
            ["zoe.q", "instagram:", ":zoe.q", "instagram:@"],
            text => Assert.Contains(text, Assert.Throws<AvalException>(() => Needles.HandleOf(text)).Message,
                StringComparison.Ordinal));
    }

    [Fact]
    public void It_takes_nobody_else_for_the_one_and_no_text_for_one_that_holds_it()
    {
        Plant("tmp/raw", Encoding.UTF8.GetBytes("facebook:zoe2 xfacebook:zoe facebook:zoe-b item:facebook:p12"));
        using (var engine = Engine.Open(_world.Workspace.Temporary, ErasingWorld.Small))
            engine.Execute($"""
                COPY (SELECT 'instagram' AS service, 'p1' AS item_id, {Engine.Literal("I quote: " + Words)} AS text)
                TO {Engine.Literal(Path.Combine(_world.Workspace.Root, "corpus", "rows.parquet"))} (FORMAT parquet)
                """);

        Assert.Empty(Search());
    }

    private IReadOnlyList<ScanHit> Search() => ErasureScan.Of(
        _world.Workspace,
        new Needles(
            new HashSet<string> { "facebook:zoe" }, new HashSet<string> { "item:facebook:p1" },
            new HashSet<string> { Words, "too short" }),
        ErasingWorld.Small).Hits;

    private void Plant(string name, byte[] content)
    {
        using var file = Create(name);
        file.Write(content);
    }

    private FileStream Create(string name)
    {
        var path = Path.Combine(_world.Workspace.Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return File.Create(path);
    }
}
