using System.Globalization;
using Aval.Building;
using Aval.Choices;
using Aval.Content;
using Aval.Policies;
using Aval.Recording;
using Aval.Runs;
using Aval.Storage;
using Aval.Tests.Authors;
using Aval.Tests.ContentStore;

namespace Aval.Tests.Runs;

/// <summary>
/// A release of a small platform: sixty authors on facebook with two items each, twenty of whom are on instagram too,
/// as linked accounts with one item each.
/// </summary>
internal sealed class RunsWorld : IDisposable
{
    public const int Rows = 140;
    public static readonly DateTimeOffset AsOf = ContentWorld.Time("2026-01-15T00:00:00Z");
    public static readonly DateTimeOffset Later = ContentWorld.Time("2026-03-01T00:00:00Z");
    private readonly ContentWorld _content = new(buckets: 4);
    private int _notices;

    public RunsWorld()
    {
        _content.Import(_content.Parquet("items.parquet", """
            SELECT 'f' || a || '-' || n AS item_id, 'facebook' AS service, 'post' AS kind, 'facebook:' || a AS author,
                'public' AS audience, '2024-03-04T05:06:07Z' AS created_at,
                'texte ' || a || E'\nligne ' || n AS text, ['fr', 'de', 'en'][1 + a % 3] AS language_hint,
                '2024-06-01T00:00:00Z' AS observed_at
            FROM range(60) t(a), range(2) u(n)
            UNION ALL
            SELECT 'i' || a, 'instagram', 'post', 'instagram:u' || a, 'public', '2024-03-04T05:06:07Z',
                'image ' || a, 'fr', '2024-06-01T00:00:00Z'
            FROM range(20) t(a)
            """));
        _content.Import(
            _content.Parquet("accounts.parquet", """
                SELECT service || a AS account, 'p' || a AS person, '2024-06-01T00:00:00Z' AS observed_at
                FROM range(20) t(a), (VALUES ('facebook:'), ('instagram:u')) AS s(service)
                """),
            ContentKind.Accounts);
        Release = Build(AsOf);
    }

    public Workspace Workspace => _content.Workspace;

    /// <summary>Stands after everything that was said.</summary>
    public TimeProvider Clock
    {
        get
        {
            _content.Clock.Now = Later;
            return _content.Clock;
        }
    }

    /// <summary>The release that there was from the beginning.</summary>
    public BuildOutcome Release { get; }

    public string Name => $"{Release.Manifest.Corpus}/{Release.Manifest.Release}";

    public BuildOutcome Build(DateTimeOffset asOf, string policy = BuiltRelease.AdmitsAll) => Pipeline.Build(
        Workspace,
        new BuildRequest(
            PolicyReader.Parse(policy, "a test's policy"), CorpusName.Parse("all"), asOf, null,
            new EngineLimits(2, 500_000_000)),
        _ => { });

    public string Folder(string name) => _content.File(name);

    /// <summary>Records what somebody said at an instant.</summary>
    public Acknowledgement Say(
        ChoiceKind kind, string account, string madeAt = "2026-02-01T00:00:00Z", string scope = "everything",
        string? received = null)
    {
        var at = ContentWorld.Time(madeAt);
        return Recorder.RecordOnce(Workspace, Later, new Choice(
            kind, Account.Parse(account), Purpose.TrainGenerativeAi,
            Scope.TryParse(scope, out var parsed) ? parsed : throw new FormatException(scope), at,
            received is null ? at : ContentWorld.Time(received),
            Actor: kind == ChoiceKind.RestrictionLifted ? Actor.Controller : Actor.Person));
    }

    /// <summary>Observes that an account is a person's; the clock stands then, or later.</summary>
    public void Link(string account, string person, string observedAt)
    {
        _content.Clock.Now = ContentWorld.Time(observedAt) is var at && at > Later ? at : Later;
        _content.Import(
            _content.Lines($"{{\"account\": \"{account}\", \"person\": \"{person}\"}}"), ContentKind.Accounts,
            observedAt: observedAt);
    }

    /// <summary>Observes that an account carries an address.</summary>
    public void Contact(string contact, params IEnumerable<string> accounts)
    {
        _content.Clock.Now = Later;
        _content.Import(
            _content.Lines([.. accounts.Select(account =>
                $"{{\"account\": \"{account}\", \"contact\": \"{contact}\"}}")]),
            ContentKind.Accounts, observedAt: "2026-02-01T00:00:00Z");
    }

    /// <summary>Imports what a mailer reports: CSV with a header.</summary>
    public void Notices(string csv)
    {
        _content.Clock.Now = Later;
        _content.Import(_content.Write($"notices-{++_notices}.csv", csv), ContentKind.Notices);
    }

    /// <summary>Imports many posts of one account: <c>many-0</c>, the oldest, and so on.</summary>
    public void Posts(string account, int count)
    {
        _content.Clock.Now = Later;
        _content.Import(_content.Parquet("many.parquet", $"""
            SELECT 'many-' || n AS item_id, 'facebook' AS service, 'post' AS kind, '{account}' AS author,
                'public' AS audience,
                strftime(TIMESTAMP '2020-01-01' + to_hours(n::INTEGER), '%Y-%m-%dT%H:%M:%SZ') AS created_at,
                'post ' || n AS text, '2024-06-01T00:00:00Z' AS observed_at
            FROM range({count}) t(n)
            """));
    }

    public ExportOutcome Export(ExportRequest request, int threads = 2) => Exporting.Make(
        Workspace, request, Clock, new EngineLimits(threads, 500_000_000), _ => { });

    public ExportOutcome Export(string folder, ExportFormat format = ExportFormat.Parquet) =>
        Export(new ExportRequest(Name, Folder(folder), format));

    /// <summary>The single value of a query over files.</summary>
    public T Ask<T>(string sql)
    {
        using var engine = Engine.Open(Folder("asking"), new EngineLimits(1, 500_000_000));
        return engine.Scalar<T>(sql);
    }

    public static string Quoted(string path) => Engine.Literal(path);

    public string LineageFiles() =>
        Quoted(string.Create(CultureInfo.InvariantCulture, $"{Workspace.Lineage}/{Name}/*.parquet"));

    public void Dispose() => _content.Dispose();
}

/// <summary>One world for the tests of a class that change nothing in it.</summary>
public sealed class SharedRunsWorld : IDisposable
{
    internal RunsWorld World { get; } = new();

    public void Dispose() => World.Dispose();
}
