using System.Text;
using ZstdSharp;

namespace Aval.Sample;

/// <summary>
/// The demo's platform, as files that <c>aval import table</c> and <c>aval choose --from</c> read. The same texts give the
/// same bytes: nothing here asks a clock, a culture or a random source.
/// </summary>
public static class SampleFiles
{
    /// <summary>How many persons are drawn, beside the three of the demo.</summary>
    public const int DrawnPersons = 3_000;

    private const int Compression = 19;

    /// <summary>The files that <see cref="Write"/> makes.</summary>
    public static IReadOnlyList<string> Names { get; } = ["accounts.csv", "notices.csv", "items.jsonl.zst", "choices.csv", "sentences.csv"];

    /// <summary>Writes <see cref="Names"/> into <paramref name="directory"/>; files of these names are replaced.</summary>
    /// <param name="texts">The folder SOURCE/LANG.jsonl.gz that the sentences are taken from.</param>
    /// <param name="directory">Made when it is missing.</param>
    /// <exception cref="AvalException">Bad input: a language has too few sentences.</exception>
    public static void Write(string texts, string directory)
    {
        var sentences = Language.All.ToDictionary(language => language.Tag, language => Sentences.Of(texts, language), StringComparer.Ordinal);
        var beside = DemoPersons.Languages.ToDictionary(tag => tag, tag => Sentences.Beside(texts, Language.Of(tag), DemoPersons.MostItems), StringComparer.Ordinal);
        var drawn = Persons.All(DrawnPersons);
        var items = DemoPersons.Items(beside).Concat(new Items(sentences).Of(drawn)).ToArray();
        var choices = DemoPersons.Choices.Concat(Statements.Of(drawn, items));

        Directory.CreateDirectory(directory);
        WriteLines(directory, "accounts.csv", DemoPersons.All.Concat(drawn).SelectMany(Lines.Of).Prepend(Lines.AccountColumns));
        WriteLines(directory, "notices.csv", DemoPersons.Notices.Concat(Notices.Of(drawn)).Select(Lines.Of).Prepend(Lines.NoticeColumns));
        WriteCompressed(directory, "items.jsonl.zst", items.Select(Lines.Of));
        WriteLines(directory, "choices.csv", choices
            .OrderBy(choice => choice.ReceivedAt).ThenBy(choice => choice.Account.ToString(), StringComparer.Ordinal).ThenBy(choice => choice.Purpose.Name, StringComparer.Ordinal)
            .Select(Lines.Of).Prepend(Lines.ChoiceColumns));
        WriteLines(directory, "sentences.csv", sentences.Concat(beside)
            .GroupBy(language => language.Key, language => language.Value, (tag, some) => (Key: tag, Value: some.SelectMany(sentence => sentence)))
            .OrderBy(language => language.Key, StringComparer.Ordinal)
            .SelectMany(language => language.Value.OrderBy(sentence => sentence.Source, StringComparer.Ordinal).ThenBy(sentence => sentence.Id, StringComparer.Ordinal).Select(sentence => Lines.Of(language.Key, sentence)))
            .Prepend(Lines.SentenceColumns));
    }

    private static void WriteLines(string directory, string name, IEnumerable<string> lines)
    {
        using var file = File.Create(Path.Combine(directory, name));
        WriteTo(file, lines);
    }

    private static void WriteCompressed(string directory, string name, IEnumerable<string> lines)
    {
        using var file = File.Create(Path.Combine(directory, name));
        using var compressed = new CompressionStream(file, Compression);
        WriteTo(compressed, lines);
    }

    private static void WriteTo(Stream stream, IEnumerable<string> lines)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        foreach (var line in lines)
            writer.WriteLine(line);
    }
}
