using System.Globalization;
using System.Text.Json;
using Aval.Answers;
using Aval.Building;
using Aval.Choices;
using Aval.Content;
using Aval.Policies;
using Aval.Recording;
using Aval.Storage;
using Aval.Tests.ContentStore;

namespace Aval.Tests.Texts;

/// <summary>Something that somebody posted.</summary>
internal sealed record Posted(string Id, string Author, string Text)
{
    public string Service { get; init; } = "facebook";

    public string Audience { get; init; } = "public";

    public string Kind { get; init; } = "post";

    public int? Day { get; init; } = 1;

    public string? ReplyTo { get; init; }

    public string? Tagged { get; init; }

    public Account Account => Account.Parse($"{Service}:{Author}");

    public string Line => ContentWorld.Item(
        Id, ("service", Json(Service)), ("kind", Json(Kind)), ("author", Json(Account.ToString())),
        ("audience", Json(Audience)), ("text", Json(Text)), ("observed_at", Json("2025-06-01T00:00:00Z")),
        ("created_at", Day is { } day
            ? Json(string.Create(CultureInfo.InvariantCulture, $"2025-01-{day:D2}T00:00:00Z"))
            : null),
        ("in_reply_to", ReplyTo is null ? null : Json(ReplyTo)),
        ("persons", Tagged is null ? null : $$"""[{"account": {{Json(Tagged)}}, "role": "tagged"}]"""));

    private static string Json(string text) => JsonSerializer.Serialize(text);
}

/// <summary>What people posted, in a workspace of its own; and what a policy that compares texts makes of it.</summary>
internal sealed class PostedWorld : IDisposable
{
    public const string Then = "2025-12-01T00:00:00Z";
    public static readonly EngineLimits Small = new(2, 1_000_000_000);
    private readonly ContentWorld _world;

    public PostedWorld(ContentWorld? twinOf = null) => _world = twinOf?.Twin() ?? new ContentWorld(buckets: 4);

    public Workspace Workspace => _world.Workspace;

    public ContentWorld Content => _world;

    public static Policy Policy(params string[] rules) => PolicyReader.Parse($$"""
        policy: test
        title: A test
        purpose: train-generative-ai
        basis: legitimate-interest
        applies-from: 2020-01-01
        rules:
          - {id: erasure}
          - {id: restriction}
          - {id: objection, law: "GDPR 21"}
          - {id: removal}
          - {id: services, admit: [facebook, instagram]}
          - {id: audience, admit: [public]}
          - {id: informed, off: "because nobody is asked here"}
          - {id: combine-services, reading: same-person}
          - {id: special-categories, off: "because this is about something else"}
          - {id: about-me, off: "because this is about something else"}
        {{string.Join('\n', rules.Select(rule => $"  - {{{rule}}}"))}}
        """, "test.yaml");

    public void Post(params IEnumerable<Posted> items) =>
        _world.Import([_world.Lines([.. items.Select(item => item.Line)])]);

    public void PostInPlace(params IEnumerable<Posted> items)
    {
        var lines = _world.Lines([.. items.Select(item => item.Line)]);
        _world.Import(
            [_world.Parquet($"{Path.GetFileNameWithoutExtension(lines)}.parquet", $$"""
                FROM read_json({{Engine.Literal(lines)}}, format = 'newline_delimited', columns = {
                    'item_id': 'VARCHAR', 'service': 'VARCHAR', 'kind': 'VARCHAR', 'author': 'VARCHAR',
                    'audience': 'VARCHAR', 'text': 'VARCHAR', 'created_at': 'VARCHAR', 'observed_at': 'VARCHAR',
                    'in_reply_to': 'VARCHAR', 'persons': 'STRUCT(account VARCHAR, role VARCHAR)[]'})
                """)],
            inPlace: true);
    }

    public void Link(string person, params string[] accounts) => _world.Import(
        _world.Lines([.. accounts.Select(account =>
            $$"""{"account": "{{account}}", "person": "{{person}}", "observed_at": "2025-06-01T00:00:00Z"}""")]),
        ContentKind.Accounts);

    public void Say(ChoiceKind kind, string account, string scope = "everything") => Recorder.RecordOnce(
        Workspace, ContentWorld.Today, new Choice(
            kind, Account.Parse(account), Purpose.TrainGenerativeAi,
            Scope.TryParse(scope, out var parsed) ? parsed : throw new ArgumentException(scope),
            ContentWorld.Time("2025-11-01T00:00:00Z"), ContentWorld.Time("2025-11-01T00:00:00Z"),
            Actor: kind == ChoiceKind.Removal ? Actor.Anyone : Actor.Person));

    public BuildOutcome Build(
        Policy policy, int threads = 2, string asOf = Then, Action<BuildProgress>? watch = null) =>
        Pipeline.Build(Workspace, Request(policy, threads, asOf), watch ?? (_ => { }));

    public static BuildRequest Request(Policy policy, int threads = 2, string asOf = Then) => new(
        policy, CorpusName.Parse("test"), ContentWorld.Time(asOf), null, Small with { Threads = threads })
    {
        Clock = new StandingClock(ContentWorld.Today),
    };

    /// <summary>Why each item is out of a release, as explanations have it; null = it is in.</summary>
    public IReadOnlyDictionary<string, string?> Reasons(BuildOutcome release)
    {
        using var replay = Replay.Of(Workspace, release.Directory, Small);
        replay.NameMasks();
        return replay.Engine.Query(
            "SELECT item_id, reason, rules FROM decided JOIN masks USING (mask)",
            row => (Id: row.GetString(0), Reason: row.IsDBNull(1) ? null : row.GetString(1)))
            .ToDictionary(row => row.Id, row => row.Reason);
    }

    /// <summary>The texts of all shards.</summary>
    public IReadOnlyList<string> Texts(BuildOutcome release)
    {
        using var engine = Engine.Open(Workspace.Temporary, Small);
        return engine.Query(
            $"SELECT text FROM {ParquetFiles.Rows(Directory.GetFiles(Path.Combine(release.Directory, "shards")))}",
            row => row.GetString(0));
    }

    /// <summary>The hashes of all that is a function of the inputs.</summary>
    public static IReadOnlyList<string> Bytes(BuildOutcome release) =>
        [.. release.Manifest.Files.Select(file => $"{file.Path} {file.Sha256}")];

    public Guid RowKey(Posted item)
    {
        using var engine = Engine.Open(Workspace.Temporary, Small, Workspace.ReadKey());
        Aval.Corpus.RowKeys.Provide(engine);
        return engine.Scalar<Guid>(
            "SELECT row_key($service, $id)", ("service", item.Service), ("id", item.Id));
    }

    public void Dispose() => _world.Dispose();
}
