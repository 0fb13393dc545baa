using System.Globalization;
using System.Text.Json;
using Aval.Corpus;
using Aval.Ledger;
using Aval.Storage;

namespace Aval.Answers;

/// <summary>What an auditor's own check of a sample found to hold.</summary>
/// <param name="Release">The release, as its manifest and its entry in the ledger say.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Origin">Where it comes from, found anew.</param>
/// <param name="Seen">The checkpoints of the ledger that its files hold: of the release, the receipts, the
/// seed.</param>
/// <param name="Strata">What was drawn of what.</param>
/// <param name="ErasedSince">Excluded items that nobody could draw any more.</param>
/// <param name="Receipts">How many choices were opened, and found in the ledger.</param>
/// <param name="Forgotten">How many cited choices were forgotten since, so that nothing opens them.</param>
/// <param name="Withheld">How many items are restricted, or to be erased, so that their words were left out.</param>
/// <param name="RowsCompared">The rows were held against the release's shards.</param>
/// <param name="Planted">Each planted account, and what became of it.</param>
/// <param name="Seal">SHA-256 of the list of hashes.</param>
internal sealed record AuditSampleVerdict(
    CommittedRelease Release, Hash Seed, SeedOrigin Origin, SeenCheckpoints Seen,
    IReadOnlyList<AuditStratum> Strata, long ErasedSince, int Receipts, int Forgotten, int Withheld, bool RowsCompared,
    IReadOnlyList<(string Account, PlantedOutcome Outcome)> Planted, string Seal)
{
    /// <summary>Whether every planted account was followed to its exclusion.</summary>
    public bool AllPlantedExcluded => Planted.All(planted => planted.Outcome == PlantedOutcome.Excluded);
}

/// <summary>
/// Checks a sample without a workspace: that the seed drew these rows, that they are the release's, and that each
/// choice opens an entry of the ledger. Whether a decision is right is for the auditor to judge.
/// </summary>
internal sealed class AuditSampleCheck
{
    private readonly string _folder;
    private readonly LedgerKeys _keys;
    private readonly HashSet<long> _opened = [];
    private readonly HashSet<long> _forgotten = [];
    private readonly SeenCheckpoints _seen = new();
    private long _ledgerSize;
    private int _withheld;

    private AuditSampleCheck(string folder, LedgerKeys keys) => (_folder, _keys) = (folder, keys);

    /// <summary>Checks it.</summary>
    /// <param name="folder">The sample.</param>
    /// <param name="keys">The ledger's key, and those before it.</param>
    /// <param name="release">A copy of the release, against whose shards the rows are held; null = none at
    /// hand.</param>
    /// <param name="engine">An engine to read them with.</param>
    /// <param name="expected">Reads the accounts that the auditor planted, which must all have been followed; null =
    /// the auditor names none.</param>
    /// <exception cref="ProofException">The first thing that is wrong, and its file.</exception>
    public static AuditSampleVerdict Of(
        string folder, LedgerKeys keys, string? release, Engine engine,
        Func<ServiceForms, IReadOnlyList<Account>>? expected = null) =>
        new AuditSampleCheck(folder, keys).Run(release, engine, expected);

    private AuditSampleVerdict Run(
        string? copy, Engine engine, Func<ServiceForms, IReadOnlyList<Account>>? plantedBy)
    {
        var seal = RequireSeal();
        var entry = Bytes("manifest.tlog-proof");
        var release = In("manifest.json", () => new CommittedManifest(
            Bytes("manifest.json"), Bytes("manifest.sig"), entry).Verify(
                _keys.For(InclusionProof.Parse(entry).Note)));
        In(Manifest.FileName, () => RequireRows(release.Manifest));
        var accounting = Accounting(release.Manifest);
        using var document = Json(AuditSample.DescriptionFile, Bytes(AuditSample.DescriptionFile));
        var (seed, strata, erased) = In(AuditSample.DescriptionFile, () => Description(document, release));
        See("manifest.tlog-proof", release.Checkpoint, InclusionProof.Parse(entry).Note);
        var origin = In(AuditSample.CheckpointFile, () => OriginOf(seed, release));
        In(AuditSample.DescriptionFile, () => RequireWord(
            "seed_from", origin.ToText(), document.RootElement.TextOf("seed_from")));
        foreach (var stratum in strata)
            In(AuditSample.FileOf(stratum.Name), () => Rows(stratum, seed, release, accounting, copy, engine));
        var expected = plantedBy?.Invoke(release.Manifest.Services);
        var planted = In(AuditSample.PlantedFile, () => Planted(release, expected));
        return new AuditSampleVerdict(
            release, seed, origin, _seen, strata, erased, _opened.Count, _forgotten.Count, _withheld,
            copy is not null, planted, seal);
    }

    // No byte of the folder is free, and no link leads out of it.
    private string RequireSeal()
    {
        var path = Path.Combine(_folder, AuditSample.SealFile);
        if (!Directory.Exists(_folder) || !File.Exists(path))
            throw ProofException.Malformed($"{path}: this is no sample: the list of its files' hashes is missing.");
        foreach (var entry in new DirectoryInfo(_folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
        {
            if (entry.LinkTarget is not null)
                throw ProofException.Wrong($"{entry.FullName}: this is a link, and a sample holds files.");
        }

        var bytes = File.ReadAllBytes(path);
        var listed = System.Text.Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var found = AuditSample.Files(_folder).Select(file => $"{file.Sha256}  {file.Name}").ToArray();
        if (listed.Except(found).Concat(found.Except(listed)).FirstOrDefault() is { } odd)
            throw ProofException.Wrong($"{path}: the folder is not what was sealed: \"{Shown.Of(odd)}\" is in one of "
                + "the two alone. A file was changed, added or taken away.");
        return Hash.Of(bytes).ToHex();
    }

    // Places are counted through the shards: with fewer rows than that there would be places in none.
    private static void RequireRows(ManifestFacts manifest)
    {
        var rows = manifest.Shards.Sum(shard => (decimal)shard.Rows!.Value);
        if (rows != manifest.Admitted)
            throw ProofException.Wrong(string.Create(CultureInfo.InvariantCulture, $"It states {manifest.Admitted} "
                + $"admitted items, and its shards have {rows} rows."));
    }

    // All that the sample was drawn from was there when the receipts were made.
    private void See(string name, Checkpoint checkpoint, byte[] note)
    {
        if (checkpoint.Size.Value > _ledgerSize)
            throw ProofException.Wrong($"{name}: its checkpoint has {checkpoint.Size} entries, and "
                + $"{AuditSample.DescriptionFile} says that the ledger had {new TreeSize(_ledgerSize)} when the sample "
                + "was drawn.");
        _seen.Add(name, checkpoint, note);
    }

    private Dictionary<string, long> Accounting(ManifestFacts manifest)
    {
        const string name = "accounting.json";
        var bytes = Bytes(name);
        return In(name, () =>
        {
            if (!manifest.Others.Any(file => file.Path == name && file.Sha256 == Hash.Of(bytes)))
                throw ProofException.Wrong("This is not the accounting that the manifest names.");
            using var document = Json(name, bytes);
            return document.RootElement.MembersOf("excluded").ToDictionary(
                StrictJson.Name, reason => StrictJson.Count(reason.Value, StrictJson.Name(reason)));
        });
    }

    private (Hash Seed, IReadOnlyList<AuditStratum> Strata, long Erased) Description(
        JsonDocument document, CommittedRelease release)
    {
        var root = document.RootElement;
        var manifest = release.Manifest;
        RequireWord("format", AuditSample.Format, root.TextOf("format"));
        RequireWord("release", manifest.Name, root.TextOf("release"));
        if (root.CountOf("entry") != release.Index.Value)
            throw ProofException.Wrong($"It says that the release is entry {root.CountOf("entry")} of the ledger, and "
                + $"its proof shows entry {release.Index}.");
        _ledgerSize = root.CountOf("ledger_size");
        var erased = root.CountOf("erased_since");
        var strata = root.ListOf("strata").Select(stratum => new AuditStratum(
            stratum.TextOf("stratum"), stratum.CountOf("population"),
            (int)Math.Min(stratum.CountOf("drawn"), AuditDraw.Most + 1))).ToArray();
        if (strata is not [{ Name: AuditSample.Admitted } admitted, { Name: AuditSample.Excluded } excluded]
            || strata.Any(stratum => stratum.Drawn > AuditDraw.Most || stratum.Drawn > stratum.Population))
            throw ProofException.Wrong("It should draw from admitted and excluded items, in this order, and no more "
                + $"than there are and than {AuditDraw.Most}.");
        if (admitted.Population != manifest.Admitted
            || excluded.Population + erased != manifest.Read - manifest.Admitted)
            throw ProofException.Wrong($"It draws from {admitted.Population} admitted and {excluded.Population} "
                + $"excluded items with {erased} erased since, and the manifest states {manifest.Admitted} admitted of "
                + $"{manifest.Read} read.");
        return (Hash.From(Convert.FromHexString(Hex(root.TextOf("seed")))), strata, erased);
    }

    private static string Hex(string text) => text.Length == 2 * Hash.Size && text.All(char.IsAsciiHexDigitLower)
        ? text
        : throw ProofException.Malformed("\"seed\" is not 64 hexadecimal digits.");

    private SeedOrigin OriginOf(Hash seed, CommittedRelease release)
    {
        if (!File.Exists(Path.Combine(_folder, AuditSample.CheckpointFile)))
            return SeedOrigin.Given;
        var note = Bytes(AuditSample.CheckpointFile);
        var checkpoint = Checkpoint.Verify(note, _keys.For(note), release.Manifest.Ledger);
        if (AuditDraw.Seed(checkpoint) != seed)
            throw ProofException.Wrong($"The seed is {seed.ToHex()}, and the hash of this checkpoint's text is "
                + $"{AuditDraw.Seed(checkpoint).ToHex()}.");
        See(AuditSample.CheckpointFile, checkpoint, note);
        return AuditDraw.OriginOf(checkpoint, release.Index);
    }

    private void Rows(
        AuditStratum stratum, Hash seed, CommittedRelease release, Dictionary<string, long> accounting, string? copy,
        Engine engine)
    {
        var places = AuditDraw.Places(seed, stratum.Name, stratum.Population, stratum.Drawn);
        var isAdmitted = stratum.Name == AuditSample.Admitted;
        var lying = isAdmitted
            ? AuditSample.Lying(
                [.. release.Manifest.Shards.Select(shard => (shard.Path, shard.Rows ?? 0))], places).ToArray()
            : [];
        var (at, reasons, items) = (0, new Dictionary<string, long>(), new HashSet<string>());
        var shown = new Dictionary<(string Shard, long Row), string>();
        foreach (var line in LinesOf(AuditSample.FileOf(stratum.Name)))
        {
            if (at == places.Count)
                throw ProofException.Wrong($"It has more lines than the {places.Count} that were drawn.");
            using var document = StrictJson.Parse(System.Text.Encoding.UTF8.GetBytes(line), Line(at));
            var row = document.RootElement;
            if (row.CountOf("number") != at + 1 || row.CountOf("place") != places[at])
                throw ProofException.Wrong($"{Line(at)} holds the item at place {row.CountOf("place")}, and the seed "
                    + $"draws place {places[at]} as number {at + 1}.");
            RequireWord("decision", isAdmitted ? "admitted" : "excluded", row.TextOf("decision"));
            if (!items.Add(row.TextOf("item")))
                throw ProofException.Wrong($"{Line(at)} names {Shown.Of(row.TextOf("item"))}, which stands above: no "
                    + "item is drawn twice.");
            var isWithheld = row.Member("withheld").ValueKind == JsonValueKind.True;
            if (isWithheld)
                _withheld++;
            if (isAdmitted && isWithheld != (row.MembersOf("released").Count() == 1))
                throw ProofException.Wrong($"{Line(at)} says that its words are {(isWithheld ? "" : "not ")}withheld, "
                    + "and shows it otherwise.");
            if (isAdmitted)
                shown.Add(RequirePlace(row, lying[at], Line(at)), row.Member("released").GetRawText());
            else if (row.TextOf("reason") is var reason)
                reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
            RequireChoices(row, "against", release.Manifest.Services, Line(at));
            at++;
        }

        if (at < places.Count)
            throw ProofException.Wrong($"It has {at} lines, and {places.Count} were drawn.");
        if (reasons.FirstOrDefault(reason => reason.Value > accounting.GetValueOrDefault(reason.Key)) is
            { Key: not null } odd)
            throw ProofException.Wrong($"{odd.Value} of its items are out as {Shown.Of(odd.Key)}, and the accounting "
                + $"has {accounting.GetValueOrDefault(odd.Key)} in all.");
        if (copy is not null && isAdmitted)
            RequireRows(copy, release.Manifest, shown, engine);
    }

    private static (string, long) RequirePlace(
        JsonElement row, (int Number, long Place, string Shard, long Row) lying, string line) =>
        row.TextOf("shard") == lying.Shard && row.CountOf("row") == lying.Row
            ? (lying.Shard, lying.Row)
            : throw ProofException.Wrong($"{line} is row {row.CountOf("row")} of {Shown.Of(row.TextOf("shard"))}, and "
                + $"place {lying.Place} is row {lying.Row} of {lying.Shard}.");

    private static void RequireRows(
        string copy, ManifestFacts manifest, Dictionary<(string Shard, long Row), string> shown, Engine engine)
    {
        foreach (var shard in shown.GroupBy(one => one.Key.Shard))
        {
            var path = Path.Combine(copy, shard.Key);
            if (!HashedFile.Is(path, manifest.Shards.Single(file => file.Path == shard.Key).Sha256.ToHex()))
                throw ProofException.Wrong($"{path}: this is not the shard that the manifest names.");
            var lying = AuditTables.ReadReleased(engine, path, shard.Select(one => one.Key.Row));
            foreach (var ((_, row), released) in shard)
            {
                if (!lying.TryGetValue(row, out var found) || !IsThat(released, found))
                    throw ProofException.Wrong($"row {row} of {shard.Key} is another one in {path} than the sample "
                        + "says.");
            }
        }
    }

    // Of one whose words were left out, the key alone is there.
    private static bool IsThat(string shown, string found)
    {
        using var said = JsonDocument.Parse(shown);
        using var lying = JsonDocument.Parse(found);
        if (said.RootElement.EnumerateObject().Count() == 1)
            return said.RootElement.TextOf("row_key") == lying.RootElement.TextOf("row_key");
        try
        {
            return JsonElement.DeepEquals(said.RootElement, lying.RootElement);
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException)
        {
            // Text that is not Unicode, or a number that nobody can hold.
            throw ProofException.Malformed("A row says what cannot be read.", broken);
        }
    }

    // Each choice opens its entry, and says what the line says that it says. Those that do; what was forgotten since
    // opens nothing.
    private List<(long Index, Statement Said, JsonElement Cited)> RequireChoices(
        JsonElement row, string rules, ServiceForms forms, string line)
    {
        var cited = new HashSet<long>();
        var opened = new List<(long, Statement, JsonElement)>();
        foreach (var choice in row.ListOf("choices"))
        {
            var index = choice.CountOf("index");
            cited.Add(index);
            if (Has(choice, "forgotten") && choice.Member("forgotten").ValueKind == JsonValueKind.True)
            {
                _forgotten.Add(index);
                continue;
            }

            var said = Open(index);
            foreach (var (member, value) in new[]
            {
                ("kind", said.Kind.ToText()), ("account", said.Account), ("purpose", said.Purpose),
                ("made_at", Statement.ToText(said.MadeAt)),
            })
            {
                var cites = choice.TextOf(member);
                // A receipt keeps the spelling of its time, and the release knows the account by that of its own.
                var isSame = cites == value
                    || (member == "account" && cites == forms.Account(value).Value);
                if (!isSame)
                    throw ProofException.Wrong($"{line} says of choice {index} that its {member} is "
                        + $"\"{Shown.Of(choice.TextOf(member))}\", and its receipt says \"{Shown.Of(value)}\".");
            }

            opened.Add((index, said, choice));
        }

        foreach (var rule in row.ListOf(rules))
        {
            if (Has(rule, "choice") && !cited.Contains(rule.CountOf("choice")))
                throw ProofException.Wrong(
                    $"{line} rests on choice {rule.CountOf("choice")}, which is not among its choices.");
        }

        return opened;
    }

    private Statement Open(long index)
    {
        var name = AuditSample.ReceiptOf(index);
        var receipt = In(name, () =>
        {
            var read = Receipt.Parse(Bytes(name));
            if (read.Inclusion.Index.Value != index)
                throw ProofException.Wrong($"This is the receipt of choice {read.Inclusion.Index}.");
            if (_opened.Add(index))
                RequireNow(name, read.Verify(_keys.For(read.Inclusion.Note)), read.Inclusion.Note);
            return read;
        });
        return receipt.Statement;
    }

    // All receipts are made at once, under the checkpoint that the sample states.
    private void RequireNow(string name, Checkpoint checkpoint, byte[] note)
    {
        if (checkpoint.Size.Value != _ledgerSize)
            throw ProofException.Wrong($"Its checkpoint has {checkpoint.Size} entries, and "
                + $"{AuditSample.DescriptionFile} says that the receipts were made from one of "
                + $"{new TreeSize(_ledgerSize)}.");
        _seen.Add(name, checkpoint, note);
    }

    private List<(string Account, PlantedOutcome Outcome)> Planted(
        CommittedRelease release, IReadOnlyList<Account>? expected)
    {
        using var document = Json(AuditSample.PlantedFile, Bytes(AuditSample.PlantedFile));
        var manifest = release.Manifest;
        if (document.RootElement.ValueKind != JsonValueKind.Array)
            throw ProofException.Malformed("It is not a list.");
        // Whom the auditor names; else whom the folder says that the auditor named.
        var hearing = new PlantedHearing(
            manifest.Policy.Purpose, manifest.LedgerSize, manifest.ErasedTo,
            (expected ?? [.. document.RootElement.EnumerateArray().Select(one => AccountOf(one, manifest.Services))])
                .ToHashSet());
        var planted = new List<(string Account, PlantedOutcome Outcome)>();
        foreach (var (one, at) in document.RootElement.EnumerateArray().Select((one, at) => (one, at)))
        {
            var (account, word) = (one.TextOf("account"), one.TextOf("outcome"));
            var opened = RequireChoices(one, "excluded", manifest.Services, Shown.Of(account));
            var name = AuditSample.ProofOf(at + 1);
            var proof = AuthorProof.Parse(Bytes(name));
            var shown = In(name, () => proof.Verify(
                manifest.Authors, AccountOf(one, manifest.Services).ToString(), _keys.For(proof.Inclusion.Note)));
            var outcome = Enum.GetValues<PlantedOutcome>().Cast<PlantedOutcome?>()
                .FirstOrDefault(known => known!.Value.ToText() == word)
                ?? throw ProofException.Malformed($"\"{Shown.Of(word)}\" is no outcome of a planted account.");
            if ((shown == AuthorVerdict.Present) != (outcome == PlantedOutcome.Found))
                throw ProofException.Wrong($"It says that {Shown.Of(account)} is {word}, and the proof shows that the "
                    + $"account is {(shown == AuthorVerdict.Present ? "among" : "not among")} the release's authors.");
            if (outcome == PlantedOutcome.Excluded && !(one.ListOf("excluded").Any()
                && opened.Any(choice => IsHeard(hearing, AccountOf(one, manifest.Services), choice, manifest))))
                throw ProofException.Wrong($"It says that {Shown.Of(account)} is excluded, and opens no choice that "
                    + $"protects against {Shown.Of(manifest.Policy.Purpose)}, was made on it (or on another planted "
                    + "account that is linked to it) and was in the ledger when the release was made; or nothing was "
                    + "left out.");
            planted.Add((account, outcome));
        }

        var named = planted.Select(one => one.Account).ToHashSet(StringComparer.Ordinal);
        Account[] missing = [.. (expected ?? []).Where(account => !named.Contains(account.ToString()))];
        if (missing.Length > 0)
            throw ProofException.Wrong($"The account {missing[0]}, which was planted, is not among those that were "
                + "followed.");
        return planted;
    }

    private static bool IsHeard(
        PlantedHearing hearing, Account planted, (long Index, Statement Said, JsonElement Cited) choice,
        ManifestFacts manifest) =>
        ChoiceKinds.TryParse(choice.Said.Kind.ToText(), out ChoiceKind kind)
        && hearing.Hears(
            planted, new EntryIndex(choice.Index), kind, AccountOf(choice.Cited, manifest.Services),
            choice.Said.Purpose,
            Has(choice.Cited, "chain") ? [.. choice.Cited.ListOf("chain").Select(Node)] : []);

    private static string Node(JsonElement node) => node.ValueKind == JsonValueKind.String
        ? StrictJson.Text(node)
        : throw ProofException.Malformed("\"chain\" holds what is not text.");

    private static bool Has(JsonElement owner, string name) => owner.ValueKind == JsonValueKind.Object
        ? owner.TryGetProperty(name, out _)
        : throw ProofException.Malformed($"What could have a member \"{name}\" is not an object.");

    private static Account AccountOf(JsonElement owner, ServiceForms forms) =>
        Account.TryParse(owner.TextOf("account"), forms, out var account, out _)
            ? account
            : throw ProofException.Malformed($"\"{Shown.Of(owner.TextOf("account"))}\" is no account.");

    private static string Line(int at) => string.Create(CultureInfo.InvariantCulture, $"line {at + 1}");

    private static void RequireWord(string name, string expected, string found)
    {
        if (found != expected)
            throw ProofException.Wrong($"\"{name}\" should be \"{expected}\", but it is \"{Shown.Of(found)}\".");
    }

    private static JsonDocument Json(string name, byte[] bytes) => StrictJson.Parse(bytes, name);

    private IEnumerable<string> LinesOf(string name) => File.Exists(Path.Combine(_folder, name))
        ? File.ReadLines(Path.Combine(_folder, name))
        : throw ProofException.Wrong($"{name}: the file is missing.");

    private byte[] Bytes(string name)
    {
        var path = Path.Combine(_folder, name);
        return File.Exists(path)
            ? File.ReadAllBytes(path)
            : throw ProofException.Wrong($"{name}: the file is missing.");
    }

    private static void In(string file, Action check) => In(file, () =>
    {
        check();
        return 0;
    });

    private static T In<T>(string file, Func<T> check)
    {
        try
        {
            return check();
        }
        catch (ProofException found)
        {
            throw ProofException.In(file, found);
        }
    }
}
