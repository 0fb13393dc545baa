using System.Security.Cryptography;
using Aval.Corpus;
using Aval.Models;
using Aval.Runs;
using Aval.Storage;
using Aval.Tests.Recalls;
using Aval.Tests.Runs;

namespace Aval.Tests.Models;

/// <summary>A model that unlearned is, byte for byte, the one that never learned.</summary>
public sealed class UnlearningTests : IDisposable
{
    private static readonly EngineLimits Small = new(2, 500_000_000);
    private readonly RunsWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("byte", 5)]
    [InlineData("char", 3)]
    [InlineData("word", 3)]
    public void After_an_objection_it_is_the_model_of_the_next_release_alone(string unit, int order)
    {
        var form = ModelForm.Of(ModelForm.UnitOf(unit), order);
        var first = Train(_world.Name, "first", form);
        _world.Say(ChoiceKind.Objection, "facebook:7");
        var next = _world.Build(RunsWorld.Later).Manifest;
        var unlearned = Training.Unlearn(
            _world.Workspace, "first", $"{next.Corpus}/{next.Release}", null, _world.Clock, Small, (_, _) => { });
        Assert.Equal("first.2", unlearned.Name);
        Assert.InRange(unlearned.Times.Counted, 1, unlearned.Times.Shards - 1);
        var scratch = Train($"{next.Corpus}/{next.Release}", "scratch", form);
        Assert.Equal(Bytes(scratch.Folder.Path), Bytes(unlearned.Folder.Path));
        Assert.NotEqual(Bytes(first.Folder.Path), Bytes(unlearned.Folder.Path));
        var models = RegisteredModels.Of(Register.Read(_world.Workspace));
        Assert.Equal("first.2", models.SuccessorOf(models.Find("first")!)?.Name);
    }

    [Fact]
    public void With_an_erasure_one_whose_release_was_dropped_follows_to_the_newest_of_its_corpus()
    {
        Train(_world.Name, "first", ModelForm.Of(TextUnit.Byte, 4));
        DroppedRelease.Drop(
            _world.Workspace, Path.Combine(_world.Workspace.Corpus, _world.Name), _world.Clock.GetUtcNow());
        IReadOnlyList<Relearned> Run(string? corpus) =>
            Relearning.Run(_world.Workspace, corpus, _world.Clock, Small, (_, _) => { });
        Assert.Empty(Run("all"));
        Assert.Equal(("first", null), Run(null).Select(one => (one.Model, one.By)).Single());
        _world.Say(ChoiceKind.Objection, "facebook:7");
        _world.Build(RunsWorld.Later);
        Assert.Equal(("first", "first.2"), Run(null).Select(one => (one.Model, one.By)).Single());
        Assert.Equal(["first"], Relearning.DestroyReplaced(_world.Workspace));
        Assert.False(Directory.Exists(Path.Combine(_world.Workspace.Models, "first", "counts")));
        Assert.Empty(Run(null));
    }

    [Fact]
    public void Threads_and_memory_do_not_show_in_its_bytes()
    {
        var form = ModelForm.Of(TextUnit.Byte, 6);
        var one = Train(_world.Name, "one", form, new EngineLimits(1, 4_000_000_000));
        var many = Train(_world.Name, "many", form, new EngineLimits(7, 64_000_000));
        Assert.Equal(Bytes(one.Folder.Path), Bytes(many.Folder.Path));
    }

    [Fact]
    public void A_language_of_little_text_is_read_with_those_that_are_not_known()
    {
        var trained = Training.Train(
            _world.Workspace,
            new TrainingRequest(_world.Name, "few", ModelForm.Of(TextUnit.Byte, 4), Least: 1_000_000),
            _world.Clock, Small, (_, _) => { });
        Assert.Equal([ModelStatement.Undetermined], trained.Folder.Statement.Tables.Keys);
        Assert.True(trained.Folder.Statement.Languages.Count > 1);
        Assert.Same(trained.Folder.Read("fr"), trained.Folder.Read("xx"));
    }

    [Fact]
    public void A_restriction_keeps_it_from_being_trained_and_nothing_is_left_of_the_attempt()
    {
        _world.Say(ChoiceKind.Restriction, "facebook:3");
        var refused = Assert.Throws<AvalException>(() => Train(_world.Name, "none", ModelForm.Of(TextUnit.Byte, 4)));
        Assert.Equal(ExitCode.Refused, refused.Exit);
        Assert.Empty(Directory.EnumerateDirectories(_world.Workspace.Models));
    }

    [Fact]
    public void A_count_file_that_was_changed_is_not_unlearned_from()
    {
        Train(_world.Name, "first", ModelForm.Of(TextUnit.Byte, 4));
        foreach (var counts in Directory.EnumerateFiles(Path.Combine(_world.Workspace.Models, "first", "counts")))
        {
            var bytes = File.ReadAllBytes(counts);
            bytes[3] ^= 1;
            Durable.Replace(counts, bytes);
        }

        _world.Say(ChoiceKind.Objection, "facebook:7");
        var next = _world.Build(RunsWorld.Later).Manifest;
        var broken = Assert.Throws<AvalException>(() => Training.Unlearn(
            _world.Workspace, "first", $"{next.Corpus}/{next.Release}", null, _world.Clock, Small, (_, _) => { }));
        Assert.Equal(ExitCode.BadInput, broken.Exit);
        Assert.Null(RegisteredModels.Of(Register.Read(_world.Workspace)).Find("first.2"));
        Assert.Single(Directory.EnumerateDirectories(_world.Workspace.Models, "*", new EnumerationOptions()));
    }

    [Fact]
    public void In_any_history_unlearning_to_what_a_recall_gives_is_training_on_it()
    {
        var histories = Environment.GetEnvironmentVariable("AVAL_LONG") == "1" ? 40 : 2;
        var unlearned = 0;
        for (var seed = 1; seed <= histories; seed++)
        {
            using var history = new RecallHistory(seed);
            var form = ModelForm.Of((TextUnit)(seed % 3), 3);
            var name = (string?)null;
            for (var round = 0; round < 2; round++)
            {
                name ??= Try(history, $"model-{round}", form)?.Name;
                for (var act = 0; act < 4; act++)
                    history.GoOn();
                history.Recall();
                if (name is null)
                    continue;
                // An erasure has it follow by itself.
                var models = RegisteredModels.Of(Register.Read(history.Workspace));
                name = models.SuccessorOf(models.Find(name)!)?.Name ?? name;
                var made = Training.Unlearn(
                    history.Workspace, name, RecallHistory.Corpus.Text, $"unlearned-{round}", history.World.Clock,
                    RecallHistory.Small, (_, _) => { });
                var scratch = Training.Train(
                    history.Workspace, new TrainingRequest(RecallHistory.Corpus.Text, $"scratch-{round}", form, 200),
                    history.World.Clock, RecallHistory.Small, (_, _) => { });
                Assert.Equal(Bytes(scratch.Folder.Path), Bytes(made.Folder.Path));
                name = made.Name;
                unlearned++;
            }
        }

        Assert.True(unlearned >= histories);
    }

    // The gate may be shut before a recall has opened it.
    private static Trained? Try(RecallHistory history, string name, ModelForm form)
    {
        try
        {
            return Training.Train(
                history.Workspace, new TrainingRequest(RecallHistory.Corpus.Text, name, form, 200),
                history.World.Clock, RecallHistory.Small, (_, _) => { });
        }
        catch (AvalException shut) when (shut.Exit == ExitCode.Refused)
        {
            return null;
        }
    }

    private Trained Train(string release, string name, ModelForm form, EngineLimits? limits = null) => Training.Train(
        _world.Workspace, new TrainingRequest(release, name, form, Least: 500), _world.Clock, limits ?? Small,
        (_, _) => { });

    private static SortedDictionary<string, string> Bytes(string folder) => new(
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(
            path => Path.GetRelativePath(folder, path),
            path => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))),
        StringComparer.Ordinal);
}
