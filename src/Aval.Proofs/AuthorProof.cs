using System.Text;

namespace Aval.Proofs;

/// <summary>What a proof about an account shows.</summary>
public enum AuthorVerdict
{
    /// <summary>No item of the release is by the account.</summary>
    Absent,

    /// <summary>At least one item of the release is by the account.</summary>
    Present,
}

/// <summary>
/// A <c>.proof</c> file: the one leaf of a release's tree of authors in which an account is listed or would be, that it
/// stands in the tree, and that this is the account's leaf (docs/formats/authors.md). It names no account: who checks
/// it says about whom. Reading it verifies nothing; <see cref="Verify"/> does.
/// </summary>
/// <param name="Bucket">The leaf: VRF outputs of 32 bytes each; none when it is empty.</param>
/// <param name="Inclusion">That it stands in the tree; <see cref="InclusionProof.Extra"/> is the VRF proof, 81
/// bytes.</param>
public sealed record AuthorProof(byte[] Bucket, InclusionProof Inclusion)
{
    /// <summary>The first line.</summary>
    public const string Header = "aval-author-proof/1";

    private const string BucketName = "bucket ";

    /// <summary>Reads a proof.</summary>
    /// <exception cref="ProofException">Malformed.</exception>
    public static AuthorProof Parse(ReadOnlySpan<byte> file)
    {
        file = Mailed.AsSent(file);
        var split = file.IndexOf("\n\n"u8);
        if (split < 0)
            throw Broken("it has no empty line");
        var lines = Encoding.Latin1.GetString(file[..split]).Split('\n');
        if (lines[0] != Header)
            throw Broken($"its first line is not {Header}");
        if (lines.Length != 2 || !lines[1].StartsWith(BucketName, StringComparison.Ordinal)
            || !Base64.TryDecode(lines[1][BucketName.Length..], out var bucket))
            throw Broken("its second line, the last before the empty one, is not a bucket in base64");
        return new AuthorProof(bucket, InclusionProof.Parse(file[(split + 2)..]));
    }

    /// <summary>The bytes of the file.</summary>
    public byte[] ToFile() => [.. Encoding.ASCII.GetBytes($"{Header}\n{BucketName}"
        + $"{Convert.ToBase64String(Bucket)}\n\n"), .. Inclusion.ToFile()];

    /// <summary>Checks the proof, and says what it shows.</summary>
    /// <param name="authors">The tree, as the release's manifest states it.</param>
    /// <param name="account">About whom, <c>service:id</c>.</param>
    /// <param name="key">Who must have signed the tree: the ledger's key.</param>
    /// <exception cref="ProofException">It shows nothing: malformed, of another tree, about another account, or made
    /// up.</exception>
    public AuthorVerdict Verify(AuthorTree authors, string account, VerifierKey key)
    {
        ArgumentNullException.ThrowIfNull(authors);
        var checkpoint = Checkpoint.Verify(Inclusion.Note, key, authors.Origin);
        if (checkpoint.Size != authors.Size || checkpoint.Root != authors.Root)
            throw ProofException.Wrong(
                $"The proof is about a tree of authors with {checkpoint.Size} leaves and the root {checkpoint.Root}, "
                + $"but the manifest states {authors.Size} leaves and the root {authors.Root}.");
        // The account is bound to its place here: without it, anybody's empty leaf would do for everybody.
        var output = authors.Key.Verify(AuthorTree.Alpha(authors.Scope, account), Inclusion.Extra);
        if (authors.PlaceOf(output) != Inclusion.Index)
            throw ProofException.Wrong($"The proof shows leaf {Inclusion.Index} of the tree of authors, but the "
                + $"account's place is leaf {authors.PlaceOf(output)}.");
        MerkleTree.RequireInclusion(
            MerkleTree.Leaf(Bucket), Inclusion.Index, authors.Size, authors.Root, Inclusion.Hashes);
        AuthorTree.RequireLeaf(Bucket, Inclusion.Index, authors.Bits);
        for (var at = 0; at < Bucket.Length; at += Hash.Size)
        {
            if (Hash.From(Bucket.AsSpan(at, Hash.Size)) == output)
                return AuthorVerdict.Present;
        }

        return AuthorVerdict.Absent;
    }

    private static ProofException Broken(string why) =>
        ProofException.Malformed($"Not a proof about an author: {why}.");
}
