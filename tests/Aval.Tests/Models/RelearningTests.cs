using Aval.Checking;
using Aval.Models;
using Aval.Orders;
using Aval.Recall;
using Aval.Recall.Erasing;
using Aval.Runs;
using Aval.Storage;
using Aval.Tests.Erasing;
using Aval.Tests.Orders;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.Models;

/// <summary>Reference models follow what becomes of their releases.</summary>
public sealed class RelearningTests : IDisposable
{
    private const string Secret = "the code of the third pot is 48213, and nobody knows it";
    private readonly ErasingWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void After_an_erasure_the_model_unlearns_and_nothing_of_the_old_one_is_left()
    {
        Begin(ErasingWorld.Post("secret", "44", text: Secret));
        var first = ModelFolder.Open(_world.Workspace, "lm");
        Assert.Contains("48213", Say(first), StringComparison.Ordinal);

        _world.Say(ChoiceKind.Erasure, "44");
        // What a run leaves that is killed before its model is registered.
        var killed = Path.Combine(_world.Workspace.Models, ".made-killed", "counts");
        Directory.CreateDirectory(killed);
        Durable.Replace(Path.Combine(killed, "b000.counts"), Secret);
        var erased = _world.Erase();
        Assert.True(erased.IsComplete);
        var followed = Assert.Single(erased.Models);
        Assert.Equal(("lm", "lm.2", null), (followed.Model, followed.By, followed.Why));
        Assert.False(Directory.Exists(killed));
        Assert.False(Directory.Exists(first.Path));
        Assert.DoesNotContain("48213", Say(ModelFolder.Open(_world.Workspace, "lm.2")), StringComparison.Ordinal);
        // Nothing is left to do, and what another model has too was not destroyed with the old one.
        Assert.Empty(Relearn());
        Assert.Empty(Relearning.DestroyReplaced(_world.Workspace));
        var kept = ModelFolder.Open(_world.Workspace, "lm.2");
        Assert.Empty(KeptFilesCheck.OfModels(_world.Workspace));
        File.AppendAllText(Path.Combine(kept.Path, kept.Statement.Files[0].Path), "x");
        Assert.Contains(
            kept.Statement.Files[0].Path, Assert.Single(KeptFilesCheck.OfModels(_world.Workspace)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_the_gate_keeps_from_unlearning_is_named_with_the_reason()
    {
        Begin(ErasingWorld.Post("other", "44"));
        _world.Say(ChoiceKind.Erasure, "44");
        _world.Say(ChoiceKind.Restriction, "5");
        var half = _world.Erase();
        Assert.False(half.IsComplete);
        var left = Assert.Single(half.Models);
        Assert.Null(left.By);
        Assert.Contains("restricted", left.Why!, StringComparison.Ordinal);
        Assert.Empty(Relearning.DestroyReplaced(_world.Workspace));
        // As long as the model has what was erased, the erasure waits, and is loudly late.
        var clock = ErasureClock.Read(_world.Workspace);
        var waits = Assert.Single(clock.Waiting);
        Assert.NotNull(clock.Warning(waits.Due.AddDays(1)));

        Recall();
        Assert.True(_world.Erase().IsComplete);
        Assert.Empty(ErasureClock.Read(_world.Workspace).Waiting);
        Assert.False(Directory.Exists(ModelFolder.Of(_world.Workspace, "lm")));
    }

    [Fact]
    public void An_order_to_preserve_that_is_served_while_models_follow_keeps_what_they_replace()
    {
        Begin(ErasingWorld.Post("other", "44"));
        _world.Say(ChoiceKind.Erasure, "44");
        ServedOrder? order = null;
        var refused = Assert.Throws<AvalException>(() => Erasures.CarryOut(
            _world.Workspace, new ErasureOptions(ErasingWorld.Small, IsDry: false, Corpus: null), _world.Content.Clock,
            (stage, _) =>
            {
                if (stage == "estimate")
                    order ??= OrderBook.Serve(
                        _world.Workspace, OrderWorld.Of("7 O 1", new OrderEffect.Preserve()), _world.Content.Clock);
            }));

        Assert.Equal(ExitCode.Refused, refused.Exit);
        Assert.Contains("7 O 1", refused.Message, StringComparison.Ordinal);
        var model = ModelFolder.Of(_world.Workspace, "lm");
        Assert.True(Directory.Exists(Path.Combine(model, "counts")));
        Assert.Single(ErasureClock.Read(_world.Workspace).Waiting);

        OrderBook.Lift(_world.Workspace, order!.Index, "It is over.", _world.Content.Clock);
        Assert.True(_world.Erase().IsComplete);
        Assert.False(Directory.Exists(model));
    }

    [Fact]
    public void An_erasure_that_takes_something_destroys_forget_sets_and_nothing_beside_them()
    {
        Begin(ErasingWorld.Post("secret", "44", text: Secret));
        _world.Say(ChoiceKind.Objection, "44");
        using var elsewhere = new TemporaryFolder();
        var folder = elsewhere.File("set");
        ForgetSet.Write(
            _world.Workspace, "lm", new EntryIndex(0), folder, _world.Content.Clock.UtcNow(), ErasingWorld.Small);
        Durable.Replace(Path.Combine(folder, "theirs.txt"), "theirs");
        Assert.Contains(Secret, File.ReadAllText(Path.Combine(folder, "forget.jsonl")), StringComparison.Ordinal);
        Assert.Empty(_world.Erase().ForgetSets);
        Assert.True(File.Exists(Path.Combine(folder, "forget.parquet")));

        _world.Say(ChoiceKind.Erasure, "44");
        Assert.Equal([folder], _world.Erase().ForgetSets);

        Assert.Equal(["theirs.txt"], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName));
        Assert.Empty(_world.Erase().ForgetSets);
    }

    [Fact]
    public void What_a_kill_left_of_a_model_that_was_being_destroyed_is_destroyed_by_the_next_run()
    {
        Begin(ErasingWorld.Post("other", "44"));
        _world.Say(ChoiceKind.Objection, "44");
        Recall();
        Assert.Equal("lm.2", Assert.Single(Relearn()).By);
        var model = ModelFolder.Of(_world.Workspace, "lm");
        var condemned = Path.Combine(_world.Workspace.Temporary, "condemned");
        Directory.CreateDirectory(condemned);
        File.Move(Path.Combine(model, ModelStatement.FileName), Path.Combine(condemned, "x"));
        Assert.True(Directory.Exists(Path.Combine(model, "counts")));

        Relearning.DestroyReplaced(_world.Workspace);

        Assert.False(Directory.Exists(model));
        Assert.Empty(Directory.EnumerateFileSystemEntries(condemned));
        Assert.True(File.Exists(Path.Combine(ModelFolder.Of(_world.Workspace, "lm.2"), ModelStatement.FileName)));
    }

    [Fact]
    public void A_folder_that_is_no_reference_models_stays_though_another_model_replaces_it()
    {
        Begin(ErasingWorld.Post("other", "44"));
        var theirs = ModelFolder.Of(_world.Workspace, "theirs");
        Directory.CreateDirectory(theirs);
        Durable.Replace(Path.Combine(theirs, "weights"), "weights");
        Registering.Register(
            _world.Workspace, new ModelRequest("theirs", theirs) { Releases = ["test"] }, _world.Content.Clock.Now);
        Registering.Register(
            _world.Workspace, new ModelRequest("ours", theirs) { Releases = ["test"], Replaces = "theirs" },
            _world.Content.Clock.Now);
        _world.Say(ChoiceKind.Objection, "44");
        Recall();

        Relearning.DestroyReplaced(_world.Workspace);

        Assert.True(File.Exists(Path.Combine(theirs, "weights")));
    }

    private void Begin(string line)
    {
        _world.Import([.. Enumerable.Range(1, 9).Select(n => ErasingWorld.Post($"p{n}", $"{n}")), line]);
        _world.Build();
        _world.Content.Clock.Now = Time("2026-06-01T00:00:00Z");
        Training.Train(
            _world.Workspace, new TrainingRequest("test", "lm", ModelForm.Of(TextUnit.Byte, 8, [0]), Least: 1),
            _world.Content.Clock, ErasingWorld.Small, (_, _) => { });
    }

    private IReadOnlyList<Relearned> Relearn() => Relearning.Run(
        _world.Workspace, null, _world.Content.Clock, ErasingWorld.Small, (_, _) => { });

    private void Recall() => Recalling.Run(
        _world.Workspace,
        new RecallRequest(
            CorpusName.Parse("test"), _world.Content.Clock.Now, false, ErasingWorld.Small, _world.Content.Clock),
        _ => { });

    // What every table says after the beginning of the secret.
    private static string Say(ModelFolder model) => string.Join('\n', model.Statement.Tables.Keys.Select(
        language => Generation.Continue(
            model.Read(language), new GenerationRequest(Secret[..29], Temperature: 0, Longest: 100))));
}
