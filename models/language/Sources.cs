using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aval.Text.Languages;

namespace Aval.LanguageTraining;

/// <summary>One source's lines in one variety, without what has no language.</summary>
internal sealed record SourceText(string Source, string[] Lines)
{
    /// <summary>UTF-16 units.</summary>
    public long Length { get; } = Lines.Sum(line => (long)line.Length);
}

/// <summary>
/// Texts to train on: <c>SOURCE/LANGUAGE.jsonl.gz</c> (a member <c>text</c>) and <c>SOURCE/LANGUAGE/*.mo</c> below
/// folders. Left out: sources that are kept for evaluation, and texts whose licence is non-commercial.
/// </summary>
internal static partial class Sources
{
    /// <summary>Never trained on.</summary>
    public static IReadOnlySet<string> HeldOut { get; } = new HashSet<string> { "ntrex128", "flare", "langid" };

    private const int Longest = 400;

    /// <summary>The texts of each variety of <see cref="TrainedVariety.All"/>, in its order.</summary>
    public static List<SourceText>[] Read(IReadOnlyList<string> folders)
    {
        var sources = folders.SelectMany(Directory.EnumerateDirectories)
            .Where(folder => !HeldOut.Contains(Path.GetFileName(folder)))
            .GroupBy(Path.GetFileName).OrderBy(group => group.Key, StringComparer.Ordinal).ToArray();
        var texts = TrainedVariety.All.Select(variety => sources
            .Select(source => new SourceText(source.Key!, Lines(source, variety))).ToList()).ToArray();
        DropShared(texts);
        for (var at = 0; at < texts.Length; at++)
        {
            texts[at].RemoveAll(source => source.Length == 0);
            if (texts[at].Count == 0)
            {
                throw new InvalidDataException($"{string.Join(", ", folders)}: expected text in "
                    + $"{TrainedVariety.All[at].Known.Name}, but no source has any. Nothing was trained. "
                    + "Fetch the translations (models/language/fetch) and name their folder too.");
            }
        }

        return texts;
    }

    /// <summary>A line as it is trained on: no markup, no placeholders, nothing that the model does not read.</summary>
    public static string Plain(string line)
    {
        line = Placeholders().Replace(line, " ");
        line = Accelerators().Replace(line, "");
        if (!PlainWords.Needed(line))
            return line.Trim();
        var words = new char[line.Length];
        return new string(words.AsSpan(0, PlainWords.Copy(line, words))).Trim();
    }

    private static string[] Lines(IEnumerable<string> folders, TrainedVariety variety)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var lines = new List<string>();
        foreach (var folder in folders.Order(StringComparer.Ordinal))
        {
            foreach (var line in Raw(folder, variety).SelectMany(text => text.Split('\n')).SelectMany(Pieces))
            {
                var plain = Plain(line);
                if (IsOf(variety.Known.Script, plain) && seen.Add(plain))
                    lines.Add(plain);
            }
        }

        return [.. lines];
    }

    private static IEnumerable<string> Raw(string folder, TrainedVariety variety)
    {
        foreach (var name in variety.Folders)
        {
            var file = Path.Combine(folder, name + ".jsonl.gz");
            if (File.Exists(file))
            {
                foreach (var text in Jsonl(file))
                    yield return text;
            }

            foreach (var message in Messages(Path.Combine(folder, name)).Where(one => one.Written != one.Translated))
                yield return message.Translated;
        }

        // Most of it is translated into Cyrillic letters alone.
        if (variety.Known.Name == "sr-Latn")
        {
            foreach (var message in Messages(Path.Combine(folder, "sr")).Where(one => one.Written != one.Translated))
                yield return SerbianLatin.Of(message.Translated);
        }

        // English is what the others are translated from.
        if (variety.Known.Name == "en")
        {
            foreach (var message in Messages(Path.Combine(folder, "de")))
                yield return message.Written;
        }
    }

    private static IEnumerable<(string Written, string Translated)> Messages(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*.mo", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .SelectMany(Catalogue.Read)
        : [];

    private static IEnumerable<string> Jsonl(string file)
    {
        using var unpacked = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            var closed = json.RootElement.TryGetProperty("license", out var license)
                && license.GetString() is { } said && said.Contains("NC", StringComparison.Ordinal);
            if (!closed)
                yield return json.RootElement.GetProperty("text").GetString()!;
        }
    }

    // Long paragraphs in pieces, each ending where a word does.
    private static IEnumerable<string> Pieces(string line)
    {
        while (line.Length > Longest && line.LastIndexOf(' ', Longest) is > 0 and var space)
        {
            yield return line[..space];
            line = line[(space + 1)..];
        }

        yield return line;
    }

    // A line has four letters of its script, and most of its units are such.
    private static bool IsOf(Script script, string line)
    {
        var letters = line.Count(unit => Letters.Scripts[Letters.Of[unit]] == script);
        return letters >= 4 && letters * 2 > line.Length;
    }

    // What English has too was not translated, and what four languages share belongs to none of them.
    private static void DropShared(List<SourceText>[] texts)
    {
        var english = TrainedVariety.All.ToList().FindIndex(variety => variety.Known.Name == "en");
        var holders = new Dictionary<string, ulong>(StringComparer.OrdinalIgnoreCase);
        for (var at = 0; at < texts.Length; at++)
        {
            foreach (var line in texts[at].SelectMany(source => source.Lines))
                holders[line] = holders.GetValueOrDefault(line) | 1UL << at;
        }

        for (var at = 0; at < texts.Length; at++)
        {
            var own = at;
            texts[at] = [.. texts[at].Select(source => source with
            {
                Lines = [.. source.Lines.Where(line => Keeps(holders[line], own))],
            })];
        }

        bool Keeps(ulong held, int own) => System.Numerics.BitOperations.PopCount(held) < 4
            && (own == english || (held & 1UL << english) == 0);
    }

    [GeneratedRegex(@"%\d*\$?[A-Za-z]+|%\w*|\$\(?[A-Za-z_][\w.|]*\)?|\{[^}]*\}|\[[A-Za-z_/][^\]]*\]|\\[nt]")]
    private static partial Regex Placeholders();

    [GeneratedRegex(@"[_~&](?=\p{L})|~|\(_?\p{Lu}\)")]
    private static partial Regex Accelerators();
}
