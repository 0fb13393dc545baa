using Aval.Choices;
using Aval.Portal.Officer;

namespace Aval.Tests.Portal;

/// <summary>The platform's own counts beside the ledger's.</summary>
public sealed class PlatformCountsTests
{
    private static readonly DateOnly Day = new(2026, 3, 1);

    [Fact]
    public void What_differs_stands_first_and_what_the_file_leaves_out_is_told()
    {
        var beside = PlatformCounts.Beside(
            PlatformCounts.Read("date,channel,count\n2026-03-01,a,5\n2026-03-02,a,7\n", "f"),
            [
                new ChoiceCount(Day, ChoiceKind.Objection, "a", 3), new ChoiceCount(Day, ChoiceKind.Consent, "a", 2),
                new ChoiceCount(Day.AddDays(1), ChoiceKind.Objection, "a", 4),
                new ChoiceCount(Day, ChoiceKind.Objection, "b", 9),
                new ChoiceCount(Day.AddDays(2), ChoiceKind.Objection, "a", 9),
            ]);
        Assert.Equal([3, 0], beside.Select(one => one.Missing));
        var later = PlatformCounts.Beside(
            PlatformCounts.Read("date,channel,kind,count\n2026-03-01,a,objection,3\n", "f"),
            [new ChoiceCount(Day, ChoiceKind.Objection, "a", 3), new ChoiceCount(Day, ChoiceKind.Erasure, "a", 1)]);
        Assert.Equal(
            [(ChoiceKind.Erasure, null, 1L), (ChoiceKind.Objection, 3L, 3L)],
            later.Select(one => (one.Kind!.Value, one.Platform, one.Ledger)));
    }

    [Theory]
    [InlineData("day,channel,count\n", "line 1")]
    [InlineData("date,channel,count\n2026-02-30,a,1\n", "line 2")]
    [InlineData("date,channel,count\n2026-03-01,a,-1\n", "line 2")]
    [InlineData("date,channel,count\n2026-03-01,a\n", "line 2")]
    [InlineData("date,channel,kind,count\n2026-03-01,a,hate,1\n", "line 2")]
    [InlineData("date,channel,count\n2026-03-01,a,1\n2026-03-01,a,2\n", "line 2 has it too")]
    public void A_line_that_cannot_be_read_is_named(string file, string says) => Assert.Contains(
        says, Assert.Throws<AvalException>(() => PlatformCounts.Read(file, "counts.csv")).Message,
        StringComparison.Ordinal);
}
