using System.Text;
using Aval.Building;
using Aval.Choices;
using Aval.Content;
using Aval.Policies;
using Aval.Recording;
using Aval.Storage;
using Aval.Studies;
using Aval.Tests.Authors;
using Aval.Tests.ContentStore;

namespace Aval.Tests.Studies;

/// <summary>
/// A release of two hundred people who write in one of two languages of forty invented words each, four items a person;
/// twenty have a second account, every fourth person consented.
/// </summary>
public sealed class StudyWorld : IDisposable
{
    internal const int People = 200;
    internal static readonly DateTimeOffset AsOf = ContentWorld.Time("2026-01-15T00:00:00Z");
    private readonly TemporaryFolder _keys = new();
    private readonly ContentWorld _content;

    public StudyWorld()
    {
        // Whom a draw takes follows from the workspace's key: of a random one, now and then a draw has too few of a
        // language, or a curve that does not fall.
        Durable.CreateNew(
            _keys.File("workspace.key"), Encoding.ASCII.GetBytes(new string('7', 2 * WorkspaceKey.Size) + "\n"),
            Durable.Private);
        _content = new ContentWorld(_keys.Path, buckets: 4);
        // Words that follow each other more often than not, so that there is something to learn.
        _content.Import(_content.Parquet("items.parquet", """
            SELECT 'f' || a || '-' || n AS item_id, 'facebook' AS service, 'post' AS kind, 'facebook:' || a AS author,
                'public' AS audience, '2024-03-04T05:06:07Z' AS created_at,
                array_to_string(list_transform(range(20), lambda k:
                    (['ba', 'de', 'fi', 'go', 'ku', 'la', 'mi', 'no', 'pu', 'sa'])[1 + (hash(a, n, k // 2) % 10)::INT]
                    || (['rat', 'lem', 'nos', 'tik'])[1 + (hash(a, n, k // 3) % 4)::INT]
                    || CASE WHEN a % 2 = 0 THEN 'en' ELSE 'e' END), ' ') AS text,
                ['de', 'fr'][1 + a % 2] AS language_hint, '2024-06-01T00:00:00Z' AS observed_at
            FROM range(200) t(a), range(4) u(n)
            UNION ALL
            SELECT 'i' || a, 'instagram', 'post', 'instagram:u' || a, 'public', '2024-03-04T05:06:07Z',
                'balemen deraten finosen gotiken', 'de', '2024-06-01T00:00:00Z'
            FROM range(20) t(a)
            """));
        _content.Import(
            _content.Parquet("accounts.parquet", """
                SELECT service || a AS account, CASE WHEN a < 20 THEN 'p' || a END AS person,
                    ['DE', 'FR', 'AT'][1 + a % 3] AS country, 1950 + a % 50 AS birth_year,
                    '2024-06-01T00:00:00Z' AS observed_at
                FROM range(200) t(a), (VALUES ('facebook:'), ('instagram:u')) AS s(service)
                WHERE service = 'facebook:' OR a < 20
                """),
            ContentKind.Accounts);
        Recorder.RecordOnce(Workspace, AsOf.AddDays(-1), [
            .. Enumerable.Range(0, People / 4).Select(number => new Choice(
                ChoiceKind.Consent, Account.Parse($"facebook:{number * 4 + (number % 2)}"), Purpose.TrainGenerativeAi,
                Scope.Everything, AsOf.AddDays(-9), AsOf.AddDays(-9), Notice: "v1")),
        ]);
        Release = Build(BuiltRelease.AdmitsAll);
    }

    internal Workspace Workspace => _content.Workspace;

    internal BuildOutcome Release { get; }

    internal BuildOutcome Build(string policy) => Pipeline.Build(
        Workspace,
        new BuildRequest(
            PolicyReader.Parse(policy, "a test's policy"), CorpusName.Parse("all"), AsOf, null, Limits(2)),
        _ => { });

    internal string Folder(string name) => _content.File(name);

    internal static EngineLimits Limits(int threads) => new(threads, 500_000_000);

    internal StudyPlan Plan(string? name = null, string changed = "") => StudyPlanReader.Parse(
        Text(name ?? "tenth", $"all/{Release.Manifest.Release}") + changed, Folder("plan.yaml"));

    internal StudyOutcome Make(StudyPlan plan, string folder, int threads = 2) =>
        Study.Make(Workspace, plan, Folder(folder), AsOf.AddDays(1), Limits(threads), _ => { });

    internal static string Text(string name = "tenth", string release = "all") => $"""
        study: {name}
        question: Would a tenth of <these> people do?
        release: {release}
        unit: byte
        order: 4
        shares: [0.02, 0.05, 0.1, 0.5]
        judged: [0.1]
        too-small: 0.02
        held-out: everybody
        held-out-share: 0.3
        margin: 0.2
        smallest-gap: 0.2
        confidence: 0.95
        power: 0.8
        repeats: 4
        resamples: 299
        seed: 7

        """;

    public void Dispose()
    {
        _content.Dispose();
        _keys.Dispose();
    }
}
