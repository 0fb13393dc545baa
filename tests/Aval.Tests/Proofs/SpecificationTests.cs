using System.Text;
using System.Text.Json;
using Aval.Ledger;
using Aval.Tests.Exports;

namespace Aval.Tests.Proofs;

/// <summary>What other people's implementations wrote, read by ours: the formats are theirs, not ours.</summary>
public sealed class SpecificationTests
{
    [Fact]
    public void The_signed_note_of_the_specification_is_read()
    {
        var note = SignedNote.Parse(File.ReadAllBytes(SharedData.Path("specs/checkpoints/signed-note-example.txt")));
        Assert.Equal("This is an example message.\n", note.Text);
        // The specification's key is not among the vectors; the line's name and id are what it says.
        Assert.Equal(
            ("example.com/foo", 0x530d903au, 64),
            (note.Signatures[0].Name, note.Signatures[0].Id, note.Signatures[0].Signature.Length));
    }

    [Theory]
    [InlineData("sumdb-35225469.txt", 35225469)]
    [InlineData("sumdb-6476701.txt", 6476701)]
    public void A_public_logs_checkpoint_is_verified_and_with_any_bit_changed_it_is_not(string file, long size)
    {
        var key = VerifierKey.Parse(File.ReadAllText(SharedData.Path("specs/checkpoints/vkey.txt")));
        var note = File.ReadAllBytes(SharedData.Path("specs/checkpoints/" + file));
        Assert.Equal(new TreeSize(size), Checkpoint.Verify(note, key, "go.sum database tree").Size);
        Assert.Throws<ProofException>(() => Checkpoint.Verify(note, key, "another log"));
        Mutations.OfEveryBit(note, changed => Checkpoint.Verify(changed, key, "go.sum database tree"));
    }

    [Fact]
    public void The_third_party_log_has_the_root_of_each_of_its_checkpoints_and_each_continues_the_older_ones()
    {
        var log = SharedData.Path("specs/tessera-log");
        var key = VerifierKey.Parse(File.ReadAllText(Path.Combine(log, "vkey.txt")));
        var checkpoints = Directory.GetFiles(log, "checkpoint*")
            .Select(path => Checkpoint.Verify(File.ReadAllBytes(path), key, "example.com/log/testdata"))
                .Distinct().OrderBy(checkpoint => checkpoint.Size.Value).ToArray();
        Assert.Equal(16, checkpoints.Length);
        foreach (var newer in checkpoints)
        {
            var reader = new TileReader(log, newer.Size);
            Assert.Equal(newer.Root, reader.Root());
            for (var index = 0L; index < newer.Size.Value; index++)
                MerkleTree.RequireInclusion(
                    MerkleTree.Leaf(reader.Entry(new EntryIndex(index))), new EntryIndex(index), newer.Size, newer.Root,
                    reader.Inclusion(new EntryIndex(index)));
            foreach (var older in checkpoints.Where(checkpoint => checkpoint.Size.Value <= newer.Size.Value))
                MerkleTree.RequireConsistency(
                    older.Size, older.Root, newer.Size, newer.Root, reader.Consistency(older.Size));
        }
    }

    [Fact]
    public void The_third_party_proof_is_verified_and_written_again_byte_for_byte()
    {
        var file = File.ReadAllBytes(SharedData.Path("specs/checkpoints/five.tlog-proof"));
        var log = SharedData.Path("specs/tessera-log");
        var key = VerifierKey.Parse(File.ReadAllText(Path.Combine(log, "vkey.txt")));
        var entry = new TileReader(log, new TreeSize(15)).Entry(new EntryIndex(4));
        var proof = InclusionProof.Parse(file);
        Assert.Equal(new TreeSize(15), proof.Verify(entry, key, "example.com/log/testdata").Size);
        Assert.Equal(file, proof.ToFile());
        Mutations.OfEveryBit(
            file, changed => InclusionProof.Parse(changed).Verify(entry, key, "example.com/log/testdata"));
        Mutations.OfEveryBit(entry, changed => proof.Verify(changed, key, "example.com/log/testdata"));
    }

    [Fact]
    public void The_golden_tree_of_600_entries_has_the_same_roots_and_proofs()
    {
        var lines = File.ReadAllLines(SharedData.Path("specs/merkle/xmod-golden-600.tsv"))
            .Select(line => line.Split('\t')).ToArray();
        using var folder = new TemporaryFolder();
        var roots = new List<Hash> { MerkleTree.Empty };
        var writer = TileWriter.Continue(folder.Path, new TreeSize(0));
        for (var index = 0; index < 600; index++)
        {
            writer.Append(Record(index));
            writer.Complete(); // Each size is one that a checkpoint is published for.
            roots.Add(writer.Root());
        }

        Assert.Equal(1801, lines.Length);
        foreach (var line in lines)
        {
            var (size, proof) = (int.Parse(line[1], null), line[^1].Split(',', StringSplitOptions.RemoveEmptyEntries));
            switch (line[0])
            {
                case "root":
                    Assert.Equal(line[2], roots[size].ToString());
                    break;
                case "inclusion":
                    var index = new EntryIndex(long.Parse(line[2], null));
                    Assert.Equal(line[3], MerkleTree.Leaf(Record((int)index.Value)).ToString());
                    AssertProof(proof, At(folder, size).Inclusion(index));
                    MerkleTree.RequireInclusion(
                        MerkleTree.Leaf(Record((int)index.Value)), index, new TreeSize(size), roots[size],
                        Hashes(proof));
                    break;
                case "consistency":
                    var older = int.Parse(line[2], null);
                    AssertProof(proof, At(folder, size).Consistency(new TreeSize(older)));
                    MerkleTree.RequireConsistency(
                        new TreeSize(older), roots[older], new TreeSize(size), roots[size], Hashes(proof));
                    break;
                default:
                    Assert.Fail(line[0]);
                    break;
            }
        }
    }

    [Fact]
    public void Every_probe_of_an_inclusion_proof_ends_as_it_should() => Probe("inclusion", 98, probe =>
        MerkleTree.RequireInclusion(
            Parse(probe.GetProperty("leafHash")),
            new EntryIndex(unchecked((long)probe.GetProperty("leafIdx").GetUInt64())),
            new TreeSize(unchecked((long)probe.GetProperty("treeSize").GetUInt64())), Parse(probe.GetProperty("root")),
            Hashes(probe)));

    [Fact]
    public void Every_probe_of_a_consistency_proof_ends_as_it_should() => Probe("consistency", 98, probe =>
        MerkleTree.RequireConsistency(
            new TreeSize(unchecked((long)probe.GetProperty("size1").GetUInt64())), Parse(probe.GetProperty("root1")),
            new TreeSize(unchecked((long)probe.GetProperty("size2").GetUInt64())), Parse(probe.GetProperty("root2")),
            Hashes(probe)));

    private static byte[] Record(int index) => Encoding.ASCII.GetBytes($"record {index}");

    private static TileReader At(TemporaryFolder folder, int size) => new(folder.Path, new TreeSize(size));

    private static Hash[] Hashes(string[] proof) =>
        [.. proof.Select(text => Hash.TryParse(text, out var hash) ? hash : throw new FormatException(text))];

    private static void AssertProof(string[] expected, IReadOnlyList<Hash> proof) =>
        Assert.Equal(expected, proof.Select(hash => hash.ToString()));

    // Some probes have hashes of another length; a hash of its own stands for each, and none for what is empty.
    private static Hash Parse(JsonElement text) => Convert.FromBase64String(text.GetString() ?? "") switch
    {
        [] => throw ProofException.Malformed("Nothing."),
        { Length: Hash.Size } bytes => Hash.From(bytes),
        var bytes => Hash.Of([.. "another length"u8, .. bytes]),
    };

    private static Hash[] Hashes(JsonElement probe) =>
        probe.GetProperty("proof") is { ValueKind: JsonValueKind.Array } proof
            ? [.. proof.EnumerateArray().Select(Parse)]
            : [];

    // These probes' authors refuse to compare with an empty tree; tlog-checkpoint's do, when its root is the empty one.
    private static bool IsOfEmptyTree(JsonElement probe) =>
        probe.TryGetProperty("size1", out var size) && size.GetUInt64() == 0
        && probe.GetProperty("size2").GetUInt64() > 0
        && probe.GetProperty("root1").GetString() == MerkleTree.Empty.ToString() && Hashes(probe).Length == 0;

    private static void Probe(string kind, int atLeast, Action<JsonElement> verify)
    {
        var files = Directory.GetFiles(SharedData.Path("specs/merkle/" + kind), "*.json", SearchOption.AllDirectories);
        Assert.True(files.Length >= atLeast, $"{files.Length} probes");
        var wrong = new List<string>();
        foreach (var file in files)
        {
            using var probe = JsonDocument.Parse(File.ReadAllBytes(file));
            var accepted = true;
            try
            {
                verify(probe.RootElement);
            }
            catch (ProofException)
            {
                accepted = false;
            }

            if (accepted == (probe.RootElement.GetProperty("wantErr").GetBoolean()
                && !IsOfEmptyTree(probe.RootElement)))
                wrong.Add(Path.GetRelativePath(SharedData.Path("specs/merkle"), file));
        }

        Assert.Empty(wrong);
    }
}
