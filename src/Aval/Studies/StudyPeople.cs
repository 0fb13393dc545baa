using System.Globalization;
using System.Text;
using Aval.Building;
using Aval.Choices;
using Aval.People;
using Aval.Policies;
using Aval.Runs;
using Aval.Storage;

namespace Aval.Studies;

/// <summary>A person in a release, as a study knows them: a number, and what they are weighed by.</summary>
/// <param name="Key">The least account that links connect: what draws are made of. It stays inside.</param>
/// <param name="Country">ISO 3166; empty = unknown.</param>
/// <param name="Age">A band; empty = unknown.</param>
/// <param name="Activity">A band of how many items of theirs the release has.</param>
/// <param name="Consents">The consent of an account of theirs stands.</param>
internal sealed record StudyPerson(string Key, string Country, string Age, string Activity, bool Consents)
{
    /// <summary>People who are alike in all that they are weighed by.</summary>
    public string Cell => $"{Country}|{Age}|{Activity}";
}

/// <summary>What one person wrote in one language.</summary>
/// <param name="Person">The person's number.</param>
/// <param name="Texts">As the shards have them: UTF-8, masked.</param>
/// <param name="Consented">Which of them an account wrote whose consent stands.</param>
internal sealed record PersonTexts(
    int Person, IReadOnlyList<ReadOnlyMemory<byte>> Texts, IReadOnlyList<ReadOnlyMemory<byte>> Consented);

/// <summary>What the people of another release wrote in one language, without those who are held out.</summary>
/// <param name="Name">Of the release.</param>
/// <param name="People">How many they are.</param>
/// <param name="Texts">As its shards have them.</param>
internal sealed record OtherTexts(string Name, int People, IReadOnlyList<ReadOnlyMemory<byte>> Texts);

/// <summary>
/// The people of a release and their texts, read through the gate that runs ask: who is in it and what they are, as of
/// the release, so that the same release is the same study.
/// </summary>
internal sealed class StudyPeople : IDisposable
{
    private readonly Engine _engine;

    private StudyPeople(
        Engine engine, VerifiedRelease release, IReadOnlyList<VerifiedRelease> others,
        IReadOnlyList<StudyPerson> all) =>
        (_engine, Release, Others, All) = (engine, release, others, all);

    /// <summary>The release, every byte of which was verified.</summary>
    public VerifiedRelease Release { get; }

    /// <summary>The releases that it is compared with, made under other policies.</summary>
    public IReadOnlyList<VerifiedRelease> Others { get; }

    /// <summary>All people in it, by number, in the order of their keys.</summary>
    public IReadOnlyList<StudyPerson> All { get; }

    /// <summary>Reads who is in a release.</summary>
    /// <param name="workspace">Whose release it is.</param>
    /// <param name="release">As on the command line.</param>
    /// <param name="others">The same of those that it is compared with.</param>
    /// <param name="now">The gate is asked as of then; nothing else depends on it.</param>
    /// <param name="limits">How much of the machine it may use.</param>
    /// <exception cref="AvalException">Refused by the gate.</exception>
    public static StudyPeople Read(
        Workspace workspace, string release, IReadOnlyList<string> others, DateTimeOffset now, EngineLimits limits)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(others);
        VerifiedRelease[] passed =
            [.. others.Prepend(release).Select(one => RunGate.Require(workspace, one, now, limits).Release)];
        var manifest = passed[0].Manifest;
        var engine = Engine.Open(workspace.Temporary, limits, workspace.ReadKey());
        return Ownership.Hand(engine, () =>
        {
            Inputs.Load(engine, workspace, manifest.ProtectUntil, manifest.LedgerSize);
            var policy = PolicyReader.Parse(manifest.PolicyText, $"the policy of {passed[0].Name}");
            Stances.Resolve(engine, policy.Purpose);
            string[] lineages = [.. passed.Select(one => Lineage.Of(workspace, one.Manifest))];
            // By the same links in all of them: whoever is held out of one is held out of each.
            Links.Gather(
                engine, string.Join(" UNION ", lineages.Select(lineage => $"SELECT account FROM {lineage}")),
                "study_links");
            Links.Connect(engine, "study_links", "study_nodes");
            foreach (var (lineage, at) in lineages.Select((lineage, at) => (lineage, at)))
                engine.Execute(Rows(TableOf(at), lineage, passed[at]));
            return new StudyPeople(
                engine, passed[0], passed[1..], engine.Query(People(manifest.AsOf), row => new StudyPerson(
                    row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetBoolean(4))));
        });
    }

    private static string TableOf(int release) =>
        release == 0 ? "study_rows" : string.Create(CultureInfo.InvariantCulture, $"study_rows_{release}");

    /// <summary>The languages of the release, with how many people wrote in each.</summary>
    public IReadOnlyList<(string Language, long People)> Languages() => _engine.Query(
        "SELECT language, count(DISTINCT person) FROM study_rows WHERE text <> '' GROUP BY language ORDER BY language",
        row => (row.GetString(0), row.GetInt64(1)));

    /// <summary>Who wrote what in one language, by person.</summary>
    public IReadOnlyList<PersonTexts> Texts(string language)
    {
        var numbers = All.Select((person, at) => (person.Key, at))
            .ToDictionary(one => one.Key, one => one.at, StringComparer.Ordinal);
        var found = new List<PersonTexts>();
        List<ReadOnlyMemory<byte>> texts = [], consented = [];
        foreach (var (person, text, consents) in _engine.Stream(
            $"SELECT person, text, consents FROM study_rows WHERE language = {Engine.Literal(language)} AND text <> '' "
                + "ORDER BY person, row_key",
            row => (numbers[row.GetString(0)], Encoding.UTF8.GetBytes(row.GetString(1)), row.GetBoolean(2))))
        {
            if (found.Count == 0 || found[^1].Person != person)
            {
                (texts, consented) = ([], []);
                found.Add(new PersonTexts(person, texts, consented));
            }

            texts.Add(text);
            if (consents)
                consented.Add(text);
        }

        return found;
    }

    /// <summary>What is written in one language in a release that it is compared with, by person.</summary>
    /// <param name="other">Which of <see cref="Others"/>.</param>
    /// <param name="language">The language.</param>
    /// <param name="isHeldOut">Whose texts are left out, by number.</param>
    public OtherTexts TextsOf(int other, string language, Func<int, bool> isHeldOut)
    {
        ArgumentNullException.ThrowIfNull(isHeldOut);
        var apart = All.Where((_, at) => isHeldOut(at)).Select(person => person.Key)
            .ToHashSet(StringComparer.Ordinal);
        var (people, texts) = (new HashSet<string>(StringComparer.Ordinal), new List<ReadOnlyMemory<byte>>());
        foreach (var (person, text) in _engine.Stream(
            $"SELECT person, text FROM {TableOf(other + 1)} WHERE language = {Engine.Literal(language)} "
                + "AND text <> '' ORDER BY person, row_key",
            row => (row.GetString(0), Encoding.UTF8.GetBytes(row.GetString(1)))))
        {
            if (apart.Contains(person))
                continue;
            people.Add(person);
            texts.Add(text);
        }

        return new OtherTexts(MeasuredLanguage.OfRelease(Others[other].Manifest.Corpus, other), people.Count, texts);
    }

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();

    // As the rule share has it (Decisions/Draws.cs): the least account of all that links connect.
    private static string Rows(string table, string lineage, VerifiedRelease release) => $"""
        CREATE OR REPLACE TEMP TABLE {table} AS
        WITH persons AS (
            SELECT label, min(node) AS person FROM study_nodes WHERE position(':' IN node) > 1 GROUP BY label
        ), consenting AS (
            SELECT subject AS account FROM account_stances
            WHERE consent_kind = 'consent' AND coalesce(consent_until > known_at(), true)
        )
        SELECT row_key, language, text, lineage.account, coalesce(person, lineage.account) AS person,
            consenting.account IS NOT NULL AS consents
        FROM (SELECT row_key, account FROM {lineage}) AS lineage
        JOIN {ParquetFiles.Rows(release.Manifest.Files.Where(file => file.Rows is not null)
            .Select(file => Path.Combine(release.Folder, file.Path)))} USING (row_key)
        LEFT JOIN consenting ON consenting.account = lineage.account
        LEFT JOIN study_nodes ON node = lineage.account
        LEFT JOIN persons USING (label)
        """;

    // Of several accounts the least that says anything: what a study weighs people by must not depend on an order.
    private static string People(DateTimeOffset asOf) => $"""
        SELECT person, coalesce(arg_min(country, account) FILTER (country <> ''), '') AS country,
            coalesce(arg_min({Age(asOf)}, account) FILTER (birth_year IS NOT NULL), '') AS age,
            CASE WHEN sum(items) >= 20 THEN '20+' WHEN sum(items) >= 5 THEN '5-19' WHEN sum(items) >= 2 THEN '2-4'
                ELSE '1' END AS activity,
            bool_or(consents) AS consents
        FROM (SELECT person, account, count(*) AS items, bool_or(consents) AS consents
              FROM study_rows GROUP BY person, account)
        LEFT JOIN (SELECT account, country, birth_year FROM accounts_now) USING (account)
        GROUP BY person ORDER BY person
        """;

    private static string Age(DateTimeOffset asOf)
    {
        var age = $"({asOf.Year.ToString(CultureInfo.InvariantCulture)} - birth_year)";
        return $"CASE WHEN {age} < 25 THEN '18-24' WHEN {age} < 35 THEN '25-34' WHEN {age} < 50 THEN '35-49' "
            + $"WHEN {age} < 65 THEN '50-64' ELSE '65+' END";
    }
}
