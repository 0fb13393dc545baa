using Aval.Building;
using Aval.Cases;
using Aval.Content;
using Aval.Corpus;
using Aval.Policies;
using Aval.Runs;
using Aval.Storage;
using Aval.Tests.Authors;
using Aval.Tests.ContentStore;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.Cases;

/// <summary>How many are concerned by what was built, and what somebody's figures come to.</summary>
public sealed class ExposureTests : IDisposable
{
    private static readonly EngineLimits Small = new(2, 500_000_000);
    private readonly ContentWorld _world = new(buckets: 2);

    public void Dispose() => _world.Dispose();

    // Forty accounts: 20 in DE, of whom two are one person; 12 in AT, 4 in FR, 1 in IE, of 3 nobody knows where. Two
    // items each.
    private Exposure Of(ExposureRequest request) => Exposure.Of(_world.Workspace, request, Today, Small);

    private string Build(string corpus, string policy, string asOf) => Pipeline.Build(
        _world.Workspace,
        new BuildRequest(
            PolicyReader.Parse(
                BuiltRelease.AdmitsAll.Replace("policy: ", $"policy: {policy}-", StringComparison.Ordinal),
                "test.yaml"),
            CorpusName.Parse(corpus), Time(asOf), null, Small)
        {
            Clock = new StandingClock(Today),
        },
        _ => { }).Directory;

    private void Fill()
    {
        _world.Import(_world.Parquet("items.parquet", """
            SELECT 'i' || a || '-' || n AS item_id, 'facebook' AS service, 'post' AS kind, 'facebook:' || a AS author,
                'public' AS audience, '2024-03-04T05:06:07Z' AS created_at, 'text ' || a || ' ' || n AS text,
                '2024-06-01T00:00:00Z' AS observed_at
            FROM range(40) t(a), range(2) u(n)
            """));
        _world.Import(
            _world.Parquet("accounts.parquet", """
                SELECT 'facebook:' || a AS account, CASE WHEN a < 2 THEN 'one' END AS person,
                    CASE WHEN a < 20 THEN 'DE' WHEN a < 32 THEN 'AT' WHEN a < 36 THEN 'FR' WHEN a < 37 THEN 'IE' END
                        AS country, '2024-06-01T00:00:00Z' AS observed_at
                FROM range(40) t(a)
                """),
            ContentKind.Accounts);
    }

    [Fact]
    public void People_and_items_are_counted_once_and_few_of_a_country_are_told_together()
    {
        Fill();
        var first = Build("one", "a", "2025-06-01T00:00:00Z");
        Build("two", "b", "2025-09-01T00:00:00Z");
        Directory.CreateDirectory(_world.File("lm-1"));
        Durable.Replace(_world.File("lm-1/weights"), "weights");
        Registering.Register(
            _world.Workspace,
            new ModelRequest("lm-1", _world.File("lm-1")) { Releases = [StatedRelease.Of(first).Name] }, Today);
        var all = Of(new ExposureRequest(null, null, [], ExposureFigure.Parse("""
            figures:
              - {of: non-material damage, amount: 500, currency: EUR, per: person, source: "A letter of 14 May 2025"}
              - {of: the same, amount: 0.5, currency: EUR, per: item, source: "A table", countries: [DE]}
              - {of: a fine, amount: 1000, currency: EUR, per: model, source: "A guess", policies: [a-all]}
              - {of: too few, amount: 1, currency: EUR, per: person, source: "A letter", countries: [FR, IE]}
            """, "figures.yaml")));
        Assert.Equal((2, 0, new ExposureCount(39, 80)), (all.Releases, all.Untold, all.All));
        Assert.Equal(["lm-1"], all.Models.Select(model => model.Name));
        Assert.Equal(
            [("a-all", 1, 1, (DateTimeOffset?)null), ("b-all", 1, 0, null)],
            all.Policies.Select(one => (one.Policy, one.Releases, one.Models, one.Last)));
        // FR, IE and the unknown are 8 people: AT joins them, so that 39 − 19 − 12 does not tell of them.
        Assert.Equal(
            ((string, ExposureCount)[])[("DE", new(19, 40)), (Exposure.Others, new(20, 40))], all.Countries);
        Assert.Equal([19_500m, 20m, 1_000m, null], all.Amounts.Select(amount => amount.Total));
        // Under one policy, before the other.
        var early = Of(new ExposureRequest(null, Time("2025-08-01T00:00:00Z"), [], []));
        Assert.Equal(["a-all"], early.Policies.Select(one => one.Policy));
        Assert.Equal(0, Of(new ExposureRequest(null, Time("2025-01-01T00:00:00Z"), [], [])).Releases);
        Assert.Equal(ExitCode.Usage, Assert.Throws<AvalException>(
            () => Of(new ExposureRequest(null, null, ["none"], []))).Exit);
        // Who was in a release that was dropped nobody can tell.
        DroppedRelease.Drop(_world.Workspace, first, Today);
        var dropped = Of(new ExposureRequest(null, null, ["a-all"], []));
        Assert.Equal((1, 1, new ExposureCount(0, 0)), (dropped.Releases, dropped.Untold, dropped.All));
        Assert.Equal(0, Of(new ExposureRequest(Today.AddDays(1), null, ["a-all"], [])).Releases);
    }

    [Theory]
    [InlineData("{of: x, amount: 500, currency: EUR, per: person}", "\"source\"")]
    [InlineData("{of: x, amount: 500, currency: EUR, per: person, source: \"\"}", "\"source\"")]
    [InlineData("{of: x, amount: 500, currency: euros, per: person, source: y}", "three capitals")]
    [InlineData("{of: x, amount: -5, currency: EUR, per: person, source: y}", "\"amount\"")]
    [InlineData("{of: x, amount: 5, currency: EUR, per: country, source: y}", "\"per\"")]
    [InlineData("{of: x, amount: 5, currency: EUR, per: model, source: y, countries: [DE]}", "goes with people")]
    [InlineData("{of: x, amount: 5, currency: EUR, per: item, source: y, countries: [UK]}", "\"GB\"")]
    [InlineData("{of: x, amount: 5, currency: EUR, per: item, source: y, countries: [DE, ZZ]}", "\"ZZ\"")]
    [InlineData("{of: x, amount: 5, currency: EUR, per: item, source: y, countries: [EU]}", "\"EU\"")]
    [InlineData("{of: x, amount: 5, currency: EUR, per: model, source: y, sources: z}", "no key \"sources\"")]
    public void A_figure_without_a_source_or_with_a_mistake_is_refused_with_its_line(string figure, string told)
    {
        var refused = Assert.Throws<AvalException>(() => ExposureFigure.Parse($"figures:\n  - {figure}\n", "f.yaml"));
        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.Contains("f.yaml, line 2", refused.Message, StringComparison.Ordinal);
        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
    }
}
