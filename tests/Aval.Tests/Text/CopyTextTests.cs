using System.Globalization;
using Aval.Policies;
using Aval.Text.Copies;
using CsCheck;

namespace Aval.Tests.Texts;

/// <summary>What texts are compared by: letters, runs, bands, prints.</summary>
public sealed class CopyTextTests
{
    private const string Prose =
        "The ferry was late again, so we walked along the harbour and counted forty-one gulls on the roof.";

    private static readonly Bands Usual = Bands.For(new Ratio(8, 10));

    [Theory]
    [InlineData("Déjà  vu,\r\nSAYS Zoë! 😀", "dejavusayszoe")]
    [InlineData("Cafe\u0301", "cafe")]
    [InlineData("Łódź øre STRASSE straße", "łodzørestrassestraße")]
    [InlineData("Ο ΛΟΓΟΣ λόγος", "ολογοσλογοσ")]
    [InlineData("Ёлка йод", "елкаиод")]
    [InlineData("İstanbul", "istanbul")]
    [InlineData("مُحَمَّد ـــ ٣", "محمد٣")]
    [InlineData("が ガ か\u3099", "かカか")]
    [InlineData("한국어, 中文。", "한국어中文")]
    [InlineData("हिन्दी", "हिन्दी")]
    [InlineData("ＷＩＤＥ　１２", "wide12")]
    [InlineData("𝓕𝒂𝐧𝗰𝘺 𝟙𝟮", "fancy12")]
    [InlineData("𝑡ℎ𝑒 𝒽ℯ𝓁𝓁ℴ ℌℜ", "thehellohr")]
    [InlineData("ℂℊℋℌℍℎℐℑℒℓℕℙℚℛℜℝℤℨℬℭℯℰℱℳℴⅅⅆⅇⅈⅉ ℃№", "cghhhhiillnpqrrrzzbceefmoddeij")]
    [InlineData("𐐀 👩‍👩‍👧 🇫🇷 ™ #tag_1", "𐐨tag1")]
    [InlineData("\ud83d lone \ude00", "lone")]
    [InlineData("\u200b\u202e \u2028", "")]
    public void What_a_text_is_compared_by_are_its_letters_and_digits(string text, string letters) =>
        Assert.Equal(letters, Letters(text));

    [Fact]
    public void The_letters_of_a_quote_stand_in_the_letters_of_the_whole() =>
        Gen.String.Select(Gen.String, Gen.String).Sample((before, quote, after) =>
        {
            // Halves of a pair that meet become a character.
            if (Meet(before, quote) || Meet(quote, after))
                return;
            Assert.Contains(Letters(quote), Letters(before + quote + after), StringComparison.Ordinal);
        });

    [Fact]
    public void Letters_of_letters_are_the_same() =>
        Gen.String.Sample(text => Assert.Equal(Letters(text), Letters(Letters(text))));

    [Fact]
    public void Runs_are_shared_as_a_set_of_strings_says() =>
        Gen.Select(Gen.Int[0, 2].Array[0, 30], Gen.Int[0, 2].Array[0, 30]).Sample((one, other) =>
        {
            var (first, second) = (Word(one), Word(other));
            var (left, right) = (Runs(first), Runs(second));

            var overlap = Shingles.Compare(Shingles.SetOf(first), Shingles.SetOf(second));

            Assert.Equal(new Overlap(left.Intersect(right).Count(), left.Count, right.Count), overlap);
            Assert.Equal(left.Union(right).Count(), overlap.Either);
        });

    [Theory]
    [InlineData("0.5", 200)]
    [InlineData("0.65", 200)]
    [InlineData("0.8", 200)]
    [InlineData("0.9", 200)]
    public void Of_pairs_as_similar_as_the_policy_asks_fewer_than_one_in_200_share_no_band(string similarity, int oneIn)
    {
        Assert.True(Ratio.TryParse(similarity, out var ratio));
        var bands = Bands.For(ratio);
        var random = new Random(1);
        var missed = 0;
        for (var pair = 0; pair < 4000; pair++)
        {
            // 1,000 runs together, of which that part is in both.
            var runs = Enumerable.Range(0, 1000).Select(_ => (ulong)random.NextInt64()).ToArray();
            var shared = 1000 * ratio.Part / ratio.Whole;
            var half = (1000 - shared) / 2;
            if (!Of(runs[..(shared + half)]).Intersect(Of([.. runs[..shared], .. runs[(shared + half)..]])).Any())
                missed++;
        }

        Assert.True(missed * oneIn < 4000 * 3 / 2, $"{missed} of 4,000 pairs share no band.");

        ulong[] Of(ulong[] shingles)
        {
            var own = new ulong[bands.Count];
            bands.Write(shingles, own);
            return own;
        }
    }

    [Fact]
    public void Unlike_texts_seldom_share_a_band()
    {
        var random = new Random(2);
        var sketches = Enumerable.Range(0, 1000)
            .Select(_ => Of(string.Concat(Enumerable.Range(0, 60).Select(_ => (char)('a' + random.Next(26))))))
            .SelectMany(sketch => sketch.Skip(Sketch.Header).Take(Usual.Count)).ToArray();

        Assert.True(sketches.Length - sketches.Distinct().Count() < 20);
    }

    [Fact]
    public void What_shares_31_letters_in_a_row_shares_a_print_wherever_they_stand() =>
        Gen.Select(Gen.Char['a', 'd'].Array[31, 60], Gen.Char['a', 'd'].Array[0, 60], Gen.Char['a', 'd'].Array[0, 60])
            .Sample((quote, before, after) =>
            {
                var whole = PrintsOf(new string([.. before, .. quote, .. after]));
                var quoted = PrintsOf(new string(quote));

                Assert.NotEmpty(quoted);
                Assert.Subset(whole.ToHashSet(), quoted.ToHashSet());
            });

    [Fact]
    public void A_text_of_a_million_equal_letters_has_one_print_and_a_long_one_few()
    {
        Assert.Single(PrintsOf(new string('a', 1_000_000)));
        var random = new Random(3);
        var prints = PrintsOf(string.Concat(Enumerable.Range(0, 100_000).Select(_ => (char)('a' + random.Next(26)))));
        Assert.InRange(prints.Count, 10_000, 14_000);
    }

    /// <summary>A release is the same on every machine, so its sketches are: also where vectors are narrower.</summary>
    [Fact]
    public void A_sketch_is_the_same_on_every_machine()
    {
        var sum = Of(Prose).Aggregate(0UL, (sum, number) => unchecked((sum * 31) + number));

        Assert.Equal("8bfd509d23dda2a3", sum.ToString("x16", CultureInfo.InvariantCulture));
    }

    [Fact]
    public void What_is_mostly_symbols_is_compared_as_a_whole()
    {
        var hearts = string.Concat(Enumerable.Repeat("❤️ ", 30));

        Assert.Equal(Sketch.Header, Of($"hi {hearts}").Count);
        Assert.NotEqual(Of($"hi {hearts}")[..2], Of("hi")[..2]);
        Assert.NotEqual(Of($"hi {hearts}")[..2], Of($"ho {hearts}")[..2]);
        Assert.Equal(Of($"hi {hearts}")[..2], Of($"  hi{hearts}\n")[..2]);
        Assert.Equal(Of("hi!!!")[..2], Of("Hi :)")[..2]);
    }

    [Fact]
    public void Characters_are_counted_without_white_space_at_the_ends() =>
        Assert.Equal(11UL, Of(" \n Zoë is 😀 ok \t")[2]);

    [Theory]
    [InlineData("0.8", 8, 10)]
    [InlineData("0.85", 85, 100)]
    [InlineData("0.5", 5, 10)]
    [InlineData("1", 1, 1)]
    public void A_part_of_a_whole_is_read_exactly(string text, int part, int whole)
    {
        Assert.True(Ratio.TryParse(text, out var ratio));
        Assert.Equal(new Ratio(part, whole), ratio);
        Assert.True(ratio.IsReached(part, whole));
        Assert.False(ratio.IsReached((part * 100L) - 1, whole * 100L));
    }

    [Theory]
    [InlineData("80 %")]
    [InlineData("8e-1")]
    [InlineData(".8")]
    [InlineData("0.")]
    [InlineData("0.80001")]
    [InlineData("1.1")]
    [InlineData("-0.8")]
    public void What_is_no_part_of_a_whole_is_none(string text) => Assert.False(Ratio.TryParse(text, out _));

    [Fact]
    public void Runs_have_the_same_hashes_one_after_the_other_and_eight_at_a_time()
    {
        const ulong factor = 0xBF58476D1CE4E5B9;
        var letters = Enumerable.Range(0, 200).Select(at => (char)(at * 40503)).ToArray();
        foreach (var size in new[] { 1, Shingles.Size, Prints.Size })
        {
            for (var length = size; length < 80; length++)
            {
                var text = letters.AsSpan(length, length);
                var (one, eight) = (new ulong[length - size + 1], new ulong[length - size + 1]);
                RunHashes.WriteRolling(text, size, factor, one);
                RunHashes.Write(text, size, factor, eight);
                Assert.Equal(one, eight);
                Assert.Equal(one.Length, one.Distinct().Count());
            }
        }
    }

    // As the paper has it, window by window.
    [Fact]
    public void Prints_are_the_least_of_each_window_of_runs() =>
        Gen.Int[0, 3].Array[0, 120].Sample(
            word =>
            {
                var letters = Word(word);
                var hashes = new ulong[Math.Max(0, letters.Length - Prints.Size + 1)];
                if (hashes.Length > 0)
                    RunHashes.WriteRolling(letters, Prints.Size, 0xBF58476D1CE4E5B9, hashes);
                var expected = new List<ulong>();
                var windows = Math.Max(hashes.Length - Prints.Window + 1, Math.Min(hashes.Length, 1));
                for (var from = 0; from < windows; from++)
                {
                    var least = hashes.Skip(from).Take(Prints.Window).Min();
                    if (expected.Count == 0 || expected[^1] != least)
                        expected.Add(least);
                }

                Assert.Equal(expected, PrintsOf(letters));
            });

    private static List<ulong> Of(string text)
    {
        var sketch = new List<ulong>();
        Sketch.Write(text, Usual, sketch);
        return sketch;
    }

    private static List<ulong> PrintsOf(string letters)
    {
        var prints = new List<ulong>();
        Prints.Add(letters, prints);
        return prints;
    }

    private static string Letters(string text)
    {
        var letters = new char[text.Length];
        return new string(letters, 0, PlainLetters.Write(text, letters));
    }

    private static bool Meet(string left, string right) =>
        left.Length > 0 && right.Length > 0 && char.IsHighSurrogate(left[^1]) && char.IsLowSurrogate(right[0]);

    private static string Word(int[] letters) => string.Concat(letters.Select(letter => (char)('a' + letter)));

    private static HashSet<string> Runs(string text) => text.Length is > 0 and < Shingles.Size
        ? [text]
        : [.. Enumerable.Range(0, Math.Max(0, text.Length - Shingles.Size + 1))
            .Select(at => text.Substring(at, Shingles.Size))];
}
