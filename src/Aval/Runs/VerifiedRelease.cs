using Aval.Building;
using Aval.Corpus;
using Aval.Ledger;
using Aval.Orders;

namespace Aval.Runs;

/// <summary>A release of this workspace that may be used, and of which every byte is as it was committed.</summary>
/// <param name="Folder">Where it lies.</param>
/// <param name="Manifest">Its manifest.</param>
/// <param name="ManifestSha256">64 hexadecimal digits.</param>
internal sealed record VerifiedRelease(string Folder, Manifest Manifest, string ManifestSha256)
{
    /// <summary>NAME/ID.</summary>
    public string Name => $"{Manifest.Corpus}/{Manifest.Release}";

    /// <summary>What statements say of it.</summary>
    public StatedFile Subject => new($"{Name}/{Manifest.FileName}", ManifestSha256);

    /// <summary>Asks the gate and the orders in force: before a release is read, and again before what was made of it
    /// leaves.</summary>
    /// <inheritdoc cref="Require"/>
    public static void RequireUsable(Workspace workspace, Manifest manifest, string undone, DateTimeOffset now)
    {
        ReleaseGate.Require(workspace, manifest, undone);
        OrderGate.RequireUse(workspace, Gated(workspace, manifest), undone, now);
    }

    /// <summary>A release as orders see it.</summary>
    public static GatedRelease Gated(Workspace workspace, Manifest manifest)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(manifest);
        return new GatedRelease(
            manifest.Corpus, manifest.Release, manifest.PolicyText, manifest.Orders,
            () => Withdrawal.ReplacedBy(Path.Combine(workspace.Corpus, manifest.Corpus), manifest));
    }

    /// <summary>Asks the gate, then verifies every file.</summary>
    /// <param name="workspace">Whose release it is.</param>
    /// <param name="release">As on the command line.</param>
    /// <param name="undone">What did not happen when it is refused, as a sentence.</param>
    /// <param name="now">Which orders are in force is asked of this instant.</param>
    /// <exception cref="AvalException">Usage: there is none. Refused: by the gate, by an order in force, or it does
    /// not verify.</exception>
    public static VerifiedRelease Require(Workspace workspace, string? release, string undone, DateTimeOffset now)
    {
        var folder = ReleaseName.Find(workspace, release);
        var manifest = Manifest.Read(folder);
        RequireUsable(workspace, manifest, undone, now);
        if (manifest.LedgerOrigin != workspace.Settings.Origin)
            throw AvalException.Refused($"{folder}: this release is committed to the ledger {manifest.LedgerOrigin}, "
                + $"and this workspace's is {workspace.Settings.Origin}: nobody can tell here who is in it. {undone}");
        try
        {
            var signature = File.ReadAllBytes(Path.Combine(folder, ReleaseCommitment.SignatureFile));
            var verified = ReleaseVerification.Verify(folder, LedgerKeys.Of(workspace).For(signature));
            ReleaseCommitment.RequireContinued(workspace, folder);
            return new VerifiedRelease(folder, manifest, verified.Manifest.Sha256.ToHex());
        }
        catch (ProofException wrong)
        {
            throw AvalException.Refused($"{folder}: this release does not verify: {wrong.Message} {undone} Restore it "
                + "from a copy, or build it again.");
        }
    }
}
