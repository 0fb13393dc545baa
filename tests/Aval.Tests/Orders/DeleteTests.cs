using Aval.Orders;
using Aval.Recall.Erasing;
using Aval.Runs;
using Aval.Tests.Erasing;
using static Aval.Tests.Erasing.ErasingWorld;

namespace Aval.Tests.Orders;

/// <summary>What an order deletes leaves the content and every release; where another one preserves it, nothing goes
/// until an officer has resolved which of the two gives way.</summary>
public sealed class DeleteTests : IDisposable
{
    private readonly ErasingWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void What_is_ordered_to_be_deleted_is_nowhere_and_everything_else_is_as_before()
    {
        _world.Import(Post("1", "ann"), Post("2", "bea"), Post("3", "ann"));
        var release = _world.Build();
        var order = Serve("1", Delete("ann"));
        var others = _world.Content.Query("FROM items_now WHERE author <> 'facebook:ann'");
        Assert.NotEmpty(_world.Search("1", "3"));

        var outcome = _world.Erase();

        Assert.True(outcome.IsComplete);
        var share = Assert.Single(outcome.Reach.Shares);
        Assert.Equal((order.Index, 2L, order.Citation), (share.Choice, share.Items, share.Order));
        Assert.Equal($"test/{release.Manifest.Release}", Assert.Single(outcome.Releases).Release);
        Assert.Empty(_world.Search("1", "3"));
        Assert.Equal(others, _world.Content.Query("FROM items_now"));
        _world.RequireSound();
        Assert.Equal(0, _world.Erase().Reach.Items);
    }

    [Fact]
    public void Of_an_item_that_two_accounts_were_said_to_have_written_either_on_the_list_deletes_it()
    {
        _world.Import(Post("1", "ann"), Post("2", "bea"));
        _world.Import(Post("1", "bea", observed: "2024-06-02"));
        Serve("1", Delete("ann"));

        var outcome = _world.Erase();

        Assert.Equal((1, true), (outcome.Reach.Items, outcome.IsComplete));
        Assert.Empty(_world.Search("1"));
        Assert.NotEmpty(_world.Search("2"));
    }

    [Fact]
    public void What_an_order_suspends_stays_suspended_when_an_erasure_makes_it_again()
    {
        _world.Import(Post("1", "ann"), Post("2", "bea"), Post("3", "cid"));
        var release = _world.Build().Manifest.Release;
        var order = Serve("1", new OrderEffect.SuspendRelease([$"test/{release}"]));
        foreach (var person in new[] { "ann", "bea" })
        {
            _world.Say(ChoiceKind.Erasure, person);
            var made = Assert.Single(_world.Erase().Releases).Successor;
            Assert.NotNull(made);

            var refused = Assert.Throws<AvalException>(() => VerifiedRelease.Require(
                _world.Workspace, made, "Nothing was started.", _world.Content.Clock.Now));

            Assert.Equal(ExitCode.Refused, refused.Exit);
            Assert.Contains(order.Citation, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_order_that_preserves_stands_against_it_until_an_officer_resolves_which_gives_way()
    {
        _world.Import(Post("1", "ann"), Post("2", "bea"), Post("3", "cid"));
        _world.Say(ChoiceKind.Erasure, "bea");
        var preserve = Serve("1", new OrderEffect.Preserve());
        var delete = Serve("2", Delete("ann"));

        var refused = Assert.Throws<AvalException>(() => _world.Erase());
        Assert.Equal(ExitCode.Refused, refused.Exit);
        Assert.Contains("file 1", refused.Message, StringComparison.Ordinal);
        Assert.Contains("file 2", refused.Message, StringComparison.Ordinal);
        Assert.Contains(
            $"aval order resolve {preserve.Index} --yields-to {delete.Index}", refused.Message,
            StringComparison.Ordinal);
        Assert.NotEmpty(_world.Search("1"));

        OrderBook.Resolve(
            _world.Workspace, preserve.Index, delete.Index, "the court agrees", _world.Content.Clock);
        var outcome = _world.Erase();
        Assert.Equal((1, 0), (outcome.Reach.Items, outcome.Forgotten));
        Assert.False(outcome.IsComplete);
        Assert.Empty(_world.Search("1"));
        Assert.NotEmpty(_world.Search("2"));
        Assert.NotEmpty(_world.Search("3"));

        // What bea asked for is due still, and is done once nothing preserves it.
        OrderBook.Lift(_world.Workspace, preserve.Index, "over", _world.Content.Clock);
        Assert.Equal(1, _world.Erase().Reach.Items);
        Assert.Empty(_world.Search("2"));
        Assert.NotEmpty(_world.Search("3"));
    }

    [Fact]
    public void An_order_to_delete_makes_a_run_due_as_an_erasure_does()
    {
        _world.Import(Post("1", "ann"));
        var clock = _world.Content.Clock;
        Assert.Null(ErasureClock.Read(_world.Workspace).Next);
        var order = Serve("1", Delete("ann"));
        var waiting = ErasureClock.Read(_world.Workspace);
        var one = Assert.Single(waiting.Ordered);
        Assert.Equal((order.Index, clock.Now, clock.Now.AddDays(1)), (one.Order.Index, one.Since, one.Due));
        Assert.True(waiting.IsDue(clock.Now));
        Assert.Null(waiting.Warning(one.Due));
        Assert.Contains(
            $"OVERDUE: {order.Citation}", waiting.Warning(one.Due.AddHours(1)), StringComparison.Ordinal);

        clock.Now += TimeSpan.FromHours(1);
        Assert.True(_world.Erase().IsComplete);
        var after = ErasureClock.Read(_world.Workspace);
        // What it deletes may be brought again, so it is looked for again.
        Assert.Empty(after.Ordered);
        Assert.Equal(clock.Now.AddDays(1), after.Next);
    }

    [Fact]
    public void An_order_to_preserve_that_comes_while_an_erasure_runs_keeps_what_is_not_destroyed_yet()
    {
        _world.Import(Post("1", "ann"), Post("2", "bea"));
        var release = _world.Build();
        _world.Say(ChoiceKind.Erasure, "ann");

        var first = Preserving("1", "content", out var refused);
        Assert.Contains("Nothing was destroyed", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, _world.Content.Query("FROM items_now").Count);
        OrderBook.Lift(_world.Workspace, first, "over", _world.Content.Clock);

        var second = Preserving("2", "test: load", out refused);
        Assert.Contains("while it was under way", refused.Message, StringComparison.Ordinal);
        Assert.Contains(TextOf("1"), _world.Rows(release.Directory));
        OrderBook.Lift(_world.Workspace, second, "over", _world.Content.Clock);

        Assert.True(_world.Erase().IsComplete);
        Assert.Empty(_world.Search("1"));
        Assert.NotEmpty(_world.Search("2"));
        _world.RequireSound();
    }

    [Fact]
    public void What_is_not_known_to_fall_under_it_stays_and_enters_no_release()
    {
        _world.Import(Post("1", "ann"));
        Serve("1", new OrderEffect.Delete([], [], ["AT"], null, null, []));
        Assert.Equal(0, _world.Erase().Reach.Items);
        Assert.NotEmpty(_world.Search("1"));
        Assert.Equal(0, _world.Build(asOf: "2026-01-15T12:00:00Z").Manifest.Admitted);
    }

    [Fact]
    public void Only_an_order_to_preserve_gives_way_and_only_to_one_to_delete()
    {
        var (preserve, delete) = (Serve("1", new OrderEffect.Preserve()), Serve("2", Delete("ann")));
        AvalException Refused(ServedOrder one, ServedOrder other) => Assert.Throws<AvalException>(() =>
            OrderBook.Resolve(_world.Workspace, one.Index, other.Index, "so", _world.Content.Clock));
        Assert.Equal(ExitCode.Usage, Refused(delete, preserve).Exit);
        Assert.Equal(ExitCode.Usage, Refused(preserve, preserve).Exit);
        OrderBook.Resolve(_world.Workspace, preserve.Index, delete.Index, "so", _world.Content.Clock);
        Assert.Contains("already", Refused(preserve, delete).Message, StringComparison.Ordinal);
    }

    // Serves an order when a run comes to a stage.
    private EntryIndex Preserving(string file, string stage, out AvalException refused)
    {
        EntryIndex? served = null;
        refused = Assert.Throws<AvalException>(() => Erasures.CarryOut(
            _world.Workspace, new ErasureOptions(Small, IsDry: false, Corpus: null), _world.Content.Clock,
            (now, _) =>
            {
                if (now == stage && served is null)
                    served = Serve(file, new OrderEffect.Preserve()).Index;
            }));
        Assert.Equal(ExitCode.Refused, refused.Exit);
        Assert.Contains($"file {file}", refused.Message, StringComparison.Ordinal);
        return served!.Value;
    }

    private OrderEffect.Delete Delete(string author) => new(
        [], [], [], null, null,
        [AuthorList.HashOf(AuthorList.Key(_world.Workspace.ReadKey()), $"facebook:{author}")]);

    private ServedOrder Serve(string file, OrderEffect effect) =>
        OrderBook.Serve(_world.Workspace, OrderWorld.Of(file, effect), _world.Content.Clock);
}
