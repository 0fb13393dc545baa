using Aval.Building;
using Aval.Choices;
using Aval.Corpus;
using Aval.Policies;
using Aval.Recording;
using Aval.Runs;
using Aval.Storage;
using Aval.Tests.ContentStore;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.Runs;

/// <summary>Who takes back the explicit consent to what reveals special categories (GDPR Art. 9(2)(a)) shuts the gate
/// for what a release has, whatever the content says by now.</summary>
public sealed class LateRevealingTests : IDisposable
{
    private static readonly EngineLimits Small = new(2, 500_000_000);
    private readonly ContentWorld _world = new(buckets: 2);

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("Ich bin seit Jahren in der Gewerkschaft, IG Metall.", "de", "Nur das Wetter ist so.")]
    [InlineData("ICH BIN SCHWUL UND DAS IST GUT!", "en", null)]
    public void The_gate_is_shut_for_what_the_release_says(string text, string hint, string? later)
    {
        _world.Clock.Now = Time("2026-03-01T00:00:00Z");
        Observe(text, hint, "2024-06-01");
        Say(ChoiceKind.Consent, "2025-01-01");
        var before = Build("2026-01-15T00:00:00Z");
        Assert.Equal(1, before.Admitted);
        if (later is not null)
            Observe(later, hint, "2026-02-01");
        Assert.Equal([], Late(before));

        Say(ChoiceKind.Withdrawal, "2026-02-02");
        Assert.Equal([new LateCount(Reason.SpecialCategory, 1, 1)], Late(before));
        Assert.Equal([], Late(Build("2026-02-20T00:00:00Z")));
    }

    /// <summary>Which words reveal anything is asked in the language that the build found.</summary>
    [Fact]
    public void A_text_is_read_in_its_own_language_by_the_gate_too()
    {
        _world.Clock.Now = Time("2026-03-01T00:00:00Z");
        Observe("Jag tycker att gay, queer och transgender är ord som många använder i dag.", "", "2024-06-01");
        Say(ChoiceKind.Refusal, "2025-01-01");
        var made = Build("2026-01-15T00:00:00Z");

        Assert.Equal((1, 0), (made.Admitted, Late(made).Count));
    }

    /// <summary>What another version said is in no row of the release, and no recall would change that.</summary>
    [Fact]
    public void The_gate_stays_open_for_what_only_an_older_version_said()
    {
        _world.Clock.Now = Time("2026-03-01T00:00:00Z");
        Observe("Ich bin seit Jahren in der Gewerkschaft, IG Metall.", "de", "2024-06-01");
        Observe("Nur das Wetter ist so.", "de", "2025-02-01");
        Say(ChoiceKind.Consent, "2025-01-01");
        var before = Build("2026-01-15T00:00:00Z");
        Say(ChoiceKind.Withdrawal, "2026-02-02");

        Assert.Equal((1, 0), (before.Admitted, Late(before).Count));
    }

    private void Observe(string text, string hint, string at) => _world.Import(_world.Lines(Item(
        "1", ("author", "\"facebook:ann\""), ("text", $"\"{text}\""), ("language_hint", $"\"{hint}\""),
        ("created_at", "\"2024-01-01T00:00:00Z\""), ("observed_at", $"\"{at}T00:00:00Z\""))));

    private void Say(ChoiceKind kind, string at) => Recorder.RecordOnce(_world.Workspace, _world.Clock.Now, new Choice(
        kind, Account.Parse("facebook:ann"), Purpose.SpecialCategories, Scope.Everything, Time($"{at}T00:00:00Z"),
        Time($"{at}T00:00:00Z"), Notice: kind is ChoiceKind.Consent ? "v1" : null));

    private IReadOnlyList<LateCount> Late(Manifest manifest)
    {
        using var late = LateChoices.Find(_world.Workspace, manifest, _world.Clock.Now, Small);
        return late.Counts;
    }

    private Manifest Build(string asOf) => Pipeline.Build(
        _world.Workspace,
        new BuildRequest(
            PolicyReader.Parse(
                """
                policy: revealing
                title: Special categories by explicit consent
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
                  - {id: special-categories, action: keep-with-explicit-consent}
                  - {id: about-me, off: "because this is a test"}
                  - {id: language}

                """, "a test's policy"),
            CorpusName.Parse("revealing"), Time(asOf), null, Small)
        {
            Clock = _world.Clock,
        },
        _ => { }).Manifest;
}
