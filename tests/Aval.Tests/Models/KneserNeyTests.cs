using System.Text;
using Aval.Models;

namespace Aval.Tests.Models;

/// <summary>What holds of every model, whatever it was trained on.</summary>
public sealed class KneserNeyTests
{
    [Theory]
    [InlineData("byte", 6, 500)]
    [InlineData("byte", 8, 200)]
    [InlineData("char", 4, 100)]
    [InlineData("word", 3, 200)]
    public void What_may_follow_a_history_is_likely_to_one_in_all(string unit, int order, int histories)
    {
        var random = new Random(20);
        var form = ModelForm.Of(ModelForm.UnitOf(unit), order, [0, 0, 1]);
        var model = KneserNey.Estimate(RandomTexts.Count(form, RandomTexts.Of(random, 400)));
        var symbols = Vocabulary.Of(form, model.Lexicon).ToArray();
        var each = new double[model.SymbolLimit];
        for (var history = 0; history < histories; history++)
        {
            var before = Symbols(random, model, symbols);
            model.Distribution(before, each);
            Assert.Equal(1.0, each.Sum(), 1e-6);
            var one = symbols[random.Next(symbols.Length)];
            Assert.Equal(model.ProbabilityOf(before, one), each[(int)one], 1e-9);
        }
    }

    [Theory]
    [InlineData("byte", 7)]
    [InlineData("char", 6)]
    [InlineData("word", 5)]
    public void A_text_scored_at_once_is_as_likely_as_its_symbols_one_by_one(string unit, int order)
    {
        var random = new Random(21);
        var form = ModelForm.Of(ModelForm.UnitOf(unit), order);
        var model = KneserNey.Estimate(RandomTexts.Count(form, RandomTexts.Of(random, 200)));
        var reading = new Symbols(form.Unit, word => model.Lexicon!.Find(word));
        var never = Encoding.UTF8.GetBytes("never read: Žluťoučký");
        foreach (var text in RandomTexts.Of(random, 50, longest: 90).Append(never))
        {
            uint[] symbols = [.. reading.Read(text), form.End];
            var bits = Enumerable.Range(0, symbols.Length)
                .Sum(at => -Math.Log2(model.ProbabilityOf(symbols.AsSpan(0, at), symbols[at])));
            Assert.Equal(bits, model.Bits(text), 1e-6);
        }
    }

    [Fact]
    public void A_byte_model_of_english_is_better_than_one_of_noise()
    {
        var form = ModelForm.Of(TextUnit.Byte, 6);
        var read = Enumerable.Repeat("the people who object are heard, and the people who consent are heard", 20);
        var model = KneserNey.Estimate(RandomTexts.Count(form, read.Select(Encoding.UTF8.GetBytes)));
        Assert.True(model.Bits("the people who object"u8) < model.Bits("tcejbo ohw elpoep eht"u8) / 4);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_model_of_no_text_or_of_an_empty_one_still_sums_to_one(int texts)
    {
        var form = ModelForm.Of(TextUnit.Byte, 4);
        var model = KneserNey.Estimate(RandomTexts.Count(form, Enumerable.Repeat<byte[]>([], texts)));
        var each = new double[model.SymbolLimit];
        model.Distribution([104, 105], each);
        Assert.Equal(1.0, each.Sum(), 1e-6);
    }

    [Fact]
    public void Something_is_always_left_for_what_was_never_seen()
    {
        // Counts of counts by which nothing would be taken from what was seen twice.
        var counts = new CountsOfCounts();
        foreach (var count in (ulong[])[1, 2, 3, 3])
            counts.Add(count);

        Assert.Equal(Discounts.Usual, Discounts.Of(counts));
    }

    private static uint[] Symbols(Random random, KneserNey model, uint[] all)
    {
        // Half of them from texts like those that were read, so that long contexts are found.
        if (random.Next(2) == 0)
            return [.. Enumerable.Range(0, random.Next(12)).Select(_ => all[random.Next(all.Length)])];
        var reading = new Symbols(model.Form.Unit, word => model.Lexicon!.Find(word));
        return reading.Read(RandomTexts.Of(random, 1)[0]).ToArray();
    }
}
