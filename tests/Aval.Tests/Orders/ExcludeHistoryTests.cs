using Aval.Answers;
using Aval.Content;
using Aval.Orders;
using Aval.Policies;
using Aval.Storage;
using Aval.Tests.Authors;
using Aval.Tests.ContentStore;
using CsCheck;

namespace Aval.Tests.Orders;

/// <summary>
/// Random orders that exclude items, served and lifted at random instants, and decisions as of random instants, against
/// an oracle that loops over items and orders and knows no SQL, mask or ground: an item is out while an order is in
/// force of which all that it names applies to the item, or may.
/// </summary>
public sealed class ExcludeHistoryTests : IDisposable
{
    private static readonly EngineLimits Small = new(1, 500_000_000);
    private static readonly Policy Everything = PolicyReader.Parse(BuiltRelease.AdmitsAll, "test.yaml");
    private static readonly string[] Services = ["facebook", "instagram"];
    private static readonly string[] Kinds = ["post", "comment"];
    private static readonly string?[] Countries = ["AT", "FR", null];

    private readonly ContentWorld _world = new();
    private readonly List<Posted> _posted = [];

    public ExcludeHistoryTests()
    {
        var accounts = new List<string>();
        for (var author = 0; author < 6; author++)
        {
            var (service, country) = (Services[author % 2], Countries[author % 3]);
            accounts.Add($$"""
                {"account": "{{service}}:{{author}}", "country": {{(country is null ? "null" : $"\"{country}\"")}},
                """.Trim() + """ "birth_year": 1980, "observed_at": "2024-01-01T00:00:00Z"}""");
            for (var number = 0; number < 4; number++)
            {
                int? day = number == 3 ? null : (7 * author) + (11 * number);
                _posted.Add(new Posted(
                    $"{author}-{number}", service, Kinds[number % 2], $"{service}:{author}", country, day));
            }
        }

        _world.Import(_world.Lines([.. accounts]), ContentKind.Accounts);
        _world.Import(_world.Lines([.. _posted.Select(item => ContentWorld.Item(
            item.Id, ("service", $"\"{item.Service}\""), ("kind", $"\"{item.Kind}\""),
            ("author", $"\"{item.Author}\""),
            ("created_at", item.Day is { } day ? $"\"{Day(day).ToText()}\"" : null),
            ("observed_at", $"\"{Day(60).ToText()}\"")))]));
    }

    public void Dispose() => _world.Dispose();

    private sealed record Posted(string Id, string Service, string Kind, string Author, string? Country, int? Day);

    private sealed record Step(int What, int Scope, int From, int Length, int Start, int Lasts);

    private sealed record Known(Step Step, int Served, EntryIndex Index)
    {
        public int? Lifted { get; set; }
    }

    private static readonly Gen<Step> Steps = Gen.Select(
        Gen.Int[0, 3], Gen.Int[1, 31], Gen.Int[0, 40], Gen.Int[1, 30], Gen.Int[60, 90], Gen.Int[1, 40],
        (what, scope, from, length, start, lasts) => new Step(what, scope, from, length, start, lasts));

    [Fact]
    public void What_is_out_is_what_an_oracle_says()
    {
        var (excluded, rounds) = (0, 0);
        Gen.Select(Steps.Array[1, 6], Gen.Int[60, 100].Array[3]).Sample(
            (steps, instants) =>
            {
                foreach (var one in OrderBook.Read(_world.Workspace).Where(one => one.Lifted is null))
                    OrderBook.Lift(_world.Workspace, one.Index, "over", _world.Clock);
                // Each round is a year of its own, so that orders of an earlier one are over.
                var year = 365 * ++rounds;
                var known = new List<Known>();
                for (var at = 0; at < steps.Length; at++)
                    Enter(known, steps[at], year, at, rounds);
                foreach (var instant in instants)
                    excluded += Agree(known, year, instant);
            },
            iter: 12, threads: 1, seed: "0000KeMRe8e2");
        Assert.True(excluded > 50);
    }

    private void Enter(List<Known> known, Step step, int year, int at, int round)
    {
        _world.Clock.Now = Day(year + 55 + (8 * at));
        if (step.What == 0 && known.FirstOrDefault(one => one.Lifted is null) is { } lifted)
        {
            OrderBook.Lift(_world.Workspace, lifted.Index, "so", _world.Clock);
            lifted.Lifted = 55 + (8 * at);
            return;
        }

        var key = AuthorList.Key(_world.Workspace.ReadKey());
        bool Has(int bit) => (step.Scope & (1 << bit)) != 0;
        var order = OrderWorld.Of($"{round}/{at}", new OrderEffect.Exclude(
            Has(0) ? ["instagram"] : [], Has(1) ? ["post"] : [], Has(2) ? ["AT"] : [],
            Has(3) ? Day(step.From) : null, Has(3) ? Day(step.From + step.Length) : null,
            Has(4)
                ? [AuthorList.HashOf(key, "facebook:0"), AuthorList.HashOf(key, "instagram:1"),
                    AuthorList.HashOf(key, "instagram:5")]
                : [])) with
        {
            From = Day(year + step.Start),
            Until = Day(year + step.Start + step.Lasts),
        };
        known.Add(new Known(step, 55 + (8 * at), OrderBook.Serve(_world.Workspace, order, _world.Clock).Index));
    }

    private int Agree(List<Known> known, int year, int instant)
    {
        using var engine = DecidedItems.Under(
            _world.Workspace, Everything, Day(year + instant), atCheckpoint: null, Small);
        var decided = engine.Query(
                "SELECT item_id, reason FROM decided JOIN masks USING (mask)",
                row => (Id: row.GetString(0), Reason: row.IsDBNull(1) ? null : row.GetString(1)))
            .ToDictionary(row => row.Id, row => row.Reason);
        var told = _posted.ToDictionary(
            item => item.Id,
            item => known.Any(one => IsInForce(one, instant) && Applies(one.Step, item)) ? "ordered" : null);
        Assert.Equal(told.OrderBy(one => one.Key), decided.OrderBy(one => one.Key));
        return told.Count(one => one.Value is not null);
    }

    private static bool IsInForce(Known one, int instant) =>
        one.Served <= instant && one.Step.Start <= instant && instant < one.Step.Start + one.Step.Lasts
            && !(one.Lifted <= instant);

    private static bool Applies(Step step, Posted item)
    {
        bool Has(int bit) => (step.Scope & (1 << bit)) != 0;
        return (!Has(0) || item.Service == "instagram")
            && (!Has(1) || item.Kind == "post")
            && (!Has(2) || item.Country is null or "AT")
            && (!Has(3) || item.Day is null || (item.Day >= step.From && item.Day < step.From + step.Length))
            && (!Has(4) || item.Author is "facebook:0" or "instagram:1" or "instagram:5");
    }

    private static DateTimeOffset Day(int day) => ContentWorld.Time("2025-06-01T00:00:00Z").AddDays(day);
}
