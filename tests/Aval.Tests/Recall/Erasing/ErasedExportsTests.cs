using Aval.Runs;
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

    private ExportMade Export(string release, string folder) => Exporting.Make(
        _world.Workspace, new ExportRequest(release, _world.Content.File(folder), ExportFormat.Jsonl),
        _world.Content.Clock, Small, _ => { }).Made;
}
