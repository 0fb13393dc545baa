using System.Globalization;
using System.Text.Json.Nodes;

namespace Aval.Policies;

/// <summary>A key that a rule may have in a policy: how it is read, and what the JSON Schema says of it.</summary>
/// <param name="Name">As policies spell it.</param>
/// <param name="Required">Whether the rule says nothing without it.</param>
internal abstract record RuleKey(string Name, bool Required)
{
    /// <summary>What becomes of the unknown, so that a reader of the policy sees it.</summary>
    public static RuleKey Unknown { get; } = new UnknownKey();

    /// <summary>What it holds, as JSON Schema.</summary>
    public abstract JsonObject Schema();

    /// <summary>
    /// What must hold between it and the rule's other keys, as JSON Schema; null when nothing must.
    /// </summary>
    public virtual JsonObject? Condition() => null;

    /// <summary>Refuses a wrong value of a key of which the rule reads nothing.</summary>
    public virtual void Check(YamlFields fields)
    {
    }

    /// <summary>A list of at least one word, each once.</summary>
    public sealed record Words(string Name, WordForm Form, bool Required = true) : RuleKey(Name, Required)
    {
        /// <summary>Reads it; empty when it may be left out and is.</summary>
        public IReadOnlyList<string> Of(YamlFields fields) => fields.Words(Name, Form.Refusal, Required);

        /// <inheritdoc/>
        public override JsonObject Schema() => new()
        {
            ["type"] = "array",
            ["minItems"] = 1,
            ["uniqueItems"] = true,
            ["items"] = Form.Schema(),
        };
    }

    /// <summary>A word that may be left out.</summary>
    public sealed record Word(string Name, WordForm Form) : RuleKey(Name, Required: false)
    {
        /// <summary>Reads it; null when it is not there.</summary>
        public string? Of(YamlFields fields)
        {
            var word = fields.Text(Name);
            if (word is not null && Form.Refusal(word) is { } why)
                fields.Add(Name, why);
            return word;
        }

        /// <inheritdoc/>
        public override JsonObject Schema() => Form.Schema();
    }

    /// <summary>A whole number within bounds.</summary>
    public sealed record Whole(string Name, int Least, int Most) : RuleKey(Name, Required: true)
    {
        /// <summary>Reads it; null when it is missing or wrong.</summary>
        public int? Of(YamlFields fields) => fields.Whole(Name, Least, Most);

        /// <inheritdoc/>
        public override JsonObject Schema() => new() { ["type"] = "integer", ["minimum"] = Least, ["maximum"] = Most };
    }

    /// <summary>A number of days: <c>365d</c>.</summary>
    public sealed record Days(string Name) : RuleKey(Name, Required: true)
    {
        private const int Most = 3650;

        /// <summary>Reads it; null when it is missing or wrong.</summary>
        public int? Of(YamlFields fields)
        {
            if (fields.Text(Name, required: true) is not { } text)
                return null;
            if (text is [>= '1' and <= '9', .., 'd']
                && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var days)
                && days <= Most)
                return days;
            fields.Add(Name, string.Create(
                CultureInfo.InvariantCulture,
                $"\"{Name}\" is from 1d to {Most}d, a number of days, but {Found.Quote(text)} was found"));
            return null;
        }

        /// <inheritdoc/>
        public override JsonObject Schema() => new()
        {
            ["description"] = "A number of days: 365d.",
            ["type"] = "string",
            // From 1 to 3650: a schema knows texts, and not what they count.
            ["pattern"] = "^([1-9][0-9]{0,2}|[12][0-9]{3}|3[0-5][0-9]{2}|36[0-4][0-9]|3650)d$",
        };
    }

    /// <summary>A part of a whole within bounds: <c>0.8</c>.</summary>
    public sealed record Part(string Name, Ratio Least, Ratio Most, bool Required) : RuleKey(Name, Required)
    {
        /// <summary>Reads it; null when it is missing or wrong.</summary>
        public Ratio? Of(YamlFields fields) => fields.Part(Name, Least, Most, Required);

        /// <inheritdoc/>
        public override JsonObject Schema() => new()
        {
            ["description"] = "A decimal fraction of at most four digits: 0.8.",
            ["type"] = "number",
            ["minimum"] = (double)Least.Part / Least.Whole,
            ["maximum"] = (double)Most.Part / Most.Whole,
        };
    }

    /// <summary>A day or an instant.</summary>
    public sealed record Date(string Name, bool Required) : RuleKey(Name, Required)
    {
        /// <summary>Reads it; null when it is missing or wrong.</summary>
        public DateTimeOffset? Of(YamlFields fields) => fields.Date(Name, Required);

        /// <inheritdoc/>
        public override JsonObject Schema() => PolicySchema.Definition("date");
    }

    /// <summary>One of a few words, each with a meaning; some of them need another key.</summary>
    public sealed record Choice<T>(string Name, params IReadOnlyList<Choice<T>.Option> Options)
        : RuleKey(Name, Required: true)
        where T : struct
    {
        /// <summary>Reads it; null when it is missing or wrong.</summary>
        public T? Of(YamlFields fields)
        {
            var chosen = fields.Choice(Name, [.. Options.Select(option => (option.Word, option.Meaning))]);
            foreach (var option in Options.Where(option => option.Meaning.Equals(chosen)))
            {
                if (option.Needs is { } needs && !fields.Has(needs.Key.Name))
                    fields.Add(Name, $"the {option.Word} reading needs \"{needs.Key.Name}\": {needs.What}");
            }

            return chosen;
        }

        /// <inheritdoc/>
        public override JsonObject Schema() => WordForm.Enum(Options.Select(option => option.Word));

        /// <inheritdoc/>
        public override JsonObject? Condition()
        {
            var free = Options.Where(option => option.Needs is null).Select(option => option.Word);
            var needed = Options.Select(option => option.Needs?.Key.Name).OfType<string>().ToArray();
            return needed.Length == 0 ? null : new JsonObject
            {
                ["anyOf"] = new JsonArray(
                    new JsonObject { ["required"] = WordForm.Array(needed) },
                    new JsonObject { ["properties"] = new JsonObject { [Name] = WordForm.Enum(free) } }),
            };
        }

        /// <summary>One of the words.</summary>
        /// <param name="Word">As policies spell it.</param>
        /// <param name="Meaning">What it stands for.</param>
        /// <param name="Needs">The key without which it says nothing, and what that key is.</param>
        public sealed record Option(string Word, T Meaning, (RuleKey Key, string What)? Needs = null);
    }

    // The key exists so that a reader of the policy sees what happens; there is nothing to choose.
    private sealed record UnknownKey() : RuleKey("unknown", Required: false)
    {
        public override void Check(YamlFields fields)
        {
            if (fields.Text(Name) is { } unknown && unknown != "exclude")
            {
                fields.Add(
                    Name,
                    $"\"unknown\" can only be exclude, but {Found.Quote(unknown)} was found: "
                    + "unknown never means allowed");
            }
        }

        public override JsonObject Schema() => PolicySchema.Definition("unknown");
    }
}
