using Aval.Building;
using Aval.Checking;
using Aval.Choices;
using Aval.Policies;
using Aval.Recall.Erasing;
using Aval.Recording;
using Aval.Storage;
using Aval.Tests.ContentStore;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.Erasing;

/// <summary>A workspace with content in few buckets, in which somebody has things erased.</summary>
internal sealed class ErasingWorld : IDisposable
{
    public static readonly EngineLimits Small = new(2, 1_000_000_000);

    public static readonly Policy Regime = PolicyReader.Parse(
        """
        policy: small
        title: A small policy
        purpose: train-generative-ai
        basis: legitimate-interest
        applies-from: 2024-01-01
        rules:
          - {id: erasure}
          - {id: restriction}
          - {id: objection}
          - {id: removal}
          - {id: informed, off: "because this is a test"}
          - {id: combine-services, reading: same-person}
          - {id: special-categories, off: "because this is a test"}
          - {id: about-me, off: "because this is a test"}

        """,
        "small.yaml");

    public ContentWorld Content { get; } = new(buckets: 4);

    public Workspace Workspace => Content.Workspace;

    public void Dispose() => Content.Dispose();

    /// <summary>An item of somebody, observed in June 2024, with a text that is found by itself.</summary>
    public static string Post(string id, string author, string observed = "2024-06-01", string? text = null) => Item(
        id, ("author", $"\"facebook:{author}\""), ("created_at", "\"2024-01-01T00:00:00Z\""),
        ("text", $"\"{text ?? TextOf(id)}\""), ("observed_at", $"\"{observed}T00:00:00Z\""));

    public static string TextOf(string id) => $"what nobody else would ever write, by {id}, über alles";

    public string Import(params string[] lines)
    {
        var file = Content.Lines(lines);
        Content.Import(file);
        return file;
    }

    public void Say(ChoiceKind kind, string who, string when = "2025-01-01", string scope = "service:facebook")
    {
        var at = Time($"{when}T00:00:00Z");
        Recorder.RecordOnce(Workspace, Content.Clock.Now > Today ? Content.Clock.Now : Today, new Choice(
            kind, Account.Parse($"facebook:{who}"), Purpose.TrainGenerativeAi,
            Scope.TryParse(scope, out var parsed) ? parsed : throw new ArgumentException(scope), at, at,
            Actor: kind is ChoiceKind.RestrictionLifted ? Actor.Controller : Actor.Person));
    }

    public ErasureOutcome Erase(bool isDry = false, string? corpus = null) => Erasures.CarryOut(
        Workspace,
        new ErasureOptions(Small, isDry, corpus is null ? null : CorpusName.Parse(corpus)), Content.Clock,
        (_, _) => { });

    public BuildOutcome Build(
        string corpus = "test", string asOf = "2024-07-01T00:00:00Z", long? erasedTo = null, Policy? policy = null) =>
        Pipeline.Build(
            Workspace,
            new BuildRequest(policy ?? Regime, CorpusName.Parse(corpus), Time(asOf), null, Small)
            {
                Clock = Content.Clock,
                ErasedTo = erasedTo is { } size ? new TreeSize(size) : null,
            },
            _ => { });

    /// <summary>Content and releases are as their logs say.</summary>
    public void RequireSound() =>
        Assert.Equal([], ContentCheck.Faults(Workspace).Concat(ReleaseCheck.Faults(Workspace)));

    /// <summary>Where something of some items is, wherever it lies in the workspace.</summary>
    public IReadOnlyList<ScanHit> Search(params string[] ids) => ErasureScan.Of(
        Workspace,
        new Needles(
            new HashSet<string>(), ids.Select(id => $"item:facebook:{id}").ToHashSet(),
            ids.Select(TextOf).ToHashSet()),
        Small).Hits;

    /// <summary>The rows of a release, as texts in order.</summary>
    public IReadOnlyList<string> Rows(string release)
    {
        using var engine = Engine.Open(Workspace.Temporary, Small);
        return engine.Query(
            $"SELECT text FROM {ParquetFiles.Rows(Directory.GetFiles(Path.Combine(release, "shards")))} ORDER BY ALL",
            row => row.GetString(0));
    }
}
