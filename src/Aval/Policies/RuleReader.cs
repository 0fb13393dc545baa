using Aval.Content;
using YamlDotNet.RepresentationModel;

namespace Aval.Policies;

/// <summary>Reads the rules of a policy: each known id with its own parameters, and nothing else.</summary>
internal static class RuleReader
{
    /// <summary>Rules that the engine can carry out, with their parameters.</summary>
    private static readonly Dictionary<string, string[]> Active = new(StringComparer.Ordinal)
    {
        ["erasure"] = [],
        ["restriction"] = [],
        ["objection"] = ["forward-from"],
        ["withdrawal"] = [],
        ["consent"] = [],
        ["removal"] = [],
        ["services"] = ["admit"],
        ["kinds"] = ["admit"],
        ["audience"] = ["admit", "unknown"],
        ["age"] = ["at-least", "when", "unknown"],
        ["informed"] = ["unknown"],
        ["waiting-period"] = ["days", "unknown"],
        ["combine-services"] = ["reading", "primary"],
        ["residence"] = ["admit", "unknown"],
        ["public-since"] = ["from", "unknown"],
    };

    /// <summary>Rules that read text. They may be spoken about, and cannot be switched on yet.</summary>
    private static readonly string[] NotYet = ["special-categories", "about-me", "copies", "identifiers", "duplicates", "language"];

    private static readonly string[] Eu = ["AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"];
    private static readonly string[] EeaBeyondEu = ["IS", "LI", "NO"];

    public static IReadOnlyList<Rule> ReadAll(IReadOnlyList<YamlNode> nodes, PolicyProblems problems)
    {
        var rules = new List<Rule>();
        foreach (var node in nodes)
        {
            if (node is not YamlMappingNode map)
            {
                problems.Add(node.Start, "a rule is written {id: …, …}");
                continue;
            }

            if (Read(map, problems) is not { } rule)
                continue;
            if (rules.Any(other => other.Id == rule.Id))
                problems.Add(node.Start, $"the rule \"{rule.Id}\" stands here a second time");
            else
                rules.Add(rule);
        }

        return rules;
    }

    private static Rule? Read(YamlMappingNode map, PolicyProblems problems)
    {
        var id = new YamlFields(map, "a rule", problems).Text("id", required: true);
        if (id is null)
            return null;
        var fields = new YamlFields(map, $"the rule \"{id}\"", problems);
        var known = Active.ContainsKey(id) || NotYet.Contains(id);
        if (!known)
        {
            fields.Add("id", $"the rule \"{id}\" is unknown; known are {string.Join(", ", Active.Keys.Concat(NotYet))}");
            return null;
        }

        var law = fields.Text("law");
        if (fields.Has("off"))
        {
            fields.RefuseOthers("id", "law", "off");
            return fields.Text("off") is { } because ? new Rule.Off(id, law, because) : null;
        }

        if (!Active.TryGetValue(id, out var parameters))
        {
            fields.Add("id", $"the engine does not do \"{id}\" yet: until it does, a policy says {{id: {id}, off: \"because …\"}}, so that no card claims what was not done");
            return null;
        }

        fields.RefuseOthers([.. (string[])["id", "law", "off"], .. parameters]);
        RefuseLenience(fields);
        return Of(id, law, fields);
    }

    private static Rule? Of(string id, string? law, YamlFields fields) => id switch
    {
        "erasure" => new Rule.Erasure(law),
        "restriction" => new Rule.Restriction(law),
        "objection" => new Rule.Objection(law, fields.Date("forward-from", required: false)),
        "withdrawal" => new Rule.Withdrawal(law),
        "consent" => new Rule.Consent(law),
        "removal" => new Rule.Removal(law),
        "services" => new Rule.Services(law, fields.Words("admit", word => ServiceName.IsValid(word) ? null : $"a service is spelled [a-z][a-z0-9-]*, but \"{word}\" was found")),
        "kinds" => new Rule.Kinds(law, fields.Words("admit", OneOf("kind", Vocabulary.Kinds))),
        "audience" => new Rule.Audience(law, fields.Words("admit", word => word == "unknown" ? "an unknown audience cannot be admitted: unknown never means allowed" : OneOf("audience", Vocabulary.Audiences)(word))),
        "age" => Age(law, fields),
        "informed" => new Rule.Informed(law),
        "waiting-period" => fields.Whole("days", 0, 3650) is { } days ? new Rule.WaitingPeriod(law, days) : null,
        "combine-services" => Combine(law, fields),
        "residence" => new Rule.Residence(law, [.. fields.Words("admit", Country).SelectMany(Countries).Distinct().Order(StringComparer.Ordinal)]),
        "public-since" => fields.Date("from", required: true) is { } from ? new Rule.PublicSince(law, from) : null,
        _ => throw new InvalidOperationException($"The rule \"{id}\" is listed as active and is not read."),
    };

    private static Rule.Age? Age(string? law, YamlFields fields)
    {
        var when = fields.Words("when", word => word is "written" or "build" ? null : $"\"when\" lists written and build, but \"{word}\" was found");
        return fields.Whole("at-least", 1, 120) is { } years ? new Rule.Age(law, years, when.Contains("written"), when.Contains("build")) : null;
    }

    private static Rule.CombineServices? Combine(string? law, YamlFields fields)
    {
        var reading = fields.Choice("reading", required: true, ("strict", CombineReading.Strict), ("same-person", CombineReading.SamePerson));
        var primary = fields.Text("primary");
        if (reading == CombineReading.Strict && primary is null)
            fields.Add("reading", "the strict reading needs \"primary\": the one service that needs no consent to combination");
        if (primary is not null && !ServiceName.IsValid(primary))
            fields.Add("primary", $"\"primary\" is a service, spelled [a-z][a-z0-9-]*, but \"{primary}\" was found");
        return reading is { } read ? new Rule.CombineServices(law, read, primary) : null;
    }

    // The key exists so that a reader of the policy sees what happens; there is nothing to choose.
    private static void RefuseLenience(YamlFields fields)
    {
        if (fields.Has("unknown") && fields.Text("unknown") is { } unknown && unknown != "exclude")
            fields.Add("unknown", $"\"unknown\" can only be exclude, but \"{unknown}\" was found: unknown never means allowed");
    }

    private static Func<string, string?> OneOf(string what, IReadOnlyList<string> words) =>
        word => words.Contains(word) ? null : $"{what} is one of {string.Join(", ", words)}, but \"{word}\" was found";

    private static string? Country(string word) => word is "EU" or "EEA" || (word.Length == 2 && word.All(char.IsAsciiLetterUpper))
        ? null
        : $"a residence is EU, EEA or a country's two capital letters (ISO 3166), but \"{word}\" was found";

    private static IEnumerable<string> Countries(string word) => word switch
    {
        "EU" => Eu,
        "EEA" => [.. Eu, .. EeaBeyondEu],
        _ => [word],
    };
}
