using System.Text.Json;
using Aval.Storage;

namespace Aval.Corpus;

/// <summary>One file of a release.</summary>
/// <param name="Path">Relative to the release, with forward slashes.</param>
/// <param name="Sha256">64 hexadecimal digits.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Rows">Its rows; null for files that have none.</param>
internal sealed record ManifestFile(string Path, string Sha256, long Bytes, long? Rows);

/// <summary>
/// What a release was made from and what it holds. Everything in it is a pure function of the release's inputs, but
/// <see cref="Imports"/>, which names the imports that brought the content.
/// </summary>
/// <param name="Corpus">The corpus's name.</param>
/// <param name="Release">The release's id.</param>
/// <param name="AsOf">The instant it is made for.</param>
/// <param name="Controller">Who decides (GDPR Art. 4(7)).</param>
/// <param name="Engine">Aval's and its engine's versions: another version may give other bytes.</param>
/// <param name="PolicyName">The policy's name.</param>
/// <param name="Purpose">The purpose that the policy is about, as it words it.</param>
/// <param name="Basis">The legal basis, as the policy words it.</param>
/// <param name="PolicySha256">SHA-256 of its text.</param>
/// <param name="PolicyText">Its text, verbatim.</param>
/// <param name="ReplayOnly">May be compared, never trained on.</param>
/// <param name="LedgerOrigin">Which ledger, and under which name its key signs.</param>
/// <param name="LedgerSize">The choices with an index below it were honoured.</param>
/// <param name="ErasedTo">The erasures with an index below it were honoured; at least
/// <paramref name="LedgerSize"/>.</param>
/// <param name="Choices">How many of these had been made and received as of the release, forgotten ones too.</param>
/// <param name="Content">The content snapshot: 64 hexadecimal digits that the same versions give, whatever imports
/// brought them.</param>
/// <param name="Imports">The imports, in order.</param>
/// <param name="Buckets">How many shards.</param>
/// <param name="ItemsRead">Items read.</param>
/// <param name="Admitted">Items admitted = rows of all shards.</param>
/// <param name="Authors">The tree of its authors: what proofs of presence and absence are about.</param>
/// <param name="Files">Every file that is a function of the inputs, but those of <paramref name="Authors"/>, whose root
/// says it all, and this one.</param>
/// <param name="Lineage">The restricted files that map row keys to items; they lie elsewhere.</param>
/// <param name="Audit">Row key → author, one a shard: restricted, never part of a training input.</param>
internal sealed record Manifest(
    string Corpus,
    string Release,
    DateTimeOffset AsOf,
    string Controller,
    string Engine,
    string PolicyName,
    string Purpose,
    string Basis,
    string PolicySha256,
    string PolicyText,
    bool ReplayOnly,
    string LedgerOrigin,
    TreeSize LedgerSize,
    TreeSize ErasedTo,
    long Choices,
    string Content,
    IReadOnlyList<string> Imports,
    int Buckets,
    long ItemsRead,
    long Admitted,
    AuthorTree Authors,
    IReadOnlyList<ManifestFile> Files,
    IReadOnlyList<ManifestFile> Lineage,
    IReadOnlyList<ManifestFile> Audit)
{
    /// <summary>Until when what protects was honoured: at least <see cref="AsOf"/>, and later in a release that was
    /// recalled.</summary>
    public required DateTimeOffset ProtectUntil { get; init; }

    /// <summary>The entries of the orders that were in force when it was made, ascending.</summary>
    public IReadOnlyList<long> Orders { get; init; } = [];

    /// <summary>The forms of ids: what a verifier brings an account into before it looks for it.</summary>
    public required ServiceForms Services { get; init; }

    /// <summary>Its name in a release.</summary>
    public const string FileName = "manifest.json";

    /// <summary>What this file is, and which version of its shape.</summary>
    public const string Format = "aval-release/1";

    /// <summary>The bytes of manifest.json.</summary>
    public byte[] ToJson() => JsonText.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteString("corpus", Corpus);
        json.WriteString("release", Release);
        json.WriteString("as_of", AsOf.ToText());
        json.WriteString("protect_until", ProtectUntil.ToText());
        json.WriteString("controller", Controller);
        json.WriteString("engine", Engine);
        json.WriteStartObject("policy");
        json.WriteString("name", PolicyName);
        json.WriteString("purpose", Purpose);
        json.WriteString("basis", Basis);
        json.WriteString("sha256", PolicySha256);
        json.WriteBoolean("replay_only", ReplayOnly);
        json.WriteString("text", PolicyText);
        json.WriteEndObject();
        json.WriteStartObject("ledger");
        json.WriteString("origin", LedgerOrigin);
        json.WriteEndObject();
        json.WriteStartObject("choices");
        json.WriteNumber("ledger_size", LedgerSize.Value);
        json.WriteNumber("erased_to", ErasedTo.Value);
        json.WriteNumber("honoured", Choices);
        json.WriteEndObject();
        if (Orders.Count > 0)
        {
            json.WriteStartArray("orders");
            foreach (var order in Orders)
                json.WriteNumberValue(order);
            json.WriteEndArray();
        }

        json.WriteStartObject("content");
        json.WriteString("snapshot", Content);
        json.WriteEndObject();
        json.WriteStartObject("parameters");
        json.WriteNumber("buckets", Buckets);
        json.WriteNumber("row_group_size", ShardFormat.RowGroupSize);
        json.WriteString("compression", ShardFormat.Compression);
        Services.WriteTo(json);
        json.WriteEndObject();
        json.WriteNumber("read", ItemsRead);
        json.WriteNumber("admitted", Admitted);
        json.WriteStartObject("authors");
        json.WriteString("origin", Authors.Origin);
        json.WriteNumber("size", Authors.Size.Value);
        json.WriteString("root", Authors.Root.ToString());
        json.WriteString("vrf_key", Authors.Key.ToString());
        json.WriteString("scope", Authors.Scope);
        json.WriteEndObject();
        Write(json, "files", Files);
        Write(json, "lineage", Lineage);
        Write(json, "audit", Audit);
        json.WriteStartArray("imports");
        foreach (var import in Imports)
            json.WriteStringValue(import);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>The same release, whatever imports brought its content.</summary>
    public bool SaysTheSameAs(Manifest other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (this with { Imports = [] }).ToJson().AsSpan().SequenceEqual((other with { Imports = [] }).ToJson());
    }

    /// <summary>
    /// Why a release of the same name says something else than <paramref name="made"/>, which was made of what there is
    /// now; in sentences.
    /// </summary>
    internal IEnumerable<string> DifferencesFrom(Manifest made)
    {
        if (Engine != made.Engine)
            yield return $"{Engine} made it, and this is {made.Engine}";
        if (Controller != made.Controller)
            yield return $"its controller is {Controller}, and aval.yaml names {made.Controller} now";
        if (Content != made.Content)
            yield return $"content as of {AsOf.ToText()} has been imported since, and it changes the accounting";
        if (Choices != made.Choices)
            yield return $"it honours {Choices} choices, and the store has {made.Choices} of that ledger size and "
                + "instant now";
        if (!Orders.SequenceEqual(made.Orders))
            yield return $"it states the orders [{string.Join(", ", Orders)}], and [{string.Join(", ", made.Orders)}] "
                + "count now";
        if (ItemsRead != made.ItemsRead || Admitted != made.Admitted)
            yield return $"it admits {Admitted} of {ItemsRead} items, and now {made.Admitted} of {made.ItemsRead} are";
        foreach (var file in made.Files.Except(Files).Select(file => file.Path).Order(StringComparer.Ordinal))
            yield return $"its {file} is another one";
        if (Authors.Root != made.Authors.Root)
            yield return "its tree of authors is another one";
    }

    /// <summary>How many buckets a release has; null when its manifest cannot be read.</summary>
    internal static int? BucketsOf(string release)
    {
        try
        {
            return Read(release).Buckets;
        }
        catch (AvalException)
        {
            return null; // Whoever needs that release is told so.
        }
    }

    /// <summary>Reads the manifest of a release.</summary>
    /// <exception cref="AvalException">Bad input: it is no manifest that this version knows.</exception>
    public static Manifest Read(string release)
    {
        var path = Path.Combine(release, FileName);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            if (root.GetProperty("format").GetString() != Format)
                throw AvalException.BadInput(
                    $"{path}: expected \"format\": \"{Format}\", found {root.GetProperty("format").GetRawText()}. "
                    + "Nothing was done. Use the version of Aval that made this release.");
            var policy = root.GetProperty("policy");
            return new Manifest(
                root.GetProperty("corpus").ToText(),
                root.GetProperty("release").ToText(),
                root.GetProperty("as_of").ToInstant(),
                root.GetProperty("controller").ToText(),
                root.GetProperty("engine").ToText(),
                policy.GetProperty("name").ToText(),
                policy.GetProperty("purpose").ToText(),
                policy.GetProperty("basis").ToText(),
                policy.GetProperty("sha256").ToText(),
                policy.GetProperty("text").ToText(),
                policy.GetProperty("replay_only").GetBoolean(),
                root.GetProperty("ledger").GetProperty("origin").ToText(),
                new TreeSize(root.GetProperty("choices").GetProperty("ledger_size").GetInt64()),
                new TreeSize(root.GetProperty("choices").GetProperty("erased_to").GetInt64()),
                root.GetProperty("choices").GetProperty("honoured").GetInt64(),
                root.GetProperty("content").GetProperty("snapshot").ToText(),
                [.. root.GetProperty("imports").EnumerateArray().Select(import => import.ToText())],
                root.GetProperty("parameters").GetProperty("buckets").GetInt32(),
                root.GetProperty("read").GetInt64(),
                root.GetProperty("admitted").GetInt64(),
                ReadAuthors(root.GetProperty("authors")),
                [.. root.GetProperty("files").EnumerateArray().Select(ReadFile)],
                [.. root.GetProperty("lineage").EnumerateArray().Select(ReadFile)],
                [.. root.GetProperty("audit").EnumerateArray().Select(ReadFile)])
            {
                ProtectUntil = root.GetProperty("protect_until").ToInstant(),
                Orders = root.TryGetProperty("orders", out var orders)
                    ? [.. orders.EnumerateArray().Select(order => order.GetInt64())]
                    : [],
                Services = ServiceForms.Read(root.GetProperty("parameters")),
            };
        }
        catch (Exception broken) when (MalformedJson.Threw(broken) || broken is ProofException)
        {
            throw AvalException.BadInput(
                $"{path}: not a manifest: {broken.Message} Nothing was done. The release is damaged; build it again.",
                broken);
        }
    }

    private static AuthorTree ReadAuthors(JsonElement authors) => new(
        authors.GetProperty("origin").ToText(),
        new TreeSize(authors.GetProperty("size").GetInt64()),
        Hash.TryParse(authors.GetProperty("root").ToText(), out var root)
            ? root
            : throw new FormatException("authors.root is no hash in base64."),
        VrfPublicKey.Parse(authors.GetProperty("vrf_key").GetBytesFromBase64()),
        authors.GetProperty("scope").ToText());

    private static ManifestFile ReadFile(JsonElement file) => new(
        file.GetProperty("path").ToText(),
        file.GetProperty("sha256").ToText(),
        file.GetProperty("bytes").GetInt64(),
        file.TryGetProperty("rows", out var rows) ? rows.GetInt64() : null);

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<ManifestFile> files)
    {
        json.WriteStartArray(name);
        foreach (var file in files)
        {
            json.WriteStartObject();
            json.WriteString("path", file.Path);
            json.WriteString("sha256", file.Sha256);
            json.WriteNumber("bytes", file.Bytes);
            if (file.Rows is { } rows)
                json.WriteNumber("rows", rows);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
