namespace Aval.Tests.Policies;

/// <summary>A text that is no policy.</summary>
/// <param name="Text">The file.</param>
/// <param name="Line">Where the problem is.</param>
/// <param name="Column">Where the problem is.</param>
/// <param name="Message">A part of what is said there.</param>
/// <param name="SchemaSees">Whether the JSON Schema refuses it too; it sees no text of the file, only its
/// values.</param>
internal sealed record FaultyPolicy(string Text, int Line, int Column, string Message, bool SchemaSees = true);

/// <summary>Policies with one mistake each, as people and attackers make them; by a name that says which.</summary>
internal static class FaultyPolicies
{
    public static readonly Dictionary<string, FaultyPolicy> All = new()
    {
        ["unknown key"] = new(
            PolicyTexts.Instead("title:", "tittle: x\ntitle:"), 2, 1,
            "the policy has no key \"tittle\" (did you mean \"title\"?)"),
        ["key with underscores"] = new(
            PolicyTexts.Instead("applies-from:", "applies_from:"), 5, 1,
            "no key \"applies_from\" (did you mean \"applies-from\"?)"),
        ["lag of a year"] = new(
            PolicyTexts.Instead("title: A small policy\n", "title: A small policy\nmax-lag: 1 years\n"), 3, 10,
            "\"max-lag\" is from 1 day to 30 days"),
        ["no title"] = new(PolicyTexts.Instead("title: A small policy\n", ""), 1, 1, "the policy lacks \"title\""),
        ["no rules"] = new(
            PolicyTexts.Sound[..PolicyTexts.Sound.IndexOf("rules", StringComparison.Ordinal)], 1, 1, "lacks \"rules\""),
        ["rules that are a word"] = new(
            PolicyTexts.Sound[..PolicyTexts.Sound.IndexOf("rules", StringComparison.Ordinal)] + "rules: all\n", 6, 8,
            "\"rules\" is a list"),
        ["rules that are empty"] = new(
            PolicyTexts.Sound[..PolicyTexts.Sound.IndexOf("rules", StringComparison.Ordinal)] + "rules: []\n", 1, 1,
            "silent about objection and consent"),
        ["title that is a number"] = new(
            PolicyTexts.Instead("A small policy", "2025"), 2, 8,
            "\"title\" is a text, but the number 2025 was found; put"),
        ["title that is a flag"] = new(PolicyTexts.Instead("A small policy", "true"), 2, 8, "the flag true"),
        ["title that is empty"] = new(PolicyTexts.Instead("A small policy", "\"\""), 2, 8, "an empty one"),
        ["title that is blank"] = new(PolicyTexts.Instead("A small policy", "\"  \""), 2, 8, "an empty one"),
        ["title that is nothing"] = new(PolicyTexts.Instead("A small policy", "~"), 2, 8, "nothing"),
        ["title that is a list"] = new(PolicyTexts.Instead("A small policy", "[a]"), 2, 8, "a list was found"),
        ["name with a slash"] = new(
            PolicyTexts.Instead("policy: small", "policy: ../small"), 1, 9, "\"policy\" is a name"),
        ["name in capitals"] = new(PolicyTexts.Instead("policy: small", "policy: Small"), 1, 9, "\"policy\" is a name"),
        ["name of 65 letters"] = new(
            PolicyTexts.Instead("policy: small", "policy: " + new string('a', 65)), 1, 9, "at most 64"),
        ["unknown purpose"] = new(
            PolicyTexts.Instead("train-generative-ai", "train-generative-AI"), 3, 10,
            "did you mean \"train-generative-ai\"?"),
        ["unknown basis"] = new(
            PolicyTexts.Instead("legitimate-interest", "legitimate-interests"), 4, 8,
            "did you mean \"legitimate-interest\"?"),
        ["day that does not exist"] = new(PolicyTexts.Instead("2025-05-27", "2025-02-30"), 5, 15, "a day that exists"),
        ["month 13"] = new(PolicyTexts.Instead("2025-05-27", "2025-13-01"), 5, 15, "a day that exists"),
        ["day the other way round"] = new(PolicyTexts.Instead("2025-05-27", "27.05.2025"), 5, 15, "a day that exists"),
        ["year alone"] = new(PolicyTexts.Instead("2025-05-27", "2025"), 5, 15, "the number 2025"),
        ["instant without zone"] = new(
            PolicyTexts.Instead("2025-05-27", "2025-05-27T00:00:00"), 5, 15, "a day that exists"),
        ["instant finer than microseconds"] = new(
            PolicyTexts.Instead("2025-05-27", "2025-05-27T00:00:00.0000001Z"), 5, 15, "a day that exists"),
        ["instant at 25 o'clock"] = new(
            PolicyTexts.Instead("2025-05-27", "2025-05-27T25:00:00Z"), 5, 15, "a day that exists"),
        ["replay-only in words"] = new(
            PolicyTexts.Instead("rules:", "replay-only: yes\nrules:"), 6, 14,
            "true or false, without quotes, but \"yes\""),
        ["replay-only in quotes"] = new(
            PolicyTexts.Instead("rules:", "replay-only: \"true\"\nrules:"), 6, 14, "true or false"),
        ["sources that are a text"] = new(
            PolicyTexts.Instead("rules:", "sources: GDPR\nrules:"), 6, 10, "\"sources\" is a list, in square brackets"),
        ["sources with a map"] = new(
            PolicyTexts.Instead("rules:", "sources: [{a: b}]\nrules:"), 6, 11, "\"sources\" lists texts, but a map"),

        ["silent about objection and consent"] = new(
            PolicyTexts.Instead("  - {id: objection}\n", ""), 1, 1, "silent about objection and consent"),
        ["silent about erasures"] = Silent("erasure"),
        ["silent about restrictions"] = Silent("restriction"),
        ["silent about removals"] = Silent("removal"),
        ["silent about informed"] = new(PolicyTexts.Instead("  - {id: informed}\n", ""), 1, 1, "silent about informed"),
        ["silent about special categories"] = new(
            PolicyTexts.Instead("  - {id: special-categories, off: \"because this is a test\"}\n", ""), 1, 1,
            "silent about special-categories"),
        ["silent about people in others' content"] = new(
            PolicyTexts.Instead("  - {id: about-me, off: \"because this is a test\"}\n", ""), 1, 1,
            "silent about about-me"),
        ["silent about combining services"] = new(
            PolicyTexts.Instead("  - {id: combine-services, reading: same-person}\n", ""), 1, 1,
            "silent about combine-services"),
        ["on the basis of consent, and silent about it"] = new(
            PolicyTexts.Instead("basis: legitimate-interest", "basis: consent"), 1, 1, "silent about consent"),

        ["unknown rule"] = new(PolicyTexts.With("{id: resident, "
            + "admit: [EU]}"), 12, 10, "no rule is called \"resident\" (did you mean \"residence\"?)"),
        ["rule that is a word"] = new(
            PolicyTexts.With("erasure"), 12, 5, "a rule is written {id: …, …}, but \"erasure\""),
        ["rule without id"] = new(PolicyTexts.With("{admit: [EU]}"), 12, 5, "a rule lacks \"id\""),
        ["rule with a number for an id"] = new(
            PolicyTexts.With("{id: 5}"), 12, 10, "\"id\" is a text, but the number 5"),
        ["rule that stands twice"] = new(
            PolicyTexts.With("{id: objection}"), 12, 5,
            "the rule \"objection\" stands here a second time; it stands on line 7 already", SchemaSees: false),
        ["rule that is on and off"] = new(
            PolicyTexts.With("{id: objection, off: \"no\"}"), 12, 5, "a second time", SchemaSees: false),
        ["rule with an unknown key"] = new(
            PolicyTexts.With("{id: erasure, laws: x}"), 12, 19,
            "the rule \"erasure\" has no key \"laws\" (did you mean \"law\"?)"),
        ["law that is a number"] = new(
            PolicyTexts.With("{id: erasure, law: 17}"), 12, 24, "\"law\" is a text, but the number 17"),
        ["off without a reason"] = new(
            PolicyTexts.With("{id: erasure, off: true}"), 12, 24, "\"off\" is a text, but the flag true"),
        ["off with a blank reason"] = new(PolicyTexts.With("{id: erasure, off: \" \"}"), 12, 24, "an empty one"),
        ["off with a parameter"] = new(
            PolicyTexts.With("{id: services, off: \"no\", admit: [a]}"), 12, 31, "no key \"admit\""),
        ["special categories without an action"] = new(
            PolicyTexts.Special("at-least: 0.5"), 10, 5, "the rule \"special-categories\" lacks \"action\""),
        ["special categories with another action"] = new(
            PolicyTexts.Special("action: mask"), 10, 38, "exclude, keep-with-explicit-consent"),
        ["special categories of any confidence"] = new(
            PolicyTexts.Special("action: exclude, at-least: 0.01"), 10, 57,
            "a decimal fraction from 0.05 to 1, with at most four digits behind the point"),
        ["special categories of more than certainty"] = new(
            PolicyTexts.Special("action: exclude, at-least: 1.01"), 10, 57, "a decimal fraction from 0.05 to 1"),
        ["special categories of a fine confidence"] = new(
            PolicyTexts.Special("action: exclude, at-least: 0.50505"), 10, 57, "at most four digits behind the point",
            SchemaSees: false),
        ["special categories that are none"] = new(
            PolicyTexts.Special("action: exclude, categories: [heath]"), 10, 60, "(did you mean \"health\"?)"),
        ["copies of any length"] = new(
            PolicyTexts.With("{id: copies, similarity: 0.8, common-after: 50}"), 12, 5,
            "the rule \"copies\" lacks \"min-characters\""),
        ["copies that are masked"] = new(
            PolicyTexts.With("{id: copies, action: mask, similarity: 0.8, min-characters: 60, common-after: 50}"),
            12, 26, "an action is one of exclude, but \"mask\" was found"),
        ["a similarity that is a text"] = new(
            PolicyTexts.With("{id: copies, similarity: \"0.8\", min-characters: 60, common-after: 50}"), 12, 30,
            "\"similarity\" is a decimal fraction from 0.5 to 1"),
        ["a similarity of subjects"] = new(
            PolicyTexts.With("{id: duplicates, keep: first, similarity: 0.3}"), 12, 47,
            "\"similarity\" is a decimal fraction from 0.5 to 1"),
        ["a similarity in other words"] = new(
            PolicyTexts.With("{id: duplicates, keep: first, similarity: 8e-1}"), 12, 47,
            "\"similarity\" is a decimal fraction from 0.5 to 1", SchemaSees: false),
        ["share of nobody"] = new(
            PolicyTexts.With("{id: share, at-most: 0, draw: persons, seed: 7}"), 12, 26,
            "\"at-most\" is a decimal fraction from 0.0001 to 1"),
        ["share of more than all"] = new(
            PolicyTexts.With("{id: share, at-most: 1.5, draw: persons, seed: 7}"), 12, 26, "from 0.0001 to 1"),
        ["share of items"] = new(
            PolicyTexts.With("{id: share, at-most: 0.1, draw: items, seed: 7}"), 12, 37, "\"draw\" is one of persons"),
        ["share without a seed"] = new(
            PolicyTexts.With("{id: share, at-most: 0.1, draw: persons}"), 12, 5, "lacks \"seed\""),
        ["duplicates of which some are kept"] = new(
            PolicyTexts.With("{id: duplicates, keep: some}"), 12, 28,
            "\"keep\" is one of first, one-per-author, all, but \"some\" was found"),

        ["services without a list"] = new(
            PolicyTexts.With("{id: services}"), 12, 5, "the rule \"services\" lacks \"admit\""),
        ["services that are a word"] = new(
            PolicyTexts.With("{id: services, admit: facebook}"), 12, 27, "\"admit\" is a list, in square brackets"),
        ["services that are none"] = new(
            PolicyTexts.With("{id: services, admit: []}"), 12, 27, "\"admit\" lists at least one"),
        ["services in capitals"] = new(
            PolicyTexts.With("{id: services, admit: [Facebook]}"), 12, 28, "a service is spelled"),
        ["services listed twice"] = new(
            PolicyTexts.With("{id: services, admit: [a, b, a]}"), 12, 34, "lists \"a\" a second time"),
        ["services with a null"] = new(
            PolicyTexts.With("{id: services, admit: [a, null]}"), 12, 31, "lists words, but nothing"),
        ["services with an unknown"] = new(
            PolicyTexts.With("{id: services, admit: [a], unknown: exclude}"), 12, 32, "no key \"unknown\""),
        ["unknown kind"] = new(PolicyTexts.With("{id: kinds, admit: [posts]}"), 12, 25, "did you mean \"post\"?"),
        ["unknown audience admitted"] = new(
            PolicyTexts.With("{id: audience, admit: [public, unknown]}"), 12, 36, "unknown never means allowed"),
        ["audience that is none"] = new(
            PolicyTexts.With("{id: audience, admit: [everyone]}"), 12, 28, "an audience is one of public"),
        ["unknown audience included"] = new(PolicyTexts.With("{id: audience, admit: [public], "
            + "unknown: include}"), 12, 46, "\"unknown\" can only be exclude"),
        ["age of zero"] = new(PolicyTexts.With("{id: age, at-least: 0, "
            + "when: [build]}"), 12, 25, "a whole number from 1 to 120, but the number 0"),
        ["age below zero"] = new(
            PolicyTexts.With("{id: age, at-least: -18, when: [build]}"), 12, 25, "a whole number from 1 to 120"),
        ["age of 121"] = new(
            PolicyTexts.With("{id: age, at-least: 121, when: [build]}"), 12, 25, "a whole number from 1 to 120"),
        ["age and a half"] = new(
            PolicyTexts.With("{id: age, at-least: 17.5, when: [build]}"), 12, 25, "a whole number from 1 to 120"),
        ["age in quotes"] = new(
            PolicyTexts.With("{id: age, at-least: \"18\", when: [build]}"), 12, 25, "but \"18\" was found"),
        ["age beyond integers"] = new(PolicyTexts.With("{id: age, at-least: 99999999999999999999, "
            + "when: [build]}"), 12, 25, "a whole number from 1 to 120"),
        ["age at no time"] = new(
            PolicyTexts.With("{id: age, at-least: 18, when: []}"), 12, 35, "\"when\" lists at least one"),
        ["age without a time"] = new(PolicyTexts.With("{id: age, at-least: 18}"), 12, 5, "lacks \"when\""),
        ["age at an unknown time"] = new(
            PolicyTexts.With("{id: age, at-least: 18, when: [now]}"), 12, 36, "\"when\" is one of written, build"),
        ["age where unknown is let in"] = new(PolicyTexts.With("{id: age, at-least: 18, when: [build], "
            + "unknown: admit}"), 12, 53, "\"unknown\" can only be exclude"),
        ["not informed let in"] = new(
            PolicyTexts.Instead("{id: informed}", "{id: informed, unknown: include}"), 8, 29,
            "\"unknown\" can only be exclude"),
        ["waiting for no days"] = new(
            PolicyTexts.With("{id: waiting-period, days: 0}"), 12, 32, "a whole number from 1 to 3650"),
        ["waiting for 3651 days"] = new(
            PolicyTexts.With("{id: waiting-period, days: 3651}"), 12, 32, "a whole number from 1 to 3650"),
        ["waiting without days"] = new(PolicyTexts.With("{id: waiting-period}"), 12, 5, "lacks \"days\""),
        ["combining in an unknown reading"] = new(
            PolicyTexts.Instead("same-person", "same-persons"), 9, 37, "did you mean \"same-person\"?"),
        ["combining strictly without a primary service"] = new(
            PolicyTexts.Instead("same-person", "strict"), 9, 37, "needs \"primary\""),
        ["combining without a reading"] = new(
            PolicyTexts.Instead(", reading: same-person", ""), 9, 5, "lacks \"reading\""),
        ["primary that is no service"] = new(
            PolicyTexts.Instead("same-person", "strict, primary: Face book"), 9, 54, "a service is spelled"),
        ["residence in small letters"] = new(
            PolicyTexts.With("{id: residence, admit: [fr]}"), 12, 29, "did you mean \"FR\"?"),
        ["residence in the UK"] = new(PolicyTexts.With("{id: residence, admit: [UK]}"), 12, 29, "did you mean \"GB\"?"),
        ["residence nowhere"] = new(PolicyTexts.With("{id: residence, admit: [ZZ]}"), 12, 29, "ISO 3166"),
        ["residence unknown let in"] = new(PolicyTexts.With("{id: residence, admit: "
            + "[EU], unknown: include}"), 12, 43, "\"unknown\" can only be exclude"),
        ["public since no day"] = new(PolicyTexts.With("{id: public-since}"), 12, 5, "lacks \"from\""),
        ["public since mid-2024"] = new(
            PolicyTexts.With("{id: public-since, from: mid-2024}"), 12, 30, "a day that exists"),
        ["objection forward from no day"] = new(
            PolicyTexts.Instead("{id: objection}", "{id: objection, forward-from: 2025-06-31}"), 7, 35,
            "a day that exists"),
        ["objection with grounds"] = new(
            PolicyTexts.Instead("{id: objection}", "{id: objection, grounds: needed}"), 7, 21, "no key \"grounds\""),

        ["key that stands twice"] = new(
            PolicyTexts.Instead("rules:", "title: Another\nrules:"), 6, 1,
            "the key \"title\" stands here a second time; it stands on line 2 already", SchemaSees: false),
        ["key that stands twice in a rule"] = new(PolicyTexts.With("{id: erasure, law: "
            + "a, law: b}"), 12, 27, "the key \"law\" stands here a second time", SchemaSees: false),
        ["tab for indentation"] = new(
            PolicyTexts.Instead("  - {id: informed}", "\t- {id: informed}"), 8, 1, "a tab", SchemaSees: false),
        ["tab in a text"] = new(
            PolicyTexts.Instead("A small policy", "A\tsmall policy"), 2, 9, "a tab", SchemaSees: false),
        ["anchor and alias"] = new(
            PolicyTexts.Instead("A small policy", "&a A small policy")
                .Replace("off: \"because this is a test\"", "off: *a", StringComparison.Ordinal),
            2, 8, "an anchor (&)", SchemaSees: false),
        ["tag"] = new(PolicyTexts.Instead("A small policy", "!!str 2025"), 2, 8, "a tag (!)", SchemaSees: false),
        ["tag of one character"] = new(
            PolicyTexts.Instead("A small policy", "! 2025"), 2, 8, "a tag (!)", SchemaSees: false),
        ["tag on a list"] = new(
            PolicyTexts.With("{id: services, admit: !x [a]}"), 12, 27, "a tag (!)", SchemaSees: false),
        ["tag on a rule"] = new(PolicyTexts.With("!x {id: erasure}"), 12, 5, "a tag (!)", SchemaSees: false),
        ["merge key"] = new(PolicyTexts.With("{id: erasure, <<: {law: a}}"), 12, 19, "no key \"<<\""),
        ["key that is a list"] = new(
            PolicyTexts.Instead("title:", "? [a]\n: b\ntitle:"), 2, 3, "a key is a word, but a list",
            SchemaSees: false),
        ["second document"] = new(
            PolicyTexts.Sound + "---\n" + PolicyTexts.Sound, 15, 1, "a second document begins here", SchemaSees: false),
        ["empty file"] = new("", 1, 1, "the file is empty", SchemaSees: false),
        ["nothing but a comment"] = new("# later\n", 1, 1, "the file is empty", SchemaSees: false),
        ["nothing but a marker"] = new("---\n", 2, 2, "a policy is keys and values"),
        ["a list"] = new("- a\n", 1, 1, "a policy is keys and values, as in \"policy: my-policy\", but a list"),
        ["a word"] = new("opt-out\n", 1, 1, "but \"opt-out\" was found"),
        ["syntax error"] = new(PolicyTexts.Sound + "  - {id: erasure\n", 16, 1, "not YAML", SchemaSees: false),
        ["NUL"] = new(
            PolicyTexts.Instead("A small policy", "A small\0policy"), 2, 15, "the character <U+0000> does not show",
            SchemaSees: false),
        ["right-to-left override"] = new(
            PolicyTexts.Instead("A small policy", "A \u202eycilop"), 2, 10, "<U+202E>", SchemaSees: false),
        ["line separator that hides a key"] = new(
            PolicyTexts.Instead("A small policy", "A small policy\u2028replay-only: true"), 2, 22, "<U+2028>",
            SchemaSees: false),
        ["lone surrogate"] = new(
            PolicyTexts.Instead("A small policy", "A \ud800"), 2, 10, "does not show", SchemaSees: false),
        ["escape that writes a control character"] = new(
            PolicyTexts.Instead("A small policy", "\"A \\e[31mred\""), 2, 8,
            "characters that do not show: \"A <U+001B>[31mred\"", SchemaSees: false),
        ["nested 100,000 deep"] = new(
            PolicyTexts.Instead("A small policy", new string('[', 100_000)), 2, 16, "nested more than 8 deep",
            SchemaSees: false),
    };

    private static FaultyPolicy Silent(string id) => new(
        PolicyTexts.Instead($"  - {{id: {id}, off: \"this is a test\"}}\n", ""), 1, 1, $"silent about {id}");
}
