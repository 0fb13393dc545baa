using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aval.Answers;
using Aval.Building;
using Aval.Choices;
using Aval.Content;
using Aval.Corpus;
using Aval.Policies;
using Aval.Recording;
using Aval.Storage;
using Aval.Tests.ContentStore;
using Aval.Tests.Releases;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.Answers;

/// <summary>What is said about one item or one account is decided again alone, and is what deciding all says.</summary>
public sealed class FewReplayTests : IDisposable
{
    private static readonly EngineLimits Small = new(2, 1_000_000_000);

    private static readonly Policy Regime = PolicyReader.Parse(
        """
        policy: few
        title: What a few items are explained by
        purpose: train-generative-ai
        basis: legitimate-interest
        applies-from: 2025-01-01
        rules:
          - {id: erasure, law: "GDPR 17"}
          - {id: objection, law: "GDPR 21"}
          - {id: removal, law: "GDPR 17"}
          - {id: audience, admit: [public]}
          - {id: informed, off: "A test."}
          - {id: special-categories, off: "A test."}
          - {id: about-me, off: "A test."}
          - {id: combine-services, off: "A test."}
          - {id: restriction, off: "A test."}
        """, "few.yaml");

    private readonly ContentWorld _world = new(buckets: 4);

    public void Dispose() => _world.Dispose();

    [Fact]
    public void What_is_said_about_one_is_what_deciding_all_says()
    {
        var release = Release();
        using var all = Replay.Of(_world.Workspace, release, Small);
        foreach (var id in (string[])["i0", "i1", "i8", "i13", "i21", "i29", "i45", "none"])
        {
            var item = new Item("facebook", id);
            using var few = Replay.Of(_world.Workspace, release, Small, item);
            Assert.Equal(Text(Explanations.Of(all, item)), Text(Explanations.Of(few, item)));
            Assert.Equal(id == "none" ? 0 : 1, few.Engine.Scalar<long>("SELECT count(*) FROM decided"));
        }

        foreach (var name in (string[])["facebook:3", "facebook:5", "facebook:9", "facebook:11", "facebook:none"])
        {
            var account = Account.Parse(name);
            using var few = Replay.Of(_world.Workspace, release, Small, account);
            Assert.Equal(Text(Explanations.Of(all, account)), Text(Explanations.Of(few, account)));
        }
    }

    [Fact]
    public void What_the_release_holds_otherwise_is_not_explained()
    {
        var release = Release();
        var item = new Item("facebook", "i1");
        int bucket;
        using (var before = Replay.Of(_world.Workspace, release, Small, item))
        {
            var explained = Explanations.Of(before, item)!;
            Assert.Empty(explained.Against);
            bucket = explained.Bucket;
        }

        // The row is gone from its shard, and the shard is not the manifest's any more.
        var shard = Path.Combine(
            release, "shards", string.Create(CultureInfo.InvariantCulture, $"b{bucket:D3}.parquet"));
        var was = Hash(shard);
        var without = _world.Parquet("without.parquet", $"FROM read_parquet('{shard}') WHERE text <> 'says 62'");
        Assert.NotEqual(was, Hash(without));
        Put(shard, File.ReadAllBytes(without));
        Assert.Contains("not the file that the manifest names", Refused(release, item), StringComparison.Ordinal);

        // And now it is.
        var manifest = Path.Combine(release, Manifest.FileName);
        Put(manifest, Encoding.UTF8.GetBytes(File.ReadAllText(manifest).Replace(
            was, Hash(shard), StringComparison.Ordinal)));
        Assert.Contains($"{shard}: what is decided again", Refused(release, item), StringComparison.Ordinal);

        File.AppendAllText(Path.Combine(release, "accounting.json"), " ");
        Assert.Contains("accounting.json", Refused(release, item), StringComparison.Ordinal);
    }

    private string Refused(string release, Item item)
    {
        var refused = Assert.Throws<AvalException>(() => Replay.Of(_world.Workspace, release, Small, item));
        Assert.Equal(ExitCode.No, refused.Exit);
        return refused.Message;
    }

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    private static string Text(ItemExplanation? about) => about is null ? "nothing" : JsonSerializer.Serialize(new
    {
        Author = about.Author.ToString(),
        about.Kind,
        about.Bucket,
        about.RowKey,
        Against = about.Against.Select(against => (string?[])[
            against.Ground.RuleId, against.Law, against.Ground.Reason.ToText(), against.Choice?.Index.ToString()]),
    });

    private static string Text(AccountExplanation? about) => about is null ? "nothing" : JsonSerializer.Serialize(new
    {
        about.Admitted,
        Excluded = about.Excluded.Select(row => (string?[])[
            row.Rule, row.Law, row.Choice?.Index.ToString(), row.Items.ToString(CultureInfo.InvariantCulture)]),
        Covering = about.Covering.Select(choice => choice.Index.Value),
        Stance = about.Stance.ToString(),
    });

    // Versions of several authors and dates, some of which are gone; some left in place, some folded, some not.
    private string Release()
    {
        string[] rows = [.. Enumerable.Range(0, 90).Select(at => string.Create(
            CultureInfo.InvariantCulture,
            $"('i{at % 61}', 'facebook:{1 + (at % 17)}', 'says {at}', '2025-01-{1 + (at % 28):D2}T00:00:00Z', "
                + $"{(at % 13 == 0 ? "true" : "false")})"))];
        _world.Import(_world.AuthoredItems("a.parquet", rows[..30]));
        _world.Import(_world.AuthoredItems("b.parquet", rows[30..50]));
        Compaction.Fold(_world.Workspace, null, Small, _world.Clock, (_, _) => { });
        _world.Import(_world.AuthoredItems("c.parquet", rows[50..70]), inPlace: true);
        _world.Import(_world.AuthoredItems("d.parquet", rows[70..]));
        Say(ChoiceKind.Objection, "facebook:3", "everything");
        Say(ChoiceKind.Objection, "facebook:5", "item:facebook:i21");
        Say(ChoiceKind.Removal, "facebook:6", "item:facebook:i8");
        Say(ChoiceKind.Erasure, "facebook:9", "everything");
        return Pipeline.Build(
            _world.Workspace,
            new BuildRequest(Regime, CorpusName.Parse("test"), Time("2025-12-01T00:00:00Z"), null, Small)
            {
                Clock = new StandingClock(Today),
            },
            _ => { }).Directory;
    }

    private void Say(ChoiceKind kind, string account, string scope)
    {
        var at = Time("2025-01-20T00:00:00Z");
        Recorder.RecordOnce(_world.Workspace, Today, new Choice(
            kind, Account.Parse(account), Purpose.TrainGenerativeAi,
            Scope.TryParse(scope, out var parsed) ? parsed : throw new ArgumentException(scope), at, at,
            Actor: kind == ChoiceKind.Removal ? Actor.Anyone : Actor.Person));
    }
}
