using System.Globalization;
using Aval.Orders;

namespace Aval.Cases;

/// <summary>
/// What a controller undertakes in answer to an allegation becomes an order by itself, in the ledger: whoever breaks it
/// meets the gate that stops for a court's, and so does whoever did not hear of the letter.
/// </summary>
internal static class Undertakings
{
    /// <summary>What orders do, of what an undertaking may.</summary>
    private static readonly UndertakingEffect[] CarriedOut =
        [UndertakingEffect.Stop, UndertakingEffect.Preserve, UndertakingEffect.Report];

    /// <summary>
    /// Serves the order of an undertaking; where the same one is in the ledger already, because whoever answered was
    /// killed before the answer was kept, that one.
    /// </summary>
    /// <param name="workspace">Of the controller that undertakes.</param>
    /// <param name="name">The case.</param>
    /// <param name="answer">An answer that undertakes.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="AvalException">Usage: an effect that no order has, or another undertaking to this allegation
    /// binds still. Nothing was recorded.</exception>
    public static ServedOrder Serve(Workspace workspace, string name, AllegationAnswer answer, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(clock);
        var order = Of(workspace, name, answer, clock.UtcNow());
        return OrderBook.Read(workspace).FirstOrDefault(one => one.Lifted is null
                && one.Order.By == OrderedBy.Self && one.Order.Name == order.Name && one.Order.File == order.File
                && one.Order.Text == order.Text && IsSame(one.Order, order))
            ?? OrderBook.Serve(workspace, order, clock);
    }

    // A report binds from when it was undertaken, whatever the day by which it is made: that day is compared instead.
    private static bool IsSame(Order one, Order other)
    {
        static IEnumerable<(string Word, DateTimeOffset? By)> Does(Order order) =>
            order.Effects.Select(effect => (effect.Word, (effect as OrderEffect.Report)?.By));
        return Does(one).SequenceEqual(Does(other))
            && (one.From == other.From || other.Effects.All(effect => effect is OrderEffect.Report));
    }

    private static Order Of(Workspace workspace, string name, AllegationAnswer answer, DateTimeOffset now)
    {
        var undertaking = answer.Undertaking
            ?? throw new InvalidOperationException("The answer undertakes nothing, and nobody asked.");
        var without = undertaking.Effects.Except(CarriedOut).ToArray();
        if (without.Length > 0)
            throw AvalException.Usage($"No order carries out {Aval.Requests.RequestWords.Kebab(without[0])} by itself, "
                + "so an undertaking of it would bind nobody. Nothing was recorded. Undertake one of stop, preserve, "
                + "report; what concerns releases or policies is an order of its own: aval order serve FILE");
        var by = new DateTimeOffset(undertaking.By, TimeOnly.MinValue, TimeSpan.Zero);
        // What is to be done by a day binds from now on, what is to be left from that day on.
        var from = undertaking.Effects.All(effect => effect == UndertakingEffect.Report) ? now : by;
        return new Order(
            OrderedBy.Self, workspace.Settings.Controller,
            string.Create(CultureInfo.InvariantCulture, $"case {name}, allegation {answer.Allegation}"), null, from,
            null, undertaking.Text, [.. undertaking.Effects.Select(effect => (OrderEffect)(effect switch
            {
                UndertakingEffect.Stop => new OrderEffect.Stop([], [], [], []),
                UndertakingEffect.Preserve => new OrderEffect.Preserve(),
                _ => new OrderEffect.Report(undertaking.Text, by),
            }))]);
    }
}
