namespace Aval.LanguageTraining;

/// <summary>What a detector said of a set.</summary>
/// <param name="Set">The set.</param>
/// <param name="Counts">How often it said what of which.</param>
internal sealed record Outcome(EvaluationSet Set, Dictionary<(string Is, string Said), int> Counts)
{
    /// <summary>2·right / (said + are), by language.</summary>
    public Dictionary<string, double> F1 { get; } = Counts.Keys.Select(key => key.Is).Distinct()
        .ToDictionary(language => language, language =>
        {
            var right = Counts.GetValueOrDefault((language, language));
            var said = Counts.Where(one => one.Key.Said == language).Sum(one => one.Value);
            var are = Counts.Where(one => one.Key.Is == language).Sum(one => one.Value);
            return right == 0 ? 0 : 2.0 * right / (said + are);
        });

    /// <summary>Over the 24, or those of them that the set has.</summary>
    public double Macro => MacroWithout("");

    /// <summary>How many of its texts were said to be what they are.</summary>
    public double Right => (double)Counts.Where(one => one.Key.Is == one.Key.Said).Sum(one => one.Value)
        / Counts.Values.Sum();

    /// <summary>The same without one of them.</summary>
    public double MacroWithout(string language) => F1
        .Where(one => EvaluationSet.Official.Contains(one.Key) && one.Key != language).Select(one => one.Value)
        .DefaultIfEmpty(Right).Average();

    /// <summary>Asks for each text.</summary>
    public static Outcome Of(EvaluationSet set, Func<string, string> ask)
    {
        var counts = new Dictionary<(string, string), int>();
        foreach (var (language, text) in set.Texts)
        {
            var pair = (language, ask(text));
            counts[pair] = counts.GetValueOrDefault(pair) + 1;
        }

        return new(set, counts);
    }

    /// <summary>What a language was taken for, and how often.</summary>
    public IEnumerable<(string Language, int Count)> Taken(string language) => Counts
        .Where(one => one.Key.Is == language && one.Key.Said != language)
        .Select(one => (one.Key.Said, one.Value));
}
