using Aval.Models;

namespace Aval.Tests.Models;

/// <summary>Counts of parts are those of the whole, to the byte.</summary>
public sealed class TextCountsTests
{
    [Theory]
    [InlineData("byte", 6)]
    [InlineData("byte", 1)]
    [InlineData("char", 5)]
    [InlineData("word", 2)]
    [InlineData("word", 4)]
    public void Parts_add_up_to_the_whole_and_can_be_taken_away_again(string unit, int order)
    {
        var random = new Random(7);
        var form = ModelForm.Of(ModelForm.UnitOf(unit), order);
        for (var round = 0; round < 40; round++)
        {
            var parts = Enumerable.Range(0, random.Next(1, 6))
                .Select(_ => RandomTexts.Of(random, random.Next(6))).ToArray();
            var counted = parts.Select(part => RandomTexts.Count(form, part)).ToArray();
            var whole = RandomTexts.Count(form, parts.SelectMany(part => part));
            AssertSame(whole, TextCounts.Sum(counted));
            var gone = random.Next(parts.Length);
            var left = RandomTexts.Count(form, parts.Where((_, at) => at != gone).SelectMany(part => part));
            AssertSame(left, whole.Less(counted[gone]));
            Assert.Equal(parts[gone].Length == 0, left.IsSameAs(whole));
        }
    }

    [Theory]
    [InlineData("byte", 6)]
    [InlineData("word", 3)]
    public void What_does_not_fit_into_memory_is_counted_all_the_same(string unit, int order)
    {
        var form = ModelForm.Of(ModelForm.UnitOf(unit), order);
        var texts = RandomTexts.Of(new Random(8), 300);
        using var folder = new TemporaryFolder();
        var counting = Counting.Of(form, Scratch.In(Path.Combine(folder.Path, "scratch")), memory: 200_000);
        foreach (var text in texts)
            counting.Add(text);
        AssertSame(RandomTexts.Count(form, texts), counting.Take());
        Assert.True(Directory.EnumerateFiles(Path.Combine(folder.Path, "scratch")).Count() > 1);
    }

    [Fact]
    public void Taking_away_what_was_never_counted_is_no_answer()
    {
        var form = ModelForm.Of(TextUnit.Byte, 3);
        var some = RandomTexts.Count(form, ["one"u8.ToArray()]);
        Assert.Throws<InvalidDataException>(() => some.Less(RandomTexts.Count(form, ["two"u8.ToArray()])));
    }

    private static void AssertSame(TextCounts expected, TextCounts found)
    {
        Assert.Equal(expected.Sums, found.Sums);
        Assert.Equal(expected.Lexicon?.Words, found.Lexicon?.Words);
        Assert.Equal(expected.Lexicon?.Counts, found.Lexicon?.Counts);
        Assert.Equal(RandomTexts.RowsOf(expected), RandomTexts.RowsOf(found));
        Assert.True(expected.IsSameAs(found));
    }
}
