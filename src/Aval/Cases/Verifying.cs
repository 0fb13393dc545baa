namespace Aval.Cases;

/// <summary>How a piece of evidence is verified by whoever is given it, with nothing but the offline
/// verifier.</summary>
internal static class Verifying
{
    /// <summary>The folder of a piece of evidence in a bundle.</summary>
    public static string FolderOf(Evidence evidence) => $"evidence/{evidence.Id}";

    /// <summary>The command, to be run in the bundle; null = there is nothing but its bytes to be checked.</summary>
    /// <param name="evidence">The evidence.</param>
    /// <param name="keyFile">Where a key lies in the bundle.</param>
    public static string? Command(Evidence evidence, Func<string, string> keyFile)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        ArgumentNullException.ThrowIfNull(keyFile);
        var folder = FolderOf(evidence);
        var keys = string.Concat(evidence.Keys.Select(key => $" --key {keyFile(key)}"));
        return evidence.Kind switch
        {
            EvidenceKind.Receipt => $"aval verify receipt {folder}/{EvidenceCheck.ReceiptName}{keys}",
            EvidenceKind.PresenceProof => $"aval verify proof {folder}/{EvidenceCheck.ProofName} --manifest "
                + $"{folder}/{EvidenceCheck.ManifestName} --account {Quoted(evidence.Accounts[0])}{keys}",
            EvidenceKind.ViolationVerdict => $"aval verify violation --receipt {folder}/{EvidenceCheck.ReceiptName} "
                + $"--proof {folder}/{EvidenceCheck.ProofName} --manifest {folder}/{EvidenceCheck.ManifestName}{keys}",
            EvidenceKind.Manifest => $"aval verify manifest {folder}/{EvidenceCheck.ManifestName}{keys}",
            EvidenceKind.Checkpoint => $"aval verify checkpoint {folder}/{EvidenceCheck.CheckpointName}{keys}",
            EvidenceKind.MemberList => $"aval verify members {folder}/{EvidenceCheck.MembersName}{keys}",
            EvidenceKind.Policy or EvidenceKind.Comparison or EvidenceKind.Study or EvidenceKind.NoticeDelivery
                or EvidenceKind.Document => null,
        };
    }

    // An id is verbatim, and this is a line for a shell.
    private static string Quoted(string account) => $"'{account.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
