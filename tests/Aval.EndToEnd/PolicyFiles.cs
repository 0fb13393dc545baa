using System.Text.Json;
using Aval.Policies;

namespace Aval.EndToEnd;

/// <summary>
/// A policy as the file that says it; what every policy must speak about and this one does not, it says is off.
/// </summary>
internal static class PolicyFiles
{
    private static readonly string[] SpokenAbout =
        ["erasure", "restriction", "removal", "objection", "informed",
            "special-categories", "about-me", "combine-services"];

    /// <summary>Admits whatever nobody said anything against.</summary>
    public const string AdmitsAll = """
        policy: all
        title: Whatever there is
        purpose: train-generative-ai
        basis: legitimate-interest
        applies-from: 2025-05-27
        rules:
          - {id: objection}
          - {id: erasure}
          - {id: restriction}
          - {id: removal}
          - {id: informed, off: "because this is a test"}
          - {id: combine-services, reading: same-person}
          - {id: special-categories, off: "because this is a test"}
          - {id: about-me, off: "because this is a test"}
        """;

    public static string Yaml(Policy policy) => string.Join('\n',
    [
        $"policy: {policy.Name}",
        $"title: {Quoted(policy.Title)}",
        $"purpose: {policy.Purpose}",
        $"basis: {(policy.Basis == LegalBasis.Consent ? "consent" : "legitimate-interest")}",
        $"applies-from: {Quoted(policy.AppliesFrom.ToText())}",
        "rules:",
        .. policy.Rules.Select(Line),
        .. SpokenAbout.Except(policy.Rules.Select(rule => rule.Id))
            .Select(id => Line(new Rule.Off(id, null, "this test is not about it"))),
    ]);

    private static string Line(Rule rule) =>
        $"  - {{id: {rule.Id}{(rule.Law is { } law ? $", law: {Quoted(law)}" : "")}{Parameters(rule)}}}";

    private static string Parameters(Rule rule) => rule switch
    {
        Rule.Off off => $", off: {Quoted(off.Because)}",
        Rule.Objection { ForwardFrom: { } from } => $", forward-from: {Quoted(from.ToText())}",
        Rule.Services services => Admit(services.Admit),
        Rule.Kinds kinds => Admit(kinds.Admit),
        Rule.Audience audience => Admit(audience.Admit),
        Rule.Residence residence => Admit(residence.Admit),
        Rule.Age age => $", at-least: {age.AtLeast}, when: [" + string.Join(
                ", ",
                new[] { age.WhenWritten ? "written" : null, age.AtBuild ? "build" : null }.OfType<string>()) + "]",
        Rule.WaitingPeriod waiting => $", days: {waiting.Days}",
        Rule.CombineServices { Reading: CombineReading.Strict } combine =>
            $", reading: strict, primary: {combine.Primary}",
        Rule.CombineServices => ", reading: same-person",
        Rule.SpecialCategories special =>
            $", action: {(special.Action == RevealingAction.Exclude ? "exclude" : "keep-with-explicit-consent")}"
            + $", at-least: {special.AtLeast}"
            + $", categories: [{string.Join(", ", special.Categories.Select(category => category.ToText()))}]",
        Rule.PublicSince since => $", from: {Quoted(since.From.ToText())}",
        Rule.Erasure or Rule.Restriction or Rule.Objection or Rule.Withdrawal or Rule.Consent or Rule.Removal
            or Rule.Informed => "",
        _ => throw new InvalidOperationException($"The rule {rule.Id} has no spelling here yet."),
    };

    private static string Admit(IEnumerable<string> words) => $", admit: [{string.Join(", ", words.Select(Quoted))}]";

    // JSON's strings are YAML's too.
    private static string Quoted(string text) => JsonSerializer.Serialize(text);
}
