using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Aval.Answers;
using Aval.Building;
using Aval.Choices;
using Aval.Content;
using Aval.Ledger;
using Aval.Policies;
using Aval.Recording;
using Aval.Storage;
using Aval.Tests.ContentStore;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.Answers;

/// <summary>Rows and exclusions that a seed drew, as an auditor gets them and checks them.</summary>
public sealed class AuditSampleTests : IDisposable
{
    private static readonly EngineLimits Small = new(2, 1_000_000_000);

    private static readonly Policy Regime = PolicyReader.Parse(
        """
        policy: audited
        title: What is drawn from
        purpose: train-generative-ai
        basis: legitimate-interest
        applies-from: 2025-01-01
        rules:
          - {id: erasure, law: "GDPR 17"}
          - {id: restriction, law: "GDPR 18"}
          - {id: objection, law: "GDPR 21"}
          - {id: removal, law: "GDPR 17"}
          - {id: audience, admit: [public]}
          - {id: informed, off: "A test."}
          - {id: special-categories, off: "A test."}
          - {id: about-me, off: "A test."}
          - {id: combine-services, off: "A test."}
        """, "audited.yaml");

    private readonly ContentWorld _world = new(buckets: 4);
    private readonly Engine _engine;
    private readonly string _release;

    public AuditSampleTests()
    {
        string[] lines = [.. Enumerable.Range(0, 60).Select(at => Item(
            string.Create(CultureInfo.InvariantCulture, $"i{at:D2}"),
            ("author", $"\"facebook:{1 + (at % 12)}\""), ("text", $"\"says {at} and <nothing> else\""),
            ("audience", at % 5 == 0 ? "\"friends\"" : "\"public\""),
            ("observed_at", "\"2025-02-01T00:00:00Z\"")))];
        _world.Import([_world.Lines(lines)]);
        _world.Import([_world.Lines(Said("i07", "says more", "2025-03-01T00:00:00Z")
            .Replace("facebook:ann", "facebook:8", StringComparison.Ordinal))]);
        Say(ChoiceKind.Objection, "facebook:3");
        Say(ChoiceKind.Objection, "facebook:8");
        Say(ChoiceKind.Objection, "facebook:3", purpose: Purpose.SpecialCategories);
        _release = Build("test");
        _engine = Engine.Open(_world.File("check"), Small);
    }

    public void Dispose()
    {
        _engine.Dispose();
        _world.Dispose();
    }

    private string Build(string corpus) => Pipeline.Build(
        _world.Workspace,
        new BuildRequest(Regime, CorpusName.Parse(corpus), Time("2025-12-01T00:00:00Z"), null, Small)
        {
            Clock = new StandingClock(Today),
        },
        _ => { }).Directory;

    private string Folder => _world.File("sample");

    private LedgerKeys Keys => LedgerKeys.Of(_world.Workspace);

    [Fact]
    public void What_a_later_checkpoint_draws_an_auditor_finds_to_be_the_releases()
    {
        var sample = Draw(LaterCheckpoint(), 20, 20);
        Assert.Equal(SeedOrigin.LaterCheckpoint, sample.Origin);
        // 48 of 60 are public, and of these 8 are by the two who objected.
        Assert.Equal(
            (AuditStratum[])[new("admitted", 40, 20), new("excluded", 20, 20)], sample.Strata);
        var verdict = Check();
        Assert.Equal((SeedOrigin.LaterCheckpoint, sample.Seal), (verdict.Origin, verdict.Seal));
        Assert.True(verdict.RowsCompared);
        Assert.Equal((3, 0, 0), (verdict.Receipts, verdict.Forgotten, verdict.Withheld));

        var excluded = Lines("excluded");
        Assert.Equal(20, excluded.Count);
        var objected = excluded.First(row => Text(row, "reason") == "objected" && row["choices"]!.AsArray().Count > 0);
        Assert.Equal("GDPR 21", objected["against"]![0]!["law"]!.GetValue<string>());
        Assert.StartsWith("says ", Text(objected["observed"]![0]!, "text"), StringComparison.Ordinal);
        Assert.Contains(excluded, row => Text(row, "reason") == "not-public" && row["choices"]!.AsArray().Count == 0);
        // Places are in the order of service and id.
        var all = excluded.OrderBy(row => row["place"]!.GetValue<long>()).Select(row => Text(row, "item")).ToArray();
        Assert.Equal(all.Order(StringComparer.Ordinal), all);
        var twice = excluded.Single(row => Text(row, "item") == "item:facebook:i07");
        Assert.Equal(
            ["says 7 and <nothing> else", "says more"],
            twice["observed"]!.AsArray().Select(version => Text(version!, "text")));
        Assert.All(
            Directory.GetFiles(Folder, "*", SearchOption.AllDirectories),
            file => Assert.False(FileModes.IsOpenToOthers(file)));
        Assert.False(FileModes.IsOpenToOthers(Folder));
    }

    [Fact]
    public void A_seed_that_is_no_later_checkpoints_is_told_by_both_sides()
    {
        var seed = Hash.Of([7]);
        Assert.Equal(SeedOrigin.Given, Write(new AuditRequest(seed, null, 5, 5, []), "given").Origin);
        Assert.Equal(SeedOrigin.Given, Check("given").Origin);
        // The one that the release was committed under: it says no more than the release.
        var note = InclusionProof.Parse(File.ReadAllBytes(Path.Combine(_release, "manifest.tlog-proof"))).Note;
        Assert.Equal(SeedOrigin.EarlierCheckpoint, Draw(note, 5, 5, "early").Origin);
        Assert.Equal(SeedOrigin.EarlierCheckpoint, Check("early").Origin);
        // Its hash is enough, while it is the one that everybody sees.
        var named = AuditDraw.Seed(Checkpoint.Parse(SignedNote.Parse(note).Text));
        Assert.Equal(
            SeedOrigin.EarlierCheckpoint, Write(new AuditRequest(named, null, 1, 1, []), "named").Origin);
    }

    [Fact]
    public void Planted_accounts_are_followed_and_one_that_is_in_is_found()
    {
        Account[] planted = [Account.Parse("facebook:3"), Account.Parse("facebook:1"), Account.Parse("facebook:none")];
        var sample = Write(new AuditRequest(null, LaterCheckpoint(), 3, 3, planted), "sample");
        Assert.Equal(
            [PlantedOutcome.Excluded, PlantedOutcome.Found, PlantedOutcome.Unknown],
            sample.Planted.Select(one => one.Outcome));
        var verdict = Check();
        Assert.False(verdict.AllPlantedExcluded);
        Assert.Equal([PlantedOutcome.Excluded, PlantedOutcome.Found, PlantedOutcome.Unknown],
            verdict.Planted.Select(one => one.Outcome));
        var file = _world.Write("planted.txt", "# mine\n\nfacebook:3\nann@example.org\n");
        var refused = Assert.Throws<AvalException>(
            () => PlantedObjectors.Read(file, _world.Workspace.Settings.Services));
        Assert.Contains("planted.txt, line 4", refused.Message, StringComparison.Ordinal);
        // What the manifest's forms spell in another way is told: the list's spelling is not what was followed.
        Assert.Equal(
            [("instagram:Kim.Fictive", Account.Parse("instagram:kim.fictive"))],
            PlantedObjectors.Respelled(
                _world.Write("spelled.txt", "facebook:3\n instagram:Kim.Fictive\ninstagram:kim.fictive\n"),
                _world.Workspace.Settings.Services));
        // Who is not among them was forgotten by whoever drew.
        var forgotten = Assert.Throws<ProofException>(() => AuditSampleCheck.Of(
            Folder, Keys, null, _engine, _ => [Account.Parse("facebook:5")]));
        Assert.Contains("facebook:5", forgotten.Message, StringComparison.Ordinal);
        // The operator says that it is out; the proof says that it is in.
        var list = Path.Combine(Folder, AuditSample.PlantedFile);
        Put(list, Encoding.UTF8.GetBytes(
            File.ReadAllText(list).Replace("\"found\"", "\"unread\"", StringComparison.Ordinal)));
        Seal();
        Assert.Contains("among the release's authors", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_changed_after_the_draw_is_found_under_a_new_seal_too()
    {
        Draw(LaterCheckpoint(), 20, 15);
        Assert.Equal(ExitCode.Usage, Assert.Throws<AvalException>(() => Draw(LaterCheckpoint(), 1, 1)).Exit);
        foreach (var (file, from, to, told) in new[]
        {
            ("admitted.jsonl", "\"place\":", "\"place\":9", "the seed draws place"),
            ("admitted.jsonl", "\"text\":\"says ", "\"text\":\"said ", "another one"),
            ("admitted.jsonl", "\"decision\":\"admitted\"", "\"decision\":\"excluded\"", "\"decision\""),
            ("excluded.jsonl", "\"reason\":\"not-public\"", "\"reason\":\"minor\"", "the accounting has 0"),
            ("excluded.jsonl", "\"kind\":\"objection\"", "\"kind\":\"consent\"", "and its receipt says"),
            ("sample.json", "\"population\": 20", "\"population\": 21", "the manifest states"),
            ("sample.json", "\"drawn\": 15", "\"drawn\": 14", "more lines"),
            ("sample.json", "later-checkpoint", "given", "\"seed_from\""),
            ("accounting.json", "\"read\": 60", "\"read\": 61", "not the accounting"),
            ("manifest.json", "\"read\": 60", "\"read\": 61", "manifest.json"),
        })
        {
            var path = Path.Combine(Folder, file);
            var was = File.ReadAllText(path);
            Assert.Contains(from, was, StringComparison.Ordinal);
            Put(path, Encoding.UTF8.GetBytes(was.Replace(from, to, StringComparison.Ordinal)));
            Assert.Contains("not what was sealed", Refused(), StringComparison.Ordinal);
            Seal();
            Assert.Contains(told, Refused(), StringComparison.Ordinal);
            Put(path, Encoding.UTF8.GetBytes(was));
            Seal();
        }

        var receipts = Directory.GetFiles(Path.Combine(Folder, "receipts")).Order().ToArray();
        Put(receipts[0], File.ReadAllBytes(receipts[1]));
        Seal();
        Assert.Contains("This is the receipt of choice", Refused(), StringComparison.Ordinal);
        Put(Path.Combine(Folder, "more.txt"), [1]);
        Assert.Contains("not what was sealed", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_restricted_since_is_drawn_and_its_words_are_left_out()
    {
        Say(ChoiceKind.Restriction, "facebook:1", Today);
        Draw(LaterCheckpoint(), 40, 20);
        var withheld = Lines("admitted").Where(row => Text(row, "account") == "facebook:1").ToArray();
        Assert.NotEmpty(withheld);
        Assert.All(withheld, row =>
        {
            Assert.True(row["withheld"]!.GetValue<bool>());
            Assert.Null(row["released"]!["text"]);
            Assert.Null(row["observed"]![0]!["text"]);
        });
        Assert.DoesNotContain("says 24 ", File.ReadAllText(Path.Combine(Folder, "admitted.jsonl")),
            StringComparison.Ordinal);
        Assert.Equal(5, Check().Withheld);
        // Words that are left out without a word.
        var file = Path.Combine(Folder, "admitted.jsonl");
        Put(file, Encoding.UTF8.GetBytes(
            File.ReadAllText(file).Replace("\"withheld\":true", "\"withheld\":false", StringComparison.Ordinal)));
        Seal();
        Assert.Contains("not withheld", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_objection_that_was_lost_is_not_made_up_for_by_anybody_elses_or_by_a_later_one()
    {
        Say(ChoiceKind.Objection, "facebook:3", Today);
        Write(new AuditRequest(null, LaterCheckpoint(), 3, 3, [Account.Parse("facebook:3")]), "sample");
        Assert.True(Check().AllPlantedExcluded);
        var list = Path.Combine(Folder, AuditSample.PlantedFile);
        var was = File.ReadAllText(list);
        var own = JsonNode.Parse(was)![0]!["choices"]!.AsArray().Select(one => (long)one!["index"]!).ToArray();
        Assert.NotEmpty(own);
        using (var choices = CommittedChoices.Open(_world.Workspace))
        {
            // Somebody else's, one about another purpose, and its own of after the release.
            foreach (var index in Enumerable.Range(0, (int)choices.Store.Size.Value))
            {
                if (own.Contains(index) || choices.Store.Opened(new EntryIndex(index))?.Choice is not { } other)
                    continue;
                Cite(list, was, index, other, chain: null);
                Assert.Contains("opens no choice", Refused(), StringComparison.Ordinal);
                // A chain of links to whom nobody planted is the operator's word alone.
                Cite(list, was, index, other, ["facebook:3", "person p", other.Account.ToString()]);
                Assert.Contains("opens no choice", Refused(), StringComparison.Ordinal);
            }
        }

        var forgotten = JsonNode.Parse(was)!;
        foreach (var choice in forgotten[0]!["choices"]!.AsArray())
            choice!["forgotten"] = true;
        Put(list, Encoding.UTF8.GetBytes(forgotten.ToJsonString()));
        Seal();
        Assert.Contains("opens no choice", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_objection_on_another_planted_account_that_is_linked_is_heard()
    {
        _world.Import(
            [_world.Lines(
                "{\"account\": \"facebook:5\", \"person\": \"p\"}",
                "{\"account\": \"facebook:50\", \"person\": \"p\"}")],
            ContentKind.Accounts, observedAt: "2025-02-01T00:00:00Z");
        Say(ChoiceKind.Objection, "facebook:50");
        var linked = Build("linked");
        foreach (var (planted, expected) in new (Account[], PlantedOutcome[])[]
        {
            ([Account.Parse("facebook:5"), Account.Parse("facebook:50")],
                [PlantedOutcome.Excluded, PlantedOutcome.Unread]),
            // That the two are linked is the operator's word.
            ([Account.Parse("facebook:5")], [PlantedOutcome.Unheard]),
        })
        {
            var name = $"linked-{planted.Length}";
            var sample = AuditSample.Write(
                _world.Workspace, linked, new AuditRequest(Hash.Of([7]), null, 1, 1, planted), _world.File(name),
                Today, Small);
            Assert.Equal(expected, sample.Planted.Select(one => one.Outcome));
            Assert.Equal(expected, AuditSampleCheck.Of(
                _world.File(name), Keys, linked, _engine, _ => planted).Planted.Select(one => one.Outcome));
        }
    }

    [Fact]
    public void What_a_second_history_shows_is_told_as_a_fork()
    {
        Draw(LaterCheckpoint(), 20, 20);
        Assert.Equal(
            [Entry("manifest.tlog-proof").Size.Value, Size()],
            Check().Seen.All.Select(one => one.Checkpoint.Size.Value));
        var receipt = Directory.GetFiles(Path.Combine(Folder, "receipts"))[0];
        var was = Receipt.Parse(File.ReadAllBytes(receipt));
        // Of the size at which the checkpoint of the seed was signed.
        Put(receipt, Forked(was, Size()).ToFile());
        Seal();
        var fork = Assert.Throws<ProofException>(() => Check());
        Assert.Equal(ProofFailure.Fork, fork.Failure);
        Assert.Contains($"{Path.GetFileName(receipt)} and checkpoint: FORK", fork.Message, StringComparison.Ordinal);
        // Of another one it cannot be: the receipts are all of the size that the sample states.
        Put(receipt, Forked(was, Size() + 1).ToFile());
        Seal();
        Assert.Contains("says that the receipts were made from one of", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void With_a_seed_that_was_given_every_checkpoint_is_there_to_be_held_against_a_copy()
    {
        LaterCheckpoint();
        Write(new AuditRequest(Hash.Of([7]), null, 20, 20, []), "sample");
        var files = Directory.GetFiles(Path.Combine(Folder, "receipts"));
        Receipt[] receipts = [.. files.Select(file => Receipt.Parse(File.ReadAllBytes(file)))];
        foreach (var (file, receipt) in files.Zip(receipts))
            Put(file, (receipt with { Inclusion = Forked(receipt.Inclusion.Index, Size(), receipts) }).ToFile());
        Seal();
        var seen = Check().Seen.All.ToArray();
        Assert.Equal(["manifest.tlog-proof", "receipts"], seen.Select(one => one.Where.Split('/')[0]));
        Assert.NotEqual(new TileReader(_world.Workspace.Ledger, new TreeSize(Size())).Root(), seen[1].Checkpoint.Root);
    }

    [Fact]
    public void The_size_of_the_ledger_that_a_sample_states_is_that_of_its_files()
    {
        Draw(LaterCheckpoint(), 5, 0);
        var path = Path.Combine(Folder, AuditSample.DescriptionFile);
        var was = File.ReadAllText(path);
        foreach (var (size, told) in new[]
        {
            (0L, "manifest.tlog-proof: its checkpoint has"), (Size() - 1, "checkpoint: its checkpoint has"),
        })
        {
            Change(path, was, $"\"ledger_size\": {Size()}", $"\"ledger_size\": {size}");
            Assert.Contains(told, Refused(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("admitted.jsonl", "\"released\":{", "\"released\":\"x\",\"was\":{")]
    [InlineData("admitted.jsonl", "\"released\":{", "\"were\":{")]
    [InlineData("admitted.jsonl", "\"text\":\"says ", "\"text\":\"\\ud800 ")]
    [InlineData("admitted.jsonl", "\"year\":", "\"year\":1e99999999999, \"was\":")]
    [InlineData("admitted.jsonl", "\"against\":[]", "\"against\":[1]")]
    [InlineData("admitted.jsonl", "\"choices\":[]", "\"choices\":[1]")]
    [InlineData("admitted.jsonl", "\"choices\":[]", "\"choices\":{}")]
    [InlineData("excluded.jsonl", "\"against\":[{", "\"against\":[[],{")]
    [InlineData("planted.json", "[]", "{}")]
    [InlineData("planted.json", "[]", "[1]")]
    [InlineData("planted.json", "[]", "[{\"account\": \"facebook:3\", \"outcome\": \"unread\", \"choices\": 1}]")]
    [InlineData("sample.json", "\"strata\": [", "\"strata\": [1, ")]
    [InlineData("sample.json", "{", "[{")]
    public void A_sample_that_is_malformed_is_refused_and_breaks_nothing(string file, string from, string to)
    {
        Draw(LaterCheckpoint(), 20, 20);
        var path = Path.Combine(Folder, file);
        Change(path, File.ReadAllText(path), from, to);
        Assert.Throws<ProofException>(() => Check());
    }

    [Theory]
    [InlineData("admitted.jsonl")]
    [InlineData("planted.json")]
    [InlineData("accounting.json")]
    [InlineData("manifest.tlog-proof")]
    public void A_file_that_is_missing_is_named(string file)
    {
        Draw(LaterCheckpoint(), 2, 2);
        File.Delete(Path.Combine(Folder, file));
        Seal();
        Assert.Contains($"{file}: the file is missing", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_that_states_more_rows_than_its_shards_have_is_refused()
    {
        Draw(LaterCheckpoint(), 20, 20);
        Manifested(text => text
            .Replace("\"admitted\": 40", "\"admitted\": 4000", StringComparison.Ordinal)
            .Replace("\"read\": 60", "\"read\": 4020", StringComparison.Ordinal));
        var path = Path.Combine(Folder, AuditSample.DescriptionFile);
        Change(path, File.ReadAllText(path), "\"population\": 40", "\"population\": 4000");
        Assert.Contains("its shards have 40 rows", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_shard_that_holds_no_rows_of_a_release_is_malformed()
    {
        Draw(LaterCheckpoint(), 20, 0);
        var copy = _world.File("copy");
        Directory.CreateDirectory(Path.Combine(copy, "shards"));
        Manifested(text =>
        {
            var manifest = JsonNode.Parse(text)!;
            foreach (var shard in manifest["files"]!.AsArray().Where(file => file!["rows"] is not null))
            {
                var file = Path.Combine(copy, (string)shard!["path"]!);
                Put(file, "no Parquet"u8.ToArray());
                shard["sha256"] = Hash.Of(File.ReadAllBytes(file)).ToHex();
            }

            return Renamed(manifest).ToJsonString();
        });
        var refused = Assert.Throws<ProofException>(() => AuditSampleCheck.Of(Folder, Keys, copy, _engine));
        Assert.Equal(ProofFailure.Malformed, refused.Failure);
        Assert.Contains("no rows of a release", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_choice_that_was_recorded_in_an_older_spelling_is_cited_as_the_release_knows_it()
    {
        _world.Import([_world.Lines(
            Item(
                "k1", ("author", "\"facebook:kim\""), ("text", "\"says Kim\""), ("audience", "\"public\""),
                ("observed_at", "\"2025-02-01T00:00:00Z\"")))]);
        var at = Time("2025-01-20T00:00:00Z");
        // As an older version recorded it: behind the doors.
        Recorder.EnterOnce(_world.Workspace, Sealing.Seal(new Choice(
            ChoiceKind.Objection, new Account("facebook", "Kim"), Purpose.TrainGenerativeAi, Scope.Everything, at,
            at)));
        var release = Build("older");
        AuditSample.Write(
            _world.Workspace, release,
            new AuditRequest(Hash.Of([7]), null, 5, 21, [Account.Parse("facebook:kim")]), Folder, Today, Small);
        var cited = Lines("excluded").Single(row => Text(row, "item") == "item:facebook:k1")["choices"]![0]!;
        var receipt = Receipt.Parse(File.ReadAllBytes(
            Path.Combine(Folder, AuditSample.ReceiptOf((long)cited["index"]!))));
        Assert.Equal(("facebook:kim", "facebook:Kim"), (Text(cited, "account"), receipt.Statement.Account));
        Assert.True(AuditSampleCheck.Of(Folder, Keys, release, _engine).AllPlantedExcluded);
        // Another account is another one.
        var path = Path.Combine(Folder, "excluded.jsonl");
        var was = File.ReadAllText(path);
        var kim = was.LastIndexOf("facebook:kim", StringComparison.Ordinal);
        Change(path, was, was[kim..], "facebook:kin" + was[(kim + "facebook:kim".Length)..]);
        Assert.Contains("\"facebook:Kim\"", Assert.Throws<ProofException>(() => AuditSampleCheck.Of(
            Folder, Keys, release, _engine)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# mine\n\n")]
    public void A_list_of_planted_accounts_that_names_none_is_refused(string text)
    {
        var refused = Assert.Throws<AvalException>(() => PlantedObjectors.Read(
            _world.Write("none.txt", text), _world.Workspace.Settings.Services));
        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains("none.txt", refused.Message, StringComparison.Ordinal);
        Assert.Contains("there is no account", refused.Message, StringComparison.Ordinal);
    }

    private long Size() => PublishedCheckpoint.Read(_world.Workspace, Keys.All[0])!.Size.Value;

    private Checkpoint Entry(string proof) => Checkpoint.Parse(SignedNote.Parse(
        InclusionProof.Parse(File.ReadAllBytes(Path.Combine(Folder, proof))).Note).Text);

    // The operator's other history, in which the same entry stands at the same place.
    private InclusionProof Forked(EntryIndex index, LedgerEntry entry, long size) =>
        Forked(index, size, new Dictionary<long, LedgerEntry> { [index.Value] = entry });

    private InclusionProof Forked(EntryIndex index, long size, Receipt[] receipts) => Forked(
        index, size, receipts.ToDictionary(one => one.Inclusion.Index.Value, one => one.Entry));

    private InclusionProof Forked(EntryIndex index, long size, Dictionary<long, LedgerEntry> entries)
    {
        var log = _world.File($"fork-{index}-{size}");
        var writer = TileWriter.Continue(log, new TreeSize(0));
        for (var at = 0L; at < size; at++)
            writer.Append(entries.GetValueOrDefault(
                at, new LedgerEntry(EntryKind.Choice, Hash.Of(BitConverter.GetBytes(at)))).ToBytes());
        writer.Complete();
        var key = SigningKey.Read(_world.Workspace.SigningKeyFile);
        return new InclusionProof(
            index, new TileReader(log, writer.Size).Inclusion(index),
            key.Sign(new Checkpoint(key.Verifier.Name, writer.Size, writer.Root()).Text));
    }

    private Receipt Forked(Receipt receipt, long size) =>
        receipt with { Inclusion = Forked(receipt.Inclusion.Index, receipt.Entry, size) };

    // As an operator would who signs whatever it likes.
    private void Manifested(Func<string, string> lie)
    {
        var path = Path.Combine(Folder, "manifest.json");
        var bytes = Encoding.UTF8.GetBytes(lie(File.ReadAllText(path)));
        var name = JsonNode.Parse(bytes)!;
        var key = SigningKey.Read(_world.Workspace.SigningKeyFile);
        var proof = Path.Combine(Folder, "manifest.tlog-proof");
        var index = InclusionProof.Parse(File.ReadAllBytes(proof)).Index;
        Put(path, bytes);
        Put(Path.Combine(Folder, "manifest.sig"), key.Sign(
            ReleaseCommitment.Text((string)name["corpus"]!, (string)name["release"]!, bytes)));
        Put(proof, Forked(index, LedgerEntry.OfRelease(bytes), index.Value + 1).ToFile());
        var description = Path.Combine(Folder, AuditSample.DescriptionFile);
        var sample = JsonNode.Parse(File.ReadAllText(description))!;
        sample["release"] = $"{(string)name["corpus"]!}/{(string)name["release"]!}";
        Put(description, Encoding.UTF8.GetBytes(sample.ToJsonString(new() { WriteIndented = true })));
        Seal();
    }

    private static JsonNode Renamed(JsonNode manifest)
    {
        var choices = manifest["choices"]!;
        var release = Aval.Corpus.ReleaseName.Of(
            Time((string)manifest["as_of"]!), Time((string)manifest["protect_until"]!),
            manifest["files"]!.AsArray().Where(file => file!["rows"] is not null)
                .Select(file => (string)file!["sha256"]!),
            (string)manifest["policy"]!["sha256"]!, new TreeSize((long)choices["ledger_size"]!),
            new TreeSize((long)choices["erased_to"]!));
        var authors = manifest["authors"]!;
        authors["origin"] = ((string)authors["origin"]!).Replace(
            (string)manifest["release"]!, release, StringComparison.Ordinal);
        manifest["release"] = release;
        return manifest;
    }

    private void Change(string path, string was, string from, string to)
    {
        var at = was.IndexOf(from, StringComparison.Ordinal);
        Assert.True(at >= 0, from);
        Put(path, Encoding.UTF8.GetBytes(was[..at] + to + was[(at + from.Length)..]));
        Seal();
    }

    private AuditSample Draw(byte[] checkpoint, int admitted, int excluded, string name = "sample") =>
        Write(new AuditRequest(null, checkpoint, admitted, excluded, []), name);

    private AuditSample Write(AuditRequest request, string name) =>
        AuditSample.Write(_world.Workspace, _release, request, _world.File(name), Today, Small);

    private AuditSampleVerdict Check(string name = "sample") =>
        AuditSampleCheck.Of(_world.File(name), Keys, _release, _engine);

    private string Refused() => Assert.Throws<ProofException>(() => Check()).Message;

    private List<JsonNode> Lines(string stratum) =>
        [.. File.ReadLines(Path.Combine(Folder, AuditSample.FileOf(stratum))).Select(line => JsonNode.Parse(line)!)];

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();

    // As an operator would who has lost what the planted account said.
    private void Cite(string list, string was, long index, Choice choice, string[]? chain)
    {
        var text = JsonNode.Parse(was)!;
        foreach (var rule in text[0]!["excluded"]!.AsArray())
            rule!.AsObject().Remove("choice");
        var cited = new JsonObject
        {
            ["index"] = index,
            ["kind"] = choice.Kind.ToText(),
            ["account"] = choice.Account.ToString(),
            ["purpose"] = choice.Purpose.Name,
            ["made_at"] = choice.MadeAt.ToText(),
        };
        if (chain is not null)
            cited["chain"] = new JsonArray([.. chain.Select(node => JsonValue.Create(node))]);
        text[0]!["choices"] = new JsonArray(cited);
        Put(list, Encoding.UTF8.GetBytes(text.ToJsonString()));
        using (var receipts = Receipts.Open(_world.Workspace))
            Put(Path.Combine(Folder, AuditSample.ReceiptOf(index)), receipts.Of(new EntryIndex(index)).ToFile());
        Seal();
    }

    private void Seal() => Put(
        Path.Combine(Folder, AuditSample.SealFile), Encoding.UTF8.GetBytes(string.Concat(
            AuditSample.Files(Folder).Select(file => $"{file.Sha256}  {file.Name}\n"))));

    // Somebody says something after the release: until then nobody knew the checkpoint.
    private byte[] LaterCheckpoint()
    {
        Say(ChoiceKind.Objection, "facebook:11", Today);
        using var receipts = Receipts.Open(_world.Workspace);
        return receipts.Published.Note;
    }

    private void Say(ChoiceKind kind, string account, DateTimeOffset? made = null, Purpose? purpose = null)
    {
        var at = made ?? Time("2025-01-20T00:00:00Z");
        Recorder.RecordOnce(_world.Workspace, Today, new Choice(
            kind, Account.Parse(account), purpose ?? Purpose.TrainGenerativeAi,
            Scope.TryParse("everything", out var parsed) ? parsed : throw new InvalidOperationException(), at, at,
            Actor: Actor.Person));
    }
}
