using System.Security.Cryptography;
using Aval.Authors;
using Aval.Ledger;
using Aval.Storage;

namespace Aval.Tests.Authors;

/// <summary>The tree of a release's authors is made in parts, and is the log that is written leaf by leaf.</summary>
public sealed class AuthorTilesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(300)]
    [InlineData(1_024)]
    [InlineData(1_025)]
    [InlineData(40_000)]
    [InlineData(262_145)]
    public void Its_tiles_are_those_of_a_log_with_its_leaves_whatever_threads_and_slices_made_them(int authors)
    {
        using var folder = new TemporaryFolder();
        using var engine = Engine.Open(folder.File("tmp"), new EngineLimits(1, 500_000_000));
        var outputs = Write(engine, folder, authors);
        var expected = folder.File("expected");
        var root = LeafByLeaf(expected, outputs);
        foreach (var (threads, most) in new[] { (1, OutputSlices.Most), (4, OutputSlices.Most), (3, 1_024) })
        {
            var made = folder.File($"made-{threads}");
            using var slices = OutputSlices.Gather(
                engine, Files(folder), authors, folder.File("slices"), threads, most);
            Assert.Equal(most < authors, slices.Count > 1);
            var tree = AuthorTiles.Write(slices, authors, made, threads);
            Assert.Equal((1L << ReleaseAuthors.Bits(authors), root), (tree.Size.Value, tree.Root));
            Assert.Equal(Bytes(expected), Bytes(made));
            var told = tree.Files.Select(file => Path.GetRelativePath(made, file)).Order(StringComparer.Ordinal);
            Assert.Equal(Bytes(made).Keys, told);
        }

        Assert.False(Directory.Exists(folder.File("slices")));
    }

    [Fact]
    public void An_author_who_is_there_twice_or_not_at_all_stops_the_build()
    {
        using var folder = new TemporaryFolder();
        using var engine = Engine.Open(folder.File("tmp"), new EngineLimits(1, 500_000_000));
        Write(engine, folder, 50);
        var twice = Files(folder).Append(Files(folder)[0]).ToArray();
        using (var slices = OutputSlices.Gather(engine, twice, 75, folder.File("slices"), 1))
        {
            var two = Record.Exception(() => AuthorTiles.Write(slices, 75, folder.File("made"), 1));
            Assert.StartsWith("Two authors have the output", two?.Message, StringComparison.Ordinal);
        }

        using (var slices = OutputSlices.Gather(engine, Files(folder), 50, folder.File("slices"), 1))
        {
            var fewer = Record.Exception(() => AuthorTiles.Write(slices, 51, folder.File("made"), 1));
            Assert.Contains("has 50 authors, and the release has 51", fewer?.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_told_as_what_it_is()
    {
        using var folder = new TemporaryFolder();
        using var engine = Engine.Open(folder.File("tmp"), new EngineLimits(1, 500_000_000));
        Write(engine, folder, 5_000);
        using var slices = OutputSlices.Gather(engine, Files(folder), 5_000, folder.File("slices"), 2);
        File.Create(folder.File("made")).Dispose(); // Where a folder should be.
        var failure = Record.Exception(() => AuthorTiles.Write(slices, 5_000, folder.File("made"), 2));
        Assert.IsAssignableFrom<IOException>(failure);
    }

    private static string[] Files(TemporaryFolder folder) => [folder.File("0.parquet"), folder.File("1.parquet")];

    private static string[] Write(Engine engine, TemporaryFolder folder, int authors)
    {
        foreach (var (file, at) in Files(folder).Select((file, at) => (file, at)))
        {
            engine.Execute($"""
                COPY (SELECT 'a' || n AS account, from_hex(sha256('author ' || n)) AS output
                    FROM range({authors}) t(n) WHERE n % 2 = {at})
                TO {Engine.Literal(file)} (FORMAT parquet)
                """);
        }

        var outputs = engine.Query(
            $"SELECT sha256('author ' || n) FROM range({authors}) t(n)", row => row.GetString(0)).ToArray();
        Array.Sort(outputs, StringComparer.Ordinal);
        return outputs;
    }

    private static Hash LeafByLeaf(string directory, string[] outputs)
    {
        var bits = ReleaseAuthors.Bits(outputs.Length);
        var leaves = outputs.ToLookup(output => bits == 0 ? 0 : Convert.ToInt64(output[..15], 16) >> (60 - bits));
        var writer = TileWriter.Continue(directory, new TreeSize(0));
        for (var leaf = 0L; leaf < 1L << bits; leaf++)
            writer.Append([.. leaves[leaf].SelectMany(Convert.FromHexString)]);
        writer.Complete();
        return writer.Root();
    }

    private static SortedDictionary<string, string> Bytes(string directory) => new(
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).ToDictionary(
            file => Path.GetRelativePath(directory, file),
            file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))), StringComparer.Ordinal);
}
