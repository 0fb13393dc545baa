using Aval.Corpus;
using Aval.Ledger;
using Aval.Recording;
using Aval.Storage;

namespace Aval.Building;

/// <summary>
/// What makes a release the operator's word: the signature over its manifest, and its entry in the ledger.
/// </summary>
/// <param name="Signature">manifest.sig: a signed note.</param>
/// <param name="Proof">manifest.tlog-proof: that the manifest's entry is in the ledger.</param>
internal sealed record ReleaseCommitment(byte[] Signature, byte[] Proof)
{
    /// <summary>Its name in a release.</summary>
    public const string SignatureFile = "manifest.sig";

    /// <summary>Its name in a release.</summary>
    public const string ProofFile = "manifest.tlog-proof";

    // A build took minutes; it does not give its work up because a bulk import of choices is in the way.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    /// <summary>The text that is signed (docs/formats/release.md).</summary>
    public static string Text(string corpus, string release, ReadOnlySpan<byte> manifest) =>
        $"aval-manifest/1\n{corpus}/{release}\n{Hash.Of(manifest)}\n";

    /// <summary>
    /// Signs a manifest and puts it into the ledger, where it stays, whatever becomes of the release. A manifest that
    /// is there already, because a build was killed before its release became visible, is not entered again.
    /// </summary>
    public static ReleaseCommitment Make(Workspace workspace, string corpus, string release, byte[] manifest)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(manifest);
        var key = SigningKey.Read(workspace.SigningKeyFile);
        var proof = Enter(workspace, key, LedgerEntry.OfRelease(manifest));
        return new ReleaseCommitment(key.Sign(Text(corpus, release, manifest)), proof);
    }

    /// <summary>
    /// Enters what a recall did into the ledger, and lays it into the release's folder with the proof of its entry.
    /// </summary>
    public static void EnterRecall(Workspace workspace, string release, byte[] recall)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(recall);
        var entry = new LedgerEntry(EntryKind.OfficerAction, Hash.Of(recall));
        // Before it is entered: an entry of which nobody has the text looks like one whose record was taken away.
        LedgerRecords.Keep(workspace, recall);
        var proof = Enter(workspace, SigningKey.Read(workspace.SigningKeyFile), entry);
        // The proof first: what withdraws others is never there without it.
        Durable.Replace(Path.Combine(release, Withdrawal.RecallProof), proof);
        Durable.Replace(Path.Combine(release, Withdrawal.RecallFile), recall);
    }

    private static byte[] Enter(Workspace workspace, SigningKey key, LedgerEntry entry)
    {
        using IEntryStore store = CommittedChoices.OpenStore(workspace, Patience);
        var index = store.Find(entry) ?? store.Append(entry);
        var published = new Integrator(workspace, key).Publish(store, new TreeSize(index.Value + 1), Patience);
        return new InclusionProof(
            index, new TileReader(workspace.Ledger, published.Size).Inclusion(index), published.Note).ToFile();
    }

    /// <summary>
    /// Checks that this workspace's ledger continues the checkpoint that a release of it was committed under.
    /// </summary>
    /// <exception cref="AvalException">Refused: a fork. Bad input: the release has no proof of its entry, or a damaged
    /// one.</exception>
    public static void RequireContinued(Workspace workspace, string release)
    {
        var path = Path.Combine(release, ProofFile);
        try
        {
            Fork.RequireContinued(workspace, InclusionProof.Parse(File.ReadAllBytes(path)).Note, path);
        }
        catch (ProofException broken)
        {
            throw AvalException.BadInput(
                $"{path}: {broken.Message} Nothing was done. The release is damaged: restore it from a copy.", broken);
        }
    }
}
