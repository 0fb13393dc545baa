using Aval.Building;
using Aval.Checking;
using Aval.Corpus;
using Aval.Policies;
using Aval.Recall;
using Aval.Recall.Erasing;
using Aval.Storage;
using Aval.Tests.ContentStore;
using Aval.Tests.Texts;

namespace Aval.Tests.Building;

/// <summary>
/// What texts were compared by for a corpus's last release is taken over by its next one where nothing changed, and
/// what comes of that is to the byte what a build gives that never heard of it.
/// </summary>
public sealed class KeptSketchesTests : IDisposable
{
    private const string Words = "we walked along the old canal until the lamps went out and nobody spoke of it again";

    private static readonly Policy Regime = PostedWorld.Policy(
        "id: copies, action: exclude, similarity: 0.8, min-characters: 20, common-after: 100",
        "id: duplicates, keep: first");

    private readonly PostedWorld _world = new();

    // Everybody says something of their own, and every fifth nearly what a few others say.
    public KeptSketchesTests() => _world.Post(Enumerable.Range(0, 36).Select(number => new Posted(
        $"i{number}", $"a{number % 12}",
        number % 5 == 0
            ? $"{Words} {number % 4}{(number % 2 == 0 ? "" : " but for me")}"
            : string.Join(' ', Enumerable.Range(1, 14).Select(at => $"{(char)('a' + (number % 26))}x{at * number}y")))
    {
        Day = 1 + (number % 20),
    }));

    private string Kept => KeptSketches.Of(_world.Workspace, CorpusName.Parse("test"));

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_late_objection_sketches_one_bucket_again_and_gives_what_a_build_gives_that_knows_nothing()
    {
        _world.Build(Regime);
        var before = Sketches();
        // Of four buckets; where nobody's hash falls into one of them, nothing is kept for it.
        Assert.InRange(before.Count, 2, 4);
        _world.Say(ChoiceKind.Objection, "facebook:a0");
        var outcome = Recall();

        Assert.True(outcome.Record!.Rows.Left >= 3);
        var (then, now) = outcome.Record.Excluded["copy-of-excluded"];
        Assert.True(now > then, $"{then} copies before and {now} now");
        Assert.Equal(before.Count - 1, Sketches().Count(sketch => before[sketch.Key] == sketch.Value));
        Assert.Equal(Fresh(outcome), Pure(outcome.Directory!));
        Assert.DoesNotContain(
            PermissionCheck.Faults(_world.Workspace), fault => fault.Contains("lineage", StringComparison.Ordinal));
    }

    [Fact]
    public void What_two_texts_share_is_taken_over_if_this_workspace_wrote_it_and_asked_again_otherwise()
    {
        var asOf = _world.Build(Regime);
        var all = asOf.Manifest.Admitted;
        var seal = FinishedParts.Seal(_world.Workspace.ReadKey());
        var file = Path.Combine(Kept, "sketches", "compared.parquet");
        Assert.NotNull(KeptSketches.Compared(Kept, seal));
        using (var engine = Engine.Open(_world.Workspace.Temporary, PostedWorld.Small))
        {
            var pairs = ParquetFiles.Rows(file);
            Assert.True(engine.Scalar<bool>($"SELECT count(*) > 3 FROM {pairs} WHERE shared > 0"));
            // As if no text had anything of another, under the seal: whoever believes it compares nothing.
            engine.Execute($"CREATE TABLE alone AS SELECT * REPLACE (0 AS shared) FROM {pairs}");
            KeptSketches.Compare(engine, Kept, "FROM alone", seal);
        }

        Assert.True(_world.Build(Regime, asOf: "2025-12-02T00:00:00Z").Manifest.Admitted > all);
        // Of somebody else it is not believed, nor are sketches that were changed.
        ContentWorld.Put(file, [.. File.ReadAllBytes(file), 0]);
        foreach (var sketch in Directory.GetFiles(Path.Combine(Kept, "sketches"), "*.sketches"))
            ContentWorld.Put(sketch, [.. File.ReadAllBytes(sketch)[..^8], 1, 2, 3, 4, 5, 6, 7, 8]);
        Assert.Null(KeptSketches.Compared(Kept, seal));
        Assert.Equal(all, _world.Build(Regime, asOf: "2025-12-03T00:00:00Z").Manifest.Admitted);
    }

    [Fact]
    public void An_erasure_destroys_what_was_kept_and_nothing_is_found_of_it_afterwards()
    {
        _world.Build(Regime);
        var before = Sketches();
        _world.Say(ChoiceKind.Erasure, "facebook:a0");
        var erased = Erasures.CarryOut(
            _world.Workspace, new ErasureOptions(PostedWorld.Small, IsDry: false, Corpus: null), _world.Content.Clock,
            (_, _) => { });

        Assert.True(erased.IsComplete, string.Join('\n', erased.Scan.Hits));
        Assert.NotEmpty(erased.Releases);
        Assert.All(Sketches(), sketch => Assert.NotEqual(before[sketch.Key], sketch.Value));
    }

    [Fact]
    public void Nothing_is_kept_where_nothing_is_compared_any_more_or_no_release_is_kept()
    {
        var one = _world.Build(Regime);
        Assert.NotEmpty(Sketches());
        DroppedRelease.Drop(_world.Workspace, one.Directory, ContentWorld.Today);
        Assert.False(Directory.Exists(Kept));
        _world.Build(Regime, asOf: "2025-12-02T00:00:00Z");
        Assert.NotEmpty(Sketches());
        _world.Build(PostedWorld.Policy(), asOf: "2025-12-03T00:00:00Z");
        Assert.False(Directory.Exists(Kept));
    }

    private RecallOutcome Recall() => Recalling.Run(
        _world.Workspace,
        new RecallRequest(
            CorpusName.Parse("test"), _world.Content.Clock.Now, IsTrial: false, PostedWorld.Small,
            _world.Content.Clock),
        _ => { });

    // Into a corpus of its own, which nobody has kept anything for.
    private IReadOnlyList<string> Fresh(RecallOutcome outcome)
    {
        var made = Manifest.Read(outcome.Directory!);
        return Pure(Pipeline.Build(
            _world.Workspace,
            new BuildRequest(Regime, CorpusName.Parse("fresh"), made.AsOf, made.LedgerSize, PostedWorld.Small)
            {
                ProtectUntil = made.ProtectUntil,
                ErasedTo = made.ErasedTo,
                Clock = _world.Content.Clock,
            },
            _ => { }).Directory);
    }

    private Dictionary<string, FileIdentity?> Sketches() => Directory.GetFiles(
            Path.Combine(Kept, "sketches"), "*.sketches")
        .ToDictionary(path => Path.GetFileName(path), path => FileIdentity.Of(path) is { } identity
            ? identity with { Changed = 0 } // Another name of the same file is told there.
            : (FileIdentity?)null);

    // All that is pure, but for the corpus's name.
    private static IReadOnlyList<string> Pure(string release)
    {
        var manifest = Manifest.Read(release);
        return
        [
            Path.GetFileName(release)!, $"{manifest.Authors.Root} {manifest.Authors.Size}",
            .. manifest.Files.Where(file => file.Path != "README.md").Concat(manifest.Lineage).Concat(manifest.Audit)
                .Select(file => $"{file.Path} {file.Sha256}"),
        ];
    }
}
