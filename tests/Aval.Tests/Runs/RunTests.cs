using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Aval.Choices;
using Aval.Corpus;
using Aval.Recording;
using Aval.Runs;
using Aval.Storage;
using Aval.Tests.Authors;
using Aval.Tests.ContentStore;

namespace Aval.Tests.Runs;

/// <summary>A gate around any trainer, and what is written down of it.</summary>
public sealed class RunTests : IDisposable
{
    private readonly RunsWorld _world = new();
    private readonly StandingClock _clock = new(RunsWorld.Later);
    private readonly List<string> _warned = [];

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_run_finds_its_files_and_its_model_is_registered_with_what_it_was_made_of()
    {
        var events = _world.Folder("events.jsonl");
        var outcome = Run(Shell("cd \"$AVAL_MODEL\"; ls \"$AVAL_SHARDS\" > seen; echo $AVAL_SEED > seed") with
        {
            Name = "lm-1",
            Model = _world.Folder("lm-1"),
            Seed = "7",
            OpenLineage = events,
        });
        Assert.Equal(["b000.parquet", "b001.parquet", "b002.parquet", "b003.parquet"],
            File.ReadAllLines(_world.Folder("lm-1/seen")));
        Assert.Equal("7\n", File.ReadAllText(_world.Folder("lm-1/seed")));
        var ended = (RunEnded)outcome.Ended.Stated;
        Assert.Equal((RunEnding.Ended, 0), (ended.Ending, ended.Exit));
        Assert.Equal(["seed", "seen"], ended.Subjects.Select(file => file.Name));
        var models = RegisteredModels.Of(Register.Read(_world.Workspace));
        Assert.Equal([(_world.Name, null)], models.Sources(models.Require("lm-1", "")));
        Assert.Equal(
            ["START", "COMPLETE"],
            File.ReadLines(events).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("eventType")
                .GetString()));
        Assert.Empty(_warned);

        // A name that was registered stands for that model for ever.
        var taken = Assert.Throws<AvalException>(() =>
            Run(Shell("true") with { Name = "lm-1", Model = _world.Folder("lm-2") }));
        Assert.Contains("there is a model of this name", taken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_are_posted_to_whoever_listens_and_one_that_is_refused_stops_nothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var (address, taken) = ($"http://{listener.LocalEndpoint}/api/v1/lineage", new List<string>());
        var serving = Task.Run(() =>
        {
            foreach (var status in (string[])["201 Created", "503 Service Unavailable"])
                taken.Add(Answer(listener, status));
        }, TestContext.Current.CancellationToken);

        var outcome = Run(Shell("true") with { OpenLineage = address });
        await serving;

        Assert.Equal(0, ((RunEnded)outcome.Ended.Stated).Exit);
        Assert.Equal(
            ["START", "COMPLETE"],
            taken.Select(body => JsonDocument.Parse(body).RootElement.GetProperty("eventType").GetString()));
        Assert.StartsWith(
            $"{address}: the event COMPLETE was answered with 503", Assert.Single(_warned), StringComparison.Ordinal);
        listener.Stop();
        _ = Run(Shell("true") with { OpenLineage = address });
        Assert.Contains("the event START was not taken", _warned[1], StringComparison.Ordinal);
    }

    // One request of a known length; answers its body.
    private static string Answer(TcpListener listener, string status)
    {
        using var client = listener.AcceptTcpClient();
        using var stream = client.GetStream();
        using var reader = new StreamReader(stream);
        var length = 0;
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                length = int.Parse(line.Split(':')[1], CultureInfo.InvariantCulture);
        }

        var body = new char[length];
        reader.ReadBlock(body);
        stream.Write(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        return new string(body);
    }

    [Fact]
    public void How_a_run_ends_is_written_down_as_it_was()
    {
        Assert.Equal((RunEnding.Ended, 3), Ending(Run(Shell("exit 3"))));
        Assert.Equal((RunEnding.Killed, 137), Ending(Run(Shell("kill -9 $$"))));
        var missing = Run(new RunRequest(_world.Name, ["no-such-trainer"]));
        Assert.Equal((RunEnding.NotStarted, null), Ending(missing));
        Assert.NotNull(missing.Why);
        // What a killed trainer left was made of the same rows.
        var left = Run(Shell("echo half > \"$AVAL_MODEL/half\"; kill -9 $$") with
        {
            Name = "half",
            Model = _world.Folder("half"),
        });
        Assert.Equal("half", ((ModelRegistered)left.Model!.Stated).Model);
        Assert.Empty(Running.Settle(_world.Workspace, _clock));
    }

    [Fact]
    public void A_run_whose_watcher_was_killed_is_on_record_and_settled_once()
    {
        var lost = new RunBegun(
            RunsWorld.Later, "run-lost", "lost", _world.Name, "00", null, ["trainer"], null, "elsewhere", null, [], 0)
        {
            Subjects = [new("manifest.json", "00")],
        };
        Register.Enter(_world.Workspace, lost);
        using (FileLock.Acquire(UnderWay("run-lost"), "a run", TimeSpan.Zero))
            Assert.Empty(Running.Settle(_world.Workspace, _clock)); // Somebody watches over it.
        Assert.Equal(["run-lost"], Running.Settle(_world.Workspace, _clock));
        Assert.Empty(Running.Settle(_world.Workspace, _clock));
        var ended = Assert.Single(Register.Read(_world.Workspace).Select(one => one.Stated).OfType<RunEnded>());
        Assert.Equal((RunEnding.Killed, null), (ended.Ending, ended.Exit));
    }

    [Fact]
    public void An_objection_since_shuts_the_gate_for_that_release_and_a_new_one_opens_it()
    {
        _world.Say(ChoiceKind.Objection, "facebook:50", "2026-01-20T00:00:00Z");
        Refused("1 of its authors have said what it does not honour (objected)", "aval recall --corpus all");
        var next = _world.Build(RunsWorld.Later);
        Assert.Equal(RunsWorld.Rows - 2, next.Manifest.Admitted);
        Assert.Equal(0, ((RunEnded)Run(Shell("true") with { Release = "all" }).Ended.Stated).Exit);
        // Somebody who is in neither shuts nothing.
        _world.Say(ChoiceKind.Restriction, "facebook:9999", "2026-02-20T00:00:00Z");
        _world.Say(ChoiceKind.ObjectionLifted, "facebook:50", "2026-02-21T00:00:00Z");
        Assert.Equal(0, ((RunEnded)Run(Shell("true")).Ended.Stated).Exit);
    }

    [Fact]
    public void A_policy_may_allow_a_lag_and_a_restriction_never_waits()
    {
        var lagging = _world.Build(
            RunsWorld.AsOf, BuiltRelease.AdmitsAll.Replace("rules:\n", "max-lag: 30 days\nrules:\n",
                StringComparison.Ordinal));
        var release = $"all/{lagging.Manifest.Release}";
        _world.Say(ChoiceKind.Objection, "facebook:40", "2026-02-10T00:00:00Z");
        var within = Run(Shell("true") with { Release = release });
        Assert.Equal(1, ((RunBegun)within.Begun.Stated).Unhonoured);
        _clock.Now = RunsWorld.Later.AddDays(12);
        Refused("longer ago than the policy's max-lag, 30 days", "aval impact --since", release);
        _clock.Now = RunsWorld.Later;
        _world.Say(ChoiceKind.Restriction, "facebook:41", "2026-02-28T00:00:00Z");
        Refused("1 of its authors had the use of what is theirs restricted", "Art. 18", release);
    }

    /// <summary>Whoever objects mostly has the use restricted too (Art. 18(1)(d)).</summary>
    [Fact]
    public void A_restriction_does_not_wait_behind_what_its_author_said_besides()
    {
        var lagging = _world.Build(
            RunsWorld.AsOf, BuiltRelease.AdmitsAll.Replace("rules:\n", "max-lag: 30 days\nrules:\n",
                StringComparison.Ordinal));
        var release = $"all/{lagging.Manifest.Release}";
        _world.Say(ChoiceKind.Objection, "facebook:41", "2026-02-27T00:00:00Z");
        _ = Run(Shell("true") with { Release = release });
        _world.Say(ChoiceKind.Restriction, "facebook:41", "2026-02-28T00:00:00Z");
        Refused("1 of its authors had the use of what is theirs restricted", "Art. 18", release);
    }

    /// <summary>What has nothing to do with it does not begin the lag anew.</summary>
    [Fact]
    public void A_lag_is_reckoned_from_when_no_consent_was_in_force_whatever_is_said_later()
    {
        Recorder.RecordOnce(_world.Workspace, RunsWorld.Later, new Choice(
            ChoiceKind.Consent, Account.Parse("facebook:40"), Purpose.TrainGenerativeAi, Scope.Everything,
            ContentWorld.Time("2026-01-01T00:00:00Z"), ContentWorld.Time("2026-01-01T00:00:00Z"),
            ContentWorld.Time("2026-01-20T00:00:00Z"), Notice: "v1"));
        var lagging = _world.Build(
            RunsWorld.AsOf,
            BuiltRelease.AdmitsAll
                .Replace("rules:\n", "max-lag: 30 days\nrules:\n  - {id: consent}\n", StringComparison.Ordinal)
                .Replace("basis: legitimate-interest", "basis: consent", StringComparison.Ordinal));
        Assert.Equal(2, lagging.Manifest.Admitted);
        var release = $"all/{lagging.Manifest.Release}";
        const string why = "longer ago than the policy's max-lag, 30 days";
        Refused(why, "aval impact --since", release);
        _world.Say(ChoiceKind.Objection, "facebook:40", "2026-02-27T00:00:00Z");
        Refused(why, "aval impact --since", release);
        _world.Say(ChoiceKind.Refusal, "facebook:40", "2026-02-28T00:00:00Z");
        Refused(why, "aval impact --since", release);
    }

    /// <summary>As above, where a link that was learned since keeps a row out.</summary>
    [Fact]
    public void A_lag_is_reckoned_from_the_release_for_whoever_a_link_reaches_whatever_is_said_later()
    {
        _world.Say(ChoiceKind.Objection, "facebook:777", "2025-12-01T00:00:00Z");
        var lagging = _world.Build(
            RunsWorld.AsOf, BuiltRelease.AdmitsAll.Replace("rules:\n", "max-lag: 30 days\nrules:\n",
                StringComparison.Ordinal));
        var release = $"all/{lagging.Manifest.Release}";
        _world.Link("facebook:777", "p3", "2026-02-01T00:00:00Z");
        const string why = "2 of its authors have said what it does not honour (objected) longer ago";
        Refused(why, "aval impact --since", release);
        _world.Say(ChoiceKind.Refusal, "facebook:3", "2026-02-27T00:00:00Z");
        Refused(why, "aval impact --since", release);
    }

    [Fact]
    public void A_clock_that_was_set_back_makes_nothing_unsaid()
    {
        _world.Say(ChoiceKind.Objection, "facebook:40", "2026-02-10T00:00:00Z");
        _clock.Now = ContentWorld.Time("2026-01-20T00:00:00Z");

        Refused("1 of its authors have said what it does not honour (objected)", "aval recall --corpus all");
    }

    [Fact]
    public void Whoever_said_it_before_the_release_but_is_reached_since_shuts_the_gate_too()
    {
        // Received in time and made on an account that the content did not link: the link is observed later.
        _world.Say(ChoiceKind.Objection, "facebook:777", "2025-12-01T00:00:00Z");
        var honoured = _world.Build(RunsWorld.AsOf);
        var release = $"all/{honoured.Manifest.Release}";
        Assert.Equal(0, ((RunEnded)Run(Shell("true") with { Release = release }).Ended.Stated).Exit);
        _world.Link("facebook:777", "p3", "2026-02-01T00:00:00Z");
        Refused("2 of its authors have said", "objected", release);
    }

    [Fact]
    public void Withdrawn_and_damaged_releases_and_strange_exports_start_nothing()
    {
        var marker = _world.Folder("started");
        var trainer = Shell($"touch {marker}");
        var export = _world.Export("export");
        var other = _world.Build(RunsWorld.Later);
        Assert.Throws<AvalException>(() => Run(trainer with
        {
            Release = $"all/{other.Manifest.Release}",
            Export = _world.Folder("export"),
        }));
        Assert.Equal(
            export.Made.Export,
            ((RunBegun)Run(Shell("true") with { Export = _world.Folder("export") }).Begun.Stated).Export);
        Durable.AppendLine(Path.Combine(_world.Folder("export"), "data", "train.parquet"), "more");
        var changed = Assert.Throws<AvalException>(() => Run(trainer with { Export = _world.Folder("export") }));
        Assert.Contains("not the file that was exported", changed.Message, StringComparison.Ordinal);

        new Withdrawal(_world.Release.Manifest.Release, $"all/{other.Manifest.Release}", RunsWorld.Later).Record(
            Path.Combine(_world.Workspace.Corpus, "all"));
        var withdrawn = Assert.Throws<AvalException>(() => Run(trainer));
        Assert.Equal(ExitCode.Refused, withdrawn.Exit);
        Assert.Contains($"all/{other.Manifest.Release}", withdrawn.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(marker));
    }

    [Fact]
    public void Models_derive_from_models_and_are_traced_to_the_releases_below()
    {
        Run(Shell("echo 1 > \"$AVAL_MODEL/w\"") with { Name = "base", Model = _world.Folder("base") });
        Model("tuned", new ModelRequest("tuned", "") { From = ["base"], How = Derivation.FineTune });
        Model("small", new ModelRequest("small", "") { From = ["tuned"], How = Derivation.Quantisation });
        Registering.Distribute(_world.Workspace, "small", Distribution.OpenWeights, ["Lab B"], RunsWorld.Later);
        Registering.Distribute(_world.Workspace, "small", Distribution.Api, ["Lab A"], RunsWorld.Later);
        var models = RegisteredModels.Of(Register.Read(_world.Workspace));
        var small = models.Require("small", "");
        Assert.Equal(["small", "tuned", "base"], models.Ancestry(small).Select(model => model.Name));
        Assert.Equal([(_world.Name, null)], models.Sources(small));
        Assert.Equal(Distribution.OpenWeights, small.Widest); // What was once open stays so.
        Assert.Equal(["Lab A", "Lab B"], small.Recipients);
        Assert.Contains("neither was stated", Assert.Throws<AvalException>(() =>
            Model("orphan", new ModelRequest("orphan", ""))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_takes_the_name_of_a_model_while_it_is_trained_and_a_killed_run_lets_it_go()
    {
        _clock.Now += TimeSpan.FromSeconds(1);
        var killed = Register.Enter(_world.Workspace, new RunBegun(
            RunsWorld.Later, "run-killed", "lm", _world.Name, new string('0', 64), null, ["true"], null, "host", null,
            [], 0));
        Assert.Equal("lm", ((RunBegun)killed.Stated).Name);
        var outcome = Running.Run(
            _world.Workspace, Shell("") with { Name = "lm", Model = _world.Folder("lm") }, code: null, _clock,
            new EngineLimits(2, 500_000_000), _warned.Add, (_, surroundings) =>
            {
                Durable.Replace(Path.Combine(surroundings["AVAL_MODEL"], "weights"), "ours");
                var taken = Assert.Throws<AvalException>(() =>
                    Model("lm", new ModelRequest("lm", "") { Releases = [_world.Name] }, "other"));
                Assert.Contains("is under way under this name", taken.Message, StringComparison.Ordinal);
                return (0, null);
            });
        Assert.Equal("lm", ((ModelRegistered)outcome.Model!.Stated).Model);
    }

    /// <summary>As two programs side by side could enter them before names were looked at under a lock.</summary>
    [Fact]
    public void Two_models_of_one_name_are_both_found()
    {
        Registered[] entries =
        [
            .. new[] { 0, 1 }.Select(second => Register.Enter(_world.Workspace, new ModelRegistered(
                RunsWorld.Later.AddSeconds(second), "lm", Run: null, [_world.Name], [], How: null, Replaces: null))),
        ];
        var models = RegisteredModels.Of(Register.Read(_world.Workspace));
        Assert.Equal(["lm", $"lm@{entries[1].Index.Value}"], models.All.Select(model => model.Name));
        Assert.All(models.All, model => Assert.Equal([(_world.Name, null)], models.Sources(model)));
    }

    private void Model(string name, ModelRequest request) => Model(name, request, name);

    private void Model(string name, ModelRequest request, string folder)
    {
        Durable.Replace(Path.Combine(Directory.CreateDirectory(_world.Folder(folder)).FullName, "weights"), name);
        Registering.Register(_world.Workspace, request with { Folder = _world.Folder(folder) }, RunsWorld.Later);
    }

    private RunRequest Shell(string script) => new(_world.Name, ["sh", "-c", script]);

    private RunOutcome Run(RunRequest request)
    {
        // No two runs of one process begin at one instant.
        _clock.Now += TimeSpan.FromSeconds(1);
        return Running.Run(_world.Workspace, request, _clock, new EngineLimits(2, 500_000_000), _warned.Add);
    }

    private void Refused(string why, string what, string? release = null)
    {
        var marker = _world.Folder("started");
        var before = Register.Read(_world.Workspace).Count;
        var refused = Assert.Throws<AvalException>(() =>
            Run(Shell($"touch {marker}") with { Release = release ?? _world.Name }));
        Assert.Equal(ExitCode.Refused, refused.Exit);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Contains(what, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("facebook:", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(marker));
        Assert.Equal(before, Register.Read(_world.Workspace).Count);
    }

    private string UnderWay(string run) => Path.Combine(
        Directory.CreateDirectory(Path.Combine(_world.Workspace.Runs, "under-way")).FullName, $"{run}.lock");

    private static (RunEnding, int?) Ending(RunOutcome outcome) =>
        (((RunEnded)outcome.Ended.Stated).Ending, ((RunEnded)outcome.Ended.Stated).Exit);
}
