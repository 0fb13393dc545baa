using Aval.Building;
using Aval.Checking;
using Aval.Orders;
using Aval.Policies;
using Aval.Recall.Erasing;
using Aval.Runs;
using Aval.Storage;
using Aval.Tests.Authors;
using Aval.Tests.ContentStore;

namespace Aval.Tests.Orders;

/// <summary>What is ordered binds from its date on, and every refusal says by whom and where to read it.</summary>
public sealed class OrderGateTests : IDisposable
{
    private readonly BuiltRelease _built = new(authors: 2);
    private readonly StandingClock _clock = new(ContentWorld.Today);

    private Aval.Workspace Workspace => _built.Workspace;

    public void Dispose() => _built.Dispose();

    [Fact]
    public void A_stop_refuses_builds_exports_and_runs_until_it_is_lifted()
    {
        var release = Build().Manifest;
        var name = $"{release.Corpus}/{release.Release}";
        var served = OrderBook.Serve(Workspace, OrderWorld.Of("15 UKl 2/25", OrderWorld.Stop()), _clock);

        var refused = Assert.Throws<AvalException>(() => Build());
        Assert.Equal(ExitCode.Refused, refused.Exit);
        Assert.Contains("Fictional Court, file 15 UKl 2/25", refused.Message, StringComparison.Ordinal);
        Assert.Contains("2025-06-01", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"ledger entry {served.Index}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("No release was made.", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Refused, Refused(() => Verified(name)).Exit);
        Assert.Contains("file 15 UKl 2/25", Refused(() => RunGate.Require(
            Workspace, name, ContentWorld.Today, new EngineLimits(1, 500_000_000))).Message, StringComparison.Ordinal);

        var lifted = OrderBook.Lift(Workspace, served.Index, "The court, on 3 July", _clock);
        Assert.Equal("The court, on 3 July", lifted.Lifted!.Because);
        Assert.True(Build().Existed);
        Assert.Equal(release.Release, Verified(name).Manifest.Release);
    }

    [Fact]
    public void An_order_binds_from_its_date_to_its_date()
    {
        OrderBook.Serve(
            Workspace,
            OrderWorld.Of("1", OrderWorld.Stop()) with { Until = ContentWorld.Today },
            _clock);
        Assert.Empty(OrderGate.InForce(Workspace, OrderWorld.From.AddTicks(-1)));
        Assert.Single(OrderGate.InForce(Workspace, OrderWorld.From));
        Assert.Single(OrderGate.InForce(Workspace, ContentWorld.Today.AddTicks(-1)));
        Assert.Empty(OrderGate.InForce(Workspace, ContentWorld.Today));
    }

    [Fact]
    public void A_clock_that_was_set_back_unsays_no_order()
    {
        var policy = PolicyReader.Parse(BuiltRelease.AdmitsAll, "test.yaml");
        OrderBook.Serve(Workspace, OrderWorld.Of("1", OrderWorld.Stop()), _clock);
        var before = OrderWorld.From.AddYears(-1);
        Assert.Empty(OrderGate.InForce(Workspace, before));
        Assert.Equal(
            ExitCode.Refused,
            Refused(() => OrderGate.RequireBuild(Workspace, policy, "test", before)).Exit);
    }

    [Fact]
    public void A_clock_that_was_ahead_once_ends_no_order()
    {
        var policy = PolicyReader.Parse(BuiltRelease.AdmitsAll, "test.yaml");
        var end = ContentWorld.Today.AddYears(1);
        OrderBook.Serve(Workspace, OrderWorld.Of("1", OrderWorld.Stop()) with { Until = end }, _clock);
        _clock.Now = ContentWorld.Today.AddYears(4);
        OrderBook.Serve(Workspace, OrderWorld.Of("2", new OrderEffect.Report("how many", end)), _clock);

        // The clock is right again, and it is a year until the first one ends.
        Assert.Contains("file 1", Refused(
            () => OrderGate.RequireBuild(Workspace, policy, "test", ContentWorld.Today)).Message,
            StringComparison.Ordinal);
        OrderGate.RequireBuild(Workspace, policy, "test", end);
    }

    [Fact]
    public void A_suspended_release_is_refused_and_another_is_not()
    {
        var release = Build().Manifest;
        var name = $"{release.Corpus}/{release.Release}";
        OrderBook.Serve(Workspace, OrderWorld.Of("1", new OrderEffect.SuspendRelease(["test/another"])), _clock);
        Verified(name);
        OrderBook.Serve(Workspace, OrderWorld.Of("2", new OrderEffect.SuspendRelease([name])), _clock);
        Assert.Contains("file 2", Refused(() => Verified(name)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_preserved_is_not_erased_and_what_is_to_be_erased_stays_due()
    {
        Build();
        OrderBook.Serve(Workspace, OrderWorld.Of("1", new OrderEffect.Preserve()), _clock);
        var refused = Refused(() => Erasures.CarryOut(
            Workspace, new ErasureOptions(new EngineLimits(1, 500_000_000), IsDry: false, Corpus: null), _clock,
            (_, _) => { }));
        Assert.Equal(ExitCode.Refused, refused.Exit);
        Assert.Contains("stays due", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_order_whose_text_is_gone_or_changed_stops_everything_that_asks()
    {
        OrderBook.Serve(Workspace, OrderWorld.Of("1", OrderWorld.Stop(["another"])), _clock);
        Assert.Empty(OrdersCheck.Faults(Workspace));
        Build();
        var text = Directory.GetFiles(Path.Combine(Workspace.Ledger, "records")).Single();
        var kept = File.ReadAllBytes(text);
        ContentWorld.Put(text, [.. kept, 32]);
        Assert.Equal(ExitCode.BadInput, Refused(() => Build()).Exit);
        File.Delete(text);
        Assert.Contains("nobody can tell what it forbids", Refused(() => Build()).Message,
            StringComparison.Ordinal);
        Assert.Single(OrdersCheck.Faults(Workspace));
        ContentWorld.Put(text, kept);
        Assert.Empty(OrdersCheck.Faults(Workspace));
    }

    [Fact]
    public void One_order_is_served_once_and_lifted_once()
    {
        var order = OrderWorld.Of("1", OrderWorld.Stop(["another"]));
        var served = OrderBook.Serve(Workspace, order, _clock);
        Assert.Equal(ExitCode.Usage, Refused(() => OrderBook.Serve(Workspace, order, _clock)).Exit);
        OrderBook.Lift(Workspace, served.Index, "so", _clock);
        Assert.Equal(ExitCode.Usage, Refused(() => OrderBook.Lift(Workspace, served.Index, "so", _clock)).Exit);
        var nowhere = new EntryIndex(0x7fff);
        Assert.Equal(ExitCode.Usage, Refused(() => OrderBook.Lift(Workspace, nowhere, "so", _clock)).Exit);
        Assert.NotEqual(served.Index, OrderBook.Serve(Workspace, order, _clock).Index);
    }

    private BuildOutcome Build() => _built.Build(policy: PolicyReader.Parse(BuiltRelease.AdmitsAll, "test.yaml"));

    private VerifiedRelease Verified(string name) =>
        VerifiedRelease.Require(Workspace, name, "Nothing was exported.", ContentWorld.Today);

    private static AvalException Refused(Action action) => Assert.Throws<AvalException>(action);

    private static AvalException Refused(Func<object> action) => Assert.Throws<AvalException>(() => { _ = action(); });
}
