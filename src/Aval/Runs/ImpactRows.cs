using System.Globalization;
using Aval.Corpus;
using Aval.Orders;
using Aval.People;
using Aval.Recording;
using Aval.Storage;

namespace Aval.Runs;

/// <summary>Whose rows are asked about.</summary>
internal abstract record ImpactQuestion
{
    private ImpactQuestion()
    {
    }

    /// <summary>Those of a person: of an account, and of all that anything ever observed links to it.</summary>
    public sealed record OfPerson(Account Account) : ImpactQuestion;

    /// <summary>Those that what was said from an entry of the ledger on excludes by now.</summary>
    public sealed record Since(EntryIndex Entry) : ImpactQuestion;
}

/// <summary>
/// The rows that a question is about, in each release and in each export of it: <c>impact_rows</c> (source, row_key),
/// where a source is a release's NAME/ID or an export's id; <c>impact_left</c> (row_key), all that left by now,
/// also by what was said before; and <c>impact_restricted</c> (row_key), those of them of which the use is restricted,
/// or that name somebody of whom it is (Art. 18).
/// </summary>
internal sealed class ImpactRows : IDisposable
{
    private readonly Engine _engine;
    private readonly Workspace _workspace;
    private readonly HashSet<string> _unknown = new(StringComparer.Ordinal);

    private ImpactRows(Engine engine, Workspace workspace) => (_engine, _workspace) = (engine, workspace);

    /// <summary>The releases that were looked at, in order.</summary>
    public IReadOnlyList<string> Releases { get; private set; } = [];

    /// <summary>The engine that has them.</summary>
    public Engine Engine => _engine;

    /// <summary>Finds them.</summary>
    public static ImpactRows Find(
        Workspace workspace, ImpactQuestion question, IReadOnlyList<Registered> register, DateTimeOffset now,
        EngineLimits limits)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(register);
        now = CommittedChoices.NotBefore(workspace, now);
        var engine = LateChoices.Today(workspace, now, limits);
        return Ownership.Hand(engine, () =>
        {
            engine.Execute("CREATE OR REPLACE TEMP TABLE impact_rows (source VARCHAR, row_key UUID)");
            engine.Execute("CREATE OR REPLACE TEMP TABLE impact_left (row_key UUID)");
            engine.Execute("CREATE OR REPLACE TEMP TABLE impact_restricted (row_key UUID)");
            if (question is ImpactQuestion.OfPerson person)
                Persons(engine, person.Account);
            var rows = new ImpactRows(engine, workspace);
            var exports = register.Select(one => one.Stated).OfType<ExportMade>().ToLookup(
                export => export.Release, StringComparer.Ordinal);
            rows.Releases = Known(workspace, register);
            foreach (var release in rows.Releases)
            {
                if (rows.ManifestOf(release) is not { } manifest)
                {
                    rows._unknown.Add(release);
                    rows._unknown.UnionWith(exports[release].Select(export => export.Export));
                    continue;
                }

                rows.Add(question, release, manifest, now);
                foreach (var export in exports[release])
                    rows.AddExport(export, release);
            }

            return rows;
        });
    }

    /// <summary>How many rows a source, or several together, have; null = the lineage of one is gone, and nobody can
    /// tell.</summary>
    public long? Count(params IReadOnlyCollection<string> sources) => sources.Any(_unknown.Contains)
        ? null
        : _engine.Scalar<long>($"SELECT count(DISTINCT row_key) FROM ({Of(sources)})");

    /// <summary>The keys of the rows of a source, in order.</summary>
    public IReadOnlyList<string> Keys(params IReadOnlyCollection<string> sources) => _engine.Query(
        $"SELECT DISTINCT row_key::VARCHAR FROM ({Of(sources)}) ORDER BY ALL", row => row.GetString(0));

    /// <summary>SQL of <c>row_key</c>.</summary>
    public static string Of(IReadOnlyCollection<string> sources) =>
        $"SELECT row_key FROM impact_rows WHERE list_contains({Engine.Literal(sources)}::VARCHAR[], source)";

    /// <summary>The first slice of an export that has any of its rows; null = it has no slices. Where the release is
    /// gone nobody can tell, and it is the first of all.</summary>
    public int? FirstSlice(ExportMade export)
    {
        if (export.Slices is not { } slices)
            return null;
        var folder = Path.Combine(_workspace.Corpus, export.Release);
        if (ShardsOf(export.Release) is null || ManifestOf(export.Release) is not { } manifest)
            return 1;
        return Slices.Files(slices, manifest, folder)
            .Where(slice => _engine.Scalar<bool>($"SELECT EXISTS (SELECT 1 FROM {ParquetFiles.Rows(slice)} "
                + $"SEMI JOIN ({Of([export.Export])}) USING (row_key))"))
            .Select(slice => (int?)slice.Key).FirstOrDefault() ?? 1;
    }

    /// <summary>The shards of a release, as a relation; null = they are gone.</summary>
    public string? ShardsOf(string release)
    {
        if (ManifestOf(release) is not { } manifest)
            return null;
        var files = manifest.Files.Where(file => file.Rows is not null)
            .Select(file => Path.Combine(_workspace.Corpus, release, file.Path)).ToArray();
        return files.All(File.Exists) ? ParquetFiles.Rows(files) : null;
    }

    /// <summary>Refuses what would leave of a release while an order in force stops its use; one that was withdrawn may
    /// be looked at for what left it.</summary>
    /// <exception cref="AvalException">Refused, as by <see cref="OrderGate.RequireUse"/>.</exception>
    public void RequireNotStopped(string release, string undone, DateTimeOffset now)
    {
        if (ManifestOf(release) is { } manifest)
            OrderGate.RequireStanding(_workspace, VerifiedRelease.Gated(_workspace, manifest), undone, now);
    }

    /// <summary>SQL of the condition under which a row of a release's shards went into an export of it.</summary>
    public string WentInto(ExportMade export)
    {
        var spoken = export.Languages.Count == 0
            ? "true"
            : $"list_contains({Engine.Literal(export.Languages)}, language)";
        if (export.LeftOut is not { } left)
            return spoken;
        var list = Path.Combine(_workspace.Runs, "left-out", $"{left.Sha256}.txt");
        if (!HashedFile.Is(list, left.Sha256))
            throw AvalException.BadInput($"{list}: expected the list of the rows that {export.Export} left out, but "
                + "another file, or none, is here. Nothing was done. Restore runs/ from your backup.");
        return $"{spoken} AND NOT list_contains({Engine.Literal(File.ReadAllLines(list))}, row_key::VARCHAR)";
    }

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();

    // Those that are here, and those of which the register alone tells.
    private static IReadOnlyList<string> Known(Workspace workspace, IReadOnlyList<Registered> register) =>
    [
        .. (Directory.Exists(workspace.Corpus) ? Directory.EnumerateDirectories(workspace.Corpus) : [])
            .SelectMany(ReleaseName.Releases)
            .Select(path => $"{Path.GetFileName(Path.GetDirectoryName(path))}/{Path.GetFileName(path)}")
            .Concat(register.SelectMany(one => one.Stated switch
            {
                ExportMade export => [export.Release],
                RunBegun run => [run.Release],
                ModelRegistered model => model.Releases,
                _ => Array.Empty<string>(),
            }))
            .Distinct().Order(StringComparer.Ordinal),
    ];

    private static void Persons(Engine engine, Account account)
    {
        var accounts = Links.Of(engine, account.ToString()).Select(linked => linked.Account.ToString())
            .Append(account.ToString());
        engine.Execute("CREATE OR REPLACE TEMP TABLE impact_accounts AS "
            + $"SELECT unnest({Engine.Literal(accounts)}) AS account");
    }

    private void Add(ImpactQuestion question, string release, Manifest manifest, DateTimeOffset now)
    {
        var named = Engine.Literal(release);
        switch (question)
        {
            case ImpactQuestion.OfPerson:
                _engine.Execute($"INSERT INTO impact_rows SELECT {named}, row_key "
                    + $"FROM {Lineage.Of(_workspace, manifest)} SEMI JOIN impact_accounts USING (account)");
                break;
            case ImpactQuestion.Since since:
                // What no statement explains reaches the row in another way, and nobody can say since when.
                var late = LateChoices.In(_engine, _workspace, manifest, now);
                _engine.Execute($"""
                    INSERT INTO impact_rows
                    SELECT {named}, row_key
                    FROM late_rows LEFT JOIN ({LateChoices.Covering}) AS covering USING (row_key)
                    GROUP BY row_key
                    HAVING count(idx) = 0 OR max(idx) >= {since.Entry.Value.ToString(CultureInfo.InvariantCulture)}
                    """);
                _engine.Execute("INSERT INTO impact_left SELECT row_key FROM late_rows");
                _engine.Execute("INSERT INTO impact_restricted SELECT row_key FROM late_rows WHERE restricted");
                // Rows of others in which somebody is not to be named any more leave as they are.
                var shards = ShardsOf(release);
                if (LateMentions.From(late, _workspace, shards, since.Entry) > 0)
                    _engine.Execute($"INSERT INTO impact_rows SELECT {named}, row_key FROM late_mentions");
                if (LateMentions.From(late, _workspace, shards, new EntryIndex(0)) > 0)
                    _engine.Execute("INSERT INTO impact_left SELECT row_key FROM late_mentions");
                if (LateMentions.OfRestrictedIn(late, _workspace, shards) > 0)
                    _engine.Execute("INSERT INTO impact_restricted SELECT row_key FROM late_mentions");
                break;
            default:
                throw new InvalidOperationException($"A question that nobody knows: {question}.");
        }
    }

    private void AddExport(ExportMade export, string release)
    {
        if (ShardsOf(release) is not { } shards)
        {
            // No more went into it than is in the release.
            _engine.Execute($"INSERT INTO impact_rows SELECT {Engine.Literal(export.Export)}, row_key "
                + $"FROM ({Of([release])})");
            return;
        }

        _engine.Execute($"INSERT INTO impact_rows SELECT {Engine.Literal(export.Export)}, row_key FROM {shards} "
            + $"SEMI JOIN ({Of([release])}) USING (row_key) WHERE {WentInto(export)}");
    }

    private Manifest? ManifestOf(string release)
    {
        var folder = Path.Combine(_workspace.Corpus, release);
        return File.Exists(Path.Combine(folder, Manifest.FileName))
            && Directory.Exists(Path.Combine(_workspace.Lineage, release)) ? Manifest.Read(folder) : null;
    }
}
