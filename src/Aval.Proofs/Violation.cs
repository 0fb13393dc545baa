namespace Aval.Proofs;

/// <summary>What a receipt and a presence in a release come to, together.</summary>
public enum ViolationFinding
{
    /// <summary>Prima facie evidence that the release holds what the choice keeps out: it stands unless it is rebutted.</summary>
    PrimaFacie,

    /// <summary>The account is present and the choice was to be honoured, but it is about some items only: which are present, this does not show.</summary>
    PresenceAloneDoesNotTell,

    /// <summary>These files together are no evidence of a violation.</summary>
    NotShown,
}

/// <summary>A manifest with what shows that it is the operator's; one of the two at least.</summary>
/// <param name="Json">manifest.json.</param>
/// <param name="Signature">manifest.sig; null when it is not at hand.</param>
/// <param name="Entry">manifest.tlog-proof; null when it is not at hand.</param>
public sealed record CommittedManifest(byte[] Json, byte[]? Signature, byte[]? Entry)
{
    /// <summary>Reads it and checks all that shows whose it is.</summary>
    /// <exception cref="ProofException">It is not shown to be the key's, or malformed.</exception>
    public ManifestFacts Verify(VerifierKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var manifest = ManifestFacts.Parse(Json);
        if (manifest.Ledger != key.Name)
            throw ProofException.Wrong($"The manifest is of the ledger {ManifestFacts.Printable(manifest.Ledger)}, and the key is that of {key.Name}.");
        if (Signature is null && Entry is null)
            throw ProofException.Wrong("Nothing shows that the manifest is the operator's: neither manifest.sig nor manifest.tlog-proof lies beside it, and anybody can write a manifest.");
        if (Signature is not null)
            manifest.RequireSignature(Signature, key);
        if (Entry is not null)
            manifest.RequireEntry(InclusionProof.Parse(Entry), key);
        return manifest;
    }
}

/// <summary>The verdict on a receipt, a proof about its account, and a release (docs/formats/proof.md, "A violation").</summary>
/// <param name="Finding">What they come to.</param>
/// <param name="Why">In a sentence.</param>
/// <param name="Covers">Which items the choice is about.</param>
/// <param name="Rebuttal">What would rebut it, or what is missing.</param>
/// <param name="Statement">The choice: kind, scope, purpose, account, dates.</param>
/// <param name="Index">Its entry.</param>
/// <param name="Receipted">The checkpoint that its receipt was made from.</param>
/// <param name="Author">Whether the account is in the release.</param>
/// <param name="Release">Its manifest: name, instant, basis, the ledger size that it honours.</param>
public sealed record Violation(ViolationFinding Finding, string Why, string Covers, string Rebuttal, Statement Statement, EntryIndex Index, Checkpoint Receipted, AuthorVerdict Author, ManifestFacts Release)
{
    /// <summary>Verifies each file, and says what they come to. A file that does not verify is no verdict but an exception.</summary>
    /// <param name="receipt">Of the choice.</param>
    /// <param name="receiptKey">The ledger's key, that of the receipt's time.</param>
    /// <param name="proof">About the account that the receipt names.</param>
    /// <param name="manifest">Of the release.</param>
    /// <param name="key">The ledger's key, that of the release's time: the same, unless it was changed in between.</param>
    /// <exception cref="ProofException">One of them is malformed or not what it claims; or both checkpoints are of one size with different roots: a fork.</exception>
    public static Violation Verify(Receipt receipt, VerifierKey receiptKey, AuthorProof proof, CommittedManifest manifest, VerifierKey key)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        ArgumentNullException.ThrowIfNull(receiptKey);
        ArgumentNullException.ThrowIfNull(proof);
        ArgumentNullException.ThrowIfNull(manifest);
        var receipted = receipt.Verify(receiptKey);
        var release = manifest.Verify(key);
        if (receipted.Origin != release.Ledger)
            throw ProofException.Wrong($"The receipt is of the ledger {receipted.Origin}, and the release of {release.Ledger}.");
        // Two checkpoints of one size can be compared without anybody's help.
        if (manifest.Entry is { } entry && release.RequireEntry(InclusionProof.Parse(entry), key) is var other && other.Size == receipted.Size)
            other.RequireContinues(receipted, other.Root, []);
        var author = proof.Verify(release.Authors, receipt.Statement.Account, key);
        var (said, index) = (receipt.Statement, receipt.Inclusion.Index);
        var (finding, why, rebuttal) = NotHonoured(said, index, release, author) is { } reason
            ? (ViolationFinding.NotShown, reason, release.Basis == "consent" && author == AuthorVerdict.Present ? WithoutConsent : "Nothing has to be rebutted.")
            : Meaning(said, release);
        return new Violation(finding, why, CoverOf(said), rebuttal, said, index, receipted, author, release);
    }

    private const string WithoutConsent = "But the release rests on consent: without the receipt of a consent for this account the operator has not shown that its presence is lawful (GDPR Art. 7(1)).";

    // Why the release did not have to honour the choice; null when it did.
    private static string? NotHonoured(Statement said, EntryIndex index, ManifestFacts release, AuthorVerdict author) => (said, author) switch
    {
        (_, AuthorVerdict.Absent) => $"The account {said.Account} has published nothing that is in {release.Name}.",
        _ when index.Value >= release.LedgerSize.Value => $"The choice is entry {index} of the ledger, and the release honours the {release.LedgerSize} entries before entry {release.LedgerSize} only: it came too late for this release. A later release has to honour it.",
        _ when said.ReceivedAt > release.AsOf || said.MadeAt > release.AsOf => $"The choice was made {Statement.ToText(said.MadeAt)} and received {Statement.ToText(said.ReceivedAt)}, which is after the instant of the release, {Statement.ToText(release.AsOf)}.",
        _ when said.Purpose != release.Purpose => $"The choice is about the purpose {said.Purpose}, and the release is for {ManifestFacts.Printable(release.Purpose)}.",
        _ => null,
    };

    private static (ViolationFinding Finding, string Why, string Rebuttal) Meaning(Statement said, ManifestFacts release)
    {
        var before = $"The release states that it honours this choice (entry below {release.LedgerSize}, received by {Statement.ToText(release.AsOf)}), and the account {said.Account} is in it.";
        return said.Kind switch
        {
            StatementKind.Objection => Whole($"{before} An objection keeps past and future content out, without grounds (GDPR Art. 21).", "Only a later lifting of the objection by the person, with its receipt, rebuts it; a later consent alone does not."),
            StatementKind.Restriction => Whole($"{before} What is restricted is not processed but stored (GDPR Art. 18(2)).", "Only a later lifting of the restriction, with its receipt, rebuts it, and the operator must have told the person before (GDPR Art. 18(3))."),
            StatementKind.Withdrawal or StatementKind.Refusal when release.Basis == "consent" => Whole($"{before} The release rests on consent, and this ended or refused it (GDPR Art. 7(3)).", "Only a later consent, with its receipt, rebuts it (GDPR Art. 7(1))."),
            StatementKind.Withdrawal or StatementKind.Refusal => (ViolationFinding.NotShown, $"A {said.Kind.ToText()} ends or refuses consent, and this release states another basis ({ManifestFacts.Printable(release.Basis)}): against that, a person objects (GDPR Art. 21).", "Nothing has to be rebutted; whether that basis holds is not for a proof to say."),
            StatementKind.Erasure => (ViolationFinding.PresenceAloneDoesNotTell, $"{before} The erasure (GDPR Art. 17) is of items created up to {Statement.ToText(said.MadeAt)}; what the account published after it may be in the release.", "It becomes evidence with an item of the account in the release that was created by then; the audit sidecar shows which rows are the account's. Nothing undoes an erasure of such an item."),
            StatementKind.Removal => (ViolationFinding.PresenceAloneDoesNotTell, $"{before} A removal is about named items, whoever published them; presence is about the account.", "It becomes evidence when a named item is found in the release."),
            StatementKind.Consent => (ViolationFinding.NotShown, $"A consent permits: it is what makes presence lawful where the release rests on consent{(said.Until <= release.AsOf ? $" (this one had ended, {Statement.ToText(said.Until.Value)})" : "")}.", said.Until <= release.AsOf && release.Basis == "consent" ? WithoutConsent : "Nothing has to be rebutted."),
            StatementKind.ObjectionLifted or StatementKind.RestrictionLifted => (ViolationFinding.NotShown, $"The choice ({said.Kind.ToText()}) permits; it keeps nothing out.", "Nothing has to be rebutted."),
        };

        (ViolationFinding Finding, string Why, string Rebuttal) Whole(string why, string rebuttal) => CoversAll(said)
            ? (ViolationFinding.PrimaFacie, why, rebuttal)
            : (ViolationFinding.PresenceAloneDoesNotTell, $"{why} But the choice is not about all content of the account, and presence shows that some item is in the release, not which.", "It becomes evidence when an item that the choice covers is found in the release.");
    }

    // All content that the receipt's own account published: it publishes on its own service only.
    private static bool CoversAll(Statement said) => said.Scope.Split(';').Any(part => part == "everything" || part == "service:" + said.Account.Split(':')[0]);

    private static string CoverOf(Statement said) => string.Join("; ", said.Scope.Split(';').Select(part => part switch
    {
        "everything" => "all content of the account",
        "about-me" => "the person in other people's content (presence of the account shows nothing about it)",
        _ when part.StartsWith("service:", StringComparison.Ordinal) => $"all content on {part["service:".Length..]}",
        _ => $"the item {part["item:".Length..]}",
    }));
}
