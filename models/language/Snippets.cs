using System.Text;

namespace Aval.LanguageTraining;

/// <summary>
/// Passages to learn from, drawn with a seed: a variety by its weight, a source by the root of its length, a line, and
/// in it one to sixteen words. One in twelve has lost its diacritics, as people write on phones.
/// </summary>
internal sealed class Snippets
{
    private readonly List<SourceText>[] _texts;
    private readonly int[][] _sources;
    private readonly int[] _varieties;
    private Generator _random;

    public Snippets(List<SourceText>[] texts, ulong seed)
    {
        _texts = texts;
        _random = new Generator(seed);
        _varieties = [.. Enumerable.Range(0, texts.Length)
            .SelectMany(at => Enumerable.Repeat(at, TrainedVariety.All[at].Weight))];
        // A table to draw from: one place for each 32 units of the root.
        _sources = [.. texts.Select(sources => sources.SelectMany((source, at) =>
            Enumerable.Repeat(at, 1 + (int)Root(Math.Min(source.Length, 3_000_000)) / 16)).ToArray())];
    }

    /// <summary>The next passage and its variety.</summary>
    public (int Variety, string Text) Next()
    {
        var variety = _varieties[_random.Below(_varieties.Length)];
        return (variety, Of(variety));
    }

    /// <summary>The next passage of one variety.</summary>
    public string Of(int variety)
    {
        var sources = _sources[variety];
        var lines = _texts[variety][sources[_random.Below(sources.Length)]].Lines;
        var line = lines[_random.Below(lines.Length)];
        var words = _random.Below(20) switch { < 4 => 1, < 13 => 3, _ => 8 };
        words += _random.Below(words + 1);
        var passage = Passage(line, words);
        return _random.Below(12) == 0 ? Bare(passage) : passage;
    }

    private string Passage(string line, int words)
    {
        var from = line.Length > 40 ? line.LastIndexOf(' ', _random.Below(line.Length - 20)) + 1 : 0;
        var to = from;
        for (; words > 0 && to < line.Length; words--)
        {
            to = line.IndexOf(' ', to + 1);
            if (to < 0)
                to = line.Length;
        }

        return line[from..to];
    }

    private static string Bare(string text)
    {
        var bare = new StringBuilder(text.Length);
        foreach (var unit in text)
        {
            if (unit is (>= 'À' and < 'ɐ') or (>= 'Ḁ' and < 'ἀ')
                && unit.ToString().Normalize(NormalizationForm.FormD) is [var first, _])
            {
                bare.Append(first);
            }
            else
            {
                bare.Append(unit switch { 'đ' => 'd', 'ł' => 'l', 'ħ' => 'h', _ => unit });
            }
        }

        return bare.ToString();
    }

    private static long Root(long value)
    {
        var root = 1L;
        while ((root + 1) * (root + 1) <= value)
            root++;
        return root;
    }
}
