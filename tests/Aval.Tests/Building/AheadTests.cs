using Aval.Answers;
using Aval.Building;
using Aval.Storage;
using Aval.Tests.ContentStore;

namespace Aval.Tests.Releases;

/// <summary>
/// A release is of an instant that the clock has reached, give or take a day; a comparison may look ahead, and says so.
/// </summary>
public sealed class AheadTests : IDisposable
{
    private static readonly EngineLimits Small = new(2, 1_000_000_000);
    private readonly ContentWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_release_ahead_of_the_clock_is_refused_and_a_day_is_no_ahead()
    {
        var refused = Assert.Throws<AvalException>(() => Build(ContentWorld.Today.AddDays(1).AddMicroseconds(1)));
        Assert.Equal(ExitCode.Refused, refused.Exit);
        Assert.Contains("2026-01-16T12:00:00.000001Z", refused.Message, StringComparison.Ordinal);
        Assert.Contains("2026-01-15T12:00:00.000000Z", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was built", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_world.Workspace.Corpus)
            && Directory.EnumerateFileSystemEntries(_world.Workspace.Corpus).Any());

        Assert.False(Build(ContentWorld.Today.AddDays(1)).Existed);
    }

    [Fact]
    public void A_comparison_may_look_ahead_and_its_page_says_so()
    {
        var then = ContentWorld.Today.AddYears(1);
        var comparison = Comparison.Of(_world.Workspace, EngineWorld.Policy(), EngineWorld.Policy(), then, null, Small);
        static string Page(Comparison compared) => ComparisonPage.Of(compared);

        Assert.DoesNotContain("looks ahead", Page(comparison), StringComparison.Ordinal);
        Assert.Contains(
            "This looks ahead: it is 2026-01-15T12:00:00.000000Z now, and until 2027-01-15T12:00:00.000000Z",
            Page(comparison with { AheadOf = ContentWorld.Today }), StringComparison.Ordinal);
    }

    private BuildOutcome Build(DateTimeOffset asOf) => Pipeline.Build(
        _world.Workspace,
        new BuildRequest(EngineWorld.Policy(), CorpusName.Parse("test"), asOf, null, Small) { Clock = _world.Clock },
        _ => { });
}
