using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aval.Policies;

/// <summary>
/// The JSON Schema of a policy, for editors: made from what the reader reads by, so that both refuse the same. It knows
/// draft-07 as validators commonly do: without <c>const</c>, <c>if</c> and <c>contains</c>, so "the rules contain one
/// with this id" is said as "not all rules lack it".
/// </summary>
internal static class PolicySchema
{
    private static readonly JsonSerializerOptions Shape =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The file <c>policy.schema.json</c>.</summary>
    public static string Text { get; } = new JsonObject
    {
        ["$schema"] = "http://json-schema.org/draft-07/schema#",
        ["title"] = "Aval policy",
        ["description"] = "A legal regime as rules. What this schema cannot say and the reader refuses as well: a key "
            + "or a rule that stands twice, anchors, aliases, tags, tabs, characters that do not show, a second "
            + "document, more than 1 MiB. See docs/formats/policy.md.",
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["required"] = WordForm.Array(["policy", "title", "purpose", "basis", "applies-from", "rules"]),
        ["properties"] = Properties(),
        ["allOf"] = new JsonArray([.. MustSpeak.All.Select(SpeaksAbout)]),
        ["definitions"] = Definitions(),
    }.ToJsonString(Shape) + "\n";

    /// <summary>A definition that several rules share.</summary>
    public static JsonObject Definition(string name) => new() { ["$ref"] = $"#/definitions/{name}" };

    private static JsonObject Properties() => new()
    {
        ["policy"] = Described("Its stable name.", Pattern("^[a-z][a-z0-9-]{0,63}$")),
        ["title"] = Definition("text"),
        ["purpose"] = Described(
            "The purpose whose choices it honours.", WordForm.Enum(Purpose.All.Select(purpose => purpose.Name))),
        ["basis"] = Described(
            "GDPR Art. 6(1)(f) or (a).", WordForm.Enum(Enum.GetValues<LegalBasis>().Select(basis => basis.ToText()))),
        ["applies-from"] = Definition("date"),
        ["replay-only"] = Described("May be compared, never built or trained on.", new() { ["type"] = "boolean" }),
        ["max-lag"] = Described(
            "For how long a run may go on with a release that does not honour what an author said since. Not at all "
            + "where it is left out.",
            Pattern("^([1-9]|[12][0-9]|30) days?$")),
        ["sources"] = Described("Where the regime is written down, for people.", new()
        {
            ["type"] = "array",
            ["items"] = Definition("text"),
        }),
        ["rules"] = Described("In their order: the first that excludes gives the reason.", new()
        {
            ["type"] = "array",
            ["items"] = new JsonObject
            {
                ["anyOf"] = new JsonArray(
                    [Definition("off"), .. RuleForms.All.Select(form => Definition(form.Id))]),
            },
        }),
    };

    private static JsonNode SpeaksAbout(MustSpeak about)
    {
        List<JsonNode> ways = [.. about.Rules.Select(form => Rules(With(form.Id)))];
        if (about.Under is { } basis)
            ways.Insert(0, Of("basis", Not(WordForm.Enum([basis.ToText()]))));
        return Described(
            $"No policy{(about.Under is { } under ? $" on the basis of {under.ToText()}" : "")} is silent about "
            + $"{string.Join(" and ", about.Rules.Select(form => form.Id))}: a rule, or off with its reason.",
            new() { ["anyOf"] = new JsonArray([.. ways]) });

        static JsonObject With(string id) => new()
        {
            ["required"] = WordForm.Array(["id"]),
            ["properties"] = new JsonObject { ["id"] = WordForm.Enum([id]) },
        };
        static JsonObject Rules(JsonObject one) => Of("rules", Not(new() { ["items"] = Not(one) }));
        static JsonObject Of(string key, JsonObject value) =>
            new() { ["properties"] = new JsonObject { [key] = value } };
        static JsonObject Not(JsonObject what) => new() { ["not"] = what };
    }

    private static JsonObject Definitions()
    {
        var definitions = new JsonObject
        {
            ["text"] = Described("A text that is not blank.", Pattern(@"\S")),
            ["date"] = Date(),
            ["service"] = Pattern("^[a-z][a-z0-9-]*$"),
            ["unknown"] = Described(
                "What becomes of the unknown. There is nothing to choose: unknown never means allowed.",
                WordForm.Enum(["exclude"])),
            ["off"] = OfRule(
                "A rule that is switched off, with the reason that every card prints. Those that have no definition "
                + "of their own can only be off so far.",
                ["id", "off"],
                [
                    ("id", WordForm.Enum(RuleForms.All.Select(form => form.Id))),
                    ("law", Definition("text")),
                    ("off", Definition("text")),
                ]),
        };
        foreach (var form in RuleForms.All)
            definitions[form.Id] = OfForm(form);
        return definitions;
    }

    private static JsonObject OfForm(RuleForm form)
    {
        var rule = OfRule(
            form.Article is null ? form.Means : $"{form.Article}: {form.Means}",
            ["id", .. form.Keys.Where(key => key.Required).Select(key => key.Name)],
            [
                ("id", WordForm.Enum([form.Id])),
                ("law", Definition("text")),
                .. form.Keys.Select(key => (key.Name, key.Schema())),
            ]);
        JsonNode[] conditions = [.. form.Keys.Select(key => key.Condition()).OfType<JsonNode>()];
        if (conditions.Length > 0)
            rule["allOf"] = new JsonArray(conditions);
        return rule;
    }

    private static JsonObject OfRule(
        string description, IEnumerable<string> required, IEnumerable<(string Name, JsonObject Schema)> keys)
    {
        var properties = new JsonObject();
        foreach (var (name, schema) in keys)
            properties[name] = schema;
        return new JsonObject
        {
            ["type"] = "object",
            ["description"] = description,
            ["additionalProperties"] = false,
            ["required"] = WordForm.Array(required),
            ["properties"] = properties,
        };
    }

    private static JsonObject Date() => new()
    {
        ["description"] = "A day (00:00 UTC) or an instant with its zone and at most six digits of a second.",
        ["type"] = "string",
        ["pattern"] = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?"
            + "(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9]))?$",
        ["anyOf"] = new JsonArray(
            new JsonObject { ["format"] = "date" }, new JsonObject { ["format"] = "date-time" }),
    };

    private static JsonObject Pattern(string pattern) => new() { ["type"] = "string", ["pattern"] = pattern };

    private static JsonObject Described(string description, JsonObject schema)
    {
        schema.Insert(0, "description", description);
        return schema;
    }
}
