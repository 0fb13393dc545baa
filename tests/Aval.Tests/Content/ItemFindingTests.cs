using System.Globalization;
using Aval.Answers;
using Aval.Checking;
using Aval.Choices;
using Aval.Content;
using Aval.Policies;
using Aval.Recording;
using Aval.Storage;
using CsCheck;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.ContentStore;

/// <summary>
/// A few items are found where they lie, and what is found is what reading everything finds, whatever was imported,
/// corrected, left in place, folded, split and erased.
/// </summary>
public sealed class ItemFindingTests : IDisposable
{
    private const string Rows = """
        SELECT 'i' || i AS item_id, 'facebook' AS service, 'post' AS kind, 'facebook:' || (i % 977) AS author,
            'public' AS audience, 'says ' || i AS text, '2025-01-01T00:00:00Z' AS observed_at,
            CASE WHEN i = 70 THEN [{'account': 'facebook:named', 'role': 'mentioned'}] ELSE [] END AS persons
        """;

    private static readonly EngineLimits Small = new(2, 1_000_000_000);

    private static readonly Policy Regime = EngineWorld.Policy(
        new Rule.Erasure("GDPR 17"), new Rule.Objection("GDPR 21", null), new Rule.Removal("GDPR 17"));

    // Few items, accounts and instants, so that they meet.
    private static readonly Gen<Row> ARow = Gen.Select(
        Gen.Int[0, 11], Gen.Int[0, 7], Gen.Int[0, 9].Array[0, 2], Gen.Int[1, 20], Gen.Int[0, 9],
        (item, author, named, day, says) => new Row(item, author, named, day, says));

    private static readonly Gen<Step> AStep = Gen.Frequency(
        (5, Gen.Select(ARow.Array[1, 9], Gen.Bool, (rows, snapshot) => (Step)new Step.Imports(rows, snapshot))),
        (1, ARow.Array[1, 5].Select(rows => (Step)new Step.LeavesInPlace(rows))),
        (1, Gen.Const((Step)new Step.LaysOut())),
        (2, Gen.Const((Step)new Step.Folds())),
        (1, Gen.Const((Step)new Step.Splits())),
        (2, Gen.Select(
            Gen.OneOf(ChoiceKind.Objection, ChoiceKind.Erasure, ChoiceKind.Removal), Gen.Int[0, 12],
            Gen.Int[0, 15].Nullable(), Gen.Int[1, 20],
            (kind, account, item, day) => (Step)new Step.Says(
                kind, account, kind is ChoiceKind.Removal ? item ?? account : item, day))));

    private readonly ContentWorld _world = new(buckets: 4);

    public void Dispose() => _world.Dispose();

    [Fact]
    public void What_is_looked_up_is_what_reading_everything_finds() =>
        Gen.Select(AStep.Array[2, 7], Gen.Int[0, 14].Array[1, 4], Gen.Int[0, 12].Array[1, 3], Gen.Int[3, 25]).Sample(
            (steps, items, accounts, day) =>
            {
                using var world = new ContentWorld(buckets: 4);
                foreach (var (step, at) in steps.Index().Select(one => (one.Item, one.Index)))
                    Take(world, step, at);
                var workspace = world.Workspace.AsWritten();
                var first = ImportLog.Read(workspace).Take(2).Select(record => record.ImportId).ToArray();
                foreach (var imports in (IReadOnlyList<string>?[])[null, first])
                {
                    using var engine = Engine.Open(workspace.Temporary, Small, workspace.ReadKey());
                    ContentViews.Create(engine, workspace, Day(day), imports);
                    AgreesOnItems(engine, $"SELECT DISTINCT 'facebook' AS service, 'i' || unnest([{string.Join(", ",
                        items)}]) AS item_id");
                    AgreesOnAccounts(engine, "SELECT DISTINCT 'facebook:' || "
                        + $"unnest([{string.Join(", ", accounts)}]) AS account");
                }

                Assert.Empty(ContentCheck.Faults(workspace));
            },
            iter: 25,
            threads: 1);

    [Fact]
    public void What_choices_reach_is_the_same_with_indexes_and_without() =>
        AStep.Array[3, 8].Sample(
            steps =>
            {
                using var world = new ContentWorld(buckets: 4);
                foreach (var (step, at) in steps.Index().Select(one => (one.Item, one.Index)))
                    Take(world, step, at);
                var workspace = world.Workspace.AsWritten();
                var indexed = Reached(workspace);
                using var whole = world.Twin(workspace.Settings.Buckets);
                foreach (var (step, at) in steps.Index().Select(one => (one.Item, one.Index)))
                    Take(whole, WithoutIndex(step), at);
                Assert.Equal(Reached(whole.Workspace), indexed);
            },
            iter: 12,
            threads: 1);

    [Fact]
    public void A_look_up_reads_the_files_that_the_indexes_name_and_no_other()
    {
        _world.Import(_world.Parquet(
            "many.parquet", $"{Rows} FROM range({4 * ContentLayout.RowsOfOwnFile}) t(i)"));
        using var engine = Engine.Open(_world.Workspace.Temporary, Small, _world.Workspace.ReadKey());
        ContentViews.Create(engine, _world.Workspace, Today);
        var bucket = engine.Scalar<int>("SELECT bucket_of('facebook:70', 4)");
        foreach (var other in Enumerable.Range(0, 4).Where(other => other != bucket))
            Directory.Delete(Path.Combine(_world.Workspace.Content, "items", $"bucket=00{other}"), recursive: true);

        const string Named = "SELECT 'facebook' AS service, 'i70' AS item_id";
        Assert.Equal(["i70"], Found(engine, ItemFinding.Now(engine, Named), "item_id = 'i70'"));
        Assert.Equal(["i70"], Found(engine, ItemFinding.Versions(engine, Named), "item_id = 'i70'"));
        Assert.Equal(
            ["i70"], Found(
                engine, ItemFinding.Naming(engine, "SELECT 'facebook:named' AS account"),
                "list_contains(list_transform(persons, lambda one: one.account), 'facebook:named')"));
        Assert.Equal(
            ["i70"], Found(engine, ItemFinding.By(engine, "SELECT 'facebook:70' AS account"), "item_id = 'i70'"));
        // What nobody wrote lies nowhere, and nothing is read for it; to read all would find the others gone.
        Assert.Empty(Found(
            engine, ItemFinding.Now(engine, "SELECT 'facebook' AS service, 'none' AS item_id"), "true"));
        Assert.Throws<DuckDB.NET.Data.DuckDBException>(() => Found(engine, "items_now", "item_id = 'i70'"));
    }

    [Fact]
    public void A_small_import_writes_two_small_files_more_and_a_fold_replaces_all_of_them()
    {
        foreach (var at in Enumerable.Range(0, 3))
            _world.Import(_world.Lines(Item($"i{at}"), Item($"j{at}", ("author", "\"facebook:ben\""))));
        Assert.Equal((3, 3), (Indexes(ItemIndex.PlacesFolder), Indexes(ItemIndex.NamingFolder)));
        _world.Import(_world.Lines("""{"account": "facebook:ann"}"""), ContentKind.Accounts);
        Assert.Equal((3, 3), (Indexes(ItemIndex.PlacesFolder), Indexes(ItemIndex.NamingFolder)));

        Compaction.Fold(_world.Workspace, null, Small, _world.Clock, (_, _) => { });
        Assert.Equal((1, 1), (Indexes(ItemIndex.PlacesFolder), Indexes(ItemIndex.NamingFolder)));
        Assert.Empty(ContentCheck.Faults(_world.Workspace));
    }

    [Theory]
    [InlineData(ItemIndex.PlacesFolder)]
    [InlineData(ItemIndex.NamingFolder)]
    public void An_index_that_is_lost_is_said_to_be_and_a_compaction_makes_it_anew(string folder)
    {
        _world.Import(_world.Lines(Item("1")));
        var lost = Path.Combine(_world.Workspace.Content, folder, "000001-items.parquet");
        File.Delete(lost);
        foreach (var said in (string[])[
            Assert.Throws<AvalException>(() => _world.ItemsNow()).Message,
            Assert.Single(ContentCheck.Faults(_world.Workspace))])
            Assert.All([lost, "is gone", "Run: aval compact"], part => Assert.Contains(part, said,
                StringComparison.Ordinal));

        Assert.Equal(1, Compaction.Fold(_world.Workspace, null, Small, _world.Clock, (_, _) => { }).Single().Rows);
        Assert.Equal(0, Compaction.Fold(_world.Workspace, null, Small, _world.Clock, (_, _) => { }).Single().Rows);
        Assert.Equal(["1 | words"], _world.Texts());
        Assert.Empty(ContentCheck.Faults(_world.Workspace));
    }

    [Fact]
    public void An_index_names_no_item_and_no_account_in_words()
    {
        _world.Import(_world.Lines(Item(
            "a-very-own-item", ("author", "\"facebook:a-very-own-author\""),
            ("persons", """[{"account": "facebook:a-very-own-friend", "role": "mentioned"}]"""))));
        foreach (var folder in (string[])[ItemIndex.PlacesFolder, ItemIndex.NamingFolder])
        {
            var file = Path.Combine(_world.Workspace.Content, folder, "000001-items.parquet");
            using var engine = Engine.Open(_world.Workspace.Temporary, Small);
            Assert.Equal(1, engine.Scalar<long>($"SELECT count(*) FROM {ParquetFiles.Rows(file)}"));
            Assert.DoesNotContain(
                ParquetFiles.Columns(engine, file), column => column.Type is not ("BIGINT" or "INTEGER"));
            Assert.False(FileModes.IsOpenToOthers(file));
        }
    }

    private int Indexes(string folder) => Directory.GetFiles(Path.Combine(_world.Workspace.Content, folder)).Length;

    private static List<string> Found(Engine engine, string relation, string where) => engine.Query(
        $"SELECT item_id FROM {relation} AS found WHERE {where} ORDER BY item_id", row => row.GetString(0));

    private static void AgreesOnItems(Engine engine, string items)
    {
        void Agrees(string all, string found) => Same(engine, all, found, $"SEMI JOIN ({items}) AS asked USING "
            + "(service, item_id)");
        Agrees("items_now", ItemFinding.Now(engine, items));
        Agrees("item_versions", ItemFinding.Versions(engine, items));
        Agrees("laid_items", ItemFinding.Laid(engine, items));
    }

    private static void AgreesOnAccounts(Engine engine, string accounts)
    {
        Same(
            engine, "item_versions", ItemFinding.By(engine, accounts),
            $"SEMI JOIN ({accounts}) AS asked ON author = asked.account");
        Same(
            engine, "item_versions", ItemFinding.Naming(engine, accounts),
            $"WHERE list_has_any(list_transform(persons, lambda one: one.account), (SELECT list(account) "
                + $"FROM ({accounts})))");
    }

    private static void Same(Engine engine, string all, string found, string pick)
    {
        List<string> Rows(string relation) => engine.Query(
            $"SELECT to_json(one)::VARCHAR AS row FROM (SELECT asked_of.* FROM {relation} AS asked_of {pick}) AS one "
                + "ORDER BY row",
            row => row.GetString(0));
        Assert.Equal(Rows(all), Rows(found));
    }

    // Everything that choices are resolved into, as text.
    private static string Reached(Workspace workspace)
    {
        using var engine = DecidedItems.Under(workspace, Regime, Day(25), null, Small);
        UnmatchedChoices.Find(engine);
        string[] tables = ["decided", "named_items", "co_authors", "erased_items", "unmatched"];
        return string.Join('\n', tables.SelectMany(table => engine.Query(
            $"SELECT to_json(one)::VARCHAR AS row FROM {table} AS one ORDER BY row",
            row => $"{table} {row.GetString(0)}")));
    }

    // Content left in place has no index.
    private static Step WithoutIndex(Step step) => step switch
    {
        Step.Imports imports => new Step.LeavesInPlace(imports.Rows, imports.Snapshot),
        Step.LaysOut or Step.Folds or Step.Splits => new Step.LeavesInPlace([]),
        _ => step,
    };

    private static void Take(ContentWorld world, Step step, int at)
    {
        var workspace = world.Workspace.AsWritten();
        switch (step)
        {
            case Step.Imports imports:
                Bring(world, $"{at}.parquet", imports.Rows, imports.Snapshot, inPlace: false);
                break;
            case Step.LeavesInPlace { Rows.Count: > 0 } left:
                Bring(world, $"{at}.parquet", left.Rows, left.Snapshot, inPlace: true);
                break;
            case Step.LaysOut:
                Compaction.LayOut(workspace, ContentKind.Items, Small, world.Clock, _ => { });
                break;
            case Step.Folds:
                Compaction.Fold(workspace, null, Small, world.Clock, (_, _) => { });
                break;
            case Step.Splits:
                Compaction.Fold(workspace, 2 * workspace.Settings.Buckets, Small, world.Clock, (_, _) => { });
                break;
            case Step.Says says:
                Recorder.RecordOnce(workspace, Today, new Choice(
                    says.Kind, Account.Parse($"facebook:{says.Account}"), Purpose.TrainGenerativeAi,
                    says.Item is { } item
                        ? Scope.Of([new ScopePart.OneItem(new Item("facebook", $"i{item}"))])
                        : Scope.Everything,
                    Day(says.Day), Day(says.Day),
                    Actor: says.Kind is ChoiceKind.Removal ? Actor.Anyone : Actor.Person));
                break;
        }
    }

    private static void Bring(
        ContentWorld world, string name, IReadOnlyList<Row> rows, bool snapshot, bool inPlace) => world.Import(
        [world.Parquet(name, $"""
            SELECT 'i' || item AS item_id, 'facebook' AS service, 'post' AS kind, 'facebook:' || author AS author,
                'public' AS audience, 'says ' || said AS text, seen AS observed_at,
                '2024-05-05T00:00:00Z' AS created_at, said = 0 AS deleted,
                list_transform(
                    named, lambda one: struct_pack(account := 'facebook:' || one, role := 'mentioned')) AS persons
            FROM (VALUES {string.Join(", ", rows)}) AS v(item, author, said, seen, named)
            """)],
        snapshot: snapshot, inPlace: inPlace);

    private static DateTimeOffset Day(int day) => new(2025, 6, day, 0, 0, 0, TimeSpan.Zero);

    private sealed record Row(int Item, int Author, IReadOnlyList<int> Named, int Day, int Says)
    {
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"({Item}, {Author}, {Says}, '2025-06-{Day:D2}T00:00:00Z', [{string.Join(", ", Named)}]::INTEGER[])");
    }

    private abstract record Step
    {
        public sealed record Imports(IReadOnlyList<Row> Rows, bool Snapshot) : Step
        {
            public override string ToString() => $"imports {string.Join(", ", Rows)}{(Snapshot ? ", a snapshot" : "")}";
        }

        public sealed record LeavesInPlace(IReadOnlyList<Row> Rows, bool Snapshot = false) : Step
        {
            public override string ToString() => $"leaves in place {string.Join(", ", Rows)}";
        }

        public sealed record LaysOut : Step;

        public sealed record Folds : Step;

        public sealed record Splits : Step;

        public sealed record Says(ChoiceKind Kind, int Account, int? Item, int Day) : Step;
    }
}
