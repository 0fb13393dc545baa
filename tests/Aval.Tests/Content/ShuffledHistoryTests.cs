using System.Globalization;
using Aval.Content;
using Aval.Storage;
using CsCheck;

namespace Aval.Tests.ContentStore;

/// <summary>
/// The law of observations, stated a second time in the plainest way and held against the engine: whatever holds is a
/// function of the set of observations, whichever order and whichever batches brought them.
/// </summary>
public sealed class ShuffledHistoryTests
{
    private static readonly string[] Keys = ["x", "y", "z"];

    // Few instants, so that they tie. What rows and command lines state is never after the clock.
    private static readonly Gen<Row> ARow = Gen.Select(
        Gen.OneOf(Keys), Gen.Frequency((4, Says.Public), (2, Says.Friends), (1, Says.Deleted), (2, Says.Unreadable)),
        Gen.Frequency((2, (int?)null), (1, 0), (1, 1), (1, 2), (1, 3)),
        (key, says, at) => new Row(key, says, at));

    // Of few files, so that one comes again.
    private static readonly Gen<Import[]> AHistory =
        from files in ARow.Array[0, 3].Array[3]
        from imports in Gen.Select(
            Gen.OneOf(files), Gen.OneOf("a", "a", "b"), Gen.Bool, Gen.Frequency((3, (int?)null), (1, 1), (1, 2)),
            Gen.Int[3, 8],
            (rows, source, snapshot, stated, now) => new Import(rows, source, snapshot, stated, now)).Array[3, 6]
        select imports;

    [Fact]
    public void What_holds_depends_on_the_set_of_observations_alone() =>
        Gen.Select(AHistory, Gen.Int[0, 1_000_000]).Sample(
            (history, seed) =>
            {
                using var inOrder = new ContentWorld();
                using var shuffled = inOrder.Twin();
                foreach (var import in history)
                    Bring(inOrder, import);
                var other = history.SelectMany(Split).ToArray();
                new Random(seed).Shuffle(other);
                foreach (var import in other)
                    Bring(shuffled, import);
                foreach (var at in (int[])[1, 2, 4, 9])
                {
                    var (items, sha) = Read(inOrder, at);
                    Assert.Equal(Expected(history, at), items);
                    Assert.Equal(
                        (string.Join('\n', items), sha),
                        (string.Join('\n', Read(shuffled, at).Items), Read(shuffled, at).Sha));
                }
            },
            iter: 12,
            threads: 1);

    /// <summary>Of a snapshot the rows belong together; of anything else each may come alone.</summary>
    private static IEnumerable<Import> Split(Import import) =>
        import.Snapshot || import.Rows.Count < 2 ? [import] : import.Rows.Select(row => import with { Rows = [row] });

    private static void Bring(ContentWorld world, Import import)
    {
        world.Clock.Now = Hour(import.Now);
        world.Import(
            [world.Lines([.. import.Rows.Select(Line)])], source: import.Source, snapshot: import.Snapshot,
            observedAt: import.Stated is { } stated ? Hour(stated).ToText() : null);
    }

    private static string Line(Row row) => ContentWorld.Item(
        row.Key,
        ("audience",
            row.Says switch { Says.Friends => "\"friends\"", Says.Unreadable => "\"Friends\"", _ => "\"public\"" }),
        ("deleted", row.Says is Says.Deleted ? "true" : null),
        ("observed_at", row.At is { } at ? $"\"{Hour(at).ToText()}\"" : null));

    private static (IReadOnlyList<string> Items, string Sha) Read(ContentWorld world, int at)
    {
        using var engine = Engine.Open(
            world.Workspace.Temporary, new EngineLimits(1, 500_000_000), world.Workspace.ReadKey());
        var sha = ContentViews.Create(engine, world.Workspace, Hour(at)).Sha;
        return (engine.Query(
            "SELECT item_id || ' ' || audience || CASE WHEN deleted THEN ' deleted' ELSE '' END || CASE WHEN "
                + "unreadable THEN ' unreadable' ELSE '' END FROM items_now ORDER BY ALL",
            row => row.GetString(0)), sha);
    }

    /// <summary>docs/design.md, "Items", said again.</summary>
    private static List<string> Expected(IReadOnlyList<Import> history, int at)
    {
        var seen = history.SelectMany(Observed).Where(observation => observation.At <= at).ToList();
        var items = new List<string>();
        foreach (var key in Keys)
        {
            var own = seen.Where(observation => observation.Key == key).ToList();
            var read = own.Where(observation => observation.Says is not Says.Unreadable).ToList();
            if (read.Count == 0)
                continue;
            var last = read.Max(observation => observation.At);
            var says = read.Where(observation => observation.At == last).Max(observation => observation.Says);
            var gone = own.Select(observation => observation.Source).Distinct().Any(source =>
            {
                var snapshots = history
                    .Where(import => import.Snapshot && import.Source == source && SnapshotAt(import) <= at)
                    .ToList();
                return snapshots.Count > 0
                    && snapshots.Where(import => SnapshotAt(import) == snapshots.Max(SnapshotAt))
                        .Any(import => import.Rows.All(row => row.Key != key))
                    && own.Max(observation => observation.At) <= snapshots.Max(SnapshotAt);
            });
            var held = own.Any(observation => observation.Says is Says.Unreadable && observation.At >= last);
            items.Add($"{key} {(says is Says.Friends ? "friends" : "public")}"
                + $"{(gone || says is Says.Deleted ? " deleted" : "")}{(held ? " unreadable" : "")}");
        }

        return items;
    }

    private static IEnumerable<Observation> Observed(Import import)
    {
        var rows = import.Rows
            .Select(row => new Observation(row.Key, row.Says, row.At ?? import.Stated ?? import.Now, import.Source))
            .ToList();
        return import.Snapshot
            ? rows.Concat(rows
                .Where(row => row.At < SnapshotAt(import)
                    && row.At == rows.Where(other => other.Key == row.Key).Max(other => other.At))
                .Select(row => row with { At = SnapshotAt(import) }))
            : rows;
    }

    private static int SnapshotAt(Import import) =>
        import.Stated
        ?? (import.Rows.Count == 0 || import.Rows.Any(row => row.At is null)
            ? import.Now
            : import.Rows.Max(row => row.At!.Value));

    private static DateTimeOffset Hour(int hour) => ContentWorld.Today.AddHours(hour);

    // In the order in which they protect.
    private enum Says
    {
        Public,
        Friends,
        Deleted,
        Unreadable,
    }

    private sealed record Row(string Key, Says Says, int? At);

    private sealed record Import(IReadOnlyList<Row> Rows, string Source, bool Snapshot, int? Stated, int Now)
    {
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"{Source}{(Snapshot ? " snapshot" : "")} stated {Stated} now {Now}: {string.Join(", ", Rows)}");
    }

    private sealed record Observation(string Key, Says Says, int At, string Source);
}
