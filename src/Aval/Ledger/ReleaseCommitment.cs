using Aval.Choices;
using Aval.Recording;

namespace Aval.Ledger;

/// <summary>What makes a release the operator's word: the signature over its manifest, and its entry in the ledger.</summary>
/// <param name="Signature">manifest.sig: a signed note.</param>
/// <param name="Proof">manifest.tlog-proof: that the manifest's entry is in the ledger.</param>
public sealed record ReleaseCommitment(byte[] Signature, byte[] Proof)
{
    /// <summary>Its name in a release.</summary>
    public const string SignatureFile = "manifest.sig";

    /// <summary>Its name in a release.</summary>
    public const string ProofFile = "manifest.tlog-proof";

    // A build took minutes; it does not give its work up because a bulk import of choices is in the way.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    /// <summary>The text that is signed (docs/formats/release.md).</summary>
    public static string Text(string corpus, string release, ReadOnlySpan<byte> manifest) => $"aval-manifest/1\n{corpus}/{release}\n{Hash.Of(manifest)}\n";

    /// <summary>
    /// Signs a manifest and puts it into the ledger, where it stays, whatever becomes of the release. A manifest that is
    /// there already, because a build was killed before its release became visible, is not entered again.
    /// </summary>
    public static ReleaseCommitment Make(Workspace workspace, string corpus, string release, byte[] manifest)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(manifest);
        var key = SigningKey.Read(workspace.SigningKeyFile);
        var entry = LedgerEntry.OfRelease(manifest);
        using var store = CommittedChoices.OpenStore(workspace, Patience);
        var index = store.Find(entry) ?? store.Append([new NewEntry(entry, null)]).First;
        var published = new Integrator(workspace, key).Publish(store, new TreeSize(index.Value + 1), Patience);
        var proof = new InclusionProof(index, new TileReader(workspace.Ledger, published.Size).Inclusion(index), published.Note);
        return new ReleaseCommitment(key.Sign(Text(corpus, release, manifest)), proof.ToFile());
    }
}
