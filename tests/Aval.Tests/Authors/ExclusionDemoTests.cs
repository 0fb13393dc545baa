using System.Text.Json;
using Aval.Tests.Exports;

namespace Aval.Tests.Authors;

/// <summary>Two proofs that somebody else's code made (shared data, specs/exclusion-demo).</summary>
public sealed class ExclusionDemoTests
{
    [Theory]
    [InlineData("alice", AuthorVerdict.Absent)]
    [InlineData("bob", AuthorVerdict.Present)]
    public void A_third_partys_proof_is_understood(string author, AuthorVerdict expected)
    {
        var (tree, key) = Demo();
        var proof = AuthorProof.Parse(AuthorProof.Parse(Proof(author).ToFile()).ToFile());
        Assert.Equal(expected, proof.Verify(tree, author, key));
    }

    [Fact]
    public void Alices_absence_says_nothing_about_bob_nor_the_other_way_round()
    {
        var (tree, key) = Demo();
        Assert.Throws<ProofException>(() => Proof("alice").Verify(tree, "bob", key));
        Assert.Throws<ProofException>(() => Proof("bob").Verify(tree, "alice", key));
        Assert.Throws<ProofException>(
            () => (Proof("bob") with { Bucket = Proof("alice").Bucket }).Verify(tree, "bob", key));
        Assert.Throws<ProofException>(() =>
            (Proof("bob") with { Inclusion = Proof("alice").Inclusion with { Extra = Proof("bob").Inclusion.Extra } })
                .Verify(tree, "bob", key));
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("bob")]
    public void No_bit_of_a_third_partys_proof_can_be_changed(string author)
    {
        var (tree, key) = Demo();
        var file = Proof(author).ToFile();
        for (var bit = 0; bit < file.Length * 8; bit++)
        {
            var changed = (byte[])file.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<ProofException>(() => AuthorProof.Parse(changed).Verify(tree, author, key));
        }
    }

    private static AuthorProof Proof(string author) => new(
        File.ReadAllBytes(SharedData.Path($"specs/exclusion-demo/{author}.leaf")),
        InclusionProof.Parse(File.ReadAllBytes(SharedData.Path($"specs/exclusion-demo/{author}.tlog-proof"))));

    private static (AuthorTree Tree, VerifierKey Key) Demo()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedData.Path("specs/exclusion-demo/demo.json")));
        var demo = document.RootElement;
        string Text(string name) => demo.GetProperty(name).GetString()!;
        Assert.True(Hash.TryParse(Text("root"), out var root));
        return (new AuthorTree(
            Text("origin"), new TreeSize(1L << demo.GetProperty("k").GetInt32()), root,
            VrfPublicKey.Parse(Convert.FromHexString(Text("vrf_pk"))), Text("release")),
            VerifierKey.Parse(Text("vkey")));
    }
}
