using System.Globalization;
using System.IO.Compression;
using System.Text;
using Aval.Models;

namespace Aval.Tests.Models;

/// <summary>
/// Against the outputs of an independent implementation (tests/conformance/kneser-ney): every n-gram's probability and
/// back-off, and the probability of sentences that it was not trained on.
/// </summary>
public sealed class GoldenModelTests
{
    [Theory]
    [InlineData("train.txt.gz", "o3.arpa.gz", 3)]
    [InlineData("train.chars.txt.gz", "c4.arpa.gz", 4)]
    public void Every_n_gram_has_the_probability_of_the_golden_model(string texts, string golden, int order)
    {
        var model = Trained(texts, order);
        var (ngrams, section) = (0, 0);
        foreach (var line in Lines(golden))
        {
            if (line.EndsWith("-grams:", StringComparison.Ordinal))
                section = line[1] - '0';
            var fields = line.Split('\t');
            if (fields.Length < 2 || section == 0 || fields[1] == "<s>")
                continue;
            var words = fields[1].Split(' ').Select(word => SymbolOf(model, word)).ToArray();
            var expected = double.Parse(fields[0], CultureInfo.InvariantCulture);
            var found = Math.Log10(model.ProbabilityOf(HistoryOf(words), words[^1]));
            Assert.True(Math.Abs(expected - found) < 1e-4, $"{fields[1]}: expected {expected}, found {found}");
            ngrams++;
        }

        Assert.True(ngrams > 2_000);
    }

    [Theory]
    [InlineData("train.txt.gz", "heldout.txt.gz", "o3.heldout.sentence.txt.gz", 3)]
    [InlineData("train.chars.txt.gz", "heldout.chars.txt.gz", "c4.heldout.sentence.txt.gz", 4)]
    public void Sentences_that_it_never_read_have_the_probability_of_the_golden_model(
        string texts, string sentences, string golden, int order)
    {
        var model = Trained(texts, order);
        var expected = Lines(golden).Where(line => line.StartsWith("Total:", StringComparison.Ordinal))
            .Select(line => line.Split(' ')).ToArray();
        var read = Lines(sentences).ToArray();
        Assert.Equal(expected.Length, read.Length);
        foreach (var (sentence, fields) in read.Zip(expected))
        {
            var scored = model.Score(Encoding.UTF8.GetBytes(sentence));
            Assert.Equal(double.Parse(fields[1], CultureInfo.InvariantCulture), -scored.Bits * Math.Log10(2), 1e-4);
            Assert.Equal(long.Parse(fields[3], CultureInfo.InvariantCulture), scored.Unknown);
        }
    }

    [Fact]
    public void Another_toolkit_reads_the_model_as_arpa_and_foretells_the_same_sentences_as_well()
    {
        using var folder = new TemporaryFolder();
        var (arpa, sentences) = (Path.Combine(folder.Path, "o3.arpa"), Path.Combine(folder.Path, "heldout.lsn"));
        var model = Trained("train.txt.gz", 3);
        using (var written = new StreamWriter(arpa))
            ArpaFile.Write(model, written);
        var read = Lines("heldout.txt.gz").ToArray();
        File.WriteAllLines(sentences, read.Index().Select(one => $"<s> {one.Item} </s> (u{one.Index})"));
        var said = Sphinx.Run("-lm", arpa, "-lsn", sentences);
        var entropy = double.Parse(
            said.Split("cross-entropy: ")[1].Split(' ')[0], CultureInfo.InvariantCulture);
        // That toolkit leaves unknown words out, and keeps logarithms in steps of its own.
        var (bits, words) = (0.0, 0);
        foreach (var sentence in read)
        {
            uint[] symbols = [.. sentence.Split(' ').Select(word => model.Lexicon!.Find(word)), model.Form.End];
            for (var at = 0; at < symbols.Length; at++)
            {
                if (symbols[at] == Lexicon.Unknown)
                    continue;
                bits -= Math.Log2(model.ProbabilityOf(symbols.AsSpan(0, at), symbols[at]));
                words++;
            }
        }

        Assert.Equal(bits / words, entropy, 0.03);
    }

    private static KneserNey Trained(string file, int order) => KneserNey.Estimate(TextCounts.Of(
        ModelForm.Of(TextUnit.Word, order),
        Lines(file).Select(line => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(line))));

    // What the golden model says of an n-gram that does not begin a sentence says nothing of what stood before it: so
    // that a longer context does not show, a word that is unknown stands there, after which nothing was ever seen.
    private static uint[] HistoryOf(uint[] ngram) => ngram.Length > 1 && ngram[0] == 0
        ? ngram[1..^1]
        : [Lexicon.Unknown, .. ngram[..^1]];

    private static uint SymbolOf(KneserNey model, string word) => word switch
    {
        "<s>" => model.Form.Start,
        "</s>" => model.Form.End,
        "<unk>" => Lexicon.Unknown,
        _ => model.Lexicon!.Find(word),
    };

    private static IEnumerable<string> Lines(string file)
    {
        var path = Path.Combine(House.Sources.Root, "tests", "conformance", "kneser-ney", file);
        using var unpacked = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
            yield return line;
    }
}
