using Aval.Answers;
using Aval.Content;
using Aval.Corpus;
using Aval.Recall;
using Aval.Recall.Erasing;
using Aval.Requests;
using Aval.Runs;
using Aval.Storage;
using Aval.Tests.ContentStore;
using static Aval.Tests.Erasing.ErasingWorld;

namespace Aval.Tests.Erasing;

/// <summary>What an erasure covers leaves the content and every retained release, and stays out.</summary>
public sealed class ErasuresTests : IDisposable
{
    private readonly ErasingWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void What_was_erased_is_nowhere_in_the_workspace_and_everybody_else_is_as_before()
    {
        _world.Import(Post("1", "ann"), Post("2", "bea"), Post("3", "ann"));
        _world.Import(Post("4", "bea"), Post("1", "ann", "2024-06-02", "another version of it, later on"));
        _world.Say(ChoiceKind.Erasure, "ann");
        Assert.NotEmpty(_world.Search("1", "3"));
        var others = _world.Content.Query("FROM items_now WHERE author <> 'facebook:ann'");

        var outcome = _world.Erase();

        Assert.True(outcome.IsComplete);
        Assert.Equal((2, 3), (outcome.Reach.Items, outcome.Rows));
        Assert.Empty(_world.Search("1", "3"));
        Assert.NotEmpty(_world.Search("2"));
        Assert.Equal(others, _world.Content.Query("FROM items_now"));
        _world.RequireSound();
    }

    [Fact]
    public void A_clock_that_was_set_back_keeps_nothing_from_being_erased()
    {
        _world.Import(Post("1", "ann"), Post("2", "bea"));
        _world.Say(ChoiceKind.Erasure, "ann");
        _world.Content.Clock.Now = ContentWorld.Time("2024-08-01T00:00:00Z");

        Assert.Equal(1, _world.Erase().Reach.Items);
        Assert.Empty(_world.Search("1"));
    }

    // In whichever order the releases are made again: their names, which decide it, are hashes.
    [Theory]
    [InlineData("cid")]
    [InlineData("dan")]
    [InlineData("eve")]
    [InlineData("fay")]
    public void What_a_recall_withdrew_stays_withdrawn_when_its_own_release_is_superseded(string objector)
    {
        _world.Import(
            Post("1", "ann"), Post("2", "bea"), Post("3", "cid"), Post("4", "dan"), Post("5", "eve"), Post("6", "fay"));
        _world.Build();
        _world.Say(ChoiceKind.Objection, objector);
        _ = Recalling.Run(
            _world.Workspace,
            new RecallRequest(
                CorpusName.Parse("test"), _world.Content.Clock.Now, false, ErasingWorld.Small, _world.Content.Clock),
            _ => { });
        _world.Say(ChoiceKind.Erasure, "ann");

        Assert.Equal(2, _world.Erase().Releases.Count);

        var now = ReleaseName.Find(_world.Workspace, "test");
        Assert.Equal(4, _world.Rows(now).Count);
        var corpus = Path.Combine(_world.Workspace.Corpus, "test");
        var earlier = Assert.Single(ReleaseName.Retained(corpus), release => release != now);
        Assert.Equal($"test/{Path.GetFileName(now)}", Withdrawal.Of(corpus, Path.GetFileName(earlier))?.Successor);
    }

    [Fact]
    public void A_release_that_was_restored_beside_what_is_kept_of_it_is_destroyed_again()
    {
        _world.Import(Post("1", "ann"), Post("2", "bea"));
        var release = _world.Build().Directory;
        var lineage = Path.Combine(_world.Workspace.Lineage, "test", Path.GetFileName(release));
        var backup = _world.Content.File("backup");
        Copy(release, Path.Combine(backup, "release"));
        Copy(lineage, Path.Combine(backup, "lineage"));
        _world.Say(ChoiceKind.Erasure, "ann");
        Assert.True(_world.Erase().IsComplete);
        Assert.False(Directory.Exists(release));

        // The backup is older than the erasure, and is restored over what is there.
        Directory.Move(Path.Combine(backup, "release"), release);
        Directory.Move(Path.Combine(backup, "lineage"), lineage);
        Assert.NotEmpty(_world.Search("1"));

        Assert.True(_world.Erase().IsComplete);
        Assert.Empty(_world.Search("1"));
        Assert.False(Directory.Exists(release));
        Assert.Equal([TextOf("2")], _world.Rows(ReleaseName.Find(_world.Workspace, "test")));
        Assert.True(File.Exists(Path.Combine(
            _world.Workspace.Corpus, "test", ReleaseName.SupersededFolder, Path.GetFileName(release),
            Manifest.FileName)));
        _world.Say(ChoiceKind.Erasure, "bea");
        Assert.True(_world.Erase().IsComplete);
        _world.RequireSound();
    }

    [Fact]
    public void What_stands_in_a_case_is_listed_and_keeps_no_erasure_from_being_complete()
    {
        _world.Import(Post("1", "ann"), Post("2", "bea"));
        var evidence = Path.Combine(_world.Workspace.Cases, "one", "evidence");
        FileModes.MakePrivateFolder(evidence);
        Durable.Replace(Path.Combine(evidence, "letter"), "By facebook:ann, on 14 May"u8, Durable.Private);
        _world.Say(ChoiceKind.Erasure, "ann", scope: "everything");

        var outcome = _world.Erase();

        Assert.Equal(["cases/one/evidence/letter"], outcome.Scan.InCases.Select(hit => hit.Path));
        Assert.Empty(outcome.Scan.Left);
        Assert.True(outcome.IsComplete);
        Assert.Empty(ErasureClock.Read(_world.Workspace).Waiting);
    }

    [Fact]
    public void An_erasure_does_not_pass_over_a_release_of_which_a_killed_drop_left_rows()
    {
        _world.Import(Post("1", "ann"), Post("2", "bea"));
        _world.Build();
        var release = ReleaseName.Find(_world.Workspace, "test");
        Durable.Replace(Path.Combine(release, DroppedRelease.FileName), "{\"at\": \"2026-01-01T00:00:00Z\"}");
        _world.Say(ChoiceKind.Erasure, "ann");
        var refused = Assert.Throws<AvalException>(() => _world.Erase());
        Assert.Contains(
            $"aval release drop test/{Path.GetFileName(release)} again", refused.Message, StringComparison.Ordinal);
        DroppedRelease.Drop(_world.Workspace, release, _world.Content.Clock.Now);
        _world.Erase();
        Assert.Empty(_world.Search("1"));
    }

    [Fact]
    public void A_dry_run_says_what_would_be_done_and_does_nothing()
    {
        _world.Import(Post("1", "ann"), Post("2", "bea"));
        var release = _world.Build();
        _world.Say(ChoiceKind.Erasure, "ann");

        var outcome = _world.Erase(isDry: true);

        Assert.Equal((1, 1), (outcome.Reach.Items, outcome.Rows));
        Assert.Equal([$"test/{release.Manifest.Release}"], outcome.Pending);
        Assert.NotEmpty(_world.Search("1"));
        Assert.True(Directory.Exists(Path.Combine(release.Directory, "shards")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_erased_does_not_come_back_when_it_is_imported_again(bool underLaterDate)
    {
        _world.Import(Post("1", "ann"), Post("2", "bea"));
        _world.Say(ChoiceKind.Erasure, "ann");
        _world.Erase();

        var again = _world.Content.Import(_world.Content.Lines(
            Post("1", "ann", underLaterDate ? "2025-12-01" : "2024-06-01"), Post("5", "bea")));

        Assert.Equal((2, 1, 1), (again.Record.Counts.Read, again.Record.Counts.New, again.Record.Counts.Erased));
        Assert.Equal(["2", "5"], _world.Content.Query("SELECT item_id FROM items_now"));
        Assert.Empty(_world.Search("1"));
        Assert.True(_world.Erase().IsComplete);
    }

    [Fact]
    public void The_same_file_and_a_snapshot_without_it_bring_nothing_back()
    {
        var file = _world.Import(Post("1", "ann"), Post("2", "bea"));
        _world.Say(ChoiceKind.Erasure, "ann");
        _world.Erase();

        Assert.True(_world.Content.Import(file).Known);
        var snapshot = _world.Content.Import(
            [_world.Content.Lines(Post("2", "bea", "2025-02-01"))], source: "table", snapshot: true);

        Assert.Equal(0, snapshot.Record.Counts.Deleted);
        Assert.Equal(["2 | false"], _world.Content.Query("SELECT item_id, deleted::VARCHAR FROM items_now"));
    }

    [Fact]
    public void What_a_snapshot_had_deleted_and_is_erased_leaves_the_content_of_every_instant_what_it_was()
    {
        void Snapshot(string day, params string[] lines) => _world.Content.Import(
            [_world.Content.Lines(lines)], source: "table", snapshot: true, observedAt: $"{day}T00:00:00Z");
        string[] instants =
            ["2024-06-05", "2024-06-10", "2024-06-11", "2024-06-12", "2024-06-15", "2024-06-20", "2024-06-25"];
        string[] Shas() => [.. instants.Select(day => _world.Content.Sha($"{day}T00:00:00Z"))];
        _world.Import(Post("1", "ann"), Post("2", "bea"), Post("3", "ann"), Post("4", "bea"));
        Snapshot("2024-06-10", Post("2", "bea", "2024-06-10"));
        _world.Import(Post("3", "ann", "2024-06-12"));
        Snapshot("2024-06-20", Post("2", "bea", "2024-06-20"));
        var before = Shas();
        // It only reads what is erased later.
        _world.Say(ChoiceKind.Objection, "ann", "2024-02-01");
        var release = _world.Build(asOf: "2024-06-15T00:00:00Z");
        _world.Say(ChoiceKind.Erasure, "ann");

        Assert.True(_world.Erase().IsComplete);

        Assert.Equal(before, Shas());
        using var replay = Replay.Of(_world.Workspace, release.Directory, Small);
        _world.RequireSound();
    }

    [Fact]
    public void What_is_left_in_place_is_skipped_when_it_comes_after_the_erasure()
    {
        _world.Import(Post("1", "ann"), Post("2", "bea"));
        _world.Say(ChoiceKind.Erasure, "ann");
        _world.Erase();

        _world.Content.Import(
            _world.Content.ParquetItems("later.parquet", "('1', 'back again', '2025-03-01T00:00:00Z')"), inPlace: true);

        Assert.Equal(["2"], _world.Content.Query("SELECT item_id FROM items_now"));
    }

    [Fact]
    public void What_was_left_in_place_is_named_and_the_erasure_is_not_complete()
    {
        var placed = _world.Content.ParquetItems("placed.parquet", "('1', 'in place', '2024-06-01T00:00:00Z')");
        _world.Content.Import(placed, inPlace: true);
        _world.Say(ChoiceKind.Erasure, "ann");

        var outcome = _world.Erase();

        Assert.False(outcome.IsComplete);
        Assert.Equal([new PlacedRows(placed, 1)], outcome.Reach.PlacedFiles);
        Assert.Equal(["1"], _world.Content.Query("SELECT item_id FROM items_now"));
    }

    [Fact]
    public void What_is_restricted_is_kept_until_the_restriction_is_lifted()
    {
        _world.Import(Post("1", "ann"), Post("2", "bea"));
        _world.Say(ChoiceKind.Erasure, "ann");
        _world.Say(ChoiceKind.Restriction, "ann", "2025-02-01");

        var kept = _world.Erase();
        Assert.Equal((0, 1), (kept.Reach.Items, kept.Reach.Quarantined));
        Assert.NotEmpty(_world.Search("1"));

        _world.Say(ChoiceKind.RestrictionLifted, "ann", "2025-03-01");
        Assert.Equal(1, _world.Erase().Reach.Items);
        Assert.Empty(_world.Search("1"));
    }

    [Fact]
    public void What_was_written_after_the_erasure_and_what_it_does_not_cover_stay()
    {
        _world.Import(
            Post("1", "ann"), Post("2", "ann"),
            ContentWorld.Item(
                "3", ("author", "\"facebook:bea\""), ("created_at", "\"2025-06-01T00:00:00Z\""),
                ("observed_at", "\"2025-06-02T00:00:00Z\"")));
        _world.Say(ChoiceKind.Erasure, "ann", scope: "item:facebook:1");
        _world.Say(ChoiceKind.Erasure, "bea");

        Assert.True(_world.Erase().IsComplete);
        Assert.Equal(["2", "3"], _world.Content.Query("SELECT item_id FROM items_now"));
    }

    [Fact]
    public void A_release_that_held_it_is_superseded_by_one_of_the_same_inputs_and_its_rows_are_destroyed()
    {
        _world.Import(Post("1", "ann"), Post("2", "bea"), Post("3", "cem"));
        var (held, withoutIt) = (_world.Build(), _world.Build("other", "2024-01-01T00:00:00Z"));
        _world.Say(ChoiceKind.Erasure, "ann");

        var outcome = _world.Erase();

        Assert.True(outcome.IsComplete);
        var one = Assert.Single(outcome.Releases);
        Assert.Equal($"test/{held.Manifest.Release}", one.Release);
        var made = Manifest.Read(ReleaseName.Find(_world.Workspace, one.Successor));
        Assert.Equal(
            (held.Manifest.AsOf, held.Manifest.LedgerSize, held.Manifest.PolicySha256, 2L),
            (made.AsOf, made.LedgerSize, made.PolicySha256, made.Admitted));
        Assert.True(made.ErasedTo.Value > held.Manifest.ErasedTo.Value);
        Assert.Equal(
            [TextOf("2"), TextOf("3")], _world.Rows(ReleaseName.Find(_world.Workspace, one.Successor)));
        Assert.False(Directory.Exists(held.Directory));
        Assert.True(Directory.Exists(withoutIt.Directory));
        Assert.Empty(_world.Search("1"));
        Assert.Contains(
            $"superseded by {one.Successor}",
            Assert.Throws<AvalException>(() => ReleaseName.Find(_world.Workspace, one.Release)).Message,
            StringComparison.Ordinal);
        _world.RequireSound();
        Assert.Empty(_world.Erase().Releases);
    }

    [Fact]
    public void A_release_that_only_read_it_stays_and_with_what_was_erased_since_adds_up_to_its_accounting()
    {
        _world.Import(Post("1", "ann"), Post("2", "bea"), Post("3", "cem"), Post("4", "dee"));
        _world.Say(ChoiceKind.Objection, "ann", "2024-06-15");
        _world.Say(ChoiceKind.Objection, "dee", "2024-06-15");
        var read = _world.Build();
        _world.Say(ChoiceKind.Erasure, "ann");
        Assert.Empty(_world.Erase().Releases);
        _world.Say(ChoiceKind.Erasure, "dee");
        Assert.Empty(_world.Erase().Releases);

        using (var explained = Replay.Of(
            _world.Workspace, read.Directory, Small, new Item("facebook", "2")))
            Assert.Equal(read.Manifest.Release, explained.Manifest.Release);
        using (var replay = Replay.Of(_world.Workspace, read.Directory, Small))
            Assert.Equal(2, replay.Erased.Erased);

        // Without what was kept, nobody can tell any more, and that is said.
        foreach (var file in Directory.GetFiles(
            Path.Combine(_world.Workspace.Lineage, "test", read.Manifest.Release), "erased-*.json"))
            File.Delete(file);
        var refused = Assert.Throws<AvalException>(() => Replay.Of(_world.Workspace, read.Directory, Small));
        Assert.Contains("over 4 items, and 2 of them have been erased since", refused.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_was_erased_is_not_told_as_somebody_whom_the_content_does_not_know()
    {
        _world.Import(Post("1", "ann"), Post("2", "bea"), Post("3", "bea"));
        _world.Say(ChoiceKind.Erasure, "ann");
        _world.Say(ChoiceKind.Erasure, "bea", scope: "item:facebook:2");
        _world.Say(ChoiceKind.Erasure, "nobody");
        _world.Erase();

        Assert.Equal(1, _world.Build(asOf: "2026-01-01T00:00:00Z").Accounting.UnmatchedChoices);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void In_any_small_world_everybody_else_is_decided_as_before_and_nothing_of_the_erased_is_found(int seed)
    {
        var random = new Random(seed);
        string[] names = ["ann", "bea", "cem", "dee"];
        var authors = Enumerable.Range(0, 16).ToDictionary(n => $"i{n}", _ => names[random.Next(names.Length)]);
        string Version(string id, int month) => Post(
            id, random.Next(8) == 0 ? names[random.Next(names.Length)] : authors[id], $"2024-{month:D2}-01");
        var files = Enumerable.Range(1, 3).Select(month => _world.Import(
            [.. authors.Keys.Where(_ => random.Next(2) == 0).Select(id => Version(id, month))])).ToArray();
        if (random.Next(2) == 0)
            Compaction.Fold(_world.Workspace, null, Small, _world.Content.Clock, (_, _) => { });
        _world.Say(ChoiceKind.Objection, names[random.Next(names.Length)], "2024-11-01");
        _world.Build("older");
        _world.Say(ChoiceKind.Erasure, "ann", scope: random.Next(2) == 0 ? "everything" : "service:facebook");
        _world.Say(ChoiceKind.Erasure, authors["i3"], "2024-12-01", "item:facebook:i3");
        var before = _world.Rows(_world.Build("now", "2026-01-01T00:00:00Z").Directory);
        var items = _world.Content.Query("SELECT item_id FROM items_now");

        Assert.True(_world.Erase().IsComplete);

        string[] left = [.. _world.Content.Query("SELECT item_id FROM items_now")];
        Assert.Empty(_world.Search([.. items.Except(left)]));
        Assert.Equal(before, _world.Rows(_world.Build("again", "2026-01-01T00:00:00Z").Directory));
        foreach (var file in files)
            _world.Content.Import(_world.Content.Lines([.. File.ReadLines(file), Post("new", "cem", "2025-01-01")]));
        Assert.Equal(left.Append("new").Order(StringComparer.Ordinal), _world.Content.Query(
            "SELECT item_id FROM items_now").Order(StringComparer.Ordinal));
        Assert.Empty(_world.Search([.. items.Except(left)]));
        _world.RequireSound();
    }

    [Fact]
    public void A_shard_that_the_superseding_release_shares_is_not_overwritten()
    {
        _world.Import([.. Enumerable.Range(0, 40).Select(n => Post($"{n}", $"acc{n}"))]);
        var held = _world.Build();
        _world.Say(ChoiceKind.Erasure, "acc7");

        var outcome = _world.Erase();

        var release = ReleaseName.Find(_world.Workspace, outcome.Releases[0].Successor);
        var same = Manifest.Read(release).Files.Select(file => file.Sha256)
            .Intersect(held.Manifest.Files.Where(file => file.Path.StartsWith("shards/", StringComparison.Ordinal))
                .Select(file => file.Sha256));
        Assert.Equal(3, same.Count());
        Assert.Equal(39, _world.Rows(release).Count);
        _world.RequireSound();
    }

    [Fact]
    public void Releases_of_other_corpora_wait_when_one_is_asked_for()
    {
        _world.Import(Post("1", "ann"), Post("2", "bea"));
        var (first, second) = (_world.Build("one"), _world.Build("two"));
        _world.Say(ChoiceKind.Erasure, "ann");

        var outcome = _world.Erase(corpus: "one");
        Assert.Equal([$"two/{second.Manifest.Release}"], outcome.Pending);
        Assert.Equal($"one/{first.Manifest.Release}", Assert.Single(outcome.Releases).Release);
        Assert.False(outcome.IsComplete);
        // What it looks for is kept until all is done.
        Assert.NotEmpty(outcome.Scan.Hits);

        Assert.True(_world.Erase().IsComplete);
        Assert.Empty(_world.Search("1"));
    }

    [Fact]
    public void What_is_being_read_waits_and_the_next_run_destroys_it()
    {
        _world.Import(Post("1", "ann"), Post("2", "bea"));
        _world.Say(ChoiceKind.Erasure, "ann");
        using (ContentPin.Of(_world.Workspace))
        {
            var waiting = _world.Erase();
            Assert.NotEmpty(waiting.Waiting);
            Assert.False(waiting.IsComplete);
            _world.RequireSound();
        }

        Assert.True(_world.Erase().IsComplete);
        Assert.Empty(_world.Search("1"));
    }

    [Fact]
    public void Backups_that_may_hold_it_are_named_with_until_when_and_so_is_the_next_run()
    {
        _world.Import(Post("1", "ann"));
        _world.Say(ChoiceKind.Erasure, "ann");
        File.AppendAllLines(
            Path.Combine(_world.Workspace.Root, Workspace.FileName),
            ["erase-every: 7 days", "backups: {\"nightly\": 90 days, \"vault\": 2 years}"]);

        var outcome = Erasures.CarryOut(
            Workspace.Open(_world.Workspace.Root, "."), new ErasureOptions(Small, false, null),
            _world.Content.Clock, (_, _) => { });

        var now = ContentWorld.Today;
        Assert.Equal([("nightly", now.AddDays(90)), ("vault", now.AddYears(2))], outcome.Backups);
        Assert.Equal(now.AddDays(7), outcome.Next);
    }

    [Fact]
    public async Task Of_two_at_once_one_waits()
    {
        _world.Import(Post("1", "ann"));
        _world.Say(ChoiceKind.Erasure, "ann");
        var folder = _world.Workspace.Erasing;
        FileModes.MakePrivateFolder(folder);
        var other = FileLock.TryAcquire(Path.Combine(folder, ".lock"))!;
        var began = new TaskCompletionSource();
        var waits = Task.Run(() =>
        {
            began.SetResult();
            return _world.Erase();
        });
        await began.Task;
        Assert.False(waits.IsCompleted);
        other.Dispose();

        Assert.True((await waits).IsComplete);
        Assert.Empty(_world.Search("1"));
    }

    [Fact]
    public void Erasures_wait_for_each_other_and_each_keeps_its_clock()
    {
        Aval.Recall.Erasing.ErasureClock Clock() => Aval.Recall.Erasing.ErasureClock.Read(_world.Workspace);
        DateTimeOffset At(string when) => _world.Content.Clock.Now = ContentWorld.Time($"{when}:00:00Z");
        _world.Import(Post("1", "ann"), Post("2", "bea"), Post("3", "cid"), Post("4", "dan"));
        Assert.Null(Clock().Next);
        At("2026-02-01T00");
        _world.Say(ChoiceKind.Erasure, "ann", "2026-02-01");
        Assert.Equal(ContentWorld.Time("2026-02-02T00:00:00Z"), Assert.Single(Clock().Waiting).Due);
        Assert.True(Clock().IsDue(At("2026-02-01T12"))); // None was carried out lately.
        Assert.True(_world.Erase().IsComplete);
        Assert.Equal(([], null), (Clock().Waiting, Clock().Next));

        _world.Say(ChoiceKind.Erasure, "bea", "2026-02-02");
        Assert.False(Clock().IsDue(At("2026-02-02T11")));
        Assert.True(Clock().IsDue(At("2026-02-02T12")));
        _world.Say(ChoiceKind.Erasure, "cid", "2026-02-03");
        Assert.Null(Clock().Warning(ContentWorld.Time("2026-02-03T00:00:00Z")));
        Assert.Contains(
            "OVERDUE: 1 erasures (GDPR Art. 17) are recorded and not carried out", Clock().Warning(At("2026-02-03T01")),
            StringComparison.Ordinal);
        _world.Say(ChoiceKind.Restriction, "dan", "2026-02-03");
        _world.Say(ChoiceKind.Erasure, "dan", "2026-02-03");
        var both = _world.Erase();
        Assert.Equal((2, 1, true), (both.Reach.Items, both.Reach.Quarantined, both.IsComplete));
        Assert.Equal(3, both.Clock.Waiting.Count);
        // What was kept because it is restricted is looked at again, and nobody waits.
        Assert.Equal(([], ContentWorld.Time("2026-02-04T01:00:00Z")), (Clock().Waiting, Clock().Next));
        // Whoever sets a clock back, or writes the file himself, makes a run due and no silence.
        Assert.True(Clock().IsDue(ContentWorld.Time("2026-02-02T00:00:00Z")));
        ContentWorld.Put(
            Path.Combine(_world.Workspace.Erasing, "carried-out.json"),
            """{"below":99,"at":"2027-01-01T00:00:00Z","is_again":false}"""u8.ToArray());
        Assert.Null(Clock().Last);
    }

    /// <summary>A door drops only what it knows; the rest is found by the next run, and a timer has to begin
    /// one.</summary>
    [Fact]
    public void What_an_import_brings_of_what_was_erased_before_is_due_and_taken()
    {
        var clock = () => Aval.Recall.Erasing.ErasureClock.Read(_world.Workspace);
        _world.Import(Post("1", "ann"), Post("2", "bea"));
        _world.Content.Clock.Now = ContentWorld.Time("2026-02-01T00:00:00Z");
        _world.Say(ChoiceKind.Erasure, "ann", "2026-02-01");
        Assert.True(_world.Erase().IsComplete);
        Assert.Null(clock().Next);

        _world.Import(Post("0", "ann"));

        Assert.Equal(ContentWorld.Time("2026-02-02T00:00:00Z"), clock().Next);
        Assert.Equal(1, _world.Erase().Reach.Items);
        Assert.Null(clock().Next);
    }

    [Fact]
    public void An_erasure_of_everything_that_is_half_done_waits_and_shuts_the_gate_though_it_is_forgotten()
    {
        _world.Import(Post("1", "ann"), Post("2", "bea"));
        var (one, two) = (_world.Build("one").Manifest, _world.Build("two").Manifest);
        _world.Say(ChoiceKind.Erasure, "ann", scope: "everything");
        var clock = () => Aval.Recall.Erasing.ErasureClock.Read(_world.Workspace);
        var waited = Assert.Single(clock().Waiting);
        long Late(Manifest manifest)
        {
            using var late = LateChoices.Find(_world.Workspace, manifest, _world.Content.Clock.Now, Small);
            return late.Total;
        }

        Assert.Equal((1, 1), (Late(one), Late(two)));
        var half = _world.Erase(corpus: "one");
        Assert.Equal((false, 1), (half.IsComplete, half.Forgotten));
        Assert.Equal(waited, Assert.Single(clock().Waiting));
        Assert.True(clock().IsDue(waited.Due));
        Assert.NotNull(clock().Warning(waited.Due.AddDays(1)));
        Assert.Equal(1, Late(two));
        const string asked = "SELECT text FROM shards WHERE corpus = 'two'";
        using (var query = OpenQuery.Prepare(
            _world.Workspace, asked, null, _world.Content.Clock.Now, Small))
            Assert.Equal([["text"], [TextOf("2")]], query.Rows(asked));

        Assert.True(_world.Erase().IsComplete);
        Assert.Equal(([], null), (clock().Waiting, clock().Next));
    }

    [Fact]
    public void Nobody_is_told_that_something_is_erased_that_is_kept_or_that_a_release_holds_still()
    {
        void Answer(string who) => Aval.Recall.Erasing.AskedErasures.RequireCarriedOut(
            _world.Workspace,
            RequestBook.Of(_world.Workspace, Account.Parse($"facebook:{who}"))
                .Single(request => request.Right is Right.Erasure),
            _world.Content.Clock);
        ExitCode Refused(string who) => Assert.Throws<AvalException>(() => Answer(who)).Exit;
        _world.Import(Post("1", "ann"), Post("2", "bea"));
        _world.Build("one");
        _world.Build("two");
        _world.Say(ChoiceKind.Restriction, "ann");
        _world.Say(ChoiceKind.Erasure, "ann");
        _world.Say(ChoiceKind.Erasure, "bea");
        Assert.Equal(ExitCode.Refused, Refused("bea"));

        // The content is clean of hers, and the other corpus is not.
        Assert.False(_world.Erase(corpus: "one").IsComplete);
        Assert.Equal(ExitCode.Refused, Refused("bea"));
        Assert.True(_world.Erase().IsComplete);
        Answer("bea");
        // His is there, since he had it restricted.
        Assert.Equal(ExitCode.Refused, Refused("ann"));
        _world.Say(ChoiceKind.RestrictionLifted, "ann", "2025-02-01");
        Assert.True(_world.Erase().IsComplete);
        Answer("ann");
    }

    [Fact]
    public void Content_that_is_compacted_before_and_after_is_erased_all_the_same()
    {
        for (var n = 0; n < 3; n++)
            _world.Import(Post($"a{n}", "ann"), Post($"b{n}", "bea"));
        Compaction.Fold(_world.Workspace, null, Small, _world.Content.Clock, (_, _) => { });
        _world.Import(Post("a9", "ann"));
        _world.Say(ChoiceKind.Erasure, "ann");

        Assert.True(_world.Erase().IsComplete);
        Compaction.Fold(_world.Workspace, null, Small, _world.Content.Clock, (_, _) => { });

        Assert.Empty(_world.Search("a0", "a1", "a2", "a9"));
        Assert.Equal(["b0", "b1", "b2"], _world.Content.Query("SELECT item_id FROM items_now"));
        _world.RequireSound();
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
