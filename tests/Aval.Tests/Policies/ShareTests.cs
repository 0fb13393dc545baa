using Aval.Policies;
using CsCheck;
using static Aval.Tests.EngineWorld;

namespace Aval.Tests.Policies;

/// <summary>A share of the people, drawn.</summary>
public sealed class ShareTests : IDisposable
{
    private const int People = 1_000;

    // As plans of studies name them: 0.05 % to all.
    private static readonly Ratio[] Shares =
    [
        new(5, 10_000), new(1, 100), new(2, 100), new(5, 100), new(7, 100), new(1, 10), new(2, 10), new(5, 10),
        new(9999, 10_000), new(1, 1),
    ];

    private readonly EngineWorld _world = new(Day("2025-12-01"));

    public ShareTests() => _world.Engine.Execute($"""
        INSERT INTO items_now (service, item_id, kind, author, audience, text, deleted)
        SELECT service, number::VARCHAR, 'post', service || ':' || number, 'public', 'words', false
        FROM range({People}) AS numbers(number), unnest(['facebook', 'instagram']) AS services(service);
        INSERT INTO account_versions (account, person)
        SELECT service || ':' || number, 'p' || number
        FROM range({People}) AS numbers(number), unnest(['facebook', 'instagram']) AS services(service);
        INSERT INTO accounts_now SELECT account, person, NULL, NULL, false FROM account_versions
        """);

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_smaller_share_is_within_a_larger_one_of_the_same_seed() =>
        Gen.Int[1, int.MaxValue].Sample(
            seed =>
            {
                var drawn = Shares.Select(share => Drawn(share, seed)).ToArray();
                foreach (var (less, more) in drawn.Zip(drawn.Skip(1)))
                    Assert.Subset(more, less);
                Assert.Equal(People, drawn[^1].Count);
            },
            iter: 5, threads: 1);

    [Fact]
    public void So_many_are_drawn_as_are_stated_but_for_chance_and_others_by_another_seed()
    {
        // Six standard deviations: one draw in a thousand million is further off.
        static double Spread(double share) => 6 * Math.Sqrt(People * share * (1 - share));
        foreach (var share in Shares)
        {
            var part = (double)share.Part / share.Whole;
            Assert.InRange(Drawn(share, 7).Count, (People * part) - Spread(part), (People * part) + Spread(part));
        }

        Assert.InRange(Drawn(new(1, 10), 7).Intersect(Drawn(new(1, 10), 8)).Count(), 0, 40);
    }

    [Fact]
    public void All_that_one_person_wrote_is_in_or_all_of_it_is_out()
    {
        var decided = _world.Decide(new Rule.Share(null, new(3, 10), DrawnOf.Persons, 7));

        Assert.All(
            decided.GroupBy(item => item.ItemId),
            person => Assert.Single(person.Select(item => item.Reason).Distinct()));
        Assert.Equal([Reason.NotDrawn], decided.Select(item => item.Reason).OfType<Reason>().Distinct());
    }

    private HashSet<string> Drawn(Ratio share, int seed) =>
        [.. _world.Decide(new Rule.Share(null, share, DrawnOf.Persons, seed))
            .Where(item => item.Reason is null).Select(item => item.ItemId)];
}
