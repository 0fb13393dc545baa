using Aval.Building;
using Aval.Choices;
using Aval.Choices.Stores;
using Aval.Corpus;
using Aval.Ledger;
using Aval.Policies;
using Aval.Recording;
using Aval.Storage;
using Aval.Tests.ContentStore;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.Releases;

/// <summary>
/// A release is the same before and after somebody's choices were forgotten; the erasures that it honours are an input
/// of their own.
/// </summary>
public sealed class ForgottenChoiceTests : IDisposable
{
    private const string Then = "2025-06-01T00:00:00Z";

    private static readonly Policy Regime = EngineWorld.Policy(
        new Rule.Erasure("GDPR 17"), new Rule.Restriction("GDPR 18"), new Rule.Objection("GDPR 21", null),
        new Rule.Removal("GDPR 17"), new Rule.Consent("GDPR 7"));

    private readonly ContentWorld _world = new();

    public ForgottenChoiceTests() => _world.Import(_world.Lines([
        .. new[] { "ann", "bea", "cem", "dee", "eve" }.Select(name => Item(
            name, ("author", $"\"facebook:{name}\""), ("created_at", "\"2024-01-01T00:00:00Z\""),
            ("observed_at", "\"2024-06-01T00:00:00Z\""))),
    ]));

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Forgetting_alone_changes_no_byte()
    {
        Say(ChoiceKind.Consent, "ann", "2025-01-01");
        Say(ChoiceKind.Consent, "ann", "2025-01-02");
        Say(ChoiceKind.Consent, "bea", "2025-01-01");
        Say(ChoiceKind.Withdrawal, "bea", "2025-02-01");
        Say(ChoiceKind.Objection, "cem", "2025-01-01");
        Say(ChoiceKind.Erasure, "dee", "2025-01-01");
        Say(ChoiceKind.Removal, "eve", "2025-01-01", "item:facebook:ann");
        Say(ChoiceKind.Objection, "nobody-that-content-knows", "2025-01-01");
        Say(ChoiceKind.Restriction, "eve", "2025-07-01"); // After the instant of the build.
        var before = Build(Then);
        var bytes = Bytes(before);
        Assert.Equal(8, before.Manifest.Choices);

        Forget(0, 2, 3, 4, 5, 6, 7, 8);
        Assert.True(Build(Then).Existed);
        Directory.Delete(before.Directory, recursive: true);
        Assert.Equal(bytes, Bytes(Build(Then)));
    }

    [Fact]
    public void What_was_said_in_an_older_spelling_protects_after_it_was_forgotten_too()
    {
        _world.Import(_world.Lines(Item(
            "zoe", ("service", "\"instagram\""), ("author", "\"instagram:zoe\""),
            ("created_at", "\"2024-01-01T00:00:00Z\""), ("observed_at", "\"2024-06-01T00:00:00Z\""))));
        // As an older version recorded it, before the service's form was stated: behind the doors.
        using (var store = ChoiceStores.Open(_world.Workspace))
        {
            var at = Time("2025-01-01T00:00:00Z");
            var entries = store.Append([Sealing.Seal(new Choice(
                ChoiceKind.Objection, Account.Parse("instagram:Zoe"), Purpose.TrainGenerativeAi, Scope.Everything,
                at, at))]);
            Recorder.PublishRecorded(
                new Integrator(_world.Workspace, SigningKey.Read(_world.Workspace.SigningKeyFile)), store, entries,
                null);
        }

        var before = Build(Then);
        var bytes = Bytes(before);
        Assert.Equal(1, before.Accounting.Total.Excluded[Reason.Objected]);

        Forget(0);
        Directory.Delete(before.Directory, recursive: true);
        Assert.Equal(bytes, Bytes(Build(Then)));
    }

    [Fact]
    public void Whoever_is_only_named_by_others_is_masked_there_after_the_choice_was_forgotten_too()
    {
        var regime = EngineWorld.Policy(new Rule.AboutMe("GDPR 21", Protected.Objectors, MentionAction.Mask));
        _world.Import(_world.Lines(
            Item("tagged", ("author", "\"facebook:bea\""), ("text", "\"with @[zoe:1:Zoe]\""),
                ("persons", """[{"account": "facebook:zoe", "role": "tagged"}]"""),
                ("observed_at", "\"2024-06-01T00:00:00Z\"")),
            Item("written", ("author", "\"facebook:bea\""), ("text", "\"and @[yan:1:Yan]\""),
                ("observed_at", "\"2024-06-01T00:00:00Z\""))));
        Say(ChoiceKind.Objection, "zoe", "2025-01-01");
        Say(ChoiceKind.Objection, "yan", "2025-01-01", "about-me");
        var before = Build(Then, regime: regime);
        var bytes = Bytes(before);
        Assert.Equal(("person", 2), Assert.Single(
            before.Accounting.Masked.GroupBy(one => one.Kind).Select(kind => (kind.Key, kind.Sum(one => one.Count)))));

        Forget(0, 1);
        Directory.Delete(before.Directory, recursive: true);
        Assert.Equal(bytes, Bytes(Build(Then, regime: regime)));
    }

    [Fact]
    public void A_permission_that_decided_then_decides_then_after_it_was_forgotten()
    {
        Say(ChoiceKind.Consent, "ann", "2025-01-01");
        Say(ChoiceKind.Withdrawal, "ann", "2025-09-01");
        var before = Build(Then);
        Assert.Equal(1, before.Manifest.Admitted);

        Forget(0);
        Assert.True(Build(Then).Existed);
        Assert.Equal(0, Build("2025-10-01T00:00:00Z").Manifest.Admitted);
    }

    [Fact]
    public void A_release_at_a_checkpoint_is_the_same_after_what_lies_below_it_was_forgotten()
    {
        Say(ChoiceKind.Consent, "ann", "2025-01-01");
        Say(ChoiceKind.Objection, "bea", "2025-01-01");
        Say(ChoiceKind.Withdrawal, "ann", "2025-02-01");
        var before = Build(Then, atCheckpoint: 2);
        Assert.Equal(1, before.Manifest.Admitted);

        Forget(0, 1, 2);
        Assert.True(Build(Then, atCheckpoint: 2).Existed);
    }

    [Fact]
    public void An_erasure_is_honoured_beyond_the_checkpoint_and_stated()
    {
        Say(ChoiceKind.Consent, "ann", "2025-01-01");
        Say(ChoiceKind.Consent, "bea", "2025-01-01");
        var before = Build(Then, atCheckpoint: 2);
        Assert.Equal((2, 2), (before.Manifest.Admitted, before.Manifest.Choices));
        Say(ChoiceKind.Objection, "bea", "2025-01-03");
        Say(ChoiceKind.Erasure, "ann", "2025-01-02");

        var superseding = Build(Then, atCheckpoint: 2);
        var erasure = superseding.Manifest.ErasedTo.Value;
        Assert.Equal(
            (1, 3, 2),
            (superseding.Manifest.Admitted, superseding.Manifest.Choices, superseding.Manifest.LedgerSize.Value));
        Assert.Equal(before.Manifest.Release, Build(Then, atCheckpoint: 2, erasedTo: 2).Manifest.Release);
        Forget(erasure - 1);
        Assert.True(Build(Then, atCheckpoint: 2).Existed);
        Assert.True(Build(Then, atCheckpoint: 2, erasedTo: erasure).Existed);
        Assert.True(Build(Then, atCheckpoint: 2, erasedTo: 2).Existed);
    }

    [Fact]
    public void An_erasure_below_the_checkpoint_cannot_be_left_out()
    {
        Say(ChoiceKind.Erasure, "ann", "2025-01-01");
        var refused = Assert.Throws<AvalException>(() => Build(Then, erasedTo: 0));

        Assert.Equal(ExitCode.Usage, refused.Exit);
        Assert.Contains("--erased-to 0", refused.Message, StringComparison.Ordinal);
        Assert.Contains(
            "the ledger has", Assert.Throws<AvalException>(() => Build(Then, erasedTo: 1000)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_release_that_says_something_else_is_told_by_what_differs()
    {
        Say(ChoiceKind.Consent, "ann", "2025-01-01");
        var made = Build(Then);
        var manifest = Path.Combine(made.Directory, Manifest.FileName);
        var text = File.ReadAllText(manifest);
        Durable.Replace(manifest, System.Text.Encoding.UTF8.GetBytes(
            text.Replace("\"honoured\": 1", "\"honoured\": 7", StringComparison.Ordinal)));
        var other = Assert.Throws<AvalException>(() => Build(Then));
        Assert.Equal(ExitCode.Refused, other.Exit);
        Assert.Contains("it honours 7 choices, and the store has 1", other.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("imported", other.Message, StringComparison.Ordinal);

        Durable.Replace(manifest, System.Text.Encoding.UTF8.GetBytes(text));
        _world.Import(
            _world.Lines(Item("more", ("observed_at", "\"2024-06-01T00:00:00Z\""), ("author", "\"facebook:bea\""))));
        Assert.Contains(
            "has been imported since", Assert.Throws<AvalException>(() => Build(Then)).Message,
            StringComparison.Ordinal);
    }

    private void Say(ChoiceKind kind, string who, string when, string scope = "everything")
    {
        var at = Time($"{when}T00:00:00Z");
        Recorder.RecordOnce(_world.Workspace, Today, new Choice(
            kind, Account.Parse($"facebook:{who}"), Purpose.TrainGenerativeAi,
            Scope.TryParse(scope, out var parsed) ? parsed : throw new ArgumentException(scope), at, at,
            Actor: kind == ChoiceKind.Removal ? Actor.Anyone : Actor.Person,
            Notice: kind == ChoiceKind.Consent ? "v1" : null));
    }

    // As the command does: all of them, or none.
    private void Forget(params long[] choices)
    {
        using var store = ChoiceStores.Open(_world.Workspace);
        var plan = Forgettings.Plan(
            _world.Workspace, store,
            [.. choices.Select(index => new EntryIndex(index))], ForgettingReason.Request, Today);
        Assert.Empty(plan.Kept);
        var entries = store.Forget(plan.Choices, plan.DecidedAt);
        Recorder.PublishRecorded(
            new Integrator(_world.Workspace, SigningKey.Read(_world.Workspace.SigningKeyFile)), store, entries, null);
    }

    private BuildOutcome Build(
        string asOf, long? atCheckpoint = null, long? erasedTo = null, Policy? regime = null) => Pipeline.Build(
        _world.Workspace,
        new BuildRequest(
            regime ?? Regime, CorpusName.Parse("test"), Time(asOf),
            atCheckpoint is { } size ? new TreeSize(size) : null,
            new EngineLimits(2, 1_000_000_000))
        {
            ErasedTo = erasedTo is { } erased ? new TreeSize(erased) : null,
            Clock = _world.Clock,
        },
        _ => { });

    // All that is a function of the inputs: no proof of the ledger, which grows.
    private static string Bytes(BuildOutcome release) =>
        string.Join('\n', Directory.EnumerateFiles(release.Directory, "*", SearchOption.AllDirectories)
            .Where(path => !path.EndsWith(".tlog-proof", StringComparison.Ordinal)
                && !path.EndsWith("checkpoint", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(path => $"{Path.GetRelativePath(release.Directory, path)} "
                + $"{Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))}"));
}
