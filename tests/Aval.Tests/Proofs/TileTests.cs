using System.Numerics;
using System.Security.Cryptography;
using Aval.Ledger;
using CsCheck;
using Hash = Aval.Proofs.Hash;

namespace Aval.Tests.Proofs;

/// <summary>Tiles against the definition: RFC 6962 §2.1, written down as it stands there.</summary>
public sealed class TileTests
{
    [Fact]
    public void A_log_written_in_any_batches_and_continued_at_any_size_is_the_tree_of_the_definition()
    {
        var batches = Gen.Int[0, 600].List[1, 6];
        batches.Sample(
            sizes =>
            {
                using var folder = new TemporaryFolder();
                var (entries, size) = (new List<byte[]>(), 0);
                foreach (var batch in sizes)
                {
                    var writer = TileWriter.Continue(folder.Path, new TreeSize(size));
                    for (var i = 0; i < batch; i++, size++)
                    {
                        entries.Add(Entry(size));
                        writer.Append(entries[^1]);
                    }

                    writer.Complete();
                    Assert.Equal(Definition(entries, 0, size), writer.Root());
                    AssertLog(folder.Path, entries, size);
                }
            },
            iter: 25, threads: 1);
    }

    [Theory]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(65535)]
    [InlineData(65536)]
    [InlineData(65537)]
    public void At_the_edges_of_tiles_the_tree_is_that_of_the_definition_and_can_be_continued(int size)
    {
        using var folder = new TemporaryFolder();
        var entries = Enumerable.Range(0, size + 2).Select(Entry).ToArray();
        var writer = TileWriter.Continue(folder.Path, new TreeSize(0));
        foreach (var entry in entries[..size])
            writer.Append(entry);
        writer.Complete();
        AssertLog(folder.Path, entries, size);
        for (var more = size; more < size + 2; more++)
        {
            writer = TileWriter.Continue(folder.Path, new TreeSize(more));
            writer.Append(entries[more]);
            writer.Complete();
            AssertLog(folder.Path, entries, more + 1);
        }
    }

    [Fact]
    public void A_partial_tile_of_every_published_size_lies_where_the_specification_has_it()
    {
        Assert.Equal("tile/0/x001/x234/067", TilePath.Of(0, 1234067, 256));
        Assert.Equal("tile/1/001.p/17", TilePath.Of(1, 1, TilePath.WidthAt(1, 1, 70000)));
        Assert.Equal("tile/0/273.p/112", TilePath.Of(0, 273, TilePath.WidthAt(0, 273, 70000)));
        Assert.Equal("tile/2/000.p/1", TilePath.Of(2, 0, TilePath.WidthAt(2, 0, 70000)));
        Assert.Equal(
            "tile/entries/273.p/112",
            TilePath.Of(TilePath.Entries, 273, TilePath.WidthAt(TilePath.Entries, 273, 70000)));
        using var folder = new TemporaryFolder();
        for (var size = 1; size <= 300; size++)
        {
            var writer = TileWriter.Continue(folder.Path, new TreeSize(size - 1));
            writer.Append(Entry(size - 1));
            writer.Complete();
            foreach (var level in new[] { TilePath.Entries, 0, 1 })
            {
                var (number, width) =
                    (TilePath.HashesAt(level, size) >> 8, (int)(TilePath.HashesAt(level, size) & 255));
                if (width > 0)
                    Assert.True(
                        File.Exists(Path.Combine(folder.Path, TilePath.Of(level, number, width))),
                        $"level {level} at {size}");
            }
        }

        Assert.False(Directory.Exists(Path.Combine(folder.Path, "tile/0/000.p")));
    }

    private static byte[] Entry(int index) => SHA256.HashData(BitConverter.GetBytes(index))[..(index % 33)];

    private static void AssertLog(string directory, IReadOnlyList<byte[]> entries, int size)
    {
        var reader = new TileReader(directory, new TreeSize(size));
        var root = Definition(entries, 0, size);
        Assert.Equal(root, reader.Root());
        if (size == 0)
            return;
        foreach (var index in new[] { 0, size / 3, size / 2, size - 1 })
        {
            Assert.Equal(entries[index], reader.Entry(new EntryIndex(index)));
            MerkleTree.RequireInclusion(
                MerkleTree.Leaf(entries[index]), new EntryIndex(index), new TreeSize(size), root,
                reader.Inclusion(new EntryIndex(index)));
            MerkleTree.RequireConsistency(
                new TreeSize(index), Definition(entries, 0, index), new TreeSize(size), root,
                reader.Consistency(new TreeSize(index)));
        }
    }

    // MTH of RFC 6962 §2.1.
    private static Hash Definition(IReadOnlyList<byte[]> entries, int from, int to)
    {
        if (to == from)
            return Hash.Of([]);
        if (to - from == 1)
            return Hash.Of([0x00, .. entries[from]]);
        var split = from + (1 << BitOperations.Log2((uint)(to - from - 1)));
        return Hash.Of([0x01, .. Convert.FromHexString(Definition(entries, from, split)
            .ToHex()), .. Convert.FromHexString(Definition(entries, split, to).ToHex())]);
    }
}
