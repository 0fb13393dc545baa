using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Aval.Proofs;

/// <summary>One file that a manifest lists.</summary>
/// <param name="Path">Relative to the release, with forward slashes.</param>
/// <param name="Sha256">Of its bytes.</param>
/// <param name="Bytes">How many.</param>
/// <param name="Rows">Of a Parquet file; null for others.</param>
public sealed record ListedFile(string Path, Hash Sha256, long Bytes, long? Rows);

/// <summary>
/// What a verifier reads of a manifest.json (docs/formats/release.md). It is the operator's word only once
/// <see cref="RequireSignature"/> or <see cref="RequireEntry"/> said so.
/// </summary>
/// <param name="Name">Corpus and release: <c>corpus/release</c>.</param>
/// <param name="Sha256">Of the manifest's bytes.</param>
/// <param name="AsOf">The instant that the release is made for.</param>
/// <param name="Controller">Who decides (GDPR Art. 4(7)).</param>
/// <param name="Policy">What its policy's text says: name, purpose, basis, whether it may be trained on.</param>
/// <param name="Contradiction">What the manifest says otherwise beside the text, in a sentence; null when it says the
/// same.</param>
/// <param name="Ledger">The ledger's origin.</param>
/// <param name="LedgerSize">The choices with an index below it were honoured.</param>
/// <param name="ErasedTo">The erasures with an index below it were honoured; at least
/// <paramref name="LedgerSize"/>.</param>
/// <param name="Authors">The tree of authors.</param>
/// <param name="Read">Items read.</param>
/// <param name="Admitted">Items admitted.</param>
/// <param name="Shards">The files in <c>shards/</c>, in the order of their buckets.</param>
/// <param name="Others">The other files: accounting, card.</param>
/// <param name="Audit">The sidecar, one file a shard.</param>
public sealed record ManifestFacts(
    string Name, Hash Sha256, DateTimeOffset AsOf, string Controller, PlainPolicy Policy, string? Contradiction,
    string Ledger, TreeSize LedgerSize, TreeSize ErasedTo,
    AuthorTree Authors, long Read, long Admitted, IReadOnlyList<ListedFile> Shards, IReadOnlyList<ListedFile> Others,
    IReadOnlyList<ListedFile> Audit)
{
    private const string Format = "aval-release/1";

    /// <summary>What protects was honoured when it was made and received by then; not before the release's
    /// instant.</summary>
    public required DateTimeOffset ProtectUntil { get; init; }

    /// <summary>The forms of the services' ids: an account is brought into its form before it is looked for.</summary>
    public required ServiceForms Services { get; init; }

    /// <summary>
    /// Reads a manifest, and checks what can be checked in it alone: the release's name, the policy's hash, paths that
    /// stay in the release.
    /// </summary>
    /// <exception cref="ProofException">Malformed; or it contradicts itself.</exception>
    public static ManifestFacts Parse(ReadOnlySpan<byte> json)
    {
        using var document = StrictJson.Parse(json, "The manifest");
        var root = document.RootElement;
        if (root.TextOf("format") is var format && format != Format)
            throw ProofException.Malformed($"The manifest's format should be {Format}, but it is \"{format}\".");
        var (policy, authors, ledger) = (root.Member("policy"), root.Member("authors"), root.Member("ledger"));
        var listed = Files(root, "files");
        var read = PlainPolicy.Read(policy.TextOf("text"));
        var facts = new ManifestFacts(
            $"{root.TextOf("corpus")}/{root.TextOf("release")}", Hash.Of(json), At(root, "as_of"),
            root.TextOf("controller"),
            read, ContradictionOf(policy, read),
            ledger.TextOf("origin"), new TreeSize(root.Member("choices").CountOf("ledger_size")),
            new TreeSize(root.Member("choices").CountOf("erased_to")),
            new AuthorTree(
                authors.TextOf("origin"), new TreeSize(authors.CountOf("size")), RootOf(authors), KeyOf(authors),
                authors.TextOf("scope")),
            root.CountOf("read"), root.CountOf("admitted"),
            [.. listed.Where(IsShard)], [.. listed.Where(file => !IsShard(file))], Files(root, "audit"))
        {
            ProtectUntil = At(root, "protect_until"),
            Services = ServiceForms.Read(root.Member("parameters")),
        };
        RequireNames(facts, root, policy);
        return facts;
    }

    /// <summary>Checks manifest.sig: that the key signed this manifest (docs/formats/release.md).</summary>
    /// <exception cref="ProofException">It did not.</exception>
    public void RequireSignature(ReadOnlySpan<byte> note, VerifierKey key)
    {
        var signed = SignedNote.Parse(note);
        signed.RequireSignature(key);
        if (signed.Text != $"aval-manifest/1\n{Name}\n{Sha256}\n")
            throw ProofException.Wrong($"It is the signature of another manifest than that of {Name} with SHA-256 "
                + $"{Sha256.ToHex()}: the manifest was changed, or belongs to another release.");
    }

    /// <summary>Checks manifest.tlog-proof: that the ledger commits to this manifest.</summary>
    /// <exception cref="ProofException">It does not.</exception>
    public Checkpoint RequireEntry(InclusionProof proof, VerifierKey key)
    {
        ArgumentNullException.ThrowIfNull(proof);
        // Nothing vouches for an extra line, so that nothing may stand there.
        if (proof.Extra is not null)
            throw ProofException.Malformed("Not the proof of a manifest's entry: it has an extra line.");
        return proof.Verify(new LedgerEntry(EntryKind.Release, Sha256).ToBytes(), key, Ledger);
    }

    // The words that are repeated beside the policy's text, for readers in a hurry.
    private static string? ContradictionOf(JsonElement beside, PlainPolicy text)
    {
        var (name, purpose, basis) = (beside.TextOf("name"), beside.TextOf("purpose"), beside.TextOf("basis"));
        var stated = new PlainPolicy(
            name, purpose, basis, beside.Member("replay_only").ValueKind == JsonValueKind.True);
        return stated == text ? null
            : $"The manifest contradicts the policy that it holds: beside the text it says {Summary(stated)}, and the "
                + $"text says {Summary(text)}. The text counts.";
    }

    private static string Summary(PlainPolicy policy) =>
        $"policy \"{Printable(policy.Name)}\", purpose \"{Printable(policy.Purpose)}\", basis "
            + $"\"{Printable(policy.Basis)}\"{(policy.ReplayOnly ? ", replay only" : "")}";

    private static bool IsShard(ListedFile file) => file.Path.StartsWith("shards/", StringComparison.Ordinal);

    // A name from a manifest becomes a path on the verifier's disk: nothing but plain segments below the release.
    private static bool IsPlain(string path) => path.Split('/')
        .All(segment => segment.Length > 0 && segment[0] != '.'
            && segment.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'));

    private static ListedFile[] Files(JsonElement root, string name)
    {
        var files = root.ListOf(name)
            .Select(file => new ListedFile(
                file.TextOf("path"), Hex(file, "sha256"), file.CountOf("bytes"),
                file.TryGetProperty("rows", out var rows) ? StrictJson.Count(rows, "rows") : null)).ToArray();
        foreach (var file in files)
        {
            if (!IsPlain(file.Path))
                throw ProofException.Wrong(
                    $"The manifest lists \"{Printable(file.Path)}\", which is no plain path inside the release.");
        }

        return files;
    }

    private static void RequireNames(ManifestFacts facts, JsonElement root, JsonElement policy)
    {
        var all = facts.Shards.Concat(facts.Others).Concat(facts.Audit).Select(file => file.Path).ToArray();
        if (all.GroupBy(path => path, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw ProofException.Wrong($"The manifest lists {twice.Key} twice.");
        var buckets = root.Member("parameters").CountOf("buckets");
        if (buckets != facts.Shards.Count || buckets != facts.Audit.Count)
            throw ProofException.Wrong($"The manifest has {buckets} buckets, {facts.Shards.Count} shards and "
                + $"{facts.Audit.Count} files of the audit sidecar: they should be as many.");
        for (var bucket = 0; bucket < buckets; bucket++)
        {
            if (facts.Shards[bucket].Path != $"shards/b{bucket:D3}.parquet"
                || facts.Audit[bucket].Path != $"authors/audit/b{bucket:D3}.parquet"
                || facts.Shards[bucket].Rows is null || facts.Audit[bucket].Rows != facts.Shards[bucket].Rows)
                throw ProofException.Wrong($"The manifest lists {facts.Shards[bucket].Path} with "
                    + $"{facts.Shards[bucket].Rows} rows and {facts.Audit[bucket].Path} with "
                    + $"{facts.Audit[bucket].Rows}, where bucket {bucket} should stand in both with the same rows.");
        }

        var text = Hash.Of(Encoding.UTF8.GetBytes(policy.TextOf("text")));
        if (Hex(policy, "sha256") != text)
            throw ProofException.Wrong(
                $"The manifest's policy has the SHA-256 {text.ToHex()}, not the one that the manifest states.");
        var inputs = $"{{\"erased_to\":{facts.ErasedTo},\"ledger_size\":{facts.LedgerSize},\"policy\":\"{text.ToHex()}"
            + $"\",\"protect_until\":\"{Statement.ToText(facts.ProtectUntil)}\","
            + $"\"shards\":[{string.Join(',', facts.Shards.Select(shard => $"\"{shard.Sha256.ToHex()}\""))}]}}";
        // Whoever reads this where another calendar is used must not be told that every release bears a false name.
        var id = facts.AsOf.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture) + "-"
            + $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(inputs)))[..12]}";
        if (root.TextOf("release") is var release && release != id)
            throw ProofException.Wrong($"The manifest names the release \"{Printable(release)}\", but its shards, "
                + $"policy, ledger sizes and instants give {id}.");
        if (facts.ErasedTo.Value < facts.LedgerSize.Value)
            throw ProofException.Wrong(
                $"The manifest honours the choices below {facts.LedgerSize}, and of the erasures only those below "
                + $"{facts.ErasedTo}: fewer.");
        if (facts.ProtectUntil < facts.AsOf)
            throw ProofException.Wrong(
                $"The manifest is of {Statement.ToText(facts.AsOf)}, and honours what protects only until "
                + $"{Statement.ToText(facts.ProtectUntil)}: less than everything until then.");
        if (!IsPlain(root.TextOf("corpus")) || facts.Authors.Origin != $"{facts.Ledger}/releases/{facts.Name}/authors")
            throw ProofException.Wrong(
                $"The manifest's tree of authors is that of {Printable(facts.Authors.Origin)}, not that of this "
                + "release.");
        // Under a scope of its own choosing the operator could give an account a second place in the tree.
        if (facts.Authors.Scope != facts.Ledger)
            throw ProofException.Wrong("The manifest's tree of authors has the scope "
                + $"\"{Printable(facts.Authors.Scope)}\", where the ledger's origin should stand: "
                + $"{Printable(facts.Ledger)}.");
    }

    private static DateTimeOffset At(JsonElement root, string name) =>
        Statement.TryInstant(root.TextOf(name), out var instant)
            ? instant
            : throw ProofException.Malformed($"\"{name}\" is not an instant (2025-05-27T00:00:00.000000Z).");

    private static Hash RootOf(JsonElement authors) => Hash.TryParse(authors.TextOf("root"), out var hash)
        ? hash
        : throw ProofException.Malformed("\"root\" is not a hash in base64.");

    private static VrfPublicKey KeyOf(JsonElement authors) => Base64.TryDecode(authors.TextOf("vrf_key"), out var bytes)
        ? VrfPublicKey.Parse(bytes)
        : throw ProofException.Malformed("\"vrf_key\" is not base64.");

    private static Hash Hex(JsonElement owner, string name) =>
        owner.TextOf(name) is { Length: 64 } text && text.All(char.IsAsciiHexDigitLower)
            ? Hash.From(Convert.FromHexString(text))
            : throw ProofException.Malformed($"\"{name}\" is not 64 hexadecimal digits.");

    // It goes to a terminal, and was written by whom we do not trust.
    internal static string Printable(string text) =>
        string.Concat(text.Take(80).Select(c => c is >= ' ' and <= '~' ? c : '?'));
}
