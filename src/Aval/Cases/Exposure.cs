using Aval.Content;
using Aval.Corpus;
using Aval.Runs;
using Aval.Storage;

namespace Aval.Cases;

/// <summary>What to count.</summary>
/// <param name="From">Releases that were in use after it; null = from the first on.</param>
/// <param name="Until">Releases that were in use before it; null = until now.</param>
/// <param name="Policies">Under these policies alone; empty = under any.</param>
/// <param name="Figures">Amounts that somebody entered.</param>
internal sealed record ExposureRequest(
    DateTimeOffset? From, DateTimeOffset? Until, IReadOnlyList<string> Policies,
    IReadOnlyList<ExposureFigure> Figures);

/// <summary>People and items, where they are not so few that a group of them could be somebody.</summary>
/// <param name="People">At most so many; null = fewer than <see cref="Exposure.Fewest"/>.</param>
/// <param name="Items">Each counted once; null = those of so few people.</param>
internal sealed record ExposureCount(long? People, long? Items);

/// <summary>What is concerned under one policy.</summary>
/// <param name="Policy">Its name.</param>
/// <param name="Releases">How many releases.</param>
/// <param name="First">The earliest instant that one of them is made for.</param>
/// <param name="Last">When the last of them was withdrawn or dropped; null = one may be used.</param>
/// <param name="Models">How many registered models were made of them, over any number of steps.</param>
/// <param name="Count">People and items.</param>
internal sealed record PolicyExposure(
    string Policy, int Releases, DateTimeOffset First, DateTimeOffset? Last, int Models, ExposureCount Count);

/// <summary>An entered amount, multiplied.</summary>
/// <param name="Figure">What was entered.</param>
/// <param name="Times">By how many; null = by fewer people than are told.</param>
internal sealed record ExposureAmount(ExposureFigure Figure, long? Times)
{
    /// <summary>The product; null = it would tell of so few.</summary>
    public decimal? Total => Times is { } times ? Figure.Amount * times : null;
}

/// <summary>
/// How many people, items, releases, models and countries are concerned by what was built: by policy, in a period.
/// People are counted as far as direct links show that accounts are one person's, so there are at most so many. Groups
/// of fewer than <see cref="Fewest"/> people are not told; countries of so few are told together.
/// </summary>
/// <param name="Policies">By policy, in order of name.</param>
/// <param name="Countries">By country (of residence, as known now; <c>unknown</c>), those of most people first; small
/// ones together as <see cref="Others"/>.</param>
/// <param name="Releases">How many releases.</param>
/// <param name="Models">By name: the models made of them, and how they were given on.</param>
/// <param name="All">People and items in all.</param>
/// <param name="Untold">Releases that were dropped, or of which an erasure took the rows, so that nobody can tell who
/// was in them: not among people and items.</param>
/// <param name="Amounts">The entered amounts, multiplied.</param>
internal sealed record Exposure(
    IReadOnlyList<PolicyExposure> Policies, IReadOnlyList<(string Country, ExposureCount Count)> Countries,
    int Releases, IReadOnlyList<Model> Models, ExposureCount All, int Untold, IReadOnlyList<ExposureAmount> Amounts)
{
    /// <summary>Of fewer people no number is told.</summary>
    public const int Fewest = 10;

    /// <summary>Countries of few people, together.</summary>
    public const string Others = "others";

    /// <summary>Counts.</summary>
    /// <param name="workspace">Of which workspace.</param>
    /// <param name="request">What.</param>
    /// <param name="now">The clock's instant.</param>
    /// <param name="limits">How much of the machine it may use.</param>
    /// <exception cref="AvalException">Usage: a policy is named under which nothing was built. Bad input: a lineage or
    /// the content was changed.</exception>
    public static Exposure Of(
        Workspace workspace, ExposureRequest request, DateTimeOffset now, EngineLimits limits)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentNullException.ThrowIfNull(request);
        var built = StatedRelease.All(workspace);
        RequirePolicies(built, request);
        StatedRelease[] releases = [.. built.Where(one => IsIn(one, request))];
        using var engine = Engine.Open(workspace.Temporary, limits, workspace.ReadKey());
        ContentViews.Create(engine, workspace, now);
        Fill(engine, workspace, releases.Where(one => one.HasRows));
        var registered = RegisteredModels.Of(Register.Read(workspace));
        Model[] MadeOf(IEnumerable<StatedRelease> of) => of.Select(one => one.Name).ToHashSet() is var names
            ? [.. registered.All.Where(model => registered.Sources(model).Any(from => names.Contains(from.Release)))]
            : [];
        return new Exposure(
            [
                .. releases.GroupBy(one => one.Manifest.PolicyName).OrderBy(one => one.Key, StringComparer.Ordinal)
                    .Select(of => new PolicyExposure(
                        of.Key, of.Count(), of.Min(one => one.Manifest.AsOf),
                        of.All(one => EndOf(one) is not null) ? of.Max(EndOf) : null, MadeOf(of).Length,
                        Count(engine, [of.Key], []))),
            ],
            ByCountry(engine), releases.Length, MadeOf(releases), Count(engine, [], []),
            releases.Count(one => !one.HasRows),
            [
                .. request.Figures.Select(figure => new ExposureAmount(
                    figure, Times(engine, figure, releases, MadeOf))),
            ]);
    }

    private static void RequirePolicies(IReadOnlyList<StatedRelease> built, ExposureRequest request)
    {
        var known = built.Select(one => one.Manifest.PolicyName).Distinct().Order(StringComparer.Ordinal).ToArray();
        foreach (var name in request.Policies.Concat(request.Figures.SelectMany(figure => figure.Policies)))
        {
            if (!known.Contains(name))
                throw AvalException.Usage($"Nothing was built under a policy \"{Shown.Of(name)}\". Nothing was "
                    + $"counted. There are: {(known.Length == 0 ? "none" : string.Join(", ", known))}.");
        }
    }

    // From the instant that it is made for until it must not be used any more.
    private static bool IsIn(StatedRelease release, ExposureRequest request) =>
        (request.Policies.Count == 0 || request.Policies.Contains(release.Manifest.PolicyName))
        && (request.Until is not { } until || release.Manifest.AsOf < until)
        && (request.From is not { } from || EndOf(release) is not { } end || end > from);

    private static DateTimeOffset? EndOf(StatedRelease release) => (release.Withdrawn, release.Dropped) switch
    {
        ({ } withdrawn, { } dropped) => withdrawn.At < dropped.At ? withdrawn.At : dropped.At,
        ({ } withdrawn, null) => withdrawn.At,
        (null, { } dropped) => dropped.At,
        (null, null) => null,
    };

    // Each item once a policy, whatever number of releases holds it.
    private static void Fill(Engine engine, Workspace workspace, IEnumerable<StatedRelease> releases)
    {
        engine.Execute("""
            CREATE OR REPLACE TEMP TABLE exposed_rows
                (policy VARCHAR, service VARCHAR, item_id VARCHAR, account VARCHAR)
            """);
        foreach (var release in releases)
            engine.Execute(
                $"""
                INSERT INTO exposed_rows
                SELECT $policy, service, item_id, account FROM {Lineage.Of(workspace, release.Manifest)} AS lineage
                ANTI JOIN (FROM exposed_rows WHERE policy = $policy) AS there USING (service, item_id)
                """,
                ("policy", release.Manifest.PolicyName));
        engine.Execute("""
            CREATE OR REPLACE TEMP TABLE exposed_people AS
            SELECT policy, account, any_value(coalesce('person:' || known.person, account)) AS person,
                any_value(coalesce(known.country, 'unknown')) AS country
            FROM (SELECT DISTINCT policy, account FROM exposed_rows)
            LEFT JOIN (SELECT account, person, country FROM accounts_now) AS known USING (account)
            GROUP BY policy, account
            """);
    }

    private static ExposureCount Count(
        Engine engine, IReadOnlyList<string> policies, IReadOnlyList<string> countries)
    {
        var among = $"""
            {In("policy", policies)}
                AND account IN (SELECT account FROM exposed_people WHERE {In("country", countries)})
            """;
        var people = engine.Scalar<long>(
            $"SELECT count(DISTINCT person) FROM exposed_people WHERE {In("policy", policies)} "
                + $"AND {In("country", countries)}");
        return people is > 0 and < Fewest
            ? new ExposureCount(null, null)
            : new ExposureCount(people, engine.Scalar<long>(
                $"SELECT count(*) FROM (SELECT DISTINCT service, item_id FROM exposed_rows WHERE {among})"));
    }

    private static string In(string column, IReadOnlyList<string> values) =>
        values.Count == 0 ? "true" : $"list_contains({Engine.Literal(values)}, {column})";

    // A small group that stands alone among told ones is their difference from the whole: the smallest told one joins
    // it.
    private static IReadOnlyList<(string Country, ExposureCount Count)> ByCountry(Engine engine)
    {
        var all = engine.Query(
            "SELECT country, count(DISTINCT person) AS people FROM exposed_people GROUP BY country "
                + "ORDER BY people DESC, country",
            row => (Country: row.GetString(0), People: row.GetInt64(1)));
        var told = all.TakeWhile(one => one.People >= Fewest).ToList();
        var few = all.Skip(told.Count).ToList();
        while (told.Count > 0 && few.Count > 0 && few.Sum(one => one.People) < Fewest)
        {
            few.Add(told[^1]);
            told.RemoveAt(told.Count - 1);
        }

        return
        [
            .. told.Select(one => (one.Country, Count(engine, [], [one.Country]))),
            .. few.Count == 0 ? [] : new[] { (Others, Count(engine, [], [.. few.Select(one => one.Country)])) },
        ];
    }

    private static long? Times(
        Engine engine, ExposureFigure figure, StatedRelease[] releases,
        Func<IEnumerable<StatedRelease>, Model[]> madeOf)
    {
        var under = releases.Where(one => figure.Policies.Count == 0
            || figure.Policies.Contains(one.Manifest.PolicyName)).ToArray();
        return figure.Per switch
        {
            ExposureUnit.Person => Count(engine, figure.Policies, figure.Countries).People,
            ExposureUnit.Item => Count(engine, figure.Policies, figure.Countries).Items,
            ExposureUnit.Release => under.Length,
            ExposureUnit.Model => madeOf(under).Length,
        };
    }
}
