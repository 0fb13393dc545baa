using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Aval.Authors;
using Aval.Choices;
using Aval.Ledger;
using Aval.Storage;
using DuckDB.NET.Data;

namespace Aval.Tests.Proofs;

/// <summary>
/// A ledger and a release in a folder, made of the public formats alone and by nothing of the build: an operator whom
/// the tests can have lie in any way and sign it.
/// </summary>
internal sealed class CommittedWorld : IDisposable
{
    public const string Origin = "ledger.example/aval";
    public const string Corpus = "opt-out";
    public static readonly DateTimeOffset AsOf = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder _folder = new();
    private readonly List<(byte[] Statement, Opening Opening)> _choices = [];

    public CommittedWorld(SigningKey? key = null)
    {
        Key = key ?? SigningKey.Generate(Origin);
        Directory.CreateDirectory(Ledger);
    }

    public SigningKey Key { get; }

    public VerifierKey Verifier => Key.Verifier;

    public VrfKey Vrf { get; } = VrfKey.Generate();

    public string Path => _folder.Path;

    public string Ledger => _folder.File("ledger");

    public string Release => _folder.File("release");

    public string ManifestPath => System.IO.Path.Combine(Release, "manifest.json");

    public TreeSize Size { get; private set; }

    public IReadOnlyList<string> Authors { get; set; } = [
        "facebook:1", "facebook:2", "instagram:3", "facebook:4", "facebook:5", "facebook:6", "facebook:7", "facebook:8",
        "facebook:9",
    ];

    public string Basis { get; set; } = "legitimate-interest";

    /// <summary>The policy's text, when it is another than a plain one of <see cref="Basis"/>.</summary>
    public string? PolicyText { get; set; }

    /// <summary>The ledger size that the release states to honour, when it is not all there is.</summary>
    public long? Honours { get; set; }

    /// <summary>Until when the release says that it honours what protects.</summary>
    public string ProtectUntil { get; init; } = "2026-01-01T00:00:00.000000Z";

    /// <summary>Records a choice, and publishes the ledger with it.</summary>
    public EntryIndex Choose(
        ChoiceKind kind, string account, string scope = "everything", DateTimeOffset? made = null,
        DateTimeOffset? received = null, Purpose? purpose = null)
    {
        var at = made ?? AsOf.AddDays(-30);
        var choice = new Choice(kind, Account.Parse(account), purpose
            ?? Purpose.TrainGenerativeAi,
            Scope.TryParse(scope, out var parsed) ? parsed : throw new FormatException(scope), at, received ?? at,
            Actor: kind == ChoiceKind.RestrictionLifted ? Actor.Controller : Actor.Person, Channel: "letter \"5\" \\ é",
            Notice: kind == ChoiceKind.Consent ? "v1" : null);
        var (statement, opening) = (ChoiceJson.Of(choice), new Opening(RandomNumberGenerator.GetBytes(Opening.Size)));
        var index = Append(LedgerEntry.OfChoice(opening, statement));
        while (_choices.Count <= index.Value)
            _choices.Add(([], default));
        _choices[(int)index.Value] = (statement, opening);
        return index;
    }

    public EntryIndex Append(LedgerEntry entry)
    {
        var writer = TileWriter.Continue(Ledger, Size);
        writer.Append(entry.ToBytes());
        writer.Complete();
        Size = writer.Size;
        Durable.Replace(
            System.IO.Path.Combine(Ledger, "checkpoint"), Key.Sign(new Checkpoint(Origin, Size, writer.Root()).Text));
        return new EntryIndex(Size.Value - 1);
    }

    public byte[] Checkpoint() => File.ReadAllBytes(System.IO.Path.Combine(Ledger, "checkpoint"));

    public Receipt ReceiptOf(EntryIndex index) =>
        new(Statement.Parse(_choices[(int)index.Value].Statement), _choices[(int)index.Value].Opening, ProofOf(index));

    public InclusionProof ProofOf(EntryIndex index) =>
        new(index, new TileReader(Ledger, Size).Inclusion(index), Checkpoint());

    /// <summary>
    /// Makes the release; <paramref name="lie"/> changes the manifest before it is named, signed and committed.
    /// </summary>
    public void Build(Action<JsonObject>? lie = null)
    {
        Directory.CreateDirectory(In("shards"));
        Directory.CreateDirectory(In("authors/audit"));
        var files = new JsonArray();
        var audit = new JsonArray();
        for (var bucket = 0; bucket < 2; bucket++)
        {
            var rows = 3 - bucket;
            WriteParquet(
                $"shards/b{bucket:D3}.parquet",
                $"SELECT uuid() AS row_key, 'text ' || i AS text FROM range({rows}) t(i)");
            WriteParquet(
                $"authors/audit/b{bucket:D3}.parquet",
                $"SELECT uuid() AS row_key, 'x'::BLOB AS author FROM range({rows})");
            files.Add(Describe($"shards/b{bucket:D3}.parquet", rows));
            audit.Add(Describe($"authors/audit/b{bucket:D3}.parquet", rows));
        }

        Write("accounting.json", Encoding.UTF8.GetBytes(Accounting));
        Write("README.md", "A card.\n"u8);
        files.Add(Describe("accounting.json", null));
        files.Add(Describe("README.md", null));
        var policy = PolicyText ?? $"policy: opt-out\npurpose: train-generative-ai\nbasis: {Basis}\n";
        var manifest = new JsonObject
        {
            ["format"] = "aval-release/1",
            ["corpus"] = Corpus,
            ["release"] = "",
            ["as_of"] = "2026-01-01T00:00:00.000000Z",
            ["protect_until"] = ProtectUntil,
            ["controller"] = "Example Ltd",
            ["policy"] = new JsonObject
            {
                ["name"] = "opt-out",
                ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(policy))),
                ["purpose"] = "train-generative-ai",
                ["basis"] = Basis,
                ["replay_only"] = false,
                ["text"] = policy,
            },
            ["choices"] = new JsonObject
            {
                ["ledger_size"] = Honours ?? Size.Value,
                ["erased_to"] = Honours ?? Size.Value,
                ["honoured"] = 0,
            },
            ["parameters"] = new JsonObject
            {
                ["buckets"] = 2,
                ["services"] = JsonNode.Parse(
                    """{"facebook":{"ids":"number-or-name","lower_case":true},"instagram":{"ids":"handle","lower_case":true}}"""),
            },
            ["ledger"] = new JsonObject { ["origin"] = Origin },
            ["read"] = 7,
            ["admitted"] = 5,
            ["files"] = files,
            ["audit"] = audit,
            ["imports"] = new JsonArray(),
        };
        var tree = BuildTree();
        manifest["authors"] = new JsonObject
        {
            ["size"] = tree.Size.Value,
            ["root"] = tree.Root().ToString(),
            ["vrf_key"] = Vrf.Public.ToString(),
            ["scope"] = Origin,
        };
        lie?.Invoke(manifest);
        Commit(manifest, tree);
    }

    /// <summary>Signs a manifest that was changed, and commits to it.</summary>
    public void Commit(JsonObject manifest, TileWriter? tree = null)
    {
        var shards = manifest["files"]!.AsArray()
            .Where(file => file!["path"]!.GetValue<string>().StartsWith("shards/", StringComparison.Ordinal))
            .Select(file => file!["sha256"]!.GetValue<string>());
        TreeSize At(string name) => new(manifest["choices"]![name]!.GetValue<long>());
        var release = Aval.Corpus.ReleaseName.Of(
            AsOf, Aval.Instant.Parse(manifest["protect_until"]!.GetValue<string>(), "protect_until"), shards,
            manifest["policy"]!["sha256"]!.GetValue<string>(), At("ledger_size"), At("erased_to"));
        manifest["release"] = release;
        var origin = $"{Origin}/releases/{Corpus}/{release}/authors";
        manifest["authors"]!["origin"] = origin;
        if (tree is not null)
            Write("authors/checkpoint", Key.Sign(new Checkpoint(origin, tree.Size, tree.Root()).Text));
        CommitBytes(Encoding.UTF8.GetBytes(manifest.ToJsonString()), $"{Corpus}/{release}");
    }

    /// <summary>Signs any bytes as a manifest.</summary>
    public void CommitBytes(byte[] json, string name)
    {
        Write("manifest.json", json);
        Write("manifest.sig", Key.Sign($"aval-manifest/1\n{name}\n{Convert.ToBase64String(SHA256.HashData(json))}\n"));
        Write("manifest.tlog-proof", ProofOf(Append(LedgerEntry.OfRelease(json))).ToFile());
    }

    public AuthorProof Prove(string account)
    {
        var alpha = AuthorTree.Alpha(Origin, account);
        var reader = new TileReader(In("authors"), new TreeSize(4));
        var place = new AuthorTree("", new TreeSize(4), reader.Root(), Vrf.Public, Origin).PlaceOf(Vrf.Output(alpha));
        return new AuthorProof(reader.Entry(place), new InclusionProof(
            place, reader.Inclusion(place), File.ReadAllBytes(In("authors/checkpoint")), Vrf.Prove(alpha)));
    }

    public CommittedManifest Manifest() => new(
        File.ReadAllBytes(ManifestPath), File.ReadAllBytes(In("manifest.sig")),
        File.ReadAllBytes(In("manifest.tlog-proof")));

    public Violation Judge(EntryIndex choice, VerifierKey? key = null)
    {
        var receipt = ReceiptOf(choice);
        return Violation.Verify(
            receipt, key ?? Verifier, [(Prove(receipt.Statement.Account), key ?? Verifier)], Manifest(),
            key ?? Verifier);
    }

    public JsonObject ReadManifest() => JsonNode.Parse(File.ReadAllBytes(ManifestPath))!.AsObject();

    public string In(string path) => System.IO.Path.Combine(Release, path);

    public void Write(string path, ReadOnlySpan<byte> content)
    {
        using var stream = File.Create(In(path));
        stream.Write(content);
    }

    /// <summary>A file's line in a manifest, as it lies there.</summary>
    public JsonObject Describe(string path, long? rows)
    {
        var bytes = File.ReadAllBytes(In(path));
        var line = new JsonObject
        {
            ["path"] = path,
            ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes)),
            ["bytes"] = bytes.Length,
        };
        if (rows is { } count)
            line["rows"] = count;
        return line;
    }

    public string Accounting { get; set; } = """
        {"read": 7, "admitted": 5, "excluded": {"objected": 1, "minor": 1}, "rejected_lines": 0,
         "rules": [{"rule": "objection", "excluded": 1, "matches": 1, "only": 1}, {"rule": "age", "excluded": 1, "matches": 1, "only": 1}],
         "by_service": {"facebook": {"read": 4, "admitted": 3, "excluded": {"objected": 1}}, "instagram": {"read": 3, "admitted": 2, "excluded": {"minor": 1}}},
         "by_kind": {"post": {"read": 7, "admitted": 5, "excluded": {"objected": 1, "minor": 1}}},
         "by_language": {"de": {"read": 7, "admitted": 5, "excluded": {"minor": 1, "objected": 1}}}}
        """;

    public void WriteParquet(string path, string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = string.Create(
            CultureInfo.InvariantCulture, $"COPY ({sql}) TO '{In(path)}' (FORMAT parquet, COMPRESSION zstd)");
        command.ExecuteNonQuery();
    }

    public void Dispose() => _folder.Dispose();

    private TileWriter BuildTree()
    {
        var outputs = Authors.Select(author => Bytes(Vrf.Output(AuthorTree.Alpha(Origin, author))))
            .OrderBy(Convert.ToHexString, StringComparer.Ordinal).ToArray();
        var writer = TileWriter.Continue(In("authors"), new TreeSize(0));
        for (var leaf = 0; leaf < 4; leaf++)
            writer.Append(outputs.Where(output => output[0] >> 6 == leaf).SelectMany(output => output).ToArray());
        writer.Complete();
        return writer;
    }

    private static byte[] Bytes(Hash hash) => Convert.FromHexString(hash.ToHex());
}
