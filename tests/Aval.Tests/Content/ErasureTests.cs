using Aval.Building;
using Aval.Choices;
using Aval.Choices.Stores;
using Aval.Policies;
using Aval.Recording;
using Aval.Storage;
using Aval.Text;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.ContentStore;

/// <summary>What an erasure took stays out by its identity. The erasure of these tests is of 1 May 2025.</summary>
public sealed class ErasureTests : IDisposable
{
    private static readonly Policy Erasures = EngineWorld.Policy(new Rule.Erasure("GDPR 17"));
    private readonly ContentWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void What_was_erased_stays_out_when_it_comes_back_under_a_later_date() =>
        Holds(Reason.Erased, Dated("2024-01-01", observed: "2024-06-01"), Dated("2025-08-01", observed: "2025-09-01"));

    [Fact]
    public void It_stays_out_in_whatever_order_its_versions_arrive() =>
        Holds(Reason.Erased, Dated("2025-08-01", observed: "2025-09-01"), Dated("2024-01-01", observed: "2024-06-01"));

    [Fact]
    public void It_stays_out_when_a_version_of_the_time_before_is_only_seen_after_the_erasure() =>
        Holds(Reason.Erased, Dated("2024-01-01", observed: "2025-08-01"), Dated("2025-08-01", observed: "2025-09-01"));

    [Fact]
    public void It_stays_out_when_it_comes_back_as_somebody_elses() =>
        Holds(Reason.Erased, Dated("2024-01-01", observed: "2024-06-01"), Dated(
            "2025-08-01", observed: "2025-09-01", author: "facebook:bea"));

    [Fact]
    public void It_stays_out_when_an_earlier_version_was_somebody_elses() =>
        Holds(Reason.Erased, Dated("2024-01-01", observed: "2024-06-01", author: "facebook:bea"), Dated(
            "2025-08-01", observed: "2025-09-01"));

    [Fact]
    public void It_stays_out_when_a_version_without_a_date_is_given_one() =>
        Holds(Reason.Erased, Dated(null, observed: "2025-08-01"), Dated("2025-08-01", observed: "2025-09-01"));

    [Fact]
    public void What_was_seen_before_the_erasure_was_there_whatever_date_it_bears() =>
        Holds(Reason.Erased, Dated("2025-06-01", observed: "2025-04-01"));

    [Fact]
    public void What_was_seen_before_the_erasure_was_there_whatever_dates_its_versions_bear() =>
        Holds(Reason.Erased, Dated("2025-06-01", observed: "2025-04-01"), Dated("2025-08-01", observed: "2025-09-01"));

    [Fact]
    public void What_is_new_since_the_erasure_is_admitted() =>
        Holds(null, Dated("2025-08-01", observed: "2025-09-01"));

    [Fact]
    public void What_is_new_since_the_erasure_is_admitted_in_a_later_version_too() =>
        Holds(null, Dated("2025-08-01", observed: "2025-09-01"), Dated("2025-08-02", observed: "2025-10-01"));

    [Fact]
    public void That_it_was_gone_for_a_while_says_nothing_of_when_it_was_written() => Holds(
        null,
        Dated("2025-08-01", observed: "2025-09-01"),
        Dated(null, observed: "2025-09-15", deleted: true),
        Dated("2025-08-01", observed: "2025-10-01"));

    [Fact]
    public void An_erasure_of_one_item_takes_it_by_its_identity_and_no_other()
    {
        Import(Dated("2024-01-01", observed: "2024-06-01"), Dated("2024-01-01", observed: "2024-06-01", id: "2"));
        Import(Dated("2025-08-01", observed: "2025-09-01", author: "facebook:bea"), Dated(
            "2025-08-01", observed: "2025-09-01", id: "2"));
        Erase("item:facebook:1");

        Assert.Equal([("1", Reason.Erased), ("2", null)], Decide());
        ForgetAll();
        Assert.Equal([("1", Reason.Erased), ("2", null)], Decide());
    }

    private static string Dated(
        string? created, string observed, string author = "facebook:ann", bool deleted = false, string id = "1") =>
        Item(
            id,
            ("author", $"\"{author}\""),
            ("text", $"\"of {created}\""),
            ("created_at", created is null ? null : $"\"{created}T00:00:00Z\""),
            ("observed_at", $"\"{observed}T00:00:00Z\""),
            ("deleted", deleted ? "true" : null));

    // Each version in an import of its own; once with the erasure on record, once with it forgotten.
    private void Holds(Reason? expected, params IReadOnlyList<string> versions)
    {
        foreach (var version in versions)
            Import(version);
        Erase("everything");

        Assert.Equal([("1", expected)], Decide());
        ForgetAll();
        Assert.Equal([("1", expected)], Decide());
    }

    private void Import(params string[] lines) => _world.Import(_world.Lines(lines));

    private void Erase(string scope)
    {
        var at = Time("2025-05-01T00:00:00Z");
        Recorder.RecordOnce(_world.Workspace, Today, new Choice(
            ChoiceKind.Erasure, Account.Parse("facebook:ann"), Purpose.TrainGenerativeAi,
            Scope.TryParse(scope, out var parsed) ? parsed : throw new ArgumentException(scope), at, at));
    }

    private void ForgetAll()
    {
        using var store = ChoiceStores.Open(_world.Workspace);
        var all = store.Read(store.Size).Select(recorded => recorded.Index).ToList();
        var plan = Forgettings.Plan(
            _world.Workspace, store, all, ForgettingReason.Request, Today);
        store.Forget(plan.Choices, plan.DecidedAt);
        Assert.Empty(store.Read(store.Size));
    }

    private List<(string, Reason?)> Decide()
    {
        using var engine = Engine.Open(
            _world.Workspace.Temporary, new EngineLimits(2, 1_000_000_000), _world.Workspace.ReadKey());
        Inputs.Load(engine, _world.Workspace, Today, atCheckpoint: null);
        Stances.Resolve(engine, Erasures.Purpose);
        var decisions = Treatments.Prepare(engine, Erasures, 4);
        return engine.Query(
            $"SELECT item_id, mask FROM ({decisions.Relation}) ORDER BY item_id",
            row => (row.GetString(0), decisions.First(row.GetInt64(1))?.Reason));
    }
}
