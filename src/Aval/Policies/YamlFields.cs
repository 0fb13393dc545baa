using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Aval.Policies;

/// <summary>The keys of one YAML mapping, read by type; whatever does not fit becomes a problem with its line and column.</summary>
internal sealed class YamlFields
{
    private readonly Dictionary<string, (YamlNode Key, YamlNode Value)> _fields = new(StringComparer.Ordinal);
    private readonly PolicyProblems _problems;
    private readonly string _what;

    public YamlFields(YamlMappingNode map, string what, PolicyProblems problems)
    {
        Node = map;
        _what = what;
        _problems = problems;
        foreach (var (key, value) in map.Children)
        {
            if (key is YamlScalarNode { Value: { } name })
                _fields[name] = (key, value);
            else
                problems.Add(key.Start, "a key is a word");
        }
    }

    public YamlMappingNode Node { get; }

    public bool Has(string key) => _fields.ContainsKey(key);

    /// <summary>Refuses every key that is not among the known ones, with the nearest known one.</summary>
    public void RefuseOthers(params IReadOnlyCollection<string> known)
    {
        foreach (var (name, (key, _)) in _fields)
        {
            if (!known.Contains(name))
                _problems.Add(key.Start, $"{_what} has no key \"{name}\"{Nearest(name, known)}; known are {string.Join(", ", known)}");
        }
    }

    public string? Text(string key, bool required = false)
    {
        if (Find(key, required) is not { } node)
            return null;
        if (node is YamlScalarNode { Value: { } text } && !string.IsNullOrWhiteSpace(text) && !IsNull((YamlScalarNode)node))
            return text;
        _problems.Add(node.Start, $"\"{key}\" is a text");
        return null;
    }

    /// <summary>A kebab-case name that can be a directory's name too.</summary>
    public string? Name(string key)
    {
        if (Text(key, required: true) is not { } text)
            return null;
        if (text.Length <= 64 && ServiceName.IsValid(text))
            return text;
        _problems.Add(_fields[key].Value.Start, $"\"{key}\" is a name of at most 64 of a-z, 0-9 and '-', but \"{text}\" was found");
        return null;
    }

    public T? Choice<T>(string key, bool required, params (string Name, T Value)[] choices)
        where T : struct
    {
        if (Text(key, required) is not { } text)
            return null;
        foreach (var (name, value) in choices)
        {
            if (name == text)
                return value;
        }

        _problems.Add(_fields[key].Value.Start, $"\"{key}\" is one of {string.Join(", ", choices.Select(choice => choice.Name))}, but \"{text}\" was found");
        return null;
    }

    public Purpose? Purpose(string key)
    {
        if (Text(key, required: true) is not { } text)
            return null;
        if (Aval.Purpose.TryParse(text, out var purpose))
            return purpose;
        _problems.Add(_fields[key].Value.Start, $"\"{key}\" is one of {string.Join(", ", Aval.Purpose.All)}, but \"{text}\" was found");
        return null;
    }

    public bool? Flag(string key) => Choice(key, required: false, ("true", true), ("false", false));

    public int? Whole(string key, int least, int most)
    {
        if (Text(key, required: true) is not { } text)
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        _problems.Add(_fields[key].Value.Start, $"\"{key}\" is a whole number from {least} to {most}, but \"{text}\" was found");
        return null;
    }

    /// <summary>A day (00:00 UTC) or an instant.</summary>
    public DateTimeOffset? Date(string key, bool required)
    {
        if (Text(key, required) is not { } text)
            return null;
        if (Instant.TryParse(text, out var instant))
            return instant;
        if (DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day))
            return day;
        _problems.Add(_fields[key].Value.Start, $"\"{key}\" is a day such as 2025-05-27 or an instant such as 2025-05-27T00:00:00Z, but \"{text}\" was found, which is neither, or does not exist");
        return null;
    }

    public IReadOnlyList<YamlNode> List(string key, bool required)
    {
        switch (Find(key, required))
        {
            case null:
                return [];
            case YamlSequenceNode list:
                return [.. list.Children];
            case var other:
                _problems.Add(other.Start, $"\"{key}\" is a list");
                return [];
        }
    }

    public IReadOnlyList<string> Texts(string key, bool required = false)
    {
        var texts = new List<string>();
        var nodes = List(key, required);
        foreach (var node in nodes)
        {
            if (node is YamlScalarNode { Value: { Length: > 0 } text })
                texts.Add(text);
            else
                _problems.Add(node.Start, $"\"{key}\" is a list of texts");
        }

        if (required && Has(key) && nodes.Count == 0 && _fields[key].Value is YamlSequenceNode)
            _problems.Add(_fields[key].Value.Start, $"\"{key}\" lists at least one");
        return texts;
    }

    /// <summary>A list of words from a closed vocabulary.</summary>
    public IReadOnlyList<string> Words(string key, Func<string, string?> refusal)
    {
        var words = Texts(key, required: true);
        foreach (var node in List(key, required: false).OfType<YamlScalarNode>())
        {
            if (node.Value is { Length: > 0 } word && refusal(word) is { } why)
                _problems.Add(node.Start, why);
        }

        return words;
    }

    public void Add(string key, string message) => _problems.Add(_fields.TryGetValue(key, out var field) ? field.Value.Start : Node.Start, message);

    private YamlNode? Find(string key, bool required)
    {
        if (_fields.TryGetValue(key, out var field))
            return field.Value;
        if (required)
            _problems.Add(Node.Start, $"{_what} lacks \"{key}\"");
        return null;
    }

    private static bool IsNull(YamlScalarNode node) => node.Style == ScalarStyle.Plain && node.Value is "null" or "~" or "Null" or "NULL";

    private static string Nearest(string name, IReadOnlyCollection<string> known)
    {
        var nearest = known.Select(word => (Word: word, Distance: Distance(name, word))).MinBy(pair => pair.Distance);
        return nearest.Distance <= Math.Max(2, name.Length / 3) ? $" (did you mean \"{nearest.Word}\"?)" : "";
    }

    /// <summary>Levenshtein's distance.</summary>
    internal static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
