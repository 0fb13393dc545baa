using System.Globalization;
using Aval.Building;
using Aval.Choices;
using Aval.Choices.Stores;
using Aval.Decisions;
using Aval.Ledger;
using Aval.Policies;
using Aval.Recording;
using Aval.Storage;
using Aval.Tests.ContentStore;
using Aval.Text;

namespace Aval.Tests.Histories;

/// <summary>
/// What platforms and people said, in any order: imports shuffled, choices shuffled, some of them forgotten, the
/// workspace restored from a copy. The decisions depend on the set of observations and choices alone.
/// </summary>
public sealed class AnyOrderTests
{
    private static readonly int[] AsOf = [6, 13, 30];
    private static readonly Policy OptOut = PolicyReader.Read(PolicyReader.Find("opt-out"));

    [Fact]
    public void The_decisions_depend_on_the_set_of_observations_and_choices_alone()
    {
        var histories = Environment.GetEnvironmentVariable("AVAL_LONG") == "1" ? 200 : 12;
        var seen = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var forgotten = 0;
        for (var seed = 1; seed <= histories; seed++)
        {
            var history = History.Of(new Random(seed));
            using var told = new ContentWorld();
            foreach (var act in history)
                act.Do(told);
            var expected = Decided(told.Workspace);

            using var shuffled = told.Twin();
            foreach (var act in Shuffled(history, new Random(seed * 31)))
                act.Do(shuffled);
            Same(expected, Decided(shuffled.Workspace), $"history {seed} in another order");

            forgotten += Forget(shuffled, new Random(seed * 37));
            Same(expected, Decided(shuffled.Workspace), $"history {seed}, in another order and partly forgotten");

            var copy = shuffled.File("restored");
            Copy(shuffled.Workspace.Root, copy);
            Same(expected, Decided(Workspace.Open(copy, copy)), $"history {seed}, restored from a copy");
            foreach (var decision in expected)
            {
                var reason = decision[(decision.LastIndexOf(' ') + 1)..];
                seen[reason] = seen.GetValueOrDefault(reason) + 1;
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            string.Join(", ", seen.Select(reason => $"{reason.Key} {reason.Value}"))
            + $"; {forgotten} choices forgotten");
        Assert.All(
            (string[])["admitted", "deleted-at-source", "erased", "not-public", "objected", "unreadable-update"],
            reason => Assert.True(seen.ContainsKey(reason), $"No history came to \"{reason}\"."));
        Assert.True(forgotten > histories, $"{forgotten} choices were forgotten: too few.");
    }

    private static void Same(IReadOnlyList<string> expected, IReadOnlyList<string> found, string what) =>
        Assert.True(
            expected.SequenceEqual(found),
            $"{what}:\n{string.Join('\n', expected.Except(found))}\nbecame\n"
                + $"{string.Join('\n', found.Except(expected))}");

    // A line an item and instant.
    private static List<string> Decided(Workspace workspace)
    {
        var decided = new List<string>();
        foreach (var day in AsOf)
        {
            using var engine = Engine.Open(workspace.Temporary, new EngineLimits(1, 500_000_000), workspace.ReadKey());
            var asOf = History.Day(day);
            Inputs.Load(engine, workspace, asOf, atCheckpoint: null);
            Stances.Resolve(engine, OptOut.Purpose);
            var decisions = Treatments.Prepare(engine, OptOut, workspace.Settings.Buckets);
            decided.AddRange(engine.Query(
                $"SELECT service, item_id, mask FROM ({decisions.Relation}) ORDER BY ALL",
                row => string.Create(
                    CultureInfo.InvariantCulture,
                    $"day {day} {row.GetString(0)}:{row.GetString(1)} {row.GetInt64(2)} "
                        + $"{Reason(decisions, row.GetInt64(2))}")));
        }

        return decided;
    }

    private static string Reason(ItemDecisions decisions, long mask) =>
        decisions.First(mask)?.Reason.ToText() ?? "admitted";

    private static int Forget(ContentWorld world, Random random)
    {
        var workspace = world.Workspace;
        var integrator = new Integrator(workspace, SigningKey.Read(workspace.SigningKeyFile));
        using var store = ChoiceStores.Open(workspace);
        var wanted = store.Read(store.Size).Where(_ => random.Next(2) == 0).Select(recorded => recorded.Index).ToList();
        var plan = Forgettings.Plan(
            workspace, store, wanted, ForgettingReason.Request,
            world.Clock.Now.AddYears(1));
        if (plan.Choices.Count == 0)
            return 0;
        Recorder.PublishRecorded(integrator, store, store.Forget(plan.Choices, plan.DecidedAt), null);
        return plan.Choices.Count;
    }

    private static Act[] Shuffled(IEnumerable<Act> acts, Random random)
    {
        var order = acts.ToArray();
        random.Shuffle(order);
        return order;
    }

    private static void Copy(string from, string to)
    {
        foreach (var directory in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories).Prepend(from))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, directory)));
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }
}
