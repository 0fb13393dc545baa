using Aval.Corpus;
using Aval.Runs;
using Aval.Storage;
using Aval.Tests.Authors;

namespace Aval.Tests.Runs;

/// <summary>The one place that says whether a release may be used at all.</summary>
public sealed class ReleaseGateTests : IDisposable
{
    private static readonly DateTimeOffset Then = Instant.Parse("2026-03-01T00:00:00Z", "then");
    private readonly BuiltRelease _built = new(authors: 2);

    public void Dispose() => _built.Dispose();

    [Fact]
    public void A_withdrawn_release_is_refused_and_its_successor_named()
    {
        var manifest = _built.Build().Manifest;
        ReleaseGate.Require(_built.Workspace, manifest, "Nothing was done.");

        new Withdrawal(manifest.Release, "test/20260201T000000Z-0123456789ab", Then).Record(Corpus());
        var refused = Assert.Throws<AvalException>(
            () => ReleaseGate.Require(_built.Workspace, manifest, "Nothing was exported."));
        Assert.Equal(ExitCode.Refused, refused.Exit);
        Assert.Contains("withdrawn on 2026-03-01T00:00:00.000000Z", refused.Message, StringComparison.Ordinal);
        Assert.Contains("successor: test/20260201T000000Z-0123456789ab", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was exported.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replay_only_release_is_refused()
    {
        // No build makes one any more: an older workspace may hold some.
        var manifest = _built.Build().Manifest with { ReplayOnly = true };
        var refused = Assert.Throws<AvalException>(
            () => ReleaseGate.Require(_built.Workspace, manifest, "Nothing was done."));
        Assert.Equal(ExitCode.Refused, refused.Exit);
        Assert.Contains("replay-only", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_withdrawals_that_cannot_be_read_lets_nothing_through()
    {
        var manifest = _built.Build().Manifest;
        new Withdrawal("20260101T000000Z-0123456789ab", null, Then).Record(Corpus());
        ReleaseGate.Require(_built.Workspace, manifest, "Nothing was done.");
        Durable.AppendLine(Path.Combine(Corpus(), Withdrawal.FileName), "{\"release\": 1}");
        var refused = Assert.Throws<AvalException>(
            () => ReleaseGate.Require(_built.Workspace, manifest, "Nothing was done."));
        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains("withdrawn.jsonl, line 2", refused.Message, StringComparison.Ordinal);
    }

    private string Corpus() => Path.Combine(_built.Workspace.Corpus, BuiltRelease.Corpus.Text);
}
