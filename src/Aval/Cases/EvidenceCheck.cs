using System.Globalization;
using System.Text;
using System.Text.Json;
using Aval.Ledger;

namespace Aval.Cases;

/// <summary>What somebody adds as evidence.</summary>
/// <param name="Kind">What they say it is.</param>
/// <param name="File">The file: of a violation, the receipt.</param>
internal sealed record OfferedEvidence(EvidenceKind Kind, string File)
{
    /// <summary>The keys under which it is verified; null where none is needed.</summary>
    public LedgerKeys? Keys { get; init; }

    /// <summary>The manifest of the release that it is about; what lies beside it is read too.</summary>
    public string? Manifest { get; init; }

    /// <summary>Of a violation: the proof that the account is there.</summary>
    public string? Proof { get; init; }

    /// <summary>Whom a proof is about: it names nobody itself.</summary>
    public string? Account { get; init; }
}

/// <summary>A file as it is kept.</summary>
/// <param name="Role">What it is there for.</param>
/// <param name="Name">Its name in a bundle.</param>
/// <param name="Bytes">What it holds.</param>
internal sealed record OfferedFile(string Role, string Name, byte[] Bytes);

/// <summary>What was found.</summary>
/// <param name="Files">What is kept, it first.</param>
/// <param name="Keys">Under which keys it was verified.</param>
/// <param name="Accounts">Whom it is about.</param>
/// <param name="Shows">What was found, in a sentence.</param>
internal sealed record CheckedEvidence(
    IReadOnlyList<OfferedFile> Files, IReadOnlyList<VerifierKey> Keys, IReadOnlyList<string> Accounts, string Shows);

/// <summary>
/// Checks evidence before it is kept, by what an outsider would check it with: a case does not hold what does not
/// verify.
/// </summary>
internal static class EvidenceCheck
{
    /// <summary>The names that files have in a bundle: what verifies them looks for these.</summary>
    public const string ManifestName = "manifest.json", EntryName = "manifest.tlog-proof", SignatureName =
        "manifest.sig", ReceiptName = "choice.receipt", ProofName = "author.proof", CheckpointName = "checkpoint",
        MembersName = "members.list";

    private const int MaxBytes = 64 << 20;

    /// <summary>Checks it.</summary>
    /// <exception cref="AvalException">Refused: it does not show what it is added for. Bad input: it is not what it is
    /// said to be. Usage: something is missing that shows it.</exception>
    public static CheckedEvidence Of(OfferedEvidence offered)
    {
        ArgumentNullException.ThrowIfNull(offered);
        try
        {
            return offered.Kind switch
            {
                EvidenceKind.Receipt => Receipt(offered),
                EvidenceKind.PresenceProof => Presence(offered),
                EvidenceKind.ViolationVerdict => Violation(offered),
                EvidenceKind.Manifest => Manifest(offered),
                EvidenceKind.Checkpoint => CheckpointOf(offered),
                EvidenceKind.MemberList => Members(offered),
                EvidenceKind.Policy => Policy(offered),
                EvidenceKind.Comparison => Json(offered, "comparison.json", ["first", "second", "as_of", "moves"]),
                EvidenceKind.Study => Json(offered, "study.json", ["study", "question", "release", "manifest"]),
                EvidenceKind.NoticeDelivery => Delivery(offered),
                EvidenceKind.Document => new CheckedEvidence(
                    [Taken(offered.File, "document", Path.GetFileName(offered.File))], [], [],
                    "A document; nothing but its bytes is checked."),
            };
        }
        catch (ProofException wrong)
        {
            var message = $"{offered.File}: this does not verify as a {Word(offered.Kind)}: {wrong.Message} It was not "
                + "added. Give the file as it was received, and the key of its ledger with --key.";
            throw wrong.Failure == ProofFailure.Malformed
                ? AvalException.BadInput(message, wrong)
                : AvalException.Refused(message);
        }
    }

    private static CheckedEvidence Receipt(OfferedEvidence offered)
    {
        var file = Taken(offered.File, "receipt", ReceiptName);
        var receipt = Proofs.Receipt.Parse(file.Bytes);
        var key = Keys(offered).For(receipt.Inclusion.Note);
        var seen = receipt.Verify(key);
        var said = receipt.Statement;
        return new CheckedEvidence(
            [file], [key], [said.Account],
            $"{said.Kind.ToText()} of {said.Account}, entry {receipt.Inclusion.Index} of {seen.Origin}, made "
                + $"{said.MadeAt.ToText()}, received {said.ReceivedAt.ToText()}.");
    }

    private static CheckedEvidence Presence(OfferedEvidence offered)
    {
        var account = offered.Account
            ?? throw AvalException.Usage("A proof names nobody: say with --account whom it is about. It was not "
                + "added.");
        var file = Taken(offered.File, "presence-proof", ProofName);
        var proof = AuthorProof.Parse(file.Bytes);
        var (manifest, files, key) = Committed(offered);
        var release = manifest.Verify(key);
        var signer = Keys(offered).For(proof.Inclusion.Note);
        var shown = SpelledVerdict.Of(release.Manifest, account, [(proof, signer)]);
        var about = shown.Spelling;
        return shown.Verdict switch
        {
            AuthorVerdict.Present => new CheckedEvidence(
                [file, .. files], Distinct(key, signer), [about],
                $"{about} is among the authors of {release.Manifest.Name} of {release.Manifest.Controller}, entry "
                    + $"{release.Index} of {release.Checkpoint.Origin}."),
            AuthorVerdict.Absent => throw AvalException.Refused($"{offered.File}: this proof shows that "
                + $"{Shown.Of(about)} is "
                + $"absent from {release.Manifest.Name}, and a presence-proof has to show presence. It was not added. "
                + "As a document it can be: --evidence document"),
        };
    }

    private static CheckedEvidence Violation(OfferedEvidence offered)
    {
        var (file, proven) = (Taken(offered.File, "receipt", ReceiptName), Taken(
            offered.Proof ?? throw AvalException.Usage("A violation is a receipt, a proof and a manifest: name the "
                + "proof with --proof. It was not added."), "presence-proof", ProofName));
        var receipt = Proofs.Receipt.Parse(file.Bytes);
        var (manifest, files, key) = Committed(offered);
        var then = Keys(offered).For(receipt.Inclusion.Note);
        var proof = AuthorProof.Parse(proven.Bytes);
        // The tree of authors was signed when the release was made, its entry may be shown by a later checkpoint.
        var signer = Keys(offered).For(proof.Inclusion.Note);
        var verdict = Proofs.Violation.Verify(receipt, then, [(proof, signer)], manifest, key);
        if (verdict.Finding is not (ViolationFinding.PrimaFacie or ViolationFinding.KnownChoiceLeftOut))
            throw AvalException.Refused($"{offered.File}: no violation is shown: {verdict.Why} {verdict.Rebuttal} It "
                + "was not added. What these files do show can be added as receipt and presence-proof.");
        return new CheckedEvidence(
            [file, proven, .. files], Distinct(key, then, signer), [verdict.Statement.Account],
            $"{verdict.Why} {verdict.Rebuttal}");
    }

    private static CheckedEvidence Manifest(OfferedEvidence offered)
    {
        var (manifest, files, key) = Committed(offered with { Manifest = offered.File });
        var release = manifest.Verify(key);
        return new CheckedEvidence(
            files, [key], [],
            $"{release.Manifest.Name} of {release.Manifest.Controller}, as of {release.Manifest.AsOf.ToText()}, "
                + $"{release.Manifest.Admitted} rows, policy {release.Manifest.Policy.Name} "
                + $"({release.Manifest.Policy.Basis}), entry {release.Index} of {release.Checkpoint.Origin}.");
    }

    private static CheckedEvidence CheckpointOf(OfferedEvidence offered)
    {
        var file = Taken(offered.File, "checkpoint", CheckpointName);
        var key = Keys(offered).For(file.Bytes);
        var seen = Checkpoint.Verify(file.Bytes, key, key.Name);
        return new CheckedEvidence(
            [file], [key], [], $"{seen.Origin} had {seen.Size} entries, with the root {seen.Root}.");
    }

    private static CheckedEvidence Members(OfferedEvidence offered) =>
        Members(Taken(offered.File, "member-list", MembersName), Keys(offered));

    /// <summary>Checks a list of members that was just made.</summary>
    public static CheckedEvidence OfMembers(byte[] list, LedgerKeys keys) =>
        Members(new OfferedFile("member-list", MembersName, list), keys);

    // It names nobody, so that it may leave in a bundle.
    private static CheckedEvidence Members(OfferedFile file, LedgerKeys keys)
    {
        var list = MemberList.Parse(file.Bytes);
        var key = keys.For(file.Bytes);
        var seen = list.Verify(file.Bytes, key);
        static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);
        return new CheckedEvidence(
            [file], [key], [],
            $"{Number(list.Members.Count)} members who mandated {list.Association} for {list.Purpose}, each by a "
                + $"commitment in {seen.Origin}, as of {list.AsOf.ToText()}"
                + (list.Release is { } release ? $"; {Number(list.Present)} of them are in {release.Name}" : "")
                + ". That their mandates are in force, and who is one person with whom, is stated by its signer.");
    }

    private static CheckedEvidence Policy(OfferedEvidence offered)
    {
        var file = Taken(offered.File, "policy", "policy.yaml");
        var policy = PlainPolicy.Read(Utf8(file));
        return new CheckedEvidence(
            [file], [], [], $"The policy {policy.Name}: purpose {policy.Purpose}, basis {policy.Basis}.");
    }

    private static CheckedEvidence Json(OfferedEvidence offered, string name, string[] members)
    {
        var file = Taken(offered.File, Word(offered.Kind), name);
        try
        {
            using var document = JsonDocument.Parse(file.Bytes);
            var missing = members.FirstOrDefault(member => document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty(member, out _));
            return missing is null
                ? new CheckedEvidence(
                    [file], [], [], "Its form was checked; its numbers are those of whoever made it.")
                : throw AvalException.BadInput($"{offered.File}: a {Word(offered.Kind)} has the member \"{missing}\", "
                    + "and this has not. It was not added. Give what aval wrote, as it wrote it.");
        }
        catch (JsonException broken)
        {
            throw AvalException.BadInput($"{offered.File}: expected a {Word(offered.Kind)} in JSON: {broken.Message} "
                + "It was not added.", broken);
        }
    }

    // Whom it tells of is in it, and has to be a party's when it leaves in a bundle.
    private static CheckedEvidence Delivery(OfferedEvidence offered)
    {
        var file = Taken(offered.File, "notice-delivery", "delivered.csv");
        var lines = Utf8(file).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r'))
            .ToArray();
        var columns = lines is [var head, ..] ? head.Split(',') : [];
        var (account, at) = (Array.IndexOf(columns, "account"), Array.IndexOf(columns, "delivered_at"));
        var back = Array.IndexOf(columns, "bounced_at");
        if (account < 0 || at < 0)
            throw AvalException.BadInput($"{offered.File}, line 1: expected columns account and delivered_at, but "
                + $"found {Shown.Of(string.Join(", ", columns))}. It was not added.");
        var (accounts, delivered, bounced) = (new SortedSet<string>(StringComparer.Ordinal), 0, 0);
        foreach (var (place, line) in lines.Index().Skip(1))
        {
            var cells = line.Split(',');
            if (cells.Length != columns.Length || line.Contains('"', StringComparison.Ordinal)
                || !Aval.Account.TryParse(cells[account], out var whose))
                throw AvalException.BadInput($"{offered.File}, line {place + 1}: expected {columns.Length} cells "
                    + "without quotes, and an account. It was not added.");
            accounts.Add(whose.ToString());
            var (came, went) = (When(cells[at], place), back < 0 ? null : When(cells[back], place));
            // What came back before it was delivered has arrived since, as builds have it.
            if (went is not null && !(went < came))
                bounced++;
            else if (came is not null)
                delivered++;
        }

        DateTimeOffset? When(string cell, int place) => cell.Length == 0 ? null
            : Instant.TryParse(cell, out var instant) ? instant
            : throw AvalException.BadInput($"{offered.File}, line {place + 1}: expected an instant or nothing, but "
                + $"found \"{Shown.Of(cell)}\". It was not added.");

        return new CheckedEvidence(
            [file], [], [.. accounts],
            $"{delivered} of {lines.Length - 1} notices are stated as delivered, to {accounts.Count} accounts."
                + (bounced > 0 ? $" {bounced} are stated to have come back." : ""));
    }

    private static (CommittedManifest Manifest, OfferedFile[] Files, VerifierKey Key) Committed(
        OfferedEvidence offered)
    {
        var path = offered.Manifest ?? throw AvalException.Usage($"A {Word(offered.Kind)} is about a release: name its "
            + "manifest.json with --manifest, manifest.tlog-proof beside it. It was not added.");
        var file = Taken(path, "manifest", ManifestName);
        var beside = Path.GetDirectoryName(Path.GetFullPath(path))!;
        OfferedFile? Beside(string name) => Path.Combine(beside, name) is var found && File.Exists(found)
            ? Taken(found, name, name)
            : null;
        var (signature, entry) = (Beside(SignatureName), Beside(EntryName));
        var manifest = new CommittedManifest(file.Bytes, signature?.Bytes, entry?.Bytes);
        var note = entry is null ? signature?.Bytes : InclusionProof.Parse(entry.Bytes).Note;
        var key = note is null ? Keys(offered).All[0] : Keys(offered).For(note);
        return (manifest, [.. new[] { file, entry, signature }.OfType<OfferedFile>()], key);
    }

    private static LedgerKeys Keys(OfferedEvidence offered) => offered.Keys
        ?? throw AvalException.Usage($"A {Word(offered.Kind)} is verified under a ledger's public key: name it with "
            + "--key. It was not added.");

    private static VerifierKey[] Distinct(params VerifierKey[] keys) =>
        [.. keys.DistinctBy(key => key.ToString())];

    private static OfferedFile Taken(string path, string role, string name)
    {
        if (!File.Exists(path))
            throw AvalException.Usage($"{path}: no such file. It was not added.");
        var bytes = new FileInfo(path).Length is > 0 and <= MaxBytes ? File.ReadAllBytes(path) : throw AvalException
            .BadInput($"{path}: evidence has 1 to {MaxBytes} bytes. It was not added.");
        return new OfferedFile(role, name, bytes);
    }

    private static string Utf8(OfferedFile file)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(file.Bytes);
        }
        catch (DecoderFallbackException broken)
        {
            throw AvalException.BadInput($"{file.Name}: expected UTF-8. It was not added.", broken);
        }
    }

    private static string Word(EvidenceKind kind) => Requests.RequestWords.Kebab(kind);
}
