using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Aval.Benchmarks.Models;

/// <summary>
/// Real texts of 24 languages, one document of twenty held out, and as many more as are asked for: walks over the words
/// of a language, each followed by what followed it somewhere. They repeat no text and have a language's n-grams, so
/// that a model grows with them as it does with text, if not quite as fast.
/// </summary>
internal sealed class BenchTexts
{
    private const int HeldOutOf = 20;
    private readonly SortedDictionary<string, List<string>> _read = new(StringComparer.Ordinal);

    private BenchTexts()
    {
    }

    /// <summary>What no model is trained on.</summary>
    public List<(string Language, string Text)> HeldOut { get; } = [];

    /// <summary>Bytes of UTF-8 that may be trained on.</summary>
    public long Bytes { get; private set; }

    /// <summary>Reads <c>SOURCE/LANG.jsonl.gz</c> below a folder.</summary>
    public static BenchTexts Read(string folder)
    {
        var texts = new BenchTexts();
        foreach (var path in Directory.EnumerateFiles(folder, "*.jsonl.gz", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal))
        {
            using var unpacked = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            using var reader = new StreamReader(unpacked, Encoding.UTF8);
            while (reader.ReadLine() is { } line)
            {
                using var row = JsonDocument.Parse(line);
                texts.Add(row.RootElement);
            }
        }

        return texts;
    }

    /// <summary>Texts of so many bytes, with their language: first the real ones, then walks.</summary>
    public IEnumerable<(string Language, string Text)> Take(long bytes)
    {
        var left = bytes;
        foreach (var (language, texts) in _read)
        {
            var share = Math.Max(1, (long)(bytes * (double)texts.Sum(Encoding.UTF8.GetByteCount) / Bytes));
            left = Math.Min(share, bytes);
            foreach (var text in texts.Concat(new WordWalk(texts, language).Texts()))
            {
                if (left <= 0)
                    break;
                left -= Encoding.UTF8.GetByteCount(text);
                yield return (language, text);
            }
        }
    }

    private void Add(JsonElement row)
    {
        var language = row.GetProperty("lang").GetString()!;
        var text = row.GetProperty("text").GetString()!;
        var document = row.TryGetProperty("doc", out var doc) ? doc.GetString()! : row.GetProperty("id").GetString()!;
        if (text.Length == 0)
            return;
        if (BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(document))) % HeldOutOf == 0)
        {
            HeldOut.Add((language, text));
            return;
        }

        if (!_read.TryGetValue(language, out var texts))
            _read.Add(language, texts = []);
        texts.Add(text);
        Bytes += Encoding.UTF8.GetByteCount(text);
    }

    // A word at random, then each time what followed the word at another place.
    private sealed class WordWalk
    {
        private readonly string[] _words;
        private readonly int[] _numbers;
        private readonly int[] _starts;
        private readonly int[] _places;
        private readonly Random _random;

        public WordWalk(List<string> texts, string language)
        {
            _random = new Random(language[0] * 256 + language[1]);
            var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
            _numbers = [.. texts.SelectMany(text => text.Split(' ')).Select(word =>
            {
                numbers.TryAdd(word, numbers.Count);
                return numbers[word];
            })];
            _words = [.. numbers.OrderBy(word => word.Value).Select(word => word.Key)];
            _starts = new int[_words.Length + 1];
            foreach (var number in _numbers)
                _starts[number + 1]++;
            for (var at = 1; at < _starts.Length; at++)
                _starts[at] += _starts[at - 1];
            _places = new int[_numbers.Length];
            var next = _starts.ToArray();
            for (var place = 0; place < _numbers.Length; place++)
                _places[next[_numbers[place]]++] = place;
        }

        public IEnumerable<string> Texts()
        {
            var text = new StringBuilder();
            var place = _random.Next(_numbers.Length);
            while (true)
            {
                var word = _numbers[place];
                text.Append(_words[word]);
                if (text.Length > 200)
                {
                    yield return text.ToString();
                    text.Clear();
                    place = _random.Next(_numbers.Length);
                    continue;
                }

                text.Append(' ');
                place = (_places[_random.Next(_starts[word], _starts[word + 1])] + 1) % _numbers.Length;
            }
        }
    }

    /// <summary>Says how much there is.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Bytes / 1e6:F0} MB of real text in {_read.Count} languages, {HeldOut.Count} texts held out");
}
