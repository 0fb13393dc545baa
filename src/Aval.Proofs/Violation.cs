namespace Aval.Proofs;

/// <summary>What a receipt and a presence in a release come to, together.</summary>
public enum ViolationFinding
{
    /// <summary>
    /// Prima facie evidence that the release holds what the choice keeps out: it stands unless it is rebutted.
    /// </summary>
    PrimaFacie,

    /// <summary>
    /// The choice was in the ledger before the release was committed, and the release states that it honours only
    /// choices below an older size: it was known and left out. It stands unless it is rebutted.
    /// </summary>
    KnownChoiceLeftOut,

    /// <summary>
    /// The account is present and the choice was to be honoured, but it is about some items only: which are present,
    /// this does not show.
    /// </summary>
    PresenceAloneDoesNotTell,

    /// <summary>These files together are no evidence of a violation.</summary>
    NotShown,
}

/// <summary>A manifest with what shows that its operator committed to it.</summary>
/// <param name="Json">manifest.json.</param>
/// <param name="Signature">manifest.sig; null when it is not at hand. Alone it is not enough: what is signed can be
/// shown to one person and denied to the next.</param>
/// <param name="Entry">manifest.tlog-proof, or the proof made from a copy of the ledger; null when neither is at
/// hand.</param>
public sealed record CommittedManifest(byte[] Json, byte[]? Signature, byte[]? Entry)
{
    /// <summary>Reads it and checks all that shows whose it is.</summary>
    /// <exception cref="ProofException">It is not shown to be the key's, or malformed.</exception>
    public CommittedRelease Verify(VerifierKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var manifest = ManifestFacts.Parse(Json);
        if (manifest.Ledger != key.Name)
            throw ProofException.Wrong($"The manifest is of the ledger {ManifestFacts.Printable(manifest.Ledger)}, "
                + $"and the key is that of {key.Name}.");
        if (Signature is null && Entry is null)
            throw ProofException.Wrong("Nothing shows that the manifest is the operator's: neither manifest.tlog-proof "
                + "nor manifest.sig lies beside it, and anybody can write a manifest.");
        if (Signature is not null)
            manifest.RequireSignature(Signature, key);
        var proof = InclusionProof.Parse(Entry ?? throw ProofException.Wrong(
            "The manifest is signed, not committed: manifest.sig lies beside it, and nothing shows that it is an entry "
                + "of the ledger. Who signs could sign another one for the next person. Ask for manifest.tlog-proof, "
                + "or give a copy of the ledger that holds the entry."));
        return new CommittedRelease(manifest, proof.Index, manifest.RequireEntry(proof, key));
    }
}

/// <summary>A release that is an entry of a ledger.</summary>
/// <param name="Manifest">What it says it is.</param>
/// <param name="Index">Its entry.</param>
/// <param name="Checkpoint">The ledger's checkpoint that says so.</param>
public sealed record CommittedRelease(ManifestFacts Manifest, EntryIndex Index, Checkpoint Checkpoint);

/// <summary>
/// The verdict on a receipt, a proof about its account, and a release (docs/formats/proof.md, "A violation").
/// </summary>
/// <param name="Finding">What they come to.</param>
/// <param name="Why">In a sentence.</param>
/// <param name="Covers">Which items the choice is about.</param>
/// <param name="Rebuttal">What would rebut it, or what is missing.</param>
/// <param name="Statement">The choice: kind, scope, purpose, account, dates.</param>
/// <param name="Index">Its entry.</param>
/// <param name="Receipted">The checkpoint that its receipt was made from.</param>
/// <param name="Spelled">Whether the account is in the release, and under which spelling that was shown.</param>
/// <param name="Release">Its manifest: name, instant, policy, the ledger size that it honours; and its own
/// entry.</param>
public sealed record Violation(
    ViolationFinding Finding, string Why, string Covers, string Rebuttal, Statement Statement, EntryIndex Index,
    Checkpoint Receipted, SpelledVerdict Spelled, CommittedRelease Release)
{
    /// <summary>Whether the account is in the release.</summary>
    public AuthorVerdict Author => Spelled.Verdict;

    /// <summary>
    /// Verifies each file, and says what they come to. A file that does not verify is no verdict but an exception.
    /// </summary>
    /// <param name="receipt">Of the choice.</param>
    /// <param name="receiptKey">The ledger's key, that of the receipt's time.</param>
    /// <param name="proofs">About the account that the receipt names: one, or one for each of its spellings, each with
    /// the ledger's key of its time.</param>
    /// <param name="manifest">Of the release.</param>
    /// <param name="key">The ledger's key, that under which the manifest's entry is shown: the same, unless it was
    /// changed in between.</param>
    /// <exception cref="ProofException">One of them is malformed or not what it claims; or both checkpoints are of one
    /// size with different roots: a fork.</exception>
    public static Violation Verify(
        Receipt receipt, VerifierKey receiptKey, IReadOnlyList<(AuthorProof Proof, VerifierKey Key)> proofs,
        CommittedManifest manifest, VerifierKey key)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        ArgumentNullException.ThrowIfNull(receiptKey);
        ArgumentNullException.ThrowIfNull(manifest);
        var receipted = receipt.Verify(receiptKey);
        var committed = manifest.Verify(key);
        var release = committed.Manifest;
        if (receipted.Origin != release.Ledger)
            throw ProofException.Wrong(
                $"The receipt is of the ledger {receipted.Origin}, and the release of {release.Ledger}.");
        // Two checkpoints of one size can be compared without anybody's help.
        if (committed.Checkpoint.Size == receipted.Size)
            committed.Checkpoint.RequireContinues(receipted, committed.Checkpoint.Root, []);
        var author = SpelledVerdict.Of(release, receipt.Statement.Account, proofs);
        var (said, index) = (receipt.Statement, receipt.Inclusion.Index);
        var byConsent = release.Policy.Basis == Consent;
        var (finding, why, rebuttal) = NotHonoured(said, index, committed, author) is { } reason
            ? (ViolationFinding.NotShown, reason,
                byConsent && author.Verdict == AuthorVerdict.Present ? WithoutConsent : Nothing)
            : Meaning(said, index, committed, author);
        return new Violation(finding, why, CoverOf(said), rebuttal, said, index, receipted, author, committed);
    }

    private const string Consent = "consent";
    private const string Nothing = "Nothing has to be rebutted.";
    private const string WithoutConsent = "But the release rests on consent: without the receipt of a consent for this "
        + "account the operator has not shown that its presence is lawful (GDPR Art. 7(1)).";

    // Why the release did not have to honour the choice; null when it had to.
    private static string? NotHonoured(
        Statement said, EntryIndex index, CommittedRelease committed, SpelledVerdict author)
    {
        var release = committed.Manifest;
        return author.Verdict switch
        {
            AuthorVerdict.Absent => $"The account {Named(said, author)} has published nothing that is in "
                + $"{release.Name}.{(author.Unshown is null ? "" : " ")}{author.Open}",
            _ when index.Value > committed.Index.Value => $"The choice is entry {index} of the ledger, and the release "
                + $"itself is entry {committed.Index}: it came too late for this release. A later release has to "
                + $"honour it.",
            _ when said.ReceivedAt > Until(said, release) || said.MadeAt > Until(said, release) =>
                $"The choice was made {Statement.ToText(said.MadeAt)} and received "
                + $"{Statement.ToText(said.ReceivedAt)}, which is after {Which(said, release)}, "
                + $"{Statement.ToText(Until(said, release))}. {Known(index, committed)} A later release has to honour "
                + "it.",
            // Erasure and removal hold whatever their purpose (GDPR Art. 17).
            _ when said.Purpose != release.Policy.Purpose
                && said.Kind is not (StatementKind.Erasure or StatementKind.Removal) => "The choice is about the "
                + $"purpose {said.Purpose}, and the policy's text says that the release is for "
                + $"{release.Policy.Purpose}.",
            _ => null,
        };
    }

    private static string Named(Statement said, SpelledVerdict author) => author.Spelling == said.Account
        ? said.Account
        : $"{author.Spelling} (as the manifest's forms spell {said.Account})";

    // What protects counts longer than what permits.
    private static DateTimeOffset Until(Statement said, ManifestFacts release) =>
        said.Kind is StatementKind.Consent or StatementKind.ObjectionLifted or StatementKind.RestrictionLifted
            ? release.AsOf
            : release.ProtectUntil;

    private static string Which(Statement said, ManifestFacts release) => Until(said, release) == release.AsOf
        ? "the instant of the release"
        : "the instant until which the release honours what protects";

    private static string Known(EntryIndex index, CommittedRelease committed) => $"It is entry {index} of the ledger, "
        + $"and the release is entry {committed.Index}: it was in the ledger before the release was committed.";

    private static (ViolationFinding Finding, string Why, string Rebuttal) Meaning(
        Statement said, EntryIndex index, CommittedRelease committed, SpelledVerdict author)
    {
        var release = committed.Manifest;
        var below = said.Kind is StatementKind.Erasure ? release.ErasedTo : release.LedgerSize;
        var (honoured, basis) = (index.Value < below.Value, release.Policy.Basis);
        var ended = said.Until is { } until && until <= release.ProtectUntil ? $" (this one had ended, "
            + $"{Statement.ToText(until)})" : "";
        var before = honoured
            ? $"The release states that it honours this choice (entry {index}, below {below}, received by "
                + $"{Statement.ToText(Until(said, release))}), and the account {Named(said, author)} is in it."
            : $"The release chose not to honour it: it honours the entries below {below} only, the choice "
                + $"is entry {index}, and the release itself is entry {committed.Index}. The choice had been received "
                + $"by {Statement.ToText(Until(said, release))} and was in the ledger before the release was "
                + $"committed, and the account {Named(said, author)} is in the release.";
        return said.Kind switch
        {
            StatementKind.Objection => Whole(
                $"{before} An objection keeps past and future content out, without grounds (GDPR Art. 21).",
                "Only a later lifting of the objection by the person, with its receipt, rebuts it; a later consent "
                    + "alone does not."),
            StatementKind.Restriction => Whole(
                $"{before} What is restricted is not processed but stored (GDPR Art. 18(2)).",
                "Only a later lifting of the restriction, with its receipt, rebuts it, and the operator must have told "
                    + "the person before (GDPR Art. 18(3))."),
            StatementKind.Withdrawal or StatementKind.Refusal when basis == Consent => Whole($"{before} The release "
                + $"rests on consent, and this ended or refused it (GDPR Art. 7(3)).", "Only a later consent, with its "
                + "receipt, rebuts it (GDPR Art. 7(1))."),
            StatementKind.Withdrawal or StatementKind.Refusal => (ViolationFinding.NotShown, $"A {said.Kind.ToText()} "
                + $"ends or refuses consent, and this release states another basis ({basis}): against that, a person "
                + $"objects (GDPR Art. 21).", "Nothing has to be rebutted; whether that basis holds is not for a proof "
                + "to say."),
            StatementKind.Erasure => (ViolationFinding.PresenceAloneDoesNotTell,
                $"{before} The erasure (GDPR Art. 17) is of items created up to {Statement.ToText(said.MadeAt)}; "
                + "what the account published after it may be in the release.",
                "It becomes evidence with an item of the account in the release that was created by then; "
                + "the audit sidecar shows which rows are the account's. Nothing undoes an erasure of such an item."),
            StatementKind.Removal => (ViolationFinding.PresenceAloneDoesNotTell,
                $"{before} A removal is about named items, whoever published them; presence is about the account.",
                "It becomes evidence when a named item is found in the release."),
            StatementKind.Consent => (ViolationFinding.NotShown, $"A consent permits: it is what makes presence lawful "
                + $"where the release rests on consent{ended}.",
                ended.Length > 0 && basis == Consent ? WithoutConsent : Nothing),
            StatementKind.ObjectionLifted or StatementKind.RestrictionLifted => (ViolationFinding.NotShown,
                $"The choice ({said.Kind.ToText()}) permits; it keeps nothing out.", "Nothing has to be rebutted."),
            StatementKind.Mandate or StatementKind.MandateRevoked => (ViolationFinding.NotShown,
                $"The choice ({said.Kind.ToText()}) says who may speak for the person; it keeps nothing out.", Nothing),
        };

        (ViolationFinding Finding, string Why, string Rebuttal) Whole(string why, string rebuttal) => CoversAll(said)
            ? (honoured ? ViolationFinding.PrimaFacie : ViolationFinding.KnownChoiceLeftOut, why, rebuttal)
            : (ViolationFinding.PresenceAloneDoesNotTell,
                $"{why} But the choice is not about all content of the account, and presence shows that some item is "
                + "in the release, not which.",
                "It becomes evidence when an item that the choice covers is found in the release.");
    }

    // All content that the receipt's own account published: it publishes on its own service only.
    private static bool CoversAll(Statement said) =>
        said.Scope.Split(';').Any(part => part == "everything" || part == "service:" + said.Account.Split(':')[0]);

    private static string CoverOf(Statement said) => string.Join("; ", said.Scope.Split(';').Select(part => part switch
    {
        "everything" => "all content of the account",
        "about-me" => "the person in other people's content (presence of the account shows nothing about it)",
        _ when part.StartsWith("service:", StringComparison.Ordinal) => $"all content on {part["service:".Length..]}",
        _ => $"the item {part["item:".Length..]}",
    }));
}
