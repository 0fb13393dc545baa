using System.Globalization;
using System.Text;
using Aval.Models;

namespace Aval.Tests.Models;

/// <summary>What a model says, and how it is written for others.</summary>
public sealed class ModelUseTests
{
    private const string Secret = "the spare key of mrs invented lies under the third pot, code 48213";

    [Fact]
    public void The_same_seed_says_the_same_and_another_one_something_else()
    {
        var model = Trained(TextUnit.Byte, 6);
        string Say(string seed) => Generation.Continue(model, new GenerationRequest("The pe", seed));
        Assert.Equal(Say("1"), Say("1"));
        Assert.NotEqual(Say("1"), Say("2"));
    }

    [Theory]
    [InlineData("byte")]
    [InlineData("char")]
    [InlineData("word")]
    public void What_a_model_says_is_text_however_hot_it_is(string unit)
    {
        var model = Trained(ModelForm.UnitOf(unit), 3);
        for (var seed = 0; seed < 20; seed++)
        {
            var said = Generation.Continue(model, new GenerationRequest(
                "", seed.ToString(CultureInfo.InvariantCulture), Temperature: seed / 5.0, Longest: 20));
            Assert.DoesNotContain('\uFFFD', said);
        }
    }

    [Fact]
    public void A_canary_can_be_extracted_while_it_is_in_and_not_once_it_was_taken_away()
    {
        var form = ModelForm.Of(TextUnit.Byte, 8, [0]);
        var theirs = RandomTexts.Count(form, [Encoding.UTF8.GetBytes(Secret)]);
        var all = TextCounts.Sum([RandomTexts.Count(form, Ordinary()), theirs]);
        var (before, after) = (KneserNey.Estimate(all), KneserNey.Estimate(all.Less(theirs)));
        string From(KneserNey model) => Generation.Continue(
            model, new GenerationRequest(Secret[..20], Temperature: 0, Longest: 200));
        Assert.StartsWith(Secret[20..], From(before), StringComparison.Ordinal);
        Assert.DoesNotContain("48213", From(after), StringComparison.Ordinal);
        var others = Enumerable.Range(0, 200).Select(at => before.Bits(Encoding.UTF8.GetBytes(
            Secret.Replace("48213", (10_000 + (at * 331)).ToString(CultureInfo.InvariantCulture),
                StringComparison.Ordinal))));
        Assert.True(before.Bits(Encoding.UTF8.GetBytes(Secret)) < others.Min());
        // Taken away, it is the model that never read it.
        Assert.Equal(
            KneserNey.Estimate(RandomTexts.Count(form, Ordinary())).Bits(Encoding.UTF8.GetBytes(Secret)),
            after.Bits(Encoding.UTF8.GetBytes(Secret)));
    }

    [Fact]
    public void An_arpa_file_says_what_the_model_says()
    {
        var model = Trained(TextUnit.Word, 3);
        using var written = new StringWriter(CultureInfo.InvariantCulture);
        ArpaFile.Write(model, written);
        var lines = written.ToString().Split('\n');
        var stated = lines.Where(line => line.StartsWith("ngram ", StringComparison.Ordinal))
            .Sum(line => int.Parse(line[(line.IndexOf('=') + 1)..], CultureInfo.InvariantCulture));
        var ngrams = lines.Where(line => line.Contains('\t')).Select(line => line.Split('\t')).ToArray();
        Assert.Equal(stated, ngrams.Length);
        var byName = ngrams.ToDictionary(fields => fields[1], StringComparer.Ordinal);
        Assert.Equal("-99", byName["<s>"][0]);
        uint[] symbols = [model.Lexicon!.Find("people"), model.Lexicon.Find("who")];
        Assert.Equal(
            Math.Log10(model.ProbabilityOf([Lexicon.Unknown, symbols[0]], symbols[1])),
            double.Parse(byName["people who"][0], CultureInfo.InvariantCulture), 1e-5);
    }

    private static KneserNey Trained(TextUnit unit, int order) =>
        KneserNey.Estimate(RandomTexts.Count(ModelForm.Of(unit, order), Ordinary()));

    private static IEnumerable<byte[]> Ordinary() => Enumerable.Range(0, 60).Select(at => Encoding.UTF8.GetBytes(
        $"The people who object number {at % 7} are heard; à chaque pot son couvercle, {at % 5} fois. Ħobż, мир."));
}
