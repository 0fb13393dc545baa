using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aval.Answers;
using Aval.Authors;
using Aval.Building;
using Aval.Content;
using Aval.Corpus;
using Aval.Ledger;
using Aval.Storage;

namespace Aval.Cli;

/// <summary>
/// The demo's second half: what a person, an auditor or a court does with files alone. An operator who has all the keys
/// smuggles an objector's item into a release, and is convicted by his own signatures.
/// </summary>
internal static class DemoProofs
{
    /// <summary>An item that an objection kept out, with the objection that its author's own account made.</summary>
    private sealed record Kept(
        long Index, string Account, string Service, string Item, string Text, string Kind, string Language, int Year);

    public static void Show(Terminal terminal, Workspace workspace, string honest)
    {
        var files = Path.Combine(workspace.Root, "proofs");
        Directory.CreateDirectory(files);
        var key = SigningKey.Read(workspace.SigningKeyFile).Verifier.ToString();
        var kept = Find(workspace);
        // One stream for what is printed, in the order in which it is.
        var one = terminal with { Error = terminal.Out };

        var receipt = Path.Combine(files, $"{kept.Index}.receipt");
        _ = Run(one, workspace, "receipt", kept.Index.ToString(CultureInfo.InvariantCulture), "--out", files);
        _ = Run(one, workspace, "verify", "receipt", receipt, "--key", key);
        _ = Run(one, workspace, "verify", "release", honest, "--key", key);

        terminal.Out.WriteLine();
        terminal.Out.WriteLine("One byte of a copy's shard is flipped:");
        var flipped = Copy(honest, Path.Combine(files, "flipped"));
        FlipByte(Path.Combine(flipped, "shards", "b003.parquet"));
        _ = Run(one, workspace, "verify", "release", flipped, "--key", key);

        terminal.Out.WriteLine();
        terminal.Out.WriteLine($"An operator who has every key adds an item of {kept.Account}, who objected, "
            + "to a copy: shard, sidecar, tree, accounting and manifest are made to agree and signed again.");
        var cheat = Smuggle(workspace, Copy(honest, Path.Combine(files, "cheat")), kept);
        _ = Run(one, workspace, "verify", "release", cheat, "--key", key);
        terminal.Out.WriteLine("Its files agree. But it must commit to its authors, and the objector holds a receipt:");
        var proof = Path.Combine(files, "objector.proof");
        _ = Run(one, workspace, "prove", kept.Account, "--release", cheat, "--out", proof);
        _ = Run(
            one, workspace, "verify", "violation", "--receipt", receipt, "--proof", proof, "--manifest",
            Path.Combine(cheat, Manifest.FileName), "--key", key);
    }

    /// <summary>Runs a command as it would be typed in the workspace, and shows both; answers its exit code.</summary>
    public static int Run(Terminal terminal, Workspace workspace, params string[] arguments)
    {
        Type(terminal, workspace, arguments);
        return Program.Run(
            terminal, arguments.Contains("--workspace") ? arguments : [.. arguments, "--workspace", workspace.Root]);
    }

    /// <summary>Shows a command as it would be typed in the workspace.</summary>
    public static void Type(Terminal terminal, Workspace workspace, params string[] arguments)
    {
        // The key is long, and aval ledger key prints it; where the demo's files lie is not what it is about.
        string Typed(string argument) => argument.Contains('+', StringComparison.Ordinal)
            ? "\"$(aval ledger key)\""
            : argument.Contains(' ', StringComparison.Ordinal) ? $"\"{argument}\""
            : argument.Replace(workspace.Root + "/", "", StringComparison.Ordinal)
                .Replace(DemoCommand.Sample + "/", "", StringComparison.Ordinal);
        terminal.Out.WriteLine();
        // The workspace is where all of it is typed.
        var shown = arguments.Index().Where(one => one.Item != "--workspace"
            && (one.Index == 0 || arguments[one.Index - 1] != "--workspace"));
        terminal.Out.WriteLine("$ aval " + string.Join(' ', shown.Select(one => Typed(one.Item))));
    }

    private static Kept Find(Workspace workspace)
    {
        const string sql = """
            SELECT c."index"::VARCHAR, d.account, d.service, d.item_id, i.text, i.kind,
                coalesce(nullif(i.language_hint, ''), 'und'), year(i.created_at)::VARCHAR
            FROM decisions d
            JOIN items i ON i.service = d.service AND i.item_id = d.item_id
            JOIN choices c ON c.account = d.account AND c.kind = 'objection' AND c.scope = 'everything'
            WHERE d.reason = 'objected' AND d.service = 'facebook' AND length(i.text) BETWEEN 40 AND 80
            ORDER BY d.item_id LIMIT 1
            """;
        using var query = OpenQuery.Prepare(
            workspace, sql, "opt-out", TimeProvider.System.UtcNow(), EngineLimits.Default);
        var row = query.Rows(sql).Skip(1).Single().Select(cell => cell!).ToArray();
        return new Kept(Whole(row[0]), row[1], row[2], row[3], row[4], row[5], row[6], (int)Whole(row[7]));
    }

    private static long Whole(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static string Copy(string from, string to)
    {
        foreach (var directory in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories).Prepend(from))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, directory)));
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)), overwrite: true);
        return to;
    }

    private static void FlipByte(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        stream.Seek(stream.Length / 2, SeekOrigin.Begin);
        var value = stream.ReadByte();
        stream.Seek(-1, SeekOrigin.Current);
        stream.WriteByte((byte)(value ^ 1));
    }

    private static string Smuggle(Workspace workspace, string release, Kept kept)
    {
        var manifest = Manifest.Read(release);
        var output = VrfKey.Read(workspace.VrfKeyFile).Output(AuthorTree.Alpha(manifest.Authors.Scope, kept.Account));
        string shard, audit;
        using (var engine = Engine.Open(workspace.Temporary, EngineLimits.Default, workspace.ReadKey()))
        {
            ContentFunctions.Provide(engine);
            RowKeys.Provide(engine);
            var (key, bucket) = engine.Query(
                $"SELECT row_key({Engine.Literal(kept.Service)}, {Engine.Literal(kept.Item)})::VARCHAR, "
                    + $"bucket_of({Engine.Literal(kept.Account)}, "
                    + $"{manifest.Buckets.ToString(CultureInfo.InvariantCulture)})::INTEGER",
                row => (row.GetString(0), row.GetInt32(1))).Single();
            shard = $"shards/b{bucket:D3}.parquet";
            audit = $"authors/audit/b{bucket:D3}.parquet";
            AddRow(engine, Path.Combine(release, shard), $"""
                SELECT {Engine.Literal(key)}::UUID AS row_key, {Engine.Literal(kept.Text)} AS text,
                    {Engine.Literal(kept.Language)} AS language, {Engine.Literal(kept.Kind)} AS kind,
                    {Engine.Literal(kept.Service)} AS service,
                    {kept.Year.ToString(CultureInfo.InvariantCulture)}::INTEGER AS year, NULL AS media
                """, "language, row_key");
            AddRow(
                engine, Path.Combine(release, audit),
                $"SELECT {Engine.Literal(key)}::UUID AS row_key, from_hex({Engine.Literal(output.ToHex())}) AS author",
                "row_key");
        }

        AddToAccounting(Path.Combine(release, "accounting.json"), kept);
        ManifestFile[] files = [.. manifest.Files.Select(file => Again(release, file, file.Path == shard))];
        // A release is named by its shards.
        var name = ReleaseName.Of(
            manifest.AsOf, manifest.ProtectUntil,
            files.Where(file => file.Path.StartsWith("shards/", StringComparison.Ordinal)).Select(file => file.Sha256),
            manifest.PolicySha256, manifest.LedgerSize, manifest.ErasedTo);
        var tree =
            manifest.Authors with { Origin = ReleaseAuthors.Origin(workspace.Settings.Origin, manifest.Corpus, name) };
        var changed = manifest with
        {
            Release = name,
            Admitted = manifest.Admitted + 1,
            Authors = AddToTree(workspace, Path.Combine(release, "authors"), tree, output),
            Files = files,
            Audit = [.. manifest.Audit.Select(file => Again(release, file, file.Path == audit))],
        };
        var written = changed.ToJson();
        Durable.Replace(Path.Combine(release, Manifest.FileName), written);
        var commitment = ReleaseCommitment.Make(workspace, changed.Corpus, changed.Release, written);
        Durable.Replace(Path.Combine(release, ReleaseCommitment.SignatureFile), commitment.Signature);
        Durable.Replace(Path.Combine(release, ReleaseCommitment.ProofFile), commitment.Proof);
        return release;
    }

    private static void AddRow(Engine engine, string path, string row, string order)
    {
        var bigger = path + ".bigger";
        engine.Execute($"COPY (SELECT * FROM (SELECT * FROM {ParquetFiles.Rows(path)} UNION ALL BY NAME {row}) "
            + $"ORDER BY {order}) TO {Engine.Literal(bigger)} (FORMAT parquet, COMPRESSION zstd)");
        File.Move(bigger, path, overwrite: true);
    }

    private static ManifestFile Again(string release, ManifestFile file, bool bigger) =>
        Shards.Describe(Path.Combine(release, file.Path), bigger ? file.Rows + 1 : file.Rows) with { Path = file.Path };

    private static void AddToAccounting(string path, Kept kept)
    {
        var root = JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();
        foreach (var part in new[]
        {
            root,
            root["by_service"]![kept.Service]!.AsObject(),
            root["by_kind"]![kept.Kind]!.AsObject(),
            root["by_language"]![kept.Language]!.AsObject(),
        })
        {
            part["admitted"] = part["admitted"]!.GetValue<long>() + 1;
            part["excluded"]!["objected"] = part["excluded"]!["objected"]!.GetValue<long>() - 1;
        }

        var rule = root["rules"]!.AsArray().Single(rule => rule!["rule"]!.GetValue<string>() == "objection")!;
        rule["excluded"] = rule["excluded"]!.GetValue<long>() - 1;
        Durable.Replace(path, JsonSerializer.SerializeToUtf8Bytes(root));
    }

    private static AuthorTree AddToTree(Workspace workspace, string directory, AuthorTree tree, Hash output)
    {
        var reader = new TileReader(directory, tree.Size);
        var place = tree.PlaceOf(output).Value;
        var leaves = new List<byte[]>();
        for (var index = 0L; index < tree.Size.Value; index++)
        {
            var leaf = reader.Entry(new EntryIndex(index));
            leaves.Add(index != place ? leaf : [.. leaf.Chunk(Hash.Size).Append([.. (ReadOnlySpan<byte>)output])
                .OrderBy(Convert.ToHexString, StringComparer.Ordinal).SelectMany(bytes => bytes)]);
        }

        Directory.Delete(Path.Combine(directory, "tile"), recursive: true);
        var writer = TileWriter.Continue(directory, new TreeSize(0));
        leaves.ForEach(leaf => writer.Append(leaf));
        writer.Complete();
        var changed = tree with { Root = writer.Root() };
        Durable.Replace(Path.Combine(directory, "checkpoint"), SigningKey.Read(workspace.SigningKeyFile)
            .Sign(new Checkpoint(changed.Origin, changed.Size, changed.Root).Text));
        return changed;
    }
}
