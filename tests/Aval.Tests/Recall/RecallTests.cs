using System.Text.Json;
using Aval.Building;
using Aval.Checking;
using Aval.Choices;
using Aval.Corpus;
using Aval.Ledger;
using Aval.Policies;
using Aval.Recall;
using Aval.Recording;
using Aval.Requests;
using Aval.Runs;
using Aval.Storage;
using Aval.Terms;
using Aval.Tests.ContentStore;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.Recalls;

/// <summary>What a later change does to releases that exist.</summary>
public sealed class RecallTests : IDisposable
{
    private static readonly CorpusName Corpus = CorpusName.Parse("test");
    private static readonly EngineLimits Small = new(2, 1_000_000_000);

    private static readonly Policy Regime = PolicyReader.Parse("""
        policy: recalled
        title: Whatever there is, unless somebody objects
        purpose: train-generative-ai
        basis: legitimate-interest
        applies-from: 2025-05-27
        rules:
          - {id: erasure}
          - {id: restriction}
          - {id: objection}
          - {id: removal}
          - {id: informed, off: "because this is a test"}
          - {id: combine-services, reading: same-person}
          - {id: special-categories, off: "because this is a test"}
          - {id: about-me, off: "because this is a test"}
          - {id: duplicates, keep: first}

        """, "test.yaml");

    private readonly ContentWorld _world = new(buckets: 8);

    public RecallTests() => _world.Import(_world.Lines([
        .. Enumerable.Range(0, 24).Select(number => Item(
            $"i{number}", ("author", $"\"facebook:{number}\""),
            ("text", $"\"Of the {number}th of all mornings, words by the hundred, number {number * 7919}\""),
            ("created_at", "\"2024-01-01T00:00:00Z\""), ("observed_at", "\"2025-01-01T00:00:00Z\""))),
        Said("d1", "Twice said is twice heard, and nobody minds who said it first of all", 100),
        Said("d2", "Twice said is twice heard, and nobody minds who said it first of all", 101),
    ]));

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_late_objection_rewrites_its_bucket_alone_and_gives_what_a_full_build_gives()
    {
        var made = Build();
        Say(ChoiceKind.Objection, 3);
        var outcome = Recall();

        var record = Assert.IsType<RecallRecord>(outcome.Record);
        Assert.Equal(new RowChanges(1, 0, 0), record.Rows);
        Assert.Equal([("objected", (0L, 1L))], record.Excluded.Select(one => (one.Key, one.Value)));
        Assert.Equal([made.Manifest.Release], record.Withdrawn);
        Assert.Equal(Deadline.LastDay(_world.Clock.Now, 1, WorkingDays.Weekdays), record.Deadline);
        var bucket = Assert.Single(record.Rewritten);
        Assert.Equal(8, record.Buckets);

        // Every other shard is the same file under two names.
        var shards = Shards(made.Directory).Zip(Shards(outcome.Directory!)).ToList();
        Assert.All(shards.Index(), pair => Assert.Equal(
            pair.Index != bucket, FileIdentityOf(pair.Item.First) == FileIdentityOf(pair.Item.Second)));
        var recalled = Manifest.Read(outcome.Directory!);
        Assert.Equal((made.Manifest.AsOf, _world.Clock.Now), (recalled.AsOf, recalled.ProtectUntil));
        Assert.Equal(Pure(outcome.Directory!), Pure(Rebuilt(recalled)));
        Assert.Empty(ReleaseCheck.Faults(_world.Workspace));
    }

    [Fact]
    public void The_base_is_withdrawn_the_name_means_its_successor_and_the_gate_names_it()
    {
        var made = Build();
        Say(ChoiceKind.Objection, 3);
        var first = Recall();
        _world.Clock.Now = _world.Clock.Now.AddDays(1);
        Say(ChoiceKind.Objection, 4);
        var second = Recall();

        Assert.Equal(second.Directory, ReleaseName.Find(_world.Workspace, "test"));
        foreach (var withdrawn in (string[])[made.Directory, first.Directory!])
        {
            var refused = Assert.Throws<AvalException>(() => ReleaseGate.Require(
                _world.Workspace, Manifest.Read(withdrawn), "Nothing was made."));
            Assert.Equal(ExitCode.Refused, refused.Exit);
            Assert.Contains(
                $"its successor: test/{Path.GetFileName(second.Directory)}", refused.Message, StringComparison.Ordinal);
        }

        ReleaseGate.Require(_world.Workspace, Manifest.Read(second.Directory!), "Nothing was made.");
    }

    [Fact]
    public void The_models_that_were_made_of_what_is_withdrawn_are_named_over_any_number_of_steps()
    {
        var made = Build();
        var weights = Directory.CreateDirectory(_world.File("weights")).FullName;
        Durable.Replace(Path.Combine(weights, "w"), "w"u8);
        void Register(string name, string[] releases, params string[] from) => Registering.Register(
            _world.Workspace,
            new ModelRequest(name, weights)
            {
                Releases = releases,
                From = from,
                How = from.Length > 0 ? Derivation.FineTune : null,
            },
            _world.Clock.Now);
        Register("base", [$"test/{made.Manifest.Release}"]);
        Register("tuned", [], "base");
        Say(ChoiceKind.Objection, 3);
        var next = Recall();
        Register("next", [$"test/{Path.GetFileName(next.Directory)}"]);

        Assert.Equal(["base", "tuned"], next.Record!.Models);
        _world.Clock.Now = _world.Clock.Now.AddDays(1);
        Say(ChoiceKind.Objection, 4);
        Assert.Equal(["next"], Recall().Record!.Models);
    }

    [Fact]
    public void Recall_json_is_an_entry_of_the_ledger_names_nobody_and_another_one_does_not_verify()
    {
        Build();
        Say(ChoiceKind.Objection, 3);
        var release = Recall().Directory!;
        var path = Path.Combine(release, Withdrawal.RecallFile);
        var key = LedgerKeys.Of(_world.Workspace).All[0];
        ReleaseVerification.Verify(release, key);
        var text = File.ReadAllText(path);
        Assert.DoesNotContain("facebook", text, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(text);
        Assert.Equal(1, json.RootElement.GetProperty("rows").GetProperty("left").GetInt64());

        // Nothing vouches for an extra line.
        var proof = Path.Combine(release, Withdrawal.RecallProof);
        var was = File.ReadAllBytes(proof);
        Put(proof, (InclusionProof.Parse(was) with { Extra = [1] }).ToFile());
        var extra = Assert.Throws<ProofException>(() => ReleaseVerification.Verify(release, key));
        Assert.Contains("recall.tlog-proof: Not the proof", extra.Message, StringComparison.Ordinal);
        Put(proof, was);

        Put(path, System.Text.Encoding.UTF8.GetBytes(
            text.Replace("\"left\": 1", "\"left\": 0", StringComparison.Ordinal)));
        Assert.Contains(
            "recall.tlog-proof", Assert.Throws<ProofException>(() => ReleaseVerification.Verify(release, key)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_touches_nothing_leaves_the_release_as_it_is_and_a_trial_writes_nothing()
    {
        var made = Build();
        Say(ChoiceKind.Objection, 999);
        var untouched = Recall();
        Assert.Equal((null, null), (untouched.Record, untouched.Directory));

        Say(ChoiceKind.Objection, 3);
        var trial = Recall(isTrial: true);
        Assert.Equal(1, trial.Record!.Rows.Left);
        Assert.Null(trial.Directory);
        Assert.Equal([made.Directory], ReleaseName.Releases(Path.Combine(_world.Workspace.Corpus, "test")));
        Assert.Equal(made.Directory, ReleaseName.Find(_world.Workspace, "test"));
    }

    [Fact]
    public void A_release_that_was_built_by_hand_and_honours_all_takes_the_place_of_earlier_ones_at_the_next_recall()
    {
        var made = Build();
        Say(ChoiceKind.Objection, 3);
        var byHand = Pipeline.Build(
            _world.Workspace,
            new BuildRequest(Regime, Corpus, made.Manifest.AsOf, null, Small)
            {
                ProtectUntil = _world.Clock.Now,
                Clock = _world.Clock,
            },
            _ => { });
        Assert.Equal([made.Manifest.Release], Recall(isTrial: true).Superseded);
        ReleaseGate.Require(_world.Workspace, made.Manifest, "Nothing was made.");

        var outcome = Recall();

        Assert.Null(outcome.Record);
        Assert.Equal([made.Manifest.Release], outcome.Superseded);
        Assert.Contains(
            $"its successor: test/{byHand.Manifest.Release}",
            Assert.Throws<AvalException>(() => ReleaseGate.Require(
                _world.Workspace, made.Manifest, "Nothing was made.")).Message, StringComparison.Ordinal);
        Assert.Equal(byHand.Directory, ReleaseName.Find(_world.Workspace, "test"));
        Assert.Empty(Recall().Superseded);
    }

    [Fact]
    public void What_says_the_same_takes_the_place_of_what_left_when_both_decisions_admit_it()
    {
        var made = Build();
        var kept = Kept(made.Directory);
        Say(ChoiceKind.Objection, kept == "d1" ? 100 : 101);
        var record = Recall().Record!;
        Assert.Equal(new RowChanges(1, 1, 0), record.Rows);
        Assert.Equal(kept == "d1" ? "d2" : "d1", Kept(ReleaseName.Find(_world.Workspace, "test")));
    }

    [Theory]
    [InlineData(ChoiceKind.Removal, 9)]
    [InlineData(ChoiceKind.Objection, 3)]
    public void What_is_said_of_one_item_that_nobody_had_named_before_takes_it_out(ChoiceKind kind, int who)
    {
        var made = Build();
        Say(kind, who, "item:facebook:i3");
        var record = Recall().Record!;
        Assert.Equal(new RowChanges(1, 0, 0), record.Rows);
        Assert.Single(record.Rewritten);
        Assert.Equal([made.Manifest.Release], record.Withdrawn);
        using var late = LateChoices.Find(
            _world.Workspace, Manifest.Read(ReleaseName.Find(_world.Workspace, "test")), _world.Clock.Now, Small);
        Assert.Empty(late.Counts);
    }

    [Fact]
    public void A_later_import_touches_no_bucket_by_being_there()
    {
        Build();
        _world.Import(_world.Lines(Item("new", ("author", "\"facebook:5\""), ("text", "\"This is another one\""),
            ("observed_at", "\"2025-12-01T00:00:00Z\""))));
        Say(ChoiceKind.Restriction, 3);
        var record = Recall().Record!;
        Assert.Equal(new RowChanges(1, 0, 0), record.Rows);
        Assert.Single(record.Rewritten);
    }

    [Fact]
    public void A_dropped_release_keeps_its_manifest_and_is_neither_used_nor_found_by_name()
    {
        var made = Build();
        Say(ChoiceKind.Objection, 3);
        var recalled = Recall();
        DroppedRelease.Drop(_world.Workspace, made.Directory, _world.Clock.Now);
        DroppedRelease.Drop(_world.Workspace, made.Directory, _world.Clock.Now.AddDays(1));

        Assert.Equal(_world.Clock.Now, DroppedRelease.Of(made.Directory)!.At);
        Assert.Equal(made.Manifest.ToJson(), Manifest.Read(made.Directory).ToJson());
        Assert.False(Directory.Exists(Path.Combine(made.Directory, "shards")));
        Assert.False(Directory.Exists(Path.Combine(_world.Workspace.Lineage, "test", made.Manifest.Release)));
        Assert.Contains("was dropped", Assert.Throws<AvalException>(() => ReleaseGate.Require(
            _world.Workspace, made.Manifest, "Nothing was made.")).Message, StringComparison.Ordinal);
        // What they shared stays.
        ReleaseVerification.Verify(recalled.Directory!, LedgerKeys.Of(_world.Workspace).All[0]);
        Assert.Empty(ReleaseCheck.Faults(_world.Workspace));
        DroppedRelease.Drop(_world.Workspace, recalled.Directory!, _world.Clock.Now);
        Assert.Throws<AvalException>(() => ReleaseName.Find(_world.Workspace, "test"));
    }

    [Fact]
    public void A_release_that_lost_what_it_withdrew_makes_nothing_usable_again_and_a_check_says_so()
    {
        var made = Build();
        Say(ChoiceKind.Objection, 3);
        var recalled = Recall().Directory!;
        string[] files =
        [
            Path.Combine(recalled, Withdrawal.RecallFile), Path.Combine(recalled, Withdrawal.RecallProof),
        ];
        var before = files.Select(File.ReadAllBytes).ToArray();
        foreach (var lost in (string[][])[files, files[..1], files[1..]])
        {
            foreach (var file in lost)
                File.Delete(file);
            Assert.Contains("was withdrawn", Assert.Throws<AvalException>(() => ReleaseGate.Require(
                _world.Workspace, made.Manifest, "Nothing was made.")).Message, StringComparison.Ordinal);
            Assert.Equal(recalled, ReleaseName.Find(_world.Workspace, "test"));
            var fault = ReleaseCheck.Faults(_world.Workspace).First();
            Assert.Contains($"{recalled}: a recall made this release", fault, StringComparison.Ordinal);
            Assert.Contains("aval recall --corpus test", fault, StringComparison.Ordinal);
            Recall(isTrial: true);
            Assert.False(File.Exists(lost[0]));
            Recall();
            Assert.Equal(before, files.Select(File.ReadAllBytes));
            Assert.Empty(ReleaseCheck.Faults(_world.Workspace));
        }
    }

    [Fact]
    public void What_a_killed_recall_kept_withdraws_nothing_while_its_release_is_not_there()
    {
        var made = Build();
        Say(ChoiceKind.Objection, 3);
        var recalled = Recall().Directory!;
        Directory.Delete(recalled, recursive: true);
        ReleaseGate.Require(_world.Workspace, made.Manifest, "Nothing was made.");
        Assert.Empty(ReleaseCheck.Faults(_world.Workspace));
    }

    [Fact]
    public void A_drop_that_was_killed_is_told_and_gone_on_with_and_what_is_kept_is_held_against_the_ledger()
    {
        var made = Build();
        Say(ChoiceKind.Objection, 3);
        Recall();
        var copies = Directory.GetFiles(made.Directory, "*", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(made.Directory, file).Contains(Path.DirectorySeparatorChar))
            .ToDictionary(file => file, File.ReadAllBytes);
        Put(Path.Combine(made.Directory, DroppedRelease.FileName), "{\"at\": \"2026-01-01T00:00:00Z\"}"u8.ToArray());
        var name = $"test/{made.Manifest.Release}";
        var left = Assert.Single(ReleaseCheck.Faults(_world.Workspace));
        Assert.Contains($"aval release drop {name} again", left, StringComparison.Ordinal);
        Assert.Contains("(3 folders are)", left, StringComparison.Ordinal);
        DroppedRelease.Drop(_world.Workspace, made.Directory, _world.Clock.Now);
        Assert.Empty(ReleaseCheck.Faults(_world.Workspace));

        foreach (var (file, bytes) in copies)
        {
            byte[] changed = [.. bytes, (byte)' '];
            Put(file, changed);
            Assert.Contains("dropped release is not what was committed",
                Assert.Single(ReleaseCheck.Faults(_world.Workspace)), StringComparison.Ordinal);
            Put(file, bytes);
        }

        // What became of it is damaged: the check goes on, and dropping it again writes it anew.
        Put(Path.Combine(made.Directory, DroppedRelease.FileName), "{"u8.ToArray());
        Assert.Contains("drop the release again",
            Assert.Single(ReleaseCheck.Faults(_world.Workspace)), StringComparison.Ordinal);
        DroppedRelease.Drop(_world.Workspace, made.Directory, _world.Clock.Now);
        Assert.Empty(ReleaseCheck.Faults(_world.Workspace));
    }

    [Fact]
    public void A_corpus_that_is_being_built_is_not_recalled_at_the_same_time()
    {
        Build();
        Say(ChoiceKind.Objection, 3);
        var lease = new BuildRequest(Regime, Corpus, Today, null, Small) { Clock = _world.Clock }.Lease();
        using (var held = Aval.Leases.HeldLease.Take(Path.Combine(_world.Workspace.Corpus, "test"), lease))
        {
            Assert.Equal(ExitCode.Busy, Assert.Throws<AvalException>(() => Recall()).Exit);
            held.End();
        }

        Assert.NotNull(Recall().Record);
    }

    private static string Said(string id, string text, int author) => Item(
        id, ("author", $"\"facebook:{author}\""), ("text", $"\"{text}\""),
        ("created_at", "\"2024-01-01T00:00:00Z\""), ("observed_at", "\"2025-01-01T00:00:00Z\""));

    private BuildOutcome Build() => Pipeline.Build(
        _world.Workspace,
        new BuildRequest(Regime, Corpus, Time("2025-06-01T00:00:00Z"), null, Small) { Clock = _world.Clock },
        _ => { });

    private RecallOutcome Recall(bool isTrial = false) => Recalling.Run(
        _world.Workspace, new RecallRequest(Corpus, _world.Clock.Now, isTrial, Small, _world.Clock), _ => { });

    // In a corpus of its own there is no part to link.
    private string Rebuilt(Manifest recalled) => Pipeline.Build(
        _world.Workspace,
        new BuildRequest(Regime, CorpusName.Parse("again"), recalled.AsOf, recalled.LedgerSize, Small)
        {
            ProtectUntil = recalled.ProtectUntil,
            ErasedTo = recalled.ErasedTo,
            Clock = _world.Clock,
        },
        _ => { }).Directory;

    private void Say(ChoiceKind kind, int who, string scope = "everything") => Recorder.RecordOnce(
        _world.Workspace, _world.Clock.Now, new Choice(
            kind, Account.Parse($"facebook:{who}"), Purpose.TrainGenerativeAi,
            Scope.TryParse(scope, out var parsed) ? parsed : throw new ArgumentException(scope), _world.Clock.Now,
            _world.Clock.Now));

    private static IEnumerable<string> Shards(string release) =>
        Directory.EnumerateFiles(Path.Combine(release, "shards")).Order(StringComparer.Ordinal);

    private static ulong FileIdentityOf(string path) => FileIdentity.Of(path)!.Value.Inode;

    // All that is pure, but for the corpus's name.
    private static IReadOnlyList<string> Pure(string release) =>
    [
        .. Manifest.Read(release).Files.Where(file => file.Path != "README.md")
            .Select(file => $"{file.Path} {file.Sha256}"),
        Path.GetFileName(release)!, Manifest.Read(release).Content, $"{Manifest.Read(release).Authors.Root}",
    ];

    private string Kept(string release)
    {
        var lineage = Path.Combine(_world.Workspace.Lineage, "test", Path.GetFileName(release));
        using var engine = Engine.Open(_world.Workspace.Temporary, Small);
        return engine.Scalar<string>(
            $"SELECT item_id FROM {ParquetFiles.Rows(Directory.GetFiles(lineage, "*.parquet"))} "
                + "WHERE item_id IN ('d1', 'd2')");
    }
}
