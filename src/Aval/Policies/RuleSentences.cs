using System.Globalization;

namespace Aval.Policies;

/// <summary>Rules in words that a lawyer can read: for <c>aval policy show</c>, cards and comparisons.</summary>
public static class RuleSentences
{
    /// <summary>What a rule does, in one sentence.</summary>
    public static string ToSentence(this Rule rule) => rule switch
    {
        Rule.Off off => $"Switched off: {off.Because}",
        Rule.Erasure => "What was created at or before an erasure that its author made stays out for good; what has no known date counts as created before.",
        Rule.Restriction => "Items of an author with a standing restriction stay out until the controller has lifted it.",
        Rule.Objection { ForwardFrom: null } => "Items of an author who objected stay out, past and future ones alike, until that person lifts the objection.",
        Rule.Objection { ForwardFrom: { } from } => $"Items of an author who objected before {from.ToText()} stay out; an objection made since then keeps out only what was written at or after it.",
        Rule.Withdrawal => "Items of an author whose latest word on consent is a withdrawal or a refusal stay out.",
        Rule.Consent => "Only items whose author consents enter: the latest word on consent is a yes that has not ended.",
        Rule.Removal => "An item that anyone asked to have removed stays out.",
        Rule.Services services => $"Only items of {Names(services.Admit)} enter.",
        Rule.Kinds kinds => $"Only items of these kinds enter: {Names(kinds.Admit)}.",
        Rule.Audience audience => $"Only items with this audience enter: {Names(audience.Admit)}. An unknown audience stays out.",
        Rule.Age age => $"Only items of authors who were at least {age.AtLeast.ToString(CultureInfo.InvariantCulture)} {Moments(age)} enter; a birth year is taken as its 31 December, and an unknown one stays out.",
        Rule.Informed => "Only items of authors to whom an information notice was delivered enter.",
        Rule.WaitingPeriod waiting => $"Items enter only when {waiting.Days.ToString(CultureInfo.InvariantCulture)} days have passed since the first information notice was delivered to their author.",
        Rule.CombineServices { Reading: CombineReading.Strict } combine => $"In a release that mixes services, items of other services than {combine.Primary} enter only with their author's consent to combining services.",
        Rule.CombineServices => "Services may be mixed, since nothing in a release links one person's accounts.",
        Rule.Residence residence => $"The corpus is about authors who live in {Names(residence.Admit)}; an unknown residence stays out. This never lowers a protection.",
        Rule.PublicSince since => $"Only items that became public at or after {since.From.ToText()} enter; an unknown date stays out.",
        _ => throw new InvalidOperationException($"The rule \"{rule.Id}\" has no sentence."),
    };

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
}
