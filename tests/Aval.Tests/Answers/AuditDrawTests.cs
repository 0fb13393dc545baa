using System.Text;
using Aval.Answers;

namespace Aval.Tests.Answers;

/// <summary>Which rows are drawn, and what a sample bounds: held against what other programs and hands
/// computed.</summary>
public sealed class AuditDrawTests
{
    private static readonly Hash Seed = Hash.Of(Encoding.ASCII.GetBytes("a seed"));

    /// <summary>Drawn by ten lines of Python after the description in docs/formats/audit-sample.md.</summary>
    [Theory]
    [InlineData("admitted", 1000, 8, new long[] { 574, 981, 152, 974, 24, 990, 329, 548 })]
    [InlineData("excluded", 7, 7, new long[] { 6, 3, 4, 0, 2, 1, 5 })]
    [InlineData("admitted", 100_000_000_000, 3, new long[] { 19581315574, 51135035981, 23491363152 })]
    public void Another_program_draws_the_same(string stratum, long population, int size, long[] drawn) =>
        Assert.Equal(drawn, AuditDraw.Places(Seed, stratum, population, size));

    [Fact]
    public void A_smaller_sample_is_the_beginning_of_a_larger_one_and_no_place_is_drawn_twice()
    {
        var many = AuditDraw.Places(Seed, "admitted", 5_000, 4_999);
        Assert.Equal(4_999, many.Distinct().Count());
        Assert.All(many, place => Assert.InRange(place, 0, 4_999));
        Assert.Equal(many.Take(10), AuditDraw.Places(Seed, "admitted", 5_000, 10));
        Assert.NotEqual(many.Take(10), AuditDraw.Places(Hash.Of([1]), "admitted", 5_000, 10));
        Assert.NotEqual(many.Take(10), AuditDraw.Places(Seed, "excluded", 5_000, 10));
        Assert.Empty(AuditDraw.Places(Seed, "admitted", 0, 10));
        Assert.Equal([0, 1, 2], AuditDraw.Places(Seed, "admitted", 3, 10).Order());
    }

    /// <summary>
    /// Of 10 with 5 drawn and none wrong: were W wrong, none is drawn with the chance C(10−W, 5) / C(10, 5), which is
    /// 126, 56, 21 and 6 of 252 for W = 1 to 4: 3 are likelier than 5 %, 4 are not. The others likewise, with whole
    /// numbers; of 10¹¹ it is 1 − 0.05^(1/300) = 0.0099361 of all (Clopper and Pearson), where three in 300 would say
    /// 0.01.
    /// </summary>
    [Theory]
    [InlineData(10, 5, 0, 3)]
    [InlineData(10, 5, 1, 5)]
    [InlineData(12, 10, 1, 2)]
    [InlineData(100, 20, 0, 12)]
    [InlineData(100, 20, 2, 26)]
    [InlineData(1_000, 300, 0, 8)]
    [InlineData(1_000, 300, 3, 23)]
    [InlineData(1_000_000, 300, 0, 9_934)]
    [InlineData(1_000_000, 300, 1, 15_712)]
    [InlineData(1_000_000, 300, 5, 34_719)]
    [InlineData(50, 49, 0, 0)]
    [InlineData(10, 10, 3, 3)]
    [InlineData(10, 10, 10, 10)]
    [InlineData(1, 1, 0, 0)]
    public void A_sample_bounds_what_was_computed_by_hand(long population, int drawn, int wrong, long most) =>
        Assert.Equal(most, AuditBound.AtMost(population, drawn, wrong));

    [Fact]
    public void In_a_large_population_the_bound_is_that_of_Clopper_and_Pearson()
    {
        Assert.Equal(1 - Math.Pow(0.05, 1.0 / 300), AuditBound.AtMost(100_000_000_000, 300, 0) / 1e11, 1e-9);
        // The 95 % quantile of Beta(3, 298).
        Assert.Equal(0.02083623, AuditBound.AtMost(100_000_000_000, 300, 2) / 1e11, 1e-8);
    }

    [Theory]
    [InlineData(10, 5, 0, 1, 0.5)]
    [InlineData(10, 5, 1, 5, 0.103174603174603)]
    [InlineData(10, 5, 1, 7, 0)]
    [InlineData(10, 5, 5, 7, 1)]
    public void The_chance_of_so_few_is_the_hypergeometric_one(
        long population, int drawn, int found, long wrong, double chance) =>
        Assert.Equal(chance, AuditBound.SoFew(population, drawn, found, wrong), 1e-12);

    [Theory]
    [InlineData(17, 16, false)] // It says no more than the release's own entry.
    [InlineData(18, 16, true)]
    [InlineData(3, 16, false)]
    public void A_checkpoint_is_later_when_it_covers_something_after_the_release(
        long size, long entry, bool isLater) => Assert.Equal(
            isLater ? SeedOrigin.LaterCheckpoint : SeedOrigin.EarlierCheckpoint,
            AuditDraw.OriginOf(new Checkpoint("a/b", new TreeSize(size), Seed), new EntryIndex(entry)));
}
