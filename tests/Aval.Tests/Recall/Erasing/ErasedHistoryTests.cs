using Aval.Answers;
using Aval.Content;
using Aval.Corpus;
using Aval.Policies;
using Aval.Recall.Erasing;
using Aval.Runs;
using Aval.Tests.ContentStore;
using static Aval.Tests.Erasing.ErasingWorld;

namespace Aval.Tests.Erasing;

/// <summary>
/// Over small histories made by chance: after an erasure of everything nothing of the person is found, a build
/// verifies, what was made before verifies and is explained, and the same files bring nothing back.
/// </summary>
public sealed class ErasedHistoryTests : IDisposable
{
    private static readonly string[] Names = ["ann", "ann2", "bea", "cem", "dee"];

    private readonly ErasingWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Theory]
    [MemberData(nameof(Seeds))]
    public void After_an_erasure_of_everything_nothing_is_found_and_all_that_is_left_holds(int seed)
    {
        var random = new Random(seed);
        var files = Write(random);
        if (random.Next(3) == 0)
            Compaction.Fold(_world.Workspace, null, Small, _world.Content.Clock, (_, _) => { });
        if (random.Next(2) == 0)
            _world.Say(ChoiceKind.Objection, Names[random.Next(Names.Length)], "2024-06-15", "everything");
        Policy[] policies = [Regime, Masking];
        foreach (var corpus in new[] { "one", "two" })
            _world.Build(corpus, $"2024-0{random.Next(5, 8)}-15T00:00:00Z", policy: policies[random.Next(2)]);
        var mine = Items("author IN ('facebook:ann', 'facebook:ann2')");
        Assert.NotEmpty(Search(mine));
        _world.Say(ChoiceKind.Erasure, random.Next(2) == 0 ? "ann" : "ann2", scope: "everything");

        var outcome = _world.Erase();

        Assert.True(outcome.IsComplete, string.Join('\n', outcome.Scan.Hits));
        Assert.Empty(Search(mine));
        Holds();
        var left = Said();
        _world.Build("fresh", "2026-01-01T00:00:00Z", policy: Masking);
        foreach (var (file, kind) in files)
            _world.Content.Import(_world.Content.Lines([.. File.ReadLines(file), .. Again(kind)]), kind);
        Assert.Equal(left, Said());
        Assert.Empty(Search(mine));
        Holds();
        _world.Build("fresh", "2026-01-01T00:00:00Z", policy: Masking);
        Assert.True(_world.Erase().IsComplete);
        _world.RequireSound();
    }

    public static TheoryData<int> Seeds() => new(Enumerable.Range(
        1, Environment.GetEnvironmentVariable("AVAL_LONG") is null ? 4 : 100));

    private static Policy Masking { get; } = PolicyReader.Parse(
        Regime.Text.Replace(
            "{id: about-me, off: \"because this is a test\"}", "{id: about-me, action: mask, protect: objectors}",
            StringComparison.Ordinal),
        "masking.yaml");

    // What was made again, and what only read it and stays, is what its manifest says, and what is decided again adds
    // up to it.
    private void Holds()
    {
        foreach (var corpus in new[] { "one", "two" })
        {
            var folder = Assert.Single(ReleaseName.Retained(Path.Combine(_world.Workspace.Corpus, corpus)));
            Assert.Equal(
                Manifest.Read(folder).Release,
                VerifiedRelease.Require(_world.Workspace, corpus, "", ContentWorld.Today).Manifest.Release);
            using var replay = Replay.Of(_world.Workspace, folder, Small);
        }
    }

    private List<(string File, ContentKind Kind)> Write(Random random)
    {
        var files = new List<(string, ContentKind)>
        {
            (_world.Content.Lines([.. Names.Select((name, at) => Row(name, at < 2 ? "77" : $"p{at}"))]),
                ContentKind.Accounts),
            (_world.Content.Lines([.. Names.Select(name =>
                $"{{\"account\": \"facebook:{name}\", \"version\": \"v1\", \"delivered_at\": "
                    + "\"2024-02-01T00:00:00Z\"}")]), ContentKind.Notices),
        };
        var authors = Enumerable.Range(0, 12)
            .ToDictionary(n => $"i{n}", n => n < Names.Length ? Names[n] : Names[random.Next(Names.Length)]);
        for (var month = 1; month <= 3; month++)
            files.Add((_world.Content.Lines([
                .. authors.Keys.Where(id => month == 1 || random.Next(3) == 0)
                    .Select(id => Item(random, id, authors[id], authors.Keys.ToArray(), month)),
                ContentWorld.Item($"bad{month}", ("author", "\"facebook:dee\""), ("kind", "\"facebook:ann\"")),
            ]), ContentKind.Items));
        foreach (var (file, kind) in files.OrderBy(_ => random.Next()))
            _world.Content.Import(file, kind);
        return files;
    }

    private static string Item(Random random, string id, string author, string[] ids, int month)
    {
        string Whom() => Names[random.Next(Names.Length)];
        var text = (random.Next(5) switch
        {
            0 => $"what @{Whom()}.handle said of the sea, ",
            1 => $"and @[{Whom()}] had seen it too, ",
            2 => $"see facebook.com/{Whom()}.handle for that, ",
            _ => "",
        }) + TextOf($"{id} of {month}");
        return ContentWorld.Item(
            id, ("author", $"\"facebook:{author}\""), ("created_at", "\"2024-01-01T00:00:00Z\""),
            ("text", $"\"{text}\""),
            ("persons", random.Next(3) == 0 ? $$"""[{"account": "facebook:{{Whom()}}", "role": "tagged"}]""" : null),
            ("in_reply_to", random.Next(3) == 0 ? $"\"{ids[random.Next(ids.Length)]}\"" : null),
            ("observed_at", $"\"2024-0{month}-02T00:00:00Z\""));
    }

    private static string Row(string name, string person) =>
        $$"""
        {"account": "facebook:{{name}}", "handle": "{{name}}.handle", "person": "{{person}}", "birth_year": 1980,
        """.TrimEnd() + $$""" "display_name": "{{name}} shown", "observed_at": "2024-01-01T00:00:00Z"}""";

    private static string[] Again(ContentKind kind) => kind switch
    {
        ContentKind.Accounts => [Row("bea", "p2")],
        ContentKind.Items => [],
        ContentKind.Notices => [],
    };

    private IReadOnlyList<string> Items(string where) =>
        _world.Content.Query($"SELECT DISTINCT item_id FROM item_versions WHERE {where}");

    private IReadOnlyList<string> Said() =>
        _world.Content.Query("SELECT item_id, author, text, persons::VARCHAR, in_reply_to FROM items_now");

    private IReadOnlyList<ScanHit> Search(IReadOnlyList<string> mine) => ErasureScan.Of(
        _world.Workspace,
        new Needles(
            new HashSet<string> { "facebook:ann", "facebook:ann2" },
            mine.SelectMany(id => (string[])[$"item:facebook:{id}", $"reply:facebook:{id}"]).ToHashSet(),
            new HashSet<string>())
        {
            Handles = new HashSet<string> { "facebook@annhandle", "facebook@ann2handle" },
        },
        Small).Hits;
}
