using Aval.Choices;
using Aval.Policies;

namespace Aval.Tests.Oracles;

/// <summary>One point of law or of the design, as data: a scenario and what must be decided in it.</summary>
/// <param name="Point">The point, as a sentence.</param>
/// <param name="Scenario">The situation.</param>
/// <param name="Expected">One decision for each item.</param>
public sealed record LawCase(string Point, Scenario Scenario, IReadOnlyList<ExpectedDecision> Expected);

/// <summary>
/// The people, instants and things of the cases. Days are those of January 2025; T is the 20th unless a case says
/// otherwise.
/// </summary>
internal static class Cast
{
    public static readonly Account Ann = new("facebook", "ann");
    public static readonly Account AnnPhotos = new("instagram", "ann.photos");
    public static readonly Account AnnOld = new("facebook", "ann.old");
    public static readonly Account Bob = new("facebook", "bob");
    public static readonly Account Passer = new(Account.Outside, "passer-by");

    public static readonly DateTimeOffset T = Day(20);

    public static DateTimeOffset Day(int day) => new(2025, 1, day, 0, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset At(string instant) => Instant.Parse(instant, "an instant");

    /// <summary>A public post of the 10th, observed on the 11th.</summary>
    public static ItemVersion Post(string id, Account author) =>
        new(
            new Item(author.Service, id), author, "post", "public", Day(10), Day(10), "hello", HasMedia: false,
            Deleted: false, Day(11));

    /// <summary>An account of an adult in France, observed on the 1st.</summary>
    public static AccountVersion Known(Account account, string? person = null) =>
        new(account, person, "FR", 1980, Day(1));

    public static NoticeDelivery Notice(Account account, DateTimeOffset? delivered) =>
        new(account, "v1", Day(1), delivered);

    /// <summary>Said and received at the same instant, about everything, for training.</summary>
    public static Choice Said(
        ChoiceKind kind, Account account, DateTimeOffset at, string scope = "everything",
        DateTimeOffset? until = null) =>
        new(
            kind, account, Purpose.TrainGenerativeAi,
            Scope.TryParse(scope, out var parsed)
                ? parsed
                : throw new ArgumentException($"\"{scope}\" is no scope.", nameof(scope)),
            at, at, until,
            Actor: kind switch
            {
                ChoiceKind.RestrictionLifted => Actor.Controller,
                ChoiceKind.Removal => Actor.Anyone,
                _ => Actor.Person,
            },
            Notice: kind == ChoiceKind.Consent ? "v1" : null);

    public static Choice ForRevealing(this Choice choice) => choice with { Purpose = Purpose.SpecialCategories };

    public static Choice ForCombining(this Choice choice) => choice with { Purpose = Purpose.CombineServices };

    public static Policy Under(params IReadOnlyList<Rule> rules) => Regimes.Of(Purpose.TrainGenerativeAi, rules);

    public static ExpectedDecision In(ItemVersion item) => ExpectedDecision.In(item.Item, item.Author);

    public static ExpectedDecision Out(ItemVersion item, Reason reason, params IReadOnlyList<string> rules) =>
        ExpectedDecision.Out(item.Item, item.Author, reason, rules);

    /// <summary>As of T, honouring every choice.</summary>
    public static LawCase Case(
        string point, World world, Policy policy, params IReadOnlyList<ExpectedDecision> expected) =>
        new(point, new Scenario(world, policy, T, world.Choices.Count), expected);

    public static LawCase AsOf(this LawCase at, DateTimeOffset instant) =>
        at with { Scenario = at.Scenario with { AsOf = instant } };

    public static LawCase AtLedgerSize(this LawCase at, long size) =>
        at with { Scenario = at.Scenario with { LedgerSize = size } };
}
