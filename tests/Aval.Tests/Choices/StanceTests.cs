using Aval.Choices;
using Aval.Policies;
using static Aval.Tests.EngineWorld;

namespace Aval.Tests.Choices;

/// <summary>docs/design.md, "Choices and stance", sentence by sentence.</summary>
public sealed class StanceTests : IDisposable
{
    private static readonly Rule Objection = new Rule.Objection(null, null);
    private static readonly Rule Consent = new Rule.Consent(null);
    private readonly EngineWorld _world = new(Day("2025-12-01"));

    public void Dispose() => _world.Dispose();

    [Fact]
    public void An_objection_reaches_past_and_future_content()
    {
        _world.Item("old", "facebook:1", createdAt: Day("2012-01-01"));
        _world.Item("new", "facebook:1", createdAt: Day("2025-11-30"));
        _world.Item("undated", "facebook:1");
        _world.Item("other", "facebook:2");
        _world.Choose(ChoiceKind.Objection, "facebook:1", Day("2025-05-20"));
        Assert.Equal(
            [Reason.Objected, Reason.Objected, null, Reason.Objected],
            _world.Decide(Objection).Select(item => item.Reason));
    }

    [Fact]
    public void An_objection_reaches_accounts_linked_later_and_since_unlinked()
    {
        _world.Item("a", "facebook:1");
        _world.Item("b", "instagram:2", "instagram");
        _world.Item("c", "threads:3", "threads");
        _world.Account("facebook:1", person: "p");
        _world.Account("instagram:2", person: "p");
        _world.Account("instagram:2", person: null); // unlinked since
        _world.Account("threads:3", person: "p"); // linked later
        _world.Choose(ChoiceKind.Objection, "facebook:1", Day("2025-05-20"));
        Assert.All(_world.Decide(Objection), item => Assert.Equal(Reason.Objected, item.Reason));
    }

    [Fact]
    public void An_account_that_gives_a_link_group_its_name_is_in_it()
    {
        _world.Item("a", "facebook:1");
        _world.Account("instagram:2", person: "facebook:1");
        _world.Choose(ChoiceKind.Objection, "instagram:2", Day("2025-05-20"));
        Assert.Equal(Reason.Objected, _world.ReasonFor("a", Objection));
    }

    [Fact]
    public void A_chain_of_links_is_one_person()
    {
        _world.Item("c", "threads:3", "threads");
        _world.Item("d", "facebook:4");
        _world.Account("facebook:1", person: "p");
        _world.Account("instagram:2", person: "p");
        _world.Account("instagram:2", person: "q");
        _world.Account("threads:3", person: "q");
        _world.Account("facebook:4", person: "r");
        _world.Choose(ChoiceKind.Objection, "facebook:1", Day("2025-05-20"));
        Assert.Equal(Reason.Objected, _world.ReasonFor("c", Objection));
        Assert.Null(_world.ReasonFor("d", Objection));
        var cited = Assert.Single(Stances.Covering(_world.Engine, "threads:3"));
        Assert.Equal(["threads:3", "person q", "instagram:2", "person p", "facebook:1"], cited.Chain);
    }

    [Fact]
    public void A_chain_is_followed_however_long_it_is()
    {
        const int links = 60;
        for (var at = 0; at < links; at++)
        {
            // Named backwards and forwards in turn, so that no order of the names helps.
            _world.Account($"facebook:{at * 7919 % 1000}", person: $"p{at}");
            _world.Account($"facebook:{(at + 1) * 7919 % 1000}", person: $"p{at}");
        }

        _world.Item("last", $"facebook:{links * 7919 % 1000}");
        _world.Item("other", "facebook:other");
        _world.Choose(ChoiceKind.Objection, "facebook:0", Day("2025-05-20"));
        Assert.Equal(Reason.Objected, _world.ReasonFor("last", Objection));
        Assert.Null(_world.ReasonFor("other", Objection));
    }

    [Fact]
    public void An_account_that_two_others_name_as_their_person_makes_them_one()
    {
        _world.Item("c", "threads:3", "threads");
        _world.Account("facebook:1", person: "instagram:2");
        _world.Account("threads:3", person: "instagram:2");
        _world.Choose(ChoiceKind.Objection, "facebook:1", Day("2025-05-20"));
        Assert.Equal(Reason.Objected, _world.ReasonFor("c", Objection));
        Assert.Equal(
            ["threads:3", "instagram:2", "facebook:1"],
            Assert.Single(Stances.Covering(_world.Engine, "threads:3")).Chain);
    }

    [Fact]
    public void What_permits_passes_over_no_chain()
    {
        _world.Item("a", "facebook:1");
        _world.Account("facebook:1", person: "p");
        _world.Account("instagram:2", person: "p");
        _world.Account("instagram:2", person: "q");
        _world.Account("threads:3", person: "q");
        _world.Choose(ChoiceKind.Consent, "threads:3", Day("2025-05-20"));
        Assert.Equal(Reason.NoConsent, _world.ReasonFor("a", Consent));
    }

    [Fact]
    public void An_objection_to_combining_services_stops_it_until_it_is_lifted()
    {
        var strict = new Rule.CombineServices(null, CombineReading.Strict, "facebook");
        _world.Item("a", "instagram:1", "instagram");
        _world.Account("instagram:1", person: "p");
        _world.Account("facebook:2", person: "p");
        _world.Choose(ChoiceKind.Consent, "instagram:1", Day("2025-05-20"), purpose: Purpose.CombineServices);
        Assert.Null(_world.ReasonFor("a", strict));
        _world.Choose(ChoiceKind.Objection, "facebook:2", Day("2025-05-21"), purpose: Purpose.CombineServices);
        Assert.Equal(Reason.ServicesCombined, _world.ReasonFor("a", strict));
        Assert.Null(_world.ReasonFor("a", Objection));
        _world.Choose(ChoiceKind.Consent, "instagram:1", Day("2025-05-22"), purpose: Purpose.CombineServices);
        Assert.Equal(Reason.ServicesCombined, _world.ReasonFor("a", strict));
        var cited = Citation.Behind(
            Cites.Combining, Stances.Covering(_world.Engine, "instagram:1"), Purpose.TrainGenerativeAi);
        Assert.Equal(ChoiceKind.Objection, cited?.Kind);
        _world.Choose(ChoiceKind.ObjectionLifted, "instagram:1", Day("2025-05-23"), purpose: Purpose.CombineServices);
        Assert.Null(_world.ReasonFor("a", strict));
    }

    [Fact]
    public void A_restriction_of_combining_services_stops_it_until_it_is_lifted()
    {
        var strict = new Rule.CombineServices(null, CombineReading.Strict, "facebook");
        _world.Item("a", "instagram:1", "instagram");
        _world.Account("instagram:1", person: "p");
        _world.Account("facebook:2", person: "p");
        _world.Choose(ChoiceKind.Consent, "instagram:1", Day("2025-05-20"), purpose: Purpose.CombineServices);
        _world.Choose(ChoiceKind.Restriction, "facebook:2", Day("2025-05-21"), purpose: Purpose.CombineServices);
        Assert.Equal(Reason.ServicesCombined, _world.ReasonFor("a", strict));
        Assert.Equal(ChoiceKind.Restriction, Citation.Behind(
            Cites.Combining, Stances.Covering(_world.Engine, "instagram:1"), Purpose.TrainGenerativeAi)?.Kind);
        _world.Choose(ChoiceKind.ObjectionLifted, "instagram:1", Day("2025-05-22"), purpose: Purpose.CombineServices);
        Assert.Equal(Reason.ServicesCombined, _world.ReasonFor("a", strict));
        _world.Choose(ChoiceKind.RestrictionLifted, "instagram:1", Day("2025-05-23"), purpose: Purpose.CombineServices);
        Assert.Null(_world.ReasonFor("a", strict));
        _world.Choose(ChoiceKind.Consent, "facebook:2", Day("2025-05-20"), purpose: Purpose.SpecialCategories);
        Assert.Equal((true, false), (Reveals("facebook:2"), Reveals("instagram:1")));
        _world.Choose(ChoiceKind.Restriction, "facebook:2", Day("2025-05-24"), purpose: Purpose.SpecialCategories);
        Assert.False(Reveals("facebook:2"));

        bool Reveals(string account)
        {
            _world.Item("b", "facebook:2");
            _ = _world.ReasonFor("a", strict);
            return Stances.Of(_world.Engine, account)!.MayReveal;
        }
    }

    [Fact]
    public void A_linked_account_cannot_lift_an_objection_for_another()
    {
        _world.Item("a", "facebook:1");
        _world.Item("b", "instagram:2", "instagram");
        _world.Account("facebook:1", person: "p");
        _world.Account("instagram:2", person: "p");
        _world.Choose(ChoiceKind.Objection, "facebook:1", Day("2025-05-20"));
        _world.Choose(ChoiceKind.ObjectionLifted, "instagram:2", Day("2025-06-20"));
        Assert.Equal(Reason.Objected, _world.ReasonFor("a", Objection));
        Assert.Null(_world.ReasonFor("b", Objection));
    }

    [Fact]
    public void A_consent_of_a_linked_account_does_not_hold()
    {
        _world.Item("a", "facebook:1");
        _world.Account("facebook:1", person: "p");
        _world.Account("instagram:2", person: "p");
        _world.Choose(ChoiceKind.Consent, "instagram:2", Day("2025-05-20"));
        Assert.Equal(Reason.NoConsent, _world.ReasonFor("a", Consent));
    }

    [Theory]
    [InlineData("2025-05-20", "2025-05-21", null)]
    [InlineData("2025-05-21", "2025-05-20", Reason.Objected)]
    [InlineData("2025-05-20", "2025-05-20", Reason.Objected)] // a tie goes to the more protective
    public void The_latest_of_objection_and_lifting_decides(string objected, string lifted, Reason? reason)
    {
        _world.Item("a", "facebook:1");
        _world.Choose(ChoiceKind.ObjectionLifted, "facebook:1", Day(lifted));
        _world.Choose(ChoiceKind.Objection, "facebook:1", Day(objected));
        Assert.Equal(reason, _world.ReasonFor("a", Objection));
    }

    [Fact]
    public void A_later_consent_does_not_void_an_objection()
    {
        _world.Item("a", "facebook:1");
        _world.Choose(ChoiceKind.Objection, "facebook:1", Day("2025-05-20"));
        _world.Choose(ChoiceKind.Consent, "facebook:1", Day("2025-06-20"));
        Assert.Equal(Reason.Objected, _world.ReasonFor("a", Objection, Consent));
    }

    [Fact]
    public void A_scope_covers_what_it_names()
    {
        _world.Item("a", "facebook:1");
        _world.Item("b", "instagram:2", "instagram");
        _world.Item("c", "facebook:1");
        _world.Account("facebook:1", person: "p");
        _world.Account("instagram:2", person: "p");
        _world.Choose(ChoiceKind.Objection, "facebook:1", Day("2025-05-20"), "service:instagram;item:facebook:c");
        Assert.Null(_world.ReasonFor("a", Objection));
        Assert.Equal(Reason.Objected, _world.ReasonFor("b", Objection));
        Assert.Equal(Reason.Objected, _world.ReasonFor("c", Objection));
    }

    [Fact]
    public void One_item_can_be_freed_from_an_objection_to_everything()
    {
        _world.Item("a", "facebook:1");
        _world.Item("b", "facebook:1");
        _world.Choose(ChoiceKind.Objection, "facebook:1", Day("2025-05-20"));
        _world.Choose(ChoiceKind.ObjectionLifted, "facebook:1", Day("2025-06-20"), "item:facebook:a");
        Assert.Null(_world.ReasonFor("a", Objection));
        Assert.Equal(Reason.Objected, _world.ReasonFor("b", Objection));
    }

    [Theory]
    [InlineData(ChoiceKind.Withdrawal, Reason.ConsentWithdrawn)]
    [InlineData(ChoiceKind.Refusal, Reason.Refused)]
    public void The_latest_no_ends_a_consent(ChoiceKind no, Reason reason)
    {
        _world.Item("a", "facebook:1");
        _world.Choose(ChoiceKind.Consent, "facebook:1", Day("2025-05-20"));
        Assert.Null(_world.ReasonFor("a", Consent));
        _world.Choose(no, "facebook:1", Day("2025-05-20"));
        Assert.Equal(reason, _world.ReasonFor("a", Consent));
        Assert.Equal(reason, _world.ReasonFor("a", new Rule.Withdrawal(null)));
    }

    [Fact]
    public void An_ended_consent_does_not_let_an_older_one_come_back()
    {
        _world.Item("a", "facebook:1");
        _world.Choose(ChoiceKind.Consent, "facebook:1", Day("2025-01-01"));
        _world.Choose(ChoiceKind.Consent, "facebook:1", Day("2025-06-01"), until: _world.AsOf);
        Assert.Equal(Reason.ConsentExpired, _world.ReasonFor("a", Consent));
    }

    [Fact]
    public void What_was_not_yet_received_or_made_does_not_count()
    {
        _world.Item("a", "facebook:1");
        _world.Choose(ChoiceKind.Objection, "facebook:1", Day("2025-05-20"), receivedAt: Day("2025-12-02"));
        _world.Choose(ChoiceKind.Objection, "facebook:1", Day("2025-12-02"), receivedAt: Day("2025-05-20"));
        Assert.Null(_world.ReasonFor("a", Objection));
        _world.Choose(ChoiceKind.Objection, "facebook:1", _world.AsOf);
        Assert.Equal(Reason.Objected, _world.ReasonFor("a", Objection));
    }

    [Fact]
    public void An_erasure_takes_what_was_created_at_or_before_it_whatever_comes_later()
    {
        _world.Item("before", "facebook:1", createdAt: Day("2025-05-20"));
        _world.Item("after", "facebook:1", createdAt: Day("2025-05-21"));
        _world.Item("undated", "facebook:1");
        _world.Choose(ChoiceKind.Erasure, "facebook:1", Day("2025-05-20"));
        _world.Choose(ChoiceKind.ObjectionLifted, "facebook:1", Day("2025-06-20"));
        Assert.Equal(
            [null, Reason.Erased, Reason.Erased],
            _world.Decide(new Rule.Erasure(null)).Select(item => item.Reason));
    }

    [Fact]
    public void Anyone_may_have_one_item_removed()
    {
        _world.Item("a", "facebook:1");
        _world.Item("b", "facebook:1");
        _world.Choose(ChoiceKind.Removal, "outside:someone", Day("2025-05-20"), "item:facebook:a");
        Assert.Equal(
            [Reason.RemovalRequested, null], _world.Decide(new Rule.Removal(null)).Select(item => item.Reason));
    }

    [Fact]
    public void A_restriction_takes_an_item_out_until_it_is_lifted()
    {
        _world.Item("a", "facebook:1");
        _world.Choose(ChoiceKind.Restriction, "facebook:1", Day("2025-05-20"));
        Assert.Equal(Reason.Restricted, _world.ReasonFor("a", new Rule.Restriction(null)));
        _world.Choose(ChoiceKind.RestrictionLifted, "facebook:1", Day("2025-05-21"));
        Assert.Null(_world.ReasonFor("a", new Rule.Restriction(null)));
    }

    [Fact]
    public void Purposes_are_apart()
    {
        _world.Item("a", "instagram:1", "instagram");
        _world.Choose(ChoiceKind.Consent, "instagram:1", Day("2025-05-20"), purpose: Purpose.CombineServices);
        Assert.Equal(Reason.NoConsent, _world.ReasonFor("a", Consent));
        var strict = new Rule.CombineServices(null, CombineReading.Strict, "facebook");
        Assert.Null(_world.ReasonFor("a", strict));
        _world.Choose(ChoiceKind.Withdrawal, "instagram:1", Day("2025-05-20"));
        Assert.Null(_world.ReasonFor("a", strict));
        _world.Choose(ChoiceKind.Withdrawal, "instagram:1", Day("2025-05-21"), purpose: Purpose.CombineServices);
        Assert.Equal(Reason.ServicesCombined, _world.ReasonFor("a", strict));
    }

    [Fact]
    public void The_order_of_arrival_never_shows()
    {
        _world.Item("a", "facebook:1");
        Choice[] said =
        [
            Said(ChoiceKind.Consent, "2025-05-20", until: "2026-01-01"), Said(ChoiceKind.Consent, "2025-05-20"),
            Said(ChoiceKind.Refusal, "2025-05-20"),
            Said(ChoiceKind.Withdrawal, "2025-05-20"), Said(ChoiceKind.Objection, "2025-05-20"),
            Said(ChoiceKind.ObjectionLifted, "2025-05-20"),
        ];
        Rule[] rules = [new Rule.Withdrawal(null), Consent, Objection];
        for (var first = 0; first < said.Length; first++)
        {
            using var world = new EngineWorld(_world.AsOf);
            world.Item("a", "facebook:1");
            foreach (var choice in said.Skip(first).Concat(said.Take(first)))
                world.Choose(choice);
            var decided = Assert.Single(world.Decide(rules));
            Assert.Equal(Reason.ConsentWithdrawn, decided.Reason);
            Assert.Equal(["withdrawal", "consent", "objection"], decided.Rules);
        }
    }

    private static Choice Said(ChoiceKind kind, string madeAt, string? until = null) => new(
        kind, Account.Parse("facebook:1"), Purpose.TrainGenerativeAi, Scope.Everything, Day(madeAt), Day(madeAt),
        until is null ? null : Day(until));
}
