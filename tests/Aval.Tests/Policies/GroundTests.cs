using Aval.Policies;
using static Aval.Tests.EngineWorld;

namespace Aval.Tests.Policies;

/// <summary>What each rule means, corner by corner.</summary>
public sealed class GroundTests : IDisposable
{
    private readonly EngineWorld _world = new(Day("2025-12-01"));

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(null, "2020-01-01", Reason.AgeUnknown)]
    [InlineData(2008, "2020-01-01", Reason.Minor)] // eighteen on 31 December 2026
    [InlineData(2006, "2020-01-01", Reason.Minor)] // an adult now, a minor then: childhood posts do not grow up
    [InlineData(2006, "2024-12-31", null)] // the very day
    [InlineData(2006, null, Reason.AgeUnknown)]
    [InlineData(2008, null, Reason.Minor)]
    [InlineData(1990, "2026-01-01", Reason.AgeUnknown)] // written after the build: nobody knows when
    public void Adults_then_and_now(int? birthYear, string? createdAt, Reason? reason)
    {
        _world.Account("facebook:1", birthYear: birthYear);
        _world.Item("a", "facebook:1", createdAt: createdAt is null ? null : Day(createdAt));
        Assert.Equal(reason, _world.ReasonFor("a", new Rule.Age(null, 18, WhenWritten: true, AtBuild: true)));
    }

    [Fact]
    public void An_author_nobody_knows_is_of_unknown_age_residence_and_not_informed()
    {
        _world.Item("a", "facebook:1", createdAt: Day("2020-01-01"));
        Assert.Equal(Reason.AgeUnknown, _world.ReasonFor("a", new Rule.Age(null, 18, true, true)));
        Assert.Equal(Reason.ResidenceUnknown, _world.ReasonFor("a", new Rule.Residence(null, ["DE"])));
        Assert.Equal(Reason.NotInformed, _world.ReasonFor("a", new Rule.Informed(null)));
        Assert.Equal(Reason.WaitingPeriod, _world.ReasonFor("a", new Rule.WaitingPeriod(null, 0)));
    }

    [Theory]
    [InlineData("2025-11-01T00:00:00Z", null)]
    [InlineData("2025-11-01T00:00:00.000001Z", Reason.WaitingPeriod)]
    public void The_waiting_period_runs_from_the_first_delivery(string delivered, Reason? reason)
    {
        Assert.True(Instant.TryParse(delivered, out var at));
        _world.Item("a", "facebook:1");
        _world.Notice("facebook:1", null);
        _world.Notice("facebook:1", Day("2025-11-20"));
        _world.Notice("facebook:1", at);
        Assert.Equal(reason, _world.ReasonFor("a", new Rule.WaitingPeriod(null, 30)));
    }

    [Fact]
    public void Only_a_delivered_notice_informs()
    {
        _world.Item("a", "facebook:1");
        _world.Notice("facebook:1", null);
        _world.Notice("facebook:1", Day("2025-12-02"));
        Assert.Equal(Reason.NotInformed, _world.ReasonFor("a", new Rule.Informed(null)));
        _world.Notice("facebook:1", _world.AsOf);
        Assert.Null(_world.ReasonFor("a", new Rule.Informed(null)));
    }

    [Theory]
    [InlineData("public", null)]
    [InlineData("friends", Reason.NotPublic)]
    [InlineData("assistant", Reason.NotPublic)]
    [InlineData("unknown", Reason.AudienceUnknown)]
    [InlineData(null, Reason.AudienceUnknown)]
    public void Only_what_was_published_to_everyone(string? audience, Reason? reason)
    {
        _world.Item("a", "facebook:1", audience: audience!);
        Assert.Equal(reason, _world.ReasonFor("a", new Rule.Audience(null, ["public"])));
    }

    [Theory]
    [InlineData(null, false, Reason.Empty)]
    [InlineData("", false, Reason.Empty)]
    [InlineData(" \t\u00a0\u3000\n", false, Reason.Empty)]
    [InlineData("\u00a0x", false, null)]
    [InlineData(null, true, null)]
    [InlineData("0", false, null)]
    public void What_holds_nothing_is_left_out_last(string? text, bool media, Reason? reason)
    {
        _world.Item("a", "facebook:1", text: text, media: media);
        Assert.Equal(reason, _world.ReasonFor("a"));
        Assert.Equal(Reason.KindNotAdmitted, _world.ReasonFor("a", new Rule.Kinds(null, ["comment"])));
    }

    [Fact]
    public void What_was_deleted_at_its_source_is_out_first()
    {
        _world.Item("a", "facebook:1", deleted: true);
        Assert.Equal(Reason.DeletedAtSource, _world.ReasonFor("a", new Rule.Kinds(null, [])));
    }

    [Fact]
    public void An_item_whose_last_update_could_not_be_read_is_out_under_every_policy_but_others_are_not()
    {
        _world.Item("a", "facebook:1");
        _world.Item("b", "facebook:1");
        _world.Engine.Execute("UPDATE items_now SET unreadable = true WHERE item_id = 'a'");
        Assert.Equal(Reason.UnreadableUpdate, _world.ReasonFor("a", new Rule.Kinds(null, [])));
        Assert.Null(_world.ReasonFor("b"));
    }

    [Fact]
    public void All_items_of_an_account_whose_last_update_could_not_be_read_are_out_also_one_that_a_choice_names()
    {
        _world.Item("a", "facebook:1");
        _world.Item("b", "facebook:1");
        _world.Item("c", "facebook:2");
        _world.Account("facebook:1");
        _world.Account("facebook:2");
        _world.Engine.Execute("UPDATE accounts_now SET unreadable = true WHERE account = 'facebook:1'");
        _world.Choose(ChoiceKind.Consent, "facebook:1", Day("2025-01-01"), "item:facebook:b");
        Assert.Equal(
            [Reason.UnreadableUpdate, Reason.UnreadableUpdate, null], _world.Decide([]).Select(item => item.Reason));
    }

    [Fact]
    public void Late_objections_reach_forward_only_where_a_policy_says_so()
    {
        var announced = new Rule.Objection(null, ForwardFrom: Day("2025-05-27"));
        _world.Item("old", "facebook:1", createdAt: Day("2024-01-01"));
        _world.Item("same", "facebook:1", createdAt: Day("2025-06-01"));
        _world.Item("undated", "facebook:1");
        _world.Item("timely", "facebook:2", createdAt: Day("2024-01-01"));
        _world.Choose(ChoiceKind.Objection, "facebook:1", Day("2025-06-01"));
        _world.Choose(ChoiceKind.Objection, "facebook:2", Day("2025-05-26"));
        _world.Choose(ChoiceKind.Objection, "facebook:2", Day("2025-06-26")); // saying it again takes nothing back
        Assert.Equal(
            [null, Reason.Objected, Reason.Objected, Reason.Objected],
            _world.Decide(announced).Select(item => item.Reason));
    }

    [Fact]
    public void A_release_of_one_service_combines_nothing()
    {
        _world.Item("a", "instagram:1", "instagram");
        var strict = new Rule.CombineServices(null, CombineReading.Strict, "facebook");
        Assert.Equal(
            Reason.ServicesCombined, _world.ReasonFor("a", new Rule.Services(null, ["facebook", "instagram"]), strict));
        Assert.Null(_world.ReasonFor("a", new Rule.Services(null, ["instagram"]), strict));
        Assert.Null(_world.ReasonFor("a", new Rule.CombineServices(null, CombineReading.SamePerson, null)));
    }

    [Fact]
    public void An_unknown_public_date_is_before_every_cutoff()
    {
        var rule = new Rule.PublicSince(null, Day("2024-06-26"));
        _world.Item("a", "facebook:1");
        _world.Item("b", "facebook:1", publicSince: Day("2024-06-25"));
        _world.Item("c", "facebook:1", publicSince: Day("2024-06-26"));
        Assert.Equal(
            [Reason.PublicBeforeCutoff, Reason.PublicBeforeCutoff, null],
            _world.Decide(rule).Select(item => item.Reason));
    }

    [Fact]
    public void Every_mask_names_all_rules_that_exclude()
    {
        _world.Item("a", "facebook:1", kind: "ai-interaction", audience: "assistant");
        var decided = Assert.Single(_world.Decide(
            new Rule.Audience(null, ["public"]), new Rule.Kinds(null, ["post"]), new Rule.Informed(null)));
        Assert.Equal("audience", decided.Rule);
        Assert.Equal(["audience", "kinds", "informed"], decided.Rules);
    }
}
