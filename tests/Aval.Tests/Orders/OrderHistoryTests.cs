using Aval.Orders;
using Aval.Policies;
using Aval.Tests.ContentStore;
using Aval.Tests.Texts;
using CsCheck;

namespace Aval.Tests.Orders;

/// <summary>
/// Random orders, served and lifted in any order, against an oracle that knows nothing of entries, texts or scopes but
/// the sentence "stopped while an order that names the policy, the corpus, one of its services or countries, or
/// nothing, is in force".
/// </summary>
public sealed class OrderHistoryTests : IDisposable
{
    private static readonly string[] Names = ["test", "other", "facebook", "instagram", "whatsapp", "AT", "FR"];

    private static readonly Policy European = PostedWorld.Policy("id: residence, admit: [AT, DE], unknown: exclude");

    private static readonly Policy Everybodys = PostedWorld.Policy();

    private static readonly Gen<Step> Steps = Gen.Select(
        Gen.Int[0, 3], Gen.Int[0, 40], Gen.Int[0, 40], Gen.Int[0, 127], Gen.Int[0, 9],
        (what, from, length, scope, which) => new Step(what == 0, from, length, scope, which));

    private readonly ContentWorld _world = new();

    public void Dispose() => _world.Dispose();

    private sealed record Step(bool IsLifting, int From, int Length, int Scope, int Which);

    // Served after a number of steps; null = not lifted, or until it is lifted.
    private sealed record Known(int Served, int From, int? Until, IReadOnlySet<string> Scope, ServedOrder Order)
    {
        public int? Lifted { get; set; }
    }

    [Fact]
    public void What_is_stopped_is_what_an_oracle_says()
    {
        var file = 0;
        Steps.Array[1, 12].Sample(
            steps =>
            {
                // One workspace for all: what was served in an earlier round is lifted first.
                foreach (var one in OrderBook.Read(_world.Workspace).Where(one => one.Lifted is null))
                    OrderBook.Lift(_world.Workspace, one.Index, "over", _world.Clock);
                var (known, last) = (new List<Known>(), -1L);
                for (var at = 0; at < steps.Length; at++)
                {
                    if (!steps[at].IsLifting)
                        known.Add(Serve(steps[at], at, ++file));
                    else if (known.Count > 0 && known[steps[at].Which % known.Count] is { Lifted: null } one)
                    {
                        OrderBook.Lift(_world.Workspace, one.Order.Index, "so", _world.Clock);
                        one.Lifted = at;
                    }

                    // As the ledger is now is how a replay of now finds it, whatever is entered after it.
                    var now = new TreeSize(1 + OrderBook.Read(_world.Workspace).SelectMany(one =>
                        (long[])[one.Index.Value, one.Lifted?.Index.Value ?? 0]).DefaultIfEmpty(last).Max());
                    last = now.Value - 1;
                    _states.Add((known, at, now));
                }

                foreach (var (entered, at, size) in _states)
                    Agree(entered, at, OrderBook.Read(_world.Workspace, size));
                _states.Clear();
            },
            iter: 15, threads: 1, seed: "0000KeMRe8e2");
        Assert.True(file > 15);
    }

    private readonly List<(List<Known> Known, int At, TreeSize Size)> _states = [];

    private Known Serve(Step step, int at, int file)
    {
        var scope = Names.Where((_, bit) => (step.Scope & (1 << bit)) != 0).ToHashSet(StringComparer.Ordinal);
        // The greatest length stands for "until it is lifted".
        int? until = step.Length == 40 ? null : step.From + 1 + step.Length;
        var order = OrderWorld.Of($"{file}", OrderWorld.Stop(
            [.. scope.Where(name => name == "test")], [.. scope.Where(name => name == "other")],
            [.. scope.Where(name => name is "facebook" or "instagram" or "whatsapp")],
            [.. scope.Where(name => name is "AT" or "FR")]));
        var served = OrderBook.Serve(
            _world.Workspace, order with { From = Day(step.From), Until = until is { } end ? Day(end) : null },
            _world.Clock);
        return new Known(at, step.From, until, scope, served);
    }

    private static void Agree(IReadOnlyList<Known> known, int at, IReadOnlyList<ServedOrder> orders)
    {
        foreach (var day in new[] { 0, 7, 20, 41, 80 })
        {
            var inForce = orders.Where(order => order.IsInForce(Day(day))).ToArray();
            var due = known.Where(one => one.Served <= at && !(one.Lifted <= at)
                && one.From <= day && !(one.Until <= day)).ToArray();
            foreach (var (policy, corpus, countries) in new[]
            {
                (European, "mine", (string[])["AT"]), (European, "other", ["AT"]), (Everybodys, "mine", ["AT", "FR"]),
            })
            {
                string[] names = ["test", corpus, "facebook", "instagram", .. countries];
                Assert.Equal(
                    due.Any(one => one.Scope.Count == 0 || names.Any(one.Scope.Contains)),
                    OrderGate.Stopping(inForce, policy, corpus) is not null);
            }
        }
    }

    private static DateTimeOffset Day(int day) => OrderWorld.From.AddDays(day);
}
