using System.Text;
using Aval.Storage;

namespace Aval.Ledger;

/// <summary>
/// Two histories of one log: the one thing that a ledger must never have. Whoever finds one keeps both checkpoints as
/// evidence and stops.
/// </summary>
public static class Fork
{
    /// <summary>Checks that this workspace's ledger continues what an older checkpoint of it committed to.</summary>
    /// <param name="workspace">Whose ledger.</param>
    /// <param name="published">Its checkpoint.</param>
    /// <param name="older">A checkpoint that was seen elsewhere: in a receipt, a proof or a file. Signed by the same key, or it says nothing.</param>
    /// <param name="keys">The ledger's keys, old ones too.</param>
    /// <exception cref="AvalException">Refused: a fork; both checkpoints are kept.</exception>
    /// <exception cref="ProofException">The older one is malformed, of another log or signed by nobody we know.</exception>
    public static void RequireConsistent(Workspace workspace, PublishedCheckpoint published, byte[] older, LedgerKeys keys)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(published);
        ArgumentNullException.ThrowIfNull(older);
        ArgumentNullException.ThrowIfNull(keys);
        var seen = Checkpoint.Verify(older, keys.For(older), workspace.Settings.Origin);
        if (seen.Size.Value > published.Size.Value)
            throw Found(workspace, published.Note, older, $"somebody holds a checkpoint of {seen.Size} entries, and this ledger has {published.Size}: what was committed since is lost here, most likely by restoring an old backup");
        try
        {
            MerkleTree.RequireConsistency(seen.Size, seen.Root, published.Size, published.Checkpoint.Root, new TileReader(workspace.Ledger, published.Size).Consistency(seen.Size));
        }
        catch (ProofException)
        {
            throw Found(workspace, published.Note, older, $"the checkpoint of {seen.Size} entries is not continued by this ledger of {published.Size}");
        }
    }

    /// <summary>The same, for whoever comes upon an older checkpoint in a file of this workspace: a release, a receipt.</summary>
    /// <param name="workspace">Whose ledger.</param>
    /// <param name="older">The checkpoint.</param>
    /// <param name="where">In which file it was found.</param>
    /// <exception cref="AvalException">Refused: a fork. Bad input: it is no checkpoint of this ledger, or the ledger has none.</exception>
    public static void RequireContinued(Workspace workspace, byte[] older, string where)
    {
        var keys = LedgerKeys.Of(workspace);
        var published = PublishedCheckpoint.Read(workspace, keys.All[0])
            ?? throw AvalException.BadInput($"{PublishedCheckpoint.PathIn(workspace)}: there is no checkpoint, and {where} holds one of this ledger. Nothing was done. Restore ledger/ (docs/operations.md, \"Restore\"), and do not record before that.");
        try
        {
            RequireConsistent(workspace, published, older, keys);
        }
        catch (ProofException broken)
        {
            throw AvalException.BadInput($"{where}: {broken.Message} Nothing was done.", broken);
        }
    }

    /// <summary>The same, for the checkpoint that a release of this workspace was committed under.</summary>
    /// <exception cref="AvalException">Refused: a fork. Bad input: the release has no proof of its entry, or a damaged one.</exception>
    public static void RequireContinued(Workspace workspace, string release)
    {
        var path = Path.Combine(release, ReleaseCommitment.ProofFile);
        try
        {
            RequireContinued(workspace, InclusionProof.Parse(File.ReadAllBytes(path)).Note, path);
        }
        catch (ProofException broken)
        {
            throw AvalException.BadInput($"{path}: {broken.Message} Nothing was done. The release is damaged: restore it from a copy.", broken);
        }
    }

    /// <summary>Keeps two checkpoints that contradict each other, and says so.</summary>
    /// <param name="workspace">Where.</param>
    /// <param name="ours">The one of this ledger, as a signed note.</param>
    /// <param name="other">The other one, or what stands in its place.</param>
    /// <param name="how">In which way they contradict each other.</param>
    public static AvalException Found(Workspace workspace, byte[] ours, byte[] other, string how)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var evidence = Path.Combine(workspace.Root, "evidence");
        Directory.CreateDirectory(evidence);
        byte[] both = [.. "One of these:\n\n"u8, .. ours, .. "\ncontradicts the other:\n\n"u8, .. other];
        // Named by what it holds: the same fork found again is the same file, and another one never overwrites it.
        var path = Path.Combine(evidence, $"fork-{Hash.Of(both).ToHex()[..16]}.txt");
        if (!File.Exists(path))
            Durable.Replace(path, both);
        return AvalException.Refused(new StringBuilder("FORK: ").Append(workspace.Settings.Origin).Append(": ").Append(how)
            .Append($". Both are kept in {path}. Nothing was recorded or published by this command, and nothing should be until this is explained: see \"A fork\" in docs/operations.md.").ToString());
    }
}
