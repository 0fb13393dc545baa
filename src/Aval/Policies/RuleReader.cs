using Aval.Content;

namespace Aval.Policies;

/// <summary>Reads the rules of a policy: each known id with its own parameters, and nothing else.</summary>
internal static class RuleReader
{
    /// <summary>A rule that the engine carries out.</summary>
    /// <param name="Parameters">Its keys beside <c>id</c>, <c>law</c> and <c>off</c>.</param>
    /// <param name="Read">Reads it; null when a parameter is missing or wrong, and then the problems say so.</param>
    private sealed record Shape(string[] Parameters, Func<string?, YamlFields, Rule?> Read);

    // A year of waiting is long, ten are a mistake; zero would be "off" in disguise.
    private const int LongestWait = 3650;

    private static readonly Dictionary<string, Shape> Active = new(StringComparer.Ordinal)
    {
        ["erasure"] = new([], (law, _) => new Rule.Erasure(law)),
        ["restriction"] = new([], (law, _) => new Rule.Restriction(law)),
        ["objection"] = new(["forward-from"], (law, fields) => new Rule.Objection(law, fields.Date("forward-from", required: false))),
        ["withdrawal"] = new([], (law, _) => new Rule.Withdrawal(law)),
        ["consent"] = new([], (law, _) => new Rule.Consent(law)),
        ["removal"] = new([], (law, _) => new Rule.Removal(law)),
        ["services"] = new(["admit"], (law, fields) => new Rule.Services(law, fields.Words("admit", Service))),
        ["kinds"] = new(["admit"], (law, fields) => new Rule.Kinds(law, fields.Words("admit", word => OneOf("a kind", Vocabulary.Kinds, word)))),
        ["audience"] = new(["admit", "unknown"], (law, fields) => new Rule.Audience(law, fields.Words("admit", Audience))),
        ["age"] = new(["at-least", "when", "unknown"], Age),
        ["informed"] = new(["unknown"], (law, _) => new Rule.Informed(law)),
        ["waiting-period"] = new(["days", "unknown"], (law, fields) => fields.Whole("days", 1, LongestWait) is { } days ? new Rule.WaitingPeriod(law, days) : null),
        ["combine-services"] = new(["reading", "primary"], CombineServices),
        ["residence"] = new(["admit", "unknown"], (law, fields) => new Rule.Residence(law, Residences.WrittenOut(fields.Words("admit", Residences.Refusal)))),
        ["public-since"] = new(["from", "unknown"], (law, fields) => fields.Date("from", required: true) is { } from ? new Rule.PublicSince(law, from) : null),
    };

    /// <summary>Rules that read text. They may be spoken about, and cannot be switched on yet.</summary>
    private static readonly string[] NotYet = ["special-categories", "about-me", "copies", "identifiers", "duplicates", "language"];

    /// <summary>Every rule that can be switched on.</summary>
    public static IReadOnlyCollection<string> ActiveIds => Active.Keys;

    /// <summary>Every rule that can only be off.</summary>
    public static IReadOnlyCollection<string> OffIds => NotYet;

    /// <summary>The rules, and the ids that were spoken about even where the rule itself is wrong: what is there and wrong is not silence.</summary>
    public static (IReadOnlyList<Rule> Rules, IReadOnlySet<string> SpokenAbout) ReadAll(IReadOnlyList<YamlValue> values, PolicyProblems problems)
    {
        var rules = new List<Rule>();
        var lines = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var value in values)
        {
            if (value is not YamlValue.Map map)
            {
                problems.Add(value.At, $"a rule is written {{id: …, …}}, but {Found.Describe(value)} was found");
                continue;
            }

            if (new YamlFields(map, "a rule", problems).Text("id", required: true) is not { } id)
                continue;
            if (!lines.TryAdd(id, map.At.Line))
                problems.Add(map.At, $"the rule {Found.Quote(id)} stands here a second time; it stands on line {lines[id]} already");
            if (Read(id, new YamlFields(map, $"the rule {Found.Quote(id)}", problems)) is { } rule)
                rules.Add(rule);
        }

        return (rules, lines.Keys.ToHashSet());
    }

    private static Rule? Read(string id, YamlFields fields)
    {
        var active = Active.GetValueOrDefault(id);
        if (active is null && !NotYet.Contains(id))
        {
            string[] known = [.. Active.Keys, .. NotYet];
            fields.Add("id", $"no rule is called {Found.Quote(id)}{NearestWord.Suggest(id, known)}; known are {string.Join(", ", known)}");
            return null;
        }

        if (!fields.Has("off") && active is null)
        {
            // Its parameters are not looked at: what they may be comes with what reads them.
            fields.Add("id", $"the engine does not do \"{id}\" yet; until it does, a policy says {{id: {id}, off: \"because …\"}}, so that no card claims what was not done");
            return null;
        }

        var law = fields.Text("law");
        if (fields.Has("off"))
        {
            fields.RefuseOthers("id", "law", "off");
            return fields.Text("off") is { } because ? new Rule.Off(id, law, because) : null;
        }

        fields.RefuseOthers([.. (string[])["id", "law", "off"], .. active!.Parameters]);
        // The key exists so that a reader of the policy sees what happens; there is nothing to choose.
        if (active.Parameters.Contains("unknown") && fields.Text("unknown") is { } unknown && unknown != "exclude")
            fields.Add("unknown", $"\"unknown\" can only be exclude, but {Found.Quote(unknown)} was found: unknown never means allowed");
        return active.Read(law, fields);
    }

    private static Rule.Age? Age(string? law, YamlFields fields)
    {
        var when = fields.Words("when", word => OneOf("\"when\"", ["written", "build"], word));
        return fields.Whole("at-least", 1, 120) is { } years ? new Rule.Age(law, years, when.Contains("written"), when.Contains("build")) : null;
    }

    private static Rule.CombineServices? CombineServices(string? law, YamlFields fields)
    {
        var reading = fields.Choice("reading", ("strict", CombineReading.Strict), ("same-person", CombineReading.SamePerson));
        var primary = fields.Text("primary");
        if (primary is not null && Service(primary) is { } why)
            fields.Add("primary", why);
        if (reading == CombineReading.Strict && !fields.Has("primary"))
            fields.Add("reading", "the strict reading needs \"primary\": the one service that needs no consent to combination");
        return reading is { } read ? new Rule.CombineServices(law, read, primary) : null;
    }

    private static string? Service(string word) => ServiceName.IsValid(word) ? null : $"a service is spelled [a-z][a-z0-9-]*, but {Found.Quote(word)} was found";

    private static string? Audience(string word) => word == "unknown"
        ? "an unknown audience cannot be admitted: unknown never means allowed"
        : OneOf("an audience", [.. Vocabulary.Audiences.Where(known => known != "unknown")], word);

    private static string? OneOf(string what, IReadOnlyList<string> known, string word) =>
        known.Contains(word) ? null : $"{what} is one of {string.Join(", ", known)}, but {Found.Quote(word)} was found{NearestWord.Suggest(word, known)}";
}
