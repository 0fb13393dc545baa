using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Aval.LanguageTraining;

/// <summary>Texts whose language is known, none of which any model of ours was trained on.</summary>
internal sealed record EvaluationSet(string Name, IReadOnlyList<(string Language, string Text)> Texts)
{
    private const int OfEach = 500;

    /// <summary>The EU's official languages.</summary>
    public static IReadOnlySet<string> Official { get; } = new HashSet<string>(
        "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv".Split(' '));

    /// <summary>Those of <c>shared/data</c>, and of the game's dialogues where they were fetched.</summary>
    public static IReadOnlyList<EvaluationSet> All(string shared, string? translations)
    {
        var news = Official.Order(StringComparer.Ordinal).SelectMany(language =>
            Every(Jsonl(Path.Combine(shared, "text", "ntrex128", language + ".jsonl.gz")), OfEach)
                .Select(text => (language, text))).ToArray();
        var allRights = Tsv(Path.Combine(shared, "langid", "udhr.tsv.gz"));
        var rights = Known(allRights);
        var (cld2, langid) = (Tsv(Path.Combine(shared, "langid", "cld2_unittest.tsv.gz")),
            Tsv(Path.Combine(shared, "langid", "langidpy_docs.tsv.gz")));
        List<EvaluationSet> sets =
        [
            new("news, sentences", news),
            new("news, 20–60 characters", Pieces(news, 20, 60)),
            new("news, two words", Words(news, 2)),
            new("rights, paragraphs", rights),
            new("rights, 20–60 characters", Pieces(rights, 20, 60)),
            new("cld2 and langid.py, documents", Known([.. cld2, .. langid])),
            new(
                "of no language of ours: share said to be und",
                [.. allRights.Concat(cld2).Concat(langid).Where(one => one.Language == "und")]),
        ];
        if (translations is not null && Directory.Exists(Path.Combine(translations, "flare")))
            sets.AddRange(Game(Path.Combine(translations, "flare")));
        return sets;
    }

    // The code that a set means by a name of its own; what none of ours is, is und.
    private static string Code(string name) => name switch
    {
        "eus" => "eu",
        "isl" => "is",
        "nob" or "nno" or "nb" or "nn" => "no",
        "bos_latn" => "bs",
        "srp_cyrl" or "srp_latn" => "sr",
        "ukr" => "uk",
        "rus" => "ru",
        "tur" => "tr",
        "por_BR" => "pt",
        "ron_1953" => "ro",
        "deu_1901" => "de",
        _ => Official.Contains(name) || Others.Contains(name) ? name : "und",
    };

    private static (string Language, string Text)[] Known((string Language, string Text)[] texts) =>
        [.. texts.Where(one => one.Language != "und")];

    private static readonly HashSet<string> Others = [.. "ca eu gl no is bs sr uk ru tr ar".Split(' ')];

    private static IEnumerable<EvaluationSet> Game(string folder)
    {
        var lines = Directory.EnumerateFiles(folder, "*.po", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .SelectMany(file => Portable(file).Select(text => (Code(Path.GetFileName(file).Split('.')[^2]), text)))
            .Where(one => one.Item1 != "und").ToArray();
        // Names of monsters are no sentences, and a language with a handful of lines says nothing.
        var chosen = lines.Where(one => one.text.Count(unit => unit == ' ') >= 2).Distinct()
            .GroupBy(one => one.Item1).Where(group => group.Count() >= 100)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .SelectMany(group => Every([.. group.Select(one => one.text)], OfEach).Select(text => (group.Key, text)))
            .ToArray();
        yield return new("game, lines of three words or more", chosen);
        yield return new("game, 20–60 characters", Pieces(chosen, 20, 60));
    }

    // msgstr of one line or several; what equals its msgid was not translated.
    private static IEnumerable<string> Portable(string file)
    {
        var (written, translated, of) = (new StringBuilder(), new StringBuilder(), 0);
        foreach (var line in File.ReadLines(file).Append("msgid \"\""))
        {
            if (line.StartsWith("msgid", StringComparison.Ordinal))
            {
                if (written.Length > 0 && translated.Length > 0 && !written.Equals(translated))
                    yield return Sources.Plain(translated.ToString());
                written.Clear();
                translated.Clear();
            }

            of = line.StartsWith("msgid", StringComparison.Ordinal) ? 1
                : line.StartsWith("msgstr", StringComparison.Ordinal) ? 2
                : line.StartsWith('"') ? of : 0;
            if (of > 0 && line.IndexOf('"', StringComparison.Ordinal) is >= 0 and var quote && line.EndsWith('"'))
            {
                (of == 1 ? written : translated)
                    .Append(line[(quote + 1)..^1].Replace("\\n", " ", StringComparison.Ordinal));
            }
        }
    }

    // One piece a text: whole words from a place that the text's number gives, as many as fit.
    private static (string, string)[] Pieces((string Language, string Text)[] texts, int least, int most)
    {
        var pieces = new List<(string, string)>();
        foreach (var ((language, text), number) in texts.Zip(Enumerable.Range(0, texts.Length)))
        {
            var length = least + (number * 7 % (most - least + 1));
            var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var piece = new StringBuilder();
            foreach (var word in words.Skip(number % Math.Max(1, words.Length / 2)))
            {
                if (piece.Length >= least && piece.Length + 1 + word.Length > length)
                    break;
                piece.Append(piece.Length > 0 ? " " : "").Append(word);
            }

            if (piece.Length >= least && piece.Length <= most && piece.ToString().Count(char.IsLetter) >= least / 2)
                pieces.Add((language, piece.ToString()));
        }

        return [.. pieces];
    }

    private static (string, string)[] Words((string Language, string Text)[] texts, int count)
    {
        var pairs = new List<(string, string)>();
        foreach (var ((language, text), number) in texts.Zip(Enumerable.Range(0, texts.Length)))
        {
            var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Where(word => word.Count(char.IsLetter) >= 3).ToArray();
            if (words.Length >= count + 1)
                pairs.Add((language, string.Join(' ', words.Skip(number % (words.Length - count)).Take(count))));
        }

        return [.. pairs];
    }

    private static string[] Every(string[] texts, int count) =>
        [.. Enumerable.Range(0, Math.Min(count, texts.Length))
            .Select(at => texts[(int)((long)at * texts.Length / Math.Min(count, texts.Length))])];

    private static string[] Jsonl(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        var texts = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            texts.Add(json.RootElement.GetProperty("text").GetString()!);
        }

        return [.. texts];
    }

    private static (string Language, string Text)[] Tsv(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        var texts = new List<(string, string)>();
        while (reader.ReadLine() is { } line)
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            texts.Add((Code(line[..tab]), line[(tab + 1)..]));
        }

        return [.. texts];
    }
}
