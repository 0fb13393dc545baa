namespace Aval.Ledger;

/// <summary>The checkpoint that a workspace's ledger shows to the world.</summary>
/// <param name="Checkpoint">What it says.</param>
/// <param name="Note">The file: what it says, with its signatures.</param>
internal sealed record PublishedCheckpoint(Checkpoint Checkpoint, byte[] Note)
{
    /// <summary>How many entries it covers.</summary>
    public TreeSize Size => Checkpoint.Size;

    /// <summary>Where it lies.</summary>
    public static string PathIn(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        return Path.Combine(workspace.Ledger, "checkpoint");
    }

    /// <summary>Reads and verifies it; null when nothing has been published yet.</summary>
    /// <exception cref="AvalException">Bad input: it is damaged, of another ledger, or not signed by this workspace's
    /// key.</exception>
    public static PublishedCheckpoint? Read(Workspace workspace, VerifierKey key)
    {
        var path = PathIn(workspace);
        byte[] note;
        try
        {
            note = File.ReadAllBytes(path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        try
        {
            return new PublishedCheckpoint(Checkpoint.Verify(note, key, workspace.Settings.Origin), note);
        }
        catch (ProofException broken)
        {
            throw AvalException.BadInput($"{path}: {broken.Message} Nothing was published. It must have been changed "
                + "by hand or come from another workspace, or keys/ledger.key has: keep both as evidence, and "
                + $"restore them from your backup.", broken);
        }
    }
}
