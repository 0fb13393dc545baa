namespace Aval.Proofs;

/// <summary>What a log signs from time to time: how many entries it has, and the root over them (C2SP tlog-checkpoint, without extension lines).</summary>
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

    /// <summary>Reads the signed text. Extension lines, which would be signed but seen by nobody, are refused.</summary>
    /// <exception cref="ProofException">Malformed.</exception>
    public static Checkpoint Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = text.Split('\n');
        if (lines is not [{ Length: > 0 } origin, var size, var root, ""] || !TreeSize.TryParse(size, out var entries) || !Hash.TryParse(root, out var hash))
            throw ProofException.Malformed("A checkpoint has three lines (origin, number of entries, root in base64), and this one has not.");
        return entries > 0 || hash == MerkleTree.Empty
            ? new Checkpoint(origin, new TreeSize(entries), hash)
            : throw ProofException.Wrong("The checkpoint of an empty log has a root that is not the empty one.");
    }
}
