using Aval.Authors;
using Aval.Building;
using Aval.Checking;
using Aval.Choices;
using Aval.Content;
using Aval.Corpus;
using Aval.Policies;
using Aval.Recall;
using Aval.Recording;
using Aval.Storage;
using Aval.Tests.ContentStore;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.Recalls;

/// <summary>
/// A recall of what people say looks at the buckets that this touches, and at no others; and it gives to the byte what
/// a build gives that looks at everything.
/// </summary>
public sealed class TouchedBucketsTests : IDisposable
{
    private const int Buckets = 32;
    private static readonly CorpusName Corpus = CorpusName.Parse("test");
    private static readonly EngineLimits Small = new(2, 1_000_000_000);

    private const string Rules = """
        policy: touched
        title: Whoever consents
        purpose: train-generative-ai
        basis: consent
        applies-from: 2025-05-27
        rules:
          - {id: erasure}
          - {id: restriction}
          - {id: objection}
          - {id: removal}
          - {id: audience, admit: [public]}
          - {id: age, at-least: 18, when: [written, build], unknown: exclude}
          - {id: withdrawal}
          - {id: consent}
          - {id: combine-services, reading: strict, primary: facebook}
          - {id: special-categories, off: "because this is a test"}
          - {id: about-me, off: "because this is a test"}

        """;

    private static readonly Policy Everybody = PolicyReader.Parse(Rules, "test.yaml");

    private static readonly Policy Drawn = PolicyReader.Parse(
        Rules + "  - {id: share, at-most: 0.8, draw: persons, seed: 7}\n", "test.yaml");

    private readonly ContentWorld _world = new(buckets: Buckets);
    private Policy _regime = Everybody;

    // Pairs of accounts are one person, one chain is of many; every tenth item has an earlier version by somebody else.
    public TouchedBucketsTests()
    {
        static string Who(int number) => number % 3 == 0 ? $"instagram:{number}" : $"facebook:{number}";
        _world.Import(_world.Lines([.. Enumerable.Range(0, 120).SelectMany(number => Versions(number, Who))]));
        _world.Import(
            _world.Write("accounts.csv", "account,person,birth_year\n" + string.Concat(Enumerable.Range(0, 60)
                .Select(number => $"{Who(number)},{Person(number, Who)},1980\n"))),
            ContentKind.Accounts, observedAt: "2025-01-01T00:00:00Z");
        _world.Clock.Now = Time("2025-07-01T00:00:00Z");
        Recorder.RecordOnce(_world.Workspace, _world.Clock.Now, [
            .. Enumerable.Range(0, 60).Where(number => number % 7 != 0).SelectMany(number => new[]
            {
                Consent(Who(number), Purpose.TrainGenerativeAi, number),
                Consent(Who(number), Purpose.CombineServices, number + 1),
            }),
            new Choice(
                ChoiceKind.Objection, Account.Parse("facebook:unknown"), Purpose.TrainGenerativeAi, Scope.Everything,
                Time("2025-05-01T00:00:00Z"), Time("2025-05-01T00:00:00Z")),
        ]);
    }

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whatever_people_say_in_any_order_the_recall_is_the_build_and_looks_at_few_buckets(bool isDrawn)
    {
        _regime = isDrawn ? Drawn : Everybody;
        var rounds = Environment.GetEnvironmentVariable("AVAL_LONG") == "1" ? 60 : isDrawn ? 4 : 7;
        var random = new Random(18);
        var (few, changed) = (0, 0);
        var told = new List<string>();
        Build(Corpus, Time("2025-07-01T00:00:00Z"), null);
        for (var round = 0; round < rounds; round++)
        {
            _world.Clock.Now = _world.Clock.Now.AddHours(random.Next(1, 20));
            for (var said = random.Next(1, 4); said > 0; said--)
                told.Add(Say(random));
            var outcome = Recall();
            few += outcome.LookedAt is <= Buckets / 2 ? 1 : 0;
            if (outcome.Record is null)
                continue;
            changed++;
            var made = Manifest.Read(outcome.Directory!);
            var whole = Build(CorpusName.Parse($"again-{round}"), made.AsOf, made);
            Assert.True(
                Pure(outcome.Directory!).SequenceEqual(Pure(whole)),
                $"round {round}:\n{string.Join('\n', told)}\n"
                    + string.Join('\n', Pure(outcome.Directory!).Except(Pure(whole))));
        }

        Assert.Empty(ReleaseCheck.Faults(_world.Workspace));
        Assert.True(
            few * 2 >= rounds && changed * 2 >= rounds,
            $"Of {rounds} recalls {changed} changed anything and {few} looked at few buckets.");
    }

    [Fact]
    public void A_late_objection_reads_the_content_of_its_bucket_alone_and_links_all_other_files_of_the_tree()
    {
        var made = Build(Corpus, _world.Clock.Now, null);
        _world.Clock.Now = _world.Clock.Now.AddHours(1);
        Say(ChoiceKind.Objection, "facebook:1");
        var outcome = Recall();

        Assert.Equal(2, outcome.LookedAt); // Its own, and that of the one account that is the same person.
        Assert.True(outcome.Record!.Rows.Left > 0);
        string[] Audits(string release) => [.. Directory.GetFiles(
            Path.Combine(release, "authors", "audit")).Order(StringComparer.Ordinal)];
        var same = Audits(made).Zip(Audits(outcome.Directory!))
            .Count(pair => FileIdentity.Of(pair.First) == FileIdentity.Of(pair.Second));
        Assert.Equal(Buckets - 2, same);
    }

    [Fact]
    public async Task Of_two_at_once_one_waits_and_finds_that_nothing_is_left_to_do()
    {
        Build(Corpus, _world.Clock.Now, null);
        _world.Clock.Now = _world.Clock.Now.AddHours(1);
        Say(ChoiceKind.Objection, "facebook:1");
        var (began, other) = (new TaskCompletionSource(), Task.FromResult<RecallOutcome?>(null));
        var request = new RecallRequest(Corpus, _world.Clock.Now, false, Small, _world.Clock);
        var outcome = Recalling.Run(_world.Workspace, request, _ =>
        {
            if (began.Task.IsCompleted)
                return;
            // It asks its clock before it looks at anything, and this one has the corpus.
            other = Task.Run(() => (RecallOutcome?)Recalling.Run(
                _world.Workspace, request with { Clock = new Watched(_world.Clock, began) }, _ => { }));
            began.Task.Wait();
        });
        var waited = await other;

        Assert.Equal(2, outcome.LookedAt);
        Assert.NotNull(waited);
        Assert.Null(waited.Record);
        Assert.Equal(Path.GetFileName(outcome.Directory), waited.Base.Release);
        Assert.Single(Withdrawal.All(Path.Combine(_world.Workspace.Corpus, "test")));
        Assert.Empty(ReleaseCheck.Faults(_world.Workspace));
    }

    [Fact]
    public void What_was_observed_since_or_has_changed_is_looked_at_as_a_whole()
    {
        var made = Build(Corpus, _world.Clock.Now, null);
        _world.Clock.Now = _world.Clock.Now.AddHours(1);
        Say(ChoiceKind.Objection, "facebook:1");
        // A shard that is to be taken over, and is not what it was: the next build makes it again.
        var shard = Directory.GetFiles(Path.Combine(made, "shards")).Order(StringComparer.Ordinal)
            .First(path => Manifest.Read(made).Files.Single(file => path.EndsWith(file.Path, StringComparison.Ordinal))
                .Rows > 3 && !IsOf(path, "facebook:1", made) && !IsOf(path, "facebook:2", made));
        Put(shard, [1, 2, 3]);
        var changed = Recall();
        Assert.Null(changed.LookedAt);
        Assert.True(changed.Record!.Rows.Left > 0);

        Say(ChoiceKind.Objection, "facebook:13");
        _world.Import(_world.Lines(Item("new", ("author", "\"facebook:5\""), ("text", "\"Another one\""),
            ("observed_at", "\"2025-01-01T00:00:00Z\""))));
        Assert.Null(Recall().LookedAt);
        _world.Clock.Now = _world.Clock.Now.AddHours(1);
        Say(ChoiceKind.Objection, "facebook:4");
        Assert.NotNull(Recall().LookedAt);
    }

    [Fact]
    public void A_notice_that_came_back_meanwhile_touches_whoever_it_was_sent_to()
    {
        _world.Import(
            _world.Write("notices.csv", "account,version,delivered_at,bounced_at\n"
                + "facebook:4,v1,2025-01-01T00:00:00Z,2025-07-01T00:30:00Z\n"),
            ContentKind.Notices);
        Build(Corpus, _world.Clock.Now, null);
        _world.Clock.Now = _world.Clock.Now.AddMinutes(20);
        Say(ChoiceKind.Objection, "facebook:1");
        Assert.NotNull(Recall().LookedAt);
        _world.Clock.Now = _world.Clock.Now.AddMinutes(20);
        Say(ChoiceKind.Objection, "facebook:13");
        Assert.Null(Recall().LookedAt);
    }

    /// <summary>The choices of an account are found by it, and this one is somewhere else in the store.</summary>
    [Fact]
    public void A_choice_whose_account_is_in_another_spelling_counts_in_a_recall_of_its_bucket_too()
    {
        _world.Import(_world.Lines(Item(
            "zoe", ("service", "\"instagram\""), ("author", "\"instagram:zoe\""), ("text", "\"My words\""),
            ("created_at", "\"2024-01-01T00:00:00Z\""), ("observed_at", "\"2025-01-01T00:00:00Z\""))));
        Recorder.RecordOnce(
            _world.Workspace, _world.Clock.Now, Consent("instagram:zoe", Purpose.TrainGenerativeAi, 1),
            Consent("instagram:zoe", Purpose.CombineServices, 1));
        // As an older version recorded it, behind the door.
        using (var store = CommittedChoices.OpenStore(_world.Workspace))
        {
            store.Append([Sealing.Seal(new Choice(
                ChoiceKind.Objection, Account.Parse("instagram:Zoe"), Purpose.TrainGenerativeAi, Scope.Everything,
                _world.Clock.Now, _world.Clock.Now))]);
        }

        var before = Manifest.Read(Build(Corpus, _world.Clock.Now, null));
        _world.Clock.Now = _world.Clock.Now.AddHours(1);
        Say(ChoiceKind.Objection, "instagram:zoe", "item:facebook:nowhere");
        Say(ChoiceKind.Objection, "facebook:1");
        var outcome = Recall();

        var made = Manifest.Read(outcome.Directory!);
        Assert.Equal(before.Admitted - outcome.Record!.Rows.Left, made.Admitted);
        Assert.Equal(Pure(outcome.Directory!), Pure(Build(CorpusName.Parse("again"), made.AsOf, made)));
        Assert.Null(outcome.LookedAt);
    }

    [Fact]
    public void A_record_that_was_taken_away_from_the_store_lets_nobody_in()
    {
        Say(ChoiceKind.Objection, "facebook:1");
        Build(Corpus, _world.Clock.Now, null);
        _world.Clock.Now = _world.Clock.Now.AddDays(1);
        Say(ChoiceKind.Objection, "facebook:1", "item:facebook:nowhere");
        using (var store = new Microsoft.Data.Sqlite.SqliteConnection(
            $"Data Source={Path.Combine(_world.Workspace.Root, "choices.db")};Pooling=False"))
        {
            store.Open();
            using var taken = store.CreateCommand();
            taken.CommandText = """
                DELETE FROM choices_by_account WHERE idx IN (
                    SELECT idx FROM choices WHERE account = 'facebook:1' AND kind = 1 AND scope IS NULL);
                DELETE FROM choices WHERE account = 'facebook:1' AND kind = 1 AND scope IS NULL
                """;
            Assert.True(taken.ExecuteNonQuery() > 0);
        }

        Assert.Contains("its record is gone", Assert.Throws<AvalException>(() => Recall()).Message,
            StringComparison.Ordinal);
    }

    private sealed class Watched(TimeProvider clock, TaskCompletionSource asked) : TimeProvider
    {
        public override long GetTimestamp()
        {
            asked.TrySetResult();
            return clock.GetTimestamp();
        }

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();
    }

    private static IEnumerable<string> Versions(int number, Func<int, string> who)
    {
        var author = who(number % 60);
        string Version(string by, string observedAt) => Item(
            $"i{number}", ("service", $"\"{by.Split(':')[0]}\""), ("author", $"\"{by}\""),
            ("text", $"\"Words of the {number}th morning, by the hundred and {number * 7919}\""),
            ("created_at", "\"2024-01-01T00:00:00Z\""), ("observed_at", $"\"{observedAt}\""));
        if (number % 10 == 1 && author.StartsWith("facebook", StringComparison.Ordinal))
            yield return Version("facebook:7", "2024-12-01T00:00:00Z");
        yield return Version(author, "2025-01-01T00:00:00Z");
    }

    private static string Person(int number, Func<int, string> who) => number switch
    {
        >= 50 => who(number - 1),
        _ when number % 4 is 1 or 2 => $"p{number / 4}",
        _ => "",
    };

    private static Choice Consent(string account, Purpose purpose, int number) => new(
        ChoiceKind.Consent, Account.Parse(account), purpose, Scope.Everything,
        Time("2025-06-01T00:00:00Z"), Time("2025-06-01T00:00:00Z"),
        number % 5 == 0 ? Time("2025-07-01T00:00:00Z").AddHours(number) : null, Notice: "v1");

    private string Say(Random random)
    {
        ChoiceKind[] kinds =
        [
            ChoiceKind.Objection, ChoiceKind.Objection, ChoiceKind.ObjectionLifted, ChoiceKind.Restriction,
            ChoiceKind.RestrictionLifted, ChoiceKind.Erasure, ChoiceKind.Removal, ChoiceKind.Withdrawal,
            ChoiceKind.Consent,
        ];
        var (kind, number) = (kinds[random.Next(kinds.Length)], random.Next(62));
        var account = number % 3 == 0 ? $"instagram:{number}" : $"facebook:{number}";
        var scope = kind == ChoiceKind.Removal || random.Next(5) == 0
            ? $"item:{account.Split(':')[0]}:i{random.Next(124)}"
            : random.Next(5) == 0 ? "service:facebook" : "everything";
        Say(kind, account, scope, _world.Clock.Now.AddMinutes(-random.Next(3000)));
        return $"{_world.Clock.Now.ToText()} {kind} {account} {scope}";
    }

    private void Say(ChoiceKind kind, string account, string scope = "everything", DateTimeOffset? made = null) =>
        Recorder.RecordOnce(_world.Workspace, _world.Clock.Now, new Choice(
            kind, Account.Parse(account), Purpose.TrainGenerativeAi,
            Scope.TryParse(scope, out var parsed) ? parsed : throw new ArgumentException(scope),
            made ?? _world.Clock.Now, _world.Clock.Now,
            Actor: kind is ChoiceKind.RestrictionLifted ? Actor.Controller : Actor.Person,
            Notice: kind is ChoiceKind.Consent ? "v1" : null));

    private string Build(CorpusName corpus, DateTimeOffset asOf, Manifest? like) => Pipeline.Build(
        _world.Workspace,
        new BuildRequest(_regime, corpus, asOf, like?.LedgerSize, Small)
        {
            ProtectUntil = like?.ProtectUntil,
            ErasedTo = like?.ErasedTo,
            Clock = _world.Clock,
        },
        _ => { }).Directory;

    private RecallOutcome Recall() => Recalling.Run(
        _world.Workspace, new RecallRequest(Corpus, _world.Clock.Now, false, Small, _world.Clock), _ => { });

    private bool IsOf(string shard, string account, string release)
    {
        using var engine = Engine.Open(_world.Workspace.Temporary, Small);
        var lineage = Path.Combine(
            _world.Workspace.Lineage, "test", Path.GetFileName(release), Path.GetFileName(shard));
        return engine.Scalar<bool>($"""
            SELECT EXISTS (FROM {ParquetFiles.Rows(lineage)} WHERE account = {Engine.Literal(account)})
            """);
    }

    // All that is pure, but for the corpus's name.
    private static IReadOnlyList<string> Pure(string release)
    {
        var manifest = Manifest.Read(release);
        return
        [
            Path.GetFileName(release)!, manifest.Content, $"{manifest.Choices} choices", $"{manifest.ItemsRead} items",
            $"{manifest.Authors.Root} {manifest.Authors.Size}",
            .. manifest.Files.Where(file => file.Path != "README.md").Concat(manifest.Lineage).Concat(manifest.Audit)
                .Select(file => $"{file.Path} {file.Sha256}"),
            .. Directory.EnumerateFiles(
                    Path.Combine(release, ReleaseAuthors.Directory, "tile"), "*", SearchOption.AllDirectories)
                .Select(path => $"{Path.GetRelativePath(release, path)} {Hash.Of(File.ReadAllBytes(path)).ToHex()}")
                .Order(StringComparer.Ordinal),
        ];
    }
}
