namespace Aval.Portal.Telling;

/// <summary>A sentence of the controller's: the same in every language, or one for each.</summary>
internal sealed class Told
{
    private readonly string? _everywhere;
    private readonly Dictionary<string, string> _byLanguage = new(StringComparer.Ordinal);

    private Told(string? everywhere) => _everywhere = everywhere;

    /// <summary>Reads a text, or a map from languages to texts.</summary>
    /// <exception cref="AvalException">Bad input, with line and column.</exception>
    public static Told Read(SettingsNode value, string name)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Scalar is { Length: > 0 } text)
            return new Told(text);
        var told = new Told(null);
        foreach (var (language, _, said) in value.Members($"{name} is a text, or one for each language"))
            told._byLanguage[language] = said.Text($"{name} in {language} is a text");
        return told;
    }

    /// <summary>What is said in a language; null = nothing is.</summary>
    public string? In(string language) => _everywhere ?? _byLanguage.GetValueOrDefault(language);
}

/// <summary>
/// What an information notice has to say and only the controller knows: notice.yaml, beside portal.yaml. Each key is an
/// item of Articles 13 and 14 GDPR.
/// </summary>
internal sealed class NoticeFacts
{
    /// <summary>The file.</summary>
    public const string FileName = "notice.yaml";

    /// <summary>An example.</summary>
    public const string Example = """
        address: 1 Example Street, Dublin
        officer: dpo@example.org
        interests: {en: Building text models that know Europe's languages., fr: …, de: …}
        categories: {en: Texts and captions that you published for everyone., fr: …, de: …}
        sources: {en: Your account; posts of others that name you., fr: …, de: …}
        recipients: {en: None outside the controller., fr: …, de: …}
        transfers: none
        kept: {en: A release for a year; models for as long as they are offered., fr: …, de: …}
        decisions: none
        """;

    /// <summary>Its keys, and of which provision each is.</summary>
    public static IReadOnlyDictionary<string, string> Keys { get; } = new Dictionary<string, string>
    {
        ["address"] = "13(1)(a)",
        ["representative"] = "13(1)(a)",
        ["officer"] = "13(1)(b)",
        ["interests"] = "13(1)(d)",
        ["categories"] = "14(1)(d)",
        ["sources"] = "14(2)(f)",
        ["recipients"] = "13(1)(e)",
        ["transfers"] = "13(1)(f)",
        ["kept"] = "13(2)(a)",
        ["decisions"] = "13(2)(f)",
    };

    private readonly Dictionary<string, Told> _told = new(StringComparer.Ordinal);

    /// <summary>Reads it.</summary>
    /// <exception cref="AvalException">Usage: it is not there. Bad input, with line and column.</exception>
    public static NoticeFacts Read(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        var path = Path.Combine(workspace.Root, FileName);
        if (!File.Exists(path))
            throw AvalException.Usage($"{path}: it is missing, and it says what only the controller knows. Nothing was "
                + $"written. Write it, for example:\n{Example}");
        var facts = new NoticeFacts();
        foreach (var (key, at, value) in SettingsNode.Load(path)?.Members($"{FileName} has keys and values") ?? [])
        {
            facts._told[key] = Keys.ContainsKey(key)
                ? Told.Read(value, key)
                : throw at.Wrong($"the key \"{Shown.Of(key)}\" is unknown; known are {string.Join(", ", Keys.Keys)}");
        }

        return facts;
    }

    /// <summary>What a key says in a language; null = nothing.</summary>
    public string? In(string key, string language) => _told.GetValueOrDefault(key)?.In(language);
}
