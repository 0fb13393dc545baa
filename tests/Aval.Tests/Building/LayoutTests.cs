using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aval.Answers;
using Aval.Building;
using Aval.Checking;
using Aval.Choices;
using Aval.Choices.Stores;
using Aval.Content;
using Aval.Policies;
using Aval.Recording;
using Aval.Storage;
using Aval.Tests.ContentStore;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.Releases;

/// <summary>
/// Wherever content lies, and in however many files, a release is the same; what did not change is not made again.
/// </summary>
public sealed class LayoutTests : IDisposable
{
    private const string Then = "2025-12-01T00:00:00Z";
    private static readonly EngineLimits Small = new(2, 1_000_000_000);

    private static readonly Policy Regime = EngineWorld.Policy(
        new Rule.Erasure("GDPR 17"), new Rule.Restriction("GDPR 18"), new Rule.Objection("GDPR 21", null),
        new Rule.Removal("GDPR 17"));

    private readonly ContentWorld _world = new(buckets: 4);

    public void Dispose() => _world.Dispose();

    [Fact]
    public void In_place_and_laid_out_in_one_file_and_in_many_and_compacted_it_is_the_same_release()
    {
        var rows = Rows().ToArray();
        var expected = Release(_world, rows, 1, inPlace: true);
        foreach (var (parts, inPlace, compact) in ((int, bool, bool)[])[(1, false,
            false), (5, false, false), (5, false, true), (4, true, true)])
        {
            using var twin = _world.Twin();
            Assert.Equal(expected, Release(twin, rows, parts, inPlace, compact));
        }

        // Some left in place, and others not, so that versions of one item lie in both.
        using var mixed = _world.Twin();
        mixed.Import(mixed.AuthoredItems("a.parquet", rows.Where((_, at) => at % 2 == 0)), inPlace: true);
        mixed.Import(mixed.AuthoredItems("b.parquet", rows.Where((_, at) => at % 2 == 1)));
        Say(mixed);
        Assert.Equal(expected, Bytes(Build(mixed)));
    }

    [Fact]
    public void Content_left_in_place_that_was_laid_out_since_is_the_same_and_its_files_are_not_read_any_more()
    {
        var rows = Rows().ToArray();
        var expected = Release(_world, rows, 2, inPlace: true);
        using var laid = _world.Twin();
        foreach (var (part, at) in rows.Chunk(45).Index().Select(one => (one.Item, one.Index)))
            laid.Import(laid.AuthoredItems($"part-{at}.parquet", part), inPlace: true);
        Say(laid);
        Assert.Equal(90, Compaction.LayOut(laid.Workspace, ContentKind.Items, Small, laid.Clock, _ => { }));
        Assert.Equal(0, Compaction.LayOut(laid.Workspace, ContentKind.Items, Small, laid.Clock, _ => { }));
        File.Delete(laid.File("part-0.parquet"));

        Assert.Equal(expected, Bytes(Build(laid)));
        Assert.Empty(WorkspaceCheck.Of(laid.Workspace, _ => { }).Single(one => one.Name == "content").Faults);
    }

    [Fact]
    public void Many_rows_lie_in_a_file_a_bucket_and_give_what_few_would()
    {
        using var own = new ContentWorld(buckets: 2);
        using var shared = own.Twin();
        var many = own.Parquet("many.parquet", $"""
            SELECT 'i' || i AS item_id, 'facebook' AS service, 'post' AS kind, 'facebook:' || (1 + i % 977) AS author,
                'public' AS audience,
                'says ' || i AS text, '2025-01-01T00:00:00Z' AS observed_at, '2024-01-01T00:00:00Z' AS created_at
            FROM range({2 * ContentLayout.RowsOfOwnFile}) t(i)
            """);
        own.Import(many);
        foreach (var half in (string[])["<", ">="])
            shared.Import(shared.Parquet(
                $"half{half.Length}.parquet",
                $"SELECT * FROM read_parquet('{many}') WHERE substr(item_id, 2)::INT {half} 16000"));
        Say(own);
        Say(shared);
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(own.Workspace.Content, "items")).Length);
        Assert.Empty(Directory.GetDirectories(Path.Combine(shared.Workspace.Content, "items")));
        var expected = Bytes(Build(own));
        Assert.Equal(expected, Bytes(Build(shared)));

        Compact(shared);
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(shared.Workspace.Content, "items")).Length);
        Directory.Delete(Build(shared).Directory, recursive: true);
        Assert.Equal(expected, Bytes(Build(shared)));
    }

    [Fact]
    public void A_workspace_that_was_split_builds_what_one_that_was_made_so_builds()
    {
        var rows = Rows().ToArray();
        using var made = _world.Twin(buckets: 8);
        var expected = Release(made, rows, 3);
        Release(_world, rows, 3);
        Compact(_world, buckets: 8);
        var split = Workspace.Open(_world.Workspace.Root, ".");

        Assert.Equal(8, split.Settings.Buckets);
        Assert.Equal(expected, Bytes(Build(split)));
        Assert.Equal(ExitCode.Usage, Assert.Throws<AvalException>(() => Compact(_world, buckets: 24)).Exit);
    }

    [Fact]
    public void Content_in_other_buckets_than_aval_yaml_states_is_refused_and_both_numbers_are_named()
    {
        _world.Import(_world.Lines(Item("1")));
        var refused = Assert.Throws<AvalException>(
            () => Build(_world.Workspace with { Settings = _world.Workspace.Settings with { Buckets = 8 } }));

        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.All(
            ["aval.yaml", "buckets is 8", "laid out in 4"],
            part => Assert.Contains(part, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_bucket_in_which_nothing_changed_is_linked_and_the_others_are_written()
    {
        _world.Import(_world.AuthoredItems("a.parquet", Rows().Take(17)));
        var first = Build(_world);
        Object(_world, "facebook:7");
        var second = Build(_world, "2025-12-02T00:00:00Z");

        var linked = first.Manifest.Files.Where(file => file.Path.StartsWith("shards/", StringComparison.Ordinal))
            .Select(file => (file.Path, Same: Inode(first, file.Path) == Inode(second, file.Path))).ToArray();
        Assert.Equal(4, linked.Length);
        Assert.Single(linked, file => !file.Same);
        // As one that was built without any memory.
        using var twin = _world.Twin();
        twin.Import(twin.AuthoredItems("a.parquet", Rows().Take(17)));
        Object(twin, "facebook:7");
        Assert.Equal(Shards(Build(twin, "2025-12-02T00:00:00Z")), Shards(second));
    }

    [Fact]
    public void A_shard_that_somebody_changed_is_not_linked()
    {
        _world.Import(_world.AuthoredItems("a.parquet", Rows()));
        var first = Build(_world);
        var expected = Shards(first);
        var shard = Path.Combine(first.Directory, "shards", "b002.parquet");
        Put(shard, [.. File.ReadAllBytes(shard), 0]);
        var second = Build(_world, "2025-12-02T00:00:00Z");

        Assert.NotEqual(Inode(first, "shards/b002.parquet"), Inode(second, "shards/b002.parquet"));
        Assert.Equal(expected, Shards(second));
    }

    [Fact]
    public void What_another_hand_wrote_about_finished_parts_is_not_believed()
    {
        _world.Import(_world.AuthoredItems("a.parquet", Rows().Take(17)));
        var first = Build(_world);
        var parts = Path.Combine(_world.Workspace.Lineage, "test", "parts.json");
        var sealedBefore = File.ReadAllBytes(parts);
        // The very inputs of tomorrow, with the shards of today: somebody who objects would be in it.
        Object(_world, "facebook:7");
        var second = Build(_world, "2025-12-02T00:00:00Z");
        var old = System.Text.Json.Nodes.JsonNode.Parse(Encoding.UTF8.GetString(sealedBefore).Split('\n')[0])!;
        var next = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(parts).Split('\n')[0])!;
        foreach (var (part, at) in old["parts"]!.AsArray().Select((part, at) => (part!, at)))
            part["input"] = next["parts"]![at]!["input"]!.GetValue<string>();
        Directory.Delete(second.Directory, recursive: true);
        Put(parts, Encoding.UTF8.GetBytes($"{old.ToJsonString()}\n{new string('0', 64)}\n"));
        var again = Build(_world, "2025-12-02T00:00:00Z");

        Assert.NotEqual(Shards(first), Shards(again));
        Assert.Equal(second.Manifest.Release, again.Manifest.Release);
    }

    [Theory]
    [InlineData("plan.json")]
    [InlineData("parts/001.json")]
    public void A_file_that_tasks_go_by_is_read_only_with_the_seal_and_under_its_own_name(string name)
    {
        var key = Enumerable.Repeat((byte)7, 32).ToArray();
        Directory.CreateDirectory(Path.GetDirectoryName(_world.File(name))!);
        SealedFile.Write(_world.File(name), "{}"u8, key);
        Assert.Equal("{}"u8.ToArray(), SealedFile.Read(_world.File(name), key));
        Assert.Null(SealedFile.Read(_world.File(name), [.. key.Select(one => (byte)(one + 1))]));
        var bytes = File.ReadAllBytes(_world.File(name));
        foreach (var at in Enumerable.Range(0, bytes.Length))
        {
            Put(_world.File(name), [.. bytes.Select((one, place) => place == at ? (byte)(one ^ 1) : one)]);
            Assert.Null(SealedFile.Read(_world.File(name), key));
        }

        Put(_world.File("other.json"), bytes);
        Assert.Null(SealedFile.Read(_world.File("other.json"), key));
        Assert.Null(SealedFile.Read(_world.File("none.json"), key));
    }

    [Fact]
    public void What_is_written_later_than_the_release_is_no_part_of_it_and_an_item_dated_ahead_is_asked_again()
    {
        _world.Import(_world.Lines(
            Item("1", ("created_at", "\"2025-12-01T12:00:00Z\""), ("observed_at", "\"2025-06-01T00:00:00Z\""))));
        var before = Build(_world, Then, EngineWorld.Policy(new Rule.Erasure("GDPR 17")));
        Say(_world, ChoiceKind.Erasure, "facebook:ann", "2025-11-01T00:00:00Z");
        var unknown = Build(_world, "2025-12-01T06:00:00Z", EngineWorld.Policy(new Rule.Erasure("GDPR 17")));
        var known = Build(_world, "2025-12-02T00:00:00Z", EngineWorld.Policy(new Rule.Erasure("GDPR 17")));

        Assert.Equal((1, 0, 0), (before.Manifest.Admitted, unknown.Manifest.Admitted, known.Manifest.Admitted));
    }

    /// <summary>Also where it was carried out, and so forgotten, before the release was committed.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_erasure_that_comes_while_a_release_is_built_is_honoured_by_it(bool isForgotten)
    {
        _world.Import(_world.AuthoredItems("a.parquet", Rows().Take(17)));
        using var twin = _world.Twin();
        twin.Import(twin.AuthoredItems("a.parquet", Rows().Take(17)));
        Say(twin, ChoiceKind.Erasure, "facebook:9", "2025-11-01T00:00:00Z");
        var said = false;
        var overtaken = Pipeline.Build(_world.Workspace, Request(), progress =>
        {
            if (said || progress is not { Stage: "write", Done: 1 })
                return;
            said = true;
            Say(_world, ChoiceKind.Erasure, "facebook:9", "2025-11-01T00:00:00Z");
            if (isForgotten)
                Forget(0);
        });

        Assert.True(said);
        Assert.Equal(14, overtaken.Manifest.Admitted);
        Assert.Equal(Shards(Build(twin)), Shards(overtaken));
    }

    [Fact]
    public void What_is_read_is_not_dropped_before_it_is_read()
    {
        _world.Import(_world.AuthoredItems("a.parquet", Rows().Take(40)));
        _world.Import(_world.AuthoredItems("b.parquet", Rows().Skip(40)));
        using (var engine = Engine.Open(_world.Workspace.Temporary, Small, _world.Workspace.ReadKey()))
        {
            ContentViews.Create(engine, _world.Workspace, Time(Then));
            var folded = Assert.Single(Compact(_world));
            Assert.Equal((2, 1, 2), (folded.Before, folded.After, folded.Waiting));
            Assert.True(engine.Scalar<long>("SELECT count(*) FROM items_now") > 0);
        }

        Assert.Equal(0, Assert.Single(Compact(_world)).Waiting);
        Assert.Single(Directory.GetFiles(Path.Combine(_world.Workspace.Content, "items"), "*.parquet"));
        Assert.Empty(WorkspaceCheck.Of(_world.Workspace, _ => { }).Single(one => one.Name == "content").Faults);
    }

    [Fact]
    public void A_release_is_replayed_from_its_own_imports_after_later_ones_were_written_into_the_same_file()
    {
        _world.Import(_world.AuthoredItems("a.parquet", Rows().Take(40)));
        var release = Build(_world, policy: PolicyReader.Read(PolicyReader.Find("opt-out")));
        _world.Import(_world.AuthoredItems("b.parquet", Rows().Skip(40)));
        Compact(_world);

        using var replay = Replay.Of(_world.Workspace, release.Directory, Small);
        Assert.Equal(release.Manifest.ItemsRead, replay.Engine.Scalar<long>("SELECT count(*) FROM decided"));
    }

    [Fact]
    public void Buckets_are_split_where_all_content_was_left_in_place()
    {
        _world.Import(_world.AuthoredItems("a.parquet", Rows()), inPlace: true);
        var first = Build(_world);
        var into = 2 * _world.Workspace.Settings.Buckets;
        Assert.Empty(Compact(_world, into));
        var split = _world.Workspace.AsWritten();
        var second = Build(split, "2025-12-02T00:00:00Z");

        Assert.Equal((into, first.Manifest.Admitted), (second.Manifest.Buckets, second.Manifest.Admitted));
        Assert.Empty(WorkspaceCheck.Of(split, _ => { }).Single(one => one.Name == "content").Faults);
    }

    [Fact]
    public void An_import_folds_what_lies_in_very_many_files()
    {
        foreach (var number in Enumerable.Range(1, ContentLayout.SharedFiles))
            _world.Import(_world.Lines(Said($"i{number}", "words", Then)));

        Assert.Single(Directory.GetFiles(Path.Combine(_world.Workspace.Content, "items"), "*.parquet"));
        Assert.Equal(ContentLayout.SharedFiles, _world.ItemsNow().Count);
    }

    // Versions: of each third item several, some by another author; of some, one that is deleted.
    private static IEnumerable<string> Rows() => Enumerable.Range(0, 90).Select(at => string.Create(
        CultureInfo.InvariantCulture,
        $"('i{at % 61}', 'facebook:{1 + (at % 17)}', 'says {at}', '2025-01-{1 + (at % 28):D2}T00:00:00Z', "
            + $"{(at % 13 == 0 ? "true" : "false")})"));

    private static string Release(
        ContentWorld world, string[] rows, int parts, bool inPlace = false, bool compact = false)
    {
        foreach (var (part, at) in rows.Chunk((rows.Length + parts - 1) / parts).Select((part, at) => (part, at)))
            world.Import(world.AuthoredItems($"part-{at}.parquet", part), inPlace: inPlace);
        Say(world);
        if (compact)
            Compact(world);
        return Bytes(Build(world));
    }

    private void Forget(long choice)
    {
        using var store = ChoiceStores.Open(_world.Workspace);
        var plan = Forgettings.Plan(
            _world.Workspace, store, [new EntryIndex(choice)], ForgettingReason.Request, Today);
        store.Forget(plan.Choices, plan.DecidedAt);
    }

    // About accounts, about an item, and an erasure that takes all versions of what it finds.
    private static void Say(ContentWorld world)
    {
        Object(world, "facebook:3");
        Say(world, ChoiceKind.Objection, "facebook:5", "2025-02-01T00:00:00Z", "item:facebook:i21");
        Say(world, ChoiceKind.Removal, "facebook:6", "2025-02-01T00:00:00Z", "item:facebook:i8");
        Say(world, ChoiceKind.Erasure, "facebook:9", "2025-01-20T00:00:00Z");
    }

    private static void Object(ContentWorld world, string account) =>
        Say(world, ChoiceKind.Objection, account, "2025-02-01T00:00:00Z");

    private static void Say(
        ContentWorld world, ChoiceKind kind, string account, string at, string scope = "everything") =>
        Recorder.RecordOnce(world.Workspace, Today, new Choice(
            kind, Account.Parse(account), Purpose.TrainGenerativeAi,
            Scope.TryParse(scope, out var parsed) ? parsed : throw new ArgumentException(scope), Time(at), Time(at),
            Actor: kind == ChoiceKind.Removal ? Actor.Anyone : Actor.Person));

    private static IReadOnlyList<CompactionOutcome> Compact(ContentWorld world, int? buckets = null) =>
        Compaction.Fold(world.Workspace, buckets, Small, world.Clock, (_, _) => { });

    private static BuildOutcome Build(ContentWorld world, string asOf = Then, Policy? policy = null) =>
        Build(world.Workspace, asOf, policy);

    private static BuildOutcome Build(Workspace workspace, string asOf = Then, Policy? policy = null) =>
        Pipeline.Build(workspace, Request(asOf, policy), _ => { });

    private static BuildRequest Request(string asOf = Then, Policy? policy = null) =>
        new(policy ?? Regime, CorpusName.Parse("test"), Time(asOf), null, Small) { Clock = new StandingClock(Today) };

    private static ulong? Inode(BuildOutcome release, string file) =>
        FileIdentity.Of(Path.Combine(release.Directory, file))?.Inode;

    private static IEnumerable<string> Shards(BuildOutcome release) =>
        Bytes(release).Split('\n').Where(line => line.StartsWith("shards/", StringComparison.Ordinal));

    // All that is a function of the inputs: no proof of the ledger, which grows, and no name of an import.
    private static string Bytes(BuildOutcome release) => string.Join('\n', Directory
        .EnumerateFiles(release.Directory, "*", SearchOption.AllDirectories)
        .Where(path =>
            Path.GetFileName(path) is not ("manifest.tlog-proof" or "manifest.sig" or "manifest.json" or "checkpoint"))
        .Order(StringComparer.Ordinal)
        .Select(path => $"{Path.GetRelativePath(release.Directory, path)} "
            + $"{Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))}"));
}

/// <summary>Items of several authors as Parquet.</summary>
internal static class AuthoredContent
{
    /// <summary><c>VALUES</c> of item_id, author, text, observed_at (text), deleted.</summary>
    public static string AuthoredItems(this ContentWorld world, string name, IEnumerable<string> values) =>
        world.Parquet(name, $"""
            SELECT id AS item_id, 'facebook' AS service, 'post' AS kind, author, 'public' AS audience, said AS text,
                seen AS observed_at,
                '2024-05-05T00:00:00Z' AS created_at, gone AS deleted
            FROM (VALUES {string.Join(", ", values)}) AS v(id, author, said, seen, gone)
            """);
}
