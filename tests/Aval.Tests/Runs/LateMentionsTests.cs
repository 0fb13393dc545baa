using Aval.Answers;
using Aval.Building;
using Aval.Choices;
using Aval.Choices.Stores;
using Aval.Content;
using Aval.Policies;
using Aval.Portal.Officer;
using Aval.Recording;
using Aval.Requests;
using Aval.Runs;
using Aval.Storage;
using Aval.Tests.ContentStore;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.Runs;

/// <summary>
/// What is said about a person by others, and what is restricted or to be erased, is honoured by whoever reads next,
/// and not only by the next release.
/// </summary>
public sealed class LateMentionsTests : IDisposable
{
    private static readonly EngineLimits Small = new(2, 500_000_000);
    private static readonly DateTimeOffset AsOf = Time("2026-01-15T00:00:00Z");
    private readonly ContentWorld _world = new(buckets: 2);

    // Bea names Ann by a tag of an export, in a text by her handle, and in persons; Cem names nobody.
    public LateMentionsTests()
    {
        _world.Clock.Now = AsOf;
        static string Post(string id, string author, string text, string? persons = null) => Item(
            id, ("author", $"\"facebook:{author}\""), ("text", $"\"{text}\""), ("persons", persons),
            ("created_at", "\"2024-01-01T00:00:00Z\""), ("observed_at", "\"2024-06-01T00:00:00Z\""));
        _world.Import(_world.Lines(
            Post("a1", "ann", "What Ann says of herself alone"),
            Post("b1", "bea", "By the lake with @[ann:1:Ann Example] all day"),
            Post("b2", "bea", "Ann Example was there as well", """[{"account": "facebook:ann", "role": "tagged"}]"""),
            Post("c1", "cem", "Nobody is named in this one")));
        _world.Import(
            _world.Write("accounts.csv", "account,display_name,handle\nfacebook:ann,Ann Example,ann.ex\n"),
            ContentKind.Accounts, observedAt: "2024-06-01T00:00:00Z");
    }

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("mask", 2)]
    [InlineData("exclude", 2)]
    public void The_gate_is_shut_by_whoever_is_named_and_objects_to_that_and_a_new_release_opens_it(
        string action, int rows)
    {
        var release = Build(action);
        Say(ChoiceKind.Objection, "about-me");
        Assert.Contains(
            $"others name in {rows} of its rows somebody who has said since", Refused(release),
            StringComparison.Ordinal);
        Assert.DoesNotContain("ann", Refused(release), StringComparison.Ordinal);

        RunGate.Require(_world.Workspace, Build(action), _world.Clock.Now, Small);
        Say(ChoiceKind.ObjectionLifted, "about-me");
        RunGate.Require(_world.Workspace, release, _world.Clock.Now, Small);
    }

    [Theory]
    [InlineData("mask")]
    [InlineData("exclude")]
    public void An_officer_sees_that_a_release_names_somebody_who_objected_and_by_when_a_recall_is_due(string action)
    {
        Build(action);
        Outstanding Behind() =>
            Figures.Of(_world.Workspace, _world.Clock.Now).Recalls.Single();
        Assert.False(Behind().IsBehind);
        // Nobody names her, so that her day is nobody's.
        _world.Clock.Now = _world.Clock.Now.AddDays(1);
        Recorder.RecordOnce(_world.Workspace, _world.Clock.Now, new Choice(
            ChoiceKind.Objection, Account.Parse("facebook:dea"), Purpose.TrainGenerativeAi,
            Scope.TryParse("about-me", out var aboutMe) ? aboutMe : throw new FormatException(), _world.Clock.Now,
            _world.Clock.Now));
        _world.Clock.Now = _world.Clock.Now.AddDays(9);
        Say(ChoiceKind.Objection, "about-me");
        var behind = Behind();
        Assert.Equal((0, 2, true), (behind.Rows, behind.Naming, behind.IsBehind));
        Assert.Equal(
            Deadline.LastDay(_world.Clock.Now, 1, _world.Workspace.Settings.WorkingDays), behind.LastDay);
        Build(action);
        Assert.False(Behind().IsBehind);
    }

    [Theory]
    [InlineData("mask")]
    [InlineData("exclude")]
    public void An_item_that_was_changed_since_is_asked_for_as_the_release_has_it(string action)
    {
        var release = Build(action);
        _world.Clock.Now = AsOf.AddDays(1);
        _world.Import(_world.Lines(Item(
            "b1", ("author", "\"facebook:bea\""), ("text", "\"By the lake all day\""),
            ("created_at", "\"2024-01-01T00:00:00Z\""), ("observed_at", "\"2026-01-15T12:00:00Z\""))));
        Say(ChoiceKind.Restriction, "about-me");
        Assert.Contains("others name in 2 of its rows", Refused(release), StringComparison.Ordinal);
    }

    [Fact]
    public void What_others_wrote_is_in_what_an_impact_tells_until_a_release_honours_it()
    {
        var release = Build("mask");
        var early = Say(ChoiceKind.Refusal, "service:facebook");
        var said = Say(ChoiceKind.Objection, "about-me");
        long? Rows(string name, EntryIndex since) => Impact.Of(
            _world.Workspace, new ImpactQuestion.Since(since), _world.Clock.Now, Small)
            .Releases.SingleOrDefault(one => one.Name == name)?.Rows;
        Assert.Equal(2, Rows(release, said));
        Assert.Equal(2, Rows(release, early));
        Assert.Null(Rows(release, new EntryIndex(said.Value + 1)));
        Assert.Null(Rows(Build("mask"), said));
    }

    [Fact]
    public void A_policy_that_asks_nothing_about_persons_in_texts_and_one_with_a_lag_let_it_pass()
    {
        var off = Build("off");
        var lagging = Build("mask", "max-lag: 3 days");
        Say(ChoiceKind.Objection, "about-me");
        RunGate.Require(_world.Workspace, off, _world.Clock.Now, Small);
        RunGate.Require(_world.Workspace, lagging, _world.Clock.Now, Small);
        _world.Clock.Now = _world.Clock.Now.AddDays(4);
        Assert.Contains("others name in 2 of its rows", Refused(lagging), StringComparison.Ordinal);
    }

    [Fact]
    public void What_names_somebody_who_restricted_that_stays_out_of_an_export_and_never_waits()
    {
        var release = Build("mask", "max-lag: 3 days");
        Say(ChoiceKind.Restriction, "about-me");
        Assert.Contains(
            "others name in 2 of its rows somebody who had the use of what is about them restricted",
            Refused(release), StringComparison.Ordinal);
        var outcome = Exporting.Make(
            _world.Workspace, new ExportRequest(release, _world.File("out"), ExportFormat.Parquet), _world.Clock,
            Small, _ => { });
        Assert.Equal((2, 2), (outcome.Made.LeftOut!.Rows, outcome.Made.Splits.Single().Rows));
    }

    /// <summary>A letter of last week that is recorded today: what took its place when it was forgotten says both days.
    /// </summary>
    [Fact]
    public void A_forgotten_choice_that_was_received_after_the_release_shuts_the_gate()
    {
        Say(ChoiceKind.Objection, "about-me", madeDaysAgo: 5);
        var later = _world.Clock.Now;
        _world.Clock.Now = AsOf;
        var release = Build("mask");
        _world.Clock.Now = later;
        Assert.Contains("others name in 2 of its rows", Refused(release), StringComparison.Ordinal);
        using (var store = ChoiceStores.Open(_world.Workspace))
        {
            var plan = Forgettings.Plan(
                _world.Workspace, store, [new EntryIndex(0)], ForgettingReason.Request, _world.Clock.Now);
            store.Forget(plan.Choices, plan.DecidedAt);
        }

        Assert.Contains("others name in 2 of its rows", Refused(release), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_only_a_consent_lets_a_name_stand_the_gate_is_shut_when_it_has_run_out()
    {
        Say(ChoiceKind.Consent, "everything", until: AsOf.AddDays(10));
        var release = Build("mask", protect: "all-but-consenting");
        RunGate.Require(_world.Workspace, release, _world.Clock.Now, Small);
        _world.Clock.Now = AsOf.AddDays(10);
        Assert.Contains(
            "others name in 2 of its rows somebody who has said since that they are not to be named, or whose consent",
            Refused(release), StringComparison.Ordinal);
        RunGate.Require(
            _world.Workspace, Build("mask", protect: "all-but-consenting"), _world.Clock.Now, Small);
    }

    [Theory]
    [InlineData(ChoiceKind.Restriction)]
    [InlineData(ChoiceKind.Erasure)]
    public void A_query_tells_of_what_is_quarantined_without_its_words(ChoiceKind kind)
    {
        var release = Build("off");
        string[] Ask(string sql, string? of = null)
        {
            using var query = OpenQuery.Prepare(_world.Workspace, sql, of, _world.Clock.Now, Small);
            return [.. query.Rows(sql).Skip(1).Select(row => string.Join(" | ", row.Select(value => value ?? "null")))];
        }

        const string items = "SELECT item_id, text IS NULL FROM items ORDER BY 1";
        Assert.Equal(["a1 | false", "b1 | false", "b2 | false", "c1 | false"], Ask(items));
        Assert.Equal(["4"], Ask("SELECT count(*) FROM shards"));

        Say(kind, "everything");
        string[] silent = ["a1 | true", "b1 | false", "b2 | false", "c1 | false"];
        Assert.Equal(silent, Ask(items));
        Assert.Equal(silent, Ask(items, release));
        Assert.Equal(["3"], Ask("SELECT count(*) FROM shards"));
        Assert.Equal(["3"], Ask("SELECT count(*) FROM shards", release));
        Assert.Equal(["facebook:ann | null | null"], Ask("SELECT account, display_name, handle FROM accounts"));
        Assert.Equal(["4"], Ask("SELECT count(*) FROM decisions"));
        if (kind is ChoiceKind.Restriction)
        {
            Say(ChoiceKind.RestrictionLifted, "everything");
            Assert.Equal(["4"], Ask("SELECT count(*) FROM shards"));
        }
    }

    private string Refused(string release)
    {
        var refused = Assert.Throws<AvalException>(
            () => RunGate.Require(_world.Workspace, release, _world.Clock.Now, Small));
        Assert.Equal(ExitCode.Refused, refused.Exit);
        return refused.Message;
    }

    private EntryIndex Say(ChoiceKind kind, string scope, int madeDaysAgo = 0, DateTimeOffset? until = null)
    {
        _world.Clock.Now = _world.Clock.Now.AddDays(1);
        return Recorder.RecordOnce(_world.Workspace, _world.Clock.Now, new Choice(
            kind, Account.Parse("facebook:ann"), Purpose.TrainGenerativeAi,
            Scope.TryParse(scope, out var parsed) ? parsed : throw new FormatException(scope),
            _world.Clock.Now.AddDays(-madeDaysAgo), _world.Clock.Now, until,
            Notice: kind is ChoiceKind.Consent ? "v1" : null,
            Actor: kind is ChoiceKind.RestrictionLifted ? Actor.Controller : Actor.Person)).Entries.First;
    }

    private string Build(
        string action, string also = "title: Whatever there is", string protect = "objectors")
    {
        var aboutMe = action == "off"
            ? """{id: about-me, off: "because this is a test"}"""
            : $"{{id: about-me, protect: {protect}, action: {action}}}";
        var made = Pipeline.Build(
            _world.Workspace,
            new BuildRequest(
                PolicyReader.Parse(
                    $$"""
                    policy: named
                    {{(also.StartsWith("title", StringComparison.Ordinal) ? "" : "title: With a lag")}}
                    {{also}}
                    purpose: train-generative-ai
                    basis: legitimate-interest
                    applies-from: 2025-05-27
                    rules:
                      - {id: objection}
                      - {id: erasure}
                      - {id: restriction}
                      - {id: removal}
                      - {id: informed, off: "because this is a test"}
                      - {id: combine-services, reading: same-person}
                      - {id: special-categories, off: "because this is a test"}
                      - {{aboutMe}}

                    """, "a test's policy"),
                CorpusName.Parse(action + (also.StartsWith("title", StringComparison.Ordinal) ? "" : "-lag")),
                _world.Clock.Now, null, Small)
            {
                Clock = _world.Clock,
            },
            _ => { }).Manifest;
        return $"{made.Corpus}/{made.Release}";
    }
}
