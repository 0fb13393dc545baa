using System.Globalization;

namespace Aval.Policies;

/// <summary>Rules in words that a lawyer can read: for <c>aval policy show</c>, cards and comparisons. What each says is what <see cref="Grounds"/> does, unknowns included.</summary>
public static class RuleSentences
{
    /// <summary>What a rule does, in full sentences on one line.</summary>
    public static string ToSentence(this Rule rule) => rule switch
    {
        Rule.Off off => $"Switched off: {off.Because}",
        Rule.Erasure => "What was created at or before an erasure that its author made stays out for good; what has no known date counts as created before it.",
        Rule.Restriction => "Items of an author with a standing restriction stay out until the controller has lifted it.",
        Rule.Objection { ForwardFrom: null } => "Items of an author who objected stay out, past and future ones alike, until that person lifts the objection.",
        Rule.Objection { ForwardFrom: { } from } => $"Items of an author who objected before {Day(from)} stay out; an objection made since then keeps out only what was written at or after it, or at an unknown date.",
        Rule.Withdrawal => "Items of an author whose latest word on consent is a withdrawal or a refusal stay out.",
        Rule.Consent => "Only items whose author consents enter: the latest word on consent is a yes that has not ended. Nothing said is no consent.",
        Rule.Removal => "An item that anyone asked to have removed stays out.",
        Rule.Services services => $"Only items of {Names(services.Admit)} enter.",
        Rule.Kinds kinds => $"Only items of {(kinds.Admit.Count == 1 ? "this kind" : "these kinds")} enter: {Names(kinds.Admit)}.",
        Rule.Audience audience => $"Only items with {(audience.Admit.Count == 1 ? "this audience" : "one of these audiences")} enter: {Names(audience.Admit)}. An item whose audience is unknown stays out.",
        Rule.Age age => $"Only items of authors who were at least {Number(age.AtLeast)} years old {Moments(age)} enter. A birth year is taken as its 31 December; an author of unknown age stays out{(age.WhenWritten ? ", and so does an item of unknown date" : "")}.",
        Rule.Informed => "Only items of authors to whom an information notice was delivered enter; where no delivery is known, they stay out.",
        Rule.WaitingPeriod waiting => $"Items enter only when {(waiting.Days == 1 ? "1 day has" : $"{Number(waiting.Days)} days have")} passed since the first information notice was delivered to their author; where no delivery is known, they stay out.",
        Rule.CombineServices { Reading: CombineReading.Strict } combine => $"In a release that mixes services, items of other services than {combine.Primary} enter only with their author's consent to combining services.",
        Rule.CombineServices => "Services may be mixed, since nothing in a release links one person's accounts.",
        Rule.Residence residence => $"The corpus is about authors who live in {Names(residence.Admit)}; an author of unknown residence stays out. This selects, and never lowers a protection.",
        Rule.PublicSince since => $"Only items that became public on or after {Day(since.From)} enter; an item of which nobody knows since when it is public stays out.",
        _ => throw new InvalidOperationException($"The rule \"{rule.Id}\" has no sentence."),
    };

    /// <summary>A day where the instant is a day's first, else the instant.</summary>
    internal static string Day(DateTimeOffset instant) =>
        instant.UtcDateTime.TimeOfDay == TimeSpan.Zero ? instant.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture) + " (00:00 UTC)" : instant.ToText();

    private static string Moments(Rule.Age age) => (age.WhenWritten, age.AtBuild) switch
    {
        (true, true) => "both when the item was written and as of the release",
        (true, false) => "when the item was written",
        (false, true) => "as of the release",
        (false, false) => "at some time",
    };

    private static string Names(IReadOnlyList<string> names) => names switch
    {
        [] => "nothing",
        [var one] => one,
        _ => $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}",
    };

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
