using Aval.Building;
using Aval.Content;
using Aval.Leases;
using Aval.Policies;
using Aval.Storage;
using Aval.Tests.ContentStore;
using Aval.Tests.Texts;

namespace Aval.Tests.Releases;

/// <summary>Somebody writes over a file of content in the hours between its check and its last reading.</summary>
public sealed class SwappedContentTests : IDisposable
{
    private static readonly Policy Compares =
        PostedWorld.Policy("id: duplicates, keep: first");

    private readonly PostedWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_left_in_place_that_changes_while_it_is_built_makes_no_release(bool isSubmitted)
    {
        _world.PostInPlace(
            new Posted("1", "ann", "a long walk along the river before anybody else was up this morning"),
            new Posted("2", "ben", "a long walk along the river before anybody else was up this morning"));
        var file = Assert.Single(ImportLog.Read(_world.Workspace)).Files[0].Path;
        void Swap(BuildProgress progress)
        {
            if (progress is { Stage: "match" })
                ContentWorld.Put(file, File.ReadAllBytes(Other()));
        }

        var submitted = false;
        var refused = Assert.Throws<AvalException>(() =>
        {
            if (!isSubmitted)
                _world.Build(Compares, watch: Swap);
            else
                Pipeline.Submit(
                    _world.Workspace, PostedWorld.Request(Compares), _ =>
                    {
                        submitted = true;
                        return (Job[])[];
                    },
                    Swap);
        });

        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains("changed while this command read it", refused.Message, StringComparison.Ordinal);
        Assert.Contains(file, refused.Message, StringComparison.Ordinal);
        Assert.False(submitted);
        Assert.Empty(Directory.GetDirectories(Path.Combine(_world.Workspace.Corpus, "test")));
    }

    [Fact]
    public void A_file_of_content_that_changes_while_parts_are_made_makes_no_release()
    {
        _world.Post(new Posted("1", "ann", "a walk"), new Posted("2", "ben", "a swim"));
        var file = Directory.GetFiles(Path.Combine(_world.Workspace.Content, "items"), "*.parquet").Single();
        var bytes = File.ReadAllBytes(file);
        var refused = Assert.Throws<AvalException>(() => _world.Build(PostedWorld.Policy(), watch: progress =>
        {
            // When all parts are there: nobody reads it half written.
            if (progress is { Stage: "write", Done: 1 })
                ContentWorld.Put(file, [.. bytes, 0]);
        }));

        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains("changed while the release was made", refused.Message, StringComparison.Ordinal);
        ContentWorld.Put(file, bytes);
        Assert.Equal(2, _world.Build(PostedWorld.Policy()).Accounting.Total.Admitted);
    }

    [Fact]
    public void Settings_that_change_while_a_build_loads_are_not_taken_for_those_that_it_loaded_with()
    {
        _world.Post(new Posted("1", "ann", "a walk"));
        var workspace = Workspace.Open(_world.Workspace.Root, ".");
        var file = Path.Combine(workspace.Root, Workspace.FileName);
        Pipeline.Submit(workspace, PostedWorld.Request(PostedWorld.Policy()), _ => (Job[])[], progress =>
        {
            if (progress is { Stage: "load" })
                File.AppendAllLines(file, ["links: {no-person: [\"0\"]}"]);
        });
        var loaded = LoadedBuild.Read(
            Pipeline.WorkingFolder(workspace, CorpusName.Parse("test")), FinishedParts.Seal(workspace.ReadKey()));

        Assert.Equal(LoadedBuild.SettingsOf(workspace), loaded.Settings);
        Assert.NotEqual(LoadedBuild.SettingsOf(Workspace.Open(workspace.Root, ".")), loaded.Settings);
    }

    private string Other()
    {
        using var engine = Engine.Open(_world.Workspace.Temporary, PostedWorld.Small);
        var lines = ImportLog.Read(_world.Workspace)[0].Files[0].Path;
        var other = _world.Content.File("other.parquet");
        engine.Execute($"COPY (SELECT * REPLACE ('@zoe ' || text AS text) FROM {ParquetFiles.Rows(lines)}) "
            + $"TO {Engine.Literal(other)} (FORMAT parquet)");
        return other;
    }
}
