using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aval.Building;
using Aval.Choices;
using Aval.Corpus;
using Aval.Ledger;
using Aval.Recording;
using Aval.Storage;
using Aval.Text;

namespace Aval.Answers;

/// <summary>What to draw.</summary>
/// <param name="Seed">The seed, where it is given; null = the checkpoint's.</param>
/// <param name="Checkpoint">A checkpoint's note, of which the text is the seed; null = it is given.</param>
/// <param name="Admitted">How many admitted items.</param>
/// <param name="Excluded">How many excluded ones.</param>
/// <param name="Planted">Accounts that the auditor made before the build.</param>
internal sealed record AuditRequest(
    Hash? Seed, byte[]? Checkpoint, int Admitted, int Excluded, IReadOnlyList<Account> Planted);

/// <summary>One of the two populations that are drawn from.</summary>
/// <param name="Name"><c>admitted</c> or <c>excluded</c>.</param>
/// <param name="Population">How many there are.</param>
/// <param name="Drawn">How many were drawn.</param>
internal sealed record AuditStratum(string Name, long Population, int Drawn);

/// <summary>
/// Rows and exclusions of a release that a seed drew, each with what was observed, what was decided and why, and the
/// choices that count, opened: a folder for an auditor (docs/formats/audit-sample.md). It names people, and is its
/// owner's alone.
/// </summary>
/// <param name="Release">CORPUS/RELEASE.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Origin">Where it comes from.</param>
/// <param name="Strata">Admitted and excluded items.</param>
/// <param name="ErasedSince">Excluded items that were erased since: nobody can open them any more.</param>
/// <param name="Planted">The auditor's own accounts, followed.</param>
/// <param name="Seal">SHA-256 of the list of all files' hashes.</param>
internal sealed record AuditSample(
    string Release, Hash Seed, SeedOrigin Origin, IReadOnlyList<AuditStratum> Strata, long ErasedSince,
    IReadOnlyList<PlantedObjector> Planted, string Seal)
{
    /// <summary>What the description is, and which version of its shape.</summary>
    public const string Format = "aval-audit-sample/1";

    /// <summary>The stratum of rows of the shards.</summary>
    public const string Admitted = "admitted";

    /// <summary>The stratum of exclusions.</summary>
    public const string Excluded = "excluded";

    /// <summary>The hashes of all other files, as sha256sum reads them.</summary>
    public const string SealFile = "SHA256SUMS";

    /// <summary>What was drawn.</summary>
    public const string DescriptionFile = "sample.json";

    /// <summary>The checkpoint that is the seed.</summary>
    public const string CheckpointFile = "checkpoint";

    /// <summary>What became of the planted accounts.</summary>
    public const string PlantedFile = "planted.json";

    private const string Accounting = "accounting.json";
    private const int Batch = 512;

    /// <summary>Draws, and writes the folder: whole, or not at all.</summary>
    /// <param name="workspace">Whose release.</param>
    /// <param name="release">Its folder.</param>
    /// <param name="request">What to draw.</param>
    /// <param name="folder">Where to write; nothing may be there.</param>
    /// <param name="now">The clock's instant.</param>
    /// <param name="limits">How much of the machine it may use.</param>
    /// <exception cref="AvalException">Usage: the folder is there, or the release's rows are not. No: what is decided
    /// again is not what the release says. Refused: the checkpoint is of another history.</exception>
    public static AuditSample Write(
        Workspace workspace, string release, AuditRequest request, string folder, DateTimeOffset now,
        EngineLimits limits)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(request);
        if (Path.Exists(folder))
            throw AvalException.Usage($"{folder}: a sample goes into a new folder, and something is there. No sample "
                + "was written. Name another one with --out.");
        if (DroppedRelease.Of(release) is { } dropped)
            throw AvalException.Usage($"{release}: this release was dropped on {dropped.At.ToText()}, and its rows "
                + "are gone. No sample was written. Name one that is kept.");
        ReleaseCommitment.RequireContinued(workspace, release);
        var entry = InclusionProof.Parse(
            File.ReadAllBytes(Path.Combine(release, ReleaseCommitment.ProofFile))).Index;
        var (seed, note, origin) = SeedOf(workspace, request, entry);
        using var replay = Replay.Of(workspace, release, limits);
        var manifest = replay.Manifest;
        var excluded = AuditTables.Excluded(replay);
        var erased = manifest.ItemsRead - manifest.Admitted - excluded;
        if (erased < 0 || erased > replay.Erased.Erased)
            throw new AvalException(ExitCode.No, $"{release}: of {manifest.ItemsRead} items {manifest.Admitted} were "
                + $"admitted, and {excluded} are out when they are decided again. No sample was written. Items of it "
                + "were changed by an erasure since: build a release of today, and draw from that.");
        var admittedPlaces = AuditDraw.Places(seed, Admitted, manifest.Admitted, request.Admitted);
        var excludedPlaces = AuditDraw.Places(seed, Excluded, excluded, request.Excluded);
        AuditTables.Make(replay, workspace, release, admittedPlaces, excludedPlaces);
        AuditTables.Observe(replay.Engine);
        Quarantine.Bring(replay.Engine, workspace, now, limits);
        replay.LoadWhatProtects(workspace);
        var sample = new AuditSample(
            $"{manifest.Corpus}/{manifest.Release}", seed, origin,
            [new(Admitted, manifest.Admitted, admittedPlaces.Count), new(Excluded, excluded, excludedPlaces.Count)],
            erased,
            PlantedObjectors.Follow(replay, workspace, release, request.Planted), "");
        return sample with { Seal = sample.WriteFolder(replay, workspace, release, note, entry, folder, now) };
    }

    /// <summary>Where admitted items lie: the rows of the shards, in the order of their buckets.</summary>
    public static IEnumerable<(int Number, long Place, string Shard, long Row)> Lying(
        Manifest manifest, IReadOnlyList<long> places) => Lying(
            [.. manifest.Files.Where(file => file.Path.StartsWith("shards/", StringComparison.Ordinal))
                .Select(file => (file.Path, file.Rows ?? 0))],
            places);

    /// <summary>The same of shards that a manifest lists.</summary>
    public static IEnumerable<(int Number, long Place, string Shard, long Row)> Lying(
        IReadOnlyList<(string Path, long Rows)> shards, IReadOnlyList<long> places)
    {
        var ends = new long[shards.Count];
        for (var (at, sum) = (0, 0L); at < ends.Length; at++)
            ends[at] = sum += shards[at].Rows;
        return places.Select((place, at) =>
        {
            var shard = Array.BinarySearch(ends, place + 1);
            if (shard < 0)
                shard = ~shard;
            // Of several that end there the others are empty.
            while (shard > 0 && ends[shard - 1] == ends[shard])
                shard--;
            return (at + 1, place, shards[shard].Path, place - (ends[shard] - shards[shard].Rows));
        });
    }

    private static (Hash Seed, byte[]? Note, SeedOrigin Origin) SeedOf(
        Workspace workspace, AuditRequest request, EntryIndex entry)
    {
        var note = request.Checkpoint ?? Published(workspace, request.Seed!.Value);
        if (note is null)
            return (request.Seed!.Value, null, SeedOrigin.Given);
        Fork.RequireContinued(workspace, note, "the checkpoint of the seed");
        var checkpoint = Checkpoint.Parse(SignedNote.Parse(note).Text);
        return (AuditDraw.Seed(checkpoint), note, AuditDraw.OriginOf(checkpoint, entry));
    }

    // Whoever names the hash of the checkpoint that everybody sees need not bring it.
    private static byte[]? Published(Workspace workspace, Hash seed) =>
        PublishedCheckpoint.Read(workspace, SigningKey.Read(workspace.SigningKeyFile).Verifier) is { } published
            && AuditDraw.Seed(published.Checkpoint) == seed
            ? published.Note
            : null;

    // What a kill leaves bears another name, and is made anew.
    private string WriteFolder(
        Replay replay, Workspace workspace, string release, byte[]? note, EntryIndex entry, string folder,
        DateTimeOffset now)
    {
        var unfinished = Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar) + ".unfinished";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        FileModes.MakePrivateFolder(unfinished);
        using var receipts = Receipts.Open(workspace);
        var cited = new SortedSet<long>();
        foreach (var name in (string[])[
            Manifest.FileName, ReleaseCommitment.SignatureFile, ReleaseCommitment.ProofFile, Accounting])
            Put(unfinished, name, File.ReadAllBytes(Path.Combine(release, name)));
        if (note is not null)
            Put(unfinished, CheckpointFile, note);
        foreach (var stratum in Strata)
            WriteRows(replay, stratum, Path.Combine(unfinished, FileOf(stratum.Name)), cited);
        foreach (var (planted, at) in Planted.Select((one, at) => (one, at)))
        {
            cited.UnionWith(Openable(planted.About?.Covering ?? []));
            Put(unfinished, ProofOf(at + 1), planted.Proof.ToFile());
        }

        Put(unfinished, PlantedFile, JsonText.Write(WritePlanted));
        foreach (var index in cited)
            Put(unfinished, ReceiptOf(index), receipts.Of(new EntryIndex(index)).ToFile());
        Put(unfinished, DescriptionFile, JsonText.Write(json => Describe(json, replay, entry, receipts, now)));
        var seal = Encoding.UTF8.GetBytes(string.Concat(Files(unfinished).Select(file => $"{file.Sha256}  "
            + $"{file.Name}\n")));
        Put(unfinished, SealFile, seal);
        Durable.MoveDirectory(unfinished, Path.GetFullPath(folder));
        return Convert.ToHexStringLower(SHA256.HashData(seal));
    }

    /// <summary>The file of a stratum.</summary>
    public static string FileOf(string stratum) => $"{stratum}.jsonl";

    /// <summary>The file of a choice's receipt.</summary>
    public static string ReceiptOf(long index) =>
        string.Create(CultureInfo.InvariantCulture, $"receipts/{index}.receipt");

    /// <summary>The file of the proof about a planted account.</summary>
    public static string ProofOf(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"planted/{number:D3}.proof");

    /// <summary>The files of a folder but the seal, in order of their names, with their hashes.</summary>
    public static IEnumerable<(string Name, string Sha256)> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => (Path: path, Name: Path.GetRelativePath(folder, path).Replace('\\', '/')))
            .Where(file => file.Name != SealFile).OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file =>
            {
                using var hashed = new HashedFile(file.Path);
                return (file.Name, hashed.ReadHash());
            });

    private static void WriteRows(Replay replay, AuditStratum stratum, string path, SortedSet<long> cited)
    {
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        FileModes.MakePrivate(path);
        for (var from = 1; from <= stratum.Drawn; from += Batch)
        {
            var drawn = AuditTables.Read(replay.Engine, stratum.Name, from, Batch);
            // What is sealed is what was drawn, or nothing is.
            if (drawn.Count != Math.Min(Batch, stratum.Drawn - from + 1))
                throw new InvalidOperationException($"{stratum.Name}: {drawn.Count} items from number {from} on, of "
                    + $"{stratum.Drawn} that were drawn.");
            foreach (var one in drawn)
            {
                var covering = one.IsSpokenFor ? Explanations.Covering(replay, one.Item, one.Author) : [];
                cited.UnionWith(Openable(covering));
                stream.Write(JsonText.WriteCompact(json => Write(json, replay, one, covering)));
                stream.WriteByte((byte)'\n');
            }
        }

        Durable.FlushToDisk(stream, path);
    }

    private static IEnumerable<long> Openable(IEnumerable<Citation> choices) =>
        choices.Where(choice => !choice.Forgotten).Select(choice => choice.Index.Value);

    private static void Write(Utf8JsonWriter json, Replay replay, DrawnItem one, IReadOnlyList<Citation> covering)
    {
        json.WriteStartObject();
        json.WriteNumber("number", one.Number);
        json.WriteNumber("place", one.Place);
        if (one.Shard is not null)
        {
            json.WriteString("shard", one.Shard);
            json.WriteNumber("row", one.Row!.Value);
            Raw(json, "released", one.Released!);
        }

        json.WriteString("item", one.Item.ToString());
        json.WriteString("account", one.Author.ToString());
        json.WriteString("kind", one.Kind);
        var against = Explanations.Against(replay, one.Mask, covering);
        json.WriteString("decision", against.Count == 0 ? "admitted" : "excluded");
        if (against.Count > 0)
            json.WriteString("reason", against[0].Ground.Reason.ToText());
        json.WriteStartArray("against");
        foreach (var rule in against)
            Write(json, rule.Ground.Reason.ToText(), rule.Ground.RuleId, rule.Law, rule.Choice, null);
        json.WriteEndArray();
        json.WriteStartObject("masked");
        foreach (var (kind, count) in MaskCounts.Read(one.Masked))
            json.WriteNumber(kind, count);
        json.WriteEndObject();
        // Restricted, or to be erased: that it is there may be told, and its words may not.
        json.WriteBoolean("withheld", one.IsWithheld);
        Raw(json, "observed", one.Observed);
        if (one.About is not null)
            Raw(json, "author", one.About);
        Raw(json, "notices", one.Notices);
        Write(json, covering);
        json.WriteEndObject();
    }

    private static void Write(
        Utf8JsonWriter json, string reason, string rule, string? law, Citation? choice, long? items)
    {
        json.WriteStartObject();
        json.WriteString("reason", reason);
        json.WriteString("rule", rule);
        if (law is not null)
            json.WriteString("law", law);
        if (choice is not null)
            json.WriteNumber("choice", choice.Index.Value);
        if (items is { } many)
            json.WriteNumber("items", many);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<Citation> covering)
    {
        json.WriteStartArray("choices");
        foreach (var choice in covering)
            StatedStance.Write(json, choice);
        json.WriteEndArray();
    }

    private void WritePlanted(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var planted in Planted)
        {
            json.WriteStartObject();
            json.WriteString("account", planted.Account.ToString());
            json.WriteString("outcome", planted.Outcome.ToText());
            json.WriteNumber("admitted", planted.About?.Admitted ?? 0);
            json.WriteStartArray("excluded");
            foreach (var (why, rule, law, choice, items) in planted.About?.Excluded ?? [])
                Write(json, why.Reason.ToText(), rule, law, choice, items);
            json.WriteEndArray();
            Write(json, planted.About?.Covering ?? []);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void Describe(
        Utf8JsonWriter json, Replay replay, EntryIndex entry, Receipts receipts, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteString("release", Release);
        json.WriteNumber("entry", entry.Value);
        json.WriteString("engine", replay.Manifest.Engine);
        json.WriteString("made_at", now.ToText());
        json.WriteNumber("ledger_size", receipts.Published.Size.Value);
        json.WriteString("seed", Seed.ToHex());
        json.WriteString("seed_from", Origin.ToText());
        json.WriteNumber("erased_since", ErasedSince);
        json.WriteStartArray("strata");
        foreach (var stratum in Strata)
        {
            json.WriteStartObject();
            json.WriteString("stratum", stratum.Name);
            json.WriteNumber("population", stratum.Population);
            json.WriteNumber("drawn", stratum.Drawn);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Raw(Utf8JsonWriter json, string name, string value)
    {
        json.WritePropertyName(name);
        using var parsed = JsonDocument.Parse(value);
        parsed.RootElement.WriteTo(json);
    }

    private static void Put(string folder, string name, byte[] content)
    {
        var path = Path.Combine(folder, name);
        FileModes.MakePrivateFolder(Path.GetDirectoryName(path)!);
        Durable.CreateNew(path, content, Durable.Private);
    }
}

/// <summary>How a seed's origin is written.</summary>
internal static class SeedOrigins
{
    /// <summary>The stable, kebab-case name.</summary>
    public static string ToText(this SeedOrigin origin) => origin switch
    {
        SeedOrigin.LaterCheckpoint => "later-checkpoint",
        SeedOrigin.EarlierCheckpoint => "earlier-checkpoint",
        SeedOrigin.Given => "given",
    };

    /// <summary>What it means, in a sentence.</summary>
    public static string Sentence(this SeedOrigin origin) => origin switch
    {
        SeedOrigin.LaterCheckpoint => "The seed is the hash of a checkpoint later than the release's commitment: "
            + "nobody knew it when the release was committed.",
        SeedOrigin.EarlierCheckpoint => "The seed is the hash of a checkpoint that covers nothing after the release's "
            + "own entry: whoever made the release could have chosen it. Draw by a later checkpoint.",
        SeedOrigin.Given => "The seed is not that of a checkpoint: whoever gave it chose it. Only an auditor who chose "
            + "it after the release was committed can go by it.",
    };
}
