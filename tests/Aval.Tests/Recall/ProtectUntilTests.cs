using Aval.Building;
using Aval.Choices;
using Aval.Content;
using Aval.Policies;
using Aval.Recording;
using Aval.Storage;
using Aval.Tests.ContentStore;
using Aval.Tests.Histories;
using Aval.Text;
using static Aval.Tests.ContentStore.ContentWorld;

namespace Aval.Tests.Recalls;

/// <summary>
/// What protects counts until a release's protect_until; content, ages, waiting periods and all that permits count as
/// of the release.
/// </summary>
public sealed class ProtectUntilTests : IDisposable
{
    private static readonly DateTimeOffset Then = Time("2025-06-01T00:00:00Z");
    private static readonly DateTimeOffset Until = Time("2026-01-10T00:00:00Z");

    private static readonly Policy OptOut = EngineWorld.Policy(
        new Rule.Erasure("GDPR 17"), new Rule.Restriction("GDPR 18"), new Rule.Objection("GDPR 21", null),
        new Rule.Removal("GDPR 17"), new Rule.Audience(null, ["public"]), new Rule.Age(null, 18, true, true),
        new Rule.WaitingPeriod("EDPB", 30), new Rule.Residence(null, ["FR"]));

    private static readonly Policy OptIn = EngineWorld.Policy(
        new Rule.Objection("GDPR 21", null), new Rule.Consent("GDPR 7"));

    private readonly ContentWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Whatever_protects_and_is_known_by_then_keeps_an_item_out_and_nothing_else_changes()
    {
        string?[] expected =
        [
            "objected objected", "objected-too-late", "objected-and-lifted", "lifted-since objected",
            "restricted restricted", "erased erased", "removed removal-requested", "deleted deleted-at-source",
            "narrowed not-public", "unreadable unreadable-update", "young minor", "linked objected", "moved",
            "edited", "told-late waiting-period", "turned-adult minor", "nothing",
        ];
        Publish([.. expected.Select(line => line!.Split(' ')[0])]);
        Say(ChoiceKind.Objection, "lifted-since", "2025-01-01");
        Say(ChoiceKind.Objection, "linked-to", "2025-01-01");

        var before = Decided(OptOut, Then);
        Assert.Equal(
            ["lifted-since objected", "told-late waiting-period", "turned-adult minor"],
            before.Where(line => line.Contains(' ', StringComparison.Ordinal)));

        Say(ChoiceKind.Objection, "objected", "2025-07-01");
        Say(ChoiceKind.Objection, "objected-too-late", "2026-01-11");
        Say(ChoiceKind.Objection, "objected-and-lifted", "2025-07-01");
        Say(ChoiceKind.ObjectionLifted, "objected-and-lifted", "2025-08-01");
        Say(ChoiceKind.ObjectionLifted, "lifted-since", "2025-08-01");
        Say(ChoiceKind.Restriction, "restricted", "2025-07-01");
        Say(ChoiceKind.Erasure, "erased", "2025-07-01");
        Say(ChoiceKind.Removal, "nothing", "2025-07-01", "item:facebook:removed");
        Later(Item("deleted", ("author", "\"facebook:deleted\""), ("deleted", "true")),
            Item("narrowed", ("author", "\"facebook:narrowed\""), ("audience", "\"friends\"")),
            Item("unreadable", ("author", "\"facebook:unreadable\""), ("audience", "\"Friends\"")),
            Item("edited", ("author", "\"facebook:edited\""), ("text", "\"\""), ("kind", "\"comment\"")));
        // At the release's instant she was a minor, whatever she is now.
        People("2025-07-01", "young,,FR,2007", "linked,7,FR,1980", "linked-to,7,FR,1980", "moved,,US,1980");

        Assert.Equal(expected.Order(StringComparer.Ordinal), Decided(OptOut, Then, Until));
        // Of the release itself nothing has changed.
        Assert.Equal(before, Decided(OptOut, Then));
    }

    [Fact]
    public void A_consent_that_ran_out_or_was_withdrawn_by_then_is_none_and_one_that_came_later_is_none_either()
    {
        Publish("lasting", "ended", "withdrawn", "came-later", "withdrawn-and-again");
        foreach (var who in (string[])["lasting", "ended", "withdrawn", "withdrawn-and-again"])
            Say(ChoiceKind.Consent, who, "2025-01-01", until: who == "ended" ? "2025-09-01" : null);
        Say(ChoiceKind.Withdrawal, "withdrawn", "2025-07-01");
        Say(ChoiceKind.Withdrawal, "withdrawn-and-again", "2025-07-01");
        Say(ChoiceKind.Consent, "withdrawn-and-again", "2025-08-01");
        Say(ChoiceKind.Consent, "came-later", "2025-07-01");

        Assert.Equal(
            ["came-later no-consent", "ended", "lasting", "withdrawn", "withdrawn-and-again"], Decided(OptIn, Then));
        Assert.Equal(
            ["came-later no-consent", "ended consent-expired", "lasting", "withdrawn consent-withdrawn",
                "withdrawn-and-again"],
            Decided(OptIn, Then, Until));
    }

    [Fact]
    public void A_notice_that_came_back_told_nobody_anything_as_soon_as_that_is_known()
    {
        Publish("told", "back", "back-before", "sent-again", "other-version");
        _world.Import(
            _world.Write("bounces.csv", """
                account,version,delivered_at,bounced_at
                facebook:back,v1,,2025-07-01T00:00:00Z
                facebook:back-before,v1,,2025-02-01T00:00:00Z
                facebook:sent-again,v1,,2025-02-01T00:00:00Z
                facebook:sent-again,v1,2025-03-01T00:00:00Z,
                facebook:other-version,v0,2024-12-01T00:00:00Z,2025-02-01T00:00:00Z

                """),
            ContentKind.Notices);
        var regime = EngineWorld.Policy(new Rule.Informed("GDPR 13(3)"));

        Assert.Equal(
            ["back", "back-before not-informed", "other-version", "sent-again", "told"], Decided(regime, Then));
        Assert.Equal(
            ["back not-informed", "back-before not-informed", "other-version", "sent-again", "told"],
            Decided(regime, Then, Until));
    }

    /// <summary>What came back is often told by another system than what was delivered.</summary>
    [Fact]
    public void What_came_back_is_found_however_its_version_is_spelled()
    {
        Publish("space", "form");
        _world.Import(
            _world.Write("told.csv", "account,version,delivered_at\nfacebook:form,vers\u00e3o,2024-12-01T00:00:00Z\n"),
            ContentKind.Notices);
        _world.Import(
            _world.Write("bounces.csv", "account,version,bounced_at\nfacebook:space,\"v1 \",2025-02-01T00:00:00Z\n"
                + "facebook:form,v1,2025-02-01T00:00:00Z\nfacebook:form,versa\u0303o,2025-02-01T00:00:00Z\n"),
            ContentKind.Notices);

        Assert.Equal(
            ["form not-informed", "space not-informed"],
            Decided(EngineWorld.Policy(new Rule.Informed("GDPR 13(3)")), Then));
    }

    [Fact]
    public void Whoever_objects_later_is_masked_in_what_others_wrote_and_by_tags_that_came_later()
    {
        var regime = EngineWorld.Policy(new Rule.AboutMe("GDPR 21", Protected.Objectors, MentionAction.Mask));
        Publish("zoe", "yan", "xia");
        Observe("2025-01-02",
            Item("of-zoe", ("text", "\"with @[zoe:1:Zoe]\"")), Item("of-yan", ("text", "\"Yan Example was there\"")),
            Item("of-xia", ("text", "\"and @[xia:1:Xia]\"")));
        People("2025-01-02", "zoe,,FR,1980", "yan,,FR,1980", "xia,,FR,1980");
        _world.Import(_world.Write("shown.csv", "account,display_name,observed_at\n"
            + "facebook:yan,Yan Example,2025-02-01T00:00:00Z\n"), ContentKind.Accounts);
        Say(ChoiceKind.Objection, "xia", "2025-01-01", "about-me");
        Say(ChoiceKind.ObjectionLifted, "xia", "2025-07-01", "about-me");
        Say(ChoiceKind.Objection, "zoe", "2025-07-01", "about-me");
        Say(ChoiceKind.Objection, "yan", "2025-07-01", "about-me");
        Later(Item("of-yan", ("text", "\"Yan Example was there, and left\""),
            ("persons", """[{"account": "facebook:yan", "role": "tagged"}]""")));

        Assert.Equal(
            ["of-xia: and <PERSON>", "of-yan: Yan Example was there", "of-zoe: with @[zoe:1:Zoe]"],
            Texts(regime, Then));
        Assert.Equal(
            ["of-xia: and <PERSON>", "of-yan: <PERSON> was there", "of-zoe: with <PERSON>"],
            Texts(regime, Then, Until));
    }

    [Fact]
    public void In_any_history_what_is_in_is_in_as_of_the_release_and_as_of_then()
    {
        var regime = PolicyReader.Read(PolicyReader.Find("opt-out"));
        var (histories, left) = (Environment.GetEnvironmentVariable("AVAL_LONG") == "1" ? 150 : 5, 0);
        for (var seed = 1; seed <= histories; seed++)
        {
            using var told = new ContentWorld();
            foreach (var act in History.Of(new Random(seed)))
                act.Do(told);
            IReadOnlyList<string> In(DateTimeOffset asOf, DateTimeOffset until) =>
                [.. Decide(told.Workspace, regime, asOf, until).Where(item => item.Reason is null)
                    .Select(item => item.Id)];
            var (asOf, until) = (History.Day(13), History.Day(30));
            var (then, now, recalled) = (In(asOf, asOf), In(until, until), In(asOf, until));
            Assert.True(
                recalled.SequenceEqual(then.Intersect(now).Order(StringComparer.Ordinal)),
                $"history {seed}: then {string.Join(' ', then)}; now {string.Join(' ', now)}; "
                    + $"recalled {string.Join(' ', recalled)}");
            left += then.Count - recalled.Count;
        }

        Assert.True(left > histories, $"{left} items left by recalls of {histories} histories: too few.");
    }

    [Fact]
    public void A_release_cannot_protect_less_long_than_it_lasts_nor_longer_than_the_clock()
    {
        var early = Assert.Throws<AvalException>(() => Build(Then, Then.AddDays(-1)));
        Assert.Equal(ExitCode.Usage, early.Exit);
        Assert.StartsWith("--protect-until 2025-05-31", early.Message, StringComparison.Ordinal);
        var late = Assert.Throws<AvalException>(() => Build(Then, Today.AddDays(2)));
        Assert.Equal(ExitCode.Refused, late.Exit);
        Assert.StartsWith("--protect-until 2026-01-17", late.Message, StringComparison.Ordinal);
    }

    private BuildOutcome Build(DateTimeOffset asOf, DateTimeOffset until) => Pipeline.Build(
        _world.Workspace,
        new BuildRequest(OptOut, CorpusName.Parse("test"), asOf, null, new EngineLimits(2, 1_000_000_000))
        {
            ProtectUntil = until,
            Clock = _world.Clock,
        },
        _ => { });

    private void Publish(params string[] names)
    {
        Observe("2025-01-02", [.. names.Select(name => Item(
            name, ("author", $"\"facebook:{name}\""), ("created_at", "\"2025-01-01T00:00:00Z\"")))]);
        People("2025-01-02", [.. names.Where(name => name != "young")
            .Select(name => $"{name},,FR,{(name == "turned-adult" ? 2007 : 1980)}"), "young,,FR,1990"]);
        var lines = names.Append("young").Distinct().Select(name =>
            $"facebook:{name},v1,{(name == "told-late" ? "2025-05-20" : "2025-01-01")}T00:00:00Z");
        _world.Import(
            _world.Write("notices.csv", $"account,version,delivered_at\n{string.Join('\n', lines)}\n"),
            ContentKind.Notices);
    }

    private void Later(params string[] items) => Observe("2025-07-01", items);

    private void Observe(string day, params string[] items) =>
        _world.Import(_world.Lines(items), observedAt: $"{day}T00:00:00Z");

    private void People(string day, params string[] lines) => _world.Import(
        _world.Write($"accounts-{day}.csv", "account,person,country,birth_year,observed_at\n"
            + string.Concat(lines.Select(line => $"facebook:{line},{day}T00:00:00Z\n"))),
        ContentKind.Accounts);

    private void Say(
        ChoiceKind kind, string who, string when, string scope = "everything", string? until = null)
    {
        var at = Time($"{when}T00:00:00Z");
        Recorder.RecordOnce(_world.Workspace, Today, new Choice(
            kind, Account.Parse($"facebook:{who}"), Purpose.TrainGenerativeAi,
            Scope.TryParse(scope, out var parsed) ? parsed : throw new ArgumentException(scope), at, at,
            until is null ? null : Time($"{until}T00:00:00Z"),
            Actor: kind == ChoiceKind.Removal ? Actor.Anyone : Actor.Person,
            Notice: kind == ChoiceKind.Consent ? "v1" : null));
    }

    private List<string> Decided(Policy policy, DateTimeOffset asOf, DateTimeOffset? until = null) =>
        [.. Decide(_world.Workspace, policy, asOf, until ?? asOf)
            .Select(item => item.Reason is { } reason ? $"{item.Id} {reason.ToText()}" : item.Id)];

    private List<string> Texts(Policy policy, DateTimeOffset asOf, DateTimeOffset? until = null) =>
        [.. Decide(_world.Workspace, policy, asOf, until ?? asOf)
            .Where(item => item.Id.StartsWith("of-", StringComparison.Ordinal))
            .Select(item => $"{item.Id}: {item.Text}")];

    private static List<(string Id, Reason? Reason, string Text)> Decide(
        Workspace workspace, Policy policy, DateTimeOffset asOf, DateTimeOffset until)
    {
        using var engine = Engine.Open(workspace.Temporary, new EngineLimits(1, 500_000_000), workspace.ReadKey());
        var decisions = Deciding.Load(
            engine, workspace, policy, workspace.Settings.Buckets, new DecidedAt(asOf, until, null, null),
            (ordered, protection) => Treatments.Prepare(
                engine, policy, workspace.Settings.Buckets, protection: protection)).Decisions;
        return engine.Query(
            $"SELECT item_id, mask, coalesce(text, '') FROM ({decisions.Relation}) ORDER BY item_id",
            row => (row.GetString(0), decisions.First(row.GetInt64(1))?.Reason, row.GetString(2)));
    }
}
