using System.Globalization;
using Aval.Building;
using Aval.Corpus;
using Aval.Policies;
using Aval.Storage;
using Aval.Tests.ContentStore;

namespace Aval.Tests.Authors;

/// <summary>A workspace with a number of authors, and releases of it.</summary>
internal sealed class BuiltRelease : IDisposable
{
    public static readonly CorpusName Corpus = CorpusName.Parse("test");
    private readonly ContentWorld _content;

    public BuiltRelease(int authors, int itemsEach = 2)
        : this(new ContentWorld())
    {
        if (authors > 0)
            Keep(authors, itemsEach, "i");
    }

    private BuiltRelease(ContentWorld content) => _content = content;

    public Workspace Workspace => _content.Workspace;

    /// <summary>The directory of the release that <see cref="Build"/> made last.</summary>
    public string Directory { get; private set; } = "";

    public Manifest Manifest => Manifest.Read(Directory);

    public static string Account(int number) => string.Create(CultureInfo.InvariantCulture, $"facebook:{number}");

    /// <summary>More content; authors are numbered from 0.</summary>
    public void Keep(int authors, int itemsEach, string prefix) =>
        _content.Import(_content.Parquet($"{prefix}.parquet", string.Create(CultureInfo.InvariantCulture, $"""
            SELECT '{prefix}' || a || '-' || n AS item_id, 'facebook' AS service, 'post' AS kind,
                'facebook:' || a AS author, 'public' AS audience,
                '2024-03-04T05:06:07Z' AS created_at, 'text ' || n AS text, '2024-06-01T00:00:00Z' AS observed_at
            FROM range({authors}) t(a), range({itemsEach}) u(n)
            """)));

    /// <summary>An empty workspace with the same keys.</summary>
    public BuiltRelease Twin() => new(_content.Twin());

    /// <summary>A policy, with its text, that lets everything in.</summary>
    public const string AdmitsAll = """
        policy: all
        title: Whatever there is
        purpose: train-generative-ai
        basis: legitimate-interest
        applies-from: 2025-05-27
        rules:
          - {id: objection}
          - {id: informed, off: "because this is a test"}
          - {id: combine-services, reading: same-person}
          - {id: special-categories, off: "because this is a test"}
          - {id: about-me, off: "because this is a test"}
          - {id: erasure, off: "because this is a test"}
          - {id: restriction, off: "because this is a test"}
          - {id: removal, off: "because this is a test"}

        """;

    public BuildOutcome Build(
        int threads = 2, string asOf = "2026-01-15T00:00:00Z", Policy? policy = null, string? corpus = null,
        IPartExecutor? executor = null)
    {
        policy ??= EngineWorld.Policy();
        var outcome = Pipeline.Build(Workspace, new BuildRequest(
            policy, corpus is null ? Corpus : CorpusName.Parse(corpus), Instant.Parse(asOf, "as of"), null,
            new EngineLimits(threads, 500_000_000))
        {
            Executor = executor ?? LocalExecutor.Instance,
        }, Progress.Add);
        Directory = outcome.Directory;
        return outcome;
    }

    public List<BuildProgress> Progress { get; } = [];

    public void Dispose() => _content.Dispose();
}
