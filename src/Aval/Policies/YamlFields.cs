using System.Globalization;

namespace Aval.Policies;

/// <summary>
/// The keys of one map, read by type; whatever does not fit becomes a problem with its line and column.
/// </summary>
internal sealed class YamlFields
{
    private readonly Dictionary<string, (Place Key, YamlValue Value)> _fields = new(StringComparer.Ordinal);
    private readonly PolicyProblems _problems;
    private readonly string _what;

    /// <param name="map">The map.</param>
    /// <param name="what">What it is, for messages: "the policy", "the rule "age"".</param>
    /// <param name="problems">Where problems go.</param>
    public YamlFields(YamlValue.Map map, string what, PolicyProblems problems)
    {
        At = map.At;
        _what = what;
        _problems = problems;
        foreach (var (key, value) in map.Pairs)
            _fields[key.Text] = (key.At, value);
    }

    /// <summary>Where the map begins.</summary>
    public Place At { get; }

    /// <summary>Whether a key is there, whatever its value.</summary>
    public bool Has(string key) => _fields.ContainsKey(key);

    /// <summary>Whether a key is there and its value is a list.</summary>
    public bool HasList(string key) => _fields.TryGetValue(key, out var field) && field.Value is YamlValue.List;

    /// <summary>Refuses every key that is not among the known ones, with the nearest known one.</summary>
    public void RefuseOthers(params IReadOnlyCollection<string> known)
    {
        foreach (var (name, (at, _)) in _fields)
        {
            if (!known.Contains(name))
                _problems.Add(at, $"{_what} has no key {Found.Quote(name)}{NearestWord.Suggest(name, known)}; "
                    + $"known are {string.Join(", ", known)}");
        }
    }

    /// <summary>A text, on one line: the breaks of a folded or block scalar are read as spaces.</summary>
    public string? Text(string key, bool required = false) =>
        Find(key, required) is { } value ? Text(value, $"\"{key}\" is a text") : null;

    /// <summary>A kebab-case name that can be a directory's name too.</summary>
    public string? Name(string key)
    {
        if (Text(key, required: true) is not { } text)
            return null;
        return text.Length <= 64 && ServiceName.IsValid(text)
            ? text
            : Refuse<string>(key, "a name of at most 64 of a-z, 0-9 and '-' that begins with a letter");
    }

    /// <summary>One of a few words.</summary>
    public T? Choice<T>(string key, params (string Name, T Value)[] choices)
        where T : struct
    {
        if (Text(key, required: true) is not { } text)
            return null;
        foreach (var (name, value) in choices)
        {
            if (name == text)
                return value;
        }

        Refuse<string>(
            key, $"one of {string.Join(", ", choices.Select(choice => choice.Name))}",
            NearestWord.Suggest(text, choices.Select(choice => choice.Name)));
        return null;
    }

    /// <summary>A purpose of the closed vocabulary.</summary>
    public Purpose? Purpose(string key)
    {
        if (Text(key, required: true) is not { } text)
            return null;
        return Aval.Purpose.TryParse(text, out var purpose)
            ? purpose
            : Refuse<Purpose>(
                key, $"one of {string.Join(", ", Aval.Purpose.All)}",
                NearestWord.Suggest(text, Aval.Purpose.All.Select(known => known.Name)));
    }

    /// <summary><c>true</c> or <c>false</c>; null when the key is absent or wrong.</summary>
    public bool? Flag(string key) => Find(key, required: false) switch
    {
        null => null,
        YamlValue.Scalar { Type: ScalarType.Flag } flag => flag.Text is "true" or "True" or "TRUE",
        _ => RefuseValue<bool>(key, "true or false, without quotes"),
    };

    /// <summary>A whole number within bounds.</summary>
    public int? Whole(string key, int least, int most) => Find(key, required: true) switch
    {
        null => null,
        YamlValue.Scalar { Type: ScalarType.Number } scalar
            when int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number >= least && number <= most => number,
        _ => RefuseValue<int>(
            key, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}")),
    };

    /// <summary>A part of a whole within bounds, read exactly.</summary>
    public Ratio? Part(string key, Ratio least, Ratio most, bool required) => Find(key, required) switch
    {
        null => null,
        YamlValue.Scalar { Type: ScalarType.Number } scalar
            when Ratio.TryParse(scalar.Text, out var part) && part.IsAtLeast(least) && most.IsAtLeast(part) => part,
        _ => RefuseValue<Ratio>(
            key, $"a decimal fraction from {least} to {most}, with at most four digits behind the point"),
    };

    /// <summary>A day (00:00 UTC) or an instant.</summary>
    public DateTimeOffset? Date(string key, bool required)
    {
        if (Find(key, required) is not { } value)
            return null;
        if (value is YamlValue.Scalar { Type: ScalarType.Text, Text: var text })
        {
            if (DateTimeOffset.TryParseExact(
                text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day))
                return day;
            if (Instant.TryParse(text, out var instant))
                return instant;
        }

        return RefuseValue<DateTimeOffset>(
            key, "a day that exists, such as 2025-05-27 (00:00 UTC), or an instant, such as 2025-05-27T00:00:00Z");
    }

    /// <summary>A list of anything.</summary>
    public IReadOnlyList<YamlValue> List(string key, bool required) => Find(key, required) switch
    {
        null => [],
        YamlValue.List list => list.Items,
        YamlValue.Scalar { Type: ScalarType.Text } =>
            Refuse<IReadOnlyList<YamlValue>>(key, "a list, in square brackets or one \"- \" a line") ?? [],
        _ => Refuse<IReadOnlyList<YamlValue>>(key, "a list") ?? [],
    };

    /// <summary>Whatever a key holds; null when it is absent.</summary>
    public YamlValue? Value(string key) => Find(key, required: false);

    /// <summary>A list of texts; empty when the key is absent.</summary>
    public IReadOnlyList<string> Texts(string key) =>
        [.. List(key, required: false).Select(value => Text(value, $"\"{key}\" lists texts")).OfType<string>()];

    /// <summary>A list of at least one word, each once.</summary>
    /// <param name="key">The key.</param>
    /// <param name="refusal">What is wrong with a word; null when nothing is.</param>
    /// <param name="required">Whether it must be there; none are read where it is not.</param>
    public IReadOnlyList<string> Words(string key, Func<string, string?> refusal, bool required = true)
    {
        var words = new List<string>();
        foreach (var value in List(key, required))
        {
            if (Text(value, $"\"{key}\" lists words") is not { } word)
                continue;
            if (refusal(word) is { } why)
                _problems.Add(value.At, why);
            if (words.Contains(word))
                _problems.Add(value.At, $"\"{key}\" lists {Found.Quote(word)} a second time");
            else
                words.Add(word);
        }

        if (_fields.TryGetValue(key, out var field) && field.Value is YamlValue.List { Items.Count: 0 })
            _problems.Add(field.Value.At, $"\"{key}\" lists at least one");
        return words;
    }

    /// <summary>A problem with a key's value, or with the map when it lacks the key.</summary>
    public void Add(string key, string message) =>
        _problems.Add(_fields.TryGetValue(key, out var field) ? field.Value.At : At, message);

    private string? Text(YamlValue value, string expected)
    {
        if (value is not YamlValue.Scalar { Type: ScalarType.Text } scalar)
        {
            var quotes = value is YamlValue.Scalar { Type: ScalarType.Number or ScalarType.Flag }
                ? "; put a text that looks so in quotes"
                : "";
            _problems.Add(value.At, $"{expected}, but {Found.Describe(value)} was found{quotes}");
            return null;
        }

        var text = scalar.Text.Trim().ReplaceLineEndings(" ");
        if (text.Length == 0)
            _problems.Add(value.At, $"{expected}, but an empty one was found");
        // Escapes can write what the file itself may not hold.
        else if (text.EnumerateRunes().Any(rune => Found.IsHidden(rune.Value)))
            _problems.Add(value.At, $"{expected}, but it holds characters that do not show: {Found.Quote(text)}");
        else
            return text;
        return null;
    }

    private YamlValue? Find(string key, bool required)
    {
        if (_fields.TryGetValue(key, out var field))
            return field.Value;
        if (required)
            _problems.Add(At, $"{_what} lacks \"{key}\"");
        return null;
    }

    private T? Refuse<T>(string key, string expected, string suggestion = "")
        where T : class
    {
        var value = _fields[key].Value;
        _problems.Add(value.At, $"\"{key}\" is {expected}, but {Found.Describe(value)} was found{suggestion}");
        return null;
    }

    private T? RefuseValue<T>(string key, string expected)
        where T : struct
    {
        Refuse<string>(key, expected);
        return null;
    }
}
