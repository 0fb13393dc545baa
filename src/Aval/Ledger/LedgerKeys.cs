namespace Aval.Ledger;

/// <summary>
/// The keys that a ledger has signed with, the newest first: what an older one signed stays valid under it.
/// </summary>
/// <param name="All">At least one.</param>
internal sealed record LedgerKeys(IReadOnlyList<VerifierKey> All)
{
    /// <summary>A workspace's key, and those before it, as far as the notes of their changes lead back.</summary>
    /// <exception cref="AvalException">Bad input: the key is missing.</exception>
    public static LedgerKeys Of(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var keys = new List<VerifierKey> { SigningKey.Read(workspace.SigningKeyFile).Verifier };
        foreach (var note in Enumerable.Reverse(KeyRotation.Notes(workspace)))
        {
            try
            {
                var bytes = File.ReadAllBytes(note);
                var change = KeyChange.Verify(bytes, VerifierKey.Parse(SignedNote.Parse(bytes).Text.Split('\n')[2]));
                if (change.New.ToString() == keys[^1].ToString())
                    keys.Add(change.Old);
            }
            catch (Exception broken) when (broken is ProofException or IndexOutOfRangeException)
            {
                // A note that is none leads to no key: what was signed before it is then not verified, and says so.
                break;
            }
        }

        return new LedgerKeys(keys);
    }

    /// <summary>
    /// The key that a note says it was signed with; the newest when it says none of them, so that the refusal names it.
    /// </summary>
    /// <exception cref="ProofException">Malformed.</exception>
    public VerifierKey For(ReadOnlySpan<byte> note)
    {
        var signed = SignedNote.Parse(note);
        return All.FirstOrDefault(key => signed.Signatures.Any(line => line.Name == key.Name && line.Id == key.Id))
            ?? All[0];
    }
}
