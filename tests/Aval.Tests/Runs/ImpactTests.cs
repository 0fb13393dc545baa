using Aval.Orders;
using Aval.Runs;
using Aval.Storage;
using Aval.Tests.ContentStore;
using Aval.Tests.Orders;

namespace Aval.Tests.Runs;

/// <summary>From what somebody says down to the models, what can be said of each, and who has to be told.</summary>
public sealed class ImpactTests : IDisposable
{
    private readonly RunsWorld _world = new();
    private readonly StandingClock _clock = new(RunsWorld.Later);

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Each_model_gets_its_honest_outcome_and_each_recipient_its_notice()
    {
        _world.Export(new ExportRequest(_world.Name, _world.Folder("fr"), ExportFormat.Jsonl)
        {
            Languages = ["fr"],
            Recipient = "Invented Lab",
        });
        Train("base", _world.Name);
        Train("french", _world.Name, _world.Folder("fr"));
        Derive("open", ["base"], Derivation.Quantisation);
        Registering.Distribute(_world.Workspace, "open", Distribution.OpenWeights, ["Weights Hub"], RunsWorld.Later);
        Registering.Distribute(_world.Workspace, "base", Distribution.Api, ["Shop Example"], RunsWorld.Later);

        // Accounts of one person: two rows on facebook (the text of author 7 is "de"), one on instagram (fr).
        var said = _world.Say(ChoiceKind.Objection, "facebook:7").Entries.First;
        var impact = Of(new ImpactQuestion.Since(said));
        Assert.Equal([(_world.Name, (long?)3)], impact.Releases.Select(one => (one.Name, one.Rows)));
        Assert.Equal([1], impact.Exports.Select(one => one.Rows));
        Assert.Equal([3, 1], impact.Runs.Select(one => one.Rows));
        Assert.Equal(
            [("base", Outcome.Outstanding, 3), ("french", Outcome.Outstanding, 1), ("open", Outcome.NotRecallable, 3)],
            impact.Models.Select(one => (one.Model.Name, one.Outcome, one.Rows)));
        Assert.Equal(
            ["Invented Lab", "Shop Example", "Weights Hub"], impact.Notices.Select(notice => notice.Recipient));
        Assert.Empty(Of(new ImpactQuestion.Since(new EntryIndex(said.Value + 1))).Releases);
        Assert.Equal(3, Of(new ImpactQuestion.OfPerson(Account.Parse("instagram:u7"))).Releases.Single().Rows);

        var next = _world.Build(RunsWorld.Later);
        Train("base-2", $"all/{next.Manifest.Release}", replaces: "base");
        Derive("french-2", ["french"], Derivation.Unlearning, "french");
        var after = Of(new ImpactQuestion.Since(said));
        Assert.Equal(
            [Outcome.Retrained, Outcome.MitigatedOnly, Outcome.NotRecallable, Outcome.NotAffected, Outcome.Outstanding],
            after.Models.Select(one => one.Outcome));
        // What was bought elsewhere replaces, and was not trained here.
        Durable.Replace(_world.Folder("bought"), "");
        Directory.CreateDirectory(_world.Folder("b"));
        Durable.Replace(_world.Folder("b/w"), "w");
        Registering.Register(
            _world.Workspace,
            new ModelRequest("bought", _world.Folder("b"))
            {
                Releases = [$"all/{next.Manifest.Release}"],
                Replaces = "french-2",
            },
            RunsWorld.Later);
        Assert.Equal(Outcome.Replaced, Of(new ImpactQuestion.Since(said)).Models[1].Outcome);
    }

    [Fact]
    public void Notices_are_written_in_two_languages_name_rows_and_nobody_and_are_acknowledged()
    {
        _world.Export(new ExportRequest(_world.Name, _world.Folder("out"), ExportFormat.Jsonl)
        {
            Recipient = "Invented Lab",
        });
        var said = _world.Say(ChoiceKind.Objection, "facebook:30").Entries.First;
        var impact = Of(new ImpactQuestion.Since(said));
        Notice.Write(_world.Workspace, impact.Notices, _world.Folder("notices"), RunsWorld.Later);
        var notice = Assert.Single(Of(new ImpactQuestion.Since(said)).Notices);
        Assert.Equal(RunsWorld.Later, notice.WrittenAt);
        var folder = Path.Combine(_world.Folder("notices"), notice.Id);
        Assert.Equal(2, File.ReadAllLines(Path.Combine(folder, "rows.txt")).Length);
        var (english, french) = (File.ReadAllText(Path.Combine(folder, "notice.en.txt")),
            File.ReadAllText(Path.Combine(folder, "notice.fr.txt")));
        Assert.Contains("Articles 17(2) and 19", english, StringComparison.Ordinal);
        Assert.Contains("It concerns 2 rows", english, StringComparison.Ordinal);
        Assert.Contains("articles 17, paragraphe 2, et 19", french, StringComparison.Ordinal);
        Assert.Contains("2 lignes sont concernées", french, StringComparison.Ordinal);

        Notice.Acknowledge(_world.Workspace, notice.Id, RunsWorld.Later);
        Assert.NotNull(Assert.Single(Of(new ImpactQuestion.Since(said)).Notices).AcknowledgedAt);
        Assert.Throws<AvalException>(() =>
            Notice.Acknowledge(_world.Workspace, "notice-000000000000", RunsWorld.Later));

        var page = ImpactPage.Of(impact, RegisteredModels.Of(Register.Read(_world.Workspace)));
        Assert.All([english, french, page], text =>
            Assert.DoesNotContain("facebook:", text, StringComparison.Ordinal));
        Assert.Contains("Invented Lab", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_release_whose_lineage_is_gone_is_not_taken_for_one_that_nobody_is_in()
    {
        Train("base", _world.Name);
        var said = _world.Say(ChoiceKind.Objection, "facebook:30").Entries.First;
        Directory.Move(
            Path.Combine(_world.Workspace.Lineage, _world.Name), _world.Folder("lineage-gone"));
        var impact = Of(new ImpactQuestion.Since(said));
        Assert.Null(impact.Releases.Single().Rows);
        Assert.Equal((Outcome.Outstanding, null), (impact.Models.Single().Outcome, impact.Models.Single().Rows));
    }

    [Fact]
    public void A_forget_set_holds_the_rows_that_left_and_no_other_and_a_sample_of_those_that_stayed()
    {
        var early = _world.Say(ChoiceKind.Objection, "facebook:40", "2026-01-20T00:00:00Z").Entries.First;
        // Trained when its policy still allowed it: here, outside.
        Directory.CreateDirectory(_world.Folder("old"));
        Durable.Replace(_world.Folder("old/w"), "w");
        Registering.Register(
            _world.Workspace, new ModelRequest("old", _world.Folder("old")) { Releases = [_world.Name] },
            RunsWorld.Later);
        var said = _world.Say(ChoiceKind.Withdrawal, "facebook:31").Entries.First; // No rule of this policy.
        var none = Assert.Throws<AvalException>(() => Forget(said, "none"));
        Assert.Contains("has left since", none.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(_world.Folder("none")));

        _world.Say(ChoiceKind.Objection, "instagram:u7");
        var outcome = Forget(said, "set");
        Assert.Equal(3, outcome.Forget);
        Assert.Equal(100, outcome.Retain);
        var left = $"(SELECT row_key FROM read_parquet({_world.LineageFiles()}) "
            + "WHERE account IN ('facebook:7', 'instagram:u7'))";
        Assert.Equal(0, _world.Ask<long>($"""
            SELECT count(*) FROM read_parquet('{_world.Folder("set")}/forget.parquet') FULL JOIN {left} AS gone
            USING (row_key) WHERE text IS NULL OR gone.row_key IS NULL
            """));
        // Neither who left now nor who left before is among those who stayed.
        Assert.Equal(0, _world.Ask<long>($"""
            SELECT count(*) FROM read_parquet('{_world.Folder("set")}/retain.parquet')
            JOIN read_parquet({_world.LineageFiles()}) AS lineage USING (row_key)
            WHERE account IN ('facebook:7', 'instagram:u7', 'facebook:40')
            """));
        Assert.Equal(3, File.ReadAllLines(Path.Combine(_world.Folder("set"), "forget.jsonl")).Length);
        Assert.Equal(5, Forget(early, "all").Forget);
    }

    /// <summary>To train on something so that it is forgotten is to use it (Art. 18(2)).</summary>
    [Fact]
    public void What_is_restricted_is_in_no_part_of_a_forget_set()
    {
        Directory.CreateDirectory(_world.Folder("old"));
        Durable.Replace(_world.Folder("old/w"), "w");
        Registering.Register(
            _world.Workspace, new ModelRequest("old", _world.Folder("old")) { Releases = [_world.Name] },
            RunsWorld.Later);
        var said = _world.Say(ChoiceKind.Restriction, "facebook:30").Entries.First;
        var none = Assert.Throws<AvalException>(() => Forget(said, "none"));
        Assert.Contains("is restricted", none.Message, StringComparison.Ordinal);
        _world.Say(ChoiceKind.Objection, "instagram:u7");

        var outcome = Forget(said, "set");

        Assert.Equal(3, outcome.Forget);
        Assert.NotEqual(0, outcome.Restricted);
        foreach (var part in new[] { "forget", "retain" })
            Assert.Equal(0, _world.Ask<long>($"""
                SELECT count(*) FROM read_parquet('{_world.Folder("set")}/{part}.parquet')
                JOIN read_parquet({_world.LineageFiles()}) AS lineage USING (row_key) WHERE account = 'facebook:30'
                """));
    }

    [Fact]
    public void A_forget_set_does_not_leave_while_an_order_stops_the_use_of_what_it_is_taken_from()
    {
        Directory.CreateDirectory(_world.Folder("old"));
        Durable.Replace(_world.Folder("old/w"), "w");
        Registering.Register(
            _world.Workspace, new ModelRequest("old", _world.Folder("old")) { Releases = [_world.Name] },
            RunsWorld.Later);
        var said = _world.Say(ChoiceKind.Objection, "instagram:u7").Entries.First;
        var order = OrderBook.Serve(
            _world.Workspace, OrderWorld.Of("1", new OrderEffect.SuspendRelease([_world.Name])), _world.Clock);

        var refused = Assert.Throws<AvalException>(() => Forget(said, "set"));

        Assert.Equal(ExitCode.Refused, refused.Exit);
        Assert.Contains(order.Citation, refused.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(_world.Folder("set")));
        OrderBook.Lift(_world.Workspace, order.Index, "Settled", _world.Clock);
        Assert.Equal(3, Forget(said, "set").Forget);
    }

    private ForgetSetOutcome Forget(EntryIndex since, string folder) => ForgetSet.Write(
        _world.Workspace, "old", since, _world.Folder(folder), RunsWorld.Later, new EngineLimits(2, 500_000_000));

    private Impact Of(ImpactQuestion question) => Impact.Of(
        _world.Workspace, question, RunsWorld.Later, new EngineLimits(2, 500_000_000));

    private void Train(string name, string release, string? export = null, string? replaces = null)
    {
        _clock.Now += TimeSpan.FromSeconds(1);
        Running.Run(
            _world.Workspace,
            new RunRequest(release, ["sh", "-c", "echo w > \"$AVAL_MODEL/w\""])
            {
                Name = name,
                Model = _world.Folder(name),
                Export = export,
                Replaces = replaces,
            },
            _clock, new EngineLimits(2, 500_000_000), Assert.Fail);
    }

    private void Derive(string name, string[] from, Derivation how, string? replaces = null)
    {
        Directory.CreateDirectory(_world.Folder(name));
        Durable.Replace(_world.Folder($"{name}/w"), "w");
        Registering.Register(
            _world.Workspace,
            new ModelRequest(name, _world.Folder(name)) { From = from, How = how, Replaces = replaces },
            RunsWorld.Later);
    }
}
