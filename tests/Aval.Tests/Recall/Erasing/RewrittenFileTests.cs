using Aval.Content;
using Aval.Corpus;
using Aval.Recall.Erasing;
using Aval.Tests.ContentStore;
using static Aval.Tests.Erasing.ErasingWorld;

namespace Aval.Tests.Erasing;

/// <summary>
/// Content that was left in place is its owner's to rewrite: a file without what is erased, and not otherwise than it
/// was, takes the place of the old one, and then the erasure is complete.
/// </summary>
public sealed class RewrittenFileTests : IDisposable
{
    private const string Mapped = """
        item_id: id
        service: "'facebook'"
        kind: "'post'"
        author: "'facebook:' || who"
        audience: "'public'"
        text: said
        created_at: "'2024-01-01T00:00:00Z'"
        observed_at: seen
        persons: "CASE WHEN tagged <> '' THEN [{account: 'facebook:' || tagged, role: 'tagged'}] END"
        """;

    private static readonly string[] Rows =
    [
        "('1', 'ann', 'Ann wrote what nobody else would write here', '2024-06-01T00:00:00Z', '')",
        "('2', 'bea', 'Bea wrote about the weather of that day', '2024-06-01T00:00:00Z', '')",
        "('1', 'ann', 'Ann wrote it again in quite other words', '2024-06-02T00:00:00Z', '')",
        "('2', 'bea', 'Bea wrote about the weather of that day', '2024-06-01T00:00:00Z', '')",
        "('bad one', 'bea', 'no id has a space', 'no instant', '')",
        "('3', 'bea', 'With @[ann:1:Ann] by the lake, all day long', '2024-06-01T00:00:00Z', 'ann')",
    ];

    private readonly ErasingWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void The_owners_file_without_what_is_erased_completes_the_erasure()
    {
        var old = Place("old.parquet", Rows);
        var release = _world.Build().Directory;
        _world.Say(ChoiceKind.Erasure, "ann");
        Assert.Equal([new PlacedRows(old, 2)], _world.Erase().Reach.PlacedFiles);
        var sha = _world.Content.Sha("2024-06-15T00:00:00Z");

        // In another order, with the row that was rejected and the one that was there twice.
        var @new = Write("new.parquet", Rows[5], Rows[4], Rows[3], Rows[1]);
        var outcome = Replace(old, @new);

        Assert.Equal((1, 0), (outcome.Items, outcome.Left));
        File.Delete(old);
        Assert.Equal(["2", "3"], _world.Content.Query("SELECT item_id FROM items_now"));
        // What is known of other times stays what it was.
        Assert.Equal(sha, _world.Content.Sha("2024-06-15T00:00:00Z"));
        var erased = _world.Erase();
        Assert.True(erased.IsComplete, string.Join('\n', erased.Scan.Hits));
        Assert.Equal(
            [$"test/{Path.GetFileName(release)}"], erased.Releases.Select(one => one.Release));
        Assert.Equal(
            ["Bea wrote about the weather of that day", "With @[ann:1:Ann] by the lake, all day long"],
            _world.Rows(ReleaseName.Find(_world.Workspace, "test")));
        _world.RequireSound();
        // The same rows are dropped at the door when they come again.
        Place("again.parquet", Rows[0]);
        Assert.Equal(["2", "3"], _world.Content.Query("SELECT item_id FROM items_now"));
    }

    [Fact]
    public void What_names_somebody_of_whom_everything_is_erased_is_masked_in_the_owners_file()
    {
        var old = Place("old.parquet", Rows);
        _world.Say(ChoiceKind.Erasure, "ann", scope: "everything");
        Assert.False(_world.Erase().IsComplete);
        var named = Write("named.parquet", Rows[1], Rows[5]);
        Assert.Contains("named.parquet, row 2: expected", Refused(old, named), StringComparison.Ordinal);

        Replace(old, Write(
            "masked.parquet", Rows[1],
            "('3', 'bea', 'With <PERSON> by the lake, all day long', '2024-06-01T00:00:00Z', '')"));
        File.Delete(old);

        var outcome = _world.Erase();
        Assert.True(outcome.IsComplete, string.Join('\n', outcome.Scan.Hits));
        Assert.Equal(
            ["2 | null", "3 | null"],
            _world.Content.Query("SELECT item_id, nullif(len(persons), 0) FROM items_now"));
        _world.RequireSound();
    }

    [Fact]
    public void The_row_that_named_somebody_comes_back_masked_or_is_refused_at_the_door()
    {
        var old = Place("old.parquet", Rows);
        _world.Say(ChoiceKind.Erasure, "ann", scope: "everything");
        _world.Erase();
        Replace(old, Write(
            "masked.parquet", Rows[1],
            "('3', 'bea', 'With <PERSON> by the lake, all day long', '2024-06-01T00:00:00Z', '')"));
        File.Delete(old);
        Assert.True(_world.Erase().IsComplete);
        var imports = _world.Content.Imports();

        var again = Write("again.parquet", Rows[1], Rows[5]);
        var refused = Assert.Throws<AvalException>(
            () => _world.Content.Import(again, mapping: Mapped, inPlace: true)).Message;
        Assert.Contains("again.parquet, row 2 (item:facebook:3): ", refused, StringComparison.Ordinal);
        Assert.Contains("Nothing was imported.", refused, StringComparison.Ordinal);
        Assert.Equal(imports, _world.Content.Imports());

        // Observed later, so that it is what counts, and kept here.
        _world.Content.Import(Write("later.parquet", Rows[5].Replace("06-01", "06-09", StringComparison.Ordinal)),
            mapping: Mapped);
        Assert.Equal(
            ["With <PERSON> by the lake, all day long | null"],
            _world.Content.Query("SELECT text, nullif(len(persons), 0) FROM items_now WHERE item_id = '3'"));
        Assert.Equal(0, _world.Erase(isDry: true).Reach.Persons.Changes);
        _world.RequireSound();
    }

    [Fact]
    public void Accounts_that_were_left_in_place_go_the_same_way()
    {
        string Accounts(string name, params string[] who) => _world.Content.Parquet(
            name, $"SELECT 'facebook:' || who AS account, 1980 AS birth_year, '2024-06-01T00:00:00Z' AS observed_at "
                + $"FROM (VALUES {string.Join(", ", who.Select(one => $"('{one}')"))}) AS v(who)");
        var old = Accounts("accounts.parquet", "ann", "bea");
        _world.Content.Import(old, ContentKind.Accounts, inPlace: true);
        _world.Say(ChoiceKind.Erasure, "ann", scope: "everything");
        Assert.False(_world.Erase().IsComplete);

        Replace(old, Accounts("rest.parquet", "bea"));

        Assert.True(_world.Erase().IsComplete);
        Assert.Equal(["facebook:bea"], _world.Content.Query("SELECT account FROM accounts_now"));
        _world.RequireSound();
    }

    public static TheoryData<string, string[], string> Others => new()
    {
        { "still there", [Rows[0], Rows[1], Rows[5]], "new.parquet, row 1: expected a row of " },
        { "gone too", [Rows[1]], "old.parquet, row 6: expected item:facebook:3, which nothing erases, in " },
        {
            "otherwise", [Rows[1].Replace("weather", "wether", StringComparison.Ordinal), Rows[5]],
            "found item:facebook:2, which is erased, or says something else, or is new"
        },
        {
            "new", [Rows[1], Rows[5], "('9', 'bea', 'A new one', '2024-06-01T00:00:00Z', '')"],
            "new.parquet, row 3: expected"
        },
        { "another author", [Rows[1].Replace("bea", "cid", StringComparison.Ordinal), Rows[5]], "row 1: expected" },
        {
            "another instant",
            [Rows[1].Replace("2024-06-01", "2024-06-03", StringComparison.Ordinal), Rows[5]], "row 1: expected"
        },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Whatever_else_is_otherwise_in_it_is_refused_with_file_and_row(string what, string[] rows, string told)
    {
        var old = Place("old.parquet", Rows);
        _world.Say(ChoiceKind.Erasure, "ann");
        var (before, files) = (_world.Content.Imports(), Files());

        var refused = Refused(old, Write("new.parquet", rows));

        Assert.True(refused.Contains(told, StringComparison.Ordinal), $"{what}: {refused}");
        Assert.Contains("Nothing was changed.", refused, StringComparison.Ordinal);
        Assert.Equal((before, files), (_world.Content.Imports(), Files()));
    }

    [Fact]
    public void A_file_that_nobody_left_in_place_or_that_has_changed_has_no_place_to_give()
    {
        var old = Place("old.parquet", Rows);
        _world.Say(ChoiceKind.Erasure, "ann");
        var @new = Write("new.parquet", Rows[1], Rows[5]);
        Assert.Contains("no import reads this file", Refused(_world.Content.File("other.parquet"), @new),
            StringComparison.Ordinal);
        Assert.Contains("expected another file", Refused(old, old), StringComparison.Ordinal);
        ContentWorld.Put(old, File.ReadAllBytes(@new));
        Assert.Contains("was left in place by the import", Refused(old, @new), StringComparison.Ordinal);
    }

    // Its rows lie in two files: as long as one of them has some, the item is there.
    [Fact]
    public void An_item_of_two_files_is_gone_when_both_were_replaced()
    {
        var first = Place("first.parquet", Rows[0], Rows[1]);
        var second = Place("second.parquet", Rows[2], Rows[5]);
        _world.Say(ChoiceKind.Erasure, "ann");

        Assert.Equal((0, 1), (Replace(first, Write("first-new.parquet", Rows[1])) is var one)
            ? (one.Items, one.Left)
            : default);
        Assert.Equal([new PlacedRows(second, 1)], _world.Erase().Reach.PlacedFiles);
        Assert.Equal(1, Replace(second, Write("second-new.parquet", Rows[5])).Items);
        Assert.True(_world.Erase().IsComplete);
        _world.RequireSound();
    }

    [Fact]
    public void What_is_restricted_has_to_stay_until_that_is_lifted()
    {
        var old = Place("old.parquet", Rows);
        _world.Say(ChoiceKind.Erasure, "ann");
        _world.Say(ChoiceKind.Restriction, "ann", "2025-02-01");
        Assert.Contains(
            "expected item:facebook:1, which nothing erases",
            Refused(old, Write("new.parquet", Rows[1], Rows[5])), StringComparison.Ordinal);
    }

    private string Write(string name, params string[] rows) => _world.Content.Parquet(
        name, $"FROM (VALUES {string.Join(", ", rows)}) AS v(id, who, said, seen, tagged)");

    private string Place(string name, params string[] rows)
    {
        var file = Write(name, rows);
        _world.Content.Import(file, mapping: Mapped, inPlace: true);
        return file;
    }

    private RewriteOutcome Replace(string old, string @new) =>
        Erasures.Replace(_world.Workspace, Rewrite.Of(old, @new), Small, _world.Content.Clock);

    private string Refused(string old, string @new) =>
        Assert.Throws<AvalException>(() => Replace(old, @new)).Message;

    private string Files() => string.Join('\n', Directory.EnumerateFiles(
        _world.Workspace.Content, "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
}
