using System.Text.Json;
using Aval.Cases;
using Aval.Corpus;
using Aval.Documents;
using Aval.Papers;
using Aval.Recall;
using Aval.Runs;
using Aval.Storage;
using Aval.Tests.ContentStore;
using static Aval.Tests.Erasing.ErasingWorld;

namespace Aval.Tests.Erasing;

/// <summary>Whatever was made of a release is told of when an erasure has made another one in its place.</summary>
public sealed class SupersededTests : IDisposable
{
    private readonly ErasingWorld _world = new();

    public void Dispose() => _world.Dispose();

    private DateTimeOffset Now => _world.Content.Clock.Now;

    private string Summary() => DocumentHtml.Of(
        Paper.Of(_world.Workspace, PaperKind.Summary, "lm-1", "en", Now, Small).Document);

    [Fact]
    public void A_model_is_found_with_the_release_that_it_was_made_of()
    {
        _world.Content.Clock.Now = ContentWorld.Today;
        _world.Import(Post("mine", "kim"), Post("others", "lee"), Post("more", "max"));
        var old = StatedRelease.Of(_world.Build().Directory).Name;
        var model = _world.Content.File("lm-1");
        Directory.CreateDirectory(model);
        Durable.Replace(Path.Combine(model, "weights"), "weights");
        Registering.Register(_world.Workspace, new ModelRequest("lm-1", model) { Releases = [old] }, Now);
        Assert.DoesNotContain("names no release", Summary(), StringComparison.Ordinal);

        _world.Say(ChoiceKind.Erasure, "kim", scope: "everything");
        Assert.True(_world.Erase().IsComplete);

        using (var facts = JsonDocument.Parse(PaperFacts.Of(_world.Workspace, Now, null, Small)))
            Assert.Equal(3, facts.RootElement.GetProperty("releases").GetProperty(old).GetProperty("rows").GetInt32());
        var summary = Summary();
        Assert.DoesNotContain("names no release", summary, StringComparison.Ordinal);
        Assert.Contains(old, summary, StringComparison.Ordinal);
        var exposure = Exposure.Of(_world.Workspace, new ExposureRequest(null, null, [], []), Now, Small);
        Assert.Equal(["lm-1"], exposure.Models.Select(one => one.Name));
        Assert.Equal((2, 1), (exposure.Releases, exposure.Untold));

        _world.Say(ChoiceKind.Objection, "lee", scope: "everything");
        var recall = Recalling.Run(
            _world.Workspace,
            new RecallRequest(CorpusName.Parse("test"), Now, false, Small, _world.Content.Clock), _ => { });
        Assert.Equal(["lm-1"], recall.Record!.Models);
    }

    [Fact]
    public void Of_a_release_of_which_nothing_is_left_a_summary_says_neither_yes_nor_no()
    {
        _world.Content.Clock.Now = ContentWorld.Today;
        _world.Import(Post("mine", "kim"), Post("others", "lee"));
        var old = StatedRelease.Of(_world.Build().Directory);
        var model = _world.Content.File("lm-1");
        Directory.CreateDirectory(model);
        Durable.Replace(Path.Combine(model, "weights"), "weights");
        Registering.Register(_world.Workspace, new ModelRequest("lm-1", model) { Releases = [old.Name] }, Now);

        Directory.Delete(old.Folder, recursive: true);

        var summary = Summary();
        Assert.DoesNotContain("names no release", summary, StringComparison.Ordinal);
        Assert.DoesNotContain("No message to the AI", summary, StringComparison.Ordinal);
    }
}
