namespace Aval.Proofs;

/// <summary>
/// A note by which a ledger's key hands over to the next one: both sign it, so that neither can be planted
/// (docs/formats/ledger.md).
/// </summary>
/// <param name="Old">The key until then.</param>
/// <param name="New">The key from then on.</param>
public sealed record KeyChange(VerifierKey Old, VerifierKey New)
{
    private const string Header = "aval-key-change/1";

    /// <summary>The text that both sign.</summary>
    public string Text => $"{Header}\n{Old.Name}\n{Old}\n{New}\n";

    /// <summary>Reads a note and checks both signatures.</summary>
    /// <param name="note">The file.</param>
    /// <param name="old">The key that is known already.</param>
    /// <exception cref="ProofException">Malformed, from another key, or not signed by both.</exception>
    public static KeyChange Verify(ReadOnlySpan<byte> note, VerifierKey old)
    {
        ArgumentNullException.ThrowIfNull(old);
        var signed = SignedNote.Parse(note);
        if (signed.Text.Split('\n') is not [Header, var origin, var from, var to, ""])
            throw ProofException.Malformed($"A change of keys has four lines ({Header}, the log's origin, the old key, "
                + "the new key), and this note has not.");
        var change = new KeyChange(VerifierKey.Parse(from), VerifierKey.Parse(to));
        if (change.Old.Name != origin || change.New.Name != origin || change.Text != signed.Text)
            throw ProofException.Malformed("The change of keys does not name both keys after the log's origin.");
        if (change.Old.ToString() != old.ToString())
            throw ProofException.Wrong(
                $"The note changes the key {change.Old.Name}+{change.Old.Id:x8}, not {old.Name}+{old.Id:x8}.");
        if (change.Old.ToString() == change.New.ToString())
            throw ProofException.Wrong("The note changes a key to itself.");
        signed.RequireSignature(change.Old);
        signed.RequireSignature(change.New);
        return change;
    }

    /// <summary>Its entry in the ledger: an officer's action.</summary>
    public static LedgerEntry Entry(ReadOnlySpan<byte> note) => new(EntryKind.OfficerAction, Hash.Of(note));
}
