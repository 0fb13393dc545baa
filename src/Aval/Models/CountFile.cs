using System.Text;

namespace Aval.Models;

/// <summary>
/// Counts by language in one file: of a bucket, or of all of them together. For each language <c>L</c> the part
/// <c>L.sums</c> (texts, bytes, units), <c>L.words</c> where the units are words (each: how much of the one before it
/// is its beginning, its other bytes, how often it was read) and <c>L.rows</c> (<see cref="CountWriter{TKey}"/>).
/// </summary>
internal static class CountFile
{
    private const string SumsOf = ".sums";
    private const string WordsOf = ".words";
    private const string RowsOf = ".rows";

    /// <summary>Writes a file.</summary>
    public static void Write(string path, IReadOnlyDictionary<string, TextCounts> byLanguage)
    {
        using var file = new SectionWriter(path);
        foreach (var (language, counts) in byLanguage.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            file.Add(language + SumsOf, stream =>
            {
                using var numbers = new VarintWriter(stream);
                numbers.Write((ulong)counts.Sums.Texts);
                numbers.Write((ulong)counts.Sums.Bytes);
                numbers.Write((ulong)counts.Sums.Units);
            });
            if (counts.Lexicon is { } lexicon)
                file.Add(language + WordsOf, stream => WriteWords(stream, lexicon));
            file.Add(language + RowsOf, counts.Open);
        }
    }

    /// <summary>Reads a file: the rows when they are asked for.</summary>
    /// <exception cref="AvalException">Bad input: it is no such file.</exception>
    public static IReadOnlyDictionary<string, TextCounts> Read(string path, ModelForm form)
    {
        var file = new SectionFile(path);
        return file.Names.Where(name => name.EndsWith(SumsOf, StringComparison.Ordinal))
            .Select(name => name[..^SumsOf.Length])
            .ToDictionary(language => language, language => Read(file, language, form), StringComparer.Ordinal);
    }

    /// <summary>Writes words, with how often each was read.</summary>
    public static void WriteWords(Stream stream, Lexicon lexicon)
    {
        using var numbers = new VarintWriter(stream);
        numbers.Write((uint)lexicon.Words.Count);
        byte[] before = [];
        for (var at = 0; at < lexicon.Words.Count; at++)
        {
            var word = Encoding.UTF8.GetBytes(lexicon.Words[at]);
            var same = before.AsSpan().CommonPrefixLength(word);
            numbers.Write((uint)same);
            numbers.Write((uint)(word.Length - same));
            numbers.Write(word.AsSpan(same));
            numbers.Write((ulong)lexicon.Counts[at]);
            before = word;
        }
    }

    /// <summary>Reads what <see cref="WriteWords"/> wrote.</summary>
    public static Lexicon ReadWords(Stream stream)
    {
        using var numbers = new VarintReader(stream);
        var words = new string[numbers.Read<uint>()];
        var counts = new long[words.Length];
        byte[] before = [];
        for (var at = 0; at < words.Length; at++)
        {
            var same = before.AsSpan(0, (int)numbers.Read<uint>());
            before = [.. same, .. numbers.ReadBytes((int)numbers.Read<uint>())];
            words[at] = Encoding.UTF8.GetString(before);
            counts[at] = (long)numbers.Read<ulong>();
        }

        return new Lexicon(words, counts);
    }

    private static TextCounts Read(SectionFile file, string language, ModelForm form)
    {
        using var numbers = new VarintReader(file.Open(language + SumsOf));
        var sums = new TextSums(
            (long)numbers.Read<ulong>(), (long)numbers.Read<ulong>(), (long)numbers.Read<ulong>());
        var lexicon = form.Unit == TextUnit.Word ? ReadWords(file.Open(language + WordsOf)) : null;
        return new TextCounts(form, lexicon, sums, () => file.Open(language + RowsOf));
    }
}
