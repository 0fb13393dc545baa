using Aval.Recall.Erasing;
using Aval.Runs;
using Aval.Storage;
using static Aval.Tests.Erasing.ErasingWorld;

namespace Aval.Tests.Erasing;

/// <summary>Exports of a release that held what was erased are destroyed where they are still here.</summary>
public sealed class ErasedExportsTests : IDisposable
{
    private readonly ErasingWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void An_export_that_is_here_is_destroyed_and_the_register_says_so_and_others_stay()
    {
        _world.Import(Post("1", "ann"), Post("2", "bea"));
        _world.Build();
        _world.Import(Post("3", "cem", "2023-06-01"));
        _world.Build("other", "2024-01-01T00:00:00Z");
        var (here, moved, other) = (Export("test", "here"), Export("test", "moved"), Export("other", "other"));
        Directory.Move(moved.Folder, moved.Folder + "-away");
        File.Copy(Path.Combine(here.Folder, "croissant.json"), Path.Combine(here.Folder, "notes.txt"));
        _world.Say(ChoiceKind.Erasure, "ann");

        var exports = Assert.Single(_world.Erase().Releases).Exports;

        Assert.Equal([(here.Export, true), (moved.Export, false)],
            exports.Select(export => (export.Export, export.IsDestroyed)));
        // What somebody put beside it is not ours.
        Assert.Equal(["notes.txt"], Directory.GetFileSystemEntries(here.Folder).Select(Path.GetFileName));
        Assert.True(File.Exists(Path.Combine(other.Folder, Exporting.StatementFile)));
        var told = Assert.Single(Register.Read(_world.Workspace).Select(one => one.Stated).OfType<ExportDestroyed>());
        Assert.Equal((here.Export, here.Release), (told.Export, told.Release));
    }

    [Fact]
    public async Task One_that_is_registered_and_not_there_yet_is_waited_for()
    {
        _world.Import(Post("1", "ann"), Post("2", "bea"));
        _world.Build();
        var made = Export("test", "out");
        Directory.Move(made.Folder, made.Folder + "-soon");
        var destruction = new Destruction(_world.Content.File("destruction"));
        Task<IReadOnlyList<ErasedExport>> erasing;
        using (ExportPlace.Begin(_world.Workspace, made.Folder))
        {
            erasing = Task.Run(() => ErasedExports.Destroy(
                _world.Workspace, destruction, made.Release, _world.Content.Clock.Now));
            var until = Task.Delay(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken);
            Assert.NotSame(erasing, await Task.WhenAny(erasing, until));
            Directory.Move(made.Folder + "-soon", made.Folder);
        }

        Assert.True(Assert.Single(await erasing).IsDestroyed);
        Assert.False(Directory.Exists(made.Folder));
    }

    [Fact]
    public void Without_what_is_registered_nothing_is_erased_or_said_to_be()
    {
        _world.Import(Post("1", "ann"), Post("2", "bea"));
        _world.Build();
        var made = Export("test", "out");
        Directory.Move(_world.Workspace.Runs, _world.Workspace.Runs + "-lost");
        _world.Say(ChoiceKind.Erasure, "ann");

        Assert.Contains(
            "Restore runs/", Assert.Throws<AvalException>(() => _world.Erase()).Message, StringComparison.Ordinal);
        Assert.Contains("Restore runs/", Assert.Single(Register.Faults(_world.Workspace)), StringComparison.Ordinal);
        Directory.Move(_world.Workspace.Runs + "-lost", _world.Workspace.Runs);
        Assert.True(_world.Erase().IsComplete);
        Assert.False(Directory.Exists(made.Folder));
    }

    [Fact]
    public void What_a_killed_export_left_unfinished_is_destroyed_with_the_next_erasure()
    {
        _world.Import(Post("1", "ann"), Post("2", "bea"));
        var (folder, aside) = (_world.Content.File("out"), _world.Content.File("aside"));
        string told;
        using (var place = ExportPlace.Begin(_world.Workspace, folder))
        {
            Durable.Replace(Path.Combine(place.Unfinished, "train.jsonl"), TextOf("1"));
            // What is under way is its writer's, who asks whether the release may be used before it is there.
            ExportPlace.DestroyLeft(_world.Workspace, new Destruction(_world.Content.File("destruction")));
            told = Assert.Single(Directory.GetFiles(_world.Workspace.Temporary, "*.place"));
            Directory.Move(place.Unfinished, aside);
            File.Copy(told, aside + ".place");
        }

        Assert.False(File.Exists(told));
        Directory.Move(aside, folder + ".unfinished");
        File.Move(aside + ".place", told);
        _world.Say(ChoiceKind.Erasure, "ann");

        Assert.True(_world.Erase().IsComplete);

        Assert.False(Directory.Exists(folder + ".unfinished"));
        Assert.False(File.Exists(told));
    }

    private ExportMade Export(string release, string folder) => Exporting.Make(
        _world.Workspace, new ExportRequest(release, _world.Content.File(folder), ExportFormat.Jsonl),
        _world.Content.Clock, Small, _ => { }).Made;
}
