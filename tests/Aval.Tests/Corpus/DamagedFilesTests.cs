using Aval.Corpus;
using Aval.Storage;

namespace Aval.Tests.Corpus;

/// <summary>What stands beside releases and is damaged is said to be, in whatever way it is.</summary>
public sealed class DamagedFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"at":null}""")]
    [InlineData("""{"at":7}""")]
    [InlineData("""{"at":"yesterday"}""")]
    public void A_dropped_release_is_not_taken_for_one_that_is_retained(string text)
    {
        Durable.Replace(_folder.File(DroppedRelease.FileName), text);
        var thrown = Assert.Throws<AvalException>(() => DroppedRelease.Of(_folder.Path));
        Assert.Equal(ExitCode.BadInput, thrown.Exit);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"release":null,"at":"2026-01-01T00:00:00.000000Z"}""")]
    [InlineData("""{"release":["a"],"at":"2026-01-01T00:00:00.000000Z"}""")]
    [InlineData("""{"release":"a","at":null}""")]
    [InlineData("""{"release":"a","at":"2026-13-01T00:00:00.000000Z"}""")]
    public void A_withdrawal_that_cannot_be_read_is_not_none(string line)
    {
        Durable.AppendLine(_folder.File(Withdrawal.FileName), line);
        var thrown = Assert.Throws<AvalException>(() => Withdrawal.All(_folder.Path));
        Assert.Equal(ExitCode.BadInput, thrown.Exit);
        Assert.Contains("line 1", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"at":null,"withdrawn":[],"release":"b"}""")]
    [InlineData("""{"at":"2026-01-01T00:00:00.000000Z","release":"b"}""")]
    [InlineData("""{"at":"2026-01-01T00:00:00.000000Z","withdrawn":[null],"release":"b"}""")]
    public void What_a_recall_withdrew_is_read_whole_or_not_at_all(string text)
    {
        Durable.Replace(_folder.File(Withdrawal.RecallFile), text);
        var thrown = Assert.Throws<AvalException>(() => Withdrawal.By(_folder.Path));
        Assert.Equal(ExitCode.BadInput, thrown.Exit);
    }
}
