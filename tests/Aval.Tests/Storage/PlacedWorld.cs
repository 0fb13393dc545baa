using Aval.Answers;
using Aval.Authors;
using Aval.Building;
using Aval.Content;
using Aval.Corpus;
using Aval.Founding;
using Aval.Ledger;
using Aval.Policies;
using Aval.Recording;
using Aval.Storage;
using Aval.Tests.ContentStore;

namespace Aval.Tests.Storage;

/// <summary>
/// A small world of which nearly every item is out for another reason, in a folder of any name, with all its files.
/// </summary>
internal sealed class PlacedWorld
{
    private static readonly EngineLimits Small = new(2, 500_000_000);
    private static readonly StandingClock Clock = new(ContentWorld.Today);
    private static readonly DateTimeOffset Today = ContentWorld.Today;
    private readonly string _place;

    private PlacedWorld(string place, Workspace workspace) => (_place, Workspace) = (place, workspace);

    public Workspace Workspace { get; }

    public string Release { get; private set; } = "";

    /// <summary>
    /// Whose content says the opposite in all that protects: the same paths, so that a pattern finds it.
    /// </summary>
    public static PlacedWorld Decoy(string place) =>
        Of(place, keys: null, audience: "public", born: 1950, deleted: false, objector: 77);

    public static PlacedWorld Of(string place, string? keys) =>
        Of(place, keys, "friends", 2015, deleted: true, objector: 2);

    private static PlacedWorld Of(string place, string? keys, string audience, int born, bool deleted, int objector)
    {
        Directory.CreateDirectory(place);
        var workspace = Path.Combine(place, "workspace");
        // Before the workspace is made: what it writes from its first file on is under its keys.
        foreach (var key in keys is null ? [] : Directory.EnumerateFiles(keys))
        {
            Directory.CreateDirectory(Path.Combine(workspace, "keys"));
            File.Copy(key, Path.Combine(workspace, "keys", Path.GetFileName(key)));
        }

        var world = new PlacedWorld(place, NewWorkspace.Create(workspace, Settings.Default));
        world.Fill(audience, born, deleted, objector);
        return world;
    }

    private void Fill(string audience, int born, bool deleted, int objector)
    {
        const string item = "SELECT id AS item_id, 'facebook' AS service, 'post' AS kind, "
            + "'facebook:' || whose AS author, seen_by AS audience, TIMESTAMPTZ '2024-03-04T05:06:07Z' AS created_at, "
            + "'text of ' || id AS text, 'en' AS language_hint, gone AS deleted, TIMESTAMPTZ '2024-06-01T00:00:00Z' AS "
            + "observed_at FROM";
        var flag = deleted ? "true" : "false";
        var copied = Parquet(
            "items.parquet",
            $"{item} (VALUES ('a', 1, '{audience}', false), ('b', 2, 'public', false), ('c', 3, 'public', false), "
                + $"('d', 4, 'public', {flag})) AS v(id, whose, seen_by, gone)");
        var left = Parquet(
            "left in place.parquet",
            $"{item} (VALUES ('e', 5, 'public', false), ('f', 5, '{audience}', false), ('g', 2, 'public', false)) "
                + "AS v(id, whose, seen_by, gone)");
        // A second version, so that the index and the contested keys are read too.
        var again = Parquet(
            "again.parquet", $"{item} (VALUES ('h', 5, 'public', false)) AS v(id, whose, seen_by, gone)");
        var newer = Parquet(
            "newer.parquet",
            $"SELECT * REPLACE (TIMESTAMPTZ '2024-07-01T00:00:00Z' AS observed_at) FROM ({item} (VALUES ('h', 5, "
                + $"'{audience}', {flag})) AS v(id, whose, seen_by, gone))");
        var accounts = Parquet("accounts.parquet", $"""
            SELECT 'facebook:' || n AS account, CASE WHEN n = 3 THEN {born} ELSE 1980 END AS birth_year,
                'FR' AS country,
                TIMESTAMPTZ '2024-06-01T00:00:00Z' AS observed_at
            FROM range(1, 6) AS t(n)
            """);
        var notices = Parquet(
            "notices.parquet",
            "SELECT 'facebook:' || n AS account, 'v1' AS version, TIMESTAMPTZ '2024-05-01T00:00:00Z' AS delivered_at "
                + "FROM range(1, 6) AS t(n)");
        var choices = Parquet("choices.parquet", $"""
            SELECT 'objection' AS kind, 'facebook:{objector}' AS account, 'everything' AS scope,
                TIMESTAMPTZ '2025-01-01T00:00:00Z' AS made_at, TIMESTAMPTZ '2025-01-01T00:00:00Z' AS received_at
            """);
        Import(copied, ContentKind.Items);
        Import(left, ContentKind.Items, inPlace: true);
        Import(again, ContentKind.Items);
        Import(newer, ContentKind.Items);
        Import(accounts, ContentKind.Accounts);
        Import(notices, ContentKind.Notices);
        ChoiceFile.Record(Workspace, choices, Today);
    }

    public void Build()
    {
        var policy = PolicyReader.Read(Policies.PolicyTexts.InRepository("opt-out.yaml"));
        Release = Pipeline.Build(
            Workspace, new BuildRequest(policy, CorpusName.Parse("test"), Today, null, Small), _ => { }).Directory;
    }

    /// <summary>Each item and why it is out, as the release's inputs give it again.</summary>
    public IReadOnlyList<string> Decisions()
    {
        using var replay = Replay.Of(Workspace, Release, Small);
        replay.NameMasks();
        return replay.Engine.Query(
            $"SELECT item_id || ' ' || coalesce(reason, decision) FROM ({replay.DecisionsSql}) ORDER BY ALL",
            row => row.GetString(0));
    }

    /// <summary>What a query answers about everything that there is.</summary>
    public IReadOnlyList<string> Answers()
    {
        const string sql = """
            SELECT 'items', item_id, author, audience, deleted::VARCHAR FROM items
            UNION ALL SELECT 'accounts', account, birth_year::VARCHAR, country, NULL FROM accounts
            UNION ALL SELECT 'notices', account, version, NULL, NULL FROM notices
            UNION ALL SELECT 'choices', kind, account, purpose, scope FROM choices
            UNION ALL SELECT 'shards', corpus, text, service, language FROM shards
            ORDER BY ALL
            """;
        using var query = OpenQuery.Prepare(Workspace, sql, null, Today, Small);
        return [.. query.Rows(sql).Select(row => string.Join(" | ", row.Select(value => value ?? "null")))];
    }

    public AuditOutcome Audit()
    {
        using var engine = Engine.Open(Workspace.Temporary, Small);
        return ReleaseAudit.Of(
            engine, Release, SigningKey.Read(Workspace.SigningKeyFile).Verifier, Workspace, 2, _ => { });
    }

    public ReleaseVerification Verify() =>
        ReleaseVerification.Verify(Release, SigningKey.Read(Workspace.SigningKeyFile).Verifier);

    /// <summary>The release's files and their bytes' hashes, but for what is signed over this ledger.</summary>
    public IReadOnlyList<string> Bytes()
    {
        var manifest = Manifest.Read(Release);
        return [.. manifest.Files.Concat(manifest.Audit)
            .Concat(manifest.Lineage)
            .Where(file => !file.Path.EndsWith(".md", StringComparison.Ordinal))
            .Select(file => $"{file.Path} {file.Sha256}"), manifest.Authors.Root.ToString()];
    }

    private void Import(string path, ContentKind kind, bool inPlace = false) =>
        Importing.Tables(
            Workspace, [path], new ImportOptions(kind, null, false, inPlace, null, null, null, Small), Clock,
            (_, _) => { });

    private string Parquet(string name, string query)
    {
        using var engine = Engine.Open(Path.Combine(_place, "tmp"), Small);
        engine.Execute($"COPY ({query}) TO {Engine.Literal(Path.Combine(_place, name))} (FORMAT parquet)");
        return Path.Combine(_place, name);
    }
}
