using Aval.Content;
using Aval.Corpus;
using Aval.Storage;
using DuckDB.NET.Data;

namespace Aval.Tests.Storage;

/// <summary>The engine knows no function of ours: rooms hand theirs in.</summary>
public sealed class EngineTests : IDisposable
{
    private const string Bucket = "SELECT bucket_of('facebook:1', 16)";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_function_is_there_once_its_room_has_handed_it_in_and_in_forks_too()
    {
        using var engine = Open(new WorkspaceKey(new byte[WorkspaceKey.Size]));
        Assert.Throws<DuckDBException>(() => engine.Scalar<int>(Bucket));
        ContentFunctions.Provide(engine);
        ContentFunctions.Provide(engine);
        using var fork = engine.Fork();
        ContentFunctions.Provide(fork);
        RowKeys.Provide(fork);
        Assert.Equal(engine.Scalar<int>(Bucket), fork.Scalar<int>(Bucket));
        Assert.Equal(
            engine.Scalar<Guid>("SELECT row_key('facebook', '1')"),
            fork.Scalar<Guid>("SELECT row_key('facebook', '1')"));
    }

    /// <summary>With another allocator in the engine, this says that builds take longer and nobody is told.</summary>
    [Fact]
    public void The_allocator_keeps_what_was_freed()
    {
        using var engine = Open(null);
        Assert.True(EngineAllocator.KeepFreed());
    }

    /// <summary>
    /// Values of before: a label that is changed makes every release another one, and loses every suppression.
    /// </summary>
    [Fact]
    public void Keyed_values_stay_what_they_were()
    {
        using var engine = Open(new WorkspaceKey([.. Enumerable.Range(0, WorkspaceKey.Size).Select(at => (byte)at)]));
        ContentFunctions.Provide(engine);
        RowKeys.Provide(engine);
        Aval.Choices.SuppressionTokens.Provide(engine);
        string[] expected =
        [
            "1197", "aa1b427c-1e9c-55be-a2d9-aabbbd80acab", "ece43f3f-c809-a0d0-a5b2-f72da4b695a6",
            "3676919788812197612", "5947420401906524313",
            "4b37535b642403118bf888f9e1af4a588f0a0aadcefef2f9073a1b19daebe7b3",
            "89b37c7362efce47335830f2a9ebaba5fa6ef34214a915eea30d4e003844eca5",
        ];
        Assert.Equal(expected, engine.Scalar<string>("""
            SELECT concat_ws(' ', bucket_of('facebook:1', 4096), row_key('facebook', '1'), fingerprint('text'),
                observation_low('text'), observation_high('text'), account_token('facebook:1'),
                item_token('facebook', '1'))
            """).Split(' '));
    }

    [Fact]
    public void A_keyed_value_is_not_made_without_the_key()
    {
        using var engine = Open(null);
        Assert.Throws<InvalidOperationException>(() => ContentFunctions.Provide(engine));
    }

    private Engine Open(WorkspaceKey? key) => Engine.Open(_folder.Path, new EngineLimits(1, 100_000_000), key);
}
