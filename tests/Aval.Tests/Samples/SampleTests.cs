using System.Text.Json;
using Aval.Content;
using Aval.Founding;
using Aval.Recording;
using Aval.Sample;

namespace Aval.Tests.Samples;

using static SamplePlatform; // Inside: its Text comes before the room of that name.

public sealed class SampleTests(SamplePlatform sample) : IClassFixture<SamplePlatform>
{
    private static readonly string[] Languages = [
        "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv", "mt", "nl",
        "pl", "pt", "ro", "sk", "sl", "sv",
    ];

    [Fact]
    public void The_files_fit_into_a_clone_without_being_felt() =>
        Assert.InRange(Directory.EnumerateFiles(Folder).Sum(file => new FileInfo(file).Length), 1, 4_000_000);

    [Fact]
    public void Every_account_is_spelled_as_the_design_says_and_observed_once_an_instant()
    {
        Assert.All(sample.Accounts, row =>
        {
            Assert.True(Account.TryParse(row["account"], out var account));
            Assert.Equal(account.Service, row["service"]);
            Assert.True(row["person"] is null || Account.TryParse(row["person"], out _));
            Assert.NotNull(Time(row["observed_at"]));
        });
        Assert.Distinct(sample.Accounts.Select(row => (row["account"], row["observed_at"])));
        Assert.Distinct(
            sample.Accounts.Select(row => (row["account"], row["handle"])).Distinct().Select(row => row.Item2));
    }

    [Fact]
    public void Every_item_is_spelled_as_the_design_says_and_is_somebodys()
    {
        var accounts = sample.Accounts.Select(row => row["account"]!).ToHashSet();
        Assert.All(sample.Lines, line =>
        {
            Assert.True(Item.TryParse($"item:{Value(line, "service")}:{Value(line, "item_id")}", out _));
            Assert.Contains(Value(line, "author")!, accounts);
            Assert.Equal(Value(line, "service"), Account.Parse(Value(line, "author")!).Service);
            Assert.Contains(Value(line, "kind")!, Vocabulary.Kinds);
            Assert.Contains(Value(line, "audience")!, Vocabulary.Audiences);
            Assert.True(
                Time(Value(line, "created_at")) is not { } created || created < Time(Value(line, "observed_at")));
            Assert.True(Time(Value(line, "public_since")) is not { } since || since < Time(Value(line, "observed_at")));
            Assert.All(Persons(line), person =>
            {
                Assert.True(Account.TryParse(Value(person, "account"), out var account));
                Assert.True(account.Service == Account.Outside || accounts.Contains(account.ToString()));
                Assert.Contains(Value(person, "role")!, Vocabulary.Roles);
            });
        });
        Assert.Distinct(
            sample.Lines.Select(line => (Value(line, "service"), Value(line, "item_id"), Value(line, "observed_at"))));
    }

    [Fact]
    public void Every_reply_answers_an_item_of_the_same_service()
    {
        var items = sample.Lines.Select(line => (Value(line, "service"), Value(line, "item_id"))).ToHashSet();
        Assert.All(
            sample.Lines.Where(line => Value(line, "in_reply_to") is not null),
            line => Assert.Contains((Value(line, "service"), Value(line, "in_reply_to")), items));
    }

    [Fact]
    public void Every_choice_can_be_recorded()
    {
        using var folder = new TemporaryFolder();
        var workspace = NewWorkspace.Create(folder.Path, Settings.Default);
        var outcome = ChoiceFile.Record(workspace, File_("choices.csv"), AsOf);
        Assert.Equal(sample.Choices.Count, outcome.Entries.Count);
        Assert.Equal(
            Enum.GetValues<ChoiceKind>().Where(kind => kind.BearsOnStance()).Order(),
            outcome.ByKind.Where(kind => kind.Value > 0).Select(kind => kind.Key).Order());
    }

    [Fact]
    public void Every_consent_answers_a_notice_that_had_reached_the_account()
    {
        var reached = sample.Notices.Where(row => row["delivered_at"] is not null)
            .ToLookup(row => (row["account"], row["version"]), row => Time(row["delivered_at"]));
        Assert.All(sample.Choices.Where(row => row["kind"] == "consent"), row => Assert.Contains(
            reached[(row["account"], row["notice"])], delivered => delivered <= Time(row["made_at"])));
    }

    [Fact]
    public void Each_of_the_24_languages_speaks_and_each_word_of_the_vocabularies_occurs()
    {
        Assert.Equal(Languages, sample.Lines.Select(line => Value(line, "language_hint"))
            .OfType<string>().Distinct()
            .Order(StringComparer.Ordinal));
        Assert.Superset(Vocabulary.Kinds.ToHashSet(), sample.Lines.Select(line => Value(line, "kind")!).ToHashSet());
        Assert.Superset(
            Vocabulary.Audiences.ToHashSet(), sample.Lines.Select(line => Value(line, "audience")!).ToHashSet());
        Assert.Superset(
            Vocabulary.Roles.ToHashSet(),
            sample.Lines.SelectMany(Persons).Select(person => Value(person, "role")!).ToHashSet());
    }

    [Fact]
    public void The_shares_are_those_of_a_platform_and_not_of_a_test()
    {
        var items = sample.DecidedBy("opt-out").Count;
        var open = sample.Lines.Where(line => Value(line, "audience") == "public")
            .Select(line => (Value(line, "service"), Value(line, "item_id"))).Distinct().Count();
        Assert.InRange(items, 35_000, 45_000);
        Assert.InRange(open, 0.58 * items, 0.66 * items);
        Assert.InRange(sample.Accounts.Select(row => row["account"]).Distinct().Count(), 4_000, 4_400);
        var objecting = sample.Choices
            .Where(row => row["kind"] == "objection"
                && !row["account"]!.StartsWith("outside:", StringComparison.Ordinal))
            .Select(row => row["account"]).Distinct().Count();
        Assert.InRange(objecting, 0.09 * SampleFiles.DrawnPersons, 0.13 * SampleFiles.DrawnPersons);
    }

    [Theory]
    [InlineData("opt-out", "objected, erased, restricted, removal-requested, service-not-admitted, kind-not-admitted, "
        + "not-public, audience-unknown, minor, age-unknown, not-informed, waiting-period, services-combined, "
        + "deleted-at-source, empty")]
    [InlineData("opt-in", "objected, erased, restricted, removal-requested, service-not-admitted, kind-not-admitted, "
        + "not-public, audience-unknown, minor, age-unknown, no-consent, consent-expired, consent-withdrawn, refused, "
        + "deleted-at-source")]
    public void Each_reason_of_a_regime_has_an_item_to_show(string policy, string reasons)
    {
        var given = sample.DecidedBy(policy).Select(decision => decision.Reason?.ToText()).OfType<string>().ToHashSet();
        Assert.Superset(reasons.Split(", ").ToHashSet(), given);
    }

    [Fact]
    public void The_one_who_objects_on_one_account_is_out_with_both_and_with_old_and_new()
    {
        Assert.Equal(new (string, Reason?)[]
        {
            ("100000101", Reason.Objected), ("100000102", Reason.Objected), ("100000103", Reason.Objected),
        }, sample.Of("facebook:1000001", "opt-out"));
        Assert.Equal(
            new (string, Reason?)[] { ("200000101", Reason.Objected), ("200000102", Reason.Objected) },
            sample.Of("instagram:2000001", "opt-out"));
        Assert.All(sample.Of("facebook:1000001", "opt-in"), item => Assert.Equal(Reason.Objected, item.Reason));
        // What was announced took late objections for the future only.
        Assert.Equal(
            new (string, Reason?)[] { ("100000101", null), ("100000102", null), ("100000103", Reason.Objected) },
            sample.Of("facebook:1000001", "announced-2025"));
    }

    [Theory]
    [InlineData("opt-out")]
    [InlineData("opt-in")]
    [InlineData("opt-in-strict")]
    public void The_one_who_consents_is_in_with_everything_on_both_services(string policy)
    {
        Assert.Equal(
            ["100000201", "100000202", "100000203"],
            sample.Of("facebook:1000002", policy).Where(item => item.Reason is null).Select(item => item.Id));
        Assert.Equal(
            ["200000201", "200000202"],
            sample.Of("instagram:2000002", policy).Where(item => item.Reason is null).Select(item => item.Id));
    }

    [Theory]
    [InlineData("opt-out")]
    [InlineData("opt-in")]
    public void The_one_who_came_of_age_is_in_with_what_was_written_since_and_not_before(string policy) => Assert.Equal(
        new (string, Reason?)[]
        {
            ("100000301", Reason.Minor), ("100000302", Reason.Minor), ("100000303", Reason.Minor), ("100000304", null),
            ("100000305", null),
        },
        sample.Of("facebook:1000003", policy));

    [Fact]
    public void The_generator_writes_the_committed_bytes()
    {
        var texts = Path.Combine(Folder, "../../../shared/data/text");
        if (!Directory.Exists(texts))
        {
            Assert.False(
                Environment.GetEnvironmentVariable("CI") == "true",
                "The texts that the sample is made from are missing.");
            Assert.Skip("The texts that the sample is made from are not here.");
        }

        using var folder = new TemporaryFolder();
        SampleFiles.Write(texts, folder.Path);
        Assert.All(SampleFiles.Names, name => Assert.True(
            File.ReadAllBytes(File_(name)).AsSpan().SequenceEqual(File.ReadAllBytes(folder.File(name))),
            $"{name} differs."));
    }

    [Fact]
    public void Without_its_texts_the_generator_refuses_and_writes_nothing()
    {
        using var folder = new TemporaryFolder();
        var refused = Assert.Throws<AvalException>(() => SampleFiles.Write(folder.Path, folder.File("platform")));
        Assert.Equal(ExitCode.BadInput, refused.Exit);
        Assert.False(Directory.Exists(folder.File("platform")));
    }

    private static JsonElement[] Persons(JsonElement line) =>
        line.TryGetProperty("persons", out var persons) ? [.. persons.EnumerateArray()] : [];
}
