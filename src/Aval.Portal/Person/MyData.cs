using Aval.Answers;
using Aval.Authors;
using Aval.Building;
using Aval.Content;
using Aval.Corpus;
using Aval.Requests;
using Aval.Runs;
using Aval.Storage;

namespace Aval.Portal.Person;

/// <summary>What became of one account's items in a release.</summary>
/// <param name="Release">NAME/ID.</param>
/// <param name="AsOf">As of when it was made.</param>
/// <param name="About">How many are in, and why the others are out; null = the release knows nothing of the
/// account.</param>
/// <param name="Items">Each item, and why it is out.</param>
internal sealed record MyRelease(
    string Release, DateTimeOffset AsOf, AccountExplanation? About, IReadOnlyList<DecidedItem> Items);

/// <summary>An item, as it is held.</summary>
internal sealed record MyItem(
    string Service, string Id, string Kind, string? CreatedAt, string? Audience, string? Text);

/// <summary>
/// What is held about an account and what was made of it (GDPR Art. 15(1), 20): looked up when it is asked for, from
/// what a release's decisions say again, the register of runs, and the content.
/// </summary>
/// <param name="Account">Whose.</param>
/// <param name="Items">What it published, as it is held.</param>
/// <param name="Releases">The newest release of each corpus.</param>
/// <param name="Impact">Exports, runs, models and recipients.</param>
internal sealed record MyData(
    Account Account, IReadOnlyList<MyItem> Items, IReadOnlyList<MyRelease> Releases, Impact Impact)
{
    /// <summary>What is held of the account itself, by the names of the canonical columns; none = the content does not
    /// know it.</summary>
    public IReadOnlyList<(string Name, string Value)> Self { get; init; } = [];

    /// <summary>Releases that hold something of the person's, and are not the newest of their corpus. What was dropped
    /// or superseded holds nothing any more.</summary>
    public IEnumerable<string> Earlier => Impact.Releases.Where(one => one.Rows > 0).Select(one => one.Name)
        .Except(Releases.Select(one => one.Release));

    /// <summary>To whom exports were given that hold something of the person's, or of which nobody can tell, with the
    /// release of each: recipients are told of (GDPR Art. 15(1)(c)) as far as anybody knows.</summary>
    public IEnumerable<(string Recipient, string Release, bool IsKnown)> Given => Impact.Exports
        .Where(one => one.Rows is not 0 && one.Export.Recipient is not null)
        .Select(one => (one.Export.Recipient!, one.Export.Release, one.Rows is not null))
        .Distinct();

    /// <summary>What was asked, and what was answered: it is held, too.</summary>
    public IReadOnlyList<Request> Requests { get; init; } = [];

    /// <summary>Looks it up.</summary>
    public static Task<MyData> Of(Desk desk, Account account, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(desk);
        return desk.Look(() => Of(desk, account), stopping);
    }

    /// <summary>The folders of the newest release of each corpus that is not withdrawn.</summary>
    public static IReadOnlyList<string> Newest(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        return !Directory.Exists(workspace.Corpus)
            ? []
            : [.. Directory.EnumerateDirectories(workspace.Corpus).Order(StringComparer.Ordinal)
                .Where(corpus => ReleaseName.Usable(corpus).Any())
                .Select(corpus => Path.GetFileName(corpus))
                .Select(name => ReleaseName.Find(workspace, name))];
    }

    /// <summary>The proof that an account is, or is not, among the authors of a release.</summary>
    public static Task<byte[]> Proof(Desk desk, string release, Account account, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(desk);
        return desk.Look(
            () =>
            {
                ReleaseCommitment.RequireContinued(desk.Workspace, release);
                return AuthorProofs.Make(desk.Workspace, release, account).Proof.ToFile();
            },
            stopping);
    }

    /// <summary>What an account published, as it is held.</summary>
    public static Task<List<MyItem>> HeldBy(Desk desk, Account account, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(desk);
        return desk.Look(
            () =>
            {
                using var engine = Loaded(desk, account);
                return Held(engine, account);
            },
            stopping);
    }

    private static MyData Of(Desk desk, Account account)
    {
        var workspace = desk.Workspace;
        var releases = Newest(workspace).Select(release => Explained(workspace, release, account)).ToArray();
        using var engine = Loaded(desk, account);
        return new MyData(
            account, Held(engine, account), releases,
            Impact.Of(workspace, new ImpactQuestion.OfPerson(account), desk.Clock.UtcNow(), EngineLimits.Default))
        {
            Requests = RequestBook.Of(workspace, account),
            Self = SelfOf(engine, account),
        };
    }

    // As it was last said of the account.
    private static List<(string Name, string Value)> SelfOf(Engine engine, Account account) => engine.Query(
        """
        SELECT unnest(['person', 'display_name', 'handle', 'country', 'birth_year', 'contact']),
            unnest([person, display_name, handle, country, birth_year::VARCHAR, contact])
        FROM accounts_now WHERE account = $account
        """,
        row => (row.GetString(0), row.IsDBNull(1) ? "" : row.GetString(1)),
        ("account", account.ToString())).FindAll(one => one.Item2.Length > 0);

    private static MyRelease Explained(Workspace workspace, string release, Account account)
    {
        using var replay = Replay.Of(workspace, release, EngineLimits.Default, account);
        return new MyRelease(
            $"{replay.Manifest.Corpus}/{replay.Manifest.Release}", replay.Manifest.AsOf,
            Explanations.Of(replay, account), Explanations.EachOf(replay, account));
    }

    private static Engine Loaded(Desk desk, Account account)
    {
        var engine = Engine.Open(desk.Workspace.Temporary, EngineLimits.Default, desk.Workspace.ReadKey());
        return Ownership.Hand(engine, () =>
        {
            _ = Inputs.Load(engine, desk.Workspace, desk.Clock.UtcNow(), atCheckpoint: null, about: account);
            return engine;
        });
    }

    private static List<MyItem> Held(Engine engine, Account account) => engine.Query(
        $"""
        SELECT service, item_id, kind, strftime(created_at, '%Y-%m-%dT%H:%M:%SZ'), audience, text
        FROM {ItemFinding.Now(engine, account)} AS now WHERE author = $account
        ORDER BY created_at, service, item_id
        """,
        row => new MyItem(
            row.GetString(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3),
            row.IsDBNull(4) ? null : row.GetString(4), row.IsDBNull(5) ? null : row.GetString(5)),
        ("account", account.ToString()));
}
