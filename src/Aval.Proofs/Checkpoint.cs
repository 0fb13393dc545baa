namespace Aval.Proofs;

/// <summary>
/// What a log signs from time to time: how many entries it has, and the root over them (C2SP tlog-checkpoint, without
/// extension lines).
/// </summary>
/// <param name="Origin">Which log.</param>
/// <param name="Size">Its entries.</param>
/// <param name="Root">The root over them.</param>
public sealed record Checkpoint(string Origin, TreeSize Size, Hash Root)
{
    /// <summary>The text that is signed: three lines.</summary>
    public string Text => $"{Origin}\n{Size}\n{Root}\n";

    /// <summary>Reads a checkpoint and verifies its signature.</summary>
    /// <param name="note">The whole file.</param>
    /// <param name="key">Who must have signed it.</param>
    /// <param name="origin">Which log it must be of.</param>
    /// <exception cref="ProofException">Malformed, of another log, or not signed by the key.</exception>
    public static Checkpoint Verify(ReadOnlySpan<byte> note, VerifierKey key, string origin)
    {
        var signed = SignedNote.Parse(note);
        var checkpoint = Parse(signed.Text);
        if (checkpoint.Origin != origin)
            throw ProofException.Wrong($"The checkpoint is of the log {checkpoint.Origin}, not of {origin}.");
        signed.RequireSignature(key);
        return checkpoint;
    }

    /// <summary>
    /// Checks that this checkpoint's log continues an older checkpoint of it. What the newer log had at the older size
    /// is proved first: only then does another root show a fork, and not just a bad proof.
    /// </summary>
    /// <param name="older">Verified, as this one must be; of the same size or smaller.</param>
    /// <param name="rootThen">The root at the older size, computed from this log's tiles.</param>
    /// <param name="proof">The consistency proof from the older size to this one, computed from this log's
    /// tiles.</param>
    /// <exception cref="ProofException">A fork; or not shown, because the proof is wrong, the logs differ or the sizes
    /// are the wrong way round.</exception>
    public void RequireContinues(Checkpoint older, Hash rootThen, IReadOnlyList<Hash> proof)
    {
        ArgumentNullException.ThrowIfNull(older);
        if (older.Origin != Origin)
            throw ProofException.Wrong($"The checkpoints are of different logs: {older.Origin} and {Origin}.");
        if (older.Size == Size && older.Root != Root)
            throw Forked(older);
        MerkleTree.RequireConsistency(older.Size, rootThen, Size, Root, proof);
        if (rootThen != older.Root)
            throw Forked(older);
    }

    private ProofException Forked(Checkpoint older) =>
        ProofException.Fork($"FORK: {Origin} signed two histories. A checkpoint of {older.Size} entries has the root "
            + $"{older.Root}, and the log of {Size} entries (root {Root}) does not continue it. "
            + "Keep both files: together they are evidence.");

    /// <summary>
    /// Reads the signed text. Extension lines, which would be signed but seen by nobody, are refused.
    /// </summary>
    /// <exception cref="ProofException">Malformed.</exception>
    public static Checkpoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = text.Split('\n');
        if (lines is not [{ Length: > 0 } origin, var size, var root, ""] || !TreeSize.TryParse(size, out var entries)
            || !Hash.TryParse(root, out var hash))
            throw ProofException.Malformed(
                "A checkpoint has three lines (origin, number of entries, root in base64), and this one has not.");
        return entries > 0 || hash == MerkleTree.Empty
            ? new Checkpoint(origin, new TreeSize(entries), hash)
            : throw ProofException.Wrong("The checkpoint of an empty log has a root that is not the empty one.");
    }
}
