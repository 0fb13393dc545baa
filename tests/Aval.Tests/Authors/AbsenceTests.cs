using Aval.Authors;
using Aval.Ledger;

namespace Aval.Tests.Authors;

/// <summary>
/// Verifiers of absence are known to forget whom the proof is about. Here the prover is the cheat: it has the keys, and
/// puts together from a signed tree whatever might show that somebody who is in it is not.
/// </summary>
public sealed class AbsenceTests
{
    [Fact]
    public void No_author_can_be_shown_absent_by_anything_that_can_be_put_together_from_the_tree()
    {
        using var built = new BuiltRelease(60);
        built.Build();
        var (authors, key, verifier) = Keys(built);
        var tree = new TileReader(Path.Combine(built.Directory, "authors"), authors.Size);
        var note = File.ReadAllBytes(Path.Combine(built.Directory, "authors", "checkpoint"));
        var tried = 0;
        foreach (var account in Enumerable.Range(0, 60).Select(BuiltRelease.Account))
        {
            var pi = key.Prove(AuthorTree.Alpha(authors.Scope, account));
            var output = key.Output(AuthorTree.Alpha(authors.Scope, account));
            var place = authors.PlaceOf(output);
            var others = Enumerable.Range(0, 70).Select(BuiltRelease.Account).Where(other => other != account)
                .Select(other => key.Prove(AuthorTree.Alpha(authors.Scope, other))).Take(12);
            var without = Without(tree.Entry(place), output);
            // Every leaf, its own and the nearest ones included, under its own index or the account's, whole or with
            // the account left out.
            for (var index = 0L; index < authors.Size.Value; index++)
            {
                var leaf = tree.Entry(new EntryIndex(index));
                foreach (var at in new[] { new EntryIndex(index), place })
                {
                    foreach (var path in new[] { new EntryIndex(index), place })
                    {
                        foreach (var bucket in new[] { leaf, without, [] })
                            RequireNotAbsent(
                                new AuthorProof(bucket, new InclusionProof(at, tree.Inclusion(path), note, pi)),
                                account);
                    }
                }
            }

            foreach (var foreign in others)
            {
                var index = authors.PlaceOf(Ecvrf.Output(foreign.AsSpan(0, 33)));
                RequireNotAbsent(
                    new AuthorProof(tree.Entry(index), new InclusionProof(index, tree.Inclusion(index), note, foreign)),
                    account);
            }
        }

        Assert.True(tried > 10_000);

        void RequireNotAbsent(AuthorProof proof, string account)
        {
            tried++;
            try
            {
                Assert.Equal(AuthorVerdict.Present, proof.Verify(authors, account, verifier));
            }
            catch (ProofException)
            {
                // Refused, as it must be.
            }
        }
    }

    [Fact]
    public void A_proof_is_about_one_tree_one_ledger_and_one_key()
    {
        using var built = new BuiltRelease(20);
        built.Build();
        var (authors, _, verifier) = Keys(built);
        var proof = AuthorProofs.Make(built.Workspace, built.Directory, Account.Parse("facebook:1000")).Proof;
        Assert.Equal(AuthorVerdict.Absent, proof.Verify(authors, "facebook:1000", verifier));
        Assert.All(
            new[]
            {
                authors with { Origin = authors.Origin + "x" },
                authors with { Scope = "another.example/ledger" },
                authors with { Size = new TreeSize(authors.Size.Value * 2) },
                authors with { Root = Hash.Of("another"u8) },
                authors with { Key = VrfKey.Generate().Public },
            },
            other => Assert.Equal(
                ProofFailure.Wrong,
                Assert.Throws<ProofException>(() => proof.Verify(other, "facebook:1000", verifier)).Failure));
        Assert.Throws<ProofException>(
            () => proof.Verify(authors, "facebook:1000", SigningKey.Generate(verifier.Name).Verifier));
        Assert.All(
            new[] { "facebook:1001", "instagram:1000", "", "facebook:1000\0", "\ud800" },
            other => Assert.Throws<ProofException>(() => proof.Verify(authors, other, verifier)));
    }

    [Theory]
    [InlineData(33)]
    [InlineData(64)]
    [InlineData(-32)]
    public void A_signed_leaf_that_is_not_whole_ascending_outputs_of_its_place_shows_nothing(int shape)
    {
        // The operator signs whatever it likes; a tree of one leaf makes every account's place the first.
        var (signer, key) = (SigningKey.Generate("example.org/ledger"), VrfKey.Generate());
        var outputs = Enumerable.Range(0, 3).Select(n => key.Output([(byte)n]).ToHex()).Order(StringComparer.Ordinal)
            .Select(Convert.FromHexString).ToArray();
        byte[] leaf = shape switch
        {
            33 => [.. outputs[0], 0],
            64 => [.. outputs[1], .. outputs[0]],
            _ => [.. outputs[0], .. outputs[0]],
        };
        var root = MerkleTree.Leaf(leaf);
        var authors = new AuthorTree("example.org/authors", new TreeSize(1), root, key.Public, "test");
        var note = signer.Sign(new Checkpoint(authors.Origin, authors.Size, root).Text);
        var proof = new AuthorProof(
            leaf, new InclusionProof(new EntryIndex(0), [], note, key.Prove(AuthorTree.Alpha("test", "facebook:1"))));
        Assert.Equal(
            ProofFailure.Wrong,
            Assert.Throws<ProofException>(() => proof.Verify(authors, "facebook:1", signer.Verifier)).Failure);
    }

    [Fact]
    public void A_tree_whose_size_is_no_power_of_two_has_no_place_for_anybody()
    {
        var (signer, key) = (SigningKey.Generate("example.org/ledger"), VrfKey.Generate());
        var authors = new AuthorTree("example.org/authors", new TreeSize(3), MerkleTree.Node(
            MerkleTree.Node(MerkleTree.Leaf([]), MerkleTree.Leaf([])), MerkleTree.Leaf([])), key.Public, "test");
        var note = signer.Sign(new Checkpoint(authors.Origin, authors.Size, authors.Root).Text);
        var proof = new AuthorProof([], new InclusionProof(
            new EntryIndex(2), [MerkleTree.Node(MerkleTree.Leaf([]), MerkleTree.Leaf([]))], note,
            key.Prove(AuthorTree.Alpha("test", "facebook:1"))));
        Assert.Contains("power of two", Assert.Throws<ProofException>(() =>
            proof.Verify(authors, "facebook:1", signer.Verifier)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("aval-author-proof/1\n\n")]
    [InlineData("aval-author-proof/2\nbucket \n\nc2sp.org/tlog-proof@v1\nindex 0\n\nx\n")]
    [InlineData("aval-author-proof/1\nbucket AAA\n\nc2sp.org/tlog-proof@v1\nindex 0\n\nx\n")]
    [InlineData("aval-author-proof/1\nbucket \nbucket \n\nc2sp.org/tlog-proof@v1\nindex 0\n\nx\n")]
    [InlineData("aval-author-proof/1\nbucket \n\nc2sp.org/tlog-proof@v1\nindex -1\n\nx\n")]
    public void What_is_no_proof_is_malformed(string text) =>
        Assert.Equal(
            ProofFailure.Malformed,
            Assert.Throws<ProofException>(() => AuthorProof.Parse(System.Text.Encoding.UTF8.GetBytes(text))).Failure);

    [Fact]
    public void A_proof_among_a_million_authors_is_at_most_2_KB()
    {
        // Drawn as VRF outputs are spread: the fullest of 2^18 leaves, and a proof of 18 hashes around it.
        var random = new Random(1);
        var counts = new int[1 << ReleaseAuthors.Bits(1_000_000)];
        for (var author = 0; author < 1_000_000; author++)
            counts[random.Next(counts.Length)]++;
        var (signer, key) =
            (SigningKey.Generate("a-rather-long-name.of-a-ledger.example.org/ledger"), VrfKey.Generate());
        var origin = ReleaseAuthors.Origin(signer.Verifier.Name, "announced-2025", "20260115T000000Z-0123456789ab");
        var note = signer.Sign(new Checkpoint(origin, new TreeSize(counts.Length), MerkleTree.Empty).Text);
        var proof = new AuthorProof(new byte[Hash.Size * counts.Max()], new InclusionProof(
            new EntryIndex(counts.Length - 1), [.. Enumerable.Repeat(MerkleTree.Empty, 18)], note, key.Prove([])));
        Assert.InRange(counts.Max(), 12, 20);
        Assert.InRange(proof.ToFile().Length, 1_000, 2_048);
    }

    private static (AuthorTree Authors, VrfKey Key, VerifierKey Verifier) Keys(BuiltRelease built) =>
        (built.Manifest.Authors, VrfKey.Read(built.Workspace.VrfKeyFile),
            SigningKey.Read(built.Workspace.SigningKeyFile).Verifier);

    private static byte[] Without(byte[] leaf, Hash output) =>
        [.. leaf.Chunk(Hash.Size).Where(one => Hash.From(one) != output).SelectMany(one => one)];
}
