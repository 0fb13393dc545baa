using Aval.Cases;
using Aval.Orders;
using Aval.Tests.ContentStore;

namespace Aval.Tests.Cases;

/// <summary>What was promised in a letter binds as a court's order does.</summary>
public sealed class UndertakingTests : IDisposable
{
    private readonly ContentWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void An_undertaking_is_an_order_by_the_controller_itself_and_is_served_once()
    {
        var served = Serve("No training.", UndertakingEffect.Stop, UndertakingEffect.Preserve);
        Assert.Equal(
            (OrderedBy.Self, "case notice-1, allegation 2", "2025-05-27T00:00:00.000000Z"),
            (served.Order.By, served.Order.File, served.Order.From.ToText()));
        Assert.Equal(["stop", "preserve"], served.Order.Effects.Select(effect => effect.Word));
        Assert.Single(OrderGate.InForce(_world.Workspace, ContentWorld.Today));
        // Killed before the answer was kept, and answered again.
        Assert.Equal(served.Index, Serve("No training.", UndertakingEffect.Stop, UndertakingEffect.Preserve).Index);
        Assert.Single(OrderBook.Read(_world.Workspace));
        // What was promised is not taken back by promising something else.
        Assert.Equal(ExitCode.Usage, Assert.Throws<AvalException>(
            () => Serve("Less of it.", UndertakingEffect.Preserve)).Exit);
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("report")]
    public void One_with_another_day_is_not_taken_for_the_one_before(string word)
    {
        var effect = word == "stop" ? UndertakingEffect.Stop : UndertakingEffect.Report;
        var served = Serve("It ends.", effect);
        var refused = Assert.Throws<AvalException>(() => ServeBy(new DateOnly(2025, 6, 27), "It ends.", effect));
        Assert.Equal(ExitCode.Usage, refused.Exit);
        Assert.Contains(served.Order.File, refused.Message, StringComparison.Ordinal);
        Assert.Single(OrderBook.Read(_world.Workspace));
    }

    [Fact]
    public void What_no_order_carries_out_is_not_undertaken()
    {
        var refused = Assert.Throws<AvalException>(
            () => Serve("It goes.", UndertakingEffect.Stop, UndertakingEffect.Delete));
        Assert.Contains("carries out delete", refused.Message, StringComparison.Ordinal);
        Assert.Empty(OrderBook.Read(_world.Workspace));
    }

    [Fact]
    public void What_is_to_be_reported_by_a_day_is_due_from_now_on()
    {
        var report = Assert.IsType<OrderEffect.Report>(
            Serve("How many objected.", UndertakingEffect.Report).Order.Effects.Single());
        Assert.Equal("2025-05-27T00:00:00.000000Z", report.By.ToText());
        Assert.Single(OrderGate.InForce(_world.Workspace, ContentWorld.Today));
    }

    private ServedOrder Serve(string text, params UndertakingEffect[] effects) =>
        ServeBy(new DateOnly(2025, 5, 27), text, effects);

    private ServedOrder ServeBy(DateOnly day, string text, params UndertakingEffect[] effects) => Undertakings.Serve(
        _world.Workspace, "notice-1",
        new AllegationAnswer(
            2, AnswerKind.Undertake, text, [], new Undertaking(text, day, effects, null), ContentWorld.Today),
        _world.Clock);
}
